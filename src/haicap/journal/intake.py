"""Streams that were written elsewhere: how far they have come here, taking in what follows, letting go what is held."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.batch import MOST as MOST
from haicap.journal.batch import MOST_BYTES as MOST_BYTES
from haicap.journal.batch import Batch as Batch
from haicap.journal.batch import Fork as Fork
from haicap.journal.batch import Gap as Gap
from haicap.journal.batch import Head as Head
from haicap.journal.batch import Item as Item
from haicap.journal.batch import Malformed as Malformed
from haicap.journal.batch import check as check
from haicap.journal.binary import rows
from haicap.journal.chain import Description
from haicap.journal.entry import Entry, read
from haicap.journal.ids import uuid7
from haicap.journal.intakes import Held, intakes
from haicap.journal.kinds import in_time
from haicap.journal.models import Entry as EntryRow
from haicap.journal.order import Released
from haicap.journal.pen import Live, OutOfTime, Pen
from haicap.journal.receiving import Judge, take_in, take_in_all
from haicap.journal.receiving import prepared as prepared
from haicap.journal.refolding import named
from haicap.journal.showing import show_all

HEADS = "SELECT id, node, incarnation, unit, channel, seq, hash FROM journal_stream WHERE seq > 0"
STORED = """SELECT t.stream, e.seq, e.payload, e.data
            FROM unnest(%b::uuid[], %b::bigint[], %b::bigint[]) WITH ORDINALITY t(stream, after, upto, n)
            CROSS JOIN LATERAL (
                SELECT e.seq, e.payload, c.data FROM journal_entry e
                LEFT JOIN journal_ciphertext c ON c.sha256 = e.sealed
                WHERE e.stream_id = t.stream AND e.seq > t.after AND e.seq <= least(t.upto, t.after + %b)) e
            ORDER BY t.n, e.seq LIMIT %b"""
HASHES = """SELECT e.stream_id, e.seq, e.hash FROM unnest(%b::uuid[], %b::bigint[]) t(stream, seq)
            JOIN journal_entry e ON (e.stream_id, e.seq) = (t.stream, t.seq)"""
PIECE = 100  # entries read at once

Place = tuple[UUID, int]  # a stream and a `seq` in it
Span = tuple[UUID, int, int]  # a stream, and the entries in it after one `seq`, up to another


class NotHeld(LookupError):
    """No entry of this id is held in the file of the unit."""


def heads(using: str = "worker", which: str = "true", given: Sequence[Any] = ()) -> dict[UUID, Head]:
    """How far streams have come that lie here: those for which `which` holds, SQL with values at `%b`."""
    its = rows(f"{HEADS} AND {which}", given, using, kept=True)
    return {row[0]: Head(Description(*row[1:5]), row[5], row[6]) for row in its}


def head(stream: UUID, using: str = "worker") -> Head | None:
    """How far a stream has come; None where none of its entries lies here."""
    return heads(using, "id = %b", [stream]).get(stream)


def hash_at(stream: UUID, seq: int, using: str = "worker") -> bytes | None:
    """The hash of an entry, that of the description at 0; None beyond the head and for streams not here."""
    with connections[using].cursor() as cursor:
        if seq:
            cursor.execute("SELECT hash FROM journal_entry WHERE stream_id = %s AND seq = %s", [stream, seq])
        else:
            cursor.execute(
                "SELECT node, incarnation, unit, channel FROM journal_stream WHERE id = %s", [stream]
            )
        row = cursor.fetchone()
    if row is None:
        return None
    return bytes(row[0]) if seq else Description(*row).digest()


def hashes_at(places: Collection[Place], using: str = "worker") -> dict[Place, bytes]:
    """The hashes of the entries at these places, each of a stream's id and a `seq`, as far as they lie here."""
    streams, numbers = [stream for stream, _ in places], [seq for _, seq in places]
    found = rows(HASHES, [streams, numbers], using)
    return {(stream, seq): bytes(digest) for stream, seq, digest in found}


def stored(stream: UUID, after: int, most: int, using: str = "worker") -> Iterator[Item]:
    """The entries that follow on number `after`, at most `most`; not many of them are in memory at once."""
    return (item for _, item in stored_of([(stream, after, after + most)], using))


def stored_of(spans: Sequence[Span], using: str = "worker") -> Iterator[tuple[UUID, Item]]:
    """The entries of several streams, span after span: of each those after one number, up to another.

    Not many of them are in memory at once.
    """
    left = list(spans)
    while left:
        asked: list[Any] = [list(its) for its in zip(*left, strict=True)]
        found = rows(STORED, [*asked, PIECE, PIECE], using)
        for stream, _, payload, data in found:
            yield stream, Item(payload, data)
        if len(found) < PIECE:
            return
        last, seq = found[-1][:2]
        at = next(n for n, its in enumerate(left) if its[0] == last)
        left[: at + 1] = [(last, seq, left[at][2])] if seq < left[at][2] else []


def receive(
    batch: Batch,
    held: Mapping[UUID, str] | Judge | None,
    using: str = "worker",
    *,
    at: datetime | None = None,
) -> list[Entry[Any]]:
    """Store a batch and fold it; returns the entries that are new here, in their order.

    In the caller's transaction or one of its own, under the locks of all subjects whose state may change. What lies
    here already is passed over, so that a batch sent twice changes nothing. `held` is None where this node is not
    the authority of the unit: nothing is judged. Else it says what is held, or makes it of the new entries, and
    `journal.taken` is written into this node's own work of the unit; `at` is aware, now if absent. Lines of our own
    that were lost are taken back in the same way, and never judged. Raises `Gap`, `Fork`, `Malformed`, and
    `Unfoldable` where a fold cannot make anything of an entry; nothing is kept then.
    """
    with transaction.atomic(using=using):
        return take_in(batch, held, using, at or datetime.now(UTC))


def receive_all(
    batches: Sequence[Batch], using: str = "worker", *, at: datetime | None = None
) -> list[Entry[Any]]:
    """Store batches of different streams that other nodes wrote and that nobody judges here, all or none of them.

    Returns the entries that are new here, in the order of the batches. Raises as `receive`.
    """
    with transaction.atomic(using=using):
        return take_in_all(batches, using, at or datetime.now(UTC))


def held_in(stream: UUID, using: str = "default") -> Mapping[UUID, Held]:
    """The entries of a stream that are held now, each with its reason."""
    state = Live(using).folded(intakes, stream).state
    return state.held if state else {}


def release(pen: Pen, *, entry: UUID, unit: str, grant: UUID | None, entry_id: UUID | None = None) -> None:
    """Let a held entry count after all, by `journal.released`.

    The pen is on the database and holds the entry's subject and this node's work of the unit. Raises `NotHeld`,
    also where it was released already, and `pen.OutOfTime` for what would break whatever reckons with it.
    """
    desk = pen.desk
    assert isinstance(desk, Live)
    rows = EntryRow.objects.using(desk.using).filter(id=entry, unit=unit)
    for stream, seq, subject, data in rows.values_list("stream", "seq", "subject", "payload"):
        state = pen.state(intakes, stream)
        if state is not None and entry in state.held:
            its = read(stream, seq, unit, bytes(data))
            if not (in_time(its.at) and in_time(its.body)):
                raise OutOfTime(its.kind)
            name = entry_id or uuid7(pen.at, desk.entropy)
            pen.write(intakes, name, stream, Released(entry=entry), unit=unit, grant=grant)
            show_all(named([subject], desk.using), desk.using)
            return
    raise NotHeld(entry)
