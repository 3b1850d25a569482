"""The work of a province in a period, by unit: what came in, what is open and late, how long settling took.

What a third party is late with never stands against a unit: it has a column of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from haicap.matters.board.change import Change, change
from haicap.matters.board.counting import Asked, Counted, Params, Settling, address, count, settling
from haicap.matters.board.periods import Period
from haicap.matters.board.place import Here
from haicap.units.rights import Person

LEVELS = ("unit", "province", "third")
METRICS = ("overdue", "missed", "received", "open", "days")
Metric = Literal["overdue", "missed", "received", "open", "days"]
SORTS = ("name", "received", "change", "open", "overdue", "missed", "province", "third", "days", "p90")
DEFAULT_SORT = "-overdue"
TOP = 8  # with whom most is stuck


@dataclass(frozen=True, slots=True)
class Cell:
    """A count and the list that holds exactly these."""

    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit in the league table."""

    code: str
    name: str
    maps: bool
    received: Cell
    then: Cell
    change: Change
    open: Cell
    overdue: Cell
    missed: Cell
    province: Cell
    third: Cell
    ended: Cell
    settling: Settling

    def value(self, metric: str) -> float | None:
        """What the map shows of it, and the table sorts by."""
        match metric:
            case "days":
                return self.settling.median
            case "p90":
                return self.settling.p90
            case "change":
                return self.change.share
        cell: Cell = getattr(self, metric)
        return cell.n


@dataclass(frozen=True, slots=True)
class Stuck:
    """With whom matters are stuck: how many, of them overdue, and when the oldest of them came in."""

    name: str
    cell: Cell
    late: Cell | None
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """All figures of the board for one province, period and procedure."""

    period: Period
    year_before: Period
    before: Period
    counted: Mapping[str, Counted]
    settled: Mapping[str, Mapping[str | None, Settling]]
    lines: tuple[Line, ...]

    @property
    def whole(self) -> Settling:
        """How long settling took in the whole province."""
        return self.settled["ended"][None]

    @property
    def year_settling(self) -> Settling:
        """How long it took in the same period a year before."""
        return self.settled["year_before"][None]

    @property
    def before_settling(self) -> Settling:
        """How long it took in the period before."""
        return self.settled["before"][None]

    @property
    def by_year(self) -> Change:
        """What came in, against the same period a year before."""
        return self._against("received", "received_year_before")

    @property
    def by_before(self) -> Change:
        """What came in, against the period before."""
        return self._against("received", "received_before")

    @property
    def missed_by_year(self) -> Change:
        """Limits missed at the units, against the same period a year before."""
        return self._against("missed_unit", "missed_unit_year_before")

    def _against(self, name: str, other: str) -> Change:
        return change(self.counted[name].total, self.counted[other].total)


def work(person: Person, base: Params, period: Period, units: Sequence[Here], *, at: datetime) -> Work:
    """Count everything that the board shows, in two queries. `base` narrows to a province and a procedure."""
    year_before, before = period.year_before(), period.before()
    ended = _ended(base, period)
    counted = count(person, _asked(base, period, year_before, before), at=at)
    settled = settling(
        person,
        {"ended": ended, "year_before": _ended(base, year_before), "before": _ended(base, before)},
        at=at,
    )
    by_unit = settled["ended"]
    counted["ended"] = Counted(
        address(ended), "unit", {code: its.ended for code, its in by_unit.items() if code}
    )
    return Work(period, year_before, before, counted, settled, tuple(_lines(units, counted, by_unit)))


def came(base: Params, period: Period) -> dict[str, str]:
    """The list of what came in within a period."""
    return {**base, "since": period.first.isoformat(), "until": period.last.isoformat()}


def _ended(base: Params, period: Period) -> dict[str, str]:
    return {**base, "ended_since": period.first.isoformat(), "ended_until": period.last.isoformat()}


def _missed(base: Params, period: Period, level: str) -> dict[str, str]:
    days = {"due_since": period.first.isoformat(), "due_until": period.last.isoformat()}
    return {**base, "missed": level, **days}


def _asked(base: Params, period: Period, year_before: Period, before: Period) -> dict[str, Asked]:
    now = {"open": {**base, "open": "1"}}
    now |= {f"late_{level}": {**base, "late": level} for level in LEVELS}
    now |= {f"missed_{level}": _missed(base, period, level) for level in LEVELS}
    for name, its in (("", period), ("_year_before", year_before), ("_before", before)):
        now |= {f"received{name}": came(base, its), f"missed_unit{name}": _missed(base, its, "unit")}
    return {
        **{name: Asked(params) for name, params in now.items()},
        "holders": Asked({**base, "overdue": "1"}, "holder"),
        "third": Asked({**base, "late": "third"}, "procedure"),
    }


def _lines(
    units: Sequence[Here], counted: Mapping[str, Counted], settled: Mapping[str | None, Settling]
) -> Iterable[Line]:
    """Every commune of today; other units where anything is counted of them."""
    busy = {code for it in counted.values() if it.by == "unit" for code in it.counts}
    for unit in units:
        if not unit.maps and unit.code not in busy:
            continue
        cells = {name: cell(it, unit.code) for name, it in counted.items() if it.by == "unit"}
        now, then = cells["received"], cells["received_year_before"]
        yield Line(
            unit.code, unit.name, unit.maps, now, then, change(now.n, then.n), cells["open"], cells["late_unit"],
            cells["missed_unit"], cells["missed_province"], cells["missed_third"], cells["ended"],
            settled.get(unit.code, Settling(0, None, None)),
        )  # fmt: skip


def cell(counted: Counted, key: str | None) -> Cell:
    """One key's count and its list."""
    return Cell(counted.counts.get(key, 0), counted.url_of(key))


def in_order(lines: Iterable[Line], sort: str) -> list[Line]:
    """Lines by a column of `SORTS`, `-` before it for the greatest first; what has no value comes last."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        key, sort = DEFAULT_SORT.removeprefix("-"), DEFAULT_SORT
    by_name = list(lines)
    if key == "name":
        return by_name[::-1] if sort.startswith("-") else by_name
    turn = -1 if sort.startswith("-") else 1
    values = {line.code: line.value(key) for line in by_name}
    return sorted(by_name, key=lambda line: _place(values[line.code], turn))


def _place(value: float | None, turn: int) -> tuple[bool, float]:
    return value is None, turn * (value or 0.0)


def stuck(counted: Counted, names: Mapping[str, str], late: Counted | None = None) -> list[Stuck]:
    """The keys with the most, at most `TOP`; `late` counts the overdue of them, where they are not all overdue."""
    ranked = sorted(counted.counts.items(), key=lambda it: (-it[1], it[0] or ""))
    nobody = _("Chưa xác định đơn vị")
    return [
        Stuck(
            names.get(key, key) if key else nobody,
            cell(counted, key),
            cell(late, key) if late else None,
            counted.oldest[key],
        )
        for key, _n in ranked[:TOP]
    ]
