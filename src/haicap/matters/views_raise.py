"""The form of a procedure: filled in, stopped for an emergency, joined with what is alike, sent, and told."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.documents import NotInForce
from haicap.clocks.wall import Unreckonable
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, Reused, writing
from haicap.matters import afterwards, drafts, pages, queries
from haicap.matters.alike import Choice, offers
from haicap.matters.emergency import MARK, emergency
from haicap.matters.fields import Unanswered
from haicap.matters.forms import REASONS
from haicap.matters.forms_intake import IntakeForm, usual
from haicap.matters.guidance.actions import found_guidance, point
from haicap.matters.handling import NotNow
from haicap.matters.intake import NotOpenHere, raise_matter
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.schema import Procedure
from haicap.matters.showing import due_of, first_due, in_words, limit_words
from haicap.matters.state import Matter
from haicap.matters.telling import DONE
from haicap.matters.timing import RECEIVED, UNTIL, Clock
from haicap.matters.views_new import asks_unit, places, subject_of
from haicap.units.acting import NotYet
from haicap.units.actions import unit_id
from haicap.units.fold import units
from haicap.units.models import UnitRow
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def raise_(request: Request, code: str) -> HttpResponse:
    """The form of a procedure; sent, it takes the matter in and says who has it and until when.

    The address holds the id of the entry that the form will become: gone back to and sent again, it is the same.
    With `look` nothing is sent: what is alike is shown, for where there are no scripts.
    """
    person, known, procedure = request.person, law(), _opened(request.person, code)
    choices = _units(person, procedure)
    if not choices:
        raise Http404
    given = request.POST.get("entry_id") or request.GET.get("draft")
    if not drafts.is_uuid(given):
        return redirect(f"{request.path}?draft={uuid7()}")
    entry_id = UUID(given)
    if request.method == "GET" and queries.one(person, subject_of(entry_id)) is not None:
        messages.info(request, _("Biểu mẫu này đã được gửi; đây là việc đã tiếp nhận."))
        return redirect("matters:id", subject_of(entry_id))
    sent = request.method == "POST" and "look" not in request.POST
    draft = None if sent else drafts.kept(person, entry_id=given)
    initial = {**usual(procedure.asked(), timezone.now()), **_typed(request, draft)}
    form = IntakeForm(
        request.POST if sent else None, procedure=procedure, asked=procedure.asked(), initial=initial,
        units=choices,
    )  # fmt: skip
    if sent and form.is_valid():
        matter = _take_in(request, known, procedure, form, entry_id)
        if matter is not None:
            return redirect("matters:taken", matter.id)
    if sent:
        draft = drafts.kept(person, entry_id=given)
    return _form(request, known, procedure, form, entry_id, draft)


def _opened(person: Person, code: str) -> Procedure:
    """The procedure in force that this person may open. Raises `Http404`, also where it is merely forbidden."""
    try:
        procedure = law().procedure(code, timezone.now())
    except NotInForce:
        raise Http404 from None
    if not places(person, procedure):
        raise Http404
    return procedure


def _units(person: Person, procedure: Procedure) -> list[tuple[str, str]]:
    here = UnitRow.objects.filter(
        code__in=places(person, procedure), level__in=procedure.opens.at, closed=None
    )
    return list(here.values_list("code", "name"))


def _typed(request: Request, draft: drafts.Draft | None) -> Mapping[str, str]:
    """What stands in the form that is not sent yet: as it was just typed, or as the draft kept it."""
    if request.method == "POST":
        return request.POST.dict()
    return drafts.answers(draft) if draft and draft.act == drafts.RAISE else {}


def _form(
    request: Request, known: Law, procedure: Procedure, form: IntakeForm, entry_id: UUID,
    draft: drafts.Draft | None,
) -> HttpResponse:  # fmt: skip
    at, title = timezone.now(), str(form["title"].value() or "")
    context = {
        "procedure": procedure, "form": form, "entry_id": entry_id, "subject": subject_of(entry_id), "now": at,
        "saved": draft.saved_at if draft else None, "act": drafts.RAISE,
        "units": queries.units_near(request.person.province)
        if "to_unit" in form.fields or asks_unit(procedure.asked()) else (),
        "clocks": _clocks(procedure), "compares": not procedure.is_personal("title"),
        "offers": offers(request.person, known, procedure, title, at=at), "picked": form.choice.written,
        **_stopped(form.stop(), str(form["emergency_done"].value() or ""), form["emergency_done"].errors),
    }  # fmt: skip
    return render(request, "matters/raise.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def alike(request: Request, code: str) -> HttpResponse:
    """What is alike to the title as it is being typed: the part of the form that shows it."""
    procedure = _opened(request.person, code)
    found = offers(request.person, law(), procedure, request.POST.get("title", ""), at=timezone.now())
    return render(
        request, "matters/parts/alike.html", {"offers": found, "picked": request.POST.get("alike", "")}
    )


@require_POST
@signed_in
def stop(request: Request, code: str) -> HttpResponse:
    """What the form stops with once an emergency is marked: the numbers, what to do first, and that it was done."""
    its = emergency(_opened(request.person, code), {MARK: request.POST.get(MARK, "")})
    return render(
        request, "matters/parts/stop.html", _stopped(its, request.POST.get("emergency_done", ""), ())
    )


def _stopped(its: Any, done: str, errors: Any) -> dict[str, Any]:
    return {
        "stop": its,
        "done": done,
        "done_words": [(code, say()) for code, say in DONE.items()],
        "done_errors": errors,
    }


def _take_in(
    request: Request, known: Law, procedure: Procedure, form: IntakeForm, entry_id: UUID
) -> Matter | None:
    """The matter, or None where the form is at fault; the form then says what is."""
    subject, said, other = subject_of(entry_id), form.cleaned_data, None
    if form.choice.how in ("same", "again"):
        other = queries.one(request.person, form.choice.of) if form.choice.of else None
        if other is None:
            form.add_error("alike", _("Không còn thấy việc đã chọn; hãy chọn lại."))
            return None
    subjects, files = [subject], [said["unit"]]
    if other is not None:
        subjects, files = [subject, other.pk], [said["unit"], other.unit]
    try:
        with writing(request.person, at=timezone.now(), subjects=subjects, units=files) as pen:
            unit = pen.state(units, unit_id(said["unit"]))
            assert unit is not None
            matter = raise_matter(
                pen, entry_id=entry_id, subject=subject, law=known, procedure=procedure, unit=unit, by=said["by"],
                received=said["received"], title=said["title"], answers=form.answers, to_unit=said.get("to_unit"),
                coming=form.coming(), source=_source(request),
            )  # fmt: skip
            matter = _tie(pen, entry_id, matter, form.choice, other)
            drafts.drop(request.person, entry_id)
            return matter
    except Unanswered as fault:
        form.blame(fault.fields)
    except NotYet:
        form.add_error("received", _("Lúc tiếp nhận không thể ở tương lai."))
    except (OutsideCalendar, Unreckonable) as fault:
        form.add_error(None, _("Không tính được thời hạn từ các ngày đã ghi: %(why)s") % {"why": fault})
    except Reused:
        form.add_error(None, _("Biểu mẫu này đã được dùng cho một việc khác; hãy mở biểu mẫu mới."))
    except NotOpenHere:
        form.add_error("unit", REASONS["not-a-choice"]())
    except NotNow:
        form.add_error("alike", _("Việc đã chọn vừa được nhập vào việc khác; hãy chọn lại."))
    except Refused as why:
        pages.not_done(request, subject, why)
    return None


def _source(request: Request) -> dict[str, str] | None:
    """The line of the duty log from which the form was opened, as its address says; None for any other."""
    line = request.GET.get("line")
    return {"line": str(UUID(line))} if drafts.is_uuid(line) else None


def _tie(pen: Pen, entry_id: UUID, matter: Matter, choice: Choice, other: MatterRow | None) -> Matter:
    """What was said of something alike: joined into it, or tied to it as asked again."""
    tie = uuid5(entry_id, "alike")
    if choice.how == "guidance" and choice.of is not None:
        return point(
            pen, entry_id=tie, subject=matter.id, guidance=found_guidance(pen, choice.of), how="again"
        )
    if other is None or matter.joined:
        return matter
    if choice.how == "same":
        return afterwards.join(pen, entry_id=tie, subject=matter.id, into=other.pk, action="matter.raise")
    return afterwards.link(pen, entry_id=tie, subject=matter.id, to=queries.matter_of(other), how="about")


@require_safe
@signed_in
def taken(request: Request, subject: UUID) -> HttpResponse:
    """What was just taken in: its number, who has it, until when; the receipt and the next one are a key away."""
    seen = pages.seen(request, subject)
    matter = seen.matter
    names = pages.names([matter.holder, matter.unit])
    receipt = next((code for code in seen.procedure.paper if code.startswith("receipt")), None)
    context = {
        "seen": seen, "matter": matter, "now": seen.at, "holder": names.unit(matter.holder),
        "due": due_of(first_due(matter), seen.procedure, seen.law, seen.at), "why": in_words(matter.why),
        "receipt": (in_words(seen.procedure.paper[receipt]), reverse("matters:paper", args=[matter.id, receipt]))
        if receipt else None,
        "into": next((it for it in matter.links if it.to == matter.joined), None),
        "again": places(request.person, seen.procedure),
    }  # fmt: skip
    return render(request, "matters/taken.html", context)


def _clocks(procedure: Procedure) -> list[tuple[str, str]]:
    """The clocks that may begin when it comes in, each with its limits."""
    return [
        (in_words(clock), " / ".join(dict.fromkeys(map(limit_words, _limits(clock)))))
        for clock in procedure.clock.values()
        if RECEIVED in clock.starts
    ]


def _limits(clock: Clock) -> tuple[str, ...]:
    written = clock.limit.values() if isinstance(clock.limit, dict) else (clock.limit,)
    return tuple(limit for limit in written if limit != UNTIL)
