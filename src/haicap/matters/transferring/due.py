"""Which matters are to be carried to another province, or their outcomes back, and which of them are on their way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haicap.journal.reference import decides_here
from haicap.matters import queries
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.nodes.courier.book import Book, Sent, folder
from haicap.nodes.queries import peer, units_of
from haicap.units.models import UnitRow
from haicap.units.names import unit_names
from haicap.units.rights import Person

MOST = 100


@dataclass(frozen=True, slots=True)
class Due:
    """A matter for another province: to which unit there, or back to which with the outcome; when it was last packed.

    `province` is the code that `haicap courier pack` is given.
    """

    subject: UUID
    number: str
    unit: str
    province: str
    back: bool
    packed: datetime | None


def due(person: Person, *, book: Book | None = None) -> list[Due]:
    """The matters that `person` sees and of which no return file has come yet. Four queries; a commune's has none."""
    above = peer()
    if above is None or above.unit != above.province or not decides_here():
        return []
    here = units_of(above.unit)
    its = [*_over(person, here), *_back(person, here)][:MOST]
    units = {unit for _row, unit, _back in its}
    provinces = dict(UnitRow.objects.filter(code__in=units).values_list("code", "province"))
    names = unit_names(units)
    place = book or Book(folder())
    sent = [it for it in place.sent() if it.matter] if its and place.place.exists() else []
    found = []
    for row, unit, back in its:
        packed = _newest(sent, row, back=back)
        if packed is None or packed.confirmed is None:
            found.append(Due(row.pk, row.number, names.get(unit, unit), provinces.get(unit) or unit, back,
                             packed.at if packed else None))  # fmt: skip
    return found


def _newest(sent: list[Sent], row: MatterRow, *, back: bool) -> Sent | None:
    """The newest file with this matter; for an outcome, one that was packed after the matter's end."""
    its = (it for it in sent if it.matter == row.number)
    return next((it for it in its if not back or (row.ended and it.at >= row.ended)), None)


def _over(person: Person, here: frozenset[str]) -> Iterator[tuple[MatterRow, str, bool]]:
    rows = queries.seen(person).filter(ended=None, aside=[], frozen=None, unit__in=here)
    for row in rows.exclude(holder=None).exclude(holder__in=here).order_by("received")[:MOST]:
        yield row, str(row.holder), False


def _back(person: Person, here: frozenset[str]) -> Iterator[tuple[MatterRow, str, bool]]:
    rows = queries.seen(person).filter(unit__in=here, aside=[], frozen=None).exclude(ended=None)
    for row in rows.exclude(state__came=[]).order_by("ended")[:MOST]:
        giver = next((unit for unit in matter_of(row).came if unit not in here), None)
        if giver is not None:
            yield row, giver, True
