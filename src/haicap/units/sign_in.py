"""From an account to a person: who is at the screen, and what the database may show to them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from haicap.journal.reference import holding
from haicap.units.rights import Person, person_of, tell_database

P = ParamSpec("P")
PEOPLE = ZoneInfo(settings.PEOPLE_TIME_ZONE)


class Request(HttpRequest):
    """A request with whoever made it."""

    person: Person


def today() -> date:
    """The day as people have it, in Asia/Ho_Chi_Minh."""
    return datetime.now(UTC).astimezone(PEOPLE).date()


class PersonMiddleware:
    """Puts `request.person` there and tells the database's row-level policies how far that person sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with holding():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        person = person_of(user.get_username(), today()) if user.is_authenticated else None
        request.person = person  # type: ignore[attr-defined]  # `Request` says so to views
        tell_database(person)
        with timezone.override(PEOPLE):
            return self.get_response(request)


def signed_in(
    view: Callable[Concatenate[Request, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view for people of the service: others are sent to sign in, an account without a person is refused."""

    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "person", None) is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the middleware made it one

    return login_required(checked)  # type: ignore[return-value]


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Accounts are given by an operator; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
