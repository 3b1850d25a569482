"""A node's storage in memory, on a disk that can be killed between any two steps, fill up, be copied and put back.

The same code as on PostgreSQL chains, checks, orders and folds; only where things lie is another.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid5

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from haicap.journal.carrying import Stretch, brought, spread
from haicap.journal.chain import Channel, Description, chain
from haicap.journal.entry import Entry, instant, payload, read
from haicap.journal.erasing import KeyDestroyed, KeyErased
from haicap.journal.fold import Fold, Folded
from haicap.journal.ids import Entropy, uuid7
from haicap.journal.intake import Batch, Fork, Gap, Head, Item, Malformed, Place, Span, check
from haicap.journal.kinds import Body
from haicap.journal.node import Own
from haicap.journal.order import Released, Taken, in_order
from haicap.journal.pen import Pen
from haicap.journal.rekeying import Renewed, renewed
from haicap.journal.sealing import key_id
from haicap.journal.witness import Head as Witnessed
from haicap.journal.witness import Signed as Checkpoint
from haicap.journal.witness import Statement
from haicap.nodes import fold as membership
from haicap.nodes.entries import NodeInvited, NodeJoined, NodeRenewed, NodeRevoked
from haicap.nodes.exchange import vouching
from haicap.nodes.exchange.judging import Grant, judge
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
from haicap.nodes.exchange.shelf import Full, NotInvited
from haicap.nodes.exchange.signing import Signed, Signer
from haicap.nodes.exchange.stretches import parts
from nodes.toy import UNITS, Granted, GrantEnded, Later, Merged, reading

S = TypeVar("S")
Change = tuple[str, Any, Any, Any]  # table, key, what was there, what is there now


class Killed(BaseException):
    """The process is gone, at this very point."""


class Disk:
    """Tables of values that never change, and the log of what was committed: any earlier image is a part of it."""

    def __init__(self, log: Sequence[tuple[Change, ...]] = ()) -> None:
        self.log = list(log)
        self.turn = 0  # it grows with whatever is written to a line
        self.tables: dict[str, dict[Any, Any]] = defaultdict(dict)
        for changes in self.log:
            for table, key, _old, new in changes:
                self._put(table, key, new)
        self.full = False
        self.kill: tuple[int, bool] | None = (
            None  # after how many commits, and whether the last is still kept
        )
        self.changes: list[Change] | None = None

    def put(self, table: str, key: Any, value: Any) -> None:
        """Write a value, or with None take it away; within `change` only."""
        assert self.changes is not None, "what is written is written in a transaction"
        self.changes.append((table, key, self.tables[table].get(key), value))
        self._put(table, key, value)

    def _put(self, table: str, key: Any, value: Any) -> None:
        self.turn += table == "entry"
        if value is None:
            self.tables[table].pop(key, None)
        else:
            self.tables[table][key] = value

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction; one within another is part of it."""
        if self.changes is not None:
            yield
            return
        self.changes = []
        try:
            yield
            if self.changes:
                self._commit(tuple(self.changes))
        except BaseException:
            for table, key, old, _new in reversed(self.changes):
                self._put(table, key, old)
            raise
        finally:
            self.changes = None

    def _commit(self, changes: tuple[Change, ...]) -> None:
        if self.full and any(table == "entry" or table == "part" for table, *_ in changes):
            raise Full
        dies = self.kill is not None and self.kill[0] == 0
        if self.kill is not None and not dies:
            self.kill = (self.kill[0] - 1, self.kill[1])
        if not dies or (self.kill and self.kill[1]):
            self.log.append(changes)
        if dies:
            raise Killed


