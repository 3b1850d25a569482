"""What people do with works: plan, schedule, report what was reached and paid, stop, take up again, put right.

Who leads the unit, or directs the means of its province, plans; whoever writes its means reports. Days are dates in
Asia/Ho_Chi_Minh, sums whole VND. All raise `Refused`, and `NotSo` where the project is not where the act takes it
to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from haicap.clocks.wall import day_of
from haicap.journal.kinds import Body
from haicap.journal.pen import Author, Pen
from haicap.journal.text import clean
from haicap.means.evidence import Evidence
from haicap.means.works import entries as e
from haicap.means.works.entries import Aim, Gap, Priority, Purse, Share, Sort, Stage
from haicap.means.works.fold import Programme, programmes, projects
from haicap.means.works.state import BEGINS, ENDS, PURSES, STAGES, Project
from haicap.units.acting import NotSo, Unsaid, granted, past, said
from haicap.units.fold import Unit
from haicap.units.rights import Person, Scope, decide, require

WRITE, SIGN, DIRECT = "means.write", "means.sign", "means.direct"
PLANNERS = (SIGN, DIRECT)
FARTHEST = 50  # projects that follow one another


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said of a project."""

    name: str
    sort: Sort
    gaps: tuple[Gap, ...] = ()
    programme: UUID | None = None
    site: UUID | None = None
    follows: UUID | None = None
    priority: Priority = "needed"


def plan(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    unit: Unit,
    saying: Saying,
    stages: Mapping[Stage, date],
    budget: Mapping[Purse, int] | None = None,
    paper: str = "",
    synthetic: bool = False,
) -> Project:
    """Plan a project for `unit`; the days of its stages are the baseline for good.

    Raises `Unsaid` without a name, for an amount or a sum that is none, for stages that lack the beginning or the end,
    `NotSo` for stages out of order, a programme of another province, a project to follow that follows this one.
    """
    known = pen.state(projects, subject)
    if known is not None and pen.wrote(entry_id):
        return known
    grant = planner(pen.person, unit.code)
    its = _checked(pen, saying, subject, unit.province)
    body = e.Planned(
        unit=unit.code, province=unit.province, name=its.name, sort=its.sort, stages=_aims(stages, its.sort),
        budget=shares(budget or {}), gaps=its.gaps, programme=its.programme, site=its.site, follows=its.follows,
        priority=its.priority, paper=clean(paper).strip(), synthetic=synthetic,
    )  # fmt: skip
    return pen.write(projects, entry_id, subject, body, unit=unit.code, grant=grant)


def correct(pen: Pen, *, entry_id: UUID, subject: UUID, saying: Saying, reason: str) -> Project:
    """Say how the project should read. Raises `Unsaid`, `NotSo` as `plan` does."""
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    its = _checked(pen, saying, subject, project.province)
    body = e.Corrected(
        name=its.name, sort=its.sort, gaps=its.gaps, programme=its.programme, site=its.site, follows=its.follows,
        priority=its.priority, reason=said(reason, "reason"),
    )  # fmt: skip
    return _write(pen, entry_id, project, body, planner(pen.person, project.unit))


def schedule(
    pen: Pen, *, entry_id: UUID, subject: UUID, stages: Mapping[Stage, date], reason: str
) -> Project:
    """Say on which days stages are expected now, and why; those that stay as they are need not be named.

    Raises `Unsaid` without a reason or a day, `NotSo` for a stage already reached or days out of order.
    """
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    now = project.now
    _going_on(project)
    stand = {it.stage: it for it in now.stages}
    changed = {
        stage: day for stage, day in stages.items() if stage not in stand or stand[stage].forecast != day
    }
    if not changed:
        raise Unsaid("stages")
    if any(stage in stand and stand[stage].reach for stage in changed):
        raise NotSo("schedule")
    _in_order({it.stage: it.day for it in now.stages} | changed)
    body = e.Scheduled(stages=_listed(changed), reason=said(reason, "reason"))
    return _write(pen, entry_id, project, body, granted(pen.person, WRITE, project.unit))


