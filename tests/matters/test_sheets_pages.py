"""The way of a sheet through the pages: handed in, its columns told, looked at, taken in, on paper, taken back."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haicap.journal.ids import uuid7
from haicap.matters.models import MatterRow
from haicap.papers.books import open_book
from haicap.units.rights import tell_database
from matters.acting import who
from matters.sheets_at_hand import csv_of, workbook
from matters.test_sheets import UGLY
from pages import browser, html

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


def hand_in(client: Client, data: bytes, procedure: str = "difficulty", name: str = "ban-giao.xlsx") -> UUID:
    id = uuid7()
    sent: dict[str, Any] = {"id": str(id), "procedure": procedure, "file": SimpleUploadedFile(name, data)}
    response = client.post("/matters/import/new/", sent)
    assert response.status_code == 302, response.content.decode()[:2000]
    assert response["Location"] == f"/matters/import/new/{id}/"
    return id


def test_from_the_file_to_the_receipt_and_back() -> None:
    client = browser("clerk")
    id = hand_in(client, workbook(UGLY))
    page = html(client, f"/matters/import/new/{id}/")
    assert re.search(r'<option value="title" selected>', page)
    assert "Ma thuật" in page  # a word that is no kind of difficulty is asked for
    chosen = dict(
        re.findall(r'<select name="(c:\d+)"(?:(?!</select>).)*?<option value="([a-z_-]+)" selected', page)
    )
    assert chosen == {"c:1": "old-number", "c:2": "received", "c:3": "title", "c:4": "kind", "c:5": "unit"}
    said = {
        **chosen,
        "head": "5",
        "sheet": "0",
        "giver": "Công an quận Hồng Bàng",
        "h:kind:ma thuat": "staffing",
    }
    response = client.post(f"/matters/import/new/{id}/", said)
    assert response["Location"] == f"/matters/import/new/{id}/check/"
    page = html(client, response["Location"])
    assert "Nhập 3 việc" in page
    assert "Ô C10" in page
    assert "Ma thuật" not in page or "không phải một trong các mục" not in page
    book = open_book(client.get(f"/matters/import/new/{id}/check/?format=xlsx").content)[0]
    assert len(book.lines) == 1 + len(UGLY)
    assert MatterRow.objects.count() == 0
    response = client.post(f"/matters/import/new/{id}/check/")
    assert response["Location"] == f"/matters/import/{id}/"
    page = html(client, f"/matters/import/{id}/")
    assert "Công an quận Hồng Bàng" in page
    listed = html(client, f"/matters/?sheet={id}")
    assert all(title in listed for title in ("Trụ sở dột", "THIEU MAY TINH", "Đường truyền chậm"))
    pdf = client.get(f"/matters/import/{id}/receipt.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "ban-giao.xlsx" in html(client, "/matters/import/")
    response = client.post(f"/matters/import/{id}/undo/")
    assert response.status_code == 302
    assert "Trụ sở dột" not in html(client, "/matters/")
    assert "Trụ sở dột" in html(client, f"/matters/?sheet={id}&status=retracted")


def test_what_was_taken_away_comes_in_again_as_there() -> None:
    client = browser("clerk")
    first = hand_in(client, workbook(UGLY))
    client.post(f"/matters/import/new/{first}/check/")
    for form in ("csv", "xlsx"):
        answer = client.get(f"/matters/?format={form}")
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        id = hand_in(client, data, name=f"viec.{form}")
        page = html(client, f"/matters/import/new/{id}/check/?verdict=there")
        assert page.count("Đã có từ trước</span>") == 3 or page.count("Đã có từ trước") >= 4
        assert (
            "Nhập "
            not in re.findall(r"<form method=\"post\" class=\"actions\">.*?</form>", page, re.S)[0].split(
                "Sửa"
            )[0]
        )


def test_who_may_and_who_may_not() -> None:
    clerk, neighbour, outsider = browser("clerk"), browser("neighbour"), browser("outsider")
    id = hand_in(clerk, workbook(UGLY))
    for other in (neighbour, outsider):
        for address in (f"new/{id}/", f"new/{id}/check/"):
            assert other.get(f"/matters/import/{address}").status_code == 404
            assert other.post(f"/matters/import/{address}").status_code == 404
    clerk.post(f"/matters/import/new/{id}/check/")
    for other in (neighbour, outsider):
        for address in ("", "receipt.pdf"):
            assert other.get(f"/matters/import/{id}/{address}").status_code == 404
        assert other.post(f"/matters/import/{id}/undo/").status_code == 404
    auditor = browser("auditor")
    assert auditor.get("/matters/import/new/").status_code == 404
    assert auditor.get(f"/matters/import/{id}/").status_code == 200
    assert auditor.post(f"/matters/import/{id}/undo/").status_code == 403
    tell_database(who("clerk"), "default")
    assert MatterRow.objects.exclude(status="retracted").count() == 3


def test_a_province_takes_over_for_many_units() -> None:
    rows = [
        ["Ngày", "Nội dung vướng mắc", "Nhóm", "Phường cũ", "Quận"],
        ["01/03/2026", "Trụ sở dột", "Trụ sở", "Sở Dầu", "Hồng Bàng"],
        ["02/03/2026", "Mất mạng", "Đường truyền", "Máy Chai", "Ngô Quyền"],
        ["03/03/2026", "Thiếu xe", "phuong tien", "Gia Viên", "Ngô Quyền"],
        ["04/03/2026", "Thiếu người", "Biên chế", "Atlantis", ""],
        ["05/03/2026", "Thiếu bàn", "Hậu cần", "", ""],
    ]
    client = browser("director")
    id = hand_in(client, csv_of(rows), name="quan.csv")
    page = html(client, f"/matters/import/new/{id}/")
    asked = re.findall(r'name="p:([^"]+)"', page)
    assert asked == ["gia vien ngo quyen", "atlantis"]  # a ward that was divided, and one that never was
    client.post(f"/matters/import/new/{id}/check/")
    tell_database(who("director"), "default")
    assert sorted(MatterRow.objects.values_list("unit", flat=True)) == ["11311", "11329"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0junk", b"\x00\x01\x02\x03" * 40])
def test_a_file_that_is_none_is_refused_with_a_sentence(data: bytes) -> None:
    client = browser("clerk")
    sent = {"id": str(uuid7()), "procedure": "difficulty", "file": SimpleUploadedFile("x.xlsx", data)}
    response = client.post("/matters/import/new/", sent)
    assert response.status_code == 422
    assert "Chưa đọc được tệp" in response.content.decode()


def test_no_page_asks_more_with_more_lines() -> None:
    from pages import asked

    client = browser("clerk")
    counts = []
    for lines in (3, 40):
        rows = [
            UGLY[4],
            *([n, f"{n}/SD", "16/2/26", f"Việc số {n}", "Trụ sở", "Sở Dầu"] for n in range(lines)),
        ]
        id = hand_in(client, csv_of(rows), name=f"{lines}.csv")
        its = [asked(client, f"/matters/import/new/{id}/"), asked(client, f"/matters/import/new/{id}/check/")]
        client.post(f"/matters/import/new/{id}/check/")
        counts.append([*its, asked(client, f"/matters/import/{id}/"), asked(client, "/matters/import/")])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


def test_the_pages_are_light() -> None:
    import gzip

    client = browser("director")
    id = hand_in(
        client, csv_of([UGLY[4], *([n, "", "16/2/26", "Dài " * 60, "?", f"Nơi {n}"] for n in range(150))])
    )
    for address in (f"new/{id}/", f"new/{id}/check/", ""):
        page = client.get(f"/matters/import/{address}").content
        assert len(gzip.compress(page)) < 150_000
