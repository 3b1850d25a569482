"""Streams and the chain of hashes that holds each together."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Literal
from uuid import UUID

from haicap.journal.text import canonical

Channel = Literal["work", "returns", "reference"]


@dataclass(frozen=True, slots=True)
class Description:
    """What a stream is: one writer (node, incarnation), one unit's file, one channel."""

    node: UUID
    incarnation: UUID
    unit: str
    channel: Channel

    def canonical(self) -> bytes:
        """The description's canonical JSON; its SHA-256 is what the first entry is chained to."""
        return _canonical(self)

    def digest(self) -> bytes:
        """SHA-256 of the description: the `previous` of the stream's first entry, 32 bytes."""
        return sha256(self.canonical()).digest()

    def id(self) -> UUID:
        """The stream's id: the first 16 bytes of the digest."""
        return _id(self)


@lru_cache(maxsize=8192)
def _canonical(it: Description) -> bytes:
    return canonical(
        {"node": str(it.node), "incarnation": str(it.incarnation), "unit": it.unit, "channel": it.channel}
    )


@lru_cache(maxsize=8192)
def _id(description: Description) -> UUID:
    return UUID(bytes=description.digest()[:16])


def link(previous: bytes, stream: UUID, seq: int, payload_digest: bytes) -> bytes:
    """The hash of an entry: SHA-256 over previous hash, stream id, seq (8 bytes big-endian), payload digest."""
    return sha256(previous + stream.bytes + seq.to_bytes(8, "big") + payload_digest).digest()


def chain(previous: bytes, stream: UUID, first: int, payloads: Iterable[bytes]) -> list[bytes]:
    """The hashes of consecutive entries, the first of which has the number `first`."""
    hashes = []
    for seq, payload in enumerate(payloads, first):
        previous = link(previous, stream, seq, sha256(payload).digest())
        hashes.append(previous)
    return hashes
