"""What can be written down of a sheet of matters. Neither the sheet nor what its cells say is kept."""

from uuid import UUID

from haicap.journal.kinds import kind
from haicap.papers.sheets_in import entries


class Row(entries.Row):
    """What became of one line of the sheet; `sort` is what kind of line it is, `matter` what it is now."""

    holds = "matter"

    matter: UUID | None = None


@kind("sheet.imported", version=1)
class Imported(entries.Imported):
    """A sheet was handed in to be taken over: which file, from whom, by which procedure, how its columns were read."""


@kind("sheet.read", version=1)
class Read(entries.Read):
    """What became of the next lines of the sheet; the last ones say that all are read."""

    rows: tuple[Row, ...]


@kind("sheet.undone", version=1)
class Undone(entries.Undone):
    """The sheet was taken back: the matters withdrawn, and those that stay because somebody went on with them."""
