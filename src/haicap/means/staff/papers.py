"""Staff on paper: the list by unit and the list of a unit's officers, on A4 across. In Vietnamese."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from haicap.means.staff.queries import Line
from haicap.means.staff.sorts import qualifications
from haicap.means.staff.strength import Coverage
from haicap.papers.documents import render
from haicap.papers.heads import head_of
from haicap.units.rights import Person

COLUMNS = (
    ("Đơn vị", 0, False), ("Biên chế", 20, True), ("Hiện có", 20, True), ("Tỷ lệ (%)", 20, True),
    ("Khuyết", 18, True), ("Đi", 14, True), ("Đến", 14, True), ("Thực có", 20, True),
    ("Thiếu so với yêu cầu chuyên môn", 66, False),
)  # fmt: skip
PEOPLE = (
    ("Họ tên", 44, False), ("Chức vụ", 0, False), ("Giữ từ ngày", 24, False),
    ("Tiêu chuẩn, chứng chỉ", 88, False), ("Biệt phái", 52, False),
)  # fmt: skip


def by_unit(person: Person, lines: Iterable[Line], whole: Coverage, *, at: datetime, day: date) -> bytes:
    """The PDF of the list by unit on `day`, made at `at` (aware)."""
    with translation.override("vi"):
        names = qualifications()
        summary = (
            f"Biên chế {whole.established}, hiện có {whole.held}{_rate(whole.rate)}, thực có {whole.present}."
        )
        rows = [_row(it, names) for it in lines]
        return _drawn(person, "Quân số theo đơn vị", summary, [_until(day)], COLUMNS, rows, at)


def _row(it: Line, names: Any) -> list[str]:
    its = it.its
    lacks = "; ".join(f"{names[kind]}: {its.short(kind)}" for kind in names if its.short(kind))
    rate = "" if its.rate is None else f"{its.rate:.1f}".replace(".", ",")
    numbers = (its.established, its.held, rate, its.vacant, its.out, its.come, its.present)
    return [it.name, *("" if n is None else str(n) for n in numbers), lacks]


def officers(
    person: Person, unit: str, summary: str, rows: Sequence[Sequence[str]], *, at: datetime, day: date
) -> bytes:
    """The PDF of the officers of a unit: cells of `PEOPLE`; `summary` counts them."""
    with translation.override("vi"):
        return _drawn(person, f"Danh sách cán bộ, {unit}", summary, [_until(day)], PEOPLE, rows, at)


def _drawn(
    person: Person,
    title: str,
    summary: str,
    lines: Sequence[str],
    columns: Sequence[tuple[str, int, bool]],
    rows: Sequence[Sequence[str]],
    at: datetime,
) -> bytes:
    data = {
        "head": head_of(person.unit, at),
        "title": title,
        "summary": summary,
        "lines": list(lines),
        "columns": [{"label": label, "width": width, "right": right} for label, width, right in columns],
        "groups": [{"title": "", "rows": [list(row) for row in rows]}],
        "synthetic": settings.DEMO,
    }
    return render("listing", data)


def _until(day: date) -> str:
    return f"Tính đến ngày {day:%d/%m/%Y}."


def _rate(rate: float | None) -> str:
    return "" if rate is None else f" ({rate:.1f} %)".replace(".", ",")
