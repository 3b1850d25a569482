"""What can be written down of plans: nothing while they are being tried, all of it when one is adopted."""

from datetime import date

from haicap.journal.kinds import Body, kind
from haicap.means.plans.outcome import Answer


@kind("plan.adopted", version=1)
class PlanAdopted(Body):
    """A plan was adopted by whoever may decide; each of its items is asked of the unit that carries it out, by `due`.

    `sort` says which question it answers, `asked` with which parameters, `kept` and `forbidden` what was put right by
    hand. The same inputs give the same answer again.
    """

    name: str
    sort: str
    province: str
    paper: str
    due: date
    asked: dict[str, str]
    kept: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    answer: Answer
    synthetic: bool = False


@kind("plan.withdrawn", version=1)
class PlanWithdrawn(Body):
    """The plan is not gone on with; what was asked for and not begun is withdrawn with it."""

    reason: str
