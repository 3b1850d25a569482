"""Which subjects come into another order by what the authority says of taking-in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connections

from haicap.journal.chain import Description
from haicap.journal.entry import Entry
from haicap.journal.ids import ids
from haicap.journal.order import Released, Taken

# The subjects of a stream's entries up to `until` that a line of the authority's has not taken in by what it says up to
# `after`. As far as there is more of them than that stream, or such an entry was judged: else their order stays.
COVERED = """SELECT e.subject FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) t(stream, after, until)
             CROSS JOIN LATERAL (
                 SELECT subject, bool_or(EXISTS (SELECT 1 FROM journal_verdict v WHERE v.entry = j.id)) AS judged
                 FROM journal_entry j WHERE stream_id = t.stream AND seq <= t.until AND seq > COALESCE((
                     SELECT up_to FROM journal_taking k WHERE authority = %s AND stream = t.stream
                     AND up_to <= t.after AND journal_speaks(k) ORDER BY up_to DESC LIMIT 1), 0)
                 GROUP BY subject) e
             WHERE e.judged OR EXISTS (
                 SELECT 1 FROM journal_entry o WHERE o.subject = e.subject AND o.stream_id <> t.stream)
             UNION SELECT subject FROM journal_entry WHERE id = ANY (%s)"""
# The lines of the authority that say of a stream that more of it was taken in.
BEYOND = """SELECT s.id FROM journal_stream s JOIN journal_node n ON n.ours
            WHERE s.unit = %s AND s.channel = 'work' AND s.node = COALESCE(n.authority, n.id) AND EXISTS (
                SELECT 1 FROM journal_taking t WHERE t.authority = s.id AND t.stream = %s AND t.up_to > %s)"""


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
    its = [(stream, up_to, up_to) for stream, up_to in reach.items()]
    return _covered(its, line, said, using) if its or said else set()


def not_taken(stream: UUID, up_to: int, line: UUID, using: str) -> set[UUID]:
    """The subjects of a stream's entries up to `up_to` that no entry of the authority's `line` has taken in before."""
    return _covered([(stream, up_to, up_to)], line, [], using)


def said_beyond(its: Description, after: int, end: int, using: str) -> set[UUID]:
    """The subjects of a stream's entries up to `end` of which the authority has said more than what reaches to `after`.

    Whether it speaks of the line here is known by what stands beyond `after`, and their order hangs on it: it is
    another one when entries there come or go.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(BEYOND, [its.unit, its.id(), after])
        lines = [line for (line,) in cursor.fetchall()]
    return {subject for line in lines for subject in _covered([(its.id(), after, end)], line, [], using)}


def _covered(its: Sequence[tuple[UUID, int, int]], line: UUID, said: list[UUID], using: str) -> set[UUID]:
    streams, after, end = zip(*its, strict=True) if its else ((), (), ())
    with connections[using].cursor() as cursor:
        cursor.execute(COVERED, [list(streams), list(after), list(end), line, said])
        return {subject for (subject,) in cursor.fetchall()}
