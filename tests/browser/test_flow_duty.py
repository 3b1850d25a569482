"""The shift: lines, one that becomes a matter with a key, a quick report, hand-over and the daily bulletin on paper."""

from datetime import timedelta

from browser.conftest import SignIn
from browser.hands import WAYS, hands, looked_at
from duty.desk import now, opens, writes


@WAYS
def test_a_line_becomes_a_matter_with_one_key(sign_in: SignIn, lang: str, narrow: bool) -> None:
    clerk = hands(sign_in, "clerk", lang, narrow)
    clerk.page.locator("main").get_by_role("link", name=clerk.read("Sổ trực")).click()
    clerk.fill(sort="incident", text="Mất xe máy tại chợ Sắt", place="Chợ Sắt")
    clerk.page.press("main [name=text]", "Enter")
    clerk.sees("Mất xe máy tại chợ Sắt")
    clerk.page.locator("h1").click()  # away from the first field, where letters are typed
    clerk.page.keyboard.press("m")
    clerk.page.wait_for_url("**/matters/new/crime-report/**")
    assert clerk.page.input_value("[name=place]") == "Chợ Sắt"
    clerk.fill(source="information", severity="serious", group="other")
    clerk.press("Tiếp nhận")
    clerk.page.wait_for_url("**/taken/")
    number = clerk.page.locator("main .number").first.inner_text().split()[0]
    clerk.open("/duty/")
    clerk.sees(number)


@WAYS
def test_a_serious_case_is_reported_and_the_shift_handed_over(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    clerk = hands(sign_in, "clerk", lang, narrow)
    clerk.open("/duty/shift/")
    clerk.press("Mở ca")
    clerk.open("/duty/")
    clerk.fill(sort="incident:fire", text="Cháy kho ở ngõ 12")
    clerk.page.press("main [name=text]", "Enter")
    clerk.page.wait_for_url("**/duty/id/*/")
    clerk.fill(to="Trực ban thành phố")
    clerk.press("Đã báo")
    clerk.sees("Trực ban thành phố")
    clerk.open("/duty/shift/")
    clerk.sees("Cháy kho ở ngõ 12")
    clerk.page.fill("main form[action$='/sign/'] [name=note]", "Theo dõi hiện trường")
    clerk.press("Ký bàn giao")
    slip = clerk.page.locator("main a[href$='.pdf']").first.get_attribute("href") or ""
    text = looked_at(clerk.taken(slip), pages=None)
    assert "Cháy kho ở ngõ 12" in text
    assert "Theo dõi hiện trường" in text


@WAYS
def test_the_bulletin_is_one_page_and_each_figure_its_list(sign_in: SignIn, lang: str, narrow: bool) -> None:
    opens(at=now() - timedelta(hours=50), hours=24)
    for hours in (26, 27, 28, 32, 36, 44):
        writes(f"Đánh nhau tại bến xe, lần {hours}", at=now() - timedelta(hours=hours))
    chief = hands(sign_in, "chief", lang, narrow)
    chief.open("/duty/bulletin/")
    chief.follow("Ngày trước")
    figures = chief.page.locator("main a[href*='what=incidents']")
    counted = int(figures.first.inner_text())
    href = chief.page.locator("main a[href*='bulletin.pdf']").first.get_attribute("href") or ""
    text = looked_at(chief.taken(f"/duty/bulletin/{href}" if not href.startswith("/") else href))
    assert "Hồng Bàng".upper() in text.upper()
    figures.first.click()
    assert chief.page.locator("main tbody tr").count() == counted
