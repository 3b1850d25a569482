"""The pages of works: who sees them, what they do, how few queries they ask, what they print."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.means.works import actions, queries
from haicap.means.works.models import ProgrammeRow, ProjectRow
from haicap.papers.sheets import read
from haicap.units.rights import tell_database
from means.works_at_hand import BUDGET, DAYS, does, plans, resolves
from pages import asked, browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
LIST, NEW, PROGRAMMES = "/means/works/", "/means/works/new/", "/means/works/programmes/"
NOW = datetime.now(UTC)
TODAY = NOW.astimezone().date()
SOON = {stage: TODAY + timedelta(days=20 * n) for n, stage in enumerate(DAYS, start=1)}
EARLIER = NOW - timedelta(days=90)


def filled(**more: Any) -> dict[str, Any]:
    its = {"entry_id": str(uuid7()), "unit": WARD, "name": "Trụ sở mới", "sort": "new", "priority": "needed"}
    its |= {f"stage_{stage}": day.isoformat() for stage, day in SOON.items()}
    return its | {"sum_province": "5,9 tỷ", "sum_commune": "400 triệu"} | more


def one_of(name: str) -> ProjectRow:
    tell_database(person("chief"))
    return ProjectRow.objects.get(name=name)


def test_a_project_is_planned_on_a_page_and_sent_twice_is_one() -> None:
    client, form = browser("chief"), filled(gap_kind="working-area", gap_amount="470")
    answers = [client.post(NEW, form) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/means/works/id/{one_of('Trụ sở mới').pk}/"}
    assert one_of("Trụ sở mới").budget == 6_300_000_000
    page = html(client, answers[0]["Location"])
    for words in (
        "Trụ sở mới",
        "Ghi đã đạt:",
        "Chủ trương đầu tư",
        "5.900.000.000",
        "Diện tích làm việc: 470 m²",
    ):
        assert words in page


def test_what_is_wrong_is_said_and_what_was_typed_is_still_there() -> None:
    answer = browser("chief").post(NEW, filled(stage_handover="", sum_province="nhiều"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ghi số tiền bằng số" in page
    assert "Trụ sở mới" in page
    answer = browser("chief").post(NEW, filled(stage_handover=""))
    assert "phải có ngày bàn giao" in answer.content.decode()


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, "JPEG")
    return SimpleUploadedFile("mong.jpg", out.getvalue())


def sent(client: Client, project: Any, deed: str, **given: Any) -> Any:
    form = {"entry_id": str(uuid7())} | given
    return client.post(
        f"/means/works/id/{project.pk if hasattr(project, 'pk') else project.id}/{deed}/", form
    )


def test_a_stage_is_reported_with_a_photo_and_withdrawn() -> None:
    project, client = plans(at=EARLIER), browser("clerk")
    address = f"/means/works/id/{project.id}/"
    given = {
        "stage": "approval",
        "on": TODAY.isoformat(),
        "paper": "NQ 5",
        "evidence": [photo()],
        "note": "Họp",
    }
    assert sent(client, project, "reach", **given).status_code == 302
    page = html(client, address)
    assert "NQ 5" in page
    src = re.search(rf'src="({address}files/[0-9a-f]{{64}}/)"', page)
    assert src
    answer = client.get(src[1])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert browser("neighbour").get(src[1]).status_code == 404
    reached = re.search(r"unreach/\?reached=([0-9a-f-]+)", page)
    assert reached
    assert sent(client, project, "unreach", reached=reached[1], reason="Nhầm").status_code == 302
    assert "Rút lại: Chủ trương đầu tư" in html(client, address)


def test_photos_alone_need_a_file() -> None:
    project, client = plans(at=EARLIER), browser("clerk")
    assert "Chọn ít nhất một tệp" in sent(client, project, "show").content.decode()
    assert sent(client, project, "show", evidence=[photo()], note="Móng").status_code == 302
    assert "Móng" in html(client, f"/means/works/id/{project.id}/")
    wrong = SimpleUploadedFile("a.exe", b"MZ")
    assert "không nhận loại tệp này" in sent(client, project, "show", evidence=[wrong]).content.decode()


def test_each_deed_has_a_page() -> None:
    project, chief, address = plans(at=EARLIER), browser("chief"), "/means/works/id/"
    day = TODAY.isoformat()
    for deed, given in (
        ("schedule", {"stage_handover": "2029-03-01", "reason": "Mưa"}),
        ("budget", {"sum_province": "7 tỷ", "reason": "Giá vật liệu"}),
        ("pay", {"on": day, "source": "province", "amount": "1 tỷ"}),
        ("stop", {"since": day, "ground": "Vướng đất"}), ("resume", {"since": day, "ground": "Xong"}),
        ("correct", {"name": "Tên sửa", "sort": "new", "priority": "pressing", "reason": "Sai tên"}),
    ):  # fmt: skip
        assert 'name="entry_id"' in html(chief, f"{address}{project.id}/{deed}/")
        assert sent(chief, project, deed, **given).status_code == 302, deed
    row = one_of("Tên sửa")
    assert (row.end, row.budget, row.paid, row.standing) == (
        date(2029, 3, 1),
        7_000_000_000,
        1_000_000_000,
        "planned",
    )
    payment = queries.project_of(row).payments[0].id
    html(chief, f"{address}{project.id}/repay/?payment={payment}")
    given = {
        "payment": payment,
        "on": day,
        "source": "province",
        "amount": "1",
        "none": "on",
        "reason": "Không có",
    }
    assert sent(chief, project, "repay", **given).status_code == 302
    assert one_of("Tên sửa").paid == 0
    html(chief, f"{address}{project.id}/repay/?payment={uuid7()}", 404)
    assert sent(chief, project, "burn").status_code == 404


def test_a_deed_that_fits_no_more_says_so() -> None:
    project, client = plans(at=EARLIER), browser("clerk")
    does("chief", actions.stop, project, at=NOW, since=TODAY, ground="Vướng đất")
    answer = client.get(f"/means/works/id/{project.id}/reach/", follow=True)
    assert "đã chuyển sang tình trạng khác" in answer.content.decode()
    assert sent(client, project, "stop", since=TODAY.isoformat(), ground="x").status_code == 302
    tell_database(person("clerk"))
    assert Entry.objects.filter(subject=project.id).count() == 2


@pytest.mark.parametrize("account", ["neighbour", "outsider", "crime_head", "operator"])
def test_others_see_nothing_of_it(account: str) -> None:
    project, client = plans("Trụ sở của phường khác", at=EARLIER), browser(account)
    for address in (f"{LIST}id/{project.id}/", f"{LIST}id/{project.id}/reach/"):
        html(client, address, 404)
    assert sent(client, project, "pay").status_code == 404
    if account != "operator":
        assert "Trụ sở của phường khác" not in html(client, LIST)


def test_who_only_sees_is_offered_nothing_to_do() -> None:
    project = plans(at=EARLIER)
    page = html(browser("auditor"), f"{LIST}id/{project.id}/")
    assert "/reach/" not in page
    html(browser("auditor"), f"{LIST}id/{project.id}/reach/", 404)
    html(browser("auditor"), NEW, 404)
    html(browser("clerk"), NEW, 404)


def test_the_page_compares_with_an_earlier_day() -> None:
    project = plans(at=NOW - timedelta(days=60))
    project = does(
        "clerk", actions.schedule, project, at=NOW - timedelta(days=20), stages={"handover": date(2027, 3, 1)},
        reason="Mưa",
    )  # fmt: skip
    client, address = browser("chief"), f"{LIST}id/{project.id}/"
    for days, said in ((40, "chậm 60 ngày"), (10, "đúng ngày"), (90, "chưa được lập")):
        page = html(client, f"{address}?against={TODAY - timedelta(days=days)}")
        assert said in page
        assert ("chậm 60 ngày" in page) is (days == 40)
    listed = html(client, f"{LIST}?against={TODAY - timedelta(days=40)}")
    assert "chậm 60 ngày" in listed
    assert "khi đó chưa lập" in html(client, f"{LIST}?against={TODAY - timedelta(days=90)}")


def programme(count: int, *, at: datetime = EARLIER) -> Any:
    its = resolves(target=25, sums=BUDGET)
    for n in range(count):
        plans(f"Trụ sở {n}", programme=its.id, at=at)
    return its


def test_a_programme_is_founded_and_changed_on_a_page() -> None:
    client = browser("logistics")
    form = {
        "entry_id": str(uuid7()),
        "name": "Trụ sở 2026-2028",
        "first": "2026",
        "last": "2028",
        "target": "25",
    }
    answer = client.post(f"{PROGRAMMES}new/", form | {"sum_province": "100 tỷ"})
    assert answer.status_code == 302
    subject = ProgrammeRow.objects.get().pk
    change = form | {"entry_id": str(uuid7()), "name": "Tên khác", "sum_province": "100 tỷ"}
    assert client.post(f"{PROGRAMMES}{subject}/change/", change).status_code == 302
    assert "Tên khác" in html(browser("clerk"), PROGRAMMES)
    html(browser("clerk"), f"{PROGRAMMES}new/", 404)
    html(browser("chief"), f"{PROGRAMMES}{subject}/change/", 404)
    html(browser("outsider"), f"{PROGRAMMES}{subject}/", 404)
    assert (
        client.post(f"{PROGRAMMES}new/", form | {"entry_id": str(uuid7()), "last": "2020"}).status_code == 422
    )


def test_each_bar_is_a_link_and_each_figure_its_list() -> None:
    its, client = programme(3), browser("director")
    page = html(client, f"{PROGRAMMES}{its.id}/")
    for project in queries.of_programme(person("director"), its.id):
        assert f'<li><a href="/means/works/id/{project.id}/">' in page
    for href, count in re.findall(
        r'class="figure [a-z]+" href="([^"]+)"><b>(?:<i[^>]*>.</i> )?([\d.]+)</b>', page
    ):
        rows = html(client, href.replace("&amp;", "&")).count('class="open"')
        assert rows == int(count), href
    assert "style=" not in page


def test_the_programme_prints_on_a4_across() -> None:
    its, client = programme(3), browser("director")
    pdf = client.get(f"{PROGRAMMES}{its.id}.pdf").content
    pages = pypdfium2.PdfDocument(pdf)
    assert [round(side / 72 * 25.4) for side in pages[0].get_size()] == [297, 210]
    text = re.sub(r"\s+", " ", pages[0].get_textpage().get_text_range())
    for words in ("Chương trình trụ sở".upper(), "Trụ sở 0", "Tổng số: 3"):
        assert words in text
    assert client.get(f"{PROGRAMMES}{its.id}.pdf?against=2026-10-01").status_code == 200
    assert browser("outsider").get(f"{PROGRAMMES}{its.id}.pdf").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_is_taken_away_as_it_is_filtered(form: str) -> None:
    its = programme(2)
    plans("Ngoài chương trình", at=EARLIER)
    answer = browser("chief").get(f"{LIST}?programme={its.id}&format={form}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = read(body)
    assert sorted(row["Tên công trình"] for row in rows) == ["Trụ sở 0", "Trụ sở 1"]
    assert {row["Dự toán (đồng)"] for row in rows} == {"5900000000"}


@pytest.mark.parametrize("account", ["clerk", "director"])
def test_the_number_of_queries_does_not_grow(account: str) -> None:
    its, client = programme(1), browser(account)
    project = plans("Một", at=EARLIER, programme=its.id)
    addresses = [
        LIST,
        PROGRAMMES,
        f"{PROGRAMMES}{its.id}/",
        f"{LIST}id/{project.id}/",
        f"{LIST}?against=2026-10-01",
    ]
    few = [asked(client, address) for address in addresses]
    for n in range(4):
        plans(f"Thêm {n}", at=EARLIER, programme=its.id, at_unit=WARD)
        does("clerk", actions.pay, project, at=NOW, on=TODAY, source="other", amount=5 + n)
    assert [asked(client, address) for address in addresses] == few
    assert max(few) <= 12


def test_what_is_owed_leads_to_the_report() -> None:
    project = plans(at=EARLIER, stages=DAYS)
    page = html(browser("clerk"), "/clocks/?room=means")
    assert f"/means/works/id/{project.id}/reach/" in page
