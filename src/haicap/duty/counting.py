"""What a bulletin counts. One function narrows a figure and the list behind it, so that both are equal.

As of the end of the day: coming in, passing on and lines by when that was written, ends and limits by the times in
their rows. What was lengthened, paused or reopened later shows as it stands now, until the bulletin is issued.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from haicap.clocks.models import Owed
from haicap.duty.models import LineRow
from haicap.duty.window import (
    Window,
    compared,
    down_then,
    due_then,
    late_then,
    overdue_then,
)
from haicap.journal.models import Entry
from haicap.matters.models import MatterRow
from haicap.matters.queries import SEEN_BY
from haicap.units.models import UnitRow
from haicap.units.rights import Person, visible

IN, ON = ("matter.raised",), ("matter.handed_over", "matter.referred")
WRITTEN = (*IN, *ON)  # of which the journal has an index by time (migration 0002)
CODES = (
    "taken", "passed", "ended", "due", "overdue-unit", "overdue-province", "overdue-third",
    "lines", "incidents", "quick", "quick-late", "outages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose bulletin: a unit's, or a province's with all its units (`whole`); seen by `person`."""

    person: Person
    code: str
    province: str | None
    whole: bool

    def files(self, column: str = "unit") -> Q:
        """Rows that lie in the file of the unit, or in one of the province."""
        return Q(province=self.code) if self.whole else Q(**{column: self.code})

    def entries(self) -> QuerySet[Entry]:
        """Entries on matters coming in and passed on."""
        rows = Entry.objects.filter(kind__in=WRITTEN)
        if not self.whole:
            return rows.filter(unit=self.code)
        return rows.filter(unit__in=UnitRow.objects.filter(province=self.code).order_by().values("code"))

    def matters(self) -> QuerySet[MatterRow]:
        """The matters of the file."""
        rows = visible(self.person, "matter.see", MatterRow.objects.all(), by=SEEN_BY)
        return rows.filter(self.files())

    def owed(self) -> QuerySet[Owed]:
        """The limits of those matters."""
        rows = visible(self.person, "matter.see", Owed.objects.filter(room="matters"), by=("file", *SEEN_BY))
        return rows.filter(self.files("file"))

    def lines(self) -> QuerySet[LineRow]:
        """The lines of the log."""
        return visible(self.person, "duty.see", LineRow.objects.all()).filter(self.files())


Part = Callable[[Window], Q]

LINES: Mapping[str, Part] = {
    "lines": lambda it: it.covers("written"),
    "incidents": lambda it: it.covers("written") & Q(sort="incident"),
    "quick": lambda it: it.covers("written") & Q(quick=True),
    "quick-late": lambda it: it.covers("written") & Q(quick=True) & late_then(it.until),
    "outages": down_then,
}
OWED: Mapping[str, Part] = {
    "due": lambda it: due_then(it) & ~Q(level="third"),
    "overdue-unit": lambda it: overdue_then(it) & Q(level="unit"),
    "overdue-province": lambda it: overdue_then(it) & Q(level="province"),
    "overdue-third": lambda it: overdue_then(it) & Q(level="third"),
}


def behind(scope: Scope, code: str, window: Window) -> QuerySet[Any]:
    """The rows that a figure of the window counts: matters, limits or lines. `code` is one of `CODES`."""
    if code in LINES:
        return scope.lines().filter(LINES[code](window))
    if code in OWED:
        return scope.owed().filter(OWED[code](window))
    if code == "ended":
        return scope.matters().filter(window.covers("ended"))
    kinds = IN if code == "taken" else ON
    told = scope.entries().filter(window.covers("at")).filter(kind__in=kinds).values("subject")
    return visible(scope.person, "matter.see", MatterRow.objects.filter(pk__in=told), by=SEEN_BY)


def by_entries(scope: Scope, window: Window) -> dict[str, dict[str, int]]:
    """Taken in and passed on, by code and window. One query."""
    its = compared(window)
    asked = {
        f"{code}_{name}": Count("subject", distinct=True, filter=each.covers("at") & Q(kind__in=kinds))
        for name, each in its.items()
        for code, kinds in (("taken", IN), ("passed", ON))
    }
    return _sorted(scope.entries().filter(_any(its, "at")).aggregate(**asked))


def by_ends(scope: Scope, window: Window) -> dict[str, dict[str, int]]:
    """Decided or else ended, by window. One query."""
    its = compared(window)
    asked = {f"ended_{name}": Count("pk", filter=each.covers("ended")) for name, each in its.items()}
    return _sorted(scope.matters().filter(_any(its, "ended")).aggregate(**asked))


def _any(its: Mapping[str, Window], column: str) -> Q:
    found = Q()
    for each in its.values():
        found |= each.covers(column)
    return found


def _sorted(found: Mapping[str, int]) -> dict[str, dict[str, int]]:
    by_code: dict[str, dict[str, int]] = {}
    for name, count in found.items():
        code, _line, window = name.rpartition("_")
        by_code.setdefault(code.replace("_", "-"), {})[window] = count
    return by_code


def by_unit(
    rows: QuerySet[Any], column: str, parts: Mapping[str, Part], window: Window
) -> dict[str, dict[str, dict[str, int]]]:
    """Counts of `parts` by unit, code and window. One query."""
    asked = {
        f"{code.replace('-', '_')}_{name}": Count("pk", filter=part(each))
        for name, each in compared(window).items()
        for code, part in parts.items()
    }
    grouped = rows.order_by().values(column).annotate(**asked)
    return {row.pop(column): _sorted(row) for row in map(dict, grouped)}


def summed(by_units: Mapping[str, Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """The counts of all units together."""
    whole: dict[str, dict[str, int]] = {}
    for its in by_units.values():
        for code, windows in its.items():
            for name, count in windows.items():
                whole.setdefault(code, {}).setdefault(name, 0)
                whole[code][name] += count
    return whole


def recent(scope: Scope, window: Window) -> tuple[QuerySet[Owed], QuerySet[LineRow]]:
    """Of limits and lines those that any compared window can count: the rest is not looked at."""
    oldest = min(it.since for it in compared(window).values())
    owed = scope.owed().filter(Q(met=None) | Q(met__gte=oldest), since__lt=window.until)
    down = Q(sort="line-down", closed=None)
    return owed, scope.lines().filter(Q(written__gte=oldest) | down, written__lt=window.until)
