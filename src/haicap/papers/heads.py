"""The head of a paper: who stands above, who makes it, where and on which day."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from haicap.clocks.wall import day_of
from haicap.papers.editions import FROM_REGISTER, Letterhead, letterhead_of
from haicap.units import register
from haicap.units.fold import Unit
from haicap.units.models import UnitRow
from haicap.units.queries import unit_of

CAPITAL = "Hà Nội"  # the place of a unit that is of no province


def place(unit: Unit) -> str:
    """The place that stands before the date: the territory's own name, else the province's."""
    if unit.territories:
        return register.territory(unit.territories[0]).short
    return register.province(unit.province).short if unit.province else CAPITAL


def head(unit: Unit, above: str, at: datetime, letterhead: Letterhead = FROM_REGISTER) -> dict[str, Any]:
    """The head of a paper that `unit` makes at `at` (aware), for `papers.documents.render`; it has no number yet.

    `above` is the superior unit's name. What the letterhead leaves empty is taken from the register of units.
    """
    return {
        "superior": letterhead.superior or above,
        "agency": letterhead.agency or unit.name.vi,
        "symbol": letterhead.symbol,
        "place": letterhead.place or place(unit),
        "date": day_of(at),
    }


def head_of(code: str, at: datetime) -> dict[str, Any]:
    """As `head`, of the unit with this code, with the letterhead in force on the day of `at`. Two queries.

    Raises `UnitRow.DoesNotExist`.
    """
    above = UnitRow.objects.filter(code=OuterRef("parent")).values("name")[:1]
    row = UnitRow.objects.annotate(above=Subquery(above)).get(code=code)
    unit = unit_of(row)
    return head(unit, row.above or "", at, letterhead_of(code, day_of(at)))
