"""The report that writes itself: what units say against record and norm, their difficulties, and what has changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.urls import reverse

from haicap.means.catalogue.queries import catalogue
from haicap.means.rounds import queries
from haicap.means.rounds.entries import Hard
from haicap.means.rounds.entries import Sum as Kept
from haicap.means.rounds.fold import Round
from haicap.means.rounds.summing import plain
from haicap.units.rights import Person

NOTHING = Decimal()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind over all units that answered; `url` opens what was summed.

    `change` is how many more are fit, `money_change` how much more is needed than in the round before, over the units
    that answered both; None where there was no round before.
    """

    sort: str
    units: int
    record: Decimal
    said: Decimal
    fit: Decimal
    should: Decimal | None
    short: Decimal
    money: Decimal
    url: str
    change: Decimal | None = None
    money_change: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Difficulty:
    """A kind of difficulty over all units; `change` against the round before, of the units that answered both."""

    sort: str
    named: int
    units: int
    first: int
    money: Decimal
    url: str
    first_url: str
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed since a round before, over the `units` that answered both, by kind."""

    before: Round
    units: int
    kinds: Mapping[str, tuple[Decimal, Decimal]]
    difficulties: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """All of it; `since` tells what it is compared with."""

    kinds: Sequence[Kind]
    difficulties: Sequence[Difficulty]
    since: Changes | None

    @property
    def named(self) -> int:
        """How many difficulties were named."""
        return sum(it.named for it in self.difficulties)

    @property
    def money(self) -> Decimal:
        """What all shortages against the norms cost, in VND."""
        return sum((it.money for it in self.kinds), NOTHING)


def report(person: Person, its: Round) -> Report:
    """The report of a round: of a closed one with the sums as they were kept. Six queries at most."""
    earlier = queries.before(its)
    since = changes(person, its, earlier) if earlier else None
    now = (
        (its.closed.sums, its.closed.difficulties) if its.closed else (sums(person, its), hards(person, its))
    )
    kinds = [_kind(it, its.id, since) for it in _in_order(now[0])]
    named = [_difficulty(it, its.id, since) for it in now[1]]
    return Report(kinds, sorted(named, key=lambda it: (-it.named, it.sort)), since)


def changes(person: Person, its: Round, before: Round) -> Changes:
    """What units that answered both rounds say otherwise. Three queries; nothing changes any more in a closed round."""
    both = queries.answered(person, its).filter(unit__in=queries.answered(person, before).values("unit"))
    units = list(both.values_list("unit", flat=True))
    kinds: dict[str, tuple[Decimal, Decimal]] = {}
    for round_, sign in ((its, 1), (before, -1)):
        rows = queries.lines(person, round_, {}).filter(unit__in=units).order_by().values("sort")
        for sort, fit, money in rows.annotate(a=Sum("fit"), b=Sum("money")).values_list("sort", "a", "b"):
            known = kinds.get(sort, (NOTHING, NOTHING))
            kinds[sort] = known[0] + sign * fit, known[1] + sign * (money or NOTHING)
    return Changes(before, len(units), kinds, _named(person, its, before, units))


def _named(person: Person, its: Round, before: Round, units: Sequence[str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for round_, sign in ((its, 1), (before, -1)):
        rows = queries.difficulties(person, round_, {}).filter(unit__in=units).order_by().values("sort")
        for sort, n in rows.annotate(n=Count("pk")).values_list("sort", "n"):
            found[sort] += sign * n
    return dict(found)


def _in_order(its: Iterable[Kept]) -> list[Kept]:
    """Kinds by family in the order of the catalogue."""
    families = ("premises", "equipment", "vehicle", "line", "post")
    known = {
        code: (families.index(kind.family), place) for place, (code, kind) in enumerate(catalogue().items())
    }
    return sorted(its, key=lambda it: known.get(it.sort, (9, 0)))


def _kind(it: Kept, round_: UUID, since: Changes | None) -> Kind:
    should = None if it.should is None else Decimal(it.should)
    url = f"{reverse('rounds:lines', args=[round_])}?{urlencode({'kind': it.sort})}"
    more = since.kinds.get(it.sort, (NOTHING, NOTHING)) if since else (None, None)
    return Kind(
        it.sort, it.units, Decimal(it.record), Decimal(it.said), Decimal(it.fit), should, Decimal(it.short),
        Decimal(it.money), url, *more,
    )  # fmt: skip


def _difficulty(it: Hard, round_: UUID, since: Changes | None) -> Difficulty:
    url = f"{reverse('rounds:difficulties', args=[round_])}?{urlencode({'kind': it.sort})}"
    more = since.difficulties.get(it.sort, 0) if since else None
    return Difficulty(it.sort, it.named, it.units, it.first, Decimal(it.money), url, f"{url}&first=1", more)


def sums(person: Person, its: Round) -> tuple[Kept, ...]:
    """The sums of a round by kind as far as `person` sees its units. One query."""
    totals = {name: Sum(name) for name in ("record", "said", "fit", "should", "short", "money")}
    rows = queries.lines(person, its, {}).order_by().values("sort")
    counted = rows.annotate(n=Count("pk"), **{f"all_{name}": it for name, it in totals.items()})
    return tuple(_kept(row) for row in counted.order_by("sort"))


def _kept(row: Mapping[str, Any]) -> Kept:
    its = {name: row[f"all_{name}"] or NOTHING for name in ("record", "said", "fit", "short", "money")}
    should = row["all_should"]
    return Kept(
        sort=row["sort"], units=row["n"], should=None if should is None else plain(should),
        **{name: plain(value) for name, value in its.items()},
    )  # fmt: skip


def hards(person: Person, its: Round) -> tuple[Hard, ...]:
    """The difficulties of a round by kind as far as `person` sees its units. One query."""
    rows = queries.difficulties(person, its, {}).order_by().values("sort")
    counted = rows.annotate(
        n=Count("pk"),
        many=Count("unit", distinct=True),
        lead=Count("pk", filter=Q(place=1)),
        cost=Sum("money"),
    )
    return tuple(
        Hard(sort=it["sort"], named=it["n"], units=it["many"], first=it["lead"], money=plain(it["cost"] or NOTHING))
        for it in counted.order_by("sort")
    )  # fmt: skip


def by_unit(person: Person, its: Round, metric: str, kind: str) -> dict[str, Decimal | None]:
    """One figure of each unit that was asked, for the map; None where it has not answered. One query.

    `metric`: `waiting` (1 where nothing was answered), `difficulties`, `changed`, `money`, or `short` of `kind`.
    """
    rows = queries.units_filtered(person, its, {}, at=its.opened).order_by()
    if metric == "short":
        answered = dict.fromkeys(rows.exclude(answered=None).values_list("unit", flat=True), NOTHING)
        missing = dict(queries.lines(person, its, {"kind": kind}).order_by().values_list("unit", "short"))
        return {**dict.fromkeys(its.units), **answered, **missing}
    if metric == "waiting":
        return {unit: Decimal(at is None) for unit, at in rows.values_list("unit", "answered")}
    found = rows.values_list("unit", "answered", metric)
    return {unit: None if at is None else Decimal(value) for unit, at, value in found}
