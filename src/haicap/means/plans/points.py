"""Shared service points: so many units at which people of all units are served, and where."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.means.norms.facts import grounds
from haicap.means.plans.ground import Place, fingerprint, kilometres, places
from haicap.means.plans.outcome import Answer, Item, Said, Without
from haicap.means.plans.saying import decimal, proof
from haicap.means.plans.sorts import NotCalculated, Question, Request, Sort
from haicap.units.names import unit_names
from haicap.units.rights import Person

if TYPE_CHECKING:
    from haicap.plan.siting import Sited, Siting

AIMS = {
    "median": gettext_lazy("Tổng quãng đường của mọi người ngắn nhất"),
    "centre": gettext_lazy("Nơi xa nhất được gần nhất"),
    "covering": gettext_lazy("Nhiều người nhất ở trong tầm"),
}
POINT = "point"


class PointsForm(forms.Form):
    """How many points, and what counts as good."""

    points = forms.IntegerField(label=gettext_lazy("Số điểm"), min_value=1, max_value=200, initial=18)
    aim = forms.ChoiceField(label=gettext_lazy("Thế nào là tốt"), choices=list(AIMS.items()))
    within = forms.IntegerField(
        label=gettext_lazy("Trong tầm là bao nhiêu km"), min_value=1, max_value=500, initial=10, required=False,
        help_text=gettext_lazy("Chỉ dùng khi chọn “nhiều người nhất ở trong tầm”."),
    )  # fmt: skip
    longest = forms.IntegerField(
        label=gettext_lazy("Không ai phải đi quá (km)"), min_value=1, max_value=500, required=False,
        help_text=gettext_lazy("Điều kiện cứng; để trống nếu không có."),
    )  # fmt: skip
    use_required_attribute = False

    def clean_within(self) -> int | None:
        """Needed where it is what counts."""
        within: int | None = self.cleaned_data["within"]
        if self.cleaned_data.get("aim") == "covering" and within is None:
            raise forms.ValidationError(_("Ghi số km được coi là trong tầm."))
        return within


def answer(person: Person, question: Question) -> Answer:
    """Where so many points would best lie. Raises `NotCalculated`, `ModuleNotFoundError`."""
    from haicap.plan.outcome import Infeasible
    from haicap.plan.siting import Undecided, changes

    its = places(question.province)
    siting, counted = _siting(question, its)
    inputs = _inputs(question, siting)
    try:
        found = _solved(question, siting)
        more = changes(siting, found, lambda other: _solved(question, other), None if question.more else ())
    except Infeasible as why:
        return Answer(reasons=why.reasons, inputs=inputs)
    except Undecided as why:
        raise NotCalculated(
            _("Chưa tìm được cách nào trong giới hạn tính toán; nới điều kiện rồi tính lại.")
        ) from why
    return Answer(
        items=_items(found, siting),
        without=_without(question, found, siting),
        figures=_figures(question, found, siting),
        assumed=(
            Said(code="units", value=str(len(its))),
            Said(code="people", value=decimal(float(siting.people.sum()), 0)) if counted else Said(code="no-people"),
            Said(code="any-site"), Said(code="nearest"), Said(code="great-circle"),
        ),
        binding=tuple(
            Said(code=it.code.partition(":")[0], unit=it.code.partition(":")[2], value=decimal(it.better))
            for it in more if it.better and it.better > 0 and not it.code.startswith("points:")
        ),
        more=tuple(
            Said(code=_beside(question, siting, it.code), value="" if it.better is None else decimal(abs(it.better)))
            for it in more if it.code.startswith("points:")
        ),
        inputs=inputs, **proof(found.proof),
    )  # fmt: skip


def _siting(question: Question, its: Sequence[Place]) -> "tuple[Siting, bool]":
    """The question as the solver takes it, and whether the people of every unit are known."""
    import numpy as np

    from haicap.plan.siting import Siting

    known = grounds(question.province, question.at.date())
    people = [known[it.code].inputs.get("population") if it.code in known else None for it in its]
    counted = all(n is not None for n in people)
    codes = tuple(it.code for it in its)
    try:
        siting = Siting(
            demands=codes, sites=codes,
            people=np.array([float(n) if counted and n is not None else 1.0 for n in people]),
            km=kilometres(question.province, its), points=int(question.asked["points"]),
            kept=frozenset(_code(key) for key in question.kept),
            forbidden=frozenset(_code(key) for key in question.forbidden),
            longest=float(question.asked["longest"]) if question.asked.get("longest") else None,
        )  # fmt: skip
    except ValueError as why:
        raise NotCalculated(_("Một dòng đã giữ hoặc loại không còn đúng với sổ: %s") % why) from why
    return siting, counted


def _code(key: str) -> str:
    return key.partition(":")[2]


def _solved(question: Question, siting: "Siting") -> "Sited":
    from haicap.plan.centre import centre
    from haicap.plan.covering import covering
    from haicap.plan.median import median

    match question.asked["aim"]:
        case "centre":
            return centre(siting)
        case "covering":
            return covering(siting, float(question.asked["within"]))
        case _:
            return median(siting)


def _inputs(question: Question, siting: "Siting") -> str:
    return fingerprint({
        "aim": question.asked["aim"], "within": question.asked.get("within", ""), "points": siting.points,
        "people": [decimal(float(n), 2) for n in siting.people], "sites": list(siting.sites),
        "km": [[f"{km:.3f}" for km in row] for row in siting.km.tolist()], "kept": sorted(siting.kept),
        "forbidden": sorted(siting.forbidden), "longest": str(siting.longest),
    })  # fmt: skip


def _items(found: "Sited", siting: "Siting") -> tuple[Item, ...]:
    serves = found.serves()
    far = {
        point: max((it.km for it in found.served if it.site == point), default=0.0) for point in found.points
    }
    return tuple(
        Item(
            key=f"{POINT}:{point}", to_unit=point, what=POINT, count=len(serves[point]), km=decimal(far[point]),
            serves=serves[point], kept=point in siting.kept,
        )
        for point in sorted(found.points)
    )  # fmt: skip


def _without(question: Question, found: "Sited", siting: "Siting") -> tuple[Without, ...]:
    """Those beyond reach, where reach is what counts; then the sites that are no point, with the reason."""
    people = dict(zip(siting.demands, siting.people.tolist(), strict=True))
    within = float(question.asked["within"]) if question.asked["aim"] == "covering" else None
    beyond = [it for it in found.served if within is not None and it.km > within]
    return tuple(
        Without(unit=it.demand, what="people", count=round(people[it.demand]), reason="beyond") for it in beyond
    ) + tuple(
        Without(
            unit=it.site, what=POINT, reason=f"{it.why}-{question.asked['aim']}" if it.more else it.why,
            detail=decimal(it.more) if it.more else "",
        )
        for it in found.passed
    )  # fmt: skip


def _figures(question: Question, found: "Sited", siting: "Siting") -> tuple[Said, ...]:
    people = dict(zip(siting.demands, siting.people.tolist(), strict=True))
    total = sum(people.values()) or 1.0
    mean = sum(it.km * people[it.demand] for it in found.served) / total
    its = (
        Said(code="points-in-all", value=str(len(found.points))), Said(code="mean-km", value=decimal(mean)),
        Said(code="farthest-km", value=decimal(found.farthest.km)),
    )  # fmt: skip
    if question.asked["aim"] != "covering":
        return its
    reached = sum(people[it.demand] for it in found.served if it.km <= float(question.asked["within"]))
    return (*its, Said(code="reached", value=f"{decimal(100 * reached / total)} %"))


def _beside(question: Question, siting: "Siting", code: str) -> str:
    """The code of one point more or less, by what counts as good."""
    return f"{'more' if int(_code(code)) > siting.points else 'less'}-{question.asked['aim']}"


def request(item: Item, asked: Mapping[str, str]) -> Request:
    """The unit at which a point is opened is asked to prepare it, with whom it will serve."""
    names = unit_names(item.serves)
    return Request(
        item.to_unit, _("Chuẩn bị điểm tiếp nhận chung cho %(n)d đơn vị") % {"n": item.count},
        _("Chuẩn bị điểm tiếp nhận chung, phục vụ người dân của: %(units)s.")
        % {"units": ", ".join(names.get(code, code) for code in item.serves)},
    )  # fmt: skip


WORDS = {
    POINT: gettext_lazy("Điểm tiếp nhận chung"),
    "people": gettext_lazy("Người dân"),
    "no-people": gettext_lazy("Chưa có dân số: mọi đơn vị nặng như nhau"),
    "units": gettext_lazy("Đơn vị được phục vụ"),
    "any-site": gettext_lazy("Điểm có thể đặt tại trụ sở bất kỳ đơn vị nào"),
    "nearest": gettext_lazy("Người dân đến điểm gần nhất, đi từ trung tâm địa bàn"),
    "great-circle": gettext_lazy("Khoảng cách: đường chim bay, trừ những chặng đã ghi"),
    "points-in-all": gettext_lazy("Số điểm"),
    "mean-km": gettext_lazy("Quãng đường trung bình một người (km)"),
    "farthest-km": gettext_lazy("Nơi xa nhất (km)"),
    "reached": gettext_lazy("Dân số ở trong tầm"),
    "beyond": gettext_lazy("Điểm gần nhất ở ngoài tầm"),
    "forbidden": gettext_lazy("Đã loại bằng tay"),
    "dearer-median": gettext_lazy("Đặt ở đây thay điểm đã chọn thì tổng quãng đường dài thêm (người-km)"),
    "dearer-centre": gettext_lazy("Đặt ở đây thay điểm đã chọn thì kém hơn (người-km)"),
    "dearer-covering": gettext_lazy("Đặt ở đây thay điểm đã chọn thì ít người trong tầm hơn (người)"),
    "no-better": gettext_lazy("Đặt ở đây thay điểm đã chọn cũng như nhau"),
    "too-far": gettext_lazy("Đặt ở đây thì có nơi phải đi quá xa"),
    "full": gettext_lazy("Đã đủ số điểm giữ bằng tay"),
    "kept": gettext_lazy("Điểm giữ bằng tay; bỏ giữ thì được thêm"),
    "longest": gettext_lazy("Không ai phải đi quá (km); bỏ điều này thì được thêm"),
    "points": gettext_lazy("Số điểm đã định"),
    "more-median": gettext_lazy("Thêm một điểm: tổng quãng đường giảm (người-km)"),
    "more-centre": gettext_lazy("Thêm một điểm: nơi xa nhất gần hơn (km)"),
    "more-covering": gettext_lazy("Thêm một điểm: thêm người trong tầm"),
    "less-median": gettext_lazy("Bớt một điểm: tổng quãng đường tăng (người-km)"),
    "less-centre": gettext_lazy("Bớt một điểm: nơi xa nhất xa thêm (km)"),
    "less-covering": gettext_lazy("Bớt một điểm: bớt người trong tầm"),
    "sites": gettext_lazy("Chỉ có từng này nơi có thể đặt điểm"),
    "demand": gettext_lazy("Không điểm nào đủ gần"),
}


def words(code: str) -> str:
    """A code of this sort of plan in words."""
    rule, colon, rest = code.partition(":")
    said = str(WORDS.get(rule, rule))
    return f"{said} ({unit_names([rest]).get(rest, rest)})" if colon else said


POINTS = Sort(
    "points", gettext_lazy("Đặt điểm tiếp nhận chung"),
    gettext_lazy("Với một số điểm, đặt ở đâu để người dân đi lại ít nhất, hoặc nhiều người ở trong tầm nhất."),
    PointsForm, answer, request, words, ends=(gettext_lazy("được phục vụ"), gettext_lazy("điểm")),
)  # fmt: skip
