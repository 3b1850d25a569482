"""A matter that goes over to a commune with a node of its own: proof, one file at a time, and the outcome told back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import connections

from cast import WARD
from foreign import Line
from haicap.journal import erasing, pen
from haicap.journal.carrying import Stretch, late, spread
from haicap.journal.entry import payload
from haicap.journal.history import folded_again, history
from haicap.journal.ids import uuid7
from haicap.journal.intake import Batch, Head, Item, heads, receive, stored
from haicap.journal.kinds import Body
from haicap.journal.models import Node, SubjectKey
from haicap.journal.pen import writing
from haicap.journal.projection import from_row
from haicap.journal.proving import proven
from haicap.journal.sealing import Destroyed, key_for
from haicap.journal.verify import verify
from haicap.matters.afterwards import comment, unseal
from haicap.matters.attaching.entries import Attached
from haicap.matters.entries import Commented, Corrected, HandedOver, Reopened, Stepped
from haicap.matters.erasure.actions import erase
from haicap.matters.fold import matters
from haicap.matters.handling import assign, hand_over
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.matters.state import Matter
from haicap.matters.transferring.entries import Arrived
from haicap.matters.transferring.opening import unsealed
from haicap.matters.transferring.sweeping import sweep
from haicap.units.rights import Refused, tell_database
from matters.acting import raises, who
from means.store import NEXT
from nodes.world import joined
from pages import browser, html

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"], transaction=True)
NOW = datetime.now(UTC)
CRIME = {
    "source": "information", "what": "Mất xe", "place": "Chợ", "severity": "serious", "group": "drugs",
    "reporter.name": "Nguyễn Văn A", "reporter.id_number": "031099001234",
}  # fmt: skip
BOTH = [WARD, NEXT]


def does(account: str, subject: UUID, what: Any) -> Any:
    with writing(who(account), at=NOW, subjects=[subject], units=BOTH) as pen:
        return what(pen)


def writes(account: str, matter: Matter, unit: str, *bodies: Body) -> None:
    for body in bodies:
        with writing(who(account), at=NOW, subjects=[matter.id], units=[unit]) as pen:
            pen.write(matters, uuid7(), matter.id, body, unit=unit, grant=None)


def erased_and_handed_over(to: str) -> Matter:
    """A crime report of the ward that was decided, erased by order, opened again and handed over."""
    matter = raises("clerk", "crime-report", "Mất xe máy", CRIME, at=NOW)
    photo = Attached(
        blob="f" * 64, size=9, media="image/jpeg", name="a.jpg", personal=False, about="", picture=""
    )
    writes(
        "clerk", matter, WARD, photo, Stepped(step="decide", now="decided", outcome="not-opened", ends=True)
    )
    does("director", matter.id, lambda pen: erase(
        pen, entry_id=uuid7(), subject=matter.id, ground="Hết hạn", paper="5/QĐ"))  # fmt: skip
    assert erasing.apply([matter.id], at=NOW) == [matter.id]
    writes("clerk", matter, WARD, Reopened(now="received", reason="Tái diễn"), HandedOver(to=to))
    return matter


def handed_over(to: str = NEXT) -> Matter:
    """A crime report of the ward with a sealed remark; others of the ward lie between its entries."""
    matter = raises("clerk", "crime-report", "Mất xe máy", CRIME, at=NOW)
    raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"}, at=NOW)
    does("clerk", matter.id, lambda pen: comment(
        pen, entry_id=uuid7(), subject=matter.id, law=law(), text="Anh A vắng nhà"))  # fmt: skip
    raises("clerk", "difficulty", "Hết mực", {"kind": "equipment", "what": "Mực"}, at=NOW)
    its: Matter = does("chief", matter.id, lambda pen: hand_over(
        pen, entry_id=uuid7(), subject=matter.id, to=to))  # fmt: skip
    return its


def now(subject: UUID) -> Matter:
    return matter_of(MatterRow.objects.using("worker").get(pk=subject))


def arrival(subject: UUID) -> Any:
    return next(it for it in history(subject, "worker") if isinstance(it.body, Arrived))


@pytest.fixture
def moved(own_database: str) -> Matter:
    joined(NEXT)
    matter = handed_over()
    assert sweep(NOW) == 1
    return now(matter.id)


def test_only_a_node_of_its_own_takes_a_matter_into_another_file(own_database: str) -> None:
    matter = handed_over()
    assert sweep(NOW) == 0
    assert now(matter.id).unit == WARD
    joined(NEXT)
    assert sweep(NOW) == 1
    assert sweep(NOW) == 0
    its = now(matter.id)
    assert (its.unit, its.holder, its.raised_by, its.came, its.number) == (
        NEXT,
        NEXT,
        WARD,
        (WARD,),
        matter.number,
    )
    assert verify(processes=1).problems == []


def test_the_proof_holds_and_every_change_to_it_is_found(moved: Matter) -> None:
    body = arrival(moved.id).body
    key = bytes(Node.objects.get(ours=True).public_key)
    assert [it.unit for it in body.earlier] == [WARD] * 4
    (stretch,) = body.stretches
    assert [digest == "" for digest in stretch.digests].count(True) == 4
    assert proven(body, key)
    first, *rest = body.earlier
    other = first.model_copy(update={"payload": first.payload.replace("Mất xe", "Mất ví")})
    elsewhere = first.model_copy(update={"seq": first.seq + 1})
    shorter = Stretch(**stretch.model_dump() | {"digests": stretch.digests[:-1]})
    for change in (
        {"earlier": (other, *rest)}, {"earlier": (elsewhere, *rest)}, {"stretches": ()}, {"stretches": (shorter,)},
        {"statement": body.statement.replace("20", "19", 1)}, {"signature": "00" * 64}, {"signature": "x"},
    ):  # fmt: skip
        assert not proven(body.model_copy(update=change), key), change
    assert not proven(body, bytes(32))


def test_from_there_only_the_receiver_acts(moved: Matter) -> None:
    with pytest.raises(Refused):
        does("chief", moved.id, lambda pen: assign(
            pen, entry_id=uuid7(), subject=moved.id, person=None))  # fmt: skip
    does("neighbour", moved.id, lambda pen: comment(
        pen, entry_id=uuid7(), subject=moved.id, law=law(), text="Đã nhận"))  # fmt: skip
    tell_database(who("neighbour"))
    last = history(moved.id)[-1]
    assert last.unit == NEXT
    page = html(browser("neighbour"), f"/matters/id/{moved.id}/")
    assert "kèm 4 bản ghi trước đó" in page
    assert "chứng cứ khớp" in page


def written_late(matter: Matter, body: Body, after: UUID | None) -> Line:
    """What the giver's own node wrote without a line, before it knew of the arrival."""
    line = Line()
    Node.objects.using("owner").create(
        id=line.node, name="Máy của phường", incarnation=line.incarnation, public_key=b"", recipient=""
    )
    data = payload(
        entry_id=uuid7(), salt=bytes(16), subject=matter.id, after=after, body=body, actor=who("chief").id,
        grant=None, at=NOW,
    )  # fmt: skip
    line.items.append(Item(data))
    return line


