"""The questions that pages ask of adopted plans."""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from haicap.matters.queries import seen as matters_seen
from haicap.means.plans.fold import Plan, plans
from haicap.means.plans.models import PlanRow
from haicap.units.rights import Person, visible

SORTED = {"name": "name", "sort": "sort", "items": "items", "adopted": "adopted"}


def seen(person: Person) -> QuerySet[PlanRow]:
    """The adopted plans that somebody may see."""
    return visible(person, "means.see", PlanRow.objects.all())


def listed(person: Person, params: Mapping[str, str]) -> QuerySet[PlanRow]:
    """Those that fit an address: `q` in the name, `sort_of`, `open=1` still holding; in the order of `sort`."""
    rows = seen(person)
    if q := params.get("q", "").strip():
        rows = rows.filter(name__icontains=q)
    if sort := params.get("sort_of", "").strip():
        rows = rows.filter(sort=sort)
    if params.get("open") == "1":
        rows = rows.filter(withdrawn=None)
    key = params.get("sort", "")
    column = SORTED.get(key.removeprefix("-"))
    return rows.order_by(f"{'-' if key.startswith('-') else ''}{column}" if column else "-adopted", "id")


def one(person: Person, id: UUID) -> Plan | None:
    """An adopted plan that somebody may see, or None."""
    row = seen(person).filter(pk=id).only("state").first()
    return plans.form.validate_python(row.state, strict=False) if row else None


def states(person: Person, its: Iterable[Plan]) -> dict[UUID, tuple[UUID, str, str]]:
    """How the tasks of plans stand, by the task's id: the matter, its number and its state. One query."""
    wanted = [plan.task(item.key) for plan in its for item in plan.said.answer.items]
    rows = matters_seen(person).filter(pk__in=wanted).values_list("pk", "number", "status")
    return {pk: (pk, number, status) for pk, number, status in rows}


def progress(plan: Plan, found: Mapping[UUID, tuple[UUID, str, str]]) -> Mapping[str, int]:
    """How many of its items stand in which state."""
    its = (found.get(plan.task(item.key)) for item in plan.said.answer.items)
    return Counter(it[2] for it in its if it)
