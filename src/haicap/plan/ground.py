"""A question of siting in numbers, the answer back in codes, and the reasons where there is none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from haicap.plan.board import Board, Ints, limited
from haicap.plan.exchange import Exchange, greedy
from haicap.plan.outcome import Infeasible, Proof, least
from haicap.plan.reaching import cover
from haicap.plan.siting import Passed, Served, Sited, Siting, Undecided, Why

Rule = tuple[str, str]  # what it is, and of what


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The sites that may open (columns of the question's matrix), the board made of them, a choice to begin from."""

    sites: Ints
    board: Board
    first: Ints


def ground(siting: Siting) -> Ground:
    """The board of a question. Raises `Infeasible`, `Undecided`."""
    _count(siting)
    sites, kept = _open(siting, siting.kept, siting.forbidden)
    km = siting.km[:, sites] if siting.forbidden else siting.km
    board = Board(siting.people, km, siting.points, kept)
    if siting.longest is None:
        return Ground(sites, board, greedy(board))
    found = cover(km <= float(siting.longest), kept, siting.points)
    if found.opened is None:
        if found.least > siting.points:
            raise Infeasible(_reasons(siting))
        raise Undecided
    board = limited(board, float(siting.longest))
    return Ground(sites, board, greedy(replace(board, kept=found.opened)))


def answered(siting: Siting, it: Ground, board: Board, opened: Ints, proof: Proof) -> Sited:
    """The answer that opens these columns, found best on this board of the ground's sites."""
    codes = [siting.sites[place] for place in it.sites]
    opened = np.sort(opened)
    km = it.board.km[:, opened]
    ways = zip(siting.demands, opened[km.argmin(axis=1)].tolist(), km.min(axis=1).tolist(), strict=True)
    state = Exchange(board, opened)
    return Sited(
        points=tuple(codes[site] for site in opened),
        served=tuple(Served(demand, codes[site], way) for demand, site, way in ways),
        proof=proof,
        passed=tuple(_passed(siting, state, codes)),
        saves=max(0.0, float(state.gain.max())),
    )


def _open(siting: Siting, kept: frozenset[str], forbidden: frozenset[str]) -> tuple[Ints, Ints]:
    """The columns that may open, and which of them are kept, as places among them."""
    sites = np.array([place for place, site in enumerate(siting.sites) if site not in forbidden], np.intp)
    return sites, np.flatnonzero([siting.sites[place] in kept for place in sites])


def _passed(siting: Siting, state: Exchange, codes: Sequence[str]) -> Iterator[Passed]:
    yield from (Passed(site, "forbidden") for site in siting.sites if site in siting.forbidden)
    change = state.change()
    best, points = change.min(axis=0).tolist(), change.argmin(axis=0).tolist()
    for site in np.setdiff1d(np.arange(len(codes)), state.opened).tolist():
        more = best[site]
        if np.isinf(more) or state.value + more > state.board.beyond - 0.5:
            yield Passed(codes[site], "full" if np.isinf(more) else "too-far")
        else:
            why: Why = "dearer" if more > 0 else "no-better"
            yield Passed(codes[site], why, codes[state.opened[points[site]]], max(0.0, more))


def _count(siting: Siting) -> None:
    """Raises `Infeasible` where the numbers alone leave no answer."""
    if both := sorted(siting.kept & siting.forbidden):
        raise Infeasible([f"kept:{both[0]}", f"forbidden:{both[0]}"])
    if len(siting.kept) > siting.points:
        kept = sorted(siting.kept)[: siting.points + 1]
        raise Infeasible([f"points:{siting.points}", *(f"kept:{site}" for site in kept)])
    spare = len(siting.sites) - siting.points
    if len(siting.forbidden) > spare:
        forbidden = sorted(siting.forbidden)[: max(0, spare + 1)]
        codes = (f"forbidden:{site}" for site in forbidden)
        raise Infeasible([f"points:{siting.points}", f"sites:{len(siting.sites)}", *codes])


def _reasons(siting: Siting) -> list[str]:
    """Of the edits, the number of points and the longest way, some that cannot hold together, none of them needless."""
    assert siting.longest is not None
    limit, within = f"longest:{siting.longest:g}", siting.km <= float(siting.longest)
    forbidden = np.isin(siting.sites, sorted(siting.forbidden))
    alone = np.flatnonzero(~within[:, ~forbidden].any(axis=1))
    if len(alone):
        worst = alone[within[alone].sum(axis=1).argmin()]
        near = (f"forbidden:{siting.sites[place]}" for place in np.flatnonzero(within[worst]))
        return [limit, f"demand:{siting.demands[worst]}", *near]

    def possible(rules: Sequence[Rule]) -> bool:
        kept, banned = (frozenset(site for it, site in rules if it == what) for what in ("kept", "forbidden"))
        columns, places = _open(siting, kept, banned)
        found = cover(within[:, columns], places, siting.points)
        return found.opened is not None or found.least <= siting.points

    rules = [("forbidden", it) for it in sorted(siting.forbidden)] + [
        ("kept", it) for it in sorted(siting.kept)
    ]
    for what in ("forbidden", "kept"):  # all at once first: they may be many, and none of them at fault
        without = [rule for rule in rules if rule[0] != what]
        rules = rules if possible(without) else without
    edits = (f"{what}:{site}" for what, site in least(rules, possible))
    return [limit, f"points:{siting.points}", *edits]
