"""A sort of subject as small as may be, with a kind of everything that travels: for exchange without the rooms."""

from dataclasses import dataclass, replace
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.journal.kinds import Body, kind

PROVINCE = "31"
COMMUNES = ("31001", "31002", "31003")
UNITS = (PROVINCE, *COMMUNES)


@kind("simulated.opened", version=1)
class Opened(Body):
    """It begins."""

    text: str


@kind("simulated.stepped", version=1)
class Stepped(Body):
    """Somebody decided."""

    to: str


@kind("simulated.noted", version=1, free=True)
class Noted(Body):
    """A remark, perhaps with sealed facts or a file."""

    text: str
    blob: str | None = None


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


@dataclass(frozen=True, slots=True)
class Thing:
    """What became of it: the decisions that count, in their order, and the remarks."""

    id: UUID
    steps: tuple[str, ...]
    notes: tuple[str, ...] = ()


things = Fold(Thing)


@things.on(Opened, opens=True)
def opened(_: None, entry: Entry[Opened]) -> Thing:
    return Thing(entry.subject, (entry.body.text,))


@things.on(Stepped)
def stepped(thing: Thing, entry: Entry[Stepped]) -> Thing:
    return replace(thing, steps=(*thing.steps, entry.body.to))


@things.on(Noted)
def noted(thing: Thing, entry: Entry[Noted]) -> Thing:
    return replace(thing, notes=(*thing.notes, entry.body.text))
