"""Courier files between nodes in memory: nothing is lost, nothing is half there, nobody is believed too much."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from haicap.journal.ids import uuid7
from haicap.journal.intake import Batch
from haicap.nodes import calling
from haicap.nodes.calling import Loop
from haicap.nodes.courier import container, queries, unpacking
from haicap.nodes.courier import packing as courier
from haicap.nodes.courier.applying import Unpacked
from haicap.nodes.courier.book import Book, Sent
from haicap.nodes.courier.container import File, Line, Manifest, Wrong, blob_part, opened, write
from haicap.nodes.courier.packing import Nothing, Office, Stranger, manifest_of, pack
from haicap.nodes.courier.unpacking import apply_waiting, unpack
from haicap.nodes.exchange import lines
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.records import Joining, Parent
from haicap.nodes.exchange.shelf import Full
from haicap.nodes.exchange.wire import Request, Response
from nodes.memory import Clock, Disk, Identity, MemoryShelf, World
from nodes.toy import Granted, Merged, Noted, Opened, Stepped, things

PROVINCE, WARD, OTHER = "31", "31-W1", "31-W2"
PHOTO = b"photo" * 1000
NAME = sha256(PHOTO).hexdigest()


@dataclass
class Node:
    """A node in memory with its book of courier files."""

    shelf: MemoryShelf
    office: Office
    stick: Path

    def opens(self, text: str, grant: UUID | None = None, *, unit: str = WARD, sealed: Any = None) -> UUID:
        subject = self.new_id()
        with self.shelf.writing(self.shelf.own.id) as pen:
            pen.write(
                things, self.new_id(), subject, Opened(text=text), unit=unit, grant=grant, sealed=sealed
            )
        return subject

    def notes(self, subject: UUID, text: str, *, unit: str = WARD, blob: str | None = None) -> None:
        with self.shelf.writing(self.shelf.own.id) as pen:
            pen.write(things, self.new_id(), subject, Noted(text=text, blob=blob), unit=unit, grant=None)

    def steps(self, subject: UUID, to: str, *, unit: str = WARD) -> None:
        with self.shelf.writing(self.shelf.own.id) as pen:
            pen.write(things, self.new_id(), subject, Stepped(to=to), unit=unit, grant=None)

    def new_id(self) -> UUID:
        return uuid7(self.shelf.now(), self.shelf.entropy)

    def packs(self, to: "Node", file: str = "file", **more: Any) -> Path:
        self.shelf.clock.world.now += timedelta(minutes=1)
        pack(self.office, to.shelf.own.id, self.stick / file, **more)
        return self.stick / file

    def unpacks(self, file: Path) -> Unpacked:
        return unpack(self.office, file, answer=file.with_suffix(".return"))

    def state(self, subject: UUID) -> Any:
        return self.shelf.folded(things, subject)

    def lines(self) -> dict[UUID, tuple[int, bytes]]:
        return {stream: (head.seq, head.hash) for stream, head in self.shelf.heads().items()}

    def sent(self) -> list[Sent]:
        return self.office.book.sent()

    def image(self) -> "Node":
        """The node as it is now, on another disk."""
        shelf = MemoryShelf(
            Disk(self.shelf.disk.log), self.shelf.identity, self.shelf.unit, self.shelf.clock, self.shelf.entropy,
            parent=self.shelf.parent,
        )  # fmt: skip
        return Node(shelf, Office(shelf, self.office.book, self.office.identity), self.stick)


def node(unit: str, seed: int, place: Path, parent: "Node | None" = None) -> Node:
    entropy = random.Random(seed).randbytes
    world = parent.shelf.clock.world if parent else World(datetime(2026, 11, 20, 3, tzinfo=UTC))
    identity = Identity(
        UUID(int=seed), Ed25519PrivateKey.from_private_bytes(entropy(32)), x25519.Identity.generate()
    )
    shelf = MemoryShelf(Disk(), identity, unit, Clock(world), entropy)
    if parent is not None:
        its = parent.shelf
        shelf.parent = Parent(its.own.id, its.unit, "http://parent", its.identity.public_key, its.recipient)
        its.invite(f"code {seed}", unit)
        its.join(Joining(f"code {seed}", shelf.own.id, shelf.own.incarnation, unit, identity.public_key,
                         identity.recipient, "1"))  # fmt: skip
    stick = place / "stick"
    stick.mkdir(exist_ok=True, parents=True)
    return Node(shelf, Office(shelf, Book(place / f"courier-{seed}"), identity.receiving), stick)


@pytest.fixture
def province(tmp_path: Path) -> Node:
    return node(PROVINCE, 31, tmp_path)


@pytest.fixture
def ward(province: Node, tmp_path: Path) -> Node:
    return node(WARD, 11, tmp_path, province)


def test_a_day_goes_up_and_what_became_of_it_comes_down(province: Node, ward: Node) -> None:
    leak = ward.opens("Dột", sealed={"reporter": "kín"})
    done = province.unpacks(ward.packs(province))
    assert not done.waits
    assert [outcome.why for outcome in done.outcomes] == [None]
    assert province.state(leak) == ward.state(leak)
    assert province.shelf.key(leak) == ward.shelf.key(leak)
    province.steps(leak, "answered")
    ward.unpacks(province.packs(ward))
    assert ward.state(leak).state.steps == ("Dột", "answered")
    assert ward.state(leak) == province.state(leak)
    assert ward.lines() == province.lines()


def test_what_was_sent_is_not_confirmed_until_the_return_file_comes(province: Node, ward: Node) -> None:
    ward.opens("Dột")
    file = ward.packs(province)
    province.unpacks(file)
    (sent,) = ward.sent()
    assert (sent.confirmed, sent.number, sent.to) == (None, 1, province.shelf.own.id)
    unpack(ward.office, file.with_suffix(".return"))
    (sent,) = ward.sent()
    assert sent.confirmed is not None
    assert [(it.seq, it.why) for it in sent.outcomes] == [(1, None)]
    with pytest.raises(Nothing):
        ward.packs(province)
    assert [it.number for it in ward.sent()] == [1]


def test_what_was_never_confirmed_goes_again_and_sent_twice_changes_nothing(
    province: Node, ward: Node
) -> None:
    leak = ward.opens("Dột")
    first = ward.packs(province, "first")
    ward.notes(leak, "vẫn dột")
    second = ward.packs(province, "second")
    province.unpacks(second)
    before = province.lines()
    for file in (first, second, first):
        assert not province.unpacks(file).waits
    assert province.lines() == before
    assert province.state(leak).state.notes == ("vẫn dột",)
    unpack(ward.office, second.with_suffix(".return"))
    ward.notes(leak, "nữa")
    ward.packs(province)
    assert list(ward.sent()[0].heads.values()) == [3]


def test_a_file_ahead_of_the_chain_waits_and_is_applied_by_itself(province: Node, ward: Node) -> None:
    leak = ward.opens("Dột")
    first = ward.packs(province, "first")
    unpack(ward.office, first_return(province, first))
    ward.notes(leak, "hai")
    second = ward.packs(province, "second")
    done = province.unpacks(second)
    assert done.waits
    assert province.state(leak).state is None
    ((_file, waits),) = province.office.book.waiting()
    assert (waits.sender, [(it.seq, it.have) for it in waits.wanted]) == (ward.shelf.own.id, [(1, 0)])
    assert province.unpacks(second).waits
    assert len(province.office.book.waiting()) == 1
    assert not province.unpacks(first).waits
    assert province.office.book.waiting() == []
    assert province.state(leak).state.notes == ("hai",)
    assert apply_waiting(province.office) == []


def first_return(province: Node, file: Path) -> Path:
    """The return file of a province that took the file in, and is then lost."""
    other = province.image()
    other.office = Office(other.shelf, Book(other.stick / "lost"), other.office.identity)
    other.unpacks(file)
    return file.with_suffix(".return")


def test_a_return_tells_the_sender_what_is_missing(province: Node, ward: Node) -> None:
    leak = ward.opens("Dột")
    unpack(ward.office, first_return(province, ward.packs(province, "first")))
    ward.notes(leak, "hai")
    second = ward.packs(province, "second")
    province.unpacks(second)
    unpack(ward.office, second.with_suffix(".return"))
    assert [it.why for it in ward.sent()[0].outcomes] == ["gap"]
    third = ward.packs(province, "third")
    assert not province.unpacks(third).waits
    assert province.state(leak) == ward.state(leak)


def test_held_entries_come_back_with_their_reasons(province: Node, ward: Node) -> None:
    ward.opens("Dột", grant=UUID(int=5))
    file = ward.packs(province)
    province.unpacks(file)
    unpack(ward.office, file.with_suffix(".return"))
    assert list(ward.sent()[0].held.values()) == ["grant-unknown"]


def test_files_go_along_where_they_are_asked_for(
    province: Node, ward: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "_naming", lambda: frozenset({Noted.kind}))
    leak = ward.opens("Dột")
    ward.shelf.write_blob(NAME, 0, PHOTO)
    assert ward.shelf.finish_blob(NAME)
    ward.notes(leak, "ảnh", blob=NAME)
    bare = ward.packs(province, "bare")
    assert province.unpacks(bare).blobs == 0
    unpack(ward.office, bare.with_suffix(".return"))
    full = ward.packs(province, "full", blobs=True)
    assert province.unpacks(full).blobs == 1
    assert province.shelf.read_blob(NAME, 0, 10_000) == PHOTO
    assert province.unpacks(full).blobs == 0


def test_a_ward_gets_its_own_files_and_the_reference_alone(province: Node, ward: Node) -> None:
    province.opens("của phường khác", unit=OTHER)
    province.shelf.govern(UUID(int=77), Merged(unit="31-W9", into=WARD), WARD)
    file = province.packs(ward)
    ward.unpacks(file)
    assert {(it.description.unit, it.description.channel) for it in ward.shelf.heads().values()} == {
        (WARD, "reference")
    }


def test_nothing_is_stored_of_a_file_with_one_wrong_byte(province: Node, ward: Node) -> None:
    ward.opens("Dột", sealed={"reporter": "kín"})
    file = ward.packs(province)
    data, before = file.read_bytes(), province.lines()
    for place in range(0, len(data), 41):
        file.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        with pytest.raises(Wrong):
            province.unpacks(file)
    file.write_bytes(data[:-20])
    with pytest.raises(Wrong):
        province.unpacks(file)
    assert province.lines() == before
    assert list(province.office.book.part("coming").iterdir()) == []
    assert province.shelf.table("incident")
    file.write_bytes(data)
    assert not province.unpacks(file).waits


def test_it_is_for_one_node_and_from_one_that_is_known(province: Node, ward: Node, tmp_path: Path) -> None:
    ward.opens("Dột")
    other = node(OTHER, 12, tmp_path, province)
    with pytest.raises(Wrong, match="somebody else"):
        other.unpacks(ward.packs(province))
    stranger = node("99", 99, tmp_path)
    with pytest.raises(Stranger):
        ward.packs(stranger)
    manifest = manifest_of(stranger.office, province.shelf.own.id)
    forged = tmp_path / "forged"
    write(forged, manifest, (), sign=stranger.office.sign, recipients=[province.shelf.recipient])
    with pytest.raises(Wrong, match="no node that this one knows"):
        province.unpacks(forged)
    claimed = manifest.model_copy(update={"sender": ward.shelf.own.id})
    write(forged, claimed, (), sign=stranger.office.sign, recipients=[province.shelf.recipient])
    with pytest.raises(Wrong, match="signature"):
        province.unpacks(forged)
    meant = manifest_of(ward.office, other.shelf.own.id)
    write(forged, meant, (), sign=ward.office.sign, recipients=[province.shelf.recipient])
    with pytest.raises(Wrong, match="for another node"):
        province.unpacks(forged)


def test_a_hostile_ward_brings_no_stream_that_is_not_its(province: Node, ward: Node, tmp_path: Path) -> None:
    thief = ward.image()
    stolen = thief.opens("của phường khác", unit=OTHER)
    mine = thief.opens("của mình")
    peers = courier.peer(thief.shelf, province.shelf.own.id)
    lines = [courier._line(thief.shelf, head, 0) for head in thief.shelf.heads().values()]
    manifest = manifest_of(thief.office, province.shelf.own.id, tuple(lines))
    file = tmp_path / "thief"
    parts = courier._parts(thief.shelf, peers, lines, [])
    write(file, manifest, parts, sign=thief.office.sign, recipients=[province.shelf.recipient])
    done = province.unpacks(file)
    assert {outcome.unit: outcome.why for outcome in done.outcomes} == {OTHER: "foreign", WARD: None}
    assert province.state(stolen).state is None
    assert province.state(mine).state is not None
    assert any(it.sort == "foreign" for it in province.shelf.table("incident").values())


def test_rewritten_history_is_a_fork_and_is_shown(province: Node, ward: Node) -> None:
    twin = ward.image()
    ward.opens("Một")
    province.unpacks(ward.packs(province))
    twin.opens("Hai")
    done = province.unpacks(twin.packs(province, "twin", every=True))
    assert [outcome.why for outcome in done.outcomes] == ["fork"]
    assert any(it.sort == "fork" for it in province.shelf.table("incident").values())


def test_a_manifest_that_names_other_entries_than_follow_is_refused(
    province: Node, ward: Node, tmp_path: Path
) -> None:
    ward.opens("Dột")
    head = next(it for it in ward.shelf.heads().values())
    line = courier._line(ward.shelf, head, 0)
    peers = courier.peer(ward.shelf, province.shelf.own.id)
    for changed in ({"seq": 2}, {"hash": "00" * 32}, {"before": "00" * 32}, {"unit": OTHER}, {"after": 1}):
        manifest = manifest_of(ward.office, province.shelf.own.id, (line.model_copy(update=changed),))
        file = tmp_path / "file"
        parts = courier._parts(ward.shelf, peers, [line], [])
        write(file, manifest, parts, sign=ward.office.sign, recipients=[province.shelf.recipient])
        with pytest.raises(Wrong, match="entries of stream"):
            province.unpacks(file)
    assert province.lines().keys().isdisjoint({head.description.id()})


def test_blobs_that_nobody_names_are_not_kept(province: Node, ward: Node, tmp_path: Path) -> None:
    manifest = manifest_of(ward.office, province.shelf.own.id)
    file = tmp_path / "file"
    part = blob_part(File(sha256=NAME, size=len(PHOTO)), [PHOTO])
    write(file, manifest, [part], sign=ward.office.sign, recipients=[province.shelf.recipient])
    assert province.unpacks(file).blobs == 0
    assert province.shelf.blob_size(NAME) is None
    assert province.shelf.blob_begun(NAME) == 0


def test_a_revoked_node_brings_no_more_than_was_good(province: Node, ward: Node) -> None:
    leak = ward.opens("Dột")
    province.unpacks(ward.packs(province, "first"))
    ward.notes(leak, "sau")
    province.shelf.revoke(ward.shelf.own.id)
    done = province.unpacks(ward.packs(province, "second"))
    assert [outcome.why for outcome in done.outcomes] == ["foreign"]
    assert province.state(leak).state.notes == ()


def test_a_restored_ward_says_so_and_is_believed(province: Node, ward: Node) -> None:
    leak = ward.opens("Dột")
    province.unpacks(ward.packs(province, "first"))
    ward.shelf.begin("restored", {})
    again = ward.opens("Mới")
    ward.notes(leak, "thêm")
    done = province.unpacks(ward.packs(province, "second"))
    assert {outcome.why for outcome in done.outcomes} == {None}
    assert province.state(again) == ward.state(again)
    assert province.state(leak) == ward.state(leak)


def test_a_ward_restored_from_an_old_image_gets_its_tail_back(province: Node, ward: Node) -> None:
    leak = ward.opens("Dột")
    province.unpacks(ward.packs(province, "first"))
    unpack(ward.office, ward.stick / "first.return")
    old = ward.image()
    ward.notes(leak, "mất")
    province.unpacks(ward.packs(province, "second"))
    province.steps(leak, "answered")
    down = province.packs(old, "down")
    old.unpacks(down)
    unpack(province.office, down.with_suffix(".return"))
    told = province.office.book.known(ward.shelf.own.id)
    assert told is not None
    old.shelf.witness()
    old.notes(leak, "viết tiếp")
    newest = old.shelf.newest()
    assert newest is not None
    province.shelf.keep(newest)
    old.unpacks(province.packs(old, "down again"))
    assert old.state(leak).state.notes == ("mất", "viết tiếp")
    assert len({head.description.incarnation for head in old.shelf.heads().values()
                if head.description.node == old.shelf.own.id}) == 2  # fmt: skip


def test_a_disk_that_is_nearly_full_takes_nothing(province: Node, ward: Node) -> None:
    ward.opens("Dột")
    file = ward.packs(province)
    province.shelf.disk.full = True
    with pytest.raises(Full):
        province.unpacks(file)
    province.shelf.disk.full = False
    assert not province.unpacks(file).waits


def test_a_grant_that_comes_with_the_reference_is_known_first(province: Node, ward: Node) -> None:
    grant = province.shelf.govern(UUID(int=70), Granted(units=(WARD,)), WARD)
    ward.unpacks(province.packs(ward))
    ward.opens("Dột", grant=grant)
    file = ward.packs(province)
    province.unpacks(file)
    unpack(ward.office, file.with_suffix(".return"))
    assert ward.sent()[0].held == {}


def test_a_spoilt_book_costs_no_more_than_sending_again(province: Node, ward: Node) -> None:
    ward.opens("Dột")
    file = ward.packs(province)
    province.unpacks(file)
    for note in ward.office.book.part("sent").iterdir():
        note.write_text("{")
    assert ward.sent() == []
    assert unpack(ward.office, file.with_suffix(".return")).sent is None
    with pytest.raises(Nothing):
        ward.packs(province)


def test_a_return_file_of_nonsense_is_refused(province: Node, ward: Node, tmp_path: Path) -> None:
    manifest: Manifest = manifest_of(province.office, ward.shelf.own.id, kind="return", about={"number": "x"})
    file = tmp_path / "file"
    write(file, manifest, (), sign=province.office.sign, recipients=[ward.shelf.recipient])
    with pytest.raises(Wrong, match="return file"):
        unpack(ward.office, file)


def test_people_see_what_is_not_confirmed_and_what_waits(province: Node, ward: Node) -> None:
    leak = ward.opens("Dột")
    ward.packs(province, "lost", name="Tỉnh Thử")
    ward.notes(leak, "hai")
    second = ward.packs(province, "second", name="Tỉnh Thử")
    book = ward.office.book
    assert [(it.number, it.entries, it.name) for it in queries.unconfirmed(book=book)] == [
        (1, 1, "Tỉnh Thử"), (2, 2, "Tỉnh Thử")
    ]  # fmt: skip
    province.unpacks(second)
    unpack(ward.office, second.with_suffix(".return"))
    assert queries.unconfirmed(book=book) == []
    newest, lost = queries.sent(province.shelf.own.id, book=book)
    assert (newest.confirmed is not None, newest.open, newest.held) == (True, (), 0)
    assert lost.confirmed is None
    assert queries.sent(UUID(int=5), book=book) == []
    assert queries.waiting(book=province.office.book) == []


def test_a_file_that_waits_for_two_streams_is_applied_piece_by_piece(province: Node, ward: Node) -> None:
    first = [ward.opens("Một"), ward.opens("Hai", unit="31-W9")]
    province.shelf.govern(UUID(int=77), Merged(unit="31-W9", into=WARD), WARD)
    with ward.shelf.disk.change():
        ward.shelf.govern(UUID(int=78), Merged(unit="31-W9", into=WARD), WARD)
    one, both = ward.image(), ward.packs(province, "both")
    unpack(ward.office, first_return(province, both))
    for subject, unit in zip(first, (WARD, "31-W9"), strict=True):
        ward.notes(subject, "thêm", unit=unit)
    late = ward.packs(province, "late")
    assert province.unpacks(late).waits
    ((_file, waits),) = province.office.book.waiting()
    assert len(waits.wanted) == 2
    for subject, left in zip(first, (1, 0), strict=True):
        stream = ward.shelf.table("places")[subject][0][0]
        province.shelf.receive(batch(one, stream))
        apply_waiting(province.office)
        assert [len(it.wanted) for _, it in province.office.book.waiting()] == [left] * bool(left)
        assert province.state(subject).state.notes == ("thêm",)


def batch(node: Node, stream: UUID) -> Batch:
    head = node.shelf.heads()[stream]
    return Batch(head.description, 0, tuple(node.shelf.stored(stream, 0, 100)), head.hash)


def test_a_waiting_file_that_is_spoilt_since_is_dropped_and_told(province: Node, ward: Node) -> None:
    leak = ward.opens("Một")
    first = ward.packs(province, "first")
    unpack(ward.office, first_return(province, first))
    ward.notes(leak, "hai")
    province.unpacks(ward.packs(province, "second"))
    ((file, _waits),) = province.office.book.waiting()
    file.write_bytes(b"spoilt")
    assert not province.unpacks(first).waits
    assert province.office.book.waiting() == []
    assert any(it.sort == "courier" for it in province.shelf.table("incident").values())
    assert province.state(leak).state.notes == ()


class Wire:
    """A line between two nodes."""

    def __init__(self, above: Node) -> None:
        self.above = above

    def ask(self, request: Request) -> Response:
        return answer(self.above.shelf, request)


def meet(province: Node, ward: Node, times: int = 1) -> None:
    for _time in range(times):
        assert ward.shelf.parent is not None
        assert contact(ward.shelf, Wire(province), ward.shelf.parent, until=lambda: False).good


def test_what_a_child_has_from_the_line_is_not_packed_again(province: Node, ward: Node) -> None:
    leak = ward.opens("Dột")
    meet(province, ward)
    province.steps(leak, "answered")
    province.shelf.govern(UUID(int=77), Merged(unit="31-W9", into=WARD), WARD)
    meet(province, ward, 2)
    with pytest.raises(Nothing):
        province.packs(ward)
    governed = province.shelf.govern(UUID(int=78), Merged(unit="31-W8", into=WARD), WARD)
    ((line,),) = (packed_lines(ward, province.packs(ward)),)
    assert (line.channel, line.seq - line.after) == ("reference", 1)
    file = province.packs(ward, "all", every=True)
    assert sum(it.seq - it.after for it in packed_lines(ward, file)) > 3
    ward.unpacks(file)
    assert governed in ward.shelf.table("id")
    assert ward.lines() == province.lines()


def packed_lines(receiver: Node, file: Path) -> tuple[Line, ...]:
    with opened(file, [receiver.office.identity]) as reading:
        return reading.manifest.streams


def test_what_was_given_and_never_confirmed_is_packed(province: Node, ward: Node) -> None:
    """Of what came down in its last contact a child has not said yet that it has it."""
    province.shelf.govern(UUID(int=77), Merged(unit="31-W9", into=WARD), WARD)
    meet(province, ward)
    assert {it.channel for it in packed_lines(ward, province.packs(ward))} == {"reference"}
    meet(province, ward)
    with pytest.raises(Nothing):
        province.packs(ward)


def test_what_a_child_had_in_a_life_that_was_lost_is_packed_again(province: Node, ward: Node) -> None:
    province.shelf.govern(UUID(int=77), Merged(unit="31-W9", into=WARD), WARD)
    meet(province, ward, 2)
    with pytest.raises(Nothing):
        province.packs(ward)
    ward.shelf.begin("restored", {})
    province.shelf.renew(ward.shelf.own.id, ward.shelf.renewal())
    assert {it.channel for it in packed_lines(ward, province.packs(ward))} == {"reference"}


def test_a_file_after_another_goes_on_where_its_return_file_says(province: Node, ward: Node) -> None:
    meet(province, ward, 2)
    for number in (77, 78):
        province.shelf.govern(UUID(int=number), Merged(unit=f"31-W{number}", into=WARD), WARD)
        file = province.packs(ward, f"file {number}")
        assert [it.seq - it.after for it in packed_lines(ward, file)] == [1]
        ward.unpacks(file)
        unpack(province.office, file.with_suffix(".return"))
    with pytest.raises(Nothing):
        province.packs(ward)


def late(province: Node, ward: Node, unit: str = WARD) -> tuple[Path, UUID]:
    """A file that waits at the province for another, which is returned; and the matter that it goes on with."""
    subject = ward.opens("Một", unit=unit)
    first = ward.packs(province, f"first {unit}")
    unpack(ward.office, first_return(province, first))
    ward.notes(subject, "hai", unit=unit)
    assert province.unpacks(ward.packs(province, f"second {unit}")).waits
    return first, subject


def test_what_an_interrupted_unpacking_has_left_is_removed_by_the_next(province: Node, ward: Node) -> None:
    ward.opens("Dột")
    file, book = ward.packs(province), province.office.book
    left = [
        book.part("coming") / "tmpx.haicap",
        book.part("waiting") / ".new-x",
        book.part("waiting") / "0.json",
    ]
    for it in left:
        it.write_bytes(b"half")
    with book.alone() as mine, book.alone(wait=False) as other:
        assert (mine, other) == (True, False)
    for it in left:
        assert not it.exists()
        it.write_bytes(b"half")
    assert not province.unpacks(file).waits
    assert not any(it.exists() for it in left)


def test_nothing_is_swept_or_applied_under_the_hands_of_another(province: Node, ward: Node) -> None:
    first, subject = late(province, ward)
    book = province.office.book
    with book.alone():
        coming = book.part("coming") / "tmpx.haicap"
        coming.write_bytes(b"half")
        assert apply_waiting(province.office) == []
        assert coming.exists()
    province.unpacks(first)
    assert province.state(subject).state.notes == ("hai",)
    assert not coming.exists()


def test_a_file_that_waits_is_applied_when_the_line_has_brought_what_it_waits_for(
    province: Node, ward: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first, subject = late(province, ward)
    monkeypatch.setattr(calling, "folder", lambda: province.office.book.place)
    monkeypatch.setattr(calling, "keys", lambda: province.shelf.identity)
    monkeypatch.setattr(calling, "here", lambda: province.shelf)
    ended = Event()
    ended.set()
    turn = Loop(ended, None, random.Random(1)).turn
    turn()
    assert province.state(subject).state is None
    stream = province.shelf.table("places").get(subject) or ward.shelf.table("places")[subject]
    province.shelf.receive(stretch_of(ward, stream[0][0], 1))
    turn()
    assert province.state(subject).state.notes == ("hai",)
    assert province.office.book.waiting() == []


def stretch_of(node: Node, stream: UUID, to: int) -> Batch:
    digest = node.shelf.hash_at(stream, to)
    assert digest is not None
    return Batch(node.shelf.heads()[stream].description, 0, tuple(node.shelf.stored(stream, 0, to)), digest)


def test_a_waiting_file_that_cannot_be_applied_now_keeps_no_other_back(
    province: Node, ward: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    province.shelf.govern(UUID(int=77), Merged(unit="31-W9", into=WARD), WARD)
    ward.unpacks(province.packs(ward))
    _, one = late(province, ward)
    _, other = late(province, ward, "31-W9")
    for subject in (one, other):
        province.shelf.receive(stretch_of(ward, ward.shelf.table("places")[subject][0][0], 1))
    really = unpacking.apply

    def fails(office: Office, file: Path) -> Unpacked:
        if dict(office.book.waiting())[file].number == 2:
            raise Full
        return really(office, file)

    monkeypatch.setattr(unpacking, "apply", fails)
    assert len(apply_waiting(province.office)) == 1
    ((_file, waits),) = province.office.book.waiting()
    assert (waits.attempts, waits.fault) == (2, "full")
    assert province.state(other).state.notes == ("hai",)
    monkeypatch.undo()
    assert len(apply_waiting(province.office)) == 1
    assert province.state(one).state.notes == ("hai",)


def test_a_waiting_file_whose_note_is_spoilt_is_looked_at_anew(province: Node, ward: Node) -> None:
    first, subject = late(province, ward)
    ((file, _waits),) = province.office.book.waiting()
    file.with_suffix(".json").write_text("{")
    assert province.office.book.waiting() == []
    assert len(apply_waiting(province.office)) == 0
    ((_file, waits),) = province.office.book.waiting()
    assert [it.seq for it in waits.wanted] == [1]
    province.unpacks(first)
    assert province.state(subject).state.notes == ("hai",)


def governs(province: Node, many: int) -> None:
    for place in range(many):
        province.shelf.govern(
            UUID(int=1000 + place), Merged(unit=f"31-X{place}", into=WARD), f"31-W{place + 100}"
        )


def stored(ward: Node, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many batches the ward stores at once, from here on."""
    calls: list[int] = []
    one, several = ward.shelf.receive, ward.shelf.receive_all

    def receive_all(batches: Sequence[Batch]) -> None:
        calls.append(len(batches))
        with monkeypatch.context() as patch:
            patch.setattr(ward.shelf, "receive", one)
            several(batches)

    def receive(batch: Batch) -> Mapping[UUID, str]:
        calls.append(1)
        return one(batch)

    monkeypatch.setattr(ward.shelf, "receive", receive)
    monkeypatch.setattr(ward.shelf, "receive_all", receive_all)
    return calls


