"""Ways between places."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.plan.distances import great_circle, nearest, overridden

HAI_PHONG, HA_NOI, HO_CHI_MINH = (20.8449, 106.6881), (21.0285, 105.8542), (10.7769, 106.7009)
KM = np.array([[0.0, 5.0, 7.0], [5.0, 0.0, 3.0], [7.0, 3.0, 0.0]], np.float32)


def test_known_ways() -> None:
    km = great_circle([HAI_PHONG, HA_NOI], [HA_NOI, HO_CHI_MINH])
    assert km.dtype == np.float32
    assert km.tolist() == [
        [pytest.approx(89, abs=1), pytest.approx(1120, abs=3)],
        [0, pytest.approx(1144, abs=3)],
    ]


place = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(place, place)
def test_there_and_back_are_as_far_and_none_is_farther_than_half_round(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there, back = (float(great_circle([a], [b], np.float64)[0, 0]) for a, b in ((one, other), (other, one)))
    assert there == pytest.approx(back)
    assert 0 <= there <= np.pi * 6371.01


def test_a_way_known_better_counts_both_ways_unless_the_other_is_named() -> None:
    codes = ("a", "b", "c")
    found = overridden(KM, codes, codes, [("a", "b", 6.5), ("b", "c", 4.0), ("c", "b", 9.0), ("x", "a", 1.0)])
    assert found.tolist() == [[0, 6.5, 7], [6.5, 0, 4], [7, 9, 0]]
    assert KM[0, 1] == 5


@pytest.mark.parametrize(
    "wrong", [[("a", "b", -1.0)], [("a", "b", float("nan"))], [("a", "b", 1.0), ("a", "b", 2.0)]]
)
def test_a_table_that_cannot_be_right_is_refused(wrong: list[tuple[str, str, float]]) -> None:
    with pytest.raises(ValueError, match="from a to b"):
        overridden(KM, "abc", "abc", wrong)


def test_nearest_first() -> None:
    assert nearest(KM, 2).tolist() == [[0, 1], [1, 2], [2, 1]]
    assert nearest(KM, 9).shape == (3, 3)
