"""What this node notes of others, in local rows: contacts, incidents, attempts, nonces. No entries, no judgement."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import F

from haicap.journal.ids import uuid7
from haicap.nodes.models import Contact, FarHead, Incident, Peer, Tried
from haicap.nodes.queries import by_node, readable

HEADS = "/sync/heads"


def fresh(node: UUID, nonce: str, until: datetime, now: datetime, using: str = "worker") -> bool:
    """Note a nonce until then; whether it was new. `now` is this node's clock, aware; what is over is forgotten."""
    with connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM nodes_nonce WHERE until < %s", [now])
        cursor.execute(
            "INSERT INTO nodes_nonce (node, nonce, until) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [node, nonce, until],
        )
        return bool(cursor.rowcount == 1)


def seen(
    node: UUID, *, at: datetime, path: str, state: Mapping[str, Any], skew: float, using: str = "worker"
) -> None:
    """Note a child's request: when, its `Haicap-State`, and by how many seconds its clock is ahead of this one.

    A request for heads also tells how much there was to read then, so that what waits for it since can be counted.
    """
    old = _whole(state.get("old"))
    values: dict[str, Any] = {
        "last": at, "tried": at, "attempts": 0, "fault": "", "skew": skew,
        "version": "".join(filter(str.isprintable, str(state.get("v", ""))))[:40],
        "disk": _whole(state.get("disk"), 1 << 62), "up": _whole(state.get("wait")) or 0,
        "blobs": _whole(state.get("blobs")) or 0,
        "up_since": at - timedelta(seconds=old) if old is not None and state.get("wait") else None,
    }  # fmt: skip
    if path.endswith(HEADS) and (member := by_node(node, using)) is not None:
        values["told"] = readable(member.unit, using)
    Contact.objects.using(using).update_or_create(node=node, defaults=values)


def _whole(value: object, most: int = (1 << 31) - 1) -> int | None:
    """What a node says of itself, if it can be so."""
    return value if type(value) is int and 0 <= value <= most else None


def contacted(node: UUID, *, at: datetime, skew: float | None, using: str = "worker") -> None:
    """Note, on a child, a contact with its parent that went well, and how far its clock is ahead of the parent's."""
    values = {"last": at, "tried": at, "attempts": 0, "fault": "", "skew": skew}
    Contact.objects.using(using).update_or_create(node=node, defaults=values)
    Peer.objects.using(using).filter(pk=node, asked__lte=at).update(asked=None)


def failed(node: UUID, *, at: datetime, fault: str, using: str = "worker") -> None:
    """Note, on a child, a contact that came to nothing; `fault` is a code."""
    row, _made = Contact.objects.using(using).get_or_create(node=node)
    row.tried, row.fault = at, fault
    row.attempts = F("attempts") + 1
    row.save(using=using, update_fields=["tried", "fault", "attempts"])
    Peer.objects.using(using).filter(pk=node, asked__lte=at).update(asked=None)


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


def incidents(node: UUID, most: int = 10, using: str = "worker") -> list[Incident]:
    """The newest incidents that concern a node."""
    return list(Incident.objects.using(using).filter(node=node).order_by("-last")[:most])


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
