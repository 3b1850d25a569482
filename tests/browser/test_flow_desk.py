"""A desk's day: queues kept, an act on many with a look before, what is new; papers and files; search."""

import io
from datetime import timedelta

from docx import Document
from playwright.sync_api import expect

from browser.conftest import SignIn
from browser.hands import WAYS, hands, papers, photo, pressed
from duty.desk import now
from haicap.matters.lookup import code_of
from haicap.units.rights import tell_database
from matters.acting import raises, steps, who

CRIME = {
    "source": "information", "what": "Xe để trước cửa hàng", "place": "Chợ Sắt", "severity": "serious",
    "group": "drugs", "reporter.name": "Nguyễn Văn A", "reporter.phone": "0912345678",
    "reporter.id_number": "031085004321",
}  # fmt: skip
ROOF = {"kind": "headquarters", "what": "Dột hai phòng"}


@WAYS
def test_a_filter_is_kept_and_an_act_on_many_looked_at_done_and_brought_back(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    for title in ("Trụ sở dột", "Nhà xe dột"):
        raises("clerk", "difficulty", title, ROOF)
    chief = hands(sign_in, "logistics_head", lang, narrow)
    chief.open("/matters/?procedure=difficulty&open=1")
    chief.page.click("details.keep summary")
    chief.page.fill("details.keep [name=name]", "Dột")
    chief.press("Lưu")
    expect(chief.page.locator(".queues [aria-current=page]")).to_contain_text("Dột")
    chief.page.select_option("[name=scope]", "page")
    chief.press("Chọn việc cần làm")
    chief.page.check("[name=act][value=assign]")
    chief.page.locator("[name=assignee] option", has_text="Cán bộ logistics").first.wait_for(state="attached")
    value = (
        chief.page.locator("[name=assignee] option", has_text="logistics").first.get_attribute("value") or ""
    )
    chief.page.select_option("[name=assignee]", value)
    chief.press("Xem trước")
    expect(chief.page.locator("#preview tbody tr")).to_have_count(2)
    pressed(chief.page.locator("form.confirm button.primary"))
    chief.page.wait_for_load_state()
    chief.press("Hoàn lại như trước")
    expect(chief.page.locator("#preview tbody tr")).to_have_count(2)
    pressed(chief.page.locator("form.confirm button.primary"))
    chief.page.wait_for_load_state()
    officer = hands(sign_in, "logistics", lang, narrow)
    officer.open("/notices/")
    officer.sees("Trụ sở dột", "Nhà xe dột")
    officer.press("Đã xem hết")
    officer.open("/notices/")
    expect(officer.page.locator("main .news")).to_have_count(0)


@WAYS
def test_every_paper_of_a_matter_is_printed_and_can_be_edited(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    crime = raises("clerk", "crime-report", "Mất xe máy", CRIME, at=now() - timedelta(hours=2))
    tell_database(who("clerk"))
    code = code_of(crime.id)
    clerk = hands(sign_in, "clerk", lang, narrow)
    clerk.open(f"/matters/id/{crime.id}/")
    texts = papers(clerk)
    assert any(code in "".join(filter(str.isalnum, text)) for text in texts)  # it is printed in groups
    assert all("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text for text in texts)
    assert any("Nguyễn Văn A" in text for text in texts)
    with clerk.page.expect_download() as waiting:
        clerk.page.locator("form[action*='/paper/'] button[value=docx]").first.click()
    assert waiting.value.suggested_filename.endswith(".docx")
    words = Document(str(waiting.value.path()))
    said = [cell.text for table in words.tables for row in table.rows for cell in row.cells]
    assert any("CỘNG HÒA" in text for text in said)


@WAYS
def test_the_answer_to_a_difficulty_is_printed(sign_in: SignIn, lang: str, narrow: bool) -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", ROOF, at=now() - timedelta(days=2))
    steps(
        "logistics",
        matter,
        "answer",
        at=now() - timedelta(days=1),
        outcome="guidance",
        guidance="Lập dự toán, gửi PH10",
    )
    officer = hands(sign_in, "logistics", lang, narrow)
    officer.open(f"/matters/id/{matter.id}/")
    texts = papers(officer)
    assert any("Lập dự toán, gửi PH10" in " ".join(text.split()) for text in texts)


@WAYS
def test_a_photo_is_seen_and_a_sealed_one_opened_for_a_purpose(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    crime = raises("clerk", "crime-report", "Mất xe máy", CRIME, at=now() - timedelta(hours=2))
    clerk = hands(sign_in, "clerk", lang, narrow)
    clerk.open(f"/matters/id/{crime.id}/")
    file = {"name": "cong-cho.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    clerk.page.set_input_files("#files-input", [file])
    clerk.page.uncheck("#files-personal")
    clerk.press("Đính kèm")
    picture = clerk.page.locator("#files img")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("it => it.decode().then(() => it.naturalWidth)") > 50
    clerk.page.locator("#files > details > summary").last.click()
    clerk.page.set_input_files("#files-input", [file | {"name": "nguoi-bao.jpg"}])
    clerk.page.check("#files-personal")
    clerk.press("Đính kèm")
    expect(clerk.page.locator("#files img")).to_have_count(1)
    clerk.page.locator("#files li details summary").first.click()
    clerk.page.locator("#files [name=purpose]").first.fill("Đối chiếu lời khai")
    sealed = clerk.page.locator("#files form:has([name=purpose])").first
    href, entry = sealed.get_attribute("action") or "", sealed.locator("[name=entry_id]").input_value()
    opened = clerk.taken(href, purpose="Đối chiếu lời khai", entry_id=entry)
    assert io.BytesIO(opened).read(3) == b"\xff\xd8\xff"
    clerk.open(f"/matters/id/{crime.id}/")
    clerk.sees("Đối chiếu lời khai")


@WAYS
def test_search_finds_without_diacritics_by_number_and_by_a_person_s_number(
    sign_in: SignIn, lang: str, narrow: bool
) -> None:
    crime = raises("clerk", "crime-report", "Mất xe máy tại chợ Sắt", CRIME, at=now() - timedelta(hours=2))
    clerk = hands(sign_in, "clerk", lang, narrow)
    clerk.open("/search/")
    clerk.page.locator("#words").press_sequentially("mat xe cho sat")
    expect(clerk.page.locator("#found mark").first).to_be_visible()
    clerk.sees(crime.number)
    clerk.page.fill("#words", crime.number.replace("-", " ").lower())
    clerk.page.press("#words", "Enter")
    expect(clerk.page.locator("#found")).to_contain_text(crime.number)
    clerk.open("/search/?identity=1")
    clerk.fill(number="031 085 004 321", purpose="Người dân hỏi kết quả")
    clerk.press("Tìm và ghi lại")
    clerk.sees(crime.number)
    assert "031085004321" not in clerk.page.url
    clerk.open(f"/matters/id/{crime.id}/")
    clerk.sees("Người dân hỏi kết quả")
