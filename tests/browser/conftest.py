"""Debian's Chromium against a served clone of the template database; it fails, never skips, where it is missing."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from browser.office import Office, static_too

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "mat-khau-thu-2026"
WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}

PATIENCE = 30_000  # milliseconds after which a page is given up; a busy machine takes its time

SignIn = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is played in a browser belongs to the long tests."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Browser]:
    from django.db import connections

    assert Path(CHROMIUM).exists(), "install Debian's package chromium"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.close_all()  # under its loop this thread has connections of its own; these would be left open
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            connections.close_all()


@pytest.fixture
def accounts(transactional_db: None) -> None:
    from django.contrib.auth.models import User

    from cast import CAST

    for account in CAST:
        User.objects.create_user(username=account, password=PASSWORD)


@pytest.fixture
def address(live_server: object) -> str:
    """Where the pages are served; a module that stops its server says another."""
    return str(live_server.url)  # type: ignore[attr-defined]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Iterator[Office]:
    """A server that can be stopped; `address` of a module that uses it is its address."""
    static_too(monkeypatch)
    its = Office()
    yield its
    its.stop()


@pytest.fixture
def sign_in(browser: Browser, address: str, accounts: None) -> Iterator[SignIn]:
    """Sign somebody of the cast in: `sign_in("clerk", lang="en", narrow=True)` gives their page at Today.

    Any request to another host, any script error and any answer of 500 fails the test.
    """
    wrong: list[str] = []
    contexts = []

    def signed(account: str, *, lang: str = "vi", narrow: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=address, viewport=NARROW if narrow else WIDE, java_script_enabled=scripts, locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )  # fmt: skip
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": lang, "url": address}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("request", lambda it: None if it.url.startswith(address) else wrong.append(f"asks {it.url}"))
        page.on("response", lambda it: wrong.append(f"{it.status} {it.url}") if it.status >= 500 else None)
        page.goto("/account/login/")
        page.fill("input[name=login]", account)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{address}/")
        return page

    yield signed
    for context in contexts:
        context.close()
    assert not wrong
