"""Taking a sheet in, and taking it back.

Every record is a transaction of its own, under an id that its words make; after each part of the sheet one entry says
what became of its lines. Cut off anywhere, it goes on where it was; handed in again, it finds what is there.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from haicap.journal.pen import writing
from haicap.papers.books import column_name, open_book
from haicap.papers.sheets_in import batches, uploads
from haicap.papers.sheets_in.entries import Row
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.judging import Judged, judged, table_of
from haicap.papers.sheets_in.models import Upload
from haicap.papers.sheets_in.plans import Plan, keep
from haicap.papers.sheets_in.room import Record, Room, Sort
from haicap.papers.sheets_in.words import fault
from haicap.papers.tables import Table
from haicap.units.actions import unit_id
from haicap.units.fold import units
from haicap.units.rights import Person, Refused

PARTS = 20  # at most, in which what became of the lines is written down
SMALLEST = 50  # lines of a part
Told = Callable[[int], None]


def nobody(done: int) -> None:
    """Told how many lines are done, it does nothing."""


def take_in(
    room: Room, upload: Upload, person: Person, *, at: datetime, told: Told = nobody, synthetic: bool = False
) -> Batch:
    """Take in what can be taken of a sheet, as its plan says; returns what became of every line.

    `at` is aware. Begun again after it was cut off, it goes on; done once, it does nothing more. `told` hears how many
    lines are done and may raise; `synthetic` marks what is made up. Raises `Refused`, `UnreadableSheet`, `NoSuchSort`.
    """
    sort, plan = room.sort(upload.procedure, at), uploads.plan_of(upload)
    sort.require(person, upload.unit)
    table = table_of(open_book(uploads.data_of(upload)), plan, sort)
    taking = Taking(room, sort, upload, person, at, synthetic)
    batch = taking.opened(table, plan)
    if batch.done is None:
        ground = room.ground(person, sort, plan, upload.unit, at)
        wanted = judged(room, sort, table, ground, person, upload.id)
        size = max(SMALLEST, -(-len(wanted) // PARTS))
        for start in range(len(batch.rows), max(len(wanted), 1), size):
            rows = tuple(taking.row(it) for it in wanted[start : start + size])
            batch = taking.went_on(start, rows, start + size >= len(wanted))
            told(len(batch.rows))
        keep(room.plans, plan, upload.unit, sort.code, table, at)
    uploads.drop(room.uploads, person, upload.id)
    return batch


class Taking:
    """One sheet being taken in."""

    def __init__(
        self, room: Room, sort: Sort[Any], upload: Upload, person: Person, at: datetime, synthetic: bool
    ) -> None:
        self.room, self.sort, self.upload = room, sort, upload
        self.person, self.at, self.synthetic = person, at, synthetic

    def opened(self, table: Table, plan: Plan) -> Batch:
        """The sheet's own subject, begun if this is the first time."""
        room, upload = self.room, self.upload
        with writing(self.person, at=self.at, subjects=[upload.id], units=[upload.unit]) as pen:
            known: Batch | None = pen.state(room.batches, upload.id)
            if known is not None:
                return known
            unit = pen.state(units, unit_id(upload.unit))
            body = room.imported(
                file=upload.name, sha256=upload.sha256, sheet=str(plan.sheet + 1), giver=plan.giver,
                procedure=upload.procedure, province=unit.province if unit else None, lines=len(table.lines),
                columns={column_name(place): code for place, code in plan.columns.items()},
            )  # fmt: skip
            grant = room.grant(self.person, upload.unit, upload.procedure)
            entry_id = uuid5(upload.id, "imported")
            new: Batch = pen.write(room.batches, entry_id, upload.id, body, unit=upload.unit, grant=grant)
            return new

    def row(self, it: Judged) -> Row:
        """What became of a line; a record is written down in a transaction of its own."""
        sort = self.sort
        if it.verdict != "taken" or it.record is None or it.subject is None:
            return self.room.row.of(it.line.number, it.line.sort, it.verdict, it.subject, it.faults)
        try:
            self.enter(it.record, it.subject, it.line.number)
        except Refused:
            return self._listed(it, "not-yours:unit")
        except tuple(sort.fails) as why:
            return self._listed(
                it, next(reason for kind, reason in sort.fails.items() if isinstance(why, kind))
            )
        return self.room.row.of(it.line.number, it.line.sort, it.verdict, it.subject, it.faults)

    def enter(self, record: Record, subject: UUID, number: int) -> None:
        """Write one record down, unless it is there."""
        source = {"batch": str(self.upload.id), "file": self.upload.name, "row": str(number)}
        its = [subject, *self.sort.along(record, subject)]
        with writing(self.person, at=self.at, subjects=its, units=[record.unit]) as pen:
            self.sort.enter(pen, record, subject, source=source, synthetic=self.synthetic)

    def _listed(self, it: Judged, reason: str) -> Row:
        return self.room.row.of(it.line.number, it.line.sort, "listed", None, (fault(reason),))

    def went_on(self, start: int, rows: Sequence[Row], done: bool) -> Batch:
        """What became of the next lines, written down."""
        room, upload = self.room, self.upload
        grant = room.grant(self.person, upload.unit, upload.procedure)
        with writing(self.person, at=self.at, subjects=[upload.id], units=[upload.unit]) as pen:
            body = room.read.model_validate({"rows": tuple(rows), "done": done})
            entry_id = uuid5(upload.id, f"read/{start}")
            its: Batch = pen.write(room.batches, entry_id, upload.id, body, unit=upload.unit, grant=grant)
            return its


