"""What units have against what they should have, as pages and tables tell it, with one meaning of an address.

A figure and the list that it opens are made by `filtered` from the same parameters.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from haicap.matters.law import law
from haicap.means.catalogue.entries import Family
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import catalogue
from haicap.means.holdings import SOURCES
from haicap.means.needs import asking, queries, showing
from haicap.means.needs.queries import Need
from haicap.means.needs.showing import Asked
from haicap.means.norms import reckoning
from haicap.means.norms.facts import grounds
from haicap.means.norms.reckoning import Gap, Should
from haicap.means.words import called, families
from haicap.units.names import unit_names
from haicap.units.rights import Person
from haicap.units.vietnamese import sort_key

SEE = "means.see"
STATES: dict[str, Callable[[Gap], bool]] = {
    "short": lambda it: it.short > 0,
    "surplus": lambda it: it.surplus > 0,
    "met": lambda it: not it.short,
}
NOTHING = Decimal()
NOT_ASKED = Asked(None, ("", ""), 0, may=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A gap with what a table says of it; `held_url` opens the list of what is counted."""

    gap: Gap
    unit: str
    kind: Kind | None
    name: str
    family: Family | None
    held_url: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class Sum:
    """The gaps of one kind, or of one unit: how many of the other are short, by how much, and the money.

    `unpriced` are short of something that the catalogue has no price for.
    """

    code: str
    name: str
    short_in: int
    of: int
    should: Decimal
    fit: Decimal
    short: Decimal
    surplus: Decimal
    money: int
    unpriced: int
    url: str


def filtered(person: Person, params: Mapping[str, str], day: date) -> list[Gap]:
    """The gaps that `person` may see and that fit an address; what is empty or unknown narrows nothing.

    `unit`, `province`: codes; `kind` of the catalogue, `family`, `norm` (its code); `state`: `short`, `surplus`, `met`.
    """
    kind, norm, family = (params.get(name, "") for name in ("kind", "norm", "family"))
    kinds = {code for code, it in catalogue().items() if family in ("", it.family) and kind in ("", code)}

    def asked(it: Should) -> bool:
        return norm in ("", it.code) and (it.kind in kinds or not (kind or family))

    found = reckoning.gaps(person, _units(params, day), day, where=asked)
    state = STATES.get(params.get("state", ""))
    return [it for it in found if state(it)] if state else found


def _units(params: Mapping[str, str], day: date) -> Sequence[str] | None:
    if unit := params.get("unit", "").strip():
        return [unit]
    if province := params.get("province", "").strip():
        return list(grounds(province, day))
    return None


def lacks(person: Person, params: Mapping[str, str], day: date) -> list[reckoning.Lack]:
    """The figures that could not be worked out, of the units of an address."""
    return reckoning.lacks(person, _units(params, day), day)


def lines(its: Iterable[Gap]) -> list[Line]:
    """Gaps with their words, not yet with what was asked for; no query while nothing of the reference has changed."""
    found, kinds = list(its), catalogue()
    names = unit_names({it.unit for it in found})
    return [_line(it, kinds.get(it.kind), names.get(it.unit, it.unit)) for it in found]


def _line(it: Gap, kind: Kind | None, unit: str) -> Line:
    family = kind.family if kind else None
    source = SOURCES.get(family) if family else None
    held_url = source.url(it.unit, it.kind) if source else ""
    return Line(it, unit, kind, called(kind, it.kind), family, held_url, NOT_ASKED)


def with_requests(person: Person, its: Iterable[Line], at: datetime) -> list[Line]:
    """The same lines with what was asked for about each gap, and whether `person` may ask. Two queries."""
    found, known = list(its), law()
    asked = queries.asked_for(person, {it.gap.unit for it in found}, at=at)
    said, may = showing.states(known, at), asking.asking_units(person, known, at)
    return [
        replace(it, asked=_asked(it.gap, asked.get((it.gap.unit, it.gap.kind), []), said, may))
        for it in found
    ]


