"""Support staff: as good as trying everything, never against a rule, and with reasons."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.plan.outcome import Infeasible
from haicap.plan.staff import Case, Forbidden, Kept, Limits, Near, Officers, Plan, Unit, Why, plan

QUALIFICATIONS = ("aid", "driver", "investigator")


def near(*ways: tuple[int, int, float]) -> Near:
    givers, receivers, km = zip(*ways, strict=True) if ways else ((), (), ())
    return Near(np.array(givers, np.int64), np.array(receivers, np.int64), np.array(km, np.float64))


def some(*names: str) -> frozenset[str]:
    return frozenset(names)


def random_case(dice: Random) -> Case:
    """Two to four units, at most six officers, with limits and decisions by hand now and then."""
    count = dice.randint(2, 4)
    units = tuple(random_unit(dice, f"U{place}") for place in range(count))
    officers, left = [], 6
    for unit in units:
        for _ in range(dice.randint(0, 3)):
            ids = tuple(f"o{left - it}" for it in range(min(left, dice.randint(1, 2))))
            left -= len(ids)
            officers.append(
                Officers(unit.code, some(*(it for it in QUALIFICATIONS if dice.random() < 0.45)), ids)
            )
    ways = [(a, b, dice.randint(1, 60) / 2) for a in range(count) for b in range(count) if a != b]
    limits = Limits(dice.choice([12.0, 25.0, 40.0]), *(dice.choice([None, None, 1, 2]) for _ in range(3)))
    people = [(group.unit, it) for group in officers for it in group.ids]
    forbidden, staying = [], set()
    if people and dice.random() < 0.3:
        unit, officer = dice.choice(people)
        other = dice.choice([it.code for it in units if it.code != unit])
        forbidden.append(Forbidden(unit, other, dice.choice(["", officer])))
        staying.add(dice.choice(people)[1])
    return Case(units, tuple(officers), near(*ways), limits, (), tuple(forbidden), frozenset(staying))


def random_unit(dice: Random, code: str) -> Unit:
    needs = {it: dice.randint(0, 2) for it in QUALIFICATIONS if dice.random() < 0.5}
    floor = dice.choice([None, None, None, 0, 1])
    floors = {it: 0 for it in needs if dice.random() < 0.15}
    return Unit(
        code, dice.randint(0, 3), needs, dice.randint(1, 4), floor, floors, dice.choice([None, None, 1])
    )


class Judge:
    """Reckons a plan person by person, in the plainest way."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.units = {unit.code: unit for unit in case.units}
        self.of = {it: group for group in case.officers for it in group.ids}
        codes = [unit.code for unit in case.units]
        ways = zip(case.near.givers, case.near.receivers, case.near.km, strict=True)
        self.km = {(codes[a], codes[b]): float(km) for a, b, km in ways}
        self.before = self.held({})

    def held(self, goes: dict[str, str], arrivals: bool = True) -> Counter[tuple[str, str]]:
        held = Counter[tuple[str, str]]()
        for officer, group in self.of.items():
            if officer in goes and not arrivals:
                continue
            held.update((goes.get(officer, group.unit), it) for it in ("", *group.qualifications))
        return held

    def shortage(self, goes: dict[str, str]) -> int:
        held = self.held(goes)
        return sum(
            unit.weight * max(0, need - held[unit.code, it])
            for unit in self.case.units
            for it, need in {"": unit.need, **unit.needs}.items()
        )

    def value(self, goes: dict[str, str]) -> tuple[int, int, int]:
        spare = {code: self.before[code, ""] - self.floor(code, "") for code in self.units}
        way = sum(round(self.km[self.of[it].unit, to] * 10) for it, to in goes.items())
        disturbed = sum(4 + 4 // max(1, spare[self.of[it].unit]) for it in goes)
        return self.shortage(goes), way, disturbed

    def floor(self, code: str, qualification: str) -> int:
        unit = self.units[code]
        if not qualification:
            return unit.need if unit.floor is None else unit.floor
        return {**unit.needs, **unit.floors}.get(qualification, 0)

    def allowed(self, goes: dict[str, str]) -> bool:
        return not any(self.broken(goes)) and all(self.useful(it, to) for it, to in goes.items())

    def useful(self, officer: str, to: str) -> bool:
        unit = self.units[to]
        needs = {"": unit.need, **unit.needs}
        return any(needs.get(it, 0) > self.before[to, it] for it in ("", *self.of[officer].qualifications))

    def broken(self, goes: dict[str, str]) -> Iterator[str]:
        limits, out = self.case.limits, Counter(self.of[it].unit for it in goes)
        if limits.most_moves is not None and len(goes) > limits.most_moves:
            yield "most-moves"
        for code, unit in self.units.items():
            most_out = limits.most_out if unit.most_out is None else unit.most_out
            most_in = limits.most_in if unit.most_in is None else unit.most_in
            if (most_out is not None and out[code] > most_out) or (
                most_in is not None and list(goes.values()).count(code) > most_in
            ):
                yield code
        stay = self.held(goes, arrivals=False)
        for officer, to in goes.items():
            unit = self.of[officer].unit
            if self.km.get((unit, to), 1e9) > limits.longest_km or officer in self.case.staying:
                yield officer
            for it in ("", *self.of[officer].qualifications):
                if stay[unit, it] < self.floor(unit, it):
                    yield f"{unit}/{it}"
            if {Forbidden(unit, to), Forbidden(unit, to, officer)} & set(self.case.forbidden):
                yield f"{officer}/{to}"

    def best(self) -> tuple[int, int, int]:
        """The value of the best of all ways to send each officer somewhere or nowhere."""
        people = list(self.of)
        longest = self.case.limits.longest_km
        near = {way for way, km in self.km.items() if km <= longest}
        choices = [
            [None, *(to for to in self.units if (self.of[it].unit, to) in near and self.useful(it, to))]
            for it in people
        ]
        all_ways = ({it: to for it, to in zip(people, way, strict=True) if to} for way in product(*choices))
        return min(self.value(goes) for goes in all_ways if not any(self.broken(goes)))


def goes(it: Plan) -> dict[str, str]:
    return {move.officer: move.receiver for move in it.moves}


@pytest.mark.parametrize("seed", range(5))
def test_as_good_as_trying_everything(seed: int) -> None:
    dice = Random(seed)
    for _ in range(45):
        case = random_case(dice)
        made, judge = plan(case, more=False), Judge(case)
        assert judge.allowed(goes(made)), case
        value = (int(made.shortage.value), round(made.km.value * 10), int(made.disturbance.value))
        assert value == judge.value(goes(made)) == judge.best(), case
        assert made.shortage.gap == made.km.gap == made.disturbance.gap == 0


def small(**given: object) -> Case:
    """A has two investigators and a driver too many, B (weight 3) and C (weight 1) miss an investigator each."""
    case = Case(
        (
            Unit("A", 1, {"investigator": 1}),
            Unit("B", 2, {"investigator": 1}, weight=3),
            Unit("C", 2, {"investigator": 1}, weight=1),
        ),
        (
            Officers("A", some("investigator"), ("a1", "a2", "a3")),
            Officers("A", some("driver"), ("a4",)),
            Officers("B", some(), ("b1",)),
            Officers("C", some(), ("c1",)),
        ),
        near((0, 1, 12.0), (0, 2, 5.0), (1, 2, 8.0)),
        Limits(20.0),
    )
    return replace(case, **given)  # type: ignore[arg-type]


def test_tells_who_goes_where_and_what_for() -> None:
    made = plan(small())
    assert [(it.officer, it.receiver, it.fills, it.km, it.kept) for it in made.moves] == [
        ("a1", "B", ("investigator",), 12.0, False),
        ("a2", "C", ("investigator",), 5.0, False),
    ]
    assert {(it.unit, it.qualification, it.before, it.after) for it in made.shortages} == {
        ("B", "", 1, 0),
        ("B", "investigator", 1, 0),
        ("C", "", 1, 0),
        ("C", "investigator", 1, 0),
    }
    assert made.why == made.binding == ()
    assert made.shortage.value == made.shortage.bound == 0


def test_a_move_kept_by_hand_stands_and_the_rest_is_planned_round_it() -> None:
    made = plan(small(kept=(Kept("A", "C", "a4"),)))
    assert [(it.officer, it.receiver, it.kept) for it in made.moves] == [
        ("a4", "C", True),
        ("a1", "B", False),
        ("a2", "C", False),
    ]
    assert made.km.value == 22.0


def test_of_a_kept_crew_the_first_who_may_go() -> None:
    kept = Kept("A", "C", qualifications=some("investigator"))
    made = plan(small(kept=(kept, kept), staying=some("a1")))
    assert [(it.officer, it.kept) for it in made.moves] == [("a2", True), ("a3", True), ("a4", False)]


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"kept": (Kept("A", "C", "a1"),), "staying": some("a1")}, {"staying:a1", "kept:A/C/a1"}),
        ({"kept": (Kept("A", "B", "a1"), Kept("A", "C", "a1"))}, {"kept:A/B/a1", "kept:A/C/a1"}),
        ({"kept": (Kept("A", "C", "a1"),), "limits": Limits(4.0)}, {"longest-km", "kept:A/C/a1"}),
        ({"kept": (Kept("B", "C", "b1"),)}, {"floor:B", "kept:B/C/b1"}),
        (
            {"kept": tuple(Kept("A", "C", it) for it in ("a1", "a2", "a3"))},
            {"floor:A/investigator", *(f"kept:A/C/{it}" for it in ("a1", "a2", "a3"))},
        ),
        (
            {"kept": (Kept("A", "B", "a1"), Kept("A", "C", "a2")), "limits": Limits(20.0, most_moves=1)},
            {"most-moves", "kept:A/B/a1", "kept:A/C/a2"},
        ),
        (
            {"kept": (Kept("A", "B", "a4"),), "forbidden": (Forbidden("A", "B"), Forbidden("A", "C", "a4"))},
            {"forbidden:A/B", "kept:A/B/a4"},
        ),
        (
            {"kept": (Kept("A", "B", "a4"),), "forbidden": (Forbidden("A", "B", "a4"),)},
            {"forbidden:A/B/a4", "kept:A/B/a4"},
        ),
        (
            {"kept": (Kept("A", "B", qualifications=some("driver")),) * 2},
            {"kept:A/B/driver"},
        ),
    ],
)
def test_decisions_by_hand_that_cannot_stand_are_named(given: dict[str, object], reasons: set[str]) -> None:
    with pytest.raises(Infeasible) as raised:
        plan(small(**given))
    assert set(raised.value.reasons) == reasons


