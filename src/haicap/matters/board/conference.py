"""Story 1's conference: the difficulties of a province by kind and by unit, and with whom each is stuck.

Answered and removed are two things: only the unit that raised a difficulty says that it is removed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote_plus

from django.db.models import Count, Min

from haicap.matters.board.counting import Asked, Counted, Params, address, count
from haicap.matters.board.place import Here
from haicap.matters.board.work import Cell
from haicap.matters.queries import filtered
from haicap.units.rights import Person

PROCEDURE = "difficulty"
STATES = ("raised", "answered", "removed")
NAMED = 3  # kinds named beside a unit


@dataclass(frozen=True, slots=True)
class Line:
    """The difficulties of one kind, or of one unit; `oldest` is when the oldest that is open came in."""

    code: str
    name: str
    open: Cell
    raised: Cell
    answered: Cell
    removed: Cell
    all: Cell
    oldest: datetime | None
    parts: tuple[tuple[str, Cell], ...] = ()

    @property
    def more(self) -> int:
        """How many further kinds of it are open than a list names."""
        return max(0, len(self.parts) - NAMED)

    @property
    def others(self) -> int:
        """Withdrawn, or joined into another."""
        return self.all.n - self.open.n - self.removed.n


@dataclass(frozen=True, slots=True)
class Conference:
    """All figures of the conference; `counted` holds those of the waiting."""

    kinds: tuple[Line, ...]
    units: tuple[Line, ...]
    whole: Line
    counted: Mapping[str, Counted]


@dataclass(frozen=True, slots=True)
class _Some:
    """A group of the one grouped query: so many of a unit, kind and state, the oldest from `oldest`."""

    unit: str
    topic: str | None
    status: str
    n: int
    oldest: datetime


def conference(
    person: Person, base: Params, kinds: Mapping[str, str], units: Sequence[Here], *, at: datetime
) -> Conference:
    """Count everything that the conference shows, in two queries. `kinds` are the names of kinds by code."""
    base = {**base, "procedure": PROCEDURE}
    groups = [
        _Some(*row)
        for row in filtered(person, base, at=at)
        .values_list("unit", "topic", "status")
        .annotate(n=Count("pk"), oldest=Min("received"))
    ]
    names = {unit.code: unit.name for unit in units}
    url = address(base)
    return Conference(
        tuple(_by_kind(groups, url, kinds)),
        tuple(_by_unit(groups, url, kinds, names)),
        _line("", "", groups, url),
        count(person, _waiting(base), at=at),
    )


def _waiting(base: Params) -> dict[str, Asked]:
    asked = {**base, "waiting": "third"}
    confirm = {**base, "clock": "confirm"}
    return {
        "again": Asked({**base, "again": "1"}, "topic"),
        "guided": Asked({**base, "guided": "again"}, "topic"),
        "answering": Asked({**base, "status": "raised", "open": "1"}, "holder"),
        "answering_late": Asked({**base, "status": "raised", "overdue": "1"}, "holder"),
        "third": Asked(asked, "authority"),
        "third_late": Asked({**asked, "late": "third"}, "authority"),
        "confirm": Asked(confirm, "raised_by"),
        "confirm_late": Asked({**confirm, "overdue": "1"}, "raised_by"),
    }


def _by_kind(groups: Iterable[_Some], url: str, kinds: Mapping[str, str]) -> Iterable[Line]:
    """Every kind, also one that nobody named: that too is said at a conference."""
    its = _split(groups, "topic")
    for code in (*kinds, *sorted(its.keys() - kinds.keys())):
        yield _line(code, kinds.get(code, code), its.get(code, []), f"{url}&topic={quote_plus(code)}")


def _by_unit(
    groups: Iterable[_Some], url: str, kinds: Mapping[str, str], names: Mapping[str, str]
) -> list[Line]:
    """The units with any, those with the most open ones first, then the oldest."""
    lines = []
    for code, its in _split(groups, "unit").items():
        here = f"{url}&unit={quote_plus(code)}"
        parts = tuple(_parts(its, here, kinds))
        lines.append(_line(code, names.get(code, code), its, here, parts))
    return sorted(lines, key=lambda it: (-it.open.n, it.oldest.timestamp() if it.oldest else 0.0))


def _parts(groups: Iterable[_Some], url: str, kinds: Mapping[str, str]) -> Iterable[tuple[str, Cell]]:
    its = _split((it for it in groups if it.status in STATES[:2]), "topic")
    for code in sorted(its, key=lambda it: -sum(some.n for some in its[it])):
        n = sum(some.n for some in its[code])
        yield kinds.get(code, code), Cell(n, f"{url}&topic={quote_plus(code)}&open=1")


def _split(groups: Iterable[_Some], by: str) -> dict[str, list[_Some]]:
    found: dict[str, list[_Some]] = defaultdict(list)
    for it in groups:
        found[getattr(it, by) or ""].append(it)
    return found


def _line(
    code: str, name: str, groups: Sequence[_Some], url: str, parts: tuple[tuple[str, Cell], ...] = ()
) -> Line:
    def of(state: str) -> Cell:
        n = sum(it.n for it in groups if it.status == state)
        return Cell(n, f"{url}&status={state}")

    raised, answered, removed = map(of, STATES)
    still = Cell(raised.n + answered.n, f"{url}&open=1")
    oldest = min((it.oldest for it in groups if it.status in STATES[:2]), default=None)
    every = Cell(sum(it.n for it in groups), url)
    return Line(code, name, still, raised, answered, removed, every, oldest, parts)
