"""Whether so many points reach everybody, against every choice tried."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.plan.reaching import cover
from haicap.plan.siting import Siting
from towns import sitings

NONE = np.zeros(0, np.intp)


@given(sitings(edits=False), st.integers(0, 12), st.booleans())
@settings(max_examples=100, deadline=None)
def test_points_that_reach_everybody_are_found_just_where_there_are_some(
    it: Siting, reach: int, keep: bool
) -> None:
    within = it.km <= reach
    kept = np.array([0] if keep else [], np.intp)
    choices = combinations(range(len(it.sites)), it.points)
    some = any(bool(within[:, c].any(axis=1).all()) for c in choices if set(kept.tolist()) <= set(c))
    found = cover(within, kept, it.points)
    assert (found.opened is not None) == some
    if found.opened is None:
        assert found.least > it.points
    else:
        assert len(found.opened) <= it.points
        assert within[:, found.opened].any(axis=1).all()
        assert set(kept.tolist()) <= set(found.opened.tolist())


def test_greed_alone_would_take_one_too_many() -> None:
    within = np.zeros((6, 3), bool)  # the first site reaches most, the other two everybody
    within[[0, 1, 3, 4], 0] = True
    within[:3, 1] = within[3:, 2] = True
    found = cover(within, NONE, 2)
    assert found.opened is not None
    assert found.opened.tolist() == [1, 2]
    assert cover(within, NONE, 1).least == 2
