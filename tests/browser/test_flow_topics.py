"""What goes over many units: guidance, directives and visits, authorities, sheets; and the pages for people."""

from datetime import timedelta

from playwright.sync_api import expect

from browser.conftest import SignIn
from browser.hands import WAYS, hands, looked_at, pressed
from duty.desk import now
from haicap.matters.lookup import code_of
from haicap.units.rights import tell_database
from matters.acting import raises, steps, who
from matters.sheets_at_hand import workbook
from matters.test_sheets import UGLY

PRINTER = {"kind": "equipment", "what": "Máy in không lên nguồn"}
ROOF = {"kind": "headquarters", "what": "Dột hai phòng"}
CRIME = {
    "source": "information",
    "what": "Mất xe đỏ",
    "place": "Chợ Sắt",
    "severity": "serious",
    "group": "drugs",
}


@WAYS
def test_an_answer_is_published_found_at_the_form_and_asked_again_counted(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    source = raises(
        "clerk", "difficulty", "Máy in hỏng thì báo cho đơn vị nào", PRINTER, at=now() - timedelta(days=2)
    )
    steps(
        "logistics",
        source,
        "answer",
        at=now() - timedelta(days=1),
        outcome="guidance",
        guidance="Gửi Phòng Hậu cần",
    )
    head = hands(sign_in, "logistics_head", lang, narrow)
    head.open(f"/matters/id/{source.id}/")
    head.follow("Công bố cho mọi xã")
    head.fill(question="Máy in hỏng thì báo cho đơn vị nào?", answer="Lập phiếu, gửi Phòng Hậu cần.")
    if not head.page.is_checked("main [name=topics][value=equipment]"):
        head.fill(topics="equipment")
    pressed(head.page.locator("main form button.primary"))
    head.page.wait_for_url("**/guidance/*/")
    head.sees("Lập phiếu, gửi Phòng Hậu cần.")
    address = head.page.url

    neighbour = hands(sign_in, "neighbour", lang, narrow)
    neighbour.open("/matters/new/difficulty/")
    neighbour.page.locator("[name=title]").press_sequentially("may in hong bao don vi nao")
    expect(neighbour.page.locator("#alike")).to_contain_text("Máy in hỏng thì báo cho đơn vị nào?")
    neighbour.fill(kind="equipment", what="Máy in kẹt giấy")
    neighbour.press("Tiếp nhận")
    neighbour.page.wait_for_url("**/taken/")
    neighbour.open(neighbour.page.url.removesuffix("taken/"))
    neighbour.press("Đã đọc, vẫn cần hỏi")
    head.open(address)
    assert head.page.locator("main aside a, main a", has_text="1 ").count() > 0
    head.open("/guidance/")
    head.page.locator("#again tbody tr").first.wait_for()


@WAYS
def test_one_form_gives_tasks_to_units_which_report_and_are_verified(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    staff = hands(sign_in, "staff_head", lang, narrow)
    day, due = now().date(), (now() + timedelta(days=20)).date().isoformat()
    staff.open("/matters/directives/")
    staff.follow("Ban hành, giao nhiệm vụ")
    staff.fill(number="12/KH-PV01", title="Kiểm tra nhà trọ", issued=day.isoformat(), signer="Trưởng phòng")
    rows = staff.page.locator("main .clause")
    for place, text in ((0, "Rà soát nhà trọ"), (1, "Lập danh sách")):
        row = rows.nth(place)
        row.locator("textarea, input[name^=text]").first.fill(text)
        row.locator("[type=date]").fill(due)
        code = row.locator("input[name^=code]")
        if code.count() and not code.first.input_value():
            code.first.fill(str(place + 1))
    staff.fill(to="some")
    staff.page.locator("details.units").evaluate("it => it.open = true")
    staff.page.locator("main [name=list]").fill("11311\n11329")
    staff.press("Xem trước")
    staff.page.locator("#foresee").get_by_text("4").first.wait_for()
    staff.press("Ban hành và giao")
    staff.page.wait_for_url("**/matters/directives/*/")
    directive = staff.page.url
    paper = staff.page.locator("main a[href$='paper.pdf']").first.get_attribute("href") or ""
    assert "Rà soát nhà trọ" in looked_at(staff.taken(paper), pages=None)

    chief = hands(sign_in, "chief", lang, narrow)
    chief.open("/matters/?procedure=directive")
    chief.page.locator("main tbody a.open").first.click()
    task = chief.page.url
    chief.open(f"{task}step/report/")
    chief.fill(done="Đã rà soát 12 nhà trọ")
    pressed(chief.page.locator("main form[method=post] button.primary").last)
    chief.page.wait_for_load_state()
    staff.open(f"{task}step/verify/")
    pressed(staff.page.locator("main form[method=post] button.primary").last)
    staff.page.wait_for_load_state()
    staff.open(directive)
    done = staff.page.locator(".figure.well b").first.inner_text()
    assert done == "1"


@WAYS
def test_the_authority_s_lateness_stands_on_its_page_until_it_answers(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    past = now() - timedelta(days=40)
    matter = raises("clerk", "difficulty", "Trụ sở dột", ROOF, at=past)
    due = (past + timedelta(days=10)).date().isoformat()
    asked = {"authority": "UBND phường Hồng Bàng", "paper": "1/ĐN", "sum": "850000000", "answer_due": due}
    steps("logistics", matter, "answer", at=past + timedelta(days=1), outcome="asked-authority", **asked)
    officer = hands(sign_in, "logistics", lang, narrow)
    officer.open("/authorities/")
    officer.page.locator("main tbody a.open").first.click()
    officer.sees("850", officer.read("Chậm trả lời"))
    paper = officer.page.locator("main a[href*='paper.pdf']").first.get_attribute("href") or ""
    assert "Trụ sở dột" in looked_at(officer.taken(paper), pages=None)
    page = officer.page.url
    officer.open(f"/matters/id/{matter.id}/step/authority-answered/")
    officer.fill(authority_said="Đồng ý một nửa", sum_granted="400000000")
    pressed(officer.page.locator("main form[method=post] button.primary").last)
    officer.page.wait_for_load_state()
    officer.open(page)
    officer.sees("400")


@WAYS
def test_an_ugly_sheet_is_taken_in_once_and_taken_back(sign_in: SignIn, lang: str, narrow: bool) -> None:
    file = {"name": "ban-giao.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(UGLY)}
    clerk = hands(sign_in, "clerk", lang, narrow)
    for time in range(2):
        clerk.open("/matters/import/new/")
        clerk.fill(procedure="difficulty")
        clerk.page.set_input_files("main [type=file]", [file])
        clerk.press("Xem bảng")
        clerk.page.wait_for_url("**/matters/import/new/*/")
        clerk.fill(giver="Công an quận Hồng Bàng")
        clerk.press("Kiểm tra")
        clerk.page.wait_for_url("**/check/")
        clerk.sees("THIEU MAY TINH", "C10")
        assert clerk.page.locator("main form button.primary").count() == (0 if time else 1)
        clerk.page.locator("main form.actions button").first.click()
        clerk.page.wait_for_url("**/matters/import/*-*/")
        if not time:
            batch = clerk.page.url
    clerk.open("/matters/?procedure=difficulty")
    expect(clerk.page.locator("main tbody tr")).to_have_count(3)
    clerk.open(batch)
    receipt = clerk.page.locator("main a[href$='receipt.pdf']").first.get_attribute("href") or ""
    assert "Công an quận Hồng Bàng" in " ".join(looked_at(clerk.taken(receipt), pages=None).split())
    clerk.page.locator("main details:has(form[action$='/undo/']) summary").click()
    clerk.press("Rút lại")
    clerk.open("/matters/?procedure=difficulty")
    expect(clerk.page.locator("main tbody tr")).to_have_count(0)


@WAYS
def test_people_look_up_their_matter_see_who_keeps_time_and_say_what_is_wrong(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    crime = raises("clerk", "crime-report", "Mất xe máy", CRIME, at=now() - timedelta(hours=2))
    tell_database(who("clerk"))
    code = code_of(crime.id)
    its = hands(sign_in, "clerk", lang, narrow)
    its.page.context.clear_cookies(name="sessionid")
    its.open("/cong-dan/")
    its.follow("Tra cứu hồ sơ")
    its.fill(number=crime.number.lower(), code=code.lower())
    its.press("Tra cứu")
    its.sees(crime.number, its.read("Hẹn"))
    expect(its.page.locator("main")).not_to_contain_text("xe đỏ")
    its.page.locator("main details summary").first.click()
    its.open("/dung-hen/?q=hong bang")
    its.page.locator("main tbody a.open").first.click()
    its.page.wait_for_url("**/dung-hen/*/")
    its.page.locator("main p a[href*='/gop-y/']").click()
    its.page.wait_for_url("**/gop-y/?unit=*")
    its.page.select_option("main [name=sector]", index=1)
    its.fill(what="Chờ lâu ở bàn tiếp dân")
    pressed(its.page.locator("main form button.primary"))
    its.sees(its.read("Mã tra cứu"))
