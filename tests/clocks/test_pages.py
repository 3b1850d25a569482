"""The pages of all that is owed, of the calendar and of documents."""

import csv
import io
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from cast import WARD
from haicap.clocks.calendars import draft
from haicap.clocks.queries import WINDOWS
from haicap.clocks.year import months, noted
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.handling import assign
from pages import asked, browser, crime_report, difficulty, html, in_days, person, referred

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
PAGES = ("/clocks/", "/clocks/calendar/2026/", "/clocks/reckon/", "/clocks/documents/")


@pytest.fixture
def work() -> None:
    """Overdue, running, and owed by a third party."""
    crime_report("Tin báo cũ", days_ago=9)
    difficulty("Trụ sở dột", days_ago=1)
    referred(difficulty("Thiếu đất", days_ago=30), due=in_days(-50), days_ago=60)


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_for_people_of_the_service(address: str) -> None:
    assert Client().get(address).status_code == 302
    html(browser("outsider"), address)


@pytest.mark.usefixtures("work")
def test_what_is_overdue_stands_first_and_third_parties_apart() -> None:
    page = browser("clerk").get("/clocks/").context["page"]
    dues = [row.due for row in page if row.due]
    assert dues == sorted(dues)
    assert {row.level for row in page} <= {"unit", "province"}
    third = browser("clerk").get("/clocks/?level=third").context["page"]
    assert [row.title for row in third] == ["Thiếu đất"]


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("level", ["", "unit", "province", "third"])
def test_every_figure_is_the_length_of_the_list_behind_it(level: str) -> None:
    client = browser("director")
    figures = client.get(f"/clocks/?level={level}").context["figures"]
    for window in WINDOWS:
        listed = client.get(f"/clocks/?level={level}&due={window}").context["page"].paginator.count
        assert figures[window] == listed, window
    whole = client.get(f"/clocks/?level={level}").context["page"].paginator.count
    assert sum(figures[window] for window in WINDOWS) == whole == figures[level or "ours"]


@pytest.mark.usefixtures("work")
def test_a_neighbour_sees_none_of_it() -> None:
    assert "Không có thời hạn nào" in html(browser("neighbour"), "/clocks/")


@pytest.mark.usefixtures("work")
def test_a_row_leads_to_the_matter_and_to_its_sheet() -> None:
    response = browser("clerk").get("/clocks/?procedure=crime-report")
    line = response.context["lines"][0]
    assert line["sheet"].startswith(line["address"] + "clock/")
    assert line["address"] in response.content.decode()
    assert line["clock"] == "Tiếp nhận, lập biên bản"
    assert line["unit"] == "Công an phường Hồng Bàng"


@pytest.mark.usefixtures("work")
def test_filters_hold_together_and_an_unreadable_one_narrows_nothing() -> None:
    client = browser("director")

    def count(query: str) -> int:
        return int(client.get(f"/clocks/?{query}").context["page"].paginator.count)

    assert count("unit=31-PH10&procedure=difficulty&clock=answer") == count("unit=31-PH10") == 1
    assert count("since=2099-01-01") == 0
    assert count("until=soon&level=nobody&due=never") == count("")


@pytest.mark.usefixtures("work")
def test_the_list_is_taken_away_whole() -> None:
    client = browser("clerk")
    text = client.get("/clocks/?format=csv&sort=-number").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    listed = client.get("/clocks/?sort=-number").context["lines"]
    assert [row["Số"] for row in rows] == [line["number"] for line in listed]
    assert client.get("/clocks/?format=xlsx").content.startswith(b"PK")


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    client = browser("clerk")
    difficulty("Một")
    few = asked(client, "/clocks/")
    for number in range(5):
        crime_report(f"Thêm {number}")
    assert asked(client, "/clocks/") == few <= 12


def test_the_calendar_says_why_a_day_is_off() -> None:
    page = html(browser("clerk"), "/clocks/calendar/2026/")
    assert 'title="Ngày nghỉ: Tết Nguyên Đán"' in page
    assert 'title="Ngày làm bù: Ngày làm bù"' in page
    assert "Nơi vận hành tự đặt" in page
    html(browser("clerk"), "/clocks/calendar/2019/", 404)
    html(browser("clerk"), "/clocks/calendar/2026/?edition=none", 404)
    assert browser("clerk").get("/clocks/calendar/")["Location"].startswith("/clocks/calendar/20")


def test_the_calendar_is_taken_away() -> None:
    text = browser("clerk").get("/clocks/calendar/2026/?format=csv").content.decode("utf-8-sig")
    assert "17/02/2026,Ngày nghỉ,Tết Nguyên Đán" in text


