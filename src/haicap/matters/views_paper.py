"""A clock's derivation sheet, and the papers of a matter as PDF."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haicap.clocks import sheet as sheets
from haicap.clocks.calendars import OutsideCalendar, Skipped
from haicap.clocks.reckoning import reckon
from haicap.clocks.steps import Pause
from haicap.clocks.wall import VIETNAM, Unreckonable, day_of
from haicap.journal.pen import writing
from haicap.matters import pages, printing, running
from haicap.matters.laying_out import Office
from haicap.matters.printing import NoSuchPaper, draft_paper, print_paper
from haicap.matters.showing import in_words, limit_words
from haicap.matters.state import Clock
from haicap.papers.editions import letterhead_of
from haicap.units.models import UnitRow
from haicap.units.queries import unit_of
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_PAUSE = 400  # days that one may try out


@require_safe
@signed_in
def clock(request: Request, subject: UUID, place: int) -> HttpResponse:
    """The sheet: rule, article and mark, every step to the end. `?start=` and `?pause=` try another reckoning."""
    seen, its = _clock(request, subject, place)
    calendar = seen.law.calendar_edition(its.calendar)
    sheet = running.sheet(seen.procedure, its, seen.matter.branch, calendar)
    tried, fault = _tried(request, seen, its)
    context = {
        "seen": seen, "matter": seen.matter, "clock": its, "place": place, "now": seen.at,
        "name": in_words(seen.procedure.clock[its.code]), "limit": limit_words(its.limit),
        "law": seen.procedure.clock[its.code].law_for(seen.matter.branch), "mark": sheet.mark,
        "regime": sheet.reckoned.regime.name,
        "steps": list(zip(sheet.sentences(), (isinstance(it, Skipped) for it in sheet.reckoned.steps), strict=True)),
        "start": request.GET.get("start") or f"{its.since.astimezone(VIETNAM):%Y-%m-%dT%H:%M}",
        "pause": request.GET.get("pause", ""), "tried": tried, "fault": fault,
    }  # fmt: skip
    return render(request, "matters/clock.html", context)


@require_safe
@signed_in
def clock_pdf(request: Request, subject: UUID, place: int) -> HttpResponse:
    """The sheet on paper; a clock that stands still has no end, and no sheet yet."""
    seen, its = _clock(request, subject, place)
    if its.due is None:
        raise Http404
    calendar = seen.law.calendar_edition(its.calendar)
    pdf = printing.derivation(seen.matter, seen.procedure, its, calendar, _headed(request, seen), seen.at)
    return _pdf(pdf, f"{seen.matter.number}-{its.code}")


def _clock(request: Request, subject: UUID, place: int) -> tuple[pages.Seen, Clock]:
    seen = pages.seen(request, subject)
    if place >= len(seen.matter.clocks):
        raise Http404
    return seen, seen.matter.clocks[place]


def _tried(request: Request, seen: pages.Seen, clock: Clock) -> tuple[tuple[datetime, list[str]] | None, str]:
    """End and sentences of the reckoning on trial, or why there is none; nothing where nothing is tried."""
    if not (request.GET.get("start") or request.GET.get("pause")):
        return None, ""
    try:
        start = datetime.fromisoformat(request.GET.get("start") or clock.since.isoformat())
        days = int(request.GET.get("pause") or 0)
    except ValueError:
        return None, _("Ghi ngày giờ có thật và số ngày tạm dừng.")
    start = start if start.tzinfo else start.replace(tzinfo=VIETNAM)
    if not 0 <= days <= LONGEST_PAUSE:
        return None, _("Số ngày tạm dừng từ 0 đến %(most)d.") % {"most": LONGEST_PAUSE}
    pauses = [Pause(start + timedelta(days=1), start + timedelta(days=1 + days), _("thử"))] if days else []
    calendar = seen.law.calendar_edition(clock.calendar)
    try:
        its = reckon(limit=clock.limit, start=start, regime=clock.regime, calendar=calendar, pauses=pauses)
    except OutsideCalendar:
        return None, _("Lịch làm việc chưa công bố đến ngày cần tính.")
    except Unreckonable:
        return None, _("Không tính được từ ngày này.")
    return ((its.due, [sheets.said(step) for step in its.steps]) if its.due else None), ""


@never_cache
@require_POST
@signed_in
def paper(request: Request, subject: UUID, code: str) -> HttpResponse:
    """Prints a paper: the PDF is the answer, its issue and the opening of sealed facts are entries.

    With `form=docx` the answer is the paper to be edited, which is no issue.
    """
    seen = pages.seen(request, subject)
    if code not in seen.procedure.paper:
        raise Http404
    office = _office(request, seen)
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[seen.matter.unit]) as pen:
            make = draft_paper if request.POST.get("form") == "docx" else print_paper
            made = make(pen, subject=subject, law=seen.law, paper=code, office=office)
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except NoSuchPaper:
        raise Http404 from None
    name = f"{seen.matter.number}-{code}"
    return _docx(made, name) if make is draft_paper else _pdf(made, name)


def _office(request: Request, seen: pages.Seen) -> Office:
    """The unit for which the person prints: the one of theirs that has to do with the matter. Two queries."""
    sides = [seen.matter.holder, seen.matter.unit, seen.matter.raised_by]
    code = next((unit for unit in sides if unit in request.person.units), request.person.unit)
    row = UnitRow.objects.get(code=code)
    names = dict(
        UnitRow.objects.filter(code__in=[it for it in (*sides, row.parent) if it]).values_list("code", "name")
    )
    return Office(
        unit=unit_of(row),
        above=names.get(row.parent or "", ""),
        holder=names.get(seen.matter.holder or "", "đơn vị có thẩm quyền"),
        raiser=names.get(seen.matter.raised_by, seen.matter.raised_by),
    )


def _headed(request: Request, seen: pages.Seen) -> Office:
    """The same with the letterhead that the unit has today. Three queries."""
    office = _office(request, seen)
    return replace(office, letterhead=letterhead_of(office.unit.code, day_of(seen.at)))


def _pdf(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, "application/pdf", headers=headers)


def _docx(body: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.docx"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(body, DOCX, headers=headers)
