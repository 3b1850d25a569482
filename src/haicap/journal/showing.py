"""Writing the rows of many folded subjects at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

from django.db import connections

from haicap.journal.projection import packed, put_rows
from haicap.journal.refolding import Subject, Table, Unfoldable

Rows: TypeAlias = Mapping[Table, list[bytes]]
Shown: TypeAlias = list[tuple[Table, bytes]]  # of one subject; each row as `packed` makes it


def show_all(subjects: Iterable[Subject | Unfoldable], using: str) -> None:
    """Put the rows of these subjects in the place of those that they have.

    The caller holds the subjects. Raises `Unfoldable` where one is among them.
    """
    every = list(subjects)
    gone: dict[tuple[Table, str], list[UUID]] = defaultdict(list)
    for subject in every:
        if isinstance(subject, Subject) and subject.its is not None:
            gone[subject.its.table, "id"].append(subject.id)
            for table, _ in subject.its.also:
                gone[table, "subject"].append(subject.id)
    rows = by_table(map(shown, every))
    with connections[using].cursor() as cursor:
        for (table, key), ids in gone.items():
            cursor.execute(f'DELETE FROM "{table._meta.db_table}" WHERE "{key}" = ANY (%s)', [ids])
    put(rows, using)


def shown(subject: Subject | Unfoldable) -> Shown:
    """The rows of a subject. Raises `Unfoldable` where it is none."""
    if isinstance(subject, Unfoldable):
        raise subject
    return [(table, packed(table, row)) for table, row in subject.rows()]


def by_table(every: Iterable[Shown]) -> Rows:
    """The rows of many subjects."""
    rows: dict[Table, list[bytes]] = defaultdict(list)
    for its in every:
        for table, row in its:
            rows[table].append(row)
    return rows


def put(rows: Rows, using: str) -> None:
    """Write rows of subjects that have none."""
    for table, its in rows.items():
        put_rows(table, its, using)
