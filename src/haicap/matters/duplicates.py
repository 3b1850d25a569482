"""Matters that came in twice: likely pairs of one unit and procedure, until somebody says what they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from haicap.matters.alike import reached
from haicap.matters.law import Law
from haicap.matters.likeness import SAME, ranked, twins
from haicap.matters.queries import seen
from haicap.matters.state import Matter
from haicap.units.rights import Person, Scope, decide

DAYS = 30
NEWEST = 1500  # matters that are compared with each other
MOST = 100  # pairs that are shown
NEAR = 5  # matters that are shown beside one


@dataclass(frozen=True, slots=True)
class One:
    """A matter as it is compared."""

    id: UUID
    number: str
    title: str
    procedure: str
    unit: str
    holder: str | None
    raised_by: str
    status: str
    ended: datetime | None
    received: datetime
    place: str
    clause: str
    distinct: tuple[str, ...]

    @property
    def text(self) -> str:
        """What it is compared by."""
        return f"{self.title}. {self.place}"

    def scope(self) -> Scope:
        """What an act on it touches."""
        units = {unit for unit in (self.unit, self.holder, self.raised_by) if unit}
        return Scope(frozenset(units), self.procedure)


@dataclass(frozen=True, slots=True)
class Twins:
    """Two matters that may be one: the later is what is joined, the earlier what it would go on in."""

    later: One
    earlier: One
    score: float
    may_join: bool


def pairs(person: Person, known: Law, *, at: datetime, procedure: str = "", days: int = DAYS) -> list[Twins]:
    """The likely pairs among what `person` may see of the last `days`, the likest first. Two queries at most."""
    rows = list(_rows(person, known, at - timedelta(days=days), at, procedure))
    rows.sort(key=lambda it: (it.procedure, it.unit, it.received))
    found: list[Twins] = []
    for _same, its in groupby(rows, key=lambda it: (it.procedure, it.unit)):
        group = {it.id: it for it in its}
        for pair in twins([(it.id, it.text) for it in group.values()], least=SAME, most=MOST):
            found += _paired(person, group[pair.one], group[pair.other], pair.score)
    return sorted(found, key=lambda it: (-it.score, it.later.number))[:MOST]


def beside(person: Person, known: Law, matter: Matter) -> list[Twins]:
    """What may be the same as one matter: of its unit and procedure, within `DAYS` before and after. Two queries."""
    near = timedelta(days=DAYS)
    rows = _rows(person, known, matter.received - near, matter.received + near, matter.procedure)
    its = {it.id: it for it in rows if it.unit == matter.unit}
    mine = its.pop(matter.id, None)
    if mine is None:
        return []
    best = ranked(mine.text, [(it.id, it.text) for it in its.values()], most=NEAR, least=SAME)
    return [pair for each in best for pair in _paired(person, mine, its[each.key], each.score)]


def _paired(person: Person, one: One, other: One, score: float) -> Iterator[Twins]:
    """Nothing where somebody said that they differ, where both have ended, or for two clauses of a directive."""
    said = str(other.id) in one.distinct or str(one.id) in other.distinct or one.clause != other.clause
    earlier, later = sorted((one, other), key=lambda it: (it.received, it.number))
    if not said and not (one.ended and other.ended):
        yield Twins(later, earlier, score, decide(person, "matter.correct", later.scope()).allowed)


def _rows(person: Person, known: Law, since: datetime, until: datetime, procedure: str) -> Iterable[One]:
    """The newest of the procedures whose titles are not sealed, along the index of each column that gives reach."""
    codes = [it.code for it in known.current(until) if not it.is_personal("title")]
    rows = seen(person).filter(received__gte=since, received__lte=until, procedure__in=codes)
    rows = rows.exclude(status="joined").order_by("-received")
    if procedure:
        rows = rows.filter(procedure=procedure)
    found: dict[UUID, One] = {}
    for within in reached(person):
        for row in rows.filter(within).values_list(*COLUMNS)[:NEWEST]:
            its = dict(zip(COLUMNS, row, strict=True))
            place, clause = its.pop("state__facts__place"), its.pop("state__facts__clause")
            distinct = tuple(its.pop("state__distinct") or ())
            found[row[0]] = One(**its, place=place or "", clause=clause or "", distinct=distinct)
    return found.values()


COLUMNS = (
    "id", "number", "title", "procedure", "unit", "holder", "raised_by", "status", "ended", "received",
    "state__facts__place", "state__facts__clause", "state__distinct",
)  # fmt: skip
