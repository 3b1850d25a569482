"""The duty desk by keyboard alone: a matter within a minute, an emergency that stops the form, a draft that stays."""

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import SignIn
from matters.acting import raises


class Keys:
    """The person's ten fingers: counts what is pressed beside the words that are told."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def tell(self, text: str) -> None:
        self.page.keyboard.type(text)

    def choose(self, letters: str) -> None:
        """From the page of all kinds by some letters to the form, whose first field is ready."""
        self.press(*letters, "Enter")
        self.ready()

    def ready(self) -> None:
        """The form is there, and one can type."""
        self.page.wait_for_url("**/matters/new/*/?draft=*")
        expect(self.page.locator("[name=title]")).to_be_focused()


def test_a_difficulty_takes_seven_keys_beside_its_words(sign_in: SignIn) -> None:
    raises(
        "clerk", "difficulty", "Trụ sở xuống cấp, mái dột khi mưa", {"kind": "headquarters", "what": "Dột"}
    )
    page = sign_in("clerk")
    page.goto("/matters/new/")
    keys = Keys(page)
    keys.choose("kk")
    keys.tell("nha lam viec bi dot")
    expect(page.locator("#alike")).to_contain_text("mái dột khi mưa")
    keys.press("Enter")
    expect(page.locator("[name=kind]")).to_be_focused()
    keys.press("t", "Enter")
    expect(page.locator("[name=what]")).to_be_focused()
    keys.tell("Dột hai phòng từ sau bão")
    keys.press("Control+Enter")
    page.wait_for_url("**/taken/")
    assert keys.pressed <= 7
    expect(page.locator("main .number")).to_be_visible()
    expect(page.locator("main")).to_contain_text("PH10")

    keys.press("t")  # and the next one
    page.wait_for_url("**/matters/new/difficulty/?draft=*")


def test_a_crime_report_takes_eleven_keys_beside_its_words(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    page.wait_for_load_state()
    keys = Keys(page)
    keys.press("n")  # the commonest act of a desk: straight from Today
    keys.ready()
    keys.tell("Mất xe máy trước cổng chợ")
    keys.press("Enter", "Space", "Enter")
    expect(page.locator("[name=what]")).to_be_focused()
    keys.tell("Xe Wave xanh để trước quầy, quay ra không thấy")
    keys.press("Tab")
    keys.tell("Chợ Sắt")
    keys.press("Enter", "Enter")
    expect(page.locator("[name=severity]").first).to_be_focused()
    keys.press("Space", "Enter", "Space", "Control+Enter")
    page.wait_for_url("**/taken/")
    assert keys.pressed <= 11
    button = page.locator("form[action*='/paper/receipt-record.pdf'] button")
    expect(button).to_have_attribute("aria-keyshortcuts", "p")
    expect(page.locator("a[aria-keyshortcuts=t]")).to_be_focused()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_emergency_stops_the_form_until_it_was_called(sign_in: SignIn, lang: str) -> None:
    page = sign_in("clerk", lang=lang, narrow=lang == "en")
    page.goto("/matters/new/crime-report/")
    page.check("[name=emergency][value=fire]")
    expect(page.locator(".stop .call a")).to_have_text("114")
    page.fill("[name=title]", "Cháy nhà dân ngõ 12")
    page.check("[name=source][value=information]")
    page.fill("[name=what]", "Cháy tầng hai")
    page.fill("[name=place]", "Ngõ 12")
    page.check("[name=severity][value=serious]")
    page.check("[name=group][value=other]")
    page.press("[name=what]", "Control+Enter")
    expect(page.locator("[role=alert].errors")).to_be_visible()
    assert page.input_value("[name=what]") == "Cháy tầng hai"
    page.check("[name=emergency_done][value=called]")
    page.press("[name=what]", "Control+Enter")
    page.wait_for_url("**/taken/")
    page.goto(page.url.removesuffix("taken/"))
    expect(page.locator("main")).to_contain_text("114")


def test_a_draft_survives_with_its_persons(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    page.goto("/matters/new/crime-report/")
    address = page.url
    page.fill("[name=title]", "Mất xe máy")
    page.fill("[name='reporter.name']", "Trần Thị Bê")
    page.click(".speaks summary")
    with page.expect_response("**/matters/drafts/"):
        page.fill("[name='speaker.name']", "Lê Văn Cường")
    expect(page.locator("#draft time")).to_be_visible()
    page.context.close()  # the power goes: nothing of the page is left

    again = sign_in("clerk")
    again.goto(address)
    assert again.input_value("[name=title]") == "Mất xe máy"
    assert again.input_value("[name='reporter.name']") == "Trần Thị Bê"
    assert again.input_value("[name='speaker.name']") == "Lê Văn Cường"
    kept = again.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not any(name in kept for name in ("Bê", "Cường", "Mất xe"))


def test_who_gives_no_name_cannot_be_named(sign_in: SignIn) -> None:
    page = sign_in("clerk")
    page.goto("/matters/new/crime-report/")
    page.fill("[name='reporter.name']", "Trần Thị Bê")
    page.check("[name=anonymous]")
    expect(page.locator("[name='reporter.name']")).to_be_disabled()
    assert page.input_value("[name='reporter.name']") == ""
    page.uncheck("[name=anonymous]")
    expect(page.locator("[name='reporter.name']")).to_be_enabled()


def test_without_scripts_the_same_is_joined_and_found(sign_in: SignIn) -> None:
    known = raises(
        "clerk", "difficulty", "Đường truyền chập chờn", {"kind": "data-lines", "what": "Mất mạng"}
    )
    page = sign_in("clerk", scripts=False)
    page.goto("/matters/new/")
    page.fill("main [name=q]", "kk")
    page.press("main [name=q]", "Enter")
    page.wait_for_url("**/matters/new/difficulty/?draft=*")
    page.fill("[name=title]", "mang truyen so lieu chap chon")
    page.locator("[name=kind]").select_option("data-lines")
    page.fill("[name=what]", "Chiều nào cũng mất")
    page.click("[name=look]")
    page.check(f"[name=alike][value='same:{known.id}']")
    page.locator("main button.primary").click()
    page.wait_for_url("**/taken/")
    expect(page.locator("main")).to_contain_text(known.number)
