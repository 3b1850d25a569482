"""The shelf on PostgreSQL: what exchange asks of storage, answered by the journal and this room's tables."""

import json
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from errno import ENOSPC
from functools import lru_cache
from importlib.metadata import version as installed
from typing import Any, cast
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from psycopg import errors

from haicap.journal import blob_parts, blobs, checkpoint, erasing, intake, keys, reference, rekeying, witness
from haicap.journal.chain import Channel, Description
from haicap.journal.entry import Entry
from haicap.journal.incarnations import Reason, begin_incarnation, begun, give_way
from haicap.journal.intake import Batch, Head, Item, Malformed
from haicap.journal.models import Node
from haicap.journal.node import Own, own
from haicap.journal.node import keys as private
from haicap.journal.pen import writing
from haicap.journal.reference import once
from haicap.journal.refolding import Unfoldable
from haicap.journal.rekeying import Renewed
from haicap.journal.witness import Signed as Checkpoint
from haicap.nodes import admitting, given, noting, queries
from haicap.nodes.exchange import vouching
from haicap.nodes.exchange.judging import Verdict, judge
from haicap.nodes.exchange.shelf import (
    Busy,
    Contact,
    Full,
    Given,
    Incident,
    Joined,
    Joining,
    Member,
    Parent,
    Remembered,
    Renewal,
    Seen,
    Sort,
    Vouched,
    Waiting,
    Wants,
)
from haicap.nodes.exchange.signing import Signer
from haicap.nodes.exchange.stretches import parts
from haicap.nodes.facts import DatabaseFacts
from haicap.nodes.fold import Member as Membership
from haicap.nodes.line import arrivals
from haicap.nodes.models import FarHead, Peer, Tried
from haicap.nodes.models_shelf import Memory, Vouch
from haicap.units.models import UnitRow

USING = "worker"
HEADS = """SELECT id, node, incarnation, unit, channel, seq, hash FROM journal_stream WHERE seq > 0
           AND ((channel = 'reference' AND %s)
                OR (channel <> 'reference' AND (%s::text[] IS NULL OR unit = ANY (%s))))"""
KNOW = "SELECT journal_know(%s, %s, %s, %s, %s)"
LATER = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable, errors.QueryCanceled)


