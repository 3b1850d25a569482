"""What no entry may hold: it is said so, and all that was typed stands there to be put right."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from haicap.journal.batch import LARGEST
from haicap.journal.kinds import YEARS
from haicap.journal.pen import TooLong, Unwritable

SHORT = 300  # signs up to which a field goes along unseen, if it was all too long
DAY = re.compile(r"(?<![0-9])([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})(?![0-9])")


class UnwritableMiddleware:
    """Answers `Unwritable`, whichever view it comes from: nothing was written, and nothing that was typed is lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's own answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Status 413 or 422, with the fields that were sent: those in doubt to be changed, the others unseen."""
        if not isinstance(exception, Unwritable):
            return None
        size = exception.size if isinstance(exception, TooLong) else 0
        doubtful = _long if size else _dated
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        kept = [(name, value) for name, value in sent if name != "csrfmiddlewaretoken"]
        context = {
            "doubtful": [it for it in kept if doubtful(it[1])], "kept": [it for it in kept if not doubtful(it[1])],
            "size": size / 1e6, "most": LARGEST / 1e6, "first": YEARS[0], "last": YEARS[-1],
            "files": bool(request.FILES),
        }  # fmt: skip
        response = render(request, "web/unwritable.html", context, status=413 if size else 422)
        response.headers["Cache-Control"] = "no-store"
        return response


def _long(value: str) -> bool:
    return len(value) > SHORT


def _dated(value: str) -> bool:
    return DAY.search(value) is not None
