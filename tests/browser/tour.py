"""The pictures of docs/tour.md, from a served demo: `python tests/browser/tour.py [ADDRESS] [FOLDER] [NAMES]`.

ADDRESS is http://localhost:8000 and FOLDER docs/tour unless given; NAMES (a comma between) takes only these. A stop
says who signs in and what they do from page to page, by the words on the screen. Into the demo it writes that papers
were printed, drafts, and a choice of matters that nothing is done to. A page that does not answer 200 ends it.
"""

import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import environ
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, StorageState, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]
WIDE, NARROW = 1366, 390
TALL = 820
COLOURS = 64  # of a picture's palette
SIGNED_IN: dict[str | None, StorageState] = {}
SHEET = "docs/examples/danh-sach-ban-giao.xlsx"
DIFFICULTIES = "/matters/?procedure=difficulty"

Act = Callable[[Page], None]
Step = str | Act
"""An address to open (`/…`), words of a link or button of the page to follow, or something to do."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One picture: its file's name, whose it is (None: nobody signs in), the steps there, and how it is taken.

    With `paper` the last step is not followed: what it would print is drawn instead.
    """

    name: str
    account: str | None
    steps: Sequence[Step]
    lang: str = "vi"
    width: int = WIDE
    tall: int = TALL
    paper: bool = False


def row(number: int = 1) -> Act:
    """Open a row of the list."""

    def act(page: Page) -> None:
        link = page.locator(f"main tbody tr:nth-child({number}) a").first
        page.goto(link.get_attribute("href") or "")

    return act


def told(**answers: str) -> Act:
    """Fill in the form that is open: text is typed, of choices one is taken. `__` stands for a dot."""

    def act(page: Page) -> None:
        for name, value in answers.items():
            field = page.locator(f"main [name='{name.replace('__', '.')}']").first
            if field.get_attribute("type") in ("radio", "checkbox"):
                page.check(f"main [name='{name}'][value='{value}']")
            elif field.evaluate("it => it.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") == "date":
                field.fill(value)
            else:
                field.press_sequentially(value)
        page.wait_for_timeout(900)  # what is offered while one types comes a moment later

    return act


def opened(selector: str) -> Act:
    """Unfold something."""
    return lambda page: page.locator(selector).first.click()


def clock(page: Page) -> None:
    """Open how a time limit of the matter was reckoned."""
    page.goto(page.locator("main a[href*='/clock/']:not([href$='.pdf'])").first.get_attribute("href") or "")


def line(page: Page) -> None:
    """Open the first line of the duty log's list."""
    page.goto(page.locator("main tbody a[href*='/duty/id/']").first.get_attribute("href") or "")


def ticked(rows: int) -> Act:
    """Tick the first rows of a list."""

    def act(page: Page) -> None:
        for place in range(rows):
            page.locator("main tbody input[type=checkbox]").nth(place).check()

    return act


def handed_in(page: Page) -> None:
    """Hand in the list of a district."""
    page.locator("main select[name=procedure]").select_option("difficulty")
    page.set_input_files("main input[type=file]", SHEET)
    page.locator("main form button.primary").first.click()
    page.wait_for_url("**/matters/import/new/*/")


def top(page: Page) -> None:
    """Scroll up again."""
    page.evaluate("scrollTo(0, 0)")


def named(page: Page, words: str) -> Locator:
    """What says this: a link or button that says nothing else before a link, a link before a button."""
    links, buttons = page.locator("main a, header a"), page.locator("main button")
    exact = re.compile(rf"^\s*{re.escape(words)}\s*$")
    found = (links.filter(has_text=exact), buttons.filter(has_text=exact), links.filter(has_text=words))
    return next((its for its in found if its.count()), buttons.filter(has_text=words)).first


