"""What is said of answers: gaps, and reasons of which none can be spared."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.plan.milp import Aim, Programme, best
from haicap.plan.outcome import Infeasible, Proof, least


def test_a_gap_is_a_share_of_the_value() -> None:
    assert Proof(200.0, 199.0).gap == 0.005
    assert Proof(-200.0, -201.0).gap == 0.005
    assert Proof(0.0, 0.0).gap == 0.0
    assert Proof(0.0, -2.0).gap == 2.0


@settings(derandomize=True)
@given(
    st.lists(st.integers(0, 9), unique=True),
    st.lists(st.sets(st.integers(0, 9), min_size=1), min_size=1, max_size=3),
)
def test_of_the_reasons_none_can_be_spared(rules: list[int], together: list[set[int]]) -> None:
    """Rules cannot hold together when they contain one of some sets."""

    def possible(some: Sequence[int]) -> bool:
        return not any(it <= set(some) for it in together)

    if possible(rules):
        return
    reasons = least(rules, possible)
    assert not possible(reasons)
    assert all(possible([it for it in reasons if it != one]) for one in reasons)
    assert set(reasons) in together


def test_what_is_infeasible_names_its_reasons() -> None:
    said = Infeasible(["most-moves", "kept:A/B/x"])
    assert said.reasons == ("most-moves", "kept:A/B/x")
    assert "most-moves, kept:A/B/x" in str(said)


def aim(*costs: int, most: int = 1 << 40) -> Aim:
    return Aim(np.array(costs, np.int64), most)


def knapsack() -> Programme:
    """Three things that weigh 3, 4 and 5, of which the taken ones weigh 7 at least."""
    programme = Programme()
    for _ in range(3):
        programme.column(1)
    programme.row([(0, 3), (1, 4), (2, 5)], least=7)
    return programme


def test_a_later_aim_never_spoils_an_earlier_one() -> None:
    for most in (16, 1 << 40):  # weighed into one programme, and one after the other
        found = best(knapsack(), [aim(2, 2, 2, most=most), aim(9, 1, 3, most=most), aim(0, 5, 7, most=most)])
        assert found is not None
        assert found.answer.tolist() == [0, 1, 1]
        assert [(it.value, it.bound) for it in found.proofs] == [(4.0, 4.0), (4.0, 4.0), (12.0, 12.0)]


def test_aims_of_very_different_size_are_kept_apart() -> None:
    found = best(knapsack(), [aim(10**9, 10**9, 10**9), aim(10**9, 10**9, 10**9), aim(1, 2, 0)])
    assert found is not None
    assert found.answer.tolist() == [1, 0, 1]


def test_a_programme_with_no_answer_has_none() -> None:
    programme = knapsack()
    programme.row([(0, 1), (1, 1), (2, 1)], most=1)
    assert best(programme, [aim(1, 1, 1)]) is None


def test_a_programme_with_no_columns_has_an_answer() -> None:
    found = best(Programme(), [aim(), aim()])
    assert found is not None
    assert [it.value for it in found.proofs] == [0.0, 0.0]
