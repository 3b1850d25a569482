"""Making two truths in tests: an entry as somebody writes it who has not seen the newest ones."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from haicap.journal.entry import payload
from haicap.journal.fold import Fold
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.kinds import Body
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.journal.projection import projection_of, show
from matters.acting import who


def opening_of(subject: UUID) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM journal_entry WHERE subject = %s ORDER BY seq LIMIT 1", [subject])
        (opening,) = cursor.fetchone()
    return UUID(str(opening))


def strays(fold: Fold[Any], subject: UUID, body: Body, *, account: str, unit: str) -> UUID:
    """Writes an entry that saw nothing but the opening, and shows the subject with its conflict."""
    entry_id, at = uuid7(), datetime.now(UTC)
    with (
        writing(who(account), at=at, subjects=[subject], units=[unit]),
        connection.cursor() as cursor,
    ):
        data = payload(
            entry_id=entry_id, salt=bytes(16), subject=subject, after=opening_of(subject), body=body,
            actor=who(account).id, grant=None, at=at,
        )  # fmt: skip
        stream = own("default").stream(unit, "work").canonical()
        cursor.execute("SELECT journal_append(%s, %s, %s::bytea[])", [stream, [data], [None]])
        show(projection_of(fold), subject, folded_again(fold, subject), "default")
    return entry_id
