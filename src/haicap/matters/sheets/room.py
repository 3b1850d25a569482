"""How matters are taken in from sheets: a sort of list for each procedure, a line a matter."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, cast
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.documents import NotInForce
from haicap.clocks.wall import VIETNAM, Unreckonable, day_of
from haicap.journal.pen import Pen, Reused, Unwritable
from haicap.matters import queries
from haicap.matters.entries import Facts, Way
from haicap.matters.fields import Unanswered
from haicap.matters.intake import TAKE_OVER, NotOpenHere, raise_matter
from haicap.matters.law import Law, law, whatever_the_day
from haicap.matters.models import MatterRow
from haicap.matters.running import starts
from haicap.matters.schema import Procedure
from haicap.matters.sheets.entries import Imported, Read, Row, Undone
from haicap.matters.sheets.fold import batches
from haicap.matters.sheets.models import KeptPlan, SheetRow, Upload
from haicap.matters.sheets.retracting import retract
from haicap.matters.sheets.targets import asked_targets, own_targets
from haicap.matters.showing import in_words
from haicap.matters.state import RETRACTED
from haicap.matters.timing import RECEIVED
from haicap.matters.views_new import places
from haicap.papers.dates import moment
from haicap.papers.numbers import UnreadableNumber, parse
from haicap.papers.sheets_in import room
from haicap.papers.sheets_in.plans import Plan
from haicap.papers.sheets_in.reading import Reading
from haicap.papers.sheets_in.room import NoSuchSort, There
from haicap.papers.tables import Line
from haicap.units.acting import NotYet, Unsaid
from haicap.units.actions import unit_id
from haicap.units.fold import Unit, units
from haicap.units.models import UnitRow
from haicap.units.rights import Decision, Person, Refused, Scope, decide, require
from haicap.units.vietnamese import fold

BEGINS = time(8)  # of a day without a time of day, in Vietnam
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(room.Record):
    """What a line says, as `raise_matter` wants it."""

    received: datetime
    by: Way
    answers: Mapping[str, str]
    source: Mapping[str, str]


class Matters(room.Sort[Record]):
    """Lists of the matters of one procedure, taken in at `at` (aware)."""

    fails = {
        NotYet: "no-calendar:received", OutsideCalendar: "no-calendar:received", Unreckonable: "no-calendar:received",
        Unanswered: "not-taken:", Unsaid: "not-taken:", NotOpenHere: "not-taken:", Reused: "not-taken:",
        Unwritable: "not-taken:",
    }  # fmt: skip

    def __init__(self, procedure: Procedure, known: Law, at: datetime) -> None:
        self.code, self.procedure, self.at = procedure.code, procedure, at
        self.law, self.asked = whatever_the_day(known), asked_targets(procedure)
        self.targets = (*own_targets(), *self.asked)
        self.units: dict[str, Unit] = {}

    @property
    def name(self) -> str:
        """The procedure's name."""
        return in_words(self.procedure.name)

    def require(self, person: Person, unit: str) -> None:
        """Raises `Refused` where somebody may neither raise such matters at a unit nor take them over for it."""
        scope = Scope.of(unit, kind=self.code)
        raises = decide(person, "matter.raise", scope, roles=self.procedure.opens.by)
        if not (raises.allowed or decide(person, TAKE_OVER, scope).allowed):
            raise Refused(raises)

    def allows(self, unit: UnitRow) -> bool:
        """Whether the procedure is opened at units as this one."""
        return unit.closed is None and unit.level in self.procedure.opens.at

    def record(self, reading: Reading) -> Record | None:
        """The matter that a line is."""
        unit, received, title = reading.unit(), self._received(reading), reading.text("title")
        way = reading.value(reading.target("by"), reading.text("by")) or "letter"
        answers = self._answers(reading, title)
        title = self._titled(reading, title, answers)
        public = self._checked(reading, answers)
        if reading.faults or received is None or unit is None:
            return None
        self._reckoned(reading, received, unit, public)
        content = "|".join(
            [fold(title), *(f"{code}={fold(said) or said}" for code, said in sorted(answers.items()))]
        )
        number = fold(reading.text("old-number"))
        day = day_of(received).isoformat()
        key = "|".join([unit, self.code, day, fold(reading.text("unit")), number or content])
        return Record(
            unit=unit, key=key, title=" ".join(title.split()), received=received, by=cast(Way, way), answers=answers,
            source=_source(reading),
        )  # fmt: skip

    def _received(self, reading: Reading) -> datetime | None:
        said = reading.text("received")
        its = moment(said)
        if its is None:
            reading.blame("received", "not-a-date" if said else "needed")
            return None
        at = datetime.combine(its.day, its.clock or BEGINS, VIETNAM)
        if its.clock is None and its.day == day_of(self.at):
            return min(at, self.at)
        if at > self.at:
            reading.blame("received", "future")
        return at

    def _answers(self, reading: Reading, title: str) -> dict[str, str]:
        said = {it.code: reading.value(it, reading.text(it.code)) for it in self.asked}
        if title and said.get("what") == "":
            said["what"] = title
        return {code: text for code, text in said.items() if text}

    def _titled(self, reading: Reading, title: str, answers: Mapping[str, str]) -> str:
        """The title, cut where it is long and stands whole in the matter's content."""
        if not title:
            reading.blame("title", "needed")
        if len(title) <= LONGEST_TITLE:
            return title
        if answers.get("what") != title:
            reading.blame("title", "too-long")
        return f"{title[: LONGEST_TITLE - 1].rstrip()}…"

    def _checked(self, reading: Reading, answers: Mapping[str, str]) -> dict[str, object]:
        """The public facts; every fault of an answer to its cell, unless that cell was blamed already."""
        blamed = {fault.reason.partition(":")[2] for fault in reading.faults}
        try:
            public, _personal = self.procedure.check(answers)
        except Unanswered as wrong:
            for key, reason in wrong.fields.items():
                if key not in blamed:
                    reading.blame(key, reason)
            return {}
        return dict(public)

    def _reckoned(
        self, reading: Reading, received: datetime, unit: str, public: Mapping[str, object]
    ) -> None:
        """Whether its first clocks can be reckoned from the day written."""
        its, facts, row = self.procedure, cast(Facts, public), reading.ground.places.rows.get(unit)
        try:
            starts(
                its, RECEIVED, None, branch=its.branch_for(facts), remote=row is not None and row.remote, at=received,
                facts=facts, calendar=self.law.calendar,
            )  # fmt: skip
        except (OutsideCalendar, Unreckonable):
            reading.blame("received", "no-calendar")

    @property
    def beside_name(self) -> str:
        """What `beside` is called."""
        return _("Nhận lúc")

    def beside(self, record: Record) -> str:
        """When it came in."""
        return f"{record.received.astimezone(VIETNAM):%d/%m/%Y %H:%M}"

    def ours(self, person: Person, lines: Sequence[Line], plan: Plan) -> Mapping[int, UUID]:
        """The lines whose number is one of a matter here, as a list that was taken away has it. One query at most."""
        place = plan.column_of("old-number")
        cells = {line.number: line.cells[place] for line in lines} if place is not None else {}
        numbers = {line: number for line, cell in cells.items() if (number := _number(cell))}
        if not numbers:
            return {}
        rows = queries.seen(person).filter(number__in=set(numbers.values())).exclude(status=RETRACTED)
        known = dict(rows.values_list("number", "pk"))
        return {line: known[number] for line, number in numbers.items() if number in known}

    def enter(
        self, pen: Pen, record: Record, subject: UUID, *, source: Mapping[str, str], synthetic: bool
    ) -> None:
        """Raise the matter, unless it is there."""
        if record.unit not in self.units:
            unit = pen.state(units, unit_id(record.unit))
            assert unit is not None
            self.units[record.unit] = unit
        raise_matter(
            pen, entry_id=uuid5(subject, "raised"), subject=subject, law=self.law, procedure=self.procedure,
            unit=self.units[record.unit], by=record.by, received=record.received, title=record.title,
            answers=record.answers, source={**source, **record.source}, taken_over=True, synthetic=synthetic,
        )  # fmt: skip


