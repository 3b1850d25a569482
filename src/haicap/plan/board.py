"""Where to put points, in numbers: what every siting optimiser computes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Matrix = npt.NDArray[np.floating[Any]]

_BLOCK = 256  # rows worked on at once, so that a matrix in float32 never stands in float64 whole


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """`people` (n) and `km` (n × m) to the sites that may open, of which `points` shall, `kept` (columns) among them.

    A way longer than `longest` costs `beyond`, which is more than any answer without such a way.
    """

    people: Floats
    km: Matrix
    points: int
    kept: Ints
    longest: float = np.inf
    beyond: float = np.inf

    @property
    def whole(self) -> bool:
        """Whether every cost is a whole number, so that what is better is better by 1 at least."""
        return all(bool((it == np.floor(it)).all()) for it in map(self.costs, self.blocks()))

    def blocks(self) -> Iterator[Ints]:
        """All demands, some at a time."""
        for at in range(0, len(self.people), _BLOCK):
            yield np.arange(at, min(at + _BLOCK, len(self.people)))

    def costs(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """People times kilometres from these demands (rows) to these sites (columns; to all if none are named)."""
        km = self.km[rows] if sites is None else self.km[np.ix_(rows, sites)]
        found: Floats = self.people[rows, None] * km
        if self.longest < np.inf:
            found[km > self.longest] = self.beyond
        return found

    def cheapest(self, opened: Ints) -> Floats:
        """What each demand pays where just these sites are open."""
        paid: Floats = self.costs(np.arange(len(self.people)), opened).min(axis=1)
        return paid


def limited(board: Board, longest: float) -> Board:
    """The same with a longest way, and `beyond` worked out for it."""
    most = 1.0
    for rows in board.blocks():
        most += float(np.where(board.km[rows] > longest, 0.0, board.costs(rows)).max(axis=1).sum())
    return Board(board.people, board.km, board.points, board.kept, longest, most)