def test_thousands_of_streams_that_govern_are_stored_hundreds_at_once(
    province: Node, ward: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    governs(province, 1100)
    calls = stored(ward, monkeypatch)
    file = province.packs(ward)
    done = ward.unpacks(file)
    assert {outcome.why for outcome in done.outcomes} == {None}
    assert sum(calls) == len(done.outcomes)
    assert len(calls) == 3
    assert ward.lines() == province.lines()
    unpack(province.office, file.with_suffix(".return"))
    with pytest.raises(Nothing):
        province.packs(ward)


def test_one_stream_at_fault_among_many_stops_no_other(
    province: Node, ward: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = province.image()
    governs(province, 3)
    twin.shelf.govern(UUID(int=5), Merged(unit="31-X9", into=OTHER), "31-W101")
    ward.unpacks(twin.packs(ward, "twin"))
    calls = stored(ward, monkeypatch)
    done = ward.unpacks(province.packs(ward, every=True))
    assert {it.unit: it.why for it in done.outcomes if it.unit.startswith("31-W10")} == {
        "31-W100": None, "31-W101": "fork", "31-W102": None
    }  # fmt: skip
    assert calls[0] > 1
    assert (
        ward.lines().items()
        > {
            it: head
            for it, head in province.lines().items()
            if it in {o.stream for o in done.outcomes if not o.why}
        }.items()
    )


def test_a_file_of_the_form_before_is_still_taken_in(province: Node, ward: Node, tmp_path: Path) -> None:
    leak = ward.opens("Dột", sealed={"reporter": "kín"})
    head = next(iter(ward.shelf.heads().values()))
    line = courier._line(ward.shelf, head, 0)
    manifest = manifest_of(ward.office, province.shelf.own.id, (line,), haicap="courier/1")
    its = courier.items(ward.shelf, head.description.id(), 0, head.seq)
    parts = [lines.written([lines.Part(head.description, 0, head.description.digest(), its)]), ()]
    clear = b"".join(container._clear(manifest, parts, ward.office.sign))
    file = tmp_path / "before"
    file.write_bytes(pyrage.encrypt(clear, [x25519.Recipient.from_str(province.shelf.recipient)]))
    assert [outcome.why for outcome in province.unpacks(file).outcomes] == [None]
    assert province.state(leak).state == ward.state(leak).state
