"""Works under a yearly budget: which, and from which year on, to close most of the weighted gap, and sooner than later.

A project pays what it costs in its first year, its second, and so on, from the sources that may pay for it, in any
mix; what a source has in a year and nobody spends is lost. A project is finished after its last year of costs, and
every project that is begun is finished within the years for which there is a budget. Sums are whole numbers of one
unit of money, such as a million đồng.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from haicap.plan.milp import FREE, NODES, Aim, Best, Programme, best
from haicap.plan.outcome import Infeasible, Proof, least

Pot = tuple[int, str]  # a year and a source


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its cost in each year from its first on, and the weighted gap that it closes when it is finished.

    `after` are the codes of projects that are finished before it begins, such as the getting of its land.
    """

    code: str
    costs: tuple[int, ...]
    closes: int
    sources: frozenset[str]
    earliest: int = 0
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Must:
    """Decided by hand: this project is begun, in this year if one is named."""

    project: str
    year: int | None = None

    @property
    def code(self) -> str:
        """Its name among reasons: `must:project` or `must:project/year`."""
        return f"must:{self.project}" if self.year is None else f"must:{self.project}/{self.year}"


@dataclass(frozen=True, slots=True)
class Case:
    """Projects, money by year and source, and what was decided by hand. `never` are codes of projects."""

    projects: tuple[Project, ...]
    budgets: Mapping[Pot, int]
    musts: tuple[Must, ...] = ()
    never: frozenset[str] = frozenset()

    @property
    def years(self) -> range:
        """From the first to the last year for which there is a budget."""
        named = [year for year, _ in self.budgets]
        return range(min(named), max(named) + 1)


@dataclass(frozen=True, slots=True)
class Start:
    """A project that could begin in a year; it closes its gap at the end of the year `done`."""

    project: str
    year: int
    done: int
    must: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """What a source pays for a project in a year."""

    project: str
    year: int
    source: str
    sum: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why a project got nothing; `reason` is one of `REASONS`."""

    project: str
    reason: str


@dataclass(frozen=True, slots=True)
class More:
    """What more money in one pot would change, found by solving again.

    `gain` is the weighted gap that it closes besides; the best answer may close up to `most`, if the search was cut
    short.
    """

    year: int
    source: str
    gain: int
    most: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Which projects could begin when.

    `left` is the weighted gap left open. `waiting` is the sum, over what is closed, of gap times the years until then,
    from the first year on; `cost` is all that is paid. Each proof holds under those before it. `binding` are the pots
    of years in which the money that is left would not pay for a project that got nothing because of the budget.
    """

    starts: tuple[Start, ...]
    payments: tuple[Payment, ...]
    why: tuple[Why, ...]
    binding: tuple[Pot, ...]
    more: tuple[More, ...]
    left: Proof
    waiting: Proof
    cost: Proof


REASONS = {
    "never": "it was ruled out by hand",
    "nothing": "it closes nothing",
    "years": "it cannot be finished within the years that have a budget",
    "order": "a project that has to be finished before is not, or too late",
    "alone": "no budget would pay for it even if it were the only one",
    "budget": "the money closes more elsewhere",
}


def plan(case: Case, *, more: int = 0, nodes: int = NODES) -> Plan:
    """Which projects could begin when, with a proof of how good that is; the same case gives the same plan.

    With `more` it is also said what so much more money in each pot would change: each is a search of its own. `nodes`
    limits the work of each search. Raises `Infeasible` where decisions by hand break a rule or each other, with codes
    `must:…`, `never:PROJECT`, `budget:YEAR/SOURCE`, `after:PROJECT/BEFORE`, `earliest:PROJECT`; `ValueError` where a
    project is named that is not there.
    """
    _check(case)
    works = _Works(case)
    found = best(works.programme, works.aims(), nodes)
    if found is None:
        raise Infeasible(least(_rules(case), lambda some: _possible(case, frozenset(some), nodes)))
    starts = tuple(works.starts(found))
    payments = tuple(_payments(case, starts))
    why = tuple(_why(works, starts))
    return Plan(
        starts,
        payments,
        why,
        tuple(_binding(works, payments, [it.project for it in why if it.reason == "budget"])),
        tuple(_more(case, more, found.proofs[0], nodes)) if more else (),
        *found.proofs,
    )


