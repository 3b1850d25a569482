"""The working calendar as a document, and the draft made from the library and our own table."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import holidays
import pytest
from pydantic import ValidationError

from haicap.clocks import calendars
from haicap.clocks.calendars import Calendar, Label, OfficeHours, OutsideCalendar, Span, draft

OFF = Label(vi="Nghỉ", en="Off")


def empty(**fields: object) -> Calendar:
    return Calendar.model_validate(
        {"code": "t", "name": OFF, "first_year": 2026, "last_year": 2026, **fields}
    )


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), False),  # given off for 10 January
        (date(2026, 1, 10), True),
        (date(2026, 2, 13), True),
        (date(2026, 2, 16), False),
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),  # Hùng Kings' day was a Sunday
        (date(2026, 8, 22), True),
        (date(2026, 8, 29), False),
        (date(2026, 8, 31), False),
        (date(2026, 9, 3), True),
        (date(2026, 11, 24), False),
        (date(2025, 11, 24), True),
        (date(2025, 4, 26), True),  # known to the library alone
        (date(2025, 5, 2), False),
    ],
)
def test_days_of_the_draft(day: date, works: bool) -> None:
    assert draft(2024, 2030).is_working(day) is works


def test_draft_does_not_depend_on_the_age_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old(dict[date, str]):
        weekend_workdays: set[date] = set()

    monkeypatch.setattr(holidays, "country_holidays", lambda *_, **__: Old({date(2026, 1, 1): "Tết"}))
    old = draft.__wrapped__(2026, 2029)
    assert old.days_off[date(2026, 11, 24)].en == "Vietnam Cultural Day"
    assert old.worked.keys() == {date(2026, 1, 10), date(2026, 8, 22)}
    assert {date(2026, 1, 2), date(2026, 8, 31)} < old.days_off.keys()
    # 24 November 2029 is a Saturday: the Monday after is off for it.
    assert not old.is_working(date(2029, 11, 26))
    assert old.is_working(date(2029, 11, 27))


def test_substitute_of_our_own_table_agrees_with_the_library() -> None:
    assert not draft(2024, 2030).is_working(date(2029, 11, 26))
    assert draft(2024, 2030).is_working(date(2029, 11, 27))


def test_edition_survives_json_and_is_pinned_by_its_digest() -> None:
    first = draft(2025, 2027)
    again = Calendar.model_validate_json(first.model_dump_json())
    assert again == first
    assert again.sha256 == first.sha256
    assert len(first.sha256) == 64
    assert first.model_dump(mode="json")["office"]["spans"][0] == {"opens": "07:30", "closes": "11:30"}
    assert first.model_copy(update={"code": "other"}).sha256 != first.sha256


def test_copy_is_checked_and_indexed_anew() -> None:
    first = empty()
    assert first.is_working(date(2026, 3, 2))
    assert not first.model_copy(update={"days_off": {date(2026, 3, 2): OFF}}).is_working(date(2026, 3, 2))
    with pytest.raises(ValidationError):
        first.model_copy(update={"first_year": 2030})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"last_year": 2025}, "out of order"),
        ({"days_off": {date(2027, 1, 1): OFF}}, "outside the years"),
        (
            {"days_off": {date(2026, 8, 22): OFF}, "worked": {date(2026, 8, 22): OFF}},
            "both off and worked: 2026-08-22",
        ),
        ({"worked": {date(2026, 8, 21): OFF}}, "no day of rest: 2026-08-21"),
        ({"office": {"spans": []}}, "office hours"),
        ({"office": {"spans": [{"opens": "13:30", "closes": "07:30"}]}}, "office hours"),
        ({"surplus": 1}, "Extra inputs"),
    ],
)
def test_unsound_calendars_are_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        empty(**fields)


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_days_outside_the_years_covered_are_an_error(day: date) -> None:
    with pytest.raises(OutsideCalendar, match=f"calendar t covers 2026 to 2026, not {day.isoformat()}"):
        empty().is_working(day)


def test_index_answers_at_both_edges_of_the_calendar() -> None:
    days = empty().days
    last = date(2026, 12, 31).toordinal()
    assert days.from_(last) == last  # a Thursday
    assert days.back_from(date(2026, 1, 1).toordinal()) == date(2026, 1, 1).toordinal()
    with pytest.raises(OutsideCalendar, match="2027-01-01"):
        days.working_at(len(days.working))
    with pytest.raises(OutsideCalendar, match="2025-12-31"):
        days.working_at(-1)


def test_reason_is_of_days_off_alone() -> None:
    days = draft(2026, 2026).days
    assert days.reason(date(2026, 2, 17).toordinal()).vi == "Tết Nguyên Đán"
    assert days.reason(date(2026, 2, 15).toordinal()).en == "Sunday, weekly rest"
    for worked in (date(2026, 8, 22), date(2026, 8, 21)):
        with pytest.raises(KeyError):
            days.reason(worked.toordinal())


def test_office_hours_may_be_one_span() -> None:
    one = empty(office=OfficeHours(spans=(Span.model_validate({"opens": "08:00", "closes": "16:00"}),)))
    spans = one.days.open_from(datetime(2026, 3, 2, 15))  # noqa: DTZ001 - wall time
    assert next(spans)[1] - timedelta(hours=1) == datetime(2026, 3, 2, 15)  # noqa: DTZ001
    assert next(spans)[0] == datetime(2026, 3, 3, 8)  # noqa: DTZ001


def test_every_row_of_the_table_names_its_source() -> None:
    table = SimpleNamespace(**calendars.tomllib.loads((calendars.DATA / "days.toml").read_text("utf-8")))
    assert all(
        row["source"] and row["mark"] in ("verified", "memory", "setting")
        for row in table.yearly + table.swap
    )
