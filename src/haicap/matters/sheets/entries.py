"""What can be written down of a sheet that was handed in. Neither the sheet nor what its cells say is kept."""

from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind

Verdict = Literal["taken", "there", "listed", "passed"]
"""A line was taken as a matter, was there before, is listed with what is wrong, or is no record (a title, a total)."""


class Fault(Body):
    """A cell (`B3`, or empty for the whole line) and the code of what is wrong with it."""

    cell: str
    reason: str


class Row(Body):
    """What became of one line of the sheet; `sort` is what kind of line it is, `matter` what it is now."""

    number: int
    sort: str
    verdict: Verdict
    matter: UUID | None = None
    faults: tuple[Fault, ...] = ()


@kind("sheet.imported", version=1)
class Imported(Body):
    """A sheet was handed in to be taken over: which file, from whom, by which procedure, how its columns were read."""

    file: str
    sha256: str
    sheet: str
    giver: str  # who handed it over, as written
    procedure: str
    province: str | None
    lines: int
    columns: dict[str, str]  # what each column means, by its letter


@kind("sheet.read", version=1)
class Read(Body):
    """What became of the next lines of the sheet; the last ones say that all are read."""

    rows: tuple[Row, ...]
    done: bool


@kind("sheet.undone", version=1)
class Undone(Body):
    """The sheet was taken back: the matters withdrawn, and those that stay because somebody went on with them."""

    withdrawn: tuple[UUID, ...]
    kept: tuple[UUID, ...]
