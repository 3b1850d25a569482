"""What the province does with a round: opens it, reminds who has not answered, closes it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haicap.journal.pen import FromNewerVersion, Pen, writing
from haicap.means.rounds import actions, queries
from haicap.means.rounds.actions import DIRECT
from haicap.means.rounds.fold import Round
from haicap.means.rounds.forms import CloseForm, RemindForm, RoundForm
from haicap.means.rounds.views import late_url, seen
from haicap.means.tabs import tabs
from haicap.units.acting import NotSo, Unsaid
from haicap.units.actions import SPACE
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """Opens a round: each unit that it asks owes an answer at once."""
    province = request.person.province
    if province is None or not decide(request.person, DIRECT, Scope.of(province)).allowed:
        raise Http404
    form = RoundForm(request.POST or None, units=queries.asked_of(province))
    if form.is_bound and form.is_valid() and (its := _opened(request, province, form)) is not None:
        messages.success(request, _("Đã mở đợt đánh giá; %(n)s đơn vị phải trả lời.") % {"n": len(its.units)})
        return redirect("rounds:id", its.id)
    context = {"tabs": tabs(request.person, "rounds:list"), "form": form}
    return render(request, "rounds/new.html", context, status=422 if form.is_bound else 200)


def _opened(request: Request, province: str, form: RoundForm) -> Round | None:
    given, units = form.cleaned_data, form.chosen
    subject = uuid5(SPACE, f"round/{given['entry_id']}")
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[province, *units]) as pen:
            return actions.open_round(
                pen, entry_id=given["entry_id"], subject=subject, province=province, name=given["name"],
                due=given["due"], sections=given["sections"], units=units, paper=given["paper"], note=given["note"],
            )  # fmt: skip
    except Refused as fault:
        raise PermissionDenied(str(fault)) from fault
    except NotSo:
        form.add_error("due", _("Ngày này đã qua."))
    except Unsaid as fault:
        form.add_error(fault.what if fault.what in form.fields else None, _("Cần ghi nội dung này."))
    return None


@require_POST
@signed_in
def remind(request: Request, subject: UUID) -> HttpResponse:
    """Reminds every unit of the round that has not answered."""
    its = _directed(request, subject)
    form = RemindForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Ghi nội dung nhắc."))
        return redirect("rounds:id", subject)
    rows = queries.units_filtered(request.person, its, {"state": "waiting"}, at=timezone.now())
    units = list(rows.values_list("unit", flat=True))
    given = form.cleaned_data
    try:
        with _writing(request, its, units) as pen:
            actions.remind(pen, entry_id=given["entry_id"], subject=subject, units=units, text=given["text"])
        messages.success(request, _("Đã nhắc %(n)s đơn vị chưa trả lời.") % {"n": len(units)})
    except Unsaid:
        messages.info(request, _("Mọi đơn vị đã trả lời; không còn ai để nhắc."))
    except NotSo:
        messages.warning(request, _("Đợt đánh giá đã đóng."))
    return redirect("rounds:id", subject)


def _directed(request: Request, subject: UUID) -> Round:
    its = seen(request, subject)
    if not decide(request.person, DIRECT, Scope.of(its.province)).allowed:
        raise Http404
    return its


def _writing(request: Request, its: Round, units: Sequence[str]) -> AbstractContextManager[Pen]:
    return writing(
        request.person, at=timezone.now(), subjects=actions.locked(its, units), units=[its.province, *units]
    )


@require_http_methods(["GET", "POST"])
@signed_in
def close(request: Request, subject: UUID) -> HttpResponse:
    """Closes the round by a signature: its figures stay as they are."""
    its = _directed(request, subject)
    form = CloseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            with _writing(request, its, its.units) as pen:
                actions.close_round(pen, entry_id=given["entry_id"], subject=subject, note=given["note"])
            messages.success(request, _("Đã đóng đợt đánh giá. Báo cáo giữ nguyên số liệu lúc đóng."))
        except Refused as fault:
            raise PermissionDenied(str(fault)) from fault
        except (NotSo, FromNewerVersion):
            messages.warning(request, _("Đợt đánh giá đã đóng từ trước."))
        return redirect("rounds:report", subject)
    if its.closed:
        return redirect("rounds:report", subject)
    counts = queries.counts(request.person, [its.id], at=timezone.now()).get(its.id, {})
    context = {"tabs": tabs(request.person, "rounds:list"), "its": its, "form": form, "counts": counts,
               "late_url": late_url(its)}  # fmt: skip
    return render(request, "rounds/close.html", context, status=422 if form.is_bound else 200)
