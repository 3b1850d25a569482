"""One batch on its way in: what it is held against, where it is put, and whose rows it changes."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from django.db import connections
from psycopg import Cursor

from haicap.journal.batch import Batch, Fork, Gap, Item, check
from haicap.journal.blinding import fill_for
from haicap.journal.blob_parts import files_named
from haicap.journal.chain import chain
from haicap.journal.covering import covered_by, not_taken
from haicap.journal.entry import Entry
from haicap.journal.fold import advanced
from haicap.journal.ids import uuid7
from haicap.journal.intakes import intakes
from haicap.journal.order import Released, Taken
from haicap.journal.pen import Live, Pen
from haicap.journal.projection import projection_of, show
from haicap.journal.reference import authority, moved
from haicap.journal.reference import ours as our_row
from haicap.journal.refolding import Subject, Unfoldable, folded, named
from haicap.journal.showing import show_all

# Of these subjects those of which more lies here, or of whose entries something was said before they came.
ELSEWHERE = """SELECT subject FROM journal_entry WHERE subject = ANY (%s)
               UNION SELECT s FROM unnest(%s::uuid[], %s::uuid[]) n(id, s)
                   WHERE EXISTS (SELECT 1 FROM journal_verdict v WHERE v.entry = n.id)"""
WANT = """INSERT INTO journal_wanted (key_id, subject, stream)
          SELECT k, s, %s FROM unnest(%s::bytea[], %s::uuid[]) n(k, s)
          WHERE NOT EXISTS (SELECT 1 FROM journal_subjectkey h WHERE h.key_id = k) ON CONFLICT DO NOTHING"""
LACK = """INSERT INTO journal_lacking (sha256, subject, stream)
          SELECT n, s, %s FROM unnest(%s::text[], %s::uuid[]) f(n, s) ON CONFLICT DO NOTHING"""
LATER = """SELECT 1 FROM journal_stream o WHERE o.node = %s AND o.unit = %s AND o.channel = %s AND o.incarnation > %s
           AND o.seq > 0 LIMIT 1"""


class Judged(Protocol):
    """What the authority makes of entries: those that it holds, each with a reason, and those it only marks."""

    @property
    def held(self) -> Mapping[UUID, str]: ...
    @property
    def withdrawn(self) -> tuple[UUID, ...]: ...


Judge: TypeAlias = Callable[[list[Entry[Any]]], Judged]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict given beforehand."""

    held: Mapping[UUID, str]
    withdrawn: tuple[UUID, ...] = ()


def take_in(
    batch: Batch, held: Mapping[UUID, str] | Judge | None, using: str, at: datetime
) -> list[Entry[Any]]:
    """As `intake.receive`, within a transaction."""
    intake = _Intake(batch, using, at)
    judge = (lambda entries: Judgement(held)) if isinstance(held, Mapping) else held
    return intake.take(None if batch.description.node == intake.desk.own.id else judge)


