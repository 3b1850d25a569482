"""The questions that pages, exports and other rooms' figures ask of matters.

`filtered` is the one meaning of a list's address: a figure that links to a list counts with the same function,
so that figure and list are equal.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from haicap.clocks.models import Owed
from haicap.clocks.wall import end_of, read_day, start_of
from haicap.journal.entry import Entry
from haicap.journal.history import history
from haicap.matters import search
from haicap.matters.fold import matters
from haicap.matters.guidance.models import GuidedRow
from haicap.matters.models import MatterRow
from haicap.matters.routing import side_of
from haicap.matters.schema import Procedure, Step
from haicap.matters.sheets.batches import matters_of_sheet
from haicap.matters.state import RETRACTED, Matter
from haicap.matters.tasks import tasks
from haicap.units.finding import unit_meant as unit_meant
from haicap.units.finding import units_near as units_near
from haicap.units.models import Bearer, OfficerRow, PostRow
from haicap.units.names import person_names as person_names
from haicap.units.names import unit_names as unit_names
from haicap.units.queries import acting
from haicap.units.rights import Decision, Person, Scope, decide, visible

SEEN_BY = ("unit", "holder", "raised_by")
ON = "1"

Narrow = Callable[[QuerySet[MatterRow], str, Person, datetime], QuerySet[MatterRow]]


def seen(person: Person) -> QuerySet[MatterRow]:
    """All matters that `person` may see: their unit's file, or held or raised by it."""
    return visible(person, "matter.see", MatterRow.objects.all(), by=SEEN_BY)


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[MatterRow]:
    """The matters that `person` may see and that fit the parameters of a list's address; `at` is aware.

    A parameter that is empty, unknown or unreadable narrows nothing; all that are given hold together.

    - `q`: words or a number, as `search` finds them in number, title and public facts
    - `procedure`, `branch`, `status`, `outcome`, `topic` (kind of difficulty): the code; `status=joined` too
    - `unit` (whose file), `holder`, `raised_by`, `province`: a unit's code
    - `open=1` not ended, `open=0` ended; `since`, `until`: days of coming in, both included (Asia/Ho_Chi_Minh)
    - `ended_since`, `ended_until`: days of ending, both included
    - `overdue=1`: a clock that binds a unit of the service runs and is past its end, if only a duty left over
    - `due_on=2026-11-22`: open, not overdue, and the first end of such a clock is on that day
    - `late=unit|province|third`: open, and a clock that binds the file's own unit, another unit, or a third party
      is past its end; `clock`: a clock of this code runs
    - `missed=unit|province|third|any`: such a clock ended and was met late or is not met; with `due_since` and
      `due_until` (days, both included) of these only clocks that ended then
    - `waiting=third`: open, and a third party's clock runs; `authority`: the third party that was asked
    - `paused=1`: a clock stands still
    - `directive`: the number of the paper that a task comes from; `clause`: its clause
    - `task=done|late|claimed|open|overdue|revoked|any`: a task of a directive that stands so (`tasks`)
    - `answered=1`: a difficulty that was answered and is not yet removed
    - `again=1`: it waits for an answer, and had one before
    - `guided=again`: it came in though a published guidance answers it; `guided=<id>`: of this guidance
    - `mine=1`: open, and assigned to me, or held by a unit of mine and assigned to nobody, or owed by one
    - `new=1`: open, held by a unit of mine, and not yet marked as seen there
    - `unassigned=1`: open, held by a unit of mine, and given to no person
    - `nobody=1`: open, and no unit is competent; `conflict=1`: with an open conflict
    - `synthetic=1` or `0`: made up for a demonstration, or not
    - `sheet=<id>`: taken in from this sheet

    Matters that were taken back with their sheet are left out, unless `status=retracted` asks for them.
    """
    return narrowed(seen(person), person, params, at=at)


def narrowed(
    rows: QuerySet[MatterRow], person: Person, params: Mapping[str, str], *, at: datetime
) -> QuerySet[MatterRow]:
    """Of these rows those that fit the parameters; `filtered` says what each means."""
    if params.get("status", "").strip() != RETRACTED:
        rows = rows.exclude(status=RETRACTED)
    for name, narrow in NARROWING.items():
        value = params.get(name, "").strip()
        if value:
            rows = narrow(rows, value, person, at)
    return rows.filter(Exists(_missed(params, at))) if params.get("missed", "").strip() else rows


def _task(rows: QuerySet[MatterRow], value: str, _person: Person, at: datetime) -> QuerySet[MatterRow]:
    its = tasks(rows, at)
    return its if value == "any" else its.filter(Q(task=value))


