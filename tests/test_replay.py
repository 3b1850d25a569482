"""For every kind: the live row, the fold from empty, and the fold in any other order of taking-in agree.

`golden/` has a history of each kind of entry as it was written when that kind was released: payloads, and what they
folded to. Its files are never edited: such entries lie in journals, and nodes of that version are in the field. Kinds
that are new, and new versions of kinds, go into another file, which `remember(Path("golden/2.jsonl"))` writes
(`nodes/recording.py` says how to run it). Should a test of these fail, the code is wrong: a body that has changed
needs a new version, with an `upcast` from the one before.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from haicap.journal.chain import Description
from haicap.journal.entry import Entry, payload, read
from haicap.journal.erasing import KeyDestroyed, KeyErased
from haicap.journal.fold import Fold, Folded
from haicap.journal.history import folded_again
from haicap.journal.holders import KeyGiven
from haicap.journal.ids import uuid7
from haicap.journal.kinds import KINDS, Body
from haicap.journal.node import own
from haicap.journal.order import Released, Taken, in_order
from haicap.journal.pen import writing
from haicap.journal.projection import from_row, projection_of
from haicap.journal.text import canonical
from haicap.units.loading import Founder
from samples import HISTORIES, SHIPPED

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
UNIT = "11311"
SUBJECT = UUID(int=1 << 100)
STREAMS = [Description(UUID(int=n), UUID(int=10 + n), UNIT, "work").id() for n in (1, 2, 3)]
AUTHORITY = STREAMS[0]
OF_THE_ORDER_ITSELF = {"journal.taken", "journal.released"}  # tests/journal/test_order.py
OF_KEYS = {"key.given", "key.erased", "key.destroyed"}  # no part of a fold: tests/journal/test_erasing.py
GOLDEN = Path(__file__).parent / "golden"
ALONE: dict[str, list[Body]] = {
    "journal.taken": [
        Taken(stream=STREAMS[1], up_to=7, held={str(UUID(int=9)): "clock-ahead"}, withdrawn=(UUID(int=8),)),
        Taken(stream=STREAMS[2], up_to=1),
    ],
    "journal.released": [Released(entry=UUID(int=9))],
    "key.given": [KeyGiven(node=UUID(int=6))],
    "key.erased": [KeyErased(ground="asked", paper="12/QĐ")],
    "key.destroyed": [KeyDestroyed(node=UUID(int=6))],
}
Line = dict[str, Any]


def test_every_kind_has_a_history() -> None:
    assert set(HISTORIES) == SHIPPED - OF_THE_ORDER_ITSELF - OF_KEYS


def written(kind: str) -> list[tuple[Body, bytes]]:
    """The kind's history, each body with the payload that it is written as."""
    _, make = HISTORIES[kind]
    last: UUID | None = None
    found = []
    for place, body in enumerate(make([UUID(int=100 + n) for n in range(9)])):
        found.append((body, payload_of(place, body, None if body.free else last)))
        last = last if body.free else UUID(int=100 + place)
    return found


def payload_of(place: int, body: Body, after: UUID | None = None) -> bytes:
    return payload(
        entry_id=UUID(int=100 + place), salt=bytes(16), subject=SUBJECT, after=after, body=body, actor=UUID(int=5),
        grant=None, at=AT + timedelta(minutes=place),
    )  # fmt: skip


def entries_of(kind: str) -> tuple[Fold[Any], list[Entry[Any]]]:
    """The kind's history, each entry read back from its bytes, spread over the authority and two other nodes."""
    its = enumerate(written(kind))
    return HISTORIES[kind][0], [read(STREAMS[place % 3], place + 1, UNIT, data) for place, (_, data) in its]


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


# Golden histories


def golden() -> list[Line]:
    files = sorted(GOLDEN.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def entries_in(line: Line) -> list[Entry[Any]]:
    return [
        read(STREAMS[place % 3], place + 1, UNIT, data.encode())
        for place, data in enumerate(line["payloads"])
    ]


def folds_to(kind: str, entries: list[Entry[Any]]) -> Any:
    """All that a fold makes of entries, as JSON; of kinds that no fold of a subject reads, what they say."""
    if kind not in HISTORIES:
        return [entry.body.model_dump(mode="json") for entry in entries]
    fold = HISTORIES[kind][0]
    folded = fold(entries)
    dump = fold.form.dump_python
    return {
        "state": dump(folded.state, mode="json"), "branches": [dump(it, mode="json") for it in folded.branches],
        "last": str(folded.last), "aside": [*map(str, folded.aside)], "waiting": [*map(str, folded.waiting)],
        "frozen": str(folded.frozen),
    }  # fmt: skip


def known_then(now: Any, then: Any) -> Any:
    """`now` without members that there were not then: states may be given more, and lose nothing."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {name: known_then(now[name], then[name]) for name in then if name in now}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [known_then(*both) for both in zip(now, then, strict=True)]
    return now


def alone(kind: str) -> list[bytes]:
    """Payloads of a kind that has no history of a subject."""
    return [payload_of(place, body) for place, body in enumerate(ALONE.get(kind, ()))]


def remember(path: Path) -> None:
    """Write histories of the kinds and versions that `golden/` has not yet."""
    known = {(line["kind"], line["version"]) for line in golden()}
    new = [
        (kind, KINDS[kind].version) for kind in sorted(SHIPPED) if (kind, KINDS[kind].version) not in known
    ]
    lines = []
    for kind, version in new:
        payloads = [data.decode() for data in alone(kind) or [data for _, data in written(kind)]]
        line = {"kind": kind, "version": version, "payloads": payloads}
        lines.append({**line, "folded": folds_to(kind, entries_in(line))})
    with path.open("x", encoding="utf-8") as file:
        file.writelines(canonical(line).decode() + "\n" for line in lines)


def test_every_kind_has_a_golden_history() -> None:
    assert {(line["kind"], line["version"]) for line in golden()} >= {
        (kind, KINDS[kind].version) for kind in SHIPPED
    }


@pytest.mark.parametrize("line", golden(), ids=lambda line: f"{line['kind']} {line['version']}")
def test_a_golden_history_folds_to_the_same_bytes(line: Line) -> None:
    folded = folds_to(line["kind"], entries_in(line))
    assert canonical(known_then(folded, line["folded"])) == canonical(line["folded"])


@pytest.mark.parametrize("line", golden(), ids=lambda line: f"{line['kind']} {line['version']}")
def test_what_is_read_is_written_again_in_the_same_bytes(line: Line) -> None:
    """A member more or less in a body is another version of it: nodes that know only this one could not read it."""
    for entry, data in zip(entries_in(line), line["payloads"], strict=True):
        its = json.loads(data)
        if its["version"] == KINDS[entry.kind].version:
            assert canonical({**its, "body": entry.body.model_dump(mode="json")}) == data.encode()


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
