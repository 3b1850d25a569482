"""From a line of a sheet to what it would become: a record with every answer, or what is wrong with which cell."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import cast

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.wall import VIETNAM, Unreckonable, day_of
from haicap.matters.entries import Facts, Way
from haicap.matters.fields import Unanswered
from haicap.matters.law import Law
from haicap.matters.running import starts
from haicap.matters.schema import Procedure
from haicap.matters.sheets.choosing import choose
from haicap.matters.sheets.entries import Fault
from haicap.matters.sheets.places import Places
from haicap.matters.sheets.plans import Plan
from haicap.matters.sheets.targets import Target
from haicap.matters.timing import RECEIVED
from haicap.papers.books import cell_name
from haicap.papers.dates import moment
from haicap.papers.tables import Line
from haicap.units.vietnamese import fold

BEGINS = time(8)  # of a day without a time of day, in Vietnam
LONGEST_TITLE = 300
_UNITS_OF_MONEY = (
    ("ty", Decimal(10) ** 9),
    ("trieu", Decimal(10) ** 6),
    ("nghin", Decimal(10) ** 3),
    ("ngan", Decimal(10) ** 3),
)


@dataclass(frozen=True, slots=True)
class Record:
    """What a line says, as `raise_matter` wants it; `key` is what it is known by again."""

    unit: str
    title: str
    received: datetime
    by: Way
    answers: Mapping[str, str]
    source: Mapping[str, str]
    number: str
    key: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What lines are read against: procedure, law of today, units, plan, and the unit where a line names none."""

    procedure: Procedure
    law: Law
    places: Places
    plan: Plan
    unit: str
    at: datetime
    may: Callable[[str], bool]  # whether whoever hands it in may take matters in at a unit
    remote: Callable[[str], bool]
    targets: tuple[Target, ...]


def read_line(line: Line, ground: Ground) -> tuple[Record | None, tuple[Fault, ...]]:
    """What a line says, or everything that is wrong with it, cell by cell. Pure."""
    reading = _Reading(line, ground)
    record = reading.record()
    return (None, tuple(reading.faults)) if reading.faults else (record, ())


@dataclass(slots=True)
class _Reading:
    """One line being read; gathers what is wrong with it."""

    line: Line
    ground: Ground
    faults: list[Fault] = field(default_factory=list)

    def record(self) -> Record | None:
        number, unit, received = self.text("old-number"), self.unit(), self.received()
        by, title = self.by(), self.text("title")
        answers = self.answers(title)
        if not title:
            self.blame("title", "needed")
        if len(title) > LONGEST_TITLE:
            if answers.get("what") != title:
                self.blame("title", "too-long")
            title = f"{title[: LONGEST_TITLE - 1].rstrip()}…"
        public = self.checked(answers)
        if self.faults or received is None or unit is None:
            return None
        self.reckoned(received, unit, public)
        day = day_of(received).isoformat()
        content = "|".join(
            [fold(title), *(f"{code}={fold(said) or said}" for code, said in sorted(answers.items()))]
        )
        key = "|".join(
            [unit, self.ground.procedure.code, day, fold(self.text("unit")), fold(number) or content]
        )
        return Record(unit, " ".join(title.split()), received, by, answers, self.source(number), number, key)

    # What the columns say

    def text(self, target: str) -> str:
        """What the line says, or what was said for all lines."""
        place = self.ground.plan.column_of(target)
        said = self.line.cells[place] if place is not None and place < len(self.line.cells) else ""
        return said or self.ground.plan.fixed.get(target, "")

    def blame(self, target: str, reason: str) -> None:
        place = self.ground.plan.column_of(target)
        cell = "" if place is None else cell_name(self.line.number, place)
        self.faults.append(Fault(cell=cell, reason=f"{reason}:{target}"))

    def unit(self) -> str | None:
        """The unit of today that the line, or the section above it, names; where neither names one, the one stated."""
        said = _place_said(self.line, self.ground) or self.sectioned()
        code = self.ground.plan.places.get(fold(said)) if said else self.ground.unit
        if not code:
            found = self.ground.places.find(said)
            if found.code is None:
                self.blame("unit", "unclear-unit" if found.choices else "no-unit")
            code = found.code
        if code and not self.ground.may(code):
            self.blame("unit", "not-yours")
        return code

    def sectioned(self) -> str:
        """The section above, if it is a unit's name."""
        if not self.line.section:
            return ""
        found = self.ground.places.find(self.line.section)
        return self.line.section if found.code or found.choices else ""

    def received(self) -> datetime | None:
        said = self.text("received")
        its = moment(said)
        if its is None:
            self.blame("received", "not-a-date" if said else "needed")
            return None
        at = datetime.combine(its.day, its.clock or BEGINS, VIETNAM)
        if its.clock is None and its.day == day_of(self.ground.at):
            return min(at, self.ground.at)
        if at > self.ground.at:
            self.blame("received", "future")
        return at

    def by(self) -> Way:
        target = next(it for it in self.ground.targets if it.code == "by")
        way = self.chosen(target, self.text("by")) if self.text("by") else "letter"
        if way is None:
            self.blame("by", "not-a-choice")
        return cast(Way, way or "letter")

    def chosen(self, target: Target, said: str) -> str | None:
        mapped = self.ground.plan.choices.get(target.code, {}).get(fold(said))
        return mapped or choose(said, target.options)

    def answers(self, title: str) -> dict[str, str]:
        found = {}
        for target in self.ground.targets:
            if target.field is not None and (said := self.answer(target, self.text(target.code))):
                found[target.code] = said
        asked = {it.code for it in self.ground.procedure.asked()}
        if "what" in asked and not found.get("what") and title:
            found["what"] = title
        return found

    def answer(self, target: Target, said: str) -> str:
        assert target.field is not None
        if not said:
            return ""
        kind = target.part or target.field.type
        if kind in ("choice", "yes-no"):
            code = self.chosen(target, said)
            if code is None:
                self.blame(target.code, "not-a-choice")
            return code or ""
        if kind in ("date", "datetime"):
            return self.dated(target, said, kind)
        if kind == "unit":
            return self.ground.places.find(said).code or said
        return _WRITTEN[kind](said) if kind in _WRITTEN else said

    def dated(self, target: Target, said: str, kind: str) -> str:
        its = moment(said)
        if its is None or not its.whole:
            self.blame(target.code, "not-a-date" if kind == "date" else "not-a-time")
            return ""
        if kind == "date":
            return its.day.isoformat()
        return datetime.combine(its.day, its.clock or time(0), VIETNAM).isoformat()

    # What the law says

    def checked(self, answers: Mapping[str, str]) -> dict[str, object]:
        """The public facts; every fault of an answer to its cell, unless that cell was blamed already."""
        blamed = {fault.reason.partition(":")[2] for fault in self.faults}
        try:
            public, _personal = self.ground.procedure.check(answers)
        except Unanswered as wrong:
            for key, reason in wrong.fields.items():
                if key not in blamed:
                    self.blame(key, reason)
            return {}
        return dict(public)

    def reckoned(self, received: datetime, unit: str, public: Mapping[str, object]) -> None:
        """Whether its first clocks can be reckoned from the day written."""
        its, facts = self.ground.procedure, cast(Facts, public)
        try:
            starts(
                its, RECEIVED, None, branch=its.branch_for(facts), remote=self.ground.remote(unit), at=received,
                facts=facts, calendar=self.ground.law.calendar,
            )  # fmt: skip
        except (OutsideCalendar, Unreckonable):
            self.blame("received", "no-calendar")

    def source(self, number: str) -> dict[str, str]:
        """Where it comes from; a cell that may hold an address of a person is not among it."""
        said = {"number": number, "row": str(self.line.number)}
        if (unit := self.text("unit") or self.line.section) and not re.search(r"\d", unit):
            said["unit"] = unit
        if (its := moment(self.text("received"))) and not its.whole:
            said["date"] = self.text("received")
        return {name: text for name, text in said.items() if text}


