"""The units of which somebody may see or record means, to choose from."""

from haicap.units.models import UnitRow
from haicap.units.names import unit_names
from haicap.units.rights import Person, reach


def units_of(person: Person, action: str) -> list[tuple[str, str]]:
    """Code and name of the units at which `person` may do `action`, by level and name; none where it is one alone.

    One query at most. Who reaches the nation is offered its provinces and departments: its communes are too many.
    """
    its = reach(person, action)
    if not its.everywhere and len(its.units) < 2:
        return []
    rows = UnitRow.objects.filter(closed=None)
    rows = rows.exclude(level="commune") if its.everywhere else rows.filter(code__in=its.units)
    return list(rows.order_by("level", "order").values_list("code", "name"))


def recorded_for(person: Person, action: str) -> list[tuple[str, str]]:
    """The units at which `person` may do `action`, those of their own posts first. One query at most."""
    own = sorted(right.unit for right in person.rights if right.allows(action) and right.over == "unit")
    names = unit_names(own)
    first = [(code, names.get(code, code)) for code in dict.fromkeys(own)]
    return [*first, *(it for it in units_of(person, action) if it not in first)]
