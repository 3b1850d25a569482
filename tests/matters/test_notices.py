"""What is new for whom, and the mail of a working day's morning: one, never at night, with nothing sealed in it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.afterwards import comment
from haicap.matters.handling import Doing, assign, hand_over, take_step
from haicap.matters.law import law
from haicap.matters.notices import digest, news
from haicap.matters.notices.models import Watch
from haicap.units.rights import tell_database
from nodes.world import joined
from pages import browser, crime_report, difficulty, html, in_days, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
MORNING = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)  # Monday, 07:05 in Vietnam


def sorts(account: str) -> dict[str, list[str]]:
    """What is new for somebody, by title."""
    someone = person(account)
    tell_database(someone)
    at = datetime.now(UTC)
    told = news.of(someone, law(), since=news.since(someone, at=at))
    return {it.title: [one.sort for one in it.news] for it in told}


def acted(account: str, subject: UUID, do: Any, **told: Any) -> None:
    with writing(person(account), at=datetime.now(UTC), subjects=[subject], units=[WARD]) as pen:
        do(pen, entry_id=uuid7(), subject=subject, **told)


def test_what_comes_to_my_unit_is_new_and_what_i_did_is_not() -> None:
    difficulty("Dột mái")
    assert sorts("logistics") == {"Dột mái": ["came"]}
    assert sorts("clerk") == {}
    assert sorts("neighbour") == {}


def test_what_is_given_to_me_is_new_for_me_alone() -> None:
    subject = crime_report("Mất xe")
    acted("chief", subject, assign, person=person("officer").id)
    assert sorts("officer")["Mất xe"][0] == "assigned"
    assert "assigned" not in sorts("clerk").get("Mất xe", [])


def test_an_answer_is_new_for_whoever_raised_it() -> None:
    subject = difficulty("Dột mái")
    told = Doing("answer", outcome="asked-authority", answers={
        "authority": "UBND phường Hồng Bàng", "paper": "112/CV", "answer_due": f"{in_days(300)}",
    })  # fmt: skip
    acted("logistics", subject, take_step, law=law(), doing=told)
    assert sorts("clerk") == {"Dột mái": ["answered"]}
    told_ = news.of(person("clerk"), law(), since=datetime.now(UTC) - timedelta(days=1))
    assert told_[0].news[0].words == "Trả lời"


def test_remarks_and_hand_overs_are_new_for_the_others() -> None:
    subject = crime_report("Mất xe")
    acted("clerk", subject, comment, law=law(), text="Đã gọi lại.")
    assert sorts("chief")["Mất xe"] == ["commented", "came"]
    acted("chief", subject, hand_over, to="31-PC02")
    assert "came" in sorts("crime")["Mất xe"]


def test_a_department_reads_only_what_concerns_it() -> None:
    crime_report("Mất xe")
    assert sorts("logistics") == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry WHERE channel = 'work' AND unit = %s", [WARD])
        assert cursor.fetchone() == (0,)  # the reach for this one question is gone with it


def test_what_was_looked_at_is_new_no_longer() -> None:
    difficulty("Dột mái")
    officer = browser("logistics")
    assert officer.get("/notices/count/", headers={"HX-Request": "true"}).content == b"1"
    assert "Đến đơn vị bạn" in html(officer, "/notices/")
    assert officer.post("/notices/seen/").status_code == 302
    assert officer.get("/notices/count/", headers={"HX-Request": "true"}).content == b""
    assert "Không có gì mới" in html(officer, "/notices/")
    assert "Đến đơn vị bạn" in html(officer, "/notices/?since=week")


def test_the_header_leads_to_it_with_and_without_scripts() -> None:
    page = html(browser("clerk"), "/")
    assert 'href="/notices/"' in page
    assert 'hx-get="/notices/count/"' in page
    assert browser("clerk").get("/notices/count/").headers["Location"] == "/notices/"


def test_what_is_owed_stands_beside_the_news() -> None:
    crime_report("Mất xe", days_ago=9)
    assert "Quá hạn" in html(browser("clerk"), "/notices/")


def test_the_news_can_be_taken_away() -> None:
    difficulty("Dột mái")
    text = b"".join(browser("logistics").get("/notices/?format=csv")).decode()
    assert "Dột mái" in text


def test_no_number_of_queries_grows_with_the_news() -> None:
    officer = browser("logistics")

    def asked() -> int:
        officer.get("/notices/")
        with CaptureQueriesContext(connection) as found:
            officer.get("/notices/")
        return len(found)

    difficulty("Dột mái")
    few = asked()
    for n in range(5):
        difficulty(f"Mất điện {n}")
    assert asked() == few <= 16


# The mail


@pytest.fixture
def server(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    settings.MAIL_FROM = "haicap@example"
    settings.ADDRESS = "https://haicap.example"


def before_morning(days: int) -> int:
    """How many days before today lie as many days before `MORNING`."""
    return (datetime.now(UTC) - MORNING).days + days


def wants(account: str, language: str = "vi") -> None:
    browser(account)
    User.objects.filter(username=account).update(email=f"{account}@example.vn")
    Watch.objects.update_or_create(pk=person(account).id, defaults={"digest": True, "language": language})


@pytest.mark.usefixtures("server")
def test_one_mail_says_what_is_overdue_due_and_new() -> None:
    difficulty("Dột mái", days_ago=before_morning(60))
    wants("logistics")
    assert digest.send(MORNING) == 1
    (sent,) = mail.outbox
    assert sent.to == ["logistics@example.vn"]
    assert sent.subject == "Việc ngày 23/11: 1 quá hạn, 0 đến hạn hôm nay, 0 có tin mới"
    assert "Dột mái" in sent.body
    assert "https://haicap.example/matters/id/" in sent.body
    assert "https://haicap.example/notices/mail/" in sent.body
    (page, kind), *_others = sent.alternatives
    assert kind == "text/html"
    assert "Dột mái" in page


@pytest.mark.usefixtures("server")
def test_never_two_on_one_day_and_one_again_on_the_next() -> None:
    difficulty("Dột mái", days_ago=before_morning(60))
    wants("logistics")
    assert [digest.send(MORNING), digest.send(MORNING + timedelta(hours=3))] == [1, 0]
    assert digest.send(MORNING + timedelta(days=1)) == 0  # 24 November is Culture Day, from 2026 on
    assert digest.send(MORNING + timedelta(days=2)) == 1


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2026-11-22T17:00:00", 0),  # midnight in Vietnam
        ("2026-11-22T23:50:00", 0),  # 06:50
        ("2026-11-23T00:00:00", 1),  # 07:00
        ("2026-11-23T08:00:00", 1),  # 15:00, after the machine was off
        ("2026-11-23T13:00:00", 0),  # 20:00
        ("2026-11-22T03:00:00", 0),  # Sunday
        ("2026-09-02T01:00:00", 0),  # National Day
    ],
)
def test_never_at_night_and_never_on_a_day_off(at: str, sent: int) -> None:
    difficulty("Dột mái", days_ago=before_morning(200))
    wants("logistics")
    assert digest.send(datetime.fromisoformat(at).replace(tzinfo=UTC)) == sent


def test_quiet_hours_may_lie_within_a_day(settings: Any) -> None:
    settings.MAIL_QUIET = "11:30-13:30"
    assert [digest.at_night(time(hour)) for hour in (0, 12, 14)] == [False, True, False]


def test_without_a_mail_server_nothing_is_sent() -> None:
    difficulty("Dột mái", days_ago=before_morning(60))
    wants("logistics")
    assert digest.send(MORNING) == 0


@pytest.mark.usefixtures("server")
def test_of_two_nodes_the_one_where_the_unit_works_sends_the_mail() -> None:
    difficulty("Dột mái", days_ago=before_morning(60))
    crime_report("Mất xe", days_ago=before_morning(20))
    for account in ("clerk", "logistics"):
        wants(account)
    said = "thư do nút đó gửi"
    assert said not in browser("clerk").get("/notices/mail/").content.decode()
    joined(WARD)
    assert digest.send(MORNING) == 1
    assert [sent.to for sent in mail.outbox] == [["logistics@example.vn"]]
    assert said in browser("clerk").get("/notices/mail/").content.decode()
    assert said not in browser("logistics").get("/notices/mail/").content.decode()


@pytest.mark.usefixtures("server")
def test_with_nothing_to_say_nothing_is_sent() -> None:
    wants("neighbour")
    assert digest.send(MORNING) == 0
    assert mail.outbox == []


@pytest.mark.usefixtures("server")
def test_nothing_sealed_stands_in_a_mail() -> None:
    crime_report("Nguyễn Văn Kín bị mất xe", days_ago=before_morning(20))
    wants("clerk", language="en")
    sealed = law().procedure("crime-report", datetime.now(UTC)).is_personal("title")
    assert digest.send(MORNING) == 1
    (sent,) = mail.outbox
    assert sent.subject.startswith("Work on 23/11: ")
    assert ("Nguyễn Văn Kín" in sent.body) is not sealed


@pytest.mark.usefixtures("server")
def test_a_server_that_does_not_answer_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    difficulty("Dột mái", days_ago=before_morning(60))
    wants("logistics")

    def down(self: Any, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", down)
        assert digest.send(MORNING) == 0
    assert digest.send(MORNING + timedelta(minutes=10)) == 1


def test_a_person_sets_address_and_language(settings: Any) -> None:
    clerk = browser("clerk")
    assert "Máy chủ thư chưa được đặt" in html(clerk, "/notices/mail/")
    assert clerk.post("/notices/mail/", {"digest": "on", "language": "vi"}).status_code == 422
    assert (
        clerk.post("/notices/mail/", {"email": "a@b.vn", "digest": "on", "language": "en"}).status_code == 302
    )
    watch = Watch.objects.get(pk=person("clerk").id)
    assert (watch.digest, watch.language) == (True, "en")
    assert User.objects.get(username="clerk").email == "a@b.vn"


def test_a_day_is_a_day_in_vietnam() -> None:
    assert news.due(date(2026, 11, 23))["today"]["due_on"] == "2026-11-23"
