"""The receipt of an erasure on A4. Papers are Vietnamese whatever the page is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation

from haicap.clocks.wall import day_of
from haicap.journal.erasing import Order
from haicap.matters.showing import moment
from haicap.matters.state import Matter
from haicap.papers.documents import render
from haicap.papers.heads import head_of

COLUMNS = (("Nơi giữ khóa", 0), ("Đã hủy lúc", 34), ("Bản sao lưu còn có thể giữ khóa đến hết ngày", 40))


class Held(Protocol):
    """A line of the receipt."""

    @property
    def name(self) -> str: ...
    @property
    def destroyed(self) -> datetime | None: ...
    @property
    def backups(self) -> datetime | None: ...


def receipt(matter: Matter, order: Order, lines: Sequence[Held], actor: str, *, at: datetime) -> bytes:
    """The PDF, as things stand at `at` (aware): who held the key, who has destroyed it and when, who is open."""
    with translation.override("vi"):
        return render("record", _data(matter, order, lines, actor, at))


def _data(matter: Matter, order: Order, lines: Sequence[Held], actor: str, at: datetime) -> dict[str, Any]:
    left = sum(it.destroyed is None for it in lines)
    facts = [
        ("Việc", matter.number), ("Người ra lệnh", actor), ("Lúc", moment(order.at)), ("Căn cứ", order.ground),
        ("Văn bản", order.paper), ("Đã hủy", f"{len(lines) - left} trên {len(lines)} nơi giữ"),
    ]  # fmt: skip
    return {
        "head": head_of(matter.province or matter.unit, at) | {"symbol": "BB-XDL"},
        "title": "Biên bản xóa nội dung niêm phong",
        "summary": f"Tình trạng lúc {moment(at)}",
        "facts": [{"label": label, "value": value} for label, value in facts],
        "sections": [
            {
                "title": "Nơi giữ khóa", "columns": [{"label": label, "width": width} for label, width in COLUMNS],
                "rows": [_row(it) for it in lines], "none": "Không nơi nào giữ khóa.",
            }
        ],
        "note": _note(order, left), "left": {"post": "Người lập biên bản"}, "right": {"post": "Lãnh đạo ký"},
        "synthetic": settings.DEMO,
    }  # fmt: skip


def _row(it: Held) -> list[str]:
    ends = f"{day_of(it.backups):%d/%m/%Y}" if it.backups else ""
    return [it.name, moment(it.destroyed) if it.destroyed else "chưa báo đã hủy", ends]


def _note(order: Order, left: int) -> str:
    if left or order.backups is None:
        return (
            f"Còn {left} nơi chưa báo đã hủy: lệnh đến đó khi có liên lạc. Đây chưa phải kết quả cuối cùng."
        )
    return (
        "Khóa, nội dung niêm phong, tệp kèm theo và chỉ mục đã bị hủy ở mọi nơi giữ; chuỗi nhật ký còn nguyên."
        f" Tệp khóa của bản sao lưu được giữ không quá 35 ngày: sau ngày {day_of(order.backups):%d/%m/%Y} không còn"
        " bản nào."
    )
