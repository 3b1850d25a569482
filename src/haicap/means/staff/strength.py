"""How many officers there are, where, and for what they are qualified, on any day: one statement for figures and lists.

An officer is placed where a post is held, and present there, or where a secondment leads to. Whoever holds posts of two
units counts in both; two posts of one unit are one officer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from haicap.means.holdings import Held
from haicap.means.staff.sorts import ALL
from haicap.units.models import UnitRow
from haicap.units.rights import Person, reach

SEE = "staff.see"
PLACED = """
placed AS MATERIALIZED (
    SELECT DISTINCT ON (held.unit, held.person) held.unit, held.person, held.subject AS post, held.since,
        lent.to_unit, lent.until AS back, coalesce(lent.to_unit, held.unit) AS place
    FROM units_bearer held
    LEFT JOIN means_secondedrow lent ON lent.person = held.person AND lent.unit = held.unit
        AND lent.since <= %(day)s AND lent.until > %(day)s
    WHERE held.person IS NOT NULL AND held.since <= %(day)s AND (held.until IS NULL OR held.until > %(day)s)
        AND (%(units)s::text[] IS NULL OR held.unit = ANY (%(units)s::text[])
             OR lent.to_unit = ANY (%(units)s::text[]))
    ORDER BY held.unit, held.person, held.since, held.subject)
"""
"""Everybody who holds a post of these units on a day, or is seconded to them (None: of all units)."""
KNOWN = "q.since <= %(day)s AND NOT (q.withdrawn AND q.until <= %(day)s)"
IN_FORCE = "q.since <= %(day)s AND (q.until IS NULL OR q.until > %(day)s)"
COUNTED = f"""
WITH {PLACED}
SELECT 'held', unit, '', count(*), 0 FROM placed GROUP BY unit
UNION ALL SELECT 'out', unit, '', count(*), 0 FROM placed WHERE to_unit IS NOT NULL GROUP BY unit
UNION ALL SELECT 'come', to_unit, '', count(*), 0 FROM placed WHERE to_unit IS NOT NULL GROUP BY to_unit
UNION ALL
SELECT 'sort', placed.place, q.sort, count(DISTINCT q.person), count(DISTINCT q.person) FILTER (WHERE {IN_FORCE})
FROM placed JOIN means_qualifiedrow q USING (person) WHERE {KNOWN} GROUP BY placed.place, q.sort
UNION ALL
SELECT 'need', unit, kind, sum(count)::int, 0 FROM means_establishedrow
WHERE since <= %(day)s AND (until IS NULL OR until > %(day)s)
    AND (%(units)s::text[] IS NULL OR unit = ANY (%(units)s::text[])) GROUP BY unit, kind
"""
BY_DAY = """
SELECT day,
    (SELECT count(*) FROM (
        SELECT FROM units_bearer
        WHERE person IS NOT NULL AND since <= day AND (until IS NULL OR until > day)
            AND (%(units)s::text[] IS NULL OR unit = ANY (%(units)s::text[]))
        GROUP BY unit, person) AS officers),
    (SELECT coalesce(sum(count), 0)::int FROM means_establishedrow
     WHERE kind = %(all)s AND since <= day AND (until IS NULL OR until > day)
         AND (%(units)s::text[] IS NULL OR unit = ANY (%(units)s::text[])))
FROM unnest(%(days)s::date[]) AS day ORDER BY day
"""
CREWED = f"""
WITH {PLACED}
SELECT placed.place, placed.person, placed.to_unit IS NOT NULL,
    coalesce(array_agg(DISTINCT q.sort ORDER BY q.sort) FILTER (WHERE {IN_FORCE}), '{{}}')
