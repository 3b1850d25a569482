"""Programmes in whole numbers, solved by HiGHS: one aim after the other, with a bound for each.

One thread, one seed, and a limit of work (nodes of the search), never of time: the same programme has the same
answer to the byte. All coefficients are whole numbers, and answers are checked in whole numbers before they leave.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from math import ceil

import highspy
import numpy as np
import numpy.typing as npt

from haicap.plan.outcome import Proof

Whole = npt.NDArray[np.int64]

NODES = 2_000
FREE = 1 << 40  # a limit that never binds; so does not one that is somewhat less
_NEAR, _EXACT = 1e-6, 10**9
_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.99,  # aims are whole numbers
}


@dataclass(slots=True)
class Programme:
    """Columns of whole numbers from nought up, and rows that hold sums of them between limits."""

    uppers: list[int] = field(default_factory=list)
    least: list[int] = field(default_factory=list)
    most: list[int] = field(default_factory=list)
    _rows: list[int] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)
    _values: list[int] = field(default_factory=list)

    def column(self, upper: int = FREE) -> int:
        """A new column from 0 to `upper`; returns its index."""
        self.uppers.append(upper)
        return len(self.uppers) - 1

    def row(self, terms: Iterable[tuple[int, int]], *, least: int = -FREE, most: int = FREE) -> None:
        """Hold the sum of (column, coefficient) between two limits."""
        for column, value in terms:
            self._rows.append(len(self.most))
            self._columns.append(column)
            self._values.append(value)
        self.least.append(least)
        self.most.append(most)

    def linear(self) -> highspy.HighsLp:
        """The programme as HiGHS takes it, with no aim yet."""
        lp, size = highspy.HighsLp(), len(self.uppers)
        columns = np.array(self._columns, np.int64)
        order = np.argsort(columns, kind="stable")
        lp.num_col_, lp.num_row_ = size, len(self.most)
        lp.col_cost_, lp.col_lower_ = np.zeros(size), np.zeros(size)
        lp.col_upper_, lp.row_lower_, lp.row_upper_ = map(_limits, (self.uppers, self.least, self.most))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.searchsorted(columns[order], np.arange(size + 1)).astype(np.int32)
        lp.a_matrix_.index_ = np.array(self._rows, np.int32)[order]
        lp.a_matrix_.value_ = np.array(self._values, np.float64)[order]
        lp.integrality_ = [highspy.HighsVarType.kInteger] * size
        return lp

    def holds(self, answer: Whole) -> bool:
        """Whether an answer keeps every limit, reckoned in whole numbers."""
        sums = np.zeros(len(self.most), np.int64)
        np.add.at(sums, self._rows, answer[self._columns] * np.array(self._values, np.int64))
        inside = (answer >= 0) & (answer <= np.array(self.uppers, np.int64))
        return bool(inside.all() and (sums >= self.least).all() and (sums <= self.most).all())


@dataclass(frozen=True, slots=True)
class Aim:
    """Something to be made least: a cost of nought or more for each column, and a sum that no good answer passes."""

    cost: Whole
    most: int = FREE

    def of(self, answer: Whole) -> int:
        """What an answer costs."""
        return int(self.cost @ answer)


@dataclass(frozen=True, slots=True)
class Best:
    """What HiGHS found: a value for each column, and a proof for each aim under those before it."""

    answer: Whole
    proofs: tuple[Proof, ...]


def best(programme: Programme, aims: Sequence[Aim], nodes: int = NODES) -> Best | None:
    """The answer with the least first aim, among those the least second, and so on; None where there is none.

    The proof of each aim says what it is and a bound from below, given the aims before it. After `nodes` nodes of one
    search the best answer so far is taken, and its gap shows.
    """
    solver, answer, bounds = _Solver(programme, nodes), None, list[int]()
    while len(bounds) < len(aims):
        before = aims[: len(bounds)]
        together, scales = _together(aims[len(bounds) :])
        proved = answer is not None and [aim.of(answer) for aim in before] == bounds
        found = solver.after(before, together, answer, proved)
        if found is None:
            return None
        answer = found[0]
        bounds += _shares(found[1], aims[len(bounds) :], scales, answer)
    assert answer is not None
    proofs = zip(aims, bounds, strict=True)
    return Best(answer, tuple(Proof(float(aim.of(answer)), float(bound)) for aim, bound in proofs))


def _together(aims: Sequence[Aim]) -> tuple[Aim, list[int]]:
    """As many of the aims as can be one, each outweighing all after it, and the scale of each."""
    count, scales = 1, [1]
    while count < len(aims):
        outweighed = [scale * (aims[count].most + 1) for scale in scales]
        if outweighed[0] * int(aims[0].cost.max(initial=1)) > _EXACT:
            break
        count, scales = count + 1, [*outweighed, 1]
    return Aim(
        sum((s * aim.cost for s, aim in zip(scales, aims, strict=False)), np.int64(0) * aims[0].cost)
    ), scales


def _shares(bound: int, aims: Sequence[Aim], scales: Sequence[int], answer: Whole) -> Iterator[int]:
    """What a bound on aims that were made one says of each, given those before it."""
    for scale, aim in zip(scales, aims, strict=False):
        share = max(0, bound // scale)
        yield share
        bound = bound - scale * share if share == aim.of(answer) else 0


class _Solver:
    """HiGHS with one programme loaded."""

    def __init__(self, programme: Programme, nodes: int) -> None:
        self.programme, self.nodes = programme, nodes
        self.lp = programme.linear()

    def after(
        self, before: Sequence[Aim], aim: Aim, answer: Whole | None, proved: bool
    ) -> tuple[Whole, int] | None:
        """The least of an aim where those before it stay as good as in `answer`; with a bound from below.

        If those are proved best, first all aims are weighed into one: where those before come out as good as they
        were, that is the answer, as a programme without rows across all its columns is much easier. Else such rows
        are added.
        """
        if answer is None:
            return self.run(aim.cost)
        weighed = _weighed([*before, aim]) if proved else None
        found = None if weighed is None else self.run(weighed, answer)
        if (
            found is not None
            and weighed is not None
            and all(it.of(found[0]) <= it.of(answer) for it in before)
        ):
            return found[0], found[1] - int((weighed - aim.cost) @ found[0])
        self._hold(before, answer)
        return self.run(aim.cost, answer)

    def _hold(self, aims: Sequence[Aim], answer: Whole) -> None:
        self.programme = deepcopy(self.programme)
        for aim in aims:
            terms = ((int(column), int(aim.cost[column])) for column in np.flatnonzero(aim.cost))
            self.programme.row(terms, most=aim.of(answer))
        self.lp = self.programme.linear()

    def run(self, cost: Whole, start: Whole | None = None) -> tuple[Whole, int] | None:
        """The answer of least cost and a bound from below; None where there is no answer."""
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {**_OPTIONS, "mip_max_nodes": self.nodes}.items():
            highs.setOptionValue(name, value)
        self.lp.col_cost_ = cost.astype(np.float64)
        highs.passModel(self.lp)
        if start is not None:
            highs.setSolution(len(start), np.arange(len(start), dtype=np.int32), start.astype(np.float64))
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        return self._checked(np.array(highs.getSolution().col_value), highs.getInfo().mip_dual_bound, cost)

    def _checked(self, values: npt.NDArray[np.float64], bound: float, cost: Whole) -> tuple[Whole, int]:
        answer = np.rint(values).astype(np.int64)
        if len(answer) != len(cost) or not self.programme.holds(answer):
            raise ArithmeticError("the solver stopped without an answer in whole numbers")
        value = int(cost @ answer)
        return answer, min(value, ceil(bound - max(_NEAR, 1e-12 * abs(bound))))


def _weighed(aims: Sequence[Aim]) -> Whole | None:
    """One cost of many, each far heavier than the next; None where floating numbers could not tell them apart."""
    weighed, scale = aims[-1].cost, 1
    for aim, lighter in zip(aims[-2::-1], aims[:0:-1], strict=True):
        scale *= 16 * max(1, int(lighter.cost.max(initial=0)))
        if scale * int(aim.cost.max(initial=0)) > _EXACT:
            return None
        weighed = weighed + scale * aim.cost
    return weighed


def _limits(values: Sequence[int]) -> npt.NDArray[np.float64]:
    """Limits as HiGHS takes them: what never binds is infinite."""
    limits = np.array(values, np.float64)
    return np.where(np.abs(limits) >= FREE // 2, np.copysign(highspy.kHighsInf, limits), limits)
