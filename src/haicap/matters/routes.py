"""Where a matter can go: the graph of states and branches that the steps of a procedure make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from haicap.matters.schema import Procedure, Step
from haicap.matters.timing import RECEIVED, Clock


class Node(NamedTuple):
    """A state in a branch."""

    state: str
    branch: str


class Move(NamedTuple):
    """A step taken at a node, the moments that this is, and the node after it."""

    says: frozenset[str]
    to: Node


class Routes:
    """The moves of a procedure; every answer is the set of nodes that it names."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._moves = {
            Node(state, branch.code): tuple(_moves(procedure, Node(state, branch.code)))
            for state in procedure.states
            for branch in procedure.branch
        }

    def starts(self) -> set[Node]:
        """The nodes in which a matter opens."""
        return {Node(self._procedure.first_state, branch.code) for branch in self._procedure.branch}

    def onward(self, nodes: Iterable[Node], without: frozenset[str] = frozenset()) -> set[Node]:
        """The nodes themselves and all that can be reached from them, by moves that are none of `without`."""
        seen: set[Node] = set()
        left = list(nodes)
        while left:
            node = left.pop()
            if node not in seen:
                seen.add(node)
                left += [move.to for move in self._moves[node] if not move.says & without]
        return seen

    def begun(self, clock: Clock) -> set[Node]:
        """The nodes in which a matter stands right after the clock has started."""
        after = {
            move.to
            for node in self.onward(self.starts())
            for move in self._moves[node]
            if move.says & set(clock.starts)
        }
        if RECEIVED in clock.starts:
            after |= self.starts()
        return {node for node in after if clock.limit_for(node.branch)}

    def stuck(self, clock: Clock, begun: set[Node]) -> set[Node]:
        """The nodes that a matter may reach while the clock runs, and from which nothing can end it."""
        ends = frozenset(clock.ends)
        running = self.onward(begun, without=ends)
        return {node for node in running if not self._can(node, ends)}

    def _can(self, node: Node, moments: frozenset[str]) -> bool:
        return any(move.says & moments for each in self.onward({node}) for move in self._moves[each])


def _moves(procedure: Procedure, node: Node) -> Iterator[Move]:
    for step in procedure.step.values():
        if (not step.from_ or node.state in step.from_) and (not step.branch or node.branch in step.branch):
            yield from _taken(step, node)


def _taken(step: Step, node: Node) -> Iterator[Move]:
    words: list[str | None] = [*step.outcome, *step.grounds] or [None]
    for word in words:
        state = step.leads_to(word if word in step.outcome else None) or node.state
        yield Move(step.says(word), Node(state, step.turns or node.branch))
