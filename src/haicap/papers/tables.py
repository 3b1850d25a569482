"""Tables as offices send them: titles above, heads of two lines, merged cells, sections, totals and signatures below.

`understood` says of every line of a sheet what it is. No line is dropped in silence: each is data, or is told as
something else.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from haicap.papers.books import Area, Sheet
from haicap.papers.dates import moment
from haicap.units.vietnamese import fold

Sort = Literal["data", "title", "head", "section", "total", "note", "empty"]

HEAD_WITHIN = 60  # lines in which a head is looked for
_SERIAL_HEADS = frozenset({"stt", "tt", "so tt", "so thu tu", "no"})
_COUNTED = (
    r"(ho so|vu|viec|truong hop|tien|don|kien nghi|dong|nguoi|vuong mac|kho khan"
    r"|chiec|cai|bo|xe|may|nha|phong|can bo|dong chi|duong truyen|m2|tai san|trang thiet bi)"
)
_TOTAL = re.compile(
    rf"(tong cong|tong so|tong|cong|luy ke|total|cong don|cong trang)( so| cong)?( {_COUNTED})*"
    rf"( la)?( \d[\d ]*)?( {_COUNTED})?"
)
_SIGNED = re.compile(
    r"(nguoi (lap|thong ke|giao|ban giao|nhan ban giao|tong hop|ky)|can bo (lap|thong ke|tong hop)|thu truong|thu ky"
    r"|lanh dao|chi huy|noi nhan|ky ten|ky ghi ro|xac nhan cua|dai dien ben|ben giao|ben nhan|(pho )?giam doc|da ky"
    r"|kt|tl|tm|tuq)( .*)?"
    r"|(pho )?(truong|thu truong) (cong an|phong|ca|don vi)( .*)?"
)
_REMARK = re.compile(
    r"(ghi chu|luu y|chu thich|danh sach (nay |tren )?(co|gom)|bang nay|so lieu tinh den|nguon)( .*)?"
)
_PLACE_AND_DAY = re.compile(r".{0,40}\bngay (\d{1,2} )?thang (\d{1,2} )?nam( \d{2,4})?")
_ENUMERATED = re.compile(r"[ivxa-h]{1,5}|\d{1,2}")
_ROMAN = re.compile(r"[IVX]{1,5}|[A-H]")
_FIGURE = re.compile(r"\d[\d.,\s]*")
_NUMBERING = re.compile(r"\(?\s*(\d{1,2}|[A-Za-z])\s*\)?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet: its `number` as the sheet counts (from 1), what it is, its cells, the section it is in."""

    number: int
    sort: Sort
    cells: tuple[str, ...]
    section: str = ""

    @property
    def text(self) -> str:
        """All that stands in it, in one text."""
        return " ".join(cell for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet understood: the head of every column (empty where it has none), and every line.

    `head` is the number of the head's first line, 0 where no head was found; then no line is data.
    """

    heads: tuple[str, ...]
    head: int
    lines: tuple[Line, ...]

    @property
    def data(self) -> tuple[Line, ...]:
        """The lines that hold records."""
        return tuple(line for line in self.lines if line.sort == "data")


def understood(sheet: Sheet, words: Collection[str], head: int | None = None) -> Table:
    """What every line of a sheet is. `words` are folded heads that such tables have; `head` the number of the head's
    first line, where somebody has said it.

    A merged cell that spans lines counts in each of them, one that spans columns in its first; in the head in all.
    """
    first = _found_head(sheet, words) if head is None else min(max(head, 1), len(sheet.lines))
    if not first:
        return Table((), 0, tuple(_plain(*each, "title") for each in enumerate(sheet.lines, 1)))
    last = _last_of_head(sheet, first, words)
    heads = _heads(sheet, first, last)
    body = _carried_down(sheet, last)
    reading = _Reading(heads, {_folded(sheet.lines[number - 1]) for number in range(first, last + 1)})
    lines = [
        _plain(number, sheet.lines[number - 1], "title" if number < first else "head")
        for number in range(1, last + 1)
    ]
    below = zip(body[last:], sheet.lines[last:], strict=True)
    lines += [reading.line(number, cells, own) for number, (cells, own) in enumerate(below, last + 1)]
    return Table(heads, first, tuple(lines))


def _plain(number: int, cells: tuple[str, ...], sort: Sort) -> Line:
    return Line(number, sort if any(cells) else "empty", cells)


def _folded(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold(cell) for cell in cells)


# The head


def _found_head(sheet: Sheet, words: Collection[str]) -> int:
    """The line that looks most like a head: known words count most, then cells that are neither days nor numbers."""
    best, most = 0, 0.0
    for number, cells in enumerate(sheet.lines[:HEAD_WITHIN], 1):
        score = _looks_like_head(cells, words)
        if score > most:
            best, most = number, score
    return best


def _looks_like_head(cells: Sequence[str], words: Collection[str]) -> float:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(moment(cell) for cell in filled):
        return 0
    folded = _folded(filled)
    known = sum(1 for text in folded if is_head(text, words))
    lettered = sum(1 for text in folded if re.search("[a-z]", text) and len(text) < 60)
    if not known and (lettered < 2 or lettered < len(filled)):
        return 0
    return 3 * known + lettered / 4


def is_head(folded: str, words: Collection[str]) -> bool:
    """Whether a folded text is the head of a column, as a whole or with what stands in brackets beside it."""
    return (
        folded in _SERIAL_HEADS
        or folded in words
        or any(folded.startswith(f"{word} ") for word in words if len(word) > 5)
    )


def _last_of_head(sheet: Sheet, first: int, words: Collection[str]) -> int:
    """The head goes on over the lines that its merged cells span, over heads below gaps, and over `(1) (2) (3)`."""
    spanned = [to for (at, _), (to, _) in sheet.merged if at == first - 1 and to > at]
    last = max([first, *(to + 1 for to in spanned if to - first < 4)])
    if (
        last == first
        and first < len(sheet.lines)
        and _second_line(sheet.lines[first - 1], sheet.lines[first], words)
    ):
        last = first + 1
    if last < len(sheet.lines) and _numbers_columns(sheet.lines[last]):
        last += 1
    return min(last, len(sheet.lines))


def _second_line(above: Sequence[str], below: Sequence[str], words: Collection[str]) -> bool:
    """Whether a line below a head names parts of its columns: only heads, and some of them under a gap."""
    filled = [place for place, cell in enumerate(below) if cell]
    under_gap = [place for place in filled if not above[place]]
    heads = [place for place in filled if is_head(fold(below[place]), words)]
    return bool(under_gap) and len(heads) == len(filled)


def _numbers_columns(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    counted = [it[1] for cell in filled if (it := _NUMBERING.fullmatch(cell))]
    return len(filled) >= 3 and len(counted) == len(filled) and len(set(counted)) == len(counted)


def _heads(sheet: Sheet, first: int, last: int) -> tuple[str, ...]:
    """The words over each column, from the outer head to the inner one."""
    rows = [list(sheet.lines[number - 1]) for number in range(first, last + 1)]
    if len(rows) > 1 and _numbers_columns(rows[-1]):
        rows.pop()
    _spread(rows, [area for area in sheet.merged if first - 1 <= area[0][0] <= last - 1], first - 1)
    return tuple(
        " – ".join(dict.fromkeys(filter(None, (_one_line(cell) for cell in column))))
        for column in zip(*rows, strict=True)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _spread(rows: list[list[str]], areas: Iterable[Area], offset: int) -> None:
    for (top, left), (bottom, right) in areas:
        text = rows[top - offset][left] if top - offset < len(rows) and left < len(rows[0]) else ""
        for line in range(top, min(bottom, offset + len(rows) - 1) + 1):
            for column in range(left, min(right, len(rows[0]) - 1) + 1):
                rows[line - offset][column] = text


def _carried_down(sheet: Sheet, after: int) -> list[tuple[str, ...]]:
    """The lines with what merged cells of the body say in each line that they span."""
    rows = [list(cells) for cells in sheet.lines]
    for (top, left), (bottom, _right) in sheet.merged:
        if top >= after and bottom > top and left < len(rows[0]):
            for line in range(top + 1, min(bottom, len(rows) - 1) + 1):
                rows[line][left] = rows[line][left] or rows[top][left]
    return [tuple(row) for row in rows]


# The body


class _Reading:
    """One walk down the lines below a head."""

    def __init__(self, heads: tuple[str, ...], again: set[tuple[str, ...]]) -> None:
        self.heads, self.again = heads, again
        self.serial = next((place for place, head in enumerate(heads) if fold(head) in _SERIAL_HEADS), None)
        self.section = ""
        self.ending = False  # below a total or a signature only whole records are records

    def line(self, number: int, cells: tuple[str, ...], own: tuple[str, ...]) -> Line:
        """`cells` with what was carried down into them, `own` without."""
        if not any(own):
            return Line(number, "empty", own)
        sort = self.sort(own)
        if sort == "data":
            return Line(number, sort, cells, self.section)
        if sort == "section":
            said = (cell for cell in own if cell and not _ENUMERATED.fullmatch(fold(cell)))
            self.section = " ".join(cell for cell in said if not _FIGURE.fullmatch(cell))
        self.ending = self.ending or sort in ("total", "note")
        return Line(number, sort, own)

    def sort(self, cells: tuple[str, ...]) -> Sort:
        filled = [place for place, cell in enumerate(cells) if cell]
        folded = _folded(cells[place] for place in filled)
        if _folded(cells) in self.again or (_numbers_columns(cells) and not self.numbered(cells)):
            return "head"
        if self.numbered(cells) and len(filled) > 1:
            return "data" if not self.is_section(cells, filled) else "section"
        if _TOTAL.fullmatch(folded[0]):
            return "total"
        if any(
            _SIGNED.fullmatch(text) or _PLACE_AND_DAY.fullmatch(text) for text in folded
        ) or _REMARK.fullmatch(folded[0]):
            return "note" if len(filled) <= 3 and not self.dated(cells, filled) else "data"
        if self.ending and not self.whole(filled):
            return "note"
        return "section" if self.is_section(cells, filled) else "data"

    def numbered(self, cells: Sequence[str]) -> bool:
        """Whether the line has its serial number."""
        return self.serial is not None and bool(re.fullmatch(r"\d{1,6}\.?", cells[self.serial]))

    def dated(self, cells: Sequence[str], filled: Sequence[int]) -> bool:
        return any(moment(cells[place]) for place in filled)

    def whole(self, filled: Sequence[int]) -> bool:
        """Whether at least half of the columns with a head are filled."""
        return 2 * len(filled) >= sum(1 for head in self.heads if head)

    def is_section(self, cells: Sequence[str], filled: Sequence[int]) -> bool:
        """One text alone at the left, or after `I`, `II`, `A`: it stands over the lines below it.

        Where lines are numbered, sums may stand beside it.
        """
        if sum(1 for head in self.heads if head) < 3:
            return False
        first, text = filled[0], cells[filled[-1]]
        if len(filled) == 1:
            return first <= 1 and not moment(text) and bool(re.search(r"[^\W\d]", text))
        enumerated = re.fullmatch(r"[ivx]{1,5}|[a-h]", fold(cells[first]))
        if len(filled) > 2 and not (first == self.serial and _ROMAN.fullmatch(cells[first])):
            return False
        sums = all(_FIGURE.fullmatch(cells[place]) for place in filled[2:])
        return sums and first <= 1 and bool(enumerated) and filled[1] <= 2


def records(table: Table) -> list[dict[str, str]]:
    """The data lines by the heads of their columns."""
    return [dict(zip_longest(table.heads, line.cells, fillvalue="")) for line in table.data]
