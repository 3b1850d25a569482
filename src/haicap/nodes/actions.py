"""What is done about membership: a unit is invited, joins with a node of its own, and gives its work back.

The caller locks the membership and the unit's file of `reference` (`pen.writing(…, subjects=[subject], units=[unit],
channel="reference")`).
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.nodes import codes
from haicap.nodes.entries import NodeClosed, NodeInvited, NodeJoined, NodeRenewed, NodeRevoked, Reason
from haicap.nodes.exchange.shelf import NotInvited
from haicap.nodes.fold import Member, nodes
from haicap.units.acting import NotSo, granted, said
from haicap.units.fold import Unit

SEE, MANAGE = "node.see", "node.manage"
LASTS = timedelta(days=7)  # an invitation
HAVING_NODES = ("province", "commune")


def invite(
    pen: Pen, *, entry_id: UUID, subject: UUID, unit: Unit, code: str, others: tuple[Member, ...]
) -> Member:
    """Let `unit` join with a node of its own within seven days; `code` (`codes.new`) is shown to a person once.

    `others` are the unit's other memberships. Raises `Refused`, and `NotSo` where the unit is none that has a node,
    has one already, or was invited and may still join.
    """
    grant = granted(pen.person, MANAGE, unit.code)
    if unit.level not in HAVING_NODES or unit.closed is not None:
        raise NotSo("no-node")
    for other in others:
        if other.state == "joined" and other.id != subject:
            raise NotSo("joined")
        if other.state == "invited" and other.until > pen.at and other.id != subject:
            raise NotSo("invited")
    body = NodeInvited(unit=unit.code, until=pen.at + LASTS, code=codes.digest(code))
    return pen.write(nodes, entry_id, subject, body, unit=unit.code, grant=grant, channel="reference")


def join(pen: Pen, *, entry_id: UUID, subject: UUID, joined: NodeJoined, ended: tuple[UUID, ...]) -> Member:
    """Use an invitation up. The same node that asks again (its answer was lost) is answered the same.

    `ended` are the incarnations that were revoked or closed in any membership: a node that comes back begins a new
    one first. Raises `NotInvited`, and `NotSo` for one of `ended`.
    """
    member = pen.state(nodes, subject)
    if member is None:
        raise NotInvited("unknown")
    if member.state == "joined" and _same(member, joined):
        return member
    if member.state != "invited":
        raise NotInvited("used")
    if member.until <= pen.at:
        raise NotInvited("expired")
    if joined.incarnation in ended:
        raise NotSo("incarnation")
    return _write(pen, entry_id, member, joined)


def _same(member: Member, joined: NodeJoined) -> bool:
    now = member.now
    return (
        now is not None
        and (member.node, now.id, now.public_key)
        == (joined.node, joined.incarnation, joined.public_key)
    )  # fmt: skip


def renew(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    incarnation: UUID,
    reason: Reason,
    public_key: str | None = None,
    recipient: str | None = None,
    lines: Mapping[str, int],
) -> Member:
    """Note a new incarnation of a node that has joined; one that is known changes nothing. Raises `NotSo`."""
    member = _joined(pen, subject)
    if incarnation in {it.id for it in member.incarnations}:
        return member
    body = NodeRenewed(
        incarnation=incarnation, public_key=public_key, recipient=recipient, reason=reason, lines=dict(lines)
    )
    return _write(pen, entry_id, member, body)


def revoke(
    pen: Pen, *, entry_id: UUID, subject: UUID, last: Mapping[str, int], reason: str
) -> Member:  # fmt: skip
    """Trust a node no more, or take an invitation back; `last` are the last good `seq` of its streams.

    Raises `Refused`, `Unsaid` without a reason, `NotSo` where the membership has ended.
    """
    member = _open(pen, subject)
    body = NodeRevoked(last=dict(last), reason=said(reason, "reason"))
    return _write(pen, entry_id, member, body, granted(pen.person, MANAGE, member.unit))


def close(pen: Pen, *, entry_id: UUID, subject: UUID, last: Mapping[str, int], waits: bool = False) -> Member:
    """Take the unit's work back: the node's streams end at `last`, and its people work here again.

    `waits`: something is known to lie there that has not come, or nobody knows. Raises `Refused`, `NotSo` where no node
    has joined, or something waits.
    """
    member = _joined(pen, subject)
    if waits:
        raise NotSo("waits")
    return _write(
        pen, entry_id, member, NodeClosed(last=dict(last)), granted(pen.person, MANAGE, member.unit)
    )


def _open(pen: Pen, subject: UUID) -> Member:
    member = pen.state(nodes, subject)
    if member is None or member.state not in ("invited", "joined"):
        raise NotSo("ended")
    return member


def _joined(pen: Pen, subject: UUID) -> Member:
    member = _open(pen, subject)
    if member.state != "joined":
        raise NotSo("not-joined")
    return member


def _write(pen: Pen, entry_id: UUID, member: Member, body: Body, grant: UUID | None = None) -> Member:
    return pen.write(nodes, entry_id, member.id, body, unit=member.unit, grant=grant, channel="reference")
