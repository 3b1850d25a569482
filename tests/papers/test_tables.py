"""Every line of an ugly sheet is told for what it is."""

import io
import zipfile

import pytest
import xlsxwriter

from haicap.papers.books import Sheet, cell_name, open_book
from haicap.papers.sheets import UnreadableSheet
from haicap.papers.tables import records, understood

WORDS = {"ngay nhan", "noi dung", "don vi", "ho ten", "sdt", "nguoi bao"}


def sheet(*lines: str, merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()) -> Sheet:
    """A sheet of lines whose cells are parted by bars."""
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    width = max(map(len, cells))
    return Sheet("", tuple(tuple(row + [""] * (width - len(row))) for row in cells), merged)


def sorts(its: Sheet, head: int | None = None) -> list[str]:
    return [line.sort for line in understood(its, WORDS, head).lines]


def test_titles_head_sections_totals_and_signatures() -> None:
    its = sheet(
        "CÔNG AN QUẬN", "", "DANH SÁCH", "STT | Ngày nhận | Nội dung | Đơn vị", "(1) | (2) | (3) | (4)",
        "I | Công an phường A", "1 | 16/2/26 | Mất xe | A", "", "2 | 17/2/26 | Mất ví",
        "STT | Ngày nhận | Nội dung | Đơn vị",
        "3 | | Cộng tác viên nghỉ | B", " | Tổng cộng | 3 vụ", " | | | Hải Phòng, ngày 20 tháng 2 năm 2026",
        " | NGƯỜI LẬP BIỂU | | TRƯỞNG CÔNG AN", " | Nguyễn Văn A",
    )  # fmt: skip
    assert sorts(its) == [
        "title", "empty", "title", "head", "head", "section", "data", "empty", "data", "head",
        "data", "total", "note",
        "note", "note",
    ]  # fmt: skip
    table = understood(its, WORDS)
    assert [line.section for line in table.data] == ["Công an phường A"] * 3
    assert records(table)[0] == {"STT": "1", "Ngày nhận": "16/2/26", "Nội dung": "Mất xe", "Đơn vị": "A"}


def test_a_head_of_two_lines_with_and_without_merged_cells() -> None:
    lines = ("STT | Người báo | | Nội dung", " | Họ tên | SĐT | ", "1 | A | 09 | Mất xe")
    plain = understood(sheet(*lines), WORDS)
    merged = understood(sheet(*lines, merged=(((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3)))), WORDS)
    assert plain.heads == ("STT", "Người báo – Họ tên", "SĐT", "Nội dung")
    assert merged.heads == ("STT", "Người báo – Họ tên", "Người báo – SĐT", "Nội dung")
    assert len(plain.data) == len(merged.data) == 1


def test_a_merged_cell_counts_in_each_of_its_lines() -> None:
    its = sheet(
        "Nội dung | Đơn vị | Ngày nhận",
        "Mất xe | A | 1/2/26",
        "Mất ví | | 2/2/26",
        merged=(((1, 1), (2, 1)),),
    )
    assert [line.cells[1] for line in understood(its, WORDS).data] == ["A", "A"]


def test_what_merely_looks_like_a_total_or_a_section_stays_a_record() -> None:
    its = sheet(
        "STT | Nội dung | Đơn vị | Ngày nhận", "1 | Tổng số tiền bị lừa 5 triệu | A | 1/2/26",
        " | Tổng đài hỏng | A | 2/2/26",
        "2 | Công an viên nghỉ việc | A |", " | Trưởng phòng báo mất xe | A | 3/2/26",
    )  # fmt: skip
    assert sorts(its) == ["head", "data", "data", "data", "data"]


def test_a_section_may_have_its_sums_where_lines_are_numbered() -> None:
    its = sheet(
        "TT | Tên tài sản | Số lượng | Đơn vị", "I | Xe ô tô | 2 |", "1 | Xe bán tải | 1 | A", "2 | Xe 7 chỗ | 1 | B",
        "II | Máy vi tính | 1.204 |", "1 | Máy để bàn | 1.204 | A", "a | Màn hình | 2 | A", " | Tổng số xe | 2 |",
    )  # fmt: skip
    assert sorts(its) == ["head", "section", "data", "data", "section", "data", "data", "total"]
    assert [line.section for line in understood(its, WORDS).data] == ["Xe ô tô"] * 2 + ["Máy vi tính"] * 2
    plain = sheet("Loại | Tên tài sản | Số lượng", "A | Xe bán tải | 1", "B | Xe 7 chỗ | 1")
    assert sorts(plain) == ["head", "data", "data"]


def test_the_head_can_be_said_and_may_be_missing() -> None:
    its = sheet("a | b", "Mất xe | 1/2/26", "Mất ví | 2/2/26")
    assert sorts(its, 1) == ["head", "data", "data"]
    nowhere = sheet("Chỉ một dòng chữ", "", "và một dòng nữa")
    assert sorts(nowhere) == ["title", "empty", "title"]
    assert understood(nowhere, WORDS).head == 0


def test_books_of_several_sheets_and_cells_by_name() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Trống")
        one = book.add_worksheet("Một")
        one.write(2, 1, "  Nội\xa0dung ")
        one.write(3, 1, 12.0)
        one.write(4, 1, "C«ng an ph­êng, sè, ngµy")
    (found,) = open_book(out.getvalue())
    assert (found.name, [line[1] for line in found.lines]) == (
        "Một",
        ["", "", "Nội dung", "12", "Công an phường, số, ngày"],
    )
    assert cell_name(3, 1) == "B3"


def bomb() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Nội dung")
        sheet.write(1_048_575, 16_383, "xa")
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 120_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "fault"),
    [(b"", "empty"), (b"\r\n;;\r\n", "empty"), (b"PK\x03\x04x", "book"), (b"\xd0\xcf\x11\xe0x", "book"),
     (b"a;b\n" * 20_001, "long"), (b";" * 300 + b"x", "long")],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, fault: str) -> None:
    with pytest.raises(UnreadableSheet) as caught:
        open_book(data)
    assert caught.value.fault == fault


@pytest.mark.parametrize("make", [bomb, zipped])
def test_a_sheet_that_would_fill_the_memory_is_refused_unopened(make: object) -> None:
    assert callable(make)
    with pytest.raises(UnreadableSheet) as caught:
        open_book(make())
    assert caught.value.fault == "long"
