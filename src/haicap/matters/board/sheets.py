"""The board's tables as they are taken away; a rate never goes without its period."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from haicap.matters.board.conference import Conference
from haicap.matters.board.trial import Shown
from haicap.matters.board.work import Line, Work
from haicap.papers.sheets import Column

Rows = list[dict[str, object]]


def conference(its: Conference, by: str, at: datetime) -> tuple[list[Column], Rows]:
    """Difficulties by kind or by unit as they stand at `at` (aware)."""
    columns = [
        Column("name", _("Tên đơn vị") if by == "units" else _("Nhóm vướng mắc"), 36),
        *(
            Column(code, label, 14, "number")
            for code, label in (
                ("open", _("Chưa tháo gỡ")),
                ("raised", _("Chờ trả lời")),
                ("answered", _("Đã trả lời, chưa tháo gỡ")),
                ("removed", _("Đã tháo gỡ")),
                ("all", _("Tất cả")),
            )
        ),
        Column("oldest", _("Cũ nhất từ"), 18, "moment"),
        Column("at", _("Số liệu lúc"), 18, "moment"),
    ]
    rows = [
        {name: getattr(line, name).n for name in ("open", "raised", "answered", "removed", "all")}
        | {"name": line.name, "oldest": line.oldest, "at": at}
        for line in (its.units if by == "units" else its.kinds)
    ]
    return columns, rows


def work(its: Work, lines: Sequence[Line]) -> tuple[list[Column], Rows]:
    """The league table with the counts that its changes come from, and the interval of each change."""
    heads = (
        ("received", _("Đã tiếp nhận")),
        ("then", _("Tiếp nhận cùng kỳ năm trước")),
        ("by", _("Tăng, giảm")),
        ("share", _("Tăng, giảm (%)")),
        ("low", _("Khoảng tin cậy 95 %, từ (%)")),
        ("high", _("Khoảng tin cậy 95 %, đến (%)")),
        ("open", _("Đang mở")),
        ("overdue", _("Đang quá hạn tại đơn vị")),
        ("missed", _("Trễ hạn trong kỳ tại đơn vị")),
        ("province", _("Trễ hạn trong kỳ tại tỉnh")),
        ("third", _("Trễ hạn trong kỳ ở bên thứ ba")),
        ("ended", _("Kết thúc trong kỳ")),
        ("median", _("Số ngày giải quyết, trung vị")),
        ("p90", _("Số ngày giải quyết, 90 % trong vòng")),
    )
    columns = [
        Column("name", _("Tên đơn vị"), 32),
        Column("period", _("Kỳ"), 24),
        Column("against", _("Cùng kỳ năm trước"), 24),
        *(Column(code, label, 14, "number") for code, label in heads),
    ]
    period = {"period": its.period.said, "against": its.year_before.said}
    return columns, [_row(line) | period for line in lines]


def moved(rows: Sequence[Shown]) -> tuple[list[Column], Rows]:
    """The clocks that a change on trial would move."""
    columns = [
        Column("number", _("Số tiếp nhận"), 22),
        Column("procedure", _("Thủ tục"), 32),
        Column("clock", _("Thời hạn"), 28),
        Column("unit", _("Tên đơn vị"), 28),
        Column("before", _("Hạn hiện nay"), 18, "moment"),
        Column("after", _("Hạn sau thay đổi"), 18, "moment"),
        Column("late", _("Thành quá hạn"), 14),
    ]
    return columns, [
        {
            "number": row.it.number,
            "procedure": row.procedure,
            "clock": row.clock,
            "unit": row.unit,
            "before": row.it.before,
            "after": row.it.after,
            "late": "x" if row.late else "",
        }
        for row in rows
    ]


def _row(line: Line) -> dict[str, object]:
    counts = ("received", "then", "open", "overdue", "missed", "province", "third", "ended")
    return {
        "name": line.name,
        **{name: getattr(line, name).n for name in counts},
        "by": line.change.by,
        "share": _percent(line.change.share),
        "low": _percent(line.change.low),
        "high": _percent(line.change.high),
        "median": _rounded(line.settling.median),
        "p90": _rounded(line.settling.p90),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None or share == float("inf") else round(100 * share, 1)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
