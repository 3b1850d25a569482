"""Tables of this room: indexes over folded lines, shifts, settings and bulletins."""

from uuid import UUID

from django.db import models

from haicap.clocks.models import Owed
from haicap.clocks.wall import VIETNAM
from haicap.duty.fold import Bulletin, Line, Rules, Shift, bulletins, lines, rules, shifts
from haicap.duty.sorts import PHONE, QUICK, WRITTEN
from haicap.journal.fold import Folded
from haicap.journal.models import Projection, Row
from haicap.journal.projection import projects, projects_also
from haicap.matters.state import Clock
from haicap.units.vietnamese import fold as folded_text


class LineRow(Projection):
    """A line of the duty log as lists and bulletins need it."""

    unit = models.TextField()
    province = models.TextField(null=True)
    sort = models.TextField()
    case = models.TextField(null=True)
    written = models.DateTimeField()  # when it was put into the log: what a bulletin counts by
    happened = models.DateTimeField()
    place = models.TextField()
    words = models.TextField()  # folded for search
    by = models.UUIDField()
    open = models.BooleanField()
    closed = models.DateTimeField(null=True)
    closed_on = models.DateTimeField(null=True)
    quick = models.BooleanField()  # a quick report is, or was, owed
    phone_due = models.DateTimeField(null=True)
    phone_met = models.DateTimeField(null=True)
    phone_on = models.DateTimeField(null=True)  # when that was written down
    written_due = models.DateTimeField(null=True)
    written_met = models.DateTimeField(null=True)
    written_on = models.DateTimeField(null=True)
    conflicts = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-written"], name="duty_line_of_unit"),
            models.Index(fields=["province", "-written"], name="duty_line_in_province"),
            models.Index(fields=["unit"], condition=models.Q(open=True), name="duty_line_open"),
            models.Index(
                fields=["province"], condition=models.Q(sort="line-down", closed=None), name="duty_line_down"
            ),
        ]


@projects(lines, into=LineRow)
def line_row(line: Line, folded: Folded[Line]) -> Row:
    clocks = {clock.code: clock for clock in line.clocks}
    noted = {report.how: report.at for report in reversed(line.reports)}
    phone, written = clocks.get(PHONE), clocks.get(WRITTEN)
    return {
        "unit": line.unit,
        "province": line.province,
        "sort": line.sort,
        "case": line.now.case,
        "written": line.written,
        "happened": line.now.happened,
        "place": line.now.place,
        "words": folded_text(f"{line.now.text} {line.now.place}"),
        "by": line.wordings[0].by,
        "open": line.open,
        "closed": line.closed,
        "closed_on": line.closed_on,
        "quick": bool(clocks),
        "phone_due": phone.due if phone else None,
        "phone_met": phone.met if phone else None,
        "phone_on": noted.get("phone"),
        "written_due": written.due if written else None,
        "written_met": written.met if written else None,
        "written_on": noted.get("written"),
        "conflicts": len(folded.aside),
    }


@projects_also(lines, into=Owed)
def owed(subject: UUID, folded: Folded[Line]) -> list[Row]:
    """The clocks of a line's quick report, in the one table of all that is owed."""
    line = folded.state
    assert line is not None
    return [_owed(subject, place, line, clock) for place, clock in enumerate(line.clocks)]


def _owed(subject: UUID, place: int, line: Line, clock: Clock) -> Row:
    return {
        "subject": subject,
        "place": place,
        "room": "duty",
        "number": f"{line.unit} · {line.now.happened.astimezone(VIETNAM):%d/%m %H:%M}",
        "title": line.now.text[:200],
        "procedure": QUICK,
        "clock": clock.code,
        "level": _level(line.unit, line.province),
        "unit": line.unit,
        "file": line.unit,
        "holder": line.unit,
        "raised_by": line.unit,
        "province": line.province,
        "since": clock.since,
        "due": clock.due,
        "met": clock.met,
    }


def _level(unit: str, province: str | None) -> str:
    """Whose lateness it would be: a department and the province's own desk are of the province."""
    return "province" if unit == province or unit.startswith(f"{province}-") else "unit"


class ShiftRow(Projection):
    """A shift; `over` is when it was accepted by the next, null while it runs."""

    unit = models.TextField()
    province = models.TextField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    opened = models.DateTimeField()
    signed = models.DateTimeField(null=True)
    over = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-since"], name="duty_shift_of_unit"),
            models.Index(fields=["province", "-since"], name="duty_shift_in_province"),
        ]


@projects(shifts, into=ShiftRow)
def shift_row(shift: Shift, folded: Folded[Shift]) -> Row:
    return {
        "unit": shift.unit,
        "province": shift.province,
        "since": shift.since,
        "until": shift.until,
        "opened": shift.opened,
        "signed": shift.signed.at if shift.signed else None,
        "over": shift.accepted.at if shift.accepted else None,
    }


class RulesRow(Projection):
    """The setting of a province; its editions are in the state."""

    province = models.TextField(db_index=True)


@projects(rules, into=RulesRow)
def rules_row(its: Rules, folded: Folded[Rules]) -> Row:
    return {"province": its.province}


class BulletinRow(Projection):
    """An issued bulletin; all that it says is in the state."""

    unit = models.TextField()
    province = models.TextField(null=True)
    day = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["unit", "-day"], name="duty_bulletin_of_unit")]


@projects(bulletins, into=BulletinRow)
def bulletin_row(bulletin: Bulletin, folded: Folded[Bulletin]) -> Row:
    return {"unit": bulletin.said.unit, "province": bulletin.said.province, "day": bulletin.said.day}
