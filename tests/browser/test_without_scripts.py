"""With scripts off: what the desk does all day, and what people look up, by forms and links alone."""

from datetime import timedelta

from playwright.sync_api import expect

from browser.conftest import SignIn
from browser.hands import Hands, hands
from duty.desk import now
from haicap.matters.lookup import code_of
from haicap.units.rights import tell_database
from matters.acting import raises, who
from matters.sheets_at_hand import workbook
from matters.test_sheets import UGLY

CRIME = {
    "source": "information", "what": "Xe để trước cửa hàng", "place": "Chợ Sắt", "severity": "serious",
    "group": "drugs",
}  # fmt: skip
ROOF = {"kind": "headquarters", "what": "Dột hai phòng"}


def without(sign_in: SignIn, account: str = "clerk") -> Hands:
    return hands(sign_in, account, "vi", narrow=False, scripts=False)


def test_a_line_of_the_log_becomes_a_matter(sign_in: SignIn) -> None:
    clerk = without(sign_in)
    clerk.open("/duty/")
    clerk.fill(sort="incident", text="Mất xe máy tại chợ Sắt", place="Chợ Sắt")
    clerk.press("Ghi")
    clerk.sees("Mất xe máy tại chợ Sắt")
    clerk.press("Thành việc")
    clerk.fill(source="information", severity="serious", group="other")
    clerk.press("Tiếp nhận")
    clerk.page.wait_for_url("**/taken/")


def test_a_step_is_taken_and_found_by_search(sign_in: SignIn) -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", ROOF)
    officer = without(sign_in, "logistics")
    officer.open(f"/matters/id/{matter.id}/step/answer/?outcome=guidance")
    officer.fill(guidance="Lập dự toán, gửi PH10")
    officer.page.locator("main form[method=post] button.primary").last.click()
    officer.open("/search/")
    officer.page.fill("main [name=q]", "tru so dot")
    officer.press("Tìm")
    officer.sees(matter.number)


def test_many_get_a_remark_with_a_look_before(sign_in: SignIn) -> None:
    for title in ("Trụ sở dột", "Nhà xe dột"):
        raises("clerk", "difficulty", title, ROOF)
    officer = without(sign_in, "logistics")
    officer.open("/matters/?procedure=difficulty&open=1")
    officer.page.select_option("[name=scope]", "page")
    officer.press("Chọn việc cần làm")
    officer.page.check("[name=act][value=comment]")
    officer.page.fill("main [name=text]", "Đã xếp lịch khảo sát")
    officer.press("Xem trước")
    expect(officer.page.locator("#preview tbody tr")).to_have_count(2)
    officer.page.locator("form.confirm button.primary").click()
    officer.page.wait_for_load_state()
    expect(officer.page.locator("main tbody tr")).to_have_count(2)


def test_a_sheet_is_taken_in(sign_in: SignIn) -> None:
    clerk = without(sign_in)
    clerk.open("/matters/import/new/")
    clerk.fill(procedure="difficulty")
    file = {"name": "ban-giao.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(UGLY)}
    clerk.page.set_input_files("main [type=file]", [file])
    clerk.press("Xem bảng")
    clerk.press("Kiểm tra")
    clerk.page.locator("main form.actions button").first.click()
    clerk.open("/matters/?procedure=difficulty")
    expect(clerk.page.locator("main tbody tr")).to_have_count(3)


def test_people_look_up_their_matter(sign_in: SignIn) -> None:
    crime = raises("clerk", "crime-report", "Mất xe máy", CRIME, at=now() - timedelta(hours=2))
    tell_database(who("clerk"))
    code = code_of(crime.id)
    its = without(sign_in)
    its.page.context.clear_cookies(name="sessionid")
    its.open(f"/tra-cuu/?number={crime.number}")
    its.fill(code=code)
    its.press("Tra cứu")
    its.sees(crime.number, "Hẹn")
