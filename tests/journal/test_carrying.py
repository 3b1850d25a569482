"""A subject that goes to another unit's file and comes back: what came late counts alike wherever it is held."""

from typing import Any
from uuid import UUID

from haicap.journal.carrying import Left, brought, late, leaving, spread
from haicap.journal.entry import Entry, payload, read
from haicap.journal.fold import Folded
from haicap.journal.kinds import Body
from nodes.toy import Arrived, Handed, Noted, Opened, Stepped, Thing, things
from toys import AT, SUBJECT

GIVER, RECEIVER = "31001", "31002"
AUTHORITY, WRITER, NOBODY = UUID(int=31), UUID(int=50), UUID(int=9)


def entry(
    number: int, body: Body, after: int | None = None, *, unit: str = GIVER, by: UUID = AUTHORITY
) -> Entry[Any]:
    return read(by, number, unit, data(number, body, after))


def data(number: int, body: Body, after: int | None) -> bytes:
    return payload(
        entry_id=UUID(int=number), salt=bytes(16), subject=SUBJECT, after=UUID(int=after) if after else None, body=body,
        actor=NOBODY, grant=None, at=AT,
    )  # fmt: skip


def arrival(number: int, after: int, giver: str, unit: str, before: list[Entry[Any]]) -> Entry[Any]:
    """What the authority writes into the file of `unit`, carrying all that came before."""
    payloads = [data(it.id.int, it.body, it.after.int if it.after else None) for it in before]
    body = Arrived(giver=giver, earlier=brought(before, payloads), stretches=(), statement="", signature="")
    return entry(number, body, after, unit=unit)


def numbers(entries: list[Entry[Any]]) -> list[int]:
    return [it.id.int for it in entries]


GIVEN = [
    entry(1, Opened(text="o"), by=WRITER),
    entry(2, Handed(to=RECEIVER), 1),
    entry(3, Left(to=RECEIVER), 2),
]
LATE = [entry(11, Noted(text="late"), by=WRITER), entry(12, Stepped(to="late"), 2, by=WRITER)]
"""What the giver's node wrote before it knew that the subject had left."""
THERE = [
    arrival(4, 3, GIVER, RECEIVER, GIVEN), entry(5, Stepped(to="there"), 4, unit=RECEIVER),
    entry(6, Handed(to=GIVER), 5, unit=RECEIVER), entry(7, Left(to=GIVER), 6, unit=RECEIVER),
]  # fmt: skip
BACK = arrival(8, 7, RECEIVER, GIVER, spread([*GIVEN, *LATE, *THERE]))


def counting(entries: list[Entry[Any]]) -> tuple[Folded[Thing], list[int]]:
    """What a node makes of it, and the entries that count there for good, in their order."""
    its = spread(entries)
    folded, apart = things(its), late(its)
    return folded, [it.id.int for it in its if it.id not in {*apart, *folded.aside}]


def test_what_counts_for_good_where_a_subject_was_given_is_not_undone_when_it_comes_back() -> None:
    nodes = {
        "the giver's": ([*GIVEN, *LATE], [*GIVEN, *LATE, BACK]),
        "the authority's": ([*GIVEN, *LATE, *THERE], [*GIVEN, *LATE, *THERE, BACK]),
        "the receiver's": (THERE, THERE),
    }
    for name, (before, after) in nodes.items():
        counted = counting(before)[1]
        assert counting(after)[1][: len(counted)] == counted, name
    assert counting(nodes["the giver's"][1]) == counting(nodes["the authority's"][1])


def test_what_came_late_is_told_until_an_arrival_brings_it_a_place() -> None:
    both = {it.id for it in LATE}
    assert late(GIVEN) == set()
    assert late([*GIVEN, *LATE]) == late(spread([*GIVEN, *LATE, *THERE])) == both
    assert late(spread(THERE)) == set()
    assert late(spread([*GIVEN, *LATE, BACK])) == set()
    assert numbers(spread([*GIVEN, *LATE, BACK])) == [1, 2, 3, 4, 5, 6, 7, 11, 12, 8]


def test_who_decided_without_knowing_that_it_had_left_is_set_aside_on_every_node() -> None:
    for entries in ([*GIVEN, *LATE], [*GIVEN, *LATE, *THERE], [*GIVEN, *LATE, BACK]):
        assert counting(entries)[0].aside == (LATE[1].id,)


def test_who_decides_knowing_that_it_has_left_has_it_here_again() -> None:
    kept = [entry(21, Handed(to=GIVER), 3), entry(22, Noted(text="n"), by=WRITER)]
    assert late([*GIVEN, LATE[0], *kept]) == {LATE[0].id}


def test_what_comes_again_is_late_only_where_it_came_so_first() -> None:
    again = [entry(it.id.int, it.body, it.after.int if it.after else None, by=WRITER) for it in GIVEN[1:]]
    assert late([*GIVEN, *LATE, *again]) == {it.id for it in LATE}
    assert late(spread([*GIVEN, BACK, *again])) == set()


def test_a_subject_leaves_a_file_by_one_entry_however_often_that_is_asked() -> None:
    first = leaving(GIVEN[:2], GIVEN[1].id)
    assert first == leaving(GIVEN[:2], GIVEN[1].id) != GIVEN[1].id
    assert leaving(GIVEN, GIVEN[2].id) == GIVEN[2].id


def test_that_it_has_left_opens_nothing_and_changes_no_state() -> None:
    assert things(GIVEN).state == things(GIVEN[:2]).state
    assert things(GIVEN).last == GIVEN[2].id
    assert things([GIVEN[2]]).state is None
