"""Simulated histories: in the ordinary suite some, in the whole one ten thousand; each from a seed of its own."""

import os

import pytest

from nodes.simulation import Failed, run

FEW = 120
PART = 1000


@pytest.mark.parametrize("first", range(0, FEW, 20))
def test_what_is_promised_holds_through_anything(first: int) -> None:
    for seed in range(first, first + 20):
        run(seed)


def test_over_signatures_as_they_are() -> None:
    for seed in range(FEW, FEW + 4):
        run(seed, real=True)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_histories(part: int) -> None:
    for seed in range(FEW + part * PART, FEW + (part + 1) * PART):
        run(seed, real=seed % 50 == 0)


def test_replay() -> None:
    """A history that went wrong, again: `HAICAP_SEED=… pytest -n 0 tests/nodes/test_simulation.py -k replay`."""
    run(int(os.environ.get("HAICAP_SEED", "0")))


def test_a_history_that_goes_wrong_says_how_to_see_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodes.simulation.answer", None)
    with pytest.raises(Failed, match="HAICAP_SEED=1 python -m pytest"):
        run(1)


def test_one_seed_makes_one_history() -> None:
    from nodes.quick import quick
    from nodes.simulation import History

    with quick():
        first, second = History(7), History(7)
        first.run(20)
        second.run(20)
    assert first.told == second.told
    assert len(first.told) > 10
