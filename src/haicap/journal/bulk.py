"""A desk in memory: the same rules as on the database, for what is written by the ten thousand."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.chain import Description
from haicap.journal.entry import Entry
from haicap.journal.fold import Fold, Folded
from haicap.journal.ids import Entropy
from haicap.journal.models import SubjectKey
from haicap.journal.node import Own
from haicap.journal.projection import Projects, as_row, packed, projection_of, put_rows
from haicap.journal.sealing import key_id, wrap

S = TypeVar("S")
Line: TypeAlias = tuple[
    UUID, bytes, bytes | None, bytes
]  # id, payload, ciphertext of its sealed facts, blinds
Part: TypeAlias = tuple[Description, list[Line], bool]  # and whether the stream ends with it
AT_ONCE = 1000  # entries committed together, as `journal.md` 16 allows


class Bulk:
    """A desk that keeps new subjects in memory until `load` writes them all.

    It holds subjects that did not exist before: what it has not written itself it takes as empty. `entropy`
    may be seeded, so that the same work gives the same bytes.
    """

    def __init__(self, own: Own, entropy: Entropy) -> None:
        self.own = own
        self.entropy = entropy
        self.kept: dict[UUID, Folded[Any]] = {}
        self.files: dict[UUID, dict[UUID, Fold[Any]]] = defaultdict(dict)  # by stream, what lies in it
        self.entries: set[UUID] = set()
        self.keys: dict[UUID, bytes] = {}
        self.counters: dict[tuple[str, int], int] = defaultdict(int)
        self.lines: dict[Description, list[Line]] = defaultdict(list)

    def folded(self, fold: Fold[S], subject: UUID) -> Folded[S]:
        return self.kept.get(subject) or Folded()

    def known(self, entry_id: UUID) -> bool:
        return entry_id in self.entries

    def key(self, subject: UUID) -> bytes:
        return self.keys.setdefault(subject, self.entropy(32))

    def serial(self, unit: str, year: int) -> int:
        self.counters[unit, year] += 1
        return self.counters[unit, year]

    def append(
        self, stream: Description, entry_id: UUID, payload: bytes, ciphertext: bytes | None, blinds: bytes
    ) -> None:
        self.entries.add(entry_id)
        self.lines[stream].append((entry_id, payload, ciphertext, blinds))

    def show(self, fold: Fold[S], subject: UUID, folded: Folded[S], entry: Entry[Any]) -> None:
        self.kept[subject] = folded
        self.files[entry.stream][subject] = fold

    def load(self, using: str = "worker", progress: Callable[[int], None] = lambda count: None) -> int:
        """Write everything, at most `AT_ONCE` entries a transaction; a file's rows come with its last entries.

        Entries that the journal holds already are passed over, so that a loading which was cut off can be done
        again. Returns how many entries were written; `progress` is told as they are.
        """
        written = 0
        for batch in self._batches(_held([stream.id() for stream in self.lines], using)):
            with transaction.atomic(using=using):
                for stream, lines, _last in batch:
                    _append(stream, lines, using)
                self._show([stream.id() for stream, _lines, last in batch if last], using)
            count = sum(len(lines) for _stream, lines, _last in batch)
            written += count
            progress(count)
        with transaction.atomic(using=using):
            self._count(using)
        return written

    def count_from(self, unit: str, year: int, first: int) -> None:
        """Let the numbers of a unit in a year begin with `first`, where the database has given some out already."""
        self.counters[unit, year] = first - 1

    def load_within(self, using: str = "default") -> None:
        """Write everything within the transaction at work, in which a pen holds the streams: all of it or nothing."""
        for stream, lines in self.lines.items():
            _append(stream, lines, using)
        self._show([stream.id() for stream in self.lines], using)
        self._count(using)

    def _batches(self, held: set[UUID]) -> Iterator[list[Part]]:
        batch: list[Part] = []
        room = AT_ONCE
        for stream, every in self.lines.items():
            lines = [line for line in every if line[0] not in held]
            while lines:
                some, lines = lines[:room], lines[room:]
                batch.append((stream, some, not lines))
                room -= len(some)
                if room == 0:
                    yield batch
                    batch, room = [], AT_ONCE
        if batch:
            yield batch

    def _show(self, streams: Iterable[UUID], using: str) -> None:
        by_fold: dict[Fold[Any], list[UUID]] = defaultdict(list)
        for stream in streams:
            for subject, fold in self.files[stream].items():
                by_fold[fold].append(subject)
        for fold, subjects in by_fold.items():
            show_many(projection_of(fold), [(s, self.kept[s]) for s in subjects], using)
            SubjectKey.objects.using(using).bulk_create(
                SubjectKey(key_id=key_id(key), subject=s, wrapped=wrap(key))
                for s in subjects
                if (key := self.keys.get(s)) is not None
            )

    def _count(self, using: str) -> None:
        with connections[using].cursor() as cursor:
            cursor.executemany(
                "INSERT INTO journal_counter (unit, year, incarnation, last) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (unit, year, incarnation) DO UPDATE SET last = EXCLUDED.last",
                [(unit, year, self.own.incarnation, last) for (unit, year), last in self.counters.items()],
            )


def _held(streams: list[UUID], using: str) -> set[UUID]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT id FROM journal_entry WHERE stream_id = ANY (%s)", [streams])
        return {entry_id for (entry_id,) in cursor.fetchall()}


def _append(stream: Description, lines: list[Line], using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT journal_append(%s, %s, %s::bytea[], %s::bytea[])",
            [stream.canonical(), *([line[n] for line in lines] for n in (1, 2, 3))],
        )


def show_many(its: Projects[Any], subjects: Iterable[tuple[UUID, Folded[Any]]], using: str) -> None:
    """Write the rows of many subjects that have none yet."""
    with_state = [(subject, folded) for subject, folded in subjects if folded.state is not None]
    rows = (packed(its.table, as_row(its, subject, folded)) for subject, folded in with_state)
    put_rows(its.table, rows, using)
    for table, make in its.also:
        further = (packed(table, row) for subject, folded in with_state for row in make(subject, folded))
        put_rows(table, further, using)
