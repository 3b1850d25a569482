"""Everybody of the cast follows every link: none breaks, none is heavy, none leads to another host."""

import gzip
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cast import CAST
from matters.acting import DAY, raises, steps

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "worker", "owner"])]
WHO = ["clerk", "chief", "logistics", "drugs_head", "director", "auditor", "operator"]
MOST = 130  # pages per person and language; lists repeat themselves
HEAVY = 150_000  # bytes over the wire
CRIME = {
    "source": "information",
    "what": "Mất xe",
    "place": "Chợ",
    "severity": "very-serious",
    "group": "drugs",
}


@pytest.fixture
def work() -> None:
    matter = raises("clerk", "crime-report", "Mất xe máy", CRIME)
    steps("chief", matter, "pass-on", at=DAY)
    raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"})


def links(page: str, html: str) -> list[str]:
    found = [urljoin(page, href.replace("&amp;", "&")) for href in re.findall(r'href="([^"#]+)"', html)]
    return [href for href in found if not href.startswith("mailto:")]


def shape(address: str) -> str:
    """An address without what only varies: ids, numbers, codes of units; so that one of a kind is enough."""
    path = urlsplit(address).path
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "#", path)
    return (
        re.sub(r"\d+(-[A-Z0-9-]+)*", "#", path)
        + "?"
        + ",".join(sorted(re.findall(r"[?&]([a-z_]+)=", address)))
    )


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("account", WHO)
def test_every_link_leads_somewhere(account: str, lang: str) -> None:
    assert account in CAST
    client = Client()
    client.force_login(User.objects.create_user(username=account))
    client.cookies["django_language"] = lang
    waiting, seen = ["/"], {shape("/")}
    visited = 0
    while waiting and visited < MOST:
        address = waiting.pop(0)
        visited += 1
        answer = client.get(address)
        while answer.status_code in (301, 302):
            address = urljoin(address, answer["Location"])
            answer = client.get(address)
        assert answer.status_code == 200, f"{answer.status_code} {address}"
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if not answer["Content-Type"].startswith("text/html"):
            continue
        weight = len(gzip.compress(body))
        assert weight < HEAVY, address
        html = body.decode()
        assert "<h1" in html, address
        for href in links(address, html):
            parts = urlsplit(href)
            if parts.netloc:
                assert parts.netloc == "testserver", f"{address} leads to {href}"
            if "logout" not in parts.path and "/static/" not in parts.path and shape(href) not in seen:
                seen.add(shape(href))
                waiting.append(href)
    assert visited > 8