def _asked(gap: Gap, its: Sequence[Need], said: Mapping[str, str], may: Container[str]) -> Asked:
    """The request that counts is the newest; one that has ended says nothing of a gap that is closed."""
    newest = next((it for it in its if it.open or gap.short), None)
    asks = gap.unit in may and gap.short > 0 and not any(it.open for it in its)
    return Asked(newest, showing.tag(newest, said) if newest else ("", ""), len(its), asks)


def by_family(its: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Lines under the words of their families, in the order of these."""
    groups: dict[str | None, list[Line]] = defaultdict(list)
    for line in its:
        groups[line.family].append(line)
    return [
        (words, sorted(groups[code], key=lambda it: sort_key(it.name)))
        for code, words in families().items()
        if code in groups
    ]


def by_kind(its: Iterable[Gap], base: Mapping[str, str]) -> list[Sum]:
    """A sum for each kind, dearest first; `base` narrows the lists that they open."""
    kinds = catalogue()
    return _sums(its, "kind", lambda code: called(kinds.get(code), code), base)


def by_unit(its: Iterable[Gap], base: Mapping[str, str]) -> list[Sum]:
    """A sum for each unit, dearest first."""
    found = list(its)
    names = unit_names({it.unit for it in found})
    return _sums(found, "unit", lambda code: names.get(code, code), base)


def _sums(its: Iterable[Gap], by: str, name: Callable[[str], str], base: Mapping[str, str]) -> list[Sum]:
    groups: dict[str, list[Gap]] = defaultdict(list)
    for it in its:
        groups[getattr(it, by)].append(it)
    found = [_sum(code, name(code), group, {**base, by: code}) for code, group in groups.items()]
    return sorted(found, key=lambda it: (-it.money, -it.short_in, sort_key(it.name)))


def _sum(code: str, name: str, group: Sequence[Gap], narrowed: Mapping[str, str]) -> Sum:
    short = [it for it in group if it.short]
    return Sum(
        code, name, len(short), len(group), sum((it.should for it in group), NOTHING),
        sum((it.fit for it in group), NOTHING), sum((it.short for it in short), NOTHING),
        sum((it.surplus for it in group), NOTHING), sum(it.money or 0 for it in short),
        sum(it.money is None for it in short), address({**narrowed, "by": "each", "state": "short"}),
    )  # fmt: skip


def address(params: Mapping[str, str], name: str = "means:gaps") -> str:
    """A list's address with these parameters; empty ones are left out."""
    return f"{reverse(name)}?{urlencode({key: value for key, value in params.items() if value})}"


SORTS: dict[str, Callable[[Sum], Any]] = {
    "name": lambda it: sort_key(it.name),
    "short_in": lambda it: it.short_in,
    "short": lambda it: it.short,
    "surplus": lambda it: it.surplus,
    "money": lambda it: it.money,
}
"""By what sums can be sorted."""


def in_order(its: list[Sum], sort: str) -> list[Sum]:
    """Sums by a column of `SORTS`, `-` before it for the greatest first; else as they are."""
    key = SORTS.get(sort.removeprefix("-"))
    return sorted(its, key=key, reverse=sort.startswith("-")) if key else its


def each_in_order(its: Sequence[Gap], sort: str) -> list[Gap]:
    """Gaps by `unit`, `kind`, `short`, `surplus` or `money`, `-` before it for the greatest first; else as they are.

    Words are looked up once for each unit and kind: there may be tens of thousands of gaps.
    """
    names, kinds = unit_names({it.unit for it in its}), catalogue()
    units = {code: sort_key(names.get(code, code)) for code in {it.unit for it in its}}
    means = {code: sort_key(called(kinds.get(code), code)) for code in {it.kind for it in its}}
    keys: dict[str, Callable[[Gap], Any]] = {
        "unit": lambda it: (units[it.unit], means[it.kind]),
        "kind": lambda it: (means[it.kind], units[it.unit]),
        "short": lambda it: it.short,
        "surplus": lambda it: it.surplus,
        "money": lambda it: it.money or 0,
    }
    key = keys.get(sort.removeprefix("-"))
    return sorted(its, key=key, reverse=sort.startswith("-")) if key else list(its)
