"""The best choice of points: bounds by prices, good choices by exchange, and branching for what remains.

What a bound proves useless is left out for good, so that little is left to branch on. The branch with the lowest bound
goes first; what is decided in it is the site about which its prices are least sure.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np

from haicap.plan.board import Board, Floats, Ints
from haicap.plan.exchange import Exchange
from haicap.plan.prices import SHORTEST, Bound, Ways, climbed, narrowed, settled, ways

_STAGE = 60  # steps of pricing before what is settled is left out


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The best choice found (columns of the board), what it costs, and a bound that no choice can pass."""

    opened: Ints
    value: float
    bound: float


class Search:
    """A search on one board, from a first choice that keeps the longest way.

    `work` is how many pairs of demand and site may be priced before it ends unproved: about 10⁸ take a second.
    """

    def __init__(self, board: Board, opened: Ints, work: float) -> None:
        self.board, self.work = board, work
        self.first = Exchange(board, opened).improved()
        self.opened, self.value = self.first.opened, self.first.value
        self._whole, self._seen = board.whole, set[bytes]()
        self._open: list[tuple[float, int, Ints, Ints, Bound, int]] = []
        self._numbers = count()
        self._ways = ways(board)

    def found(self) -> Found:
        """The best choice; the bound is its value where proved best (of costs not whole: to 10⁻⁷, as float32 is)."""
        self._root()
        while self._open and not self._enough(self._open[0][0]) and self.work > 0:
            _, _, may, must, bound, site = heapq.heappop(self._open)
            room = self._most() - bound.value
            for some, fixed in ((may, np.append(must, site)), (may[may != site], must)):
                it = narrowed(self.board, self._ways, some, fixed, bound.prices, room)
                self._put(it, self._bounded(it, bound.prices, self._glance))
        left = self._open[0][0] if self._open else np.inf
        return Found(self.opened, self.value, self.value if self._enough(left) else left)

    def _root(self) -> None:
        """Bound the whole, leaving out in stages what is settled."""
        nearest, second = self.first.nearest, self.first.second
        prices: Floats = (nearest + np.where(second < self.board.beyond, second, nearest)) / 2
        if len(self.board.kept):
            self._narrow(self._ways.sites, self.board.kept, prices, np.inf)
        bound = self._bounded(self._ways, prices, self._offer)
        while bound.stride >= SHORTEST and not self._enough(bound.value) and self.work > 0:
            may, must = settled(self._ways, self.board.points, bound, self._most())
            if self.board.points in (len(may), len(must)):
                break
            if len(may) < 0.8 * len(self._ways.sites):
                self._narrow(may, must, bound.prices, self._most() - bound.value)
            bound = self._bounded(self._ways, bound.prices, self._offer, bound.stride)
        self._put(self._ways, bound)

    def _narrow(self, sites: Ints, fixed: Ints, prices: Floats, room: float) -> None:
        self._ways = narrowed(self.board, self._ways, sites, fixed, prices, room)

    def _bounded(
        self, it: Ways, prices: Floats, offer: Callable[[Ints], float], stride: float = 2.0
    ) -> Bound:
        self.work -= _STAGE * len(it.cost)
        start = Bound(prices, -np.inf, np.zeros(0), stride)
        return climbed(it, self.board.points, start, offer, self._enough, _STAGE)

    def _put(self, it: Ways, bound: Bound) -> None:
        """Keep a branch for later, unless nothing better can be in it, or only one choice that is then seen here."""
        if self._enough(bound.value):
            return
        may, must = settled(it, self.board.points, bound, self._most())
        left = self.board.points - len(must)
        if left == 0 or len(may) == self.board.points:
            self._offer(must if left == 0 else may)
            return
        undecided = np.setdiff1d(may, must)
        worth = dict(zip(it.sites.tolist(), bound.worth.tolist(), strict=True))
        order = sorted(undecided.tolist(), key=lambda site: (worth[site], site))
        heapq.heappush(self._open, (bound.value, next(self._numbers), may, must, bound, order[left - 1]))

    def _offer(self, sites: Ints) -> float:
        """Exchange from these sites on, if not done before; returns what the best choice so far costs."""
        key = np.sort(sites).tobytes()
        if key not in self._seen:
            self._seen.add(key)
            other = Exchange(self.board, sites).improved()
            if other.value < self.value:
                self.opened, self.value = other.opened, other.value
        return self.value

    def _glance(self, sites: Ints) -> float:
        """As `_offer`, but exchange only from what is better as it stands: branches are many."""
        better = self.board.cheapest(sites).sum() < self.value
        return self._offer(sites) if better else self.value

    def _most(self) -> float:
        """What a choice may cost at most to be better than the best so far."""
        return self.value - (1 - 1e-6 if self._whole else 1e-7 * self.value)

    def _enough(self, bound: float) -> bool:
        return bound > self._most() or self.value == 0
