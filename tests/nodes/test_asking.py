"""The child's side: one contact, its order, what a cut costs, and a parent that is not to be believed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from time import monotonic, sleep
from uuid import UUID

import pytest

from haicap.journal.intake import Batch, Head
from haicap.journal.text import canonical
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.records import Remembered
from haicap.nodes.exchange.shelf import Full
from haicap.nodes.exchange.signing import sign, sign_answer
from haicap.nodes.exchange.wire import Down, Request, Response
from nodes.memory import Disk, Killed
from nodes.network import START, Machine, machine_of
from nodes.pair import RANDOM, Ahead, Pair, Wire, call
from nodes.toy import Merged, Noted, Opened, Stepped, things

pytestmark = pytest.mark.usefixtures("in_touch")


def act(
    pair: Pair, machine: Machine, subject: UUID, body: Opened | Stepped | Noted, unit: str = "31001"
) -> UUID:
    entry = UUID(int=RANDOM.getrandbits(128))
    with machine.shelf.writing(UUID(int=1)) as pen:
        pen.write(things, entry, subject, body, unit=unit, grant=pair.grants[machine.unit])
    return entry


def test_a_contact_brings_all_up_and_all_down(pair: Pair) -> None:
    mine = pair.write(pair.ward, 3)
    theirs = UUID(int=30)
    act(pair, pair.province, theirs, Opened(text="o"))
    done = call(pair)
    assert (done.good, done.pushed, done.faults) == (True, 3, ())
    assert pair.ward.shelf.waiting() == []
    assert done.pulled == 2  # the province's own, and that it has taken in
    for subject in (mine, theirs):
        assert pair.ward.shelf.folded(things, subject) == pair.province.shelf.folded(things, subject)


def test_what_governs_comes_many_streams_at_once(pair: Pair) -> None:
    streams = pair.govern(70)
    wire = Wire(pair.province)
    done = call(pair, wire=wire)
    assert (done.good, done.pulled) == (True, 70)
    assert wire.paths.count("POST streams") == 1
    assert wire.paths.count("GET streams") == 0
    for stream in streams:
        assert pair.ward.shelf.head(stream.id()) == pair.province.shelf.head(stream.id())
        assert pair.ward.shelf.vouched(stream.id()) is not None


def test_streams_asked_for_together_are_asked_for_again_where_they_did_not_fit(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haicap.nodes.exchange.stretches.BATCH_ENTRIES", 30)
    pair.govern(70)
    wire = Wire(pair.province)
    assert call(pair, wire=wire).pulled == 70
    assert wire.paths.count("POST streams") == 3


def test_a_parent_that_gives_other_streams_than_asked_for_gives_none(pair: Pair) -> None:
    pair.govern(3)
    asked: list[Request] = []

    def other(count: int, request: Request) -> Response | None:
        if request.path != "/sync/streams":
            return None
        asked.append(request)
        places = json.loads(request.body)["streams"]
        body = canonical({"streams": places[::-1]})
        as_asked = sign(replace(request, headers={}, body=body), pair.ward.shelf.signer, START)
        turned = Response(200, {}, (answer(pair.province.shelf, as_asked).whole(),))
        return sign_answer(turned, request, pair.province.shelf.signer, START)

    done = call(pair, wire=Wire(pair.province, other))
    assert len(asked) == 1
    assert (done.good, done.pulled) == (True, 3), "each was asked for by itself"


def test_the_order_of_a_contact(pair: Pair) -> None:
    act(pair, pair.province, UUID(int=30), Opened(text="o"))
    subject = pair.write(pair.ward, body=Opened(text="o"), sealed={"name": "Lê Văn A"})
    pair.ward.shelf.witness()
    photo = b"photo"
    with pair.ward.disk.change():
        pair.ward.disk.put("blob", sha256(photo).hexdigest(), photo)
    act(pair, pair.ward, subject, Noted(text="b", blob=sha256(photo).hexdigest()))
    wire = Wire(pair.province)
    assert call(pair, wire=wire).good
    assert wire.paths == [
        "GET heads", "GET streams", "POST streams", "POST witness",
        "GET heads", "GET streams", "POST keys", "PUT blobs",
        "GET heads",
    ]  # fmt: skip
    assert pair.province.shelf.read_blob(sha256(photo).hexdigest(), 0, 99) == photo
    assert pair.province.shelf.wants(None).keys == ()


def test_with_nothing_new_a_contact_is_one_request_of_a_kilobyte(pair: Pair) -> None:
    pair.write(pair.ward)
    call(pair)
    call(pair)
    wire = Wire(pair.province)
    done = call(pair, wire=wire)
    assert (done.good, wire.paths, wire.answered[0].status) == (True, ["GET heads"], 304)
    assert wire.bytes_of(0) <= 1024


def test_a_child_that_forgot_everything_says_only_more(pair: Pair) -> None:
    pair.write(pair.ward)
    call(pair)
    with pair.ward.disk.change():
        pair.ward.disk.put("remembered", "parent", Remembered('"x"', b"no json"))
    wire = Wire(pair.province)
    done = call(pair, wire=wire)
    assert (done.good, done.pushed, done.pulled) == (True, 0, 0)
    assert wire.answered[0].status == 200


@pytest.mark.parametrize("off", [timedelta(days=4000), timedelta(days=-4000), timedelta(minutes=10)])
def test_a_clock_that_is_wrong_is_put_right_for_the_line(pair: Pair, off: timedelta) -> None:
    pair.ward.set_clock(off)
    pair.write(pair.ward)
    wire = Wire(pair.province)
    done = call(pair, wire=wire)
    assert (done.good, done.pushed) == (True, 1)
    assert abs(done.offset + off.total_seconds()) < 2
    assert wire.answered[0].status == 401
    wire = Wire(pair.province)
    assert call(pair, wire=wire).good
    assert 401 not in [it.status for it in wire.answered]  # it has kept how wrong its clock is


# Cuts


def test_a_cut_costs_less_than_a_batch(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haicap.nodes.exchange.stretches.BATCH_ENTRIES", 10)
    pair.write(pair.ward, 45)

    def down(count: int, request: Request) -> Response | None:
        if request.method == "POST" and request.query == "after=30":
            raise Down("cut")
        return None

    first = Wire(pair.province, down)
    done = call(pair, wire=first)
    assert [(it.code, it.what) for it in done.faults] == [("cut", "cut")]
    assert done.reached
    second = Wire(pair.province)
    done = call(pair, wire=second)
    assert [it.query for it in second.asked if it.method == "POST"] == ["after=30", "after=40"]
    assert (done.good, done.pushed) == (True, 15)


def from_above(pair: Pair, count: int, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """So many entries of the province's in the ward's file, ten of which travel at once; the id of their stream."""
    monkeypatch.setattr("haicap.nodes.exchange.stretches.BATCH_ENTRIES", 10)
    for _ in range(count):
        act(pair, pair.province, UUID(int=RANDOM.getrandbits(128)), Opened(text="o"))
    return pair.province.shelf.own.stream("31001", "work").id()


def test_two_batches_are_on_their_way_while_one_is_stored(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = from_above(pair, 45, monkeypatch)
    wire, kept = Ahead(pair.province), pair.ward.shelf.receive
    stored: list[tuple[int, bool]] = []

    def receive(batch: Batch, *, goes_on: bool = False) -> Mapping[UUID, str]:
        if batch.description.id() == stream:
            stored.append((batch.after, goes_on))
            further = batch.after + 20
            given_up = monotonic() + 10
            while further < 45 and not any(it.query.startswith(f"after={further}&") for it in wire.asked):
                assert monotonic() < given_up
                sleep(0.001)
        return kept(batch, goes_on=goes_on)

    monkeypatch.setattr(pair.ward.shelf, "receive", receive)
    assert call(pair, wire=wire).good
    assert stored == [(0, True), (10, True), (20, True), (30, True), (40, False)]
    assert pair.ward.shelf.head(stream) == pair.province.shelf.head(stream)


def test_what_came_before_a_cut_is_kept(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = from_above(pair, 45, monkeypatch)

    def down(count: int, request: Request) -> Response | None:
        if request.query.startswith("after=20&"):
            raise Down("cut")
        return None

    done = call(pair, wire=Ahead(pair.province, down))
    assert [it.code for it in done.faults] == ["cut"]
    head = pair.ward.shelf.head(stream)
    assert head is not None
    assert head.seq == 20
    assert call(pair, wire=Ahead(pair.province)).good
    assert pair.ward.shelf.head(stream) == pair.province.shelf.head(stream)


def test_an_answer_that_was_lost_is_not_sent_for_again(pair: Pair) -> None:
    pair.write(pair.ward, 3)

    def lost(count: int, request: Request) -> Response | None:
        if request.method == "POST":
            answer(pair.province.shelf, request)
            raise Down("timeout")
        return None

    assert call(pair, wire=Wire(pair.province, lost)).faults[0].code == "timeout"
    wire = Wire(pair.province)
    assert call(pair, wire=wire).pushed == 0
    assert not [it for it in wire.asked if it.method == "POST" and "streams" in it.path]


@pytest.mark.parametrize("kept", [True, False])
def test_a_parent_killed_in_the_middle(pair: Pair, kept: bool) -> None:
    subject = pair.write(pair.ward, 3)
    pair.province.disk.kill = (2, kept)  # the nonces of two requests, then the batch
    with pytest.raises(Killed):
        call(pair)
    pair.province.start()
    assert pair.province.shelf.folded(things, subject).state is None or kept
    assert call(pair).good
    assert pair.province.shelf.folded(things, subject) == pair.ward.shelf.folded(things, subject)


def test_a_contact_stops_where_it_is_told(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haicap.nodes.exchange.stretches.BATCH_ENTRIES", 10)
    pair.write(pair.ward, 45)
    wire = Wire(pair.province)
    assert pair.ward.parent is not None
    done = contact(
        pair.ward.shelf, wire, pair.ward.parent, until=lambda: wire.paths.count("POST streams") == 2
    )  # fmt: skip
    assert (done.good, done.pushed) == (True, 20)
    assert call(pair).pushed == 25
    assert pair.province.shelf.heads()[pair.ward.shelf.own.stream("31001", "work").id()].seq == 45


def test_a_full_disk_here_stops_the_contact(pair: Pair) -> None:
    act(pair, pair.province, UUID(int=30), Opened(text="o"))
    pair.ward.disk.full = True
    done = call(pair)
    assert [(it.code, it.what) for it in done.faults] == [("full", "here")]
    pair.ward.disk.full = False
    assert call(pair).good


def test_a_full_disk_there_waits_with_a_reason(pair: Pair) -> None:
    pair.write(pair.ward)
    pair.province.disk.full = True
    for attempts in (1, 2):
        done = call(pair)
        assert "full" in {it.code for it in done.faults}
        (waiting,) = pair.ward.shelf.waiting()
        assert (waiting.sort, waiting.attempts, waiting.reason) == ("entries", attempts, "full")
    pair.province.disk.full = False
    call(pair)
    assert pair.ward.shelf.waiting() == []


# Files


PHOTO = bytes(range(251)) * 2000  # eight slices
NAME = sha256(PHOTO).hexdigest()


def photographed(pair: Pair) -> UUID:
    subject = pair.write(pair.ward)
    with pair.ward.disk.change():
        pair.ward.disk.put("blob", NAME, PHOTO)
    act(pair, pair.ward, subject, Noted(text="b", blob=NAME))
    return subject


def test_new_entries_overtake_a_file(pair: Pair) -> None:
    subject = photographed(pair)
    late: list[UUID] = []

    def writes(count: int, request: Request) -> Response | None:
        if request.method == "PUT" and not late:
            late.append(act(pair, pair.ward, subject, Stepped(to="now")))
        return None

    wire = Wire(pair.province, writes)
    assert call(pair, wire=wire).good
    first = wire.paths.index("PUT blobs")
    assert wire.paths[first : first + 3] == ["PUT blobs", "GET heads", "POST streams"]
    assert pair.province.shelf.known(late[0])
    assert pair.province.shelf.blob_size(NAME) == len(PHOTO)


def test_the_parents_new_entries_are_asked_for_between_slices(pair: Pair) -> None:
    subject = photographed(pair)

    def writes(count: int, request: Request) -> Response | None:
        if request.method == "PUT" and request.headers["content-range"].startswith("bytes 0-"):
            act(pair, pair.province, subject, Stepped(to="there"))
        return None

    wire = Wire(pair.province, writes)
    assert call(pair, wire=wire).good
    names = wire.paths
    assert names.index("GET streams", names.index("PUT blobs")) < len(names) - 4
    assert names.count("PUT blobs") == 8


def test_a_file_goes_on_where_it_was_cut(pair: Pair) -> None:
    photographed(pair)

    def down(count: int, request: Request) -> Response | None:
        if request.method == "PUT" and request.headers["content-range"].startswith("bytes 131072-"):
            raise Down("cut")
        return None

    assert call(pair, wire=Wire(pair.province, down)).up == 131072
    assert call(pair).up == len(PHOTO) - 131072
    assert pair.province.shelf.blob_size(NAME) == len(PHOTO)


@pytest.mark.parametrize("there", [True, False])
def test_a_file_that_had_come_whole_is_put_in_its_place(pair: Pair, there: bool) -> None:
    photographed(pair)
    call(pair)
    upper, lower = (pair.province, pair.ward) if there else (pair.ward, pair.province)
    with upper.disk.change():
        upper.disk.put("blob", NAME, None)
        upper.disk.put("part", NAME, PHOTO)
    assert call(pair).good
    assert upper.shelf.blob_size(NAME) == lower.shelf.blob_size(NAME) == len(PHOTO)


def test_a_file_that_nobody_has_waits_and_stops_nothing(pair: Pair) -> None:
    act(pair, pair.province, UUID(int=30), Opened(text="o"))
    act(pair, pair.province, UUID(int=30), Noted(text="b", blob="00" * 32))
    for _ in range(2):
        call(pair)
    (waiting,) = pair.ward.shelf.waiting()
    assert (waiting.sort, waiting.what, waiting.attempts, waiting.reason) == ("blob", "00" * 32, 2, "unknown")


def test_a_file_of_other_bytes_is_thrown_away(pair: Pair) -> None:
    photographed(pair)
    call(pair)
    with pair.ward.disk.change():
        pair.ward.disk.put("blob", NAME, None)

    def other(count: int, request: Request) -> Response | None:
        if request.method == "GET" and "blobs" in request.path:
            headers = {"content-range": "bytes 0-2/3", "accept-ranges": "bytes"}
            return Response(206, headers, (b"abc",))
        return None

    call(pair, wire=Wire(pair.province, other))
    assert pair.ward.shelf.waiting()[0].reason == "format"
    assert (pair.ward.shelf.blob_size(NAME), pair.ward.shelf.blob_begun(NAME)) == (None, 0)


# What governs, where it is long


def test_a_long_reference_is_asked_for_in_parts(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haicap.nodes.exchange.heads.INLINE", 1)
    pair.province.shelf.govern(UUID(int=40), Merged(unit="31003", into="31001"), "31003")
    wire = Wire(pair.province)
    assert call(pair, wire=wire).good
    assert pair.ward.shelf.units >= {"31001", "31003"}
    (under,) = [it.query for it in wire.asked if it.query.startswith("under=")]
    assert len(under.split(",")) < 3
    wire = Wire(pair.province)
    assert call(pair, wire=wire).good
    assert [it for it in wire.asked if it.query.startswith("under=")] == []


def test_a_lost_reference_is_brought_back_in_parts(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haicap.nodes.exchange.heads.INLINE", 1)
    length = len(pair.province.disk.log)
    pair.province.shelf.govern(UUID(int=40), Merged(unit="31003", into="31001"), "31003")
    call(pair)
    pair.province.disk = Disk(pair.province.disk.log[:length])
    pair.province.start()
    assert call(pair).good
    assert len(pair.province.shelf.of_kind(Merged)) == 1


# Restored, cloned


def test_a_restored_image_takes_what_the_parent_has(pair: Pair) -> None:
    length = len(pair.ward.disk.log)
    subject = pair.write(pair.ward, 3)
    call(pair)
    pair.ward.disk = Disk(pair.ward.disk.log[:length])
    pair.ward.start()
    own = pair.ward.shelf.own
    assert call(pair).good
    assert pair.ward.shelf.own == own
    assert pair.ward.shelf.folded(things, subject) == pair.province.shelf.folded(things, subject)


def test_a_restored_image_that_was_written_on_begins_a_new_life(pair: Pair) -> None:
    length = len(pair.ward.disk.log)
    before = pair.write(pair.ward, 3)
    call(pair)
    pair.ward.disk = Disk(pair.ward.disk.log[:length])
    pair.ward.start()
    after = pair.write(pair.ward, 2)
    own = pair.ward.shelf.own
    done = call(pair)
    assert (done.good, done.pushed) == (True, 2)
    assert pair.ward.shelf.own.incarnation > own.incarnation
    member = pair.province.shelf.member(own.id)
    assert member is not None
    assert member.incarnation == pair.ward.shelf.own.incarnation
    for subject in (before, after):
        assert pair.ward.shelf.folded(things, subject).state is not None
        assert pair.ward.shelf.folded(things, subject) == pair.province.shelf.folded(things, subject)


def test_two_clones_both_keep_what_was_written_on_them(pair: Pair) -> None:
    pair.write(pair.ward, 2)
    call(pair)
    disk = Disk(pair.ward.disk.log)
    clone = machine_of("clone", "31001", pair.province, pair.world, RANDOM, disk, like="31001")
    first, second = pair.write(pair.ward, 2), pair.write(clone, 2)
    for machine in (pair.ward, clone, pair.ward):
        assert call(pair, machine).good
    for machine in (pair.ward, clone, pair.province):
        assert all(machine.shelf.folded(things, it).state is not None for it in (first, second))
    assert clone.shelf.own.incarnation != pair.ward.shelf.own.incarnation


def test_the_end_of_a_long_common_line_is_found(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haicap.nodes.exchange.stretches.BATCH_ENTRIES", 7)
    pair.write(pair.ward, 40)
    call(pair)
    disk = Disk(pair.ward.disk.log)
    clone = machine_of("clone", "31001", pair.province, pair.world, RANDOM, disk, like="31001")
    pair.write(pair.ward, 30)
    call(pair)
    pair.write(clone, 25)
    wire = Wire(pair.province)
    assert call(pair, clone, wire).good
    assert clone.shelf.renewal().lines[pair.ward.shelf.own.stream("31001", "work").id()] == 40
    assert clone.shelf.heads()[clone.shelf.own.stream("31001", "work").id()].seq == 25


def test_copies_of_two_histories_of_one_line_come_together(pair: Pair) -> None:
    """A province restored unnoticed had told two communes different things of one line of what governs."""
    length = len(pair.province.disk.log)
    pair.province.shelf.govern(UUID(int=40), Merged(unit="x1", into="y"), "31")
    call(pair, pair.ward)
    pair.province.disk = Disk(pair.province.disk.log[:length])
    pair.province.start()
    pair.province.shelf.govern(UUID(int=41), Merged(unit="x2", into="y"), "31")
    call(pair, pair.other)
    for machine in (pair.ward, pair.other, pair.ward, pair.other):
        last = call(pair, machine)
    assert last.good
    for machine in (pair.ward, pair.other, pair.province):
        assert {entry.body.unit for entry in machine.shelf.of_kind(Merged)} == {"x1", "x2"}
    assert dict(pair.ward.shelf.heads(())) == dict(pair.other.shelf.heads(()))


# A parent that is not to be believed


def spoiled(response: Response) -> Response:
    body = bytearray(response.whole(1 << 30))
    body[len(body) // 2] ^= 1
    return Response(response.status, response.headers, (bytes(body),))


@pytest.mark.parametrize("path", ["heads", "streams"])
def test_an_answer_that_was_changed_on_its_way(pair: Pair, path: str) -> None:
    act(pair, pair.province, UUID(int=30), Opened(text="o"))
    before = dict(pair.ward.shelf.heads())

    def changed(count: int, request: Request) -> Response | None:
        return spoiled(answer(pair.province.shelf, request)) if path in request.path else None

    done = call(pair, wire=Wire(pair.province, changed))
    assert "stranger" in {it.code for it in done.faults}
    assert dict(pair.ward.shelf.heads()) == before


def test_another_nodes_answer(pair: Pair) -> None:
    from haicap.nodes.exchange.signing import sign_answer

    def another(count: int, request: Request) -> Response | None:
        its = answer(pair.province.shelf, request)
        bare = Response(its.status, {"content-type": "application/json"}, (its.whole(),))
        return sign_answer(bare, request, pair.other.shelf.signer, pair.world.now)

    done = call(pair, wire=Wire(pair.province, another))
    assert ([it.code for it in done.faults], done.reached) == (["stranger"], False)


@pytest.mark.parametrize(("status", "code"), [(503, "busy"), (413, "size"), (502, "cut"), (200, "stranger")])
def test_an_answer_of_nobody(pair: Pair, status: int, code: str) -> None:
    def other(count: int, request: Request) -> Response | None:
        return Response(status, {"content-type": "text/html"}, (b"<html>",))

    done = call(pair, wire=Wire(pair.province, other))
    assert ([it.code for it in done.faults], done.reached) == ([code], False)


@pytest.mark.parametrize(
    ("turns", "headers", "stop", "waited", "faults"),
    [
        (2, {"retry-after": "7"}, False, [7.0, 7.0], []),
        (1, {}, False, [10.0], []),
        (1, {"retry-after": "9999"}, False, [30.0], []),
        (99, {"retry-after": "5"}, False, [5.0] * 6, ["busy"]),
        (99, {"retry-after": "5"}, True, [5.0], ["busy"]),
    ],
)
def test_a_busy_parent_is_asked_again_when_it_says(
    pair: Pair, turns: int, headers: dict[str, str], stop: bool, waited: list[float], faults: list[str]
) -> None:
    pair.write(pair.ward)
    sent_away, waits = 0, list[float]()

    def busy(count: int, request: Request) -> Response | None:
        nonlocal sent_away
        if request.method != "POST" or sent_away >= turns:
            return None
        sent_away += 1
        return Response(503, headers, (b'{"error":"busy"}',))

    def pause(seconds: float) -> bool:
        waits.append(seconds)
        return stop

    shelf, above = pair.ward.shelf, pair.ward.parent
    assert above is not None
    done = contact(shelf, Wire(pair.province, busy), above, until=lambda: False, pause=pause)
    assert (waits, [it.code for it in done.faults if it.what == "parent"]) == (waited, faults)
    assert bool(done.pushed) is not bool(faults)


def photo_above(pair: Pair) -> None:
    """A photo that the ward is to fetch from the province."""
    subject = pair.write(pair.ward)
    call(pair)
    with pair.province.disk.change():
        pair.province.disk.put("blob", NAME, PHOTO)
    act(pair, pair.province, subject, Noted(text="b", blob=NAME))


@pytest.mark.parametrize(("turns", "waited"), [(2, [7.0, 7.0]), (99, [7.0] * 6)])
def test_a_file_waits_for_a_busy_parent_as_all_else_does(pair: Pair, turns: int, waited: list[float]) -> None:
    photo_above(pair)
    refused, waits = 0, list[float]()

    def busy(count: int, request: Request) -> Response | None:
        nonlocal refused
        if "blobs" not in request.path or refused >= turns:
            return None
        refused += 1
        return Response(503, {"retry-after": "7"}, (b'{"error":"busy"}',))

    def pause(seconds: float) -> bool:
        waits.append(seconds)
        return False

    shelf, above = pair.ward.shelf, pair.ward.parent
    assert above is not None
    done = contact(shelf, Wire(pair.province, busy), above, until=lambda: False, pause=pause)
    assert waits == waited
    assert done.good is (turns == 2)
    assert shelf.blob_size(NAME) == (len(PHOTO) if turns == 2 else None)


def test_a_file_is_refused_under_the_parents_signature_alone(pair: Pair) -> None:
    photo_above(pair)

    def revoked(count: int, request: Request) -> Response | None:
        return Response(403, {}, (b'{"error":"revoked"}',)) if "blobs" in request.path else None

    assert [it.code for it in call(pair, wire=Wire(pair.province, revoked)).faults] == ["stranger"]


def test_a_stream_that_is_not_ours_is_not_taken(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.write(pair.other)
    call(pair, pair.other)
    shelf = pair.province.shelf
    member = shelf.member(pair.ward.identity.node)
    assert member is not None
    greedy = replace(member, units=frozenset({"31001", "31002"}))
    monkeypatch.setattr(shelf, "member", lambda node: greedy)
    done = call(pair)
    assert "foreign" in {it.code for it in done.faults}
    assert {
        it.description.unit for it in pair.ward.shelf.heads().values() if it.description.channel == "work"
    } <= {"31001"}
    assert pair.ward.shelf.incidents(pair.province.identity.node)[0].sort == "foreign"


@pytest.fixture
def strange(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """The province's heads are signed and make no sense."""
    heads: dict[UUID, Head] = dict(pair.province.shelf.heads())
    stream, head = next(
        (it for it in heads.items() if it[1].description.unit == "31"), next(iter(heads.items()))
    )
    monkeypatch.setattr(
        pair.province.shelf, "heads",
        lambda units=None, reference=True: {**heads, stream: Head(head.description, head.seq + 5, head.hash)},
    )  # fmt: skip
    return pair


