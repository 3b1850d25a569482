"""Simulated histories: in the ordinary suite some, in the whole one ten thousand; each from a seed of its own."""

import os
from collections import Counter
from itertools import chain

import pytest

from nodes.mutations import FAULTS, faulty
from nodes.promises import Broken
from nodes.quick import quick
from nodes.simulation import TROUBLES, Failed, History, run

FEW = 200
PART = 1000
SEARCHED = 1500


def test_what_is_promised_holds_through_anything() -> None:
    happened: Counter[str] = Counter()
    for seed in range(FEW):
        happened += run(seed)
    assert [it for it in TROUBLES if not happened[it]] == []


def test_over_signatures_as_they_are() -> None:
    for seed in range(FEW, FEW + 4):
        run(seed, real=True)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_histories(part: int) -> None:
    happened: Counter[str] = Counter()
    for seed in range(FEW + part * PART, FEW + (part + 1) * PART):
        happened += run(seed, real=seed % 50 == 0)
    assert [it for it in TROUBLES if happened[it] < 10] == []


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_exchange_breaks_a_promise(fault: str) -> None:
    """The seed named beside a fault finds it; if histories have become others since, another one must."""
    make, named = FAULTS[fault]
    with faulty(make):
        assert any(_breaks(seed) for seed in chain([named], range(SEARCHED)))


def _breaks(seed: int) -> bool:
    try:
        run(seed)
    except Failed as failed:
        return isinstance(failed.__cause__, Broken)
    return False


def test_replay() -> None:
    """A history that went wrong, again: `HAICAP_SEED=… pytest -n 0 tests/nodes/test_simulation.py -k replay`."""
    run(int(os.environ.get("HAICAP_SEED", "0")))


def test_a_history_that_goes_wrong_says_how_to_see_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodes.simulation.answer", None)
    with pytest.raises(Failed, match="HAICAP_SEED=1 python -m pytest"):
        run(1)


def test_one_seed_makes_one_history() -> None:
    with quick():
        first, second = History(7), History(7)
        first.run(20)
        second.run(20)
    assert first.told == second.told
    assert len(first.told) > 10
