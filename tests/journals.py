"""A journal that a test may spoil, and what an owner with full powers can do to it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections

from haicap.journal.checkpoint import checkpoint
from haicap.journal.findings import Problem
from haicap.journal.fold import Fold
from haicap.journal.ids import uuid7
from haicap.journal.kinds import Body
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.journal.refolding import tables
from haicap.journal.verify import Report, verify
from haicap.units.actions import person_id, unit_id
from haicap.units.entries import Label, PersonRegistered, PostOpened, PostTaken, UnitMarked, UnitOpened
from haicap.units.fold import officers, posts, units
from haicap.units.loading import Founder

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = AT.date()
WARD, OTHER = "10507", "10525"
LABEL = Label(vi="Phường Thử", en="Test ward")


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal in a database of its own, with what a test does to it as its owner."""

    home: Path

    def begin(self) -> None:
        """Empty the journal and every table folded from it, then open two units and a post, and put somebody in."""
        emptied = [table._meta.db_table for table, _ in tables()]
        self.tamper(f"TRUNCATE journal_entry, journal_stream, {', '.join(emptied)}")
        for code in (WARD, OTHER):
            opened = UnitOpened(
                code=code, name=LABEL, level="commune", sort="ward", parent="31", province="31", since=DAY, act="QĐ 1"
            )  # fmt: skip
            self._write(units, uuid7(), unit_id(code), opened, unit=code)
        post, person = uuid7(), person_id("clerk")
        clerk = PersonRegistered(name="Cán bộ 001", account="clerk")
        self._write(officers, uuid7(), person, clerk, unit=OTHER)
        self._write(
            posts, uuid7(), post, PostOpened(unit=OTHER, province="31", role="clerk", name=LABEL, since=DAY)
        )
        self._write(posts, uuid7(), post, PostTaken(person=person, since=DAY))

    def write(self, count: int = 1, *, sealed: dict[str, object] | None = None) -> list[UUID]:
        """Entries about the ward, each in a transaction of its own; their ids."""
        ids = [uuid7() for _ in range(count)]
        for n, entry_id in enumerate(ids):
            body = UnitMarked(remote=n % 2 == 0, since=DAY, act=f"Quyết định {n}")
            self._write(units, entry_id, unit_id(WARD), body, unit=WARD, sealed=sealed)
        return ids

    def _write(self, fold: Fold[Any], entry_id: UUID, subject: UUID, body: Body, *, unit: str = OTHER,
               sealed: dict[str, object] | None = None) -> None:  # fmt: skip
        with writing(Founder(own().id), at=AT, subjects=[subject], units=[unit], channel="reference") as pen:
            pen.write(
                fold, entry_id, subject, body, unit=unit, grant=None, channel="reference", sealed=sealed
            )

    def stream(self, unit: str = WARD) -> UUID:
        """The stream that `write` writes to."""
        return own().stream(unit, "reference").id()

    def tamper(self, statement: str, *given: Any) -> int:
        """Run a statement as an owner who has put the triggers off; how many rows it changed."""
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
            cursor.execute(statement, given)
            changed: int = cursor.rowcount
            cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
        return changed

    def ask(self, question: str, *given: Any) -> list[tuple[Any, ...]]:
        """What the owner is answered."""
        with connections["owner"].cursor() as cursor:
            cursor.execute(question, given)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def checkpoint(self) -> None:
        assert checkpoint(at=AT) is not None

    def verify(self, **options: Any) -> Report:
        return verify(**{"refold": False, "processes": 1, **options})

    def problems(self, **options: Any) -> list[Problem]:
        report = self.verify(**options)
        assert report.ok is not bool(report.problems)
        return report.problems
