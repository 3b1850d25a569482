"""What people do with plans: adopt one, which asks each unit for its part; withdraw it."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

from haicap.journal.pen import Pen
from haicap.matters.fold import matters
from haicap.matters.handling import Doing, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.law import Law
from haicap.means.plans.entries import PlanAdopted, PlanWithdrawn
from haicap.means.plans.fold import Plan, plans
from haicap.means.plans.outcome import Answer
from haicap.means.plans.sorts import Request
from haicap.units.acting import NotSo, Unsaid, granted, said
from haicap.units.fold import Unit

PROCEDURE = "plan-task"
DIRECT = "means.direct"


def adopt(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    law: Law,
    unit: Unit,
    name: str,
    sort: str,
    paper: str,
    due: date,
    asked: Mapping[str, str],
    kept: tuple[str, ...],
    forbidden: tuple[str, ...],
    answer: Answer,
    requests: Mapping[str, Request],
    synthetic: bool = False,
) -> Plan:
    """Adopt a plan in the file of `unit`, and ask each item of the unit that carries it out, by a matter of its own.

    `requests` by the keys of the items; all is written in the pen's transaction. Idempotent in `entry_id`. Raises
    `Refused`, `NotOpenHere`, `NotSo` for an answer that is none, `Unsaid` without a name, a paper or items.
    """
    if pen.wrote(entry_id) and (known := pen.state(plans, subject)) is not None:
        return known
    grant = granted(pen.person, DIRECT, unit.code)
    if not answer.possible:
        raise NotSo("adopt")
    if not answer.items:
        raise Unsaid("items")
    body = PlanAdopted(
        name=said(name, "name"), sort=sort, province=unit.province or unit.code, paper=said(paper, "paper"), due=due,
        asked=dict(asked), kept=kept, forbidden=forbidden, answer=answer, synthetic=synthetic,
    )  # fmt: skip
    plan = pen.write(plans, entry_id, subject, body, unit=unit.code, grant=grant)
    for item in answer.items:
        _ask(pen, plan, plan.task(item.key), requests[item.key], law, unit)
    return plan


def _ask(pen: Pen, plan: Plan, task: UUID, request: Request, law: Law, unit: Unit) -> None:
    answers = {
        "plan": plan.said.name,
        "paper": plan.said.paper,
        "what": request.what,
        "due": plan.said.due.isoformat(),
    }
    raise_matter(
        pen, entry_id=uuid5(task, "raised"), subject=task, law=law, procedure=law.procedure(PROCEDURE, pen.at),
        unit=unit, by="unit", received=pen.at, title=request.title, answers=answers, to_unit=request.unit,
        source={"plan": str(plan.id)}, synthetic=plan.said.synthetic,
    )  # fmt: skip


def tasks(plan: Plan) -> list[UUID]:
    """The matters by which its items were asked for: to be locked by the pen that withdraws it."""
    return [plan.task(item.key) for item in plan.said.answer.items]


def withdraw(pen: Pen, *, entry_id: UUID, subject: UUID, law: Law, reason: str) -> Plan:
    """Go no further with a plan; what nobody has begun is withdrawn with it. Idempotent.

    Raises `Refused`, `NotSo` where there is no such plan or it was withdrawn, `Unsaid` without a reason.
    """
    plan = pen.state(plans, subject)
    if plan is None:
        raise NotSo("withdraw")
    if pen.wrote(entry_id):
        return plan
    if plan.withdrawn is not None:
        raise NotSo("withdraw")
    grant = granted(pen.person, DIRECT, plan.unit)
    why = said(reason, "reason")
    for task in tasks(plan):
        matter = pen.state(matters, task)
        if matter is not None and matter.state == "asked":
            doing = Doing("withdraw", answers={"reason": why})
            take_step(pen, entry_id=uuid5(entry_id, str(task)), subject=task, law=law, doing=doing)
    return pen.write(plans, entry_id, subject, PlanWithdrawn(reason=why), unit=plan.unit, grant=grant)
