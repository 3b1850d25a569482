"""Every page that somebody can reach: no serious finding of axe, nothing cut off at the side, usable without scripts.

Wide in Vietnamese and narrow in English. Of pages of one kind (`shape`) the first that is met stands for all.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

import world
from browser.conftest import SignIn
from test_crawl import shape
from world import World

WHO = ["clerk", "chief", "logistics", "director", "auditor", "operator", None]
PUBLIC = "/cong-dan/"
MOST = 400  # pages in one run; more than there are kinds
NOT_PAGES = ("logout", "/static/", ".pdf", ".docx", ".template", "format=", "/files/")
SERIOUS = ("serious", "critical")
RUN = """() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations']}).then(found => found.violations.map(
        it => [it.impact, it.id, it.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]))"""
LINKS = "a[href]:not([download])"
ADDRESS = (
    "all => all.map(it => new URL(it.getAttribute('href'), document.baseURI).href)"  # links of drawings too
)
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def axe() -> str:
    """The source of axe-core, as its package ships it."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def work(accounts: None) -> World:
    return world.made()


def links(page: Page) -> list[str]:
    """Where a page leads to within this host; not what is taken away as a file."""
    found: list[str] = page.eval_on_selector_all(LINKS, ADDRESS)
    here = urlsplit(page.url).netloc
    return [href.partition("#")[0] for href in found if urlsplit(href).netloc == here]


def met(page: Page, start: str, seen: set[str], look: Callable[[Page], list[str]]) -> tuple[int, list[str]]:
    """Opens every page of a kind not seen before, each once: how many there were, and what `look` finds wrong."""
    waiting = [urljoin(page.url, start)]
    opened, wrong = 0, []
    while waiting and opened < MOST:
        address = waiting.pop(0)
        answer = page.goto(address, wait_until="load")
        opened += 1
        if answer is None or answer.status != 200:
            wrong.append(f"{address}: {answer and answer.status}")
            continue
        if "text/html" not in answer.headers["content-type"]:
            continue  # a photo or another file, shown by the browser itself
        for href in links(page):
            if shape(href) not in seen and not any(part in href for part in NOT_PAGES):
                seen.add(shape(href))
                waiting.append(href)
        wrong += [f"{address}: {fault}" for fault in look(page)]
    return opened, wrong


def faults(page: Page) -> list[str]:
    """What axe finds serious on the page that is open, and how much it is wider than the window."""
    page.evaluate(axe())
    found = [str(it) for it in page.evaluate(RUN) if it[0] in SERIOUS]
    wider = page.evaluate(WIDER)
    return [*found, f"{wider} px wider than the window"] if wider > 0 else found


@pytest.mark.slow
@pytest.mark.usefixtures("work")
@pytest.mark.parametrize(("lang", "narrow"), [("vi", False), ("en", True)])
def test_no_page_hinders_anybody(sign_in: SignIn, lang: str, narrow: bool) -> None:
    seen: set[str] = set()
    opened, wrong = 0, []
    for account in WHO:
        page = sign_in(account or "clerk", lang=lang, narrow=narrow)
        if account is None:
            page.context.clear_cookies(name="sessionid")
        n, faulty = met(page, PUBLIC if account is None else "/", seen, faults)
        opened, wrong = opened + n, wrong + faulty
        page.context.close()
    if wrong:
        pytest.fail("\n".join(wrong))
    assert opened > 40
