"""What would become of each line of a sheet, before anything is written: the dry run, and the plan of the import."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from haicap.matters import queries
from haicap.matters.intake import TAKE_OVER
from haicap.matters.law import law, whatever_the_day
from haicap.matters.models import MatterRow
from haicap.matters.schema import Procedure
from haicap.matters.sheets.entries import Fault, Row, Verdict
from haicap.matters.sheets.places import Places
from haicap.matters.sheets.plans import Plan
from haicap.matters.sheets.reading import Ground, Record, read_line
from haicap.matters.sheets.targets import common_words, targets, words_of
from haicap.matters.state import RETRACTED
from haicap.papers.books import Sheet
from haicap.papers.numbers import UnreadableNumber, parse
from haicap.papers.tables import Line, Table, understood
from haicap.units.rights import Person, Scope, decide

MOST_AGAIN = 20  # times that one line can be taken in, taken back and taken in again


@dataclass(frozen=True, slots=True)
class Judged:
    """A line and what would become of it; `matter` is the subject that it has or would have."""

    line: Line
    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    record: Record | None = None
    matter: UUID | None = None

    @property
    def row(self) -> Row:
        """As the journal keeps it."""
        return Row(
            number=self.line.number,
            sort=self.line.sort,
            verdict=self.verdict,
            matter=self.matter,
            faults=self.faults,
        )


def table_of(sheets: Sequence[Sheet], plan: Plan, procedure: Procedure | None) -> Table:
    """The sheet that the plan names, understood."""
    words = words_of(targets(procedure)) if procedure else common_words()
    return understood(sheets[min(plan.sheet, len(sheets) - 1)], words, plan.head)


def ground_of(person: Person, procedure: Procedure, plan: Plan, unit: str, at: datetime) -> Ground:
    """What lines are read against. Two queries."""
    places = Places.of(person)
    own = places.rows.get(unit)
    stated = unit if own is not None and own.level in ("commune", "department") else ""
    open_at = {
        code for code, row in places.rows.items() if row.level in procedure.opens.at and row.closed is None
    }
    allowed: dict[str, bool] = {}

    def may(code: str) -> bool:
        if code not in allowed:
            allowed[code] = code in open_at and may_take(person, code, procedure)
        return allowed[code]

    return Ground(
        procedure=procedure, law=whatever_the_day(law()), places=places, plan=plan, unit=stated, at=at, may=may,
        remote=lambda code: places.rows[code].remote if code in places.rows else False, targets=targets(procedure),
    )  # fmt: skip


def may_take(person: Person, unit: str, procedure: Procedure) -> bool:
    """Whether somebody may take matters of this procedure in at a unit, by its own hand or over from another."""
    scope = Scope.of(unit, kind=procedure.code)
    return (
        decide(person, "matter.raise", scope, roles=procedure.opens.by).allowed
        or decide(person, TAKE_OVER, scope).allowed
    )


def judged(table: Table, ground: Ground, person: Person, batch: UUID | None = None) -> list[Judged]:
    """What becomes of every line: as many as the sheet has, in their order.

    A record that is there already (taken in by this `batch` itself apart), or twice in the sheet, is said to be there.
    At most a few queries, whatever the number of lines.
    """
    read = [
        (line, *read_line(line, ground)) if line.sort == "data" else (line, None, ()) for line in table.lines
    ]
    records = [record for _line, record, _faults in read if record]
    ours, subjects = _ours(table, ground, person), _subjects(records, batch)
    place = ground.plan.column_of("old-number")
    seen: dict[UUID, int] = {}
    found = []
    for line, record, faults in read:
        here = ours.get(line.cells[place]) if place is not None and line.sort == "data" else None
        found.append(
            Judged(line, "there", matter=here) if here else _judged(line, record, faults, subjects, seen)
        )
    return found


def _judged(
    line: Line,
    record: Record | None,
    faults: tuple[Fault, ...],
    subjects: Mapping[str, tuple[UUID, bool]],
    seen: dict[UUID, int],
) -> Judged:
    if line.sort != "data":
        return Judged(line, "passed")
    if record is None:
        return Judged(line, "listed", faults)
    subject, there = subjects[record.key]
    if subject in seen:
        return Judged(line, "there", (Fault(cell="", reason=f"twice:{seen[subject]}"),), None, subject)
    seen[subject] = line.number
    return Judged(line, "there" if there else "taken", (), None if there else record, subject)


def subject_of(key: str, again: int = 0) -> UUID:
    """The subject of a line by what it is known by; `again` counts how often it was taken back before.

    Made with a key of this installation: a name cannot be tried out against it.
    """
    digest = hmac.digest(_key(), key.encode(), "sha256")
    first = UUID(bytes=digest[:16], version=5)
    return uuid5(first, f"again/{again}") if again else first


@cache
def _key() -> bytes:
    return HKDF(SHA256(), 32, None, b"haicap sheets").derive(bytes.fromhex(settings.KEK))


def _subjects(records: Collection[Record], batch: UUID | None) -> dict[str, tuple[UUID, bool]]:
    """Of each record, by its key: its subject, and whether it is there already. One query, and one for each time that
    some were taken back."""
    found: dict[str, tuple[UUID, bool]] = {}
    left = {record.key for record in records}
    for again in range(MOST_AGAIN):
        tried = {subject_of(key, again): key for key in left}
        known = _known(tried)
        for subject, key in tried.items():
            status, by = known.get(subject, ("", ""))
            if status != RETRACTED:
                found[key] = (subject, bool(status) and by != str(batch))
                left.discard(key)
        if not left:
            break
    return found | {key: (subject_of(key, MOST_AGAIN), True) for key in left}


def _known(subjects: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    rows = MatterRow.objects.filter(pk__in=list(subjects))
    return {
        pk: (status, by or "") for pk, status, by in rows.values_list("pk", "status", "state__source__batch")
    }


def _ours(table: Table, ground: Ground, person: Person) -> dict[str, UUID]:
    """The cells of the column of numbers that are numbers of matters here, as a list that was taken away has them."""
    place = ground.plan.column_of("old-number")
    cells = {line.cells[place] for line in table.data} if place is not None else set[str]()
    numbers = {cell: number for cell in cells if (number := _number(cell))}
    if not numbers:
        return {}
    rows = queries.seen(person).filter(number__in=set(numbers.values())).exclude(status=RETRACTED)
    known = dict(rows.values_list("number", "pk"))
    return {cell: known[number] for cell, number in numbers.items() if number in known}


def _number(cell: str) -> str | None:
    try:
        return str(parse(cell))
    except UnreadableNumber:
        return None
