"""How a sheet is to be read: which column means what. Guessed from heads and values, put right by a person, kept."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from pydantic import TypeAdapter

from haicap.papers.dates import moment
from haicap.papers.sheets_in.choosing import choose
from haicap.papers.sheets_in.models import KeptPlan
from haicap.papers.sheets_in.targets import Target, Type
from haicap.papers.tables import Table
from haicap.units.vietnamese import fold

SAMPLE = 40  # lines whose values are looked at
LONG = 80  # letters of a value that are looked at
ENOUGH = 4.0  # a guess with less stays unsaid
_PHONE = re.compile(r"(\+?84|0)?\d{9,10}")
_ID_NUMBER = re.compile(r"\d{9}|\d{11,12}")
_UNIT = re.compile(r"(cong an|ca|cap|cax|phuong|xa|thi tran|dac khu|p|x|tt)\b.*")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read a sheet: which sheet, where its head is (None: found), what columns mean (by place from 0).

    `fixed` answers for all lines that say nothing else, by the codes of targets; `choices` what a text of a column is
    means, by target and folded text; `places` the unit that a folded text means; `giver` who handed
    the sheet over.
    """

    sheet: int = 0
    head: int | None = None
    columns: Mapping[int, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    giver: str = ""

    def column_of(self, target: str) -> int | None:
        """The column that means this, if one does."""
        return next((place for place, code in self.columns.items() if code == target), None)


PLAN = TypeAdapter(Plan)


def signature(table: Table) -> str:
    """What a sheet's heads are known by again: letters and case may differ."""
    return sha256("|".join(fold(head) for head in table.heads).encode()).hexdigest()


def guess(table: Table, its: Sequence[Target]) -> dict[int, str]:
    """What each column means, as far as its head and its values tell; each target at most once, the surest first."""
    values = [_values(table, place) for place in range(len(table.heads))]
    scores = [
        (_score(head, values[place], target), place, target.code)
        for place, head in enumerate(table.heads)
        for target in its
    ]
    found: dict[int, str] = {}
    for score, place, code in sorted(scores, key=lambda it: -it[0]):
        if score >= ENOUGH and place not in found and code not in found.values():
            found[place] = code
    return dict(sorted(found.items()))


def _values(table: Table, place: int) -> list[str]:
    return list(dict.fromkeys(line.cells[place] for line in table.data[:SAMPLE] if line.cells[place]))


def _score(head: str, values: list[str], target: Target) -> float:
    return _by_head(head, target) + _by_values(values, target)


def _by_head(head: str, target: Target) -> float:
    """The whole head counts most, then its inner part, then its beginning, then what is nearly the same."""
    whole, inner = fold(head), fold(head.rpartition(" – ")[2])
    if not whole:
        return 0
    if whole in target.words or inner in target.words:
        return 10 if fold(target.label) in (whole, inner) or target.sure else 9
    if any(inner.startswith(f"{word} ") for word in target.words if len(word) > 3):
        return 6
    if len(inner) > 4 and choose(inner, dict.fromkeys(target.words, target.code)):
        return 5
    return 0


def _by_values(values: list[str], target: Target) -> float:
    """What most values could be speaks for a target; what hardly any could be, against it."""
    fits = _FITS.get(target.type)
    if fits is None or not values:
        return 0
    share = sum(fits(value[:LONG], target) for value in values) / len(values)
    return 3 if share > 0.6 else -6 if share < 0.2 else 0


_FITS: dict[Type, Callable[[str, Target], bool]] = {
    "date": lambda value, _: moment(value) is not None,
    "datetime": lambda value, _: moment(value) is not None,
    "phone": lambda value, _: bool(_PHONE.fullmatch(re.sub(r"[\s.()-]", "", value))),
    "id_number": lambda value, _: bool(_ID_NUMBER.fullmatch(re.sub(r"[\s.]", "", value))),
    "choice": lambda value, target: choose(value, target.options) is not None,
    "yes-no": lambda value, target: choose(value, target.options) is not None,
    "sentence": lambda value, _: (
        len(value) > 7 and bool(re.search(r"[^\W\d]", value)) and moment(value) is None
    ),
    "unit": lambda value, _: bool(_UNIT.match(fold(value))) or (value[:1].isalpha() and len(value) < 60),
    "number": lambda value, _: bool(re.fullmatch(r"[\d.,\s]+", value)),
    "money": lambda value, _: bool(re.search(r"\d", value)),
}


def kept(plans: type[KeptPlan], unit: str, procedure: str, table: Table) -> Plan | None:
    """How a sheet with these heads was read the last time in this unit; None if never."""
    row = plans._default_manager.filter(unit=unit, procedure=procedure, heads=signature(table)).first()
    return PLAN.validate_python(row.plan, strict=False) if row else None


def keep(plans: type[KeptPlan], plan: Plan, unit: str, procedure: str, table: Table, at: datetime) -> None:
    """Remember a plan for the next sheet with these heads, without what concerns this one file."""
    said = PLAN.dump_python(plan, mode="json") | {"sheet": 0, "head": None, "giver": ""}
    plans._default_manager.update_or_create(
        unit=unit, procedure=procedure, heads=signature(table), defaults={"plan": said, "at": at}
    )


def unsaid(plan: Plan, its: Iterable[Target]) -> list[Target]:
    """The targets that must have an answer and have neither a column nor one for all lines."""
    said = {*plan.columns.values(), *plan.fixed}
    return [target for target in its if target.needed and said.isdisjoint((target.code, target.filled_by))]
