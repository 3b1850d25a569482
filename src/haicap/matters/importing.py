"""Difficulties of a table become matters: each raised where it was raised, answered as far as it was answered.

What a publication does not state is not invented. An answer whose outcome asks for more than its text (the authority
that was asked with its paper and date, the number of the changed rule) is entered as guidance given, with that
text; how the table reads it stays in the matter's source. An answer without an outcome becomes a remark.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid5

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.documents import NATION
from haicap.clocks.wall import VIETNAM
from haicap.journal.node import own
from haicap.journal.pen import Pen, writing
from haicap.matters.afterwards import comment
from haicap.matters.difficulties import Difficulty, Problem, Refused, parse
from haicap.matters.handling import Doing, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.law import Law, law, whatever_the_day
from haicap.matters.models import MatterRow
from haicap.units.acting import NotYet
from haicap.units.actions import SPACE
from haicap.units.fold import Unit, units
from haicap.units.loading import Founder
from haicap.units.models import UnitRow

PROCEDURE = "difficulty"
RAISED, ANSWERED = time(9), time(17)  # of the first day of the date as written, in Vietnam
SAID_IN = {"own-means": "measure", "guidance": "guidance", "not-competent": "reason"}
"""The outcomes for which a text is enough, and the field that it goes into."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each row: numbers of the matters made and of those that were there, and rows not taken."""

    created: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[Refused, ...]


def import_difficulties(
    rows: Iterable[Mapping[str, str | None]], *, at: datetime, using: str = "worker"
) -> Report:
    """Raise every row that can be read, in the name of the installation itself; `at` (aware) is now.

    A row is known again by its number, place, date and words as written: a second import changes nothing. Entries
    claim the day that the table names, `received` at 09:00 and an answer at 17:00 of its first day. Competence is
    that of the tables in force now; where they name nobody for that day, nobody holds the matter. Each row is a
    transaction of its own. A row that cannot be read, has no unit of today or no day that the calendar covers is
    refused with its cells.
    """
    listed = list(rows)
    parsed = parse(listed)
    refused = {it.row: it for it in parsed.refused}
    readable = [place for place in range(1, len(listed) + 1) if place not in refused]
    work = _Work(founder=Founder(own(using).id), at=at, law=whatever_the_day(law(using=using)), using=using)
    known = _known([subject_of(it) for it in parsed.rows], using)
    places = _units([it.place.code or NATION for it in parsed.rows], using)
    created, unchanged = [], []
    for row, it in zip(readable, parsed.rows, strict=True):
        unit = places.get(it.place.code or NATION)
        if number := known.get(subject_of(it)):
            unchanged.append(number)
        elif unit is None:
            refused[row] = Refused(row, (Problem("province", it.place.as_written, "place"),))
        else:
            try:
                created.append(work.enter(it, unit))
            except (NotYet, OutsideCalendar):
                refused[row] = Refused(row, (Problem("date", it.date.as_written, "date"),))
    return Report(tuple(created), tuple(unchanged), tuple(refused[row] for row in sorted(refused)))


def subject_of(it: Difficulty) -> UUID:
    """The subject of a published difficulty, the same at every import and in every installation."""
    return uuid5(SPACE, f"difficulty/{it.number}|{it.place.as_written}|{it.date.as_written}|{it.title}")


@dataclass(frozen=True, slots=True)
class _Work:
    """What entering a row needs besides the row."""

    founder: Founder
    at: datetime
    law: Law
    using: str

    def enter(self, it: Difficulty, unit: Unit) -> str:
        subject, raised = subject_of(it), _moment(it.date.first, RAISED)
        if raised > self.at:
            raise NotYet(raised.isoformat())
        with writing(self.founder, at=raised, subjects=[subject], units=[unit.code], using=self.using) as pen:
            matter = raise_matter(
                pen, entry_id=uuid5(subject, "raised"), subject=subject, law=self.law,
                procedure=self.law.procedure(PROCEDURE, self.at), unit=unit, by="letter", received=raised,
                title=it.title_vi or it.title, answers={"kind": it.kind, "what": it.title_vi or it.title},
                source=_source(it),
            )  # fmt: skip
            self._answer(pen.by(self.founder, min(_moment(it.date.first, ANSWERED), self.at)), subject, it)
        return matter.number

    def _answer(self, pen: Pen, subject: UUID, it: Difficulty) -> None:
        text = it.answer_vi or it.answer
        if not text:
            return
        entry_id = uuid5(subject, "answered")
        if it.outcome is None:
            comment(pen, entry_id=entry_id, subject=subject, law=self.law, text=text)
            return
        outcome = it.outcome if it.outcome in SAID_IN else "guidance"
        doing = Doing("answer", outcome, answers={SAID_IN[outcome]: text})
        take_step(pen, entry_id=entry_id, subject=subject, law=self.law, doing=doing)


def _source(it: Difficulty) -> dict[str, str]:
    """Where it was published, and what the table says in its own words."""
    said = {
        "publication": "; ".join(it.publications),
        "number": str(it.number),
        "date": it.date.as_written,
        "place": it.place.as_written,
        "kinds": ", ".join(it.kinds),
        "difficulty": it.title,
        "answer": it.answer,
        "outcome": it.outcome,
    }
    return {name: text for name, text in said.items() if text}


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM).astimezone(UTC)


def _known(subjects: Iterable[UUID], using: str) -> dict[UUID, str]:
    rows = MatterRow.objects.using(using).filter(pk__in=list(subjects))
    return dict(rows.values_list("pk", "number"))


def _units(codes: Iterable[str], using: str) -> dict[str, Unit]:
    rows = UnitRow.objects.using(using).filter(code__in=set(codes), closed=None)
    return {row.code: units.form.validate_python(row.state) for row in rows}
