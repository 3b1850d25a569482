"""Support staff: who could go from where to where, for a time, so that least is missing where most is overdue."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.means.plans.ground import fingerprint, kilometres, overdue, places
from haicap.means.plans.outcome import Answer, Item, Said, Without
from haicap.means.plans.saying import decimal, proof
from haicap.means.plans.sorts import NotCalculated, Question, Request, Sort
from haicap.means.staff.sorts import ALL, qualifications
from haicap.means.staff.strength import Crewed, strengths
from haicap.units.models import OfficerRow
from haicap.units.names import unit_names
from haicap.units.rights import Person

if TYPE_CHECKING:
    from haicap.plan import staff

BETWEEN = ">"  # giver, receiver; then who
OF = "@"


class SupportForm(forms.Form):
    """What is agreed for all moves."""

    longest_km = forms.IntegerField(
        label=gettext_lazy("Đi xa nhất (km)"), min_value=1, max_value=500, initial=40
    )
    most_moves = forms.IntegerField(
        label=gettext_lazy("Nhiều nhất bao nhiêu người đi"), min_value=0, required=False,
        help_text=gettext_lazy("Để trống nếu không giới hạn."),
    )  # fmt: skip
    most_out = forms.IntegerField(
        label=gettext_lazy("Mỗi đơn vị cho nhiều nhất"), min_value=0, initial=2, required=False
    )
    most_in = forms.IntegerField(
        label=gettext_lazy("Mỗi đơn vị nhận nhiều nhất"), min_value=0, initial=3, required=False
    )
    keep = forms.IntegerField(
        label=gettext_lazy("Đơn vị cho phải giữ ít nhất (% biên chế)"), min_value=50, max_value=100, initial=95,
        help_text=gettext_lazy(
            "Dưới 100: nơi ít việc có thể cho dù chưa đủ biên chế; trình độ cần có thì luôn phải đủ."
        ),
    )  # fmt: skip
    weigh = forms.BooleanField(
        label=gettext_lazy("Ưu tiên nơi có nhiều việc quá hạn"), initial=True, required=False
    )
    use_required_attribute = False


def answer(person: Person, question: Question) -> Answer:
    """Who could go where, by the staff record of today. Raises `NotCalculated`, `ModuleNotFoundError`."""
    from haicap.plan import staff
    from haicap.plan.outcome import Infeasible

    crewed = {it.unit: it for it in strengths(person, question.province, question.at.date())}
    its = [place for place in places(question.province) if place.code in crewed]
    if not its:
        raise NotCalculated(_("Chưa có quân số nào để tính, hoặc bạn không xem được quân số của tỉnh."))
    late = overdue(question.province, question.at) if question.asked.get("weigh") == "True" else {}
    case = _case(question, [crewed[place.code] for place in its], its, late)
    inputs = _inputs(case)
    try:
        plan = staff.plan(case, more=question.more)
    except Infeasible as why:
        return Answer(reasons=why.reasons, inputs=inputs)
    except ValueError as why:
        raise NotCalculated(_("Một dòng đã giữ hoặc loại không còn đúng với sổ: %s") % why) from why
    return _answer(question, case, plan, inputs)


def _case(
    question: Question, crews: Sequence[Crewed], its: Sequence[object], late: Mapping[str, int]
) -> "staff.Case":
    import numpy as np

    from haicap.plan import staff

    asked = question.asked
    longest = float(asked["longest_km"])
    km = kilometres(question.province, its)  # type: ignore[arg-type]  # places of these crews
    givers, receivers = np.nonzero(km <= longest)
    apart = givers != receivers
    givers, receivers = givers[apart], receivers[apart]
    return staff.Case(
        units=tuple(
            staff.Unit(
                it.unit, it.established or 0, dict(it.needed), weight=1 + late.get(it.unit, 0),
                floor=_floor(it.established or 0, int(asked["keep"])),
            )
            for it in crews
        ),
        officers=tuple(
            staff.Officers(it.unit, sorts, tuple(str(who) for who in who_all))
            for it in crews
            for sorts, who_all in sorted(it.officers.items(), key=lambda pair: sorted(pair[0]))
        ),
        near=staff.Near(givers, receivers, np.asarray(km[givers, receivers], np.float64)),
        limits=staff.Limits(longest, *(_number(asked, it) for it in ("most_moves", "most_out", "most_in"))),
        kept=tuple(staff.Kept(*_parts(key)) for key in question.kept),
        forbidden=tuple(staff.Forbidden(*_parts(key)) for key in question.forbidden),
        staying=frozenset(str(who) for it in crews for who in it.lent),
    )  # fmt: skip


def _floor(established: int, percent: int) -> int:
    """How many have to stay, a started officer counted whole."""
    return -(-established * percent // 100)


def _number(asked: Mapping[str, str], name: str) -> int | None:
    return int(asked[name]) if asked.get(name) else None


def _parts(key: str) -> tuple[str, str, str]:
    way, _at, who = key.partition(OF)
    giver, _to, receiver = way.partition(BETWEEN)
    return giver, receiver, who


def _inputs(case: "staff.Case") -> str:
    """What the solver is given, as a digest: equal ones get equal answers."""
    near = case.near
    ways = zip(near.givers.tolist(), near.receivers.tolist(), near.km.tolist(), strict=True)
    return fingerprint({
        "units": [
            [it.code, it.need, sorted([k, v] for k, v in it.needs.items()), it.weight, it.floor] for it in case.units
        ],
        "officers": [[it.unit, sorted(it.qualifications), list(it.ids)] for it in case.officers],
        "ways": [[one, other, f"{km:.3f}"] for one, other, km in ways],
        "limits": [str(it) for it in (
            case.limits.longest_km, case.limits.most_moves, case.limits.most_out, case.limits.most_in
        )],
        "kept": [it.code for it in case.kept], "forbidden": [it.code for it in case.forbidden],
        "staying": sorted(case.staying),
    })  # fmt: skip


def _answer(question: Question, case: "staff.Case", plan: "staff.Plan", inputs: str) -> Answer:
    before = sum(it.before for it in plan.shortages)
    after = sum(it.after for it in plan.shortages)
    left = {(it.unit, it.qualification): it.after for it in plan.shortages}
    return Answer(
        items=tuple(
            Item(
                key=f"{it.giver}{BETWEEN}{it.receiver}{OF}{it.officer}", from_unit=it.giver, to_unit=it.receiver,
                what="+".join(it.fills) or ALL, of=(UUID(it.officer),), km=decimal(it.km), kept=it.kept,
            )
            for it in plan.moves
        ),
        without=tuple(
            Without(unit=it.unit, what=it.qualification or ALL, count=left[it.unit, it.qualification], reason=it.reason)
            for it in plan.why
        ),
        figures=(
            Said(code="moves", value=str(len(plan.moves))), Said(code="short-before", value=str(before)),
            Said(code="short-after", value=str(after)), Said(code="km", value=decimal(plan.km.value)),
        ),
        assumed=_assumed(question, case),
        binding=tuple(_binding(code) for code in plan.binding),
        more=tuple(_more(it) for it in plan.more),
        inputs=inputs, **proof(plan.shortage),
    )  # fmt: skip


def _binding(code: str) -> Said:
    rule, _colon, rest = code.partition(":")
    unit, _slash, qualification = rest.partition("/")
    return Said(code=rule, unit=unit, value=words(qualification) if qualification else "")


def _more(it: "staff.More") -> Said:
    with_what = f"+{it.qualification}" if it.qualification else ""
    return Said(code=f"one-more-{it.what}{with_what}", value=str(it.gain), unit=it.unit)


def _assumed(question: Question, case: "staff.Case") -> tuple[Said, ...]:
    people = sum(len(it.ids) for it in case.officers)
    return (
        Said(code="units", value=str(len(case.units))),
        Said(code="people", value=str(people)),
        Said(code="lent", value=str(len(case.staying))),
        Said(code="stays", value=f"{question.asked['keep']} %"),
        Said(code="weighed" if question.asked.get("weigh") == "True" else "not-weighed"),
        Said(code="great-circle"),
    )


def request(item: Item, asked: Mapping[str, str]) -> Request:
    """The unit that gives is asked to send one officer; who was proposed stands in the plan alone."""
    to = unit_names([item.to_unit]).get(item.to_unit, item.to_unit)
    return Request(
        item.from_unit, _("Cử 1 cán bộ tăng cường cho %(unit)s") % {"unit": to},
        _("Cử 1 cán bộ (%(what)s) tăng cường cho %(unit)s, cách %(km)s km. Người được đề xuất: xem trong phương án.")
        % {"what": words(item.what), "unit": to, "km": item.km.replace(".", ",")},
    )  # fmt: skip


def named(person: Person, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The names of officers, for whoever may see staff."""
    if not person.may("staff.see"):
        return {}
    return dict(OfficerRow.objects.filter(pk__in=ids).values_list("pk", "name"))