class Stored(NamedTuple):
    """An entry as it lies on disk."""

    item: Item
    hash: bytes
    entry: Entry[Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """What lies outside the database: who the node is, and its keys."""

    node: UUID
    signing: Ed25519PrivateKey
    receiving: x25519.Identity
    former: tuple[Ed25519PrivateKey, ...] = ()
    renewals: tuple[Renewed, ...] = ()
    earlier: tuple[x25519.Identity, ...] = ()

    @property
    def public_key(self) -> bytes:
        return self.signing.public_key().public_bytes_raw()

    @property
    def recipient(self) -> str:
        return str(self.receiving.to_public())


@dataclass(frozen=True, slots=True)
class Nobody:
    """An author."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Facts:
    """What judging asks, answered from a shelf."""

    shelf: "MemoryShelf"

    def grant(self, entry: UUID) -> Grant | None:
        return self.shelf.grant(entry)

    def homes(self, subject: UUID) -> Collection[tuple[str, Channel]]:
        its = {
            self.shelf.heads()[stream].description
            for stream, _seq in self.shelf.table("places").get(subject, ())
        }
        return {(place.unit, place.channel) for place in its}

    def kind(self, entry: Entry[Any]) -> str | None:
        return None

    def held(self, entry: UUID) -> Entry[Any] | None:
        place = self.shelf.table("id").get(entry)
        return self.shelf.table("entry")[place].entry if place else None


@dataclass
class MemoryShelf:
    """`nodes.exchange.shelf.Shelf`, and the desk that pens write on."""

    disk: Disk
    identity: Identity
    unit: str
    clock: "Clock"
    entropy: Entropy
    parent: Parent | None = None
    ministry: bool = False
    version: str = "1.0"
    name: str = ""
    seen: list[Signed] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    memo: dict[Any, Any] = field(default_factory=dict)
    turn: int = -1

    def __post_init__(self) -> None:
        if "own" not in self.table("own"):
            with self.disk.change():
                first = uuid7(self.now(), self.entropy)
                self.disk.put("own", "own", Own(self.identity.node, first))
                self.disk.put("own", "renewal", Renewal(first, "restored", {}))
        with reading(self.newer):
            for place in self.table("kind").get(Later.kind, ()):
                its: Stored = self.table("entry")[place]
                entry = read(*place, its.entry.unit, its.item.payload)
                self.table("entry")[place] = its._replace(entry=entry)

    @property
    def newer(self) -> bool:
        """Whether the newer version runs here, which knows more kinds."""
        return self.version != "1.0"

    def once(self, key: Any, make: Callable[[], S]) -> S:
        """What `make` makes of the lines, made once until they change."""
        if self.turn != self.disk.turn:
            self.memo.clear()
            self.turn = self.disk.turn
        if key not in self.memo:
            self.memo[key] = make()
        made: S = self.memo[key]
        return made

    def table(self, name: str) -> dict[Any, Any]:
        return self.disk.tables[name]

    # Who this is

    @property
    def own(self) -> Own:
        own: Own = self.table("own")["own"]
        return own

    @property
    def units(self) -> frozenset[str]:
        return self.units_of(self.unit)

    def units_of(self, unit: str) -> frozenset[str]:
        """A unit's own code, and those of the units merged into it; of a province all below it."""
        return self.once(("units", unit), lambda: self._units_of(unit))

    def _units_of(self, unit: str) -> frozenset[str]:
        merged = [entry.body for entry in self.of_kind(Merged)]
        known = {unit}
        while more := {it.unit for it in merged if it.into in known} - known:
            known |= more
        return frozenset(known | {code for code in UNITS if code.startswith(unit)})

    @property
    def recipient(self) -> str:
        return self.identity.recipient

    @property
    def signer(self) -> Signer:
        return Signer(self.identity.node, self.own.incarnation, self.identity.signing, self.entropy)

    @property
    def authority(self) -> UUID:
        return self.parent.node if self.parent and "work" in self.parent.channels else self.own.id

    def now(self) -> datetime:
        return self.clock.now()

    def free(self) -> int:
        return 0 if self.disk.full else 1 << 40

    # Who the others are

    def member(self, node: UUID) -> Member | None:
        subject = self._membership(node)
        return self.once(("member", node), lambda: self._member(subject)) if subject else None

    def _membership(self, node: UUID) -> UUID | None:
        """The membership that this node gave; what its parent gave others is none of its."""
        for entry in self.of_kind(NodeJoined):
            if entry.body.node == node and self.heads()[entry.stream].description.node == self.own.id:
                return entry.subject
        return None

    def _member(self, subject: UUID) -> Member | None:
        it = self.folded(membership.nodes, subject).state
        if it is None or it.now is None or it.node is None:
            return None
        return Member(
            it.node, it.unit, self.units_of(it.unit), bytes.fromhex(it.now.public_key), it.now.recipient, it.state,
            tuple(life.id for life in it.incarnations), {UUID(name): seq for name, seq in it.last.items()},
            carries=self.ministry,
        )  # fmt: skip

    def fresh(self, request: Signed, until: datetime, /) -> bool:
        it = (request.node, request.nonce)
        if it in self.table("nonce"):
            return False
        with self.disk.change():
            self.disk.put("nonce", it, until)
        self.seen.append(request)
        return True

    def invite(self, code: str, unit: str) -> None:
        """Let whoever has the code join as the unit's node."""
        with self.disk.change():
            body = NodeInvited(unit=unit, until=self.now() + timedelta(days=7), code=code)
            subject = uuid7(self.now(), self.entropy)
            self.disk.put("invitation", code, (subject, unit))
            self.govern(subject, body, unit)

    def join(self, joining: Joining) -> Joined:
        subject, unit = self.table("invitation").get(joining.code) or (None, "")
        if subject is None:
            raise NotInvited("unknown")
        known = self._member(subject)
        if known is not None and (known.node, known.public_key) != (joining.node, joining.public_key):
            raise NotInvited("used")
        if known is None:
            body = NodeJoined(
                node=joining.node, incarnation=joining.incarnation, name=joining.name, runs=joining.version,
                public_key=joining.public_key.hex(), recipient=joining.recipient,
            )  # fmt: skip
            self.govern(subject, body, unit)
        return Joined(subject, unit, self.unit)

    def renew(self, node: UUID, renewal: Renewal) -> None:
        subject = self._membership(node)
        known = self._member(subject) if subject else None
        assert subject is not None
        assert known is not None
        if renewal.incarnation in known.incarnations:
            return
        body = NodeRenewed(
            incarnation=renewal.incarnation, reason=renewal.reason,
            public_key=renewal.public_key.hex() if renewal.public_key else None, recipient=renewal.recipient,
            lines={str(stream): seq for stream, seq in renewal.lines.items()},
        )  # fmt: skip
        self.govern(subject, body, known.unit)

    def revoke(self, node: UUID) -> None:
        """Trust the node no more: what has come of its lines is the last that is good."""
        subject = self._membership(node)
        member = self._member(subject) if subject else None
        assert subject is not None
        assert member is not None
        last = {
            str(stream): head.seq
            for stream, head in self.heads().items()
            if head.description.node == node
        }  # fmt: skip
        self.govern(subject, NodeRevoked(last=last, reason=""), member.unit)

    def govern(self, subject: UUID, body: Body, unit: str) -> UUID:
        """Write an entry of the channel `reference`; its id."""
        entry_id = uuid7(self.now(), self.entropy)
        last = self.folded(membership.nodes, subject).last
        data = payload(
            entry_id=entry_id, salt=self.entropy(16), subject=subject, after=last, body=body, actor=self.own.id,
            grant=None, at=self.now(),
        )  # fmt: skip
        self.append(self.own.stream(unit, "reference"), entry_id, data, None, b"")
        return entry_id

    def renewal(self) -> Renewal:
        renewal: Renewal = self.table("own")["renewal"]
        if self.identity.former:
            its = self.identity
            renewal = replace(renewal, reason="key", public_key=its.public_key, recipient=its.recipient)
        return renewal

    # Changed keys

    def former(self) -> Sequence[Ed25519PrivateKey]:
        return self.identity.former

    def heard(self, public: bytes) -> None:
        if public == self.identity.public_key:
            self.identity = replace(self.identity, former=())

    def renewals(self) -> Sequence[Renewed]:
        return self.identity.renewals

    def follow(self, parent: Parent) -> None:
        self.parent = parent

    def rekey(self, signing: Ed25519PrivateKey) -> None:
        """Other keys, and the incarnation under them."""
        its = self.identity
        after = replace(its, signing=signing, receiving=x25519.Identity.generate())
        said = renewed(its.node, its.signing, after.public_key, after.recipient)
        self.identity = replace(
            after, former=(*its.former, its.signing), renewals=(*its.renewals, said),
            earlier=(*its.earlier, its.receiving),
        )  # fmt: skip
        self.begin("key", {})

    # Streams

    def heads(self, units: Collection[str] | None = None, *, reference: bool = True) -> Mapping[UUID, Head]:
        if units is None and reference:
            return self.table("head")
        return {
            stream: head
            for stream, head in self.table("head").items()
            if (head.description.channel == "reference" and reference)
            or (head.description.channel != "reference" and (units is None or head.description.unit in units))
        }

    def governing(self) -> tuple[int, Mapping[str, str]]:
        its = [head for head in self.table("head").values() if head.description.channel == "reference"]
        return len(its), parts(its)

    def head(self, stream: UUID) -> Head | None:
        return self.table("head").get(stream)

    def written(self) -> int:
        return sum(
            head.seq
            for head in self.heads().values()
            if head.description.node == self.own.id and head.description.channel != "reference"
        )

    def hash_at(self, stream: UUID, seq: int) -> bytes | None:
        head = self.head(stream)
        if head is None or seq > head.seq:
            return None
        digest: bytes = self.table("entry")[stream, seq].hash if seq else head.description.digest()
        return digest

    def hashes_at(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        return {place: digest for place in places if (digest := self.hash_at(*place)) is not None}

    def stored_of(self, spans: Sequence[Span]) -> Iterator[tuple[UUID, Item]]:
        for stream, after, upto in spans:
            yield from ((stream, item) for item in self.stored(stream, after, upto - after))

    def stored(self, stream: UUID, after: int, most: int) -> Iterator[Item]:
        head = self.head(stream)
        for seq in range(after + 1, min(after + most, head.seq if head else 0) + 1):
            yield self.table("entry")[stream, seq].item

    def receive(self, batch: Batch, *, goes_on: bool = False) -> Mapping[UUID, str]:
        its = batch.description
        with self.disk.change(), reading(self.newer):
            new = self._new(batch)
            entries = [entry for _item, _digest, entry in new]
            verdict = None
            if new and self._orders(its):
                verdict = judge(entries, Facts(self), stream=its, at=self.now())
            for item, digest, entry in new:
                self._keep(its, item, digest, entry)
            if verdict is not None:
                held = {str(name): why for name, why in verdict.held.items()}
                body = Taken(stream=its.id(), up_to=entries[-1].seq, held=held, withdrawn=verdict.withdrawn)
                self.beside(its.id(), body, its.unit, None, entries[-1].id)
            if (word := vouching.vouched(batch)) is not None:
                self.disk.put("vouched", word.stream, word)
            self._erase(entry.subject for entry in entries)
        return verdict.held if verdict else {}

    def receive_all(self, batches: Sequence[Batch]) -> None:
        with self.disk.change():
            for batch in batches:
                self.receive(batch)

    def _orders(self, its: Description) -> bool:
        """Whether this node's taking-in is the order of this stream's entries."""
        if its.node == self.own.id or its.channel == "reference" or self.authority != self.own.id:
            return False
        return not self.ministry and self.member(its.node) is not None

    def _new(self, batch: Batch) -> list[tuple[Item, bytes, Entry[Any]]]:
        """The entries of a batch that are new here, each with its hash."""
        stream = batch.description.id()
        head = self.head(stream) or Head(batch.description, 0, batch.description.digest())
        if batch.after > head.seq:
            raise Gap(head.seq, head.hash)
        before = self.hash_at(stream, batch.after) or head.hash
        entries = check(batch, before)
        hashes = chain(before, stream, batch.after + 1, (item.payload for item in batch.items))
        known = min(head.seq - batch.after, len(entries))
        if known and hashes[known - 1] != self.hash_at(stream, batch.after + known):
            raise Fork(batch.after + known, self.hash_at(stream, batch.after + known) or b"")
        return list(zip(batch.items, hashes, entries, strict=True))[known:]

    def _keep(self, description: Description, item: Item, digest: bytes, entry: Entry[Any]) -> None:
        place, disk = (entry.stream, entry.seq), self.disk
        if entry.subject in self.erased():
            item = Item(item.payload)
        disk.put("entry", place, Stored(item, digest, entry))
        disk.put("head", entry.stream, Head(description, entry.seq, digest))
        disk.put("places", entry.subject, (*self.table("places").get(entry.subject, ()), place))
        disk.put("kind", entry.kind, (*self.table("kind").get(entry.kind, ()), place))
        if entry.id not in self.table("id"):
            disk.put("id", entry.id, place)
        if sha := getattr(entry.body, "blob", None):
            disk.put("named", sha, (*self.table("named").get(sha, ()), place))
        if entry.sealed:
            disk.put(
                "sealed", entry.sealed.key_id, (*self.table("sealed").get(entry.sealed.key_id, ()), place)
            )

    def beside(
        self,
        subject: UUID,
        body: Body,
        unit: str,
        entry_id: UUID | None = None,
        after: UUID | None = None,
    ) -> None:
        """Write an entry of the node itself into the file of a unit."""
        entry_id = entry_id or uuid7(self.now(), self.entropy)
        if self.known(entry_id):
            return
        data = payload(
            entry_id=entry_id, salt=self.entropy(16), subject=subject, after=after, body=body, actor=self.own.id,
            grant=None, at=self.now(),
        )  # fmt: skip
        self.append(self.own.stream(unit, "work"), entry_id, data, None, b"")

    def begin(self, reason: Reason, tails: Mapping[UUID, int], later_than: UUID | None = None) -> Own:
        with self.disk.change():
            before = self.own
            last = max(before.incarnation, later_than or before.incarnation)
            later = max(uuid7(self.now(), self.entropy).int, last.int + 1)
            own = Own(before.id, UUID(int=later))
            lines = {
                stream: tails.get(stream, head.seq)
                for stream, head in self.heads().items()
                if (head.description.node, head.description.incarnation) == (before.id, before.incarnation)
            }
            self.disk.put("own", "own", own)
            self.disk.put("own", "renewal", Renewal(own.incarnation, reason, lines))
            cut = [(self.heads()[stream], seq) for stream, seq in tails.items()]
            moved = [(head.description, stored) for head, seq in cut for stored in self._cut(head, seq)]
            for description, stored in moved:
                line = own.stream(description.unit, description.channel)
                self.append(line, stored.entry.id, stored.item.payload, stored.item.ciphertext, b"")
        return own

    def _cut(self, head: Head, seq: int) -> list[Stored]:
        """End a line at `seq`; what lay beyond."""
        stream, tail = head.description.id(), []
        for at in range(seq + 1, head.seq + 1):
            place = (stream, at)
            stored: Stored = self.table("entry")[place]
            tail.append(stored)
            self.disk.put("entry", place, None)
            named = getattr(stored.entry.body, "blob", None)
            keyed = stored.entry.sealed.key_id if stored.entry.sealed else None
            for table, key in (("places", stored.entry.subject), ("kind", stored.entry.kind), ("named", named),
                               ("sealed", keyed)):  # fmt: skip
                if key is not None:
                    self.disk.put(table, key, tuple(it for it in self.table(table)[key] if it != place))
            if self.table("id").get(stored.entry.id) == place:
                others = (at for at in self.table("places")[stored.entry.subject]
                          if self.table("entry")[at].entry.id == stored.entry.id)  # fmt: skip
                self.disk.put("id", stored.entry.id, next(others, None))
        kept = Head(head.description, seq, self.hash_at(stream, seq) or b"") if seq else None
        self.disk.put("head", stream, kept)
        return tail

    def vouched(self, stream: UUID) -> Vouched | None:
        return self.table("vouched").get(stream)

    def lie_here(self, payloads: Collection[bytes]) -> bool:
        return set(payloads) <= {it.item.payload for it in self.table("entry").values()}

    def give_way(self, stream: UUID, seq: int) -> bool:
        with self.disk.change():
            if any(not self._elsewhere(self.table("entry")[stream, at])
                   for at in range(seq + 1, self.heads()[stream].seq + 1)):  # fmt: skip
                return False
            self._cut(self.heads()[stream], seq)
            self.disk.put("gave way", (stream, seq), True)
        return True

    def _elsewhere(self, it: Stored) -> bool:
        places = self.table("places")[it.entry.subject]
        others = (self.table("entry")[place] for place in places if place[0] != it.entry.stream)
        return any(other.item.payload == it.item.payload for other in others)

    # The desk

    def folded(self, fold: Fold[S], subject: UUID) -> Folded[S]:
        return self.once((id(fold), subject), lambda: self.refolded(fold, self.order(subject)))

    def order(self, subject: UUID, *, settled: bool = False) -> list[Entry[Any]]:
        """A subject's entries in fold order; `settled` without those that the authority has not taken in."""
        entries = [self.table("entry")[place].entry for place in self.table("places").get(subject, ())]
        if not entries:
            return []
        units = frozenset(entry.unit for entry in entries)
        orders, others, taking = self.once(("order", units), lambda: self._orders_of(units))
        if settled:
            reach: dict[UUID, int] = defaultdict(int)
            for entry in taking:
                if isinstance(entry.body, Taken):
                    reach[entry.body.stream] = max(reach[entry.body.stream], entry.body.up_to)
            entries = [it for it in entries if it.stream in orders or it.seq <= reach[it.stream]]
        return in_order(entries, taking, orders, others)

    def _orders_of(self, units: frozenset[str]) -> tuple[list[UUID], list[UUID], list[Entry[Any]]]:
        """The streams in these units' files that order, the others, and what the first say of taking-in."""
        lines = sorted(
            (
                its.incarnation,
                its.unit,
                stream,
                its.channel == "reference" or (its.channel, its.node) == decides,
            )
            for decides in [("work", self.authority)]
            for stream, head in self.heads().items()
            if (its := head.description).unit in units
        )
        orders = [stream for _, _, stream, first in lines if first]
        taking = [
            entry
            for entry in (*self.of_kind(Taken), *self.of_kind(Released))
            if entry.stream in orders and self.speaks_here(entry)
        ]
        return orders, [stream for _, _, stream, first in lines if not first], taking

    def speaks_here(self, said: Entry[Any]) -> bool:
        """Whether a taking speaks of the line that lies here: where it reaches to stands the entry that it names."""
        if not isinstance(said.body, Taken) or said.after is None:
            return True
        last = self.table("entry").get((said.body.stream, said.body.up_to))
        return last is not None and last.entry.id == said.after

    def spread(self, subject: UUID, *, settled: bool = False) -> list[Entry[Any]]:
        """A subject's entries with those that they carry, as a fold walks along them."""
        with reading(self.newer):
            return spread(self.order(subject, settled=settled))

    def refolded(self, fold: Fold[S], entries: Iterable[Entry[Any]]) -> Folded[S]:
        """What this version makes of some entries in their order."""
        with reading(self.newer):
            return fold(entries)

    def of_kind(self, body: type[Body]) -> list[Entry[Any]]:
        places = self.table("kind").get(body.kind, ())
        return self.once(body, lambda: [self.table("entry")[place].entry for place in places])

    def known(self, entry_id: UUID) -> bool:
        return entry_id in self.table("id")

    def key(self, subject: UUID) -> bytes:
        for kept_subject, key in self.table("key").values():
            if kept_subject == subject:
                made: bytes = key
                return made
        made = self.entropy(32)
        with self.disk.change():
            self.disk.put("key", key_id(made).hex(), (subject, made))
        return made

    def serial(self, unit: str, year: int) -> int:
        return 1

    def append(
        self, stream: Description, entry_id: UUID, payload: bytes, ciphertext: bytes | None, blinds: bytes
    ) -> None:
        head = self.head(stream.id()) or Head(stream, 0, stream.digest())
        (digest,) = chain(head.hash, stream.id(), head.seq + 1, [payload])
        with self.disk.change(), reading(self.newer):
            entry = read(stream.id(), head.seq + 1, stream.unit, payload)
            self._keep(stream, Item(payload, ciphertext), digest, entry)

    def show(self, fold: Fold[S], subject: UUID, folded: Folded[S], entry: Entry[Any]) -> None:
        """Nothing is shown: `folded` folds what lies here."""

    @contextmanager
    def writing(self, person: UUID) -> Iterator[Pen]:
        """One action of a person: all of it, or nothing."""
        with self.disk.change():
            yield Pen(Nobody(person), self.now(), self)

    def carry(self, subject: UUID) -> dict[str, Any]:
        """The fields of a `Carrying` body for a subject's entries, as `journal.proving.proof` makes them."""
        entries = self.spread(subject)
        places: dict[UUID, set[int]] = defaultdict(set)
        for entry in entries:
            places[entry.stream].add(entry.seq)
        ends = {stream: Witnessed(max(its), (self.hash_at(stream, max(its)) or b"").hex())
                for stream, its in places.items()}  # fmt: skip
        data = Statement(
            uuid7(self.now(), self.entropy), self.own.id, instant(self.now()), False, ends
        ).write()
        return {
            "earlier": brought(entries, [self._payload(it.stream, it.seq) for it in entries]),
            "stretches": tuple(self._stretch(stream, its) for stream, its in places.items()),
            "statement": data.decode(),
            "signature": self.identity.signing.sign(data).hex(),
        }

    def _payload(self, stream: UUID, seq: int) -> bytes:
        stored: Stored = self.table("entry")[stream, seq]
        return stored.item.payload

    def _stretch(self, stream: UUID, numbers: set[int]) -> Stretch:
        first, last = min(numbers), max(numbers)
        before = self.hash_at(stream, first - 1) or b""
        digests = (
            "" if seq in numbers else _digest(self._payload(stream, seq)) for seq in range(first, last + 1)
        )
        return Stretch(stream=stream, first=first, before=before.hex(), digests=tuple(digests))

    def grant(self, entry: UUID) -> Grant | None:
        given = self.table("id").get(entry)
        its = self.table("entry")[given].entry if given else None
        if its is None or not isinstance(its.body, Granted) or its.stream not in self._reference():
            return None
        ends = [
            date.fromisoformat(it.body.until) for it in self.of_kind(GrantEnded) if it.body.grant == entry
        ]
        units = frozenset[str]().union(*map(self.units_of, its.body.units))
        return Grant(units, None, min(ends, default=None))

    def _reference(self) -> set[UUID]:
        return {stream for stream, head in self.heads().items() if head.description.channel == "reference"}

    # Erasure

    def erased(self) -> set[UUID]:
        """The subjects that the authority has ordered to erase, as far as is known here."""
        return self.once("erased", self._ordered_to_erase)

    def _ordered_to_erase(self) -> set[UUID]:
        return {
            entry.subject
            for entry in self.of_kind(KeyErased)
            if self.heads()[entry.stream].description.node == self.authority
        }

    def erase(self, subject: UUID, *units: str) -> None:
        """Order a subject's sealed facts to be destroyed wherever they are: in the files of these units."""
        with self.disk.change():
            for unit in units:
                self.beside(subject, KeyErased(ground="asked", paper="1"), unit)
            self._erase([subject])

    def erase_also(self, subject: UUID, unit: str) -> None:
        """Let the order to erase a subject, if there is one, lie in a further unit's file: `erasing.write_also`."""
        said = [entry for entry in self.of_kind(KeyErased) if entry.subject == subject]
        if subject in self.erased() and unit not in {entry.unit for entry in said}:
            self.beside(subject, said[0].body, unit, uuid5(said[0].id, unit))

    def holds(self, subject: UUID) -> bool:
        """Whether a key, sealed facts or a file of the subject lie here."""
        stored = [self.table("entry")[place] for place in self.table("places").get(subject, ())]
        return (
            any(of == subject for of, _key in self.table("key").values())
            or any(it.item.ciphertext is not None for it in stored)
            or any(getattr(it.entry.body, "blob", None) in self.table("blob") for it in stored)
        )

    def _erase(self, subjects: Iterable[UUID]) -> None:
        for subject in self.erased() & set(subjects):
            places = self.table("places")[subject]
            for place in places:
                it: Stored = self.table("entry")[place]
                if it.item.ciphertext is not None:
                    self.disk.put("entry", place, it._replace(item=Item(it.item.payload)))
                if sha := getattr(it.entry.body, "blob", None):
                    self.disk.put("blob", sha, None)
                    self.disk.put("part", sha, None)
            for name, (kept_subject, _key) in list(self.table("key").items()):
                if kept_subject == subject:
                    self.disk.put("key", name, None)
            unit = self.heads()[places[0][0]].description.unit
            name = uuid5(subject, f"destroyed {self.own.incarnation}")
            self.beside(subject, KeyDestroyed(node=self.own.id), unit, name)

    # Keys and files

    def wants(self, units: Collection[str] | None) -> Wants:
        gone = self.erased()

        def wanted(places: Iterable[tuple[UUID, int]]) -> bool:
            its = [self.table("entry")[place] for place in places]
            return any(units is None or it.entry.unit in units for it in its) and not any(
                it.entry.subject in gone for it in its
            )

        keys = [
            name
            for name, places in self.table("sealed").items()
            if name not in self.table("key") and name not in self.table("gone") and wanted(places)
        ]
        blobs = {
            sha: self.blob_begun(sha)
            for sha, places in self.table("named").items()
            if sha not in self.table("blob") and wanted(places)
        }
        return Wants(tuple(keys[:1000]), dict(list(blobs.items())[:1000]))

    def key_places(self, key_id: str) -> Collection[Description]:
        return self._descriptions(self.table("sealed").get(key_id, ()))

    def _descriptions(self, places: Iterable[tuple[UUID, int]]) -> Collection[Description]:
        return [self.heads()[stream].description for stream, _seq in places]

    def give_keys(self, wanted: Sequence[str], node: UUID, recipient: str) -> Given:
        its = [(name, *self.table("key")[name]) for name in wanted if name in self.table("key")]
        lines = "".join(json.dumps([str(subject), key.hex()]) + "\n" for _name, subject, key in its)
        gone = self.erased()
        destroyed = [
            name
            for name in wanted
            if name not in self.table("key")
            and any(
                self.table("entry")[place].entry.subject in gone
                for place in self.table("sealed").get(name, ())
            )
        ]
        sealed = pyrage.encrypt(lines.encode(), [x25519.Recipient.from_str(recipient)]) if its else b""
        return Given(sealed, tuple(destroyed))

    def take_keys(self, given: Given) -> int:
        try:
            clear = pyrage.decrypt(given.keys, [self.identity.receiving]) if given.keys else b""
            its = [json.loads(line) for line in clear.splitlines()]
            keys = [(UUID(subject), bytes.fromhex(key)) for subject, key in its]
        except (pyrage.DecryptError, ValueError) as error:
            raise Malformed("keys that cannot be opened") from error
        took = 0
        with self.disk.change():
            for subject, key in keys:
                name = key_id(key).hex()
                if (
                    name in self.table("sealed")
                    and name not in self.table("key")
                    and subject not in self.erased()
                ):
                    self.disk.put("key", name, (subject, key))
                    took += 1
            for name in given.destroyed:
                self.disk.put("gone", name, True)
        return took

    def blob_places(self, sha256: str) -> Collection[Description]:
        return self._descriptions(self.table("named").get(sha256, ()))

    def blob_size(self, sha256: str) -> int | None:
        blob = self.table("blob").get(sha256)
        return None if blob is None else len(blob)

    def blob_begun(self, sha256: str) -> int:
        return len(self.table("part").get(sha256, b""))

    def read_blob(self, sha256: str, offset: int, most: int) -> bytes:
        blob: bytes = self.table("blob").get(sha256, b"")
        return blob[offset : offset + most]

    def write_blob(self, sha256: str, offset: int, chunk: bytes) -> int:
        with self.disk.change():
            part = self.table("part").get(sha256, b"")
            assert len(part) == offset
            self.disk.put("part", sha256, part + chunk)
        return offset + len(chunk)

    def finish_blob(self, sha256: str) -> bool:
        part = self.table("part").get(sha256, b"")
        good = _digest(part) == sha256
        with self.disk.change():
            self.disk.put("part", sha256, None)
            if good:
                self.disk.put("blob", sha256, part)
        return good

    # Witness and what people see

    def witness(self) -> None:
        """Sign a checkpoint over all heads, if one has moved."""
        heads = {stream: Witnessed(head.seq, head.hash.hex()) for stream, head in self.heads().items()}
        before: Checkpoint | None = self.table("checkpoint").get("newest")
        if before is not None and before.statement.heads == heads:
            return
        first = before.statement.id.int + 1 if before else 0
        name = UUID(int=max(uuid7(self.now(), self.entropy).int, first))
        made = Statement(name, self.own.id, instant(self.now()), True, heads)
        data = made.write()
        with self.disk.change():
            self.disk.put("checkpoint", "newest", Checkpoint(made, data, self.identity.signing.sign(data)))

    def newest(self) -> Checkpoint | None:
        return self.table("checkpoint").get("newest")

    def kept(self, node: UUID) -> Checkpoint | None:
        return self.table("kept").get(node)

    def keep(self, checkpoint: Checkpoint) -> None:
        with self.disk.change():
            self.disk.put("kept", checkpoint.statement.node, checkpoint)

    def outset(self) -> Outset:
        lacks = self.wants(None)
        return Outset(self.table("remembered").get("parent"), self.written(), bool(lacks.keys or lacks.blobs))

    def remember(self, remembered: Remembered) -> None:
        if remembered != self.table("remembered").get("parent"):
            with self.disk.change():
                self.disk.put("remembered", "parent", remembered)

    def lying(self, member: Member, *, reference: bool) -> Lying:
        return Lying(
            self.heads(member.units, reference=reference), self.wants(member.units),
            tuple(self.incidents(member.node)),
            self.has(member.node, member.incarnation)[0] if member.incarnation else "",
        )  # fmt: skip

    def note_has(self, node: UUID, life: UUID, mark: str, heads: Mapping[UUID, int]) -> None:
        with self.disk.change():
            self.disk.put("has", node, (life, mark, dict(heads)))

    def has(self, node: UUID, life: UUID) -> tuple[str, Mapping[UUID, int]]:
        its = self.table("has").get(node)
        return (its[1], its[2]) if its and its[0] == life else ("", {})

    def note_contact(self, contact: Contact) -> None:
        self.contacts.append(contact)

    def note_incident(self, incident: Incident) -> None:
        with self.disk.change():
            self.disk.put("incident", (incident.node, incident.sort, incident.what), incident)

    def incidents(self, node: UUID) -> Sequence[Incident]:
        return [it for it in self.table("incident").values() if it.node == node][-10:]

    def tried(self, sort: Sort, what: str, reason: str | None) -> None:
        before: Waiting | None = self.table("tried").get((sort, what))
        if reason is None and before is None:
            return
        with self.disk.change():
            if reason is None:
                self.disk.put("tried", (sort, what), None)
            else:
                it = before or Waiting(sort, what, 1, self.now())
                self.disk.put("tried", (sort, what), replace(it, attempts=it.attempts + 1, reason=reason))

    def waiting(self) -> Sequence[Waiting]:
        return list(self.table("tried").values())


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


@dataclass
class Clock:
    """A node's clock: the world's, and how far it is off."""

    world: "World"
    off: timedelta = timedelta()

    def now(self) -> datetime:
        return self.world.now + self.off


@dataclass
class World:
    """The time that it is."""

    now: datetime
