"""A project as it stood at any moment: what had been said by then, and nothing that was said later.

The journal is the baseline. Every statement is kept with the moment of its writing; `Project.as_of` reads those up to a
moment, so that slip and overspending can be told against any earlier day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal
from uuid import UUID

from haicap.means.evidence import Evidence
from haicap.means.works.entries import Priority, Purse, Sort, Stage

State = Literal["planned", "begun", "done", "stopped", "dropped"]
STAGES: tuple[Stage, ...] = ("approval", "land", "design", "tender", "start", "acceptance", "handover")
STATES: tuple[State, ...] = ("planned", "begun", "done", "stopped", "dropped")
PURSES: tuple[Purse, ...] = ("province", "commune", "ministry", "other")
BEGINS: Stage = "start"
ENDS: tuple[Stage, ...] = ("acceptance", "handover")


@dataclass(frozen=True, slots=True)
class Closes:
    """So much of a kind of means that a project provides; `norm` is the code of what asks for it, if any."""

    kind: str
    amount: Decimal
    norm: str


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a project from `at` on."""

    at: datetime
    by: UUID
    name: str
    sort: Sort
    gaps: tuple[Closes, ...]
    programme: UUID | None
    site: UUID | None
    follows: UUID | None
    priority: Priority
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days expected for some stages, as said at `at`."""

    at: datetime
    by: UUID
    days: Mapping[Stage, date]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """The whole budget by source, in VND, as said at `at`."""

    at: datetime
    by: UUID
    sums: Mapping[Purse, Decimal]
    paper: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """A stage reached on a day; `withdrawn` is when that was said to be a mistake."""

    id: UUID
    at: datetime
    by: UUID
    stage: Stage
    on: date
    paper: str
    note: str
    evidence: tuple[Evidence, ...] = ()
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How the works looked, by photos or papers."""

    id: UUID
    at: datetime
    by: UUID
    note: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as it was written down (`id`), or how that should read (`of` names it); no sum: there was none."""

    id: UUID
    at: datetime
    by: UUID
    on: date
    source: Purse
    sum: Decimal | None
    paper: str
    of: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Halt:
    """A time in which nothing went on; `resumed` is when its end was written down."""

    at: datetime
    by: UUID
    since: date
    ground: str
    paper: str
    dropped: bool
    until: date | None = None
    resumed: datetime | None = None


@dataclass(frozen=True, slots=True)
class StageNow:
    """A stage at some moment: the day first planned, the day expected, the day on which it was reached."""

    stage: Stage
    baseline: date
    forecast: date
    reach: Reach | None

    @property
    def done(self) -> date | None:
        """The day on which it was reached."""
        return self.reach.on if self.reach else None

    @property
    def day(self) -> date:
        """The day on which it was reached, or is expected."""
        return self.done or self.forecast

    @property
    def slip(self) -> int:
        """Days by which it is later than first planned; negative where it is earlier."""
        return (self.day - self.baseline).days


@dataclass(frozen=True)
class Standing:
    """A project at some moment; sums in VND. Not slotted: what is reckoned once is kept."""

    about: About
    stages: tuple[StageNow, ...]
    budgets: tuple[Budget, ...]
    payments: tuple[Payment, ...]
    halt: Halt | None

    @cached_property
    def next(self) -> StageNow | None:
        """The first stage that has not been reached."""
        return next((it for it in self.stages if it.reach is None), None)

    @property
    def state(self) -> State:
        """Where it stands, as programmes count it."""
        if self.stages[-1].reach:
            return "done"
        if self.halt:
            return "dropped" if self.halt.dropped else "stopped"
        return "begun" if self.begun else "planned"

    @property
    def begins(self) -> StageNow:
        """The stage with which work on the ground begins."""
        return next(it for it in self.stages if it.stage == BEGINS)

    @property
    def ends(self) -> StageNow:
        """The last stage."""
        return self.stages[-1]

    @property
    def begun(self) -> date | None:
        """The day on which work began."""
        return self.begins.done

    @cached_property
    def due(self) -> date | None:
        """The day by which the next stage is expected; None where nothing is to come, or nothing goes on."""
        return self.next.forecast if self.next and self.state in ("planned", "begun") else None

    def overdue(self, today: date) -> bool:
        """Whether the day of the next stage has passed and nobody has said what became of it."""
        return self.due is not None and self.due < today

    def late(self, today: date) -> bool:
        """Whether it is not done, and overdue or expected to end later than first planned."""
        return self.state in ("planned", "begun") and (self.overdue(today) or self.ends.slip > 0)

    @cached_property
    def planned(self) -> Mapping[Purse, Decimal]:
        """The budget by source."""
        return self.budgets[-1].sums if self.budgets else {}

    @property
    def budget(self) -> Decimal:
        """The whole budget."""
        return sum(self.planned.values(), Decimal(0))

    @property
    def first_budget(self) -> Decimal:
        """The budget as first said."""
        return sum(self.budgets[0].sums.values(), Decimal(0)) if self.budgets else Decimal(0)

    @cached_property
    def spent(self) -> Mapping[Purse, Decimal]:
        """What has been paid, by source."""
        return _by_source(self.payments)

    @property
    def paid(self) -> Decimal:
        """What has been paid."""
        return sum(self.spent.values(), Decimal(0))

    @property
    def over(self) -> Decimal:
        """By how much payments exceed the budget; 0 where they do not."""
        return max(self.paid - self.budget, Decimal(0))

    @property
    def grown(self) -> Decimal:
        """By how much the budget has grown since it was first said."""
        return max(self.budget - self.first_budget, Decimal(0))


def _by_source(payments: Iterable[Payment]) -> dict[Purse, Decimal]:
    found: dict[Purse, Decimal] = {}
    for it in payments:
        found[it.source] = found.get(it.source, Decimal(0)) + (it.sum or Decimal(0))
    return found


@dataclass(frozen=True, slots=True)
class Project:
    """A project with all that was ever said of it, in the order of saying."""

    id: UUID
    unit: str
    province: str | None
    at: datetime
    by: UUID
    paper: str
    synthetic: bool
    abouts: tuple[About, ...]
    schedules: tuple[Schedule, ...]
    budgets: tuple[Budget, ...] = ()
    reaches: tuple[Reach, ...] = ()
    payments: tuple[Payment, ...] = ()
    halts: tuple[Halt, ...] = ()
    looks: tuple[Look, ...] = ()

    @property
    def pieces(self) -> list[Evidence]:
        """All photos and papers that stand beside it."""
        reached = [piece for reach in self.reaches for piece in reach.evidence]
        return reached + [piece for look in self.looks for piece in look.evidence]

    @property
    def now(self) -> Standing:
        """As it stands after all that was said."""
        return self._standing(None)

    def as_of(self, at: datetime) -> Standing | None:
        """As it stood by what had been written down before `at` (aware); None where it was not yet planned."""
        return self._standing(at) if self.at < at else None

    def _standing(self, at: datetime | None) -> Standing:
        def said(moment: datetime | None) -> bool:
            return moment is not None and (at is None or moment < at)

        baseline: dict[Stage, date] = {}
        expected: dict[Stage, date] = {}
        for schedule in self.schedules:
            if said(schedule.at):
                baseline = {**schedule.days, **baseline}
                expected |= schedule.days
        reached = {it.stage: it for it in self.reaches if said(it.at) and not said(it.withdrawn)}
        halts = [it for it in self.halts if said(it.at) and not said(it.resumed)]
        return Standing(
            about=[it for it in self.abouts if said(it.at)][-1],
            stages=tuple(
                StageNow(stage, baseline[stage], expected[stage], reached.get(stage))
                for stage in STAGES
                if stage in baseline
            ),
            budgets=tuple(it for it in self.budgets if said(it.at)),
            payments=_in_force(it for it in self.payments if said(it.at)),
            halt=halts[-1] if halts else None,
        )


def _in_force(written: Iterable[Payment]) -> tuple[Payment, ...]:
    """Payments as they read after their corrections, those that there were none of left out, by day."""
    newest: dict[UUID, Payment] = {}
    for it in written:
        if (
            it.of != it.id or it.of not in newest
        ):  # a correction counts also where a wrong clock puts it first
            newest[it.of] = it
    its = (it for it in newest.values() if it.sum is not None)
    return tuple(sorted(its, key=lambda it: (it.on, it.at, it.id)))


def slip(now: Standing, then: Standing) -> int:
    """Days by which the end is later than it was expected at the earlier moment; negative where it is earlier."""
    return (now.ends.day - then.ends.day).days


def by_year(project: Project) -> dict[int, Decimal]:
    """What a project costs in each year, in VND: paid so far in the year of payment, what is left of the budget spread
    evenly over the days from the beginning (or the last payment, if later) to the last day expected."""
    its = project.now
    found: dict[int, Decimal] = {}
    for payment in its.payments:
        found[payment.on.year] = found.get(payment.on.year, Decimal(0)) + (payment.sum or Decimal(0))
    left = max(its.budget - its.paid, Decimal(0))
    if left and its.state not in ("done", "dropped"):
        since = max([its.begins.day, *(it.on for it in its.payments)])
        for year, part in spread(left, since, max(its.ends.day, since)).items():
            found[year] = found.get(year, Decimal(0)) + part
    return found


def spread(whole: Decimal, since: date, until: date) -> dict[int, Decimal]:
    """A sum over the years from one day to another (both included) by their days; whole dong, nothing lost."""
    days = (until - since).days + 1
    found: dict[int, Decimal] = {}
    given = Decimal(0)
    for year in range(since.year, until.year + 1):
        last = min(until, date(year, 12, 31))
        upto = whole * (last - since + timedelta(days=1)).days // days
        found[year], given = upto - given, upto
    return found
