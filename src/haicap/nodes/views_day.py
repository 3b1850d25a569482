"""The page that asks whether the machine's date is right, and the answer that tells a page that the server is there."""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from haicap.nodes import confirming, header
from haicap.units.rights import Person
from haicap.units.sign_in import PEOPLE, Request, signed_in

WRONG = "wrong"  # what the button says that denies the date


@require_http_methods(["GET", "POST"])
@signed_in
def day(request: Request) -> HttpResponse:
    """Date, weekday and time as the machine has them: right, and one goes on; wrong, and it is told what to do."""
    at, onward = timezone.now(), _onward(request)
    if request.method == "GET":
        return _page(request, at, {"onward": onward, "said": confirming.said(at)})
    right = request.POST.get("answer") == confirming.value(at)
    confirming.say(request.person.id, at, right=right)
    return redirect(onward) if right else _page(request, at, {"onward": onward, "wrong": True})


def confirmed(request: HttpRequest, person: Person, at: datetime) -> bool:
    """Whether what is being sent says itself that the date is right; that is kept."""
    if request.POST.get(confirming.FIELD) != confirming.value(at):
        return False
    confirming.say(person.id, at, right=True)
    return True


def asks(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    """Asks for the date in place of recording what was sent; confirming it sends the same once more.

    Status 409. What was typed is in the page, also where the date was found wrong; files are not, a browser gives
    them only from its own field.
    """
    wrong = request.POST.get(confirming.FIELD) == WRONG
    if wrong:
        confirming.say(person.id, at, right=False)
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", confirming.FIELD)
        for value in values
    ]
    context = {"kept": kept, "action": request.get_full_path(), "files": bool(request.FILES), "wrong": wrong}
    response = _page(request, at, context, status=409)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, at: datetime, context: dict[str, Any], status: int = 200) -> HttpResponse:
    here = at.astimezone(PEOPLE)
    shown = {
        "field": confirming.FIELD, "value": confirming.value(at), "weekday": weekday(here.date()),
        "date": date_words(here.date()), "time": f"{here:%H:%M}", "line": header.line(),
    }  # fmt: skip
    return render(request, "nodes/day.html", shown | context, status=status)


def _onward(request: HttpRequest) -> str:
    given = request.POST.get("next") or request.GET.get("next") or "/"
    return given if url_has_allowed_host_and_scheme(given, {request.get_host()}, request.is_secure()) else "/"


def weekday(its: date) -> str:
    """The day of the week."""
    names = (
        _("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"),
    )  # fmt: skip
    return names[its.weekday()]


def date_words(its: date) -> str:
    """The date in words of the page's language."""
    if (get_language() or "vi").startswith("en"):
        return f"{its.day} {its:%B} {its.year}"
    return f"ngày {its.day} tháng {its.month} năm {its.year}"


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """204 where server and database answer: asked before a form is sent, so that it is not sent into nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    response = HttpResponse(status=204)
    response.headers["Cache-Control"] = "no-store"
    return response
