"""An assessment round from its opening to the report that writes itself, as the people in it play it."""

from datetime import timedelta

from browser.conftest import SignIn
from browser.hands import WAYS, hands, looked_at
from duty.desk import now

WARD, NEXT = "11311", "11329"


@WAYS
def test_a_round_is_opened_answered_late_ones_reminded_closed_and_reported(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    head = hands(sign_in, "logistics_head", lang, narrow)
    head.open("/means/rounds/")
    head.follow("Mở đợt đánh giá")
    due = (now() + timedelta(days=9)).date().isoformat()
    head.fill(name="Đánh giá trụ sở, trang bị quý IV", paper="112/CATP-PH10", due=due, whom="some")
    head.page.locator("main select[name=units]").select_option([WARD, NEXT])
    head.press("Mở đợt")
    head.page.wait_for_url("**/means/rounds/*-*/")
    address = head.page.url
    head.sees("Đánh giá trụ sở, trang bị quý IV")

    clerk = hands(sign_in, "clerk", lang, narrow)
    clerk.open("/clocks/?room=means")
    clerk.follow("Trả lời đợt đánh giá")
    clerk.page.wait_for_url("**/write/")
    clerk.fill(**{"said-computer": "7", "fit-computer": "6"})
    clerk.fill(**{"condition-premises": "Nhà phụ dột khi mưa lớn"})
    clerk.fill(**{"sort-0": "headquarters", "text-0": "Trụ sở dột hai phòng", "money-0": "850.000.000"})
    clerk.press("Gửi câu trả lời")
    assert (
        clerk.page.locator("main [name='text-0']").input_value() == "Trụ sở dột hai phòng"
    )  # a note is missing
    clerk.fill(**{"note-computer": "Nhận bàn giao chưa ghi sổ"})
    clerk.press("Gửi câu trả lời")
    clerk.page.wait_for_url("**/means/rounds/answers/*-*/")
    clerk.sees("Trụ sở dột hai phòng", "Nhà phụ dột khi mưa lớn", "Nhận bàn giao chưa ghi sổ")
    answered = clerk.page.url
    clerk.page.locator("main table a[href*='/matters/id/']").first.click()
    clerk.page.wait_for_url("**/matters/id/*/")
    clerk.sees("Trụ sở dột hai phòng")

    clerk.open(answered)
    clerk.follow("Sửa câu trả lời")
    clerk.fill(**{"fit-computer": "5", "reason": "Một máy vừa hỏng"})
    clerk.press("Gửi câu trả lời")
    clerk.page.wait_for_url("**/means/rounds/answers/*-*/")
    clerk.sees("Một máy vừa hỏng")

    head.open(f"{address}?state=waiting")
    head.press("Nhắc tất cả")
    neighbour = hands(sign_in, "neighbour", lang, narrow)
    neighbour.open("/means/rounds/")
    neighbour.page.locator("main td a.button").first.click()
    neighbour.page.wait_for_url("**/write/")
    neighbour.page.locator("main .toast.warning").first.wait_for()

    head.open(address)
    head.follow("Báo cáo")
    head.sees("850")
    head.page.locator("main svg.map a").first.wait_for(state="attached")
    found = looked_at(head.taken(f"{head.page.url}".replace("report/", "report.pdf")), pages=None)
    assert "Trụ sở" in found
    assert head.taken(f"{head.page.url}?format=xlsx")[:2] == b"PK"

    head.open(address)
    head.follow("Đóng đợt")
    head.page.check("main [name=sure]")
    head.fill(note="Khắc phục trước ngày 30")
    head.press("Ký đóng đợt")
    head.page.wait_for_url("**/report/")
    head.sees("Khắc phục trước ngày 30")
    clerk.open(answered)
    assert clerk.page.locator("main a[href$='/write/']").count() == 0
