"""Units whose own node has not been in contact for long: what this node shows of their work is as of then."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from haicap.journal.reference import decides_here, newest
from haicap.nodes.models import Contact, Member
from haicap.nodes.showing import AWAY
from haicap.units.models import UnitRow


class _Kept:
    nodes: Mapping[str, UUID] = {}
    of: UUID | None = None


def silent(units: Collection[str | None], at: datetime) -> dict[str, datetime]:
    """Of these units those whose node has been silent for an hour or more, with its last contact.

    A unit's node is the one that its work is done on, also where that is another unit's. `at` is now, aware. The one
    that has been silent longest comes first. A node that never was in contact has no work yet. One query, none where
    none of the units has a node below this one; which do, is kept until `reference` moves.
    """
    nodes = {unit: node for unit, node in _working().items() if unit in units}
    if not nodes:
        return {}
    rows = Contact.objects.filter(node__in={*nodes.values()}, last__lte=at - AWAY).order_by("last")
    lasts = {node: last for node, last in rows.values_list("node", "last") if last is not None}
    return {unit: last for at_node, last in lasts.items() for unit, node in nodes.items() if node == at_node}


def _working() -> Mapping[str, UUID]:
    """By unit the node below this one on which its work is done, as `queries.works_here` says."""
    its, reference = _Kept, newest()
    if its.of != reference:
        rows = Member.objects.filter(standing="joined") if decides_here() else Member.objects.none()
        its.nodes = dict(_all_on({unit: node for unit, node in rows.values_list("unit", "node") if node}))
        its.of = reference
    return its.nodes


def _all_on(nodes: Mapping[str, UUID]) -> Iterator[tuple[str, UUID]]:
    """These units, and those merged into them or below them that have no node of their own."""
    here = UnitRow.objects.filter(code__in=nodes).values("province")
    rows = UnitRow.objects.filter(province__in=here) if nodes else UnitRow.objects.none()
    above = {
        code: successor or parent
        for code, successor, parent in rows.values_list("code", "successor", "parent")
    }
    for unit in {*nodes, *above}:
        code: str | None = unit
        while code and code not in nodes:
            code = above.get(code)
        if code:
            yield unit, nodes[code]
