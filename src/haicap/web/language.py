"""Which language a page speaks.

Not Django's LocaleMiddleware: an office PC with an English browser would get English pages by its
Accept-Language header. Pages are Vietnamese until the person switches.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def chosen(request: HttpRequest) -> str:
    """The language of the switch's cookie, if it is one of ours; else Vietnamese."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Answers in the person's language."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The language is in force for this request only."""
        language = chosen(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        return response
