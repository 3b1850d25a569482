"""A calendar's year, drawn: months of weeks of days, and the days that are not as the week has it."""

import calendar as gregorian
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from haicap.clocks.calendars import Calendar, Label


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a month's grid. `kind`: off (a holiday), rest (weekly rest), worked (compensated), or nothing."""

    day: date
    kind: str
    reason: Label | None  # of a holiday or a compensated day
    today: bool
    here: bool  # False where the grid shows a day of the month before or after

    @property
    def said(self) -> str:
        """What kind of day it is, in words."""
        return {"off": _("Ngày nghỉ"), "rest": _("Nghỉ hằng tuần"), "worked": _("Ngày làm bù")}.get(
            self.kind, ""
        )


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday, and how many working days it has."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    working: int


def months(its: Calendar, year: int, today: date) -> list[Month]:
    """The twelve months of a year that the calendar covers."""
    return [_month(its, year, month, today) for month in range(1, 13)]


def noted(its: Calendar, year: int) -> list[Day]:
    """The holidays and compensated working days of a year, in order."""
    days = sorted(day for day in (*its.days_off, *its.worked) if day.year == year)
    return [_day(its, day, day, date.min) for day in days]


def _month(its: Calendar, year: int, month: int, today: date) -> Month:
    first = date(year, month, 1)
    weeks = gregorian.Calendar().monthdatescalendar(year, month)
    days = tuple(tuple(_day(its, day, first, today) for day in week) for week in weeks)
    working = sum(1 for week in days for day in week if day.here and its.is_working(day.day))
    return Month(first, days, working)


def _day(its: Calendar, day: date, month: date, today: date) -> Day:
    here = day.month == month.month and day.year == month.year
    if reason := its.days_off.get(day):
        kind = "off"
    elif reason := its.worked.get(day):
        kind = "worked"
    else:
        kind = "rest" if day.isoweekday() in its.rest else ""
    return Day(day, kind, reason, day == today, here)
