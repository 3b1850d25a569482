"""What a procedure asks, and how an answer is read: from the text of a form to a canonical JSON value."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field as Of
from pydantic import JsonValue, model_validator

from haicap.clocks.wall import VIETNAM
from haicap.matters.parts import Code, Named, Text
from haicap.papers.figures import amount, whole

FieldType = Literal[
    "text",
    "longtext",
    "choice",
    "yes-no",
    "number",
    "money",
    "date",
    "datetime",
    "person",
    "unit",
    "place",
    "file-number",
]
PERSON_PARTS = ("name", "id_number", "address", "phone")
"""What a person is asked for: answered as `reporter.name`, `reporter.id_number` …"""

LONGEST = {"longtext": 20_000, "file-number": 64, "unit": 64}
LONGEST_OTHERWISE = 500


class Field(Named):
    """One thing that is asked. `asked`: at the opening, or only at the steps that name it."""

    type: FieldType
    of: Annotated[dict[Code, Text], Of(default_factory=dict)]
    needed: bool = False
    personal: bool = False
    keep: Text | None = None
    help: Text | None = None
    asked: Literal["opening", "step"] = "opening"

    @model_validator(mode="before")
    @classmethod
    def _person_is_personal(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("type") == "person":
            if data.get("personal") is False:
                raise ValueError("a person is always personal")
            return {**data, "personal": True}
        return data

    @model_validator(mode="after")
    def _choices_belong_to_choice(self) -> Self:
        if (self.type == "choice") != bool(self.of):
            raise ValueError("`of` belongs to a choice, and a choice needs it")
        return self

    @property
    def values(self) -> tuple[bool | str, ...]:
        """Every value that a condition may name: the codes of a choice, both answers of a yes-no."""
        return (True, False) if self.type == "yes-no" else tuple(self.of)


class Unanswered(Exception):
    """Answers are missing, wrong or not asked for: `fields` gives the reason of each by its key.

    Reasons: `needed`, `unknown`, `too-long`, `not-a-choice`, `not-yes-or-no`, `not-a-number`,
    `not-an-amount`, `not-a-date`, `not-a-time`, `not-an-id-number`, `not-a-phone`.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{key}: {reason}" for key, reason in fields.items()))
        self.fields = dict(fields)


class Wrong(ValueError):
    """One answer cannot be read; the message is the reason's code."""


def read_answers(fields: Iterable[Field], answers: Mapping[str, str]) -> dict[str, JsonValue]:
    """The canonical value of every answered field, in the order of `fields`.

    Reading a canonical value again gives the same value. Raises `Unanswered` with every fault at once.
    """
    left = {key: clean(text) for key, text in answers.items()}
    facts: dict[str, JsonValue] = {}
    faults: dict[str, str] = {}
    for field in fields:
        try:
            value = _take(field, left, faults)
        except Wrong as wrong:
            faults[field.code] = str(wrong)
            continue
        if value not in ("", {}):
            facts[field.code] = value
    faults.update(dict.fromkeys(left, "unknown"))
    if faults:
        raise Unanswered(faults)
    return facts


def clean(text: str) -> str:
    """NFC, line feeds as they are kept, without control and zero-width characters, trimmed."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        each for each in text if each == "\n" or unicodedata.category(each) not in ("Cc", "Cf")
    ).strip()


def _take(field: Field, left: dict[str, str], faults: dict[str, str]) -> JsonValue:
    if field.type == "person":
        return _person(field, left, faults)
    text = left.pop(field.code, "")
    if not text:
        if field.needed:
            raise Wrong("needed")
        return ""
    return _READ[field.type](field, text)


def _person(field: Field, left: dict[str, str], faults: dict[str, str]) -> JsonValue:
    given = {part: left.pop(f"{field.code}.{part}", "") for part in PERSON_PARTS}
    person: dict[str, JsonValue] = {}
    for part, text in given.items():
        try:
            if text:
                person[part] = _PERSON[part](field, text)
        except Wrong as wrong:
            faults[f"{field.code}.{part}"] = str(wrong)
    if not given["name"] and (field.needed or any(given.values())):
        faults[f"{field.code}.name"] = "needed"
    return person


def _text(field: Field, text: str) -> str:
    if len(text) > LONGEST.get(field.type, LONGEST_OTHERWISE):
        raise Wrong("too-long")
    return text if field.type == "longtext" else " ".join(text.split())


def _choice(field: Field, text: str) -> str:
    if text not in field.of:
        raise Wrong("not-a-choice")
    return text


def _yes_no(_: Field, text: str) -> bool:
    try:
        return {"yes": True, "no": False, "true": True, "false": False}[text.lower()]
    except KeyError:
        raise Wrong("not-yes-or-no") from None


def _number(_: Field, text: str) -> int:
    number = whole(text)
    if number is None:
        raise Wrong("not-a-number")
    return number


def _money(_: Field, text: str) -> str:
    sum_ = amount(text)
    if sum_ is None:
        raise Wrong("not-an-amount")
    return sum_


def _date(_: Field, text: str) -> str:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Wrong("not-a-date")


def _datetime(_: Field, text: str) -> str:
    """A time without an offset is one of Vietnam: that is what a form sends."""
    day = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4}) (\d{2}:\d{2})", text)
    try:
        time = dt.datetime.fromisoformat("{2}-{1}-{0}T{3}".format(*day.groups()) if day else text)
    except ValueError:
        raise Wrong("not-a-time") from None
    return (time if time.tzinfo else time.replace(tzinfo=VIETNAM)).astimezone(dt.UTC).isoformat()


def _id_number(_: Field, text: str) -> str:
    number = re.sub(r"[\s.-]", "", text).upper()
    if not re.fullmatch(r"[A-Z0-9]{6,15}", number):
        raise Wrong("not-an-id-number")
    return number


def _phone(_: Field, text: str) -> str:
    number = re.sub(r"[\s().-]", "", text)
    if not re.fullmatch(r"\+?[0-9]{3,15}", number):
        raise Wrong("not-a-phone")
    return number


_READ: dict[str, Callable[[Field, str], JsonValue]] = {
    "text": _text,
    "longtext": _text,
    "choice": _choice,
    "yes-no": _yes_no,
    "number": _number,
    "money": _money,
    "date": _date,
    "datetime": _datetime,
    "unit": _text,
    "place": _text,
    "file-number": _text,
}
_PERSON: dict[str, Callable[[Field, str], JsonValue]] = {
    "name": _text,
    "id_number": _id_number,
    "address": _text,
    "phone": _phone,
}
