"""What the entries of this room mean."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.nodes.entries import NodeClosed, NodeInvited, NodeJoined, NodeRenewed, NodeRevoked, Reason

State = Literal["invited", "joined", "revoked", "closed"]


@dataclass(frozen=True, slots=True)
class Incarnation:
    """One life of a node: since when, why it began, and how far the node had come in the one before."""

    id: UUID
    since: datetime
    public_key: str
    recipient: str
    reason: Reason | None = None
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """The place of a unit's own node below this one; from `joined` on it has a node.

    `last` names, of an ended one, the last `seq` of each of its streams that counts.
    """

    id: UUID
    unit: str
    code: str
    until: datetime
    invited: datetime
    state: State = "invited"
    node: UUID | None = None
    name: str = ""
    version: str = ""
    incarnations: tuple[Incarnation, ...] = ()
    joined: datetime | None = None
    ended: datetime | None = None
    last: dict[str, int] = field(default_factory=dict)
    reason: str = ""

    @property
    def now(self) -> Incarnation | None:
        """The incarnation that writes; None before joining."""
        return self.incarnations[-1] if self.incarnations else None


nodes = Fold(Member)


@nodes.on(NodeInvited, opens=True)
def invited(_: None, entry: Entry[NodeInvited]) -> Member:
    it = entry.body
    return Member(entry.subject, it.unit, it.code, it.until, entry.at)


@nodes.on(NodeJoined)
def joined(member: Member, entry: Entry[NodeJoined]) -> Member:
    it = entry.body
    first = Incarnation(it.incarnation, entry.at, it.public_key, it.recipient)
    return replace(
        member, state="joined", node=it.node, name=it.name, version=it.runs, incarnations=(first,), joined=entry.at
    )  # fmt: skip


@nodes.on(NodeRenewed)
def renewed(member: Member, entry: Entry[NodeRenewed]) -> Member:
    it, before = entry.body, member.now
    if before is None:
        return member  # whose joining was set aside
    earlier = (
        it.reason == "restored" and it.incarnation < before.id
    )  # told late, by a machine that joined again
    further = Incarnation(
        it.incarnation, entry.at, it.public_key or before.public_key, it.recipient or before.recipient,
        None if earlier else it.reason, it.lines,
    )  # fmt: skip
    lives = (*member.incarnations[:-1], further, before) if earlier else (*member.incarnations, further)
    return replace(member, incarnations=lives)


@nodes.on(NodeRevoked)
def revoked(member: Member, entry: Entry[NodeRevoked]) -> Member:
    it = entry.body
    return replace(member, state="revoked", ended=entry.at, last=it.last, reason=it.reason)


@nodes.on(NodeClosed)
def closed(member: Member, entry: Entry[NodeClosed]) -> Member:
    return replace(member, state="closed", ended=entry.at, last=entry.body.last)
