"""Conflicts, waiting, early and unknown entries: `journal.md` 5, 7 and 8."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold, Folded, advanced
from haicap.journal.kinds import Body
from toys import Filled, Jar, Labelled, Opened, Settled, entry, jars

OPENED = entry(1, Opened(what="gạo"))


def ids(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number) for number in numbers)


def test_entries_that_each_saw_the_one_before_add_up() -> None:
    folded = jars([OPENED, entry(2, Filled(by=3), 1), entry(3, Filled(by=4), 2)])
    assert folded == Folded(Jar("gạo", 7), *ids(3))


def test_what_saw_an_older_state_is_set_aside_even_if_it_would_fit() -> None:
    folded = jars([OPENED, entry(2, Filled(by=3), 1), entry(3, Filled(by=40), 1)])
    assert folded.state == Jar("gạo", 3)
    assert folded.last == UUID(int=2)
    assert folded.aside == ids(3)
    assert folded.branches == (Jar("gạo", 40),)


def test_what_builds_on_a_conflict_is_set_aside_with_it() -> None:
    folded = jars([OPENED, entry(2, Filled(by=3), 1), entry(3, Filled(by=40), 1), entry(4, Filled(by=2), 3)])
    assert folded.aside == ids(3, 4)
    assert folded.branches == (Jar("gạo", 42),)  # one branch, seen at its tip


def test_two_conflicts_make_two_branches() -> None:
    folded = jars([OPENED, *(entry(n, Filled(by=n), 1) for n in (2, 3, 4))])
    assert folded.state == Jar("gạo", 2)
    assert folded.branches == (Jar("gạo", 3), Jar("gạo", 4))


def test_a_second_opening_conflicts() -> None:
    folded = jars([OPENED, entry(2, Opened(what="muối"))])
    assert folded.state == Jar("gạo")
    assert folded.aside == ids(2)
    assert folded.branches == (Jar("muối"),)


def test_an_opening_in_a_later_place_changes_nothing_and_conflicts() -> None:
    folded = jars([OPENED, entry(2, Opened(what="muối"), 1), entry(3, Filled(by=1), 1)])
    assert folded.state == Jar("gạo", 1)
    assert folded.aside == ids(2)


def test_free_entries_never_conflict_and_decide_nothing() -> None:
    folded = jars(
        [OPENED, entry(2, Labelled(text="a")), entry(3, Filled(by=1), 1), entry(4, Labelled(text="b"))]
    )
    assert folded == Folded(Jar("gạo", 1, frozenset("ab")), *ids(3))


def test_free_entries_before_the_opening_are_kept_for_it() -> None:
    assert jars([entry(2, Labelled(text="a"))]) == Folded()
    assert jars([entry(2, Labelled(text="a")), OPENED]).state == Jar("gạo", 0, frozenset("a"))


def test_an_entry_whose_cause_has_not_come_waits_for_it() -> None:
    late, later = entry(3, Filled(by=1), 2), entry(4, Filled(by=1), 3)
    assert jars([OPENED, late, later]) == Folded(Jar("gạo"), UUID(int=1), waiting=ids(3, 4))
    assert jars([later, late, OPENED, entry(2, Filled(by=5), 1)]) == Folded(Jar("gạo", 7), UUID(int=4))


def test_a_settlement_disposes_of_what_it_names_and_of_nothing_else() -> None:
    torn = [OPENED, *(entry(n, Filled(by=n), 1) for n in (2, 3, 4))]
    settled = jars([*torn, entry(5, Settled(disposes=ids(3), holds=9), 2)])
    assert settled.state == Jar("gạo", 9)
    assert settled.aside == ids(4)
    assert settled.branches == (Jar("gạo", 4),)
    assert jars([*torn, entry(5, Settled(disposes=ids(3, 4), holds=9), 2)]).aside == ()


def test_a_settlement_that_did_not_see_the_newest_is_a_conflict_itself() -> None:
    folded = jars([
        OPENED, entry(2, Filled(by=2), 1), entry(3, Filled(by=3), 1), entry(4, Filled(by=1), 2),
        entry(5, Settled(disposes=ids(3), holds=9), 2),
    ])  # fmt: skip
    assert folded.state == Jar("gạo", 3)
    assert folded.aside == ids(3, 5)


def test_a_branch_can_be_built_on_after_it_was_settled_and_conflicts_again() -> None:
    folded = jars([
        OPENED, entry(2, Filled(by=2), 1), entry(3, Filled(by=3), 1), entry(4, Settled(disposes=ids(3), holds=9), 2),
        entry(5, Filled(by=1), 3),
    ])  # fmt: skip
    assert folded.state == Jar("gạo", 9)
    assert folded.aside == ids(5)
    assert folded.branches == (Jar("gạo", 4),)


def test_from_an_unknown_entry_on_nothing_is_folded() -> None:
    known = [OPENED, entry(2, Filled(by=2), 1)]
    folded = jars([*known, entry(3, None, 2), entry(4, Filled(by=5), 3), entry(5, Filled(by=6), 1)])
    assert folded == Folded(Jar("gạo", 2), UUID(int=2), frozen=UUID(int=3))
    assert jars([entry(3, None)]) == Folded(frozen=UUID(int=3))


def test_an_entry_met_twice_counts_once() -> None:
    """A new incarnation writes the tail that its parent lacks once more, ids unchanged."""
    line = [OPENED, entry(2, Filled(by=2), 1), entry(3, Labelled(text="a")), entry(4, Filled(by=3), 2)]
    again = [replace(it, stream=UUID(int=7)) for it in line[1:]]
    assert jars([*line, *again]) == jars(line)
    assert jars([again[2], *line, *again]) == jars(line)


def test_a_body_of_another_fold_leaves_the_state_as_it_is() -> None:
    class Stranger(Body):
        kind, version, free, settles = "toy.stranger", 1, False, False

    assert jars([OPENED, entry(2, Stranger(), 1)]).state == Jar("gạo")
    assert Fold(Jar).apply(None, OPENED) is None


def histories() -> st.SearchStrategy[list[Entry[Any]]]:
    """A line of decisions, free entries beside it, by several writers: causally linear."""

    def make(kinds: list[tuple[bool, int]]) -> list[Entry[Any]]:
        line, last = [OPENED], 1
        for number, (free, writer) in enumerate(kinds, 2):
            body = Labelled(text=str(number)) if free else Filled(by=number)
            line.append(entry(number, body, None if free else last, stream=UUID(int=100 + writer)))
            last = last if free else number
        return line

    return st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=12).map(make)


@given(histories(), st.randoms(use_true_random=False))
def test_any_interleaving_of_the_streams_folds_to_the_same(line: list[Entry[Any]], chance: Any) -> None:
    streams: dict[UUID, list[Entry[Any]]] = {}
    for it in line:
        streams.setdefault(it.stream, []).append(it)
    mixed = []
    while streams:
        stream = chance.choice(sorted(streams))
        mixed.append(streams[stream].pop(0))
        if not streams[stream]:
            del streams[stream]
    assert jars(mixed) == jars(line)


@given(histories())
def test_one_more_entry_is_as_good_as_all_again(line: list[Entry[Any]]) -> None:
    folded: Folded[Jar] = Folded()
    for it in line:
        folded = advanced(jars, folded, it)
    assert folded == jars(line)
