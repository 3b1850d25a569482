"""The journal as JSON Lines, for `docs/verifier.py` and for whoever writes one of their own."""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.entry import instant
from haicap.journal.models import Node
from haicap.journal.witness import since_whole

STREAMS = """SELECT id, node, incarnation, unit, channel, seq, encode(hash, 'hex') FROM journal_stream
             WHERE seq > 0 ORDER BY id"""
ENTRIES = """SELECT stream_id, seq, subject, payload, encode(sha256(payload), 'hex'), encode(hash, 'hex')
             FROM journal_entry ORDER BY stream_id, seq"""


def export_journal(
    file: Path, *, at: datetime, subjects: Collection[UUID] | None = None, using: str = "owner"
) -> int:
    """Write all streams and entries to `file` (mode 0600), and the checkpoints that bear witness to them.

    With `subjects` only the entries of those stand there whole, and the others as digests: the chain can be
    followed all the same. `at` is aware. All of one snapshot. Returns how many entries there are. Raises
    `UnicodeDecodeError` where the bytes of an entry are no text any more.
    """
    count = 0
    file.touch(mode=0o600)
    with transaction.atomic(using=using), file.open("w", encoding="utf-8") as out:
        with connections[using].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for line in _lines(at, subjects, using):
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += "hash" in line
    return count


def _lines(at: datetime, subjects: Collection[UUID] | None, using: str) -> Iterator[dict[str, Any]]:
    node = Node.objects.using(using).get(ours=True)
    yield {
        "haicap": "journal/1",
        "at": instant(at),
        "node": str(node.id),
        "public_key": bytes(node.public_key).hex(),
    }
    streams = {stream["id"]: stream for stream in _streams(using)}
    shown: str | None = None
    for stream, seq, subject, payload, digest, own_hash in _entries(using):
        if stream != shown:
            shown = stream
            yield {"stream": streams[shown]}
        whole = subjects is None or subject in subjects
        its = {"payload": bytes(payload).decode()} if whole else {"digest": digest}
        yield {"seq": seq, **its, "hash": own_hash}
    for signed in reversed(list(since_whole(using))):
        yield {"statement": signed.data.decode(), "signature": signed.signature.hex()}


def _streams(using: str) -> Iterator[dict[str, Any]]:
    with connections[using].cursor() as cursor:
        cursor.execute(STREAMS)
        for stream, node, incarnation, unit, channel, seq, head in cursor.fetchall():
            description = {
                "node": str(node),
                "incarnation": str(incarnation),
                "unit": unit,
                "channel": channel,
            }
            yield {"id": str(stream), **description, "seq": seq, "hash": head}


def _entries(using: str) -> Iterator[tuple[str, int, UUID, bytes, str, str]]:
    with connections[using].chunked_cursor() as cursor:
        cursor.execute(ENTRIES)
        while rows := cursor.fetchmany(2000):
            for stream, *others in rows:
                yield (str(stream), *others)
