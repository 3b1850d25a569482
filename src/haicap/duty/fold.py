"""What the entries of this room mean."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from haicap.duty.entries import (
    BulletinIssued,
    DutyRuled,
    How,
    LineBecame,
    LineClosed,
    LineCorrected,
    LineReported,
    LineUnsealed,
    LineWritten,
    ShiftAccepted,
    ShiftHandedOver,
    ShiftOpened,
)
from haicap.duty.sorts import Sort
from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.matters.entries import Start
from haicap.matters.state import Clock


@dataclass(frozen=True, slots=True)
class Wording:
    """How a line reads from `at` (when that was written) on."""

    at: datetime
    by: UUID
    case: str | None
    happened: datetime
    place: str
    territory: str | None
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A quick report that was given; `at` is when that was written down."""

    how: How
    to: str
    when: datetime
    paper: str
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Became:
    """A form that was begun for a line: the matter exists once it is sent."""

    matter: UUID
    procedure: str
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the duty log with every wording it had; `closed` is since when it is done, `closed_on` when that was
    written."""

    id: UUID
    unit: str
    province: str | None
    sort: Sort
    wordings: tuple[Wording, ...]
    open: bool
    shift: UUID | None
    synthetic: bool
    sealed: tuple[UUID, ...] = ()
    clocks: tuple[Clock, ...] = ()
    reports: tuple[Report, ...] = ()
    became: tuple[Became, ...] = ()
    openings: int = 0
    closed: datetime | None = None
    closed_on: datetime | None = None
    closed_by: UUID | None = None
    note: str = ""

    @property
    def now(self) -> Wording:
        """The newest wording."""
        return self.wordings[-1]

    @property
    def written(self) -> datetime:
        """When it was written."""
        return self.wordings[0].at

    def as_of(self, at: datetime) -> Wording:
        """How it read at `at` (aware)."""
        return next((it for it in reversed(self.wordings) if it.at < at), self.wordings[0])


lines = Fold(Line)


@lines.on(LineWritten, opens=True)
def written(_: None, entry: Entry[LineWritten]) -> Line:
    it = entry.body
    first = Wording(entry.at, entry.actor, it.case, it.happened, it.place, it.territory, it.text)
    return Line(
        id=entry.subject, unit=it.unit, province=it.province, sort=it.sort, wordings=(first,), open=it.open,
        shift=it.shift, synthetic=it.synthetic, sealed=(entry.id,) if entry.sealed else (), clocks=started(it.starts),
    )  # fmt: skip


def started(starts: Iterable[Start]) -> tuple[Clock, ...]:
    """The clocks that an entry set going."""
    return tuple(
        Clock(it.clock, it.binds, it.since, it.limit, it.regime, it.calendar, it.due) for it in starts
    )


@lines.on(LineCorrected)
def corrected(line: Line, entry: Entry[LineCorrected]) -> Line:
    it = entry.body
    wording = Wording(
        entry.at, entry.actor, it.case, it.happened, it.place, it.territory, it.text, it.reason
    )  # fmt: skip
    kept = tuple(clock for clock in line.clocks if clock.code not in it.drops)
    sealed = (*line.sealed, entry.id) if entry.sealed else line.sealed
    return replace(
        line, wordings=(*line.wordings, wording), clocks=kept + started(it.starts), sealed=sealed
    )  # fmt: skip


@lines.on(LineClosed)
def closed(line: Line, entry: Entry[LineClosed]) -> Line:
    it = entry.body
    return replace(
        line, open=False, closed=it.when, closed_on=entry.at, closed_by=entry.actor, note=it.note
    )  # fmt: skip


@lines.on(LineReported)
def reported(line: Line, entry: Entry[LineReported]) -> Line:
    it = entry.body
    clocks = tuple(
        replace(clock, met=it.when, unit=line.unit) if clock.code == it.how and clock.runs else clock
        for clock in line.clocks
    )
    report = Report(it.how, it.to, it.when, it.paper, entry.actor, entry.at)
    return replace(line, clocks=clocks, reports=(*line.reports, report))


@lines.on(LineBecame)
def became(line: Line, entry: Entry[LineBecame]) -> Line:
    it = Became(entry.body.matter, entry.body.procedure, entry.actor, entry.at)
    return replace(line, became=tuple(sorted({*line.became, it}, key=lambda one: (one.at, one.matter))))


@lines.on(LineUnsealed)
def unsealed(line: Line, entry: Entry[LineUnsealed]) -> Line:
    return replace(line, openings=line.openings + 1)


@dataclass(frozen=True, slots=True)
class Signed:
    """The outgoing's signature, with what was left open."""

    at: datetime
    by: UUID
    lines: tuple[UUID, ...]
    quick: int
    due: int
    overdue: int
    drafts: int
    note: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The incoming's signature."""

    at: datetime
    by: UUID
    unsigned: bool
    note: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of a unit; running until it is accepted by the next."""

    id: UUID
    unit: str
    province: str | None
    commander: UUID
    people: tuple[UUID, ...]
    since: datetime
    until: datetime
    note: str
    opened: datetime
    opened_by: UUID
    synthetic: bool
    signed: Signed | None = None
    accepted: Accepted | None = None


shifts = Fold(Shift)


@shifts.on(ShiftOpened, opens=True)
def opened(_: None, entry: Entry[ShiftOpened]) -> Shift:
    it = entry.body
    return Shift(
        id=entry.subject, unit=it.unit, province=it.province, commander=it.commander, people=it.people, since=it.since,
        until=it.until, note=it.note, opened=entry.at, opened_by=entry.actor, synthetic=it.synthetic,
    )  # fmt: skip


@shifts.on(ShiftHandedOver)
def handed_over(shift: Shift, entry: Entry[ShiftHandedOver]) -> Shift:
    it = entry.body
    signed = Signed(entry.at, entry.actor, it.lines, it.quick, it.due, it.overdue, it.drafts, it.note)
    return replace(shift, signed=signed)


@shifts.on(ShiftAccepted)
def accepted(shift: Shift, entry: Entry[ShiftAccepted]) -> Shift:
    it = entry.body
    return replace(shift, accepted=Accepted(entry.at, entry.actor, it.unsigned, it.note))


@dataclass(frozen=True, slots=True)
class Ruling:
    """One edition of the setting."""

    since: datetime
    hour: str
    phone: str
    written: str
    quick: tuple[str, ...]
    act: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How quick reports and the bulletin are set in a province, in the order in which that was written."""

    province: str
    editions: tuple[Ruling, ...] = ()


rules = Fold(Rules)


@rules.on(DutyRuled, opens=True, continues=True)
def ruled(known: Rules | None, entry: Entry[DutyRuled]) -> Rules:
    it = entry.body
    edition = Ruling(it.since, it.hour, it.phone, it.written, it.quick, it.act)
    before = known or Rules(it.province)
    return replace(before, editions=(*before.editions, edition))


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin as it was issued."""

    said: BulletinIssued
    at: datetime
    by: UUID


bulletins = Fold(Bulletin)


@bulletins.on(BulletinIssued, opens=True)
def issued(_: None, entry: Entry[BulletinIssued]) -> Bulletin:
    return Bulletin(entry.body, entry.at, entry.actor)
