"""What the entries of a stock-take mean. In whatever order counts are taken in, they come to the same."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.stocktake.entries import (
    How,
    StocktakeClosed,
    StocktakeCounted,
    StocktakeDropped,
    StocktakeOpened,
    StocktakeWithdrawn,
)
from haicap.means.things.entries import Kept


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be there."""

    thing: UUID
    code: str
    sort: str
    name: str
    place: str
    kept: Kept
    count: int


@dataclass(frozen=True, slots=True)
class Count:
    """One count: what was found, by whom, when. `id` is its entry's."""

    id: UUID
    at: datetime
    by: UUID
    thing: UUID | None
    code: str
    sort: str
    name: str
    kept: Kept
    holder: str
    was: str
    place: str
    count: int
    how: How
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A thing in one of the lists of a closed stock-take."""

    thing: UUID
    code: str
    sort: str
    name: str
    kept: Kept
    holder: str
    was: str
    place: str
    expected: int
    counted: int


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that was found and is in no register."""

    code: str
    words: str
    place: str
    count: int


@dataclass(frozen=True, slots=True)
class Closing:
    """The signature, and what was signed."""

    at: datetime
    by: UUID
    signer: str
    day: date
    found: tuple[Line, ...]
    elsewhere: tuple[Line, ...]
    missing: tuple[Line, ...]
    unknown: tuple[Stray, ...]
    counts: tuple[UUID, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Stocktake:
    """A stock-take of a unit, or of one `place` of it. `withdrawn` are ids of counts."""

    id: UUID
    unit: str
    province: str | None
    name: str
    place: str
    day: date
    expected: tuple[Wanted, ...]
    opened: datetime
    by: UUID
    synthetic: bool
    counts: tuple[Count, ...] = ()
    withdrawn: tuple[UUID, ...] = ()
    closed: Closing | None = None
    dropped: str = ""

    @property
    def open(self) -> bool:
        """Whether it is being counted."""
        return self.closed is None and not self.dropped

    @property
    def valid(self) -> tuple[Count, ...]:
        """The counts that nobody has withdrawn."""
        gone = set(self.withdrawn)
        return tuple(it for it in self.counts if it.id not in gone)

    @property
    def late(self) -> tuple[Count, ...]:
        """Counts that arrived after the signature, which knows nothing of them."""
        known = set(self.closed.counts) if self.closed else set()
        return tuple(it for it in self.valid if it.id not in known) if self.closed else ()


stocktakes = Fold(Stocktake)


@stocktakes.on(StocktakeOpened, opens=True)
def opened(_: None, entry: Entry[StocktakeOpened]) -> Stocktake:
    it = entry.body
    return Stocktake(
        id=entry.subject, unit=it.unit, province=it.province, name=it.name, place=it.place, day=it.day,
        expected=tuple(Wanted(**dict(one)) for one in it.expected),
        opened=entry.at, by=entry.actor, synthetic=it.synthetic,
    )  # fmt: skip


@stocktakes.on(StocktakeCounted)
def counted(its: Stocktake, entry: Entry[StocktakeCounted]) -> Stocktake:
    it = entry.body
    count = Count(
        entry.id, entry.at, entry.actor, it.thing, it.code, it.sort, it.name, it.kept, it.holder, it.was, it.place,
        it.count, it.how, it.words,
    )  # fmt: skip
    return replace(its, counts=tuple(sorted({*its.counts, count}, key=lambda one: (one.at, one.id))))


@stocktakes.on(StocktakeWithdrawn)
def withdrawn(its: Stocktake, entry: Entry[StocktakeWithdrawn]) -> Stocktake:
    return replace(its, withdrawn=tuple(sorted({*its.withdrawn, *entry.body.counts})))


@stocktakes.on(StocktakeClosed)
def closed(its: Stocktake, entry: Entry[StocktakeClosed]) -> Stocktake:
    it = entry.body
    found, elsewhere, missing = (
        tuple(Line(**dict(one)) for one in lines) for lines in (it.found, it.elsewhere, it.missing)
    )
    unknown = tuple(Stray(**dict(one)) for one in it.unknown)
    closing = Closing(
        entry.at, entry.actor, it.signer, it.day, found, elsewhere, missing, unknown, it.counts, it.note
    )
    return replace(its, closed=closing)


@stocktakes.on(StocktakeDropped)
def dropped(its: Stocktake, entry: Entry[StocktakeDropped]) -> Stocktake:
    return replace(its, dropped=entry.body.reason)
