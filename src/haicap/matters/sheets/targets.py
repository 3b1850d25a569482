"""What a column of a sheet may mean for a procedure: what every matter has, and what the procedure asks."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from haicap.matters.fields import PERSON_PARTS, Field, FieldType
from haicap.matters.forms import PARTS
from haicap.matters.schema import Procedure
from haicap.matters.showing import in_words
from haicap.matters.telling import BY
from haicap.papers.sheets_in.choosing import YES_OR_NO, options_of
from haicap.papers.sheets_in.targets import Target, Type, common_person, heads, unit_targets
from haicap.units.vietnamese import fold

_DATA = Path(__file__).parent.parent / "data"
_TYPES: Mapping[FieldType, Type] = {
    "choice": "choice", "yes-no": "yes-no", "number": "number", "money": "money", "date": "date",
    "datetime": "datetime", "unit": "unit",
}  # fmt: skip
_PARTS: Mapping[str, Type] = {"id_number": "id_number", "phone": "phone"}
WAYS: Mapping[str, tuple[str, ...]] = {
    "desk": ("truc tiep", "tai tru so", "tai quay", "tai don vi", "den truc tiep", "desk", "in person"),
    "phone": ("dien thoai", "qua dien thoai", "goi dien", "duong day nong", "phone", "sdt"),
    "letter": ("cong van", "van ban", "don thu", "buu dien", "buu chinh", "thu", "letter", "qua don", "don"),
    "visit": ("tiep cong dan", "xuong co so", "kiem tra", "visit"),
    "online": ("truc tuyen", "cong dich vu cong", "vneid", "mang", "online", "email", "zalo", "website"),
    "unit": ("don vi", "don vi neu", "tu phat hien", "co quan", "unit"),
}


def asked_targets(procedure: Procedure) -> tuple[Target, ...]:
    """What the procedure asks, in the order of a form; labels in the active language."""
    return tuple(each for field in procedure.asked() for each in _asked(field))


def own_targets() -> Iterator[Target]:
    """What every matter has."""
    words, ways = _words()["own"], {code: BY[code]() for code in WAYS}
    yield Target("title", _("Nội dung, một câu"), "sentence", words["title"], needed=True, sure=True)
    yield Target("received", _("Lúc tiếp nhận"), "date", words["received"], needed=True, sure=True)
    options = options_of({code: (*its, ways[code]) for code, its in WAYS.items()})
    yield Target(
        "by",
        _("Cách tiếp nhận"),
        "choice",
        words["by"],
        choices=ways,
        options=options,
        sure=True,
        common=True,
    )
    yield from unit_targets()
    yield Target("old-number", _("Số cũ"), "text", words["old-number"], sure=True)


def _asked(field: Field) -> Iterator[Target]:
    label, said = in_words(field), {fold(field.vi), fold(field.en), fold(field.code)}
    if field.type != "person":
        words = said | _words()["field"].get(field.code, frozenset())
        choices, options = _choices(field)
        yield Target(
            field.code, label, _TYPES.get(field.type, "text"), frozenset(words), field.needed, choices, options,
            filled_by="title" if field.code == "what" else "",
        )  # fmt: skip
        return
    for part in PERSON_PARTS:
        its = common_person(part)
        whole = {f"{name} {word}" for name in said for word in its}
        named = f"{label}: {PARTS[part]().lower()}"
        needed = field.needed and part == "name"
        yield Target(f"{field.code}.{part}", named, _PARTS.get(part, "text"), its | whole, needed)


def _choices(field: Field) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Codes with labels, and the folded words of each."""
    if field.type == "yes-no":
        return {"yes": _("Có"), "no": _("Không")}, YES_OR_NO
    labels = {code: in_words(text) for code, text in field.of.items()}
    return labels, options_of({code: (code, text.vi, text.en) for code, text in field.of.items()})


@cache
def _words() -> dict[str, dict[str, frozenset[str]]]:
    """`data/sheet-words.toml`: by group (`own`, `field`) and code."""
    return heads(_DATA / "sheet-words.toml")
