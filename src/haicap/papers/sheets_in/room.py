"""What a room says to take lists in: the sorts of list there are, what a line becomes, and where that is kept.

A room writes a `Sort` for each sort of list, one `Room`, its tables and kinds of entry (`models.py`, `entries.py`,
`fold.py` give their shapes), and two long works. All else, from the file to the receipt, is here.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.pen import Pen
from haicap.papers.sheets_in.entries import Fault, Imported, Read, Row, Undone
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.models import KeptPlan, SheetRow, Upload
from haicap.papers.sheets_in.places import Places
from haicap.papers.sheets_in.plans import Plan
from haicap.papers.sheets_in.reading import Ground, Reading
from haicap.papers.sheets_in.targets import Target
from haicap.papers.tables import Line
from haicap.units.models import UnitRow
from haicap.units.rights import Person, Refused

DESKS = (
    "commune",
    "department",
)  # the levels at which a sheet is for the unit that hands it in, unless it says more


class NoSuchSort(LookupError):
    """There is no sort of list with this code, or none any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a line says. A room adds what it needs.

    `unit` is the unit whose file it will be; `key` what it is known by again, whichever sheet brings it: it begins with
    the unit and the sort of list; `title` shows it to people.
    """

    unit: str
    key: str
    title: str


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class There:
    """What there is of a subject: with which sheet it came (empty: with none), and whether it was taken back."""

    batch: str = ""
    retracted: bool = False


class Sort(ABC, Generic[R]):
    """A sort of list that a room takes in. Made for one page or work: its labels are in the active language."""

    code: str
    targets: tuple[Target, ...]
    fails: ClassVar[Mapping[type[Exception], str]] = {}
    """What `enter` raises of a record that cannot be taken, and the reason (`reason:target`) that its line is given."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called."""

    @abstractmethod
    def require(self, person: Person, unit: str) -> None:
        """Raises `Refused` where somebody may not take such records in at a unit."""

    @abstractmethod
    def record(self, reading: Reading) -> R | None:
        """What a line says; what is wrong with it is blamed. Pure."""

    @abstractmethod
    def enter(
        self, pen: Pen, record: R, subject: UUID, *, source: Mapping[str, str], synthetic: bool
    ) -> None:
        """Write a record down as `subject`, in the pen's transaction, which holds the subject and the record's unit.

        Idempotent: ids of entries are made from the subject. `source` has the sheet's id (`batch`), its `file`, the
        number of the `row`. Raises `Refused` and what `fails` names.
        """

    def along(self, record: R, subject: UUID) -> Collection[UUID]:
        """What else a line opens beside its subject, by ids made from that: the pen holds these, too."""
        return ()

    def allows(self, unit: UnitRow) -> bool:
        """Whether such records can be of this unit at all."""
        return unit.closed is None

    def ours(self, person: Person, lines: Sequence[Line], plan: Plan) -> Mapping[int, UUID]:
        """Of the lines that name what is here by its own number, as a list that was taken away does: its subject."""
        return {}

    @property
    def beside_name(self) -> str:
        """What `beside` is called; empty where nothing is."""
        return ""

    def beside(self, record: R) -> str:
        """What the page of the check shows of a record beside title and unit."""
        return ""

    def read(self, line: Line, ground: Ground) -> tuple[R | None, tuple[Fault, ...]]:
        """What a line says, or everything that is wrong with it, cell by cell."""
        reading = Reading(line, ground)
        record = self.record(reading)
        return (None, tuple(reading.faults)) if reading.faults else (record, ())

    def may(self, person: Person, unit: str) -> bool:
        """Whether somebody may take such records in at a unit."""
        try:
            self.require(person, unit)
        except Refused:
            return False
        return True


class Room(ABC):
    """A room that takes lists in: its tables, its kinds of entry, its sorts of list."""

    batches: Fold[Any]  # of a `Batch`
    rows: type[SheetRow]
    uploads: type[Upload]
    plans: type[KeptPlan]
    imported: type[Imported]
    read: type[Read]
    row: type[Row]
    undone: type[Undone]
    sees: str  # the action without which nobody sees a sheet

    @abstractmethod
    def sorts(self, person: Person) -> Sequence[Sort[Any]]:
        """The sorts of list that somebody may take in somewhere."""

    @abstractmethod
    def sort(self, code: str, at: datetime | None = None) -> Sort[Any]:
        """The sort of list with this code, as it is at `at`; without, the newest. Raises `NoSuchSort`."""

    def known(self, code: str) -> Sort[Any] | None:
        """The newest sort of list with this code, None where there is none."""
        try:
            return self.sort(code)
        except NoSuchSort:
            return None

    @abstractmethod
    def desk(self, person: Person, sort: Sort[Any]) -> str:
        """The unit at which somebody hands such a list in."""

    @abstractmethod
    def grant(self, person: Person, unit: str, code: str) -> UUID:
        """The grant on which somebody takes a sheet in at a unit, or back. Raises `Refused`."""

    @abstractmethod
    def there(self, subjects: Collection[UUID]) -> Mapping[UUID, There]:
        """Of these subjects those that are there. One query."""

    @abstractmethod
    def files(self, subjects: Collection[UUID]) -> Mapping[UUID, str]:
        """Of these subjects those that are there, each with the unit whose file it is. One query."""

    @abstractmethod
    def retract(
        self, pen: Pen, *, entry_id: UUID, subject: UUID, batch: UUID, reason: str, grant: UUID | None
    ) -> bool:
        """Take back what came with a sheet. False where somebody has gone on with it, and it stays. Idempotent."""

    def along(self, subject: UUID) -> Collection[UUID]:
        """What else came with the line of a subject, and is taken back with it. One query at most."""
        return ()

    def received(self, batch: UUID) -> Sequence[tuple[str, int, str]]:
        """What the receipt names one by one of a list, beside how many lines: what, how many, a note. Few queries."""
        return ()

    def ground(self, person: Person, sort: Sort[Any], plan: Plan, unit: str, at: datetime) -> Ground:
        """What the lines of a list are read against. Two queries.

        A line that names no unit is of the one said for all lines, else of the desk that hands the list in.
        """
        places = Places.of(person, self.sees)
        own = places.rows.get(unit)
        stated = unit if own is not None and own.level in DESKS else ""
        if said := plan.fixed.get("unit", ""):
            code = said.partition(" · ")[0].strip()
            stated = code if code in places.rows else places.find(said).code or ""
        allowed: dict[str, bool] = {}

        def may(code: str) -> bool:
            if code not in allowed:
                row = places.rows.get(code)
                allowed[code] = row is not None and sort.allows(row) and sort.may(person, code)
            return allowed[code]

        return Ground(sort.targets, plan, places, stated, at, may)


def batch_of(room: Room, state: Any) -> Batch:
    """The sheet behind its row's state."""
    its: Batch = room.batches.form.validate_python(state, strict=False)
    return its
