"""What lies beside the entries and must agree with them: lines that were given up, the index of the order."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.chain import Description, link
from haicap.journal.findings import Problem
from haicap.journal.ids import is_uuid

ABANDONED = """SELECT a.stream_id, a.seq, a.hash, a.payload, s.node, s.incarnation, s.unit, s.channel, ARRAY(
                   SELECT hash FROM journal_entry e WHERE e.stream_id = a.stream_id AND e.seq = a.seq - 1
                   UNION SELECT hash FROM journal_abandoned o WHERE o.stream_id = a.stream_id AND o.seq = a.seq - 1)
               FROM journal_abandoned a JOIN journal_stream s ON s.id = a.stream_id ORDER BY a.stream_id, a.seq"""
SAYING = """SELECT DISTINCT stream_id FROM journal_entry WHERE kind IN ('journal.taken', 'journal.released')
            UNION SELECT authority FROM journal_taking UNION SELECT authority FROM journal_verdict"""
SAID = """SELECT seq, kind, payload, after FROM journal_entry WHERE stream_id = %s AND version = 1
          AND kind IN ('journal.taken', 'journal.released') ORDER BY seq"""
INDEXED = """SELECT seq, stream, up_to, NULL, last FROM journal_taking WHERE authority = %s
             UNION ALL SELECT seq, entry, NULL, held, NULL FROM journal_verdict WHERE authority = %s"""

Line: TypeAlias = tuple[int, UUID, int | None, bool | None, UUID | None]
"""A line of the index: `seq`; a stream, how far it was taken in, its last entry; or an entry and whether it is held."""


def aside(using: str) -> Iterator[Problem]:
    """Entries of lines that were given up whose hash does not follow from what stood before them."""
    with connections[using].cursor() as cursor:
        cursor.execute(ABANDONED)
        for stream, seq, digest, payload, *its, before in cursor.fetchall():
            earlier = [Description(*its).digest()] if seq == 1 else [bytes(one) for one in before]
            of_payload = sha256(bytes(payload)).digest()
            if bytes(digest) not in [link(one, stream, seq, of_payload) for one in earlier]:
                yield Problem(str(stream), seq, "what is kept of the line given up here is not what it was")


def misled(using: str) -> Iterator[Problem]:
    """Places where the index of takings is not what the entries there say."""
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(SAYING)
            streams = sorted(stream for (stream,) in cursor.fetchall())
        for stream in streams:
            for seq in sorted({line[0] for line in _said(stream, using) ^ _indexed(stream, using)}):
                yield Problem(str(stream), seq, "the index of what was taken in is not what stands here")


def _indexed(stream: UUID, using: str) -> set[Line]:
    with connections[using].cursor() as cursor:
        cursor.execute(INDEXED, [stream, stream])
        return set(cursor.fetchall())


def _said(stream: UUID, using: str) -> set[Line]:
    reached: dict[UUID, int] = {}
    lines: set[Line] = set()
    with connections[using].cursor() as cursor:
        cursor.execute(SAID, [stream])
        for seq, kind, payload, last in cursor.fetchall():
            lines.update(_lines(seq, kind, _body(bytes(payload)), last, reached))
    return lines


def _body(payload: bytes) -> dict[str, Any]:
    """The body; nothing of one that was changed so that it cannot be read, which its hash tells already."""
    try:
        body: dict[str, Any] = json.loads(payload)["body"]
    except (ValueError, KeyError, TypeError):
        return {}
    return body


def _lines(
    seq: int, kind: str, it: dict[str, Any], last: UUID | None, reached: dict[UUID, int]
) -> Iterator[Line]:
    """As the function `journal_index` makes them; `reached` is how far the stream has taken in each other."""
    name = it.get("stream") or it.get("entry")
    if not is_uuid(name):
        return
    named = UUID(name)
    if kind == "journal.released":
        yield seq, named, None, False, None
    elif isinstance(it.get("up_to"), int) and it["up_to"] > reached.get(named, 0):
        reached[named] = it["up_to"]
        yield seq, named, it["up_to"], None, last
        yield from ((seq, UUID(entry), None, True, None) for entry in it["held"] if is_uuid(entry))
