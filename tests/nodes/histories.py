"""A history for every kind of entry of membership, as `samples` has them for all rooms."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.nodes import entries as e
from haicap.nodes.fold import nodes

NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
LINE = str(UUID(int=40))
INVITED = e.NodeInvited(unit="11311", until=NOON + timedelta(days=7), code="c0" * 32)
JOINED = e.NodeJoined(
    node=UUID(int=11), incarnation=UUID(int=12), name="Phường Thử", public_key="aa" * 32, recipient="age1x", runs="1"
)  # fmt: skip
RESTORED = e.NodeRenewed(incarnation=UUID(int=13), reason="restored", lines={LINE: 4})
REKEYED = e.NodeRenewed(
    incarnation=UUID(int=14), public_key="bb" * 32, recipient="age1y", reason="key", lines={LINE: 6}
)


def always(*bodies: Body) -> Callable[[list[UUID]], list[Body]]:
    return lambda ids: list(bodies)


NODES: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    "node.invited": (nodes, always(INVITED)),
    "node.joined": (nodes, always(INVITED, JOINED)),
    "node.renewed": (nodes, always(INVITED, JOINED, RESTORED, REKEYED)),
    "node.revoked": (nodes, always(INVITED, JOINED, e.NodeRevoked(last={LINE: 9}, reason="Mất máy"))),
    "node.closed": (nodes, always(INVITED, JOINED, RESTORED, e.NodeClosed(last={LINE: 9}))),
}
