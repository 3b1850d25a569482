"""What people do with lines of the duty log. A line is never edited: what is put right stands beside what stood."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid5

from haicap.clocks.calendars import Calendar
from haicap.clocks.reckoning import reckon
from haicap.duty.entries import (
    How,
    LineBecame,
    LineClosed,
    LineCorrected,
    LineReported,
    LineUnsealed,
    LineWritten,
)
from haicap.duty.fold import Line, lines
from haicap.duty.sorts import PHONE, WRITTEN, Sort, cases, sorts
from haicap.journal.ids import derived
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.journal.text import clean
from haicap.matters.entries import Start
from haicap.units import register
from haicap.units.acting import NotSo, granted, past, said
from haicap.units.fold import Unit
from haicap.units.vietnamese import fold

REGIME = "civil"  # hours run from the moment, through nights and days off


class Settings(Protocol):
    """How quick reports are set: limits as `clocks.limits` writes them, and the cases that call for one."""

    @property
    def phone(self) -> str: ...
    @property
    def written(self) -> str: ...
    @property
    def quick(self) -> tuple[str, ...]: ...


def write_line(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    unit: Unit,
    sort: Sort,
    text: str,
    happened: datetime,
    settings: Settings,
    calendar: Calendar,
    case: str | None = None,
    place: str = "",
    people: str = "",
    follow: bool = False,
    shift: UUID | None = None,
    synthetic: bool = False,
) -> Line:
    """Put a line into the log of `unit`; a serious case sets the clocks of the quick report going.

    `happened` is aware; `people` who have to do with it, sealed; `follow` leaves a line open that is else done
    when it is written. Raises `Refused`, `Unsaid` without a text, `NotYet`.
    """
    if pen.wrote(entry_id) and (known := pen.state(lines, subject)) is not None:
        return known
    grant = granted(pen.person, "duty.write", unit.code)
    case = _case(sort, case)
    body = LineWritten(
        unit=unit.code, province=unit.province, sort=sort, case=case, happened=past(happened, pen.at),
        place=clean(place).strip(), territory=territory_of(unit, place), text=said(text, "text"),
        open=follow or sorts()[sort].stays, shift=shift, synthetic=synthetic,
        starts=_starts(case, happened, settings, calendar),
    )  # fmt: skip
    return pen.write(lines, entry_id, subject, body, unit=unit.code, grant=grant, sealed=_sealed(people))


def correct_line(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    unit: Unit,
    text: str,
    happened: datetime,
    reason: str,
    settings: Settings,
    calendar: Calendar,
    case: str | None = None,
    place: str = "",
    people: str = "",
) -> Line:
    """Say how a line should have read; both stay readable. Another case starts or drops the quick report's clocks.

    Raises `Refused`, `NotSo` where there is no such line, `Unsaid` without text or reason, `NotYet`.
    """
    line = found(pen, subject)
    if pen.wrote(entry_id):
        return line
    case = _case(line.sort, case)
    wanted = _starts(case, happened, settings, calendar)
    running = {clock.code for clock in line.clocks}
    body = LineCorrected(
        case=case, happened=past(happened, pen.at), place=clean(place).strip(), territory=territory_of(unit, place),
        text=said(text, "text"), reason=said(reason, "reason"),
        starts=tuple(start for start in wanted if start.clock not in running),
        drops=tuple(clock.code for clock in line.clocks if clock.runs and not wanted),
    )  # fmt: skip
    return _act(pen, entry_id, line, "duty.write", body, sealed=_sealed(people))


def close_line(pen: Pen, *, entry_id: UUID, subject: UUID, when: datetime, note: str = "") -> Line:
    """Say that it is done, or that the data line works again, since `when` (aware).

    Raises `Refused`, `NotSo`, `NotYet`.
    """
    line = found(pen, subject)
    if pen.wrote(entry_id):
        return line
    if not line.open or when < line.now.happened:
        raise NotSo("close")
    body = LineClosed(when=past(when, pen.at), note=clean(note).strip())
    return _act(pen, entry_id, line, "duty.write", body)


def report(
    pen: Pen, *, entry_id: UUID, subject: UUID, how: How, to: str, when: datetime, paper: str = ""
) -> Line:
    """Write down that the quick report was given: by phone to whom and when, or in writing under which number.

    `when` is aware, not before the event. Raises `Refused`, `NotSo` where none is owed, `Unsaid`, `NotYet`.
    """
    line = found(pen, subject)
    if pen.wrote(entry_id):
        return line
    if not any(clock.code == how and clock.runs for clock in line.clocks) or when < line.now.happened:
        raise NotSo("report")
    body = LineReported(how=how, to=said(to, "to"), when=past(when, pen.at), paper=clean(paper).strip())
    return _act(pen, entry_id, line, "duty.write", body)


def became(pen: Pen, *, entry_id: UUID, subject: UUID, matter: UUID, procedure: str) -> Line:
    """Write down that a form was begun for the line; its matter will have the subject `matter`.

    Raises `Refused`, `NotSo`.
    """
    line = found(pen, subject)
    return _act(pen, entry_id, line, "duty.write", LineBecame(matter=matter, procedure=procedure))


def unseal(pen: Pen, *, entry_id: UUID, subject: UUID, purpose: str) -> Line:
    """Record that somebody opens who has to do with the line. Raises `Refused`, `NotSo`, `Unsaid` without a purpose."""
    line = found(pen, subject)
    return _act(pen, entry_id, line, "duty.open-sealed", LineUnsealed(purpose=said(purpose, "purpose")))


def subject_of(entry_id: UUID) -> UUID:
    """The subject of the line that the entry `entry_id` opens: one form, one line."""
    return derived(entry_id, "line")


def form_of(line: UUID, procedure: str, person: UUID) -> UUID:
    """The id of the entry that this person's form for the line will become: pressed twice it is the same form."""
    return uuid5(line, f"{procedure}/{person}")


def found(pen: Pen, subject: UUID) -> Line:
    """The line as this transaction sees it. Raises `NotSo` where there is none."""
    line = pen.state(lines, subject)
    if line is None:
        raise NotSo("line")
    return line


def territory_of(unit: Unit, place: str) -> str | None:
    """The code of the unit's territory that a place names; None for any other text."""
    wanted = fold(place)
    names: Iterable[tuple[str, str]] = (
        (name, code)
        for code in unit.territories
        for name in (register.territory(code).name, register.territory(code).short)
    )
    return next((code for name, code in names if wanted and fold(name) == wanted), None)


def _case(sort: Sort, case: str | None) -> str | None:
    return case if sort == "incident" and case in cases() else None


def _starts(case: str | None, since: datetime, settings: Settings, calendar: Calendar) -> tuple[Start, ...]:
    if case not in settings.quick:
        return ()
    return tuple(
        Start(
            clock=code, binds="holder", since=since, limit=limit, regime=REGIME, calendar=calendar.sha256,
            due=reckon(limit=limit, start=since, regime=REGIME, calendar=calendar).due,
        )
        for code, limit in ((PHONE, settings.phone), (WRITTEN, settings.written))
    )  # fmt: skip


def _sealed(people: str) -> Mapping[str, object] | None:
    said = clean(people).strip()
    return {"people": said} if said else None


def _act(
    pen: Pen,
    entry_id: UUID,
    line: Line,
    action: str,
    body: Body,
    *,
    sealed: Mapping[str, object] | None = None,
) -> Line:
    grant = granted(pen.person, action, line.unit)
    return pen.write(lines, entry_id, line.id, body, unit=line.unit, grant=grant, sealed=sealed)
