"""Batches on their way in: what they are held against, where they are put, and whose rows they change."""

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from django.db import connections

from haicap.journal.batch import Batch, Fork, Gap, Item, check
from haicap.journal.binary import done, rows
from haicap.journal.blinding import fill_for
from haicap.journal.blob_parts import files_named
from haicap.journal.chain import Description, chain
from haicap.journal.covering import covered_by, not_taken, said_beyond
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
from haicap.journal.showing import Rows, Shown, by_table, put, show_all, shown

# Of these subjects those of which more lies here, or of whose entries something was said before they came.
# OFFSET keeps each a look into the index: joined, the planner would read the whole journal for every batch.
ELSEWHERE = """SELECT s FROM unnest(%b::uuid[], %b::uuid[]) n(id, s)
               WHERE EXISTS (SELECT 1 FROM journal_entry e WHERE e.subject = n.s OFFSET 0)
                  OR EXISTS (SELECT 1 FROM journal_verdict v WHERE v.entry = n.id OFFSET 0)"""
WANT = """INSERT INTO journal_wanted (key_id, subject, stream)
          SELECT k, s, %s FROM unnest(%s::bytea[], %s::uuid[]) n(k, s)
          WHERE NOT EXISTS (SELECT 1 FROM journal_subjectkey h WHERE h.key_id = k) ON CONFLICT DO NOTHING"""
LACK = """INSERT INTO journal_lacking (sha256, subject, stream)
          SELECT n, s, %s FROM unnest(%s::text[], %s::uuid[]) f(n, s) ON CONFLICT DO NOTHING"""
