"""Throwing the projections away and making them again, beside live traffic."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.projection import put_rows
from haicap.journal.refolding import Span, Table, Unfoldable, spans, subjects, tables
from haicap.journal.showing import shown

AT_ONCE = 1000  # entries folded and written together, as `journal.md` 16 allows; actions on them wait so long


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuilding made: subjects with a state, their rows, and the entries they were folded from."""

    subjects: int
    rows: int
    entries: int


def rebuild(*, using: str = "worker", progress: Callable[[int], None] = lambda count: None) -> Rebuilt:
    """Make every row of every projection again, and remove the rows of subjects that the journal does not have.

    Goes a span of subjects at a time, each under its lock and in a transaction of its own, so that pages are
    never without their rows and actions wait a moment at most. `progress` is told the entries folded. Raises
    `Unfoldable` where entries cannot be read; what was made until then stays.
    """
    total = Rebuilt(0, 0, 0)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT journal_index_again()")
    for span in spans(AT_ONCE, using):
        made = _make(span, using)
        total = Rebuilt(total.subjects + made.subjects, total.rows + made.rows, total.entries + made.entries)
        progress(made.entries)
    return total


def _make(span: Span, using: str) -> Rebuilt:
    with transaction.atomic(using=using):
        locked = _lock(span, using)
        rows: dict[Table, list[bytes]] = defaultdict(list)
        made = entries = 0
        for subject in subjects(span, using):
            if isinstance(subject, Unfoldable):
                raise subject
            if subject.id not in locked:
                continue  # opened since: its action has written its rows, or will
            entries += subject.entries
            made += subject.folded.state is not None
            for table, row in shown(subject):
                rows[table].append(row)
        for table, key in tables():
            _clear(table, key, span, locked, using)
            put_rows(table, rows[table], using)
    return Rebuilt(made, sum(map(len, rows.values())), entries)


def _lock(span: Span, using: str) -> set[UUID]:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT subject FROM journal_entry WHERE subject > %s AND subject <= %s", span
        )
        locked = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT journal_lock(%s, '{}')", [locked])
    return set(locked)


def _clear(table: Table, key: str, span: Span, locked: set[UUID], using: str) -> None:
    """Remove the rows of the locked subjects, and those that no entry stands behind.

    Others in the span belong to subjects that were opened meanwhile.
    """
    name = table._meta.db_table
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{name}" t WHERE "{key}" > %s AND "{key}" <= %s AND ("{key}" = ANY (%s)'
            f' OR NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.subject = t."{key}"))',
            [*span, list(locked)],
        )
