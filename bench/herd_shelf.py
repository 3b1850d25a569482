"""A commune's node that does everything of an exchange but keep it: the storage of `bench/herd.py`'s clients.

It chains, checks and signs as a real one; of what comes down it remembers only how far it has come, and it folds
nothing. So a hundred of them fit beside the server that is measured. What only a parent is asked, or a child that
has come to harm, it does not have.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from haicap.journal.chain import Description, chain
from haicap.journal.intake import Batch, Gap, Head, Item, Span, check
from haicap.journal.node import Own
from haicap.journal.witness import Signed as Checkpoint
from haicap.nodes.exchange import vouching
from haicap.nodes.exchange.records import (
    Contact,
    Given,
    Incident,
    Outset,
    Parent,
    Remembered,
    Sort,
    Vouched,
    Waiting,
    Wants,
)
from haicap.nodes.exchange.signing import Signer
from haicap.nodes.exchange.stretches import parts

VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class Line:
    """Three days' work of a commune, as its own stream holds it, with the hash of every entry."""

    stream: Description
    items: tuple[Item, ...]
    hashes: tuple[bytes, ...]
    keys: Mapping[str, tuple[UUID, bytes]]  # by key id (hex): whose, and the key
    blobs: Mapping[str, bytes]


@dataclass
class Shelf:
    """What one client needs of `nodes.exchange.shelf.Shelf`.

    `law` are the heads of `reference` as it had them three days ago.
    """

    own: Own
    unit: str
    signing: bytes  # Ed25519, the private key's 32 bytes
    receiving: str
    parent: Parent
    line: Line
    law: dict[UUID, Head]
    work: dict[UUID, Head]
    name: str = ""
    version: str = VERSION
    memory: Remembered | None = None
    come: dict[tuple[UUID, int], bytes] = field(default_factory=dict)  # hashes of entries that came since
    signatures: dict[UUID, Vouched] = field(default_factory=dict)
    witnessed: dict[UUID, Checkpoint] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mine = Head(self.line.stream, len(self.line.items), self.line.hashes[-1])
        self.mine_id = self.line.stream.id()
        self.units = frozenset({self.unit})

    @cached_property
    def signer(self) -> Signer:
        return Signer(self.own.id, self.own.incarnation, Ed25519PrivateKey.from_private_bytes(self.signing))

    @property
    def recipient(self) -> str:
        return str(x25519.Identity.from_str(self.receiving).to_public())

    def now(self) -> datetime:
        return datetime.now(UTC)

    def free(self) -> int:
        return 1 << 37

    # Streams

    def heads(self, units: Collection[str] | None = None, *, reference: bool = True) -> Mapping[UUID, Head]:
        law = self.law if reference else {}
        if units is not None and self.unit not in units:
            return law
        return {**law, **self.work, self.mine_id: self.mine}

    def governing(self) -> tuple[int, Mapping[str, str]]:
        return len(self.law), parts(self.law.values())

    def head(self, stream: UUID) -> Head | None:
        if stream == self.mine_id:
            return self.mine
        return self.law.get(stream) or self.work.get(stream)

    def written(self) -> int:
        return self.mine.seq

    def hash_at(self, stream: UUID, seq: int) -> bytes | None:
        head = self.head(stream)
        if head is None or seq > head.seq:
            return None
        if seq == 0:
            return head.description.digest()
        if stream == self.mine_id:
            return self.line.hashes[seq - 1]
        return head.hash if seq == head.seq else self.come.get((stream, seq))

    def stored_of(self, spans: Sequence[Span]) -> Iterator[tuple[UUID, Item]]:
        for stream, after, upto in spans:
            assert stream == self.mine_id, "others' entries are not kept here"
            yield from ((stream, item) for item in self.line.items[after:upto])

    def stored(self, stream: UUID, after: int, most: int) -> Iterator[Item]:
        return (item for _, item in self.stored_of([(stream, after, after + most)]))

    def receive(self, batch: Batch, *, goes_on: bool = False) -> Mapping[UUID, str]:
        stream = batch.description.id()
        known = self.head(stream) or Head(batch.description, 0, batch.description.digest())
        if batch.after > known.seq:
            raise Gap(known.seq, known.hash)
        before = self.hash_at(stream, batch.after) or known.hash
        check(batch, before)
        hashes = chain(before, stream, batch.after + 1, (item.payload for item in batch.items))
        self.come |= {(stream, seq): one for seq, one in enumerate(hashes, batch.after + 1)}
        where = self.law if batch.description.channel == "reference" else self.work
        where[stream] = Head(batch.description, batch.after + len(batch.items), batch.hash)
        if (word := vouching.vouched(batch)) is not None:
            self.signatures[stream] = word
        return {}

    def receive_all(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            self.receive(batch)

    def vouched(self, stream: UUID) -> Vouched | None:
        return self.signatures.get(stream)

    # Sealed facts, files

    def wants(self, units: Collection[str] | None) -> Wants:
        return Wants()

    def key_places(self, key_id: str) -> Collection[Description]:
        return (self.line.stream,) if key_id in self.line.keys else ()

    def give_keys(self, wanted: Sequence[str], node: UUID, recipient: str) -> Given:
        its = [self.line.keys[name] for name in wanted]
        lines = "".join(json.dumps([str(subject), key.hex()]) + "\n" for subject, key in its)
        return Given(pyrage.encrypt(lines.encode(), [x25519.Recipient.from_str(recipient)]))

    def take_keys(self, given: Given) -> int:
        return 0

    def blob_places(self, sha256: str) -> Collection[Description]:
        return (self.line.stream,) if sha256 in self.line.blobs else ()

    def blob_size(self, sha256: str) -> int | None:
        blob = self.line.blobs.get(sha256)
        return None if blob is None else len(blob)

    def read_blob(self, sha256: str, offset: int, most: int) -> bytes:
        return self.line.blobs[sha256][offset : offset + most]

    # What it remembers, and what it does not

    def newest(self) -> Checkpoint | None:
        return None

    def kept(self, node: UUID) -> Checkpoint | None:
        return self.witnessed.get(node)

    def keep(self, checkpoint: Checkpoint) -> None:
        self.witnessed[checkpoint.statement.node] = checkpoint

    def outset(self) -> Outset:
        return Outset(self.memory, self.mine.seq, False)

    def remember(self, remembered: Remembered) -> None:
        self.memory = remembered

    def waiting(self) -> Sequence[Waiting]:
        return ()

    def incidents(self, node: UUID) -> Sequence[Incident]:
        return ()

    def note_contact(self, contact: Contact) -> None:
        """Whoever asked is told."""

    def note_incident(self, incident: Incident) -> None:
        """The contact has it among its faults."""

    def tried(self, sort: Sort, what: str, reason: str | None) -> None:
        """The contact has it among its faults."""

    # Its keys never change

    def former(self) -> Sequence[Ed25519PrivateKey]:
        return ()

    def heard(self, public: bytes) -> None:
        """It has one key."""
