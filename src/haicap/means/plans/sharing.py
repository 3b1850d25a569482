"""Sharing equipment between neighbours: what could be lent, and what several units could use together."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import name, of_family
from haicap.means.norms.reckoning import Gap, gaps
from haicap.means.plans.ground import Place, fingerprint, kilometres, places
from haicap.means.plans.outcome import Answer, Item, Said, Without
from haicap.means.plans.saying import decimal, proof
from haicap.means.plans.sorts import NotCalculated, Question, Request, Sort
from haicap.means.staff.sorts import lang
from haicap.units.names import unit_names
from haicap.units.rights import Person

if TYPE_CHECKING:
    from haicap.plan import sharing

MILLION = 1_000_000
SHARED = "shared"


class SharingForm(forms.Form):
    """How far things may go, and how many units one can serve."""

    lend_km = forms.IntegerField(
        label=gettext_lazy("Cho mượn xa nhất (km)"), min_value=1, max_value=500, initial=25
    )
    serves = forms.IntegerField(
        label=gettext_lazy("Một thiết bị dùng chung phục vụ nhiều nhất (đơn vị)"), min_value=1, max_value=10, initial=2,
        help_text=gettext_lazy("1: không dùng chung, chỉ cho mượn."),
    )  # fmt: skip
    share_km = forms.IntegerField(
        label=gettext_lazy("Dùng chung trong phạm vi (km)"), min_value=1, max_value=200, initial=8
    )
    most = forms.IntegerField(
        label=gettext_lazy("Nhiều nhất bao nhiêu thỏa thuận"), min_value=0, required=False, initial=40,
        help_text=gettext_lazy("Để trống nếu không giới hạn."),
    )  # fmt: skip
    use_required_attribute = False


def answer(person: Person, question: Question) -> Answer:
    """What could be lent or shared, by today's gaps. Raises `NotCalculated`, `ModuleNotFoundError`."""
    from haicap.plan import sharing
    from haicap.plan.outcome import Infeasible

    its, kinds = places(question.province), of_family("equipment", "vehicle")
    codes = {place.code for place in its}
    found = [gap for gap in gaps(person, None, question.at.date()) if gap.kind in kinds and gap.unit in codes]
    if not any(gap.short >= 1 for gap in found) or not any(gap.surplus >= 1 for gap in found):
        raise NotCalculated(_("Không có nơi nào vừa thiếu, vừa có nơi thừa, theo định mức hiện hành."))
    case = _case(question, its, found, kinds)
    inputs = _inputs(case)
    try:
        plan = sharing.plan(case, more=question.more)
    except Infeasible as why:
        return Answer(reasons=why.reasons, inputs=inputs)
    except ValueError as why:
        raise NotCalculated(_("Một dòng đã giữ hoặc loại không còn đúng với sổ: %s") % why) from why
    return _answer(case, plan, kinds, inputs)


def _case(
    question: Question, its: Sequence[Place], found: Sequence[Gap], kinds: Mapping[str, Kind]
) -> "sharing.Case":
    import numpy as np

    from haicap.plan import sharing

    asked = question.asked
    lend, share, serves = (int(asked[it]) for it in ("lend_km", "share_km", "serves"))
    km = kilometres(question.province, its)
    givers, receivers = np.nonzero(km <= max(lend, share if serves > 1 else 0))
    apart = givers != receivers
    givers, receivers = givers[apart], receivers[apart]
    at_hand = sorted(
        {gap.kind for gap in found if gap.surplus >= 1} & {gap.kind for gap in found if gap.short >= 1}
    )
    return sharing.Case(
        units=tuple(place.code for place in its),
        kinds=tuple(sharing.Kind(kind, lend, serves, share if serves > 1 else 0.0) for kind in at_hand),
        stocks=tuple(
            sharing.Stock(
                gap.unit, gap.kind, spare=int(gap.surplus), missing=int(gap.short), weight=_weight(kinds[gap.kind])
            )
            for gap in found if gap.kind in at_hand and (gap.surplus >= 1 or gap.short >= 1)
        ),
        near=sharing.Near(givers, receivers, np.asarray(km[givers, receivers], np.float64)),
        most=int(asked["most"]) if asked.get("most") else None,
        kept=tuple(sharing.Kept(*_parts(key)) for key in question.kept),
        forbidden=tuple(
            sharing.Forbidden(kind, one, other) for kind, _how, one, other in map(_parts, question.forbidden)
        ),
    )  # fmt: skip


def _weight(kind: Kind) -> int:
    """What a missing one weighs: its price in million dong, 1 at least."""
    return max(1, round(Decimal(kind.price or 0) / MILLION))


def _parts(key: str) -> tuple[str, str, str, str]:
    kind, how, giver, receiver = key.split("/")
    return kind, how, giver, receiver


def _inputs(case: "sharing.Case") -> str:
    near = case.near
    ways = zip(near.givers.tolist(), near.receivers.tolist(), near.km.tolist(), strict=True)
    return fingerprint({
        "kinds": [[it.code, str(it.lend_km), it.serves, str(it.share_km)] for it in case.kinds],
        "stocks": [[it.unit, it.kind, it.spare, it.shares, it.missing, it.weight] for it in case.stocks],
        "ways": [[one, other, f"{km:.3f}"] for one, other, km in ways], "units": list(case.units),
        "most": case.most, "kept": [it.code for it in case.kept], "forbidden": [it.code for it in case.forbidden],
    })  # fmt: skip


