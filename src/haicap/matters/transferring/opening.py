"""Reading what came over from another unit's file: its sealed facts, and whether its proof holds."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from haicap.journal.entry import Entry
from haicap.journal.models import Node
from haicap.journal.proving import proven
from haicap.journal.reference import authority
from haicap.journal.sealing import Destroyed, open_sealed
from haicap.journal.witness import Statement
from haicap.matters.transferring.entries import Arrived
from haicap.nodes.courier.neighbours import keys_of


def vouched(entries: Iterable[Entry[Any]]) -> dict[UUID, str]:
    """By arrival, what its proof is worth, in words. One query where there is one, two where another province's is."""
    arrivals = [entry for entry in entries if isinstance(entry.body, Arrived)]
    if not arrivals:
        return {}
    ours = list(Node.objects.filter(pk__in=filter(None, [authority()])).values_list("public_key", flat=True))
    good = {
        it.id: any(proven(it.body, key) for key in (*map(bytes, ours), *_of_others(it.body)))
        for it in arrivals
    }
    return {
        entry: _("chứng cứ khớp với chữ ký của tỉnh") if fits else _("chứng cứ không khớp, cần kiểm tra")
        for entry, fits in good.items()
    }


def _of_others(body: Arrived) -> list[bytes]:
    """The keys of the node that says where it stood, if that is another province's."""
    try:
        node = Statement.read(body.statement.encode()).node
    except (ValueError, KeyError, TypeError):
        return []
    return [] if node == authority() else keys_of(node)


def unsealed(entries: Iterable[Entry[Any]]) -> dict[UUID, Mapping[str, Any]]:
    """The sealed facts of entries by entry; the caller has recorded the opening. What was destroyed is left out.

    An arrival holds those of all that it carries, sealed again as one.
    """
    found: dict[UUID, Mapping[str, Any]] = {}
    for entry in entries:
        if entry.sealed is not None:
            try:
                facts = open_sealed(entry.subject, entry.id, entry.sealed)
            except Destroyed:
                continue
            came = (
                {UUID(earlier): its for earlier, its in facts.items()}
                if isinstance(entry.body, Arrived)
                else None
            )
            found = (came | found) if came is not None else found | {entry.id: facts}
    return found
