"""Making checkpoints: signed statements of how far every stream has come.

One now and then is *whole* and names the head of every stream; those after it name the heads that have moved
since. So a statement a minute stays small, and the newest whole one with those after it says all.
"""

from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.entry import instant
from haicap.journal.ids import uuid7
from haicap.journal.models import Checkpoint, Node
from haicap.journal.node import earlier, keys
from haicap.journal.witness import (
    Head,
    Signed,
    Statement,
    add_lines,
    keep,
    kept,
    newest_id,
    since_whole,
    witness_file,
)

HEADS = "SELECT id, seq, encode(hash, 'hex') FROM journal_stream WHERE seq > 0"
PARTS = 200  # statements after a whole one; then comes another, as it does under another key
FIRST = UUID(int=0)
TURN = 0x636865636B  # one process at a time makes checkpoints


def checkpoint(*, at: datetime, using: str = "default") -> Statement | None:
    """Sign a checkpoint over all heads, into the database and the witness file; None where all of it is said already.

    `at` is aware, and a claim: checkpoints are in the order of their making whatever it says. To be called at
    least every minute with new entries, and at shutdown; of several processes at once one makes it. The file is
    given all that the database has and it has not, so that a crash between the two is made good.
    """
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        since = list(since_whole(using))
        made = _next([it.statement for it in since], at, using)
        if made is not None:
            data = made.write()
            since.insert(0, Signed(made, data, keys().signing.sign(data)))
            row = Checkpoint(id=made.id, statement=data, signature=since[0].signature)
            Checkpoint.objects.using(using).bulk_create([row])
    if since and newest_id(witness_file()) != since[0].statement.id:
        add_lines(witness_file(), reversed(since))
    return made


def for_others(*, at: datetime, using: str = "worker") -> Signed | None:
    """A checkpoint over all lines of work that this node has written itself, for other nodes to keep.

    The newest one again while none of them has moved, nor the key; None while there are none. `at` is aware, a claim.
    """
    node = Node.objects.using(using).get(ours=True)
    before = kept(node.id, using=using)
    with connections[using].cursor() as cursor:
        cursor.execute(HEADS + " AND node = %s AND channel <> 'reference'", [node.id])
        heads = {stream: Head(seq, digest) for stream, seq, digest in cursor.fetchall()}
    stands = before is not None and before.genuine(keys().signing.public_key().public_bytes_raw())
    if not heads or (before is not None and stands and dict(before.statement.heads) == heads):
        return before
    later = UUID(int=max(uuid7(at).int, before.statement.id.int + 1)) if before else uuid7(at)
    made = Statement(later, node.id, instant(at), False, heads)
    data = made.write()
    signed = Signed(made, data, keys().signing.sign(data))
    keep(signed, using=using)
    return signed


def _next(since: list[Statement], at: datetime, using: str) -> Statement | None:
    seen = {stream: head for statement in reversed(since) for stream, head in statement.heads.items()}
    heads = _heads(using)
    moved = {stream: head for stream, head in heads.items() if seen.get(stream) != head}
    rekeyed = bool(since) and since[0].id <= max((it.until for it in earlier()), default=FIRST)
    if not (moved or rekeyed):
        return None
    whole = not since or len(since) > PARTS or rekeyed
    node = Node.objects.using(using).get(ours=True)
    return Statement(_id(since, at), node.id, instant(at), whole, heads if whole else moved)


def _id(since: list[Statement], at: datetime) -> UUID:
    """An id later than all others, also where the clock was set back."""
    before = [statement.id.int for statement in since[:1]]
    if (newest := newest_id(witness_file())) is not None:
        before.append(newest.int)
    return UUID(int=max(uuid7(at).int, *(number + 1 for number in before))) if before else uuid7(at)


def _heads(using: str) -> dict[UUID, Head]:
    with connections[using].cursor() as cursor:
        cursor.execute(HEADS)
        return {stream: Head(seq, digest) for stream, seq, digest in cursor.fetchall()}
