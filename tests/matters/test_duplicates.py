"""Matters that came in twice: likely pairs, joined with both numbers kept, or said to be distinct."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from haicap.journal.ids import uuid7
from haicap.matters.duplicates import Twins, beside, pairs
from haicap.matters.law import law
from haicap.matters.queries import matter_of, one
from haicap.matters.state import Matter
from haicap.units.rights import tell_database
from matters.acting import raises, who
from matters.browsing import browser, hidden, text_of

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
CRIME = {"source": "information", "what": "Mất xe", "severity": "serious", "group": "social-order"}


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield
    tell_database(None)


def crime(title: str, place: str, *, days: float = 1, account: str = "clerk", unit: str = "11311") -> Matter:
    at = datetime.now(UTC) - timedelta(days=days)
    return raises(account, "crime-report", title, CRIME | {"place": place}, at=at, at_unit=unit)


def twice() -> tuple[Matter, Matter]:
    """The same theft told twice, and two others."""
    first = crime("Trộm xe máy Wave tại chợ Sắt", "Chợ Sắt, số 4 Quang Trung", days=2)
    again = crime("Mất trộm xe máy Wave ở chợ Sắt", "số 4 Quang Trung, Chợ Sắt", days=1)
    crime("Đánh bạc tại khu dân cư số 3", "Ngõ 12 Cầu Đất")
    crime("Gây rối trật tự công cộng", "Vườn hoa Tam Bạc")
    return first, again


def found(account: str = "chief", **narrow: object) -> list[Twins]:
    tell_database(who(account))
    return pairs(who(account), law(), at=datetime.now(UTC), **narrow)  # type: ignore[arg-type]


def state(matter: Matter) -> Matter:
    tell_database(who("chief"))
    row = one(who("chief"), matter.id)
    assert row is not None
    return matter_of(row)


def test_the_same_told_twice_is_a_pair_the_later_joined_into_the_earlier() -> None:
    first, again = twice()
    (its,) = found()
    assert (its.later.number, its.earlier.number) == (again.number, first.number)
    assert its.may_join
    assert not found("clerk")[0].may_join  # a chief corrects
    tell_database(who("chief"))
    assert [pair.later.id for pair in beside(who("chief"), law(), again)] == [again.id]


def test_far_in_time_of_another_unit_or_procedure_is_no_pair() -> None:
    title, place = "Trộm xe máy Wave tại chợ Sắt", "Chợ Sắt, số 4 Quang Trung"
    crime(title, place, days=40)
    crime(title, place)
    crime(title, place, account="neighbour", unit="11329")
    raises("clerk", "difficulty", title, {"kind": "equipment", "what": "Mất xe"}, at=datetime.now(UTC))
    assert found() == []
    assert found("director") == []
    assert len(found(days=90)) == 1


def test_nobody_sees_pairs_of_another_unit() -> None:
    twice()
    assert found("neighbour") == []
    assert len(found("director")) == 1
    assert "Wave" not in text_of(browser("neighbour").get("/matters/duplicates/"))


def test_said_to_be_distinct_they_are_not_shown_again() -> None:
    first, again = twice()
    client = browser("clerk")
    page = client.get("/matters/duplicates/")
    sent = {"entry_id": hidden(page, "entry_id"), "from": "list"}
    for _time in range(2):
        answer = client.post(f"/matters/id/{again.id}/distinct/{first.id}/", sent)
        assert answer["Location"] == "/matters/duplicates/"
    assert found() == []
    assert state(again).distinct == (first.id,)
    assert f"Không trùng với việc {first.number}" in text_of(client.get(f"/matters/id/{again.id}/"))


def test_joined_with_a_look_before_and_both_numbers_found() -> None:
    first, again = twice()
    client = browser("chief")
    address = f"/matters/id/{again.id}/join/{first.id}/"
    look = client.get(address)
    for said in (first.number, again.number, "Cả hai số được giữ"):
        assert said in text_of(look)
    assert state(again).joined is None
    sent = {"entry_id": hidden(look, "entry_id")}
    assert client.post(address, sent)["Location"] == f"/matters/id/{first.id}/"
    assert client.post(address, sent).status_code == 302  # sent twice
    assert state(again).joined == first.id
    assert [(link.to, link.how) for link in state(first).links] == [(again.id, "same")]
    assert first.number in text_of(client.get(f"/matters/{again.number}/"))
    assert again.number in text_of(client.get(f"/matters/{first.number}/"))
    assert found() == []


def test_who_may_not_correct_may_not_join() -> None:
    first, again = twice()
    address = f"/matters/id/{again.id}/join/{first.id}/"
    assert browser("clerk").post(address, {"entry_id": str(uuid7())}).status_code == 403
    assert browser("neighbour").get(address).status_code == 404
    assert state(again).joined is None


def test_a_matter_s_page_asks_for_its_twins() -> None:
    first, again = twice()
    client = browser("chief")
    assert f'hx-get="/matters/id/{again.id}/alike/"' in text_of(client.get(f"/matters/id/{again.id}/"))
    part = text_of(client.get(f"/matters/id/{again.id}/alike/", headers={"HX-Request": "true"}))
    assert first.number in part
    assert f"/matters/id/{again.id}/join/{first.id}/" in part
    assert "<html" not in part
    assert first.number in text_of(client.get(f"/matters/id/{again.id}/alike/"))


def test_taken_away_are_the_same_pairs() -> None:
    first, again = twice()
    client = browser("chief")
    body = b"".join(client.get("/matters/duplicates/?format=csv"))
    (row,) = csv.DictReader(io.StringIO(body.decode("utf-8-sig")))
    assert (row["Số, việc đến sau"], row["Số, việc đến trước"]) == (again.number, first.number)
    assert b"".join(client.get("/matters/duplicates/?format=xlsx"))[:2] == b"PK"


def test_few_queries_however_many_pairs() -> None:
    twice()
    client = browser("chief")

    def asked() -> int:
        client.get("/matters/duplicates/")
        with CaptureQueriesContext(connection) as its:
            client.get("/matters/duplicates/")
        return len(its)

    before = asked()
    for number in range(4):
        crime(f"Cướp giật túi xách trên đường Lạch Tray {number}", f"Lạch Tray {number}")
    assert asked() == before <= 14
