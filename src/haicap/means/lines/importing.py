"""Sheets of measurements: what is understood of each line, and why the others are not taken."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Literal
from uuid import UUID

from haicap.clocks.wall import day_of, instant
from haicap.means.lines.entries import Measure
from haicap.means.lines.fold import Circuit
from haicap.papers.books import cell_name, open_book
from haicap.papers.dates import moment
from haicap.papers.tables import Line, Table, understood
from haicap.units.vietnamese import fold

Field = Literal["number", "at", "clock", "down", "up", "delay", "loss"]
Why = Literal[
    "unknown", "several", "moment", "ahead", "before", "down", "up", "delay", "loss", "twice", "known"
]

HEADS: Mapping[Field, tuple[str, ...]] = {
    "number": (
        "ma duong truyen",
        "so duong truyen",
        "ma kenh",
        "so thue bao",
        "thue bao",
        "so hieu",
        "circuit",
        "ma",
    ),
    "at": ("thoi diem", "thoi gian", "ngay gio", "ngay do", "ngay", "moment", "date", "timestamp"),
    "clock": ("gio do", "gio", "luc", "time"),
    "down": ("tai xuong", "tai ve", "download", "down", "xuong"),
    "up": ("tai len", "upload", "up", "len"),
    "delay": ("do tre", "tre", "ping", "latency", "delay"),
    "loss": ("mat goi", "ty le mat", "packet loss", "loss"),
}
"""Folded words with which the head of a column begins or that it holds, the surest first."""

NEEDED: tuple[Field, ...] = ("number", "at", "down", "up")
RATES: tuple[Literal["down", "up", "delay", "loss"], ...] = ("down", "up", "delay", "loss")
MOST_ROWS = 5_000
_NUMBER = re.compile(r"(\d[\d.,\s]*)([^\d.,][^\d]*)?")
_PLAIN = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Left:
    """A line that is not taken: its number in the sheet, the cell and what stands in it, and why."""

    line: int
    cell: str
    text: str
    why: Why


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet as it was understood: measures by circuit, lines left, and how many lines held records.

    `missing` names the columns that were not found; then nothing was read. `other` lines are titles, sums, notes.
    """

    rows: int
    measures: Mapping[UUID, tuple[Measure, ...]]
    left: tuple[Left, ...]
    other: int
    missing: tuple[Field, ...] = ()

    @property
    def taken(self) -> int:
        """How many lines became measurements."""
        return sum(len(its) for its in self.measures.values())


class TooLong(ValueError):
    """The sheet has more than `MOST_ROWS` records."""


def read(data: bytes, circuits: Iterable[Circuit], at: datetime) -> Reading:
    """What a sheet says of these lines; `at` (aware) is now. Of a book the first sheet with all columns is read.

    Raises `papers.sheets.UnreadableSheet`, `TooLong`.
    """
    words = [word for its in HEADS.values() for word in its]
    tables = [understood(sheet, words) for sheet in open_book(data)]
    found = [(table, columns(table.heads)) for table in tables]
    table, its = next(
        ((table, its) for table, its in found if set(NEEDED) <= set(its)), found[0] if found else (None, {})
    )
    if table is None or not set(NEEDED) <= set(its):
        return Reading(0, {}, (), 0, tuple(name for name in NEEDED if name not in its))
    if len(table.data) > MOST_ROWS:
        raise TooLong
    return _read(table, its, list(circuits), at)


def columns(heads: Sequence[str]) -> dict[Field, int]:
    """The column of each field, by its head; each column is one field's at most."""
    found: dict[Field, int] = {}
    folded = [fold(head) for head in heads]
    for name, words in HEADS.items():
        for word in words:
            fits = [n for n, head in enumerate(folded) if _holds(head, word) and n not in found.values()]
            if fits:
                found[name] = fits[0]
                break
    return found


def _holds(head: str, word: str) -> bool:
    return f" {word} " in f" {head} "


