"""The shift at a unit's desk: who is on, what is open, handing over and taking over; past shifts; the slip."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.clocks.wall import read_day, start_of
from haicap.duty import queries, ruling, shifts
from haicap.duty.entries import ShiftHandedOver
from haicap.duty.fold import Shift
from haicap.duty.forms import RulesForm, ShiftForm, SignForm, hours
from haicap.duty.models import ShiftRow
from haicap.duty.printing import slip
from haicap.duty.showing import case_words
from haicap.duty.views import desk_unit, fault_words, wide
from haicap.journal.pen import FromNewerVersion, Reused, writing
from haicap.matters.queries import people_of, person_names, unit_names
from haicap.matters.showing import Names, limit_words
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.acting import NotSo
from haicap.units.fold import Unit
from haicap.units.queries import unit_now
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 30
FAULTS = (NotSo, shifts.NoSuchTime, Reused, FromNewerVersion)


@require_http_methods(["GET", "POST"])
@signed_in
def page(request: Request) -> HttpResponse:
    """The desk now: who is on duty and what is open. Sent, a shift is opened, or the next takes over."""
    unit, at = _unit(request), timezone.now()
    desk = queries.desk(unit.code, at)
    writes = decide(request.person, "duty.write", Scope.of(unit.code)).allowed
    form = None
    if writes and _may_begin(desk.shift, at):
        people = people_of(unit.code)
        form = ShiftForm(request.POST or None, people=people, at=at, who=request.person.id)
    if request.method == "POST" and form is None:
        raise PermissionDenied(_("Ca trực đã được nhận, hoặc chưa được bàn giao."))
    if form is not None and form.is_valid() and _begin(request, form, unit, desk.shift):
        return redirect("duty:shift")
    context = {
        "now": at, "desk": desk, "unit": unit, "form": form, "writes": writes,
        "left": queries.left_open(request.person, unit.code, at),
        "sign": SignForm() if writes and desk.shift and not (desk.shift.signed or desk.shift.accepted) else None,
    }  # fmt: skip
    return render(
        request, "duty/shift.html", context, status=422 if form is not None and form.is_bound else 200
    )


def _unit(request: Request) -> Unit:
    """The unit of the address, or of the person's own desk. Raises `Http404`."""
    code = request.GET.get("unit", "")
    if code and decide(request.person, "duty.see", Scope.of(code)).allowed:
        return unit_now(code)
    unit = desk_unit(request.person, "duty.see") if not code else None
    if unit is None:
        raise Http404
    return unit


def _may_begin(shift: Shift | None, at: datetime) -> bool:
    """Whether the next shift can begin: none ever ran, or the last was handed over, or its time has passed."""
    return shift is None or bool(shift.signed or shift.accepted) or at >= shift.until


def _begin(request: Request, form: ShiftForm, unit: Unit, last: Shift | None) -> bool:
    """Open the first shift or take over the last; False where the form is at fault."""
    said, at = form.cleaned_data, timezone.now()
    ids = (said["entry_id"], said["second"])
    begun = shifts.next_shift(unit.code, last.id if last else None)
    subjects = [begun, *([last.id] if last else [])]
    try:
        with writing(request.person, at=at, subjects=subjects, units=[unit.code]) as pen:
            if last is not None and last.accepted is None:
                shifts.accept(
                    pen, entry_ids=ids, shift=last.id, unit=unit, commander=said["commander"],
                    people=tuple(said["people"]), until=said["until"], note=said["note"],
                )  # fmt: skip
            else:
                shifts.open_shift(
                    pen, entry_id=ids[1], unit=unit, before=last.id if last else None, commander=said["commander"],
                    people=tuple(said["people"]), since=at, until=said["until"], note=said["note"],
                )  # fmt: skip
        return True
    except shifts.NoSuchTime:
        form.add_error("until", _("Giờ kết thúc phải sau lúc này và không quá 3 ngày."))
    except FAULTS as fault:
        form.add_error(None, fault_words(fault))
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    return False


@require_POST
@signed_in
def sign(request: Request) -> HttpResponse:
    """The outgoing signs, with what is open at this moment."""
    unit, at = _unit(request), timezone.now()
    form, last = SignForm(request.POST), queries.last_shift(unit.code)
    if last is None or not form.is_valid():
        raise Http404
    left = queries.left_open(request.person, unit.code, at)
    body = ShiftHandedOver(
        lines=tuple(line.id for line in left.lines), quick=len(left.quick), due=left.due, overdue=left.overdue,
        drafts=left.drafts, note=form.cleaned_data["note"],
    )  # fmt: skip
    try:
        with writing(request.person, at=at, subjects=[last.id], units=[unit.code]) as pen:
            shifts.hand_over(pen, entry_id=form.cleaned_data["entry_id"], shift=last.id, left=body)
    except FAULTS as fault:
        return HttpResponse(fault_words(fault), status=409)
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    return redirect("duty:shift")