WORDS = {
    ALL: gettext_lazy("Cán bộ, chiến sĩ"),
    "moves": gettext_lazy("Người đi tăng cường"),
    "short-before": gettext_lazy("Thiếu trước khi điều"),
    "short-after": gettext_lazy("Còn thiếu sau khi điều"),
    "km": gettext_lazy("Tổng quãng đường (km)"),
    "units": gettext_lazy("Đơn vị được tính"),
    "people": gettext_lazy("Người có mặt"),
    "lent": gettext_lazy("Người đang tăng cường, giữ nguyên chỗ"),
    "stays": gettext_lazy("Đơn vị cho giữ ít nhất (biên chế)"),
    "weighed": gettext_lazy("Thiếu một người nặng bằng 1 cộng số việc quá hạn của đơn vị"),
    "not-weighed": gettext_lazy("Mọi đơn vị nặng như nhau"),
    "great-circle": gettext_lazy("Khoảng cách: đường chim bay, trừ những chặng đã ghi"),
    "no-unit-near": gettext_lazy("Không có đơn vị nào trong khoảng cách đi xa nhất"),
    "forbidden": gettext_lazy("Mọi đơn vị gần đều đã bị loại bằng tay"),
    "nobody-to-spare": gettext_lazy("Các đơn vị gần không ai có thể đi, hoặc không ai có trình độ cần"),
    "most-moves": gettext_lazy("Đã hết số người đi đã định"),
    "most-in": gettext_lazy("Đơn vị đã nhận đủ số người đã định"),
    "most-out": gettext_lazy("Đơn vị đã cho đủ số người đã định"),
    "weighed-less": gettext_lazy("Những người có thể đi được dùng cho nơi thiếu nặng hơn"),
    "floor": gettext_lazy("Phải giữ lại đủ người"),
    "staying": gettext_lazy("Người phải ở lại"),
    "kept": gettext_lazy("Dòng đã giữ bằng tay"),
    "one-more-move": gettext_lazy("Thêm một lượt đi: bớt thiếu (theo trọng số)"),
}


def words(code: str) -> str:
    """A code of this sort of plan in words."""
    if code in WORDS:
        return str(WORDS[code])
    if code.startswith("one-more-officer"):
        what = words(code.partition("+")[2] or ALL)
        return _("Thêm 1 người (%(what)s): bớt thiếu (theo trọng số)") % {"what": what}
    rule, colon, rest = code.partition(":")
    if colon:
        units = " → ".join(unit_names([part]).get(part, part) for part in rest.split("/")[:2])
        return f"{words(rule)} ({units})"
    return ", ".join(qualifications().get(each, each) for each in code.split("+"))


SUPPORT = Sort(
    "support", gettext_lazy("Điều cán bộ hỗ trợ"),
    gettext_lazy(
        "Ai có thể đi từ đâu đến đâu trong một thời gian để nơi nhiều việc quá hạn bớt thiếu người; "
        "nơi cho giữ lại đủ người theo mức đã định."
    ),
    SupportForm, answer, request, words, named,
)  # fmt: skip
