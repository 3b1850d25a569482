"""What was written lately of some subjects, which the caller has judged one by one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from haicap.journal.entry import Entry, read

LATELY = """SELECT stream_id, seq, unit, payload FROM journal_entry
            WHERE subject = ANY (%s) AND at > %s AND kind = ANY (%s) AND actor <> %s ORDER BY at, seq"""


def lately(
    subjects: Sequence[UUID], kinds: Sequence[str], *, since: datetime, but: UUID, using: str = "default"
) -> list[Entry[Any]]:
    """The entries of these kinds since then (aware), but those of one author, in the order of their claimed times.

    The session may read these subjects for this one question.
    """
    named = "{" + ",".join(str(it) for it in subjects) + "}"
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('haicap.subjects', %s, false)", [named])
        try:
            cursor.execute(LATELY, [list(subjects), since, list(kinds), but])
            rows = cursor.fetchall()
        finally:
            cursor.execute("SELECT set_config('haicap.subjects', '', false)")
    return [read(stream, seq, unit, bytes(payload)) for stream, seq, unit, payload in rows]
