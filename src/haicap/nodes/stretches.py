"""The part of a stream that travels at once: one batch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from haicap.journal.batch import MOST as BATCH_ENTRIES
from haicap.journal.batch import MOST_BYTES as BATCH_BYTES
from haicap.journal.chain import Description
from haicap.journal.intake import Head, Item
from haicap.nodes.lines import written
from haicap.nodes.shelf import Shelf

INLINE = 64  # heads of `reference` that an answer names one by one; beyond that it names digests of parts
PART = 2  # letters of a stream's id (hex) that make a part: 256 of them


@dataclass(frozen=True, slots=True)
class Stretch:
    """One batch, written: the `seq` of its last entry, and the bytes that travel."""

    to: int
    data: bytes


def stretch(
    shelf: Shelf, stream: Description, after: int, before: bytes, *, to: int | None = None
) -> Stretch:
    """The next batch of a stream after `after`, where the hash is `before`, no further than `to`; empty at its end."""
    most = BATCH_ENTRIES if to is None else min(BATCH_ENTRIES, max(0, to - after))
    items = tuple(_batch(shelf.stored(stream.id(), after, most)))
    return Stretch(after + len(items), b"".join(written(stream, after, items, before=before)))


def _batch(items: Iterable[Item]) -> Iterator[Item]:
    size = 0
    for count, item in enumerate(items):
        size += len(item.payload) + 2 + (4 * len(item.ciphertext) // 3 + 8 if item.ciphertext else 5)
        if count and size > BATCH_BYTES:
            return
        yield item


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
