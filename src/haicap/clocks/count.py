"""One reckoning under way: how each unit of time runs, stands still and ends, by a regime and a calendar.

One rule for pauses, whatever the unit: **a day counts if the clock is running when the day ends** (a sitting
likewise). So the day on which a pause begins does not count, the day of resuming does, and a pause of n dates
moves the end by n days; hours and working hours are given back to the second.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from haicap.clocks.calendars import Days, Skipped
from haicap.clocks.limits import Limit, Unit
from haicap.clocks.regimes import Regime
from haicap.clocks.steps import (
    Back,
    DayOne,
    Extended,
    Extension,
    FromMoment,
    MonthEnd,
    Opening,
    Pause,
    Paused,
    Rest,
    Result,
    Rolled,
    Sitting,
    Stated,
    Step,
)
from haicap.clocks.wall import Unreckonable, instant, local

_HOUR = timedelta(hours=1)
_TICK = timedelta.resolution
_HALF = Fraction(1, 2)
_EVER = datetime.fromordinal(1)


class Still(NamedTuple):
    """A pause on the wall clock; [day, resumes) are its dates as day numbers."""

    since: datetime
    until: datetime | None
    day: int
    resumes: int | None
    pause: Pause


class Count:
    """One reckoning under way, on the wall clock.

    `last` is the last day so far as a day number; `at` the exact end, where the unit gives one; `ending`
    names the rule that the end stands on.
    """

    __slots__ = (
        "at",
        "days",
        "ending",
        "floor",
        "last",
        "pauses",
        "regime",
        "rest",
        "start",
        "steps",
        "unit",
    )

    def __init__(self, regime: Regime, days: Days, start: datetime, pauses: tuple[Still, ...]) -> None:
        self.regime = regime
        self.days = days
        self.start = self.floor = start
        self.pauses = pauses
        self.steps: list[Step] = []
        self._restart()

    def _restart(self) -> None:
        self.at: datetime | None = self.start
        self.last = self.start.toordinal()
        self.unit = Unit.NOW
        self.ending = "end"
        self.rest: list[Rest] = []

    def run(self, limit: Limit, *, first: bool) -> None:
        """Let `limit` run from where the count stands; `first` where that is the event itself."""
        self.unit, amount = limit.unit, Fraction(limit.amount)
        match limit.unit:
            case Unit.NOW:
                self.ending = "at-once"
            case Unit.HOUR:
                self._hours(amount)
            case Unit.WORKING_HOUR:
                self._working_hours(amount)
            case Unit.WORKING_DAY if amount == _HALF:
                self._sitting()
            case Unit.DATE:
                self._stated(limit)
            case _:
                if first:
                    self.steps.append(DayOne(date.fromordinal(self.last), self.regime.rules["day-one"]))
                self._whole_days(limit.unit, amount)

    def extend(self, extension: Extension) -> None:
        """Let an extension follow, or replace, what has run so far."""
        rule = self.regime.rules["add"]
        if extension.how == "to":
            # The longer limit runs from the same start: of the former only the fact of extending stays.
            kept = [step for step in self.steps if isinstance(step, Extended)]
            self.steps = [*kept, Extended(extension, None, rule)]
            self._restart()
            self.run(extension.limit, first=True)
            return
        self.steps.append(Extended(extension, date.fromordinal(self.last), rule))
        if self.rest:
            self.rest.append(Rest(extension.limit.unit, Fraction(extension.limit.amount)))
        else:
            self.run(extension.limit, first=False)

    def roll(self) -> None:
        """A last day that is a day off gives way to the next working day, where the regime says so."""
        if self.rest or self.unit not in self.regime.rolls:
            return
        to = self.days.from_(self.last)
        if to == self.last:
            return
        off = tuple(note for note in self.days.notes(self.last - 1, to) if isinstance(note, Skipped))
        rule = self.regime.rules.get(f"roll-{self.unit.value}", self.regime.rules["roll"])
        self.steps.append(Rolled(date.fromordinal(self.last), date.fromordinal(to), off, rule))
        nominal, self.last = self.last, to
        if self.unit is not Unit.DATE:
            self._past_pauses(nominal)

    def _past_pauses(self, nominal: int) -> None:
        """The day that a limit moved to must be one on which the clock runs."""
        for still in self.pauses:
            if not nominal < still.day <= self.last or still.since >= self._moment():
                continue
            if still.resumes is None:
                self._stand(still, Rest(Unit.DAY, Fraction(1)))
                return
            resumed = max(self.last, self.days.from_(still.resumes))
            self._gave(still, Unit.DAY, Fraction(resumed - self.last))
            self.last = resumed

    def close(self) -> datetime | None:
        """The end as an aware instant, written down as the last step."""
        due = None if self.rest else instant(max(self._moment(), self.floor))
        self.steps.append(Result(due, tuple(self.rest), self.regime.rules[self.ending]))
        return due

    def back(self, limit: Limit, end: date | datetime | None) -> None:
        """Count `limit` back from `end`; a day off gives way to the working day before it."""
        if end is None:
            raise Unreckonable(f"nothing to count back from: {limit}")
        wall = local(end) if isinstance(end, datetime) else datetime.fromordinal(end.toordinal())
        # An instant that ends a day at 24:00 belongs to that day.
        day = (wall - _TICK).toordinal() if isinstance(end, datetime) else wall.toordinal()
        self.steps.append(Back(date.fromordinal(day), self.regime.rules["back"]))
        self.floor, self.unit, amount = _EVER, limit.unit, Fraction(limit.amount)
        if limit.unit is Unit.HOUR:
            self.at, self.ending = wall - _hours(amount), "moment"
        elif limit.unit in (Unit.DAY, Unit.MONTH):
            whole = int(amount)
            self._on(
                self.days.back_from(day - whole if limit.unit is Unit.DAY else self._same_date(day, -whole))
            )
        elif limit.unit is Unit.WORKING_DAY and amount.denominator == 1:
            self._on(self.days.working_at(self.days.before(day) - int(amount)))
            self.steps += self.days.notes(self.last, day - 1)
        else:
            raise Unreckonable(f"cannot be counted back: {limit}")

    def _on(self, day: int) -> None:
        self.last, self.at = day, None

    def _moment(self) -> datetime:
        """The end so far: exact, or the end of the last day by the regime."""
        return self.at if self.at is not None else self._end_of(self.last)

    def _end_of(self, day: int) -> datetime:
        if self.regime.ends == "midnight":
            return datetime.fromordinal(day + 1)
        return datetime.fromordinal(day) + self.days.sessions(day)[-1][1]

    def _until(self, at: datetime, ending: str) -> None:
        self.at, self.last, self.ending = at, at.toordinal(), ending

    def _gave(self, still: Still, unit: Unit, amount: Fraction) -> None:
        self.steps.append(Paused(still.pause, Rest(unit, amount), self.regime.rules["pause"]))

    def _stand(self, still: Still, rest: Rest) -> None:
        """The clock stands still: no end, only the rest of the time."""
        self.rest.append(rest)
        self.steps.append(Paused(still.pause, None, self.regime.rules["pause"]))

    def _stated(self, limit: Limit) -> None:
        if limit.until is None or limit.until.toordinal() < self.last:
            raise Unreckonable(f"the date lies before the start: {limit}")
        self._on(limit.until.toordinal())
        self.ending = "end"
        self.steps.append(Stated(limit.until, self.regime.rules["until"]))

    def _whole_days(self, unit: Unit, amount: Fraction) -> None:
        """Days, months, working days, and working days and a half."""
        base, whole = self.last, ceil(amount)
        if unit is Unit.WORKING_DAY:
            before = self.days.before
            index = self._running(unit, base, before(base + 1) + whole - 1, before, self.days.working_at)
            self._on(self.days.working_at(index))
            self.steps += self.days.notes(base, self.last)
        else:
            nominal = base + whole if unit is Unit.DAY else self._same_date(base, whole)
            self._on(self._running(unit, base, nominal, _itself, _itself))
        self.ending = "end"
        if amount.denominator == 2 and not self.rest:
            self._until(datetime.fromordinal(self.last) + self.days.sessions(self.last)[0][1], "half")

    def _running(
        self, unit: Unit, base: int, index: int, before: Callable[[int], int], day_at: Callable[[int], int]
    ) -> int:
        """Move the last day, an index into the counted days, past days on which the clock stood still."""
        for still in self.pauses:
            if still.resumes is not None and still.resumes <= base + 1 and still.day <= base:
                continue  # over before the first day counted
            last = day_at(index)
            first = max(still.day, base + 1)
            if first > last or still.since >= self._end_of(last):
                break
            counted = Unit.WORKING_DAY if unit is Unit.WORKING_DAY else Unit.DAY
            if still.resumes is None:
                self._stand(still, Rest(counted, Fraction(index - before(first) + 1)))
                break
            given = before(still.resumes) - before(first)
            self._gave(still, counted, Fraction(given))
            index += given
        return index

    def _same_date(self, base: int, months: int) -> int:
        """The same date so many months on, or the last day of a month that has no such date."""
        day = date.fromordinal(base)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        length = monthrange(year, month + 1)[1]
        reached = date(year, month + 1, min(day.day, length))
        if day.day > length:
            self.steps.append(MonthEnd(reached, self.regime.rules["month"]))
        return reached.toordinal()

    def _hours(self, amount: Fraction) -> None:
        begin = self._moment()
        end = begin + _hours(amount)
        self.steps.append(FromMoment(instant(begin), self.regime.rules["moment"]))
        for still in self.pauses:
            if still.since >= end:
                break
            since = max(still.since, begin)
            if still.until is None:
                self._stand(still, _rest(Unit.HOUR, end - since))
                break
            if still.until > since:
                self._gave(still, Unit.HOUR, _in_hours(still.until - since))
                end += still.until - since
        self._until(end, "moment")

    def _working_hours(self, amount: Fraction) -> None:
        begin, rule = self._moment(), self.regime.rules["working-hour"]
        left = _hours(amount)
        self.steps.append(Opening(instant(next(self.days.open_from(begin))[0]), rule))
        end = begin
        for opens, closes in self._open(begin):
            end = min(opens + left, closes)
            left -= end - opens
            if not left:
                break
        self.steps += self.days.notes(begin.toordinal() - 1, end.toordinal())
        for still in self.pauses:
            if left and still.until is None:
                self._stand(still, _rest(Unit.WORKING_HOUR, left))
            elif still.until is not None and still.until > begin and still.since < end:
                self._gave(still, Unit.WORKING_HOUR, self._office_time(max(still.since, begin), still.until))
        self._until(end, "working-hour")

    def _open(self, begin: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Spans in which the office is open and the clock runs; they end where a pause does not."""
        for opens, closes in self.days.open_from(begin):
            at = opens
            for still in self.pauses:
                if still.since >= closes or (still.until is not None and still.until <= at):
                    continue
                if at < still.since:
                    yield at, still.since
                if still.until is None:
                    return
                at = min(still.until, closes)
            if at < closes:
                yield at, closes

    def _office_time(self, since: datetime, until: datetime) -> Fraction:
        total = timedelta()
        for opens, closes in self.days.open_from(since):
            if opens >= until:
                break
            total += min(closes, until) - opens
        return _in_hours(total)

    def _sitting(self) -> None:
        """Half a working day: the first sitting after that of the event at whose end the clock runs."""
        begin = self._moment()
        gave: dict[Still, int] = {}
        for opens, closes in self.days.open_from(begin):
            if opens == begin:
                continue  # the sitting of the event itself
            still = self._still_at(closes)
            if still is None:
                self.steps += self.days.notes(begin.toordinal() - 1, closes.toordinal())
                self.steps.append(Sitting(instant(opens), instant(closes), self.regime.rules["half"]))
                self._until(closes, "half")
                break
            if still.until is None:
                self._stand(still, Rest(Unit.WORKING_DAY, _HALF))
                return
            gave[still] = gave.get(still, 0) + 1
        for still, sittings in gave.items():
            self._gave(still, Unit.WORKING_DAY, sittings * _HALF)

    def _still_at(self, closes: datetime) -> Still | None:
        return next(
            (s for s in self.pauses if s.since < closes and (s.until is None or s.until >= closes)), None
        )


def stood_still(pauses: Iterable[Pause]) -> tuple[Still, ...]:
    """Pauses in order on the wall clock, each cut to begin where the one before it ended."""
    stood: list[Still] = []
    for pause in sorted(pauses, key=lambda it: it.since):
        since, until = local(pause.since), None if pause.until is None else local(pause.until)
        if until is not None and until <= since:
            raise Unreckonable(f"a pause that ends before it begins: {pause.ground}")
        if stood:
            former = stood[-1].until
            if former is None or (until is not None and until <= former):
                continue  # within the pause before it
            since = max(since, former)
        day = max(since.toordinal(), (stood[-1].resumes or 0) if stood else 0)
        stood.append(Still(since, until, day, None if until is None else until.toordinal(), pause))
    return tuple(stood)


def _itself(day: int) -> int:
    return day


def _hours(amount: Fraction) -> timedelta:
    return timedelta(minutes=int(amount * 60))


def _in_hours(span: timedelta) -> Fraction:
    return Fraction(span // _TICK, _HOUR // _TICK)


def _rest(unit: Unit, span: timedelta) -> Rest:
    return Rest(unit, _in_hours(span))
