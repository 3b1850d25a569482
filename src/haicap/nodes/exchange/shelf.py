"""What exchange asks of storage: a protocol, so that the same code runs on PostgreSQL and on a disk in memory.

Every method is one transaction of its own: when it returns, what it did is kept; when it raises, nothing is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haicap.journal.chain import Description
from haicap.journal.intake import Batch, Head, Item, Place, Span
from haicap.journal.node import Own
from haicap.journal.rekeying import Renewed
from haicap.journal.witness import Signed as Checkpoint
from haicap.nodes.exchange.records import (
    Contact,
    Given,
    Incident,
    Joined,
    Joining,
    Lying,
    Member,
    Outset,
    Parent,
    Reason,
    Remembered,
    Renewal,
    Sort,
    Vouched,
    Waiting,
    Wants,
)
from haicap.nodes.exchange.signing import Signed, Signer


class Full(Exception):
    """The disk has no room; nothing was kept."""


class Busy(Exception):
    """Storage cannot do it now (a lock, too many at once); the same asked again later may go."""


class NotInvited(Exception):
    """A code that joins nobody: `code` is `unknown`, `expired` or `used`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Shelf(Protocol):
    """One node's storage, as exchange sees it. `Full` and `Busy` may be raised by all that writes."""

    # Who this is

    @property
    def own(self) -> Own: ...
    @property
    def unit(self) -> str: ...
    @property
    def units(self) -> frozenset[str]:
        """The codes whose files this node holds; empty at the ministry for work, which it holds of nobody."""
        ...

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def signer(self) -> Signer: ...
    @property
    def parent(self) -> Parent | None: ...

    def now(self) -> datetime:
        """This node's clock: aware, and perhaps wrong."""
        ...

    def free(self) -> int:
        """Bytes left on the disk."""
        ...

    # Who the others are

    def member(self, node: UUID) -> Member | None:
        """A child of this node, by the memberships that this node itself wrote: never its parent's other children."""
        ...

    def fresh(self, request: Signed, until: datetime, /) -> bool:
        """Note a request: its nonce until then, and what it tells of a child that is trusted, for people to see.

        Returns whether the nonce was new (`signing.Nonces`); where it was not nothing is noted.
        """
        ...

    def join(self, joining: Joining) -> Joined:
        """Use a code up and write `node.joined`; the same node with the same code gets the same answer again.

        Raises `NotInvited`.
        """
        ...

    def renew(self, node: UUID, renewal: Renewal) -> None:
        """Write `node.renewed`; an incarnation that is known changes nothing."""
        ...

    def renewal(self) -> Renewal:
        """How this node's present incarnation came about, for the parent that does not know it yet."""
        ...

    # Changed keys

    def former(self) -> Sequence[Ed25519PrivateKey]:
        """This node's earlier signing keys that the parent may still believe, oldest first.

        Where the incarnation under the present key has not begun (the change was cut off), it begins here.
        """
        ...

    def heard(self, public: bytes) -> None:
        """The parent believes this key (32 bytes): if it is the present one, `former` are destroyed."""
        ...

    def renewals(self) -> Sequence[Renewed]:
        """What leads from each earlier signing key of this node to the next, oldest first."""
        ...

    def follow(self, parent: Parent) -> None:
        """Keep the parent's new keys."""
        ...

    # Streams

    def heads(self, units: Collection[str] | None = None, *, reference: bool = True) -> Mapping[UUID, Head]:
        """The heads of the streams held in the files of `units` (None: of all), and of `reference` as a whole."""
        ...

    def governing(self) -> tuple[int, Mapping[str, str]]:
        """How many streams of `reference` are held, and the digests of its parts (`stretches.parts`)."""
        ...

    def head(self, stream: UUID) -> Head | None: ...
    def written(self) -> int:
        """How many entries this node has written that go up; it grows with each."""
        ...

    def hash_at(self, stream: UUID, seq: int) -> bytes | None:
        """The hash there, that of the description at 0; None beyond the head and for streams not held."""
        ...

    def hashes_at(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        """The hashes at these places above 0, as far as they lie here."""
        ...

    def stored(self, stream: UUID, after: int, most: int) -> Iterator[Item]:
        """Entries after `after`, at most `most`; the ciphertext is None where destroyed or none is named."""
        ...

    def stored_of(self, spans: Sequence[Span]) -> Iterator[tuple[UUID, Item]]:
        """The same of several streams, span after span, each with its stream; no stream stands in two of them."""
        ...

    def receive(self, batch: Batch, *, goes_on: bool = False) -> Mapping[UUID, str]:
        """Store a batch and fold it; returns the entries held, each with its reason (a code of `judging`).

        Where this node is the authority of the batch's unit and another wrote it, the batch is judged by
        `judging.judge` and `journal.taken` is written, in the same transaction. What is held already is passed
        over. The signature under its head, which the caller has verified, is kept in the place of the one before.
        Where more of the stream follows at once (`goes_on`), a power cut may undo this with it: it is asked for again.
        Raises `Gap`, `Fork` and `Malformed` of `journal.intake`.
        """
        ...

    def receive_all(self, batches: Sequence[Batch]) -> None:
        """Store batches of several streams of `reference` that others wrote, as `receive` does: all, or none."""
        ...

    def vouched(self, stream: UUID) -> Vouched | None: ...
    def lie_here(self, payloads: Collection[bytes]) -> bool:
        """Whether all these entries lie here byte for byte, in whatever lines."""
        ...

    def give_way(self, stream: UUID, seq: int) -> bool:
        """End the copy of another node's line at `seq`, if every entry beyond lies here in another line as well.

        Its writer was restored, wrote on, and tells it otherwise now; what it had written meanwhile it has moved
        into a new incarnation, payloads unchanged. Returns whether the copy ends there: nothing is lost by it.
        """
        ...

    def begin(self, reason: Reason, tails: Mapping[UUID, int], later_than: UUID | None = None) -> Own:
        """Begin a new incarnation of this node, later than the one before and than `later_than`; returns it.

        `tails` names lines of this node of which only so much stands, by the `seq` that the parent and this
        node have in common: what lies beyond is written into the new incarnation's lines, payloads unchanged, and
        the old line ends there until the parent's is adopted.
        """
        ...

    # Sealed facts, files

    def wants(self, units: Collection[str] | None) -> Wants:
        """What is named by entries in the files of `units` (None: of all) and missing here, each at most 1,000."""
        ...

    def key_places(self, key_id: str) -> Collection[Description]:
        """The streams in which an entry names this key (hex)."""
        ...

    def give_keys(self, wanted: Sequence[str], node: UUID, recipient: str) -> Given:
        """The keys of these ids that lie here, wrapped to `recipient`, and which of them are destroyed.

        Notes `node` as a holder of each.
        """
        ...

    def take_keys(self, given: Given) -> int:
        """Keep the keys that entries here name, forget what is destroyed elsewhere; how many were kept.

        Raises `Malformed` for what cannot be read.
        """
        ...

    def blob_places(self, sha256: str) -> Collection[Description]:
        """The streams in which an entry names this blob."""
        ...

    def blob_size(self, sha256: str) -> int | None:
        """How many bytes a blob has that lies here whole; None for any other."""
        ...

    def blob_begun(self, sha256: str) -> int:
        """How many bytes of an unfinished blob have come."""
        ...

    def read_blob(self, sha256: str, offset: int, most: int) -> bytes: ...
    def write_blob(self, sha256: str, offset: int, chunk: bytes) -> int:
        """Add to an unfinished blob, `offset` being what has come; returns what has come now."""
        ...

    def finish_blob(self, sha256: str) -> bool:
        """Put a blob in its place if its digest is its name; otherwise what has come is thrown away."""
        ...

    # Witness and what people see

    def newest(self) -> Checkpoint | None:
        """This node's newest checkpoint, whole where there is one that names every head."""
        ...

    def kept(self, node: UUID) -> Checkpoint | None:
        """The newest checkpoint of another node that this one keeps."""
        ...

    def keep(self, checkpoint: Checkpoint) -> None:
        """Keep another node's checkpoint, known to be genuine, in the place of the one kept before."""
        ...

    def outset(self) -> Outset: ...
    def remember(self, remembered: Remembered) -> None: ...

    def lying(self, member: Member, *, reference: bool) -> Lying:
        """What lies here for a child: heads as `heads` tells them, and the rest."""
        ...

    def note_has(self, node: UUID, life: UUID, mark: str, heads: Mapping[UUID, int]) -> None:
        """A child has, in this life, all of these heads, for which `mark` stands: it said so."""
        ...

    def has(self, node: UUID, life: UUID) -> tuple[str, Mapping[UUID, int]]:
        """The mark and the heads that a child said last it has; nothing of another life, which was lost."""
        ...

    def note_contact(self, contact: Contact) -> None: ...
    def note_incident(self, incident: Incident) -> None: ...
    def tried(self, sort: Sort, what: str, reason: str | None) -> None:
        """Note an attempt to bring something over: None when it went, else a code."""
        ...

    def waiting(self) -> Sequence[Waiting]:
        """What is noted as tried and not gone, oldest first."""
        ...
