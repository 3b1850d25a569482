"""Everybody of the cast follows every link: none breaks, none is heavy, none leads to another host, no page is lost."""

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import world
from cast import CAST

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "worker", "owner"])]
WHO = [
    "clerk",
    "chief",
    "logistics_head",
    "drugs_head",
    "staff_head",
    "director",
    "auditor",
    "operator",
    None,
]
STARTS = ["/", "/search/?q=may", "/units/?q=hong+bang"]  # what a form asks for is typed, not linked
PUBLIC = ["/cong-dan/", "/dung-hen/?q=hong+bang", "/gop-y/?q=hong+bang"]
EACH = 2  # of pages of one kind, for each person; further parameters are followed once
MORE = {"/matters/id/#/": 12, "/units/#/": 8}  # they differ most
MOST = 600  # pages per person; more than there are kinds
HEAVY = 150_000  # bytes over the wire
ACCOUNT = re.compile("account_|mfa_|set_language")
"""What the package for sign-in brings; its pages are linked from one another, many only after a mail or a key."""

NOT_LINKED = {
    # only sent to, never opened
    "matters:dropped", "matters:distinct", "matters:attach", "matters:file_hide", "matters:open",
    "bulk:gather", "bulk:do", "bulk:undo", "sheets:drop", "sheets:undo", "work:again", "filters:keep",
    "handover:drop", "handover:undo",
    "filters:change", "notices:seen", "duty:report", "duty:become", "duty:unseal", "duty:close", "duty:sign",
    "duty:sign-bulletin", "directing:remind", "guidance:again", "web:keys", "web:identity", "matters:draft",
    "matters:paper", "needs:ask", "norms:count", "things:act", "things:sign",
    "things:put", "stocktake:code", "stocktake:photos", "stocktake:ticks",
    "stocktake:here", "stocktake:unknown", "stocktake:withdraw", "stocktake:drop",
    "rounds:remind", "plans:forget", "distances:withdraw", "nodes:contact", "nodes:release",
    # parts of a page that scripts fetch
    "matters:alike", "matters:place", "matters:emergency", "notices:count", "matters:file_picture",
    "line:alive",
    # only on a node with a parent, and where one has measured an outage (tests/nodes, tests/means/test_watching.py)
    "line:page", "line:day", "lines:outage",
    # where one is led after sending
    "matters:taken", "bulk:one", "sheets:check", "handover:check",
    # typed or read from a paper
    "matters:one", "things:code", "stocktake:label",
}  # fmt: skip


def links(page: str, html: str) -> list[str]:
    found = [urljoin(page, href.replace("&amp;", "&")) for href in re.findall(r'href="([^"#]+)"', html)]
    return [href for href in found if not href.startswith(("mailto:", "tel:"))]


def shape(address: str) -> str:
    """A path without what only varies: ids, numbers, codes of units; so that one of a kind is enough."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "#", urlsplit(address).path)
    return re.sub(r"\d+(-[A-Z0-9-]+)*", "#", path)


@dataclass
class Crawl:
    """What one person met: the names of pages, and what is wrong with them."""

    names: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    parameters: set[str] = field(default_factory=set)

    def follow(self, client: Client, starts: Sequence[str]) -> None:
        """Opens some pages of each kind that links lead to."""
        waiting, seen, met = [(start, "") for start in starts], set(starts), Counter[str]()
        visited = 0
        while waiting and visited < MOST:
            address, by = waiting.pop(0)
            visited += 1
            html = self.page(client, address, by)
            for href in links(address, html):
                parts = urlsplit(href)
                if parts.netloc not in ("", "testserver"):
                    self.wrong.append(f"{address} leads to {href}")
                elif href not in seen and not any(part in parts.path for part in ("logout", "/static/")):
                    seen.add(href)
                    if self.wanted(href, met):
                        waiting.append((href, address))
        assert 5 < visited < MOST

    def wanted(self, href: str, met: Counter[str]) -> bool:
        """Whether it is not one of many alike."""
        names: set[str] = {f"{shape(href)}?{name}" for name in re.findall(r"[?&]([a-z_]+)=", href)}
        if names:
            fresh = bool(names - self.parameters)
            self.parameters |= names
            return fresh
        met[shape(href)] += 1
        return met[shape(href)] <= MORE.get(shape(href), EACH)

    def page(self, client: Client, address: str, by: str) -> str:
        """The page behind a link, held to what every page owes; empty if it is none."""
        answer = client.get(address)
        self.names.add(answer.resolver_match.view_name)
        while answer.status_code in (301, 302):
            address = urljoin(address, answer["Location"])
            answer = client.get(address)
            self.names.add(answer.resolver_match.view_name)
        if answer.status_code != 200:
            self.wrong.append(f"{answer.status_code} {address}, to which {by} leads")
            return ""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if not answer["Content-Type"].startswith("text/html"):
            return ""
        if (weight := len(gzip.compress(body))) > HEAVY:
            self.wrong.append(f"{weight} bytes at {address}")
        html = str(body.decode())
        if html.count("<h1") != 1:
            self.wrong.append(f"{html.count('<h1')} headings at {address}")
        return html


def named(patterns: Iterable[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The name of every address of the installation."""
    for it in patterns:
        if isinstance(it, URLResolver):
            yield from named(it.url_patterns, f"{space}{it.namespace}:" if it.namespace else space)
        else:
            yield f"{space}{it.name}"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_link_leads_somewhere_and_some_link_to_every_page(lang: str) -> None:
    world.made()
    crawl = Crawl()
    for account in WHO:
        client = Client()
        if account:
            assert account in CAST
            client.force_login(User.objects.get_or_create(username=account)[0])
        client.cookies["django_language"] = lang
        crawl.follow(client, STARTS if account else PUBLIC)
    pages = {name for name in named(get_resolver().url_patterns) if not ACCOUNT.match(name)}
    lost = [f"nothing leads to {name}" for name in sorted(pages - crawl.names - NOT_LINKED)]
    found = [f"{name} is linked after all" for name in sorted(NOT_LINKED & crawl.names)]
    if faults := [*crawl.wrong, *lost, *found]:
        pytest.fail("\n".join(faults))
    assert pages >= NOT_LINKED
