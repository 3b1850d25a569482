"""What units should have by the norms in force, and the gaps between that and what they hold.

Of two norms for the same kind and unit the province's own counts before the nation's. All of it but what is held stands
on the channel `reference`, so that it is worked out once and kept until that moves.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.db.models import F, Q

from haicap.journal.reference import newest
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import catalogue
from haicap.means.holdings import Held, held
from haicap.means.norms.facts import Established, Ground, established, grounds, manned
from haicap.means.norms.fold import Norm, Version, norms
from haicap.means.norms.formulas import Desk, NoNumber, read, rounded
from haicap.means.norms.models import NormRow
from haicap.units.models import UnitRow
from haicap.units.rights import Person, Reach, reach

NOTHING = Decimal()
Inputs = tuple[tuple[str, Decimal | bool], ...]


@dataclass(frozen=True, slots=True)
class Should:
    """How much of a kind a unit should have: by which norm, version (from 1) and line (from 0), from what inputs.

    `exact` is what the formula gave, `value` that by the norm's rounding.
    """

    unit: str
    kind: str
    norm: UUID
    code: str
    version: int
    line: int
    inputs: Inputs
    exact: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Lack:
    """A norm that gives no figure for a unit, because these facts of it were never stated, or for another reason."""

    unit: str
    kind: str
    norm: UUID
    facts: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the units of a province should have, by unit, and what could not be worked out."""

    shoulds: Mapping[str, tuple[Should, ...]]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What a unit has of a kind against what it should have.

    `has` counts all, `fit` what of it can be used; `short` is what is missing of the latter, `surplus` what is beyond.
    `money` is what the shortage costs by the catalogue's price, in VND; None where that has none.
    """

    unit: str
    kind: str
    norm: UUID
    code: str
    version: int
    inputs: Inputs
    should: Decimal
    has: Decimal
    fit: Decimal
    short: Decimal
    surplus: Decimal
    money: int | None


def norms_of(province: str | None, *, using: str = "default") -> tuple[Norm, ...]:
    """The norms that may hold in a province, its own first, then the nation's; None: these alone. Kept like figures."""
    return _norms(newest(using), province, using)


@lru_cache(maxsize=128)
def _norms(reference: UUID | None, province: str | None, using: str) -> tuple[Norm, ...]:
    rows = NormRow.objects.using(using).filter(Q(province=province) | Q(province=None))
    rows = rows.order_by(F("province").asc(nulls_last=True), "code", "id")
    return tuple(norms.form.validate_python(row.state, strict=False) for row in rows.only("state"))


def reckoned(province: str, day: date, officers: Mapping[str, int], *, using: str = "default") -> Reckoned:
    """What each unit of a province should have on `day` with these establishments; kept until the reference moves."""
    return _as_of(newest(using), province, day, tuple(sorted(officers.items())), using)


@lru_cache(maxsize=128)
def _as_of(
    reference: UUID | None, province: str, day: date, officers: tuple[tuple[str, int], ...], using: str
) -> Reckoned:
    units = manned(grounds(province, day, using=using).values(), dict(officers))
    return reckon(norms_of(province, using=using), units, day)


def reckon(its: Sequence[Norm], units: Iterable[Ground], day: date) -> Reckoned:
    """What these units should have by these norms on `day`; for each kind the first norm that is for the unit."""
    desk = Desk()
    in_force = [(norm, n) for norm in its if (n := norm.on(day)) is not None]
    shoulds: dict[str, tuple[Should, ...]] = {}
    lacks: list[Lack] = []
    for unit in units:
        found: dict[str, Should | Lack] = {}
        for norm, n in in_force:
            version = norm.versions[n - 1]
            line = None if version.means in found else version.line_for(unit.sort, unit.remote)
            if line is not None:
                found[version.means] = applied(desk, norm.id, norm.code, version, n, line, unit)
        shoulds[unit.code] = tuple(it for it in found.values() if isinstance(it, Should))
        lacks += [it for it in found.values() if isinstance(it, Lack)]
    return Reckoned(shoulds, tuple(lacks))


def applied(
    desk: Desk, norm: UUID, code: str, version: Version, n: int, line: int, unit: Ground
) -> Should | Lack:
    """What one line of a norm gives for one unit."""
    formula = version.lines[line].formula
    asked = read(formula)
    if missing := tuple(name for name in asked if name not in unit.inputs):
        return Lack(unit.code, version.means, norm, missing)
    inputs = {name: unit.inputs[name] for name in asked}
    try:
        exact = desk.value(formula, inputs)
    except NoNumber as fault:
        return Lack(unit.code, version.means, norm, (), fault.why)
    value = rounded(exact, version.rounding)
    return Should(unit.code, version.means, norm, code, n, line, tuple(inputs.items()), exact, value)