def test_what_the_giver_wrote_late_is_set_aside_whatever_the_units_are_called(moved: Matter) -> None:
    handing = next(it for it in history(moved.id, "worker") if it.kind == "matter.handed_over")
    correction = Corrected(facts={}, title="Mất xe đạp", reason="Nhầm")
    receive(written_late(moved, correction, handing.id).batch(), {}, at=NOW)
    its = now(moved.id)
    given = [it for it in history(moved.id, "worker") if it.unit == WARD]
    assert matters(given).aside == (
        given[-1].id,
    )  # also on the giver's node, which holds nothing of the receiver's
    assert (its.unit, its.title) == (NEXT, "Mất xe máy")
    assert MatterRow.objects.using("worker").get(pk=moved.id).conflicts == 1
    assert verify(processes=1).problems == []


def test_what_the_giver_wrote_late_is_told_and_counts_alike_when_it_comes_back(moved: Matter) -> None:
    line = written_late(moved, Commented(text="Anh A đã về"), None)
    receive(line.batch(), {}, at=NOW)
    given = [it for it in history(moved.id, "worker") if it.unit == WARD]
    assert given[-1].stream == line.id
    tell_database(who("neighbour"))
    page = html(browser("neighbour"), f"/matters/id/{moved.id}/")
    assert page.count("ghi vào sau khi hồ sơ đã chuyển đi") == 1
    joined(WARD)
    writes("neighbour", moved, NEXT, HandedOver(to=WARD))
    assert sweep(NOW) == 1
    its = now(moved.id)
    assert (its.unit, its.holder, its.came, its.comments) == (WARD, WARD, (WARD, NEXT), 2)
    whole = history(moved.id, "worker")
    back = next(it for it in whole if isinstance(it.body, Arrived) and it.unit == WARD)
    assert spread([*given, back]) == whole  # on the giver's node and on the authority's
    assert whole[: len(given) - 1] == given[:-1]
    assert late(whole) == set()
    assert verify(processes=1).problems == []


def ends(matter: Matter) -> None:
    writes("neighbour", matter, NEXT, Stepped(step="decide", now="decided", outcome="not-opened", ends=True))


def test_the_giver_is_told_the_outcome_once(moved: Matter) -> None:
    ends(moved)
    assert sweep(NOW) == 1
    assert sweep(NOW) == 0
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT unit FROM journal_entry WHERE kind = 'matter.outcome_told'")
        assert cursor.fetchall() == [(WARD,)]
    assert now(moved.id).state == "decided"
    giver = [it for it in history(moved.id, "worker") if it.unit == WARD]
    copy = matters(giver).state
    assert copy is not None
    assert (copy.unit, copy.state, copy.outcome, copy.ended) == (
        WARD,
        "decided",
        "not-opened",
        now(moved.id).ended,
    )
    assert not any(clock.runs for clock in copy.clocks)
    assert verify(processes=1).problems == []


