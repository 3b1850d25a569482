"""The register of difficulties that real units raised in public, and the reading of files of that form.

Columns: number, province, date, category, difficulty, answer, publication; and, where a file has them,
title_vi, answer_vi, outcome. The file in `data/difficulties.csv` names the publication of every row. Its
publications were Vietnamese and were noted in English; the Vietnamese of title_vi and answer_vi is our own
wording, not a quotation, and the outcome is our reading of the answer.
"""

import csv
import re
import tomllib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from haicap.units.old_addresses import Match, convert, province_of_today
from haicap.units.vietnamese import fold

Outcome = Literal["own-means", "asked-authority", "guidance", "rule-changed", "not-competent"]
Precision = Literal["day", "days", "month", "early", "middle", "late", "year"]
Level = Literal["national", "province", "commune"]
Reason = Literal["missing", "number", "twice", "place", "date", "category", "publication", "outcome"]

REASONS: dict[Reason, dict[str, str]] = {
    "missing": {"vi": "Còn để trống", "en": "Empty"},
    "number": {"vi": "Không phải là số thứ tự", "en": "Not a number"},
    "twice": {"vi": "Số thứ tự đã có ở dòng trên", "en": "This number stands in a row above"},
    "place": {"vi": "Không tìm thấy tỉnh, thành phố này", "en": "No such province"},
    "date": {"vi": "Không đọc được thời gian", "en": "Not a date"},
    "category": {"vi": "Không có nhóm vướng mắc này", "en": "No such kind of difficulty"},
    "publication": {"vi": "Không có dòng trên để lấy nguồn", "en": "No row above to take the source from"},
    "outcome": {"vi": "Không có kết quả giải quyết này", "en": "No such outcome"},
}

