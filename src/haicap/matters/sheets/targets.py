"""What a column of a sheet may mean for a procedure, and the words by which offices call it."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as field_of
from functools import cache
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.matters.fields import PERSON_PARTS, Field
from haicap.matters.schema import Procedure
from haicap.matters.sheets.choosing import options_of
from haicap.matters.showing import in_words
from haicap.units.vietnamese import fold

_DATA = Path(__file__).parent.parent / "data"

Sort = Literal["title", "received", "by", "unit", "district", "old-number", "answer"]

OWN: dict[Sort, object] = {
    "title": gettext_lazy("Nội dung, một câu"),
    "received": gettext_lazy("Lúc tiếp nhận"),
    "by": gettext_lazy("Cách tiếp nhận"),
    "unit": gettext_lazy("Đơn vị"),
    "district": gettext_lazy("Quận, huyện cũ"),
    "old-number": gettext_lazy("Số cũ"),
}
"""What every matter has, beside what its procedure asks."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a column may be: one of `OWN`, or a field that the procedure asks (a person's part by part)."""

    code: str
    sort: Sort
    label: str
    words: frozenset[str]
    needed: bool = False
    field: Field | None = None
    part: str = ""
    options: Mapping[str, str] = field_of(
        default_factory=dict
    )  # folded words of its choices, each with its code


def targets(procedure: Procedure) -> tuple[Target, ...]:
    """All that a column may mean, in the order of a form; labels in the active language."""
    return (*_own(), *(each for field in procedure.asked() for each in _asked(field)))


def _own() -> Iterator[Target]:
    for sort, label in OWN.items():
        words = _words()["own"][sort]
        options = options_of(None) if sort == "by" else {}
        yield Target(sort, sort, str(label), words, sort in ("title", "received"), options=options)


def _asked(field: Field) -> Iterator[Target]:
    label, said = in_words(field), {fold(field.vi), fold(field.en), fold(field.code)}
    if field.type != "person":
        words = said | _words()["field"].get(field.code, frozenset())
        yield Target(
            field.code, "answer", label, frozenset(words), field.needed, field, "", options_of(field)
        )
        return
    for part in PERSON_PARTS:
        its = _words()["person"][part]
        whole = {f"{name} {word}" for name in said for word in its}
        needed = field.needed and part == "name"
        named = f"{label}: {_part(part).lower()}"
        yield Target(f"{field.code}.{part}", "answer", named, its | whole, needed, field, part)


def _part(part: str) -> str:
    return {
        "name": _("Họ và tên"),
        "id_number": _("Số định danh hoặc giấy tờ"),
        "address": _("Nơi ở"),
        "phone": _("Điện thoại"),
    }[part]


def words_of(its: Iterable[Target]) -> frozenset[str]:
    """All heads that a table of these targets may have, folded."""
    return frozenset(word for target in its for word in target.words) | _words()["others"][""]


@cache
def common_words() -> frozenset[str]:
    """The heads that need no procedure to be known, folded."""
    return frozenset(word for group in _words().values() for words in group.values() for word in words)


@cache
def _words() -> dict[str, dict[str, frozenset[str]]]:
    """`data/sheet-words.toml`: by group (`own`, `person`, `field`, `others`) and code."""
    table = tomllib.loads((_DATA / "sheet-words.toml").read_text(encoding="utf-8"))
    table["others"] = {"": table["others"]}
    return {
        group: {code: frozenset(its) for code, its in by_code.items()} for group, by_code in table.items()
    }
