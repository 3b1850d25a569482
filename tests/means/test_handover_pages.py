"""The way of a list of means through the pages: handed in, told, looked at, taken in, on paper, taken back."""

import io
import re
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.means.handover import example, year
from haicap.means.handover.models import SheetRow
from haicap.means.things.models import ThingRow
from haicap.papers.books import open_book
from haicap.units.rights import tell_database
from matters.sheets_at_hand import csv_of, workbook
from means.lists_at_hand import LINES, NOW, PREMISES, THINGS
from pages import asked, browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


def hand_in(client: Client, data: bytes, sort: str = "things", name: str = "ban-giao.xlsx") -> UUID:
    id = uuid7()
    sent: dict[str, Any] = {"id": str(id), "procedure": sort, "file": SimpleUploadedFile(name, data)}
    response = client.post("/means/handover/new/", sent)
    assert response.status_code == 302, response.content.decode()[:2000]
    assert response["Location"] == f"/means/handover/new/{id}/"
    return id


def test_from_the_file_to_the_receipt_and_back() -> None:
    client = browser("logistics")
    assert "/means/handover/new/?procedure=things" in html(client, "/means/things/")
    assert re.search(
        r'<option value="things" selected>', html(client, "/means/handover/new/?procedure=things")
    )
    id = hand_in(client, workbook(THINGS))
    page = html(client, f"/means/handover/new/{id}/")
    assert "Máy chiếu ma thuật" in page  # a word that is no kind is asked for
    assert "Tàm tạm" in page
    chosen = dict(
        re.findall(
            r'<select name="(c:\d+)"(?:(?!</select>).)*?<option value="([a-z_-]+)" selected', page, re.S
        )
    )
    assert chosen == {
        "c:1": "kind", "c:2": "serial", "c:3": "plate", "c:4": "count", "c:5": "condition", "c:6": "bought",
        "c:7": "total", "c:8": "place",
    }  # fmt: skip
    said = {**chosen, "head": "4", "sheet": "0", "giver": "Công an quận Hồng Bàng",
            "h:kind:may chieu ma thuat": "camera"}  # fmt: skip
    response = client.post(f"/means/handover/new/{id}/", said)
    page = html(client, response["Location"])
    assert "Nhập 5 dòng" in page
    assert "Ô E12" in page
    assert "Trùng với dòng 6" in page
    book = open_book(client.get(f"/means/handover/new/{id}/check/?format=xlsx").content)[0]
    assert len(book.lines) == 1 + len(THINGS)
    assert ThingRow.objects.count() == 0
    response = client.post(f"/means/handover/new/{id}/check/")
    assert response["Location"] == f"/means/handover/{id}/"
    page = html(client, f"/means/handover/{id}/")
    assert "Công an quận Hồng Bàng" in page
    tell_database(person("logistics"))
    here = html(client, f"/means/things/?handover={id}")
    assert here.count('class="open"') == ThingRow.objects.filter(batch=id).count() == 7
    figures = re.search(r'<div class="figures">(.*?)</div>\s*<section', page, re.S)
    assert figures is not None
    said = re.sub(r"<[^>]+>|\s", " ", figures[1]).split()
    assert [it for it in said if it.isdigit()] == [
        "5",
        "7",
        "0",
        "2",
        "9",
    ]  # three printers stood in one line
    pdf = client.get(f"/means/handover/{id}/receipt.pdf")
    with pypdfium2.PdfDocument(pdf.content) as document:
        paper = "\n".join(page.get_textpage().get_text_range() for page in document)
    for words in (
        "BIÊN NHẬN DANH SÁCH BÀN GIAO",
        "Máy in (chiếc)",
        "Ghế (chiếc)",
        "Ô E12",
        "Công an quận Hồng Bàng",
    ):
        assert words in paper
    assert "ban-giao.xlsx" in html(client, "/means/handover/")
    assert "ban-giao.xlsx" in html(client, f"/means/things/id/{ThingRow.objects.filter(batch=id)[0].pk}/")
    assert client.post(f"/means/handover/{id}/undo/").status_code == 302
    assert 'class="open"' not in html(client, f"/means/things/?handover={id}")
    assert html(client, f"/means/things/?handover={id}&state=mistake").count('class="open"') == 7
    assert "Đã rút lại" in html(client, f"/means/handover/{id}/")


