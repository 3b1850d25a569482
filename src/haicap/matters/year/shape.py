"""How work comes in over a year: more by day than by night, on Mondays than on Fridays, little around Tết."""

import math
import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from haicap.clocks.calendars import Calendar
from haicap.clocks.wall import VIETNAM

AVERAGE = 335  # matters a year in a unit of average load
BUSIEST, LIGHT, QUIETEST = "11560", "11914", "11948"  # Thủy Nguyên; Cát Hải; Bạch Long Vĩ
LOADS = {BUSIEST: 4.0, LIGHT: 0.4, QUIETEST: 0.03, "11311": 1.9, "11383": 1.7, "11359": 1.6, "10525": 1.6}
WEEKDAYS = (1.2, 1.05, 1.0, 0.95, 0.9, 0.5, 0.4)  # Mondays a third above Fridays
HOLIDAY = 0.4
AROUND_TET = 1 / 3
TET = {
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
}  # month and day of its first day
WEEK = timedelta(days=7)
HOURS = (1, 1, 1, 1, 1, 1, 1.5, 3, 3, 3, 3, 2, 1.3, 2.4, 2.4, 2.4, 2.4, 2, 1.6, 1.6, 1.5, 1.4, 1, 1)
"""How much comes in in each hour of the day, midnight first: a weekday's morning is three times the night."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something comes in at `at` (UTC)."""

    at: datetime
    procedure: str


@cache
def words() -> Mapping[str, Any]:
    """`data/year.toml`: what comes in how often, and in what words it is told."""
    place = Path(__file__).parent.parent / "data" / "year.toml"
    return tomllib.loads(place.read_text(encoding="utf-8"))


def load(unit: str) -> float:
    """A unit's load against the average; the same for a unit in every year."""
    return LOADS.get(unit) or 0.45 + 1.1 * random.Random(f"load/{unit}").betavariate(2, 2)


def weight(day: date, calendar: Calendar) -> float:
    """How much comes in on `day` against an average working day."""
    if day.year in TET and abs(day - date(day.year, *TET[day.year])) <= WEEK:
        return WEEKDAYS[day.weekday()] * AROUND_TET
    if day.weekday() < 5 and not calendar.is_working(day):
        return HOLIDAY
    return WEEKDAYS[day.weekday()]


def arrivals(unit: str, begin: date, end: date, calendar: Calendar, rng: random.Random) -> Iterator[Arrival]:
    """What comes in at `unit` on the days of the half-open period, in no order within an hour."""
    days = [begin + timedelta(days=n) for n in range((end - begin).days)]
    weights = [weight(day, calendar) for day in days]
    rate = AVERAGE * load(unit) * len(days) / 365 / max(sum(weights), 1)
    for day, its in zip(days, weights, strict=True):
        for hour in rng.choices(range(24), HOURS, k=_poisson(rate * its, rng)):
            wall = datetime.combine(day, time(hour)) + timedelta(seconds=rng.randrange(3600))
            season = (day - begin).days / len(days)
            at = wall.replace(tzinfo=VIETNAM).astimezone(UTC)
            yield Arrival(at, _procedure(wall, season, calendar, rng))


def _procedure(wall: datetime, season: float, calendar: Calendar, rng: random.Random) -> str:
    """What comes in at this moment on the wall: desks take in files while offices are open."""
    opens, _closes = next(calendar.days.open_from(wall))
    mix = words()["mix"]["office" if opens == wall else "off"]
    chosen = rng.choices(list(mix), list(mix.values()))[0]
    if chosen == "difficulty" and rng.random() < season / 2:
        return "residence-temporary"  # as time goes by, less and less is lacking
    return str(chosen)


def _poisson(expected: float, rng: random.Random) -> int:
    limit, product, count = math.exp(-expected), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
