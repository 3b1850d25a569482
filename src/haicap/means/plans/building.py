"""Works under a yearly budget: which planned projects could begin when, to close most of the weighted gap."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.means.plans.ground import fingerprint
from haicap.means.plans.outcome import Answer, Item, Said, Without
from haicap.means.plans.saying import proof
from haicap.means.plans.sorts import NotCalculated, Question, Request, Sort
from haicap.means.works.figures import Candidate
from haicap.means.works.queries import candidates
from haicap.units.rights import Person
from haicap.units.sign_in import today

if TYPE_CHECKING:
    from haicap.plan import budget

MILLION = 1_000_000
BILLION = 1000  # of millions
SOURCE = "funds"  # the solver knows sources; the question asks for one sum a year
WORK = "work"
MOST_YEARS = 10
NODES = 200  # of each search: hard cases then end within seconds, with the gap that is left


def _next_year() -> int:
    return today().year + 1


class WorksForm(forms.Form):
    """How much there is to spend, year after year."""

    first = forms.IntegerField(
        label=gettext_lazy("Năm đầu"), min_value=2025, max_value=2100, initial=_next_year
    )
    budgets = forms.CharField(
        label=gettext_lazy("Kinh phí từng năm (tỷ đồng)"), initial="30; 30; 20", max_length=200,
        help_text=gettext_lazy("Mỗi năm một số, cách nhau bằng dấu chấm phẩy: 60; 45,5; 40."),
    )  # fmt: skip
    use_required_attribute = False

    def clean_budgets(self) -> str:
        """The sums in millions of dong, as texts."""
        try:
            its = [_millions(part) for part in self.cleaned_data["budgets"].split(";") if part.strip()]
        except ArithmeticError as fault:
            raise forms.ValidationError(
                _("Ghi các số cách nhau bằng dấu chấm phẩy, ví dụ 60; 45,5; 40.")
            ) from fault
        if not 0 < len(its) <= MOST_YEARS or min(its) < 0:
            raise forms.ValidationError(_("Ghi từ 1 đến 10 năm, không số nào âm."))
        return "; ".join(f"{Decimal(it) / BILLION:f}".replace(".", ",") for it in its)


def _millions(text: str) -> int:
    return int(Decimal(text.strip().replace(",", ".")) * BILLION)


def answer(person: Person, question: Question) -> Answer:
    """Which works could begin when, by the projects that are planned today. Raises `NotCalculated`."""
    from haicap.plan import budget
    from haicap.plan.outcome import Infeasible

    its = candidates(person, question.province)
    if not its:
        raise NotCalculated(_("Không có công trình nào đang chờ khởi công và đã có dự toán."))
    case = _case(question, its)
    inputs = _inputs(case)
    try:
        plan = budget.plan(case, more=BILLION if question.more else 0, nodes=NODES)
    except Infeasible as why:
        return Answer(reasons=why.reasons, inputs=inputs)
    except ValueError as why:
        raise NotCalculated(_("Một dòng đã giữ hoặc loại không còn đúng với sổ: %s") % why) from why
    return _answer(question, case, plan, {str(it.id): it for it in its}, inputs)


def _case(question: Question, its: Sequence[Candidate]) -> "budget.Case":
    from haicap.plan import budget

    first = int(question.asked["first"])
    sums = [_millions(part) for part in question.asked["budgets"].split(";")]
    known = {it.id for it in its}
    return budget.Case(
        projects=tuple(
            budget.Project(
                str(it.id), _costs(it), _closes(it), frozenset({SOURCE}), max(it.first_year, first),
                (str(it.follows),) if it.follows in known else (),
            )
            for it in its
        ),
        budgets={(first + place, SOURCE): its_sum for place, its_sum in enumerate(sums)},
        musts=tuple(_must(key) for key in question.kept),
        never=frozenset(key.partition("@")[0] for key in question.forbidden),
    )  # fmt: skip


def _must(key: str) -> "budget.Must":
    from haicap.plan import budget

    project, _at, year = key.partition("@")
    return budget.Must(project, int(year) if year else None)


def _costs(it: Candidate) -> tuple[int, ...]:
    """Million dong by year from the first on, every started million counted."""
    years = sorted(it.cost_by_year)
    return tuple(-int(-it.cost_by_year[year] // MILLION) for year in years) or (-int(-it.cost // MILLION),)


def _closes(it: Candidate) -> int:
    """What it provides, each measure alike, by the weight of its priority."""
    return int(sum((gap.amount for gap in it.gaps), Decimal()) * it.weight)


def _inputs(case: "budget.Case") -> str:
    return fingerprint({
        "projects": [
            [it.code, list(it.costs), it.closes, sorted(it.sources), it.earliest, list(it.after)]
            for it in case.projects
        ],
        "budgets": [[year, source, total] for (year, source), total in sorted(case.budgets.items())],
        "musts": [it.code for it in case.musts], "never": sorted(case.never),
    })  # fmt: skip


def _answer(
    question: Question, case: "budget.Case", plan: "budget.Plan", its: Mapping[str, Candidate], inputs: str
) -> Answer:
    every = sum(it.closes for it in case.projects)
    paid = sum(it.sum for it in plan.payments)
    return Answer(
        items=tuple(
            Item(
                key=f"{it.project}@{it.year}", to_unit=its[it.project].unit, what=WORK, of=(UUID(it.project),),
                money=str(int(its[it.project].cost)), year=it.year, kept=it.must,
            )
            for it in sorted(plan.starts, key=lambda start: (start.year, its[start.project].name))
        ),
        without=tuple(
            Without(unit=its[it.project].unit, what=WORK, reason=it.reason, detail=its[it.project].name)
            for it in plan.why
        ),
        figures=(
            Said(code="works", value=f"{len(plan.starts)} / {len(case.projects)}"),
            Said(code="closed", value=str(every - int(plan.left.value))),
            Said(code="left", value=str(int(plan.left.value))),
            Said(code="paid", value=_billions(paid)), Said(code="funds", value=_billions(sum(case.budgets.values()))),
        ),
        assumed=(
            Said(code="planned", value=str(len(case.projects))), Said(code="weighted"), Said(code="lost"),
            Said(code="finished"),
        ),
        binding=tuple(Said(code="year", value=str(year)) for year, _source in plan.binding),
        more=tuple(Said(code=f"one-more-billion:{it.year}", value=str(it.gain)) for it in plan.more),
        inputs=inputs, **proof(plan.left),
    )  # fmt: skip


def _billions(millions: int) -> str:
    return f"{Decimal(millions) / BILLION:.1f}"


def request(item: Item, asked: Mapping[str, str]) -> Request:
    """The unit is asked to prepare the work so that it begins in its year."""
    return Request(
        item.to_unit, _("Chuẩn bị khởi công công trình trong năm %(year)s") % {"year": item.year},
        _("Hoàn tất thủ tục để khởi công trong năm %(year)s; kinh phí %(money)s đồng theo phương án.")
        % {"year": item.year, "money": item.money},
    )  # fmt: skip


def named(person: Person, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The names of projects that the person may see. One query."""
    from haicap.means.works.queries import seen

    return dict(seen(person).filter(pk__in=ids).values_list("pk", "name"))


