"""What a change of the calendar or of a limit would move, without anything being written."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from haicap.clocks.calendars import OutsideCalendar, draft
from haicap.clocks.limits import UnreadableLimit
from haicap.clocks.models import Owed
from haicap.matters import preview
from haicap.matters.law import law
from haicap.matters.preview import NoChange, changed, of_calendar, of_limit
from haicap.units.rights import Person, tell_database
from matters.acting import raises, steps
from matters.acting import who as somebody

database = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime(2026, 8, 10, 3, 0, tzinfo=UTC)  # a Monday, 10:00 in Vietnam
RAISED = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)  # a Monday, 9:00; ten working days end on the 17th, 17:00
DUE = datetime(2026, 8, 17, 10, 0, tzinfo=UTC)


def who(account: str) -> Person:
    person = somebody(account)
    tell_database(person)
    return person


@pytest.fixture
def difficulty() -> None:
    who("director")
    raises("clerk", "difficulty", "Dột", {"kind": "headquarters", "what": "Dột"}, at=RAISED)


@database
def test_a_day_off_puts_the_end_off_to_the_next_working_day(difficulty: None) -> None:
    its = of_calendar(who("director"), law(), date(2026, 8, 12), worked=False, at=NOW)
    assert its.reckoned == 1
    (moved,) = its.moved
    assert (moved.before, moved.after) == (DUE, datetime(2026, 8, 18, 10, 0, tzinfo=UTC))
    assert not moved.late(NOW)


@database
def test_a_saturday_worked_brings_the_end_forward(difficulty: None) -> None:
    its = of_calendar(who("director"), law(), date(2026, 8, 15), worked=True, at=NOW)
    assert [moved.after for moved in its.moved] == [datetime(2026, 8, 15, 10, 0, tzinfo=UTC)]


@database
@pytest.mark.parametrize("day", [date(2026, 7, 31), date(2026, 8, 18)])
def test_a_day_outside_the_clock_moves_nothing(difficulty: None, day: date) -> None:
    its = of_calendar(who("director"), law(), day, worked=False, at=NOW)
    assert (its.moved, its.reckoned) == ((), 0)


@database
def test_the_last_day_itself_counts(difficulty: None) -> None:
    its = of_calendar(who("director"), law(), date(2026, 8, 17), worked=False, at=NOW)
    assert [moved.after for moved in its.moved] == [datetime(2026, 8, 18, 10, 0, tzinfo=UTC)]


@database
def test_a_shorter_limit_makes_late(difficulty: None) -> None:
    its = of_limit(who("director"), law(), "difficulty", "answer", "3 working days", at=NOW)
    (moved,) = its.moved
    assert moved.after == datetime(2026, 8, 6, 10, 0, tzinfo=UTC)
    assert moved.late(NOW)
    assert not moved.saved(NOW)
    assert moved.saved(datetime(2026, 8, 5, tzinfo=UTC)) is False
    longer = of_limit(who("director"), law(), "difficulty", "answer", "30 working days", at=DUE)
    assert [moved.saved(datetime(2026, 8, 20, tzinfo=UTC)) for moved in longer.moved] == [True]
    same = of_limit(who("director"), law(), "difficulty", "answer", "10 working days", at=NOW)
    assert (same.reckoned, same.moved) == (1, ())


@database
def test_a_clock_that_is_met_is_left_alone(difficulty: None) -> None:
    matter = raises("clerk", "difficulty", "Hỏng", {"kind": "headquarters", "what": "Hỏng"}, at=RAISED)
    steps("logistics", matter, "answer", at=NOW, outcome="guidance", guidance="Theo hướng dẫn")
    its = of_limit(who("director"), law(), "difficulty", "answer", "3 working days", at=NOW)
    assert [moved.id for moved in its.moved] != [matter.id]
    assert its.reckoned == 1


@database
def test_only_what_the_person_sees_is_shown_and_nothing_is_written(difficulty: None) -> None:
    before = list(Owed.objects.values_list("subject", "place", "due"))
    assert of_limit(who("neighbour"), law(), "difficulty", "answer", "3 working days", at=NOW).reckoned == 0
    assert (
        of_limit(who("logistics_head"), law(), "difficulty", "answer", "3 working days", at=NOW).reckoned == 1
    )
    who("director")
    assert list(Owed.objects.values_list("subject", "place", "due")) == before


def test_a_change_must_change_something() -> None:
    calendar = draft(2026, 2027)
    with pytest.raises(NoChange):
        changed(calendar, date(2026, 8, 15), worked=False)
    with pytest.raises(NoChange):
        changed(calendar, date(2026, 8, 14), worked=True)
    with pytest.raises(OutsideCalendar):
        changed(calendar, date(2031, 8, 14), worked=False)
    assert changed(calendar, date(2026, 8, 15), worked=False, again=True) == calendar


@pytest.mark.parametrize("day", [date(2026, 9, 2), date(2026, 8, 15), date(2026, 8, 29)])
def test_a_day_of_rest_can_be_worked_and_taken_back(day: date) -> None:
    calendar = draft(2026, 2027)
    worked = changed(calendar, day, worked=True)
    assert worked.is_working(day)
    assert not changed(worked, day, worked=False).is_working(day)


def test_a_saturday_morning_can_be_taken_off() -> None:
    calendar = draft(2026, 2027)
    open_saturdays = calendar.office.model_copy(update={"saturday_morning": True})
    calendar = calendar.model_copy(update={"office": open_saturdays})
    assert calendar.is_working(date(2026, 8, 15))
    assert not changed(calendar, date(2026, 8, 15), worked=False).is_working(date(2026, 8, 15))


@database
def test_an_unreadable_limit_is_refused() -> None:
    with pytest.raises(UnreadableLimit):
        of_limit(who("director"), law(), "difficulty", "answer", "0.3 days", at=NOW)


@database
def test_limits_on_trial_are_those_with_a_length() -> None:
    assert preview.limits_of(law().procedure("difficulty", NOW)) == {
        "answer": ("10 working days",),
        "confirm": ("15 working days",),
    }


@database
@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("kind=off&day=2026-08-15", 422, "vốn đã là ngày nghỉ"),
        ("kind=worked&day=2026-08-14", 422, "vốn đã là ngày làm việc"),
        ("kind=off&day=2099-08-14", 422, "chưa có năm này"),
        ("kind=off&day=soon", 422, "Chọn một ngày"),
        ("kind=limit&clock=no/clock&amount=5&unit=day", 422, "Chọn một thời hạn"),
        ("kind=limit&clock=difficulty/answer&amount=0.3&unit=day", 422, "Nhập một số dương"),
        ("kind=limit&clock=difficulty/answer&amount=5&unit=working%20day", 200, "Thời hạn sẽ đổi ngày"),
        ("", 200, "Thử thay đổi"),
    ],
)
def test_the_page_says_what_is_wrong(query: str, status: int, says: str) -> None:
    client = Client()
    client.force_login(User.objects.create_user(username="director"))
    answer = client.get(f"/board/preview/?{query}")
    assert answer.status_code == status
    assert says in answer.content.decode()
