"""A commune's node whose province has not answered for a week: its people notice one line in the head of the page."""

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import current_thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import world
from browser.conftest import SignIn
from browser.hands import WIDER, Hands, hands, papers, photo
from browser.office import Office
from browser.test_every_page import PUBLIC, links, met
from browser.test_flows import raise_in_browser, send
from cast import WARD
from haicap.config.witnessing import witnessing
from haicap.journal.ids import uuid7
from haicap.nodes import becoming, calling, header
from haicap.nodes.becoming import Welcome
from haicap.nodes.line.models import LineNow
from haicap.nodes.models import Contact
from nodes.lines_at_hand import now
from test_crawl import shape

NOBODY = "http://127.0.0.1:9"  # nothing listens there
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "worker", "owner"])
PEOPLE = ("clerk", "officer", "chief")  # of the ward
FILES = (".pdf", ".docx", ".xlsx", "format=")
FORMATS = ("format=csv", "format=xlsx")
CRIME = {
    "source": "information", "what": "Xe Wave xanh để trước quầy", "place": "Chợ Sắt", "severity": "serious",
    "group": "drugs", "reporter__name": "Nguyễn Văn A",
}  # fmt: skip


class Doors:
    """Whatever Python opens to the network: which thread, and where to."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, str]] = []
        self.watching = True
        sys.addaudithook(self.hear)  # stays until the process ends

    def hear(self, event: str, its: tuple[Any, ...]) -> None:
        if self.watching and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
            self.opened.append((current_thread().name, f"{event} {its[1:] if 'connect' in event else its}"))


@pytest.fixture
def address(office: Office) -> str:
    return office.url


@pytest.fixture
def week(
    office: Office, accounts: None, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Doors]:
    """The ward's node as it goes on: it serves, makes checkpoints, and calls a province that does not answer."""
    world.made()  # some of it by what only a province may do, so before it is a commune's
    at, province = now(), uuid7()
    name = "Công an thành phố Hải Phòng"
    welcome = Welcome(uuid7(), WARD, "31", province, name, bytes(32), "age1", 0.0)
    becoming.keep(welcome, NOBODY, at - timedelta(days=30))
    since = at - timedelta(days=7)
    Contact.objects.create(node=province, last=since, tried=at, skew=1.0)
    LineNow.objects.create(id=1, tried=at, good=since, bad=since + timedelta(minutes=1), seen="timeout")
    header.forget()
    monkeypatch.setattr(calling, "FIRST", 0.5)
    doors = Doors()
    with witnessing(1.0), calling.calling(None):
        yield doors
    doors.watching = False
    header.forget()


class Look:
    """What is wrong with a page on this node; files that it offers are taken, one of a kind."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def __call__(self, page: Page) -> list[str]:
        said = page.locator("header a.line")
        wrong = page.locator("main .errors:not(.sample *)")
        silent = not said.count() or "Mất đường truyền từ" not in said.inner_text()
        faults = {
            "no heading": page.locator("h1").count() != 1, "an error": wrong.count() > 0,
            "silent about the line": silent, "too wide": page.evaluate(WIDER) > 0,
        }  # fmt: skip
        return [fault for fault, found in faults.items() if found] + self.files(page)

    def files(self, page: Page) -> list[str]:
        offered = {kind(href): href for href in links(page) if any(part in href for part in FILES)}
        fresh = offered.keys() - self.taken
        self.taken |= fresh
        answers = {offered[it]: page.request.get(offered[it]).status for it in fresh}
        return [f"{status} {href}" for href, status in answers.items() if status != 200]


def kind(href: str) -> str:
    """Files of one kind have one of these."""
    return f"{shape(href)} {next(part for part in (*FORMATS, *FILES) if part in href)}"


def well_for_anybody(page: Page) -> list[str]:
    return [] if page.locator("h1").count() == 1 else ["no heading"]


def test_a_week_without_the_province(sign_in: SignIn, week: Doors) -> None:
    clerk, chief = hands(sign_in, "clerk", "vi", False), hands(sign_in, "chief", "vi", False)
    the_line_is_told(clerk)
    address = work_is_done(clerk, chief)
    found_again(clerk, address)
    seen: set[str] = set()
    look, met_in_all, wrong = Look(), 0, []
    for account in (*PEOPLE, None):
        page = sign_in(account or "clerk")
        if account is None:
            page.context.clear_cookies(name="sessionid")
        start, looks = ("/", look) if account else (PUBLIC, well_for_anybody)
        n, faulty = met(page, start, seen, looks)
        met_in_all, wrong = met_in_all + n, wrong + faulty
    assert wrong == []
    assert met_in_all > 100
    assert len(look.taken) > 20
    by = {thread for thread, _ in week.opened}
    assert by == {"calling"}, week.opened  # which tries, and is alone in it


def the_line_is_told(clerk: Hands) -> None:
    """Since when it is down, and what waits; and the first of the day says that the date is right."""
    since = header.line()
    assert since is not None
    assert since.bad is not None
    line = clerk.page.locator("header a.line")
    expect(line).to_contain_text(f"Mất đường truyền từ {header.clock(since.bad, now())}")
    expect(line).to_contain_text("mục chờ gửi")
    assert since.waiting > 100
    banner = clerk.page.locator("p.notice", has_text="Chưa ai xác nhận ngày giờ")
    banner.locator("a").click()
    clerk.sees(f"Hôm nay chưa so giờ được với {since.name}")
    clerk.button("Đúng").click()
    clerk.page.wait_for_url(lambda address: "/line/day/" not in address)
    expect(banner).to_have_count(0)


def work_is_done(clerk: Hands, chief: Hands) -> str:
    """A crime report comes in, with a photo; it is checked, passed on with the chief's approval, and printed."""
    waiting = header.line()
    assert waiting is not None
    address = raise_in_browser(clerk.page, "crime-report", "Mất xe máy Wave ở cổng chợ", **CRIME)
    clerk.open(address)
    file = {"name": "cong-cho.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    clerk.page.set_input_files("#files-input", [file])
    clerk.page.uncheck("#files-personal")
    clerk.press("Đính kèm")
    expect(clerk.page.locator("#files img")).to_have_count(1)
    chief.open(f"{address}step/pass-on/")
    send(chief.page)
    chief.page.wait_for_url(address)
    texts = papers(chief)
    assert texts
    assert all("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text for text in texts)
    header.forget()
    more = header.line()
    assert more is not None
    assert more.waiting > waiting.waiting
    return address


def found_again(clerk: Hands, address: str) -> None:
    """Search with and without diacritics, by number; and what the pages give away as files."""
    clerk.open(address)
    number = clerk.page.locator("main .number, main .num").first.inner_text().split()[0]
    for words in ("mat xe may wave cong cho", "cổng chợ", number):
        clerk.open("/search/")
        clerk.page.fill("#words", words)
        clerk.page.press("#words", "Enter")
        expect(clerk.page.locator("#found")).to_contain_text("Mất xe máy Wave ở cổng chợ")
