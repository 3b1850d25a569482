"""The questions that pages ask of the duty log and of shifts.

`filtered` is the one meaning of the log's address: what links to the log counts with the same function.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from haicap.clocks.models import Owed
from haicap.clocks.wall import end_of, read_day, start_of
from haicap.duty.fold import Line, Shift, lines, shifts
from haicap.duty.models import LineRow, ShiftRow
from haicap.journal.entry import Entry
from haicap.journal.history import history
from haicap.matters import drafts
from haicap.matters.queries import person_names
from haicap.matters.queries import seen as matters_seen
from haicap.units.models import UnitRow
from haicap.units.rights import Person, visible
from haicap.units.vietnamese import fold

SORTS = {"happened": "happened", "written": "written", "sort": "sort", "unit": "unit", "place": "place"}
NEXT = timedelta(hours=24)
ON = "1"

Narrow = Callable[[QuerySet[LineRow], str, datetime], QuerySet[LineRow]]


def seen(person: Person) -> QuerySet[LineRow]:
    """All lines that `person` may see."""
    return visible(person, "duty.see", LineRow.objects.all())


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[LineRow]:
    """The lines that `person` may see and that fit the parameters of the log's address; `at` is aware.

    A parameter that is empty or unreadable narrows nothing; all that are given hold together.

    - `q`: every word, folded, is in text or place; `unit`, `sort`, `case`: the code
    - `since`, `until`: days on which it happened, both included (Asia/Ho_Chi_Minh)
    - `open=1` not done, `open=0` done
    - `quick=owed` a quick report not yet given whole, `late` one given late or overdue, `any`
    """
    rows = seen(person)
    for name, narrow in NARROWING.items():
        if value := params.get(name, "").strip():
            rows = narrow(rows, value, at)
    return rows


def in_order(rows: QuerySet[LineRow], sort: str) -> QuerySet[LineRow]:
    """Rows in the order of `sort`, a key of `SORTS` or one with `-` before it; nothing known: the latest first."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        return rows.order_by("-happened", "-written", "id")
    lead = F(SORTS[key]).desc() if sort.startswith("-") else F(SORTS[key]).asc()
    return rows.order_by(lead, "-happened", "id")


def _words(rows: QuerySet[LineRow], value: str, at: datetime) -> QuerySet[LineRow]:
    for word in fold(value).split():
        rows = rows.filter(words__contains=word)
    return rows


def _quick(rows: QuerySet[LineRow], value: str, at: datetime) -> QuerySet[LineRow]:
    owed = Q(phone_met=None) | Q(written_met=None)
    wanted = {"owed": owed, "late": late(at), "any": Q()}.get(value)
    return rows if wanted is None else rows.filter(wanted, quick=True)


def late(at: datetime) -> Q:
    """Quick reports that were given late, or are overdue at `at`."""
    return (
        Q(phone_met__gt=F("phone_due"))
        | Q(phone_met=None, phone_due__lt=at)
        | Q(written_met__gt=F("written_due"))
        | Q(written_met=None, written_due__lt=at)
    )


def _since(rows: QuerySet[LineRow], value: str, at: datetime) -> QuerySet[LineRow]:
    day = read_day(value)
    return rows.filter(happened__gte=start_of(day)) if day else rows


def _until(rows: QuerySet[LineRow], value: str, at: datetime) -> QuerySet[LineRow]:
    day = read_day(value)
    return rows.filter(happened__lt=end_of(day)) if day else rows


def _same(column: str) -> Narrow:
    return lambda rows, value, at: rows.filter(**{column: value})


NARROWING: dict[str, Narrow] = {
    "q": _words,
    "unit": _same("unit"),
    "sort": _same("sort"),
    "case": _same("case"),
    "since": _since,
    "until": _until,
    "open": lambda rows, value, at: rows.filter(open=value == ON),
    "quick": _quick,
}
"""Every parameter of the log's address, in the order in which it narrows."""


def line_of(row: LineRow) -> Line:
    """The line behind its row, without a query."""
    return lines.form.validate_python(row.state, strict=False)


def shift_of(row: ShiftRow) -> Shift:
    """The shift behind its row, without a query."""
    return shifts.form.validate_python(row.state, strict=False)


