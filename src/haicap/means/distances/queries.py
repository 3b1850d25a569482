"""The questions that pages and plans ask of distances."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from haicap.means.distances.models import DistanceRow
from haicap.units.rights import Person, reach

SORTS = {"from": "from_unit", "to": "to_unit", "km": "km"}


def listed(person: Person, params: Mapping[str, str]) -> QuerySet[DistanceRow]:
    """The stated ways of the provinces that `person` reaches, by the address: `unit` at either end, `sort`."""
    its = reach(person, "means.see")
    provinces = {*its.provinces, *filter(None, [person.province])}
    rows = DistanceRow.objects.filter(stands=True)
    if not its.everywhere:
        rows = rows.filter(province__in=sorted(provinces))
    if unit := params.get("unit", "").strip():
        rows = rows.filter(Q(from_unit=unit) | Q(to_unit=unit))
    key = params.get("sort", "")
    column = SORTS.get(key.removeprefix("-"))
    return rows.order_by(
        f"{'-' if key.startswith('-') else ''}{column}" if column else "from_unit", "to_unit"
    )


def known(province: str) -> list[tuple[str, str, float]]:
    """The stated ways within a province: from, to, km. One query."""
    rows = DistanceRow.objects.filter(province=province, stands=True).order_by("from_unit", "to_unit")
    return [(one, other, float(km)) for one, other, km in rows.values_list("from_unit", "to_unit", "km")]
