"""The page of this node's own line: how it does now, what it did today, and when it was down."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from haicap.journal.ids import uuid7
from haicap.nodes import header, words
from haicap.nodes.line.models import LineReport, LineSample
from nodes.lines_at_hand import contact, minutes, now, parent
from pages import browser, html

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    header.forget()
    parent()
    yield
    header.forget()


def sample(**its: int) -> None:
    LineSample.objects.create(
        at=now(), **{"seconds": 60, "asks": 3, "failed": 0, "received": 9, "sent": 9} | its
    )


def test_an_outage_that_goes_on_stands_first_and_is_no_all_clear() -> None:
    began = now() - timedelta(days=3)
    LineReport(id=uuid7(), sort="outage", began=began, ended=began + minutes(40), body={"seen": "cut"}).save()
    contact(good=now() - minutes(91), bad=now() - minutes(90))
    page = html(browser("clerk"), "/line/")
    assert page.index("chưa nối lại") < page.index("đứt giữa chừng")
    assert "1 giờ 30 phút" in page
    assert "Không mất lần nào" not in page
    assert "Mọi việc vẫn làm và ghi được trên máy này" in page
    assert "không có trả lời" in page


def test_a_line_that_is_up_has_no_outage_that_goes_on() -> None:
    contact(good=now())
    page = html(browser("clerk"), "/line/")
    assert "chưa nối lại" not in page
    assert "Không mất lần nào" in page


def test_what_was_not_measured_is_not_there() -> None:
    contact(good=None, bad=now())
    sample(failed=3)
    page = html(browser("clerk"), "/line/")
    assert "100,0 %" in page
    assert "Độ trễ" not in page
    sample(delay=20, up=500_000)
    page = html(browser("clerk"), "/line/")
    assert "20 ms" in page
    assert "4,0 Mbit/s / –" in page


@pytest.mark.parametrize(
    ("its", "said"),
    [
        (timedelta(minutes=40), "40 phút"), (timedelta(hours=6), "6 giờ"), (timedelta(minutes=385), "6 giờ 25 phút"),
        (timedelta(hours=47, minutes=59), "47 giờ 59 phút"), (timedelta(days=7, hours=3), "7 ngày 3 giờ"),
        (timedelta(seconds=10), "0 phút"),
    ],
)  # fmt: skip
def test_a_length_is_told_in_what_fits_it(its: timedelta, said: str) -> None:
    assert words.length(its) == said
