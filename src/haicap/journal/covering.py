"""Which subjects come into another order by what the authority says of taking-in."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connections

from haicap.journal.entry import Entry
from haicap.journal.ids import ids
from haicap.journal.order import Released, Taken

# As far as there is more of them than what is taken: where all lies in one line, its order stays.
COVERED = """SELECT e.subject FROM unnest(%s::uuid[], %s::bigint[]) t(stream, up_to) CROSS JOIN LATERAL (
                 SELECT DISTINCT subject FROM journal_entry WHERE stream_id = t.stream AND seq <= t.up_to AND seq >
                     COALESCE((SELECT max(up_to) FROM journal_taking WHERE authority = %s AND stream = t.stream), 0)) e
             WHERE EXISTS (SELECT 1 FROM journal_entry o WHERE o.subject = e.subject AND o.stream_id <> t.stream)
             UNION SELECT subject FROM journal_entry WHERE id = ANY (%s)"""


def covered_by(entries: Iterable[Entry[Any]], line: UUID, using: str) -> set[UUID]:
    """The subjects whose order hangs on these entries of an authority's line, which its index does not have (yet)."""
    reach: dict[UUID, int] = defaultdict(int)
    said: list[UUID] = []
    for entry in entries:
        if isinstance(entry.body, Taken):
            reach[entry.body.stream] = max(entry.body.up_to, reach[entry.body.stream])
            said += ids(entry.body.held)
        elif isinstance(entry.body, Released):
            said.append(entry.body.entry)
    return _covered(reach, line, said, using) if reach or said else set()


def not_taken(stream: UUID, up_to: int, line: UUID, using: str) -> set[UUID]:
    """The subjects of a stream's entries up to `up_to` that no entry of the authority's `line` has taken in before."""
    return _covered({stream: up_to}, line, [], using)


def _covered(reach: dict[UUID, int], line: UUID, said: list[UUID], using: str) -> set[UUID]:
    with connections[using].cursor() as cursor:
        cursor.execute(COVERED, [list(reach), list(reach.values()), line, said])
        return {subject for (subject,) in cursor.fetchall()}