def _same(column: str) -> Narrow:
    return lambda rows, value, _person, _at: rows.filter(**{column: value})


def _words(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
    return search.narrowed(rows, value)


def _open(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
    return rows.filter(ended__isnull=value == ON)


def _overdue(rows: QuerySet[MatterRow], value: str, _person: Person, at: datetime) -> QuerySet[MatterRow]:
    return rows.filter(due__lt=at) if value == ON else rows


def _due_on(rows: QuerySet[MatterRow], value: str, _person: Person, at: datetime) -> QuerySet[MatterRow]:
    day = read_day(value)
    if day is None:
        return rows
    # A limit that runs to 24:00 is over at the midnight that ends the day.
    return rows.filter(ended=None, due__gt=start_of(day), due__lte=end_of(day), due__gte=at)


def _late(rows: QuerySet[MatterRow], value: str, _person: Person, at: datetime) -> QuerySet[MatterRow]:
    return rows.filter(Exists(_running().filter(level=value, due__lt=at)), ended=None)


def _clock(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
    return rows.filter(Exists(_running().filter(clock=value)), ended=None)


def _running() -> QuerySet[Owed]:
    return Owed.objects.filter(subject=OuterRef("pk"), met=None)


def _missed(params: Mapping[str, str], at: datetime) -> QuerySet[Owed]:
    late = Q(due__lt=at, met=None) | Q(due__lt=F("met"))
    owed = Owed.objects.filter(late, subject=OuterRef("pk"))
    level = params["missed"].strip()
    if level != "any":
        owed = owed.filter(level=level)
    # A limit that runs to 24:00 is over at the midnight that ends the day.
    if since := read_day(params.get("due_since", "")):
        owed = owed.filter(due__gt=start_of(since))
    if until := read_day(params.get("due_until", "")):
        owed = owed.filter(due__lte=end_of(until))
    return owed


def _again(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
    before = Owed.objects.filter(subject=OuterRef("pk"), clock="answer", met__isnull=False)
    return rows.filter(Exists(before), status="raised") if value == ON else rows


def _guided(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
    guided = GuidedRow.objects.filter(subject=OuterRef("pk"), again=True)
    if value == "again":
        return rows.filter(Exists(guided))
    try:
        return rows.filter(Exists(guided.filter(guidance=UUID(value))))
    except ValueError:
        return rows


def _waiting(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
    return rows.filter(ended=None, third_due__isnull=False) if value == "third" else rows


def _mine(rows: QuerySet[MatterRow], value: str, person: Person, _at: datetime) -> QuerySet[MatterRow]:
    if value != ON:
        return rows
    units = sorted(person.serves)
    held = Q(assignee=None, holder__in=units)
    return rows.filter(
        Q(assignee=person.id) | held | Q(Exists(_running().filter(unit__in=units))), ended=None
    )


def _new(rows: QuerySet[MatterRow], value: str, person: Person, _at: datetime) -> QuerySet[MatterRow]:
    unseen = {"ended": None, "holder__in": sorted(person.serves), "state__seen": None}
    return rows.filter(**unseen) if value == ON else rows


def _unassigned(rows: QuerySet[MatterRow], value: str, person: Person, _at: datetime) -> QuerySet[MatterRow]:
    free = {"ended": None, "holder__in": sorted(person.serves), "assignee": None}
    return rows.filter(**free) if value == ON else rows


def _flag(**wanted: object) -> Narrow:
    return lambda rows, value, _person, _at: rows.filter(**wanted) if value == ON else rows


def _synthetic(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
    return rows.filter(synthetic=value == ON)


def _sheet(rows: QuerySet[MatterRow], value: str, person: Person, _at: datetime) -> QuerySet[MatterRow]:
    return rows.filter(pk__in=matters_of_sheet(person, value))


def _from(column: str) -> Narrow:
    def narrow(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
        day = read_day(value)
        return rows if day is None else rows.filter(**{f"{column}__gte": start_of(day)})

    return narrow


def _to(column: str) -> Narrow:
    def narrow(rows: QuerySet[MatterRow], value: str, _person: Person, _at: datetime) -> QuerySet[MatterRow]:
        day = read_day(value)
        return rows if day is None else rows.filter(**{f"{column}__lt": end_of(day)})

    return narrow


NARROWING: dict[str, Narrow] = {
    "q": _words,
    **{
        column: _same(column)
        for column in (
            "procedure", "branch", "status", "outcome", "topic", "unit", "holder", "raised_by", "province",
        )
    },
    "open": _open,
    "since": _from("received"),
    "until": _to("received"),
    "ended_since": _from("ended"),
    "ended_until": _to("ended"),
    "overdue": _overdue,
    "due_on": _due_on,
    "late": _late,
    "clock": _clock,
    "waiting": _waiting,
    "paused": _flag(ended=None, paused=True),
    "authority": _same("state__facts__authority"),
    "directive": _same("state__facts__directive"),
    "clause": _same("state__facts__clause"),
    "task": _task,
    "answered": _flag(status="answered"),
    "again": _again,
    "guided": _guided,
    "mine": _mine,
    "new": _new,
    "unassigned": _unassigned,
    "nobody": _flag(ended=None, holder=None),
    "conflict": _flag(conflicts__gt=0),
    "synthetic": _synthetic,
    "sheet": _sheet,
}  # fmt: skip
"""Every parameter of a list's address, in the order in which it narrows."""


def matter_of(row: MatterRow) -> Matter:
    """The matter behind its row, without a query."""
    return matters.form.validate_python(row.state, strict=False)


def one(person: Person, subject: UUID) -> MatterRow | None:
    """The row of a matter that `person` may see, or None."""
    return seen(person).filter(pk=subject).first()


def numbered(person: Person, number: str) -> list[MatterRow]:
    """The matters with this number that `person` may see: one, or several where two nodes clash."""
    return list(seen(person).filter(number=number.upper()).order_by("received", "id"))


def steps_for(person: Person, matter: Matter, procedure: Procedure) -> tuple[Step, ...]:
    """The steps of its own edition of the procedure that `person` may take now, in the procedure's order."""
    return tuple(
        step
        for step in procedure.step.values()
        if fits(step, matter) and judged(person, matter, step).allowed
    )


def fits(step: Step, matter: Matter) -> bool:
    """Whether the step can be taken where the matter is, by whomever."""
    here = not step.from_ or matter.state in step.from_
    return not matter.is_away and here and (not step.branch or matter.branch in step.branch)


def judged(person: Person, matter: Matter, step: Step) -> Decision:
    """Whether `person` may take the step, wherever the matter is, and why not."""
    scope = Scope.of(side_of(matter, step.side), kind=matter.procedure)
    return decide(person, "matter.step", scope, roles=step.by)


def next_step(matter: Matter, procedure: Procedure, steps: Sequence[Step]) -> Step | None:
    """Of the steps that somebody may take, the one to offer first; None where nothing is waiting for them.

    That is the first usual step of the procedure that meets the running clock with the earliest end, or else the first
    that leads on, if it is theirs: where it is another's to take, no later one (a withdrawal, say) stands in for it.
    Failing both, for the holder's side, the first that is of use now.
    """
    theirs = {step.code for step in steps}
    possible = [step for step in procedure.step.values() if step.usual and fits(step, matter)]
    running = sorted((it for it in matter.clocks if it.runs), key=lambda it: (it.due is None, str(it.due)))
    for clock in running:
        ends = set(procedure.clock[clock.code].ends)
        meets = (step for step in possible if step.side == clock.binds and step.moments & ends)
        if (first := next(meets, None)) is not None and first.code in theirs:
            return first
    ours = [step for step in possible if step.side != "raiser"]
    onward = next((step for step in ours if step.targets() - {matter.state}), None)
    if onward is not None and onward.code in theirs:
        return onward
    return next((step for step in ours if step.code in theirs and of_use(step, matter, procedure)), None)


def of_use(step: Step, matter: Matter, procedure: Procedure) -> bool:
    """Whether a step meets no clock at all, or one that runs; what meets only others is done, or not yet due."""
    its = {clock.code for clock in procedure.clock.values() if step.moments & set(clock.ends)}
    return not its or any(clock.runs and clock.code in its for clock in matter.clocks)


def told(subject: UUID) -> list[Entry[Any]]:
    """A matter's entries in fold order, also those in another unit's file. The caller has been judged.

    The session may read this one subject from here to the end of the request's transaction, or until another
    is asked for.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('haicap.subject', %s, false)", [str(subject)])
        try:
            return history(subject)
        finally:
            cursor.execute("SELECT set_config('haicap.subject', '', false)")


def people_of(unit: str | None) -> list[tuple[str, str]]:
    """Id and name of those who hold a post with rights in a unit today, by name. Two queries."""
    posts = acting(PostRow.objects.filter(unit=unit or "")).values("pk")
    held = Bearer.objects.filter(subject__in=posts, until=None).exclude(person=None).values("person")
    rows = OfficerRow.objects.filter(pk__in=held).order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]
