"""Long works: how one stands, as a page that can be left and come back to, and all of mine."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from haicap.matters import work
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50
EVERY = 2  # seconds between two looks of a page at a work that goes on


@require_GET
@signed_in
def mine(request: Request) -> HttpResponse:
    """The long works of the person, the latest first."""
    page = Paginator(work.of(request.person), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "matters/works.html", {"page": page, "lines": [_line(job) for job in page]})


@require_GET
@signed_in
def one(request: Request, id: UUID) -> HttpResponse:
    """How far a long work is. The page looks again by itself; without scripts by its own link."""
    job = get_object_or_404(work.of(request.person), pk=id)
    template = "matters/parts/progress.html" if getattr(request, "htmx", None) else "matters/work.html"
    response = render(request, template, {"line": _line(job), "every": EVERY})
    if job.is_over and getattr(request, "htmx", None):
        response["HX-Refresh"] = "true"  # its heading says so, too
    return response


@require_POST
@signed_in
def again(request: Request, id: UUID) -> HttpResponse:
    """Begin a work again that failed."""
    work.again(request.person, id)
    return redirect("work:one", id)


def _line(job: work.Job) -> dict[str, Any]:
    return {"job": job, "words": work.WORKS[job.what].words if job.what in work.WORKS else job.what}
