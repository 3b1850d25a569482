"""A matter as its entries made it: frozen data, and the questions that it answers of itself."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from haicap.matters.entries import Binds, Facts, Guides, Longer, Reason, Way

RETRACTED = "retracted"
"""The state of a matter that was taken back with the sheet it came with; no procedure has a state of this code."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A clock stood still in [since, until); `until` is None while it does."""

    since: datetime
    until: datetime | None
    ground: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit of this matter; `due` (UTC) is None while it stands still, `met` None while it runs.

    `unit` is who owed it when it was met, None while it runs or where a third party does.
    """

    code: str
    binds: Binds
    since: datetime
    limit: str
    regime: str
    calendar: str
    due: datetime | None
    pauses: tuple[Stop, ...] = ()
    longer: tuple[Longer, ...] = ()
    met: datetime | None = None
    unit: str | None = None

    @property
    def runs(self) -> bool:
        """Whether it has begun and is not met, standing still or not."""
        return self.met is None


@dataclass(frozen=True, slots=True)
class Link:
    """Another matter that has to do with this one."""

    to: UUID
    number: str
    how: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was made, of the matter as it stood at entry `on`, with an edition of its texts."""

    paper: str
    sha256: str
    at: datetime
    on: UUID | None
    edition: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """A published guidance that has to do with the matter, in force from `since` on."""

    guidance: UUID
    title: str
    since: date
    how: Guides


@dataclass(frozen=True, slots=True)
class Request:
    """What another authority was asked for at a step, by when, and what came of it: `facts` and then `said`.

    `met` is when its clock ended, None while it runs; `step` and `outcome` are those that ended it.
    """

    clock: str
    at: datetime
    due: datetime | None
    facts: Facts
    met: datetime | None = None
    step: str | None = None
    outcome: str | None = None
    said: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the matter, by the entry that attached it."""

    id: UUID
    blob: str
    size: int
    media: str
    name: str
    personal: bool
    about: str
    picture: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as its entries made it. `unit` is whose file it is; `holder` who is to act, None if nobody is."""

    id: UUID
    number: str
    procedure: str
    edition: str
    unit: str
    province: str | None
    raised_by: str
    raised: datetime
    received: datetime
    by: Way
    title: str
    state: str
    branch: str
    holder: str | None
    why: Reason | None
    remote: bool
    synthetic: bool
    source: dict[str, str]
    facts: Facts
    clocks: tuple[Clock, ...] = ()
    outcome: str | None = None
    assignee: UUID | None = None
    seen: datetime | None = None
    given_by: str | None = None
    ended: datetime | None = None
    joined: UUID | None = None
    links: tuple[Link, ...] = ()
    papers: tuple[Paper, ...] = ()
    guided: tuple[Guide, ...] = ()
    requests: tuple[Request, ...] = ()
    comments: int = 0
    openings: int = 0
    handovers: int = 0
    corrections: int = 0
    emergency: str | None = None
    distinct: tuple[UUID, ...] = ()
    sealed: tuple[UUID, ...] = field(default=())
    files: tuple[File, ...] = ()
    hidden: tuple[UUID, ...] = ()  # files that are shown no more
    came: tuple[str, ...] = ()  # the units in whose files it lay before, the first first
    told: UUID | None = None  # the ending of which those have been told

    @property
    def is_away(self) -> bool:
        """Whether it goes on elsewhere (joined into another), or was taken back: no step of its own is left."""
        return self.joined is not None or self.state == RETRACTED

    def owes(self, clock: Clock) -> str | None:
        """The unit that a running clock binds now; None for a third party."""
        return {"holder": self.holder, "raiser": self.raised_by, "third-party": None}[clock.binds]
