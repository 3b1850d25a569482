"""Entries that come up, are given down, and come back to a parent that has lost them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import zstandard

from haicap.journal.chain import Description, chain
from haicap.journal.intake import Item
from haicap.journal.text import canonical
from haicap.nodes.exchange import vouching
from haicap.nodes.exchange.answering import BODY
from haicap.nodes.exchange.lines import read
from haicap.nodes.exchange.wire import Request, Response
from nodes.memory import Disk
from nodes.network import START
from nodes.pair import Pair, batch_of, posted, untouched
from nodes.toy import PROVINCE, Granted, GrantEnded, Opened, things


def test_a_batch_comes_with_the_parents_word_for_it(pair: Pair) -> None:
    stream = pair.province.shelf.own.stream("31001", "reference")
    response, said = pair.ask(Request("GET", f"/sync/streams/{stream.id()}", "after=0&to=1"))
    (batch,) = read([said["bytes"]])
    vouched = vouching.vouched(batch)
    assert (response.status, len(batch.items), batch.description) == (200, 1, stream)
    assert vouched is not None
    assert (vouched.seq, vouched.hash) == (1, batch.hash)
    assert vouching.genuine(vouched, pair.province.identity.public_key)
    assert not vouching.genuine(replace(vouched, seq=2), pair.province.identity.public_key)


def test_a_batch_is_taken_in_and_sent_twice_changes_nothing(pair: Pair) -> None:
    subject = pair.write(pair.ward, 3)
    stream = pair.ward.shelf.own.stream("31001", "work")
    assert pair.push(stream) == (200, {"seq": 3, "held": {}})
    after = len(pair.province.disk.log)
    entries = len(pair.province.shelf.table("entry"))
    assert pair.push(stream) == (200, {"seq": 3, "held": {}})
    assert untouched(pair, entries)
    assert len(pair.province.disk.log) == after + 1  # the nonce
    assert pair.province.shelf.folded(things, subject) == pair.ward.shelf.folded(things, subject)


def test_what_is_held_is_told(pair: Pair) -> None:
    with pair.ward.shelf.writing(UUID(int=1)) as pen:
        pen.write(things, UUID(int=5), UUID(int=6), Opened(text="o"), unit="31001", grant=UUID(int=7))
    stream = pair.ward.shelf.own.stream("31001", "work")
    assert pair.push(stream) == (200, {"seq": 1, "held": {str(UUID(int=5)): "grant-unknown"}})
    assert pair.province.shelf.folded(things, UUID(int=6)).state is None


def test_a_clock_years_ahead_is_held(pair: Pair) -> None:
    pair.ward.set_clock(timedelta(days=2000))
    pair.write(pair.ward)
    status, said = pair.push(pair.ward.shelf.own.stream("31001", "work"))
    assert (status, list(said["held"].values())) == (200, ["clock-ahead"])


def test_who_acted_after_the_end_of_the_grant_is_marked(pair: Pair) -> None:
    ended = GrantEnded(grant=pair.grants["31001"], until="2026-08-01")
    pair.province.shelf.govern(UUID(int=8), ended, "31001")
    subject = pair.write(pair.ward)
    assert pair.push(pair.ward.shelf.own.stream("31001", "work"))[1]["held"] == {}
    taken = pair.province.shelf.order(subject)
    assert len(taken) == 1
    written_down = [
        entry for entry in pair.province.shelf.table("entry").values() if entry.entry.kind == "journal.taken"
    ]
    assert list(written_down[-1].entry.body.withdrawn) == [taken[0].id]


def test_a_gap_says_what_is_wanted(pair: Pair) -> None:
    pair.write(pair.ward, 3)
    stream = pair.ward.shelf.own.stream("31001", "work")
    status, said = pair.push(stream, after=2)
    assert (status, said["error"], said["seq"], said["hash"]) == (409, "gap", 0, stream.digest().hex())


def test_a_rewritten_history_is_a_fork(pair: Pair) -> None:
    pair.write(pair.ward, 3)
    stream = pair.ward.shelf.own.stream("31001", "work")
    assert pair.push(stream)[0] == 200
    before = len(pair.province.shelf.table("entry"))
    items = list(pair.ward.shelf.stored(stream.id(), 0, 3))
    request = batch_of(stream, [items[1], items[0], items[2]], 0, stream.digest())
    response, said = pair.ask(request)
    assert (response.status, said["error"]) == (409, "fork")
    assert untouched(pair, before)
    assert "fork" in pair.incidents()


def elsewhere(pair: Pair, name: str) -> Description:
    own, above = pair.ward.shelf.own, pair.province.shelf.own
    return {
        "anothers unit": own.stream("31002", "work"),
        "anothers line": pair.other.shelf.own.stream("31002", "work"),
        "what governs": own.stream("31001", "reference"),
        "the parents line": above.stream("31001", "work"),
        "a life not announced": replace(own.stream("31001", "work"), incarnation=UUID(int=9)),
        "a strangers line": replace(own.stream("31001", "returns"), node=UUID(int=9)),
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "anothers unit",
        "anothers line",
        "what governs",
        "the parents line",
        "a life not announced",
        "a strangers line",
    ],
)
def test_a_foreign_stream_is_refused(pair: Pair, name: str) -> None:
    pair.write(pair.ward)
    before = len(pair.province.shelf.table("entry"))
    items = list(pair.ward.shelf.stored(pair.ward.shelf.own.stream("31001", "work").id(), 0, 1))
    stream = elsewhere(pair, name)
    response, said = pair.ask(batch_of(stream, items, 0, stream.digest()))
    assert (response.status, said["error"]) == (403, "foreign")
    assert untouched(pair, before)
    assert pair.incidents() == ["foreign"]


def test_a_foreign_stream_is_not_given(pair: Pair) -> None:
    pair.write(pair.other)
    stream = pair.other.shelf.own.stream("31002", "work")
    pair.ask(posted(pair.other.shelf, stream), pair.other)
    response, said = pair.ask(Request("GET", f"/sync/streams/{stream.id()}", "after=0"))
    assert (response.status, said["error"]) == (403, "foreign")
    assert pair.incidents() == ["foreign"]
    assert pair.ask(Request("GET", f"/sync/streams/{UUID(int=1)}", "after=0"))[0].status == 404


@pytest.mark.parametrize(
    "query", ["", "after=", "after=-1", "after=x", "after=1e3", "after=" + "9" * 40, "before=1"]
)
def test_a_place_that_is_none(pair: Pair, query: str) -> None:
    stream = pair.province.shelf.own.stream("31001", "reference")
    response, said = pair.ask(Request("GET", f"/sync/streams/{stream.id()}", query))
    assert (response.status, said["error"]) == (400, "format")


def test_beyond_the_head_there_is_a_gap(pair: Pair) -> None:
    stream = pair.province.shelf.own.stream("31001", "reference")
    response, said = pair.ask(Request("GET", f"/sync/streams/{stream.id()}", "after=999"))
    assert (response.status, said["error"]) == (409, "gap")


def bomb() -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(b"{" + b" " * (60 << 20))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "format"),
        (b"no zstd", 400, "format"),
        (zstandard.compress(b"not a stretch\n"), 400, "format"),
        (bytes(BODY + 1), 413, "size"),
        (bomb(), 413, "size"),
    ],
)
def test_bodies_that_are_no_batch(pair: Pair, body: bytes, status: int, code: str) -> None:
    before = len(pair.province.shelf.table("entry"))
    stream = pair.ward.shelf.own.stream("31001", "work")
    response, said = pair.ask(Request("POST", f"/sync/streams/{stream.id()}", "after=0", {}, body))
    assert (response.status, said["error"]) == (status, code)
    assert untouched(pair, before)
    assert pair.incidents() == [code]


def test_a_batch_in_another_place_than_it_says(pair: Pair) -> None:
    pair.write(pair.ward)
    stream = pair.ward.shelf.own.stream("31001", "work")
    request = replace(posted(pair.ward.shelf, stream), path=f"/sync/streams/{UUID(int=4)}")
    response, said = pair.ask(request)
    assert (response.status, said["error"]) == (400, "format")


def test_an_entry_that_is_not_canonical(pair: Pair) -> None:
    stream = pair.ward.shelf.own.stream("31001", "work")
    pair.write(pair.ward)
    (item,) = pair.ward.shelf.stored(stream.id(), 0, 1)
    response, said = pair.ask(
        batch_of(stream, [Item(item.payload.replace(b":", b": ", 1))], 0, stream.digest())
    )
    assert (response.status, said["error"]) == (400, "format")


def test_after_revocation_nothing_more_is_taken(pair: Pair) -> None:
    stream = pair.ward.shelf.own.stream("31001", "work")
    pair.write(pair.ward, 2)
    assert pair.push(stream)[0] == 200
    pair.province.shelf.revoke(pair.ward.identity.node)
    pair.write(pair.ward)
    before = len(pair.province.shelf.table("entry"))
    status, said = pair.push(stream, after=2)
    assert (status, said["error"], said["seq"]) == (403, "revoked", 2)
    assert untouched(pair, before)
    assert pair.ask(Request("GET", "/sync/heads"))[1]["error"] == "revoked"
    assert "revoked" in pair.incidents()


# Several streams at once


def several(pair: Pair, *places: Any) -> tuple[Response, dict[str, Any]]:
    body = canonical({"streams": places})
    return pair.ask(Request("POST", "/sync/streams", "", {}, body))


def test_several_streams_come_in_one_answer_each_signed(pair: Pair) -> None:
    streams = pair.govern(5)
    _, said = several(pair, *([str(stream.id()), 0, 1] for stream in streams))
    batches = list(read([said["bytes"]]))
    assert [batch.description for batch in batches] == streams
    assert [len(batch.items) for batch in batches] == [1] * 5
    for batch in batches:
        word = vouching.vouched(batch)
        assert word is not None
        assert vouching.genuine(word, pair.province.identity.public_key)


def test_no_more_comes_at_once_than_a_batch_holds(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haicap.nodes.exchange.stretches.BATCH_ENTRIES", 3)
    streams = pair.govern(5)
    _, said = several(pair, *([str(stream.id()), 0, 1] for stream in streams))
    assert [batch.description for batch in read([said["bytes"]])] == streams[:3]


def test_of_several_streams_one_that_is_not_its_is_enough(pair: Pair) -> None:
    (governs,) = pair.govern(1)
    with pair.province.shelf.writing(UUID(int=1)) as pen:
        pen.write(
            things, UUID(int=50), UUID(int=51), Opened(text="o"), unit="31002", grant=pair.grants[PROVINCE]
        )
    foreign = pair.province.shelf.own.stream("31002", "work")
    response, said = several(pair, [str(governs.id()), 0, 1], [str(foreign.id()), 0, 1])
    assert (response.status, said["error"]) == (404, "unknown")


@pytest.mark.parametrize("places", [
    [], [["x", 0, 1]], [[str(UUID(int=1)), -1, 1]], [[str(UUID(int=1)), 1, 0]], [[str(UUID(int=1)), 0]], ["x"],
    [[str(UUID(int=1)), 0, True]], [[str(UUID(int=1)), 0, 1]] * 501,
])  # fmt: skip
def test_what_is_no_list_of_places_is_refused(pair: Pair, places: list[Any]) -> None:
    response, said = several(pair, *places)
    assert (response.status, said["error"]) == (400, "format")


# What the parent has lost


def lost(pair: Pair) -> tuple[Description, int, int, bytes]:
    """The province writes, the ward is given it, and an older image of the province is put back."""
    length = len(pair.province.disk.log)
    stream = pair.province.shelf.own.stream("31001", "work")
    with pair.province.shelf.writing(UUID(int=1)) as pen:
        pen.write(
            things, UUID(int=50), UUID(int=51), Opened(text="o"), unit="31001", grant=pair.grants[PROVINCE]
        )
    (batch,) = read([pair.ask(Request("GET", f"/sync/streams/{stream.id()}", "after=0"))[1]["bytes"]])
    pair.ward.shelf.receive(batch)
    pair.province.disk = Disk(pair.province.disk.log[:length])
    pair.province.start()
    assert batch.signature is not None
    return stream, batch.after, len(batch.items), batch.signature


def test_a_province_is_brought_back_what_it_had_signed(pair: Pair) -> None:
    stream, after, count, word = lost(pair)
    assert pair.province.shelf.head(stream.id()) is None
    assert pair.push(stream, after, word=word) == (200, {"seq": count, "held": {}})
    assert pair.province.shelf.folded(things, UUID(int=51)).state is not None


def test_it_moves_what_it_wrote_meanwhile(pair: Pair) -> None:
    stream, after, _count, word = lost(pair)
    with pair.province.shelf.writing(UUID(int=1)) as pen:
        pen.write(
            things, UUID(int=60), UUID(int=61), Opened(text="x"), unit="31001", grant=pair.grants[PROVINCE]
        )
    before = pair.province.shelf.own
    assert pair.push(stream, after, word=word)[0] == 200
    shelf = pair.province.shelf
    assert shelf.own.incarnation > before.incarnation
    assert shelf.folded(things, UUID(int=51)).state is not None
    assert shelf.folded(things, UUID(int=61)).state is not None


def test_what_it_has_done_again_is_not_what_it_is_brought_back(pair: Pair) -> None:
    """What a node does by itself has an id made of what it is about: done twice it bears the same, with other bytes."""
    stream, after, _count, word = lost(pair)
    with pair.province.shelf.writing(UUID(int=1)) as pen:
        pen.write(
            things, UUID(int=50), UUID(int=51), Opened(text="o"), unit="31001", grant=pair.grants[PROVINCE]
        )
    shelf, before = pair.province.shelf, pair.province.shelf.own
    (again,) = shelf.stored(stream.id(), after, 1)
    assert pair.push(stream, after, word=word)[0] == 200
    assert list(shelf.stored(stream.id(), after, 9)) == list(pair.ward.shelf.stored(stream.id(), after, 9))
    assert shelf.own.incarnation > before.incarnation
    assert list(shelf.stored(shelf.own.stream("31001", "work").id(), 0, 9)) == [again]
    assert pair.push(stream, after, word=word) == (200, {"seq": after + 1, "held": {}})


@pytest.mark.parametrize("by", ["another", "forged", "longer", "none"])
def test_nobody_brings_back_what_was_never_signed(pair: Pair, by: str) -> None:
    stream, after, _count, word = lost(pair)
    before = len(pair.province.shelf.table("entry"))
    item = next(pair.ward.shelf.stored(stream.id(), after, 1))
    items = [item, item] if by == "longer" else [item]
    given = {"forged": bytes(64), "none": None}.get(by, word)
    request = batch_of(stream, items, after, stream.digest(), word=given)
    response, said = pair.ask(request, pair.other if by == "another" else None)
    assert (response.status, said["error"]) == (403, "foreign")
    assert untouched(pair, before)


def test_other_entries_than_those_signed_are_not_taken_back(pair: Pair) -> None:
    stream, after, _count, word = lost(pair)
    (item,) = pair.ward.shelf.stored(stream.id(), after, 1)
    changed = Item(item.payload.replace(b'"o"', b'"p"'))
    response, said = pair.ask(batch_of(stream, [changed], after, stream.digest(), word=word))
    assert (response.status, said["error"]) == (403, "foreign")
    assert pair.province.shelf.head(stream.id()) is None


def test_lines_are_chained_as_they_were_written(pair: Pair) -> None:
    pair.write(pair.ward, 2)
    stream = pair.ward.shelf.own.stream("31001", "work")
    pair.push(stream)
    payloads = [item.payload for item in pair.province.shelf.stored(stream.id(), 0, 9)]
    assert chain(stream.digest(), stream.id(), 1, payloads)[-1] == pair.ward.shelf.hash_at(stream.id(), 2)


def test_grants_are_the_authoritys(pair: Pair) -> None:
    with pair.ward.shelf.writing(UUID(int=1)) as pen:
        pen.desk.append(
            pair.ward.shelf.own.stream("31001", "work"), UUID(int=80),
            _granted(pair), None, b"",
        )  # fmt: skip
    assert pair.push(pair.ward.shelf.own.stream("31001", "work"))[0] == 200
    assert pair.province.shelf.grant(UUID(int=80)) is None


def _granted(pair: Pair) -> bytes:
    from haicap.journal.entry import payload

    return payload(
        entry_id=UUID(int=80), salt=bytes(16), subject=UUID(int=81), after=None, body=Granted(units=("31001",)),
        actor=UUID(int=1), grant=pair.grants["31001"], at=START,
    )  # fmt: skip
