"""A province with nodes: invited, joined, away, in trouble; made through actions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.node import own, public_key
from haicap.journal.pen import Author, writing
from haicap.nodes import actions, codes, noting, queries
from haicap.nodes.entries import NodeJoined
from haicap.nodes.exchange.signing import Signed
from haicap.nodes.exchange.wire import HEADS
from haicap.nodes.fold import Member
from haicap.nodes.models import Peer
from haicap.units.loading import Founder
from haicap.units.queries import unit_now
from pages import person

OTHER, THIRD = "11329", "10525"
CODE = "0123456789ABCDEFGHJK"


def writes(
    what: Any, unit: str, subject: UUID, by: Author | str = "operator", at: datetime | None = None
) -> Any:
    """One action in a transaction of its own."""
    who = person(by) if isinstance(by, str) else by
    with writing(
        who, at=at or datetime.now(UTC), subjects=[subject], units=[unit], channel="reference"
    ) as pen:
        return what(pen)


def invites(
    unit: str = WARD, by: Author | str = "operator", *, code: str = CODE, at: datetime | None = None,
    subject: UUID | None = None, entry_id: UUID | None = None,
) -> Member:  # fmt: skip
    """A unit is invited."""
    subject = subject or uuid7()
    found: Member = writes(
        lambda pen: actions.invite(
            pen, entry_id=entry_id or uuid7(), subject=subject, unit=unit_now(unit), code=code,
            others=queries.of_unit(unit),
        ),
        unit, subject, by, at,
    )  # fmt: skip
    return found


def machine(name: str = "Máy thử") -> NodeJoined:
    """A machine that may join, with keys of its own."""
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    recipient = str(x25519.Identity.generate().to_public())
    return NodeJoined(
        node=uuid7(), incarnation=uuid7(), name=name, public_key=key, recipient=recipient, runs="1"
    )


def itself() -> Founder:
    """This node as an author."""
    return Founder(own().id)


def joins(member: Member, its: NodeJoined | None = None, *, at: datetime | None = None) -> Member:
    """A machine uses the invitation up."""
    its = its or machine()
    found: Member = writes(
        lambda pen: actions.join(
            pen, entry_id=uuid7(), subject=member.id, joined=its, ended=queries.ended(its.node, "default")
        ),
        member.unit, member.id, itself(), at,
    )  # fmt: skip
    return found


def joined(unit: str = WARD) -> Member:
    """A unit with a node of its own."""
    return joins(invites(unit))


def parent(unit: str = WARD) -> Peer:
    """This node is the node of `unit` below a province that has not been reached lately."""
    at = datetime.now(UTC)
    peer = Peer.objects.create(
        id=uuid7(), url="https://haiphong.example", name="Công an thành phố Hải Phòng", public_key="aa" * 32,
        recipient="age1x", member=uuid7(), unit=unit, province="31", since=at,
    )  # fmt: skip
    noting.contacted(peer.id, at=at - timedelta(hours=3), skew=4.0, using="default")
    noting.failed(peer.id, at=at - timedelta(minutes=2), fault="timeout", using="default")
    noting.incident(own().id, "restored", "", at - timedelta(days=2), using="default")
    return peer


def noded() -> dict[str, Member]:
    """All sorts of nodes below one province, for pages; by what is the matter with them."""
    at = datetime.now(UTC)
    its = {"well": joined(WARD), "away": joined(OTHER), "invited": invites(THIRD)}
    for name, ago in (("well", timedelta(minutes=3)), ("away", timedelta(days=2))):
        node = its[name].node
        assert node is not None
        state = {
            "v": "1.2",
            "disk": 900_000_000 if name == "away" else 80_000_000_000,
            "wait": 14,
            "old": 7200,
            "blobs": 2,
        }
        said(node, at - ago, state, skew=480.0 if name == "away" else 1.0, using="default")
        noting.incident(node, "foreign", "POST /sync/streams", at - ago, using="default")
    return its


def said(
    node: UUID,
    at: datetime,
    state: dict[str, Any],
    *,
    path: str = HEADS,
    skew: float = 0.0,
    nonce: str = "",
    using: str = "worker",
) -> bool:
    """A request of a node comes in, as `noting` has it: whether its nonce was new."""
    signed = Signed(node, UUID(int=1), at + timedelta(seconds=skew), state, path, nonce or uuid7().hex)
    return noting.seen(signed, at + timedelta(minutes=10), at, using=using) is not None


def key() -> bytes:
    """This node's public key."""
    found = public_key()
    assert found is not None
    return found


assert codes.read(CODE)
