"""The authority's taking-in is the order: `journal.md` 6 and 15."""

from typing import Any
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.order import Released, Taken, in_order
from toys import Filled, Opened, entry, jars

FIRST, SECOND = UUID(int=31), UUID(int=32)  # the authority's streams of the unit, oldest incarnation first
WARD, OTHER = UUID(int=50), UUID(int=51)


def at(stream: UUID, seq: int, number: int) -> Entry[Any]:
    return entry(number, Filled(by=number), 1, stream=stream, seq=seq)


def took(
    seq: int, up_to: int, *, stream: UUID = WARD, by: UUID = FIRST, held: dict[str, str] | None = None
) -> Entry[Any]:
    return entry(900 + seq, Taken(stream=stream, up_to=up_to, held=held or {}), stream=by, seq=seq)


def let_go(seq: int, number: int) -> Entry[Any]:
    return entry(900 + seq, Released(entry=UUID(int=number)), stream=FIRST, seq=seq)


def numbers(
    entries: list[Entry[Any]], taking: list[Entry[Any]], authority: tuple[UUID, ...] = (FIRST,)
) -> list[int]:
    return [it.id.int for it in in_order(entries, taking, authority)]


def test_one_stream_is_in_the_order_of_seq() -> None:
    assert numbers([at(FIRST, 2, 12), at(FIRST, 1, 11)], []) == [11, 12]


def test_taken_stands_for_what_it_took() -> None:
    entries = [at(FIRST, 1, 11), at(FIRST, 5, 12), at(WARD, 1, 21), at(WARD, 2, 22), at(WARD, 3, 23)]
    assert numbers(entries, [took(3, 2), took(7, 3)]) == [11, 21, 22, 12, 23]


def test_what_is_not_taken_yet_comes_last_stream_by_stream() -> None:
    entries = [at(OTHER, 1, 31), at(WARD, 2, 22), at(WARD, 1, 21), at(FIRST, 5, 11)]
    assert numbers(entries, [took(1, 1)]) == [21, 11, 22, 31]


def test_the_order_in_which_entries_are_given_does_not_matter() -> None:
    entries = [at(FIRST, 1, 11), at(WARD, 1, 21), at(WARD, 2, 22), at(OTHER, 9, 31)]
    taking = [took(3, 1), took(4, 9, stream=OTHER), took(5, 2)]
    assert numbers(entries[::-1], taking[::-1]) == numbers(entries, taking) == [11, 21, 31, 22]


def test_a_held_entry_does_not_count_until_it_is_released() -> None:
    entries = [at(WARD, 1, 21), at(WARD, 2, 22), at(FIRST, 4, 11)]
    held = took(3, 2, held={str(UUID(int=21)): "the grant is unknown"})
    assert numbers(entries, [held]) == [22, 11]
    assert numbers(entries, [held, let_go(5, 21)]) == [22, 11, 21]
    assert numbers(entries, [held, let_go(2, 21)]) == [22, 11]  # what was not held yet is not let go
    assert numbers(entries, [held, let_go(5, 21), let_go(6, 21)]) == [22, 11, 21]


def test_taking_in_twice_changes_nothing() -> None:
    entries = [at(WARD, 1, 21), at(WARD, 2, 22)]
    assert numbers(entries, [took(3, 2), took(4, 2), took(5, 1)]) == [21, 22]


def test_a_new_incarnation_of_the_authority_goes_on_after_the_old_one() -> None:
    entries = [at(SECOND, 1, 12), at(FIRST, 9, 11), at(WARD, 1, 21), at(WARD, 2, 22)]
    taking = [took(10, 1), took(2, 2, by=SECOND)]
    assert numbers(entries, taking, (FIRST, SECOND)) == [11, 21, 12, 22]


def test_a_late_entry_never_unsettles_what_was_taken_before_it() -> None:
    opening = entry(1, Opened(what="gạo"), stream=FIRST, seq=1)
    entries = [opening, at(FIRST, 3, 11), at(WARD, 1, 21)]
    early = jars(in_order(entries, [took(2, 1)], [FIRST]))
    late = jars(in_order([*entries, at(OTHER, 1, 31)], [took(2, 1), took(4, 1, stream=OTHER)], [FIRST]))
    assert early.last == late.last == UUID(int=21)
    assert late.aside == (UUID(int=11), UUID(int=31))
