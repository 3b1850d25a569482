"""One page of a list of matters, found without sorting or counting all that fits.

For each order there is an index that holds the matters in it; for the usual order, one of each unit's besides
(`indexes`). Who sees a province reads along an index until a page is full. Who sees one unit's reads three side by
side: its own files, what it holds of others' and what it raised in others'.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from haicap.matters.models import MatterRow
from haicap.matters.queries import narrowed, seen
from haicap.units.rights import Person, reach

PER_PAGE = 25
MOST = 10_000  # a list is counted, and can be paged through, so far
SORTS: dict[str, tuple[str, ...]] = {
    "number": ("number",),
    "title": ("title", "number"),
    "procedure": ("procedure", "number"),
    "status": ("status", "number"),
    "holder": ("holder", "number"),
    "received": ("received", "number"),
    "due": ("due", "received", "number"),
}
DEFAULT_SORT = "due"
GOING = ExpressionWrapper(Q(ended=None), BooleanField())  # has not ended


def order(sort: str) -> list[OrderBy]:
    """What `in_order` sorts by, over the columns of `sort` and `going`, which says whether it has not ended."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORTS:
        key, down = DEFAULT_SORT, False
    if key != "due":
        return [OrderBy(F(column), descending=down) for column in (*SORTS[key], "id")]
    due = F("due").desc(nulls_last=True) if down else F("due").asc(nulls_last=True)
    return [F("going").desc(), due, F("received").desc(), F("number").asc(), F("id").asc()]


def in_order(rows: QuerySet[MatterRow], sort: str) -> QuerySet[MatterRow]:
    """Rows in the order of `sort`, a key of `SORTS` or one with `-` before it; nothing known: the first due first.

    By due date, what has no date comes later and what has ended last: a duty may be left over after the end, but is
    not what to look at first. The number breaks ties, so that pages do not overlap.
    """
    return rows.annotate(going=GOING).order_by(*order(sort))


def sorted_apart(rows: QuerySet[MatterRow], sort: str) -> QuerySet[MatterRow]:
    """Like `in_order`, for few rows among many: found first and then sorted, never looked for along an order."""
    first, *ties = order(sort)
    column = Coalesce(first.expression, first.expression)  # no index is in the order of this
    return rows.annotate(going=GOING).order_by(OrderBy(column, descending=first.descending), *ties)


@dataclass(frozen=True)
class Listing:
    """The ids of the matters that an address asks for at `at` (aware), as much of a list as a `Paginator` needs."""

    person: Person
    params: Mapping[str, str]
    at: datetime

    def page(self) -> Page[UUID]:
        """The page that the address names. Two queries."""
        its: Paginator[Any] = Paginator(self, PER_PAGE)  # type: ignore[arg-type]  # it asks for no more than this
        return its.get_page(self.params.get("page"))

    def count(self) -> int:
        """How many there are, `MOST` where there are more."""
        return min(self.counted, MOST)

    @property
    def more(self) -> bool:
        """Whether there are more than are counted."""
        return self.counted > MOST

    @cached_property
    def counted(self) -> int:
        """How many there are, up to one more than `MOST`."""
        first, *further = (rows.values("id")[: MOST + 1] for rows in self.parts)
        return (first.union(*further, all=True)[: MOST + 1] if further else first).count()

    def __getitem__(self, places: slice) -> list[UUID]:
        """The ids in these places."""
        if not places.stop:  # nothing fits; and what is cut to nothing cannot be put beside more
            return []
        sort = self.params.get("sort", "")
        if sort.removeprefix("-") in SORTS and sort != DEFAULT_SORT:
            rows = narrowed(seen(self.person), self.person, self.params, at=self.at)
            found = in_order(rows, sort) if len(self.parts) == 1 else sorted_apart(rows, sort)
            return list(found.values_list("pk", flat=True)[places])
        columns = ("id", "going", "due", "received", "number")
        first, *further = (in_order(rows, sort).values_list(*columns)[: places.stop] for rows in self.parts)
        its = first.union(*further, all=True).order_by(*order(sort)) if further else first
        return [row[0] for row in its[places]]

    @cached_property
    def parts(self) -> list[QuerySet[MatterRow]]:
        """The matters asked for, in sets that have an index in the usual order."""
        return [narrowed(rows, self.person, self.params, at=self.at) for rows in parts(self.person)]


def parts(person: Person) -> list[QuerySet[MatterRow]]:
    """What a person may see, as sets that share no row: three with an index each for who sees one unit's alone."""
    its, rows = reach(person, "matter.see"), MatterRow.objects.all()
    if its.everywhere or len(its.units) != 1 or any(part.province or part.kinds for part in its.parts):
        return [seen(person)]
    (unit,) = its.units
    held = rows.filter(holder=unit, holder__not=F("unit"))
    raised = rows.filter(Q(holder=None) | Q(holder__not=unit), raised_by=unit, raised_by__not=F("unit"))
    return [rows.filter(unit=unit), held, raised]


def whole(ids: Iterable[UUID]) -> list[MatterRow]:
    """The rows of these matters in this order, without what no list shows. One query."""
    wanted = list(ids)
    rows = MatterRow.objects.defer("last", "aside", "branches", "waiting", "words").in_bulk(wanted)
    return [rows[one] for one in wanted if one in rows]
