"""The pages of assessment rounds: who sees what, the form that is sent once, the report, few queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.matters import drafts
from haicap.matters.models import MatterRow
from haicap.means.rounds.actions import Naming, assessment_id
from haicap.means.rounds.fold import Round
from haicap.means.rounds.models import AssessmentRow, RoundRow, SaidRow
from haicap.units.rights import tell_database
from means.rounding import NEXT, answers, closes, line, now, opens
from pages import asked, browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
ROUNDS = "/means/rounds/"
ROOF = Naming("headquarters", "Trụ sở dột", money="850000000")


@pytest.fixture
def its() -> Round:
    """A round that the ward owes and its neighbour has answered."""
    tell_database(person("logistics_head"))
    found = opens(sections=("equipment",))
    tell_database(person("neighbour"))
    answers(found, line(said="8", fit="7", should="10", money="45000000"), account="neighbour", at_unit=NEXT,
            difficulties=(ROOF,))  # fmt: skip
    return found


def form_of(client: Client, address: str, **given: Any) -> dict[str, Any]:
    """What the form at an address would send as it stands, with some of it changed."""
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in sent.items()} | given


def write(its: Round) -> str:
    return f"{ROUNDS}answers/{assessment_id(its.id, WARD)}/write/"


def test_the_unit_finds_what_it_owes_and_answers_by_one_form(its: Round) -> None:
    client = browser("clerk")
    assert "Trả lời đợt đánh giá" in html(client, "/clocks/?room=means")
    assert client.get(f"/means/id/{assessment_id(its.id, WARD)}/").status_code == 302
    assert write(its) in html(client, ROUNDS)
    given = form_of(
        client, write(its), **{"sort-0": "headquarters", "text-0": "Dột hai phòng", "money-0": "850.000.000"}
    )
    for _ in range(2):
        assert client.post(write(its), given).status_code == 302
    tell_database(person("clerk"))
    row = AssessmentRow.objects.get(unit=WARD)
    assert (row.changed, row.difficulties) == (0, 1)
    assert MatterRow.objects.filter(procedure="difficulty", unit=WARD).count() == 1
    page = html(client, f"{ROUNDS}answers/{row.pk}/")
    assert "Dột hai phòng" in page
    matter = MatterRow.objects.get(procedure="difficulty", unit=WARD)
    assert f"{ROUNDS}answers/{row.pk}/" in html(client, f"/matters/id/{matter.pk}/")


def test_what_differs_needs_a_note_and_what_was_typed_is_still_there(its: Round) -> None:
    client = browser("clerk")
    given = form_of(
        client, write(its), **{"said-computer": "4", "fit-computer": "5", "text-0": "Chưa có nhóm"}
    )
    answer = client.post(write(its), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "không thể nhiều hơn" in page
    assert "Chọn nhóm vướng mắc" in page
    assert "Chưa có nhóm" in page
    given |= {"fit-computer": "3", "sort-0": "equipment"}
    assert "ghi vì sao" in client.post(write(its), given).content.decode()
    assert client.post(write(its), given | {"note-computer": "Bàn giao thiếu"}).status_code == 302
    tell_database(person("clerk"))
    assert str(SaidRow.objects.get(unit=WARD, sort="computer").said) == "4.00"


def test_a_draft_survives_and_is_gone_once_it_is_sent(its: Round) -> None:
    client, subject = browser("clerk"), assessment_id(its.id, WARD)
    given = form_of(client, write(its), **{"text-0": "Đang soạn", "sort-0": "equipment"})
    kept = given | {"subject": str(subject), "procedure": "assessment", "act": "answer"}
    assert client.post("/matters/drafts/", kept).status_code == 302
    assert write(its) in html(client, "/matters/new/")
    again = form_of(client, write(its))
    assert (again["text-0"], again["entry_id"]) == ("Đang soạn", str(given["entry_id"]))
    assert client.post(write(its), again).status_code == 302
    assert not drafts.of(person("clerk")).exists()


def test_it_is_corrected_with_a_reason_until_it_is_closed(its: Round) -> None:
    client = browser("clerk")
    client.post(write(its), form_of(client, write(its)))
    given = form_of(
        client, write(its), **{"said-printer": "2", "fit-printer": "2", "note-printer": "Mới nhận"}
    )
    assert client.post(write(its), given).status_code == 422
    assert client.post(write(its), given | {"reason": "Bổ sung máy in"}).status_code == 302
    assert "Bổ sung máy in" in html(client, f"{ROUNDS}answers/{assessment_id(its.id, WARD)}/")
    closes(its)
    assert client.get(write(its)).status_code == 302
    answer = client.post(write(its), given | {"entry_id": str(uuid7()), "reason": "Muộn"}, follow=True)
    assert "vừa đóng" in answer.content.decode()


def test_the_province_opens_a_round_by_one_form() -> None:
    client = browser("logistics_head")
    due = (timezone.now() + timedelta(days=9)).date().isoformat()
    given = form_of(
        client, f"{ROUNDS}new/", name="Đánh giá quý IV", due=due, whom="some", units=[WARD, NEXT], note=""
    )
    assert client.post(f"{ROUNDS}new/", given | {"units": []}).status_code == 422
    for _ in range(2):
        assert client.post(f"{ROUNDS}new/", given).status_code == 302
    tell_database(person("logistics_head"))
    assert RoundRow.objects.get().asked == 2
    assert (
        client.post(f"{ROUNDS}new/", given | {"entry_id": str(uuid7()), "due": "2026-01-01"}).status_code
        == 422
    )
    for account in ("clerk", "chief", "auditor"):
        assert browser(account).get(f"{ROUNDS}new/").status_code == 404


def test_the_province_sees_who_is_late_reminds_and_closes(its: Round) -> None:
    client, address = browser("logistics_head"), f"{ROUNDS}{its.id}/"
    assert "Công an phường Hồng Bàng" in html(client, f"{address}?state=waiting")
    assert "Công an phường Hồng Bàng" not in html(client, f"{address}?state=answered").partition("<tbody>")[2]
    assert (
        client.post(f"{address}remind/", {"entry_id": str(uuid7()), "text": "Khẩn trương"}).status_code == 302
    )
    assert "Khẩn trương" in html(browser("clerk"), write(its))
    sent = {"entry_id": str(uuid7()), "note": "Khắc phục ngay"}
    assert client.post(f"{address}close/", sent).status_code == 422
    assert client.post(f"{address}close/", sent | {"sure": "on"}).status_code == 302
    page = html(client, f"{address}report/")
    assert "Khắc phục ngay" in page
    assert "Số liệu giữ như lúc đóng" in page


@pytest.mark.parametrize("account", ["outsider", "operator", "crime"])
def test_whom_a_round_does_not_concern_finds_no_page(account: str, its: Round) -> None:
    client = browser(account)
    for part in ("", "report/", "report.pdf", "lines/", "difficulties/", "close/"):
        assert client.get(f"{ROUNDS}{its.id}/{part}").status_code == 404
    assert client.get(f"{ROUNDS}answers/{assessment_id(its.id, WARD)}/").status_code == 404


def test_a_unit_sees_its_own_answer_and_not_its_neighbours(its: Round) -> None:
    client = browser("clerk")
    assert client.get(f"{ROUNDS}{its.id}/").status_code == 200
    assert client.get(f"{ROUNDS}{its.id}/report/").status_code == 404
    assert client.get(f"{ROUNDS}answers/{assessment_id(its.id, NEXT)}/").status_code == 404
    assert "Trụ sở dột" not in html(client, f"{ROUNDS}{its.id}/difficulties/")
    assert "Trụ sở dột" in html(browser("director"), f"{ROUNDS}{its.id}/difficulties/")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("part", ["", "report/", "lines/", "difficulties/"])
def test_lists_and_report_are_taken_away(form: str, part: str, its: Round) -> None:
    answer = browser("director").get(f"{ROUNDS}{its.id}/{part}?format={form}")
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == 200
    assert len(body) > 100


def test_the_report_is_printed_and_shows_the_map_of_a_figure(its: Round) -> None:
    client = browser("director")
    answer = client.get(f"{ROUNDS}{its.id}/report.pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    page = html(client, f"{ROUNDS}{its.id}/report/?metric=short&of=computer")
    assert "Thiếu so với định mức: Máy tính" in page
    assert f"{ROUNDS}answers/{assessment_id(its.id, NEXT)}/" in page


def test_pages_ask_few_queries_however_many_units_there_are() -> None:
    tell_database(person("logistics_head"))
    closes(opens(at=now() - timedelta(days=40)), at=now() - timedelta(days=30))
    its = opens()
    answers(its, line(should="10"), account="neighbour", at_unit=NEXT, difficulties=(ROOF,))
    client = browser("director")
    parts = ("", "report/", "lines/", "difficulties/")
    addresses = [ROUNDS, *(f"{ROUNDS}{its.id}/{part}" for part in parts)]
    addresses.append(f"{ROUNDS}answers/{assessment_id(its.id, NEXT)}/")
    before = {address: asked(client, address) for address in addresses}
    assert max(before.values()) <= 12, before
    tell_database(person("clerk"))
    answers(its, line(), line("printer", "3", "2"), difficulties=(ROOF, ROOF))
    tell_database(person("logistics_head"))
    opens(at=now() - timedelta(days=1))
    assert {address: asked(client, address) for address in addresses} == before
    assert asked(browser("clerk"), write(its)) <= 16  # asks every part of means for what the record says