def _check(case: Case) -> None:
    codes = {it.code for it in case.projects}
    named = {
        *case.never,
        *(it.project for it in case.musts),
        *(code for it in case.projects for code in it.after),
    }
    if named - codes or len(codes) < len(case.projects):
        raise ValueError("a project is named that is not there, or stands twice in the case")


def _rules(case: Case) -> list[str]:
    """The codes of all rules that can be left out; those that speak of money last, so that they are named first."""
    return [
        *(f"earliest:{it.code}" for it in case.projects if it.earliest > case.years[0]),
        *(f"after:{it.code}/{code}" for it in case.projects for code in it.after),
        *(f"budget:{year}/{source}" for year, source in _pots(case)),
        *(f"never:{code}" for code in sorted(case.never)),
        *dict.fromkeys(it.code for it in case.musts),
    ]


def _possible(case: Case, rules: frozenset[str], nodes: int) -> bool:
    """Whether some rules can hold together."""
    works = _Works(
        replace(
            case,
            projects=tuple(
                replace(
                    it,
                    earliest=it.earliest if f"earliest:{it.code}" in rules else 0,
                    after=tuple(code for code in it.after if f"after:{it.code}/{code}" in rules),
                )
                for it in case.projects
            ),
            budgets={
                (year, source): case.budgets.get((year, source), 0)
                if f"budget:{year}/{source}" in rules
                else FREE
                for year, source in _pots(case)
            },
            musts=tuple(it for it in case.musts if it.code in rules),
            never=frozenset(code for code in case.never if f"never:{code}" in rules),
        )
    )
    return best(works.programme, [works.nothing()], nodes) is not None


def _pots(case: Case) -> list[Pot]:
    sources = {source for _, source in case.budgets} | {
        it for project in case.projects for it in project.sources
    }
    return [(year, source) for year in case.years for source in sorted(sources)]


class _Works:
    """The programme: for each project the year it begins in, or that it is left out."""

    def __init__(self, case: Case) -> None:
        self.case, self.programme = case, Programme()
        self.of = {it.code: it for it in case.projects}
        self.begins = {
            it.code: {year: self.programme.column(1) for year in possible_years(case, it)}
            for it in case.projects
        }
        self.leaves = {it.code: self.programme.column(1) for it in case.projects}
        for it in case.projects:
            self._project(it)
        self._money()
        self._by_hand()

    def _due(self, project: Project, year: int) -> Iterator[tuple[int, int]]:
        """What the project costs in a year, by the column of the year it begins in."""
        for begins, column in self.begins[project.code].items():
            if 0 <= year - begins < len(project.costs) and project.costs[year - begins]:
                yield column, project.costs[year - begins]

    def _project(self, project: Project) -> None:
        begins = self.begins[project.code]
        self.programme.row(
            [*((column, 1) for column in begins.values()), (self.leaves[project.code], 1)], least=1, most=1
        )
        for year in begins if project.after else ():
            begun = [(column, 1) for at, column in begins.items() if at <= year]
            for code in project.after:
                over = len(self.of[code].costs)
                done = [(column, -1) for at, column in self.begins[code].items() if at + over <= year]
                self.programme.row([*begun, *done], most=0)

    def _money(self) -> None:
        """What can be paid from some sources only must be there in these, for any of them (Hall, 1935)."""
        families = _unions({it.sources for it in self.case.projects})
        for year, family in product(self.case.years, families):
            its = (it for it in self.case.projects if it.sources <= family)
            there = sum(self.case.budgets.get((year, source), 0) for source in family)
            self.programme.row([due for it in its for due in self._due(it, year)], most=there)

    def _by_hand(self) -> None:
        for must in self.case.musts:
            begins = self.begins[must.project]
            named = (
                begins.values() if must.year is None else [begins[must.year]] if must.year in begins else []
            )
            self.programme.row([(column, 1) for column in named], least=1)
        for code in sorted(self.case.never):
            self.programme.row([(self.leaves[code], 1)], least=1)

    def nothing(self) -> Aim:
        """No aim at all: any answer will do."""
        return Aim(np.zeros(len(self.programme.uppers), np.int64), 0)

    def aims(self) -> tuple[Aim, Aim, Aim]:
        """The weighted gap left open, the waiting for what is closed, the cost."""
        left, waiting, cost = (np.zeros(len(self.programme.uppers), np.int64) for _ in range(3))
        for it in self.case.projects:
            left[self.leaves[it.code]] = it.closes
            for year, column in self.begins[it.code].items():
                waiting[column] = it.closes * (year + len(it.costs) - self.case.years[0])
                cost[column] = sum(it.costs)
        return Aim(left), Aim(waiting), Aim(cost)

    def starts(self, found: Best) -> Iterator[Start]:
        """The projects that begin, by year and in the case's order."""
        musts = {it.project for it in self.case.musts}
        begun = [
            (year, place, it)
            for place, it in enumerate(self.case.projects)
            for year, column in self.begins[it.code].items()
            if found.answer[column]
        ]
        for year, _, it in sorted(begun, key=lambda one: one[:2]):
            yield Start(it.code, year, year + len(it.costs) - 1, it.code in musts)