def walk(page: Page, steps: Iterable[Step]) -> None:
    """Do the steps; a page that does not answer 200 or 422 (a form that stays) raises `AssertionError`."""
    for step in steps:
        if callable(step):
            step(page)
        elif step.startswith("/"):
            answer = page.goto(step)
            assert answer is not None
            assert answer.status == 200, f"{answer.status} {page.url}"
        else:
            link = named(page, step)
            link.evaluate("it => it.removeAttribute('target')")
            link.click()
            page.wait_for_load_state()


def printed(page: Page, words: str) -> bytes:
    """The PDF behind a link or button."""
    its = named(page, words)
    href = its.get_attribute("href")
    if href:
        return page.request.get(href).body()
    form = its.locator("xpath=ancestor::form")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    address = its.get_attribute("formaction") or form.get_attribute("action") or ""
    answer = page.request.post(address, form={"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
    assert answer.headers["content-type"] == "application/pdf", address
    return answer.body()


def drawn(pdf: bytes) -> Image.Image:
    """The first page of a paper."""
    return pypdfium2.PdfDocument(pdf)[0].render(scale=1.3, grayscale=True).to_pil()


def shown(page: Page, tall: int) -> Image.Image:
    """What the window shows."""
    size = page.viewport_size or {"width": WIDE}
    page.set_viewport_size({"width": size["width"], "height": tall})
    page.wait_for_timeout(400)  # counts come when the page stands
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def keep(picture: Image.Image, file: Path) -> None:
    """Save it small."""
    small = (
        picture.quantize(16) if picture.mode == "L" else picture.quantize(COLOURS, dither=Image.Dither.NONE)
    )
    small.save(file, optimize=True)


def signed_in(browser: Browser, address: str, stop: Stop) -> Page:
    """A window of whoever it is; the demo's own button signs in, once for each: no password is written here."""
    size = {"width": stop.width, "height": TALL}
    context = browser.new_context(
        base_url=address, viewport=size, timezone_id="Asia/Ho_Chi_Minh", locale="vi-VN",
        storage_state=SIGNED_IN.get(stop.account),
    )  # fmt: skip
    context.add_cookies([{"name": "django_language", "value": stop.lang, "url": address}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    if stop.account and stop.account not in SIGNED_IN:
        page.goto("/account/login/")
        page.locator(f"form:has(input[name=login][value='{stop.account}']) button").click()
        page.wait_for_url(f"{address}/")
        SIGNED_IN[stop.account] = context.storage_state()
    return page


def look_up(page: Page) -> None:
    """Look a matter up with what its receipt says; the receipt is printed by the desk first."""
    browser, address = page.context.browser, page.url.partition("/tra-cuu")[0]
    assert browser is not None
    desk = signed_in(browser, address, Stop("", "clerk.hongbang", ()))
    walk(desk, ("/matters/?procedure=residence-permanent&open=1", row()))
    text = pypdfium2.PdfDocument(printed(desk, "Phiếu tiếp nhận hồ sơ"))[0].get_textpage().get_text_range()
    desk.context.close()
    number = re.search(r"\d{5}-\d\d-[A-Z0-9]+-\w", text)
    code = re.search(r"[Mm]ã tra cứu:?\s*([0-9A-Z -]{8,10})", text)
    assert number is not None, text
    assert code is not None, text
    page.fill("main [name=number]", number[0])
    page.fill("main [name=code]", code[1].strip())
    page.locator("main form[method=post] button").last.click()
    page.wait_for_load_state()


CLERK, CHIEF, DIRECTOR, OPERATOR = (
    "clerk.hongbang",
    "chief.hongbang",
    "director.haiphong",
    "operator.haiphong",
)
SUPPLY, CRIME = "officer.ph10", "head.pc02"
CASE = ("/matters/?procedure=crime-report&open=1&sort=-received", row(3))
ROOF = {"title": "tru so bi dot", "kind": "headquarters"}
FIRE = {"title": "Cháy nhà dân trong ngõ 12", "emergency": "fire"}
WARD_COMMITTEE = "/authorities/uy-ban-nhan-dan-phuong-hong-bang/"
REMARK = "Đã đôn đốc cán bộ phụ trách, báo cáo trước thứ Sáu."
NEXT_WEEK = (datetime.now(UTC) + timedelta(days=8)).date().isoformat()
REVIEW = "Rà soát trụ sở, trang thiết bị, đường truyền và chế độ trực"

STOPS = [
    Stop("sign-in", None, ["/account/login/"]),
    # the first story: premises, equipment and lines
    Stop("difficulty-offered", CLERK, ["/matters/new/difficulty/", told(**ROOF)]),
    Stop("today-supply", SUPPLY, ["/"]),
    Stop("difficulties-late", SUPPLY, [f"{DIFFICULTIES}&late=third"]),
    Stop("difficulty", SUPPLY, [f"{DIFFICULTIES}&late=third", row()], tall=1100),
    Stop("derivation", SUPPLY, [f"{DIFFICULTIES}&late=third", row(), clock], tall=1000),
    Stop("authorities", DIRECTOR, ["/authorities/"]),
    Stop("authority", DIRECTOR, [WARD_COMMITTEE], tall=1000),
    Stop(
        "authority-paper",
        DIRECTOR,
        [WARD_COMMITTEE, "In cho buổi làm việc"],
        paper=True,
    ),
    Stop("outage", CLERK, ["/duty/?sort=line-down", line], tall=900),
    Stop("conference", DIRECTOR, ["/board/"], tall=1100),
    Stop("board", DIRECTOR, ["/board/matters/"], tall=1150),
    Stop("board-en", DIRECTOR, ["/board/matters/"], lang="en", tall=1150),
    Stop("preview", DIRECTOR, ["/board/preview/", told(day=NEXT_WEEK), "Nếu là ngày nghỉ"]),
    # the second: questions and answers
    Stop(
        "answer",
        SUPPLY,
        [f"{DIFFICULTIES}&mine=1&clock=answer", row(2), "Trả lời", told(outcome="asked-authority")],
        tall=1000,
    ),
    Stop("guidances", DIRECTOR, ["/guidance/"], tall=1150),
    Stop(
        "guidance",
        SUPPLY,
        ["/guidance/", "Máy tính, máy in, xe máy hỏng", opened("main details summary")],
        tall=1000,
    ),
    Stop(
        "guidance-offered",
        CLERK,
        ["/matters/new/difficulty/", told(title="may tinh hong thi bao dau", kind="equipment")],
    ),
    Stop("competence", DIRECTOR, ["/matters/procedures/crime-report/", "Bảng thẩm quyền"], tall=1000),
    Stop("procedure", DIRECTOR, ["/matters/procedures/crime-report/"], tall=1000),
    # the third: what is ordered, and what becomes of it
    Stop("directive-new", DIRECTOR, ["/matters/directives/new/"], tall=1000),
    Stop("directive", DIRECTOR, ["/matters/directives/", REVIEW], tall=1000),
    Stop("task", CHIEF, ["/matters/?procedure=directive&mine=1&overdue=1", row()], tall=1000),
    Stop("unit", CHIEF, ["/units/11311/"], tall=1000),
    # the fourth: a commune's day, and a visit from above
    Stop("today-clerk", CLERK, ["/"], tall=900),
    Stop("duty", CLERK, ["/duty/"], tall=1000),
    Stop("duty-line", CLERK, ["/duty/?quick=late", line], tall=1000),
    Stop("emergency", CLERK, ["/matters/new/crime-report/", told(**FIRE)], tall=1000),
    Stop("crime-report", CRIME, [*CASE], tall=1300),
    Stop("crime-derivation", CRIME, [*CASE, clock], tall=1000),
    Stop(
        "receipt",
        CLERK,
        ["/matters/?procedure=residence-permanent&open=1", row(), "Phiếu tiếp nhận hồ sơ"],
        paper=True,
    ),
    Stop("public", None, ["/cong-dan/"]),
    Stop("public-procedure", None, ["/thu-tuc/residence-temporary/"], tall=1000),
    Stop("look-up", None, ["/tra-cuu/", look_up], tall=1000),
    Stop("look-up-narrow", None, ["/tra-cuu/", look_up], width=NARROW, tall=1100),
    Stop("timeliness", None, ["/dung-hen/11311/"]),
    Stop("bulletin", CLERK, ["/duty/bulletin/"], tall=1100),
    Stop("bulletin-paper", CLERK, ["/duty/bulletin/", "In (PDF, 1 trang A4)"], paper=True),
    Stop("bulletin-province", DIRECTOR, ["/duty/bulletin/"], tall=1100),
    Stop("shift", CLERK, ["/duty/shift/"], tall=900),
    Stop("shift-slip", CLERK, ["/duty/shifts/", "in phiếu"], paper=True),
    Stop("visits", DIRECTOR, ["/matters/directives/visits/"], tall=1000),
    Stop("visit-state", DIRECTOR, ["/matters/directives/visits/", "In 61/TB-CAT"], paper=True),
    Stop("visit-next", DIRECTOR, ["/matters/directives/new/?sort=visit&unit=11311"], tall=1000),
    # what serves all of them
    Stop("queues", SUPPLY, ["/matters/?procedure=difficulty&mine=1"]),
    Stop(
        "bulk",
        "head.pc02",
        [
            "/matters/?mine=1",
            ticked(4),
            "Chọn việc cần làm",
            told(act="comment", text=REMARK),
            "Xem trước",
            top,
        ],
        tall=1000,
    ),
    Stop("owed", CLERK, ["/clocks/?whose=mine"]),
    Stop("notices", CLERK, ["/notices/"], tall=1000),
    Stop("duplicates", CHIEF, ["/matters/duplicates/"]),
    Stop("import-columns", DIRECTOR, ["/matters/import/new/", handed_in], tall=1000),
    Stop("import-check", DIRECTOR, ["/matters/import/new/", handed_in, "Kiểm tra"], tall=1100),
    Stop("import-taken", DIRECTOR, ["/matters/import/", "danh-sach-ban-giao.xlsx"], tall=1000),
    Stop(
        "import-receipt",
        DIRECTOR,
        ["/matters/import/", "danh-sach-ban-giao.xlsx", "Biên nhận (PDF)"],
        paper=True,
    ),
    Stop("search", DIRECTOR, ["/search/?q=duong+truyen+chap+chon"], tall=900),
    Stop("paper-texts", OPERATOR, ["/papers/notice/"], tall=1000),
    Stop("attachments", DIRECTOR, [f"{DIFFICULTIES}&topic=headquarters&sort=-received", row()], tall=1000),
    Stop("journal", "auditor.haiphong", ["/journal/"]),
    Stop("today-clerk-narrow", CLERK, ["/"], width=NARROW, tall=1000),
    Stop("duty-narrow", CLERK, ["/duty/"], width=NARROW, tall=1000),
    Stop("crime-report-en", CRIME, [*CASE], lang="en", tall=1300),
]


def main(address: str, folder: Path, names: Iterable[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(names) or {stop.name for stop in STOPS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env=environ | {"LANGUAGE": "vi"}
        )
        for stop in (it for it in STOPS if it.name in wanted):
            page = signed_in(browser, address, stop)
            walk(page, stop.steps[:-1] if stop.paper else stop.steps)
            picture = drawn(printed(page, str(stop.steps[-1]))) if stop.paper else shown(page, stop.tall)
            keep(picture, folder / f"{stop.name}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    given = [*sys.argv[1:], *["http://localhost:8000", "docs/tour", ""][len(sys.argv) - 1 :]]
    main(given[0], Path(given[1]), filter(None, given[2].split(",")))
