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
        choices = [[None, *(code for code in self.units if code != self.of[it].unit)] for it in people]
        all_ways = ({it: to for it, to in zip(people, way, strict=True) if to} for way in product(*choices))
        return min(self.value(goes) for goes in all_ways if self.allowed(goes))


def goes(it: Plan) -> dict[str, str]:
    return {move.officer: move.receiver for move in it.moves}


@pytest.mark.parametrize("seed", range(6))
def test_as_good_as_trying_everything(seed: int) -> None:
    dice = Random(seed)
    for _ in range(60):
        case = random_case(dice)
        made, judge = plan(case, more=False), Judge(case)
        assert judge.allowed(goes(made)), case
        value = (int(made.shortage.value), round(made.km.value * 10), int(made.disturbance.value))
        assert value == judge.value(goes(made)) == judge.best(), case
        assert made.shortage.gap == made.km.gap == made.disturbance.gap == 0
