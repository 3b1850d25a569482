"""The small parts that every procedure and every table of competence is written with.

Pure data: frozen, nothing unknown allowed, both languages everywhere. For authors: `docs/procedures.md`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

Lang = Literal["vi", "en"]
Role = Literal[
    "clerk", "officer", "leader", "department-officer", "department-head", "director", "auditor", "operator"
]
Level = Literal["commune", "department", "province", "ministry"]
Mark = Literal["verified", "memory", "setting"]


ROLES: tuple[Role, ...] = get_args(Role)
"""Every role there is; `leader` is the chief of a commune's unit or a deputy."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
"""Stable name of a procedure, state, step, clock, choice …: `hand-over`. Never shown, never changed."""

FieldCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
"""Stable name of a field: `in_act`."""

Moment = Annotated[str, StringConstraints(pattern=r"^(received_at|[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?)$")]
"""What starts or ends a clock: `received_at`, a step, `step.outcome` or `step.ground`."""


def listed(value: object) -> object:
    """Let an author write one word where a list of words is meant."""
    return [value] if isinstance(value, str | bool) else value


class Part(BaseModel):
    """Frozen data; a key that is not known is an error, so that a slip of the pen is never lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Part):
    """One text in both languages."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, lang: str) -> str:
        """The text for `vi` or `en`; any other language reads English."""
        return self.vi if lang.split("-")[0] == "vi" else self.en


class Named(Text):
    """A part with a code and a label. The code is the key in the file, so it is not written twice."""

    code: SkipJsonSchema[str]

    def label(self, lang: str) -> str:
        """The label for `vi` or `en`."""
        return self.in_(lang)


class Valid(Part):
    """Half-open period of days in which a text is in force: `from` counts, `until` does not."""

    from_: dt.date = Field(alias="from")
    until: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        """Whether the text is in force on `day` (a day in Asia/Ho_Chi_Minh)."""
        return self.from_ <= day and (self.until is None or day < self.until)


class Law(Part):
    """Where a rule comes from, and how sure that is.

    `verified`: the text or a publication quoting it was read; `memory`: believed, to be checked before
    it is relied on; `setting`: chosen by whoever runs the installation, and never called law.
    """

    rule: Text
    mark: Mark
    url: str | None = Field(default=None, pattern=r"^https://")

    @property
    def by_law(self) -> bool:
        """Whether being late against this may be called late by law."""
        return self.mark != "setting"


def with_codes(table: object) -> object:
    """Give each entry of a table its key as `code`. Raises `ValueError` if one writes `code` itself."""
    if not isinstance(table, dict):
        return table
    return {key: _coded(key, value) for key, value in table.items()}


def _coded(key: str, value: object) -> object:
    if not isinstance(value, dict):
        return value
    if "code" in value:
        raise ValueError(f"{key}: the code is the key, leave out `code`")
    return {**value, "code": key}


Coded = BeforeValidator(with_codes)
Codes = Annotated[tuple[Code, ...], BeforeValidator(listed, json_schema_input_type=Code | list[Code])]
Moments = Annotated[tuple[Moment, ...], BeforeValidator(listed, json_schema_input_type=Moment | list[Moment])]
