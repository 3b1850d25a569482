"""The head of papers that are of no single matter: lists, directives, visits."""

from datetime import datetime
from typing import Any

from haicap.clocks.wall import day_of
from haicap.units import register
from haicap.units.models import UnitRow


def head(unit: str, at: datetime) -> dict[str, Any]:
    """Superior, agency, place and day of a paper that `unit` (a code) makes at `at` (aware). Two queries."""
    row = UnitRow.objects.get(code=unit)
    above = UnitRow.objects.filter(code=row.parent or "").values_list("name", flat=True).first()
    place = register.province(row.province).short if row.province else "Hà Nội"
    if row.level == "commune" and row.state and row.state["territories"]:
        place = register.territory(row.state["territories"][0]).short
    return {
        "superior": above or "", "agency": row.name, "place": place, "date": day_of(at).isoformat(),
    }  # fmt: skip
