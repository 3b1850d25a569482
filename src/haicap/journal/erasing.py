"""Erasure: who holds the key to a subject's sealed facts, the order to destroy them, and what each holder does on it.

The chain stays whole: what is destroyed are keys, ciphertexts with their blind index, files, and what was derived;
entries keep the digests. These entries lie in the file of the subject's unit and are no part of its fold.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connections

from haicap.journal import blobs
from haicap.journal.binary import rows
from haicap.journal.entry import payload, read
from haicap.journal.holders import KeyGiven
from haicap.journal.kinds import Body, kind
from haicap.journal.models import Entry
from haicap.journal.pen import Pen, writing
from haicap.journal.reference import authority, ours

BACKUPS = timedelta(days=35)
"""How long the key file of a backup may be kept; until then it may hold a key that was destroyed."""


@kind("key.erased", version=1, free=True)
class KeyErased(Body):
    """The order to destroy the subject's sealed facts wherever they are held; nothing of it is sealed again."""

    ground: str
    paper: str


@kind("key.destroyed", version=1, free=True)
class KeyDestroyed(Body):
    """A node has destroyed the key, the ciphertexts with their index, the files, and what was derived from them."""

    node: UUID


DERIVED: list[Callable[[UUID, str], None]] = []
"""What destroys what rooms keep of a subject beside the journal (drafts); told the subject and the connection."""

# Only the authority orders: what another node wrote of this kind is carried and not obeyed.
ORDERS = """SELECT e.subject, e.unit FROM journal_entry e JOIN journal_stream s ON s.id = e.stream_id
            JOIN journal_node n ON n.ours AND s.node = COALESCE(n.authority, n.id)
            WHERE e.kind = 'key.erased' AND e.subject = ANY (%b) ORDER BY e.subject"""
ANY_ORDER = "SELECT EXISTS (SELECT 1 FROM journal_entry WHERE kind = 'key.erased')"  # mostly there is none
BLOBS = """WITH told AS (SELECT convert_from(payload, 'UTF8')::jsonb -> 'body' AS body
                         FROM journal_entry WHERE subject = %s)
           SELECT jsonb_path_query(body, 'lax $.**.blob') #>> '{}' FROM told
           UNION SELECT jsonb_path_query(body, 'lax $.**.picture') #>> '{}' FROM told"""


@dataclass(frozen=True, slots=True)
class Holder:
    """A node that had the key; `destroyed` is when it wrote that it has none any more (a claim), None while open."""

    node: UUID
    destroyed: datetime | None

    @property
    def backups(self) -> datetime | None:
        """Until when a backup's key file there may still hold the key; None while that cannot be said."""
        return self.destroyed + BACKUPS if self.destroyed else None


@dataclass(frozen=True, slots=True)
class Order:
    """The order to erase a subject: who gave it, when (a claim), on what ground and paper, and where it stands."""

    entry: UUID
    unit: str
    actor: UUID
    at: datetime
    ground: str
    paper: str
    holders: tuple[Holder, ...]

    @property
    def done(self) -> bool:
        """Whether every holder has destroyed it."""
        return all(it.destroyed for it in self.holders)

    @property
    def backups(self) -> datetime | None:
        """Until when some backup's key file may still hold the key; None while a holder is open."""
        ends = [it.backups for it in self.holders]
        return max((end for end in ends if end), default=self.at) if None not in ends else None


def write_beside(
    pen: Pen, entry_id: UUID, subject: UUID, body: Body, *, unit: str, grant: UUID | None = None
) -> None:
    """Write an entry about a subject's key into the file of `unit`; the subject's state stays what it is.

    An `entry_id` that the journal holds already changes nothing. The pen holds the subject and the stream.
    """
    if pen.wrote(entry_id):
        return
    data = payload(
        entry_id=entry_id, salt=pen.desk.entropy(16), subject=subject, after=None, body=body, actor=pen.person.id,
        grant=grant, at=pen.at,
    )  # fmt: skip
    pen.desk.append(pen.desk.own.stream(unit, "work"), entry_id, data, None, b"")


