"""Making and judging the proof that carried entries stood where they are said to have stood."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connections

from haicap.journal.carrying import Carrying, Stretch, brought, covered, ends
from haicap.journal.chain import Description
from haicap.journal.entry import Entry, instant
from haicap.journal.ids import uuid7
from haicap.journal.models import Stream
from haicap.journal.node import keys
from haicap.journal.reference import authority
from haicap.journal.witness import Head, Signed, Statement

PIECE = """SELECT seq, payload, hash FROM journal_entry WHERE stream_id = %s AND seq BETWEEN %s AND %s ORDER BY seq"""
FIRST = "SELECT node, incarnation, unit, channel FROM journal_stream WHERE id = %s"


def proof(entries: Sequence[Entry[Any]], at: datetime, using: str) -> dict[str, Any]:
    """The fields of a `Carrying` body for these entries, signed with this node's key. `at` is aware, a claim.

    An entry of a line that does not lie here came within another, which carries it and its proof.
    """
    entries = _lying_here(entries, using)
    payloads: dict[tuple[UUID, int], bytes] = {}
    stretches, heads = [], {}
    for stream, numbers in _places(entries).items():
        rows = _piece(stream, min(numbers), max(numbers), using)
        payloads |= {(stream, seq): payload for seq, payload, _hash in rows if seq in numbers}
        stretches.append(_stretch(stream, rows, numbers, using))
        heads[stream] = Head(rows[-1][0], rows[-1][2].hex())
    node = authority(using)
    assert node is not None
    data = Statement(uuid7(at), node, instant(at), False, heads).write()
    return {
        "earlier": brought(entries, [payloads[entry.stream, entry.seq] for entry in entries]),
        "stretches": tuple(stretches),
        "statement": data.decode(),
        "signature": keys().signing.sign(data).hex(),
    }


def _lying_here(entries: Sequence[Entry[Any]], using: str) -> Sequence[Entry[Any]]:
    streams = {entry.stream for entry in entries}
    here = set(Stream.objects.using(using).filter(pk__in=streams).values_list("pk", flat=True))
    return [entry for entry in entries if entry.stream in here]


def _places(entries: Sequence[Entry[Any]]) -> dict[UUID, set[int]]:
    found: dict[UUID, set[int]] = defaultdict(set)
    for entry in entries:
        found[entry.stream].add(entry.seq)
    return found


def _piece(stream: UUID, first: int, last: int, using: str) -> list[tuple[int, bytes, bytes]]:
    with connections[using].cursor() as cursor:
        cursor.execute(PIECE, [stream, first, last])
        return [(seq, bytes(payload), bytes(digest)) for seq, payload, digest in cursor.fetchall()]


def _stretch(stream: UUID, rows: list[tuple[int, bytes, bytes]], numbers: set[int], using: str) -> Stretch:
    digests = tuple("" if seq in numbers else sha256(payload).hexdigest() for seq, payload, _hash in rows)
    return Stretch(
        stream=stream, first=rows[0][0], before=_before(stream, rows[0][0], using), digests=digests
    )


def _before(stream: UUID, first: int, using: str) -> str:
    if first > 1:
        return _piece(stream, first - 1, first - 1, using)[0][2].hex()
    with connections[using].cursor() as cursor:
        cursor.execute(FIRST, [stream])
        return Description(*cursor.fetchone()).digest().hex()


def proven(body: Carrying, public_key: bytes) -> bool:
    """Whether all that is carried stood where it says, by the word of whoever holds this Ed25519 key (32 bytes)."""
    try:
        statement = Statement.read(body.statement.encode())
        signed = Signed(statement, body.statement.encode(), bytes.fromhex(body.signature))
        stated = {stream: (head.seq, head.hash) for stream, head in statement.heads.items()}
        return covered(body) and ends(body) == stated and signed.genuine(public_key)
    except (ValueError, KeyError, TypeError):
        return False
