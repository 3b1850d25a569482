"""What can be written down of a list of means. Neither the list nor what its cells say is kept."""

from uuid import UUID

from haicap.journal.kinds import kind
from haicap.papers.sheets_in import entries


class Row(entries.Row):
    """What became of one line of the list; `sort` is what kind of line it is, `item` what it is now.

    Where a line is of several single things, `item` is the first of them.
    """

    holds = "item"

    item: UUID | None = None


@kind("handover.imported", version=1)
class Imported(entries.Imported):
    """A list of former units' means was handed in: which file, from whom, of which sort, how its columns read."""


@kind("handover.read", version=1)
class Read(entries.Read):
    """What became of the next lines of the list; the last ones say that all are read."""

    rows: tuple[Row, ...]


@kind("handover.undone", version=1)
class Undone(entries.Undone):
    """The list was taken back: what was withdrawn, and what stays because somebody went on with it."""
