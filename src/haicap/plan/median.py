"""The p-median: so many points that all people together have the shortest way."""

from haicap.plan.ground import answered, ground
from haicap.plan.outcome import Proof
from haicap.plan.search import Search
from haicap.plan.siting import WORK, Sited, Siting


def median(siting: Siting, *, work: float = WORK) -> Sited:
    """The points whose ways, each weighted by its people, add up to least; value and bound are in person-kilometres.

    Proved best where `work` (pairs of demand and site priced, some 10⁸ a second) suffices, else the gap shows. Raises
    `Infeasible` with reasons, `Undecided`.
    """
    it = ground(siting)
    found = Search(it.board, it.first, work).found()
    return answered(siting, it, it.board, found.opened, Proof(found.value, found.bound))
