"""Taking a matter in: the choice of its procedure, the form made from it, and what an old address is called today."""

from collections.abc import Iterable
from datetime import datetime
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
from haicap.journal.pen import Reused, writing
from haicap.matters import drafts, pages, queries
from haicap.matters.fields import Field, Unanswered
from haicap.matters.fold import Matter
from haicap.matters.forms import REASONS, IntakeForm
from haicap.matters.intake import NotOpenHere, NotYet, raise_matter
from haicap.matters.law import Law, law
from haicap.matters.parts import VIETNAM
from haicap.matters.schema import Procedure
from haicap.matters.showing import in_words, limit_words
from haicap.matters.timing import RECEIVED, UNTIL, Clock
from haicap.units.actions import unit_id
from haicap.units.fold import units
from haicap.units.models import UnitRow
from haicap.units.old_addresses import convert
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in
from haicap.units.vietnamese import fold

GROUPS = ("crime", "residence", "citizen", "unit", "above")
GROUP_OF = {
    "crime-report": "crime",
    "denunciation": "citizen", "complaint": "citizen", "feedback": "citizen",
    "difficulty": "unit", "recommendation": "unit",
    "directive": "above", "inspection-finding": "above",
}  # fmt: skip
MOST_PLACES = 5


@require_safe
@signed_in
def choose(request: Request) -> HttpResponse:
    """The procedures that the person may open, in groups; `q` searches them. Below: the person's drafts."""
    at, q = timezone.now(), request.GET.get("q", "")
    known = law()
    mine = [it for it in known.current(at) if places(request.person, it)]
    wanted = [it for it in mine if all(word in _words(it) for word in fold(q).split())]
    grouped = [
        (_group_name(group), [it for it in wanted if GROUP_OF.get(it.code, "residence") == group])
        for group in GROUPS
    ]
    context = {
        "q": q,
        "groups": [(name, its) for name, its in grouped if its],
        "drafts": _drafts(request.person, known),
        "now": at,
    }
    return render(request, "matters/new.html", context)


def _group_name(group: str) -> str:
    return {
        "crime": _("Tội phạm"), "residence": _("Cư trú, giấy tờ, người nước ngoài"),
        "citizen": _("Khiếu nại, tố cáo, phản ánh"), "unit": _("Đơn vị nêu"), "above": _("Cấp trên giao"),
    }[group]  # fmt: skip


def _words(procedure: Procedure) -> str:
    return fold(f"{procedure.code} {procedure.name.vi} {procedure.name.en}")


def _drafts(person: Person, known: Law) -> list[dict[str, Any]]:
    found = []
    for draft in drafts.of(person)[:20]:
        newest = known.procedures.get(draft.procedure)
        procedure = known.pinned(newest[-1].sha256) if newest else None
        typed = drafts.answers(draft)
        found.append(
            {
                "url": _form_of(draft),
                "title": typed.get("title") or (in_words(procedure.name) if procedure else draft.procedure),
                "what": _what(draft, procedure),
                "saved_at": draft.saved_at,
                "entry_id": draft.entry_id,
            }
        )
    return found


def _form_of(draft: drafts.Draft) -> str:
    if draft.act == drafts.RAISE:
        return reverse("matters:raise", args=[draft.procedure]) + f"?draft={draft.entry_id}"
    return reverse("matters:step", args=[draft.subject, draft.act])


def _what(draft: drafts.Draft, procedure: Procedure | None) -> str:
    if draft.act == drafts.RAISE or procedure is None:
        return _("tiếp nhận mới")
    return in_words(procedure.step.get(draft.act)) or draft.act


def places(person: Person, procedure: Procedure) -> set[str]:
    """The units of `person` at which they may open this procedure, as far as their rights tell; no query."""
    rights = (right for right in person.rights if right.allows("matter.raise"))
    return {
        right.unit
        for right in rights
        if right.role in procedure.opens.by and (right.kinds is None or procedure.code in right.kinds)
    }