@pytest.mark.parametrize(("sort", "rows", "here"), [("premises", PREMISES, 2), ("lines", LINES, 2)])
def test_every_sort_of_list_leads_to_its_own(sort: str, rows: list[list[Any]], here: int) -> None:
    client = browser("logistics")
    assert f"/means/handover/new/?procedure={sort}" in html(client, f"/means/{sort}/")
    id = hand_in(client, workbook(rows), sort)
    client.post(f"/means/handover/new/{id}/check/")
    page = html(client, f"/means/handover/{id}/")
    assert f"/means/{sort}/?handover={id}" in page
    assert html(client, f"/means/{sort}/?handover={id}").count('class="open"') == here
    client.post(f"/means/handover/{id}/undo/")
    assert html(client, f"/means/{sort}/").count('class="open"') == 0
    assert html(client, f"/means/{sort}/?handover={id}&state=mistake").count('class="open"') == here


def test_a_unit_said_for_all_lines_is_the_unit() -> None:
    client = browser("logistics")
    id = hand_in(client, csv_of([THINGS[3], [1, "Máy in", "", "", 1, "Tốt"]]))
    assert 'name="f:unit"' in html(client, f"/means/handover/new/{id}/")
    said = {"c:1": "kind", "c:4": "count", "f:unit": f"{WARD} · Công an phường Hồng Bàng", "sheet": "0"}
    client.post(f"/means/handover/new/{id}/", said)
    client.post(f"/means/handover/new/{id}/check/")
    tell_database(person("logistics"))
    assert list(ThingRow.objects.values_list("unit", flat=True)) == [WARD]


def test_who_may_and_who_may_not() -> None:
    clerk, neighbour, outsider = browser("clerk"), browser("neighbour"), browser("outsider")
    id = hand_in(clerk, workbook(THINGS))
    for other in (neighbour, outsider, browser("logistics")):
        for address in (f"new/{id}/", f"new/{id}/check/"):
            assert other.get(f"/means/handover/{address}").status_code == 404
            assert other.post(f"/means/handover/{address}").status_code == 404
    clerk.post(f"/means/handover/new/{id}/check/")
    for other in (neighbour, outsider):
        for address in ("", "receipt.pdf"):
            assert other.get(f"/means/handover/{id}/{address}").status_code == 404
        assert other.post(f"/means/handover/{id}/undo/").status_code == 404
    auditor = browser("auditor")
    assert auditor.get("/means/handover/new/").status_code == 404
    assert auditor.get(f"/means/handover/{id}/").status_code == 200
    assert auditor.post(f"/means/handover/{id}/undo/").status_code == 403
    tell_database(person("clerk"))
    assert (
        ThingRow.objects.filter(mistake=False).count() == 5
    )  # the ward's own lines, three printers among them


def test_no_page_asks_more_with_more_lines() -> None:
    client = browser("logistics")
    counts = []
    for lines in (3, 40):
        rows = [THINGS[3], *([n, "Máy in", f"SN-{lines}-{n:04}", "", 1, "Tốt", 2020] for n in range(lines))]
        id = hand_in(client, csv_of(rows), name=f"{lines}.csv")
        client.post(
            f"/means/handover/new/{id}/", {"c:1": "kind", "c:2": "serial", "c:4": "count", "f:unit": WARD}
        )
        its = [asked(client, f"/means/handover/new/{id}/"), asked(client, f"/means/handover/new/{id}/check/")]
        client.post(f"/means/handover/new/{id}/check/")
        counts.append([*its, asked(client, f"/means/handover/{id}/"), asked(client, "/means/handover/")])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
    tell_database(person("logistics"))
    assert ThingRow.objects.count() == 43


def test_the_demonstrations_list_leaves_some_lines_to_decide() -> None:
    for _again in range(2):
        year.load("logistics", NOW)
    tell_database(person("logistics"))
    row = SheetRow.objects.get(pk=year.LIST)
    assert (row.taken, row.there, row.listed) == (7, 0, 5)
    assert row.lines == row.taken + row.there + row.listed + row.passed
    page = html(browser("logistics"), f"/means/handover/{year.LIST}/?verdict=listed")
    for cell in ("E19", "G19", "H19", "Trùng với dòng 9", "B16"):
        assert cell in page
    assert open_book(io.BytesIO(example.example()).getvalue())[0].name == "Tài sản"
