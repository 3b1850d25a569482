"""The only way to write: a pen, held by one person at one moment.

Two desks under the same rules: `Live` writes in one transaction of the database, `Bulk` gathers in memory
and loads at once (imports, the demo's year).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid5

from django.db import connections, transaction

from haicap.journal.batch import LARGEST
from haicap.journal.chain import Channel, Description
from haicap.journal.entry import Entry, Seal, payload
from haicap.journal.fold import Fold, Folded, advanced
from haicap.journal.history import folded_again
from haicap.journal.holders import KeyGiven
from haicap.journal.ids import Entropy
from haicap.journal.kinds import Body, in_time
from haicap.journal.node import Own, own
from haicap.journal.projection import from_row, projection_of, show
from haicap.journal.reference import moved
from haicap.journal.sealing import blinds, key_for, key_id, seal

S = TypeVar("S")


class Author(Protocol):
    """Who writes: `units.rights.Person`, or any thing with an id."""

    @property
    def id(self) -> UUID: ...


class FromNewerVersion(Exception):
    """The subject holds an entry that this version does not know; nothing is decided until the upgrade."""

    def __init__(self, subject: UUID) -> None:
        super().__init__(f"subject {subject} holds an entry from a newer version")
        self.subject = subject


class Reused(Exception):
    """An entry id that another subject's entry has already; the journal never holds one twice."""

    def __init__(self, entry_id: UUID) -> None:
        super().__init__(f"the entry {entry_id} is another subject's")
        self.entry_id = entry_id


class Unwritable(Exception):
    """An entry that other nodes would not take as it is; nothing of it was written."""


class OutOfTime(Unwritable):
    """A day or a moment in the entry lies outside the years that are reckoned with (`kinds.YEARS`)."""


class TooLong(Unwritable):
    """An entry of so many bytes that it could travel to no other node: its payload, or what of it is sealed."""

    def __init__(self, size: int) -> None:
        super().__init__(f"an entry of {size} bytes; it may have {LARGEST}")
        self.size = size