def everything(it: Should) -> bool:
    """Narrows nothing."""
    return True


def gaps(
    person: Person, units: Collection[str] | None, day: date, *, where: Callable[[Should], bool] = everything
) -> list[Gap]:
    """What units have against what they should have on `day`, by unit and then kind; None: all that `person` reaches.

    With `where` only of these figures; what is held of other families is then not asked for.
    What is held counts as it is today, whatever the day. Norms for posts are left out where the person may not see
    how many people there are. A handful of queries, however many units.
    """
    its = within(person, units)
    wanted = None if units is None else sorted(code for codes in its.values() for code in codes or ())
    by_unit = (found for one in worked_out(its, day) for found in one.shoulds.values())
    shoulds = [it for found in by_unit for it in found if where(it)]
    if not shoulds:
        return []
    kinds = catalogue()
    families = {kinds[code].family for code in {it.kind for it in shoulds} if code in kinds}
    return list(compared(shoulds, held(person, wanted, of=families), kinds, reach(person, "staff.see")))


def lacks(person: Person, units: Collection[str] | None, day: date) -> list[Lack]:
    """The norms that give no figure for units within reach, and which facts they lack."""
    return [it for one in worked_out(within(person, units), day) for it in one.lacks]


def worked_out(
    its: Mapping[str, frozenset[str] | None], day: date, *, using: str = "default"
) -> Iterable[Reckoned]:
    """What the units of `within` should have, a province at a time. One query, and those of what is not kept yet."""
    officers = _officers(its, day, using)
    for province, codes in its.items():
        here = officers.get(province, {})
        if codes is None:
            yield reckoned(province, day, here, using=using)
        else:
            units = (it for it in grounds(province, day, using=using).values() if it.code in codes)
            yield reckon(norms_of(province, using=using), manned(units, here), day)


def _officers(its: Mapping[str, frozenset[str] | None], day: date, using: str) -> Established:
    whole = [province for province, codes in its.items() if codes is None]
    single = [code for codes in its.values() for code in codes or ()]
    return established(day, provinces=whole, units=single, using=using)


def with_officers(
    its: Mapping[str, frozenset[str] | None], day: date, *, using: str = "default"
) -> Iterable[tuple[str, list[Ground]]]:
    """The units of `within` with all that is known of them, by province. One query, and those of what is not kept."""
    officers = _officers(its, day, using)
    for province, codes in its.items():
        units = grounds(province, day, using=using).values()
        here = (it for it in units if codes is None or it.code in codes)
        yield province, manned(here, officers.get(province, {}))


def within(person: Person, units: Collection[str] | None = None) -> dict[str, frozenset[str] | None]:
    """The units whose means `person` may see, of those named, by province; None: all of the province."""
    its, places = reach(person, "means.see"), _places(newest())
    if units is None and its.everywhere:
        return dict.fromkeys(sorted({place for place in places.values() if place}))
    found: dict[str, frozenset[str] | None] = dict.fromkeys(its.provinces) if units is None else {}
    asked = its.units if units is None else frozenset(units)
    rest = asked if its.everywhere else asked & its.units
    by_province: dict[str, set[str]] = defaultdict(set)
    for code in rest:
        if (province := places.get(code)) and province not in found:
            by_province[province].add(code)
    return found | {province: frozenset(codes) for province, codes in by_province.items()}


@lru_cache(maxsize=2)
def _places(reference: UUID | None) -> Mapping[str, str | None]:
    """The province of every unit."""
    return dict(UnitRow.objects.order_by().values_list("code", "province"))


def compared(
    shoulds: Iterable[Should],
    holdings: Mapping[tuple[str, str], Held],
    kinds: Mapping[str, Kind],
    staff: Reach,
) -> Iterable[Gap]:
    """Each figure against what is held."""
    seen_staff = staff.units
    for it in shoulds:
        kind = kinds.get(it.kind)
        if kind and kind.family == "post" and not staff.everywhere and it.unit not in seen_staff:
            continue
        yield gap(it, holdings.get((it.unit, it.kind)), kind.price if kind else None)


def gap(it: Should, its: Held | None, price: str | None) -> Gap:
    """One figure against what is held of it (None: nothing); `price` of one, in VND."""
    has, fit = (its.all, its.fit) if its else (NOTHING, NOTHING)
    missing = it.value - fit
    short, surplus = (missing, NOTHING) if missing > 0 else (NOTHING, -missing)
    money = None if price is None else int(short * int(price)) if short else 0
    return Gap(
        it.unit, it.kind, it.norm, it.code, it.version, it.inputs, it.value, has, fit, short, surplus, money
    )
