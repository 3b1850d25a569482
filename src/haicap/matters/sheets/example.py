"""An example of what a district handed over when it ended, as ugly as they were; all of it is invented."""

import io
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

GIVER = "Công an quận Hồng Bàng (cũ)"
NAME = "danh-sach-ban-giao.xlsx"
_HEADS = (
    "STT",
    "Số, ký hiệu",
    "Ngày nhận",
    "Nội dung khó khăn, vướng mắc",
    "Nhóm",
    "Số lượng",
    "Kinh phí (đồng)",
    "Ghi chú",
)
_SECTIONS: tuple[tuple[str, tuple[tuple[Any, ...], ...]], ...] = (
    ("Công an phường Sở Dầu", (
        ("14/SD", "16/2/26", "Trụ sở dột, tường nứt", "Trụ sở", "", "350 triệu"),
        ("15/SD", 46085, "THIEU MAY TINH TIEP DAN", "trang thiet bi", 3, "54.000.000 đồng"),
        ("", "ngày 09 tháng 3 năm 2026", "Đường truyền chập chờn giờ cao điểm", "Đường truyền", "", ""),
    )),
    ("Công an phường Quán Toan", (
        ("07/QT", "02-03-2026", "Chưa có tài khoản phần mềm cư trú cho 2 cán bộ", "Phần mềm", 2, ""),
        ("08/QT", "31/02/2026", "Xe mô tô hỏng, không còn phụ tùng", "Phương tiện", 1, "42,000,000"),
        ("09/QT", "04/2026", "Quân số thiếu so với biên chế", "Biên chế", 4, ""),
    )),
    ("Công an phường Hoàng Văn Thụ", (
        ("21/HVT", "15/04/2026 14:30", "Kho hồ sơ cũ của quận chưa có chỗ để", "Hồ sơ", "", "1,2 tỷ"),
        ("22/HVT", "17.4.2026", "Báo cáo trùng nhau giữa hai hệ thống", "Chế độ cũ", "", ""),
        ("21/HVT", "15/04/2026 14:30", "Kho hồ sơ cũ của quận chưa có chỗ để", "Hồ sơ", "", "1,2 tỷ"),
    )),
    ("Công an phường Gia Viên", (
        ("03/GV", "20/4/2026", "Máy phát điện không nổ", "Trang thiết bị", 1, ""),
    )),
)  # fmt: skip


def example() -> bytes:
    """The workbook: the same bytes every time."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
        sheet = book.add_worksheet("Bàn giao")
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center"})
        sheet.set_column(3, 3, 44)
        _above(sheet, bold)
        line = _records(sheet, bold, 8)
        sheet.write(line, 1, "Tổng cộng", bold)
        sheet.write_formula(line, 5, f"=SUM(F9:F{line})", bold, 11)
        sheet.write(line + 2, 6, "Hải Phòng, ngày 20 tháng 4 năm 2026")
        sheet.write(line + 3, 1, "NGƯỜI LẬP BIỂU", bold)
        sheet.write(line + 3, 6, "TRƯỞNG CÔNG AN QUẬN", bold)
    return out.getvalue()


def _above(sheet: Any, bold: Any) -> None:
    sheet.merge_range(0, 0, 0, 2, "CÔNG AN TP HẢI PHÒNG", bold)
    sheet.merge_range(0, 3, 0, 7, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold)
    sheet.merge_range(1, 0, 1, 2, "CÔNG AN QUẬN HỒNG BÀNG", bold)
    sheet.merge_range(3, 0, 3, 7, "DANH SÁCH KHÓ KHĂN, VƯỚNG MẮC CHƯA GIẢI QUYẾT XONG BÀN GIAO", bold)
    for place, head in enumerate(_HEADS):
        if place not in (5, 6):
            sheet.merge_range(5, place, 6, place, head, bold)
    sheet.merge_range(5, 5, 5, 6, "Nhu cầu", bold)
    sheet.write(6, 5, _HEADS[5], bold)
    sheet.write(6, 6, _HEADS[6], bold)
    for place in range(len(_HEADS)):
        sheet.write(7, place, f"({place + 1})", bold)


def _records(sheet: Any, bold: Any, line: int) -> int:
    """Writes the sections from this line (from 0) on; returns the line below them."""
    serial = 0
    for roman, (unit, rows) in zip(("I", "II", "III", "IV"), _SECTIONS, strict=True):
        sheet.write(line, 0, roman, bold)
        sheet.merge_range(line, 1, line, 7, unit, bold)
        for place, row in enumerate(rows, 1):
            serial += 1
            for column, cell in enumerate((serial, *row)):
                if cell != "":
                    sheet.write(line + place, column, cell)
        line += 1 + len(rows)
    return line
