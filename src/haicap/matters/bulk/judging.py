"""Whether an act on many would be done to one of them: not now, and why; or refused, and why. Nothing is written."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from haicap.journal.fold import Folded
from haicap.matters import acts, queries
from haicap.matters.bulk.models import NOT_NOW, REFUSED, WOULD
from haicap.matters.handling import Doing, NotNow
from haicap.matters.handling import acts as written
from haicap.matters.law import Law
from haicap.matters.models import MatterRow
from haicap.matters.running import TooOften
from haicap.matters.schema import Procedure, Step
from haicap.matters.showing import in_words, state_words
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid
from haicap.units.rights import Decision, Person

STEP = "step"
ACTS = (
    "receive",
    "assign",
    "hand-over",
    "comment",
)  # besides a step: those that ask the same of every matter
BACK = ("assign", "hand-over")  # a further entry can bring back what was there before


@dataclass(frozen=True, slots=True)
class Told:
    """What the act is told: of `step` the procedure and the step, of the others what their form asks."""

    act: str
    procedure: str = ""
    step: str = ""
    to_unit: str = ""
    assignee: str = ""  # a person's id; empty takes an assignment back
    team: str = ""  # the unit in which the assignee works
    text: str = ""

    def facts(self) -> dict[str, str]:
        """As it is sealed."""
        return asdict(self)

    def back_to(self, before: str) -> "Told":
        """The same act, bringing back what was there before."""
        if self.act == "assign":
            return replace(self, assignee=before, team="")
        return replace(self, to_unit=before)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is `would`, `not-now` or `refused`; `why` is a sentence, empty where it would be done."""

    kind: str
    why: str = ""


def judge(person: Person, told: Told, row: MatterRow | None, known: Law, at: datetime) -> Verdict:
    """What would happen to one matter at `at` (aware); `row` None: it is not to be seen any more."""
    if row is None:
        return Verdict(REFUSED, _("Việc này không còn trong phạm vi của bạn."))
    if row.frozen is not None:
        return Verdict(NOT_NOW, _("Có bản ghi từ phiên bản mới hơn, cần nâng cấp trước."))
    matter = queries.matter_of(row)
    procedure = known.pinned(matter.edition)
    if told.act == STEP:
        return _of_step(person, told, matter, procedure, known, at)
    its = acts.ACTS[told.act]
    why = "" if its.fits(Folded(state=matter), matter) else _unfit(told.act, matter)
    if why := why or _pointless(told, matter):
        return Verdict(NOT_NOW, why)
    return _allowed(acts.judged(person, its, matter))


def _allowed(decision: Decision) -> Verdict:
    return Verdict(WOULD) if decision.allowed else Verdict(REFUSED, decision.reason)


def _unfit(act: str, matter: Matter) -> str:
    if act == "receive" and matter.ended is None:
        return _("Đã xác nhận nhận từ trước.")
    return _("Việc đã xong.")


def _pointless(told: Told, matter: Matter) -> str:
    """What the engine would let pass and nobody wants."""
    if told.act == "hand-over" and matter.holder == told.to_unit:
        return _("Đơn vị ấy đang giữ việc này.")
    if told.act == "assign" and told.team and matter.holder != told.team:
        return _("Việc do đơn vị khác giữ, không giao cho người này được.")
    if told.act == "assign" and str(matter.assignee or "") == told.assignee:
        return _("Đã đúng như vậy.")
    return ""


def _of_step(
    person: Person, told: Told, matter: Matter, procedure: Procedure, known: Law, at: datetime
) -> Verdict:
    step = procedure.step.get(told.step)
    if matter.procedure != told.procedure or step is None:
        return Verdict(NOT_NOW, _("Việc này theo thủ tục khác."))
    if not queries.fits(step, matter):
        said = {"state": state_words(matter, procedure)}
        return Verdict(NOT_NOW, _("Việc đang ở trạng thái “%(state)s”.") % said)
    if not (decision := queries.judged(person, matter, step)).allowed:
        return _allowed(decision)
    try:
        written(known, procedure, matter, Doing(step.code), {}, at)
    except (NotNow, Unsaid, TooOften):
        return Verdict(NOT_NOW, _("Bước này cần điền thêm: làm riêng từng việc."))
    return Verdict(WOULD)


def simple(step: Step, procedure: Procedure) -> bool:
    """Whether a step asks nothing that somebody has to answer."""
    needed = any(procedure.field[code].needed for code in step.asks)
    return not (step.outcome or step.grounds or needed or step.to_unit == "stated") and step.does != "refer"


def steps(person: Person, rows: list[MatterRow], known: Law) -> list[tuple[str, str]]:
    """The simple steps that `person` may take now on some of these, as choices, the most frequent first."""
    found: dict[tuple[str, str], int] = {}
    said: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.frozen is None:
            matter = queries.matter_of(row)
            procedure = known.pinned(matter.edition)
            for step in queries.steps_for(person, matter, procedure):
                if simple(step, procedure):
                    key = (procedure.code, step.code)
                    found[key] = found.get(key, 0) + 1
                    said[key] = f"{in_words(step)} · {in_words(procedure.name)}"
    ordered = sorted(found, key=lambda key: (-found[key], said[key]))
    return [
        ("/".join(key), _("%(step)s (%(n)d việc)") % {"step": said[key], "n": found[key]}) for key in ordered
    ]