_HERE = Path(__file__).parent / "data"
_TWO_LEVELS_MERGED = date(2025, 7, 1)
_NATIONAL = {"national", "toan quoc", "ca nuoc", "trung uong"}
_NOT_STATED = {"", "n s", "khong neu"}
_SAME = {"same", "nhu tren"}
_PARTS: dict[str, Precision] = {"early": "early", "dau": "early", "mid": "middle", "giua": "middle"}
_PARTS |= {"middle": "middle", "late": "late", "cuoi": "late"}
_PART_MONTHS = {"early": (1, 4), "middle": (5, 8), "late": (9, 12)}
_PART_WORDS = {"early": ("đầu", "early"), "middle": ("giữa", "mid"), "late": ("cuối", "late")}
_MONTHS: tuple[str, ...] = ("January", "February", "March", "April", "May", "June", "July")
_MONTHS += ("August", "September", "October", "November", "December")
_NUMBERS = re.compile(r"(?:(?:(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?/)?(\d{1,2})/)?(\d{4})")
_PART_OF_YEAR = re.compile(r"([^\W\d]+) (?:nam )?(\d{4})")
_BRACKET = re.compile(r"\s*\(([^)]*)\)\s*$")
_ENGLISH_KIND = re.compile(r"\s+(?:ward|commune|special zone)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CoarseDate:
    """A date as exactly as it was said: all days from `first` to `last`, both included."""

    first: date
    last: date
    as_written: str
    precision: Precision

    def show(self, language: Literal["vi", "en"]) -> str:
        """The date in words, no more exact than it was said: "đầu năm 2025", "tháng 6/2025", "27/08/2025"."""
        return _in_vietnamese(self) if language == "vi" else _in_english(self)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a difficulty was raised. `code` is of a province or territory of today, None for the nation.

    `note` is what stood in brackets and names no territory: a person's post, or a district of before, which
    is spread over several territories.
    """

    level: Level
    code: str | None
    as_written: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Difficulty:
    """One row. `answer` is None where the publication states none; `kinds` holds the main kind first."""

    number: int
    place: Place
    date: CoarseDate
    kinds: tuple[str, ...]
    title: str
    answer: str | None
    publications: tuple[str, ...]
    title_vi: str | None
    answer_vi: str | None
    outcome: Outcome | None

    @property
    def kind(self) -> str:
        """Code of the main kind."""
        return self.kinds[0]


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be read; `REASONS` has the sentences."""

    column: str
    value: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken; `row` counts from 1, without the head."""

    row: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What could be read, and what could not."""

    rows: tuple[Difficulty, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class DifficultyKind:
    """A kind of difficulty; `owner` is the department that answers first, `mark` how that is known."""

    code: str
    vi: str
    en: str
    owner: str
    mark: Literal["verified", "memory"]
    also: tuple[str, ...] = ()


@cache
def kinds() -> tuple[DifficultyKind, ...]:
    """All kinds in the order of lists, from `data/difficulty-kinds.toml`."""
    rows = tomllib.loads((_HERE / "difficulty-kinds.toml").read_text(encoding="utf-8"))["kind"]
    return tuple(DifficultyKind(**row | {"also": tuple(row.get("also", ()))}) for row in rows)


def carried() -> list[dict[str, str]]:
    """The rows of `data/difficulties.csv`, as any file of that form is read."""
    with (_HERE / "difficulties.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def published() -> tuple[Difficulty, ...]:
    """The difficulties of `data/difficulties.csv`. Raises `ValueError` if one of its rows is refused."""
    parsed = parse(carried())
    if parsed.refused:
        raise ValueError(f"difficulties.csv: {parsed.refused}")
    return parsed.rows


def parse(rows: Iterable[Mapping[str, str | None]]) -> Parsed:
    """Read rows of a difficulties file; a row with a cell that cannot be read is refused, all problems named.

    "same" as publication means what a row above named last in full; "same; X" adds X for this row only.
    "n.s." (not stated) as answer means none.
    """
    taken: list[Difficulty] = []
    refused: list[Refused] = []
    numbers: set[int] = set()
    base: tuple[str, ...] = ()
    for position, row in enumerate(rows, start=1):
        reading = _Reading({name: (value or "").strip() for name, value in row.items() if name}, base)
        difficulty = reading.difficulty(numbers)
        base = reading.base
        if reading.problems or difficulty is None:
            refused.append(Refused(position, tuple(reading.problems)))
        else:
            numbers.add(difficulty.number)
            taken.append(difficulty)
    return Parsed(tuple(taken), tuple(refused))


def coarse_date(text: str) -> CoarseDate | None:
    """Read "27/08/2025", "06-08/10/2025", "06/2025", "early 2025" ("đầu năm 2025"), "2025"; else None."""
    if part := _PART_OF_YEAR.fullmatch(fold(text)):
        precision = _PARTS.get(part[1])
        return _part_of_year(int(part[2]), precision, text) if precision else None
    numbers = _NUMBERS.fullmatch(text.strip())
    if not numbers:
        return None
    day, to_day, month, year = (int(it) if it else None for it in numbers.groups())
    try:
        return _by_numbers(cast(int, year), month, day, to_day, text)
    except ValueError:
        return None


def place(text: str, when: CoarseDate | None = None) -> Place | None:
    """Read "national", a province of today or before, or such with a unit in brackets; None if unknown.

    A unit's name is first looked for among today's territories, or, when `when` ends before 1 July 2025,
    among the old wards (the territory that took the main part); what is neither is kept as a note.
    """
    if fold(text) in _NATIONAL:
        return Place("national", None, text)
    bracket = _BRACKET.search(text)
    name = _BRACKET.sub("", text)
    province = province_of_today(name)
    if province is None:
        return None
    if bracket is None:
        return Place("province", province.code, text)
    unit = _ENGLISH_KIND.sub("", bracket[1])
    match = _best(convert(f"{unit}, {name}"), old_first=when is not None and when.last < _TWO_LEVELS_MERGED)
    if match is None:
        return Place("province", province.code, text, bracket[1])
    if match.way == "district":
        return Place("province", province.code, text, match.matched)
    return Place("commune", match.territory.code, text)


def _best(matches: tuple[Match, ...], old_first: bool) -> Match | None:
    order = ["ward", "district", "today"] if old_first else ["today", "ward", "district"]
    whole = (it for it in matches if it.main)
    return min(whole, key=lambda it: order.index(it.way), default=None)


@dataclass(slots=True)
class _Reading:
    """One row being read: collects the problems of all its cells."""

    cells: dict[str, str]
    base: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    def difficulty(self, numbers: set[int]) -> Difficulty | None:
        number, when = self.number(numbers), self.date()
        where, kinds_ = self.place(when), self.kinds()
        publications, outcome = self.publications(), self.outcome()
        title = self.needed("difficulty")
        if self.problems or number is None or when is None or where is None:
            return None
        return Difficulty(
            number=number,
            place=where,
            date=when,
            kinds=kinds_,
            title=title,
            answer=_stated(self.cells.get("answer", "")),
            publications=publications,
            title_vi=self.cells.get("title_vi") or None,
            answer_vi=_stated(self.cells.get("answer_vi", "")),
            outcome=outcome,
        )

    def needed(self, column: str) -> str:
        value = self.cells.get(column, "")
        if not value:
            self.refuse(column, "missing")
        return value

    def refuse(self, column: str, reason: Reason) -> None:
        self.problems.append(Problem(column, self.cells.get(column, ""), reason))

    def number(self, numbers: set[int]) -> int | None:
        value = self.needed("number")
        if value and not (value.isascii() and value.isdecimal()):
            self.refuse("number", "number")
            return None
        if value and int(value) in numbers:
            self.refuse("number", "twice")
        return int(value) if value else None

    def date(self) -> CoarseDate | None:
        value = self.needed("date")
        found = coarse_date(value)
        if value and found is None:
            self.refuse("date", "date")
        return found

    def place(self, when: CoarseDate | None) -> Place | None:
        value = self.needed("province")
        found = place(value, when)
        if value and found is None:
            self.refuse("province", "place")
        return found

    def kinds(self) -> tuple[str, ...]:
        words = [word for word in self.needed("category").split(",") if fold(word)]
        codes = [_kind_codes().get(fold(word)) for word in words]
        if words and None in codes:
            self.refuse("category", "category")
        return tuple(dict.fromkeys(code for code in codes if code))

    def publications(self) -> tuple[str, ...]:
        first, *more = (it.strip() for it in self.needed("publication").split(";"))
        if not first:
            return ()
        if fold(first) not in _SAME:
            self.base = (first, *more)
            return self.base
        if not self.base:
            self.refuse("publication", "publication")
        return (*self.base, *more)

    def outcome(self) -> Outcome | None:
        value = self.cells.get("outcome", "")
        if not value:
            return None
        if value not in get_args(Outcome):
            self.refuse("outcome", "outcome")
        return cast(Outcome, value)


def _stated(text: str) -> str | None:
    return None if fold(text) in _NOT_STATED else text


@cache
def _kind_codes() -> dict[str, str]:
    return {fold(word): it.code for it in kinds() for word in (it.code, it.vi, it.en, *it.also)}


def _by_numbers(year: int, month: int | None, day: int | None, to_day: int | None, text: str) -> CoarseDate:
    if month is None:
        return CoarseDate(date(year, 1, 1), date(year, 12, 31), text, "year")
    if day is None:
        return CoarseDate(date(year, month, 1), date(year, month, monthrange(year, month)[1]), text, "month")
    first, last = date(year, month, day), date(year, month, to_day or day)
    if last < first:
        raise ValueError("the days run backwards")
    return CoarseDate(first, last, text, "day" if to_day is None else "days")


def _part_of_year(year: int, part: Precision, text: str) -> CoarseDate:
    first, last = _PART_MONTHS[part]
    return CoarseDate(date(year, first, 1), date(year, last, monthrange(year, last)[1]), text, part)


def _in_vietnamese(it: CoarseDate) -> str:
    match it.precision:
        case "day":
            return f"{it.first:%d/%m/%Y}"
        case "days":
            return f"{it.first:%d}–{it.last:%d/%m/%Y}"
        case "month":
            return f"tháng {it.first.month}/{it.first.year}"
        case "year":
            return f"năm {it.first.year}"
        case _:
            return f"{_PART_WORDS[it.precision][0]} năm {it.first.year}"


def _in_english(it: CoarseDate) -> str:
    month = f"{_MONTHS[it.first.month - 1]} {it.first.year}"
    match it.precision:
        case "day":
            return f"{it.first.day} {month}"
        case "days":
            return f"{it.first.day}–{it.last.day} {month}"
        case "month":
            return month
        case "year":
            return str(it.first.year)
        case _:
            return f"{_PART_WORDS[it.precision][1]} {it.first.year}"
