"""Days and moments as offices write them."""

from datetime import date, time

import pytest

from haicap.papers.dates import Moment, moment

DAY = date(2026, 2, 16)


@pytest.mark.parametrize(
    "text",
    ["16/2/26", "16/02/2026", "16-02-2026", "16.2.2026", "2026-02-16", "2026/2/16", "20260216",
     "46069", "16 / 02 / 2026",
     "ngày 16 tháng 02 năm 2026", "Ngay 16 thang 2 nam 2026", "NGÀY 16 THÁNG 2 NĂM 2026",
     "16\xa0tháng 2 năm 26", "16/02/2026."],
)  # fmt: skip
def test_a_day_in_fourteen_ways(text: str) -> None:
    assert moment(text) == Moment(DAY)


@pytest.mark.parametrize(
    "text",
    ["16/02/2026 08:30", "08:30 16/02/2026", "8h30 ngày 16/2/26", "08 giờ 30 phút, ngày 16 tháng 02 năm 2026",
     "2026-02-16T08:30:00", "2026-02-16 08:30", "46069.3541666667", "ngày 16/02/2026 lúc 8h30", "8g30 16.2.2026"],
)  # fmt: skip
def test_a_moment_before_or_after_its_day(text: str) -> None:
    assert moment(text) == Moment(DAY, time(8, 30))


@pytest.mark.parametrize("text", ["02/2026", "tháng 2/2026", "Tháng 02 năm 2026", "2-2026"])
def test_a_month_is_its_first_day_and_says_so(text: str) -> None:
    assert moment(text) == Moment(date(2026, 2, 1), whole=False)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "12", "2026", "31/02/2026", "02/16/2026", "16/02", "00/01/2026", "99999",
     "25:00 16/02/2026", "0912345678",
     "1e9", "031085001234", "16/02/2026 và 17/02/2026"],
)  # fmt: skip
def test_what_is_none_is_none(text: str) -> None:
    assert moment(text) is None
