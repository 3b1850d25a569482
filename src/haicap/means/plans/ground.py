"""What plans read of a province: its units with coordinates and names, and how far they lie apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import connection

from haicap.journal.text import canonical
from haicap.means.distances import queries as distances
from haicap.units import register
from haicap.units.models import UnitRow
from haicap.units.queries import unit_of

if TYPE_CHECKING:
    from haicap.plan.distances import Matrix


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of commune level, its centre in degrees WGS 84 and its area."""

    code: str
    name: str
    latitude: float
    longitude: float


def places(province: str) -> list[Place]:
    """The communes of a province that work today and whose ground is known, by code. One query."""
    rows = (
        UnitRow.objects.filter(province=province, level="commune", closed=None).order_by("code").only("state")
    )
    its = map(unit_of, rows)
    return [
        Place(unit.code, unit.name.vi, ground.latitude, ground.longitude)
        for unit in its
        if unit.territories
        for ground in [register.territory(unit.territories[0])]
    ]


def kilometres(province: str, its: Sequence[Place]) -> "Matrix":
    """How far it is from each place (rows) to each: great circles, and what was stated better. One query."""
    import numpy as np

    from haicap.plan.distances import great_circle, overridden

    codes = [it.code for it in its]
    at = [(it.latitude, it.longitude) for it in its]
    return overridden(great_circle(at, at, np.float64), codes, codes, distances.known(province))


def overdue(province: str, at: datetime) -> dict[str, int]:
    """How many limits each unit of a province has let pass, counts alone, for whoever plans for all. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit, late FROM overdue_by_unit(%s, %s)", [province, at])
        return {unit: int(late) for unit, late in cursor.fetchall()}


def fingerprint(facts: Mapping[str, object]) -> str:
    """The SHA-256 of what a solver is given: texts, whole numbers, lists and objects of these."""
    return sha256(canonical(facts)).hexdigest()
