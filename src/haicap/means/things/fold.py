"""What the entries of a thing mean."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.things.entries import (
    Bought,
    Condition,
    Ground,
    Kept,
    Put,
    ThingAccepted,
    ThingCounted,
    ThingDescribed,
    ThingDisposed,
    ThingJudged,
    ThingOffered,
    ThingPlaced,
    ThingRecalled,
    ThingRecorded,
    ThingRecounted,
    ThingRefused,
    ThingRepaired,
    ThingRestored,
    ThingSent,
    ThingWithdrawn,
    Way,
)

Verdict = Literal["accepted", "refused", "recalled"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is, and which post answers for it; `room` is a code in `site`."""

    place: str = ""
    site: UUID | None = None
    room: str = ""
    post: UUID | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """When it was bought, for how much each (VND), out of whose money."""

    on: date | None = None
    price: str | None = None
    money: str = ""
    year: int | None = None  # where the day is not known


@dataclass(frozen=True, slots=True)
class Repair:
    """It is away to be repaired since `since`."""

    to: str
    since: date
    back: date | None


@dataclass(frozen=True, slots=True)
class Move:
    """A hand-over from one unit to another; `verdict` None while the receiver has not signed."""

    transfer: UUID
    giver: str
    receiver: str
    province: str | None
    count: int
    paper: str
    reason: str
    signer: str
    by: UUID
    offered: datetime
    condition: Condition  # then
    verdict: Verdict | None = None
    ended: datetime | None = None
    taker: str = ""  # the name under the second signature
    why: str = ""
    part: UUID | None = None  # the subject of what went, where only some did