@require_http_methods(["GET", "POST"])
@signed_in
def raise_(request: Request, code: str) -> HttpResponse:
    """The form of a procedure; sent, it takes the matter in and shows it.

    The address holds the id of the entry that the form will become: gone back to and sent again, it is the same.
    """
    at, person = timezone.now(), request.person
    known = law()
    try:
        procedure = known.procedure(code, at)
    except NotInForce:
        raise Http404 from None
    here = UnitRow.objects.filter(
        code__in=places(person, procedure), level__in=procedure.opens.at, closed=None
    )
    choices = [(row.code, row.name) for row in here]
    if not choices:
        raise Http404
    given = request.POST.get("entry_id") or request.GET.get("draft")
    if not drafts.is_uuid(given):
        return redirect(f"{request.path}?draft={uuid7()}")
    entry_id = UUID(given)
    if request.method == "GET" and queries.one(person, subject_of(entry_id)) is not None:
        messages.info(request, _("Biểu mẫu này đã được gửi; đây là việc đã tiếp nhận."))
        return redirect("matters:id", subject_of(entry_id))
    draft = drafts.kept(person, entry_id=given)
    initial = {"received": f"{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}", "by": "desk"}
    initial |= drafts.answers(draft) if draft and draft.act == drafts.RAISE else {}
    form = IntakeForm(
        request.POST or None, procedure=procedure, asked=procedure.asked(), initial=initial, units=choices
    )
    if form.is_valid():
        matter = _take_in(request, known, procedure, form, entry_id)
        if matter is not None:
            messages.success(request, _told(matter))
            return redirect("matters:id", matter.id)
    context = {
        "procedure": procedure, "form": form, "entry_id": entry_id, "subject": subject_of(entry_id), "now": at,
        "saved": draft.saved_at if draft else None, "act": drafts.RAISE,
        "units": queries.units_near(person.province)
        if "to_unit" in form.fields or asks_unit(procedure.asked()) else (),
        "clocks": _clocks(procedure),
    }  # fmt: skip
    return render(request, "matters/raise.html", context, status=422 if form.is_bound else 200)


def subject_of(entry_id: UUID) -> UUID:
    """The subject of the matter that the entry `entry_id` opens: one form, one matter."""
    return uuid5(entry_id, "subject")


def _take_in(
    request: Request, known: Law, procedure: Procedure, form: IntakeForm, entry_id: UUID
) -> Matter | None:
    """The matter, or None where the form is at fault; the form then says what is."""
    subject = subject_of(entry_id)
    said = form.cleaned_data
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[said["unit"]]) as pen:
            unit = pen.state(units, unit_id(said["unit"]))
            assert unit is not None
            matter = raise_matter(
                pen, entry_id=entry_id, subject=subject, law=known, procedure=procedure, unit=unit, by=said["by"],
                received=said["received"], title=said["title"], answers=form.answers, to_unit=said.get("to_unit"),
            )  # fmt: skip
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
    except Refused as why:
        pages.not_done(request, subject, why)
    return None


def _told(matter: Matter) -> str:
    """What the person is told after sending: the number, who has it now, and why."""
    names = pages.names([matter.holder])
    said = _("Đã tiếp nhận, số %(number)s. Đơn vị giải quyết: %(unit)s.") % {
        "number": matter.number,
        "unit": names.unit(matter.holder),
    }
    return f"{said} {in_words(matter.why)}".strip()


def asks_unit(asked: Iterable[Field]) -> bool:
    """Whether a list of units to choose from is needed."""
    return any(field.type == "unit" for field in asked)


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


@require_POST
@signed_in
def place(request: Request) -> HttpResponse:
    """What an old address is called today: a line below the field, put there as one types."""
    text = str(request.POST.get(request.headers.get("HX-Trigger-Name", ""), ""))
    found = convert(text)[:MOST_PLACES] if len(text) > 2 else ()
    return render(request, "matters/parts/places.html", {"found": found})


@require_POST
@signed_in
def draft(request: Request) -> HttpResponse:
    """Keeps what is typed. htmx gets the line that says so; without scripts one returns to the form."""
    sent = request.POST
    if not (drafts.is_uuid(sent.get("entry_id")) and drafts.is_uuid(sent.get("subject"))):
        raise Http404
    typed = {name: str(text) for name, text in sent.items() if name not in OWN and text}
    at: datetime = timezone.now()
    entry_id, subject = UUID(sent["entry_id"]), UUID(sent["subject"])
    try:
        kept = drafts.save(
            request.person, entry_id=entry_id, subject=subject, procedure=sent.get("procedure", "")[:64],
            act=sent.get("act", "")[:64], answers=typed, at=at,
        )  # fmt: skip
    except drafts.TooLong:
        return HttpResponse(_("Dài quá mức cho phép."), status=413)
    if not kept:
        raise Http404
    if request.headers.get("HX-Request"):
        return render(request, "web/parts/draft.html", {"saved": at, "now": at})
    messages.success(request, _("Đã lưu nháp."))
    return redirect("matters:new")


@require_POST
@signed_in
def dropped(request: Request, entry_id: UUID) -> HttpResponse:
    """Throws a draft of one's own away."""
    drafts.drop(request.person, entry_id)
    messages.success(request, _("Đã bỏ bản nháp."))
    return redirect("matters:new")


OWN = frozenset({"csrfmiddlewaretoken", "entry_id", "subject", "procedure", "act"})
"""What a form sends about itself; it is no answer."""
