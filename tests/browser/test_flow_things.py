"""Equipment in the browser: a transfer with two signatures, and a stock-take from opening to closing."""

import re

import pypdfium2

from browser.conftest import SignIn
from browser.hands import WAYS, Hands, hands, looked_at, settled
from haicap.units.rights import tell_database
from means.counting import sheet
from means.store import again, records
from pages import person

LIST = "/means/things/"


def ticked(its: Hands, *codes: str) -> None:
    """The rows of these codes are ticked."""
    for code in codes:
        its.page.check(f"main input[name=thing][aria-label*='{code}']")


@WAYS
def test_a_transfer_has_two_signatures(sign_in: SignIn, lang: str, narrow: bool) -> None:
    one, other = records("computer", 2, serials=("SN001", "SN002"))
    chief = hands(sign_in, "chief", lang, narrow)
    chief.open(LIST)
    ticked(chief, one.code, other.code)
    chief.press("Bàn giao mục đã đánh dấu")
    chief.fill(to="31-PH10", paper="12/QĐ-CATP", reason="Điều hòa")
    chief.press("Ký bàn giao")
    chief.page.wait_for_url("**/transfers/*/")
    chief.sees(one.code, other.code, chief.read("Chờ bên nhận ký"))
    assert chief.page.get_by_role("button", name=chief.read("Ký nhận mục đã đánh dấu")).count() == 0
    head = hands(sign_in, "logistics_head", lang, narrow)
    head.open(LIST)
    head.page.locator("main .card").first.get_by_role("link").first.click()
    head.page.wait_for_url("**/transfers/*/")
    ticked(head, one.code)
    head.page.uncheck(f"main input[name=thing][aria-label*='{other.code}']")
    head.fill(place="Kho Phòng Hậu cần")
    head.press("Ký nhận mục đã đánh dấu")
    ticked(head, other.code)
    head.fill(reason="Vỡ màn hình")
    head.press("Không nhận mục đã đánh dấu")
    head.sees("Vỡ màn hình", "Cán bộ logistics_head")
    record = head.page.locator("main a[href$='record.pdf']").first.get_attribute("href") or ""
    text = looked_at(head.taken(record))
    for said in (one.code, other.code, "Cán bộ chief", "Cán bộ logistics_head", "12/QĐ-CATP", "không nhận"):
        assert said in text
    tell_database(person("director"))
    assert (again(one).holder, again(other).holder) == ("31-PH10", "11311")
    head.page.locator("main").get_by_role("link", name=one.code).click()
    head.sees("SN001", head.read("Bên nhận ký nhận"))


@WAYS
def test_a_stock_take_from_opening_to_closing(sign_in: SignIn, lang: str, narrow: bool) -> None:
    its = records("computer", 5, place="Kho")
    (chairs,) = records("chair", 40, place="Kho")
    tell_database(person("director"))
    labels = sheet(list(its[1:4]))
    clerk = hands(sign_in, "clerk", lang, narrow)
    clerk.open(LIST)
    clerk.follow("Kiểm kê")
    clerk.follow("Mở đợt kiểm kê")
    clerk.fill(place="Kho")
    clerk.press("Mở và bắt đầu đếm")
    clerk.page.wait_for_url("**/stocktakes/id/*/")
    taken = clerk.page.url
    clerk.fill(code=its[0].code)
    clerk.page.press("main [name=code]", "Enter")
    settled(clerk.page)
    clerk.page.set_input_files(
        "#id_photo_photos", [{"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": labels}]
    )
    clerk.press("Đọc nhãn trong ảnh")
    for thing in its[1:4]:
        clerk.sees(thing.code)  # among what was counted just now
    clerk.page.fill(f"main input[name='n-{chairs.id}']", "38")
    clerk.press("Ghi các mục đã đánh dấu")
    clerk.open(f"/means/things/c/{its[4].code}/")  # where a phone's camera leads
    clerk.page.fill("main [name=place]", "Phòng họp")
    clerk.press("Thấy ở đây")
    clerk.open(taken)
    clerk.fill(words="Quạt đứng")
    clerk.press("Ghi vật này")
    clerk.sees(clerk.read("Đã thấy đủ theo sổ"))
    chief = hands(sign_in, "chief", lang, narrow)
    chief.open(taken)
    chief.follow("Kết thúc và ký")
    figures = [int(it) for it in chief.page.locator("main .figure b").all_inner_texts()]
    assert figures == [5, 1, 0, 1]
    chief.press("Ký kiểm kê")
    chief.sees(chief.read("Đã ký"), "Cán bộ chief")
    record = chief.page.locator("main a[href$='record.pdf']").first.get_attribute("href") or ""
    text = looked_at(chief.taken(record), pages=None)
    assert re.search(r"Quạt đứng", text)
    tell_database(person("director"))
    assert (again(chairs).count, again(its[4]).put.place) == (38, "Phòng họp")
    sheets = chief.taken(f"{LIST}labels.pdf?place=Kho")
    assert len(pypdfium2.PdfDocument(sheets)) == 1
