"""What the head of every page says of the line, and of a clock that is wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haicap.journal.ids import uuid7
from haicap.journal.models import Checkpoint, Stream
from haicap.journal.node import own
from haicap.nodes import header
from haicap.nodes.header import Line
from haicap.nodes.models import Contact, FarHead
from nodes.lines_at_hand import contact, minutes, now, parent
from pages import browser, difficulty, html

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 14, 2, 0, tzinfo=UTC)  # 09:00 in Vietnam
UP = Line("Tỉnh", True, AT - minutes(2), None, 0, 0.0, AT - minutes(2), None)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    header.forget()
    yield
    header.forget()


def test_nothing_stands_there_on_a_node_without_a_parent() -> None:
    page = html(browser("clerk"), "/")
    assert 'class="line"' not in page
    assert html(browser("clerk"), "/line/", 404)


def test_up_says_with_whom_and_since_when() -> None:
    parent()
    contact(good=now() - minutes(2))
    page = html(browser("clerk"), "/matters/")
    assert "Nối với tỉnh · 2 phút trước" in page
    assert "●" in page  # a sign, not only a colour


def test_down_says_since_when_and_how_much_waits() -> None:
    parent()
    difficulty("Đường truyền yếu")
    contact(good=now() - timedelta(hours=3), bad=now() - timedelta(hours=2))
    far = Stream.objects.filter(node=own().id, channel="work")
    count = sum(it.seq for it in far)
    assert count > 0
    page = html(browser("clerk"), "/matters/")
    assert (
        f"Mất đường truyền từ {header.clock(now() - timedelta(hours=2), now())} · {count} mục chờ gửi" in page
    )
    assert "◐" in page
    FarHead.objects.bulk_create(FarHead(stream=it.pk, seq=it.seq, at=now()) for it in far)
    header.forget()
    assert "chờ gửi" not in html(browser("clerk"), "/matters/")


def test_a_node_that_was_closed_or_revoked_says_so_and_no_line_is_down() -> None:
    parent()
    difficulty("Đường truyền yếu")
    contact(good=now() - timedelta(hours=3), bad=now() - timedelta(hours=2))
    Contact.objects.update(fault="revoked")
    header.forget()
    page = html(browser("clerk"), "/matters/")
    assert "Tỉnh đã kết thúc nút này ·" in page
    assert "mục chưa gửi" in page
    assert "Mất đường truyền" not in page
    assert "chờ gửi" not in page
    assert "những gì ghi ở đây không đến nơi nào nữa" in page
    assert "đã thu hồi nút này hoặc đưa việc về" in html(browser("clerk"), "/line/")


def test_english_is_said_in_english() -> None:
    parent()
    contact(good=now() - timedelta(hours=3), bad=now() - timedelta(hours=2))
    client = browser("clerk")
    client.cookies["django_language"] = "en"
    assert "Line down since" in html(client, "/matters/")


def test_it_costs_one_query_and_that_is_kept_for_some_seconds() -> None:
    parent()
    contact(good=now())
    with CaptureQueriesContext(connection) as asked:
        assert header.line() == header.line() is not None
    assert sum("nodes_peer" in it["sql"] for it in asked) == 1


def test_a_node_without_a_parent_asks_again_only_when_reference_moves() -> None:
    assert header.line() is None
    parent()
    header.line()  # `forget` was called by `parent`
    assert header.line() is not None
    header.forget()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (UP, "Nối với tỉnh · 2 phút trước"),
        (Line("Tỉnh", True, AT, None, 3, 0.0, AT, None), "Nối với tỉnh · vừa xong · 3 mục chờ gửi"),
        (Line("Bộ", False, AT - minutes(1), None, 0, 0.0, AT, None), "Nối với Bộ · 1 phút trước"),
        (Line("Tỉnh", True, None, None, 0, None, None, None), "Chưa nối được với tỉnh"),
        (Line("Tỉnh", True, AT - minutes(90), AT - minutes(45), 12, None, None, None),
         "Mất đường truyền từ 08:15 · 12 mục chờ gửi"),
        (Line("Tỉnh", True, AT - timedelta(days=7), AT - minutes(90), 12, None, None, None),  # switched off at night
         "Mất đường truyền, liên lạc cuối 09:00 ngày 07/07 · 12 mục chờ gửi"),
        (Line("Tỉnh", True, AT - minutes(90), AT - minutes(45), 12345, None, None, None),
         "Mất đường truyền từ 08:15 · 12.345 mục chờ gửi"),
        (Line("Tỉnh", True, AT, None, 3, None, None, None, ended=True), "Tỉnh đã kết thúc nút này · 3 mục chưa gửi"),
        (Line("Bộ", False, AT, AT, 0, None, None, None, ended=True), "Bộ đã kết thúc nút này"),
        (Line("Tỉnh", True, None, AT - timedelta(days=2), 0, None, None, None), "Mất đường truyền từ 09:00 ngày 12/07"),
    ],
)  # fmt: skip
def test_the_state_in_words(line: Line, said: str) -> None:
    assert header.words(line, AT) == said


@pytest.mark.parametrize(
    ("skew", "said"),
    [
        (0.0, []), (-299.0, []), (None, []),
        (360.0, ["Đồng hồ của máy này nhanh hơn của Tỉnh 6 phút."]),
        (-7200.0, ["Đồng hồ của máy này chậm hơn của Tỉnh 2 giờ."]),
        (366 * 86_400.0, ["Đồng hồ của máy này nhanh hơn của Tỉnh 366 ngày."]),
    ],
)  # fmt: skip
def test_a_clock_that_differs_from_the_parents_is_said(skew: float | None, said: list[str]) -> None:
    assert header.clock_faults(Line("Tỉnh", True, AT, None, 0, skew, AT, None), AT) == said


def test_a_clock_behind_the_newest_own_checkpoint_is_said_on_every_page() -> None:
    parent()
    contact(good=now())
    said = "Đồng hồ của máy này chạy lùi"
    assert said not in html(browser("clerk"), "/matters/")
    Checkpoint.objects.create(id=uuid7(now() + timedelta(hours=5)), statement=b"", signature=b"")
    header.forget()
    assert said in html(browser("clerk"), "/matters/")
