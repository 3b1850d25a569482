"""What the entries of a sheet mean."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.matters.sheets.entries import Imported, Read, Row, Undone, Verdict


@dataclass(frozen=True, slots=True)
class Batch:
    """A sheet that was handed in, and what became of each of its lines."""

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
    rows: tuple[Row, ...] = ()
    done: datetime | None = None
    undone: datetime | None = None
    withdrawn: tuple[UUID, ...] = ()
    kept: tuple[UUID, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many lines came to this."""
        return sum(row.verdict == verdict for row in self.rows)

    @property
    def matters(self) -> tuple[UUID, ...]:
        """The matters that were taken in from it."""
        return tuple(row.matter for row in self.rows if row.verdict == "taken" and row.matter)


batches = Fold(Batch)


@batches.on(Imported, opens=True)
def imported(_: None, entry: Entry[Imported]) -> Batch:
    it = entry.body
    return Batch(
        id=entry.subject, unit=entry.unit, province=it.province, person=entry.actor, at=entry.at, file=it.file,
        sha256=it.sha256, sheet=it.sheet, giver=it.giver, procedure=it.procedure, lines=it.lines, columns=it.columns,
    )  # fmt: skip


@batches.on(Read)
def read(batch: Batch, entry: Entry[Read]) -> Batch:
    it = entry.body
    return replace(batch, rows=(*batch.rows, *it.rows), done=entry.at if it.done else batch.done)


@batches.on(Undone)
def undone(batch: Batch, entry: Entry[Undone]) -> Batch:
    it = entry.body
    return replace(batch, undone=entry.at, withdrawn=(*batch.withdrawn, *it.withdrawn), kept=it.kept)
