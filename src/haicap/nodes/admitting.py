"""What another node asks of membership, done on the database: it joins, or lives on in a new incarnation."""

from datetime import datetime
from uuid import UUID

from haicap.journal import keys
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.nodes import actions, codes, noting, queries
from haicap.nodes.entries import NodeJoined
from haicap.nodes.exchange.records import Joined, Joining, Renewal
from haicap.nodes.exchange.shelf import NotInvited
from haicap.nodes.words import fingerprint
from haicap.units.acting import NotSo
from haicap.units.loading import Founder
from haicap.units.models import UnitRow


def join(joining: Joining, at: datetime, using: str = "worker") -> Joined:
    """Use a code up; the same node with the same code gets the same answer again. `at` is this node's clock, aware.

    The keys of the unit's files are named, so that they can go to it. A node whose work was taken back joins again in a
    new incarnation, and is told so (`closed`). Raises `NotInvited`.
    """
    try:
        row = queries.by_code(codes.digest(joining.code), using)
    except codes.NotACode as error:
        raise NotInvited("unknown") from error
    if row is None:
        raise NotInvited("unknown")
    body = NodeJoined(
        node=joining.node, incarnation=joining.incarnation, name=joining.name, public_key=joining.public_key.hex(),
        recipient=joining.recipient, runs=joining.version,
    )  # fmt: skip
    with writing(
        Founder(own(using).id), at=at, subjects=[row.pk], units=[row.unit], channel="reference", using=using
    ) as pen:
        try:
            ended = queries.ended(joining.node, using)
            actions.join(pen, entry_id=uuid7(), subject=row.pk, joined=body, ended=ended)
        except NotSo as error:
            closed = joining.incarnation not in queries.ended(joining.node, using, how=("revoked",))
            raise NotInvited("closed" if closed else error.what) from error
    with writing(Founder(own(using).id), at=at, using=using) as pen:
        keys.name_all(pen, queries.units_of(row.unit, using), using)
    province = UnitRow.objects.using(using).values_list("province", flat=True).get(code=row.unit)
    return Joined(row.pk, row.unit, province)


def renew(node: UUID, renewal: Renewal, at: datetime, using: str = "worker") -> None:
    """Note a node's new incarnation; one that is known changes nothing, nor does one that was revoked: it stays so.

    Another key is shown to people among what happened to the node: whoever had the one before can have changed it.
    Raises `NotSo` for a node that is none here.
    """
    row = queries.by_node(node, using)
    if row is None:
        raise NotSo("unknown")
    if renewal.incarnation in queries.ended(node, using, how=("revoked",)):
        return
    with writing(
        Founder(own(using).id), at=at, subjects=[row.pk], units=[row.unit], channel="reference", using=using
    ) as pen:
        actions.renew(
            pen, entry_id=uuid7(), subject=row.pk, incarnation=renewal.incarnation, reason=renewal.reason,
            public_key=renewal.public_key.hex() if renewal.public_key else None, recipient=renewal.recipient,
            lines={str(stream): seq for stream, seq in renewal.lines.items()},
        )  # fmt: skip
    if renewal.public_key is not None and str(renewal.incarnation) not in row.incarnations:
        noting.incident(node, "key", fingerprint(renewal.public_key.hex()), at, using)
