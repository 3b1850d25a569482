"""Maximal covering, against every choice tried."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from haicap.plan.covering import covering
from haicap.plan.siting import Siting, changes
from towns import Choice, best, choices, sitings


@given(sitings(), st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_nobody_reaches_more(it: Siting, within: int) -> None:
    def left(it: Siting, choice: Choice) -> float:
        return float(it.people[it.km[:, choice].min(axis=1) > within].sum())

    least = best(it, left)
    assume(least is not None)
    answer = covering(it, within)
    assert tuple(it.sites.index(code) for code in answer.points) in set(choices(it))
    assert answer.proof.value == answer.proof.bound == pytest.approx(it.people.sum() - least)
    reached = [people for people, way in zip(it.people, answer.served, strict=True) if way.km <= within]
    assert answer.proof.value == pytest.approx(sum(reached))
    unproved = covering(it, within, work=0).proof
    assert unproved.value <= answer.proof.value <= unproved.bound


def test_one_more_point_reaches_more() -> None:
    km = np.array([[0.0, 9.0, 9.0], [9.0, 0.0, 9.0], [9.0, 9.0, 0.0]])
    it = Siting(("x", "y", "z"), np.array([10.0, 1.0, 5.0]), ("X", "Y", "Z"), km, 2)
    answer = covering(it, 3)
    assert answer.points == ("X", "Z")
    assert (answer.proof.value, answer.saves) == (15, 1)
    more, fewer = changes(it, answer, lambda other: covering(other, 3))
    assert (more.code, more.better) == ("points:3", 1)
    assert (fewer.code, fewer.better) == ("points:1", -5)
