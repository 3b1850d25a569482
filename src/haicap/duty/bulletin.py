"""The daily bulletin: made from the day's entries and rows, and issued once, so that it stays what was signed."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from django.db.models import Q

from haicap.duty import counting
from haicap.duty.counting import CODES, LINES, OWED, Scope
from haicap.duty.entries import BulletinIssued, Commune, Figure, OnDuty, Outage, Quick, Told
from haicap.duty.fold import Bulletin, Line, Shift, bulletins
from haicap.duty.models import BulletinRow, ShiftRow
from haicap.duty.queries import line_of, shift_of
from haicap.duty.window import Window, down_then
from haicap.journal.pen import Pen
from haicap.matters.queries import person_names
from haicap.units.actions import SPACE
from haicap.units.rights import Person, decide, require, visible
from haicap.units.rights import Scope as Where

MOST = 40  # incidents and outages that a bulletin holds, in sum twice as many
Counts = Mapping[str, Mapping[str, int]]
ByUnit = Mapping[str, Mapping[str, Mapping[str, int]]]


class NotOver(ValueError):
    """The day of the bulletin is not over yet."""


def bulletin_id(unit: str, whole: bool, day: date) -> UUID:
    """The subject of a day's bulletin; a province has one of its own desk and one as a `whole`."""
    return uuid5(SPACE, f"duty/bulletin/{unit}/{'whole' if whole else 'own'}/{day.isoformat()}")


def issued(scope: Scope, day: date) -> Bulletin | None:
    """The bulletin as it was signed; None where nobody has. One query."""
    row = BulletinRow.objects.filter(pk=bulletin_id(scope.code, scope.whole, day)).first()
    return bulletins.form.validate_python(row.state, strict=False) if row else None


def made(scope: Scope, window: Window, *, synthetic: bool = False) -> BulletinIssued:
    """The bulletin of a window as the entries and rows tell it. Eight queries at most."""
    limits, log = counting.recent(scope, window)
    owed = counting.by_unit(limits, "file", OWED, window)
    lines = counting.by_unit(log, "unit", LINES, window)
    figures = (
        counting.by_entries(scope, window) | counting.by_ends(scope, window)
        | counting.summed(owed) | counting.summed(lines)
    )  # fmt: skip
    told = _lines(scope, window)
    shifts = _shifts(scope, window)
    return BulletinIssued(
        unit=scope.code, province=scope.province, whole=scope.whole, day=window.day, since=window.since,
        until=window.until, figures=tuple(_figure(code, figures.get(code, {})) for code in CODES),
        incidents=tuple(_told(line, window) for line in told if line.sort == "incident"),
        outages=tuple(_outage(line, window) for line in told if line.sort == "line-down"),
        on_duty=tuple(_on_duty([it for it in shifts if it.unit == scope.code], window)),
        communes=tuple(_communes(owed, lines, shifts, window, scope)) if scope.whole else (),
        signer=scope.person.name, synthetic=synthetic,
    )  # fmt: skip


def issue(pen: Pen, *, entry_id: UUID, scope: Scope, said: BulletinIssued) -> Bulletin:
    """Sign a bulletin whose day is over; one that was signed before stays as it was.

    Raises `Refused`, `NotOver`.
    """
    subject = bulletin_id(said.unit, said.whole, said.day)
    known = pen.state(bulletins, subject)
    if known is not None:
        return known
    grant = None
    if isinstance(pen.person, Person):
        grant = require(decide(pen.person, "duty.issue", Where.of(scope.code)))
    if said.until > pen.at:
        raise NotOver(said.until.isoformat())
    return pen.write(bulletins, entry_id, subject, said, unit=said.unit, grant=grant)


def _figure(code: str, its: Mapping[str, int]) -> Figure:
    usual = sum(count for name, count in its.items() if name.startswith("week"))
    return Figure(code=code, now=its.get("now", 0), before=its.get("before", 0), usual=usual)


def _lines(scope: Scope, window: Window) -> list[Line]:
    """Incidents of the window and lines that were down in it: quick reports first, then lines, then the rest."""
    wanted = scope.lines().filter(LINES["incidents"](window) | down_then(window))
    return [line_of(row) for row in wanted.order_by("-quick", "-sort", "happened", "id")[: 2 * MOST]]


def _told(line: Line, window: Window) -> Told:
    its = line.as_of(window.until)
    return Told(
        line=line.id, unit=line.unit, happened=its.happened, case=its.case, place=its.place, text=its.text,
        quick=_quick(line, window),
    )  # fmt: skip


def _quick(line: Line, window: Window) -> Quick:
    """How its quick report stood at the end of the window."""
    if not line.clocks:
        return "none"
    given = {it.how: it.when for it in line.reports if it.at < window.until}
    late = any(
        (clock.code in given and clock.due and given[clock.code] > clock.due)
        or (clock.code not in given and clock.due and clock.due < window.until)
        for clock in line.clocks
    )
    missing = any(clock.code not in given for clock in line.clocks)
    return "missing" if missing else "late" if late else "given"


def _outage(line: Line, window: Window) -> Outage:
    known = line.closed if line.closed_on and line.closed_on < window.until else None
    ended = known if known and known < window.until else None
    begun = max(line.now.happened, window.since)
    minutes = int(((ended or window.until) - begun).total_seconds() // 60)
    return Outage(
        line=line.id, unit=line.unit, place=line.now.place, since=line.now.happened, until=ended, minutes=minutes
    )  # fmt: skip


def _shifts(scope: Scope, window: Window) -> list[Shift]:
    """The shifts that ran in the window, as far as they had been opened by its end."""
    ran = Q(opened__lt=window.until, since__lt=window.until) & (Q(over=None) | Q(over__gt=window.since))
    rows = visible(scope.person, "duty.see", ShiftRow.objects.filter(scope.files()).filter(ran))
    found = [shift_of(row) for row in rows.order_by("since", "id")]
    return [it for it in found if it.accepted or it.until > window.since]


def _on_duty(shifts: Sequence[Shift], window: Window) -> list[OnDuty]:
    names = person_names(one for it in shifts for one in (it.commander, *it.people))
    found = []
    for it in shifts:
        over = it.accepted.at if it.accepted and it.accepted.at < window.until else it.until
        found += [
            OnDuty(name=names.get(one, ""), since=it.since, until=over, commands=one == it.commander)
            for one in (it.commander, *it.people)
        ]
    return found


def _communes(
    owed: ByUnit, lines: ByUnit, shifts: Sequence[Shift], window: Window, scope: Scope
) -> list[Commune]:
    """The units in trouble, the worst first; those without any are left out."""
    manned = {it.unit for it in shifts if it.until > window.until and not _over(it, window)}
    found = [
        Commune(
            unit=unit, overdue=_now(owed, unit, "overdue-unit"), incidents=_now(lines, unit, "incidents"),
            late=_now(lines, unit, "quick-late"), outages=_now(lines, unit, "outages"), manned=unit in manned,
        )
        for unit in sorted(owed.keys() | lines.keys())
        if unit != scope.code and "-" not in unit
    ]  # fmt: skip
    troubled = [it for it in found if it.overdue or it.incidents or it.late or it.outages]
    return sorted(troubled, key=lambda it: (-it.late, -it.outages, -it.overdue, -it.incidents, it.unit))


def _over(shift: Shift, window: Window) -> bool:
    return shift.accepted is not None and shift.accepted.at < window.until


def _now(counts: ByUnit, unit: str, code: str) -> int:
    return counts.get(unit, {}).get(code, {}).get("now", 0)