@require_safe
@signed_in
def past(request: Request) -> HttpResponse:
    """The shifts that were and the one that is, the latest first; `format=csv` or `xlsx` takes them away."""
    if not request.person.may("duty.see"):
        raise Http404
    rows = queries.shifts_seen(request.person).order_by("-since", "unit")
    if unit := request.GET.get("unit", ""):
        rows = rows.filter(unit=unit)
    if day := read_day(request.GET.get("since", "")):
        rows = rows.filter(until__gte=start_of(day))
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(str(form), columns(), _lines(rows), _("Ca trực"))
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    bar: list[dict[str, Any]] = [{"name": "since", "label": _("Từ ngày"), "type": "date"}]
    if wide(request.person):
        bar.insert(0, {"name": "unit", "label": _("Đơn vị"), "options": queries.units_seen(request.person)})
    context = {"now": timezone.now(), "page": found, "lines": _lines(found), "filters": bar}
    return render(request, "duty/shifts.html", context)


def _lines(rows: Iterable[ShiftRow]) -> list[dict[str, Any]]:
    its = [queries.shift_of(row) for row in rows]
    people = {one for it in its for one in (it.commander, *it.people)}
    people |= {it.accepted.by for it in its if it.accepted}
    names = Names(unit_names(it.unit for it in its), person_names(people))
    return [
        {
            "id": it.id, "unit": names.unit(it.unit), "since": it.since, "until": it.until,
            "commander": names.person(it.commander), "people": "; ".join(map(names.person, it.people)),
            "signed": it.signed.at if it.signed else None, "over": it.accepted.at if it.accepted else None,
            "by": names.person(it.accepted.by) if it.accepted else "",
            "unsigned": it.accepted is not None and it.accepted.unsigned,
        }
        for it in its
    ]  # fmt: skip


def columns() -> list[Column]:
    """What a list of shifts that is taken away holds."""
    return [
        Column("unit", _("Đơn vị"), 30),
        Column("since", _("Từ"), 18, "moment"),
        Column("until", _("Đến"), 18, "moment"),
        Column("commander", _("Chỉ huy ca"), 30),
        Column("people", _("Cùng trực"), 40),
        Column("signed", _("Bàn giao lúc"), 18, "moment"),
        Column("over", _("Nhận ca lúc"), 18, "moment"),
        Column("by", _("Người nhận"), 30),
    ]


@require_safe
@signed_in
def printed(request: Request, subject: UUID) -> HttpResponse:
    """The slip of a shift that was handed over, on A4."""
    row = queries.shifts_seen(request.person).filter(pk=subject).first()
    shift = queries.shift_of(row) if row else None
    if shift is None or shift.signed is None:
        raise Http404
    headers = {
        "Content-Disposition": 'inline; filename="ban-giao-ca.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(slip(shift), "application/pdf", headers=headers)


@require_http_methods(["GET", "POST"])
@signed_in
def rules(request: Request) -> HttpResponse:
    """How quick reports and the bulletin are set, in all editions; whoever has the right sets them anew."""
    person, at = request.person, timezone.now()
    if not (person.may("duty.see") or person.may("duty.rule")):
        raise Http404
    province = person.province or person.unit
    its = ruling.editions(province)
    now = ruling.in_force(its, at)
    may = decide(person, "duty.rule", Scope.of(province)).allowed
    form = RulesForm(request.POST or None, ruling=now, at=at) if may else None
    if form is not None and form.is_valid():
        _set(request, form, province)
        return redirect("duty:rules")
    context = {
        "now": at, "ruling": now, "editions": its, "form": form, "shipped": not its,
        "phone": limit_words(now.phone), "written": limit_words(now.written),
        "quick": [case_words(it) for it in now.quick],
    }  # fmt: skip
    return render(
        request, "duty/rules.html", context, status=422 if form is not None and form.is_bound else 200
    )


def _set(request: Request, form: RulesForm, province: str) -> None:
    said = form.cleaned_data
    subject = ruling.rules_id(province)
    with writing(
        request.person, at=timezone.now(), subjects=[subject], units=[province], channel="reference"
    ) as pen:
        ruling.set_rules(
            pen, entry_id=said["entry_id"], province=province, since=said["since"],
            hour=f"{said['hour']:%H:%M}", phone=hours(said["phone"]), written=hours(said["written"]),
            quick=tuple(said["quick"]), act=said["act"],
        )  # fmt: skip