@dataclass(frozen=True, slots=True)
class Gone:
    """It is held no more since `on`; by `mistake` it never was."""

    ground: Ground | Literal["mistake"]
    on: date
    paper: str
    note: str


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing, or so many of a kind together.

    `unit` is whose file it is, for good; `holder` who has it now, and `province` the holder's. `judged` is the day of
    the condition. `missing` is the stock-take that did not find it.
    """

    id: UUID
    code: str
    kind: str
    family: str
    kept: Kept
    unit: str
    holder: str
    province: str | None
    way: Way
    since: date
    recorded: datetime
    name: str
    serial: str
    plate: str
    count: int
    unfit: int
    condition: Condition
    judged: date
    warranty: date | None
    bought: Purchase
    put: Place
    paper: str
    origin: UUID | None
    synthetic: bool
    repair: Repair | None = None
    moves: tuple[Move, ...] = ()
    gone: Gone | None = None
    missing: UUID | None = None
    request: UUID | None = None  # the request for means that it answers
    batch: UUID | None = None  # the list of a former unit with which it came

    @property
    def waiting(self) -> Move | None:
        """The hand-over that the receiver has not signed yet."""
        return self.moves[-1] if self.moves and self.moves[-1].verdict is None else None

    @property
    def single(self) -> bool:
        """Whether it is one thing by itself."""
        return self.kept == "single"

    @property
    def fit(self) -> int:
        """How many are fit for use: neither broken nor away nor missing."""
        return 0 if self.repair or self.missing or self.gone else self.count - self.unfit


@dataclass(frozen=True, slots=True)
class Handed:
    """A thing as one hand-over has it: both sides read this for good, whoever has the thing by then."""

    thing: UUID
    code: str
    kind: str
    name: str
    serial: str
    plate: str
    kept: Kept
    synthetic: bool
    move: Move


things = Fold(Thing)


@things.on(ThingRecorded, opens=True)
def recorded(_: None, entry: Entry[ThingRecorded]) -> Thing:
    it = entry.body
    return Thing(
        id=entry.subject, code=it.code, kind=it.sort, family=it.family, kept=it.kept, unit=it.unit, holder=it.unit,
        province=it.province, way=it.way, since=it.since, recorded=entry.at, name=it.name, serial=it.serial,
        plate=it.plate, count=it.count, unfit=it.unfit, condition=it.condition, judged=it.since, warranty=it.warranty,
        bought=purchase(it.bought), put=place(it.put), paper=it.paper, origin=it.origin, synthetic=it.synthetic,
        request=it.request, batch=it.batch,
    )  # fmt: skip


def purchase(it: Bought) -> Purchase:
    """A purchase as the state has it."""
    return Purchase(it.on, it.price, it.money, it.year)


def place(it: Put) -> Place:
    """A place as the state has it."""
    return Place(it.place, it.site, it.room, it.post)


@things.on(ThingDescribed)
def described(thing: Thing, entry: Entry[ThingDescribed]) -> Thing:
    it = entry.body
    return replace(
        thing, name=it.name, serial=it.serial, plate=it.plate, warranty=it.warranty, bought=purchase(it.bought)
    )  # fmt: skip


@things.on(ThingPlaced)
def placed(thing: Thing, entry: Entry[ThingPlaced]) -> Thing:
    return replace(thing, put=place(entry.body.put))


@things.on(ThingJudged)
def judged(thing: Thing, entry: Entry[ThingJudged]) -> Thing:
    it = entry.body
    return replace(thing, condition=it.condition, unfit=it.unfit, judged=it.when)


@things.on(ThingSent)
def sent(thing: Thing, entry: Entry[ThingSent]) -> Thing:
    it = entry.body
    return replace(thing, repair=Repair(it.to, it.when, it.back))


@things.on(ThingRepaired)
def repaired(thing: Thing, entry: Entry[ThingRepaired]) -> Thing:
    it = entry.body
    unfit = thing.count if it.condition == "broken" else 0
    return replace(thing, repair=None, condition=it.condition, unfit=unfit, judged=it.when)


@things.on(ThingOffered)
def offered(thing: Thing, entry: Entry[ThingOffered]) -> Thing:
    it = entry.body
    move = Move(
        transfer=it.transfer, giver=thing.holder, receiver=it.to, province=it.province, count=it.count, paper=it.paper,
        reason=it.reason, signer=it.signer, by=entry.actor, offered=entry.at,
        condition=thing.condition,
    )  # fmt: skip
    return replace(thing, moves=(*thing.moves, move))


def _ended(thing: Thing, verdict: Verdict, at: datetime, **more: Any) -> Thing:
    *before, last = thing.moves
    return replace(thing, moves=(*before, replace(last, verdict=verdict, ended=at, **more)))


@things.on(ThingAccepted)
def accepted(thing: Thing, entry: Entry[ThingAccepted]) -> Thing:
    it, move = entry.body, thing.moves[-1]
    after = _ended(thing, "accepted", entry.at, taker=it.signer, part=it.part)
    if it.part is not None:
        left = thing.count - move.count
        return replace(after, count=left, unfit=min(thing.unfit, left))
    return replace(after, holder=move.receiver, province=move.province, put=place(it.put), missing=None)


@things.on(ThingRefused)
def refused(thing: Thing, entry: Entry[ThingRefused]) -> Thing:
    return _ended(thing, "refused", entry.at, taker=entry.body.signer, why=entry.body.reason)


@things.on(ThingRecalled)
def recalled(thing: Thing, entry: Entry[ThingRecalled]) -> Thing:
    return _ended(thing, "recalled", entry.at, why=entry.body.reason)


@things.on(ThingDisposed)
def disposed(thing: Thing, entry: Entry[ThingDisposed]) -> Thing:
    it = entry.body
    if it.count < thing.count:
        left = thing.count - it.count
        return replace(thing, count=left, unfit=max(0, min(thing.unfit - it.count, left)))
    return replace(thing, gone=Gone(it.ground, it.when, it.paper, it.note), repair=None)


@things.on(ThingRestored)
def restored(thing: Thing, entry: Entry[ThingRestored]) -> Thing:
    return replace(thing, gone=None)


@things.on(ThingWithdrawn)
def withdrawn(thing: Thing, entry: Entry[ThingWithdrawn]) -> Thing:
    return replace(thing, gone=Gone("mistake", entry.body.when, "", entry.body.reason))


@things.on(ThingCounted)
def counted(thing: Thing, entry: Entry[ThingCounted]) -> Thing:
    it = entry.body
    count = thing.count if it.missing else it.count
    return replace(
        thing, missing=it.stocktake if it.missing else None, count=count, unfit=min(thing.unfit, count),
        put=place(it.put) if it.put else thing.put,
    )  # fmt: skip


@things.on(ThingRecounted)
def recounted(thing: Thing, entry: Entry[ThingRecounted]) -> Thing:
    it = entry.body
    return replace(thing, missing=None, count=it.count, unfit=min(thing.unfit, it.count))