def reach(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    stage: Stage,
    on: date,
    paper: str = "",
    note: str = "",
    evidence: tuple[Evidence, ...] = (),
) -> Project:
    """Report that a stage was reached on a day. Raises `NotYet` for a day to come, `NotSo` for a stage that is none of
    the project's, was reached already, or ends what has not begun."""
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    _going_on(project)
    now = project.now
    its = next((it for it in now.stages if it.stage == stage), None)
    if its is None or its.reach or (stage in ENDS and not now.begun):
        raise NotSo("reach")
    body = e.Reached(
        stage=stage, on=past(on, day_of(pen.at)), paper=clean(paper).strip(), note=clean(note).strip(),
        evidence=evidence,
    )  # fmt: skip
    return _write(pen, entry_id, project, body, granted(pen.person, WRITE, project.unit))


def unreach(pen: Pen, *, entry_id: UUID, subject: UUID, reached: UUID, reason: str) -> Project:
    """Say that a report was a mistake. Raises `Unsaid` without a reason, `NotSo` for a report that is none in force."""
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    if not any(it.id == reached and it.withdrawn is None for it in project.reaches):
        raise NotSo("unreach")
    body = e.Unreached(reached=reached, reason=said(reason, "reason"))
    return _write(pen, entry_id, project, body, granted(pen.person, WRITE, project.unit))


def show(
    pen: Pen, *, entry_id: UUID, subject: UUID, evidence: tuple[Evidence, ...], note: str = ""
) -> Project:
    """Put photos or papers beside the project. Raises `Unsaid` where there are none."""
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    if not evidence:
        raise Unsaid("evidence")
    body = e.Shown(note=clean(note).strip(), evidence=evidence)
    return _write(pen, entry_id, project, body, granted(pen.person, WRITE, project.unit))


def budget(
    pen: Pen, *, entry_id: UUID, subject: UUID, sums: Mapping[Purse, int], reason: str, paper: str = ""
) -> Project:
    """Say the whole budget by source anew. Raises `Unsaid` without a reason or any sum."""
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    if not (its := shares(sums)):
        raise Unsaid("sums")
    body = e.Budgeted(shares=its, paper=clean(paper).strip(), reason=said(reason, "reason"))
    return _write(pen, entry_id, project, body, planner(pen.person, project.unit))


def pay(
    pen: Pen, *, entry_id: UUID, subject: UUID, on: date, source: Purse, amount: int, paper: str = ""
) -> Project:
    """Write down a payment. Raises `Unsaid` for no sum, `NotYet` for a day to come."""
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    body = e.Paid(on=past(on, day_of(pen.at)), source=source, sum=_sum(amount), paper=clean(paper).strip())
    return _write(pen, entry_id, project, body, granted(pen.person, WRITE, project.unit))


def repay(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    payment: UUID,
    on: date,
    source: Purse,
    amount: int | None,
    reason: str,
    paper: str = "",
) -> Project:
    """Say how a payment should have been written down; None for one that there never was.

    Raises `Unsaid` without a reason, `NotYet`, `NotSo` for an unknown payment.
    """
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    if not any(it.id == payment and it.of == payment for it in project.payments):
        raise NotSo("repay")
    body = e.Repaid(
        payment=payment, on=past(on, day_of(pen.at)), source=source, sum=None if amount is None else _sum(amount),
        paper=clean(paper).strip(), reason=said(reason, "reason"),
    )  # fmt: skip
    return _write(pen, entry_id, project, body, granted(pen.person, WRITE, project.unit))


def stop(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    since: date,
    ground: str,
    paper: str = "",
    dropped: bool = False,
) -> Project:
    """Say that nothing goes on since a day; `dropped` for good. Raises `Unsaid` without a ground, `NotYet`."""
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    halt = project.now.halt
    if project.now.state == "done" or (halt is not None and (halt.dropped or not dropped)):
        raise NotSo("stop")
    body = e.Stopped(
        since=past(since, day_of(pen.at)), ground=said(ground, "ground"), paper=clean(paper).strip(), dropped=dropped
    )  # fmt: skip
    return _write(pen, entry_id, project, body, planner(pen.person, project.unit))


def resume(pen: Pen, *, entry_id: UUID, subject: UUID, since: date, ground: str, paper: str = "") -> Project:
    """Say that it goes on. Raises `Unsaid` without a ground, `NotYet`, `NotSo` where it does."""
    project = found(pen, subject)
    if pen.wrote(entry_id):
        return project
    halt = project.now.halt
    if halt is None or since < halt.since:
        raise NotSo("resume")
    body = e.Resumed(
        since=past(since, day_of(pen.at)), ground=said(ground, "ground"), paper=clean(paper).strip()
    )
    return _write(pen, entry_id, project, body, planner(pen.person, project.unit))


