"""What this node notes of others, in local rows: contacts, incidents, attempts, nonces. No entries, no judgement."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from haicap.journal.binary import done, rows
from haicap.journal.ids import uuid7
from haicap.nodes.exchange.signing import Signed
from haicap.nodes.exchange.wire import HEADS
from haicap.nodes.models import FarHead, Peer, Tried

# What is noted beside the journal does not wait for the disk: a power cut may cost the last second of it. Of nonces
# too: a request that was answered then and comes again is one that changes nothing.
BESIDE = "WITH beside AS (SELECT set_config('synchronous_commit', 'off', true))"
HEARD = "heard AS (UPDATE nodes_peer SET asked = NULL WHERE id = %(node)b AND asked <= %(at)b)"
COLUMNS = "node, last, tried, attempts, fault, skew, version, disk, up, blobs, up_since, told, has"
SEEN = f"""{BESIDE}, gone AS (DELETE FROM nodes_nonce WHERE until < %(at)b),
    fresh AS (
        INSERT INTO nodes_nonce (node, nonce, until) SELECT %(node)b, %(nonce)b, %(until)b FROM beside
        ON CONFLICT DO NOTHING RETURNING node),
    trusted AS (
        SELECT unit FROM (SELECT unit, standing FROM nodes_member WHERE node = %(node)b ORDER BY id DESC LIMIT 1) AS it
        WHERE standing = 'joined'),
    seen AS (
        INSERT INTO nodes_contact ({COLUMNS})
        SELECT %(node)b, %(at)b, %(at)b, 0, '', %(skew)b::float8, %(version)b, %(disk)b::bigint, %(up)b, %(blobs)b,
               %(up_since)b::timestamptz, CASE WHEN %(heads)b THEN
                   COALESCE(%(governing)b::bigint, (SELECT sum(seq) FROM journal_stream WHERE channel = 'reference'), 0)
                   + COALESCE((SELECT sum(seq) FROM journal_stream
                               WHERE channel = 'work' AND journal_stream.unit = trusted.unit), 0) END,
               '' FROM fresh, trusted
        ON CONFLICT (node) DO UPDATE
        SET (last, tried, attempts, fault, skew, version, disk, up, blobs, up_since, told)
            = (EXCLUDED.last, EXCLUDED.tried, 0, '', EXCLUDED.skew, EXCLUDED.version, EXCLUDED.disk, EXCLUDED.up,
               EXCLUDED.blobs, EXCLUDED.up_since, COALESCE(EXCLUDED.told, nodes_contact.told))
        RETURNING has)
    SELECT COALESCE((SELECT has FROM seen), '')"""
CONTACTED = f"""{BESIDE}, {HEARD} INSERT INTO nodes_contact ({COLUMNS})
        SELECT %(node)b, %(at)b, %(at)b, 0, '', %(skew)b::float8, '', NULL, 0, 0, NULL, NULL, '' FROM beside
    ON CONFLICT (node) DO UPDATE SET (last, tried, attempts, fault, skew)
        = (EXCLUDED.last, EXCLUDED.tried, 0, '', EXCLUDED.skew)"""
FAILED = f"""{BESIDE}, {HEARD} INSERT INTO nodes_contact ({COLUMNS})
        SELECT %(node)b, NULL, %(at)b, 1, %(fault)b, NULL, '', NULL, 0, 0, NULL, NULL, '' FROM beside
    ON CONFLICT (node) DO UPDATE SET (tried, attempts, fault)
        = (EXCLUDED.tried, nodes_contact.attempts + 1, EXCLUDED.fault)"""


def seen(
    request: Signed,
    until: datetime,
    at: datetime,
    *,
    governing: int | None = None,
    also: str = "",
    using: str = "worker",
) -> tuple[Any, ...] | None:
    """Note a request: its nonce, until then; None where that was noted before. What is over is forgotten.

    Of a child that is trusted also when it came, its `Haicap-State`, and by how many seconds its clock is ahead of
    this one's `at`, aware. A request for heads tells how much there was to read then, so that what waits for it since
    can be counted: `governing` entries of `reference` (None: they are counted), and what lies in the file of its
    unit. Returns what the child has by what it said last (`given`), and what is asked by `also`, expressions in SQL.
    """
    state = request.state
    old = _whole(state.get("old"))
    values: dict[str, Any] = {
        "node": request.node, "nonce": request.nonce, "until": until, "at": at,
        "skew": (request.at - at).total_seconds(), "heads": request.path == HEADS, "governing": governing,
        "version": "".join(filter(str.isprintable, str(state.get("v", ""))))[:40],
        "disk": _whole(state.get("disk"), 1 << 62), "up": _whole(state.get("wait")) or 0,
        "blobs": _whole(state.get("blobs")) or 0,
        "up_since": at - timedelta(seconds=old) if old is not None and state.get("wait") else None,
    }  # fmt: skip
    asked = f"{SEEN}, {also}" if also else SEEN
    return next(iter(rows(f"{asked} FROM fresh", values, using, kept=True)), None)


def _whole(value: object, most: int = (1 << 31) - 1) -> int | None:
    """What a node says of itself, if it can be so."""
    return value if type(value) is int and 0 <= value <= most else None


def contacted(node: UUID, *, at: datetime, skew: float | None, using: str = "worker") -> None:
    """Note, on a child, a contact with its parent that went well, and how far its clock is ahead of the parent's."""
    done(CONTACTED, {"node": node, "at": at, "skew": skew}, using, kept=True)


def failed(node: UUID, *, at: datetime, fault: str, using: str = "worker") -> None:
    """Note, on a child, a contact that came to nothing; `fault` is a code."""
    done(FAILED, {"node": node, "at": at, "fault": fault}, using)


def far_heads(heads: Iterable[tuple[UUID, int]], *, at: datetime, using: str = "worker") -> None:
    """Note, on a child, how far its parent has come with these streams."""
    rows = [FarHead(stream=stream, seq=seq, at=at) for stream, seq in heads]
    FarHead.objects.using(using).bulk_create(
        rows, update_conflicts=True, unique_fields=["stream"], update_fields=["seq", "at"]
    )


def incident(node: UUID | None, sort: str, what: str, at: datetime, using: str = "worker") -> None:
    """Note something refused or found wrong; the same again is counted."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            """INSERT INTO nodes_incident (id, node, sort, what, first, last, times) VALUES (%s, %s, %s, %s, %s, %s, 1)
               ON CONFLICT (node, sort, what) DO UPDATE SET last = EXCLUDED.last, times = nodes_incident.times + 1""",
            [uuid7(at), node, sort, what[:500], at, at],
        )


def tried(sort: str, what: str, reason: str | None, at: datetime, using: str = "worker") -> None:
    """Note an attempt to bring something over: None when it went, else a code."""
    if reason is None:
        Tried.objects.using(using).filter(sort=sort, what=what).delete()
        return
    with connections[using].cursor() as cursor:
        cursor.execute(
            """INSERT INTO nodes_tried (sort, what, reason, attempts, first, last) VALUES (%s, %s, %s, 1, %s, %s)
               ON CONFLICT (sort, what) DO UPDATE SET reason = EXCLUDED.reason, last = EXCLUDED.last,
               attempts = nodes_tried.attempts + 1""",
            [sort, what, reason, at, at],
        )


def ask_for_contact(at: datetime, using: str = "default") -> bool:
    """Somebody wants a contact with the parent now; whether there is a parent. What calls looks for it."""
    return Peer.objects.using(using).update(asked=at) > 0
