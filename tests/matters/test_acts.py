"""The engine's acts beside the steps, and a conflict from its finding to its settlement."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections

from cast import WARD
from haicap.clocks.models import Owed
from haicap.journal.entry import payload
from haicap.journal.history import folded_again, history
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import Pen, writing
from haicap.journal.projection import projection_of, show
from haicap.matters.afterwards import comment, correct, join, link, reopen, unseal
from haicap.matters.conflicts.actions import Moved, settle
from haicap.matters.conflicts.of_matters import ROOM
from haicap.matters.entries import HandedOver
from haicap.matters.fold import matters
from haicap.matters.handling import NotNow, assign, hand_over, receive, refuse
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid
from haicap.units.rights import Refused, tell_database
from matters.acting import DAY, raises, running, steps, who

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
LATER = DAY + timedelta(days=1)


def acts(account: str, *on: Matter, what: Callable[[Pen], Matter]) -> Matter:
    with writing(who(account), at=LATER, subjects=[it.id for it in on], units=[WARD]) as pen:
        return what(pen)


def difficulty() -> Matter:
    return raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"})


def test_receive_is_said_once() -> None:
    matter = difficulty()
    assert matter.seen is None
    matter = acts("logistics", matter, what=lambda pen: receive(pen, entry_id=uuid7(), subject=matter.id))
    assert matter.seen == LATER
    again = acts("logistics", matter, what=lambda pen: receive(pen, entry_id=uuid7(), subject=matter.id))
    assert again == matter


def test_refused_it_goes_back_with_the_ground() -> None:
    matter = difficulty()
    with pytest.raises(Unsaid):
        acts(
            "logistics", matter, what=lambda pen: refuse(pen, entry_id=uuid7(), subject=matter.id, ground=" ")
        )
    matter = acts(
        "logistics",
        matter,
        what=lambda pen: refuse(pen, entry_id=uuid7(), subject=matter.id, ground="Không đúng"),
    )
    assert (matter.holder, matter.given_by) == (WARD, "31-PH10")
    tell_database(who("clerk"))
    assert history(matter.id)[-1].body.ground == "Không đúng"


def test_handed_over_by_hand_and_assigned_in_the_unit() -> None:
    matter = difficulty()
    due = running(matter)["answer"].due
    matter = acts(
        "logistics_head",
        matter,
        what=lambda pen: hand_over(pen, entry_id=uuid7(), subject=matter.id, to="31-PX01"),
    )
    assert (matter.holder, running(matter)["answer"].due) == ("31-PX01", due)
    with pytest.raises(Refused):
        acts(
            "logistics",
            matter,
            what=lambda pen: assign(pen, entry_id=uuid7(), subject=matter.id, person=UUID(int=1)),
        )


def test_corrected_after_closing_and_reopened() -> None:
    matter = difficulty()
    matter = steps("clerk", matter, "confirm-removed", at=LATER)
    assert matter.ended
    matter = acts(
        "chief",
        matter,
        what=lambda pen: correct(
            pen,
            entry_id=uuid7(),
            subject=matter.id,
            law=law(),
            answers={"kind": "land"},
            title="Đất",
            reason="Nhầm",
        ),
    )
    assert (matter.facts["kind"], matter.title, matter.corrections) == ("land", "Đất", 1)
    assert (
        MatterRow.objects.using("default").filter(topic="land").exists() is False
    )  # nobody has said who looks
    tell_database(who("chief"))
    assert MatterRow.objects.filter(topic="land").exists()
    matter = acts(
        "chief",
        matter,
        what=lambda pen: reopen(
            pen, entry_id=uuid7(), subject=matter.id, law=law(), now="raised", reason="Còn dột"
        ),
    )
    assert (matter.state, matter.ended) == ("raised", None)
    with pytest.raises(NotNow):
        acts(
            "chief",
            matter,
            what=lambda pen: reopen(
                pen, entry_id=uuid7(), subject=matter.id, law=law(), now="raised", reason="Còn"
            ),
        )


def test_joined_duplicates_keep_both_numbers() -> None:
    one, other = difficulty(), difficulty()
    joined = acts(
        "chief", one, other, what=lambda pen: join(pen, entry_id=uuid7(), subject=other.id, into=one.id)
    )
    assert joined.joined == one.id
    assert running(joined) == {}
    tell_database(who("chief"))
    rows = {row.id: row for row in MatterRow.objects.all()}
    assert rows[other.id].status == "joined"
    assert rows[one.id].state["links"] == [{"to": str(other.id), "number": other.number, "how": "same"}]
    with pytest.raises(NotNow):
        steps("clerk", joined, "confirm-removed", at=LATER)


def test_linked_and_commented() -> None:
    one, other = difficulty(), difficulty()
    acts("chief", one, what=lambda pen: link(pen, entry_id=uuid7(), subject=one.id, to=other, how="about"))
    matter = acts(
        "logistics",
        one,
        what=lambda pen: comment(pen, entry_id=uuid7(), subject=one.id, law=law(), text="Đã gọi"),
    )
    assert (matter.comments, len(matter.links)) == (1, 1)


def test_opening_sealed_facts_takes_a_purpose_and_is_recorded() -> None:
    answers = {
        "source": "information", "what": "Mất xe", "place": "Chợ", "severity": "serious", "group": "drugs",
        "reporter.name": "Nguyễn Văn A",
    }  # fmt: skip
    matter = raises("clerk", "crime-report", "Mất xe", answers)
    with pytest.raises(Unsaid):
        acts("chief", matter, what=lambda pen: unseal(pen, entry_id=uuid7(), subject=matter.id, purpose=""))
    with pytest.raises(Refused):
        acts(
            "auditor",
            matter,
            what=lambda pen: unseal(pen, entry_id=uuid7(), subject=matter.id, purpose="Xem"),
        )
    matter = acts(
        "chief",
        matter,
        what=lambda pen: unseal(pen, entry_id=uuid7(), subject=matter.id, purpose="Mời làm việc"),
    )
    assert matter.openings == 1
    matter = acts(
        "chief",
        matter,
        what=lambda pen: comment(pen, entry_id=uuid7(), subject=matter.id, law=law(), text="Anh A vắng"),
    )
    tell_database(who("chief"))
    assert history(matter.id)[-1].body.text == ""  # the remark is sealed with the persons


def clash(matter: Matter) -> UUID:
    """An entry as another writer would have made it that had not seen the newest deciding one."""
    entry_id = uuid7()
    tell_database(who("director"))
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT id FROM journal_entry WHERE subject = %s ORDER BY seq LIMIT 1", [matter.id])
        (opening,) = cursor.fetchone()
        data = payload(
            entry_id=entry_id, salt=bytes(16), subject=matter.id, after=opening, body=HandedOver(to="31-PX01"),
            actor=who("director").id, grant=None, at=datetime(2026, 8, 4, tzinfo=UTC),
        )  # fmt: skip
        stream = own("default").stream(WARD, "work").canonical()
        cursor.execute("SELECT journal_append(%s, %s, %s::bytea[])", [stream, [data], [None]])
    return entry_id


def test_a_conflict_is_shown_and_settled() -> None:
    matter = difficulty()
    answered = {"outcome": "guidance", "guidance": "Theo mẫu"}
    matter = steps("logistics", matter, "answer", at=LATER, **answered)
    stray = clash(matter)
    with writing(who("director"), at=LATER, subjects=[matter.id], units=[WARD]):
        show(projection_of(matters), matter.id, folded_again(matters, matter.id), "default")
    tell_database(who("director"))
    row = MatterRow.objects.get(pk=matter.id)
    assert (row.conflicts, row.aside) == (1, [str(stray)])
    assert row.branches[0]["holder"] == "31-PX01"
    ends = [it.due for it in Owed.objects.filter(subject=matter.id, met=None)]
    assert min(ends) == row.due
    with pytest.raises(Refused):
        acts(
            "clerk",
            matter,
            what=lambda pen: settle(pen, ROOM, entry_id=uuid7(), subject=matter.id, whole=1, reason="Chọn"),
        )
    settled = acts(
        "director",
        matter,
        what=lambda pen: settle(pen, ROOM, entry_id=uuid7(), subject=matter.id, whole=1, reason="Chọn"),
    )
    assert (settled.state, settled.holder) == ("raised", "31-PX01")
    assert set(running(settled)) == {"answer"}
    folded = folded_again(matters, matter.id)
    assert (folded.aside, folded.state) == ((), settled)
    with pytest.raises(Moved):
        acts(
            "director",
            matter,
            what=lambda pen: settle(pen, ROOM, entry_id=uuid7(), subject=matter.id, whole=1, reason="x"),
        )
