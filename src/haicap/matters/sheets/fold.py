"""What the entries of a sheet of matters mean."""

from dataclasses import dataclass

from haicap.matters.sheets.entries import Imported, Read, Row, Undone
from haicap.papers.sheets_in import fold


@dataclass(frozen=True, slots=True)
class Batch(fold.Batch):
    """A sheet that was handed in, and what became of each of its lines."""

    rows: tuple[Row, ...] = ()


batches = fold.fold_of(Batch, Imported, Read, Undone)
