"""How far the channel `reference` has come: what is read of units, rights and documents may be kept until it moves."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections

from haicap.journal.binary import found
from haicap.journal.models import Node

_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("held", default=None)
_standing: tuple[tuple[UUID, UUID | None] | None, dict[Hashable, Any]] = (None, {})
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


def hold(what: Hashable, its: Any) -> None:
    """What `once` would read has been read already."""
    if (known := _held.get()) is not None:
        known[what] = its


def standing(what: Hashable, read: Callable[[], T], using: str = "default") -> T:
    """What `read` finds of that which `reference` alone says: read again only once `reference` has moved.

    Kept from one request to the next; within a transaction only as `once` does, for that may be undone.
    """
    global _standing
    node = ours(using)
    if node is None or connections[using].in_atomic_block:
        return once(what, read)
    mark, known = _standing
    if mark != (node.id, node.reference):
        known = {}
        _standing = ((node.id, node.reference), known)
    if (using, what) not in known:
        known[using, what] = read()
    its: T = known[using, what]
    return its


def ours(using: str = "default") -> Node | None:
    """This node's row; one small query, or none while it is held. None before `node.become`."""
    return once(("ours", using), lambda: next(iter(found(Node, "WHERE ours", [], using)), None))


def hold_ours(node: Node | None, using: str) -> None:
    """This node's row has been read already."""
    hold(("ours", using), node)


def authority(using: str = "default") -> UUID | None:
    """The node whose taking-in orders the work here and that settles, erases and grants; None before `node.become`."""
    node = ours(using)
    return node.authority or node.id if node else None


def decides_here(using: str = "default") -> bool:
    """Whether this node is that authority itself."""
    node = ours(using)
    return node is not None and node.authority in (None, node.id)


def newest(using: str = "default") -> UUID | None:
    """What moves with the channel `reference`, as `ours` knows it: mostly its newest entry. None before the first."""
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