def one(person: Person, line: UUID) -> LineRow | None:
    """The row of a line that `person` may see, or None."""
    return seen(person).filter(pk=line).first()


def told(line: UUID) -> list[Entry[Any]]:
    """A line's entries in fold order. The caller has been judged."""
    return history(line)


def numbers(person: Person, its: Iterable[Line]) -> dict[UUID, str]:
    """The numbers of the matters that lines became, by subject; a form not yet sent has none. One query at most."""
    wanted = {became.matter for line in its for became in line.became}
    if not wanted:
        return {}
    return dict(matters_seen(person).filter(pk__in=wanted).values_list("pk", "number"))


def shifts_seen(person: Person) -> QuerySet[ShiftRow]:
    """All shifts that `person` may see."""
    return visible(person, "duty.see", ShiftRow.objects.all())


def last_shift(unit: str) -> Shift | None:
    """The shift at a unit's desk: the one that runs, or was the last to. One query."""
    row = ShiftRow.objects.filter(unit=unit).order_by("-since", "-opened").first()
    return shift_of(row) if row else None


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is on duty at a unit, with the names of all; `shift` None where nobody ever was."""

    unit: str
    shift: Shift | None
    names: Mapping[UUID, str]
    at: datetime

    @property
    def manned(self) -> bool:
        """Whether a shift runs, within its time."""
        return self.shift is not None and self.shift.accepted is None and self.at < self.shift.until

    @property
    def people(self) -> list[str]:
        """The names of those on duty, whoever commands first."""
        if self.shift is None:
            return []
        return [self.names.get(one, "") for one in (self.shift.commander, *self.shift.people)]


def desk(unit: str, at: datetime) -> Desk:
    """Who is on duty at a unit at `at` (aware). Two queries."""
    shift = last_shift(unit)
    people = (shift.commander, *shift.people, shift.opened_by) if shift else ()
    return Desk(unit, shift, person_names(people), at)


def desk_of(person: Person, at: datetime) -> Desk | None:
    """As `desk`, of the unit of somebody who may see its log; None for others. Two queries."""
    mine = sorted(right.unit for right in person.rights if right.allows("duty.see") and right.over == "unit")
    return desk(mine[0], at) if mine else None


def has_bulletin(person: Person) -> bool:
    """Whether one is made for where the person is: departments write a log, but have no bulletin."""
    return person.may("duty.see") and "-" not in person.unit


@dataclass(frozen=True, slots=True)
class Left:
    """What is open at a unit's desk when a shift is handed over."""

    lines: Sequence[Line]
    quick: Sequence[Line]
    due: int
    overdue: int
    drafts: int


def left_open(person: Person, unit: str, at: datetime) -> Left:
    """Open lines, quick reports not yet given, limits that the unit owes in the next 24 hours or has passed.

    `drafts` are those of `person`. Three queries.
    """
    open_now = Q(open=True) | Q(quick=True, phone_met=None) | Q(quick=True, written_met=None)
    found = [line_of(row) for row in LineRow.objects.filter(open_now, unit=unit).order_by("happened", "id")]
    ours = owing(person, unit)
    return Left(
        lines=[line for line in found if line.open],
        quick=[line for line in found if any(clock.runs for clock in line.clocks)],
        due=ours.filter(due__gte=at, due__lt=at + NEXT).count(),
        overdue=ours.filter(due__lt=at).count(),
        drafts=drafts.of(person).count(),
    )


def owing(person: Person, unit: str) -> QuerySet[Owed]:
    """The limits of matters that run and that `unit` itself owes, as far as `person` may see them."""
    rows = visible(person, "matter.see", Owed.objects.filter(met=None, room="matters"), by=("file", "unit"))
    return rows.filter(unit=unit)


def units_seen(person: Person) -> list[tuple[str, str]]:
    """Code and name of the units whose log `person` may see, where those are few or a province's. One query."""
    its = {unit for right in person.rights if right.allows("duty.see") for unit in right.units}
    rows = UnitRow.objects.filter(code__in=its, closed=None).order_by("level", "order")
    return list(rows.values_list("code", "name"))