@pytest.mark.parametrize(
    "kept", [Kept("A", "X", "a1"), Kept("B", "C", "a1"), Kept("A", "A", "a1"), Kept("A", "B", "x")]
)
def test_a_decision_about_nobody_is_an_error(kept: Kept) -> None:
    with pytest.raises(ValueError, match="not there"):
        plan(small(kept=(kept,)))


@pytest.mark.parametrize(
    ("given", "why", "binding"),
    [
        ({"limits": Limits(4.0)}, "no-unit-near", ()),
        ({"forbidden": (Forbidden("A", "C"), Forbidden("B", "C"))}, "forbidden", ()),
        ({"staying": some("a1", "a2", "a3", "a4")}, "nobody-to-spare", ()),
        ({"limits": Limits(20.0, most_moves=1)}, "most-moves", ("most-moves",)),
        ({"limits": Limits(20.0, most_out=1)}, "most-out", ("most-out:A",)),
        ({"limits": Limits(20.0, most_in=0)}, "most-in", ("most-in:B", "most-in:C")),
        ({"staying": some("a1", "a2")}, "weighed-less", ()),
    ],
)
def test_says_why_a_unit_misses_an_investigator_still(
    given: dict[str, object], why: str, binding: tuple[str]
) -> None:
    made = plan(small(**given), more=False)
    assert Why("C", "investigator", why) in made.why
    assert made.binding == binding


