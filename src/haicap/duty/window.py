"""The day of a bulletin: 24 hours to a fixed hour, and what a count is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q

from haicap.clocks.wall import VIETNAM, day_of, start_of
from haicap.duty.fold import Ruling
from haicap.duty.ruling import hour_of, in_force

DAY = timedelta(days=1)
WEEKS = 4  # of the same weekday, that make what is usual


@dataclass(frozen=True, slots=True)
class Window:
    """[since, until), aware; named by the day on which it ends."""

    since: datetime
    until: datetime

    @property
    def day(self) -> date:
        """The day on which it ends, in Vietnam."""
        return day_of(self.until)

    def earlier(self, days: int) -> "Window":
        """The window so many days before."""
        return Window(self.since - days * DAY, self.until - days * DAY)

    def covers(self, column: str) -> Q:
        """Rows whose moment in `column` lies in the window."""
        return Q(**{f"{column}__gte": self.since, f"{column}__lt": self.until})


def window_of(day: date, rulings: Sequence[Ruling]) -> Window:
    """The window that ends on `day`, at the hour that was in force then."""
    noon = start_of(day) + timedelta(hours=12)
    until = datetime.combine(day, hour_of(in_force(tuple(rulings), noon)), VIETNAM)
    return Window(until - DAY, until)


def newest(at: datetime, rulings: Sequence[Ruling]) -> Window:
    """The last window that is over at `at` (aware)."""
    today = day_of(at)
    its = window_of(today, rulings)
    return its if its.until <= at else window_of(today - DAY, rulings)


def compared(window: Window) -> dict[str, Window]:
    """The window, the day before, and the same weekday of the four weeks before, by name."""
    weeks = {f"week{n}": window.earlier(7 * n) for n in range(1, WEEKS + 1)}
    return {"now": window, "before": window.earlier(1), **weeks}


# What a row was at the end of a window, told by the times in it.


def owed_then(until: datetime) -> Q:
    """Clocks that ran at `until`: begun before, and not met by then."""
    return Q(since__lt=until) & (Q(met=None) | Q(met__gte=until))


def due_then(window: Window) -> Q:
    """Clocks that ran at the end of the window and end in the 24 hours after it."""
    return owed_then(window.until) & Q(due__gte=window.until, due__lt=window.until + DAY)


def overdue_then(window: Window) -> Q:
    """Clocks that ran at the end of the window and were past their end."""
    return owed_then(window.until) & Q(due__lt=window.until)


def late_then(until: datetime) -> Q:
    """Quick reports known at `until` to have been given late, or not given and past their end by then."""
    found = Q()
    for how in ("phone", "written"):
        noted = Q(**{f"{how}_on__lt": until})
        unknown = Q(**{f"{how}_on": None}) | Q(**{f"{how}_on__gte": until})
        found |= noted & Q(**{f"{how}_met__gt": F(f"{how}_due")})
        found |= unknown & Q(**{f"{how}_due__lt": until})
    return found


def down_then(window: Window) -> Q:
    """Data lines that were down in the window, as far as was written by its end."""
    known = Q(sort="line-down", written__lt=window.until, happened__lt=window.until)
    return known & (Q(closed=None) | Q(closed_on__gte=window.until) | Q(closed__gt=window.since))
