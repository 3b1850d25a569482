"""The queues above the list with how many matters each holds: filled in when the page is there, or a page alone."""

from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from haicap.matters import queues
from haicap.units.sign_in import Request, signed_in, today


@require_safe
@signed_in
def counted(request: Request) -> HttpResponse:
    """The person's queues, counted up to `queues.MOST`; the address is that of the list."""
    params = dict(parse_qsl(request.GET.urlencode()))
    found = queues.counted(request.person, queues.of(request.person, params, today()), at=timezone.now())
    part = bool(getattr(request, "htmx", None))
    return render(request, "matters/parts/queues.html" if part else "matters/queues.html", {"queues": found})
