"""A good choice of points fast: greedy opening, then exchanges of one point for one site, best first.

The exchange keeps, for every pair of a point to close and a site to open, what the pair would change, and mends
these figures only for the demands that an exchange touches (Resende and Werneck, 2003, after Whitaker, 1983).
"""

import numpy as np

from haicap.plan.board import Board, Floats, Ints


class Exchange:
    """Points that are open, and what closing one and opening another would change.

    `gain` (m) is what is saved by opening a site; `loss` (p × m) is what closing a point costs more than that where the
    site opens instead.
    """

    def __init__(self, board: Board, opened: Ints) -> None:
        self.board, self.opened = board, np.array(opened, dtype=np.intp)
        n, m = board.km.shape
        self.gain, self.loss = np.zeros(m), np.zeros((len(opened), m))
        self.first, self.next = np.zeros(n, np.intp), np.zeros(n, np.intp)
        self.nearest, self.second = np.zeros(n), np.zeros(n)
        self.fixed = np.flatnonzero(np.isin(self.opened, board.kept))
        for rows in board.blocks():
            self._place(rows)
            self._count(rows, board.costs(rows), 1)

    @property
    def value(self) -> float:
        """The cost of serving everybody."""
        return float(self.nearest.sum())

    def improved(self) -> "Exchange":
        """This, after exchanges until none is left that saves anything."""
        while self._step():
            pass
        return self

    def change(self) -> Floats:
        """What closing each point (row) and opening each site (column) would add; infinite where it may not be."""
        change: Floats = self.loss - self.gain
        change[:, self.opened] = np.inf
        change[self.fixed] = np.inf
        return change

    def _step(self) -> bool:
        change = self.change()
        point, site = divmod(int(change.argmin()), change.shape[1])
        if not change[point, site] < 0:
            return False
        before, old = self.value, int(self.opened[point])
        self._swap(point, site)
        if self.value < before - 1e-12 * abs(before):
            return True
        self._swap(point, old)  # only rounding promised a saving
        return False

    def _swap(self, point: int, site: int) -> None:
        now = self.board.cheapest(np.array([site]))
        rows = np.flatnonzero((self.first == point) | (self.next == point) | (now < self.second))
        costs = self.board.costs(rows)
        self._count(rows, costs, -1)
        self.opened[point] = site
        self._place(rows)
        self._count(rows, costs, 1)

    def _place(self, rows: Ints) -> None:
        near, at = self.board.costs(rows, self.opened), np.arange(len(rows))
        first = near.argmin(axis=1)
        self.first[rows], self.nearest[rows] = first, near[at, first]
        near[at, first] = np.inf
        self.next[rows] = near.argmin(axis=1)
        self.second[rows] = near.min(axis=1)

    def _count(self, rows: Ints, costs: Floats, sign: int) -> None:
        if not len(rows):
            return
        order = np.argsort(self.first[rows], kind="stable")
        rows, costs = rows[order], costs[order]
        nearest, second = self.nearest[rows, None], self.second[rows, None]
        self.gain += sign * np.maximum(nearest - costs, 0).sum(axis=0)
        points = self.first[rows]
        starts = np.flatnonzero(np.r_[True, points[1:] != points[:-1]])
        np.clip(costs, nearest, second, out=costs)
        costs -= nearest
        self.loss[points[starts]] += sign * np.add.reduceat(costs, starts, axis=0)


def greedy(board: Board) -> Ints:
    """As many points as are wanted, the kept ones first, then always the site that saves most."""
    opened = list(board.kept)
    if not opened:
        opened.append(sum(board.costs(rows).sum(axis=0) for rows in board.blocks()).argmin())
    paid = board.cheapest(np.array(opened))
    gain = np.zeros(board.km.shape[1])
    for rows in board.blocks():
        gain += np.maximum(paid[rows, None] - board.costs(rows), 0).sum(axis=0)
    while len(opened) < board.points:
        gain[opened] = -np.inf
        opened.append(gain.argmax())
        now = board.cheapest(np.array(opened[-1:]))
        rows = np.flatnonzero(now < paid)
        costs = board.costs(rows)
        gain += (np.maximum(now[rows, None] - costs, 0) - np.maximum(paid[rows, None] - costs, 0)).sum(axis=0)
        paid[rows] = now[rows]
    return np.array(opened, dtype=np.intp)