class Database:
    """`nodes.exchange.shelf.Shelf` of this installation."""

    # Who this is

    @property
    def own(self) -> Own:
        return own(USING)

    @property
    def _node(self) -> Node:
        node = reference.ours(USING)
        if node is None:
            raise Node.DoesNotExist
        return node

    @property
    def _peer(self) -> Peer | None:
        return once("peer", lambda: queries.peer(USING))

    @property
    def unit(self) -> str:
        """Whose node this is: as its parent has said; of one without a parent the unit above all others here."""
        if (peer := self._peer) is not None:
            return peer.unit
        return once("unit above", self._above_all)

    def _above_all(self) -> str:
        first = UnitRow.objects.using(USING).filter(parent=None, closed=None).order_by("code").first()
        return first.code if first else ""

    @property
    def units(self) -> frozenset[str]:
        unit = self.unit
        return frozenset() if _level(unit) == "ministry" else _units_of(unit)

    @property
    def name(self) -> str:
        return self._node.name

    @property
    def version(self) -> str:
        return installed("haicap")

    @property
    def recipient(self) -> str:
        return self._node.recipient

    @property
    def signer(self) -> Signer:
        its = self.own
        return Signer(its.id, its.incarnation, private().signing)

    @property
    def parent(self) -> Parent | None:
        return once("parent", self._parent)

    def _parent(self) -> Parent | None:
        if (peer := self._peer) is None:
            return None
        row = UnitRow.objects.using(USING).filter(code=peer.unit).first()
        above = peer.province if peer.province != peer.unit else row.parent if row else None
        parent = Parent(peer.id, above or "", peer.url, bytes.fromhex(peer.public_key), peer.recipient)
        if peer.province != peer.unit:
            return parent
        return replace(parent, channels=frozenset[Channel]({"returns", "reference"}))

    def now(self) -> datetime:
        return datetime.now(UTC)

    def free(self) -> int:
        return shutil.disk_usage(settings.HOME).free

    # Who the others are

    def member(self, node: UUID) -> Member | None:
        return once(("member", node), lambda: self._member(node))

    def _member(self, node: UUID) -> Member | None:
        row = queries.children(USING).filter(node=node).order_by("-id").first()
        its = queries.member_of(row) if row else None
        if its is None or its.now is None or its.node is None:
            return None
        return Member(
            its.node, its.unit, _units_of(its.unit), bytes.fromhex(its.now.public_key), its.now.recipient,
            its.state, tuple(life.id for life in its.incarnations),
            {UUID(stream): seq for stream, seq in its.last.items()}, carries=_level(its.unit) == "province",
        )  # fmt: skip

    def fresh(self, node: UUID, nonce: str, until: datetime, /) -> bool:
        with _kept(), _beside():
            return noting.fresh(node, nonce, until, self.now(), USING)

    def join(self, joining: Joining) -> Joined:
        with _kept():
            joined = admitting.join(joining, self.now(), USING)
            self._know(joining.node)
            return joined

    def renew(self, node: UUID, renewal: Renewal) -> None:
        with _kept():
            admitting.renew(node, renewal, self.now(), USING)
            self._know(node)

    def renewal(self) -> Renewal:
        its = begun(USING)
        node = self._node
        if its is not None and rekeying.unheard():
            its = replace(its, reason="key")  # whatever has begun since: the parent does not know the key
        if its is None:
            return Renewal(node.incarnation, "restored", {})
        changed = (bytes(node.public_key), node.recipient) if its.reason == "key" else (None, None)
        return Renewal(node.incarnation, its.reason, its.lines, *changed)

    def _know(self, node: UUID) -> None:
        """Let the journal know whose checkpoints it keeps: a child's, or the parent's."""
        row, peer = queries.by_node(node, USING), self._peer
        its: Membership | None = queries.member_of(row) if row else None
        told: list[Any] | None = None
        if its is not None and its.now is not None:
            told = [node, its.name, its.now.id, bytes.fromhex(its.now.public_key), its.now.recipient]
        elif peer is not None and peer.id == node:
            told = [node, peer.name, node, bytes.fromhex(peer.public_key), peer.recipient]
        if told is not None:
            with connections[USING].cursor() as cursor:
                cursor.execute(KNOW, told)

    # Changed keys

    def former(self) -> Sequence[Ed25519PrivateKey]:
        if rekeying.unheard():
            if rekeying.cut_off(USING):
                self.begin("key", {})
            present, row = bytes(self._node.public_key), queries.by_node(self.own.id, USING)
            if row is not None and row.public_key == present.hex():  # so the parent has written
                self.heard(present)
        return rekeying.unheard()

    def heard(self, public: bytes) -> None:
        rekeying.heard(public, at=self.now())

    def renewals(self) -> Sequence[Renewed]:
        return rekeying.renewals()

    def follow(self, parent: Parent) -> None:
        its = {"public_key": parent.public_key.hex(), "recipient": parent.recipient}
        with _kept():
            Peer.objects.using(USING).filter(pk=parent.node).update(**its)
            reference.moved()
            self._know(parent.node)

    # Streams

    def heads(self, units: Collection[str] | None = None, *, reference: bool = True) -> Mapping[UUID, Head]:
        some = None if units is None else sorted(units)
        with connections[USING].cursor() as cursor:
            cursor.execute(HEADS, [reference, some, some])
            rows = cursor.fetchall()
        return {row[0]: Head(Description(*row[1:5]), row[5], bytes(row[6])) for row in rows}

    def governing(self) -> tuple[int, Mapping[str, str]]:
        with connections[USING].cursor() as cursor:
            cursor.execute(
                "SELECT count(*), sum(seq) FROM journal_stream WHERE channel = 'reference' AND seq > 0"
            )
            count, entries = cursor.fetchone()
        return count, _parts_at(reference.newest(USING), count, entries)

    def head(self, stream: UUID) -> Head | None:
        return intake.head(stream, USING)

    def written(self) -> int:
        with connections[USING].cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(sum(seq), 0) FROM journal_stream WHERE node = %s AND channel <> 'reference'",
                [self.own.id],
            )
            return int(cursor.fetchone()[0])

    def hash_at(self, stream: UUID, seq: int) -> bytes | None:
        return intake.hash_at(stream, seq, USING)

    def stored(self, stream: UUID, after: int, most: int) -> Iterator[Item]:
        return intake.stored(stream, after, most, USING)

    def receive(self, batch: Batch) -> Mapping[UUID, str]:
        its, at = batch.description, self.now()
        self._live_on(batch)
        judges = its.node != self.own.id and its.channel != "reference" and self._orders(its.node)

        def verdict(entries: list[Entry[Any]]) -> Verdict:
            return judge(entries, DatabaseFacts(entries, USING), stream=its, at=at)

        with _kept(), transaction.atomic(using=USING):
            self._arrived([batch], intake.receive(batch, verdict if judges else None, USING, at=at), at)
        return self._held(batch) if judges else {}

    def receive_all(self, batches: Sequence[Batch]) -> None:
        at = self.now()
        with _kept(), transaction.atomic(using=USING):
            self._arrived(batches, intake.receive_all(batches, USING, at=at), at)

    def _arrived(self, batches: Iterable[Batch], entries: Collection[Entry[Any]], at: datetime) -> None:
        """What is noted of new entries beside the journal, and done for them."""
        its = [batch for batch in batches if batch.description.node != self.own.id]
        others = {batch.description.id() for batch in its}
        arrivals.note({it.stream: it.seq for it in entries if it.stream in others}, at, using=USING)
        words = [it for batch in its if (it := vouching.vouched(batch))]
        Vouch.objects.using(USING).bulk_create(
            [Vouch(stream=it.stream, seq=it.seq, hash=it.hash, signature=it.signature) for it in words],
            update_conflicts=True, unique_fields=["stream"], update_fields=["seq", "hash", "signature"],
        )  # fmt: skip
        erasing.apply({entry.subject for entry in entries}, at=at, using=USING)

    def _live_on(self, batch: Batch) -> None:
        """Begin anew before entries of the present incarnation are taken back: numbers given out since are lost."""
        its, mine = batch.description, self.own
        if (its.node, its.incarnation) == (mine.id, mine.incarnation):
            known = self.head(its.id())
            if known is None or known.seq < batch.after + len(batch.items):
                self.begin("restored", {})

    def _orders(self, node: UUID) -> bool:
        """Whether this node's taking-in is the order of what a child wrote; what a province brings has its own."""
        row = queries.by_node(node, USING)
        return row is not None and _level(row.unit) != "province" and reference.decides_here(USING)

    def _held(self, batch: Batch) -> dict[UUID, str]:
        held = intake.held_in(batch.description.id(), USING)
        if not held:
            return {}
        named = {UUID(json.loads(item.payload)["id"]) for item in batch.items}
        return {entry: its.reason for entry, its in held.items() if entry in named}

    def vouched(self, stream: UUID) -> Vouched | None:
        row = Vouch.objects.using(USING).filter(pk=stream).first()
        return Vouched(stream, row.seq, bytes(row.hash), bytes(row.signature)) if row else None

    def lie_here(self, entries: Collection[UUID]) -> bool:
        wanted = set(entries)
        with connections[USING].cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT id) FROM journal_entry WHERE id = ANY (%s)", [list(wanted)])
            return bool(cursor.fetchone()[0] == len(wanted))

    def give_way(self, stream: UUID, seq: int) -> bool:
        with _kept():
            return give_way(stream, seq)

    def begin(self, reason: Reason, tails: Mapping[UUID, int], later_than: UUID | None = None) -> Own:
        with _kept():
            return begin_incarnation(reason, tails, later_than=later_than, at=self.now())

    # Sealed facts, files

    def wants(self, units: Collection[str] | None) -> Wants:
        return Wants(tuple(keys.wanted(units, USING)), blob_parts.lacking(units, USING))

    def key_places(self, key_id: str) -> Collection[Description]:
        return keys.places(key_id, USING)

    def give_keys(self, wanted: Sequence[str], node: UUID, recipient: str) -> Given:
        with _kept(), writing(self._node, at=self.now(), using=USING) as pen:
            its = keys.keys_of(wanted, USING)
            keys.record(pen, its.values(), node, USING)
            gone = keys.destroyed([name for name in wanted if name not in its], USING)
            return Given(keys.seal_for(recipient, its.values()), tuple(gone))

    def take_keys(self, given: Given) -> int:
        with _kept(), transaction.atomic(using=USING):
            keys.forget(given.destroyed, USING)
            return keys.accept(given.keys, USING) if given.keys else 0

    def blob_places(self, sha256: str) -> Collection[Description]:
        return blob_parts.places(sha256, USING)

    def blob_size(self, sha256: str) -> int | None:
        return blob_parts.size(sha256)

    def blob_begun(self, sha256: str) -> int:
        return blob_parts.begun(sha256)

    def read_blob(self, sha256: str, offset: int, most: int) -> bytes:
        try:
            return blob_parts.read(sha256, offset, most)
        except blobs.Missing:
            return b""

    def write_blob(self, sha256: str, offset: int, chunk: bytes) -> int:
        with _kept():
            return blob_parts.write(sha256, offset, chunk)

    def finish_blob(self, sha256: str) -> bool:
        with _kept():
            return blob_parts.finish(sha256, USING)

    # Witness and what people see

    def newest(self) -> Checkpoint | None:
        return checkpoint.for_others(at=self.now(), using=USING)

    def kept(self, node: UUID) -> Checkpoint | None:
        return witness.kept(node, using=USING)

    def keep(self, checkpoint: Checkpoint) -> None:
        with _kept():
            self._know(checkpoint.statement.node)
            witness.keep(checkpoint, using=USING)

    def remembered(self) -> Remembered | None:
        peer = self._peer
        row = Memory.objects.using(USING).filter(pk=peer.id).first() if peer else None
        return Remembered(row.etag, bytes(row.heads), row.offset, row.witness, row.quiet) if row else None

    def remember(self, remembered: Remembered) -> None:
        peer = self._peer
        if peer is None or remembered == self.remembered():
            return
        its = {
            "etag": remembered.etag, "heads": remembered.heads, "offset": remembered.offset,
            "witness": remembered.witness, "quiet": remembered.quiet,
        }  # fmt: skip
        with _kept():
            Memory.objects.using(USING).update_or_create(node=peer.id, defaults=its)
            Peer.objects.using(USING).update(offset=remembered.offset)
            noting.far_heads(
                _far(remembered.heads, self.heads(None, reference=False)), at=self.now(), using=USING
            )

    def note_seen(self, seen: Seen) -> None:
        with _kept(), _beside():
            noting.seen(seen.node, at=seen.at, path=seen.path, state=seen.state, skew=seen.skew, using=USING)

    def note_has(self, node: UUID, life: UUID, mark: str, heads: Callable[[], Mapping[UUID, int]]) -> None:
        given.note(node, life, mark, heads, using=USING)

    def has(self, node: UUID, life: UUID) -> tuple[str, Mapping[UUID, int]]:
        return given.of(node, life, using=USING)

    def note_contact(self, contact: Contact) -> None:
        with _beside():
            if contact.reached:
                noting.contacted(contact.parent, at=contact.ended, skew=-contact.offset, using=USING)
            if contact.faults:
                noting.failed(contact.parent, at=contact.ended, fault=contact.faults[0].code, using=USING)

    def note_incident(self, incident: Incident) -> None:
        noting.incident(incident.node, incident.sort, incident.what, incident.at, USING)

    def incidents(self, node: UUID) -> Sequence[Incident]:
        return [Incident(it.node, it.sort, it.what, it.last) for it in noting.incidents(node, using=USING)]

    def tried(self, sort: Sort, what: str, reason: str | None) -> None:
        noting.tried(sort, what, reason, self.now(), USING)

    def waiting(self) -> Sequence[Waiting]:
        rows = list(Tried.objects.using(USING).order_by("first"))
        return [
            Waiting(cast(Sort, row.sort), row.what, self._left(row), row.first, row.attempts, row.reason)
            for row in rows
        ]

    def _left(self, row: Tried) -> int:
        """How much of a thing has still to go: entries, bytes, or one key."""
        if row.sort == "blob":
            return (blob_parts.size(row.what) or 0) - blob_parts.begun(row.what)
        if row.sort == "key":
            return 1
        head = self.head(UUID(row.what))
        far = FarHead.objects.using(USING).filter(pk=row.what).values_list("seq", flat=True).first() or 0
        return max((head.seq if head else 0) - far, 0)


