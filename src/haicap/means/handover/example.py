"""An example of what a district handed over of its equipment when it ended, as ugly as they were; all invented."""

import io
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

GIVER = "Công an quận Hồng Bàng (cũ)"
NAME = "tai-san-ban-giao-quan-hong-bang.xlsx"
_HEADS = (
    "STT", "Tên tài sản, trang thiết bị", "Số máy", "Biển số", "Số lượng", "Nguyên giá (đồng)", "Năm sử dụng",
    "Tình trạng", "Nơi để",
)  # fmt: skip
_OVER = (4, 5)  # the columns below one head
_SECTIONS: tuple[tuple[str, tuple[tuple[Any, ...], ...]], ...] = (
    ("Công an phường Sở Dầu", (
        ("Máy vi tính để bàn Dell Vostro 3681", "SD-7Q2K9", "", 1, "13.900.000", 2021, "Tốt", "Phòng trực ban"),
        ("MAY IN CANON LBP 2900", "", "", "2 chiếc", "8,400,000", "Năm 2018", "Cu", "Phòng tiếp dân"),
        ("Ghế gấp Hòa Phát", "", "", 24, "", 2017, "Bình thường", "Hội trường"),
    )),
    ("Công an phường Quán Toan", (
        ("Xe mô tô Honda Wave", "", "15B1-045.67", 1, "17,5 triệu", "16/03/2016", "Hư hỏng", "Nhà xe"),
        ("Tủ hồ sơ sắt 2 cánh", "", "", 5, "19.000.000 đồng", 2015, "", "Kho tầng 2"),
        ("Máy vi tính để bàn Dell Vostro 3681", "SD-7Q2K9", "", 1, "", 2021, "Tốt", "Phòng Đội CSĐT"),
        ("Máy chiếu Panasonic", "", "", 1, "12.000.000", 2019, "Tốt", "Hội trường"),
    )),
    ("Công an phường Hoàng Văn Thụ", (
        ("Máy bộ đàm Motorola", "", "", 6, "", 2020, "Tốt", "Phòng trực ban"),
        ("Điều hòa Daikin 12000 BTU", "", "", "hai", "11.500.000", "2o20", "Chạy được", "Phòng họp"),
        ("Két sắt Hòa Phát", "", "", 1, "", "", "Tốt", "Phòng thủ quỹ"),
    )),
    ("Công an quận Hồng Bàng", (
        ("Xe ô tô bán tải Ford Ranger", "", "15A-012.34", 1, "680.000.000", "05/2017", "Cũ", "Gara quận"),
        ("Máy phát điện Elemax", "", "", 1, "32.000.000", 2014, "Hỏng", "Sân sau"),
    )),
)  # fmt: skip


def example() -> bytes:
    """The workbook: the same bytes every time."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
        sheet = book.add_worksheet("Tài sản")
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center"})
        sheet.set_column(1, 1, 40)
        _above(sheet, bold)
        line = _records(sheet, bold, 7)
        sheet.write(line, 1, "Tổng cộng", bold)
        sheet.write_formula(line, 4, f"=SUM(E8:E{line})", bold, 42)
        sheet.write(line + 2, 6, "Hải Phòng, ngày 28 tháng 6 năm 2025")
        sheet.write(line + 3, 1, "NGƯỜI GIAO", bold)
        sheet.write(line + 3, 6, "NGƯỜI NHẬN", bold)
    return out.getvalue()


def _above(sheet: Any, bold: Any) -> None:
    sheet.merge_range(0, 0, 0, 3, "CÔNG AN QUẬN HỒNG BÀNG", bold)
    sheet.merge_range(0, 4, 0, 8, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold)
    sheet.merge_range(2, 0, 2, 8, "DANH SÁCH TÀI SẢN, PHƯƠNG TIỆN BÀN GIAO", bold)
    for place, head in enumerate(_HEADS):
        if place not in _OVER:
            sheet.merge_range(4, place, 5, place, head, bold)
    sheet.merge_range(4, _OVER[0], 4, _OVER[-1], "Theo sổ sách", bold)
    for place in _OVER:
        sheet.write(5, place, _HEADS[place], bold)
    for place in range(len(_HEADS)):
        sheet.write(6, place, f"({place + 1})", bold)


def _records(sheet: Any, bold: Any, line: int) -> int:
    """Writes the sections from this line (from 0) on; returns the line below them."""
    serial = 0
    for roman, (unit, rows) in zip(("I", "II", "III", "IV"), _SECTIONS, strict=True):
        sheet.write(line, 0, roman, bold)
        sheet.merge_range(line, 1, line, 8, unit, bold)
        for place, row in enumerate(rows, 1):
            serial += 1
            for column, cell in enumerate((serial, *row)):
                if cell != "":
                    sheet.write(line + place, column, cell)
        line += 1 + len(rows)
    return line
