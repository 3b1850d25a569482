"""What the entries of a list of means mean."""

from dataclasses import dataclass

from haicap.means.handover.entries import Imported, Read, Row, Undone
from haicap.papers.sheets_in import fold


@dataclass(frozen=True, slots=True)
class Batch(fold.Batch):
    """A list that was handed in, and what became of each of its lines."""

    rows: tuple[Row, ...] = ()


batches = fold.fold_of(Batch, Imported, Read, Undone)
