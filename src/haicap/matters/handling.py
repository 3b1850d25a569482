"""How a matter is dealt with: the steps of its procedure, and the engine's acts that some of them are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.matters.entries import (
    Accepted,
    Assigned,
    Extended,
    Facts,
    HandedOver,
    Longer,
    Paused,
    Received,
    Referred,
    Refused,
    Reopened,
    Resumed,
    Stepped,
)
from haicap.matters.fold import matters
from haicap.matters.law import Law
from haicap.matters.routing import Route, by_competence, side_of
from haicap.matters.running import longer, resumed, starts
from haicap.matters.schema import Procedure, Step
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid
from haicap.units.rights import Person, Scope, decide, require


class NotNow(Exception):
    """The matter is not where this act fits: it has moved on since the page was shown, or has ended."""

    def __init__(self, act: str, matter: Matter) -> None:
        super().__init__(f"{act} cannot be taken in the state {matter.state}, branch {matter.branch}")
        self.act = act
        self.matter = matter


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody says when taking a step, as the procedure asks for it."""

    step: str
    outcome: str | None = None
    ground: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    to_unit: str | None = None
    assignee: UUID | None = None

    @property
    def word(self) -> str | None:
        """The outcome or ground: what a clock may listen for."""
        return self.outcome or self.ground


def take_step(pen: Pen, *, entry_id: UUID, subject: UUID, law: Law, doing: Doing) -> Matter:
    """Take a step of the matter's own edition of its procedure, and the engine's act that it is.

    Idempotent in `entry_id`. Raises `Refused`, `NotNow`, `Unsaid`, `Unanswered`, `TooOften`.
    """
    matter = found(pen, subject)
    if pen.wrote(entry_id):
        return matter
    procedure = law.pinned(matter.edition)
    step = fitting(procedure, matter, doing)
    grant = _may_step(pen, matter, step)
    public, personal = procedure.check(doing.answers, step.code, doing.outcome)
    first, *further = acts(law, procedure, matter, doing, public, pen.at)
    matter = pen.write(matters, entry_id, subject, first, unit=matter.unit, grant=grant, sealed=personal)
    for place, act in enumerate(further, start=1):
        entry = UUID(int=entry_id.int ^ place)
        matter = pen.write(matters, entry, subject, act, unit=matter.unit, grant=grant)
    return matter


def acts(
    law: Law, procedure: Procedure, matter: Matter, doing: Doing, facts: Facts, at: datetime
) -> list[Body]:
    """What is written down when a step is taken at `at` (aware): the step, then the engine's act that it is.

    `facts` are the public facts given with it. Pure. Raises `NotNow`, `Unsaid`, `TooOften`.
    """
    step = fitting(procedure, matter, doing)
    now = step.leads_to(doing.outcome) or matter.state
    begun = starts(
        procedure, step.code, doing.word, branch=step.turns or matter.branch, remote=matter.remote, at=at,
        facts=matter.facts | facts, calendar=law.calendar,
    )  # fmt: skip
    stepped = Stepped(
        step=step.code, now=now, outcome=doing.outcome, ground=doing.ground, branch=step.turns,
        ends=now in procedure.ends, facts=facts, starts=begun,
        stops=tuple(clock.code for clock in procedure.clocks_ending(step.code, doing.word)),
    )  # fmt: skip
    return [stepped, *_engine(law, procedure, matter, step, doing, facts, at)]


def found(pen: Pen, subject: UUID) -> Matter:
    """The matter as it is under this pen's locks. Raises `LookupError` where there is none."""
    matter = pen.state(matters, subject)
    if matter is None:
        raise LookupError(f"no matter {subject}")
    return matter


def fitting(procedure: Procedure, matter: Matter, doing: Doing) -> Step:
    """The step, if it can be taken where the matter is. Raises `NotNow`, `Unsaid`."""
    step = procedure.step.get(doing.step)
    if step is None or matter.is_away or (step.from_ and matter.state not in step.from_):
        raise NotNow(doing.step, matter)
    if step.branch and matter.branch not in step.branch:
        raise NotNow(doing.step, matter)
    if (step.outcome or doing.outcome) and doing.outcome not in step.outcome:
        raise Unsaid("outcome")
    if (step.grounds or doing.ground) and doing.ground not in step.grounds:
        raise Unsaid("ground")
    return step


def _may_step(pen: Pen, matter: Matter, step: Step) -> UUID | None:
    if not isinstance(pen.person, Person):
        return None
    scope = Scope.of(side_of(matter, step.side), kind=matter.procedure)
    return require(decide(pen.person, "matter.step", scope, roles=step.by))


