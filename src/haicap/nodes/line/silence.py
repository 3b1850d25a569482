"""Units whose own node has not been in contact for long: what this node shows of their work is as of then."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from haicap.journal.reference import decides_here, newest
from haicap.nodes.models import Contact, Member
from haicap.nodes.showing import AWAY


class _Kept:
    nodes: Mapping[str, UUID] = {}
    of: UUID | None = None


def silent(units: Collection[str | None], at: datetime) -> dict[str, datetime]:
    """Of these units those whose node has been silent for an hour or more, with its last contact; `at` is now, aware.

    The one that has been silent longest comes first. A node that never was in contact has no work yet. One query,
    none where none of the units has a node below this one; which do, is kept until `reference` moves.
    """
    nodes = {node: unit for unit, node in _joined().items() if unit in units}
    if not nodes:
        return {}
    rows = Contact.objects.filter(node__in=nodes, last__lte=at - AWAY).order_by("last")
    return {nodes[node]: last for node, last in rows.values_list("node", "last") if last is not None}


def _joined() -> Mapping[str, UUID]:
    its, reference = _Kept, newest()
    if its.of != reference:
        rows = Member.objects.filter(standing="joined") if decides_here() else Member.objects.none()
        its.nodes = {unit: node for unit, node in rows.values_list("unit", "node") if node is not None}
        its.of = reference
    return its.nodes