WORDS = {
    WORK: gettext_lazy("Khởi công"),
    "works": gettext_lazy("Công trình khởi công / đang chờ"),
    "closed": gettext_lazy("Thiếu hụt được bù (theo trọng số)"),
    "left": gettext_lazy("Thiếu hụt còn lại (theo trọng số)"),
    "paid": gettext_lazy("Chi (tỷ đồng)"),
    "funds": gettext_lazy("Kinh phí (tỷ đồng)"),
    "planned": gettext_lazy("Công trình được tính"),
    "weighted": gettext_lazy("Thiếu hụt bù được: số lượng nhân trọng số ưu tiên của công trình"),
    "lost": gettext_lazy("Kinh phí không chi trong năm thì hết"),
    "finished": gettext_lazy("Công trình đã khởi công phải xong trong các năm có kinh phí"),
    "year": gettext_lazy("Hết kinh phí của năm"),
    "one-more-billion": gettext_lazy("Thêm 1 tỷ đồng cho năm, bù thêm được"),
    "never": gettext_lazy("Đã loại bằng tay"),
    "nothing": gettext_lazy("Không bù thiếu hụt nào"),
    "years": gettext_lazy("Không thể xong trong các năm có kinh phí"),
    "order": gettext_lazy("Công trình phải xong trước thì chưa có hoặc quá muộn"),
    "alone": gettext_lazy("Kinh phí các năm không đủ dù chỉ làm một mình công trình này"),
    "budget": gettext_lazy("Kinh phí dùng cho nơi khác bù được nhiều hơn"),
    "must": gettext_lazy("Công trình đã giữ bằng tay"),
    "after": gettext_lazy("Công trình phải làm sau công trình khác"),
    "earliest": gettext_lazy("Công trình chưa thể bắt đầu sớm hơn"),
}


def words(code: str) -> str:
    """A code of this sort of plan in words."""
    rule, colon, rest = code.partition(":")
    said = str(WORDS.get(rule, rule))
    return f"{said} ({_spelled(rest)})" if colon else said


def _spelled(rest: str) -> str:
    """A year, or the year of a pot; projects by their names."""
    from haicap.means.works.models import ProjectRow

    parts = rest.split("/")
    ids = [part for part in parts if len(part) == 36]
    names = {str(pk): name for pk, name in ProjectRow.objects.filter(pk__in=ids).values_list("pk", "name")}
    return ", ".join(names.get(part, part) for part in parts if part != SOURCE)


WORKS = Sort(
    "works", gettext_lazy("Công trình theo kinh phí hằng năm"),
    gettext_lazy("Với kinh phí từng năm, khởi công công trình nào trước để bù được nhiều thiếu hụt nhất, sớm nhất."),
    WorksForm, answer, request, words, named,
)  # fmt: skip