# Numbers as sheets have them


def _phone(text: str) -> str:
    """With the nought that a spreadsheet took away, and the first of two numbers."""
    digits = re.sub(r"[\s().-]", "", re.split(r"[/;,]|hoặc", text)[0])
    return f"0{digits}" if re.fullmatch(r"[1-9]\d{8}", digits) else digits


def _id_number(text: str) -> str:
    """With the nought that a spreadsheet took away: numbers have 12 digits or, old ones, 9."""
    digits = re.sub(r"[\s.]", "", text)
    return f"0{digits}" if re.fullmatch(r"\d{11}|\d{8}", digits) else digits


def _number(text: str) -> str:
    its = re.fullmatch(r"([\d.,\s]+?)(?:[.,]0+)?\s*[^\W\d]*", text)
    return its[1].replace(" ", "") if its else text


def _money(text: str) -> str:
    """`500 triệu`, `1,5 tỷ`, `500.000.000 đồng`, `500,000,000` as an amount in đồng."""
    folded = fold(text)
    bare = re.sub(r"[^\d.,]", "", text).strip(".,")
    for word, times in _UNITS_OF_MONEY:
        if re.search(rf"\b{word}\b", folded) and re.fullmatch(r"\d{1,6}([.,]\d{1,3})?", bare):
            return f"{(Decimal(bare.replace(',', '.')) * times).normalize():f}"
    if re.fullmatch(r"\d{1,3}(,\d{3})+", bare):
        return bare.replace(",", "")
    return (
        bare if re.fullmatch(r"[\d.,]+\s*(đồng|dong|đ|d|vnđ|vnd)?\.?", text.strip(), re.IGNORECASE) else text
    )


_WRITTEN: dict[str, Callable[[str], str]] = {
    "phone": _phone, "id_number": _id_number, "number": _number, "money": _money,
}  # fmt: skip


def unclear(lines: Iterable[Line], ground: Ground) -> dict[str, tuple[str, ...]]:
    """The texts of the unit's column that mean no unit, or more than one: with the codes that they may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        said = _place_said(line, ground)
        if said and said not in found and fold(said) not in ground.plan.places:
            its = ground.places.find(said)
            if its.code is None:
                found[said] = its.choices
    return found


def unmatched(lines: Iterable[Line], ground: Ground) -> dict[str, list[str]]:
    """The texts of each column of choices that mean none of them, by target, in the order in which they come."""
    found: dict[str, list[str]] = {}
    for target in ground.targets:
        known = ground.plan.choices.get(target.code, {})
        for said in (
            dict.fromkeys(_said(line, target.code, ground) for line in lines) if target.options else ()
        ):
            if said and fold(said) not in known and choose(said, target.options) is None:
                found.setdefault(target.code, []).append(said)
    return found


def _place_said(line: Line, ground: Ground) -> str:
    return ", ".join(filter(None, [_said(line, "unit", ground), _said(line, "district", ground)]))


def _said(line: Line, target: str, ground: Ground) -> str:
    place = ground.plan.column_of(target)
    return line.cells[place] if place is not None and place < len(line.cells) else ""
