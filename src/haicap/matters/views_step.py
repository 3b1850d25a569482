"""Taking a step: first its outcome, then what that asks, and beside it what will come of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.wall import Unreckonable
from haicap.journal.ids import uuid7
from haicap.journal.kinds import Body
from haicap.journal.pen import FromNewerVersion, writing
from haicap.journal.sealing import Destroyed
from haicap.matters import drafts, pages, queries
from haicap.matters import entries as of
from haicap.matters.fields import Unanswered, read_answers
from haicap.matters.forms import REASONS, StepForm
from haicap.matters.handling import Doing, NotNow, acts, take_step
from haicap.matters.running import TooOften
from haicap.matters.schema import Step
from haicap.matters.showing import Names, in_words
from haicap.matters.telling import Teller
from haicap.matters.views_new import asks_unit
from haicap.units.acting import Unsaid
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in

Wrong = (OutsideCalendar, Unreckonable, TooOften)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a step would come to: lines of what happens, or why that cannot be said yet."""

    lines: tuple[str, ...] = ()
    missing: str = ""


@require_http_methods(["GET", "POST"])
@signed_in
def step(request: Request, subject: UUID, code: str) -> HttpResponse:
    """The form of a step; sent, it takes the step. `?outcome=` chooses what the step ends in.

    Sent with `preview`, it only shows what would come of it.
    """
    seen = pages.seen(request, subject)
    offered = queries.steps_for(request.person, seen.matter, seen.procedure)
    its = next((each for each in offered if each.code == code), None)
    if its is None:
        return _not_offered(request, seen, code)
    draft = drafts.kept(request.person, subject=subject, act=code)
    outcome = _outcome(request, its, draft)
    if its.outcome and outcome is None:
        return _choose(request, seen, its)
    form = _form(request, seen, its, outcome, draft)
    entry_id = _entry_id(request, draft)
    sent = form.is_bound and "preview" not in request.POST
    if sent and form.is_valid():
        answer = _take(request, seen, its, outcome, form, entry_id)
        if answer is not None:
            return answer
    if form.is_bound and not sent:
        foreseen, form = _foreseen(seen, its, outcome, form), _again(request, seen, its, outcome)
    else:
        foreseen = _foreseen(seen, its, outcome, form)
    context = {
        "seen": seen, "matter": seen.matter, "step": its, "form": form, "entry_id": entry_id, "subject": subject,
        "act": code, "now": seen.at, "outcome": outcome, "outcomes": _outcomes(its), "foreseen": foreseen,
        "saved": draft.saved_at if draft else None, "units": _units(seen, its, form),
    }  # fmt: skip
    return render(request, "matters/step.html", context, status=422 if sent else 200)


def _not_offered(request: Request, seen: pages.Seen, code: str) -> HttpResponse:
    """A step that does not fit now sends one back to the matter, saying so; one of another post is refused."""
    if code not in seen.procedure.step:
        raise Http404
    if pages.sent_before(request, seen):
        return redirect("matters:id", seen.matter.id)
    its = seen.procedure.step[code]
    if queries.fits(its, seen.matter):
        raise PermissionDenied(queries.judged(request.person, seen.matter, its).reason)
    return pages.not_done(request, seen.matter.id, NotNow(code, seen.matter))


def _choose(request: Request, seen: pages.Seen, step: Step) -> HttpResponse:
    context = {"seen": seen, "matter": seen.matter, "step": step, "outcomes": _outcomes(step), "now": seen.at}
    return render(request, "matters/step.html", context)


def _outcome(request: Request, step: Step, draft: drafts.Draft | None) -> str | None:
    kept = drafts.answers(draft).get("outcome", "") if draft else ""
    for said in (request.POST.get("outcome"), request.GET.get("outcome"), kept):
        if said in step.outcome:
            return said
    return None


def _outcomes(step: Step) -> list[tuple[str, str]]:
    return [(code, in_words(outcome)) for code, outcome in step.outcome.items()]


def _entry_id(request: Request, draft: drafts.Draft | None) -> UUID:
    sent = request.POST.get("entry_id")
    if drafts.is_uuid(sent):
        return UUID(sent)
    return draft.entry_id if draft else uuid7()


def _form(
    request: Request, seen: pages.Seen, step: Step, outcome: str | None, draft: drafts.Draft | None
) -> StepForm:
    asked = seen.procedure.asked(step.code, outcome)
    people: Sequence[tuple[str, str]] = ()
    if step.does == "assign" and not step.to_unit:
        people = [("", _("Chưa phân công")), *queries.people_of(seen.matter.holder)]
    return StepForm(
        request.POST or None, procedure=seen.procedure, asked=asked, step=step, outcome=outcome, people=people,
        to_unit=_states_unit(seen, step), initial=drafts.answers(draft) if draft else {},
    )  # fmt: skip


def _again(request: Request, seen: pages.Seen, step: Step, outcome: str | None) -> StepForm:
    """The form as it was filled in, not judged yet: a look ahead is no sending."""
    form = _form(request, seen, step, outcome, None)
    form.is_bound = False
    form.initial = dict(request.POST.items())
    return form


def _states_unit(seen: pages.Seen, step: Step) -> bool:
    """Whether the person has to name the unit: where the procedure says so, or where no table answers."""
    if step.to_unit == "stated":
        return True
    if step.to_unit != "competence":
        return False
    try:
        acts(seen.law, seen.procedure, seen.matter, _any(step), {}, seen.at)
    except Unsaid as missing:
        return missing.what == "to_unit"
    except Wrong:
        return False
    return False


