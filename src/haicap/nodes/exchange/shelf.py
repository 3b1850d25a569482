"""What exchange asks of storage: a protocol, so that the same code runs on PostgreSQL and on a disk in memory.

Every method is one transaction of its own: when it returns, what it did is kept; when it raises, nothing is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haicap.journal.chain import Channel, Description
from haicap.journal.intake import Batch, Head, Item
from haicap.journal.node import Own
from haicap.journal.rekeying import Renewed
from haicap.journal.witness import Signed as Checkpoint
from haicap.nodes.exchange.signing import Signer

State = Literal["invited", "joined", "revoked", "closed"]
Reason = Literal["restored", "clone", "key"]
Sort = Literal["entries", "key", "blob"]


class Full(Exception):
    """The disk has no room; nothing was kept."""


class Busy(Exception):
    """Storage cannot do it now (a lock, too many at once); the same asked again later may go."""


class NotInvited(Exception):
    """A code that joins nobody: `code` is `unknown`, `expired` or `used`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Member:
    """A child node as its parent knows it, from the newest entries of its membership."""

    node: UUID
    unit: str
    units: frozenset[
        str
    ]  # whose work it holds: its unit, those merged into it, sub-units; a province's: all of it
    public_key: bytes  # Ed25519, 32 bytes
    recipient: str  # age
    state: State
    incarnations: tuple[UUID, ...]  # all that were announced, oldest first
    last_good: Mapping[UUID, int] = field(default_factory=dict)  # revoked: by stream; nothing of others
    carries: bool = False  # a province at the ministry: brings its communes' streams too

    @property
    def incarnation(self) -> UUID | None:
        """The newest incarnation; None before it has joined."""
        return self.incarnations[-1] if self.incarnations else None


@dataclass(frozen=True, slots=True)
class Parent:
    """The parent as its child knows it."""

    node: UUID
    unit: str
    url: str
    public_key: bytes
    recipient: str
    channels: frozenset[Channel] = frozenset(
        {"work", "returns", "reference"}
    )  # a province's to the ministry: no work


@dataclass(frozen=True, slots=True)
class Joining:
    """Who asks to join, with the code as typed."""

    code: str
    node: UUID
    incarnation: UUID
    name: str
    public_key: bytes
    recipient: str
    version: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The membership that came of a code."""

    membership: UUID
    unit: str
    province: str | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """A child's new incarnation. `lines` says up to which `seq` each line of the one before is its."""

    incarnation: UUID
    reason: Reason
    lines: Mapping[UUID, int]
    public_key: bytes | None = None
    recipient: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Subject keys for one node: age-encrypted JSON Lines, and the ids (hex) of those destroyed for good."""

    keys: bytes
    destroyed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wants:
    """What is named here and does not lie here: key ids (hex), and blobs with how much of each has come."""

    keys: tuple[str, ...] = ()
    blobs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A child's request as its parent saw it: `state` is its `Haicap-State`, `skew` its clock less ours in seconds."""

    node: UUID
    incarnation: UUID
    at: datetime
    path: str
    state: Mapping[str, int | str]
    skew: float


@dataclass(frozen=True, slots=True)
class Incident:
    """Something refused or found wrong. `sort` is a code, `what` its particulars; `node` None where unknown."""

    node: UUID | None
    sort: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thing that waits to travel: which, how much of it, since when, how often tried, why not gone yet."""

    sort: Sort
    what: str  # stream id, key id or SHA-256
    count: int  # entries, keys, or bytes still to go
    since: datetime | None
    attempts: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Vouched:
    """A head of one of the parent's own lines under its signature: what it gave out it cannot deny.

    With it a child brings the parent back what that has lost (a restored province).
    """

    stream: UUID
    seq: int
    hash: bytes
    signature: bytes  # Ed25519 by the line's node, over the bytes that `vouching` makes


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a child knows of its parent from the contact before; without it the next one only says more.

    `heads` is the body of its newest answer, `etag` that answer's; `offset` its clock less ours in seconds,
    `witness` our newest checkpoint that it has; `quiet` what `Shelf.written` was when nothing was left to do.
    """

    etag: str
    heads: bytes
    offset: float = 0.0
    witness: UUID | None = None
    quiet: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong in a contact: a code of the protocol or of `wire.Down`, and with what."""

    code: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact with the parent, as it was: what moved, what went wrong, what waits. Times by this node's clock."""

    parent: UUID
    began: datetime
    ended: datetime
    offset: float  # the parent's clock less ours, in seconds
    pushed: int = 0  # entries
    pulled: int = 0
    held: int = 0  # of those pushed
    keys: int = 0  # that came
    up: int = 0  # bytes of blobs
    down: int = 0
    faults: tuple[Fault, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    reached: bool = False  # the parent answered, and was the parent

    @property
    def good(self) -> bool:
        """Whether all that there was to do was done, or left off for no fault."""
        return self.reached and not self.faults


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

    def fresh(self, node: UUID, nonce: str, until: datetime, /) -> bool:
        """Note a nonce until then; whether it was new (`signing.Nonces`)."""
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

    def stored(self, stream: UUID, after: int, most: int) -> Iterator[Item]:
        """Entries after `after`, at most `most`; the ciphertext is None where destroyed or none is named."""
        ...

    def receive(self, batch: Batch) -> Mapping[UUID, str]:
        """Store a batch and fold it; returns the entries held, each with its reason (a code of `judging`).

        Where this node is the authority of the batch's unit and another wrote it, the batch is judged by
        `judging.judge` and `journal.taken` is written, in the same transaction. What is held already is passed
        over. The signature under its head, which the caller has verified, is kept in the place of the one before.
        Raises `Gap`, `Fork` and `Malformed` of `journal.intake`.
        """
        ...

    def receive_all(self, batches: Sequence[Batch]) -> None:
        """Store batches of several streams of `reference` that others wrote, as `receive` does: all, or none."""
        ...

    def vouched(self, stream: UUID) -> Vouched | None: ...
    def lie_here(self, entries: Collection[UUID]) -> bool:
        """Whether all these entries lie here, in whatever lines."""
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

    def remembered(self) -> Remembered | None: ...
    def remember(self, remembered: Remembered) -> None: ...

    def note_seen(self, seen: Seen) -> None: ...
    def note_has(self, node: UUID, life: UUID, mark: str, heads: Callable[[], Mapping[UUID, int]]) -> None:
        """A child has, in this life, all of these heads, for which `mark` stands: it said so.

        They are asked for only where it has not said so before.
        """
        ...

    def has(self, node: UUID, life: UUID) -> tuple[str, Mapping[UUID, int]]:
        """The mark and the heads that a child said last it has; nothing of another life, which was lost."""
        ...

    def note_contact(self, contact: Contact) -> None: ...
    def note_incident(self, incident: Incident) -> None: ...
    def incidents(self, node: UUID) -> Sequence[Incident]:
        """The newest incidents that concern a node, for it to show; at most ten."""
        ...

    def tried(self, sort: Sort, what: str, reason: str | None) -> None:
        """Note an attempt to bring something over: None when it went, else a code."""
        ...

    def waiting(self) -> Sequence[Waiting]:
        """What is noted as tried and not gone, oldest first."""
        ...
