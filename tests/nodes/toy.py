"""A sort of subject as small as may be, with a kind of everything that travels: for exchange without the rooms."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from haicap.journal.carrying import Carrying
from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.journal.kinds import KINDS, Body, Kind, kind

PROVINCE = "31"
COMMUNES = ("31001", "31002", "31003")
UNITS = (PROVINCE, *COMMUNES)


@kind("simulated.opened", version=1)
class Opened(Body):
    """It begins, perhaps with the number of a paper from outside."""

    text: str
    number: str | None = None


@kind("simulated.stepped", version=1)
class Stepped(Body):
    """Somebody decided."""

    to: str


@kind("simulated.noted", version=1, free=True)
class Noted(Body):
    """A remark, perhaps with sealed facts or a file."""

    text: str
    blob: str | None = None


@kind("simulated.later", version=1)
class Later(Body):
    """Somebody decided, as only a newer version can."""

    to: str


@kind("simulated.handed", version=1)
class Handed(Body):
    """Another unit is to go on with it."""

    to: str


@kind("simulated.arrived", version=1)
class Arrived(Carrying):
    """From here on it lies in this unit's file."""

    giver: str


@kind("simulated.granted", version=1)
class Granted(Body):
    """Who names this entry may act, in these units."""

    units: tuple[str, ...]


@kind("simulated.grant_ended", version=1)
class GrantEnded(Body):
    """No more from this day on (`until`, YYYY-MM-DD, in Asia/Ho_Chi_Minh)."""

    grant: UUID
    until: str


@kind("simulated.merged", version=1)
class Merged(Body):
    """The unit ends; the other goes on with its work and may read its streams."""

    unit: str
    into: str


class _Newer(Kind):
    """A kind that only installations of a newer version know."""

    known = False

    def reads(self, version: int) -> bool:
        return _Newer.known and super().reads(version)


KINDS[Later.kind] = _Newer(Later.kind, 1, Later, {})


@contextmanager
def reading(newer: bool) -> Iterator[None]:
    """While it lasts, entries are read as an installation of the newer version, or of the older, reads them."""
    before, _Newer.known = _Newer.known, newer
    try:
        yield
    finally:
        _Newer.known = before


@dataclass(frozen=True, slots=True)
class Thing:
    """What became of it: the decisions that count, in their order, and the remarks.

    `unit` is whose file it lies in, `holder` who is to act; `came` are the units that it has left.
    """

    id: UUID
    unit: str
    holder: str
    steps: tuple[str, ...]
    notes: tuple[str, ...] = ()
    number: str | None = None
    came: tuple[str, ...] = ()


things = Fold(Thing)


@things.on(Opened, opens=True)
def opened(_: None, entry: Entry[Opened]) -> Thing:
    return Thing(entry.subject, entry.unit, entry.unit, (entry.body.text,), number=entry.body.number)


@things.on(Stepped)
@things.on(Later)
def stepped(thing: Thing, entry: Entry[Stepped | Later]) -> Thing:
    return replace(thing, steps=(*thing.steps, entry.body.to))


@things.on(Noted)
def noted(thing: Thing, entry: Entry[Noted]) -> Thing:
    return replace(thing, notes=(*thing.notes, entry.body.text))


@things.on(Handed)
def handed(thing: Thing, entry: Entry[Handed]) -> Thing:
    return replace(thing, holder=entry.body.to)


@things.on(Arrived, opens=True, continues=True)
def arrived(thing: Thing | None, entry: Entry[Arrived]) -> Thing | None:
    return thing and replace(thing, unit=entry.unit, holder=entry.unit, came=(*thing.came, entry.body.giver))
