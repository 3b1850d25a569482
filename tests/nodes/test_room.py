"""Membership as it is folded, codes, whose work is done here, and what is noted of others."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.nodes import actions, codes, noting, queries
from haicap.nodes.fold import Member as Fold
from haicap.nodes.line import reporting
from haicap.nodes.line.models import LineReport
from haicap.nodes.models import Contact, FarHead, Incident, Nonce, Peer, Tried
from haicap.units.actions import merge_units
from nodes import world
from nodes.world import OTHER, invites, joined, joins, machine
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_a_code_knows_its_parent_however_it_was_typed() -> None:
    code = codes.new(b"p" * 32, random.Random(1).randbytes)
    assert len(code) == 23
    assert codes.read(code.lower().replace("-", " ").replace("1", "l").replace("0", "o")) == code
    assert codes.is_of(code, b"p" * 32)
    assert not codes.is_of(code, b"q" * 32)
    assert codes.digest(code) == codes.digest(f" {code.lower()} ")
    assert codes.digest(code) != codes.digest(codes.new(b"p" * 32, random.Random(2).randbytes))


@pytest.mark.parametrize("typed", ["", "0123", "0123456789ABCDEFGHJKM", "UUUUU-UUUUU-UUUUU-UUUUU"])
def test_what_is_no_code(typed: str) -> None:
    with pytest.raises(codes.NotACode):
        codes.read(typed)


def test_the_row_is_found_by_code_and_by_node() -> None:
    member = invites()
    row = queries.by_code(codes.digest(world.CODE), "default")
    assert row is not None
    assert (row.pk, row.standing, row.node, row.public_key) == (member.id, "invited", None, "")
    its = machine()
    joins(member, its)
    row = queries.by_node(its.node, "default")
    assert row is not None
    assert (row.standing, row.incarnations, row.recipient) == (
        "joined",
        [str(its.incarnation)],
        its.recipient,
    )


def test_work_is_done_where_the_unit_has_its_node() -> None:
    assert queries.works_here(WARD)
    joined()
    assert not queries.works_here(WARD)
    assert queries.works_here(OTHER)


def test_a_communes_node_works_for_its_unit_alone() -> None:
    member = joins(invites(), machine().model_copy(update={"node": own().id}))
    world.parent()
    assert member.node == own().id
    assert queries.works_here(WARD)
    assert not queries.works_here(OTHER)


def test_a_provinces_node_works_for_all_of_it_that_has_none() -> None:
    joins(invites("31"), machine().model_copy(update={"node": own().id}))
    world.parent("31")
    joined()
    assert [queries.works_here(unit) for unit in ("31", "31-PC02", OTHER)] == [True, True, True]
    assert [queries.works_here(unit) for unit in (WARD, "BCA", "01", "01-PC02")] == [False] * 4


def test_what_was_merged_is_worked_on_where_its_successor_is() -> None:
    world.writes(
        lambda pen: merge_units(
            pen, entry_ids=(uuid7(), uuid7()), codes=(OTHER,), into=WARD, since=AT.date(), act="NQ 1"
        ),
        WARD, uuid7(),
    )  # fmt: skip
    ended(joined(), "close")
    assert queries.works_here(OTHER)
    joined()
    assert not queries.works_here(OTHER)


def ended(member: Fold, how: str) -> None:
    """A membership is revoked, or closed."""
    more = {"reason": "Mất máy"} if how == "revoke" else {}
    act = getattr(actions, how)
    world.writes(
        lambda pen: act(pen, entry_id=uuid7(), subject=member.id, last={}, **more), member.unit, member.id
    )


@pytest.mark.parametrize("how", ["revoke", "close"])
def test_a_node_that_has_ended_works_for_nobody(how: str) -> None:
    member = joins(invites(), machine().model_copy(update={"node": own().id}))
    world.parent()
    assert queries.works_here(WARD)
    ended(member, how)
    assert not queries.works_here(WARD)
    assert not queries.works_here("31")


def test_a_node_that_was_closed_reports_its_line_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(reporting, "MEASURED", {"x": lambda report: bool(told.append(report.unit)) or True})
    member = joins(invites(), machine().model_copy(update={"node": own().id}))
    world.parent()
    LineReport.objects.create(id=uuid7(), sort="outage", began=AT, ended=AT + timedelta(hours=9))
    ended(member, "close")
    reporting.deliver(own().id, WARD, AT, using="default")
    assert told == []
    joins(invites(), machine().model_copy(update={"node": own().id}))
    reporting.deliver(own().id, WARD, AT, using="default")
    assert told == [WARD]


def test_what_was_merged_into_a_unit_is_its_own() -> None:
    world.writes(
        lambda pen: merge_units(
            pen, entry_ids=(uuid7(), uuid7()), codes=(OTHER,), into=WARD, since=AT.date(), act="NQ 1"
        ),
        WARD, uuid7(),
    )  # fmt: skip
    assert queries.units_of(WARD) >= {WARD, OTHER}
    assert {WARD, OTHER, "31", "31-PC02"} <= queries.units_of("31")
    assert "31" not in queries.units_of(WARD)


def test_a_node_lists_those_below_it_alone() -> None:
    joined()
    joined("31")
    assert {row.unit for row in queries.children()} == {WARD, "31"}
    peer = world.parent("31")
    assert {row.unit for row in queries.seen(person("operator"))} == {WARD}
    Peer.objects.filter(pk=peer.pk).update(unit=OTHER)
    assert not queries.children().exists()
    assert not queries.seen(person("operator")).exists()


def test_what_a_province_works_waits_for_nobody() -> None:
    from pages import difficulty

    difficulty("Dột")
    assert queries.waiting_up() == []
    world.parent("31")
    assert queries.waiting_up() == []
    Peer.objects.update(unit=WARD)
    assert [it.channel for it in queries.waiting_up()] == ["work"]


def test_a_nonce_is_used_once() -> None:
    node, late = UUID(int=5), AT + timedelta(minutes=10, seconds=1)
    assert world.said(node, AT, {}, nonce="a", using="default")
    assert not world.said(node, AT, {}, nonce="a", using="default")
    assert world.said(UUID(int=6), AT, {}, nonce="a", using="default")
    assert world.said(node, late, {}, nonce="b", using="default")
    assert list(Nonce.objects.values_list("nonce", flat=True)) == ["b"]


def test_incidents_are_counted_not_repeated() -> None:
    for minute in range(3):
        noting.incident(None, "unknown", "GET /sync/heads", AT + timedelta(minutes=minute), "default")
    noting.incident(UUID(int=5), "unknown", "GET /sync/heads", AT, "default")
    row = Incident.objects.get(node=None)
    assert (row.times, row.last - row.first) == (3, timedelta(minutes=2))
    assert [it.times for it in queries.incidents(UUID(int=5))] == [1]


def test_attempts_are_counted_until_it_went() -> None:
    for minute in range(2):
        noting.tried("entries", "s", "busy", AT + timedelta(minutes=minute), "default")
    row = Tried.objects.get()
    assert (row.attempts, row.first, row.reason) == (2, AT, "busy")
    noting.tried("entries", "s", None, AT, "default")
    assert not Tried.objects.exists()


def test_what_a_child_says_of_itself_is_kept() -> None:
    member = joined()
    assert member.node is not None
    state = {"v": "9", "disk": 5, "wait": 3, "old": 60, "blobs": 1}
    assert world.said(member.node, AT, state, skew=2.5, nonce="a", using="default")
    assert not world.said(member.node, AT, {}, nonce="a", using="default")
    row = Contact.objects.get()
    assert (row.version, row.disk, row.up, row.blobs, row.skew) == ("9", 5, 3, 1, 2.5)
    assert row.up_since == AT - timedelta(seconds=60)
    (its,) = queries.standings(queries.seen(person("operator")))
    assert its.down == 0
    invites(OTHER)  # one more entry of `reference` for everybody
    assert queries.standings(queries.seen(person("operator")).filter(unit=WARD))[0].down == 1


def test_whatever_a_child_asks_it_is_heard_and_only_heads_tell_how_much_there_is() -> None:
    member = joined()
    assert member.node is not None
    world.said(member.node, AT, {}, path="/sync/keys", using="default")
    assert (Contact.objects.get().last, Contact.objects.get().told) == (AT, None)
    world.said(member.node, AT, {}, using="default")
    told = Contact.objects.get().told
    assert told
    invites(OTHER)
    later = AT + timedelta(minutes=1)
    world.said(member.node, later, {}, path="/sync/keys", using="default")
    assert (Contact.objects.get().last, Contact.objects.get().told) == (later, told)


def test_a_state_of_nonsense_is_noted_as_nothing() -> None:
    member = joined()
    assert member.node is not None
    world.said(member.node, AT, {"disk": "much", "wait": None, "old": []}, using="default")
    row = Contact.objects.get()
    assert (row.disk, row.up, row.up_since) == (None, 0, None)


def test_what_a_node_that_is_not_trusted_says_is_not_noted() -> None:
    member = joined()
    assert member.node is not None
    ended(member, "revoke")
    for node in (member.node, UUID(int=5)):
        assert world.said(node, AT, {}, using="default")
    assert not Contact.objects.exists()


def test_failures_in_a_row_are_counted_and_end_with_a_success() -> None:
    peer = world.parent()
    noting.ask_for_contact(AT)
    noting.failed(peer.id, at=AT, fault="refused", using="default")
    row = Contact.objects.get(node=peer.id)
    assert (row.attempts, row.fault) == (2, "refused")
    assert Peer.objects.get().asked is None
    noting.contacted(peer.id, at=AT, skew=0.0, using="default")
    row = Contact.objects.get(node=peer.id)
    assert (row.attempts, row.fault, row.last) == (0, "", AT)


def test_what_waits_to_go_up_is_what_the_parent_lacks() -> None:
    from pages import difficulty

    world.parent()
    difficulty("Dột")
    (line,) = queries.waiting_up()
    assert (line.unit, line.channel) == (WARD, "work")
    assert line.since is not None
    noting.far_heads([(line.stream, line.count - 1)], at=AT, using="default")
    noting.far_heads([(line.stream, line.count)], at=AT, using="default")
    assert FarHead.objects.get().seq == line.count
    assert queries.waiting_up() == []
