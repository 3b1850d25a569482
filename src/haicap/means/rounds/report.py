"""The report that writes itself: what units say against record and norm, their difficulties, and what has changed."""

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
    """A kind over all units that answered, and in the round before; `url` opens what was summed."""

    sort: str
    units: int
    record: Decimal
    said: Decimal
    fit: Decimal
    should: Decimal | None
    short: Decimal
    money: Decimal
    url: str
    before: Kept | None = None

    @property
    def change(self) -> Decimal | None:
        """How many more are fit than in the round before."""
        return None if self.before is None else self.fit - Decimal(self.before.fit)

    @property
    def money_change(self) -> Decimal | None:
        """By how much more money is needed than in the round before."""
        return None if self.before is None else self.money - Decimal(self.before.money)


@dataclass(frozen=True, slots=True)
class Difficulty:
    """A kind of difficulty over all units, and in the round before."""

    sort: str
    named: int
    units: int
    first: int
    money: Decimal
    url: str
    first_url: str
    before: Hard | None = None

    @property
    def change(self) -> int | None:
        """How many more were named than in the round before."""
        return None if self.before is None else self.named - self.before.named


@dataclass(frozen=True, slots=True)
class Report:
    """All of it; `before` is the round that it is compared with."""

    kinds: Sequence[Kind]
    difficulties: Sequence[Difficulty]
    before: Round | None

    @property
    def named(self) -> int:
        """How many difficulties were named."""
        return sum(it.named for it in self.difficulties)

    @property
    def money(self) -> Decimal:
        """What all shortages against the norms cost, in VND."""
        return sum((it.money for it in self.kinds), NOTHING)


def report(person: Person, its: Round) -> Report:
    """The report of a round: of a closed one with the sums as they were kept. Three queries at most."""
    earlier = queries.before(its)
    kept = earlier.closed if earlier else None
    then = {it.sort: it for it in (kept.sums if kept else ())}
    hard = {it.sort: it for it in (kept.difficulties if kept else ())}
    now = (
        (its.closed.sums, its.closed.difficulties) if its.closed else (sums(person, its), hards(person, its))
    )
    kinds = [_kind(it, its.id, then.get(it.sort)) for it in _in_order(now[0])]
    named = [_difficulty(it, its.id, hard.get(it.sort)) for it in now[1]]
    return Report(kinds, sorted(named, key=lambda it: (-it.named, it.sort)), earlier)


def _in_order(its: Iterable[Kept]) -> list[Kept]:
    """Kinds by family in the order of the catalogue."""
    families = ("premises", "equipment", "vehicle", "line", "post")
    known = {
        code: (families.index(kind.family), place) for place, (code, kind) in enumerate(catalogue().items())
    }
    return sorted(its, key=lambda it: known.get(it.sort, (9, 0)))


def _kind(it: Kept, round_: UUID, before: Kept | None) -> Kind:
    should = None if it.should is None else Decimal(it.should)
    url = f"{reverse('rounds:lines', args=[round_])}?{urlencode({'kind': it.sort})}"
    return Kind(
        it.sort, it.units, Decimal(it.record), Decimal(it.said), Decimal(it.fit), should, Decimal(it.short),
        Decimal(it.money), url, before,
    )  # fmt: skip


def _difficulty(it: Hard, round_: UUID, before: Hard | None) -> Difficulty:
    url = f"{reverse('rounds:difficulties', args=[round_])}?{urlencode({'kind': it.sort})}"
    return Difficulty(it.sort, it.named, it.units, it.first, Decimal(it.money), url, f"{url}&first=1", before)


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
