from types import SimpleNamespace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from haicap.web import context, views
from haicap.web.language import LanguageMiddleware
from haicap.web.security import PolicyMiddleware


def test_only_places_that_exist_are_in_the_navigation(ask: Any, chief: Any) -> None:
    items = context.navigation(ask("/matters/procedures/crime-report"), chief)
    assert [item.url for item in items] == ["/", "/matters/", "/matters/procedures/", "/styleguide"]
    assert [item.url for item in items if item.current] == ["/matters/procedures/"]


def test_a_place_without_the_right_is_left_out(ask: Any) -> None:
    outsider = SimpleNamespace(may=lambda action: False)
    assert [item.url for item in context.navigation(ask(), outsider)] == [
        "/",
        "/matters/procedures/",
        "/styleguide",
    ]


def test_counts_stand_beside_their_places(ask: Any, chief: Any) -> None:
    request = ask()
    request.counts = {"/matters/": 4054}
    html = render(request, "web/base.html").content.decode()
    assert "Việc<span>4.054</span>" in html


def test_the_frame_names_the_person_and_the_unit(ask: Any) -> None:
    html = render(ask(), "web/base.html").content.decode()
    for words in ("Công an phường Hồng Bàng", "Hải Phòng", "Trưởng Công an phường", "Đăng xuất"):
        assert words in html
    assert '<a class="skip" href="#main">' in html


def test_a_visitor_sees_no_navigation_and_no_search(ask: Any) -> None:
    html = render(ask(person=None), "web/base.html").content.decode()
    assert "<nav" not in html
    assert 'role="search"' not in html


def test_the_line_is_shown_only_where_it_is_known(ask: Any) -> None:
    assert "Đã đồng bộ" not in render(ask(), "web/base.html").content.decode()
    line = {"up": True, "text": "Đã đồng bộ 3 phút trước"}
    assert "Đã đồng bộ" in render(ask(), "web/base.html", {"data_line": line}).content.decode()


def test_the_demonstration_says_so(ask: Any, settings: Any) -> None:
    settings.DEMO = True
    assert "Dữ liệu trình diễn" in render(ask(), "web/base.html").content.decode()
    settings.DEMO = False
    assert "Dữ liệu trình diễn" not in render(ask(), "web/base.html").content.decode()


def _english(view: Any, *args: Any) -> tuple[int, str]:
    response = view(*args)
    return response.status_code, response.content.decode()


def test_errors_speak_both_languages_and_lead_on(ask: Any) -> None:
    told = {
        404: (_english(views.not_found, ask()), "chức vụ của bạn không được xem", "your post may not see it"),
        403: (
            _english(views.forbidden, ask(), PermissionDenied()),
            "Chức vụ của bạn",
            "Your post may not do this",
        ),
        500: (_english(views.broken, ask()), "Máy chủ gặp lỗi", "The server met an error"),
    }
    for status, ((answered, html), vietnamese, english) in told.items():
        assert answered == status
        assert vietnamese in html
        assert english in html
        assert '<a class="button primary" href="/">' in html


def test_a_refusal_gives_its_reason(ask: Any) -> None:
    html = views.forbidden(ask(), PermissionDenied("Bước này thuộc chức vụ khác.")).content.decode()
    assert "Bước này thuộc chức vụ khác." in html


def test_a_stale_form_says_that_nothing_was_recorded(ask: Any) -> None:
    response = views.stale(ask(), reason="token")
    assert response.status_code == 403
    assert "Chưa có gì được ghi" in response.content.decode()


def test_the_broken_page_needs_no_request() -> None:
    assert "Máy chủ gặp lỗi" in render_to_string("web/errors/page.html", {"what": "broken"})


def test_single_keys_can_be_switched_off_and_on(ask: Any) -> None:
    off = views.keys(RequestFactory().post("/keys", {"next": "/matters/"}))
    assert off["Location"] == "/matters/"
    assert off.cookies[context.KEYS_COOKIE].value == "off"
    html = render(ask(cookies={context.KEYS_COOKIE: "off"}), "web/base.html").content.decode()
    assert ' data-keys="off"' in html
    again = RequestFactory().post("/keys", {"next": "https://elsewhere.example/"})
    again.COOKIES[context.KEYS_COOKIE] = "off"
    on = views.keys(again)
    assert on["Location"] == "/"
    assert on.cookies[context.KEYS_COOKIE].value == ""


def _language(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


def test_pages_are_vietnamese_until_the_person_switches() -> None:
    speak = LanguageMiddleware(_language)
    request = RequestFactory().get("/", headers={"accept-language": "en-US"})
    assert speak(request).content == b"vi"
    request.COOKIES["django_language"] = "en"
    answer = speak(request)
    assert answer.content == b"en"
    assert answer["Content-Language"] == "en"
    request.COOKIES["django_language"] = "xx"
    assert speak(request).content == b"vi"


def test_no_script_or_style_from_elsewhere_or_inline() -> None:
    policy = PolicyMiddleware(_language)(RequestFactory().get("/"))["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
