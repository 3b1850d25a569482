"""Exchanges keep their figures right, and end where no exchange saves anything."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings

from haicap.plan.board import Board
from haicap.plan.exchange import Exchange, greedy
from haicap.plan.siting import Siting
from towns import sitings


def laid(it: Siting) -> Board:
    return Board(it.people, it.km, it.points, np.zeros(0, np.intp))


@given(sitings(edits=False))
@settings(max_examples=60, deadline=None)
def test_after_exchanges_the_figures_are_those_of_a_fresh_count(it: Siting) -> None:
    board = laid(it)
    state = Exchange(board, np.arange(it.points)).improved()
    fresh = Exchange(board, state.opened)
    assert state.gain == pytest.approx(fresh.gain)
    assert state.loss == pytest.approx(fresh.loss)
    assert state.value == pytest.approx(float(board.cheapest(state.opened).sum()))


@given(sitings(edits=False))
@settings(max_examples=60, deadline=None)
def test_no_exchange_saves_anything_in_the_end(it: Siting) -> None:
    board = laid(it)
    state = Exchange(board, greedy(board)).improved()
    for point, site in product(range(it.points), range(len(it.sites))):
        opened = state.opened.copy()
        opened[point] = site
        assert board.cheapest(opened).sum() >= state.value - 1e-9
    assert len(set(state.opened.tolist())) == it.points


@given(sitings(edits=False))
@settings(max_examples=40, deadline=None)
def test_what_is_kept_is_never_exchanged(it: Siting) -> None:
    assume(it.points > 1)
    board = replace(laid(it), kept=np.array([len(it.sites) - 1]))
    assert len(it.sites) - 1 in Exchange(board, greedy(board)).improved().opened
