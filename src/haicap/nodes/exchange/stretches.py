"""The part of a stream that travels at once: one batch. Of several streams together no more than that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from haicap.journal.batch import MOST as BATCH_ENTRIES
from haicap.journal.batch import MOST_BYTES as BATCH_BYTES
from haicap.journal.chain import Description
from haicap.journal.intake import Head, Item
from haicap.nodes.exchange.lines import Part, written
from haicap.nodes.exchange.shelf import Shelf

INLINE = 64  # heads of `reference` that an answer names one by one; beyond that it names digests of parts
SEVERAL = 500  # streams of which entries are asked for in one request
# Of what is posted: base64 packs to three quarters, so 64 kbit/s carry it before its signature is too old (300 s).
SENT_BYTES = 2 << 20
PART = 2  # letters of a stream's id (hex) that make a part: 256 of them


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for of one stream: what follows on `after`, where the hash is `before`, no further than `to`."""

    description: Description
    after: int
    before: bytes
    to: int = 1 << 62


@dataclass(frozen=True, slots=True)
class Stretch:
    """One batch, written: the `seq` of its last entry, and the bytes that travel."""

    to: int
    data: bytes


def stretch(shelf: Shelf, wanted: Wanted) -> Stretch:
    """The next batch of a stream, to be sent; empty at its end."""
    (part,) = together(shelf, [wanted], SENT_BYTES)
    return Stretch(part.after + sum(1 for _ in part.items), b"".join(written([part])))


def together(shelf: Shelf, wanted: Sequence[Wanted], most_bytes: int = BATCH_BYTES) -> list[Part]:
    """As much of all that is wanted, in its order, as travels at once: 1,000 entries, so many clear bytes.

    At least one part, and none of a stream before which there was no room left.
    """
    room = _Room(most_bytes)
    spans = [(its.description.id(), its.after, its.to) for its in wanted]
    found: dict[UUID, list[Item]] = {}
    for stream, item in shelf.stored_of(spans):
        if not room.take(item):
            break
        found.setdefault(stream, []).append(item)
    reached = len(wanted) if not room.full else 1 + max(
        (n for n, (stream, *_) in enumerate(spans) if stream in found), default=0)  # fmt: skip
    return [
        Part(its.description, its.after, its.before, tuple(found.get(stream, ())))
        for its, (stream, *_) in zip(wanted[:reached], spans, strict=False)
    ]


class _Room:
    """What can still go along."""

    def __init__(self, most_bytes: int) -> None:
        self.entries, self.bytes = BATCH_ENTRIES, most_bytes
        self.full = False

    def take(self, item: Item) -> bool:
        """Whether there was room for it; one alone may be larger than all."""
        size = len(item.payload) + 2 + (4 * len(item.ciphertext) // 3 + 8 if item.ciphertext else 5)
        self.full = self.entries == 0 or (size > self.bytes and self.entries < BATCH_ENTRIES)
        if not self.full:
            self.entries -= 1
            self.bytes -= size
        return not self.full


def part_of(stream: UUID) -> str:
    """The part of `reference` that a stream belongs to: how its id begins."""
    return stream.hex[:PART]


def parts(heads: Iterable[Head]) -> dict[str, str]:
    """By part, a digest (16 letters) of the heads in it: two nodes that have the same ones need not name them."""
    gathered: dict[str, list[bytes]] = {}
    for head in heads:
        stream = head.description.id()
        gathered.setdefault(part_of(stream), []).append(
            stream.bytes + head.seq.to_bytes(8, "big") + head.hash
        )
    return {part: sha256(b"".join(sorted(its))).hexdigest()[:16] for part, its in gathered.items()}
