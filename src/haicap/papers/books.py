"""Opening what offices send: every cell of a CSV or a spreadsheet as plain text, and which cells were merged."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell

from haicap.papers.encodings import Undecodable, decoded, old_typeface
from haicap.papers.sheets import UnreadableSheet

Area = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged area, each (line, column) from 0."""

Lines = tuple[tuple[str, ...], ...]

MOST_LINES = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 3_000_000  # also empty ones: the reader makes room for all between the first and the last
MOST_BYTES = 100_000_000  # of a spreadsheet when it is unpacked
LONGEST_CELL = 20_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its lines as text, all of one length, and the areas that were merged."""

    name: str
    lines: Lines
    merged: tuple[Area, ...] = ()


def cell_name(number: int, column: int) -> str:
    """`B3` for line 3 (from 1) and column 1 (from 0)."""
    return str(xl_rowcol_to_cell(number - 1, column))


def column_name(column: int) -> str:
    """`B` for column 1 (from 0)."""
    return str(xl_col_to_name(column))


def open_book(data: bytes) -> tuple[Sheet, ...]:
    """All sheets of XLSX, XLS or ODS, or the one of a CSV in any coding that offices use, with `,`, `;` or tabs.

    Cells are text in NFC without control characters: whole numbers without decimals, days `2026-02-16`, moments
    `2026-02-16T08:00:00`, a formula's value, nothing for a failed one. Empty lines at the end are no lines, and
    sheets without any text are left out. Raises `UnreadableSheet`.
    """
    sheets = list(_book(data)) if data.startswith((_ZIP, _OLE)) else [_csv(data)]
    filled = tuple(sheet for sheet in sheets if sheet.lines)
    if not filled:
        raise UnreadableSheet("empty")
    return filled


def _csv(data: bytes) -> Sheet:
    try:
        text = decoded(data)
    except Undecodable as error:
        raise UnreadableSheet("encoding", cell_name(data.count(b"\n", 0, error.start) + 1, 0)) from error
    sample = [line for line in text.splitlines()[:50] if line.strip()]
    delimiter = max(",;\t", key=lambda sign: sum(line.count(sign) for line in sample))
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    rows = []
    try:
        for row in reader:
            rows.append([_unguarded(tidy(cell)) for cell in row])
            _within(len(rows), len(row))
    except csv.Error as error:
        raise UnreadableSheet("quotes", cell_name(max(reader.line_num, 1), 0)) from error
    return Sheet("", _squared(rows))


def _unguarded(text: str) -> str:
    """Without the apostrophe that `csv_stream` puts before what a spreadsheet would take for a formula."""
    return text[1:] if _GUARDED.match(text) else text


def _book(data: bytes) -> Iterator[Sheet]:
    _bounded(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableSheet("book") from error
    found = [(name, _grid(sheet), _placed(sheet)) for name, sheet in sheets if sheet.height]
    repaired = old_typeface(
        " ".join(cell for _, rows, _ in found for row in rows[:200] for cell in row if cell)
    )
    for name, rows, merged in found:
        yield Sheet(tidy(name), _squared([tidy(repaired(cell)) for cell in row] for row in rows), merged)


def _bounded(data: bytes) -> None:
    """Refuse what would unpack to more than a list can be, before anything makes room for it."""
    if not data.startswith(_ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_BYTES:
                raise UnreadableSheet("long")
            for name in packed.namelist():
                if name.startswith("xl/worksheets/"):
                    _cells_bounded(packed.read(name))
    # Damaged, packed in an unknown way, under a password, with a false length, or cut off: `zipfile` says each so.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise UnreadableSheet("book") from error


def _cells_bounded(xml: bytes) -> None:
    places = [xl_cell_to_rowcol(ref.decode()) for ref in set(_CELL.findall(xml))]
    lines, columns = (max((place[axis] for place in places), default=0) + 1 for axis in (0, 1))
    if lines * columns > MOST_CELLS:
        raise UnreadableSheet("long")


def _grid(sheet: Any) -> list[list[str]]:
    _within(0, sheet.total_width)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise UnreadableSheet("long")
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    while rows and not any(rows[-1]):
        rows.pop()
    _within(len(rows), 0)
    return rows


def _within(lines: int, columns: int) -> None:
    if lines > MOST_LINES or columns > MOST_COLUMNS:
        raise UnreadableSheet("long")


def _text(value: object) -> str:
    match value:
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return repr(round(value, 10))
        case bool():
            return "1" if value else "0"
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)


def tidy(text: str) -> str:
    """NFC, without control and zero-width characters, hard spaces as spaces, trimmed; lines in a cell stay lines."""
    text = unicodedata.normalize("NFC", text[:LONGEST_CELL].replace("\r\n", "\n").replace("\r", "\n"))
    if not text.isprintable():
        text = text.translate(_INVISIBLE)
        text = "".join(_printed(each) for each in text)
    return text.strip()


def _printed(each: str) -> str:
    match unicodedata.category(each):
        case "Zs":
            return " "
        case "Cc" if each != "\n":
            return " " if each == "\t" else ""
        case "Cf" | "Cs" | "Co" | "Cn":
            return ""
    return each


def _placed(sheet: Any) -> tuple[Area, ...]:
    """The merged areas; files of a kind that does not tell them have none."""
    return tuple((tuple(first), tuple(last)) for first, last in sheet.merged_cell_ranges or ())


def _squared(rows: Iterable[Sequence[str]]) -> Lines:
    kept = [tuple(row) for row in rows]
    while kept and not any(kept[-1]):
        kept.pop()
    width = max((_filled(row) for row in kept), default=0)
    return tuple((row + ("",) * width)[:width] for row in kept)


def _filled(row: Sequence[str]) -> int:
    """Up to where a row has something."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1]), 0)
