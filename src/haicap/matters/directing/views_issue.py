"""Issuing a directive or the directions of a visit, and reminding those that have not reported."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.wall import Unreckonable
from haicap.journal.ids import uuid7
from haicap.journal.pen import FromNewerVersion, writing
from haicap.matters.directing import actions, queries
from haicap.matters.directing.actions import PROCEDURE, Saying
from haicap.matters.directing.forms import DirectiveForm
from haicap.matters.directing.models import DirectiveRow
from haicap.matters.directing.views import Became, became, directive_of
from haicap.matters.drafts import is_uuid
from haicap.matters.forms import REASONS
from haicap.matters.intake import NotOpenHere
from haicap.matters.law import law
from haicap.matters.queries import unit_meant, units_near
from haicap.units.acting import Unsaid
from haicap.units.actions import SPACE
from haicap.units.models import UnitRow
from haicap.units.queries import unit_now
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in, today


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """The form; `?sort=visit&unit=` opens with what became of the last visit's directions. Sent, it gives all tasks.

    Sent with `preview` it says how many tasks it would give, with `more` it has more rows.
    """
    visit = (request.POST.get("sort") or request.GET.get("sort")) == "visit"
    issuers = _issuers(request.person)
    if not issuers:
        raise PermissionDenied(_("Chức vụ của bạn không có quyền ban hành văn bản chỉ đạo."))
    form = _form(request, issuers, visit)
    entry_id = UUID(request.POST["entry_id"]) if is_uuid(request.POST.get("entry_id")) else uuid7()
    judged = form.is_bound and "more" not in request.POST
    valid = judged and form.is_valid()
    if valid and "preview" not in request.POST:
        answer = _issued(request, form, entry_id)
        if answer is not None:
            return answer
    if form.is_bound and not judged:
        form = _unjudged(request, form)
    context = {
        "form": form, "entry_id": entry_id, "visit": visit, "now": timezone.now(),
        "foreseen": _foreseen(form) if valid else None,
        "last": _last(request, form) if visit else None,
        "units": units_near(request.person.province) if visit else (),
    }  # fmt: skip
    return render(
        request, "directing/new.html", context, status=422 if judged and not form.is_valid() else 200
    )


def _issuers(person: Person) -> list[tuple[str, str]]:
    procedure = law().procedure(PROCEDURE, timezone.now())
    codes = {
        right.unit
        for right in person.rights
        if right.allows("matter.raise") and right.role in procedure.opens.by
        and (right.kinds is None or PROCEDURE in right.kinds)
    }  # fmt: skip
    rows = UnitRow.objects.filter(code__in=codes, level__in=procedure.opens.at, closed=None)
    return list(rows.values_list("code", "name"))


def _form(request: Request, issuers: list[tuple[str, str]], visit: bool) -> DirectiveForm:
    initial = {"issued": today().isoformat(), "signer": request.person.post_name}
    if visit and (asked := request.GET.get("unit")):
        initial["visited"] = asked
    return DirectiveForm(
        request.POST or None, issuers=issuers, units=queries.addressees(request.person.province), visit=visit,
        initial=initial,
    )  # fmt: skip


def _unjudged(request: Request, form: DirectiveForm) -> DirectiveForm:
    """The form with more rows, as it was filled in: nothing is wrong with it yet."""
    form.is_bound = False
    form.initial = dict(request.POST.items()) | {"chosen": request.POST.getlist("chosen")}
    return form


def _foreseen(form: DirectiveForm) -> dict[str, Any]:
    its = form.cleaned_data
    codes = set(its["to_units"])
    names = [name for code, name, _level in form.units if code in codes]
    return {
        "units": len(codes), "clauses": its["clauses"], "tasks": len(codes) * len(its["clauses"]), "names": names[:12],
        "others": len(codes) - len(names[:12]),
    }  # fmt: skip


def _last(request: Request, form: DirectiveForm) -> Became | None:
    """What became of the directions of the last visit to the unit that the form names; None where there was none."""
    said = form.data.get("visited") if form.is_bound else form.initial.get("visited")
    unit = unit_meant(said) if said else None
    directive = queries.last_visit(request.person, unit) if unit else None
    return became(request.person, directive, timezone.now()) if directive else None


def _issued(request: Request, form: DirectiveForm, entry_id: UUID) -> HttpResponse | None:
    """Issues it and answers with its page; None where the form is at fault and says so."""
    its, at = form.cleaned_data, timezone.now()
    subject = uuid5(SPACE, f"directive/{entry_id}")
    taken = DirectiveRow.objects.filter(issuer=its["issuer"], number=its["number"].strip()).exclude(
        pk=subject
    )
    if taken.exists():
        form.add_error("number", _("Đơn vị đã có văn bản mang số này."))
        return None
    unit = unit_now(its["issuer"])
    try:
        with writing(request.person, at=at, subjects=[subject], units=[unit.code]) as pen:
            directive = actions.issue(
                pen, entry_id=entry_id, subject=subject, law=law(), unit=unit, saying=_saying(request, form)
            )
    except Unsaid as missing:
        form.add_error(missing.what if missing.what in form.fields else None, REASONS["needed"]())
        return None
    except (OutsideCalendar, Unreckonable):
        form.add_error(None, _("Lịch làm việc chưa công bố đến ngày cần tính."))
        return None
    except (Refused, NotOpenHere) as why:
        raise PermissionDenied(str(why)) from why
    n = {"tasks": len(directive.units) * len(directive.clauses), "units": len(directive.units)}
    messages.success(request, _("Đã ban hành và giao %(tasks)d nhiệm vụ cho %(units)d đơn vị.") % n)
    return redirect("directing:one", subject)


def _saying(request: Request, form: DirectiveForm) -> Saying:
    its = form.cleaned_data
    visited = its.get("visited")
    before = queries.last_visit(request.person, visited) if visited else None
    return Saying(
        number=its["number"], title=its["title"], sort="visit" if form.visit else its["sort"], issued=its["issued"],
        signer=its["signer"], clauses=its["clauses"], units=its["to_units"], visited=visited,
        previous=before.id if before else None,
    )  # fmt: skip


@require_POST
@signed_in
def remind(request: Request, subject: UUID) -> HttpResponse:
    """Reminds the units that have not reported: of all their tasks, or with `only=overdue` of those past their date."""
    directive, at = directive_of(request, subject), timezone.now()
    if not is_uuid(request.POST.get("entry_id")):
        raise Http404
    its = queries.matrix(request.person, [directive.number], at=at)[directive.number]
    tasks = [task.id for task in queries.waiting(its, only=request.POST.get("only", ""))]
    text = request.POST.get("text", "").strip() or _("Đề nghị đơn vị báo cáo kết quả thực hiện.")
    try:
        with writing(request.person, at=at, subjects=[subject, *tasks], units=[directive.issuer]) as pen:
            actions.remind(
                pen, entry_id=UUID(request.POST["entry_id"]), subject=subject, tasks=tasks, text=text
            )
    except Unsaid:
        messages.warning(request, _("Không có nhiệm vụ nào cần nhắc."))
        return redirect("directing:one", subject)
    except (Refused, FromNewerVersion) as why:
        raise PermissionDenied(str(why)) from why
    messages.success(request, _("Đã nhắc %(tasks)d nhiệm vụ.") % {"tasks": len(tasks)})
    return redirect("directing:one", subject)
