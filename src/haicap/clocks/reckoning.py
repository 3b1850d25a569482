"""When a limit is over: `reckon`, pure and exact, with the steps that lead there; how far away that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol, TypeVar

from haicap.clocks.calendars import Calendar
from haicap.clocks.count import Count, stood_still
from haicap.clocks.limits import Limit, Unit, parse
from haicap.clocks.regimes import Regime, desk, named
from haicap.clocks.steps import Extension, Pause, Rest, Step
from haicap.clocks.wall import instant, local

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """When the limit is over, and why.

    `due` is aware UTC, the instant at which the limit is over (the midnight that ends the last day, where it
    runs to 24:00). It is None while the clock stands still; then `rest` is the time still to run. `limit` and
    `start` are as asked.
    """

    limit: Limit
    start: datetime
    regime: Regime
    due: datetime | None
    steps: tuple[Step, ...]
    rest: tuple[Rest, ...] = ()


def reckon(
    *,
    limit: Limit | str,
    start: datetime,
    regime: Regime | str,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
    end: date | datetime | None = None,
) -> Reckoned:
    """Reckon a limit from `start` (aware) by a regime and a calendar.

    Pauses may overlap and come in any order. Extensions apply in the order given. A limit counted back needs
    `end`: the day of an event, or the aware instant at which another limit is over (midnight belongs to the
    day that it ends); its pauses and extensions are those of that end and are not applied again.

    Rules: Civil Code 2015 arts 147-148, Criminal Procedure Code 2015 art. 134, Decree 118/2025; each step
    names its own and its mark (`data/regimes.toml`). Raises `UnreadableLimit`, `UnknownRegime`,
    `OutsideCalendar` where a day outside the calendar's years decides, `Unreckonable`.
    """
    count = Count(
        named(regime) if isinstance(regime, str) else regime,
        calendar.days,
        local(start),
        stood_still(pauses) if pauses else (),
    )
    asked = parse(limit) if isinstance(limit, str) else limit
    if asked.before:
        count.back(asked, end)
    else:
        count.run(asked, first=True)
        for extension in extensions:
            count.extend(extension)
        count.roll()
    due = count.close()
    return Reckoned(asked, start, count.regime, due, tuple(count.steps), tuple(count.rest))


@dataclass(frozen=True, slots=True)
class Left:
    """How far away a due instant is, as people say it; `amount` is whole, rounded down, `at` the due instant.

    `today` has no amount: the due instant is later today, and its hour says it all.
    """

    overdue: bool
    amount: int
    unit: Literal["minute", "hour", "day", "working-day", "today"]
    at: datetime


def left(due: datetime, now: datetime, unit: Unit, calendar: Calendar) -> Left:
    """How much time is left at `now` until `due`, or has passed since (both aware), by the limit's unit.

    Under an hour in minutes. Limits in hours: in hours below two days. Limits in days: `today`, then days or
    working days by the calendar. Overdue by less than a day, or by no working day yet: in hours. Midnight
    belongs to the day that it ends. Raises `OutsideCalendar` for limits in working days, `Unreckonable`.
    """
    overdue, span = now >= due, abs(due - now)
    if span < _HOUR:
        return Left(overdue, span // timedelta(minutes=1), "minute", due)
    from_day, to_day = local(now).toordinal(), (local(due) - timedelta.resolution).toordinal()
    hourly = unit in (Unit.NOW, Unit.HOUR, Unit.WORKING_HOUR)
    if not overdue and to_day == from_day and not hourly:
        return Left(overdue, 0, "today", due)
    days, kind = abs(to_day - from_day), "day"
    if unit is Unit.WORKING_DAY:
        days, kind = abs(calendar.days.before(to_day + 1) - calendar.days.before(from_day + 1)), "working-day"
    if not days or (hourly and span < 2 * _DAY) or (overdue and span < _DAY):
        return Left(overdue, span // _HOUR, "hour", due)
    return Left(overdue, days, "working-day" if kind == "working-day" else "day", due)


def passed_on(received: datetime, calendar: Calendar) -> datetime:
    """Until when a file received at the desk (aware) is to be passed on, as an aware UTC instant.

    The close of office hours of the same day, or, after 15:00 and on days off, the opening of the next
    working day (Decree 118/2025 art. 18(2) as replaced by Decree 309/2026). Raises `OutsideCalendar`,
    `Unreckonable`.
    """
    wall, days = local(received), calendar.days
    today = wall.toordinal()
    same_day = days.is_working(today) and wall.time() <= desk().cut
    day = today if same_day else days.from_(today + 1)
    offset = days.sessions(day)[-1][1] if same_day else days.sessions(day)[0][0]
    return instant(datetime.fromordinal(day) + offset)


class Dated(Protocol):
    """What holds from `valid_from` on, until before `valid_until` (None: until further notice)."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rules: Iterable[Row], at: datetime) -> Row:
    """The rule in force on the local day of `at`: for a limit, the day on which its clock starts.

    A clock that has started keeps the limit of its first day; a law that changes midway does not move it.
    Raises `LookupError` where no rule or more than one is in force.
    """
    day = local(at).date()
    found = [
        row for row in rules if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
    ]
    if len(found) != 1:
        raise LookupError(f"{len(found)} rules in force on {day.isoformat()}, not one")
    return found[0]