def test_an_agreed_floor_that_is_used_up_is_binding() -> None:
    units = small().units
    made = plan(small(units=(replace(units[0], floors={"investigator": 2}), *units[1:])))
    assert made.binding == ("floor:A/investigator",)


@pytest.mark.parametrize("seed", range(3))
def test_what_one_more_changes_is_what_trying_everything_says(seed: int) -> None:
    dice = Random(f"more/{seed}")
    for _ in range(3):
        case = random_case(dice)
        made, now = plan(case), Judge(case).best()[0]
        for more in made.more:
            if more.what == "move":
                assert case.limits.most_moves is not None
                limits = replace(case.limits, most_moves=case.limits.most_moves + 1)
                found = [Judge(replace(case, limits=limits)).best()[0]]
            else:
                found = [Judge(joined(case, unit.code, more.qualification)).best()[0] for unit in case.units]
            assert more.gain == more.most == now - min(found), (case, more)


def joined(case: Case, unit: str, qualification: str) -> Case:
    """The case with one officer more at a unit, who stays there."""
    new = Officers(unit, some(*([qualification] if qualification else [])), ("new",))
    return replace(case, officers=(*case.officers, new), staying=case.staying | {"new"})


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_no_rule_is_broken_and_the_same_case_has_the_same_plan(seed: int) -> None:
    case = random_case(Random(seed))
    made, judge = plan(case, more=False), Judge(case)
    assert not list(judge.broken(goes(made)))
    assert repr(plan(case, more=False)) == repr(made)
    short = {(it.unit, it.qualification): it.after for it in made.shortages}
    assert {(it.unit, it.qualification) for it in made.why} == {key for key, after in short.items() if after}
    for move in made.moves:
        assert set(move.fills) <= judge.of[move.officer].qualifications
        assert move.fills or judge.units[move.receiver].need > judge.before[move.receiver, ""]
