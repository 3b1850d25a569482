"""A bound for a choice of points: Lagrangian relaxation of "everybody is served", by subgradient (Beasley, 1985).

Each demand is given a price; a site is worth what it saves on the prices of the demands that it would serve below
them. For any prices, their sum less the worth of the best `points` sites is a bound that no choice can pass. It also
tells which sites can be in no choice better than the best known, and which must be in every one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from haicap.plan.board import Board, Floats, Ints

PATIENCE = 20  # steps without a better bound before they are halved
SHORTEST = 0.002


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The pairs of demand and site that may matter, site after site.

    `sites` are columns of the board and `starts` where the pairs of each begin; the first `fixed` of them are open for
    certain. `cap` (n) is a price that no demand's may pass: from there on pairs that are left out would count.
    """

    sites: Ints
    fixed: int
    starts: Ints
    column: Ints  # place in `sites`, by pair
    demand: Ints  # by pair; n where a site has no demand left
    cost: Floats  # by pair
    cap: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """The best prices found, the bound they prove, the worth of each site (0 or less), and how far to step on."""

    prices: Floats
    value: float
    worth: Floats
    stride: float = 2.0


def ways(board: Board) -> Ways:
    """For each demand the pairs with the nearest sites: all of a small board, of a large one as many as may matter.

    A dearer pair is left out, and the cap is the cheapest of those left out. Of equal pairs none is left out alone.
    """
    m = board.km.shape[1]
    width, parts, caps = min(m, 8 * m // board.points + 30), [], []
    for rows in board.blocks():
        costs = board.costs(rows)
        edge = np.full(len(rows), board.beyond)
        if width < m:
            dearer = np.where(costs > costs.min(axis=1, keepdims=True), costs, np.inf).min(axis=1)
            edge = np.minimum(edge, np.maximum(np.partition(costs, width, axis=1)[:, width], dearer))
        demand, column = np.nonzero(costs < edge[:, None])
        parts.append((column, rows[demand], costs[demand, column]))
        caps.append(np.where(edge < board.beyond, edge, np.inf))
    column, demand, cost = (np.concatenate(it) for it in zip(*parts, strict=True))
    return _sorted(np.arange(m), 0, column, demand, cost, np.concatenate(caps))


def narrowed(board: Board, it: Ways, sites: Ints, fixed: Ints, prices: Floats, room: float) -> Ways:
    """The pairs left where only these sites may open and some of them are open for certain.

    A pair dearer than one with such a site is left out; so is one whose use alone would add more than `room` to the
    bound of these prices.
    """
    sites = np.concatenate([fixed, np.setdiff1d(sites, fixed)])
    most = np.minimum(prices + room, board.cheapest(fixed) if len(fixed) else np.inf)
    place = np.full(board.km.shape[1], -1)
    place[sites] = np.arange(len(sites))
    column = place[it.sites][it.column]
    left = (column >= 0) & (it.cost <= np.append(most, -1.0)[it.demand])
    caps = np.where(it.cap <= most, it.cap, np.inf)
    return _sorted(sites, len(fixed), column[left], it.demand[left], it.cost[left], caps)


def _sorted(sites: Ints, fixed: int, column: Ints, demand: Ints, cost: Floats, cap: Floats) -> Ways:
    every = np.arange(len(sites))  # a pair of its own for each site, so that none is without
    column, demand = np.concatenate([column, every]), np.concatenate([demand, np.full(len(every), len(cap))])
    order = np.argsort(column, kind="stable")
    column, cost = column[order], np.concatenate([cost, np.zeros(len(every))])[order]
    return Ways(sites, fixed, np.searchsorted(column, every), column, demand[order], cost, cap)


def priced(it: Ways, points: int, prices: Floats) -> tuple[float, Floats, Ints, npt.NDArray[np.bool_]]:
    """The bound of these prices, each site's worth, the best sites (places in `it.sites`), the pairs below price."""
    save = it.cost - np.append(prices, 0.0)[it.demand]
    below = save < 0
    worth: Floats = np.add.reduceat(np.minimum(save, 0, out=save), it.starts)
    free = points - it.fixed
    best = np.arange(it.fixed)
    if free:
        best = np.concatenate([best, it.fixed + np.argpartition(worth[it.fixed :], free - 1)[:free]])
    return float(prices.sum() + worth[best].sum()), worth, best, below


def climbed(
    it: Ways,
    points: int,
    start: Bound,
    offer: Callable[[Ints], float],
    enough: Callable[[float], bool],
    steps: int,
) -> Bound:
    """Better and better prices, in at most `steps` steps, fewer where they have become too short to matter.

    `offer` is shown sites (columns of the board) that look good and says what the best choice so far costs; `enough`
    says of a bound whether a better one is of no use.
    """
    prices = np.minimum(start.prices, it.cap)
    value, worth, best, below = priced(it, points, prices)
    top, stale, way = Bound(prices, value, worth, start.stride), 0, np.zeros(len(prices))
    target = offer(it.sites[best])
    for _ in range(steps):
        chosen = np.zeros(len(it.sites), bool)
        chosen[best] = True
        served = np.bincount(it.demand[below & chosen[it.column]], minlength=len(prices))
        way = 1.0 - served[: len(prices)] + 0.6 * way
        norm = float((way * way).sum())
        if norm == 0 or top.stride < SHORTEST or enough(top.value):
            break
        prices = np.minimum(prices + top.stride * (target - value) / norm * way, it.cap)
        value, worth, best, below = priced(it, points, prices)
        stale += 1
        if value > top.value + 1e-9 * abs(top.value):
            top, stale = Bound(prices, value, worth, top.stride), 0
        elif stale == PATIENCE:
            target, stale, prices = offer(it.sites[best]), 0, top.prices
            top = replace(top, stride=top.stride / 2)
    return top


def settled(it: Ways, points: int, bound: Bound, most: float) -> tuple[Ints, Ints]:
    """Of the sites, those that a choice costing `most` or less may have, and those that each such choice must have."""
    fixed, sites = np.split(it.sites, [it.fixed])
    free, worth = points - it.fixed, bound.worth[it.fixed :]
    if free in (0, len(sites)):
        only = fixed if not free else it.sites
        return only, only
    order = np.argsort(worth, kind="stable")
    last_in, first_out = worth[order[free - 1]], worth[order[free]]
    inside, outside = order[:free], order[free:]
    must = sites[inside[bound.value + first_out - worth[inside] > most]]
    may = np.concatenate([sites[inside], sites[outside[bound.value + worth[outside] - last_in <= most]]])
    return np.concatenate([fixed, may]), np.concatenate([fixed, must])
