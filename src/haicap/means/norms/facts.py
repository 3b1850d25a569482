"""Facts of units, as formulas ask for them.

Whether it is remote and its area are of the register, `officers` is the establishment as the staff part has it. All
else was stated with its source: the register has no population, and a year's matters are counted once and written
down (`actions.count_workload`), so that the gap of a past day can be worked out again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import get_args
from uuid import UUID

from django.db.models import Q

from haicap.journal.reference import newest
from haicap.means.norms.entries import Fact
from haicap.means.norms.fold import Facts, Figure, facts
from haicap.means.norms.models import FactRow
from haicap.means.staff.models import EstablishedRow
from haicap.units import register
from haicap.units.fold import Unit
from haicap.units.models import UnitRow
from haicap.units.queries import unit_of

STATED: tuple[Fact, ...] = get_args(Fact)
ALL = "officer"  # the kind under which an establishment counts everybody
LEVELS = ("commune", "department")


@dataclass(frozen=True, slots=True)
class Ground:
    """A unit of today with all that is known of it: `inputs` for formulas, `figures` with their sources."""

    code: str
    vi: str
    en: str
    sort: str
    remote: bool
    province: str
    inputs: Mapping[str, Decimal | bool]
    figures: Mapping[str, Figure]


def grounds(province: str, day: date, *, using: str = "default") -> Mapping[str, Ground]:
    """The units of a province that work on `day`, communes and departments, by code in the order of their names.

    Two queries, none while nothing of the reference has changed.
    """
    return _as_of(newest(using), province, day, using)


@lru_cache(maxsize=128)
def _as_of(reference: UUID | None, province: str, day: date, using: str) -> Mapping[str, Ground]:
    rows = UnitRow.objects.using(using).filter(province=province, level__in=LEVELS).order_by("order", "code")
    its = [unit_of(row) for row in rows.only("state")]
    known = stated([it.code for it in its], using=using)
    return {
        it.code: _ground(it, known.get(it.code), day) for it in its if it.closed is None or it.closed > day
    }


def stated(codes: Iterable[str], *, using: str = "default") -> dict[str, Facts]:
    """All that was stated of these units, by unit. One query."""
    rows = FactRow.objects.using(using).filter(unit__in=list(codes)).only("state")
    found = (facts.form.validate_python(row.state, strict=False) for row in rows)
    return {it.unit: it for it in found}


def _ground(unit: Unit, known: Facts | None, day: date) -> Ground:
    figures = known.on(day) if known else {}
    inputs: dict[str, Decimal | bool] = {name: Decimal(it.value) for name, it in figures.items()}
    inputs["remote"] = unit.remote
    if (area := area_km2(unit)) is not None:
        inputs["area_km2"] = area
    name = unit.name
    return Ground(unit.code, name.vi, name.en, unit.sort, unit.remote, unit.province or "", inputs, figures)


def area_km2(unit: Unit) -> Decimal | None:
    """The area of what a unit serves, to a hundredth of a km²; None where the register does not know it."""
    areas = [register.territory(code).area_km2 for code in unit.territories]
    known = [Decimal(str(round(area, 2))) for area in areas if area is not None]
    return sum(known, Decimal()) if known else None


Established = Mapping[str, Mapping[str, int]]
"""The establishment by province and unit."""


def established(
    day: date, *, provinces: Iterable[str] = (), units: Iterable[str] = (), using: str = "default"
) -> Established:
    """How many officers these units, and all of these provinces, are to have on `day`. One query."""
    rows = EstablishedRow.objects.using(using).filter(kind=ALL, since__lte=day)
    rows = rows.filter(Q(until=None) | Q(until__gt=day))
    rows = rows.filter(Q(province__in=list(provinces)) | Q(unit__in=list(units)))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for province, unit, count in rows.values_list("province", "unit", "count"):
        found[province or ""][unit] = count
    return found


def manned(its: Iterable[Ground], officers: Mapping[str, int]) -> list[Ground]:
    """The units with their establishment among the inputs, where it is known."""
    return [
        replace(it, inputs={**it.inputs, "officers": Decimal(officers[it.code])})
        if it.code in officers
        else it
        for it in its
    ]
