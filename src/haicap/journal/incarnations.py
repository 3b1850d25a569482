"""New lives of this node: begun after every restore, by a clone, with a changed key (`journal.md` 15)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.batch import MOST
from haicap.journal.chain import Description
from haicap.journal.covering import covered_by, said_beyond
from haicap.journal.entry import Entry, read
from haicap.journal.ids import uuid7
from haicap.journal.models import Checkpoint, Node
from haicap.journal.node import Own, earlier, give_up, keys, own
from haicap.journal.order import Released, Taken
from haicap.journal.projection import as_json
from haicap.journal.reference import moved
from haicap.journal.refolding import named
from haicap.journal.showing import show_all

Reason = Literal["restored", "clone", "key"]

LINES = """SELECT s.id, s.seq, s.node, s.incarnation, s.unit, s.channel FROM journal_stream s
           JOIN journal_node n ON n.ours AND n.id = s.node WHERE s.seq > 0"""
TAIL = """SELECT seq, payload, subject, kind FROM journal_entry
          WHERE stream_id = %s AND seq > %s ORDER BY seq LIMIT %s"""
ORDER = (Taken.kind, Released.kind)


@dataclass(frozen=True, slots=True)
class Begun:
    """Why the present incarnation began, and up to which `seq` the lines of the one before are this node's."""

    reason: Reason
    lines: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class _Line:
    description: Description
    seq: int


def begin_incarnation(
    reason: Reason,
    tails: Mapping[UUID, int] | None = None,
    *,
    later_than: UUID | None = None,
    at: datetime | None = None,
    using: str = "owner",
) -> Own:
    """Begin a new incarnation of this node under the keys in `node.json`, later than the present and `later_than`.

    Of the lines that `tails` names only the entries up to that `seq` stand: what lies beyond is written once more
    into the new incarnation's lines, payloads unchanged, and the old line ends there, to go on as the parent has
    it; the fold passes over what it meets twice. The old entries stay among the abandoned, as witness. `at` is
    aware, now if absent. Whoever is just writing waits, and is then refused: their form can be sent again. Raises
    `ValueError` for a line that is not this node's own.
    """
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("LOCK TABLE journal_stream IN EXCLUSIVE MODE")
        before = own(using)
        last = max(before.incarnation, later_than or before.incarnation)
        after = Own(before.id, max(uuid7(at), UUID(int=last.int + 1)))
        lines = _lines(using)
        if unknown := (tails or {}).keys() - lines.keys():
            raise ValueError(f"not of this node: {', '.join(map(str, sorted(unknown)))}")
        ends = {stream: min(seq, lines[stream].seq) for stream, seq in (tails or {}).items()}
        ends |= {
            stream: line.seq
            for stream, line in lines.items()
            if line.description.incarnation == before.incarnation and stream not in ends
        }
        _become(after, Begun(reason, ends), using)
        for stream, seq in (tails or {}).items():
            _move(lines[stream].description, seq, after, using)
    moved()
    return after


def begun(using: str = "default") -> Begun | None:
    """How the present incarnation came about; None for the first."""
    node = Node.objects.using(using).get(ours=True)
    if not node.reason:
        return None
    return Begun(cast(Reason, node.reason), {UUID(line): seq for line, seq in (node.lines or {}).items()})


def _lines(using: str) -> dict[UUID, _Line]:
    with connections[using].cursor() as cursor:
        cursor.execute(LINES)
        return {row[0]: _Line(Description(*row[2:]), row[1]) for row in cursor.fetchall()}


def _become(after: Own, begun: Begun, using: str) -> None:
    mine = keys()
    _give_up_key(mine.signing.public_key().public_bytes_raw(), using)
    lines = {str(line): seq for line, seq in begun.lines.items()}
    with connections[using].cursor() as cursor:
        cursor.execute(
            "UPDATE journal_node SET incarnation = %s, reason = %s, lines = %s, public_key = %s, recipient = %s"
            " WHERE ours",
            [
                after.incarnation, begun.reason, as_json(lines).decode(), mine.signing.public_key().public_bytes_raw(),
                str(mine.receiving.to_public()),
            ],
        )  # fmt: skip


def _give_up_key(present: bytes, using: str) -> None:
    """Let the checkpoints that were signed under another key than the present one stand as signed."""
    before = bytes(Node.objects.using(using).get(ours=True).public_key)
    newest = Checkpoint.objects.using(using).order_by("-id").first()
    noted = before in {it.public_key for it in earlier()}  # where the keys were changed (`rekeying`)
    if newest is not None and before != present and not noted:
        give_up(before, newest.id)


def _move(line: Description, seq: int, after: Own, using: str) -> None:
    """Write what lies beyond `seq` into the new incarnation's line, and end the old one there."""
    to = after.stream(line.unit, line.channel)
    for rows in _tail(line.id(), seq, using):
        with connections[using].cursor() as cursor:
            payloads = [bytes(row[1]) for row in rows]
            cursor.execute(
                "SELECT journal_append(%s, %s, %s::bytea[])",
                [to.canonical(), payloads, [None] * len(rows)],
            )
    _end(line, seq, using)


def give_way(stream: UUID, seq: int, using: str = "owner") -> bool:
    """End the copy of another node's line at `seq`, if every entry beyond lies here in another line as well.

    Whether it ends there now. The entries stay among the abandoned, as witness.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("LOCK TABLE journal_stream IN EXCLUSIVE MODE")
        cursor.execute("SELECT node, incarnation, unit, channel FROM journal_stream WHERE id = %s", [stream])
        row = cursor.fetchone()
        return row is not None and _end(Description(*row), seq, using)


def _end(line: Description, seq: int, using: str) -> bool:
    """End a line at `seq`, and show again what comes into another order by it; whether it could be ended."""
    subjects = said_beyond(line, seq, seq, using)
    said: list[Entry[Any]] = []
    for rows in _tail(line.id(), seq, using):
        subjects.update(row[2] for row in rows)
        said += [read(line.id(), row[0], line.unit, bytes(row[1])) for row in rows if row[3] in ORDER]
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT journal_abandon(%s, %s)", [line.canonical(), seq])
        if not cursor.fetchone()[0]:
            return False
        if line.channel == "reference":  # what is kept of it until it moves is read again
            cursor.execute("UPDATE journal_node SET reference = %s WHERE ours", [uuid7()])
            moved()
    changed = sorted(subjects | covered_by(said, line.id(), using))
    for first in range(0, len(changed), MOST):
        show_all(named(changed[first : first + MOST], using), using)
    return True


def _tail(stream: UUID, after: int, using: str) -> Iterator[Sequence[tuple[Any, ...]]]:
    while True:
        with connections[using].cursor() as cursor:
            cursor.execute(TAIL, [stream, after, MOST])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]
