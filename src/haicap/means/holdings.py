"""What a unit holds, asked of every part of this room in one way; norms are compared with it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from haicap.means.catalogue.entries import Family
from haicap.units.rights import Person


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a kind a unit holds: all of it, and what of it is fit for use."""

    unit: str
    kind: str
    all: Decimal
    fit: Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """A part of this room that knows what is held of some families.

    `held` counts by unit and kind, for the units named or for all that `person` may see (None), in a number of queries
    that does not grow. `url` is the address of the list that holds exactly what was counted as all of a kind at a unit.
    """

    held: Callable[[Person, Collection[str] | None], Iterable[Held]]
    url: Callable[[str, str], str]


SOURCES: dict[Family, Source] = {}
"""By family; each part tells its own when the room is made ready."""


def held(
    person: Person, units: Collection[str] | None = None, *, of: Collection[Family] = ()
) -> dict[tuple[str, str], Held]:
    """What is held, by unit and kind: a few queries in all. With `of` what is not of these families may be left out."""
    sources = {id(source): source for family, source in SOURCES.items() if not of or family in of}
    return {(it.unit, it.kind): it for source in sources.values() for it in source.held(person, units)}
