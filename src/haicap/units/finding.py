"""Finding units while somebody types: all of them lie in memory while nothing of `reference` changes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language

from haicap.journal.reference import newest
from haicap.units import old_addresses
from haicap.units.models import UnitRow
from haicap.units.vietnamese import fold

MOST = 60
LONGEST_ADDRESS = 8  # words; longer texts without commas are no addresses, and take long to cut in all ways


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as it is found: its names of today and before, and the territories that it serves."""

    code: str
    name_vi: str
    name_en: str
    level: str
    province: str | None
    closed: date | None
    said: str  # folded, each word after a space
    territories: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name of today in the active language."""
        return self.name_en if (get_language() or "vi").startswith("en") else self.name_vi


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


def served(text: str) -> list[tuple[str, tuple[Place, ...]]]:
    """What a text may mean as an address before 1 July 2025, and the units that serve it today, the main one first."""
    if len(text.split()) > LONGEST_ADDRESS and "," not in text:
        return []
    named: dict[str, list[Place]] = defaultdict(list)
    serving = _serving(newest())
    for match in old_addresses.convert(text):
        place = serving.get(match.territory.code)
        if match.way != "today" and place and place not in named[match.matched]:
            named[match.matched].append(place)
    return [(name, tuple(places)) for name, places in named.items()][:MOST]


@lru_cache(maxsize=2)
def _kept(reference: UUID | None) -> tuple[Place, ...]:
    return tuple(_read())


def _read() -> Iterator[Place]:
    columns = ("code", "name", "name_en", "level", "province", "closed", "words", "state__territories")
    for row in UnitRow.objects.order_by("order").values_list(*columns):
        code, name, name_en, level, province, closed, words, territories = row
        said = f" {words} {code.lower().replace('-', ' ')} {fold(name_en)}"
        yield Place(code, name, name_en, level, province, closed, said, tuple(territories or ()))


@lru_cache(maxsize=2)
def _serving(reference: UUID | None) -> dict[str, Place]:
    its = (place for place in _kept(reference) if place.level == "commune" and place.closed is None)
    return {code: place for place in its for code in place.territories}
