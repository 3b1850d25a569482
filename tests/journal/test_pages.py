"""The journal's pages: who sees which streams, what is witnessed, entries as they were written."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from cast import WARD
from haicap.journal import queries
from haicap.journal.checkpoint import checkpoint
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry, Stream
from haicap.journal.pen import writing
from haicap.units.actions import withdraw_grant
from haicap.units.rights import tell_database
from pages import asked, browser, crime_report, difficulty, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


@pytest.fixture
def work() -> UUID:
    """The ward's stream of work, with a difficulty and a crime report in it."""
    difficulty("Trụ sở dột")
    crime_report("Mất xe")
    return Stream.objects.get(unit=WARD, channel="work").id


def units_of(account: str, query: str = "") -> set[str]:
    """The units of the work streams that somebody finds."""
    response = browser(account).get(f"/journal/?channel=work&{query}")
    return {line["code"] for line in response.context["lines"]}


def test_reach_decides_which_streams_are_seen(work: UUID) -> None:
    assert units_of("clerk") == units_of("director") == units_of("operator") == {WARD}
    assert units_of("outsider") == units_of("neighbour") == set()
    html(browser("outsider"), f"/journal/{work}/", 404)
    html(browser("outsider"), f"/journal/{work}/1/", 404)


def test_the_reference_channel_is_for_everybody() -> None:
    reference = Stream.objects.get(unit="BCA", channel="reference").id
    assert "document.published" in html(browser("outsider"), f"/journal/{reference}/")


def test_visitors_are_sent_to_sign_in(work: UUID) -> None:
    for address in ("/journal/", f"/journal/{work}/", f"/journal/{work}/1/"):
        assert Client().get(address).status_code == 302


def test_a_checkpoint_witnesses_what_was_written_until_then(work: UUID, own_folder: Path) -> None:
    client = browser("clerk")
    before = client.get("/journal/").context
    assert before["heard"].at is None
    assert before["waiting"] == before["entries"]
    checkpoint(at=datetime.now(UTC))
    after = client.get("/journal/?behind=1").context
    assert after["waiting"] == 0
    assert after["lines"] == []
    difficulty("Một việc nữa")
    lines = client.get("/journal/?behind=1").context["lines"]
    assert [(line["code"], line["behind"]) for line in lines] == [(WARD, 1)]
    assert "Chưa chứng thực" in html(client, f"/journal/{work}/3/")
    assert "Chưa chứng thực" not in html(client, f"/journal/{work}/2/")


def test_streams_are_found_by_unit_and_taken_away(work: UUID) -> None:
    assert units_of("director", "q=hong bang") == {WARD}
    assert units_of("director", "q=ngo quyen") == set()
    text = browser("director").get("/journal/?channel=work&format=csv").content.decode()
    assert Stream.objects.get(pk=work).hash.hex() in text
    assert browser("director").get("/journal/?format=xlsx").content.startswith(b"PK")


def test_a_stream_lists_its_entries_the_newest_first(work: UUID) -> None:
    context = browser("clerk").get(f"/journal/{work}/").context
    assert [it["seq"] for it in context["entries"]] == [2, 1]
    assert {it["kind"] for it in context["entries"]} == {"matter.raised"}
    assert context["entries"][0]["actor"].startswith("Cán bộ clerk")
    one = browser("clerk").get(f"/journal/{work}/?from=1").context
    assert ([it["seq"] for it in one["entries"]], one["newer"], one["older"]) == ([1], 2, None)


def test_an_entry_is_shown_as_written_and_stays_sealed(work: UUID) -> None:
    page = html(browser("clerk"), f"/journal/{work}/2/")
    entry = Entry.objects.using("default").filter(stream=work, seq=2)
    tell_database(person("clerk"))
    row = entry.get()
    assert row.sealed is not None
    assert bytes(row.sealed).hex() in page
    assert "Mất xe máy" not in page  # what was told is sealed
    assert "Mã băm khớp với mục trước" in page
    assert json.loads(queries.told(row)) == json.loads(bytes(row.payload))
    html(browser("clerk"), f"/journal/{work}/9/", 404)


def test_a_hash_that_does_not_fit_is_seen(work: UUID) -> None:
    tell_database(person("clerk"))
    stream, row = Stream.objects.get(pk=work), Entry.objects.get(stream=work, seq=2)
    assert queries.linked(row, stream)
    row.payload = bytes(row.payload).replace(b"matter.raised", b"matter.raisee")
    assert not queries.linked(row, stream)


def test_an_operator_sees_heads_but_no_contents(work: UUID) -> None:
    page = html(browser("operator"), f"/journal/{work}/")
    assert "không thuộc quyền xem của chức vụ bạn" in page
    assert "matter.raised" not in page
    html(browser("operator"), f"/journal/{work}/1/", 404)


def test_the_last_verification_is_told(own_folder: Path) -> None:
    client = browser("auditor")
    assert "Chưa có kết quả." in html(client, "/journal/")
    found = {
        "at": "2026-11-22T02:00:00+00:00", "ok": False, "entries": 4054, "seconds": 1.5, "witnessed": 4000,
        "not_yet_witnessed": 54, "problems": [{"stream": "0" * 32, "seq": 7, "what": "hash differs"}],
    }  # fmt: skip
    (own_folder / "verify.json").write_text(json.dumps(found))
    page = html(client, "/journal/")
    for said in ("1 sai lệch", "4.054 mục được băm lại", "hash differs"):
        assert said in page
    (own_folder / "verify.json").write_text('{"at": ')
    assert "Chưa có kết quả." in html(client, "/journal/")


def test_a_subject_from_a_newer_version_is_listed() -> None:
    subject = difficulty("Từ tương lai")
    assert browser("clerk").get("/journal/").context["doubts"] == []
    with writing(person("clerk"), at=datetime.now(UTC)), connection.cursor() as cursor:
        cursor.execute("UPDATE matters_matterrow SET frozen = %s WHERE id = %s", [uuid7(), subject])
    page = html(browser("clerk"), "/journal/")
    assert f'href="/matters/id/{subject}/"' in page
    assert "có mục từ phiên bản mới hơn" in page
    assert browser("neighbour").get("/journal/").context["doubts"] == []


def test_pages_ask_few_queries_however_long_the_list(work: UUID) -> None:
    client = browser("clerk")
    few = [asked(client, address) for address in ("/journal/", f"/journal/{work}/", f"/journal/{work}/1/")]
    assert max(few) <= 12
    for number in range(4):
        difficulty(f"Thêm {number}")
    assert asked(client, f"/journal/{work}/") == few[1]


def test_who_has_no_right_to_the_journal_does_not_find_it() -> None:
    (right,) = person("clerk").rights
    with writing(
        person("operator"), at=datetime.now(UTC), subjects=[right.post], units=[WARD], channel="reference"
    ) as pen:
        withdraw_grant(pen, entry_id=uuid7(), post=right.post, grant=right.grant, since=date(2026, 1, 1))
    html(browser("clerk"), "/journal/", 404)
