"""What programmes are told by: so many planned, begun, done, late, and the money; pure functions over projects."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from haicap.clocks.wall import day_of, start_of
from haicap.means.works.entries import Priority, Purse
from haicap.means.works.state import Closes, Project, Standing, State, by_year

ZERO = Decimal(0)
WEIGHTS: Mapping[Priority, int] = {"pressing": 3, "needed": 2, "possible": 1}
"""What a project's priority counts for in plans: a setting, shown there as an assumption."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of projects by where they stand, how many of them are late, and sums in VND by source."""

    states: Mapping[State, int]
    late: int
    over: int  # more paid than budgeted
    budget: Mapping[Purse, Decimal]
    paid: Mapping[Purse, Decimal]

    @property
    def all(self) -> int:
        """All projects, dropped ones too."""
        return sum(self.states.values())

    @property
    def planned_sum(self) -> Decimal:
        """The whole budget."""
        return sum(self.budget.values(), ZERO)

    @property
    def paid_sum(self) -> Decimal:
        """All that has been paid."""
        return sum(self.paid.values(), ZERO)


@dataclass(slots=True)
class Year:
    """What a year brings: how many are to begin and began in it, are to end and ended in it, and its cost in VND."""

    year: int
    to_begin: int = 0
    began: int = 0
    to_end: int = 0
    ended: int = 0
    cost: Decimal = field(default=ZERO)


def figures(its: Iterable[Standing], today: date) -> Figures:
    """The figures of projects as they stood, counted on a day."""
    states: Counter[State] = Counter()
    budget: dict[Purse, Decimal] = defaultdict(Decimal)
    paid: dict[Purse, Decimal] = defaultdict(Decimal)
    late = over = 0
    for it in its:
        states[it.state] += 1
        late += it.late(today)
        over += it.over > 0
        for source, amount in it.planned.items():
            budget[source] += amount
        for source, amount in it.spent.items():
            paid[source] += amount
    return Figures(states, late, over, dict(budget), dict(paid))


def then(its: Iterable[Project], day: date) -> dict[UUID, Standing]:
    """How projects stood when `day` began in Vietnam, by id; those not yet planned are left out."""
    at = start_of(day)
    stood = ((it.id, it.as_of(at)) for it in its)
    return {subject: standing for subject, standing in stood if standing is not None}


def programme_figures(its: Sequence[Project], *, at: datetime) -> Figures:
    """The figures of a programme's projects by what had been written down before `at` (aware)."""
    stood = (it.as_of(at) for it in its)
    return figures((it for it in stood if it is not None), day_of(at))


def years(its: Iterable[Project]) -> list[Year]:
    """What each year brings, in order; dropped projects bring nothing but what was paid."""
    found: dict[int, Year] = {}

    def of(year: int) -> Year:
        return found.setdefault(year, Year(year))

    for project in its:
        now = project.now
        for year, cost in by_year(project).items():
            of(year).cost += cost
        if now.begun:
            of(now.begun.year).began += 1
        elif now.state == "planned":
            of(now.begins.day.year).to_begin += 1
        if now.state == "done":
            of(now.ends.day.year).ended += 1
        elif now.state != "dropped":
            of(now.ends.day.year).to_end += 1
    return [found[year] for year in sorted(found)]


def by_unit(its: Iterable[Project], today: date) -> dict[str, Figures]:
    """The figures of each unit that has projects."""
    found: dict[str, list[Standing]] = defaultdict(list)
    for project in its:
        found[project.unit].append(project.now)
    return {unit: figures(standings, today) for unit, standings in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that is not begun, as a plan under a yearly budget weighs it: sums in VND."""

    id: UUID
    unit: str
    name: str
    cost: Decimal
    cost_by_year: Mapping[int, Decimal]
    weight: int
    gaps: tuple[Closes, ...]
    follows: UUID | None
    programme: UUID | None
    first_year: int  # before which it cannot begin
    years: int  # from the beginning to the end


def candidate(project: Project) -> Candidate | None:
    """The project as a plan weighs it; None for one that is begun, stopped, done, or has no budget."""
    now = project.now
    if now.state != "planned" or not now.budget:
        return None
    return Candidate(
        id=project.id, unit=project.unit, name=now.about.name, cost=now.budget - now.paid,
        cost_by_year=by_year(project), weight=WEIGHTS[now.about.priority], gaps=now.about.gaps,
        follows=now.about.follows, programme=now.about.programme, first_year=now.begins.day.year,
        years=now.ends.day.year - now.begins.day.year + 1,
    )  # fmt: skip
