"""A subject's entries, read back from the journal in fold order."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections

from haicap.journal.entry import Entry, read
from haicap.journal.fold import Fold, Folded
from haicap.journal.order import in_order

S = TypeVar("S")

ENTRIES = "SELECT stream_id, seq, unit, payload FROM journal_entry WHERE subject = %s ORDER BY stream_id, seq"
TAKING = """SELECT stream_id, seq, unit, payload FROM journal_entry
            WHERE stream_id = ANY (%s) AND kind IN ('journal.taken', 'journal.released')"""
AUTHORITY = """SELECT s.id FROM journal_stream s JOIN journal_node n ON n.ours AND n.id = s.node
               WHERE s.unit = ANY (%s) AND s.channel = 'work' ORDER BY s.incarnation, s.unit"""


def history(subject: UUID, using: str = "default") -> list[Entry[Any]]:
    """All entries of a subject that this session may see, in fold order.

    Where all lie in one stream its `seq` is the order. Else the authority's taking-in is; this installation is
    the authority of the units that it holds.
    """
    with connections[using].cursor() as cursor:
        entries = _read(cursor, ENTRIES, [subject])
    return in_fold_order(entries, using)


def in_fold_order(entries: list[Entry[Any]], using: str) -> list[Entry[Any]]:
    """All entries of one subject, given by stream and `seq`, in fold order."""
    if len({entry.stream for entry in entries}) <= 1:
        return entries
    with connections[using].cursor() as cursor:
        cursor.execute(AUTHORITY, [sorted({entry.unit for entry in entries})])
        authority = [row[0] for row in cursor.fetchall()]
        return in_order(entries, _read(cursor, TAKING, [authority]), authority)


def folded_again(fold: Fold[S], subject: UUID, using: str = "default") -> Folded[S]:
    """A subject folded from the journal itself, not from its row."""
    return fold(history(subject, using))


def _read(cursor: Any, query: str, parameters: Iterable[Any]) -> list[Entry[Any]]:
    cursor.execute(query, list(parameters))
    return [read(stream, seq, unit, bytes(payload)) for stream, seq, unit, payload in cursor.fetchall()]