def write_also(pen: Pen, subject: UUID, *, unit: str, using: str) -> None:
    """Let the order to erase a subject, if there is one, lie in the file of `unit` too, where the subject goes on.

    Once, however often it comes there. The pen holds the subject and the stream of `unit`.
    """
    said = _orders(subject, using)
    if said and unit not in {row.unit for row in said}:
        first = said[0]
        body = read(first.stream_id, first.seq, first.unit, bytes(first.payload)).body
        write_beside(pen, uuid5(first.id, unit), subject, body, unit=unit)


def _orders(subject: UUID, using: str) -> list[Entry]:
    """The authority's order in each file that the subject is or was in, the first one first."""
    first = authority(using)
    assert first is not None
    its = Entry.objects.using(using).filter(subject=subject, kind=KeyErased.kind, stream__node=first)
    return list(its.order_by("at", "id"))


def erased(subjects: Collection[UUID], *, using: str = "default") -> dict[UUID, str]:
    """Of these subjects those that the authority has ordered to erase, each with the unit of its file."""
    return dict(rows(ORDERS, [list(subjects)], using))


def apply(subjects: Collection[UUID], *, at: datetime, using: str = "worker") -> list[UUID]:
    """Destroy here what the authority ordered to erase of these subjects, and write down that it is done.

    To be called after every taking-in and every order with the subjects touched; also what came late goes, and a
    second call changes nothing. Each subject is a transaction of its own. `at` is aware. Returns the subjects that
    are erased.
    """
    ordered = erased(subjects, using=using) if rows(ANY_ORDER, [], using)[0][0] else {}
    for subject, unit in ordered.items():
        _destroy(subject, unit, at, using)
    return sorted(ordered)


def _destroy(subject: UUID, unit: str, at: datetime, using: str) -> None:
    own = ours(using)
    assert own is not None
    with writing(own, at=at, subjects=[subject], units=[unit], using=using) as pen:
        for name in _blobs(subject, using):
            blobs.remove(name)  # before the entry that says so: what is gone stays gone if this is cut off
        for destroy in DERIVED:
            destroy(subject, using)
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT journal_destroy(%s)", [subject])
        entry_id = uuid5(subject, f"destroyed {own.incarnation}")
        write_beside(pen, entry_id, subject, KeyDestroyed(node=own.id), unit=unit)


def _blobs(subject: UUID, using: str) -> list[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(BLOBS, [subject])
        return [name for (name,) in cursor.fetchall() if name]


def give(pen: Pen, subject: UUID, node: UUID, *, unit: str) -> None:
    """Record that a node was given the subject's key; once for each node and subject."""
    write_beside(pen, uuid5(subject, f"given {node}"), subject, KeyGiven(node=node), unit=unit)


def order_of(subject: UUID, *, using: str = "default") -> Order | None:
    """The order to erase a subject with all its holders, as far as this session may see them; None without one."""
    if subject not in erased([subject], using=using):
        return None
    rows = list(Entry.objects.using(using).filter(subject=subject).select_related("stream").order_by("at"))
    first = authority(using)
    assert first is not None
    said = next(row for row in rows if row.kind == KeyErased.kind and row.stream.node == first)
    ends = {UUID(_body(row)["node"]): row.at for row in reversed(rows) if row.kind == KeyDestroyed.kind}
    given = {UUID(_body(row)["node"]) for row in rows if row.kind == KeyGiven.kind}
    sealing = {row.stream.node for row in rows if row.sealed}
    nodes = sorted({first} | given | sealing | ends.keys())
    holders = tuple(Holder(node, ends.get(node)) for node in nodes)
    body = _body(said)
    return Order(said.id, said.unit, said.actor, said.at, body["ground"], body["paper"], holders)


def _body(row: Entry) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(bytes(row.payload))["body"]
    return body
