"""Works under a yearly budget: as good as trying everything, never against a rule, and with reasons."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.plan.budget import Case, More, Must, Plan, Project, Why, plan
from haicap.plan.outcome import Infeasible

YEARS = (2026, 2027, 2028)
BOTH = frozenset({"ministry", "province"})


def random_case(dice: Random) -> Case:
    """Two to four projects, two sources, three years; decisions by hand now and then."""
    codes = [f"P{place}" for place in range(dice.randint(2, 4))]
    projects = tuple(
        Project(
            code,
            tuple(dice.randint(0, 9) for _ in range(dice.randint(1, 2))),
            dice.randint(0, 6),
            dice.choice([BOTH, frozenset({"ministry"}), frozenset({"province"})]),
            dice.choice([0, 2026, 2027]),
            tuple(dice.sample(codes[:place], dice.choice([0, 0, 1]))) if place else (),
        )
        for place, code in enumerate(codes)
    )
    budgets = {(year, source): dice.randint(0, 12) for year in YEARS for source in sorted(BOTH)}
    musts = tuple(
        Must(dice.choice(codes), dice.choice([None, 2026, 2027])) for _ in range(dice.choice([0, 0, 0, 1]))
    )
    return Case(projects, budgets, musts, frozenset(dice.sample(codes, dice.choice([0, 0, 1]))))


class Judge:
    """Reckons a plan project by project, in the plainest way."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.of = {it.code: it for it in case.projects}

    def value(self, starts: Mapping[str, int]) -> tuple[int, int, int]:
        begun = [self.of[code] for code in starts]
        waiting = sum(it.closes * (starts[it.code] + len(it.costs) - YEARS[0]) for it in begun)
        left = sum(it.closes for it in self.case.projects) - sum(it.closes for it in begun)
        return left, waiting, sum(sum(it.costs) for it in begun)

    def broken(self, starts: Mapping[str, int]) -> Iterator[str]:
        for code, year in starts.items():
            it = self.of[code]
            if (
                year < max(it.earliest, YEARS[0])
                or year + len(it.costs) - 1 > YEARS[-1]
                or code in self.case.never
            ):
                yield code
            for before in it.after:
                if before not in starts or starts[before] + len(self.of[before].costs) > year:
                    yield f"{code} after {before}"
        for must in self.case.musts:
            if must.project not in starts or must.year not in (None, starts[must.project]):
                yield must.code
        for year in YEARS:
            yield from self.overdrawn(year, starts)

    def overdrawn(self, year: int, starts: Mapping[str, int]) -> Iterator[str]:
        """What projects that depend on some sources cost in a year must be there in these (Hall's condition)."""
        due = Counter[frozenset[str]]()
        for code, begins in starts.items():
            it = self.of[code]
            if 0 <= year - begins < len(it.costs):
                due[it.sources] += it.costs[year - begins]
        for some in chain.from_iterable(combinations(sorted(BOTH), count) for count in (1, 2)):
            cost = sum(sum_ for sources, sum_ in due.items() if sources <= set(some))
            if cost > sum(self.case.budgets.get((year, it), 0) for it in some):
                yield f"{year} {some}"

    def best(self) -> tuple[int, int, int] | None:
        codes = list(self.of)
        every = (
            {code: year for code, year in zip(codes, years, strict=True) if year}
            for years in product((None, *YEARS), repeat=len(codes))
        )
        return min((self.value(it) for it in every if not any(self.broken(it))), default=None)


def begun(made: Plan) -> dict[str, int]:
    return {it.project: it.year for it in made.starts}


