"""Every page of a node with a parent: the line's state, the clock's faults, and the date before anything is sent."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from haicap.nodes import confirming, header
from haicap.nodes.views_day import asks, confirmed

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FREE = (
    "/sync/", "/account/", "/language/", "/keys", "/line/", "/matters/drafts/", "/matters/place/", "/filters/",
    "/notices/",
)  # fmt: skip
"""What records nothing: exchange, signing in and out, switches, the date itself, drafts, filters, news looked at."""
LOOKS = ("/alike/", "/emergency/")  # what a form asks for while it is filled in


class LineMiddleware:
    """Puts `request.data_line` and `request.warnings` there for the frame; asks for the date where it is in doubt."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing but one comparison on a node without a parent."""
        person = getattr(request, "person", None)
        line = header.line() if person is not None else None
        if person is None or line is None:
            return self.get_response(request)
        at = timezone.now()
        request.data_line = header.shown(line, at, nodes=person.may("node.see"))  # type: ignore[attr-defined]  # the frame looks for it
        request.warnings = header.ending(line) + header.clock_faults(line, at)  # type: ignore[attr-defined]
        if _free(request.path_info) or not confirming.open_question(line, at):
            return self.get_response(request)
        if request.method in SAFE:
            request.day_in_doubt = reverse("line:day")  # type: ignore[attr-defined]
            return self.get_response(request)
        if confirmed(request, person, at):
            return self.get_response(request)
        return asks(request, person, at)


def _free(path: str) -> bool:
    return path.startswith(FREE) or path.endswith(LOOKS)
