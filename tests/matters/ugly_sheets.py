"""Ugly sheets by the thousand, each from a seed: as offices make them, and worse. What is in a row is told with it."""

import csv
import io
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from haicap.units.vietnamese import fold

DATES: tuple[Callable[[date], Any], ...] = (
    lambda day: f"{day.day}/{day.month}/{day:%y}",
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"ngày {day:%d} tháng {day:%m} năm {day.year}",
    lambda day: f"{day:%m/%Y}",
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: day.isoformat(),
    lambda day: f"08h30 ngày {day:%d/%m/%Y}",
    lambda day: f"{day:%d/%m/%Y} 14:05",
    lambda day: f"Ngay {day.day} thang {day.month} nam {day.year}",
)
TITLES = (
    "Trụ sở dột",
    "Đường truyền chậm",
    "Thiếu máy tính",
    "Cháy bình điện",
    "Mất liên lạc",
    "Công trình dở dang",
    "Tổng đài hỏng",
)
KINDS = ("Trụ sở", "Đường truyền dữ liệu", "trang thiet bi", "BIÊN CHẾ", "Kinh phí", "phần mềm")
UNITS = (
    "Sở Dầu",
    "P. Thượng Lý",
    "phường Minh Khai",
    "CAP Hùng Vương",
    "Hồng Bàng",
    "Công an phường Hồng Bàng",
    "11311",
)
JUNK = (
    "",
    "???",
    "=1/0",
    "=SUM(A1:A9)",
    "x" * 30_000,
    "\x00\x07",
    "31/02/2026",
    "-1",
    "1e400",
    "TRUE",
    "#REF!",
    "🙂",
    "'='",
    '"',
    "\u200b",
)
HEADS = {
    "serial": ("STT", "TT", "Số TT"), "number": ("Số", "Số hồ sơ", "SO HO SO"),
    "day": ("Ngày nhận", "NGÀY THÁNG", "ngay tiep nhan"),
    "title": ("Nội dung vướng mắc", "Nội dung", "TRÍCH YẾU"), "kind": ("Nhóm", "Phân loại", "Nhóm vướng mắc"),
    "unit": ("Đơn vị", "Phường/xã", "Đơn vị (cũ)"), "rest": ("Ghi chú", "Kết quả", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ugly:
    """A sheet's bytes, how many lines it has up to the last with anything in it, and the kind of file."""

    data: bytes
    lines: int
    form: str


def ugly(seed: int) -> Ugly:
    """The sheet of a seed; the same seed gives the same sheet."""
    chance = random.Random(seed)
    rows, merged = _rows(chance)
    rows = [[_as_typed(cell, chance) for cell in row] for row in rows]
    if chance.random() < 0.5:
        return Ugly(_csv(rows, chance), _used(rows), "csv")
    return Ugly(_book(rows, merged), _used(rows), "xlsx")


def _rows(chance: random.Random) -> tuple[list[list[Any]], list[tuple[int, int, int, int]]]:
    columns = [name for name in HEADS if name in ("title", "day") or chance.random() < 0.8]
    if chance.random() < 0.2:
        chance.shuffle(columns)
    rows: list[list[Any]] = [
        [chance.choice(("CÔNG AN QUẬN HỒNG BÀNG", "", "DANH SÁCH VƯỚNG MẮC"))]
        for _ in range(chance.randrange(5))
    ]
    merged: list[tuple[int, int, int, int]] = []
    if chance.random() < 0.95:
        rows.append([chance.choice(HEADS[name]) for name in columns])
        if chance.random() < 0.2:
            merged += [(len(rows) - 1, place, len(rows), place) for place in range(len(columns))]
            rows.append([])
        if chance.random() < 0.2:
            rows.append([f"({place})" for place in range(1, len(columns) + 1)])
    for number in range(1, chance.randrange(1, 12)):
        if chance.random() < 0.1:
            rows.append(["", chance.choice(("I. Công an phường Sở Dầu", "Tháng 3", "Khối nội chính"))])
        if chance.random() < 0.08:
            rows.append([])
        rows.append([_cell(name, number, chance) for name in columns])
        if chance.random() < 0.12:
            rows.append(list(rows[-1]))
        if chance.random() < 0.05 and len(rows) > 2 and "unit" in columns:
            place = columns.index("unit")
            if not any(area[1] <= place <= area[3] and area[2] >= len(rows) - 2 for area in merged):
                merged.append((len(rows) - 2, place, len(rows) - 1, place))
    if chance.random() < 0.6:
        rows.append(["Tổng cộng" if chance.random() < 0.5 else "", "Cộng: 5 vụ", "", 12])
    if chance.random() < 0.4:
        rows += [
            ["", "", "Hải Phòng, ngày 20 tháng 3 năm 2026"],
            ["NGƯỜI LẬP BIỂU", "", "", "TRƯỞNG CÔNG AN"],
            [],
            ["", "Nguyễn Văn A"],
        ]
    if chance.random() < 0.03:
        rows = []
    return rows, merged


def _cell(name: str, number: int, chance: random.Random) -> Any:
    if chance.random() < 0.07:
        return chance.choice(JUNK)
    day = date(2026, 1, 5) + timedelta(days=chance.randrange(200))
    match name:
        case "serial":
            return number
        case "number":
            return chance.choice((f"{number:02}/QT", number, ""))
        case "day":
            return chance.choice(DATES)(day)
        case "title":
            return f"{chance.choice(TITLES)} {chance.choice(('', chance.randrange(40)))}".strip()
        case "kind":
            return chance.choice(KINDS)
        case "unit":
            return chance.choice(UNITS)
    return chance.choice(("", "đã báo", 5))


def _as_typed(cell: Any, chance: random.Random) -> Any:
    """As somebody's keyboard and typeface have it: no marks, capitals, decomposed letters, hard spaces."""
    if not isinstance(cell, str) or cell.startswith(("=", "x" * 9)):
        return cell
    match chance.randrange(12):
        case 0:
            return fold(cell) if "/" not in cell else cell
        case 1:
            return cell.upper()
        case 2:
            return unicodedata.normalize("NFD", cell)
        case 3:
            return cell.replace(" ", "\xa0")
        case 4:
            return f"  {cell} \n"
    return cell


def _used(rows: Sequence[Sequence[Any]]) -> int:
    return max(
        (place for place, row in enumerate(rows, 1) if any(cell not in ("", None) for cell in row)), default=0
    )


def _csv(rows: Sequence[Sequence[Any]], chance: random.Random) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=chance.choice(",;\t"), lineterminator=chance.choice(("\n", "\r\n"))).writerows(
        rows
    )
    text = out.getvalue().replace("\x00", "")
    match chance.randrange(5):
        case 0:
            return text.encode("utf-16")
        case 1:
            return text.encode("utf-8-sig")
    return text.encode()


def _book(rows: Sequence[Sequence[Any]], merged: Sequence[tuple[int, int, int, int]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": True}) as book:
        sheet = book.add_worksheet()
        for area in merged:
            sheet.merge_range(*area, "")
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(line, column, cell, None, 7)
                elif isinstance(cell, str):
                    sheet.write_string(line, column, cell[:32_000].replace("\x00", "").replace("\x07", ""))
                else:
                    sheet.write(line, column, cell)
    return out.getvalue()
