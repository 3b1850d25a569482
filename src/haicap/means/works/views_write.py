"""Writing about works: a new project, and what is done with one, each deed by a form of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from haicap.journal.pen import FromNewerVersion, Pen, Reused, writing
from haicap.matters.showing import lang
from haicap.means import evidence
from haicap.means.catalogue.queries import name, of_family
from haicap.means.evidence import Evidence
from haicap.means.premises.models import SiteRow
from haicap.means.tabs import tabs
from haicap.means.works import actions, forms, queries
from haicap.means.works.forms import Offers
from haicap.means.works.state import Project
from haicap.means.works.views import LIST, Seen, seen
from haicap.papers.attachments import NotAccepted
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.once import Once
from haicap.units.queries import unit_now
from haicap.units.rights import Person, Refused, visible
from haicap.units.sign_in import Request, signed_in, today

FAULTS = (Unsaid, NotYet, NotSo, Reused, Refused, FromNewerVersion)
MOST = 500  # of what a form lets one choose from

Do = Callable[[Pen, Project, Any, tuple[Evidence, ...]], Project]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done with a project: its words, its form, the action that it calls, and where it fits.

    `files`: the form takes photos and papers.
    """

    title: str | Promise
    button: str | Promise
    form: Callable[[Request, Seen], Once]
    do: Do
    fits: Callable[[Seen], bool]
    files: bool = False


