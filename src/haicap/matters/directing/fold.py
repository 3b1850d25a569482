"""What the entries of a directive mean."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.matters.directing.entries import DirectiveIssued, DirectiveReminded, Sort


@dataclass(frozen=True, slots=True)
class Clause:
    """How a clause is cited, what it says, the last day to do it, and what shows that it is done."""

    code: str
    text: str
    due: date
    target: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """How many tasks units were reminded of at `at`."""

    at: datetime
    tasks: int


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as it was issued, in the file of `issuer`."""

    id: UUID
    number: str
    title: str
    sort: Sort
    issued: date
    signer: str
    issuer: str
    province: str | None
    clauses: tuple[Clause, ...]
    units: tuple[str, ...]
    visited: str | None
    previous: UUID | None
    at: datetime
    reminders: tuple[Reminder, ...] = ()

    def task(self, clause: int, unit: str) -> UUID:
        """The subject of the task that a clause (counted from 0) is for a unit."""
        return uuid5(self.id, f"task/{clause}/{unit}")


directives = Fold(Directive)


@directives.on(DirectiveIssued, opens=True)
def issued(_: None, entry: Entry[DirectiveIssued]) -> Directive:
    it = entry.body
    clauses = tuple(Clause(each.code, each.text, each.due, each.target) for each in it.clauses)
    return Directive(
        entry.subject, it.number, it.title, it.sort, it.issued, it.signer, entry.unit, it.province, clauses, it.units,
        it.visited, it.previous, entry.at,
    )  # fmt: skip


@directives.on(DirectiveReminded)
def reminded(directive: Directive, entry: Entry[DirectiveReminded]) -> Directive:
    its = {*directive.reminders, Reminder(entry.at, len(entry.body.tasks))}
    ordered = sorted(its, key=lambda it: (it.at, it.tasks))
    return replace(directive, reminders=tuple(ordered))
