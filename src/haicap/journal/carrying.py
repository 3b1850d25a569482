"""Entries that go on in another unit's file, and carry what was written before with proof of where it stood.

A subject lives in one unit at a time. Where it moves to a unit whose node does not hold the giver's streams, the
authority writes one entry into the receiver's file: the earlier payloads in the order in which they count, their
places, the digests between them, and its own signature over the hashes that these come to.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from haicap.journal.chain import link
from haicap.journal.entry import Entry, read
from haicap.journal.kinds import Body, kind


class Brought(Body):
    """An earlier entry: its place, whose file it stood in, and its payload, byte for byte."""

    stream: UUID
    seq: int
    unit: str
    payload: str


class Stretch(Body):
    """A piece of a stream from the first to the last entry brought: what it is chained to, and the others' digests.

    `digests` has the SHA-256 (hex) of each payload from `first` on, and nothing in the place of one that is brought.
    """

    stream: UUID
    first: int
    before: str
    digests: tuple[str, ...]


class Carrying(Body):
    """What every kind is that carries earlier entries.

    `statement` is a checkpoint (canonical JSON) over the ends of the stretches, signed by the authority (hex).
    """

    earlier: tuple[Brought, ...]
    stretches: tuple[Stretch, ...]
    statement: str
    signature: str


@kind("journal.left", version=1)
class Left(Body):
    """From here on the subject goes on in the file of the unit `to`; what comes into this one later came late."""

    to: str


def carried(body: Carrying) -> list[Entry[Any]]:
    """The entries that it brings, in the order in which they counted."""
    return [read(it.stream, it.seq, it.unit, it.payload.encode()) for it in body.earlier]


def spread(entries: Sequence[Entry[Any]]) -> list[Entry[Any]]:
    """The entries of one subject with those that they carry, in the order in which they count.

    First what the newest arrival carries, then the arrival and what was written in its unit's file; last what came
    late from the files that the subject has left. So every node that holds the arrival begins alike. What is carried
    may itself be an arrival that carries.
    """
    arrivals = [entry for entry in entries if isinstance(entry.body, Carrying)]
    if not arrivals:
        return list(entries)
    before, newest = max(
        ((spread(carried(entry.body)), entry) for entry in arrivals), key=lambda pair: len(pair[0])
    )
    first = [*before, newest]
    met = {entry.id for entry in first}
    rest = [entry for entry in entries if entry.id not in met]
    here = [entry for entry in rest if entry.unit == newest.unit]
    return [*first, *here, *(entry for entry in rest if entry.unit != newest.unit)]


def leaving(entries: Iterable[Entry[Any]], last: UUID) -> UUID:
    """The id of the `Left` that follows on the decision `last` of a subject: that itself, if it is one."""
    said = any(entry.id == last and isinstance(entry.body, Left) for entry in entries)
    return last if said else uuid5(last, "left")


def late(entries: Sequence[Entry[Any]]) -> set[UUID]:
    """Of a subject's entries as `spread` orders them those that came into a file which it had left.

    They stand last wherever they are held, whatever is written after them, until an arrival brings them a place.
    Whoever decides in a file, knowing that the subject has left it, has it there again.
    """
    newest = max((at for at, entry in enumerate(entries) if isinstance(entry.body, Carrying)), default=-1)
    met = {entry.id for entry in entries[: newest + 1]}  # what comes again stands where it came first
    found: set[UUID] = set()
    left: UUID | None = None
    for entry in entries[newest + 1 :]:
        if entry.id in met:
            continue
        met.add(entry.id)
        elsewhere = newest >= 0 and entry.unit != entries[newest].unit
        if left is not None and entry.after == left:
            left = None
        if left is not None or elsewhere:
            found.add(entry.id)
        elif isinstance(entry.body, Left):
            left = entry.id
    return found


def ends(body: Carrying) -> dict[UUID, tuple[int, str]]:
    """What the stretches come to: by stream the number and the hash (hex) of the last entry."""
    brought = {(it.stream, it.seq): sha256(it.payload.encode()).digest() for it in body.earlier}
    found = {}
    for stretch in body.stretches:
        digest, seq = bytes.fromhex(stretch.before), stretch.first - 1
        for seq, other in enumerate(stretch.digests, stretch.first):
            digest = link(
                digest, stretch.stream, seq, brought.get((stretch.stream, seq)) or bytes.fromhex(other)
            )
        found[stretch.stream] = (seq, digest.hex())
    return found


def covered(body: Carrying) -> bool:
    """Whether every entry brought lies in one of the stretches."""
    spans = {it.stream: range(it.first, it.first + len(it.digests)) for it in body.stretches}
    return all(it.seq in spans.get(it.stream, ()) for it in body.earlier)


def brought(entries: Iterable[Entry[Any]], payloads: Iterable[bytes]) -> tuple[Brought, ...]:
    """The entries as they are carried, each with the payload that it was read from."""
    return tuple(
        Brought(stream=it.stream, seq=it.seq, unit=it.unit, payload=payload.decode())
        for it, payload in zip(entries, payloads, strict=True)
    )