@lru_cache(maxsize=2)
def _parts_at(newest: UUID | None, count: int, entries: int | None) -> Mapping[str, str]:
    """The digests of `reference` as it is now: it has not moved since this was asked with the same."""
    return parts(it for it in Database().heads(()).values() if it.description.channel == "reference")


def _level(unit: str) -> str | None:
    rows = UnitRow.objects.using(USING).filter(code=unit)
    return once(("level", unit), lambda: rows.values_list("level", flat=True).first())


def _units_of(unit: str) -> frozenset[str]:
    return once(("units", unit), lambda: _units_at(reference.newest(USING), unit))


@lru_cache(maxsize=512)
def _units_at(newest: UUID | None, unit: str) -> frozenset[str]:
    return queries.units_of(unit, USING)


def _far(answer: bytes, mine: Mapping[UUID, Head]) -> Iterator[tuple[UUID, int]]:
    """How far the parent has come with our streams, by its answer to `heads`."""
    said = json.loads(answer)["heads"] if answer else {}
    for stream in mine:
        if (its := said.get(str(stream))) is not None:
            yield stream, its["seq"]


@contextmanager
def _beside() -> Iterator[None]:
    """What is noted beside the journal does not wait for the disk: a power cut may cost the last second of it.

    Of nonces too: a request that was answered then and comes again is one that changes nothing.
    """
    with transaction.atomic(using=USING):
        with connections[USING].cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        yield


@contextmanager
def _kept() -> Iterator[None]:
    """What storage raises, in the words of the shelf."""
    try:
        yield
    except Unfoldable as error:
        raise Malformed(str(error)) from error
    except OSError as error:
        if error.errno == ENOSPC:
            raise Full from error
        raise
    except (DatabaseError, psycopg.Error) as error:
        cause = error.__cause__ if isinstance(error, DatabaseError) else error
        if isinstance(cause, errors.DiskFull):
            raise Full from error
        if isinstance(cause, LATER):
            raise Busy from error
        raise
