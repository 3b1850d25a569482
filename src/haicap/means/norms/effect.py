"""What a norm that is being written would change, in numbers and money, before it takes effect; nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import catalogue
from haicap.means.holdings import Held, held
from haicap.means.norms.facts import Ground
from haicap.means.norms.fold import Norm, Version
from haicap.means.norms.reckoning import Gap, compared, norms_of, reckon, with_officers, within
from haicap.units.rights import Person, Reach, reach

NOTHING = Decimal()
TRIED = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Change:
    """A unit's figure before and after; None where no norm holds for it."""

    unit: str
    province: str
    kind: str
    before: Gap | None
    after: Gap | None

    @property
    def more(self) -> Decimal:
        """By how much the shortage grows."""
        return (self.after.short if self.after else NOTHING) - (self.before.short if self.before else NOTHING)

    @property
    def money(self) -> int:
        """By how much the money needed grows, in VND."""
        return money(self.after) - money(self.before)


@dataclass(frozen=True, slots=True)
class Total:
    """Shortage and money before and after, of one province or of all; `units` changes, `short_*` units are short."""

    code: str
    units: int
    should_before: Decimal
    should_after: Decimal
    short_before: Decimal
    short_after: Decimal
    short_in_before: int
    short_in_after: int
    money_before: int
    money_after: int

    @property
    def money(self) -> int:
        """By how much the money needed grows, in VND."""
        return self.money_after - self.money_before


@dataclass(frozen=True, slots=True)
class Effect:
    """What would change: each unit concerned, and totals by province and in all."""

    kind: str
    since: date
    changes: tuple[Change, ...]
    provinces: tuple[Total, ...]
    whole: Total

    @property
    def changed(self) -> tuple[Change, ...]:
        """The units whose figure is another one afterwards."""
        return tuple(it for it in self.changes if _should(it.before) != _should(it.after))


def money(gap: Gap | None) -> int:
    """What a shortage costs in VND; nothing where there is none, or no price."""
    return (gap.money or 0) if gap else 0


def effect(
    person: Person, norm: Norm | None, version: Version | None, province: str | None, since: date
) -> Effect:
    """What `version` (None: no more) in the place of `norm` (None: a new one) would change from `since` on.

    Of the units that `person` reaches; what is held counts as it is today. A handful of queries.
    """
    kind = version.means if version else norm.now.means if norm else ""
    its = within(person)
    places = [code for code in its if province in (None, code)]
    kinds = catalogue()
    seen = held(person, None, of={kinds[kind].family} if kind in kinds else ())
    staff = reach(person, "staff.see")
    changes = []
    for place, units in with_officers({code: its[code] for code in places}, since):
        before = norms_of(place)
        after = _instead(before, norm, version, province)
        was, will = (_gaps(which, units, since, kind, seen, kinds, staff) for which in (before, after))
        codes = [it.code for it in units if it.code in was or it.code in will]
        changes += [Change(code, place, kind, was.get(code), will.get(code)) for code in codes]
    return Effect(kind, since, tuple(changes), tuple(_by_province(changes)), total("", changes))


def _gaps(
    which: Sequence[Norm],
    units: Sequence[Ground],
    day: date,
    kind: str,
    seen: Mapping[tuple[str, str], Held],
    kinds: Mapping[str, Kind],
    staff: Reach,
) -> dict[str, Gap]:
    """The gaps of one kind by unit, as these norms would have them: no other's are worked out."""
    asked = [it for it in which if (n := it.on(day)) is not None and it.versions[n - 1].means == kind]
    shoulds = (one for its in reckon(asked, units, day).shoulds.values() for one in its)
    return {it.unit: it for it in compared(shoulds, seen, kinds, staff)}


def _instead(
    norms: Iterable[Norm], norm: Norm | None, version: Version | None, province: str | None
) -> tuple[Norm, ...]:
    """The norms as they would be: the version added to its norm, or a new one before the nation's."""
    others = [it for it in norms if norm is None or it.id != norm.id]
    if version is None:
        return tuple(others)
    changed = (
        replace(norm, versions=(*norm.versions, version)) if norm else Norm(TRIED, "", province, (version,))
    )
    own = [it for it in others if it.province is not None]
    nation = [it for it in others if it.province is None]
    return (changed, *own, *nation) if province else (*own, changed, *nation)


def _by_province(changes: Iterable[Change]) -> Iterable[Total]:
    groups: Mapping[str, list[Change]] = defaultdict(list)
    for it in changes:
        groups[it.province].append(it)
    return (total(code, group) for code, group in groups.items())


def total(code: str, changes: Iterable[Change]) -> Total:
    """The sums of some changes."""
    its = list(changes)
    before, after = [it.before for it in its if it.before], [it.after for it in its if it.after]
    return Total(
        code, sum(_should(it.before) != _should(it.after) for it in its),
        sum((it.should for it in before), NOTHING), sum((it.should for it in after), NOTHING),
        sum((it.short for it in before), NOTHING), sum((it.short for it in after), NOTHING),
        sum(it.short > 0 for it in before), sum(it.short > 0 for it in after),
        sum(map(money, before)), sum(map(money, after)),
    )  # fmt: skip


def _should(gap: Gap | None) -> Decimal | None:
    return gap.should if gap else None
