"""One line of the duty log: how it reads and read, its quick report, and what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.clocks.reckoning import reckon
from haicap.clocks.sheet import said
from haicap.clocks.wall import VIETNAM
from haicap.duty import log, queries, ruling
from haicap.duty.fold import Line
from haicap.duty.forms import CloseForm, CorrectForm, ReportForm
from haicap.duty.showing import clock_words, events, shown
from haicap.duty.sorts import PHONE, WRITTEN
from haicap.duty.views import FAULTS, fault_words, openable, territories
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, writing
from haicap.journal.sealing import Destroyed, open_sealed
from haicap.matters import drafts
from haicap.matters.law import law
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import Names, limit_words
from haicap.matters.views_new import subject_of
from haicap.units.once import Once
from haicap.units.queries import unit_now
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in

TITLE = 120  # characters of a line that a matter's title begins with


@dataclass(frozen=True, slots=True)
class Seen:
    """A line that somebody may see, with what they may do about it."""

    line: Line
    at: datetime
    writes: bool
    opens: bool


def seen(request: Request, subject: UUID) -> Seen:
    """The line. Raises `Http404` also where it is merely not to be seen by this person."""
    row = queries.one(request.person, subject)
    if row is None:
        raise Http404
    scope = Scope.of(row.unit)
    writes = decide(request.person, "duty.write", scope).allowed
    opens = decide(request.person, "duty.open-sealed", scope).allowed
    return Seen(queries.line_of(row), timezone.now(), writes, opens)


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """The line with its history; what is sealed stays so."""
    its = seen(request, subject)
    return _page(request, its, _forms(its))


def _forms(its: Seen) -> dict[str, Once]:
    """The forms that fit where the line is."""
    if not its.writes:
        return {}
    found: dict[str, Once] = {
        clock.code: ReportForm(how=clock.code, at=its.at) for clock in its.line.clocks if clock.runs
    }
    return found | ({"close": CloseForm(line=its.line, at=its.at)} if its.line.open else {})


def _page(
    request: Request, its: Seen, forms: Mapping[str, Once], opened: list[str] | None = None, status: int = 200
) -> HttpResponse:
    line, entries = its.line, queries.told(its.line.id)
    numbers = queries.numbers(request.person, [line])
    people = {line.wordings[0].by, *(entry.actor for entry in entries)}
    names = Names(unit_names([line.unit]), person_names(people))
    known = openable(request.person) if its.writes else {}
    context = {
        "now": its.at, "its": its, "line": line, "unit": names.unit(line.unit), "forms": forms, "opened": opened,
        "shown": shown(line, names, numbers, known, writes=its.writes), "events": events(entries, names, numbers),
        "entry_id": uuid7(), "clock_names": {PHONE: clock_words(PHONE), WRITTEN: clock_words(WRITTEN)},
    }  # fmt: skip
    return render(request, "duty/line.html", context, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def correct(request: Request, subject: UUID) -> HttpResponse:
    """A further entry that says how the line should have read."""
    its = seen(request, subject)
    if not its.writes:
        raise Http404
    form, unit = CorrectForm(request.POST or None, line=its.line), unit_now(its.line.unit)
    if form.is_valid():
        given = form.cleaned_data
        settings = ruling.in_force(ruling.editions(unit.province), its.at)
        try:
            with _pen(request, its) as pen:
                log.correct_line(
                    pen, entry_id=given["entry_id"], subject=subject, unit=unit, text=given["text"],
                    happened=_exact(given["happened"], its), reason=given["reason"], settings=settings,
                    calendar=law().calendar,
                    case=given.get("case") or None, place=given["place"], people=given["people"],
                )  # fmt: skip
            return redirect("duty:id", subject)
        except FAULTS as fault:
            _blame(form, fault)
    context = {"form": form, "line": its.line, "now": its.at, "territories": territories(unit)}
    return render(request, "duty/correct.html", context, status=422 if form.is_bound else 200)


def _pen(request: Request, its: Seen) -> Any:
    return writing(request.person, at=timezone.now(), subjects=[its.line.id], units=[its.line.unit])


def _blame(form: Once, fault: Exception) -> None:
    if isinstance(fault, Refused):
        raise PermissionDenied(str(fault)) from fault
    form.add_error(None, fault_words(fault))


@require_POST
@signed_in
def close(request: Request, subject: UUID) -> HttpResponse:
    """It is done, or the data line works again."""
    its = seen(request, subject)
    form = CloseForm(request.POST, line=its.line, at=its.at)
    return _sent(request, its, "close", form, lambda pen, given: log.close_line(
        pen, entry_id=given["entry_id"], subject=subject, when=_exact(given["when"], its), note=given["note"],
    ))  # fmt: skip


@require_POST
@signed_in
def reported(request: Request, subject: UUID, how: str) -> HttpResponse:
    """The quick report was given, by phone or in writing."""
    its = seen(request, subject)
    form = ReportForm(request.POST, how=how, at=its.at)
    return _sent(request, its, how, form, lambda pen, given: log.report(
        pen, entry_id=given["entry_id"], subject=subject, how="phone" if how == PHONE else "written", to=given["to"],
        when=_exact(given["when"], its), paper=given.get("paper", ""),
    ))  # fmt: skip


def _exact(moment: datetime, its: Seen) -> datetime:
    """The moment of a control that knows minutes only: in the minute in which it happened, that; else at most now."""
    happened, now = its.line.now.happened, its.at
    if moment == happened.replace(second=0, microsecond=0):
        return happened
    return min(moment, now) if moment - now < timedelta(minutes=1) else moment


def _sent(
    request: Request, its: Seen, name: str, form: Once, act: Callable[[Pen, dict[str, Any]], object]
) -> HttpResponse:
    """Do what a form on the line's page asks, and show the line; a form at fault is shown with what it says."""
    if form.is_valid():
        try:
            with _pen(request, its) as pen:
                act(pen, form.cleaned_data)
            return redirect("duty:id", its.line.id)
        except FAULTS as fault:
            _blame(form, fault)
    return _page(request, its, _forms(its) | {name: form}, status=422)


