"""The styleguide, the switch for single keys, and the pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from haicap.web import samples
from haicap.web.context import KEYS_COOKIE

YEAR = 365 * 24 * 3600


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in its states; `?theme=light` or `dark` overrules the system's wish."""
    return render(request, "web/styleguide.html", samples.context(request.GET.get("theme", "")))


@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Switches single-key shortcuts off, or on again, for this browser."""
    onward = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    response = redirect(onward if here else "/")
    if request.COOKIES.get(KEYS_COOKIE) == "off":
        response.delete_cookie(KEYS_COOKIE)
    else:
        response.set_cookie(KEYS_COOKIE, "off", max_age=YEAR, samesite="Lax", httponly=True)
    return response


def _said(request: HttpRequest, what: str, status: int, reason: str = "") -> HttpResponse:
    return render(request, "web/errors/page.html", {"what": what, "reason": reason}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. A refusal's own sentence is shown where there is one."""
    return _said(request, "forbidden", 403, str(exception) if exception and exception.args else "")


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token has gone (CSRF_FAILURE_VIEW): open too long, or cookies are blocked."""
    return _said(request, "stale", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not to be seen by this person; the page says that it may be either."""
    return _said(request, "missing", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500. Rendered without the request, so that what broke the page cannot break this one too."""
    return HttpResponse(render_to_string("web/errors/page.html", {"what": "broken"}), status=500)
