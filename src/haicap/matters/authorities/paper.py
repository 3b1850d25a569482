"""What was asked of one authority, as a table on A4 across: for the next meeting with it. In Vietnamese."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation

from haicap.clocks.wall import VIETNAM
from haicap.papers.documents import render
from haicap.papers.heads import head_of
from haicap.units.rights import Person

MILLION = 1_000_000
COLUMNS = (
    ("Nội dung đề nghị", 0, False), ("Đơn vị đề nghị, số văn bản", 44, False), ("Ngày đề nghị", 22, False),
    ("Số tiền (triệu đồng), diện tích", 30, True), ("Hạn trả lời", 22, False), ("Kết quả", 40, False),
    ("Được cấp", 26, True),
)  # fmt: skip


def table(person: Person, name: str, groups: Sequence[tuple[str, Sequence[Any]]], *, at: datetime) -> bytes:
    """The PDF; `groups` are headings with lines (`views.Line`), `at` (aware) is the day it speaks of."""
    with translation.override("vi"):
        data = {
            "head": head_of(person.unit, at),
            "title": "Tổng hợp nội dung đề nghị",
            "summary": name,
            "lines": [f"Tính đến {at.astimezone(VIETNAM):%H giờ %M ngày %d/%m/%Y}."],
            "columns": [{"label": label, "width": width, "right": right} for label, width, right in COLUMNS],
            "groups": [{"title": title, "rows": [_row(line) for line in its]} for title, its in groups],
            "synthetic": settings.DEMO,
        }
        return render("listing", data)


def _row(line: Any) -> list[str]:
    row = line.row
    came = [line.state[1], row.said, f"Số {row.answer_paper}" if row.answer_paper else ""]
    return [
        f"{row.title or line.kind} ({row.number})", _joined([line.asked_by, row.paper]), _day(row.asked),
        _much(row.sum, row.land), _day(row.due), _joined(came), _much(row.sum_granted, row.land_granted),
    ]  # fmt: skip


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(part for part in parts if part)


def _day(moment: datetime | None) -> str:
    """The day; a limit that runs to 24:00 ends on the day before its midnight."""
    if moment is None:
        return ""
    local = moment.astimezone(VIETNAM)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{local.fromordinal(local.toordinal() - 1):%d/%m/%Y}"
    return f"{local:%d/%m/%Y}"


def _much(amount: Decimal | None, land: Decimal | None) -> str:
    words = [f"{amount / MILLION:,.0f}".replace(",", ".")] if amount is not None else []
    return _joined([*words, *([f"{land:,.0f} m²".replace(",", ".")] if land is not None else [])])