def _engine(
    law: Law, procedure: Procedure, matter: Matter, step: Step, doing: Doing, facts: Facts, at: datetime
) -> list[Body]:
    match step.does:
        case "hand-over":
            route = _to(law, procedure, matter, step, doing, at)
            return [HandedOver(to=route.to or "", why=route.why)] if route.to else []
        case "accept":
            return [Accepted()]
        case "refuse":
            return [Refused(ground=doing.ground or "", back_to=matter.given_by or matter.unit)]
        case "refer":
            return [Referred(to=str(facts.get("agency") or facts.get("authority") or ""))]
        case "assign":
            if step.to_unit:
                route = _to(law, procedure, matter, step, doing, at)
                return [HandedOver(to=route.to, why=route.why)] if route.to else []
            return [Assigned(person=doing.assignee)] if doing.assignee else []
        case "pause":
            clocks = procedure.clocks_pausing(step.code, doing.word)
            return [Paused(clocks=tuple(it.code for it in clocks), ground=doing.ground or step.code)]
        case "resume":
            return [Resumed(dues=resumed(matter.clocks, at, procedure, law.calendar))]
        case "extend":
            return [Extended(longer=_longer(law, procedure, matter, step, doing))]
        case "reopen":
            now = step.leads_to(doing.outcome) or matter.state
            return [Reopened(now=now, reason=doing.ground or step.code)]
        case _:
            return []


def _longer(law: Law, procedure: Procedure, matter: Matter, step: Step, doing: Doing) -> tuple[Longer, ...]:
    return longer(
        procedure, matter.clocks, step.code, doing.word, branch=matter.branch, remote=matter.remote,
        calendar=law.calendar,
    )  # fmt: skip


def _to(law: Law, procedure: Procedure, matter: Matter, step: Step, doing: Doing, at: datetime) -> Route:
    match step.to_unit:
        case "competence":
            route = by_competence(
                law, procedure, matter.facts, unit=matter.unit, level="commune", province=matter.province,
                at=at,
            )  # fmt: skip
            return route if route.to else _stated(doing)
        case "parent":
            return Route(matter.province, None)
        case "raiser":
            return Route(matter.raised_by, None)
        case _:
            return _stated(doing)


def _stated(doing: Doing) -> Route:
    if not doing.to_unit:
        raise Unsaid("to_unit")
    return Route(doing.to_unit, None)


def receive(pen: Pen, *, entry_id: UUID, subject: UUID) -> Matter:
    """Say that the unit holding the matter has seen it. Idempotent. Raises `Refused`, `NotNow`."""
    matter = found(pen, subject)
    if matter.seen is not None:
        return matter
    return _act(pen, entry_id, matter, "matter.step", Received(), side_of(matter, "holder"))


def refuse(pen: Pen, *, entry_id: UUID, subject: UUID, ground: str) -> Matter:
    """Give a matter back to whoever gave it, with the ground. Raises `Refused`, `NotNow`, `Unsaid`."""
    matter = found(pen, subject)
    if pen.wrote(entry_id):
        return matter
    if matter.given_by is None or matter.ended:
        raise NotNow("refuse", matter)
    if not ground.strip():
        raise Unsaid("ground")
    body = Refused(ground=ground, back_to=matter.given_by)
    return _act(pen, entry_id, matter, "matter.step", body, side_of(matter, "holder"))


def hand_over(pen: Pen, *, entry_id: UUID, subject: UUID, to: str) -> Matter:
    """Give a matter to another unit where no step of its procedure does; clocks run on. Raises `Refused`, `NotNow`."""
    matter = found(pen, subject)
    if matter.ended or matter.holder == to:
        raise NotNow("hand-over", matter)
    return _act(pen, entry_id, matter, "matter.assign", HandedOver(to=to), side_of(matter, "holder"))


def assign(pen: Pen, *, entry_id: UUID, subject: UUID, person: UUID | None) -> Matter:
    """Say who in the holding unit deals with it; None takes that back. Raises `Refused`, `NotNow`."""
    matter = found(pen, subject)
    if matter.ended:
        raise NotNow("assign", matter)
    body = Assigned(person=person)
    return _act(pen, entry_id, matter, "matter.assign", body, side_of(matter, "holder"))


def _act(pen: Pen, entry_id: UUID, matter: Matter, action: str, body: Body, unit: str) -> Matter:
    grant = None
    if isinstance(pen.person, Person):
        grant = require(decide(pen.person, action, Scope.of(unit, kind=matter.procedure)))
    return pen.write(matters, entry_id, matter.id, body, unit=matter.unit, grant=grant)
