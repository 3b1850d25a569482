"""The pages of staff: who sees them, what their forms write, how few queries they ask."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.means.staff import actions, queries
from haicap.means.staff.models import EstablishedRow
from haicap.units.loading import Founder
from haicap.units.models import PostRow
from haicap.units.rights import tell_database
from haicap.units.sign_in import today
from means.staffing import DAY, NOW, One, does, establishes, puts
from pages import asked, browser, html, in_days, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
STAFF = "/means/staff/"
UNIT = f"{STAFF}units/{WARD}/"
YEAR = timedelta(days=365)


@pytest.fixture
def one() -> One:
    """An officer of the ward with a licence, seconded to the next; the ward has an establishment."""
    tell_database(person("chief"))
    establishes(officer=6, driver=2)
    it = puts("a")
    does("qualify", it, sort="driver", grade="b", since=DAY - YEAR, until=today() + timedelta(days=30))
    does("second", it, to="11329", since=DAY - YEAR, until=today() + timedelta(days=20), ground="Tăng cường")
    does("train", it, course="Sơ cứu ban đầu", since=DAY, days=2, result="completed")
    return it


def sent(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, {"entry_id": str(uuid7()), **given})


def test_the_list_counts_what_its_links_list(one: One) -> None:
    page = html(browser("chief"), STAFF)
    assert "thiếu" in page
    assert "66,7" in page
    listed = html(browser("chief"), f"{STAFF}people/?unit={WARD}")
    assert listed.count('class="open"') == 4
    assert "Cán bộ a" in html(browser("chief"), f"{STAFF}people/?state=expiring")
    assert "Cán bộ a" in html(browser("chief"), f"{STAFF}secondments/?state=ending")
    assert "Cán bộ a" not in html(browser("chief"), f"{STAFF}people/?where=present&unit={WARD}")


def test_the_list_speaks_of_the_day_that_is_asked_for(one: One) -> None:
    page = html(browser("chief"), f"{STAFF}?at=2025-06-30&q=hong+bang")
    assert "30/06/2025" in page
    assert "Không có đơn vị nào" in page
    assert "01/08/2025" in html(browser("chief"), f"{UNIT}?at=2025-08-01")


@pytest.mark.parametrize("account", ["clerk", "neighbour", "outsider", "operator"])
def test_who_may_not_see_the_units_staff_finds_no_page(account: str, one: One) -> None:
    client = browser(account)
    for address in (UNIT, f"{UNIT}list.pdf", f"{UNIT}establishment/", f"{STAFF}{one.person}/"):
        assert client.get(address).status_code == 404
    for address in (STAFF, f"{STAFF}people/", f"{STAFF}secondments/", f"{STAFF}list.pdf"):
        answer = client.get(address)
        assert answer.status_code == (200 if account == "outsider" else 404)
        assert b"C\xc3\xa1n b\xe1\xbb\x99 a" not in answer.content


def test_who_may_see_and_not_write_is_offered_no_form(one: One) -> None:
    client = browser("director")
    assert "establishment/" not in html(client, UNIT)
    assert "/qualify/" not in html(client, f"{STAFF}{one.person}/")
    assert client.get(f"{STAFF}{one.person}/qualify/").status_code == 404
    assert (
        sent(client, f"{STAFF}{one.person}/qualify/", what="first-aider", since="2026-01-01").status_code
        == 404
    )


def test_an_establishment_is_one_form(one: One) -> None:
    given = {"since": "2026-08-01", "act": "QĐ 5", "n_officer": "9", "n_investigator": "3"}
    assert sent(browser("chief"), f"{UNIT}establishment/", **given).status_code == 302
    tell_database(person("chief"))
    assert set(EstablishedRow.objects.filter(until=None).values_list("kind", "count")) == {
        ("officer", 9), ("investigator", 3),
    }  # fmt: skip
    answer = sent(browser("chief"), f"{UNIT}establishment/", **given | {"n_investigator": "10"})
    assert answer.status_code == 422
    assert "QĐ 5" in answer.content.decode()


def test_an_establishment_entered_by_mistake_is_struck(one: One) -> None:
    tell_database(person("chief"))
    known = queries.establishment(WARD)
    assert known is not None
    address = f"{UNIT}establishment/{known.editions[0].id}/strike/"
    assert "QĐ 1" in html(browser("chief"), address)
    assert sent(browser("chief"), address, reason="Nhầm xã").status_code == 302
    assert "Chưa giao biên chế" in html(browser("chief"), UNIT)


FORMS = {
    "qualify": {"what": "investigator:junior", "since": "2026-01-05", "last": "2031-01-05", "paper": "QĐ 7"},
    "second": {
        "to": "11329",
        "since": f"{in_days(200)}",
        "last": f"{in_days(230)}",
        "ground": "Đợt cao điểm",
    },
    "train": {"course": "Kỹ năng tiếp dân", "since": "2026-01-05", "days": "2", "result": "completed"},
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_each_form_writes_into_the_file(name: str, one: One) -> None:
    client, address = browser("chief"), f"{STAFF}{one.person}/{name}/"
    assert "entry_id" in html(client, address)
    assert client.post(address, {"entry_id": str(uuid7())}).status_code == 422
    entry = str(uuid7())
    for _ in range(2):
        assert client.post(address, {"entry_id": entry, **FORMS[name]}).status_code == 302
    tell_database(person("chief"))
    record = queries.records_of([one.person])[one.person]
    its = (record.qualifications, record.secondments, record.trainings)
    assert [str(part[-1].id) == entry for part in its].count(True) == 1
    page = html(client, f"{STAFF}{one.person}/")
    assert {"qualify": "Điều tra viên sơ cấp", "second": "Đợt cao điểm", "train": "Kỹ năng tiếp dân"}[
        name
    ] in page


def test_what_is_in_the_file_is_withdrawn_changed_and_struck(one: One) -> None:
    last = in_days(280)
    client, address = browser("chief"), f"{STAFF}{one.person}/"
    tell_database(person("chief"))
    record = queries.records_of([one.person])[one.person]
    licence, secondment, course = (
        record.qualifications[0].id,
        record.secondments[0].id,
        record.trainings[0].id,
    )
    assert (
        sent(client, f"{address}withdraw/?what={licence}", since="2026-06-01", ground="QĐ 8").status_code
        == 302
    )
    assert (
        sent(client, f"{address}change/?what={secondment}", last=f"{last}", ground="Kéo dài").status_code
        == 302
    )
    assert sent(client, f"{address}strike/?what={course}", reason="Nhầm người").status_code == 302
    page = html(client, address)
    assert "Đã thu hồi" in page
    assert f"{last:%d/%m/%Y}" in page
    assert "Chưa ghi lớp tập huấn" in page
    assert "Nhầm người" in page  # the history keeps it
    assert client.get(f"{address}strike/?what={course}").status_code == 404


def test_a_secondment_to_an_unknown_unit_is_told(one: One) -> None:
    answer = sent(browser("chief"), f"{STAFF}{one.person}/second/", **FORMS["second"] | {"to": "đâu đó"})
    assert answer.status_code == 422
    assert "chọn trong danh sách" in answer.content.decode()


def test_the_unit_that_receives_sees_who_comes() -> None:
    there = puts("b", at_unit="11329")
    tell_database(person("chief"))
    with_chief = actions.record_id(there.person)
    with writing(Founder(own().id), at=NOW, subjects=[with_chief], units=["11329"]) as pen:
        actions.second(pen, entry_id=uuid7(), person=there.person, post=there.post, to=WARD, since=DAY,
                       until=today() + YEAR, ground="Tăng cường")  # fmt: skip
    client = browser("chief")
    assert "Cán bộ b" in html(client, UNIT)
    assert "Biệt phái" in html(client, f"{STAFF}{there.person}/")
    assert client.get(f"{STAFF}{there.person}/train/").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("address", [STAFF, f"{STAFF}people/", f"{STAFF}secondments/"])
def test_lists_are_taken_away(form: str, address: str, one: One) -> None:
    answer = browser("chief").get(f"{address}?format={form}&state=")
    assert answer.status_code == 200
    body = b"".join(answer) if answer.streaming else answer.content
    assert len(body) > 100
    if form == "csv" and address != STAFF:
        assert "Cán bộ a" in body.decode("utf-8-sig")


@pytest.mark.parametrize("address", [f"{STAFF}list.pdf", f"{UNIT}list.pdf"])
def test_lists_are_printed(address: str, one: One) -> None:
    answer = browser("chief").get(address)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_pages_ask_few_queries_however_many_there_are(one: One) -> None:
    client = browser("chief")
    addresses = [STAFF, f"{STAFF}people/", f"{STAFF}secondments/", UNIT, f"{STAFF}{one.person}/"]
    before = {address: asked(client, address) for address in addresses}
    assert max(before.values()) <= 12, before
    for name in "bcdef":
        more = puts(name)
        does("qualify", more, sort="first-aider", since=DAY)
        does("second", more, to="11329", since=DAY, until=today() + YEAR, ground="Tăng cường")
    assert {address: asked(client, address) for address in addresses} == before


def test_the_unit_page_shows_ordinary_officers_to_those_who_may_see_staff(one: One) -> None:
    assert "Cán bộ a" in html(browser("chief"), f"/units/{WARD}/")
    assert "Cán bộ a" not in html(browser("clerk"), f"/units/{WARD}/")


def test_an_operator_opens_a_post_without_rights(one: One) -> None:
    form = {"entry_id": str(uuid7()), "subject": str(uuid7()), "role": "officer",
            "name": "Cán bộ tổ",
            "name_en": "Officer", "since": "2026-01-05", "plain": "on", "write": "1"}  # fmt: skip
    assert browser("operator").post(f"/units/{WARD}/open-post/", form).status_code == 302
    state = PostRow.objects.get(pk=UUID(form["subject"])).state
    assert state is not None
    assert state["grants"] == []
