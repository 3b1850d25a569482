"""Pages that anybody may open. They show no person, and of a matter only what its receipt's holder may know."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from haicap.clocks.documents import NotInForce
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import Reused, writing
from haicap.matters.intake import raise_matter
from haicap.matters.law import law
from haicap.matters.lookup import code_of
from haicap.matters.public import queries
from haicap.matters.public.disclosure import THRESHOLD
from haicap.matters.public.forms import FEEDBACK, FeedbackForm, LookUpForm
from haicap.matters.public.limiting import too_often
from haicap.matters.public.telling import promises, way_so_far
from haicap.matters.schema import Procedure
from haicap.matters.showing import Names, in_words, limit_words, state_words
from haicap.matters.state import Matter
from haicap.matters.views_new import subject_of
from haicap.matters.views_procedure import limits
from haicap.units.actions import unit_id
from haicap.units.finding import communes
from haicap.units.fold import units as unit_fold
from haicap.units.loading import Founder
from haicap.units.queries import names
from haicap.units.sign_in import today
from haicap.units.vietnamese import fold

AT_ONCE = "at once"
MOST_LIMITS = 3
MOST_UNITS = 20
GUESSES = (20, 600)  # look-ups from one address, within so many seconds
SENDINGS = (5, 3600)  # feedback from one address


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What there is for people here."""
    return render(request, "public/start.html")


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """The procedures that people come with; `q` searches their names, with or without diacritics."""
    words = fold(request.GET.get("q", "")).split()
    its = [it for it in law().current(timezone.now()) if it.for_people]
    found = [it for it in its if all(word in fold(f"{it.name.vi} {it.name.en}") for word in words)]
    rows = [(it, _main_limits(it)) for it in found]
    return render(request, "public/procedures.html", {"rows": rows, "q": request.GET.get("q", "")})


def _main_limits(procedure: Procedure) -> list[str]:
    """What people wait for: the limits that bind the service, each once; what is at once only where nothing else is."""
    ours = (clock for clock in procedure.clock.values() if clock.binds == "holder")
    found = dict.fromkeys(limit.words for clock in ours for limit in limits(procedure, clock))
    longer = [words for words in found if words != limit_words(AT_ONCE)]
    return (longer or list(found))[:MOST_LIMITS]


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure: what to bring, what to pay, by when, by which rule, and what happens in between."""
    try:
        its = law().procedure(code, timezone.now())
    except NotInForce:
        raise Http404 from None
    if not its.for_people:
        raise Http404
    clocks = [
        (in_words(clock), limits(its, clock)) for clock in its.clock.values() if clock.binds == "holder"
    ]
    said = [in_words(field) for field in its.asked()]
    return render(request, "public/procedure.html", {"procedure": its, "clocks": clocks, "said": said})


@never_cache
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """A matter by the number and the code on its receipt. The code is sent in the body, never in an address."""
    form = LookUpForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        if too_often(request, "look-up", *GUESSES):
            return render(request, "429.html", status=429)
        found = queries.looked_up(form.cleaned_data["number"], form.cleaned_data["code"])
        if found is None:
            form.add_error("code", _("Không có hồ sơ nào có số và mã này. Hãy so lại với giấy biên nhận."))
        else:
            context |= _shown(*found)
    return render(request, "public/look_up.html", context, status=422 if form.errors else 200)


def _shown(matter: Matter, entries: list[Any]) -> dict[str, Any]:
    known, at = law(), timezone.now()
    its = known.pinned(matter.edition)
    units = names({matter.unit, matter.holder, matter.raised_by})
    return {
        "matter": matter, "now": at, "name": in_words(its.name), "state": state_words(matter, its),
        "holder": Names(units).unit(matter.holder), "unit": units.get(matter.unit, matter.unit),
        "promises": promises(matter, its, known, at), "way": way_so_far(entries, its, Names(units)),
        "feedback": reverse("public:feedback") + "?" + urlencode({"unit": matter.unit}),
        "public_procedure": its.code if its.for_people else "",
    }  # fmt: skip


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Police units by their name, or by what their place was called before 1 July 2025."""
    q = request.GET.get("q", "")
    return render(request, "public/units.html", {"q": q, "found": communes(q, MOST_UNITS)})


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """How timely a unit was in the ninety days up to yesterday."""
    row = queries.unit(code)
    if row is None:
        raise Http404
    its = queries.timeliness(row.code, today())
    known = law()
    by_procedure = [
        (in_words(known.pinned(known.procedures[code][-1].sha256).name), told)
        for code, told in its.procedures
    ]
    context = {"row": row, "its": its, "procedures": by_procedure, "threshold": THRESHOLD}
    return render(request, "public/unit.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Feedback to a unit: it becomes a matter there, with a number and a code to look it up by."""
    row = queries.unit(request.POST.get("unit") or request.GET.get("unit", ""))
    if row is None:
        q = request.GET.get("q", "")
        return render(request, "public/feedback_unit.html", {"q": q, "found": communes(q, MOST_UNITS)})
    its = law().procedure(FEEDBACK, timezone.now())
    form = FeedbackForm(request.POST or None, procedure=its, initial={"entry_id": uuid7()})
    if form.is_valid():
        if too_often(request, "feedback", *SENDINGS):
            return render(request, "429.html", status=429)
        try:
            matter, code = _taken_in(form, its, row.code)
        except Reused:
            raise Http404 from None  # an id of somebody else's making
        return render(request, "public/feedback_sent.html", {"row": row, "matter": matter, "code": code})
    context = {"row": row, "form": form}
    return render(request, "public/feedback.html", context, status=422 if form.errors else 200)


def _taken_in(form: FeedbackForm, its: Procedure, unit: str) -> tuple[Matter, str]:
    """The matter that a form has become, in the name of the installation, and its look-up code."""
    at, subject = timezone.now(), subject_of(form.id)
    with writing(Founder(own().id), at=at, subjects=[subject], units=[unit]) as pen:
        there = pen.state(unit_fold, unit_id(unit))
        assert there is not None
        matter = raise_matter(
            pen, entry_id=form.id, subject=subject, law=law(), procedure=its, unit=there, by="online",
            received=at, title=form.title, answers=form.answers,
        )  # fmt: skip
        return matter, code_of(subject)
