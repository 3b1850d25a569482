"""The two stories of the foundation, played by several people in the browser, to the printed papers."""

from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from browser.conftest import SignIn
from browser.hands import pressed
from matters.acting import raises, steps


def raise_in_browser(page: Page, code: str, title: str, **answers: str) -> str:
    """Fill in the form of a new matter and send it; returns the matter's address."""
    page.goto(f"/matters/new/{code}/")
    page.fill("[name=title]", title)
    for name, value in answers.items():
        put(page, name.replace("__", "."), value)
    send(page)
    page.wait_for_url("**/taken/")
    return page.url.removesuffix("taken/")


def put(page: Page, name: str, value: str) -> None:
    field = page.locator(f"[name='{name}']").first
    if field.get_attribute("type") == "radio":
        page.check(f"[name='{name}'][value='{value}']")
    elif field.evaluate("it => it.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def send(page: Page) -> None:
    pressed(page.locator("main form[method=post] button.primary").last)


def step(page: Page, address: str, label: str, **answers: str) -> None:
    """Take a step from the matter's own page, by its button, outcome first."""
    page.goto(address)
    link = page.locator("main a, main button", has_text=label).first
    if not link.is_visible():
        page.locator("main details.menu summary").first.click()
    link.click()
    page.wait_for_load_state()
    for first in ("outcome", "ground"):
        if first in answers:
            page.check(f"[name={first}][value='{answers.pop(first)}']")
            page.wait_for_load_state("networkidle")
    for name, value in answers.items():
        put(page, name, value)
    send(page)
    expect(page.locator("main .errors, [role=alert].errors")).to_have_count(0)


def printed(page: Page, address: str) -> list[str]:
    """Each paper of the matter as its text, after rendering its first page to a picture that is not blank."""
    page.goto(address)
    forms = page.locator("form[action*='/paper/']")
    texts = []
    for href in dict.fromkeys(forms.evaluate_all("all => all.map(it => it.getAttribute('action'))")):
        token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        headers = {"Referer": page.url}
        answer = page.request.post(href, form={"csrfmiddlewaretoken": token}, headers=headers)
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf"), href
        document = pypdfium2.PdfDocument(answer.body())
        picture = document[0].render(scale=1, grayscale=True).to_numpy()
        assert picture.min() < 100 < 250 < picture.max()
        assert abs(document[0].get_width() - 595.3) < 1
        texts.append(document[0].get_textpage().get_text_range())
    return texts


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_difficulty_from_raising_to_still_there(sign_in: SignIn, lang: str) -> None:
    clerk = sign_in("clerk", lang=lang)
    address = raise_in_browser(
        clerk,
        "difficulty",
        "Trụ sở dột hai phòng",
        kind="headquarters",
        what="Dột từ sau bão",
        money="850000000",
    )
    officer = sign_in("logistics", lang=lang)
    label = {"vi": "Trả lời", "en": "Answer"}[lang]
    day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    step(
        officer, address, label, outcome="asked-authority", authority="UBND phường Hồng Bàng", paper="112/ĐN-PH10",
        answer_due=day,
    )  # fmt: skip
    expect(officer.locator("main")).to_contain_text("UBND phường Hồng Bàng")
    clerk.goto(address)
    clerk.locator("main a[href*='/clock/']").first.click()
    expect(clerk.locator("main")).to_contain_text({"vi": "theo văn bản", "en": "stated"}[lang])

    record = {"vi": "Ghi nhận trả lời của cơ quan", "en": "Record the authority"}[lang]
    step(officer, address, record, authority_said="Đồng ý cấp 850 triệu đồng")
    still = {"vi": "Báo vẫn còn vướng", "en": "Say that it is still there"}[lang]
    step(clerk, address, still, outcome="answer-again", remains="Chưa sửa, vẫn dột")
    expect(clerk.locator("main")).to_contain_text("Chưa sửa, vẫn dột")


def test_the_authority_s_lateness_is_not_the_unit_s(sign_in: SignIn) -> None:
    past = datetime.now(UTC) - timedelta(days=40)
    matter = raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"}, at=past)
    due = (past + timedelta(days=10)).date().isoformat()
    asked = {"authority": "UBND phường", "paper": "1/ĐN", "answer_due": due}
    steps("logistics", matter, "answer", at=past + timedelta(days=1), outcome="asked-authority", **asked)
    page = sign_in("logistics")
    page.goto("/matters/?late=third")
    expect(page.locator("main tbody tr")).to_have_count(1)
    page.goto("/matters/?overdue=1")
    expect(page.locator("main tbody tr")).to_have_count(0)


def test_a_crime_report_over_two_units_with_its_papers(sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    address = raise_in_browser(
        clerk, "crime-report", "Mất xe máy tại chợ Sắt", source="information", what="Xe để trước cửa hàng, bị lấy mất",
        place="Chợ Sắt", severity="very-serious", group="drugs", reporter__name="Nguyễn Văn A",
        reporter__phone="0912345678",
    )  # fmt: skip
    expect(clerk.locator("main")).not_to_contain_text("Nguyễn Văn A")
    step(clerk, address, "Lập biên bản tiếp nhận")
    chief = sign_in("chief")
    step(chief, address, "Chuyển Cơ quan điều tra")
    head = sign_in("drugs_head")
    step(head, address, "Nhận nguồn tin")
    step(head, address, "Kéo dài thời hạn giải quyết", ground="complex", extension_paper="05/QĐ-PC04")
    step(head, address, "Ra quyết định giải quyết", outcome="case-opened", decision="12/QĐ-PC04")
    expect(head.locator("main")).to_contain_text("Đã có kết quả")

    head.goto(address)
    clocks = head.eval_on_selector_all(
        "main a[href*='/clock/']",
        "all => all.map(it => it.getAttribute('href')).filter(it => !it.endsWith('.pdf'))",
    )
    assert len(set(clocks)) >= 6
    for href in dict.fromkeys(clocks):
        head.goto(href)
        expect(head.locator("h1")).to_be_visible()
        expect(head.locator("main")).to_contain_text("BLTTHS") if "TTLT" not in head.content() else None
    texts = printed(head, address)
    assert len(texts) >= 5
    assert all("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text for text in texts)

    head.goto(address)
    head.locator("details:has(form[action*='/open/']) summary").last.click()
    head.locator("form[action*='/open/'] input[name=purpose]").first.fill("Mời người báo tin làm việc")
    pressed(head.locator("form[action*='/open/'] button").first)
    expect(head.locator("main")).to_contain_text("Nguyễn Văn A")


def test_a_form_sent_twice_makes_one_matter(sign_in: SignIn) -> None:
    page = sign_in("clerk", scripts=False)
    page.goto("/matters/new/difficulty/")
    page.fill("[name=title]", "Đường truyền chập chờn")
    put(page, "kind", "data-lines")
    page.fill("[name=what]", "Mất mạng mỗi chiều")
    send(page)
    page.wait_for_url("**/taken/")
    first = page.url.removesuffix("taken/")
    page.go_back()  # the form's address holds the entry's id: what was sent is shown, not asked for again
    assert page.url == first
    page.goto("/matters/?q=chap+chon")
    expect(page.locator("main tbody tr")).to_have_count(1)


def test_what_lacks_is_said_and_what_was_typed_stays(sign_in: SignIn) -> None:
    page = sign_in("clerk", scripts=False)
    page.goto("/matters/new/difficulty/")
    page.fill("[name=what]", "Dột hai phòng")
    page.locator("main form[method=post]").last.evaluate("it => it.noValidate = true")
    send(page)
    expect(page.locator("[role=alert]")).to_be_visible()
    assert page.input_value("[name=what]") == "Dột hai phòng"


def test_a_neighbour_finds_nothing(sign_in: SignIn) -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"})
    page = sign_in("neighbour")
    assert page.goto(f"/matters/{matter.number}/").status == 404  # type: ignore[union-attr]
    assert page.goto(f"/matters/id/{matter.id}/step/confirm-removed/").status == 404  # type: ignore[union-attr]
    page.goto("/matters/?q=dot")
    expect(page.locator("main tbody tr")).to_have_count(0)
