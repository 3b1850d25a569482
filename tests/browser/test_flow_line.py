"""A commune's node with its line down, and a server that goes in the middle of a form: people go on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from browser.conftest import SignIn
from browser.hands import WAYS, hands
from browser.office import Office
from haicap.matters.models import MatterRow
from haicap.nodes import header
from haicap.units.rights import tell_database
from matters.acting import who
from nodes.lines_at_hand import contact, now, parent

FORM = "/matters/new/difficulty/"
TITLE = "Máy in của trực ban hỏng"
HELD = {"vi": "tự được gửi khi máy chủ trả lời lại", "en": "is sent by itself when the server is back"}
GONE = {"vi": "cứ nhập tiếp và giữ trang mở"}
BACK = {"vi": "Máy chủ đã trả lời lại"}
DOWN = {"vi": "Mất đường truyền, liên lạc cuối", "en": "Line down, last contact"}
DOUBT = {"vi": "Chưa ai xác nhận ngày giờ", "en": "Nobody has confirmed this machine's date"}


@pytest.fixture
def address(office: Office) -> str:
    return office.url


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    header.forget()
    yield
    header.forget()


def written() -> int:
    tell_database(who("chief"))
    return MatterRow.objects.filter(title=TITLE).count()


def fill_in(page: Page) -> None:
    page.goto(FORM)
    page.fill("[name=title]", TITLE)
    page.select_option("select[name=kind]", "equipment")
    page.fill("[name=what]", "Kẹt giấy")


@WAYS
def test_what_was_to_be_sent_goes_once_when_the_server_is_back(
    sign_in: SignIn, office: Office, lang: str, narrow: bool
) -> None:
    page = hands(sign_in, "clerk", lang, narrow).page
    fill_in(page)
    office.stop()
    send = page.locator("form#form .actions button.primary")
    send.click()
    said = page.locator("p.server")
    expect(said).to_contain_text(HELD[lang])
    send.click()  # pressed again while it is away
    expect(said).to_contain_text(HELD[lang])
    assert page.input_value("[name=title]") == TITLE
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert written() == 0
    office.start()
    page.wait_for_url("**/taken/**")
    assert written() == 1


def test_who_types_on_sends_when_it_is_done(sign_in: SignIn, office: Office) -> None:
    page = hands(sign_in, "clerk", "vi", False).page
    fill_in(page)
    office.stop()
    send = page.locator("form#form .actions button.primary")
    send.click()
    expect(page.locator("p.server")).to_contain_text(HELD["vi"])
    page.fill("[name=what]", "Kẹt giấy ở khay số hai")
    expect(page.locator("p.server")).to_contain_text(GONE["vi"])
    office.start()
    expect(page.locator("p.server")).to_contain_text(BACK["vi"])
    assert written() == 0
    send.click()
    page.wait_for_url("**/taken/**")
    assert written() == 1


def test_a_draft_is_kept_as_soon_as_the_server_is_back(sign_in: SignIn, office: Office) -> None:
    page = hands(sign_in, "clerk", "vi", False).page
    page.goto(FORM)
    form = page.url
    office.stop()
    page.fill("[name=title]", TITLE)
    expect(page.locator("p.server")).to_contain_text(GONE["vi"])
    office.start()
    expect(page.locator("#draft time")).to_be_visible()
    page.context.close()  # the power goes here too

    again = sign_in("clerk")
    again.goto(form)
    assert again.input_value("[name=title]") == TITLE


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_doubled(sign_in: SignIn) -> None:
    page = hands(sign_in, "clerk", "vi", False).page

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        route.fetch(max_redirects=0)  # the server has taken it
        return route.abort()

    fill_in(page)
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
    page.locator("button[value=wrong]").click()
    page.wait_for_selector("section.errors ol")  # what to do about it; what was typed is still there
    assert written() == 0
    page.locator("button.primary[name=day_is_right]").click()
    page.wait_for_url("**/taken/**")
    assert written() == 1
    expect(page.locator("p.notice")).to_have_count(0)
    page.locator("header a.line").click()
    expect(page.locator("h1")).to_be_visible()
