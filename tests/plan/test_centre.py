"""The p-centre, against every choice tried."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

from haicap.plan.centre import centre
from haicap.plan.siting import Siting
from towns import Choice, best, choices, sitings


def longest(it: Siting, choice: Choice) -> float:
    return float(it.km[:, choice].min(axis=1).max())


@given(sitings())
@settings(max_examples=60, deadline=None)
def test_the_longest_way_is_the_shortest_possible(it: Siting) -> None:
    least = best(it, longest)
    assume(least is not None)
    answer = centre(it)
    assert tuple(it.sites.index(code) for code in answer.points) in set(choices(it))
    assert answer.proof.value == answer.proof.bound == pytest.approx(least)
    assert answer.farthest.km == answer.proof.value


def test_among_equals_the_ways_add_up_to_little() -> None:
    at = np.array([0.0, 4.0, 8.0, 20.0])  # the first three need a point in the middle, or two
    km = np.abs(at[:, None] - at)
    it = Siting(("a", "b", "c", "d"), np.array([1.0, 1.0, 1.0, 9.0]), ("A", "B", "C", "D"), km, 3)
    answer = centre(it)
    assert answer.proof.value == 4
    assert "D" in answer.points


def test_without_branching_the_bound_still_holds() -> None:
    chance = np.random.default_rng(3)
    at = chance.uniform(0, 100, (60, 2))
    km = np.hypot(*(at[:, None] - at).transpose(2, 0, 1))
    codes = tuple(str(place) for place in range(60))
    it = Siting(codes, np.ones(60), codes, km, 6)
    rough, exact = centre(it, nodes=0).proof, centre(it).proof
    assert rough.bound <= exact.bound == exact.value <= rough.value