def may_take_back(room: Room, person: Person, batch: Batch) -> bool:
    """Whether somebody may take a sheet back: whoever may take one in there."""
    try:
        room.grant(person, batch.unit, batch.procedure)
    except Refused:
        return False
    return True


def undo(
    room: Room, person: Person, batch: Batch, *, at: datetime, reason: str, told: Told = nobody
) -> Batch:
    """Take a sheet back: all of it that nobody has gone on with since; the rest stays, and is named.

    Each in a transaction of its own, so that it can be cut off and begun again; undone twice it changes nothing.
    Raises `Refused`.
    """
    grant = room.grant(person, batch.unit, batch.procedure)
    withdrawn: list[UUID] = []
    kept: list[UUID] = []
    unit_of = room.files(batch.subjects)
    for done, subject in enumerate((it for it in batch.subjects if it in unit_of), 1):
        unit = unit_of[subject]
        with writing(person, at=at, subjects=[subject, *room.along(subject)], units=[unit]) as pen:
            is_back = room.retract(
                pen, entry_id=uuid5(subject, "retracted"), subject=subject, batch=batch.id, reason=reason,
                grant=room.grant(person, unit, batch.procedure),
            )  # fmt: skip
        (withdrawn if is_back else kept).append(subject)
        told(done)
    return _undone(room, person, batch, withdrawn, kept, at=at, grant=grant)


def _undone(
    room: Room,
    person: Person,
    batch: Batch,
    withdrawn: Sequence[UUID],
    kept: Sequence[UUID],
    *,
    at: datetime,
    grant: UUID,
) -> Batch:
    with writing(person, at=at, subjects=[batch.id], units=[batch.unit]) as pen:
        now: Batch | None = pen.state(room.batches, batch.id)
        assert now is not None
        fresh = tuple(subject for subject in withdrawn if subject not in now.withdrawn)
        if now.undone and not fresh:
            return now
        entry_id = uuid5(batch.id, f"undone/{len(now.withdrawn)}/{now.undone or ''}")
        body = room.undone(withdrawn=fresh, kept=tuple(kept))
        its: Batch = pen.write(room.batches, entry_id, batch.id, body, unit=batch.unit, grant=grant)
        return its


# As long works


def go_on(room: Room, person: Person, id: UUID, at: datetime, told: Told) -> None:
    """Take in the file with this id; gone, it was taken in before."""
    upload = uploads.of(room.uploads, person).filter(pk=id).first()
    if upload is not None:
        take_in(room, upload, person, at=at, told=told)


def go_back(room: Room, person: Person, id: UUID, at: datetime, told: Told) -> None:
    """Take back the sheet from whose id the work's, `id`, was made."""
    ids = batches.seen(room, person).values_list("pk", flat=True)
    its = next((each for each in ids if undoing(each) == id), None)
    batch = batches.one(room, person, its) if its else None
    if batch is not None:
        undo(room, person, batch, at=at, reason=whole(batch), told=told)


def whole(batch: Batch) -> str:
    """Why one thing of a sheet is taken back, where all of it is."""
    return _("Rút lại cả bảng %(file)s") % {"file": batch.file}


def undoing(batch: UUID) -> UUID:
    """The id of the long work that takes a sheet back."""
    return uuid5(batch, "undo")
