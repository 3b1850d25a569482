"""The p-median, against every choice tried, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

from haicap.plan.distances import great_circle
from haicap.plan.median import median
from haicap.plan.siting import Passed, Served, Siting
from towns import Choice, best, choices, sitings


def ways(it: Siting, choice: Choice) -> float:
    return float((it.people * it.km[:, choice].min(axis=1)).sum())


@given(sitings())
@settings(max_examples=100, deadline=None)
def test_the_answer_is_the_best_of_all_choices(it: Siting) -> None:
    least = best(it, ways)
    assume(least is not None)
    answer = median(it)
    choice = tuple(it.sites.index(code) for code in answer.points)
    assert choice in set(choices(it))
    assert answer.proof.value == pytest.approx(least)
    assert answer.proof.value == pytest.approx(ways(it, choice))
    assert answer.proof.bound == answer.proof.value


@given(sitings())
@settings(max_examples=60, deadline=None)
def test_without_work_the_bound_still_holds(it: Siting) -> None:
    least = best(it, ways)
    assume(least is not None)
    proof = median(it, work=0).proof
    assert proof.bound <= least + 1e-6 * least
    assert proof.value >= least - 1e-9


@given(sitings())
@settings(max_examples=60, deadline=None)
def test_everybody_is_served_by_the_nearest_point_and_other_sites_say_why_they_are_none(it: Siting) -> None:
    assume(best(it, ways) is not None)
    answer = median(it)
    columns = [it.sites.index(code) for code in answer.points]
    assert [way.km for way in answer.served] == it.km[:, columns].min(axis=1).tolist()
    assert all(it.km[row, it.sites.index(way.site)] == way.km for row, way in enumerate(answer.served))
    assert sorted(answer.points + tuple(other.site for other in answer.passed)) == sorted(it.sites)
    assert answer.farthest.km == max(way.km for way in answer.served)
    assert sorted(sum(answer.serves().values(), ())) == sorted(it.demands)
    for other in answer.passed:
        assert (other.why == "forbidden") == (other.site in it.forbidden)
        if other.more is not None:
            swapped = (set(answer.points) - {str(other.instead)}) | {other.site}
            now = ways(it, tuple(it.sites.index(code) for code in swapped))
            assert now - answer.proof.value == pytest.approx(other.more, abs=1e-6)


@given(sitings(edits=False))
@settings(max_examples=60, deadline=None)
def test_one_more_point_saves_what_is_said_at_least(it: Siting) -> None:
    assume(it.points < len(it.sites))
    answer = median(it)
    more = median(replace(it, points=it.points + 1))
    assert answer.proof.value - more.proof.value >= answer.saves - 1e-6


def test_three_towns_by_hand() -> None:
    km = np.array([[0.0, 6.0, 9.0], [6.0, 0.0, 4.0], [9.0, 4.0, 0.0]], np.float32)
    it = Siting(("x", "y", "z"), np.array([10.0, 1.0, 5.0]), ("X", "Y", "Z"), km, 2)
    answer = median(it)
    assert answer.points == ("X", "Z")
    assert answer.proof.value == answer.proof.bound == 4
    assert answer.farthest == Served("y", "Z", 4.0)
    assert answer.serves() == {"X": ("x",), "Z": ("y", "z")}
    assert answer.passed == (Passed("Y", "dearer", "Z", 16.0),)
    assert answer.saves == 4


def test_a_hundred_places_are_proved_and_the_same_again() -> None:
    chance = np.random.default_rng(5)
    places = np.column_stack([chance.uniform(20.5, 21.2, 100), chance.uniform(106.2, 107.1, 100)])
    codes = tuple(str(place) for place in range(100))
    it = Siting(codes, chance.integers(1, 90, 100).astype(float), codes, great_circle(places, places), 12)
    first, second = median(it), median(it)
    assert first == second
    assert first.proof.gap == 0


def test_branching_ends_where_prices_alone_do_not() -> None:
    """Points on a circle: the prices' bound stays far below."""
    turn = np.arange(24)
    apart = np.abs(turn[:, None] - turn)
    km = np.minimum(apart, 24 - apart).astype(np.float64) ** 2
    codes = tuple(str(place) for place in turn)
    it = Siting(codes, np.ones(24), codes, km, 5)
    assert median(it, work=0).proof.gap > 0
    proof = median(it).proof
    assert (proof.value, proof.bound) == (46, 46)  # four arcs of five, 10 each, and one of four
