"""What a change of the calendar or of a limit would move: running clocks reckoned anew, nothing written down.

A clock that has started keeps the limit of its first day (`clocks.reckoning.in_force`), so a changed limit shows
what running matters would come to if it were theirs. A new day off or a day worked instead does reach them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from haicap.clocks.calendars import Calendar, Label
from haicap.clocks.limits import parse as parse_limit
from haicap.clocks.models import Owed
from haicap.clocks.wall import end_of, start_of
from haicap.matters.law import Law
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of, seen
from haicap.matters.running import capped, reckoned
from haicap.matters.schema import Procedure
from haicap.matters.state import Clock, Matter
from haicap.matters.timing import UNTIL
from haicap.units.rights import Person

REASON = Label(vi="Thay đổi thử", en="Change on trial")


class NoChange(ValueError):
    """The day is already off, or worked; `day` says which."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


@dataclass(frozen=True, slots=True)
class Moved:
    """A running clock whose end would move. Both ends are aware UTC."""

    id: UUID
    number: str
    title: str
    edition: str
    clock: str
    unit: str
    holder: str | None
    before: datetime
    after: datetime

    def late(self, at: datetime) -> bool:
        """Whether it would be late at `at` and is not."""
        return self.after < at <= self.before

    def saved(self, at: datetime) -> bool:
        """Whether it is late at `at` and would not be."""
        return self.before < at <= self.after


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, the newly late first, and how many running clocks were reckoned anew."""

    moved: tuple[Moved, ...]
    reckoned: int


def of_calendar(person: Person, law: Law, day: date, *, worked: bool, at: datetime) -> Preview:
    """What the running clocks that `person` sees would come to if `day` were off, or `worked`.

    Each clock is reckoned by its own edition of the calendar with the one day changed. Raises `NoChange`,
    `OutsideCalendar`.
    """
    changed(law.calendar, day, worked=worked)
    edition = cache(lambda sha256: changed(law.calendar_edition(sha256), day, worked=worked, again=True))
    over = Owed.objects.filter(
        subject=OuterRef("pk"), met=None, since__lt=end_of(day), due__gte=start_of(day)
    )

    def anew(procedure: Procedure, clock: Clock) -> datetime | None:
        return _ends(procedure, clock, edition(clock.calendar))

    return _preview(seen(person).filter(Exists(over)), law, anew, at, _spanning(day))


def of_limit(person: Person, law: Law, procedure: str, clock: str, limit: str, *, at: datetime) -> Preview:
    """What the running clocks of one kind that `person` sees would come to with another limit.

    Raises `UnreadableLimit`.
    """
    parse_limit(limit)
    edition = cache(law.calendar_edition)
    its = Owed.objects.filter(subject=OuterRef("pk"), met=None, clock=clock, due__isnull=False)

    def anew(pinned: Procedure, running: Clock) -> datetime | None:
        return _ends(pinned, replace(running, limit=limit), edition(running.calendar))

    rows = seen(person).filter(Exists(its), procedure=procedure)
    return _preview(rows, law, anew, at, lambda running: running.code == clock)


def limits_of(procedure: Procedure) -> dict[str, tuple[str, ...]]:
    """The clocks whose limit may be put on trial, those with a length: its texts, of all branches."""
    return {
        code: (clock.limit,) if isinstance(clock.limit, str) else tuple(dict.fromkeys(clock.limit.values()))
        for code, clock in procedure.clock.items()
        if clock.limit != UNTIL
    }


def changed(calendar: Calendar, day: date, *, worked: bool, again: bool = False) -> Calendar:
    """The calendar with one day off more, or one day of rest worked.

    Raises `OutsideCalendar`, and `NoChange` where the day is so already, unless `again`.
    """
    if calendar.is_working(day) == worked:
        if again:
            return calendar
        raise NoChange(day)
    off = {each: why for each, why in calendar.days_off.items() if each != day}
    at_work = {each: why for each, why in calendar.worked.items() if each != day}
    bare = calendar.model_copy(update={"days_off": off, "worked": at_work})
    if bare.is_working(day) == worked:
        return bare
    (at_work if worked else off)[day] = REASON
    return calendar.model_copy(update={"days_off": off, "worked": at_work})


def _spanning(day: date) -> Callable[[Clock], bool]:
    begins, ends = start_of(day), end_of(day)
    return lambda clock: clock.due is not None and clock.since < ends and clock.due >= begins


def _ends(procedure: Procedure, clock: Clock, calendar: Calendar) -> datetime | None:
    due = reckoned(clock, calendar).due
    return capped(procedure.clock[clock.code], clock, due, calendar) if clock.longer else due


def _preview(
    rows: QuerySet[MatterRow],
    law: Law,
    anew: Callable[[Procedure, Clock], datetime | None],
    at: datetime,
    touched: Callable[[Clock], bool],
) -> Preview:
    pairs = list(_running(rows, touched))
    ends = [(matter, clock, anew(law.pinned(matter.edition), clock)) for matter, clock in pairs]
    moved = [_moved(matter, clock, end) for matter, clock, end in ends if end and end != clock.due]
    order = sorted(moved, key=lambda it: (not it.late(at), it.after, it.number, it.clock))
    return Preview(tuple(order), len(pairs))


def _running(rows: QuerySet[MatterRow], touched: Callable[[Clock], bool]) -> Iterable[tuple[Matter, Clock]]:
    for row in rows.only("state").iterator(chunk_size=500):
        matter = matter_of(row)
        for clock in matter.clocks:
            if clock.runs and clock.due is not None and touched(clock):
                yield matter, clock


def _moved(matter: Matter, clock: Clock, end: datetime) -> Moved:
    assert clock.due is not None
    return Moved(
        matter.id, matter.number, matter.title, matter.edition, clock.code, matter.unit, matter.holder,
        clock.due, end,
    )  # fmt: skip
