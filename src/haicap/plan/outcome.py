"""What every optimiser says of its answer: how good it is, and, where there is none, for which reasons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Proof:
    """The value of an answer and a bound that no answer can pass (from below where less is better, else from above)."""

    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the answer may be from the best one, as a share of its value: 0 is proved best."""
        far = abs(self.value - self.bound)
        return far / abs(self.value) if self.value else far


class Infeasible(Exception):
    """No answer keeps all hard rules. `reasons` are rules that cannot hold together; any fewer of them could."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(f"infeasible because of {', '.join(reasons)}")
        self.reasons = tuple(reasons)


def least(rules: Sequence[R], possible: Callable[[Sequence[R]], bool]) -> tuple[R, ...]:
    """Of rules that cannot all hold, some that cannot hold together, while any fewer of these could.

    `possible` says of some rules whether they can hold together; it is asked once for each rule. Rules that stand
    first are left out first where there is a choice.
    """
    kept = list(rules)
    for rule in rules:
        without = [it for it in kept if it is not rule]
        if not possible(without):
            kept = without
    return tuple(kept)
