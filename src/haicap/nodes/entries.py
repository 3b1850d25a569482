"""What can be written down of membership: which unit has a node of its own, since when, under which key.

All of it goes into the channel `reference` of the parent, into the file of the unit concerned.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind

Reason = Literal["restored", "clone", "key"]


@kind("node.invited", version=1, channel="reference")
class NodeInvited(Body):
    """Whoever has the code may join as the unit's node until then; `code` is its digest, in hex."""

    unit: str
    until: datetime
    code: str


@kind("node.joined", version=1, channel="reference")
class NodeJoined(Body):
    """A node joined with the code: its keys (Ed25519 in hex, age), and the version of haicap that it runs."""

    node: UUID
    incarnation: UUID
    name: str
    public_key: str
    recipient: str
    runs: str


@kind("node.renewed", version=1, channel="reference")
class NodeRenewed(Body):
    """The node began a new incarnation; `lines` say how far it had come in the streams of the one before."""

    incarnation: UUID
    public_key: str | None = None
    recipient: str | None = None
    reason: Reason
    lines: dict[str, int] = {}


@kind("node.revoked", version=1, channel="reference")
class NodeRevoked(Body):
    """The node is trusted no more: beyond these `seq` of its streams nothing is taken."""

    last: dict[str, int]
    reason: str


@kind("node.closed", version=1, channel="reference")
class NodeClosed(Body):
    """The unit's work goes back to the parent: the node's streams end at these `seq`."""

    last: dict[str, int]
