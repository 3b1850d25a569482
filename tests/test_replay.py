"""For every kind: the live row, the fold from empty, and the fold in any other order of taking-in agree."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from typing import Any
from uuid import UUID

import pytest

from haicap.journal.chain import Description
from haicap.journal.entry import Entry, payload, read
from haicap.journal.fold import Fold, Folded
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.kinds import Body
from haicap.journal.node import own
from haicap.journal.order import Taken, in_order
from haicap.journal.pen import writing
from haicap.journal.projection import from_row, projection_of
from haicap.units.loading import Founder
from samples import HISTORIES, SHIPPED

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
UNIT = "11311"
SUBJECT = UUID(int=1 << 100)
STREAMS = [Description(UUID(int=n), UUID(int=10 + n), UNIT, "work").id() for n in (1, 2, 3)]
AUTHORITY = STREAMS[0]
OF_THE_ORDER_ITSELF = {"journal.taken", "journal.released"}  # tests/journal/test_order.py
OF_KEYS = {"key.given", "key.erased", "key.destroyed"}  # no part of a fold: tests/journal/test_erasing.py


def test_every_kind_has_a_history() -> None:
    assert set(HISTORIES) == SHIPPED - OF_THE_ORDER_ITSELF - OF_KEYS


def entries_of(kind: str) -> tuple[Fold[Any], list[Entry[Any]]]:
    """The kind's history, each entry read back from its bytes, spread over the authority and two other nodes."""
    fold, make = HISTORIES[kind]
    ids = [UUID(int=100 + n) for n in range(9)]
    last: UUID | None = None
    found = []
    for place, body in enumerate(make(ids)):
        after = None if body.free else last
        data = payload(
            entry_id=ids[place], salt=bytes(16), subject=SUBJECT, after=after, body=body, actor=UUID(int=5),
            grant=None, at=AT + timedelta(minutes=place),
        )  # fmt: skip
        found.append(read(STREAMS[place % 3], place + 1, UNIT, data))
        last = last if body.free else ids[place]
    return fold, found


def closed_subsets(entries: list[Entry[Any]]) -> Iterator[list[Entry[Any]]]:
    """All subsets in which whatever an entry names in `after` is there; free ones may lack the opening."""
    for size in range(len(entries) + 1):
        for some in combinations(entries, size):
            ids = {entry.id for entry in some}
            if all(entry.after is None or entry.after in ids for entry in some):
                yield list(some)


def taken_in_every_order(entries: list[Entry[Any]]) -> Iterator[list[Entry[Any]]]:
    """The fold orders that arise when the other streams are taken in before, between and after the authority's own."""
    others = [stream for stream in STREAMS[1:] if any(entry.stream == stream for entry in entries)]
    own_places = [entry.seq for entry in entries if entry.stream == AUTHORITY]
    for order in permutations(others):
        for place in (0, *own_places):
            taking = [
                Entry(
                    AUTHORITY, place, UNIT, UUID(int=900 + n), AUTHORITY, None, "journal.taken", 1, UUID(int=5), None,
                    AT, Taken(stream=stream, up_to=99),
                )
                for n, stream in enumerate(order)
            ]  # fmt: skip
            yield in_order(entries, taking, [AUTHORITY])


@pytest.mark.parametrize("kind", sorted(HISTORIES))
def test_any_order_of_taking_in_folds_to_the_same(kind: str) -> None:
    fold, entries = entries_of(kind)
    for some in closed_subsets(entries):
        straight = fold(some)
        assert straight.waiting == ()
        assert straight.aside == ()
        for ordered in taken_in_every_order(some):
            assert len(ordered) == len(some)
            assert fold(ordered) == straight


@pytest.mark.parametrize("kind", sorted(HISTORIES))
def test_an_entry_before_its_opening_does_not_crash(kind: str) -> None:
    fold, entries = entries_of(kind)
    for start in range(len(entries)):
        folded = fold(entries[start:])
        assert folded.state is None or start == 0
    backwards = fold(reversed(entries))
    assert backwards == fold(entries)


@pytest.mark.django_db(databases=["default"])
@pytest.mark.parametrize("kind", sorted(HISTORIES))
def test_the_live_row_is_the_fold_from_empty(kind: str) -> None:
    fold, make = HISTORIES[kind]
    ids = [uuid7() for _ in range(9)]
    bodies: list[Body] = make(ids)
    with writing(Founder(own("default").id), at=AT, subjects=[SUBJECT], units=[UNIT]) as pen:
        for entry_id, body in zip(ids, bodies, strict=False):
            pen.write(fold, entry_id, SUBJECT, body, unit=UNIT, grant=None)
        live: Folded[Any] = pen.folded(fold, SUBJECT)
        row = projection_of(fold).table._default_manager.get(pk=SUBJECT)
        assert from_row(fold, row) == live == folded_again(fold, SUBJECT)
    assert live.state is not None
