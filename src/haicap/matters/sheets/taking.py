"""Taking a sheet in, and taking it back.

Every record is a transaction of its own, under an id that its words make; after each part of the sheet one entry says
what became of its lines. Cut off anywhere, it goes on where it was; handed in again, it finds what is there.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.wall import Unreckonable
from haicap.journal.pen import Reused, writing
from haicap.matters.fields import Unanswered
from haicap.matters.intake import TAKE_OVER, NotOpenHere, raise_matter
from haicap.matters.law import law
from haicap.matters.schema import Procedure
from haicap.matters.sheets import uploads
from haicap.matters.sheets.entries import Fault, Imported, Read, Row, Undone
from haicap.matters.sheets.fold import Batch, batches
from haicap.matters.sheets.judging import Judged, ground_of, judged, may_take, table_of
from haicap.matters.sheets.models import Upload
from haicap.matters.sheets.plans import Plan, keep
from haicap.matters.sheets.reading import Ground, Record
from haicap.matters.sheets.retracting import retract
from haicap.papers.books import column_name, open_book
from haicap.papers.tables import Table
from haicap.units.acting import NotYet, Unsaid
from haicap.units.actions import unit_id
from haicap.units.fold import Unit, units
from haicap.units.rights import Decision, Person, Refused, Scope, decide, require

PARTS = 20  # at most, in which what became of the lines is written down
SMALLEST = 50  # lines of a part
Told = Callable[[int], None]


def take_in(
    upload: Upload,
    person: Person,
    *,
    at: datetime,
    told: Told = lambda done: None,
    synthetic: bool = False,
) -> Batch:
    """Take in what can be taken of a sheet, as its plan says; returns what became of every line.

    `at` is aware. Begun again after it was cut off, it goes on; done once, it does nothing more. `told` hears how many
    lines are done and may raise; `synthetic` marks what is made up. Raises `Refused`, `UnreadableSheet`.
    """
    procedure, plan = law().procedure(upload.procedure, at), uploads.plan_of(upload)
    require_taking(person, upload.unit, procedure)
    data = uploads.data_of(upload)
    table = table_of(open_book(data), plan, procedure)
    batch = _opened(upload, person, table, plan, at)
    ground = ground_of(person, procedure, plan, upload.unit, at)
    taking = _Taking(person, ground, upload, at, synthetic)
    if batch.done is None:
        wanted = judged(table, ground, person, upload.id)
        size = max(SMALLEST, -(-len(wanted) // PARTS))
        for start in range(len(batch.rows), max(len(wanted), 1), size):
            part = wanted[start : start + size]
            rows = tuple(taking.row(it) for it in part)
            batch = _written(upload, person, at, start, rows, start + size >= len(wanted))
            told(len(batch.rows))
        keep(plan, upload.unit, procedure.code, table, at)
    uploads.drop(person, upload.id)
    return batch


def require_taking(person: Person, unit: str, procedure: Procedure) -> None:
    """Raises `Refused` where somebody may not take matters of this procedure in at a unit."""
    if not may_take(person, unit, procedure):
        scope = Scope.of(unit, kind=procedure.code)
        raise Refused(decide(person, "matter.raise", scope, roles=procedure.opens.by))


class _Taking:
    """One sheet being taken in."""

    def __init__(self, person: Person, ground: Ground, upload: Upload, at: datetime, synthetic: bool) -> None:
        self.person, self.ground, self.upload, self.at, self.synthetic = person, ground, upload, at, synthetic
        self.units: dict[str, Unit] = {}

    def row(self, it: Judged) -> Row:
        """What became of a line; a record is written down in a transaction of its own."""
        if it.verdict != "taken" or it.record is None or it.matter is None:
            return it.row
        try:
            self.enter(it.record, it.matter)
        except Refused:
            return _listed(it, "not-yours:unit")
        except (NotYet, OutsideCalendar, Unreckonable):
            return _listed(it, "no-calendar:received")
        except (Unanswered, Unsaid, NotOpenHere, Reused):
            return _listed(it, "not-taken:")
        return it.row

    def enter(self, record: Record, subject: UUID) -> None:
        """Raise one matter, unless it is there."""
        source = {"batch": str(self.upload.id), "file": self.upload.name, **record.source}
        with writing(self.person, at=self.at, subjects=[subject], units=[record.unit]) as pen:
            if record.unit not in self.units:
                unit = pen.state(units, unit_id(record.unit))
                assert unit is not None
                self.units[record.unit] = unit
            raise_matter(
                pen, entry_id=uuid5(subject, "raised"), subject=subject, law=self.ground.law,
                procedure=self.ground.procedure, unit=self.units[record.unit], by=record.by, received=record.received,
                title=record.title, answers=record.answers, source=source, taken_over=True,
                synthetic=self.synthetic,
            )  # fmt: skip


def _listed(it: Judged, reason: str) -> Row:
    return Row(
        number=it.line.number, sort=it.line.sort, verdict="listed", faults=(Fault(cell="", reason=reason),)
    )


def _opened(upload: Upload, person: Person, table: Table, plan: Plan, at: datetime) -> Batch:
    """The sheet's own subject, begun if this is the first time."""
    with writing(person, at=at, subjects=[upload.id], units=[upload.unit]) as pen:
        known = pen.state(batches, upload.id)
        if known is not None:
            return known
        unit = pen.state(units, unit_id(upload.unit))
        body = Imported(
            file=upload.name, sha256=upload.sha256, sheet=str(plan.sheet + 1), giver=plan.giver,
            procedure=upload.procedure, province=unit.province if unit else None, lines=len(table.lines),
            columns={column_name(place): code for place, code in plan.columns.items()},
        )  # fmt: skip
        grant = _grant(person, upload.unit, upload.procedure)
        return pen.write(
            batches, uuid5(upload.id, "imported"), upload.id, body, unit=upload.unit, grant=grant
        )