def test_more_is_offered_than_there_is(strange: Pair) -> None:
    before = dict(strange.ward.shelf.heads())
    done = call(strange)
    assert not done.good
    assert dict(strange.ward.shelf.heads()) == before


def test_a_revoked_node_is_told_and_stops(pair: Pair) -> None:
    pair.write(pair.ward)
    pair.province.shelf.revoke(pair.ward.identity.node)
    wire = Wire(pair.province)
    done = call(pair, wire=wire)
    assert ([it.code for it in done.faults], wire.paths) == (["revoked"], ["GET heads"])


def test_the_line_is_down(pair: Pair) -> None:
    def down(count: int, request: Request) -> Response | None:
        raise Down("refused")

    done = call(pair, wire=Wire(pair.province, down))
    assert ([it.code for it in done.faults], done.reached, done.good) == (["refused"], False, False)
    assert pair.ward.shelf.contacts[-1] == done


def test_what_a_node_tells_of_itself(pair: Pair) -> None:
    pair.write(pair.ward, 2)
    pair.world.now += timedelta(seconds=90)
    call(pair)
    state = pair.province.shelf.seen[-1].state
    assert pair.province.shelf.seen[-1].node == pair.ward.identity.node
    first = next(it for it in pair.province.shelf.seen if it.state.get("wait"))
    assert (first.state["wait"], first.state["old"], first.state["v"]) == (2, 90, "1.0")
    assert {"v", "disk", "wait", "old"} <= state.keys()


