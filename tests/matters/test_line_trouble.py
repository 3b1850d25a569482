"""Long outages become drafts of difficulties; what came late by the line is told, and nobody's lateness."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from cast import WARD
from haicap.clocks.models import Owed
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.matters import drafts, late, line_trouble
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.queries import filtered
from haicap.nodes.line import arrivals
from haicap.nodes.line.reporting import MEASURED, Report
from haicap.units.rights import tell_database
from matters.acting import raises, steps
from pages import browser, difficulty, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
MONDAY = datetime(2026, 7, 13, 1, 15, tzinfo=UTC)  # 08:15 in Vietnam, a working day
HOUR = timedelta(hours=1)


def outage(hours: float, began: datetime = MONDAY, unit: str = WARD) -> Report:
    ended = began + hours * HOUR
    return Report(uuid7(), UUID(int=7), unit, "outage", began, ended, ended + HOUR, seen="timeout")


def kept() -> list[drafts.Draft]:
    return list(drafts.of(person("chief")))


@pytest.mark.parametrize(
    ("began", "hours", "worked"),
    [
        (MONDAY, 2, 2.0), (MONDAY, 6, 4.0), (MONDAY, 24, 7.5), (MONDAY + 10 * HOUR, 12, 0.0),
        (MONDAY - 48 * HOUR, 48, 0.75), (MONDAY + 4 * HOUR, 1, 0.0),
    ],
)  # fmt: skip
def test_only_the_time_of_open_offices_counts(began: datetime, hours: float, worked: float) -> None:
    # 08:15 to 11:30 and 13:30 on; a night; a weekend until Monday 08:15; lunch
    assert line_trouble.working_time(began, began + hours * HOUR, law()) == timedelta(hours=worked)


def test_a_long_outage_is_a_draft_of_the_leaders_with_its_evidence_and_on_today() -> None:
    assert MEASURED["difficulties"] is line_trouble.take
    it = outage(6 + 25 / 60)
    for _twice in range(2):
        assert line_trouble.take(it)
    (draft,) = kept()
    answers = drafts.answers(draft)
    assert answers["kind"] == "data-lines"
    assert answers["title"] == "Mất đường truyền dữ liệu 6 giờ 25 phút, ngày 13/07/2026"
    assert "từ 08:15 ngày 13/07/2026 đến 14:40 ngày 13/07/2026" in answers["what"]
    assert "không có trả lời" in answers["what"]
    address = f"/matters/new/difficulty/?draft={draft.entry_id}"
    assert address in html(browser("chief"), "/")
    page = html(browser("chief"), address)
    assert "6 giờ 25 phút" in page
    assert not drafts.of(person("clerk")).exists()


def test_a_short_outage_or_a_day_is_none() -> None:
    assert line_trouble.take(outage(3.9))
    day = Report(uuid7(), UUID(int=7), WARD, "day", MONDAY, MONDAY + 9 * HOUR, MONDAY + 24 * HOUR)
    assert line_trouble.take(day)
    assert kept() == []


def test_how_long_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAICAP_OUTAGE_HOURS", "1.5")
    assert line_trouble.take(outage(2))
    assert len(kept()) == 1


def test_a_unit_without_a_leader_is_offered_it_again() -> None:
    assert not line_trouble.take(outage(6, unit="11338"))


def test_what_was_sent_is_not_begun_again() -> None:
    it = outage(6)
    line_trouble.take(it)
    (draft,) = kept()
    sent = drafts.answers(draft) | {"entry_id": str(draft.entry_id), "received": "2026-07-13T15:40"}
    assert browser("chief").post("/matters/new/difficulty/", sent).status_code == 302
    assert kept() == []
    tell_database(person("chief"))
    assert MatterRow.objects.filter(title__startswith="Mất đường truyền").exists()


# Late by the line


def opened(hours_ago: float = 10) -> tuple[UUID, Entry]:
    subject = difficulty("Trụ sở dột", days_ago=hours_ago / 24)
    tell_database(person("clerk"))
    return subject, Entry.objects.get(subject=subject)


def test_an_arrival_counts_for_all_up_to_it_and_the_first_stays() -> None:
    stream = uuid7()
    for up_to, at in ((5, MONDAY), (9, MONDAY + HOUR), (9, MONDAY + 3 * HOUR)):
        arrivals.note({stream: up_to}, at, using="default")
    assert arrivals.of([(stream, seq) for seq in (1, 5, 6, 9, 10)]) == {
        (stream, 1): MONDAY, (stream, 5): MONDAY, (stream, 6): MONDAY + HOUR, (stream, 9): MONDAY + HOUR,
    }  # fmt: skip


def test_what_came_late_says_so_and_names_the_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    subject, entry = opened()
    page = f"/matters/id/{subject}/"
    arrivals.note({entry.stream_id: entry.seq}, entry.at + timedelta(minutes=2), using="default")
    assert "đến đây lúc" not in html(browser("clerk"), page)
    arrivals.Arrival.objects.all().delete()
    arrivals.note({entry.stream_id: entry.seq}, entry.at + 6 * HOUR, using="default")
    assert "đến đây lúc" in html(browser("clerk"), page)
    began, ended = entry.at - HOUR, entry.at + 6 * HOUR
    monkeypatch.setattr(late, "CUTS", [lambda unit, since, until: [(began, ended)] if unit == WARD else []])
    said = html(browser("clerk"), page)
    assert "đến đây muộn do đường truyền (mất " in said
    assert f"{began.astimezone(late.VIETNAM):%H:%M}" in said


def test_a_step_taken_in_time_counts_as_in_time_however_late_it_came_in() -> None:
    """The answer was due after ten working days; it was given after one, and came in when they were long over."""
    at, roof = datetime.now(UTC), {"kind": "headquarters", "what": "Dột"}
    matter = raises("clerk", "difficulty", "Trụ sở dột", roof, at=at - timedelta(days=60))
    subject = matter.id
    director = person("director")
    tell_database(director)
    assert filtered(director, {"overdue": "1"}, at=at).filter(pk=subject).exists()
    done = at - timedelta(days=59)
    steps("logistics", matter, "answer", at=done, outcome="guidance", guidance="Theo mẫu")
    steps("clerk", matter, "confirm-removed", at=done + HOUR)
    tell_database(director)
    entry = Entry.objects.filter(subject=subject).latest("seq")
    assert entry.kind == "matter.stepped"
    arrivals.note({entry.stream_id: entry.seq}, at, using="default")
    assert not filtered(director, {"overdue": "1"}, at=at).filter(pk=subject).exists()
    owed = Owed.objects.get(subject=subject, clock="answer")
    assert (owed.met, owed.due is not None and owed.due > done) == (done, True)