def _answer(case: "sharing.Case", plan: "sharing.Plan", kinds: Mapping[str, Kind], inputs: str) -> Answer:
    closed = sum(it.before - it.after for it in plan.gaps)
    saved = sum((it.before - it.after) * int(kinds[it.kind].price or 0) for it in plan.gaps)
    return Answer(
        items=tuple(
            Item(
                key=f"{it.kind}/{it.how}/{it.giver}/{it.receiver}", from_unit=it.giver, to_unit=it.receiver,
                what=it.kind if it.how == "lend" else f"{it.kind}+{SHARED}", count=it.count, km=decimal(it.km),
                money=str(it.count * int(kinds[it.kind].price or 0)), kept=it.kept,
            )
            for it in plan.agreements
        ),
        without=tuple(
            Without(unit=it.unit, what=it.kind, count=it.after, reason=it.reason) for it in plan.gaps if it.after
        ),
        figures=(
            Said(code="agreements", value=str(len(plan.agreements))),
            Said(code="short-before", value=str(sum(it.before for it in plan.gaps))),
            Said(code="closed", value=str(closed)), Said(code="saved", value=decimal(saved / (1000 * MILLION), 2)),
        ),
        assumed=(
            Said(code="kinds", value=str(len(case.kinds))), Said(code="by-price"), Said(code="own-norm"),
            Said(code="great-circle"),
        ),
        binding=tuple(_binding(code) for code in plan.binding),
        more=tuple(
            Said(code=f"one-more:{it.kind}" if it.kind else "one-more-agreement", value=str(it.gain), unit=it.unit)
            for it in plan.more
        ),
        inputs=inputs, **proof(plan.left),
    )  # fmt: skip


def _binding(code: str) -> Said:
    rule, _colon, rest = code.partition(":")
    kind, _slash, unit = rest.partition("/")
    return Said(code=f"{rule}:{kind}" if kind else rule, unit=unit)


def request(item: Item, asked: Mapping[str, str]) -> Request:
    """The unit that has it to spare is asked to lend it, or to let the other use it too."""
    kind, _plus, how = item.what.partition("+")
    to = unit_names([item.to_unit]).get(item.to_unit, item.to_unit)
    facts = {"what": words(kind), "n": item.count, "unit": to, "km": item.km.replace(".", ",")}
    if how == SHARED:
        return Request(
            item.from_unit, _("Cho %(unit)s dùng chung: %(what)s") % facts,
            _("Thỏa thuận để %(unit)s (cách %(km)s km) dùng chung %(what)s, bù %(n)d chỗ thiếu.") % facts,
        )  # fmt: skip
    return Request(
        item.from_unit, _("Cho %(unit)s mượn %(n)d %(what)s") % facts,
        _("Lập biên bản cho %(unit)s (cách %(km)s km) mượn %(n)d %(what)s đang vượt định mức.") % facts,
    )  # fmt: skip


WORDS = {
    SHARED: gettext_lazy("dùng chung"),
    "agreements": gettext_lazy("Thỏa thuận"),
    "short-before": gettext_lazy("Thiếu trước đó"),
    "closed": gettext_lazy("Bù được"),
    "saved": gettext_lazy("Đỡ phải mua (tỷ đồng)"),
    "kinds": gettext_lazy("Loại vừa có nơi thừa vừa có nơi thiếu"),
    "by-price": gettext_lazy("Thiếu một chiếc nặng theo giá danh mục (triệu đồng)"),
    "own-norm": gettext_lazy("Đơn vị cho chỉ cho phần vượt định mức của mình"),
    "great-circle": gettext_lazy("Khoảng cách: đường chim bay, trừ những chặng đã ghi"),
    "no-unit-near": gettext_lazy("Không có đơn vị nào trong phạm vi"),
    "nothing-to-spare": gettext_lazy("Các đơn vị gần không thừa"),
    "forbidden": gettext_lazy("Đã loại bằng tay"),
    "most": gettext_lazy("Đã hết số thỏa thuận đã định"),
    "weighed-less": gettext_lazy("Phần thừa được dùng cho nơi thiếu nặng hơn"),
    "stock": gettext_lazy("Đã cho hết phần vượt định mức"),
    "one-more": gettext_lazy("Thêm một chiếc: bù thêm (triệu đồng)"),
    "one-more-agreement": gettext_lazy("Thêm một thỏa thuận: bù thêm (triệu đồng)"),
    "kept": gettext_lazy("Dòng đã giữ bằng tay"),
    "far": gettext_lazy("Phạm vi cho mượn, dùng chung"),
    "serves": gettext_lazy("Số đơn vị một thiết bị phục vụ"),
    "missing": gettext_lazy("Đơn vị nhận không thiếu đến thế"),
}


def words(code: str) -> str:
    """A code of this sort of plan in words."""
    if code in WORDS:
        return str(WORDS[code])
    rule, colon, rest = code.partition(":")
    if colon:
        return f"{words(rule)} ({', '.join(filter(None, map(_named, rest.split('/'))))})"
    kind, plus, how = code.partition("+")
    return f"{_named(kind)} ({words(how)})" if plus else _named(kind)


def _named(part: str) -> str:
    """The name of a kind or of a unit; nothing for a way of helping."""
    if part in ("lend", "share"):
        return ""
    kind = of_family("equipment", "vehicle").get(part)
    return name(kind, lang()) if kind else unit_names([part]).get(part, part)


SHARING = Sort(
    "sharing", gettext_lazy("Điều hòa, dùng chung thiết bị"),
    gettext_lazy("Phần vượt định mức của đơn vị này cho đơn vị gần đó đang thiếu mượn, hoặc dùng chung."),
    SharingForm, answer, request, words,
)  # fmt: skip
