"""What exchange and storage tell each other: members, joinings, what waits, what was seen, how a contact went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from haicap.journal.chain import Channel
from haicap.journal.intake import Head

State = Literal["invited", "joined", "revoked", "closed"]
Reason = Literal["restored", "clone", "key"]
Sort = Literal["entries", "key", "blob"]


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
class Outset:
    """Where a contact sets out from: `Shelf.written`, and whether anything that entries name may be missing here."""

    remembered: Remembered | None
    written: int
    lacks: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong in a contact: a code of the protocol or of `wire.Down`, and with what."""

    code: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies here for a child. `has` is the mark of what it said last it has (`Shelf.note_has`), or empty."""

    heads: Mapping[UUID, Head]
    wants: Wants  # what it may have
    incidents: tuple[Incident, ...]  # the newest that concern it, at most ten
    has: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact with the parent, as it was: what moved, what went wrong. Times by this node's clock."""

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
    reached: bool = False  # the parent answered, and was the parent

    @property
    def good(self) -> bool:
        """Whether all that there was to do was done, or left off for no fault."""
        return self.reached and not self.faults
