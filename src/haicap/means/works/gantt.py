"""The drawing of a programme over time: where bars begin and end, in percent of its width; pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from haicap.means.works.state import Project, Standing, State

MOST_QUARTERS = 16  # in a drawing; longer ones are ruled by years alone


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the ruling: where, its words, and whether a year begins there."""

    x: float
    words: str
    year: bool

    @property
    def at(self) -> str:
        """Where, as SVG reads it in every language."""
        return f"{self.x:.2f}"


@dataclass(frozen=True, slots=True)
class Span:
    """From where and how long, in percent."""

    x: float
    width: float

    @property
    def at(self) -> str:
        """From where, as SVG reads it in every language."""
        return f"{self.x:.2f}"

    @property
    def wide(self) -> str:
        """How long, as SVG reads it."""
        return f"{self.width:.2f}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A project: what was planned (or expected at an earlier day), what prepares it, the works, and how far they are.

    `done` covers the works up to today, or to their end; None where they have not begun.
    """

    id: UUID
    name: str
    unit: str
    state: State
    late: bool
    slip: int  # days by which the end is later than planned, or than at that earlier day
    before: Span
    prepares: Span | None
    works: Span
    done: Span | None
    start: date
    end: date

    @property
    def look(self) -> str:
        """The class of its colour."""
        if self.late:
            return "late"
        return {"done": "well", "stopped": "hold", "dropped": "hold"}.get(self.state, "")


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing; `today` is None where it lies outside."""

    since: date
    until: date
    ticks: tuple[Tick, ...]
    today: float | None
    bars: tuple[Bar, ...]

    @property
    def now_at(self) -> str:
        """Where today is, as SVG reads it; empty where it lies outside."""
        return "" if self.today is None else f"{self.today:.2f}"


def chart(its: Sequence[Project], today: date, then: Mapping[UUID, Standing]) -> Chart | None:
    """The drawing of projects, one bar each in their order; `then` how they stood at an earlier day, else as first
    planned. None for no projects."""
    standings = [(it, it.now) for it in its]
    if not standings:
        return None
    days = [day for _, now in standings for it in now.stages for day in (it.baseline, it.day)]
    since, until = _quarter(min(days)), _next_quarter(max(days))
    ruler = _Ruler(since, until)
    bars = tuple(_bar(project, now, then.get(project.id), today, ruler) for project, now in standings)
    return Chart(
        since, until, tuple(_ticks(ruler)), ruler.at(today) if since <= today < until else None, bars
    )


@dataclass(frozen=True, slots=True)
class _Ruler:
    since: date
    until: date

    def at(self, day: date) -> float:
        whole = (self.until - self.since).days
        return round(100 * min(max((day - self.since).days, 0), whole) / whole, 2)

    def span(self, start: date, end: date) -> Span:
        x = self.at(start)
        return Span(x, max(round(self.at(end) - x, 2), 0.4))  # what takes a day is still to be seen


def _bar(project: Project, now: Standing, then: Standing | None, today: date, ruler: _Ruler) -> Bar:
    first = min(it.day for it in now.stages)
    begins, ends = now.begins.day, now.ends.day
    reached = min(max(today, begins), ends) if now.state != "done" else ends
    if now.halt:
        reached = min(reached, max(now.halt.since, begins))
    was = (then.begins.day, then.ends.day) if then else (now.begins.baseline, now.ends.baseline)
    return Bar(
        id=project.id, name=now.about.name, unit=project.unit, state=now.state, late=now.late(today),
        slip=(ends - was[1]).days, before=ruler.span(*was),
        prepares=ruler.span(first, begins) if first < begins else None, works=ruler.span(begins, ends),
        done=ruler.span(begins, reached) if now.begun else None, start=begins, end=ends,
    )  # fmt: skip


def _ticks(ruler: _Ruler) -> Iterable[Tick]:
    quarters = (ruler.until.year - ruler.since.year) * 4 + (ruler.until.month - ruler.since.month) // 3
    day = ruler.since
    while day < ruler.until:
        year = day.month == 1
        if year or quarters <= MOST_QUARTERS:
            words = str(day.year) if year else ("", "II", "III", "IV")[(day.month - 1) // 3]
            yield Tick(ruler.at(day), words, year)
        day = _next_quarter(day)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _next_quarter(day: date) -> date:
    first = _quarter(day)
    return date(first.year + 1, 1, 1) if first.month == 10 else date(first.year, first.month + 3, 1)
