"""Whose stream it is: what a node may read and write at its parent, and what it takes from it. Pure."""

from collections.abc import Collection
from uuid import UUID

from haicap.journal.chain import Description
from haicap.nodes.exchange.records import Member, Parent


def may_read(member: Member, stream: Description) -> bool:
    """Whether a child is given this stream: `reference` goes down to all, else those of its units' files."""
    return stream.channel == "reference" or stream.unit in member.units


def may_write(own: UUID, member: Member, stream: Description) -> bool:
    """Whether a child may add to this stream at the node `own`: its own lines, announced, in its units' files.

    A province also brings to the ministry what its communes report.
    """
    if stream.channel == "reference" or stream.unit not in member.units or stream.node == own:
        return False
    if stream.node == member.node:
        return stream.incarnation in member.incarnations
    return member.carries and stream.channel == "returns"


def may_return(own: UUID, member: Member, stream: Description) -> bool:
    """Whether a child may bring the node `own` back what that has lost of its own lines."""
    return stream.node == own and may_read(member, stream)


def may_hold(own: UUID, units: Collection[str], parent: Parent, stream: Description) -> bool:
    """Whether a child takes this stream from its parent: nothing that is not its, whatever is offered."""
    if stream.channel not in parent.channels:
        return False
    if stream.channel == "reference":
        return stream.node != own
    return stream.unit in units


def may_push(own: UUID, units: Collection[str], parent: Parent, stream: Description) -> bool:
    """Whether a child brings this stream to its parent."""
    if stream.channel == "reference" or stream.channel not in parent.channels or stream.unit not in units:
        return False
    return stream.node == own or ("work" not in parent.channels and stream.node != parent.node)


def may_share(units: Collection[str], parent: Parent, stream: Description) -> bool:
    """Whether a child gives its parent the keys and files that entries of this stream name."""
    return stream.channel in parent.channels and (stream.channel == "reference" or stream.unit in units)
