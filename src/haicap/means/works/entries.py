"""What can be written down of works: projects in stages with their money, and the programmes that they belong to."""

from datetime import date
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind
from haicap.means.evidence import Evidence

Sort = Literal["new", "extension", "repair"]
Stage = Literal["approval", "land", "design", "tender", "start", "acceptance", "handover"]
Purse = Literal["province", "commune", "ministry", "other"]
Priority = Literal["pressing", "needed", "possible"]


class Gap(Body):
    """What the project closes: so much of a kind of means, and the code of the norm that asks for it, if one does."""

    of: str  # a code of the catalogue
    amount: str  # a decimal, in the kind's measure
    norm: str = ""


class Aim(Body):
    """A stage and the day on which it is to be reached."""

    stage: Stage
    on: date


class Share(Body):
    """A sum in VND from one source of money."""

    source: Purse
    sum: str


@kind("project.planned", version=1)
class Planned(Body):
    """A project of building or repair for `unit`; the days first planned are what later ones are compared with."""

    unit: str
    province: str | None
    name: str
    sort: Sort
    stages: tuple[Aim, ...]
    budget: tuple[Share, ...] = ()
    gaps: tuple[Gap, ...] = ()
    programme: UUID | None = None
    site: UUID | None = None
    follows: UUID | None = None  # the project that has to be done before
    priority: Priority = "needed"
    paper: str = ""
    synthetic: bool = False


@kind("project.corrected", version=1)
class Corrected(Body):
    """What is said of the project was wrong, or is no longer so: how it reads from now on."""

    name: str
    sort: Sort
    gaps: tuple[Gap, ...]
    programme: UUID | None
    site: UUID | None
    follows: UUID | None
    priority: Priority
    reason: str


@kind("project.scheduled", version=1)
class Scheduled(Body):
    """The days on which stages not yet reached are now expected, and why."""

    stages: tuple[Aim, ...]
    reason: str


@kind("project.reached", version=1)
class Reached(Body):
    """A stage was reached on a day, by this paper."""

    stage: Stage
    on: date
    paper: str = ""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()


@kind("project.unreached", version=1)
class Unreached(Body):
    """It was a mistake: the stage has not been reached, or not on that day."""

    reached: UUID
    reason: str


@kind("project.shown", version=1, free=True)
class Shown(Body):
    """How the works look, by photos or papers, whatever stage they are in."""

    note: str = ""
    evidence: tuple[Evidence, ...]


@kind("project.budgeted", version=1)
class Budgeted(Body):
    """The whole budget by source, in place of what was said before."""

    shares: tuple[Share, ...]
    paper: str = ""
    reason: str


@kind("project.paid", version=1, free=True)
class Paid(Body):
    """A sum in VND was paid from one source on a day."""

    on: date
    source: Purse
    sum: str
    paper: str = ""


@kind("project.repaid", version=1, free=True)
class Repaid(Body):
    """A payment was written down wrongly: how it should read; without a sum there was none."""

    payment: UUID
    on: date
    source: Purse
    sum: str | None
    paper: str = ""
    reason: str


@kind("project.stopped", version=1)
class Stopped(Body):
    """Nothing goes on since `since`, for this ground; `dropped` for good."""

    since: date
    ground: str
    paper: str = ""
    dropped: bool = False


@kind("project.resumed", version=1)
class Resumed(Body):
    """It goes on from `since`."""

    since: date
    ground: str
    paper: str = ""


@kind("programme.resolved", version=1, channel="reference")
class ProgrammeResolved(Body):
    """A programme of a province, or what is said of it from now on: years (both included), target, money."""

    province: str
    name: str
    paper: str
    first: int
    last: int
    target: int | None = None
    budget: tuple[Share, ...] = ()
    synthetic: bool = False
