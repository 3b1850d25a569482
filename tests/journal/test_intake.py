"""Taking in what another node has written: what is stored, what is refused, what it changes."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connections, transaction

from foreign import AT, UNIT, Line, commented, raised, stepped
from haicap.journal.batch import check
from haicap.journal.entry import Entry
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.intake import (
    Batch,
    Fork,
    Gap,
    Head,
    Item,
    Malformed,
    NotHeld,
    hash_at,
    hashes_at,
    head,
    heads,
    held_in,
    receive,
    release,
    stored,
    stored_of,
)
from haicap.journal.models import Intake, Node, Stream, Wanted
from haicap.journal.node import own
from haicap.journal.order import Taken
from haicap.journal.pen import writing
from haicap.journal.rebuild import rebuild
from haicap.journal.receiving import Judgement
from haicap.journal.reference import newest
from haicap.journal.sealing import seal
from haicap.journal.text import canonical
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.units.entries import UnitMarked
from haicap.units.loading import Founder
from journals import DAY, Journal

SUBJECT = UUID(int=1 << 120)


@pytest.fixture
def line() -> Line:
    """A matter that was opened, decided on twice and remarked upon."""
    it = Line()
    first = it.write(SUBJECT, raised())
    second = it.write(SUBJECT, stepped("answered"), after=first)
    it.write(SUBJECT, commented())
    it.write(SUBJECT, stepped("removed"), after=second)
    return it


def ids(entries: list[Entry[Any]]) -> list[UUID]:
    return [entry.id for entry in entries]


def status() -> str | None:
    return MatterRow.objects.using("worker").filter(pk=SUBJECT).values_list("status", flat=True).first()


def taken() -> list[Entry[Any]]:
    """What this node has written of its taking-in."""
    mine = own("worker").stream(UNIT, "work")
    items = list(stored(mine.id(), 0, 1000))
    digest = hash_at(mine.id(), len(items)) or mine.digest()
    return check(Batch(mine, 0, tuple(items), digest), mine.digest())


def test_a_batch_is_stored_and_folded(journal: Journal, line: Line) -> None:
    entries = receive(line.batch(0, 2), None)
    assert [entry.seq for entry in entries] == [1, 2]
    assert status() == "answered"
    assert ids(receive(line.batch(2), None)) == ids(history(SUBJECT, "worker"))[2:]
    assert status() == "removed"
    assert heads()[line.id] == head(line.id) == Head(line.description, 4, line.hashes()[4])
    assert [hash_at(line.id, seq) for seq in range(6)] == [*line.hashes(), None]
    assert hash_at(uuid7(), 0) is None
    assert list(stored(line.id, 1, 2)) == line.items[1:3]
    assert journal.problems(refold=True) == []


def test_many_entries_are_read_back_in_pieces(journal: Journal) -> None:
    line = Line()
    for n in range(230):
        line.write(UUID(int=n + 1), raised(str(n)))
    receive(line.batch(), None)
    assert list(stored(line.id, 0, 1000)) == line.items
    assert list(stored(line.id, 3, 200)) == line.items[3:203]


def test_several_lines_are_read_back_span_after_span(journal: Journal) -> None:
    lines = [Line() for _ in range(4)]
    for line, length in zip(lines, (1, 150, 2, 100), strict=True):
        for n in range(length):
            line.write(uuid7(), raised(str(n)))
        receive(line.batch(), None)
    spans = [(line.id, after, upto) for line, after, upto in zip(
        reversed(lines), (0, 1, 20, 1), (100, 2, 1 << 62, 1), strict=True)]  # fmt: skip
    expected = [(line.id, item) for line, (_, after, upto) in zip(reversed(lines), spans, strict=True)
                for item in line.items[after:upto]]  # fmt: skip
    assert list(stored_of(spans)) == expected
    assert list(stored_of([])) == []
    first, long = lines[0], lines[1]
    assert hashes_at([(first.id, 1), (long.id, 150), (long.id, 151), (uuid7(), 1)]) == {
        (first.id, 1): first.hashes()[1], (long.id, 150): long.hashes()[150]}  # fmt: skip


def test_sent_twice_it_changes_nothing(journal: Journal, line: Line) -> None:
    receive(line.batch(0, 3), {})
    before = journal.ask("SELECT id, seq FROM journal_stream ORDER BY id")
    assert receive(line.batch(0, 3), {}) == receive(line.batch(1, 2), {}) == []
    assert journal.ask("SELECT id, seq FROM journal_stream ORDER BY id") == before
    assert [entry.seq for entry in receive(line.batch(1), {})] == [4]
    assert [entry.body.up_to for entry in taken()] == [3, 4]


def test_a_gap_says_what_is_wanted(journal: Journal, line: Line) -> None:
    for have in (0, 2):
        if have:
            receive(line.batch(0, have), None)
        with pytest.raises(Gap) as told:
            receive(line.batch(3), None)
        assert (told.value.seq, told.value.hash) == (have, line.hashes()[have])


def test_another_line_is_a_fork(journal: Journal, line: Line) -> None:
    other = Line(line.node, line.incarnation, items=line.items[:2])
    receive(line.batch(), None)
    first = other.write(SUBJECT, commented("khác"))
    other.write(SUBJECT, commented("khác nữa"))
    other.write(SUBJECT, commented("và nữa"))
    for batch in (
        other.batch(), other.batch(2), other.batch(2, 3), other.batch(3), other.batch(4),
        replace(line.batch(4), hash=bytes(32)), replace(line.batch(), hash=bytes(32)),
    ):  # fmt: skip
        with pytest.raises(Fork):
            receive(batch, None)
    assert first not in ids(history(SUBJECT, "worker"))
    assert heads()[line.id].seq == 4


def item(**changed: Any) -> Item:
    """An entry with some of its members changed."""
    it = Line()
    it.write(SUBJECT, commented())
    return Item(canonical({**json.loads(it.items[0].payload), **changed}))


def spoilt(text: str, by: str) -> Item:
    return Item(item().payload.replace(text.encode(), by.encode()))


def less(name: str) -> Item:
    it = json.loads(item().payload)
    del it[name]
    return Item(canonical(it))


MALFORMED = {
    "no text": Item(b"\xff"),
    "no JSON": Item(b"{"),
    "an array": Item(b"[]"),
    "blanks": spoilt(":", ": "),
    "a float": spoilt('"version":1', '"version":1.0'),
    "not a number": spoilt('"version":1', '"version":NaN'),
    "a member twice": spoilt('"version":1', '"version":1,"version":1'),
    "another order": Item(b'{"z":1,"a":1}'),
    "a huge integer": spoilt('"version":1', '"version":9007199254740993'),
    "an endless integer": spoilt('"version":1', '"version":' + "9" * 5000),
    "very deep": Item(b"[" * 100_000 + b"]" * 100_000),
    "a NUL": item(body={"text": "a\0b"}),
    "half of a pair": spoilt("Đã gọi", "\\ud800"),
    "one member more": item(more=1),
    **{f"no {name}": less(name) for name in ("id", "salt", "after", "sealed", "body")},
    "an id in capitals": item(id="ABCDEF00-0000-7000-8000-000000000000"),
    "no subject": item(subject=None),
    "an after of another form": item(after="1"),
    "a short salt": item(salt="00"),
    "a kind that is no text": item(kind=1),
    "version nought": item(version=0),
    "a version that is too high": item(version=1 << 31),
    "a version that is true": item(version=True),
    "a moment in another zone": item(at="2026-11-20T03:00:00.000000+07:00"),
    "a moment that never was": item(at="2026-02-30T03:00:00.000000Z"),
    "a body that is a list": item(body=[]),
    "a body that its kind does not allow": item(body={"text": "x", "more": 1}),
    "a seal that is too short": item(sealed={"sha256": "00", "key_id": "00" * 32}),
    "a seal with more": item(sealed={"sha256": "00" * 32, "key_id": "00" * 32, "x": None}),
    "a ciphertext that is not named": Item(item().payload, b"x"),
    "another ciphertext": Item(item(sealed={"sha256": "00" * 32, "key_id": "00" * 32}).payload, b"x"),
}


@pytest.mark.parametrize("bad", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_entry_is_refused_with_all_its_batch(bad: Item) -> None:
    line = Line()
    line.write(SUBJECT, raised())
    line.items.append(bad)
    with pytest.raises(Malformed):
        check(line.batch(), line.description.digest())


def test_a_backslash_before_u0000_is_text(journal: Journal) -> None:
    line = Line()
    line.write(SUBJECT, raised("C:\\u0000"))
    line.write(SUBJECT, commented("\\"))
    assert receive(line.batch(), None)[0].body.title == "C:\\u0000"


def test_what_is_refused_leaves_nothing(journal: Journal, line: Line) -> None:
    line.items.append(item(body={}))
    with pytest.raises(Malformed):
        receive(line.batch(), {})
    assert line.id not in heads()
    assert status() is None
    assert taken() == []


def test_an_unknown_kind_is_stored_and_freezes_its_subject(journal: Journal, line: Line) -> None:
    line.items.insert(2, item(kind="matter.from_the_future", body={"any": [1]}, subject=str(SUBJECT)))
    line.items.insert(3, item(kind="matter.stepped", version=9, body={"any": 1}, subject=str(SUBJECT)))
    receive(line.batch(0, 1), None)
    receive(line.batch(1), None)
    row = MatterRow.objects.using("worker").get(pk=SUBJECT)
    assert (row.status, str(row.frozen)) == ("answered", json.loads(line.items[2].payload)["id"])
    assert len(history(SUBJECT, "worker")) == 6
    assert journal.problems(refold=True) == []


def test_the_authority_writes_down_what_it_took(journal: Journal, line: Line) -> None:
    entries = check(line.batch(), line.description.digest())
    gone = entries[1].id
    seen: list[list[Entry[Any]]] = []

    def judge(some: list[Entry[Any]]) -> Judgement:
        seen.append(some)
        return Judgement(
            {gone: "grant-unknown"} if gone in ids(some) else {},
            (entries[2].id,) if gone in ids(some) else (),
        )

    receive(line.batch(0, 3), judge, at=AT)
    receive(line.batch(1), judge, at=AT)
    assert [ids(some) for some in seen] == [ids(entries[:3]), ids(entries[3:])]
    first, second = taken()
    assert first.body == Taken(
        stream=line.id, up_to=3, held={str(gone): "grant-unknown"}, withdrawn=(entries[2].id,)
    )
    assert second.body == Taken(stream=line.id, up_to=4)
    assert [first.after, second.after] == [entries[2].id, entries[3].id]
    assert (first.subject, first.actor, first.unit, first.at) == (line.id, own("worker").id, UNIT, AT)
    row = Intake.objects.using("worker").get(pk=line.id)
    assert (row.unit, row.up_to, row.held, row.oldest) == (UNIT, 4, 1, AT)
    assert {name: held.reason for name, held in held_in(line.id, "worker").items()} == {gone: "grant-unknown"}
    assert status() == "raised"  # what came after the held entry waits for it
    assert journal.problems(refold=True) == []


def test_a_held_entry_counts_once_it_is_released(journal: Journal, line: Line) -> None:
    entries = receive(line.batch(), lambda some: Judgement({some[1].id: "clock-ahead"}))
    with writing(Founder(own().id), at=AT, subjects=[SUBJECT], units=[UNIT]) as pen:
        release(pen, entry=entries[1].id, unit=UNIT, grant=None)
    assert status() == "removed"
    assert held_in(line.id, "worker") == {}
    assert ids(history(SUBJECT, "worker")) == ids([entries[0], *entries[2:], entries[1]])
    for unit, entry in ((UNIT, entries[1].id), (UNIT, entries[0].id), ("10507", entries[1].id)):
        with (
            pytest.raises(NotHeld),
            writing(Founder(own().id), at=AT, subjects=[SUBJECT], units=[UNIT]) as pen,
        ):
            release(pen, entry=entry, unit=unit, grant=None)
    assert journal.problems(refold=True) == []


def test_a_held_opening_shows_nothing(journal: Journal, line: Line) -> None:
    receive(line.batch(0, 1), lambda some: Judgement({some[0].id: "grant-unknown"}))
    assert status() is None
    receive(line.batch(1), {})
    assert status() is None
    assert journal.problems(refold=True) == []


def test_only_the_worker_takes_in_and_only_after_the_head(journal: Journal, line: Line) -> None:
    receive(line.batch(0, 2), None)
    mine = own().stream(UNIT, "work")
    call = "SELECT journal_receive(%s, %s, %s, %s::bytea[])"
    for using, stream, after, what in (
        ("default", line.description, 2, "permission denied"),
        ("worker", line.description, 1, "has come to 2"),
        ("worker", line.description, 3, "has come to 2"),
        ("worker", mine, 0, "is written here"),
    ):
        with (
            pytest.raises(DatabaseError, match=what), transaction.atomic(using=using),
            connections[using].cursor() as cursor,
        ):  # fmt: skip
            cursor.execute(call, [stream.canonical(), after, [line.items[2].payload], [None]])
    assert heads()[line.id].seq == 2


def test_reference_moves_when_it_comes_from_above(journal: Journal) -> None:
    before = newest("worker")
    line = Line(unit="10507", channel="reference")
    entry = line.write(uuid7(), UnitMarked(remote=True, since=DAY, act="QĐ"))
    receive(line.batch(), None)
    assert newest("worker") == entry != before


def test_the_node_of_a_stream_is_known_and_ours_stays_ours(journal: Journal, line: Line) -> None:
    receive(line.batch(), None)
    assert Node.objects.using("worker").filter(pk=line.node, ours=False).exists()
    with connections["worker"].cursor() as cursor:
        for node in (line.node, own("worker").id):
            cursor.execute(
                "SELECT journal_know(%s, 'x', %s, %s, 'age1')", [node, line.incarnation, bytes(32)]
            )
    assert Node.objects.using("worker").get(pk=line.node).name == "x"
    assert Node.objects.using("worker").get(ours=True).name != "x"


def test_our_own_lost_lines_come_back_unjudged(journal: Journal) -> None:
    mine = own("worker")
    line = Line(mine.id, UUID(int=mine.incarnation.int - 1))
    line.write(SUBJECT, raised())
    assert receive(line.batch(), lambda some: Judgement({some[0].id: "grant-unknown"})) != []
    now = Line(mine.id, mine.incarnation)
    now.write(SUBJECT, commented())
    assert receive(now.batch(), {}) != []
    assert status() == "raised"
    assert [it.seq for it in Stream.objects.using("worker").filter(unit=UNIT, channel="work")] == [1, 1]
    assert journal.problems(refold=True) == []


def test_a_key_that_has_not_come_is_wanted(journal: Journal) -> None:
    key, line = bytes(range(32)), Line()
    entry = uuid7()
    line.write(SUBJECT, raised(), entry_id=entry, sealed=seal(key, SUBJECT, entry, {"phone": "0900"}, bytes))
    late = uuid7()
    mark, _gone = seal(bytes(32), SUBJECT, late, {"phone": "0901"}, bytes)
    line.write(SUBJECT, commented(), entry_id=late)
    it = json.loads(line.items.pop().payload)
    line.items.append(
        Item(canonical({**it, "sealed": {"sha256": mark.sha256, "key_id": mark.key_id}}))
    )  # its ciphertext is destroyed
    receive(line.batch(), None)
    assert list(Wanted.objects.using("worker").values_list("key_id", "subject", "stream")) == [
        (sha256(key).digest(), SUBJECT, line.id)
    ]
    assert list(stored(line.id, 0, 9)) == line.items
    assert journal.problems(refold=True) == []


def test_a_spoilt_index_is_found_and_made_again(journal: Journal, line: Line) -> None:
    entries = receive(line.batch(0, 3), lambda some: Judgement({some[1].id: "clock-ahead"}))
    with writing(Founder(own().id), at=AT, subjects=[SUBJECT], units=[UNIT]) as pen:
        pen.write(matters, uuid7(), SUBJECT, commented("ở tỉnh"), unit=UNIT, grant=None)
    receive(line.batch(3), {})
    mine = own().stream(UNIT, "work").id()
    before = [
        journal.ask(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        for table in ("journal_taking", "journal_verdict")
    ]
    assert len(before[0]) == 2
    assert before[1] == [(entries[1].id, mine, 1, True)]
    for spoiling in (
        "UPDATE journal_taking SET up_to = 9 WHERE up_to = 4", "DELETE FROM journal_taking",
        "UPDATE journal_taking SET last = NULL WHERE up_to = 4",
        "DELETE FROM journal_verdict",
        f"INSERT INTO journal_verdict VALUES (gen_random_uuid(), '{mine}', 3, false)",
    ):  # fmt: skip
        journal.tamper(spoiling)
        assert {problem.stream for problem in journal.problems()} == {str(mine)}
        rebuild()
        assert journal.problems(refold=True) == []
        assert before == [
            journal.ask(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
            for table in ("journal_taking", "journal_verdict")
        ]
