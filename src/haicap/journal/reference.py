"""How far the channel `reference` has come: what is read of units, rights and documents may be kept until it moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from haicap.journal.models import Node

_held: ContextVar[dict[str, UUID | None] | None] = ContextVar("held", default=None)


def newest(using: str = "default") -> UUID | None:
    """The newest entry of the channel `reference`; one small query, or none while `holding`. None before the first."""
    held = _held.get()
    if held is None:
        return _newest(using)
    if using not in held:
        held[using] = _newest(using)
    return held[using]


def _newest(using: str) -> UUID | None:
    return Node.objects.using(using).filter(ours=True).values_list("reference", flat=True).first()


@contextmanager
def holding() -> Iterator[None]:
    """For a page that only reads: it stands on the same units, rights and documents from beginning to end."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)
