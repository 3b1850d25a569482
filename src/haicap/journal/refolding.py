"""Folding the journal again, a range of subjects at a time: what every table of a fold should hold."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import groupby, pairwise
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connections, models, transaction
from msgspec import Struct

from haicap.journal.entry import Entry, read
from haicap.journal.findings import Findings, Problem
from haicap.journal.fold import Folded
from haicap.journal.history import COLUMNS, in_fold_order
from haicap.journal.kinds import Body
from haicap.journal.models import Row, columns
from haicap.journal.projection import PROJECTIONS, Projects, as_json, as_row

Span: TypeAlias = tuple[UUID, UUID]  # subjects after the first, up to the second
Table: TypeAlias = type[models.Model]
Values: TypeAlias = list[Any]  # of a row, in the order of `columns`
Rows: TypeAlias = dict[UUID, list[Values]]

ENTRIES = f"""SELECT subject, {COLUMNS} FROM journal_entry e
              WHERE subject > %s AND subject <= %s ORDER BY subject, stream_id, seq"""
NAMED = f"""SELECT subject, {COLUMNS} FROM journal_entry e
            WHERE subject = ANY (%s) ORDER BY subject, stream_id, seq"""

LAST = UUID(int=2**128 - 1)

# Where spans of so many entries end; a subject is never divided.
ENDS = """SELECT DISTINCT subject FROM
          (SELECT subject, row_number() OVER (ORDER BY subject) AS n FROM journal_entry) numbered
          WHERE n %% %s = 0 ORDER BY subject"""


def spans(size: int, using: str) -> list[Span]:
    """All subjects there can be, in spans of about `size` entries each."""
    with connections[using].cursor() as cursor:
        cursor.execute(ENDS, [size])
        ends = [UUID(int=0), *(row[0] for row in cursor.fetchall()), LAST]
    return list(pairwise(ends))


class Unfoldable(Exception):
    """A subject's entries cannot be read, or their fold fails: bytes were changed, or a released kind was."""

    def __init__(self, subject: UUID, stream: UUID, seq: int, why: Exception) -> None:
        super().__init__(f"subject {subject} cannot be folded ({type(why).__name__})")
        self.stream = stream
        self.seq = seq


class Subject(Struct, frozen=True):
    """A subject folded again; `its` is None where no opening is known here. `newest` is its last entry's place."""

    id: UUID
    its: Projects[Any] | None
    folded: Folded[Any]
    entries: int
    newest: tuple[UUID, int]

    def rows(self) -> Iterator[tuple[Table, Row]]:
        """Its rows in every table; none while it has no state."""
        if self.its is None or self.folded.state is None:
            return
        yield self.its.table, as_row(self.its, self.id, self.folded)
        for table, make in self.its.also:
            for further in make(self.id, self.folded):
                yield table, further


def subjects(span: Span, using: str) -> Iterator[Subject | Unfoldable]:
    """The subjects of a span, folded again; `Unfoldable` in the place of one that cannot be."""
    with connections[using].cursor() as cursor:
        cursor.execute(ENTRIES, span)
        rows = cursor.fetchall()
    return _subjects(rows, using)


def named(wanted: Collection[UUID], using: str) -> Iterator[Subject | Unfoldable]:
    """These subjects, as far as they have entries, folded again; `Unfoldable` in the place of one that cannot be."""
    with connections[using].cursor() as cursor:
        cursor.execute(NAMED, [list(wanted)])
        rows = cursor.fetchall()
    return _subjects(rows, using)


def _subjects(rows: Iterable[tuple[Any, ...]], using: str) -> Iterator[Subject | Unfoldable]:
    entries: dict[UUID, list[Entry[Any]]] = {}
    judged: set[UUID] = set()
    places: dict[UUID, tuple[UUID, int]] = {}
    failed: list[Unfoldable] = []
    for subject, group in groupby(rows, key=lambda row: row[0]):
        its = list(group)
        places[subject] = max(((row[1], row[2]) for row in its), key=lambda place: place[1])
        if any(row[5] for row in its):
            judged.add(subject)
        try:
            entries[subject] = [read(row[1], row[2], row[3], bytes(row[4])) for row in its]
        except Exception as error:  # changed bytes may break any reader, and are to be named
            failed.append(Unfoldable(subject, *places[subject], error))
    for subject, ordered in in_fold_order(entries, judged, using).items():
        yield folded(subject, entries[subject], ordered, places[subject])
    yield from failed