@pytest.mark.parametrize("seed", range(4))
def test_as_good_as_trying_everything(seed: int) -> None:
    dice = Random(seed)
    for _ in range(30):
        case = random_case(dice)
        judge, best = Judge(case), Judge(case).best()
        if best is None:
            with pytest.raises(Infeasible):
                plan(case)
            continue
        made = plan(case)
        assert not list(judge.broken(begun(made)))
        assert judge.value(begun(made)) == best, case
        assert (made.left.value, made.waiting.value, made.cost.value) == best
        assert made.left.gap == made.waiting.gap == made.cost.gap == 0


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_no_rule_is_broken_and_the_same_case_has_the_same_plan(seed: int) -> None:
    case = replace(random_case(Random(seed)), musts=())
    made, judge = plan(case), Judge(case)
    assert not list(judge.broken(begun(made)))
    assert repr(plan(case)) == repr(made)
    assert {it.project for it in made.why} == judge.of.keys() - begun(made).keys()
    spent, paid = Counter[tuple[int, str]](), Counter[tuple[str, int]]()
    for it in made.payments:
        assert it.source in judge.of[it.project].sources
        spent[it.year, it.source] += it.sum
        paid[it.project, it.year] += it.sum
    assert all(sum_ <= case.budgets[pot] for pot, sum_ in spent.items())
    for start in made.starts:
        costs = judge.of[start.project].costs
        assert tuple(paid[start.project, start.year + it] for it in range(len(costs))) == costs


def station(code: str, costs: tuple[int, ...], closes: int, **given: object) -> Project:
    return Project(code, costs, closes, BOTH, **given)  # type: ignore[arg-type]


def small(**given: object) -> Case:
    """Land, a building on it, a repair; 10 from the province each year."""
    case = Case(
        (station("land", (4,), 0), station("house", (6, 6), 9, after=("land",)), station("repair", (7,), 5)),
        {(year, "province"): 10 for year in YEARS},
    )
    return replace(case, **given)  # type: ignore[arg-type]


def test_land_comes_before_the_house() -> None:
    made = plan(small())
    assert [(it.project, it.year, it.done) for it in made.starts] == [
        ("land", 2026, 2026),
        ("house", 2027, 2028),
    ]
    assert made.why == (Why("repair", "budget"),)
    assert made.binding == tuple((year, source) for year in YEARS for source in sorted(BOTH))
    assert (made.left.value, made.waiting.value, made.cost.value) == (5, 27, 16)


def test_more_money_in_one_pot_is_solved_again() -> None:
    made = plan(small(), more=1)
    assert More(2026, "province", 5, 5) in made.more
    assert More(2027, "ministry", 0, 0) in made.more


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"never": frozenset({"repair"})}, Why("repair", "never")),
        ({"never": frozenset({"land"})}, Why("house", "order")),
        ({"projects": (station("long", (1, 1, 1, 1), 5),)}, Why("long", "years")),
        ({"projects": (station("dear", (11,), 5),)}, Why("dear", "alone")),
        ({"projects": (station("idle", (1,), 0),)}, Why("idle", "nothing")),
    ],
)
def test_says_why_a_project_got_nothing(given: dict[str, object], why: Why) -> None:
    assert why in plan(small(**given)).why


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"musts": (Must("land"),), "never": frozenset({"land"})}, {"must:land", "never:land"}),
        ({"musts": (Must("house", 2026),)}, {"must:house/2026", "after:house/land"}),
        ({"musts": (Must("house", 2028),)}, {"must:house/2028"}),
        (
            {"musts": (Must("repair", 2027), Must("house"))},
            {
                "must:repair/2027",
                "must:house",
                "budget:2027/ministry",
                "budget:2027/province",
            },
        ),
        (
            {"projects": (station("late", (1, 1), 1, earliest=2028),), "musts": (Must("late"),)},
            {"must:late", "earliest:late"},
        ),
    ],
)
def test_decisions_by_hand_that_cannot_stand_are_named(given: dict[str, object], reasons: set[str]) -> None:
    with pytest.raises(Infeasible) as raised:
        plan(small(**given))
    assert set(raised.value.reasons) == reasons


def test_a_decision_about_no_project_is_an_error() -> None:
    with pytest.raises(ValueError, match="not there"):
        plan(small(musts=(Must("castle"),)))
