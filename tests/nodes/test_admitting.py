"""A unit's node joins: what the node above does besides writing it down."""

from datetime import UTC, datetime

import pytest

from cast import WARD
from foreign import raised
from haicap.journal import keys
from haicap.journal.ids import uuid7
from haicap.journal.models import SubjectKey
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.matters.attaching.entries import Attached
from haicap.matters.fold import matters
from haicap.nodes import admitting
from haicap.nodes.exchange.records import Joining
from haicap.units.loading import Founder
from nodes.world import CODE, invites, machine


def test_the_keys_of_its_files_can_go_to_a_node_that_joins(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of those that were attached before the pen named their keys."""
    at, subject = datetime.now(UTC), uuid7()
    file = Attached(
        blob="a" * 64, size=9, media="image/jpeg", name="a.jpg", personal=False, about="", picture=""
    )
    with monkeypatch.context() as before:
        before.setattr(
            "haicap.journal.pen.Pen.name_key", lambda self, stream, subject: self.desk.key(subject)
        )
        with writing(Founder(own().id), at=at, subjects=[subject], units=[WARD]) as pen:
            pen.write(matters, uuid7(), subject, raised(), unit=WARD, grant=None)
            pen.write(matters, uuid7(), subject, file, unit=WARD, grant=None)
    name = bytes(SubjectKey.objects.using("worker").get(subject=subject).key_id).hex()
    assert keys.places(name) == []
    invites()
    its = machine()
    joining = Joining(
        CODE, its.node, its.incarnation, its.name, bytes.fromhex(its.public_key), its.recipient, its.runs
    )
    first = admitting.join(joining, at)
    assert keys.places(name) == [own().stream(WARD, "work")]
    assert admitting.join(joining, at) == first
