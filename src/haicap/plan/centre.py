"""The p-centre: so many points that the longest way is shortest."""

from dataclasses import replace

import numpy as np

from haicap.plan.board import Board, Ints, limited
from haicap.plan.exchange import Exchange, greedy
from haicap.plan.ground import answered, ground
from haicap.plan.outcome import Proof
from haicap.plan.reaching import NODES, cover
from haicap.plan.siting import Sited, Siting


def centre(siting: Siting, *, nodes: int = NODES) -> Sited:
    """The points with the shortest longest way, value and bound in km; among such some whose ways add up to little.

    Every demand counts alike, its people only among equals. A search by halves over the lengths that occur: for each,
    whether so many points reach everybody. Where `nodes` of branching do not suffice to tell, the gap shows. Raises
    `Infeasible` with reasons, `Undecided`.
    """
    it = ground(siting)
    opened, bound = _nearest(it.board, it.first, nodes)
    near = limited(it.board, _longest(it.board, opened))
    opened = Exchange(near, greedy(replace(near, kept=opened))).improved().opened
    return answered(siting, it, near, opened, Proof(_longest(near, opened), bound))


def _nearest(board: Board, opened: Ints, nodes: int) -> tuple[Ints, float]:
    """At most as many points as wanted, and a length below which no points reach everybody."""
    lengths = np.unique(
        board.km[(board.km >= board.km.min(axis=1).max()) & (board.km <= _longest(board, opened))]
    )
    proved, low, high = (
        0,
        0,
        len(lengths) - 1,
    )  # what is before `proved` is too short, what is before `low` not found
    while low < high:
        half = (low + high) // 2
        found = cover(board.km <= lengths[half], board.kept, board.points, nodes)
        if found.opened is not None:
            opened = found.opened
            high = int(np.searchsorted(lengths, _longest(board, opened)))
            continue
        low = half + 1
        if found.least > board.points:
            proved = low
    return opened, float(lengths[proved])


def _longest(board: Board, opened: Ints) -> float:
    return float(board.km[:, opened].min(axis=1).max())
