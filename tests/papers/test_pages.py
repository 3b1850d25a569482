"""An office changes what its papers say, and the papers of its matters say it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from haicap.journal.ids import uuid7
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.matters.state import Matter
from haicap.papers.editions import in_use
from haicap.papers.texts import changeable, parse, shipped
from haicap.units.rights import tell_database
from haicap.units.sign_in import today
from pages import asked, browser, crime_report, html, person
from papers.test_documents import words

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
WARD = "11311"
RECORD = "/papers/receipt-crime/"


def typed(paper: str = "receipt-crime", **changed: Any) -> dict[str, Any]:
    its = parse(paper, shipped(paper))
    fields = {"title": its.title, "summary": its.summary, "about": its.about, "beside": its.beside}
    fields |= {"body": "\n".join(its.body), "recipients": "\n".join(its.recipients), "note": "thử"}
    return fields | {"since": today().isoformat(), "entry_id": str(uuid7()), "do": "publish"} | changed


def printed(client: Client, subject: Any, form: str = "") -> bytes:
    answer = client.post(f"/matters/id/{subject}/paper/receipt-record.pdf", {"form": form})
    assert answer.status_code == 200
    return bytes(answer.content)


def matter(subject: Any) -> Matter:
    tell_database(person("clerk"))
    return matter_of(MatterRow.objects.get(pk=subject))


def test_everybody_may_read_what_papers_say_and_only_some_change_it() -> None:
    page = html(browser("clerk"), "/papers/")
    assert all(f"/papers/{it}/" in page for it in changeable())
    assert '<form class="card form"' not in html(browser("clerk"), RECORD)
    assert '<form class="card form"' in html(browser("operator"), RECORD)
    assert browser("clerk").post(RECORD, typed()).status_code == 403
    assert browser("operator").get("/papers/diploma/").status_code == 404
    assert browser("operator").get(f"{RECORD}?unit=nowhere").status_code == 404


@pytest.mark.parametrize("form", ["pdf", "docx", "template"])
@pytest.mark.parametrize("paper", changeable())
def test_each_paper_is_shown_with_invented_data(paper: str, form: str) -> None:
    answer = browser("clerk").get(f"/papers/{paper}.{form}")
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    if form == "pdf":
        assert "DỮ LIỆU TRÌNH DIỄN" in words(answer.content)
    else:
        assert Document(io.BytesIO(answer.content)).tables


def test_a_preview_publishes_nothing() -> None:
    before = in_use("receipt-crime", WARD, today())
    answer = browser("operator").post(RECORD, typed(title="Biên bản lạ", do="preview"))
    assert "BIÊN BẢN LẠ" in words(answer.content)
    assert in_use("receipt-crime", WARD, today()) == before


def test_a_new_edition_is_used_from_its_day_on_and_pinned_by_what_is_issued() -> None:
    subject, operator = crime_report("Mất xe"), browser("operator")
    first = words(printed(browser("clerk"), subject))
    later = typed(title="Biên bản của ngày mai", since=(today() + timedelta(days=1)).isoformat())
    for fields in (typed(title="Biên bản mới"), later):
        assert operator.post(RECORD, fields).status_code == 302
        assert operator.post(RECORD, fields).status_code == 302  # sent twice is sent once
    second = words(printed(browser("clerk"), subject))
    assert "BIÊN BẢN TIẾP NHẬN" in first.replace("Tiếp nhận", "TIẾP NHẬN")
    assert "BIÊN BẢN MỚI" in second
    assert "NGÀY MAI" not in second
    editions = [it.edition for it in matter(subject).papers]
    assert len(set(editions)) == 2
    assert editions[-1] == in_use("receipt-crime", WARD, today()).sha256
    shown = html(operator, f"{RECORD}?edition={editions[0]}")
    assert 'value="Biên bản"' in shown


def test_a_unit_may_have_texts_of_its_own() -> None:
    subject, operator = crime_report("Mất xe"), browser("operator")
    assert operator.post(f"{RECORD}?unit={WARD}", typed(title="Biên bản của phường")).status_code == 302
    assert "BIÊN BẢN CỦA PHƯỜNG" in words(printed(browser("clerk"), subject))
    assert in_use("receipt-crime", "11329", today()).texts.title == "Biên bản"
    assert "riêng của đơn vị" in html(browser("clerk"), f"/papers/?unit={WARD}")


def test_another_province_is_not_theirs_to_change() -> None:
    assert browser("operator").post(f"{RECORD}?unit=00004", typed()).status_code == 403
    assert browser("operator").post("/papers/letterhead/00004/", {}).status_code == 403


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"body": "{nothing}"}, "Không có chỗ điền {nothing}"),
        ({"since": "2026-01-01"}, "Chọn ngày từ hôm nay trở đi."),
        ({"body": ""}, "body"),
        ({"docx": SimpleUploadedFile("a.docx", b"no archive")}, "không phải là DOCX"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_still_there(
    changed: dict[str, Any], sentence: str
) -> None:
    answer = browser("operator").post(RECORD, typed(title="Gõ dở") | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Gõ dở" in answer.content.decode()


def test_an_own_template_makes_the_draft_that_is_edited() -> None:
    file = Document()
    file.add_paragraph("Mẫu riêng của {{ agency }}, mã {{ number }}")
    out = io.BytesIO()
    file.save(out)
    fields = typed(docx=SimpleUploadedFile("mau.docx", out.getvalue()))
    assert browser("operator").post(RECORD, fields).status_code == 302
    subject = crime_report("Mất xe")
    draft = Document(io.BytesIO(printed(browser("clerk"), subject, "docx")))
    its = matter(subject)
    assert draft.paragraphs[0].text == f"Mẫu riêng của Công an phường Hồng Bàng, mã {its.number}"
    assert its.papers == ()  # a draft is no issue
    assert its.openings == 1  # but the sealed facts were opened for it
    assert browser("operator").post(RECORD, typed(drop_docx="on")).status_code == 302
    assert in_use("receipt-crime", WARD, today()).texts.docx == ""


def test_a_letterhead_stands_above_what_the_unit_prints() -> None:
    fields = {"place": "Cát Dài", "symbol": "CAP-HB", "superior": "Công an TP", "since": today().isoformat()}
    answer = browser("operator").post(f"/papers/letterhead/{WARD}/", fields | {"entry_id": str(uuid7())})
    assert answer.status_code == 302
    text = words(printed(browser("clerk"), crime_report("Mất xe")))
    assert "CÔNG AN TP CÔNG AN PHƯỜNG" in text
    assert "/CAP-HB" in text
    assert "Cát Dài" in html(browser("operator"), f"/papers/letterhead/{WARD}/")
    assert "Cát Dài" in html(browser("clerk"), f"/papers/letterhead/{WARD}/")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_can_be_taken_away(form: str) -> None:
    answer = browser("clerk").get(f"/papers/?format={form}")
    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/papers/", RECORD, f"/papers/letterhead/{WARD}/"])
def test_few_queries(address: str) -> None:
    assert asked(browser("operator"), address) <= 12