def test_what_is_held_is_counted(pair: Pair) -> None:
    with pair.ward.shelf.writing(UUID(int=1)) as pen:
        pen.write(things, UUID(int=5), UUID(int=6), Opened(text="o"), unit="31001", grant=UUID(int=7))
    done = call(pair)
    assert (done.pushed, done.held) == (1, 1)
    assert pair.ward.shelf.folded(things, UUID(int=6)).state is None


def test_an_erasure_reaches_a_holder_that_was_away(pair: Pair) -> None:
    subject = pair.write(pair.ward, body=Opened(text="o"), sealed={"name": "Lê Văn A"})
    call(pair)
    pair.province.shelf.erase(subject, "31001")
    with pair.ward.shelf.writing(UUID(int=1)) as pen:  # which does not know yet
        pen.write(
            things, UUID(int=9), subject, Noted(text="p"), unit="31001", grant=pair.grants["31001"],
            sealed={"name": "Lê Văn A"},
        )  # fmt: skip
    assert call(pair).good
    for machine in (pair.ward, pair.province):
        assert machine.shelf.table("key") == {}
        entries = [it for it in machine.shelf.table("entry").values() if it.entry.subject == subject]
        assert all(it.item.ciphertext is None for it in entries)
        destroyed = {it.entry.body.node for it in entries if it.entry.kind == "key.destroyed"}
        assert destroyed == {pair.ward.identity.node, pair.province.identity.node}


def test_nothing_that_storage_does_escapes(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(remembered: Remembered) -> None:
        raise Full

    monkeypatch.setattr(pair.ward.shelf, "remember", full)
    assert call(pair).reached
