"""Entries on their way: some of one stream in a row, checked byte by byte before anything is made of them."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from pydantic import ValidationError

from haicap.journal.chain import Description, chain
from haicap.journal.entry import Entry, Members, members, typed
from haicap.journal.text import encoded, narrow

MOST = 1000  # entries in a batch
MOST_BYTES = 4_000_000  # of payloads and ciphertexts together
LARGEST = 3_000_000  # of a payload, and of its ciphertext: in base64, too, they fit into a line of 4 MiB

NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True)
class Head:
    """A stream and how far it has come: the number and the hash of its newest entry (0: of the description)."""

    description: Description
    seq: int
    hash: bytes


class Item(msgspec.Struct, frozen=True):
    """An entry as it travels: its payload, and the ciphertext it names unless that is destroyed or not given."""

    payload: bytes
    ciphertext: bytes | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The entries of a stream that follow on number `after`; `hash` is that of the last.

    `signature` is its node's under that head (Ed25519, 64 bytes), where it came with one.
    """

    description: Description
    after: int
    items: tuple[Item, ...]
    hash: bytes
    signature: bytes | None = None

    @property
    def end(self) -> int:
        """The number of the last entry."""
        return self.after + len(self.items)


class Gap(Exception):
    """Entries are missing before the batch; `seq` and `hash` are the head here, after which more is wanted."""

    def __init__(self, seq: int, hash: bytes) -> None:
        super().__init__(f"what follows on {seq} is wanted")
        self.seq = seq
        self.hash = hash


class Fork(Exception):
    """The batch belongs to another line of the stream than the one here; at `seq` this one has `hash`."""

    def __init__(self, seq: int, hash: bytes) -> None:
        super().__init__(f"another line than the one here, seen at {seq}")
        self.seq = seq
        self.hash = hash


class Malformed(Exception):
    """An item is not an entry; `reason` says what is wrong with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(batch: Batch, before: bytes) -> list[Entry[Any]]:
    """The entries of a batch, chained to the hash `before`, each byte of which is as it was written.

    Entries of kinds or versions that are unknown here have no body. Raises `Fork` where the chain ends in another
    hash than the batch says, and `Malformed` for a payload that is not canonical or has other members than an
    entry, a body that its released kind does not allow, and a ciphertext that the entry does not name.
    """
    stream = batch.description.id()
    hashes = chain(before, stream, batch.after + 1, (item.payload for item in batch.items))
    if (hashes[-1] if hashes else before) != batch.hash:
        raise Fork(batch.after, before)
    unit = batch.description.unit
    return [_entry(stream, seq, unit, item) for seq, item in enumerate(batch.items, batch.after + 1)]


def _entry(stream: UUID, seq: int, unit: str, item: Item) -> Entry[Any]:
    its = _members(item.payload, seq)
    try:
        entry = typed(stream, seq, unit, its)
    except ValidationError as error:
        raise Malformed(f"entry {seq}: its body is not what {its.kind} allows") from error
    except ValueError as error:
        raise Malformed(f"entry {seq}: {error}") from error
    named = entry.sealed.sha256 if entry.sealed else None
    if item.ciphertext is not None and sha256(item.ciphertext).hexdigest() != named:
        raise Malformed(f"entry {seq} does not name the ciphertext beside it")
    return entry


def _members(payload: bytes, seq: int) -> Members:
    try:
        its = members(payload)
        narrow(its.body)
        canonical = encoded(its) == payload
    except msgspec.ValidationError as error:
        raise Malformed(f"entry {seq} has not the members of an entry: {error}") from error
    except (ValueError, RecursionError) as error:
        raise Malformed(f"entry {seq} is not canonical JSON: {error}") from error
    if not canonical:
        raise Malformed(f"entry {seq} is not canonical JSON: it would be written otherwise")
    if b"\\u0000" in payload and NUL.search(payload.decode()):
        raise Malformed(f"entry {seq} holds what no text may hold")
    return its
