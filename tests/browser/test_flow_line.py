"""A commune's node with its line down, and a server that goes in the middle of a form: people go on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from browser.conftest import SignIn
from browser.hands import WAYS, hands
from haicap.matters.models import MatterRow
from haicap.nodes import header
from haicap.units.rights import tell_database
from matters.acting import who
from nodes.lines_at_hand import contact, now, parent

FORM = "/matters/new/difficulty/"
TITLE = "Máy in của trực ban hỏng"
GONE = {"vi": "Máy chủ không trả lời", "en": "The server does not answer"}
BACK = {"vi": "Máy chủ đã trả lời lại", "en": "The server answers again"}
DOWN = {"vi": "Mất đường truyền từ", "en": "Line down since"}
DOUBT = {"vi": "Chưa ai xác nhận ngày giờ", "en": "Nobody has confirmed this machine's date"}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    header.forget()
    yield
    header.forget()


def written() -> int:
    tell_database(who("chief"))
    return MatterRow.objects.filter(title=TITLE).count()


@WAYS
def test_a_form_goes_on_when_the_server_is_back(sign_in: SignIn, lang: str, narrow: bool) -> None:
    page = hands(sign_in, "clerk", lang, narrow).page
    page.goto(FORM)
    page.fill("[name=title]", TITLE)
    page.select_option("select[name=kind]", "equipment")
    page.fill("[name=what]", "Kẹt giấy")
    page.context.set_offline(True)
    page.locator("form#form .actions button.primary").click()
    expect(page.locator("p.server")).to_contain_text(GONE[lang])
    assert page.input_value("[name=title]") == TITLE
    page.locator("form#form .actions button.primary").click()  # pressed again while it is away
    expect(page.locator("p.server")).to_contain_text(GONE[lang])
    assert written() == 0
    page.context.set_offline(False)
    expect(page.locator("p.server")).to_contain_text(BACK[lang])
    page.locator("form#form .actions button.primary").click()
    page.wait_for_url("**/taken/**")
    assert written() == 1


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_doubled(sign_in: SignIn) -> None:
    page = hands(sign_in, "clerk", "vi", False).page

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        route.fetch(max_redirects=0)  # the server has taken it
        return route.abort()

    page.goto(FORM)
    page.fill("[name=title]", TITLE)
    page.select_option("select[name=kind]", "equipment")
    page.fill("[name=what]", "Kẹt giấy")
    form = page.url  # with the id of its entry
    page.route(f"**{FORM}*", lose)
    with page.expect_event("requestfailed"):
        page.locator("form#form .actions button.primary").click()
    page.unroute(f"**{FORM}*")
    page.goto(form)
    expect(page.locator(".toast")).to_contain_text("Biểu mẫu này đã được gửi")
    assert written() == 1


@WAYS
def test_the_line_is_down_the_date_is_confirmed_and_work_goes_on(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    parent()
    contact(good=now() - timedelta(days=3), bad=now() - timedelta(hours=2))
    page = hands(sign_in, "clerk", lang, narrow).page
    page.goto(FORM)
    expect(page.locator("header a.line")).to_contain_text(DOWN[lang])
    expect(page.locator("p.notice")).to_contain_text(DOUBT[lang])
    page.fill("[name=title]", TITLE)
    page.select_option("select[name=kind]", "equipment")
    page.fill("[name=what]", "Kẹt giấy")
    page.locator("form#form .actions button.primary").click()
    page.wait_for_selector("h2.day")
    assert written() == 0
    page.locator("button[name=day_is_right]").click()
    page.wait_for_url("**/taken/**")
    assert written() == 1
    expect(page.locator("p.notice")).to_have_count(0)
    page.locator("header a.line").click()
    expect(page.locator("h1")).to_be_visible()