def resolve(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    province: str,
    name: str,
    first: int,
    last: int,
    paper: str = "",
    target: int | None = None,
    sums: Mapping[Purse, int] | None = None,
    synthetic: bool = False,
) -> Programme:
    """Found a programme of a province, or say anew what it is. Raises `Unsaid` without a name, `NotSo` for years that
    end before they begin, or a programme of another province."""
    known = pen.state(programmes, subject)
    if known is not None and pen.wrote(entry_id):
        return known
    if last < first or (known is not None and known.province != province):
        raise NotSo("resolve")
    body = e.ProgrammeResolved(
        province=province, name=said(name, "name"), paper=clean(paper).strip(), first=first, last=last, target=target,
        budget=shares(sums or {}), synthetic=synthetic,
    )  # fmt: skip
    grant = granted(pen.person, DIRECT, province)
    return pen.write(programmes, entry_id, subject, body, unit=province, grant=grant, channel="reference")


def planner(by: Author, unit: str) -> UUID | None:
    """The grant on which `by` plans works of a unit; the node itself needs none. Raises `Refused`."""
    if not isinstance(by, Person):
        return None
    decisions = [decide(by, action, Scope.of(unit)) for action in PLANNERS]
    return require(next((it for it in decisions if it.allowed), decisions[0]))


def may_plan(person: Person, unit: str) -> bool:
    """Whether the person plans works of a unit."""
    return any(decide(person, action, Scope.of(unit)).allowed for action in PLANNERS)


def found(pen: Pen, subject: UUID) -> Project:
    """The project as this transaction sees it. Raises `NotSo` where there is none."""
    project = pen.state(projects, subject)
    if project is None:
        raise NotSo("project")
    return project


def shares(sums: Mapping[Purse, int]) -> tuple[Share, ...]:
    """The sums that are more than nothing, by source. Raises `Unsaid` for less than nothing."""
    return tuple(Share(source=it, sum=_sum(sums[it])) for it in PURSES if sums.get(it))


def _sum(amount: int) -> str:
    if amount <= 0:
        raise Unsaid("sum")
    return str(amount)


def _checked(pen: Pen, saying: Saying, subject: UUID, province: str | None) -> Saying:
    for gap in saying.gaps:
        if not gap.of or Decimal(gap.amount) <= 0:
            raise Unsaid("gaps")
    if saying.programme is not None:
        programme = pen.state(programmes, saying.programme)
        if programme is None or programme.province != province:
            raise NotSo("programme")
    _no_circle(pen, subject, saying.follows)
    return Saying(
        said(saying.name, "name"), saying.sort, saying.gaps, saying.programme, saying.site, saying.follows,
        saying.priority,
    )  # fmt: skip


def _no_circle(pen: Pen, subject: UUID, follows: UUID | None) -> None:
    for _ in range(FARTHEST):
        if follows is None:
            return
        before = pen.state(projects, follows)
        if before is None or follows == subject:
            break
        follows = before.now.about.follows
    raise NotSo("follows")


def _aims(stages: Mapping[Stage, date], sort: Sort) -> tuple[Aim, ...]:
    """The stages in their order. What is built anew is handed over; a repair may end with its acceptance."""
    if (
        BEGINS not in stages
        or not (set(ENDS) & set(stages))
        or (sort != "repair" and "handover" not in stages)
    ):
        raise Unsaid("stages")
    _in_order(stages)
    return _listed(stages)


def _listed(stages: Mapping[Stage, date]) -> tuple[Aim, ...]:
    return tuple(Aim(stage=stage, on=stages[stage]) for stage in STAGES if stage in stages)


def _in_order(stages: Mapping[Stage, date]) -> None:
    """Work begins before it is accepted, and is accepted before it is handed over; what prepares it may overlap."""
    days = [stages[stage] for stage in (BEGINS, *ENDS) if stage in stages]
    if days != sorted(days):
        raise NotSo("order")


def _going_on(project: Project) -> None:
    if project.now.state not in ("planned", "begun"):
        raise NotSo("done" if project.now.state == "done" else "stopped")


def _write(pen: Pen, entry_id: UUID, project: Project, body: Body, grant: UUID | None) -> Project:
    return pen.write(projects, entry_id, project.id, body, unit=project.unit, grant=grant)
