"""What people do with directives: issue one to many units at once, and remind those that have not reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from haicap.clocks.wall import VIETNAM
from haicap.journal.bulk import Bulk
from haicap.journal.pen import Live, Pen
from haicap.journal.text import clean
from haicap.matters.afterwards import act_beside
from haicap.matters.directing.entries import ClauseSaid, DirectiveIssued, DirectiveReminded, Sort
from haicap.matters.directing.fold import Clause, Directive, directives
from haicap.matters.entries import Commented
from haicap.matters.handling import found
from haicap.matters.intake import may_raise, raise_matter
from haicap.matters.law import Law
from haicap.units.acting import Unsaid
from haicap.units.fold import Unit
from haicap.units.rights import Person, Scope, decide, require

PROCEDURE = "directive"
LONGEST_TITLE = 200
ISSUERS = frozenset({"department-officer", "department-head", "director"})
"""The roles that may open the procedure of tasks."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A directive as it is typed; `units` are the codes of those that it goes to."""

    number: str
    title: str
    sort: Sort
    issued: date
    signer: str
    clauses: tuple[ClauseSaid, ...]
    units: tuple[str, ...]
    visited: str | None = None
    previous: UUID | None = None


def may_issue(person: Person) -> bool:
    """Whether `person` may issue anything at all; where, and under which procedure, `issue` judges."""
    return person.may("matter.raise") and bool(person.roles & ISSUERS)


def issue(
    pen: Pen, *, entry_id: UUID, subject: UUID, law: Law, unit: Unit, saying: Saying, synthetic: bool = False
) -> Directive:
    """Issue a directive in the file of `unit`, and give each of its clauses to each addressee as a task, at once.

    The tasks are matters of the procedure `directive`, their ids made from the directive's; all are written in the
    pen's transaction. Idempotent in `entry_id`. Raises `Refused`, `NotOpenHere`, `Unsaid` (number, title, clauses,
    units, due where a clause is due before the day of issue), `OutsideCalendar`, `Unreckonable`.
    """
    if pen.wrote(entry_id) and (known := pen.state(directives, subject)) is not None:
        return known
    grant = may_raise(pen, law.procedure(PROCEDURE, pen.at), unit)
    body = _body(saying, unit)
    directive = pen.write(directives, entry_id, subject, body, unit=unit.code, grant=grant)
    desk, tasks = _desk(pen, unit.code, len(directive.clauses) * len(directive.units))
    for place, clause in enumerate(directive.clauses):
        for code in directive.units:
            _task(tasks, directive, place, clause, code, law, unit, synthetic)
    if desk is not None:
        desk.load_within(pen.desk.using if isinstance(pen.desk, Live) else "default")
    return directive


def _body(saying: Saying, unit: Unit) -> DirectiveIssued:
    number, title = clean(saying.number).strip(), " ".join(clean(saying.title).split())
    said = {"number": number, "title": title, "clauses": saying.clauses, "units": saying.units}
    for name, value in said.items():
        if not value:
            raise Unsaid(name)
    if any(clause.due < saying.issued for clause in saying.clauses):
        raise Unsaid("due")
    return DirectiveIssued(
        number=number, title=title, sort=saying.sort, issued=saying.issued, signer=clean(saying.signer).strip(),
        province=unit.province, clauses=saying.clauses, units=tuple(dict.fromkeys(saying.units)),
        visited=saying.visited, previous=saying.previous,
    )  # fmt: skip


def _desk(pen: Pen, unit: str, tasks: int) -> tuple[Bulk | None, Pen]:
    """A desk in memory for many tasks, and a pen on it; on a desk that is in memory already the same pen.

    Its numbers go on from those given out, whose row stays locked until the transaction ends.
    """
    if not isinstance(pen.desk, Live) or not tasks:
        return None, pen
    desk = Bulk(pen.desk.own, pen.desk.entropy)
    year = pen.at.astimezone(VIETNAM).year
    desk.count_from(unit, year, pen.serial(unit, year)[1])
    return desk, Pen(pen.person, pen.at, desk)


def _task(
    pen: Pen, directive: Directive, place: int, clause: Clause, to: str, law: Law, unit: Unit, synthetic: bool
) -> None:
    subject = directive.task(place, to)
    answers = {
        "directive": directive.number, "clause": clause.code, "what": clause.text, "due": clause.due.isoformat(),
    } | ({"measure": clause.target} if clause.target else {})  # fmt: skip
    raise_matter(
        pen, entry_id=uuid5(subject, "raised"), subject=subject, law=law, procedure=law.procedure(PROCEDURE, pen.at),
        unit=unit, by="unit", received=pen.at, title=title_of(clause), answers=answers, to_unit=to, synthetic=synthetic,
    )  # fmt: skip


def title_of(clause: Clause) -> str:
    """What a task is called: the clause's own words, cut."""
    words = " ".join(clause.text.split())
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…"


def remind(pen: Pen, *, entry_id: UUID, subject: UUID, tasks: Sequence[UUID], text: str) -> Directive:
    """Remind the holders of tasks: a remark on each, and one entry that says how many. Idempotent.

    The tasks' subjects are to be locked by the pen. Raises `Refused`, `Unsaid` without a text or a task.
    """
    directive = pen.state(directives, subject)
    if directive is None:
        raise LookupError(f"no directive {subject}")
    if pen.wrote(entry_id):
        return directive
    if not (said := clean(text).strip()):
        raise Unsaid("text")
    if not tasks:
        raise Unsaid("tasks")
    grant = None
    if isinstance(pen.person, Person):
        grant = require(decide(pen.person, "matter.note", Scope.of(directive.issuer, kind=PROCEDURE)))
    for task in tasks:
        act_beside(pen, uuid5(entry_id, str(task)), found(pen, task), "matter.note", Commented(text=said))
    body = DirectiveReminded(tasks=tuple(tasks), text=said)
    return pen.write(directives, entry_id, subject, body, unit=directive.issuer, grant=grant)
