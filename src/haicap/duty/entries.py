"""What can be written down of duty: lines of the log, shifts, how quick reports are set, issued bulletins."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from haicap.duty.sorts import Sort
from haicap.journal.kinds import Body, kind
from haicap.matters.entries import Start

How = Literal["phone", "written"]
Quick = Literal["none", "given", "late", "missing"]  # how the quick report of an incident stands


@kind("line.written", version=1)
class LineWritten(Body):
    """A line of the duty log. People who have to do with it travel sealed beside the body."""

    unit: str
    province: str | None
    sort: Sort
    case: str | None = None
    happened: datetime
    place: str = ""
    territory: str | None = None
    text: str
    open: bool
    shift: UUID | None = None
    synthetic: bool = False
    starts: tuple[Start, ...] = ()  # of the quick report, where the case calls for one


@kind("line.corrected", version=1)
class LineCorrected(Body):
    """A line was wrong: how it should have read; what stood there is shown beside it."""

    case: str | None
    happened: datetime
    place: str
    territory: str | None = None
    text: str
    reason: str
    starts: tuple[Start, ...] = ()
    drops: tuple[str, ...] = ()  # clocks that should never have run


@kind("line.closed", version=1)
class LineClosed(Body):
    """It is done, or the data line works again, since `when`."""

    when: datetime
    note: str = ""


@kind("line.reported", version=1)
class LineReported(Body):
    """The quick report was given `to` somebody `when` it says, by phone or in writing; meets that clock."""

    how: How
    to: str
    when: datetime
    paper: str = ""


@kind("line.became", version=1, free=True)
class LineBecame(Body):
    """Somebody began a form for it; the matter that comes of it will have this subject."""

    matter: UUID
    procedure: str


@kind("line.unsealed", version=1, free=True)
class LineUnsealed(Body):
    """Somebody opened who has to do with it, for this purpose."""

    purpose: str


@kind("shift.opened", version=1)
class ShiftOpened(Body):
    """A shift of a unit begins: who commands, who is on, from when and until when it is planned."""

    unit: str
    province: str | None
    commander: UUID
    people: tuple[UUID, ...] = ()
    since: datetime
    until: datetime
    note: str = ""
    synthetic: bool = False


@kind("shift.handed_over", version=1)
class ShiftHandedOver(Body):
    """The outgoing signs, with what is open: lines, quick reports not yet given, limits, drafts."""

    lines: tuple[UUID, ...] = ()
    quick: int = 0
    due: int = 0
    overdue: int = 0
    drafts: int = 0
    note: str = ""


@kind("shift.accepted", version=1)
class ShiftAccepted(Body):
    """The incoming takes over what was left open; the shift is over. `unsigned`: nobody had handed it over."""

    unsigned: bool = False
    note: str = ""


@kind("duty.ruled", version=1, channel="reference")
class DutyRuled(Body):
    """How quick reports and the bulletin are set in a province from `since` on; a setting, never law."""

    province: str
    since: datetime
    hour: str
    phone: str
    written: str
    quick: tuple[str, ...]
    act: str = ""


class Figure(Body):
    """A count of the day, of the day before, and of the same weekday four times before, in sum."""

    code: str
    now: int
    before: int
    usual: int


class Told(Body):
    """An incident as the bulletin tells it."""

    line: UUID
    unit: str
    happened: datetime
    case: str | None
    place: str
    text: str
    quick: Quick


class Outage(Body):
    """A data line that was down, and how long in the day; `until` is None where it still was at its end."""

    line: UUID
    unit: str
    place: str
    since: datetime
    until: datetime | None
    minutes: int


class Commune(Body):
    """One unit in the bulletin of its province."""

    unit: str
    overdue: int
    incidents: int
    late: int
    outages: int
    manned: bool


class OnDuty(Body):
    """Somebody on duty that day, in words as they were then."""

    name: str
    since: datetime
    until: datetime
    commands: bool


@kind("bulletin.issued", version=1)
class BulletinIssued(Body):
    """The bulletin of a unit's or a province's day, as it was signed: printed again it is the same."""

    unit: str
    province: str | None
    whole: bool  # of the province with its communes
    day: date
    since: datetime
    until: datetime
    figures: tuple[Figure, ...]
    incidents: tuple[Told, ...]
    outages: tuple[Outage, ...]
    on_duty: tuple[OnDuty, ...]
    communes: tuple[Commune, ...] = ()
    signer: str
    synthetic: bool = False

    @property
    def named(self) -> frozenset[str]:
        """The units that it names."""
        its: tuple[Told | Outage | Commune, ...] = (*self.incidents, *self.outages, *self.communes)
        return frozenset(it.unit for it in its)
