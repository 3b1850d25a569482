"""A subject's entries, read back from the journal in fold order."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from django.db import connections

from haicap.journal.carrying import spread
from haicap.journal.entry import Entry, read
from haicap.journal.fold import Fold, Folded
from haicap.journal.kinds import Body
from haicap.journal.order import Released, Taken, in_order

S = TypeVar("S")
Place: TypeAlias = tuple[UUID, int]  # a stream and the `seq` in it
Subjects: TypeAlias = Mapping[UUID, list[Entry[Any]]]

COLUMNS = """stream_id, seq, unit, payload, EXISTS (SELECT 1 FROM journal_verdict v WHERE v.entry = e.id)"""
ENTRIES = f"""SELECT {COLUMNS} FROM journal_entry e WHERE subject = %s ORDER BY stream_id, seq"""

# Of a unit's streams, oldest incarnation first: those whose writer makes the order, and the others. What concerns
# everybody is ordered by whoever writes it.
LINES = """SELECT s.id, s.unit, s.channel = 'reference'
               OR (s.channel = 'work' AND s.node = COALESCE(n.authority, n.id))
           FROM journal_stream s JOIN journal_node n ON n.ours
           WHERE s.unit = ANY (%s) ORDER BY s.incarnation, s.unit, s.id"""
TAKING = """SELECT p.stream, p.seq, t.authority, t.seq, t.up_to
            FROM unnest(%s::uuid[], %s::bigint[]) p(stream, seq) CROSS JOIN unnest(%s::uuid[]) a(id)
            CROSS JOIN LATERAL (SELECT * FROM journal_taking t WHERE t.authority = a.id AND t.stream = p.stream
                                AND t.up_to >= p.seq AND journal_speaks(t) ORDER BY t.up_to LIMIT 1) t"""
VERDICTS = """SELECT entry, authority, seq, held FROM journal_verdict
              WHERE entry = ANY (%s) AND authority = ANY (%s)"""


def history(subject: UUID, using: str = "default") -> list[Entry[Any]]:
    """All entries of a subject that this session may see, in fold order.

    Where all lie in one stream, and nobody has judged any, its `seq` is the order. Else the taking-in by the
    authority of its unit is.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(ENTRIES, [subject])
        rows = cursor.fetchall()
    entries = [read(stream, seq, unit, bytes(payload)) for stream, seq, unit, payload, _ in rows]
    judged = {subject} if any(row[4] for row in rows) else set()
    return spread(in_fold_order({subject: entries}, judged, using)[subject])


def in_fold_order(subjects: Subjects, judged: Collection[UUID], using: str) -> dict[UUID, list[Entry[Any]]]:
    """The entries of each subject, given by stream and `seq`, in fold order.

    `judged` are the subjects of which some entry was held or released. A few queries, however many there are.
    """
    unclear = {
        subject: entries
        for subject, entries in subjects.items()
        if subject in judged or len({entry.stream for entry in entries}) > 1
    }
    if not unclear:
        return dict(subjects)
    said = _said(unclear, using)
    return {**subjects, **{subject: said.order(entries) for subject, entries in unclear.items()}}


@dataclass(frozen=True, slots=True)
class _Said:
    """What the authority has said of some entries."""

    lines: list[tuple[UUID, str, bool]]  # streams of the units: id, unit, whether the authority's
    taking: Mapping[
        Place, list[tuple[Place, int]]
    ]  # by entry: where each taking stands, and how far it reaches
    verdicts: Mapping[UUID, list[tuple[Place, bool]]]  # by entry: where it is held (true) or released

    def order(self, entries: list[Entry[Any]]) -> list[Entry[Any]]:
        units = {entry.unit for entry in entries}
        lines = [line for line in self.lines if line[1] in units]
        return in_order(
            entries,
            self._taking(entries),
            [stream for stream, _, orders in lines if orders],
            [stream for stream, _, orders in lines if not orders],
        )

    def _taking(self, entries: list[Entry[Any]]) -> list[Entry[Any]]:
        held: dict[Place, dict[str, str]] = defaultdict(dict)
        released: list[Entry[Any]] = []
        for entry in entries:
            for place, is_held in self.verdicts.get(entry.id, ()):
                if is_held:
                    held[place][str(entry.id)] = ""
                else:
                    released.append(_standing(place, Released(entry=entry.id)))
        taken = {
            place: _standing(place, Taken(stream=entry.stream, up_to=up_to, held=held[place]))
            for entry in entries
            for place, up_to in self.taking.get((entry.stream, entry.seq), ())
        }
        return [*taken.values(), *released]


def _standing(place: Place, body: Body) -> Entry[Any]:
    """An entry as far as the order asks for it."""
    nobody = UUID(int=0)
    return Entry(
        *place, "", nobody, nobody, None, body.kind, 1, nobody, None, datetime.min.replace(tzinfo=UTC), body
    )


def _said(subjects: Subjects, using: str) -> _Said:
    every = [entry for entries in subjects.values() for entry in entries]
    with connections[using].cursor() as cursor:
        cursor.execute(LINES, [sorted({entry.unit for entry in every})])
        lines = cursor.fetchall()
        authority = [stream for stream, _, orders in lines if orders]
        others = [entry for entry in every if entry.stream not in set(authority)]
        places = [entry.stream for entry in others], [entry.seq for entry in others]
        cursor.execute(TAKING, [*places, authority])
        taking: dict[Place, list[tuple[Place, int]]] = defaultdict(list)
        for stream, seq, *place, up_to in cursor.fetchall():
            taking[stream, seq].append(((place[0], place[1]), up_to))
        cursor.execute(VERDICTS, [[entry.id for entry in others], authority])
        verdicts: dict[UUID, list[tuple[Place, bool]]] = defaultdict(list)
        for entry_id, stream, seq, held in cursor.fetchall():
            verdicts[entry_id].append(((stream, seq), held))
    return _Said(lines, taking, verdicts)


def folded_again(fold: Fold[S], subject: UUID, using: str = "default") -> Folded[S]:
    """A subject folded from the journal itself, not from its row."""
    return fold(history(subject, using))
