"""Every list can be taken away as CSV and XLSX, with what it shows in it."""

import re

import pytest

from haicap.papers.sheets import read
from pages import browser, html

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
LISTS = [
    ("clerk", "/matters/", None), ("clerk", "/matters/procedures/", "Khó khăn, vướng mắc"),
    ("clerk", "/matters/competence/difficulty/", "Trụ sở làm việc"), ("clerk", "/clocks/", None),
    ("clerk", "/matters/import/", None), ("operator", "/journal/", None), ("operator", "/nodes/courier/", None),
    ("operator", "/nodes/", None),
    ("clerk", "/units/", "Công an thành phố Hải Phòng"),
    ("clerk", "/units/?q=hong+bang", "Công an phường Hồng Bàng"), ("clerk", "/units/31/", "Công an phường Hồng Bàng"),
]  # fmt: skip


@pytest.mark.parametrize(("account", "address", "holds"), LISTS, ids=[address for _, address, _ in LISTS])
def test_a_list_as_csv_and_as_xlsx(account: str, address: str, holds: str | None) -> None:
    client = browser(account)
    page = html(client, address)
    links = [
        href.replace("&amp;", "&") for href in re.findall(r'href="([^"]*format=(?:csv|xlsx)[^"]*)"', page)
    ]
    if not links and holds is None:
        links = [f"{address}?format=csv", f"{address}?format=xlsx"]  # nothing there yet to be taken away
    assert len(links) >= 2
    tables = []
    for link in links[:2]:
        answer = client.get(link if link.startswith("/") else f"{address.partition('?')[0]}{link}")
        assert answer.status_code == 200, link
        assert re.search(
            r'attachment; filename="[a-z0-9-]+-20\d\d-\d\d-\d\d\.(csv|xlsx)"', answer["Content-Disposition"]
        )
        tables.append(read(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    assert len(tables[0]) == len(tables[1])
    if holds:
        assert any(holds in str(row.values()) for row in tables[0])