def folded(
    subject: UUID, entries: list[Entry[Any]], ordered: Iterable[Entry[Any]], newest: tuple[UUID, int]
) -> Subject | Unfoldable:
    """A subject from all its entries and those that count, in fold order."""
    try:
        its = next((its for entry in entries if (its := _by_opening().get(type(entry.body)))), None)
        return Subject(subject, its, its.fold(ordered) if its else Folded(), len(entries), newest)
    except Exception as error:  # changed bytes may break any handler, and are to be named
        return Unfoldable(subject, *newest, error)


@cache
def _by_opening() -> dict[type[Body], Projects[Any]]:
    return {body: its for fold, its in PROJECTIONS.items() for body in fold.openers}


def tables() -> list[tuple[Table, str]]:
    """Every table that folds fill, with the column that names the subject."""
    found: dict[Table, str] = {}
    for its in PROJECTIONS.values():
        found[its.table] = "id"
        found.update((table, "subject") for table, _ in its.also)
    return list(found.items())


def compare(span: Span, using: str) -> Findings:
    """Fold the subjects of a span again, in one snapshot, and hold their rows against what comes out.

    Finds every row that is wrong, missing or left over, and names it by the newest entry of its subject.
    """
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        made: dict[Table, Rows] = defaultdict(lambda: defaultdict(list))
        places: dict[UUID, tuple[UUID, int]] = {}
        found = Findings()
        for subject in subjects(span, using):
            if isinstance(subject, Unfoldable):
                found.add(subject.stream, subject.seq, str(subject))
                continue
            found.entries += subject.entries
            places[subject.id] = subject.newest
            for table, row in subject.rows():
                made[table][subject.id].append(_as_stored(table, row))
        for table, key in tables():
            for id_, expected, stored in _differing(made[table], _stored(table, key, span, using)):
                found.others.append(_problem(table, id_, expected, stored, places.get(id_)))
    return found


def _as_stored(table: Table, row: Row) -> Values:
    values = [row[name] for name in columns(table)]
    for n in _in_json(table):
        values[n] = json.loads(as_json(values[n]))
    return values


@cache
def _in_json(table: Table) -> list[int]:
    """Where in a row JSON stands."""
    return [n for n, field in enumerate(table._meta.concrete_fields) if isinstance(field, models.JSONField)]


def _stored(table: Table, key: str, span: Span, using: str) -> Rows:
    names = columns(table)
    listed = ", ".join(f'"{name}"' for name in names)
    place = names.index(key)
    rows: Rows = defaultdict(list)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'SELECT {listed} FROM "{table._meta.db_table}" WHERE "{key}" > %s AND "{key}" <= %s', span
        )
        for row in map(list, cursor.fetchall()):
            for n in _in_json(table):
                row[n] = json.loads(row[n]) if isinstance(row[n], str) else row[n]
            rows[row[place]].append(row)
    return rows


def _differing(made: Rows, stored: Rows) -> Iterator[tuple[UUID, list[Values], list[Values]]]:
    for subject in made.keys() | stored.keys():
        expected, found = made.get(subject, []), stored.get(subject, [])
        if expected != found and sorted(expected, key=str) != sorted(found, key=str):
            yield subject, expected, found


def _problem(
    table: Table, subject: UUID, expected: list[Values], found: list[Values], place: tuple[UUID, int] | None
) -> Problem:
    name = table._meta.db_table
    if len(expected) != len(found):
        what = f"{name} has {len(found)} rows of subject {subject}, and should have {len(expected)}"
    else:
        pairs = zip(sorted(expected, key=str), sorted(found, key=str), strict=True)
        wrong = {n for a, b in pairs for n, it in enumerate(columns(table)) if a[n] != b[n]}
        listed = ", ".join(it for n, it in enumerate(columns(table)) if n in wrong)
        what = f"{name}, subject {subject}: not what its entries come to: {listed}"
    return Problem(str(place[0]) if place else None, place[1] if place else None, what)
