"""What a room writes down of a sheet that was handed in. Neither the sheet nor what its cells say is kept.

These are shapes: a room registers kinds of its own with them, and says in its `Row` which field holds the subject.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self
from uuid import UUID

from haicap.journal.kinds import Body

Verdict = Literal["taken", "there", "listed", "passed"]
"""A line was taken in, was there before, is listed with what is wrong, or is no record (a title, a total)."""


class Fault(Body):
    """A cell (`B3`, or empty for the whole line) and the code of what is wrong with it."""

    cell: str
    reason: str


class Row(Body):
    """What became of one line of the sheet; `sort` is what kind of line it is."""

    holds: ClassVar[str]  # the field that a room adds: the subject that the line is now

    number: int
    sort: str
    verdict: Verdict
    faults: tuple[Fault, ...] = ()

    @property
    def subject(self) -> UUID | None:
        """The subject that the line is now; None where it is none."""
        its: UUID | None = getattr(self, self.holds)
        return its

    @classmethod
    def of(
        cls, number: int, sort: str, verdict: Verdict, subject: UUID | None, faults: tuple[Fault, ...]
    ) -> Self:
        """A row of this room."""
        its = {"number": number, "sort": sort, "verdict": verdict, "faults": faults, cls.holds: subject}
        return cls.model_validate(its)


class Imported(Body):
    """A sheet was handed in to be taken over: which file, from whom, which sort of list, how its columns read."""

    file: str
    sha256: str
    sheet: str
    giver: str  # who handed it over, as written
    procedure: str  # the code of the sort of list
    province: str | None
    lines: int
    columns: dict[str, str]  # what each column means, by its letter


class Read(Body):
    """What became of the next lines of the sheet; the last ones say that all are read. A room narrows `rows`."""

    rows: Sequence[Row]
    done: bool


class Undone(Body):
    """The sheet was taken back: what was withdrawn, and what stays because somebody went on with it."""

    withdrawn: tuple[UUID, ...]
    kept: tuple[UUID, ...]