def _any(step: Step) -> Doing:
    """The step with any outcome and ground: where it goes does not depend on them."""
    return Doing(step.code, outcome=next(iter(step.outcome), None), ground=next(iter(step.grounds), None))


def _units(seen: pages.Seen, step: Step, form: StepForm) -> list[tuple[str, str]]:
    if "to_unit" in form.fields or asks_unit(form.asked):
        return queries.units_near(seen.matter.province)
    return []


def _doing(step: Step, outcome: str | None, form: StepForm) -> Doing:
    said = form.cleaned_data
    assignee = said.get("assignee")
    return Doing(
        step.code, outcome=outcome, ground=said.get("ground") or None, answers=form.answers,
        to_unit=said.get("to_unit") or None,
        assignee=UUID(assignee) if assignee else None,
    )  # fmt: skip


def _take(
    request: Request, seen: pages.Seen, step: Step, outcome: str | None, form: StepForm, entry_id: UUID
) -> HttpResponse | None:
    """Takes the step and answers with the matter; None where the form is at fault and says so."""
    subject = seen.matter.id
    doing = _doing(step, outcome, form)
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[seen.matter.unit]) as pen:
            take_step(pen, entry_id=entry_id, subject=subject, law=seen.law, doing=doing)
            drafts.drop(request.person, entry_id)
    except Unanswered as fault:
        form.blame(fault.fields)
        return None
    except Unsaid as missing:
        form.add_error(missing.what if missing.what in form.fields else None, REASONS["needed"]())
        return None
    except Wrong as fault:
        form.add_error(None, _why(fault))
        return None
    except (NotNow, Refused, FromNewerVersion, Destroyed) as why:
        return pages.not_done(request, subject, why)
    messages.success(request, _("Đã ghi: %(step)s.") % {"step": in_words(step)})
    return redirect("matters:id", subject)


def _why(fault: Exception) -> str:
    if isinstance(fault, TooOften):
        rule = {"clock": in_words(fault.rule), "law": in_words(fault.way.law.rule)}
        return _("Đã kéo dài “%(clock)s” đủ số lần cho phép (%(law)s).") % rule
    if isinstance(fault, OutsideCalendar):
        return _("Lịch làm việc chưa công bố đến ngày cần tính.")
    return _("Ngày đã ghi nằm trước lúc bắt đầu tính thời hạn.")


def _foreseen(seen: pages.Seen, step: Step, outcome: str | None, form: StepForm) -> Foreseen:
    """What the step would come to with what has been typed so far; the rest is taken as not answered."""
    doing, facts = _so_far(seen, step, outcome, form)
    if step.grounds and doing.ground is None:
        return Foreseen(missing=_("Chọn căn cứ để xem."))
    try:
        bodies = acts(seen.law, seen.procedure, seen.matter, doing, facts, seen.at)
    except Unsaid:
        return Foreseen(missing=_("Chọn đơn vị nhận để xem."))
    except Wrong as fault:
        return Foreseen(missing=_why(fault))
    except NotNow:
        return Foreseen()
    return Foreseen(tuple(line for body in bodies for line in _lines(seen, body)))


def _so_far(
    seen: pages.Seen, step: Step, outcome: str | None, form: StepForm
) -> tuple[Doing, dict[str, Any]]:
    if not form.is_bound:
        return Doing(step.code, outcome=outcome), {}
    form.is_valid()
    doing = _doing(step, outcome, form)
    try:
        facts, _personal = seen.procedure.check(doing.answers, step.code, outcome)
    except Unanswered as fault:
        facts = _readable(seen, form, doing, {key.split(".")[0] for key in fault.fields})
    return doing, facts


def _readable(seen: pages.Seen, form: StepForm, doing: Doing, wrong: set[str]) -> dict[str, Any]:
    fields = [
        field
        for field in form.asked
        if field.code not in wrong and not seen.procedure.is_personal(field.code)
    ]
    codes = {field.code for field in fields}
    return read_answers(fields, {key: text for key, text in doing.answers.items() if key in codes})


def _lines(seen: pages.Seen, body: Body) -> list[str]:
    """One act of the journal that would be written, as what it means for states, units and clocks."""
    names = Names(queries.unit_names([body.to])) if isinstance(body, of.HandedOver) else Names()
    tell = Teller(seen.procedure, names, {})
    if not isinstance(body, of.Stepped):
        title, text = tell.body(body)
        return [f"{title}: {text}" if text else title]
    found = []
    if body.now != seen.matter.state:
        states = {"old": tell.state(seen.matter.state), "new": tell.state(body.now)}
        found.append(_("Trạng thái: %(old)s → %(new)s") % states)
    for code in body.stops:
        found += [
            _("Xong %(clock)s: %(how)s") % {"clock": tell.clock(code), "how": _how(seen.at, clock.due)}
            for clock in seen.matter.clocks
            if clock.runs and clock.code == code
        ]
    found += [_("Bắt đầu %(clock)s") % {"clock": tell.started([start])} for start in body.starts]
    if body.ends:
        found.append(_("Việc kết thúc."))
    return found


def _how(at: datetime, due: datetime | None) -> str:
    return _("muộn") if due and due < at else _("trong hạn")