class Desk(Protocol):
    """Where a pen writes."""

    own: Own
    entropy: Entropy

    def folded(self, fold: Fold[S], subject: UUID) -> Folded[S]: ...
    def known(self, entry_id: UUID) -> bool: ...
    def key(self, subject: UUID) -> bytes: ...
    def serial(self, unit: str, year: int) -> int: ...
    def append(
        self, stream: Description, entry_id: UUID, payload: bytes, ciphertext: bytes | None, blinds: bytes
    ) -> None: ...
    def show(self, fold: Fold[S], subject: UUID, folded: Folded[S], entry: Entry[Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Pen:
    """One person at one moment, writing. `at` is aware and is what the entries claim."""

    person: Author
    at: datetime
    desk: Desk

    def by(self, person: Author, at: datetime) -> "Pen":
        """The same desk, another person or moment."""
        return replace(self, person=person, at=at)

    def folded(self, fold: Fold[S], subject: UUID) -> Folded[S]:
        """A subject with its conflicts, as this transaction sees it; empty before its opening."""
        return self.desk.folded(fold, subject)

    def state(self, fold: Fold[S], subject: UUID) -> S | None:
        """A subject's state, or None before its opening."""
        return self.desk.folded(fold, subject).state

    def wrote(self, entry_id: UUID) -> bool:
        """Whether the journal holds this entry already: the same form sent twice."""
        return self.desk.known(entry_id)

    def serial(self, unit: str, year: int) -> tuple[str, int]:
        """The incarnation's short code and the next number of a unit in a year; it is never given again."""
        return self.desk.own.code(), self.desk.serial(unit, year)

    def write(
        self,
        fold: Fold[S],
        entry_id: UUID,
        subject: UUID,
        body: Body,
        *,
        unit: str,
        grant: UUID | None,
        channel: Channel | None = None,
        sealed: Mapping[str, object] | None = None,
        after: UUID | None = None,
    ) -> S:
        """Write one entry into the file of `unit` and return the subject's state after it.

        `channel` is that of the kind, unless said otherwise; what binds others goes nowhere but into `reference`.
        `after` is for a free kind that names an entry there; what decides names the last decision that it saw.
        An `entry_id` that the journal holds already changes nothing: the first stays, its state is returned.
        `sealed` facts are encrypted under the subject's key, and found again by what the fold names of them. Raises
        `FromNewerVersion`, `Reused`, `Unwritable`, and `ValueError` for an opening of what is open, or another body
        before it.
        """
        before = self.desk.folded(fold, subject)
        if self.desk.known(entry_id):
            if before.state is None:
                raise Reused(entry_id)
            return before.state
        channel = channel or body.channel
        if body.channel == "reference" != channel:
            raise ValueError(f"{body.kind} is written in the channel reference")
        if before.frozen and not body.free:
            raise FromNewerVersion(subject)
        if not fold.fits(before.state, body):
            raise ValueError(f"{body.kind} does not fit where subject {subject} is")
        if not (body.settles or in_time(body)):
            raise OutOfTime(body.kind)
        mark, ciphertext = self._sealed(subject, entry_id, sealed)
        stream = self.desk.own.stream(unit, channel)
        entry = Entry(
            stream=stream.id(), seq=0, unit=unit, id=entry_id, subject=subject,
            after=after if body.free else before.last,
            kind=body.kind, version=body.version, actor=self.person.id, grant=grant, at=self.at, body=body, sealed=mark,
        )  # fmt: skip
        data = self._payload(entry)
        if (size := max(len(data), len(ciphertext or b""))) > LARGEST:
            raise TooLong(size)
        self.desk.append(stream, entry.id, data, ciphertext, blinds(fold.found_by(sealed or {})))
        if mark is None and b'"blob":"' in data:
            self.name_key(stream, subject)
        self.desk.show(fold, subject, advanced(fold, before, entry), entry)
        state = self.desk.folded(fold, subject).state
        assert state is not None
        return state

    def _payload(self, entry: Entry[Any]) -> bytes:
        return payload(
            entry_id=entry.id, salt=self.desk.entropy(16), subject=entry.subject, after=entry.after, body=entry.body,
            actor=entry.actor, grant=entry.grant, at=entry.at, sealed=entry.sealed,
        )  # fmt: skip

    def name_key(self, stream: Description, subject: UUID) -> None:
        """Name the key under which the subject's files lie, once: keys that no entry names do not travel.

        Raises `Destroyed` for a subject that is erased.
        """
        own, key = self.desk.own, self.desk.key(subject)
        entry_id = uuid5(subject, f"holds {own.id} {key_id(key).hex()}")
        if self.desk.known(entry_id):
            return
        mark, ciphertext = seal(key, subject, entry_id, {}, self.desk.entropy)
        data = payload(
            entry_id=entry_id, salt=self.desk.entropy(16), subject=subject, after=None, body=KeyGiven(node=own.id),
            actor=own.id, grant=None, at=self.at, sealed=mark,
        )  # fmt: skip
        self.desk.append(stream, entry_id, data, ciphertext, b"")

    def _sealed(
        self, subject: UUID, entry_id: UUID, facts: Mapping[str, object] | None
    ) -> tuple[Seal | None, bytes | None]:
        if not facts:
            return None, None
        return seal(self.desk.key(subject), subject, entry_id, dict(facts), self.desk.entropy)


class Live:
    """A desk on the database; all that is written on it is committed together or not at all."""

    def __init__(self, using: str) -> None:
        self.using = using
        self.own = own(using)
        self.entropy: Entropy = os.urandom
        self.kept: dict[UUID, Folded[Any]] = {}
        self.unknown: set[UUID] = set()  # entry ids that were asked for and are not in the journal yet

    def folded(self, fold: Fold[S], subject: UUID) -> Folded[S]:
        if subject not in self.kept:
            row = projection_of(fold).table._default_manager.using(self.using).filter(pk=subject).first()
            self.kept[subject] = from_row(fold, row) if row is not None else Folded()
        return self.kept[subject]

    def known(self, entry_id: UUID) -> bool:
        if entry_id in self.unknown:
            return False
        with connections[self.using].cursor() as cursor:
            cursor.execute("SELECT 1 FROM journal_entry WHERE id = %s LIMIT 1", [entry_id])
            if cursor.fetchone():
                return True
        self.unknown.add(entry_id)
        return False

    def key(self, subject: UUID) -> bytes:
        return key_for(subject, self.entropy, self.using)

    def serial(self, unit: str, year: int) -> int:
        with connections[self.using].cursor() as cursor:
            cursor.execute(
                """INSERT INTO journal_counter (unit, year, incarnation, last) VALUES (%s, %s, %s, 1)
                   ON CONFLICT (unit, year, incarnation) DO UPDATE SET last = journal_counter.last + 1
                   RETURNING last""",
                [unit, year, self.own.incarnation],
            )
            return int(cursor.fetchone()[0])

    def append(
        self, stream: Description, entry_id: UUID, payload: bytes, ciphertext: bytes | None, blinds: bytes
    ) -> None:
        with connections[self.using].cursor() as cursor:
            cursor.execute(
                "SELECT journal_append(%s, %s, %s::bytea[], %s::bytea[])",
                [stream.canonical(), [payload], [ciphertext], [blinds]],
            )
        self.unknown.discard(entry_id)
        if stream.channel == "reference":
            moved()

    def show(self, fold: Fold[S], subject: UUID, folded: Folded[S], entry: Entry[Any]) -> None:
        if folded.aside or folded.waiting or folded.frozen:
            folded = folded_again(fold, subject, self.using)
        is_new = subject in self.kept and self.kept[subject].state is None
        self.kept[subject] = folded
        show(projection_of(fold), subject, folded, self.using, is_new=is_new)


@contextmanager
def writing(
    person: Author,
    *,
    at: datetime,
    subjects: Sequence[UUID] = (),
    units: Sequence[str] = (),
    channel: Channel = "work",
    using: str = "default",
) -> Iterator[Pen]:
    """One transaction in which `person` writes: everything on it is kept, or nothing.

    `subjects` and the streams of `units` are locked before anything is read, in the order of their ids, so
    that two actions on the same things wait for each other and never in a circle.
    """
    within = connections[using].in_atomic_block  # of a transaction that goes on after this
    with transaction.atomic(using=using):
        desk = Live(using)
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('haicap.pen', 'on', true), journal_lock(%s, %s)",
                [list(subjects), [desk.own.stream(unit, channel).id() for unit in units]],
            )
        yield Pen(person, at, desk)
        if within:
            with connections[using].cursor() as cursor:
                cursor.execute("SELECT set_config('haicap.pen', '', true)")
