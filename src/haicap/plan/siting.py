"""Where to put points that people go to: the question, the answer, and why there may be none.

A question has demands (places with people), sites that may become points, the ways between them, and how many points
there shall be. Edits by hand are hard rules: sites that are kept open, sites that are forbidden, a longest way.
Codes of reasons: `kept:CODE`, `forbidden:CODE`, `points:N`, `sites:N` (so many are there), `longest:KM`, `demand:CODE`.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from haicap.plan.board import Floats, Matrix
from haicap.plan.outcome import Infeasible, Proof

WORK = 4_000_000_000  # pairs of demand and site to be priced; some 10⁸ take a second
Why = Literal["forbidden", "dearer", "no-better", "too-far", "full"]


class Undecided(Exception):
    """Within the work allowed, neither a choice that keeps the longest way was found, nor that there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Siting:
    """`people` by demand, `km` from each demand (rows) to each site (columns), how many points; and the edits by hand.

    Raises `ValueError` where these do not fit together.
    """

    demands: tuple[str, ...]
    people: Floats
    sites: tuple[str, ...]
    km: Matrix
    points: int
    kept: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    longest: float | None = None

    def __post_init__(self) -> None:
        if self.km.shape != (len(self.demands), len(self.sites)) or self.people.shape != (len(self.demands),):
            raise ValueError(
                f"{self.km.shape} ways for {len(self.demands)} demands and {len(self.sites)} sites"
            )
        if not len(self.demands) or self.points < 1:
            raise ValueError("nobody to serve, or no point to serve them from")
        if not (
            np.isfinite(self.people).all() and np.isfinite(self.km).all() and self.km.min(initial=0) >= 0
        ):
            raise ValueError("people and kilometres must be known numbers, kilometres not negative")
        if self.people.min() < 0 or len(set(self.sites)) < len(self.sites):
            raise ValueError("fewer people than none, or a site twice")
        if unknown := (self.kept | self.forbidden) - set(self.sites):
            raise ValueError(f"unknown sites: {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True)
class Served:
    """The point that serves a demand, its nearest."""

    demand: str
    site: str
    km: float


@dataclass(frozen=True, slots=True)
class Passed:
    """Why a site is no point: forbidden, or what opening it in place of the best point to close costs `more`.

    `dearer`: that much more; `no-better`: nothing, but nothing is won; `too-far`: somebody would be beyond the longest
    way; `full`: every point is kept by hand. `more` is in the units of the answer's value (for a centre, person-km).
    """

    site: str
    why: Why
    instead: str | None = None
    more: float | None = None


@dataclass(frozen=True, slots=True)
class Sited:
    """An answer: the points, whom each serves, how good that is, and why the other sites are none.

    `saves` is what one more point would save at least, all others staying where they are. With `most`, more is better:
    the bound is one from above.
    """

    points: tuple[str, ...]
    served: tuple[Served, ...]
    proof: Proof
    passed: tuple[Passed, ...]
    saves: float
    most: bool = False

    @property
    def farthest(self) -> Served:
        """Who has the longest way."""
        return max(self.served, key=lambda it: it.km)

    def serves(self) -> dict[str, tuple[str, ...]]:
        """The demands of each point, in the order of the question."""
        return {point: tuple(it.demand for it in self.served if it.site == point) for point in self.points}


@dataclass(frozen=True, slots=True)
class Change:
    """What another question would be answered: one point more or less, or one edit by hand taken back.

    `code` is `points:N`, or that of the edit taken back. `better` is by how much its value is better, found by solving
    it; negative: worse; None, with reasons: there is no answer.
    """

    code: str
    better: float | None
    proof: Proof | None
    points: tuple[str, ...]
    reasons: tuple[str, ...] = ()


def changes(
    siting: Siting, answer: Sited, solve: Callable[[Siting], Sited], codes: Collection[str] | None = None
) -> tuple[Change, ...]:
    """Really solve what lies next to the question: one point more, one less, and without each edit by hand.

    An edit is binding if it is better without it. `codes` names those to solve where not all are wanted.
    """
    return tuple(
        _changed(code, other, answer, solve)
        for code, other in beside(siting)
        if codes is None or code in codes
    )


def beside(siting: Siting) -> Iterator[tuple[str, Siting]]:
    """The questions next to this one, each with the code of its change."""
    for points in (siting.points + 1, siting.points - 1):
        if points:
            yield f"points:{points}", replace(siting, points=points)
    for site in siting.sites:
        if site in siting.kept:
            yield f"kept:{site}", replace(siting, kept=siting.kept - {site})
        if site in siting.forbidden:
            yield f"forbidden:{site}", replace(siting, forbidden=siting.forbidden - {site})
    if siting.longest is not None:
        yield f"longest:{siting.longest:g}", replace(siting, longest=None)


def _changed(code: str, other: Siting, answer: Sited, solve: Callable[[Siting], Sited]) -> Change:
    try:
        found = solve(other)
    except Infeasible as none:
        return Change(code, None, None, (), none.reasons)
    better = answer.proof.value - found.proof.value
    return Change(code, -better if answer.most else better, found.proof, found.points)
