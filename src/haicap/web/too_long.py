"""More in one form than an entry may hold: it is said so, and all that was typed stands there to be shortened."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from haicap.journal.batch import LARGEST
from haicap.journal.pen import TooLong

SHORT = 300  # signs up to which a field goes along unseen


class TooLongMiddleware:
    """Answers `TooLong`, whichever view it comes from: nothing was written, and nothing that was typed is lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's own answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Status 413, with the fields that were sent: long ones to be shortened, the others along with them."""
        if not isinstance(exception, TooLong):
            return None
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        kept = [(name, value) for name, value in sent if name != "csrfmiddlewaretoken"]
        context = {
            "long": [it for it in kept if len(it[1]) > SHORT], "kept": [it for it in kept if len(it[1]) <= SHORT],
            "size": exception.size / 1e6, "most": LARGEST / 1e6, "files": bool(request.FILES),
        }  # fmt: skip
        response = render(request, "web/too_long.html", context, status=413)
        response.headers["Cache-Control"] = "no-store"
        return response
