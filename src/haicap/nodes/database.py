"""The shelf on PostgreSQL: what exchange asks of storage, answered by the journal and this room's tables."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connections, transaction

from haicap.journal import blob_parts, blobs, checkpoint, erasing, intake, keys, reference, witness
from haicap.journal.binary import done, found, rows
from haicap.journal.chain import Description
from haicap.journal.entry import Entry
from haicap.journal.incarnations import give_way
from haicap.journal.intake import Batch, Head, Item, Place, Span
from haicap.journal.pen import writing
from haicap.journal.witness import Signed as Checkpoint
from haicap.nodes import given, noting, queries
from haicap.nodes.exchange import vouching, wire
from haicap.nodes.exchange.judging import Verdict, judge
from haicap.nodes.exchange.records import (
    Contact,
    Given,
    Incident,
    Lying,
    Member,
    Outset,
    Remembered,
    Sort,
    Vouched,
    Waiting,
    Wants,
)
from haicap.nodes.exchange.signing import Signed
from haicap.nodes.exchange.stretches import parts
from haicap.nodes.facts import DatabaseFacts
from haicap.nodes.identity import Identity, level_of
from haicap.nodes.line import arrivals
from haicap.nodes.models import FarHead, Peer, Tried
from haicap.nodes.models_shelf import Memory, Vouch
from haicap.nodes.storing import USING, kept

OF_UNITS = "channel <> 'reference' AND (%b::text[] IS NULL OR unit = ANY (%b))"
WRITTEN = "SELECT coalesce(sum(seq), 0) FROM journal_stream WHERE channel <> 'reference' AND node ="
WANTING = "EXISTS (SELECT 1 FROM journal_wanted), EXISTS (SELECT 1 FROM journal_lacking)"
ASIDE = f"{WANTING}, EXISTS (SELECT 1 FROM nodes_incident WHERE node = %(node)b)"


TOLD = 10  # incidents that a child is told


@dataclass(frozen=True, slots=True)
class _Governing:
    """The channel `reference` as it lies here: its heads, the digests of its parts, how many entries."""

    heads: dict[UUID, Head]
    parts: Mapping[str, str]
    entries: int


def _read_governing() -> _Governing:
    its = intake.heads(USING, "channel = 'reference'")
    return _Governing(its, parts(its.values()), sum(it.seq for it in its.values()))


class Database(Identity):
    """`nodes.exchange.shelf.Shelf` of this installation."""

    # Streams

    def heads(self, units: Collection[str] | None = None, *, reference: bool = True) -> Mapping[UUID, Head]:
        some = None if units is None else sorted(units)
        its = intake.heads(USING, OF_UNITS, [some, some])
        return self._governing.heads | its if reference else its

    def governing(self) -> tuple[int, Mapping[str, str]]:
        its = self._governing
        return len(its.heads), its.parts

    @property
    def _governing(self) -> _Governing:
        return reference.standing("governing", _read_governing, USING)

    def head(self, stream: UUID) -> Head | None:
        return intake.head(stream, USING)

    def written(self) -> int:
        ((length,),) = rows(f"{WRITTEN} %b", [self.own.id], USING, kept=True)
        return int(length)

    def hash_at(self, stream: UUID, seq: int) -> bytes | None:
        return intake.hash_at(stream, seq, USING)

    def stored(self, stream: UUID, after: int, most: int) -> Iterator[Item]:
        return intake.stored(stream, after, most, USING)

    def hashes_at(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        return intake.hashes_at(places, USING)

    def stored_of(self, spans: Sequence[Span]) -> Iterator[tuple[UUID, Item]]:
        return intake.stored_of(spans, USING)

    def receive(self, batch: Batch, *, goes_on: bool = False) -> Mapping[UUID, str]:
        its, at = batch.description, self.now()
        self._live_on(batch)
        judges = its.node != self.own.id and its.channel != "reference" and self._orders(its.node)

        def verdict(entries: list[Entry[Any]]) -> Verdict:
            return judge(entries, DatabaseFacts(entries, USING), stream=its, at=at)

        with kept(), transaction.atomic(using=USING):
            if goes_on:
                done("SET LOCAL synchronous_commit TO off", [], USING)
            self._arrived([batch], intake.receive(batch, verdict if judges else None, USING, at=at), at)
        return self._held(batch) if judges else {}

    def receive_all(self, batches: Sequence[Batch]) -> None:
        at = self.now()
        with kept(), transaction.atomic(using=USING):
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
        if not reference.decides_here(USING):
            return False
        row = queries.by_node(node, USING)
        return row is not None and level_of(row.unit) != "province"

    def _held(self, batch: Batch) -> dict[UUID, str]:
        held = intake.held_in(batch.description.id(), USING)
        if not held:
            return {}
        named = {UUID(json.loads(item.payload)["id"]) for item in batch.items}
        return {entry: its.reason for entry, its in held.items() if entry in named}

    def vouched(self, stream: UUID) -> Vouched | None:
        row = Vouch.objects.using(USING).filter(pk=stream).first()
        return Vouched(stream, row.seq, bytes(row.hash), bytes(row.signature)) if row else None

    def lie_here(self, payloads: Collection[bytes]) -> bool:
        ids = [UUID(json.loads(payload)["id"]) for payload in payloads]
        with connections[USING].cursor() as cursor:
            cursor.execute("SELECT payload FROM journal_entry WHERE id = ANY (%s)", [ids])
            return set(payloads) <= {bytes(payload) for (payload,) in cursor.fetchall()}

    def give_way(self, stream: UUID, seq: int) -> bool:
        with kept():
            return give_way(stream, seq)

    # Sealed facts, files

    def wants(self, units: Collection[str] | None) -> Wants:
        ((some_keys, some_files),) = rows(f"SELECT {WANTING}", [], USING, kept=True)
        return self._wants(units, some_keys, some_files)

    def _wants(self, units: Collection[str] | None, some_keys: bool, some_files: bool) -> Wants:
        """Mostly there is neither."""
        return Wants(
            tuple(keys.wanted(units, USING)) if some_keys else (),
            blob_parts.lacking(units, USING) if some_files else {},
        )

    def key_places(self, key_id: str) -> Collection[Description]:
        return keys.places(key_id, USING)

    def give_keys(self, wanted: Sequence[str], node: UUID, recipient: str) -> Given:
        with kept(), writing(self._node, at=self.now(), using=USING) as pen:
            its = keys.keys_of(wanted, USING)
            keys.record(pen, its.values(), node, USING)
            gone = keys.destroyed([name for name in wanted if name not in its], USING)
            return Given(keys.seal_for(recipient, its.values()), tuple(gone))

    def take_keys(self, given: Given) -> int:
        with kept(), transaction.atomic(using=USING):
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
        with kept():
            return blob_parts.write(sha256, offset, chunk)

    def finish_blob(self, sha256: str) -> bool:
        with kept():
            return blob_parts.finish(sha256, USING)

    # Witness and what people see

    def newest(self) -> Checkpoint | None:
        return checkpoint.for_others(at=self.now(), using=USING)

    def kept(self, node: UUID) -> Checkpoint | None:
        return witness.kept(node, using=USING)

    def keep(self, checkpoint: Checkpoint) -> None:
        with kept():
            self._know(checkpoint.statement.node)
            witness.keep(checkpoint, using=USING)

    def outset(self) -> Outset:
        its, written, some_keys, some_files = self.meet(Memory, f"({WRITTEN} journal_node.id), {WANTING}")
        row = Remembered(its.etag, bytes(its.heads), its.offset, its.witness, its.quiet) if its else None
        return Outset(row, int(written), some_keys or some_files)

    def remember(self, remembered: Remembered) -> None:
        peer = self._peer
        if peer is None:
            return
        its = {
            "etag": remembered.etag, "heads": remembered.heads, "offset": remembered.offset,
            "witness": remembered.witness, "quiet": remembered.quiet,
        }  # fmt: skip
        with kept():
            Memory.objects.using(USING).update_or_create(node=peer.id, defaults=its)
            Peer.objects.using(USING).update(offset=remembered.offset)
            noting.far_heads(
                _far(remembered.heads, self.heads(None, reference=False)), at=self.now(), using=USING
            )

    def fresh(self, request: Signed, until: datetime, /) -> bool:
        governing = self._governing.entries if request.path == wire.HEADS else None  # asked of no other
        with kept():
            its = noting.seen(request, until, self.now(), governing=governing, also=ASIDE, using=USING)
        reference.hold(("aside", request.node), its)
        return its is not None

    def lying(self, member: Member, *, reference: bool) -> Lying:
        has, some_keys, some_files, wrong = self._aside(member.node)
        its = queries.incidents(member.node, most=TOLD, using=USING) if wrong else []
        return Lying(
            self.heads(member.units, reference=reference),
            self._wants(member.units, some_keys, some_files),
            tuple(Incident(it.node, it.sort, it.what, it.last) for it in its),
            given.mark(has, member.incarnation) if member.incarnation else "",
        )

    def _aside(self, node: UUID) -> tuple[str, bool, bool, bool]:
        """What there is for a child beside heads; known already where its request was noted (`fresh`)."""

        def read() -> Any:
            has = "coalesce((SELECT has FROM nodes_contact WHERE node = %(node)b), '')"
            return rows(f"SELECT {has}, {ASIDE}", {"node": node}, USING)[0]

        its: tuple[str, bool, bool, bool] = reference.once(("aside", node), read)
        return its

    def note_has(self, node: UUID, life: UUID, mark: str, heads: Mapping[UUID, int]) -> None:
        given.note(node, life, mark, heads, using=USING)

    def has(self, node: UUID, life: UUID) -> tuple[str, Mapping[UUID, int]]:
        return given.of(node, life, using=USING)

    def note_contact(self, contact: Contact) -> None:
        if contact.reached:
            noting.contacted(contact.parent, at=contact.ended, skew=-contact.offset, using=USING)
        if contact.faults:
            noting.failed(contact.parent, at=contact.ended, fault=contact.faults[0].code, using=USING)

    def note_incident(self, incident: Incident) -> None:
        noting.incident(incident.node, incident.sort, incident.what, incident.at, USING)

    def tried(self, sort: Sort, what: str, reason: str | None) -> None:
        noting.tried(sort, what, reason, self.now(), USING)

    def waiting(self) -> Sequence[Waiting]:
        return [
            Waiting(cast(Sort, row.sort), row.what, self._left(row), row.first, row.attempts, row.reason)
            for row in found(Tried, "ORDER BY first", [], USING)
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


def _far(answer: bytes, mine: Mapping[UUID, Head]) -> Iterator[tuple[UUID, int]]:
    """How far the parent has come with our streams, by its answer to `heads`."""
    said = json.loads(answer)["heads"] if answer else {}
    for stream in mine:
        if (its := said.get(str(stream))) is not None:
            yield stream, its["seq"]
