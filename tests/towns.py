"""Small questions of siting, made up, and their answers by trying every choice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from string import ascii_uppercase

import numpy as np
from hypothesis import strategies as st

from haicap.plan.siting import Siting

Choice = tuple[int, ...]


@st.composite
def sitings(draw: st.DrawFn, edits: bool = True) -> Siting:
    """Up to 7 demands and sites; ways between any two, whole ones or not, so that ties are frequent."""
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    step = draw(st.sampled_from([1.0, 0.37]))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))  # much faster than drawing each number
    it = Siting(
        tuple(f"d{place}" for place in range(n)),
        chance.integers(0, 10, n).astype(np.float64),
        tuple(ascii_uppercase[:m]),
        chance.integers(0, draw(st.sampled_from([3, 13])), (n, m)) * step,
        draw(st.integers(1, m)),
    )
    if not edits:
        return it
    some = st.frozensets(st.sampled_from(it.sites), max_size=3)
    longest = draw(st.none() | st.integers(0, 12).map(lambda way: way * step))
    return replace(it, kept=draw(some), forbidden=draw(some), longest=longest)


def choices(it: Siting) -> Iterator[Choice]:
    """Every choice (columns) that keeps all hard rules."""
    kept = {it.sites.index(code) for code in it.kept}
    banned = {it.sites.index(code) for code in it.forbidden}
    for choice in combinations(range(len(it.sites)), it.points):
        reached = it.longest is None or bool((it.km[:, choice].min(axis=1) <= it.longest).all())
        if kept <= set(choice) and not banned & set(choice) and reached:
            yield choice


def best(it: Siting, cost: Callable[[Siting, Choice], float]) -> float | None:
    """The least cost of any choice; None if there is none."""
    return min((cost(it, choice) for choice in choices(it)), default=None)