def _source(reading: Reading) -> dict[str, str]:
    """Where it comes from; a cell that may hold an address of a person is not among it."""
    said = {"number": reading.text("old-number")}
    if (unit := reading.text("unit") or reading.line.section) and not re.search(r"\d", unit):
        said["unit"] = unit
    if (its := moment(reading.text("received"))) and not its.whole:
        said["date"] = reading.text("received")
    return {name: text for name, text in said.items() if text}


def _number(cell: str) -> str | None:
    try:
        return str(parse(cell))
    except UnreadableNumber:
        return None


class MattersRoom(room.Room):
    """The sheets of matters."""

    batches, rows, uploads, plans = batches, SheetRow, Upload, KeptPlan
    imported, read, row, undone = Imported, Read, Row, Undone
    sees = "matter.see"

    def sorts(self, person: Person) -> list[Matters]:
        """The procedures whose matters somebody may take in: all but those whose raiser names a unit."""
        known, at = law(), timezone.now()
        current = (it for it in known.current(at) if it.opens.to_unit != "stated")
        return [Matters(it, known, at) for it in current if person.may(TAKE_OVER) or places(person, it)]

    def sort(self, code: str, at: datetime | None = None) -> Matters:
        """The procedure in force at `at`, or its newest edition. Raises `NoSuchSort`."""
        known = law()
        try:
            its = known.procedure(code, at) if at else known.pinned(known.procedures[code][-1].sha256)
        except (NotInForce, LookupError):
            raise NoSuchSort(code) from None
        return Matters(its, known, at or timezone.now())

    def desk(self, person: Person, sort: room.Sort[Any]) -> str:
        """The first unit at which somebody may open the procedure, else the person's own."""
        assert isinstance(sort, Matters)
        return min(places(person, sort.procedure), default=person.unit)

    def grant(self, person: Person, unit: str, code: str) -> UUID:
        """The grant to take over, else the one to raise. Raises `Refused`."""
        scope = Scope.of(unit, kind=code)
        its: Sequence[Decision] = [decide(person, action, scope) for action in (TAKE_OVER, "matter.raise")]
        return require(next((one for one in its if one.allowed), its[-1]))

    def there(self, subjects: Collection[UUID]) -> Mapping[UUID, There]:
        """Matters with the sheet in their source. One query."""
        rows = MatterRow.objects.filter(pk__in=list(subjects))
        found = rows.values_list("pk", "status", "state__source__batch")
        return {pk: There(by or "", status == RETRACTED) for pk, status, by in found}

    def files(self, subjects: Collection[UUID]) -> Mapping[UUID, str]:
        """The units whose files matters are. One query."""
        return dict(MatterRow.objects.filter(pk__in=subjects).values_list("pk", "unit"))

    def retract(
        self, pen: Pen, *, entry_id: UUID, subject: UUID, batch: UUID, reason: str, grant: UUID | None
    ) -> bool:
        """Take a matter back. False where somebody has gone on with it."""
        its = retract(pen, entry_id=entry_id, subject=subject, batch=batch, reason=reason, grant=grant)
        return its is not None


MATTERS = MattersRoom()
