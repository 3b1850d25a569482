"""How far the channel `reference` has come: what is read of units, rights and documents may be kept until it moves."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from haicap.journal.models import Node

_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("held", default=None)
T = TypeVar("T")


def once(what: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds of units, rights and nodes; within `holding` it is read once. `what` is its name."""
    known = _held.get()
    if known is None:
        return read()
    if what not in known:
        known[what] = read()
    its: T = known[what]
    return its


def ours(using: str = "default") -> Node | None:
    """This node's row; one small query, or none while it is held. None before `node.become`."""
    return once(("ours", using), lambda: Node.objects.using(using).filter(ours=True).first())


def authority(using: str = "default") -> UUID | None:
    """The node whose taking-in orders the work here and that settles, erases and grants; None before `node.become`."""
    node = ours(using)
    return node.authority or node.id if node else None


def decides_here(using: str = "default") -> bool:
    """Whether this node is that authority itself."""
    node = ours(using)
    return node is not None and node.authority in (None, node.id)


def newest(using: str = "default") -> UUID | None:
    """The newest entry of the channel `reference`, as `ours` knows it. None before the first."""
    node = ours(using)
    return node.reference if node else None


@contextmanager
def holding() -> Iterator[None]:
    """For one request, or contact: it stands on the same units, rights and documents until it changes them."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def moved() -> None:
    """An entry of `reference` has been written here: what is held of it is asked for again."""
    if (known := _held.get()) is not None:
        known.clear()