def test_an_order_to_erase_lies_in_every_file_that_it_was_in(moved: Matter) -> None:
    ends(moved)
    does("director", moved.id, lambda pen: erase(
        pen, entry_id=uuid7(), subject=moved.id, ground="Hết hạn", paper="5/QĐ"))  # fmt: skip
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT unit FROM journal_entry WHERE kind = 'key.erased' ORDER BY unit")
        assert cursor.fetchall() == [(WARD,), (NEXT,)]


@pytest.fixture
def another(request: pytest.FixtureRequest) -> Callable[[], None]:
    """Exchanges the test's database for a new one."""
    plugins = request.config.pluginmanager.get_plugins()
    found: Callable[[], None] = next(it._clone for it in plugins if hasattr(it, "_clone"))
    return found


def on_the_receivers_node(unit: str, another: Callable[[], None]) -> None:
    """Go on in another installation, which was given the files of `unit` and the keys, and nothing else."""
    province = Node.objects.get(ours=True)
    keys = list(SubjectKey.objects.using("owner").all())
    batches = [batch_of(head) for head in heads().values() if head.description.unit == unit]
    another()
    mine = Node.objects.using("owner").get(ours=True)
    Node.objects.using("owner").filter(pk=mine.pk).update(
        id=uuid4(), incarnation=uuid4(), authority=province.id
    )
    Node.objects.using("owner").create(
        id=province.id, name="Tỉnh", incarnation=province.incarnation, public_key=province.public_key,
        recipient="",
    )  # fmt: skip
    for batch in batches:
        if batch.description.channel == "work":
            receive(batch, None, at=NOW)
    SubjectKey.objects.using("owner").bulk_create(keys)


def batch_of(head: Head) -> Batch:
    items = tuple(stored(head.description.id(), 0, head.seq))
    return Batch(head.description, 0, items, head.hash)


def test_the_receivers_node_has_the_whole_matter_and_nothing_else_of_the_giver(
    moved: Matter, another: Callable[[], None]
) -> None:
    does("neighbour", moved.id, lambda pen: comment(
        pen, entry_id=uuid7(), subject=moved.id, law=law(), text="Đã nhận"))  # fmt: skip
    expected = now(moved.id)
    on_the_receivers_node(NEXT, another)
    assert {head.description.unit for head in heads().values() if head.description.channel == "work"} == {
        NEXT
    }
    row = MatterRow.objects.using("worker").get(pk=moved.id)
    assert matter_of(row) == expected
    assert from_row(matters, row) == folded_again(matters, moved.id, "worker")
    assert MatterRow.objects.using("worker").count() == 1
    tell_database(who("neighbour"))
    entries = history(moved.id)
    assert [it.kind for it in entries][:2] == ["matter.raised", "matter.commented"]
    assert spread(entries) == entries
    opened = unsealed(entries)
    assert opened[entries[0].id]["reporter"]["name"] == "Nguyễn Văn A"
    assert opened[entries[1].id]["comment"] == "Anh A vắng nhà"
    page = html(browser("neighbour"), f"/matters/id/{moved.id}/")
    assert "Mất xe máy" in page
    assert "chứng cứ khớp" in page
    with writing(who("neighbour"), at=NOW, subjects=[moved.id], units=[NEXT]) as pen:
        unseal(pen, entry_id=uuid7(), subject=moved.id, purpose="Mời làm việc")
    assert verify(processes=1).problems == []


def test_an_order_to_erase_goes_along_when_the_matter_goes_on(
    own_database: str, another: Callable[[], None]
) -> None:
    joined(NEXT)
    matter = erased_and_handed_over(NEXT)
    assert sweep(NOW) == 1
    assert (arrival(matter.id).body.files, arrival(matter.id).sealed) == ((), None)
    on_the_receivers_node(NEXT, another)
    assert erasing.apply([matter.id], at=NOW) == [matter.id]
    order = erasing.order_of(matter.id, using="worker")
    assert order is not None
    assert (order.unit, order.ground, order.paper) == (NEXT, "Hết hạn", "5/QĐ")
    with pytest.raises(Destroyed):
        key_for(matter.id, bytes, "worker")
    assert verify(processes=1).problems == []


def test_a_matter_that_comes_back_has_the_order_to_erase_once(moved: Matter) -> None:
    ends(moved)
    does("director", moved.id, lambda pen: erase(
        pen, entry_id=uuid7(), subject=moved.id, ground="Hết hạn", paper="5/QĐ"))  # fmt: skip
    joined(WARD)
    writes("neighbour", moved, NEXT, Reopened(now="received", reason="Tái diễn"), HandedOver(to=WARD))
    assert sweep(NOW) == 1
    assert now(moved.id).unit == WARD
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT unit FROM journal_entry WHERE kind = 'key.erased' ORDER BY unit")
        assert cursor.fetchall() == [(WARD,), (NEXT,)]


def test_a_history_too_long_to_travel_keeps_no_other_waiting(own_database: str) -> None:
    joined(NEXT)
    handed_over()
    with patch.object(pen, "LARGEST", 1000):
        assert sweep(NOW) == 0
    assert sweep(NOW) == 1
