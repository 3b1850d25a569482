"""What is new for whoever is signed in: the number in the header, the page, and the daily mail on or off."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.matters.law import law
from haicap.matters.listing import in_order
from haicap.matters.notices import news
from haicap.matters.notices.forms import DigestForm
from haicap.matters.notices.models import Watch
from haicap.matters.notices.news import Told
from haicap.matters.queries import filtered, unit_names
from haicap.matters.showing import Names
from haicap.matters.views import lines
from haicap.nodes.queries import works_here
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50
SHOWN = 20  # matters of each list beside the news


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """What is new since the person last looked, or with `since=week` in seven days, grouped by matter."""
    at, known = timezone.now(), law()
    week = request.GET.get("since") == "week"
    found = news.of(request.person, known, since=at - news.FAR if week else news.since(request.person, at=at))
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(form, _columns(), _lines(found), _("Tin mới"))
    asked = {name: filtered(request.person, params, at=at) for name, params in news.due(today()).items()}
    owing = {name: list(in_order(rows, "due")[:SHOWN]) for name, rows in asked.items()}
    names = Names(unit_names(row.holder for rows in owing.values() for row in rows))
    context: dict[str, Any] = {
        "now": at,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "week": week,
        "owing": {name: lines(request.person, rows, known, names, at) for name, rows in owing.items()},
    }
    return render(request, "notices/list.html", context)


@require_safe
@signed_in
def count(request: Request) -> HttpResponse:
    """The number in the header; nothing where nothing is new."""
    n = news.count(request.person, at=timezone.now())
    if getattr(request, "htmx", None):
        return HttpResponse(str(n) if n else "")
    return redirect("notices:list")


@require_POST
@signed_in
def seen(request: Request) -> HttpResponse:
    """From here on only what comes later is new."""
    news.looked(request.person, at=timezone.now())
    return redirect("notices:list")


@require_http_methods(["GET", "POST"])
@signed_in
def digest(request: Request) -> HttpResponse:
    """Where the person's mail goes, and whether one is sent each working day."""
    watch = Watch.objects.filter(pk=request.person.id).first()
    initial = {
        "email": User.objects.filter(username=request.person.account).values_list("email", flat=True).first(),
        "digest": watch.digest if watch else False,
        "language": watch.language if watch and watch.digest else get_language(),
    }
    form = DigestForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        User.objects.filter(username=request.person.account).update(email=said["email"])
        its = {"digest": said["digest"], "language": said["language"]}
        Watch.objects.update_or_create(pk=request.person.id, defaults=its)
        messages.success(request, _("Đã ghi."))
        return redirect("notices:digest")
    context = {
        "form": form, "mail": bool(settings.EMAIL_HOST), "at": settings.MAIL_AT,
        "here": works_here(request.person.unit),
    }  # fmt: skip
    return render(request, "notices/digest.html", context, status=422 if form.is_bound else 200)


def _lines(found: Iterable[Told]) -> list[dict[str, object]]:
    return [
        {"number": it.number, "title": it.title, "what": one.words, "by": one.by, "at": one.at}
        for it in found
        for one in it.news
    ]


def _columns() -> list[Column]:
    return [
        Column("number", _("Số"), 22),
        Column("title", _("Nội dung"), 48),
        Column("what", _("Có gì mới"), 28),
        Column("by", _("Người ghi"), 32),
        Column("at", _("Lúc"), kind="moment"),
    ]
