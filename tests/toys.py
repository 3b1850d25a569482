"""A fold small enough to see through: a jar that is opened, filled, labelled and settled."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.journal.kinds import Body

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SUBJECT = UUID(int=1)
HERE = UUID(int=2)
B = TypeVar("B", bound=type[Body])


def toy(name: str, *, free: bool = False, settles: bool = False) -> Callable[[B], B]:
    """As `kinds.kind`, but known to this test alone."""

    def mark(body: B) -> B:
        body.kind, body.version, body.free, body.settles = name, 1, free, settles
        return body

    return mark


@toy("toy.opened")
class Opened(Body):
    what: str


@toy("toy.filled")
class Filled(Body):
    by: int


@toy("toy.labelled", free=True)
class Labelled(Body):
    text: str


@toy("toy.settled", settles=True)
class Settled(Body):
    disposes: tuple[UUID, ...]
    holds: int


@dataclass(frozen=True, slots=True)
class Jar:
    what: str
    holds: int = 0
    labels: frozenset[str] = frozenset()


jars = Fold(Jar)


@jars.on(Opened, opens=True)
def opened(_: None, entry: Entry[Opened]) -> Jar:
    return Jar(entry.body.what)


@jars.on(Filled)
def filled(jar: Jar, entry: Entry[Filled]) -> Jar:
    return replace(jar, holds=jar.holds + entry.body.by)


@jars.on(Labelled)
def labelled(jar: Jar, entry: Entry[Labelled]) -> Jar:
    return replace(jar, labels=jar.labels | {entry.body.text})


@jars.on(Settled)
def settled(jar: Jar, entry: Entry[Settled]) -> Jar:
    return replace(jar, holds=entry.body.holds)


def entry(
    number: int, body: Any, after: int | None = None, *, stream: UUID = HERE, seq: int | None = None
) -> Entry[Any]:
    """Entry `number` of the one jar; `after` is the number of the entry that its author saw last."""
    return Entry(
        stream=stream, seq=seq or number, unit="11311", id=UUID(int=number), subject=SUBJECT,
        after=UUID(int=after) if after else None, kind=body.kind if body else "toy.unknown", version=1,
        actor=UUID(int=9), grant=None, at=AT, body=body,
    )  # fmt: skip
