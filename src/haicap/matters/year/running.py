"""A year of one file, told in the order of time; and of a province, in several processes."""

import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from haicap.clocks.calendars import Calendar
from haicap.clocks.wall import VIETNAM, day_of
from haicap.journal.bulk import Bulk
from haicap.journal.node import Own
from haicap.matters.law import Law
from haicap.matters.year import crime, desk, downward, letters, upward
from haicap.matters.year.case import Case, Life, Scene, Telling
from haicap.matters.year.people import Crew
from haicap.matters.year.shape import arrivals, load, words
from haicap.units.fold import Unit
from haicap.units.loading import BEGIN, seeded

LIVES: dict[str, Telling] = {
    **{
        code: desk.residence(code)
        for code in (
            "residence-temporary", "residence-permanent", "residence-confirmation-known",
            "residence-confirmation-checked",
        )
    },
    "identity-card": desk.identity,
    "stay-notification": desk.stay,
    "foreigner-stay": desk.foreigner,
    "lost-document": desk.lost,
    "crime-report": crime.crime,
    "complaint": letters.complaint,
    "denunciation": letters.denunciation,
    "feedback": letters.feedback,
    "difficulty": upward.difficulty,
    "recommendation": upward.recommendation,
}  # fmt: skip
SLOW = 0.09  # of a unit with an average load; before and after this many meet a limit too late
STAFF, INSPECTORS = "PV01", "PX05"
SLOWER = {
    "difficulty": 2.6,
    "recommendation": 2.2,
    "crime-report": 1.6,
    "stay-notification": 0.75,
}  # than others
DIRECTIVES = (
    (0.06, 40),
    (0.28, 45),
    (0.5, 30),
    (0.72, 60),
    (0.93, 45),
)  # when in the year, and days to do it
FINDINGS = 1.2  # for each unit in a year


@dataclass(frozen=True, slots=True)
class Year:
    """The year that ends with the moment `end` (aware): the same again for the same seed and end."""

    seed: str
    end: datetime

    @property
    def begin(self) -> date:
        """Its first day, in Vietnam; never before the two-level model began."""
        return max(self.last - timedelta(days=364), BEGIN)

    @property
    def last(self) -> date:
        """Its last day, in Vietnam."""
        return day_of(self.end)

    def season(self, at: datetime) -> float:
        """Which part of the year is over at `at`, from 0 to 1."""
        return (day_of(at) - self.begin) / (self.last - self.begin + timedelta(days=1))

    def day(self, share: float, calendar: Calendar) -> datetime:
        """Nine o'clock in the morning of the working day at this part of the year (UTC)."""
        day = self.begin + timedelta(days=round((self.last - self.begin).days * share))
        worked = date.fromordinal(calendar.days.back_from(day.toordinal()))
        return datetime.combine(worked, time(9), VIETNAM).astimezone(UTC)


def files(crew: Crew) -> list[Unit]:
    """The units whose files the year fills, those with most work first: communes and two departments."""
    communes = sorted(crew.communes(), key=lambda it: -load(it.code))
    province = communes[0].province
    return [crew.units[f"{province}-{code}"] for code in (STAFF, INSPECTORS)] + communes


def fill(year: Year, unit: Unit, *, crew: Crew, law: Law, own: Own) -> Bulk:
    """A desk with the whole year of one unit's file, not yet loaded. Nothing on it lies after `year.end`."""
    rng = random.Random(f"{year.seed}/{unit.code}")
    bulk = Bulk(own, seeded(f"{year.seed}/{unit.code}/bytes"))
    course = _Course(year, Scene(unit, crew, law, bulk, rng, lambda at, life: course.start(at, life)))
    for at, telling, slower in _tellings(year, unit, crew, law, rng):
        course.start(at, telling, slower)
    course.run()
    return bulk


def _tellings(
    year: Year, unit: Unit, crew: Crew, law: Law, rng: random.Random
) -> Iterator[tuple[datetime, Telling, float]]:
    """What begins when in this file, and how much slower than others it is."""
    if unit.level == "commune":
        after = year.last + timedelta(days=1)
        for it in arrivals(unit.code, year.begin, after, law.calendar, rng):
            yield it.at, LIVES[it.procedure], SLOWER.get(it.procedure, 1)
    elif unit.code.endswith(STAFF):
        titles: Sequence[str] = words()["title"]["directive"]
        for title, (share, days) in zip(titles, DIRECTIVES, strict=True):
            yield year.day(share, law.calendar), downward.directive(title, crew.communes(), days), 1.5
    else:
        for its in rng.choices(crew.communes(), k=round(len(crew.communes()) * FINDINGS)):
            at = year.day(rng.random(), law.calendar) + timedelta(minutes=rng.uniform(0, 140))
            yield at, downward.finding(its), 1.5


class _Course:
    """The lives of a file, each woken when its time has come; what would come after the end is left open."""

    def __init__(self, year: Year, scene: Scene) -> None:
        self.year = year
        self.scene = scene
        self.waiting: list[tuple[datetime, int, Case, Life]] = []
        self.started = 0
        self.slow = _slowness(scene.unit)

    def start(self, at: datetime, telling: Telling, slower: float = 1) -> None:
        """Let a life begin at `at`; less and less of them are slow as the year goes by."""
        season = self.year.season(at)
        slow = self.scene.rng.random() < self.slow * slower * (1.25 - 0.5 * season)
        case = Case(self.scene, at, season, slow)
        self.started += 1
        heapq.heappush(self.waiting, (at, self.started, case, telling(case)))

    def run(self) -> None:
        """Wake one life after the other, until the year is over."""
        while self.waiting and self.waiting[0][0] <= self.year.end:
            at, place, case, life = self.waiting[0]
            case.at = at
            then = next(life, None)
            if then is None:
                heapq.heappop(self.waiting)
            else:
                heapq.heapreplace(self.waiting, (max(then, at), place, case, life))


def _slowness(unit: Unit) -> float:
    """The more work, the later it gets done."""
    return SLOW * (load(unit.code) ** 0.5 if unit.level == "commune" else 1)