def _unions(families: Collection[frozenset[str]]) -> list[frozenset[str]]:
    """All sets of sources that are made of some of these."""
    made = set[frozenset[str]]()
    for family in sorted(families, key=sorted):
        made |= {family, *(family | other for other in made)}
    return sorted(made, key=sorted)


def _payments(case: Case, starts: Sequence[Start]) -> Iterator[Payment]:
    """Who pays how much when for the projects that begin; the money is there."""
    programme, of = Programme(), {it.code: it for it in case.projects}
    due = {
        (it.project, it.year + late): cost for it in starts for late, cost in enumerate(of[it.project].costs)
    }
    pays = {
        (code, year, source): programme.column(cost)
        for (code, year), cost in due.items()
        for source in sorted(of[code].sources)
    }
    for (code, year), cost in due.items():
        columns = [(pays[code, year, source], 1) for source in sorted(of[code].sources)]
        programme.row(columns, least=cost, most=cost)
    for year, source in _pots(case):
        columns = [(column, 1) for (_, at, by), column in pays.items() if (at, by) == (year, source)]
        programme.row(columns, most=case.budgets.get((year, source), 0))
    found = best(programme, [Aim(np.zeros(len(pays), np.int64))])
    assert found is not None  # no sources are asked for more than they have, whichever are taken together
    for (code, year, source), column in pays.items():
        if found.answer[column]:
            yield Payment(code, year, source, int(found.answer[column]))


def possible_years(case: Case, project: Project) -> range:
    """The years in which a project could begin and still be finished in time, looking at nothing else."""
    return range(max(project.earliest, case.years[0]), case.years[-1] - len(project.costs) + 2)


def _why(works: _Works, starts: Sequence[Start]) -> Iterator[Why]:
    done = {it.project: it.done for it in starts}
    for it in works.case.projects:
        if it.code not in done:
            yield Why(it.code, _reason(works.case, it, done))


def _reason(case: Case, project: Project, done: Mapping[str, int]) -> str:
    years = possible_years(case, project)
    if project.code in case.never:
        return "never"
    if not project.closes:
        return "nothing"
    if not years:
        return "years"
    if not all(code in done and done[code] < years[-1] for code in project.after):
        return "order"
    return "budget" if any(not _dear(project, year, case.budgets) for year in years) else "alone"


def _dear(project: Project, begins: int, left: Mapping[Pot, int]) -> list[int]:
    """The years in which what is left does not pay for a project that begins in a year."""
    return [
        year
        for year, cost in enumerate(project.costs, begins)
        if cost > sum(left.get((year, source), 0) for source in project.sources)
    ]


def _binding(works: _Works, payments: Sequence[Payment], codes: Sequence[str]) -> list[Pot]:
    left = dict(works.case.budgets)
    for it in payments:
        left[it.year, it.source] -= it.sum
    found = {
        (year, source)
        for project in map(works.of.__getitem__, codes)
        for begins in possible_years(works.case, project)
        for year in _dear(project, begins, left)
        for source in project.sources
    }
    return sorted(found)


def _more(case: Case, more: int, left: Proof, nodes: int) -> Iterator[More]:
    for pot in _pots(case):
        works = _Works(replace(case, budgets={**case.budgets, pot: case.budgets.get(pot, 0) + more}))
        found = best(works.programme, works.aims()[:1], nodes)
        assert found is not None  # what was possible stays so with more money
        gain = max(0.0, left.value - found.proofs[0].value)
        yield More(*pot, int(gain), int(left.value - found.proofs[0].bound))
