"""Writing the rows of many folded subjects at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connections

from haicap.journal.projection import copy_rows, insert_rows, wrapped
from haicap.journal.refolding import Subject, Table, Unfoldable

FEW = 50  # rows of a table up to which a temporary table costs more than it saves


def show_all(subjects: Iterable[Subject | Unfoldable], new: Collection[UUID], using: str) -> None:
    """Put the rows of these subjects in the place of those that they have; `new` ones have none.

    The caller holds the subjects. Raises `Unfoldable` where one is among them.
    """
    rows: dict[Table, list[list[Any]]] = defaultdict(list)
    gone: dict[tuple[Table, str], list[UUID]] = defaultdict(list)
    for subject in subjects:
        if isinstance(subject, Unfoldable):
            raise subject
        for table, row in subject.rows():
            rows[table].append(wrapped(row))
        if subject.its is not None and subject.id not in new:
            gone[subject.its.table, "id"].append(subject.id)
            for table, _ in subject.its.also:
                gone[table, "subject"].append(subject.id)
    with connections[using].cursor() as cursor:
        for (table, key), ids in gone.items():
            cursor.execute(f'DELETE FROM "{table._meta.db_table}" WHERE "{key}" = ANY (%s)', [ids])
    for table, its in rows.items():
        (insert_rows if len(its) <= FEW else copy_rows)(table, its, using)
