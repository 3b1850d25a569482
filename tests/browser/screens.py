"""Pictures of each page by role, from a served demo: `python tests/browser/screens.py [ADDRESS] [FOLDER]`.

ADDRESS is http://localhost:8000 and FOLDER docs/screens unless given. Wide in Vietnamese, and a few of each
narrow or in English. A page that does not answer 200 ends it.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}

FIRST_ROW = "main tbody a.open, main tbody a"
"""A page that is the first row of a list: its address is not known beforehand."""

PAGES: dict[str, dict[str, str]] = {
    "clerk.hongbang": {
        "today": "/", "matters": "/matters/", "matter": "/matters/?procedure=crime-report >",
        "new": "/matters/new/", "raise": "/matters/new/crime-report/", "owed": "/clocks/",
    },
    "chief.hongbang": {"today": "/", "unit": "/units/11311/"},
    "officer.ph10": {
        "today": "/", "matters": "/matters/?procedure=difficulty&open=1",
        "matter": "/matters/?procedure=difficulty&waiting=third >",
    },
    "head.pc02": {"today": "/", "matter": "/matters/?procedure=crime-report >"},
    "director.haiphong": {
        "today": "/", "conference": "/board/", "board": "/board/matters/", "preview": "/board/preview/",
        "directives": "/matters/directives/", "units": "/units/", "calendar": "/clocks/calendar/2026/",
        "reckon": "/clocks/reckon/",
    },
    "auditor.haiphong": {"today": "/", "journal": "/journal/"},
    "operator.haiphong": {
        "today": "/", "procedures": "/matters/procedures/", "procedure": "/matters/procedures/difficulty/",
        "documents": "/clocks/documents/",
    },
}  # fmt: skip
NARROW_TOO = {("clerk.hongbang", "today"), ("clerk.hongbang", "matter"), ("director.haiphong", "conference")}
ENGLISH_TOO = {("clerk.hongbang", "today"), ("director.haiphong", "board")}


def signed_in(browser: Browser, address: str, account: str, lang: str, size: dict[str, int]) -> Page:
    """The demo's own button signs in: no password is written here."""
    context = browser.new_context(base_url=address, viewport=size, timezone_id="Asia/Ho_Chi_Minh")
    context.add_cookies([{"name": "django_language", "value": lang, "url": address}])
    page = context.new_page()
    page.goto("/account/login/")
    page.locator(f"form:has(input[name=login][value='{account}']) button").click()
    page.wait_for_load_state()
    return page


def take(page: Page, where: str, file: Path) -> None:
    """Open a page (and, where it ends in `>`, the first row of its list), and keep its picture."""
    address, further, _ = where.partition(" >")
    answer = page.goto(address)
    if further:
        answer = page.goto(page.locator(FIRST_ROW).first.get_attribute("href") or "/")
    assert answer is not None
    assert answer.status == 200, f"{answer.status} {page.url}"
    page.screenshot(path=file)


def main(address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for account, pages in PAGES.items():
            role = account.split(".", maxsplit=1)[0]
            wide = signed_in(browser, address, account, "vi", WIDE)
            for name, where in pages.items():
                take(wide, where, folder / f"{name}-{role}.png")
                if (account, name) in NARROW_TOO:
                    take(
                        signed_in(browser, address, account, "vi", NARROW),
                        where,
                        folder / f"{name}-{role}-narrow.png",
                    )
                if (account, name) in ENGLISH_TOO:
                    take(
                        signed_in(browser, address, account, "en", WIDE),
                        where,
                        folder / f"{name}-{role}-en.png",
                    )
        browser.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(given[0] if given else "http://localhost:8000", Path(given[1] if len(given) > 1 else "docs/screens"))