def _written(
    upload: Upload, person: Person, at: datetime, start: int, rows: Sequence[Row], done: bool
) -> Batch:
    grant = _grant(person, upload.unit, upload.procedure)
    with writing(person, at=at, subjects=[upload.id], units=[upload.unit]) as pen:
        body = Read(rows=tuple(rows), done=done)
        return pen.write(
            batches, uuid5(upload.id, f"read/{start}"), upload.id, body, unit=upload.unit, grant=grant
        )


def _grant(person: Person, unit: str, procedure: str) -> UUID:
    """The grant on which somebody takes a sheet in at a unit, or back. Raises `Refused`."""
    scope = Scope.of(unit, kind=procedure)
    its: Sequence[Decision] = [decide(person, action, scope) for action in (TAKE_OVER, "matter.raise")]
    return require(next((one for one in its if one.allowed), its[-1]))


def may_take_back(person: Person, batch: Batch) -> bool:
    """Whether somebody may take a sheet back: whoever may take one in there."""
    try:
        _grant(person, batch.unit, batch.procedure)
    except Refused:
        return False
    return True


def undo(person: Person, batch: Batch, *, at: datetime, reason: str, told: Told = lambda done: None) -> Batch:
    """Take a sheet back: every matter of it that nobody has gone on with since; the others stay, and are named.

    Each in a transaction of its own, so that it can be cut off and begun again; undone twice it changes nothing.
    Raises `Refused`.
    """
    grant = _grant(person, batch.unit, batch.procedure)
    withdrawn: list[UUID] = []
    kept: list[UUID] = []
    for done, (subject, unit) in enumerate(_files(batch), 1):
        with writing(person, at=at, subjects=[subject], units=[unit]) as pen:
            its = retract(
                pen, entry_id=uuid5(subject, "retracted"), subject=subject, batch=batch.id, reason=reason,
                grant=_grant(person, unit, batch.procedure),
            )  # fmt: skip
        (kept if its is None else withdrawn).append(subject)
        told(done)
    with writing(person, at=at, subjects=[batch.id], units=[batch.unit]) as pen:
        now = pen.state(batches, batch.id)
        assert now is not None
        fresh = tuple(subject for subject in withdrawn if subject not in now.withdrawn)
        if now.undone and not fresh:
            return now
        entry_id = uuid5(batch.id, f"undone/{len(now.withdrawn)}/{now.undone or ''}")
        body = Undone(withdrawn=fresh, kept=tuple(kept))
        return pen.write(batches, entry_id, batch.id, body, unit=batch.unit, grant=grant)


def _files(batch: Batch) -> list[tuple[UUID, str]]:
    """The matters of a sheet, each with the unit whose file it is. One query."""
    from haicap.matters.models import MatterRow

    units_of = dict(MatterRow.objects.filter(pk__in=batch.matters).values_list("pk", "unit"))
    return [(subject, units_of[subject]) for subject in batch.matters if subject in units_of]