def _trial(**given: str) -> Any:
    query = {"regime": "office", "amount": "3", "unit": "working days", "start": "2026-02-13T08:00"} | given
    return browser("clerk").get("/clocks/reckon/", query)


def test_a_limit_is_reckoned_for_trial_with_its_derivation() -> None:
    response = _trial()
    page = response.content.decode()
    assert "25/02/2026 17:00" in page
    assert "Không tính ngày 17/02/2026: Tết Nguyên Đán" in page
    assert len(response.context["steps"]) == len(response.context["found"].steps)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"amount": "0.3"}, "Chỉ tính được nửa ngày"),
        ({"start": "2019-02-13T08:00"}, "Lịch đã ban hành chỉ có từ năm 2025 đến năm 2030."),
        ({"regime": "lunar"}, "lunar"),
        ({"start": "tomorrow"}, "Chưa ghi được"),
    ],
)
def test_what_cannot_be_reckoned_is_an_error_of_its_field(given: dict[str, str], said: str) -> None:
    response = _trial(**given)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_documents_stand_with_their_editions() -> None:
    client = browser("clerk")
    page = html(client, "/clocks/documents/")
    for name in ("Tố giác, tin báo về tội phạm", "Lịch làm việc Việt Nam", "Bảng thẩm quyền"):
        assert name in page
    one = client.get("/clocks/documents/procedure/crime-report/").context["edition"]
    assert sha256(one.text.encode()).hexdigest() == one.sha256
    assert one.sha256 in html(client, f"/clocks/documents/procedure/crime-report/?edition={one.sha256}")
    html(client, "/clocks/documents/procedure/none/", 404)
    assert "crime-report" in client.get("/clocks/documents/?format=csv").content.decode()


def test_pages_speak_english() -> None:
    client = browser("clerk")
    client.cookies["django_language"] = "en"
    assert "Working calendar 2026" in html(client, "/clocks/calendar/2026/")
    assert "Owed by the service" in html(client, "/clocks/")


def test_a_year_is_twelve_months_of_whole_weeks() -> None:
    its = draft(2026, 2026)
    year = months(its, 2026, date(2026, 2, 17))
    assert [month.first.month for month in year] == list(range(1, 13))
    assert all(len(week) == 7 for month in year for week in month.weeks)
    assert year[1].working == 15  # Tết takes five
    assert [day.day.day for week in year[1].weeks for day in week if day.today] == [17]
    kinds = {day.day: day.kind for day in noted(its, 2026)}
    assert kinds[date(2026, 2, 17)] == "off"
    assert kinds[date(2026, 1, 10)] == "worked"


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("whose", ["", "me", "mine"])
@pytest.mark.parametrize("account", ["clerk", "logistics", "director"])
def test_whose_it_is_counts_as_its_list(account: str, whose: str) -> None:
    client = browser(account)
    figures = client.get("/clocks/").context["figures"]
    listed = client.get(f"/clocks/?whose={whose}").context["page"].paginator.count
    assert figures[whose or "all"] == listed
    if account == "logistics" and whose == "mine":
        assert listed == 1  # the answer that the department owes; what it asked of others is not


@pytest.mark.usefixtures("work")
def test_what_i_was_given_is_mine() -> None:
    subject = crime_report("Mất trâu")
    who = person("officer")
    with writing(person("chief"), at=datetime.now(UTC), subjects=[subject], units=[WARD]) as pen:
        assign(pen, entry_id=uuid7(), subject=subject, person=who.id)
    lines = browser("officer").get("/clocks/?whose=me").context["lines"]
    assert lines
    assert {line["title"] for line in lines} == {"Mất trâu"}


@pytest.mark.usefixtures("work")
def test_a_row_says_to_whom_and_carries_the_next_step() -> None:
    lines = {line["title"]: line for line in browser("logistics").get("/clocks/").context["lines"]}
    answer = lines["Trụ sở dột"]
    assert answer["to"] == "Công an phường Hồng Bàng"
    assert answer["next"].url.endswith("/step/answer/")
    assert answer["room"] == "Việc"
    report = browser("clerk").get("/clocks/?procedure=crime-report").context["lines"][0]
    assert report["to"] == "người nêu việc"


@pytest.mark.usefixtures("work")
def test_a_filter_of_this_list_can_be_kept() -> None:
    clerk = browser("clerk")
    clerk.post("/filters/keep/", {"path": "/clocks/", "name": "Cấp tỉnh nợ", "query": "level=province"})
    assert 'href="/clocks/?level=province" aria-current="true">Cấp tỉnh nợ' in html(
        clerk, "/clocks/?level=province"
    )
