"""From a line of a sheet to what it says, cell by cell, or what is wrong with which cell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from haicap.clocks.wall import VIETNAM
from haicap.papers.books import cell_name
from haicap.papers.dates import moment
from haicap.papers.figures import amount, whole
from haicap.papers.sheets_in.cells import written
from haicap.papers.sheets_in.choosing import choose
from haicap.papers.sheets_in.entries import Fault
from haicap.papers.sheets_in.places import Places
from haicap.papers.sheets_in.plans import Plan
from haicap.papers.sheets_in.targets import Target
from haicap.papers.tables import Line
from haicap.units.vietnamese import fold

T = TypeVar("T")
LONGEST = 500  # characters of a text, where nothing else is said


@dataclass(frozen=True, slots=True)
class Ground:
    """What lines are read against: the targets, the plan, the units, and the unit where a line names none.

    `may` says whether whoever hands it in may have lines taken in at a unit.
    """

    targets: tuple[Target, ...]
    plan: Plan
    places: Places
    unit: str
    at: datetime
    may: Callable[[str], bool]


@dataclass(slots=True)
class Reading:
    """One line being read; gathers what is wrong with it. Targets are named by their codes.

    What is asked here and not said is empty or None, and blamed where the target is needed; what cannot be read is
    blamed and is empty or None, too.
    """

    line: Line
    ground: Ground
    faults: list[Fault] = field(default_factory=list)

    def text(self, code: str) -> str:
        """What the line says, or what was said for all lines. Nothing is blamed."""
        place = self.ground.plan.column_of(code)
        said = self.line.cells[place] if place is not None and place < len(self.line.cells) else ""
        return said or self.ground.plan.fixed.get(code, "")

    def blame(self, code: str, reason: str) -> None:
        """Write down that the cell of a target is wrong."""
        place = self.ground.plan.column_of(code)
        cell = "" if place is None else cell_name(self.line.number, place)
        self.faults.append(Fault(cell=cell, reason=f"{reason}:{code}"))

    def unit(self) -> str | None:
        """The unit of today that the line, or the section above it, names; where neither names one, the one stated."""
        said = _place_said(self.line, self.ground) or _sectioned(self.line, self.ground)
        code = self.ground.plan.places.get(fold(said)) if said else self.ground.unit
        if not code:
            found = self.ground.places.find(said)
            if found.code is None:
                self.blame("unit", "unclear-unit" if found.choices else "no-unit")
            code = found.code
        if code and not self.ground.may(code):
            self.blame("unit", "not-yours")
        return code

    def words(self, code: str, longest: int = LONGEST) -> str:
        """A text in one line."""
        said = " ".join(self._said(code).split())
        if len(said) > longest:
            self.blame(code, "too-long")
        return said

    def choice(self, code: str) -> str:
        """The code of a choice, `yes` or `no` of a question."""
        said = self._said(code)
        return self.value(self.target(code), said)

    def day(self, code: str) -> date | None:
        """A whole day."""
        said = self.value(self.target(code), self._said(code))
        return date.fromisoformat(said) if said else None

    def number(self, code: str) -> int | None:
        """A whole number from 0."""
        return self._figure(code, whole, "not-a-number")

    def money(self, code: str) -> str | None:
        """A sum as plain digits: `1,5 tỷ` is `1500000000`."""
        return self._figure(code, amount, "not-an-amount")

    def _figure(self, code: str, read: Callable[[str], T | None], reason: str) -> T | None:
        said = self._said(code)
        found = read(self.value(self.target(code), said)) if said else None
        if said and found is None:
            self.blame(code, reason)
        return found

    def _said(self, code: str) -> str:
        said = self.text(code)
        if not said and self.target(code).needed:
            self.blame(code, "needed")
        return said

    def target(self, code: str) -> Target:
        """The target with this code."""
        return next(it for it in self.ground.targets if it.code == code)

    def value(self, target: Target, said: str) -> str:
        """What is said as a form would have it, by the target's type; empty where nothing is, or where it is blamed."""
        if not said:
            return ""
        if target.type in ("choice", "yes-no"):
            return self._chosen(target, said)
        if target.type in ("date", "datetime"):
            return self._dated(target, said)
        if target.type == "unit":
            return self.ground.places.find(said).code or said
        return written(target.type, said)

    def _chosen(self, target: Target, said: str) -> str:
        mapped = self.ground.plan.choices.get(target.code, {}).get(fold(said))
        code = mapped or choose(said, target.options)
        if code is None:
            self.blame(target.code, "not-a-choice")
        return code or ""

    def _dated(self, target: Target, said: str) -> str:
        its = moment(said)
        if its is None or not its.whole:
            self.blame(target.code, "not-a-date" if target.type == "date" else "not-a-time")
            return ""
        if target.type == "date":
            return its.day.isoformat()
        return datetime.combine(its.day, its.clock or time(0), VIETNAM).isoformat()


def unclear(lines: Iterable[Line], ground: Ground) -> dict[str, tuple[str, ...]]:
    """The texts that name a line's unit and mean none, or more than one: with the codes that they may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        said = _place_said(line, ground) or _sectioned(line, ground)
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


def _sectioned(line: Line, ground: Ground) -> str:
    """The section above, if it is a unit's name."""
    if not line.section:
        return ""
    found = ground.places.find(line.section)
    return line.section if found.code or found.choices else ""


def _said(line: Line, target: str, ground: Ground) -> str:
    place = ground.plan.column_of(target)
    return line.cells[place] if place is not None and place < len(line.cells) else ""