HEADS = "SELECT id, seq, hash FROM journal_stream WHERE id = ANY (%b)"
HASH = "SELECT hash FROM journal_entry WHERE stream_id = %b AND seq = %b"
LATER = """SELECT 1 FROM journal_stream o WHERE o.node = %b AND o.unit = %b AND o.channel = %b AND o.incarnation > %b
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


@dataclass(frozen=True, slots=True)
class Prepared(Batch):
    """A batch of which all is made that can be before it is taken in.

    `entries` are right after the hash `before`; `shown` are the rows of its subjects, right where nothing else lies
    here of them and nothing of them is held.
    """

    before: bytes = b""
    entries: Sequence[Entry[Any]] = ()
    shown: Mapping[UUID, Shown | Unfoldable] = field(default_factory=dict)
    rows: Rows = field(
        default_factory=dict
    )  # all of `shown`; none where one of its subjects cannot be folded


def prepared(batch: Batch, before: bytes) -> Prepared:
    """The batch with what is made of it after this hash. Raises as `check`."""
    entries = check(batch, before)
    its = {subject: _tried(_whole(some)) for subject, some in _by_subject(entries).items()}
    every = [it for it in its.values() if not isinstance(it, Unfoldable)]
    return Prepared(
        batch.description, batch.after, batch.items, batch.hash, batch.signature, before, entries, its,
        by_table(every) if len(every) == len(its) else {},
    )  # fmt: skip


def _tried(subject: Subject | Unfoldable) -> Shown | Unfoldable:
    """Its rows; it itself, where it cannot be folded: whether that matters is known only when it is taken in."""
    return subject if isinstance(subject, Unfoldable) else shown(subject)


def take_in(
    batch: Batch, held: Mapping[UUID, str] | Judge | None, using: str, at: datetime
) -> list[Entry[Any]]:
    """As `intake.receive`, within a transaction."""
    judge = (lambda entries: Judgement(held)) if isinstance(held, Mapping) else held
    intake = _Intake([batch], using, at)
    return intake.take(None if batch.description.node == intake.desk.own.id else judge)


def take_in_all(batches: Sequence[Batch], using: str, at: datetime) -> list[Entry[Any]]:
    """As `intake.receive_all`, within a transaction."""
    return _Intake(batches, using, at).take(None)


@dataclass(frozen=True, slots=True)
class _Part:
    """What came of one stream; `entries` are those of `items`, which follow on `after`."""

    description: Description
    after: int
    entries: Sequence[Entry[Any]]
    items: Sequence[Item]

    @property
    def stream(self) -> UUID:
        return self.description.id()


class _Intake:
    """Batches of different streams, and where they go. Those that are judged come one at a time."""

    def __init__(self, batches: Sequence[Batch], using: str, at: datetime) -> None:
        self.batches = {batch.description.id(): batch for batch in batches}
        assert len(self.batches) == len(batches)
        self.using = using
        self.at = at
        self.desk = Live(using)
        self.work = {self.desk.own.stream(batch.description.unit, "work").id() for batch in batches}

    def take(self, judge: Judge | None) -> list[Entry[Any]]:
        parts = self._checked()
        covered = {subject for part in parts for subject in self._covered(part, judge is not None)}
        self._lock({entry.subject for part in parts for entry in part.entries} | covered)
        parts = self._new(parts)
        entries = [entry for part in parts for entry in part.entries]
        if not entries:
            return []
        verdict = judge(entries) if judge else None
        its = _by_subject(entries)
        further = covered | self._elsewhere(entries) | {one for one, some in its.items() if _is_spread(some)}
        # Rows are made, and sent, while the database puts the entries.
        with connections[self.using].connection.pipeline():
            for part in parts:
                self._insert(part)
            put(self._rows(its, further, verdict), self.using)
        for part in parts:
            self._want(part)
        if verdict is not None:
            self._taken(parts[0], verdict)
        self._show_again(its, further)
        self._blind(parts)
        return entries

    def _checked(self) -> list[_Part]:
        """Each batch against the hash that it goes on from. Raises `Gap` where a stream has not come so far."""
        heads = self._heads()
        found = []
        for stream, batch in self.batches.items():
            seq, last = heads.get(stream, (0, batch.description.digest()))
            before = self._hash(batch, batch.after, (seq, last))
            if before is None:
                raise Gap(seq, last)
            ready = batch.entries if isinstance(batch, Prepared) and batch.before == before else None
            entries = check(batch, before) if ready is None else ready
            found.append(_Part(batch.description, batch.after, entries, batch.items))
        return found

    def _heads(self) -> dict[UUID, tuple[int, bytes]]:
        its = rows(HEADS, [list(self.batches)], self.using)
        return {stream: (seq, bytes(digest)) for stream, seq, digest in its}

    def _hash(self, batch: Batch, seq: int, head: tuple[int, bytes]) -> bytes | None:
        if seq == 0:
            return batch.description.digest()
        if seq == head[0]:
            return head[1]
        stream = batch.description.id()
        found = rows(HASH, [stream, seq], self.using)
        return bytes(found[0][0]) if found else None

    def _covered(self, part: _Part, judges: bool) -> set[UUID]:
        """The subjects that taking-in brings into another order, besides those of the batch.

        By what the batch itself says, where the authority has written it; by what the authority has said of the stream
        that has not come so far yet; or, where this node is the authority, by what it will write, if something of the
        stream lies here that was not taken in before.
        """
        its = part.description
        if its.channel == "reference":
            return set()
        if its.channel == "work" and its.node == authority(self.using):
            return covered_by(part.entries, part.stream, self.using)
        covered = said_beyond(its, part.after, part.after + len(part.items), self.using)
        if judges:
            (work,) = self.work
            covered |= not_taken(part.stream, part.after, work, self.using)
        return covered

    def _lock(self, subjects: Collection[UUID]) -> None:
        streams = [*self.batches]
        done("SELECT journal_lock(%b, %b)", [[*subjects, *streams], [*streams, *self.work]], self.using)

    def _new(self, parts: Iterable[_Part]) -> list[_Part]:
        """What does not lie here yet of each, now that nobody else adds to it. Raises `Fork` where others do."""
        heads = self._heads()
        found = []
        for part in parts:
            known = self._known(part, heads.get(part.stream, (0, b"")))
            if known < len(part.items):
                found.append(replace(
                    part, after=part.after + known, entries=part.entries[known:], items=part.items[known:]
                ))  # fmt: skip
        return found

    def _known(self, part: _Part, head: tuple[int, bytes]) -> int:
        known = min(head[0] - part.after, len(part.items))
        if known > 0:
            batch, after = self.batches[part.stream], part.after
            there = self._hash(batch, after + known, head)
            before = self._hash(batch, after, head) or b""
            payloads = (item.payload for item in part.items[:known])
            if chain(before, part.stream, after + 1, payloads)[-1] != there:
                raise Fork(after + known, there or b"")
        return max(known, 0)

    def _elsewhere(self, entries: list[Entry[Any]]) -> set[UUID]:
        asked = [[entry.id for entry in entries], [entry.subject for entry in entries]]
        return {subject for (subject,) in rows(ELSEWHERE, asked, self.using)}

    def _insert(self, part: _Part) -> None:
        payloads, ciphertexts = zip(*((item.payload, item.ciphertext) for item in part.items), strict=True)
        its = part.description
        given = {
            "its": its.canonical(),
            "after": part.after,
            "all": list(payloads),
            "texts": list(ciphertexts),
        }
        ours = its.incarnation == self.desk.own.incarnation
        call = "append(%(its)b, " if ours else "receive(%(its)b, %(after)b, "
        done(f"SELECT journal_{call}%(all)b, %(texts)b::bytea[])", given, self.using)
        if its.channel == "reference":
            moved()

    def _want(self, part: _Part) -> None:
        pairs = list(zip(part.entries, part.items, strict=True))
        keys = {
            bytes.fromhex(entry.sealed.key_id): entry.subject
            for entry, item in pairs
            if entry.sealed and item.ciphertext is not None
        }
        files = {
            name: entry.subject
            for entry, item in pairs
            if b'"blob"' in item.payload
            for name in files_named(item.payload)
        }
        with connections[self.using].cursor() as cursor:
            if keys:
                cursor.execute(WANT, [part.stream, list(keys), list(keys.values())])
            if files:
                cursor.execute(LACK, [part.stream, list(files), list(files.values())])

    def _taken(self, part: _Part, verdict: Judged) -> None:
        held = {str(entry): reason for entry, reason in verdict.held.items()}
        body = Taken(stream=part.stream, up_to=part.entries[-1].seq, held=held, withdrawn=verdict.withdrawn)
        node = our_row(self.using)
        assert node is not None
        name = uuid7(self.at, self.desk.entropy)
        unit = part.description.unit
        last = part.entries[-1].id
        Pen(node, self.at, self.desk).write(
            intakes, name, part.stream, body, unit=unit, grant=None, after=last
        )

    def _show_again(self, its: Mapping[UUID, list[Entry[Any]]], further: set[UUID]) -> None:
        """Write the rows of those whose state may be another now, and which are not whole in what came.

        Of a stream of which the authority says no more than that it has taken it further, nothing is read again.
        """
        rest = {subject for subject in further if not (subject in its and self._went_on(its[subject]))}
        if rest:
            show_all(named(rest, self.using), self.using)

    def _rows(self, its: Mapping[UUID, list[Entry[Any]]], further: set[UUID], verdict: Judged | None) -> Rows:
        """The rows of the subjects that are whole in what came. Raises `Unfoldable`."""
        batch = next(iter(self.batches.values()))
        if (
            isinstance(batch, Prepared)
            and its.keys() == batch.shown.keys()
            and not (further or verdict)
            and batch.rows
        ):
            return batch.rows
        return by_table(self._shown(its[subject], verdict) for subject in its.keys() - further)

    def _shown(self, entries: list[Entry[Any]], verdict: Judged | None) -> Shown:
        """The rows of a subject all of which is in what came. Raises `Unfoldable`."""
        batch = self.batches[entries[0].stream]
        if not isinstance(batch, Prepared) or verdict:
            return shown(_whole(entries, verdict.held if verdict else ()))
        its = batch.shown[entries[0].subject]
        if isinstance(its, Unfoldable):
            raise its
        return its

    def _went_on(self, entries: list[Entry[Any]]) -> bool:
        """Fold takings onto the row of a stream that has one, if they are the last of its entries; whether it was so.

        A stream has more of them in a year than can be read at each contact.
        """
        if not all(isinstance(entry.body, Taken | Released) for entry in entries):
            return False
        before = after = self.desk.folded(intakes, entries[0].subject)
        its = self.batches[entries[0].stream].description
        if before.state is None or rows(
            LATER, [its.node, its.unit, its.channel, its.incarnation], self.using
        ):
            return False
        for entry in entries:
            after = advanced(intakes, after, entry)
        show(projection_of(intakes), entries[0].subject, after, self.using)
        return True

    def _blind(self, parts: Iterable[_Part]) -> None:
        """Let what is sealed be found by those who may open it."""
        sealed = {
            entry.subject
            for part in parts
            for entry, item in zip(part.entries, part.items, strict=True)
            if item.ciphertext
        }
        if sealed:
            fill_for(sealed, self.using)


def _whole(entries: list[Entry[Any]], held: Container[UUID] = ()) -> Subject | Unfoldable:
    newest = entries[-1]
    ordered = [entry for entry in entries if entry.id not in held]
    return folded(newest.subject, entries, ordered, (newest.stream, newest.seq))


def _by_subject(entries: Iterable[Entry[Any]]) -> dict[UUID, list[Entry[Any]]]:
    its: dict[UUID, list[Entry[Any]]] = defaultdict(list)
    for entry in entries:
        its[entry.subject].append(entry)
    return its


def _is_spread(entries: Iterable[Entry[Any]]) -> bool:
    """Whether entries stand in several streams."""
    return len({entry.stream for entry in entries}) > 1
