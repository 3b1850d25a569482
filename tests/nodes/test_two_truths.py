"""Two truths, end to end: what comes in late from a ward's own node, and what people at the province see of it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from cast import WARD
from conflicting import opening_of
from foreign import Line, raised
from haicap.journal import erasing
from haicap.journal.entry import payload
from haicap.journal.erasing import KeyErased, order_of
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.intake import Item, receive
from haicap.journal.kinds import Body
from haicap.journal.models import Node, SubjectKey
from haicap.journal.pen import writing
from haicap.journal.receiving import Judgement
from haicap.journal.verify import verify
from haicap.matters.afterwards import comment
from haicap.matters.conflicts.actions import settle
from haicap.matters.conflicts.of_matters import ROOM
from haicap.matters.conflicts.queries import one, waiting
from haicap.matters.entries import Commented, Corrected
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.queries import filtered
from haicap.matters.state import Matter
from haicap.units.actions import merge_units
from haicap.units.rights import person_of, tell_database
from matters.acting import raises, steps, who
from means.store import NEXT
from pages import browser, html

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"], transaction=True)
NOW = datetime.now(UTC)
ROOF = {"kind": "headquarters", "what": "Dột"}
CRIME = {
    "source": "information", "what": "Mất xe", "place": "Chợ", "severity": "serious", "group": "drugs",
    "reporter.name": "Nguyễn Văn A",
}  # fmt: skip


def says(line: Line, account: str, subject: UUID, body: Body, *, after: UUID | None = None) -> UUID:
    """Somebody of the ward writes on the ward's own node."""
    entry_id = uuid7()
    data = payload(
        entry_id=entry_id, salt=bytes(16), subject=subject, after=after, body=body, actor=who(account).id, grant=None,
        at=NOW,
    )  # fmt: skip
    line.items.append(Item(data))
    return entry_id


def opened(code: str = "difficulty", answers: dict[str, str] = ROOF) -> Matter:
    matter = raises("clerk", code, "Trụ sở dột", answers, at=NOW)
    tell_database(who("director"))
    return matter


def correction(title: str) -> Corrected:
    return Corrected(facts={}, title=title, reason="Ghi nhầm")


def known(line: Line) -> None:
    """The province knows the node that writes the line."""
    Node.objects.using("owner").get_or_create(
        id=line.node,
        defaults={
            "name": "Máy của phường",
            "incarnation": line.incarnation,
            "public_key": b"",
            "recipient": "",
        },
    )


def test_both_people_act_while_the_line_is_down_and_the_director_settles(own_database: str) -> None:
    matter, ward = opened(), Line()
    known(ward)
    first = opening_of(matter.id)
    steps("logistics", matter, "answer", at=NOW, outcome="guidance", guidance="Theo mẫu")
    says(ward, "chief", matter.id, correction("Nhà xe dột"), after=first)
    receive(ward.batch(), {}, at=NOW)
    tell_database(who("director"))
    assert waiting(who("director")) == [("matter", matter.id)]
    found = one(who("director"), "matter", matter.id)
    assert found is not None
    assert [[act.person for act in side.acts] for side in found.versions] == [
        ["Cán bộ logistics, Chức vụ logistics"],
        ["Cán bộ chief, Chức vụ chief"],
    ]
    with writing(who("director"), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        settle(
            pen,
            ROOM,
            entry_id=uuid7(),
            subject=matter.id,
            whole=0,
            picks={"title": 1},
            reason="Cả hai đều đúng",
        )
    tell_database(who("director"))
    row = MatterRow.objects.get(pk=matter.id)
    assert (row.status, row.title, row.conflicts) == ("answered", "Nhà xe dột", 0)
    says(ward, "clerk", matter.id, Commented(text="Đã đọc"))
    receive(ward.batch(1), {}, at=NOW)
    tell_database(who("director"))
    assert MatterRow.objects.get(pk=matter.id).state == row.state | {"comments": 1}
    assert verify(processes=1).problems == []


def test_what_was_done_after_a_right_was_withdrawn_stands_and_says_so(own_database: str) -> None:
    matter, ward = opened(), Line()
    known(ward)
    late = says(ward, "chief", matter.id, correction("Nhà xe dột"), after=opening_of(matter.id))
    receive(ward.batch(), lambda entries: Judgement({}, (late,)), at=NOW)
    tell_database(who("director"))
    assert MatterRow.objects.get(pk=matter.id).title == "Nhà xe dột"
    page = html(browser("director"), f"/matters/id/{matter.id}/")
    assert page.count("làm sau khi đã thu hồi quyền") == 1
    assert late in {entry.id for entry in history(matter.id)}


def test_what_comes_late_of_an_erased_matter_is_destroyed_on_arrival(own_database: str) -> None:
    matter, ward = opened("crime-report", CRIME), Line()
    known(ward)
    with writing(who("director"), at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        erasing.give(pen, matter.id, ward.node, unit=WARD)
        erasing.write_beside(pen, uuid7(), matter.id, KeyErased(ground="Hết hạn", paper="5/QĐ"), unit=WARD)
    erasing.apply([matter.id], at=NOW)
    says(ward, "clerk", matter.id, Commented(text=""))
    says(ward, "clerk", matter.id, erasing.KeyDestroyed(node=ward.node))
    receive(ward.batch(), {}, at=NOW)
    assert erasing.apply([matter.id], at=NOW) == [matter.id]
    assert not SubjectKey.objects.using("worker").filter(subject=matter.id).exists()
    tell_database(who("director"))
    order = order_of(matter.id)
    assert order is not None
    assert order.done
    assert {it.node for it in order.holders} >= {ward.node}
    assert verify(processes=1).problems == []


def merged(code: str, into: str) -> None:
    """The province merges a ward into the one beside it, on the first of the month."""
    since = NOW.date().replace(day=1)
    with writing(who("operator"), at=NOW, units=["31"], channel="reference") as pen:
        merge_units(
            pen, entry_ids=(uuid7(), uuid7()), codes=(code,), into=into, since=since, act="Nghị quyết 1"
        )  # fmt: skip


def test_what_comes_late_of_a_merged_ward_lands_at_its_successor_with_a_note(own_database: str) -> None:
    ward, subject = Line(), uuid7()
    known(ward)
    matter = opened()
    edition = MatterRow.objects.get(pk=matter.id).state["edition"]
    merged(WARD, NEXT)
    late = raised("Mái tôn bị tốc").model_copy(update={"edition": edition, "holder": WARD})
    says(ward, "clerk", subject, late)
    says(ward, "clerk", matter.id, Commented(text="Đã che tạm"))
    receive(ward.batch(), {}, at=NOW)
    heir = person_of("neighbour", NOW.date())
    assert heir is not None
    assert heir.serves == {NEXT, WARD}
    tell_database(heir)
    mine = {row.pk for row in filtered(heir, {"mine": "1"}, at=NOW)}
    assert subject in mine
    assert MatterRow.objects.get(pk=matter.id).state["comments"] == 1
    page = html(browser("neighbour"), f"/matters/id/{subject}/")
    assert "đã nhập vào" in page
    assert "Mái tôn bị tốc" in page
    with writing(heir, at=NOW, subjects=[subject], units=[WARD]) as pen:
        comment(pen, entry_id=uuid7(), subject=subject, law=law(), text="Phường mới nhận")
    tell_database(heir)
    assert MatterRow.objects.get(pk=subject).state["comments"] == 1
    assert browser("outsider").get(f"/matters/id/{subject}/").status_code == 404
    assert verify(processes=1).problems == []
