"""Joining and leaving: who may, what is refused, sent twice, and done at both ends at once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cast import CAST, WARD
from haicap.journal.entry import Entry
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry as EntryRow
from haicap.journal.projection import from_row
from haicap.nodes import actions, queries
from haicap.nodes.entries import NodeClosed, NodeRevoked
from haicap.nodes.exchange.shelf import NotInvited
from haicap.nodes.fold import Member, nodes
from haicap.nodes.models import Member as Row
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Refused
from nodes.histories import INVITED, JOINED
from nodes.world import OTHER, invites, itself, joined, joins, machine, writes
from pages import difficulty

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
MANAGERS = {"operator", "director"}
LINE = str(UUID(int=40))


def ends(member: Member, how: str = "close", by: Any = "operator", entry_id: UUID | None = None) -> Member:
    entry_id = entry_id or uuid7()

    def act(pen: Any) -> Member:
        last = queries.last_of(member.node)
        if how == "close":
            return actions.close(pen, entry_id=entry_id, subject=member.id, last=last)
        return actions.revoke(pen, entry_id=entry_id, subject=member.id, last=last, reason="Mất máy")

    found: Member = writes(act, member.unit, member.id, by)
    return found


def renews(member: Member, reason: Any = "restored", incarnation: UUID | None = None, **more: Any) -> Member:
    found: Member = writes(
        lambda pen: actions.renew(
            pen, entry_id=uuid7(), subject=member.id, incarnation=incarnation or uuid7(), reason=reason,
            lines={LINE: 3}, **more,
        ),
        member.unit, member.id, itself(),
    )  # fmt: skip
    return found


@pytest.mark.parametrize("account", sorted(CAST))
@pytest.mark.parametrize("act", ["invite", "revoke", "close"])
def test_those_above_manage_nodes_and_nobody_else(account: str, act: str) -> None:
    member = None if act == "invite" else joined()

    def go() -> None:
        if member is None:
            invites(by=account)
        else:
            ends(member, act, account)

    if account in MANAGERS:
        go()
        return
    with pytest.raises(Refused):
        go()


def test_another_provinces_operator_is_refused() -> None:
    with pytest.raises(Refused):
        invites("00004", "operator")


def test_a_unit_joins_is_renewed_and_gives_its_work_back() -> None:
    member = joined()
    assert (member.state, len(member.incarnations)) == ("joined", 1)
    first = member.now
    member = renews(member)
    assert member.now is not None
    assert first is not None
    assert (member.now.public_key, member.now.reason, member.now.lines) == (
        first.public_key,
        "restored",
        {LINE: 3},
    )
    member = renews(member, "key", public_key="bb" * 32, recipient="age1z")
    assert member.now is not None
    assert (member.now.public_key, member.now.recipient) == ("bb" * 32, "age1z")
    member = ends(member)
    assert (member.state, member.last) == ("closed", {})
    assert queries.works_here(WARD)
    again = joined()
    assert again.id != member.id
    assert not queries.works_here(WARD)


def test_moving_to_an_own_node_and_back_loses_nothing() -> None:
    difficulty("Trước khi có nút")
    before = list(
        EntryRow.objects.using("default").exclude(channel="reference").values_list("id", "stream_id", "seq")
    )
    ends(joined())
    after = list(
        EntryRow.objects.using("default").exclude(channel="reference").values_list("id", "stream_id", "seq")
    )
    assert after == before


def test_revoking_names_the_last_entry_of_each_stream() -> None:
    from haicap.journal.chain import Description
    from haicap.journal.models import Stream

    member = joined()
    assert member.node is not None
    assert member.now is not None
    line = Description(member.node, member.now.id, WARD, "work")
    Stream.objects.using("owner").create(
        id=line.id(),
        node=line.node,
        incarnation=line.incarnation,
        unit=WARD,
        channel="work",
        seq=7,
        hash=b"h",
    )
    assert ends(member, "revoke").last in (
        {str(line.id()): 7},
        {},
    )  # the other connection's row is not yet seen


def test_an_invitation_is_used_once_and_by_one_machine() -> None:
    member, its = invites(), machine()
    first = joins(member, its)
    assert joins(member, its) == first  # its answer was lost
    assert EntryRow.objects.filter(subject=member.id).count() == 2
    with pytest.raises(NotInvited) as used:
        joins(member, machine())
    assert used.value.code == "used"


def test_an_invitation_ends_after_seven_days() -> None:
    begun = datetime.now(UTC) - timedelta(days=7, minutes=1)
    member = invites(at=begun)
    with pytest.raises(NotInvited) as late:
        joins(member)
    assert late.value.code == "expired"
    invites()  # and hinders no other


def test_an_unknown_invitation_joins_nobody() -> None:
    unknown = Member(uuid7(), WARD, "", datetime.now(UTC), datetime.now(UTC))
    with pytest.raises(NotInvited) as error:
        joins(unknown)
    assert error.value.code == "unknown"


def test_a_node_that_was_let_go_comes_back_as_a_new_incarnation() -> None:
    its = machine()
    ends(joins(invites(), its))
    again = invites()
    with pytest.raises(NotSo):
        joins(again, its)
    assert joins(again, its.model_copy(update={"incarnation": uuid7()})).state == "joined"


@pytest.mark.parametrize("unit", ["31-PC02", "BCA"])
def test_units_that_have_no_node(unit: str) -> None:
    with pytest.raises((NotSo, Refused)):
        invites(unit)


def test_one_node_and_one_invitation_a_unit() -> None:
    member = invites()
    with pytest.raises(NotSo) as twice:
        invites()
    assert twice.value.what == "invited"
    joins(member)
    with pytest.raises(NotSo) as has_one:
        invites()
    assert has_one.value.what == "joined"
    invites(OTHER)


def test_an_invitation_is_taken_back() -> None:
    member = invites()
    assert ends(member, "revoke").state == "revoked"
    with pytest.raises(NotInvited) as used:
        joins(member)
    assert used.value.code == "used"
    invites()


def test_a_life_before_the_present_one_that_is_told_late_stands_before_it() -> None:
    earlier, its = uuid7(datetime.now(UTC) - timedelta(minutes=1)), machine()
    member = renews(joins(invites(), its), incarnation=earlier)
    assert [life.id for life in member.incarnations] == [earlier, its.incarnation]
    assert (member.incarnations[0].reason, member.now) == (None, member.incarnations[1])
    member = renews(member)
    assert [life.id for life in member.incarnations[:2]] == [earlier, its.incarnation]


@pytest.mark.parametrize("how", ["close", "revoke"])
def test_what_has_ended_does_not_end_again(how: str) -> None:
    member = ends(joined(), how)
    for again in ("close", "revoke"):
        with pytest.raises(NotSo):
            ends(member, again)
    with pytest.raises(NotSo):
        renews(member)


def test_nothing_is_closed_before_a_node_has_joined() -> None:
    with pytest.raises(NotSo):
        ends(invites(), "close")


def test_revoking_needs_a_reason() -> None:
    member = joined()
    with pytest.raises(Unsaid):
        writes(
            lambda pen: actions.revoke(pen, entry_id=uuid7(), subject=member.id, last={}, reason=" "),
            WARD, member.id,
        )  # fmt: skip


def test_the_same_form_twice_writes_once() -> None:
    entry, subject = uuid7(), uuid7()
    first = invites(subject=subject, entry_id=entry)
    assert invites(subject=subject, entry_id=entry, code="ZZZZZZZZZZZZZZZZZZZZ") == first
    joins(first)
    assert EntryRow.objects.filter(subject=subject).count() == 2


def test_a_known_incarnation_changes_nothing() -> None:
    member = joined()
    assert member.now is not None
    assert renews(member, incarnation=member.now.id) == member


@pytest.mark.parametrize("how", ["close", "revoke"])
def test_old_rows_and_new_entries_come_to_what_the_journal_says(how: str) -> None:
    member = ends(renews(joined()), how)
    assert from_row(nodes, Row.objects.get(pk=member.id)) == folded_again(nodes, member.id)


def entry(number: int, body: Any, after: int | None) -> Entry[Any]:
    at = datetime(2026, 1, 5, 5, number, tzinfo=UTC)
    return Entry(UUID(int=1), number, WARD, UUID(int=number), UUID(int=99), UUID(int=after) if after else None,
                 body.kind, body.version, UUID(int=5), None, at, body)  # fmt: skip


def test_two_ends_at_once_are_a_conflict_with_both_shown() -> None:
    closed, revoked = NodeClosed(last={LINE: 4}), NodeRevoked(last={LINE: 2}, reason="Mất máy")
    folded = nodes([entry(1, INVITED, None), entry(2, JOINED, 1), entry(3, closed, 2), entry(4, revoked, 2)])
    assert folded.state is not None
    assert folded.state.state == "closed"
    assert folded.aside == (UUID(int=4),)
    assert [branch.state for branch in folded.branches] == ["revoked"]
