"""Which days are worked, and when offices are open: a document to be published, and a fast index over it."""

import calendar as gregorian
import hashlib
import json
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

import holidays
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator

Mark = Literal["verified", "memory", "setting"]
DATA = Path(__file__).parent / "data"


class Document(BaseModel):
    """A part of a published document: nothing unknown in it, nothing changed after."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(Document):
    """One text in the two languages."""

    vi: str
    en: str


ClockTime = Annotated[time, PlainSerializer(lambda at: at.strftime("%H:%M"), return_type=str)]


class Span(Document):
    """A half-open part of a day, local time."""

    opens: ClockTime
    closes: ClockTime


class OfficeHours(Document):
    """When offices are open: no text fixes it for every place, hence the mark.

    `saturday_morning` makes every Saturday a working day that ends with the first span.
    """

    spans: tuple[Span, ...] = (
        Span(opens=time(7, 30), closes=time(11, 30)),
        Span(opens=time(13, 30), closes=time(17, 0)),
    )
    saturday_morning: bool = False
    mark: Mark = "setting"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        edges = [edge for span in self.spans for edge in (span.opens, span.closes)]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise ValueError("office hours must be spans in order, not touching")
        return self


class OutsideCalendar(ValueError):
    """A date of a year that the calendar does not cover."""

    def __init__(self, code: str, ordinal: int, first_year: int, last_year: int) -> None:
        day = date.fromordinal(ordinal).isoformat() if 0 < ordinal <= date.max.toordinal() else "the date"
        super().__init__(f"calendar {code} covers {first_year} to {last_year}, not {day}")


class Skipped(NamedTuple):
    """A day off, with its reason."""

    day: date
    reason: Label


class Worked(NamedTuple):
    """A day of rest that is worked in exchange for another."""

    day: date
    reason: Label


class Calendar(Document):
    """Working days and office hours of the years covered, as published; `sha256` pins this edition of it.

    `rest` are ISO weekdays (Monday 1). A day in `worked` is a day of rest that is worked all day.
    """

    code: str
    name: Label
    first_year: int
    last_year: int
    rest: tuple[int, ...] = (6, 7)
    days_off: dict[date, Label] = Field(default_factory=dict)
    worked: dict[date, Label] = Field(default_factory=dict)
    office: OfficeHours = OfficeHours()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not 1 < self.first_year <= self.last_year < 9999:
            raise ValueError("the years covered are out of order")
        years = range(self.first_year, self.last_year + 1)
        if any(day.year not in years for day in (*self.days_off, *self.worked)):
            raise ValueError("a day lies outside the years covered")
        if both := self.days_off.keys() & self.worked.keys():
            raise ValueError(f"both off and worked: {sorted(both)[0].isoformat()}")
        if wrong := [day for day in self.worked if day.isoweekday() not in self.rest]:
            raise ValueError(f"worked, but no day of rest: {wrong[0].isoformat()}")
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed edition, checked and indexed anew: pydantic's own copy would keep the former index."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(fields | dict(update or {}))

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the canonical JSON: sorted keys, no spaces, UTF-8."""
        text = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def days(self) -> "Days":
        """The index over this calendar; made once."""
        return Days(self)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day. Raises `OutsideCalendar`."""
        return self.days.is_working(day.toordinal())


class Days:
    """A calendar as day numbers (`date.toordinal`), so that every question is an index into a list.

    Every method raises `OutsideCalendar` for a day of a year not covered.
    """

    __slots__ = ("_before", "_code", "_halves", "_noted", "_notes", "_sessions", "_years", "first", "working")

    def __init__(self, calendar: Calendar) -> None:
        self._code = calendar.code
        self._years = (calendar.first_year, calendar.last_year)
        self.first = date(calendar.first_year, 1, 1).toordinal()
        self._sessions = _sessions(calendar.office)
        self._halves = {} if not calendar.office.saturday_morning else _saturdays(calendar)
        self.working: list[int] = []  # the working days, in order
        self._before: list[int] = []  # of each day: how many working days lie before it
        self._notes: list[Skipped | Worked] = []  # days off and compensated days, in order
        self._noted: list[int] = []
        self._fill(calendar)

    def _fill(self, calendar: Calendar) -> None:
        for ordinal in range(self.first, date(calendar.last_year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            self._before.append(len(self.working))
            reason = _day_off(calendar, day)
            if reason is None:
                self.working.append(ordinal)
            if note := Skipped(day, reason) if reason else _worked(calendar, day):
                self._notes.append(note)
                self._noted.append(ordinal)
        self._before.append(len(self.working))

    def before(self, ordinal: int) -> int:
        """How many working days of the calendar lie before this day."""
        at = ordinal - self.first
        if 0 <= at < len(self._before):
            return self._before[at]
        raise OutsideCalendar(self._code, ordinal, *self._years)

    def is_working(self, ordinal: int) -> bool:
        at = ordinal - self.first
        if not 0 <= at < len(self._before) - 1:
            raise OutsideCalendar(self._code, ordinal, *self._years)
        return self._before[at + 1] > self._before[at]

    def working_at(self, index: int) -> int:
        """The working day of this index, counted from the calendar's first."""
        if 0 <= index < len(self.working):
            return self.working[index]
        beyond = self.first - 1 if index < 0 else self.first + len(self._before) - 1
        raise OutsideCalendar(self._code, beyond, *self._years)

    def from_(self, ordinal: int) -> int:
        """This day if it is worked, else the next that is."""
        return self.working_at(self.before(ordinal))

    def back_from(self, ordinal: int) -> int:
        """This day if it is worked, else the last before it that is."""
        return self.working_at(self.before(ordinal + 1) - 1)

    def notes(self, after: int, to: int) -> tuple[Skipped | Worked, ...]:
        """Days off and compensated days in (after, to]."""
        return tuple(self._notes[bisect_left(self._noted, after + 1) : bisect_left(self._noted, to + 1)])

    def reason(self, ordinal: int) -> Label:
        """Why this day is off. Raises `KeyError` where it is a working day."""
        found = self.notes(ordinal - 1, ordinal)
        if not found or isinstance(found[0], Worked):
            raise KeyError(date.fromordinal(ordinal))
        return found[0].reason

    def sessions(self, ordinal: int) -> tuple[tuple[timedelta, timedelta], ...]:
        """The office's open spans of a working day, as offsets from its midnight."""
        return self._sessions[:1] if ordinal in self._halves else self._sessions

    def open_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open spans from the naive local `at` on; the first is cut at `at`."""
        index = self.before(at.toordinal())
        while True:
            day = self.working_at(index)
            midnight = datetime.fromordinal(day)
            for opens, closes in self.sessions(day):
                if midnight + closes > at:
                    yield max(midnight + opens, at), midnight + closes
            index += 1


def _sessions(office: OfficeHours) -> tuple[tuple[timedelta, timedelta], ...]:
    return tuple((_offset(span.opens), _offset(span.closes)) for span in office.spans)


def _offset(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _saturdays(calendar: Calendar) -> dict[int, None]:
    first = date(calendar.first_year, 1, 1).toordinal()
    last = date(calendar.last_year, 12, 31).toordinal()
    # A compensated Saturday is worked all day.
    return {
        n: None for n in range(first, last + 1) if n % 7 == 6 and date.fromordinal(n) not in calendar.worked
    }


_WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_REST = {
    n: Label(vi=f"{name}, ngày nghỉ hằng tuần", en=f"{gregorian.day_name[n]}, weekly rest")
    for n, name in enumerate(_WEEKDAYS_VI)
}


def _day_off(calendar: Calendar, day: date) -> Label | None:
    if reason := calendar.days_off.get(day):
        return reason
    if day in calendar.worked or day.isoweekday() not in calendar.rest:
        return None
    if calendar.office.saturday_morning and day.isoweekday() == 6:
        return None
    return _REST[day.weekday()]


def _worked(calendar: Calendar, day: date) -> Worked | None:
    reason = calendar.worked.get(day)
    return Worked(day, reason) if reason else None


@lru_cache(maxsize=16)
def draft(first_year: int, last_year: int) -> Calendar:
    """A calendar of Vietnam for these years, to be looked over and published.

    From the package `holidays` (Labour Code 2019 arts 111-112, with substituted days) and `data/days.toml`,
    which holds what must not depend on that package's age. Tết and National Day of years to come are the
    law's pattern, not yet the Government's choice of days.
    """
    vi = holidays.country_holidays("VN", years=range(first_year, last_year + 2), language="vi")
    en = holidays.country_holidays("VN", years=range(first_year, last_year + 2), language="en_US")
    off = {day: Label(vi=name, en=en[day]) for day, name in vi.items()}
    worked = {day: _compensated() for day in vi.weekend_workdays}
    table = tomllib.loads((DATA / "days.toml").read_text("utf-8"))
    for swap in table["swap"]:
        worked[swap["worked"]] = _compensated()
        off.setdefault(swap["off"], _exchanged(swap["worked"]))
    for row in table["yearly"]:
        for year in range(max(first_year, row["from"]), last_year + 1):
            _add_yearly(off, date.fromisoformat(f"{year}-{row['day']}"), Label(**row["reason"]))
    return Calendar(
        code="vn",
        name=Label(vi="Lịch làm việc Việt Nam", en="Working calendar of Vietnam"),
        first_year=first_year,
        last_year=last_year,
        days_off=_within(off, first_year, last_year),
        worked=_within(worked, first_year, last_year),
    )


def _add_yearly(off: dict[date, Label], day: date, reason: Label) -> None:
    """A holiday on a weekly day of rest gives the next working day off (Labour Code 2019 art. 111(3))."""
    if day in off:
        return  # the library knows it, and its substitute
    off[day] = reason
    if day.isoweekday() < 6:
        return
    while day in off or day.isoweekday() >= 6:
        day += timedelta(days=1)
    off[day] = Label(vi=f"{reason.vi} (nghỉ bù)", en=f"{reason.en} (observed)")


def _compensated() -> Label:
    return Label(vi="Ngày làm bù", en="Compensated working day")


def _exchanged(worked: date) -> Label:
    shown = f"{worked:%d/%m/%Y}"
    return Label(vi=f"Ngày nghỉ (làm bù ngày {shown})", en=f"Day off (worked on {shown} instead)")


def _within(days: dict[date, Label], first_year: int, last_year: int) -> dict[date, Label]:
    return {day: days[day] for day in sorted(days) if first_year <= day.year <= last_year}
