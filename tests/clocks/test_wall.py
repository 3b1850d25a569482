"""Days and instants of the clock on the wall in Vietnam."""

from datetime import UTC, date, datetime

import pytest

from haicap.clocks.wall import Unreckonable, day_of, end_of, read_day, start_of


def test_a_day_begins_and_ends_at_seventeen_hours_utc() -> None:
    day = date(2026, 3, 1)
    assert start_of(day) == datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert end_of(day) == datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert day_of(start_of(day)) == day
    assert day_of(end_of(day)) == date(2026, 3, 2)


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(Unreckonable):
        day_of(datetime(2026, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["", "hôm nay", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_what_names_no_day_that_can_be_reckoned_with_is_none(text: str) -> None:
    assert read_day(text) is None
    assert read_day("2026-11-22") == date(2026, 11, 22)
