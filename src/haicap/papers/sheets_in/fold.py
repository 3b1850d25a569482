"""What the entries of a sheet mean, in every room alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.papers.sheets_in.entries import Imported, Read, Row, Undone, Verdict


@dataclass(frozen=True, slots=True)
class Batch:
    """A sheet that was handed in, and what became of each of its lines. A room narrows `rows` to its own."""

    id: UUID
    unit: str
    province: str | None
    person: UUID
    at: datetime
    file: str
    sha256: str
    sheet: str
    giver: str
    procedure: str
    lines: int
    columns: dict[str, str]
    rows: Sequence[Row] = ()
    done: datetime | None = None
    undone: datetime | None = None
    withdrawn: tuple[UUID, ...] = ()
    kept: tuple[UUID, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many lines came to this."""
        return sum(row.verdict == verdict for row in self.rows)

    @property
    def subjects(self) -> tuple[UUID, ...]:
        """What was taken in from it."""
        return tuple(row.subject for row in self.rows if row.verdict == "taken" and row.subject)


B = TypeVar("B", bound=Batch)


def fold_of(state: type[B], imported: type[Imported], read: type[Read], undone: type[Undone]) -> Fold[B]:
    """The fold of a room's sheets, of its own kinds of entry."""
    batches = Fold(state)

    @batches.on(imported, opens=True)
    def opened(_: None, entry: Entry[Any]) -> B:
        it = entry.body
        return state(
            id=entry.subject, unit=entry.unit, province=it.province, person=entry.actor, at=entry.at, file=it.file,
            sha256=it.sha256, sheet=it.sheet, giver=it.giver, procedure=it.procedure, lines=it.lines,
            columns=it.columns,
        )  # fmt: skip

    @batches.on(read)
    def went_on(batch: B, entry: Entry[Any]) -> B:
        it = entry.body
        return replace(batch, rows=(*batch.rows, *it.rows), done=entry.at if it.done else batch.done)

    @batches.on(undone)
    def taken_back(batch: B, entry: Entry[Any]) -> B:
        it = entry.body
        return replace(batch, undone=entry.at, withdrawn=(*batch.withdrawn, *it.withdrawn), kept=it.kept)

    return batches
