"""Whether so many points can reach everybody: set covering, by greed where that will do, else by HiGHS."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from haicap.plan.board import Ints

Within = npt.NDArray[np.bool_]

NODES = 2_000  # of branching, after which it stays unknown


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Sites (columns) that reach everybody, if such were found, and a bound for how many it takes at least."""

    opened: Ints | None
    least: float


def cover(within: Within, kept: Ints, points: int, nodes: int = NODES) -> Cover:
    """At most `points` sites, the kept ones among them, that reach all; `within` says who reaches whom (n × m).

    If none are found and `least` is at most `points`, the work allowed did not suffice to tell.
    """
    if not within.any(axis=1).all():
        return Cover(None, np.inf)
    opened = _greedy(within, kept)
    if len(opened) <= points:
        return Cover(opened, len(kept))
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False, "threads": 1, "parallel": "off", "random_seed": 0, "mip_max_nodes": nodes,
        "objective_bound": points + 0.5, "objective_target": points + 0.5, "mip_abs_gap": 0.99,
    }  # fmt: skip
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_programme(within, kept))
    solver.run()
    told = solver.getInfo()
    chosen = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5)
    if (
        0 < len(chosen) <= points
        and bool(within[:, chosen].any(axis=1).all())
        and np.isin(kept, chosen).all()
    ):
        return Cover(chosen, len(kept))
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return Cover(None, points + 1.0)
    return Cover(None, min(points + 1.0, float(np.ceil(told.mip_dual_bound - 1e-6))))


def _greedy(within: Within, kept: Ints) -> Ints:
    """The kept sites, then always the site that reaches most of those not reached."""
    opened = kept.tolist()
    left = ~within[:, kept].any(axis=1)
    reach = within[left].sum(axis=0)
    while left.any():
        site = int(reach.argmax())
        opened.append(site)
        new = left & within[:, site]
        reach -= within[new].sum(axis=0)
        left &= ~new
    return np.array(opened, dtype=np.intp)


def _programme(within: Within, kept: Ints) -> Any:
    """As few sites as possible, so that each demand has one; demands that the same sites reach are one."""
    _, rows = np.unique(np.packbits(within, axis=1), axis=0, return_index=True)
    row, column = np.nonzero(within[rows])
    sites, lp = within.shape[1], highspy.HighsLp()
    lp.num_col_, lp.num_row_ = sites, len(rows)
    lp.col_cost_, lp.col_upper_ = np.ones(sites), np.ones(sites)
    lp.col_lower_ = np.isin(np.arange(sites), kept).astype(np.float64)
    lp.row_lower_, lp.row_upper_ = np.ones(len(rows)), np.full(len(rows), highspy.kHighsInf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(row, np.arange(len(rows) + 1)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = column.astype(np.int32), np.ones(len(column))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * sites
    return lp
