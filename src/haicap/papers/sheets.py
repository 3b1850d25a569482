"""Tables as people take them away and hand them in: CSV and XLSX out, CSV and spreadsheets in.

Instants are shown in Vietnamese time. Nothing that a person typed becomes a formula: neither in XLSX, where
every cell is written with its kind, nor in CSV, where a text that a spreadsheet would take for a formula
gets an apostrophe in front, which `read` takes away again.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import python_calamine
import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from haicap.clocks.wall import VIETNAM

_CHUNK = 500  # rows per piece of a stream
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_LONGEST_CELL = 32_767  # characters, a limit of the format
_EXACT = 10**15  # spreadsheets keep 15 digits of a number
_FIRST_DAY = date(1900, 3, 1)  # earlier dates have no agreed number in a spreadsheet
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOOK_FORMATS = {"date": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `code` finds the value in a row, `label` is its head, `width` in characters."""

    code: str
    label: str
    width: int = 16
    kind: Literal["text", "number", "date", "moment"] = "text"


class UnreadableSheet(ValueError):
    """A table that was handed in cannot be read: `fault` says why, `cell` where (`B3`, or empty)."""

    def __init__(self, fault: str, cell: str = "") -> None:
        super().__init__(fault, cell)
        self.fault, self.cell = fault, cell

    def __str__(self) -> str:
        sentence = {
            "encoding": _("Tệp CSV không dùng bảng mã UTF-8. Hãy lưu lại theo kiểu “CSV UTF-8” hoặc XLSX."),
            "book": _("Không mở được tệp bảng tính. Hãy lưu lại theo kiểu XLSX."),
            "empty": _("Bảng không có dòng tiêu đề."),
            "quotes": _("Dấu ngoặc kép không khép kín."),
            "unnamed": _("Cột không có tiêu đề."),
            "twice": _("Tiêu đề cột bị trùng."),
            "beyond": _("Ô có dữ liệu nhưng cột không có tiêu đề."),
            "long": _(
                "Bảng lớn hơn mức đọc được: nhiều nhất 20.000 dòng, 200 cột. Hãy chia thành nhiều tệp."
            ),
        }[self.fault]
        if not self.cell:
            return sentence
        return _("Ô %(cell)s: %(sentence)s") % {"cell": self.cell, "sentence": sentence}


def csv_stream(columns: Sequence[Column], rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """The table as CSV in pieces: UTF-8 with the mark that makes Excel read Vietnamese, lines end in CR LF.

    Dates are `16/02/2026`, instants `16/02/2026 08:00` in Vietnamese time; a missing value is empty.
    Raises `ValueError` for an instant without a time zone.
    """
    yield b"\xef\xbb\xbf" + _lines([[_guarded(column.label) for column in columns]])
    cells = ([_csv_cell(row.get(column.code), column) for column in columns] for row in rows)
    while chunk := list(itertools.islice(cells, _CHUNK)):
        yield _lines(chunk)


def xlsx(columns: Sequence[Column], rows: Iterable[Mapping[str, object]], title: str) -> bytes:
    """The table as a workbook of one sheet named `title`: heads bold and frozen, with filters, set to print
    on A4 across; dates and instants (in Vietnamese time) as dates, numbers as numbers, never a formula.

    The same rows give the same bytes. Raises `ValueError` for an instant without a time zone.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        book.set_properties({"title": title, "created": datetime(1980, 1, 1, tzinfo=UTC)})
        sheet = book.add_worksheet(_sheet_name(title))
        formats = {kind: book.add_format({"num_format": shown}) for kind, shown in _BOOK_FORMATS.items()}
        _lay_out(book, sheet, columns)
        last = 0
        for last, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                _write(sheet, last, place, row.get(column.code), formats.get(column.kind))
        sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
    return out.getvalue()


def read(source: Path | bytes) -> list[dict[str, str]]:
    """The rows of a simple table, each by the heads of its first line that is not empty; empty lines are
    left out.

    Takes CSV in UTF-8 (commas, semicolons or tabs) and the first sheet of XLSX, XLS or ODS. Values are
    trimmed text: whole numbers without decimals, dates `2026-02-16`, date and time `2026-02-16T08:00:00`
    as written in the sheet, which knows no time zone; a formula gives its value, a failed one nothing.
    Raises `UnreadableSheet`, which names the cell.
    """
    data = source.read_bytes() if isinstance(source, Path) else source
    lines = _book_lines(data) if data.startswith((_ZIP, _OLE)) else _csv_lines(data)
    filled = ((number, line) for number, line in enumerate(lines) if any(line))
    head_number, head = next(filled, (0, []))
    labels = _labels(head_number, head)
    return [_row(labels, number, line) for number, line in filled]


# Writing


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _csv_cell(value: object, column: Column) -> str:
    value = _local(value)
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case int() | float() | Decimal() if column.kind == "number":
            return str(value)
    return _guarded(str(value))


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _local(value: object) -> object:
    """An instant as the clock on the wall shows it; everything else as it is."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError(f"an instant without a time zone: {value}")
    return value.astimezone(VIETNAM).replace(tzinfo=None)


def _sheet_name(title: str) -> str:
    """Sheet names have at most 31 characters and none of []:*?/\\, and no apostrophe at their ends."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip(" '") or "1"


def _lay_out(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.label, bold)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, row: int, place: int, raw: object, shown: Any) -> None:
    value: Any = _local(raw)
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, place, value)
        case int() | float() | Decimal() if -_EXACT < value < _EXACT:
            sheet.write_number(row, place, value)
        case datetime() if value.date() >= _FIRST_DAY:
            sheet.write_datetime(row, place, value, shown)
        case date() if not isinstance(value, datetime) and value >= _FIRST_DAY:
            sheet.write_datetime(row, place, value, shown)
        case _:
            text = str(value)
            cut = text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
            sheet.write_string(row, place, cut)


# Reading


def _csv_lines(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        raise UnreadableSheet("encoding", xl_rowcol_to_cell(line, 0)) from error
    head = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        for cells in reader:
            yield [_unguarded(cell).strip() for cell in cells]
    except csv.Error as error:
        raise UnreadableSheet("quotes", xl_rowcol_to_cell(reader.line_num - 1, 0)) from error


def _book_lines(data: bytes) -> Iterator[list[str]]:
    try:
        sheet = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    except (python_calamine.CalamineError, OSError) as error:
        raise UnreadableSheet("book") from error
    for cells in sheet.to_python(skip_empty_area=False):
        yield [_book_cell(cell) for cell in cells]


def _book_cell(value: object) -> str:
    match value:
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value).strip()


def _labels(number: int, head: Sequence[str]) -> list[str]:
    while head and not head[-1]:
        head = head[:-1]
    if not head:
        raise UnreadableSheet("empty")
    for place, label in enumerate(head):
        if not label:
            raise UnreadableSheet("unnamed", xl_rowcol_to_cell(number, place))
        if label in head[:place]:
            raise UnreadableSheet("twice", xl_rowcol_to_cell(number, place))
    return list(head)


def _row(labels: Sequence[str], number: int, line: Sequence[str]) -> dict[str, str]:
    for place, cell in enumerate(line[len(labels) :], start=len(labels)):
        if cell:
            raise UnreadableSheet("beyond", xl_rowcol_to_cell(number, place))
    return dict(itertools.zip_longest(labels, line[: len(labels)], fillvalue=""))
