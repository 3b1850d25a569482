"""Pages without the other rooms: the frame's own addresses, and three that stand for theirs."""

from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import include, path
from django.utils import translation


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("here")


@pytest.fixture(autouse=True)
def frame(settings: Any) -> Iterator[None]:
    """The frame's addresses alone; Vietnamese."""
    addresses = ModuleType("addresses")
    addresses.urlpatterns = [  # type: ignore[attr-defined]
        path("", _page),
        path("matters/", _page),
        path("matters/procedures/", _page),
        path("", include("haicap.web.urls")),
        path("account/", include("allauth.urls")),
        path("language/", include("django.conf.urls.i18n")),
    ]
    settings.ROOT_URLCONF = addresses
    with translation.override("vi"):
        yield


@pytest.fixture
def chief() -> SimpleNamespace:
    """Somebody who may do everything."""
    return SimpleNamespace(
        name="Nguyễn Văn A.",
        post_name="Trưởng Công an phường",
        unit_name="Công an phường Hồng Bàng",
        province_name="Hải Phòng",
        may=lambda action: True,
    )


@pytest.fixture
def ask(chief: SimpleNamespace) -> Any:
    """A request by the chief, or by `person`."""

    def asked(
        address: str = "/", *, person: Any = chief, cookies: dict[str, str] | None = None
    ) -> HttpRequest:
        request = RequestFactory().get(address)
        request.person = person  # type: ignore[attr-defined]
        request.COOKIES.update(cookies or {})
        return request

    return asked