class _Intake:
    """A batch, and where it goes."""

    def __init__(self, batch: Batch, using: str, at: datetime) -> None:
        self.batch = batch
        self.stream = batch.description.id()
        self.using = using
        self.at = at
        self.desk = Live(using)
        self.work = self.desk.own.stream(batch.description.unit, "work").id()

    def take(self, judge: Judge | None) -> list[Entry[Any]]:
        entries = check(self.batch, self._before())
        covered = self._covered(entries, judge is not None)
        self._lock({entry.subject for entry in entries} | covered)
        known = self._known()
        entries, items = entries[known:], self.batch.items[known:]
        if not entries:
            return []
        verdict = judge(entries) if judge else None
        further = self._elsewhere(entries) | covered
        self._insert(items, self.batch.after + known)
        self._want(entries, items)
        if verdict is not None:
            self._taken(entries, verdict)
        self._show(entries, verdict.held if verdict else {}, further)
        sealed = {entry.subject for entry, item in zip(entries, items, strict=True) if item.ciphertext}
        if sealed:
            fill_for(sealed, self.using)
        return entries

    def _before(self) -> bytes:
        """The hash that the batch goes on from. Raises `Gap` where the stream has not come so far."""
        if self.batch.after == 0:
            return self.batch.description.digest()
        before = self._hash(self.batch.after)
        if before is None:
            raise Gap(*self._head())
        return before

    def _hash(self, seq: int) -> bytes | None:
        row = self._one("SELECT hash FROM journal_entry WHERE stream_id = %s AND seq = %s", self.stream, seq)
        return bytes(row[0]) if row else None

    def _head(self) -> tuple[int, bytes]:
        row = self._one("SELECT seq, hash FROM journal_stream WHERE id = %s", self.stream)
        return (row[0], bytes(row[1])) if row else (0, self.batch.description.digest())

    def _one(self, question: str, *given: Any) -> tuple[Any, ...] | None:
        with connections[self.using].cursor() as cursor:
            cursor.execute(question, given)
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def _all(self, question: str, *given: Any) -> set[UUID]:
        with connections[self.using].cursor() as cursor:
            cursor.execute(question, given)
            return {subject for (subject,) in cursor.fetchall()}

    def _covered(self, entries: Iterable[Entry[Any]], judges: bool) -> set[UUID]:
        """The subjects that taking-in brings into another order, besides those of the batch.

        By what the batch itself says, where the authority has written it; or, where this node is the authority, by
        what it will write, if something of the stream lies here that was not taken in before.
        """
        its = self.batch.description
        if judges:
            return not_taken(self.stream, self.batch.after, self.work, self.using)
        if its.channel == "work" and its.node == authority(self.using):
            return covered_by(entries, self.stream, self.using)
        return set()

    def _lock(self, subjects: Collection[UUID]) -> None:
        self._one("SELECT journal_lock(%s, %s)", [*subjects, self.stream], [self.stream, self.work])

    def _known(self) -> int:
        """How many entries of the batch lie here already. Raises `Fork` where others do."""
        seq, _ = self._head()
        after, items = self.batch.after, self.batch.items
        known = min(seq - after, len(items))
        if known > 0:
            payloads = (item.payload for item in items[:known])
            there = self._hash(after + known)
            if chain(self._before(), self.stream, after + 1, payloads)[-1] != there:
                raise Fork(after + known, there or b"")
        return max(known, 0)

    def _elsewhere(self, entries: list[Entry[Any]]) -> set[UUID]:
        subjects = [entry.subject for entry in entries]
        return self._all(ELSEWHERE, subjects, [entry.id for entry in entries], subjects)

    def _insert(self, items: Iterable[Item], after: int) -> None:
        payloads, ciphertexts = zip(*((item.payload, item.ciphertext) for item in items), strict=True)
        its = self.batch.description
        given = {"its": its.canonical(), "after": after, "all": list(payloads), "texts": list(ciphertexts)}
        call = (
            "append(%(its)b, "
            if its.incarnation == self.desk.own.incarnation
            else "receive(%(its)b, %(after)b, "
        )
        with Cursor(
            connections[self.using].connection
        ) as cursor:  # which sends bytes as they are, not as text
            cursor.execute(f"SELECT journal_{call}%(all)b, %(texts)b::bytea[])".encode(), given)
        if its.channel == "reference":
            moved()

    def _want(self, entries: Iterable[Entry[Any]], items: Iterable[Item]) -> None:
        keys = {
            bytes.fromhex(entry.sealed.key_id): entry.subject
            for entry, item in zip(entries, items, strict=True)
            if entry.sealed and item.ciphertext is not None
        }
        files = {
            name: entry.subject
            for entry, item in zip(entries, items, strict=True)
            if b'"blob"' in item.payload
            for name in files_named(item.payload)
        }
        with connections[self.using].cursor() as cursor:
            if keys:
                cursor.execute(WANT, [self.stream, list(keys), list(keys.values())])
            if files:
                cursor.execute(LACK, [self.stream, list(files), list(files.values())])

    def _taken(self, entries: list[Entry[Any]], verdict: Judged) -> None:
        held = {str(entry): reason for entry, reason in verdict.held.items()}
        body = Taken(stream=self.stream, up_to=entries[-1].seq, held=held, withdrawn=verdict.withdrawn)
        node = our_row(self.using)
        assert node is not None
        name = uuid7(self.at, self.desk.entropy)
        unit = self.batch.description.unit
        Pen(node, self.at, self.desk).write(intakes, name, self.stream, body, unit=unit, grant=None)

    def _show(self, entries: list[Entry[Any]], held: Collection[UUID], further: set[UUID]) -> None:
        """Write the rows of all whose state may be another now.

        Of a subject that is whole in the batch nothing is read again; nor of a stream of which the authority says
        no more than that it has taken it further.
        """
        its: dict[UUID, list[Entry[Any]]] = defaultdict(list)
        for entry in entries:
            its[entry.subject].append(entry)
        new = its.keys() - further
        rest = {subject for subject in further if not (subject in its and self._went_on(its[subject]))}
        again = named(rest, self.using) if rest else ()
        show_all([*(self._whole(its[subject], held) for subject in new), *again], new, self.using)

    def _whole(self, entries: list[Entry[Any]], held: Collection[UUID]) -> Subject | Unfoldable:
        newest = entries[-1]
        ordered = [entry for entry in entries if entry.id not in held]
        return folded(newest.subject, entries, ordered, (newest.stream, newest.seq))

    def _went_on(self, entries: list[Entry[Any]]) -> bool:
        """Fold takings onto the row of a stream that has one, if they are the last of its entries; whether it was so.

        A stream has more of them in a year than can be read at each contact.
        """
        if not all(isinstance(entry.body, Taken | Released) for entry in entries):
            return False
        before = after = self.desk.folded(intakes, entries[0].subject)
        its = self.batch.description
        if before.state is None or self._one(LATER, its.node, its.unit, its.channel, its.incarnation):
            return False
        for entry in entries:
            after = advanced(intakes, after, entry)
        show(projection_of(intakes), entries[0].subject, after, self.using)
        return True
