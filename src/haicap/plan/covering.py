"""Maximal covering: so many points that most people have one within reach.

A p-median in which a way costs nothing within reach and 1 beyond it (Church and ReVelle, 1974).
"""

from dataclasses import replace

import numpy as np

from haicap.plan.board import Board, limited
from haicap.plan.ground import Ground, answered, ground
from haicap.plan.outcome import Proof
from haicap.plan.search import Search
from haicap.plan.siting import WORK, Sited, Siting


def covering(siting: Siting, within: float, *, work: float = WORK) -> Sited:
    """The points with the most people at most `within` km from one; value and bound are people, the bound from above.

    `Siting.longest` stays a hard rule for everybody beside it. Raises `Infeasible` with reasons, `Undecided`.
    """
    it = ground(siting)
    tolls = _tolls(it, siting, float(within))
    found = Search(tolls, it.first, work).found()
    people = float(siting.people.sum())
    proof = Proof(people - found.value, people - found.bound)
    return replace(answered(siting, it, tolls, found.opened, proof), most=True)


def _tolls(it: Ground, siting: Siting, within: float) -> Board:
    """The board with 0 for a way within reach, 1 beyond, 2 where nobody may go."""
    tolls = (it.board.km > within).astype(np.float32)
    board = Board(siting.people, tolls, siting.points, it.board.kept)
    if siting.longest is None:
        return board
    tolls[it.board.km > float(siting.longest)] = 2.0
    return limited(board, 1.0)
