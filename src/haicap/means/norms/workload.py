"""How many matters came in at each unit in a year, and of them reports of crime: counted once, then a fact."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Count, QuerySet

from haicap.clocks.wall import start_of
from haicap.matters.models import MatterRow
from haicap.matters.queries import seen
from haicap.units.rights import Person, reach

REPORTS = "crime-report"


def counts_everything(person: Person, province: str) -> bool:
    """Whether the person sees every matter of a province, so that what is counted is all there is."""
    its = reach(person, "matter.see")
    return its.everywhere or province in its.provinces


def counted(person: Person, units: Collection[str], year: int) -> dict[str, tuple[int, int]]:
    """Matters and reports of each of these units in a calendar year (Asia/Ho_Chi_Minh), none too. One query."""
    return between(seen(person), units, start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1)))


def between(
    rows: QuerySet[MatterRow], units: Collection[str], first: datetime, end: datetime
) -> dict[str, tuple[int, int]]:
    """The same for what came in from `first` until before `end` (both aware)."""
    its = rows.filter(unit__in=list(units), received__gte=first, received__lt=end).order_by()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for unit, procedure, n in its.values_list("unit", "procedure").annotate(n=Count("pk")):
        found[unit][procedure] = n
    return {unit: (sum(found[unit].values()), found[unit].get(REPORTS, 0)) for unit in units}