@require_POST
@signed_in
def become(request: Request, subject: UUID, code: str) -> HttpResponse:
    """Begin a form of this procedure with what the line says, and go there; the line keeps its subject."""
    its, person = seen(request, subject), request.person
    if code not in openable(person) or not its.writes:
        raise Http404
    line, entry_id = its.line, log.form_of(subject, code, person.id)
    matter = subject_of(entry_id)
    known = law().procedure(code, its.at)
    if all(it.matter != matter for it in line.became):
        try:
            with _pen(request, its) as pen:
                log.became(
                    pen, entry_id=UUID(int=matter.int ^ 1), subject=subject, matter=matter, procedure=code
                )
        except FAULTS as fault:
            if isinstance(fault, Refused):
                raise PermissionDenied(str(fault)) from fault
            messages.error(request, fault_words(fault))
            return redirect("duty:id", subject)
    if drafts.kept(person, entry_id=str(entry_id)) is None:
        answers = filled(line, set(known.field))
        drafts.save(
            person, entry_id=entry_id, subject=matter, procedure=code, act=drafts.RAISE, answers=answers, at=its.at
        )  # fmt: skip
    return redirect(f"{reverse('matters:raise', args=[code])}?draft={entry_id}&line={subject}")


def filled(line: Line, fields: set[str]) -> dict[str, str]:
    """What a form of a procedure with these fields is filled with before somebody types."""
    its, when = line.now, f"{line.now.happened.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    known = {"what": its.text, "place": its.place, "happened_at": when, "where": its.place}
    way = {"call": "phone", "visit": "desk", "line-down": "unit", "order": "unit"}.get(line.sort, "desk")
    title = its.text if len(its.text) <= TITLE else its.text[: TITLE - 1].rstrip() + "…"
    return {"title": title, "received": when, "by": way, "unit": line.unit} | {
        code: text for code, text in known.items() if code in fields and text
    }


@never_cache
@require_POST
@signed_in
def unseal(request: Request, subject: UUID) -> HttpResponse:
    """Opens who has to do with the line, for a purpose that is recorded; shown once, on this answer."""
    its = seen(request, subject)
    if not its.opens or not drafts.is_uuid(request.POST.get("entry_id")):
        raise Http404
    purpose = request.POST.get("purpose", "")
    try:
        with _pen(request, its) as pen:
            log.unseal(pen, entry_id=UUID(request.POST["entry_id"]), subject=subject, purpose=purpose)
    except FAULTS as fault:
        if isinstance(fault, Refused):
            raise PermissionDenied(str(fault)) from fault
        messages.error(request, _("Ghi mục đích mở nội dung niêm phong."))
        return redirect("duty:id", subject)
    return _page(request, its, _forms(its), _opened(its.line))


def _opened(line: Line) -> list[str]:
    """What is sealed of a line, in the order of its entries; what has been destroyed says so."""
    found = []
    for entry in queries.told(line.id):
        if entry.sealed is not None:
            try:
                found.append(str(open_sealed(line.id, entry.id, entry.sealed).get("people", "")))
            except Destroyed:
                found.append(_("Nội dung này đã được hủy."))
    return found


@require_safe
@signed_in
def clock(request: Request, subject: UUID, place: int) -> HttpResponse:
    """How the end of a quick report was reckoned: a setting, from a moment, to a moment."""
    its = seen(request, subject)
    if place >= len(its.line.clocks):
        raise Http404
    it = its.line.clocks[place]
    calendar = law().calendar_edition(it.calendar)
    reckoned = reckon(limit=it.limit, start=it.since, regime=it.regime, calendar=calendar)
    context = {
        "now": its.at, "line": its.line, "clock": it, "name": clock_words(it.code), "limit": limit_words(it.limit),
        "steps": [said(step) for step in reckoned.steps],
    }  # fmt: skip
    return render(request, "duty/clock.html", context)