def _read(table: Table, its: Mapping[Field, int], circuits: Sequence[Circuit], at: datetime) -> Reading:
    reader = _Reader(its, table.heads, circuits, at)
    for line in table.data:
        reader.line(line)
    other = sum(1 for line in table.lines if line.sort not in ("data", "empty"))
    measures = {subject: tuple(found.values()) for subject, found in reader.measures.items() if found}
    return Reading(len(table.data), measures, tuple(reader.left), other)


class _Reader:
    """What was read so far."""

    def __init__(
        self, its: Mapping[Field, int], heads: Sequence[str], circuits: Sequence[Circuit], at: datetime
    ) -> None:
        self.its, self.now = its, at
        self.thousandth = {
            name: "kbps" in fold(heads[n]) or "kbit" in fold(heads[n]) for name, n in its.items()
        }
        self.circuits: dict[str, list[Circuit]] = defaultdict(list)
        for circuit in circuits:
            for number in {_number(terms.number) for terms in circuit.terms}:
                self.circuits[number].append(circuit)
        self.measures: dict[UUID, dict[datetime, Measure]] = defaultdict(dict)
        self.left: list[Left] = []

    def line(self, line: Line) -> None:
        """Take a line, or leave it with its reason."""
        wrong = self._measure(line)
        if wrong is not None:
            name, why = wrong
            n = self.its[name]
            self.left.append(Left(line.number, cell_name(line.number, n), line.cells[n], why))

    def _measure(self, line: Line) -> tuple[Field, Why] | None:
        circuits = self.circuits.get(_number(self._cell(line, "number")), [])
        if len(circuits) != 1:
            return "number", "several" if circuits else "unknown"
        at = self._moment(line)
        if at is None:
            return "at", "moment"
        if at > self.now:
            return "at", "ahead"
        circuit = circuits[0]
        if day_of(at) < circuit.terms[0].since:
            return "at", "before"
        rates = {name: self._rate(line, name) for name in RATES}
        for name in RATES:
            if rates[name] is None and (name in NEEDED or self._cell(line, name)):
                return name, name
        if at in self.measures[circuit.id]:
            return "at", "twice"
        if any(it.at == at for it in circuit.measures):
            return "at", "known"
        text: dict[str, str] = {
            name: f"{rate.normalize():f}" for name, rate in rates.items() if rate is not None
        }
        self.measures[circuit.id][at] = Measure(at=at, **text)
        return None

    def _cell(self, line: Line, name: Field) -> str:
        n = self.its.get(name)
        return line.cells[n].strip() if n is not None and n < len(line.cells) else ""

    def _moment(self, line: Line) -> datetime | None:
        text = " ".join(filter(None, (self._cell(line, "at"), self._cell(line, "clock"))))
        found = moment(text)
        if found is None or not found.whole:
            return None
        return instant(datetime.combine(found.day, found.clock or time(12)))

    def _rate(self, line: Line, name: Field) -> Decimal | None:
        number = number_in(self._cell(line, name))
        if number is None or number > (100 if name == "loss" else 10**6):
            return None
        return round(number / 1000 if self.thousandth.get(name) else number, 3)


def number_in(text: str) -> Decimal | None:
    """The number that a cell holds, with or without its unit behind it: `94.125`, `94,1 Mbps`, `1.024,5`, `0,2 %`.

    One point or comma stands before decimals, as meters write them; of both kinds the last does; a kind that comes
    more than once stands between thousands. None for any other text.
    """
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    digits = re.sub(r"\s", "", found[1])
    point = max(digits.rfind("."), digits.rfind(","))
    if point >= 0 and digits.count(digits[point]) > 1:
        point = len(digits)
    whole, rest = (digits, "") if point < 0 else (digits[:point], digits[point + 1 :])
    return Decimal(f"{re.sub(r'[.,]', '', whole) or '0'}.{rest or '0'}")


def _number(text: str) -> str:
    """A circuit's number without what people write differently: case, dashes, dots, spaces."""
    return _PLAIN.sub("", fold(text).replace(" ", ""))
