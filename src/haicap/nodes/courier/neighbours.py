"""The nodes of other provinces, as the ministry names them in `reference`: whom a matter may be carried to.

Nothing is exchanged with them on a line. What they sign is believed under the key that their parent, which is this
node's too, has written down.
"""

from dataclasses import dataclass
from uuid import UUID

from haicap.journal.node import own
from haicap.nodes.models import Member
from haicap.nodes.queries import member_of, peer
from haicap.units.models import UnitRow


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another province's node: its unit, what it is called, its Ed25519 key (32 bytes) and its age recipient."""

    node: UUID
    unit: str
    name: str
    public_key: bytes
    recipient: str


def neighbour(node: UUID, using: str = "worker") -> Neighbour | None:
    """Another province's node that its parent trusts; None for any other."""
    row = Member.objects.using(using).filter(node=node, standing="joined").order_by("-id").first()
    return _of(row, using) if row else None


def of_unit(unit: str, using: str = "worker") -> Neighbour | None:
    """The node of another province."""
    row = Member.objects.using(using).filter(unit=unit, standing="joined").order_by("-id").first()
    return _of(row, using) if row else None


def _of(row: Member, using: str) -> Neighbour | None:
    level = UnitRow.objects.using(using).filter(code=row.unit).values_list("level", flat=True).first()
    if row.node in (None, own(using).id) or level != "province" or peer(using) is None:
        return None  # of one without a parent they are children
    assert row.node is not None
    return Neighbour(row.node, row.unit, row.name, bytes.fromhex(row.public_key), row.recipient)


def keys_of(node: UUID, using: str = "default") -> list[bytes]:
    """All public keys that a province's node has had, newest first: what it has signed once stays signed."""
    rows = Member.objects.using(using).filter(node=node).order_by("-id")
    lives = (life for row in rows for life in reversed(member_of(row).incarnations))
    return list(dict.fromkeys(bytes.fromhex(life.public_key) for life in lives))