def _reach(pen: Pen, project: Project, form: forms.ReachForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.reach(
        pen, entry_id=its["entry_id"], subject=project.id, stage=its["stage"], on=its["on"], paper=its["paper"],
        note=its["note"], evidence=files,
    )  # fmt: skip


def _unreach(pen: Pen, project: Project, form: forms.UnreachForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.unreach(
        pen, entry_id=its["entry_id"], subject=project.id, reached=its["reached"], reason=its["reason"]
    )


def _show(pen: Pen, project: Project, form: forms.ShowForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.show(pen, entry_id=its["entry_id"], subject=project.id, evidence=files, note=its["note"])


def _schedule(pen: Pen, project: Project, form: forms.ScheduleForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.schedule(
        pen, entry_id=its["entry_id"], subject=project.id, stages=form.days, reason=its["reason"]
    )


def _budget(pen: Pen, project: Project, form: forms.BudgetForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.budget(
        pen, entry_id=its["entry_id"], subject=project.id, sums=form.sums, reason=its["reason"], paper=its["paper"]
    )  # fmt: skip


def _pay(pen: Pen, project: Project, form: forms.PayForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.pay(
        pen, entry_id=its["entry_id"], subject=project.id, on=its["on"], source=its["source"],
        amount=int(its["amount"]), paper=its["paper"],
    )  # fmt: skip


def _repay(pen: Pen, project: Project, form: forms.RepayForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.repay(
        pen, entry_id=its["entry_id"], subject=project.id, payment=its["payment"], on=its["on"], source=its["source"],
        amount=None if its["none"] else int(its["amount"]), reason=its["reason"], paper=its["paper"],
    )  # fmt: skip


def _stop(pen: Pen, project: Project, form: forms.StopForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.stop(
        pen, entry_id=its["entry_id"], subject=project.id, since=its["since"], ground=its["ground"], paper=its["paper"],
        dropped=its["dropped"],
    )  # fmt: skip


def _resume(pen: Pen, project: Project, form: forms.HaltForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.resume(
        pen, entry_id=its["entry_id"], subject=project.id, since=its["since"], ground=its["ground"], paper=its["paper"]
    )  # fmt: skip


def _correct(pen: Pen, project: Project, form: forms.CorrectForm, files: tuple[Evidence, ...]) -> Project:
    its = form.cleaned_data
    return actions.correct(
        pen, entry_id=its["entry_id"], subject=project.id, saying=form.saying, reason=its["reason"]
    )


def _correcting(request: Request, its: Seen) -> Once:
    offered = offers(request.person, its.project.province, its.project.unit, but=its.project.id)
    return forms.CorrectForm(request.POST or None, now=its.now, offers=offered)


def _repaying(request: Request, its: Seen) -> Once:
    asked = request.POST.get("payment") or request.GET.get("payment", "")
    known = next((it for it in its.now.payments if str(it.of) == asked), None)
    if known is None:
        raise Http404
    return forms.RepayForm(request.POST or None, now=its.now, today=today(), its=known)


DEEDS: dict[str, Deed] = {
    "reach": Deed(
        gettext_lazy("Ghi bước đã đạt"), gettext_lazy("Ghi đã đạt"),
        lambda request, its: forms.ReachForm(request.POST or None, now=its.now, today=today()), _reach,
        lambda its: its.moves, files=True,
    ),
    "unreach": Deed(
        gettext_lazy("Rút lại bước ghi nhầm"), gettext_lazy("Rút lại"),
        lambda request, its: forms.UnreachForm(
            request.POST or None, now=its.now, chosen=request.GET.get("reached", "")
        ),
        _unreach, lambda its: its.writes and any(it.reach for it in its.now.stages),
    ),
    "show": Deed(
        gettext_lazy("Thêm ảnh, giấy tờ"), gettext_lazy("Thêm"),
        lambda request, its: forms.ShowForm(request.POST or None), _show, lambda its: its.writes, files=True,
    ),
    "schedule": Deed(
        gettext_lazy("Đổi ngày dự kiến"), gettext_lazy("Ghi ngày mới"),
        lambda request, its: forms.ScheduleForm(request.POST or None, now=its.now), _schedule, lambda its: its.moves,
    ),
    "budget": Deed(
        gettext_lazy("Đặt lại dự toán"), gettext_lazy("Ghi dự toán"),
        lambda request, its: forms.BudgetForm(request.POST or None, now=its.now), _budget, lambda its: its.plans,
    ),
    "pay": Deed(
        gettext_lazy("Ghi khoản thanh toán"), gettext_lazy("Ghi khoản trả"),
        lambda request, its: forms.PayForm(request.POST or None, now=its.now, today=today()), _pay,
        lambda its: its.writes,
    ),
    "repay": Deed(
        gettext_lazy("Sửa khoản thanh toán"), gettext_lazy("Ghi sửa"), _repaying, _repay, lambda its: its.writes,
    ),
    "stop": Deed(
        gettext_lazy("Tạm dừng hoặc thôi làm"), gettext_lazy("Ghi dừng"),
        lambda request, its: forms.StopForm(request.POST or None, today=today()), _stop,
        lambda its: its.plans and its.now.state in ("planned", "begun", "stopped"),
    ),
    "resume": Deed(
        gettext_lazy("Làm tiếp"), gettext_lazy("Ghi làm tiếp"),
        lambda request, its: forms.HaltForm(request.POST or None, today=today()), _resume,
        lambda its: its.plans and its.now.state in ("stopped", "dropped"),
    ),
    "correct": Deed(
        gettext_lazy("Sửa thông tin công trình"), gettext_lazy("Ghi sửa"), _correcting, _correct,
        lambda its: its.plans,
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def act(request: Request, subject: UUID, deed: str) -> HttpResponse:
    """The form of one deed on a project, and the deed itself. 404 also where it does not fit."""
    its = seen(request, subject)
    known = DEEDS.get(deed)
    if known is None or not (its.writes or its.plans):
        raise Http404
    if not known.fits(its):
        messages.warning(request, _("Công trình đã chuyển sang tình trạng khác; chưa ghi gì."))
        return redirect("works:id", subject)
    form = known.form(request, its)
    if form.is_valid() and _done(request, its, known, form):
        messages.success(request, _("Đã ghi."))
        return redirect("works:id", subject)
    context = {
        "its": its, "about": its.now.about, "deed": known, "form": form, "tabs": tabs(request.person, LIST),
        "evidence": evidence.control() if known.files else None, "multipart": known.files,
    }  # fmt: skip
    return render(request, "works/act.html", context, status=422 if form.is_bound else 200)


def _done(request: Request, its: Seen, deed: Deed, form: Once) -> bool:
    """Whether the deed was done; the form says what was wrong."""
    project, at = its.project, timezone.now()
    entry_id = form.cleaned_data["entry_id"]
    try:
        files: tuple[Evidence, ...] = ()
        if deed.files:
            files = evidence.kept(
                request.person, evidence.of_form(request), subject=project.id, unit=project.unit, holder=project.unit,
                entry_id=entry_id, at=at, day=form.cleaned_data.get("day"), about=form.cleaned_data.get("note", ""),
            )  # fmt: skip
        with writing(request.person, at=at, subjects=[project.id], units=[project.unit]) as pen:
            deed.do(pen, project, form, files)
        return True
    except NotAccepted as why:
        form.add_error(None, str(why))
    except FAULTS as fault:
        blame(form, fault)
    return False


def blame(form: Once, fault: Exception) -> None:
    """Say in the form what went wrong. Raises `PermissionDenied` for what is not allowed."""
    if isinstance(fault, Refused):
        raise PermissionDenied(str(fault)) from fault
    form.add_error(None, fault_words(fault))


def fault_words(fault: Exception) -> str:
    """What went wrong, as a sentence."""
    match fault:
        case NotYet():
            return _("Ngày ghi không thể ở tương lai.")
        case Unsaid(what="stages"):
            return _("Cần ít nhất ngày khởi công và ngày xong; xây mới, mở rộng phải có ngày bàn giao.")
        case Unsaid(what="evidence"):
            return _("Chọn ít nhất một tệp.")
        case Unsaid():
            return _("Chưa ghi đủ.")
        case NotSo(what="order"):
            return _("Khởi công phải trước nghiệm thu, nghiệm thu trước bàn giao.")
        case NotSo(what="programme"):
            return _("Chương trình này của tỉnh khác.")
        case NotSo(what="follows"):
            return _("Hai công trình không thể cùng chờ nhau.")
        case Reused():
            return _("Biểu mẫu này đã được dùng; hãy mở lại trang.")
        case FromNewerVersion():
            return _("Công trình này có bản ghi từ phiên bản mới hơn; cần nâng cấp trước.")
        case _:
            return _("Bước này không hợp với tình trạng của công trình; chưa ghi gì. Hãy xem lại.")


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """Plans a project; `?unit=`, `?programme=`, `?gap_kind=` and `?gap_amount=` fill the form in."""
    person = request.person
    choices = queries.units_planned(person)
    if not choices:
        raise Http404
    codes = {code for code, _words in choices}
    asked = request.POST.get("unit") or request.GET.get("unit", "")
    unit = asked if asked in codes else choices[0][0] if len(choices) == 1 else ""
    initial = {name: request.GET[name] for name in ("programme", "gap_kind", "gap_amount", "name", "sort")
               if name in request.GET}  # fmt: skip
    offered = offers(person, person.province, unit)
    form = forms.PlanForm(
        request.POST or None, units=choices if len(choices) == 1 else [("", "–"), *choices], offers=offered,
        initial={"unit": unit, "priority": "needed", "sort": "new"} | initial,
    )  # fmt: skip
    if form.is_valid() and (project := _planned(request, form)):
        messages.success(request, _("Đã lập công trình."))
        return redirect("works:id", project.id)
    fields = form.visible_fields()
    context = {
        "form": form, "tabs": tabs(person, LIST),
        "stage_fields": [it for it in fields if it.name.startswith("stage_")],
        "sum_fields": [it for it in fields if it.name.startswith("sum_")],
        "about_fields": [it for it in fields if not it.name.startswith(("stage_", "sum_"))],
    }  # fmt: skip
    return render(request, "works/new.html", context, status=422 if form.is_bound else 200)


def _planned(request: Request, form: forms.PlanForm) -> Project | None:
    its = form.cleaned_data
    subject = uuid5(its["entry_id"], "project")
    unit = unit_now(its["unit"])
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[unit.code]) as pen:
            return actions.plan(
                pen, entry_id=its["entry_id"], subject=subject, unit=unit, saying=form.saying, stages=form.days,
                budget=form.sums, paper=its["paper"],
            )  # fmt: skip
    except FAULTS as fault:
        blame(form, fault)
    return None


def offers(person: Person, province: str | None, unit: str, *, but: UUID | None = None) -> Offers:
    """What a form about a project of `unit` lets one choose from. Three queries."""
    programmes = queries.programmes_seen(person).filter(province=province or "")
    rows = queries.seen(person).filter(unit=unit).exclude(standing__in=("done", "dropped"))
    sites = visible(
        person, queries.SEE, SiteRow.objects.filter(holder=unit, mistake=False), by=("unit", "holder")
    )
    return Offers(
        programmes=[(str(pk), words) for pk, words in programmes.values_list("pk", "name")[:MOST]],
        kinds=[(code, name(kind, lang())) for code, kind in of_family("premises").items()],
        sites=[(str(pk), words) for pk, words in sites.order_by("order").values_list("pk", "name")[:MOST]],
        projects=[
            (str(pk), words)
            for pk, words in rows.order_by("order").values_list("pk", "name")[:MOST]
            if pk != but
        ],
    )