FROM placed LEFT JOIN means_qualifiedrow q ON q.person = placed.person
WHERE placed.place = ANY (%(units)s::text[]) GROUP BY placed.place, placed.person, placed.to_unit ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Strength:
    """A unit on a day: what it is to have, who holds its posts, who is away and who came, qualifications by kind.

    `established` is None where no establishment was entered. `all` counts those present whose qualification was not
    withdrawn, `fit` those of them in whom it is in force.
    """

    unit: str
    established: int | None = None
    held: int = 0
    out: int = 0
    come: int = 0
    needed: Mapping[str, int] = field(default_factory=dict)
    all: Mapping[str, int] = field(default_factory=dict)
    fit: Mapping[str, int] = field(default_factory=dict)

    @property
    def present(self) -> int:
        """Posts held here, without those seconded away, with those seconded here."""
        return self.held - self.out + self.come

    @property
    def vacant(self) -> int:
        """Places of the establishment that nobody holds."""
        return max(0, (self.established or 0) - self.held)

    @property
    def rate(self) -> float | None:
        """Posts held in a hundred of the establishment."""
        return 100 * self.held / self.established if self.established else None

    def short(self, kind: str) -> int:
        """How many with this qualification in force are missing among those present."""
        return max(0, self.needed.get(kind, 0) - self.fit.get(kind, 0))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Several units on a day: how many of them have anybody, and their sums; `short` by qualification.

    `compared` is how many posts are held where an establishment was set.
    """

    day: date
    units: int
    manned: int
    established: int
    held: int
    compared: int
    present: int
    vacant: int
    short: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """Posts held in a hundred of the establishment, of the units that have one."""
        return 100 * self.compared / self.established if self.established else None

    @property
    def manned_rate(self) -> float | None:
        """Units with anybody in a hundred."""
        return 100 * self.manned / self.units if self.units else None


@dataclass(frozen=True, slots=True)
class Crewed:
    """Who is present in a unit, as plans need it: officers by the set of qualifications in force, as ids.

    `lent` are those of them who are here on secondment.
    """

    unit: str
    established: int | None
    needed: Mapping[str, int]
    officers: Mapping[frozenset[str], tuple[UUID, ...]]
    lent: frozenset[UUID]


def scope(person: Person) -> list[str] | None:
    """The codes of the units whose staff `person` may see; None is all of them."""
    its = reach(person, SEE)
    return None if its.everywhere else sorted(its.units)


def within(person: Person, units: Collection[str] | None) -> list[str] | None:
    """Of `units` (None: all) those whose staff `person` may see; None is all that there are."""
    mine = scope(person)
    if units is None:
        return mine
    return sorted(units) if mine is None else sorted(set(units) & set(mine))


def counted(units: Sequence[str] | None, day: date) -> dict[str, Strength]:
    """The strength of each of these units (None: all) on a day, those of which nothing is known left out. One query.

    For whom it may be shown is the caller's to judge: `units` is what `within` gives.
    """
    found: dict[str, dict[str, dict[str, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for what, unit, kind, n, fit in _rows(COUNTED, units, day):
        found[unit][what][kind] = (n, fit)
    wanted = None if units is None else set(units)
    return {unit: _strength(unit, its) for unit, its in found.items() if wanted is None or unit in wanted}


def _strength(unit: str, its: Mapping[str, Mapping[str, tuple[int, int]]]) -> Strength:
    needed = {kind: n for kind, (n, _fit) in its["need"].items()}
    held, out, come = (its[what].get("", (0, 0))[0] for what in ("held", "out", "come"))
    return Strength(
        unit, needed.pop(ALL, None), held, out, come, needed, {kind: n for kind, (n, _fit) in its["sort"].items()},
        {kind: fit for kind, (_n, fit) in its["sort"].items()},
    )  # fmt: skip


def coverage(its: Iterable[Strength], units: int, day: date) -> Coverage:
    """The sums of these strengths, of so many `units` in all (those of which nothing is known included)."""
    known = list(its)
    kinds = sorted({kind for it in known for kind in it.needed})
    return Coverage(
        day=day, units=units, manned=sum(it.held > 0 for it in known),
        established=sum(it.established or 0 for it in known), held=sum(it.held for it in known),
        compared=sum(it.held for it in known if it.established is not None), present=sum(it.present for it in known),
        vacant=sum(it.vacant for it in known),
        short={kind: sum(it.short(kind) for it in known) for kind in kinds},
    )  # fmt: skip


def trend(units: Sequence[str] | None, days: Sequence[date]) -> list[tuple[date, int, int]]:
    """Posts held and establishment of these units (None: all) on each of `days`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(BY_DAY, {"units": _listed(units), "days": list(days), "all": ALL})
        return [(day, held, established) for day, held, established in cursor.fetchall()]


def held(person: Person, units: Collection[str] | None, day: date) -> list[Held]:
    """What `holdings.held` asks: those present by kind, of these units as far as `person` may see them. One query."""
    return [
        Held(it.unit, kind, n, fit)
        for it in counted(within(person, units), day).values()
        for kind, n, fit in _kinds(it)
    ]


def _kinds(it: Strength) -> Iterable[tuple[str, Decimal, Decimal]]:
    yield ALL, Decimal(it.present), Decimal(it.present)
    for kind, n in sorted(it.all.items()):
        yield kind, Decimal(n), Decimal(it.fit[kind])


def strengths(person: Person, province: str, at: date) -> list[Crewed]:
    """The commune-level units of a province as far as `person` may see their staff, for plans. Three queries."""
    rows = UnitRow.objects.filter(province=province, level="commune", closed=None).order_by("code")
    units = within(person, list(rows.values_list("code", flat=True))) or []
    figures = counted(units, at)
    officers: dict[str, dict[frozenset[str], list[UUID]]] = defaultdict(lambda: defaultdict(list))
    lent: dict[str, set[UUID]] = defaultdict(set)
    for unit, who, is_lent, sorts in _rows(CREWED, units, at):
        officers[unit][frozenset(sorts)].append(who)
        if is_lent:
            lent[unit].add(who)
    return [_crewed(figures.get(unit, Strength(unit)), officers[unit], lent[unit]) for unit in units]


def _crewed(it: Strength, officers: Mapping[frozenset[str], list[UUID]], lent: Iterable[UUID]) -> Crewed:
    its = {sorts: tuple(ids) for sorts, ids in officers.items()}
    return Crewed(it.unit, it.established, it.needed, its, frozenset(lent))


def _rows(statement: str, units: Sequence[str] | None, day: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"units": _listed(units), "day": day})
        return list(cursor.fetchall())


def _listed(units: Sequence[str] | None) -> list[str] | None:
    return None if units is None else list(units)
