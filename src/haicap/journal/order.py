"""The order in which a subject's entries count: the authority's taking-in, never anybody's clock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.kinds import Body, kind

Line = tuple[str, int]
"""A place in an authority's history: its incarnation (UUIDv7, so in order of time) and the `seq` in it."""


@kind("journal.taken", version=1, free=True)
class Taken(Body):
    """The authority took in a stream's entries up to `up_to`, except those held, each with its reason.

    `withdrawn` names those that count though their grant had ended when they were written. The entry names in its
    `after` the last one that it took in: where another stands at `up_to`, it speaks of a line that has parted from
    the one here, and nothing is taken in by it. Those of earlier versions name none, and are read of any line.
    """

    stream: UUID
    up_to: int
    held: dict[str, str] = {}
    withdrawn: tuple[UUID, ...] = ()


@kind("journal.released", version=1, free=True)
class Released(Body):
    """Somebody who may let a held entry count after all."""

    entry: UUID


def in_order(
    entries: Iterable[Entry[Any]],
    taking: Iterable[Entry[Any]],
    authority: Iterable[UUID],
    others: Iterable[UUID] = (),
) -> list[Entry[Any]]:
    """A subject's entries in fold order.

    `entries` are all entries of the subject, of every stream; `taking` the `Taken` and `Released` entries of the
    authority's streams of its unit, at least the first `Taken` that covers each entry, and none that speaks of a line
    which has parted from the one here; `authority` those streams, oldest incarnation first. An authority's own
    entries count where they stand, each `Taken` stands for the entries that it took, a `Released` for the one it lets
    go; held ones count not at all. Entries not yet taken come last: stream by stream in the order of `others`, then
    of ids.
    """
    line = {stream: place for place, stream in enumerate(authority)}
    own = [entry for entry in entries if entry.stream in line]
    waiting: dict[UUID, list[Entry[Any]]] = defaultdict(list)
    for entry in entries:
        if entry.stream not in line:
            waiting[entry.stream].append(entry)
    if not waiting:
        return sorted(own, key=lambda entry: (line[entry.stream], entry.seq))
    for stream in waiting.values():
        stream.sort(key=lambda entry: entry.seq)
    walk = sorted([*own, *taking], key=lambda entry: (line[entry.stream], entry.seq))
    place = {stream: number for number, stream in enumerate(others)}
    rest = sorted(waiting, key=lambda stream: (place.get(stream, len(place)), stream))
    return list(_stand_for(walk, waiting, rest))


def _stand_for(
    walk: list[Entry[Any]], waiting: dict[UUID, list[Entry[Any]]], rest: list[UUID]
) -> Iterator[Entry[Any]]:
    held: dict[UUID, Entry[Any]] = {}
    for entry in walk:
        if isinstance(entry.body, Taken):
            yield from _taken(entry.body, waiting.get(entry.body.stream, []), held)
        elif isinstance(entry.body, Released):
            if (released := held.pop(entry.body.entry, None)) is not None:
                yield released
        else:
            yield entry
    for stream in rest:
        yield from waiting[stream]


def _taken(taken: Taken, stream: list[Entry[Any]], held: dict[UUID, Entry[Any]]) -> Iterator[Entry[Any]]:
    while stream and stream[0].seq <= taken.up_to:
        entry = stream.pop(0)
        if str(entry.id) in taken.held:
            held[entry.id] = entry
        else:
            yield entry
