from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from haicap.web import words

NOW = datetime(2026, 11, 21, 3, 41, tzinfo=UTC)  # 10:41 in Vietnam
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("left", "working_days", "kind", "said"),
    [
        (-25 * HOUR / 60, None, "late", "Quá hạn 25 phút"),
        (-3 * HOUR, None, "late", "Quá hạn 3 giờ"),
        (-47 * HOUR, None, "late", "Quá hạn 47 giờ"),
        (-49 * HOUR, None, "late", "Quá hạn 2 ngày"),
        (-26 * HOUR, 1, "late", "Quá hạn 1 ngày làm việc"),
        (HOUR / 2, None, "soon", "Còn 30 phút"),
        (2 * HOUR, None, "soon", "Còn 2 giờ"),
        (6 * HOUR, None, "soon", "Hôm nay 16:41"),
        (13.25 * HOUR, None, "soon", "Hôm nay 23:56"),
        (14 * HOUR, None, "well", "Còn 14 giờ"),
        (150 * HOUR, 4, "well", "Còn 4 ngày làm việc"),
        (150 * HOUR, None, "well", "Còn 6 ngày"),
    ],
)
def test_what_is_left_of_a_limit(left: timedelta, working_days: int | None, kind: str, said: str) -> None:
    assert words.due(NOW + left, NOW, working_days) == words.Said(kind, said)  # type: ignore[arg-type]


def test_late_at_night_the_morning_after_is_soon() -> None:
    night = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    assert words.due(night + 8 * HOUR, night) == words.Said("soon", "Còn 8 giờ")


def test_english_knows_one_from_many() -> None:
    with translation.override("en"):
        assert words.due(NOW - HOUR, NOW).words == "Overdue by 1 hour"
        assert words.due(NOW + 100 * HOUR, NOW, 2).words == "2 working days left"


def test_a_clock_that_ended() -> None:
    assert words.finished(NOW, NOW - HOUR).words == "Xong trong hạn"
    assert words.finished(NOW, NOW + 3 * HOUR).words == "Xong, muộn 3 giờ"


def test_how_long_ago() -> None:
    assert words.ago(NOW - timedelta(seconds=20), NOW) == "vừa xong"
    assert words.ago(NOW - 3 * HOUR, NOW) == "3 giờ trước"
    assert words.ago(NOW - 30 * HOUR, NOW) == "20/11/2026 04:41"


def test_times_are_vietnamese() -> None:
    assert words.local(NOW) == "21/11/2026 10:41"
    assert words.exact(NOW) == "21/11/2026 10:41:00 (UTC+7)"


def test_numbers_are_grouped_as_the_language_does() -> None:
    assert (words.number(4054), words.number(Decimal("1234.5"), 1), words.number(-12)) == (
        "4.054",
        "1.234,5",
        "-12",
    )
    with translation.override("en"):
        assert words.number(4054.25, 1) == "4,054.3"
