"""What the entries of works mean."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.works import entries as e
from haicap.means.works.entries import Purse
from haicap.means.works.state import About, Budget, Closes, Halt, Look, Payment, Project, Reach, Schedule

projects = Fold(Project)


@projects.on(e.Planned, opens=True)
def planned(_: None, entry: Entry[e.Planned]) -> Project:
    it = entry.body
    budget = Budget(entry.at, entry.actor, sums(it.budget), it.paper)
    return Project(
        id=entry.subject, unit=it.unit, province=it.province, at=entry.at, by=entry.actor, paper=it.paper,
        synthetic=it.synthetic, abouts=(_about(entry),), schedules=(_schedule(entry),),
        budgets=(budget,) if it.budget else (),
    )  # fmt: skip


def _about(entry: Entry[e.Planned] | Entry[e.Corrected]) -> About:
    it = entry.body
    gaps = tuple(Closes(gap.of, Decimal(gap.amount), gap.norm) for gap in it.gaps)
    return About(
        entry.at, entry.actor, it.name, it.sort, gaps, it.programme, it.site, it.follows, it.priority,
        it.reason if isinstance(it, e.Corrected) else "",
    )  # fmt: skip


def _schedule(entry: Entry[e.Planned] | Entry[e.Scheduled]) -> Schedule:
    it = entry.body
    reason = it.reason if isinstance(it, e.Scheduled) else ""
    return Schedule(entry.at, entry.actor, {aim.stage: aim.on for aim in it.stages}, reason)


def sums(shares: Iterable[e.Share]) -> dict[Purse, Decimal]:
    """The sums by source; the same source twice adds up."""
    found: dict[Purse, Decimal] = {}
    for share in shares:
        found[share.source] = found.get(share.source, Decimal(0)) + Decimal(share.sum)
    return found


@projects.on(e.Corrected)
def corrected(project: Project, entry: Entry[e.Corrected]) -> Project:
    return replace(project, abouts=(*project.abouts, _about(entry)))


@projects.on(e.Scheduled)
def scheduled(project: Project, entry: Entry[e.Scheduled]) -> Project:
    return replace(project, schedules=(*project.schedules, _schedule(entry)))


@projects.on(e.Reached)
def reached(project: Project, entry: Entry[e.Reached]) -> Project:
    it = entry.body
    reach = Reach(entry.id, entry.at, entry.actor, it.stage, it.on, it.paper, it.note, it.evidence)
    return replace(project, reaches=(*project.reaches, reach))


@projects.on(e.Unreached)
def unreached(project: Project, entry: Entry[e.Unreached]) -> Project:
    reaches = (
        replace(it, withdrawn=entry.at) if it.id == entry.body.reached else it for it in project.reaches
    )
    return replace(project, reaches=tuple(reaches))


@projects.on(e.Shown)
def shown(project: Project, entry: Entry[e.Shown]) -> Project:
    look = Look(entry.id, entry.at, entry.actor, entry.body.note, entry.body.evidence)
    looks = sorted({*project.looks, look}, key=lambda it: (it.at, it.id))
    return replace(project, looks=tuple(looks))


@projects.on(e.Budgeted)
def budgeted(project: Project, entry: Entry[e.Budgeted]) -> Project:
    it = entry.body
    budget = Budget(entry.at, entry.actor, sums(it.shares), it.paper, it.reason)
    return replace(project, budgets=(*project.budgets, budget))


@projects.on(e.Paid)
def paid(project: Project, entry: Entry[e.Paid]) -> Project:
    it = entry.body
    return _with(
        project,
        Payment(entry.id, entry.at, entry.actor, it.on, it.source, Decimal(it.sum), it.paper, entry.id),
    )


@projects.on(e.Repaid)
def repaid(project: Project, entry: Entry[e.Repaid]) -> Project:
    it = entry.body
    amount = Decimal(it.sum) if it.sum is not None else None
    return _with(
        project,
        Payment(entry.id, entry.at, entry.actor, it.on, it.source, amount, it.paper, it.payment, it.reason),
    )


def _with(project: Project, payment: Payment) -> Project:
    """Payments come from several nodes in any order: they are kept by the moment of writing."""
    its = sorted({*project.payments, payment}, key=lambda it: (it.at, it.id))
    return replace(project, payments=tuple(its))


@projects.on(e.Stopped)
def stopped(project: Project, entry: Entry[e.Stopped]) -> Project:
    it = entry.body
    halt = Halt(entry.at, entry.actor, it.since, it.ground, it.paper, it.dropped)
    return replace(project, halts=(*project.halts, halt))


@projects.on(e.Resumed)
def resumed(project: Project, entry: Entry[e.Resumed]) -> Project:
    halts = (
        replace(it, until=entry.body.since, resumed=entry.at) if it.resumed is None else it
        for it in project.halts
    )
    return replace(project, halts=tuple(halts))


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as it is said to be today; sums in VND."""

    id: UUID
    province: str
    name: str
    paper: str
    first: int
    last: int
    target: int | None
    budget: dict[Purse, Decimal]
    synthetic: bool


programmes = Fold(Programme)


@programmes.on(e.ProgrammeResolved, opens=True, continues=True)
def resolved(_: Programme | None, entry: Entry[e.ProgrammeResolved]) -> Programme:
    it = entry.body
    return Programme(
        entry.subject, it.province, it.name, it.paper, it.first, it.last, it.target, sums(it.budget), it.synthetic
    )  # fmt: skip
