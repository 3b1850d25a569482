"""Finding units while somebody types: all of them lie in memory while nothing of `reference` changes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from haicap.journal.reference import newest
from haicap.units import old_addresses
from haicap.units.models import UnitRow
from haicap.units.vietnamese import fold

MOST = 60
SHORTEST = 3  # letters of a name that are worth looking for
LONGEST_ADDRESS = 8  # words; longer texts without commas are no addresses, and take long to cut in all ways


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as it is found: its names of today and before, and the territories that it serves."""

    code: str
    name: str
    name_en: str
    level: str
    sort: str
    parent: str | None
    province: str | None
    remote: bool
    resolved: bool
    closed: date | None
    said: str  # folded, each word after a space
    territories: tuple[str, ...]

    @property
    def called(self) -> str:
        """Its name of today in the active language."""
        return self.name_en if (get_language() or "vi").startswith("en") else self.name


class Served(NamedTuple):
    """A territory of before, and the units that serve it today; of a divided one the main part first."""

    named: str
    units: tuple[Place, ...]


def found(text: str) -> list[Place]:
    """Units, past ones too, of whose names or code each word of the text begins a word; at most `MOST`.

    First those that have the words as they stand, then the others; each in Vietnamese order, open ones first.
    """
    words = fold(text).split()
    if not words:
        return []
    its: Sequence[Place] = _kept(newest())
    for begun in (f" {word}" for word in words):
        its = [place for place in its if begun in place.said]
    phrase = f" {' '.join(words)}"
    return sorted(its, key=lambda it: (phrase not in it.said, it.closed is not None))[:MOST]


def served(text: str) -> list[Served]:
    """What a text may mean as an address before 1 July 2025, with the units that serve it today; at most `MOST`."""
    if len(text.split()) > LONGEST_ADDRESS and "," not in text:
        return []
    named: dict[str, list[Place | None]] = defaultdict(list)
    serving = _serving(newest())
    for match in old_addresses.convert(text):
        if match.way != "today":
            named[match.matched].append(serving.get(match.territory.code))
    its = [Served(name, tuple(dict.fromkeys(filter(None, places)))) for name, places in named.items()]
    return its[:MOST]


def communes(text: str, most: int) -> list[Place]:
    """Commune police units of today by their name, or by a ward's or commune's name before 1 July 2025.

    First whose territory is called so today, then who serves a territory that was called so before, then others.
    """
    if len(text.strip()) < SHORTEST:
        return []
    today = {match.territory.code for match in old_addresses.convert(text) if match.way == "today"}
    named = [place for place in found(text) if place.level == "commune" and place.closed is None]
    first = [place for place in named if place.code in today]
    serving = [place for its in served(text) for place in its.units]
    return list(dict.fromkeys((*first, *serving, *named)))[:most]


@lru_cache(maxsize=2)
def _kept(reference: UUID | None) -> tuple[Place, ...]:
    return tuple(_read())


def _read() -> Iterator[Place]:
    columns = (
        "code", "name", "name_en", "level", "sort", "parent", "province", "remote", "resolved", "closed",
    )  # fmt: skip
    for row in UnitRow.objects.order_by("order").values(*columns, "words", "state__territories"):
        words, territories = row.pop("words"), row.pop("state__territories")
        said = f" {words} {row['code'].lower().replace('-', ' ')} {fold(row['name_en'])}"
        yield Place(**row, said=said, territories=tuple(territories or ()))


@lru_cache(maxsize=2)
def _serving(reference: UUID | None) -> dict[str, Place]:
    its = (place for place in _kept(reference) if place.level == "commune" and place.closed is None)
    return {code: place for place in its for code in place.territories}


def units_near(province: str | None) -> list[tuple[str, str]]:
    """Code and name of the units that something of this province may go to: the province's own and the ministry."""
    column = "name_en" if (get_language() or "vi").startswith("en") else "name"
    near = Q(province=province) | Q(code=province) if province else Q(level__in=("province", "ministry"))
    rows = UnitRow.objects.filter(near | Q(level="ministry"), closed=None).order_by("level", "order")
    return list(rows.values_list("code", column))


def unit_meant(text: str) -> str | None:
    """The code of the unit that somebody typed or chose: its code, `code · name`, or its whole name; None if none."""
    code = text.split("·")[0].strip()
    rows = UnitRow.objects.filter(Q(code__iexact=code) | Q(name__iexact=text.strip()), closed=None)
    found = set(rows.values_list("code", flat=True)[:2])
    return found.pop() if len(found) == 1 else None
