"""The shelf on PostgreSQL: this installation exchanges with nodes in memory, as their parent and as their child."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import OperationalError, connections
from psycopg import errors
from pyrage import x25519

from cast import WARD, unit
from foreign import commented, raised, stepped
from haicap.journal import blob_parts, erasing, intake, reference
from haicap.journal.binary import done, rows
from haicap.journal.bulk import Bulk
from haicap.journal.checkpoint import checkpoint
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry, Intake, Node
from haicap.journal.node import own
from haicap.journal.pen import Author, Pen, writing
from haicap.journal.rebuild import rebuild
from haicap.journal.refolding import tables
from haicap.journal.sealing import open_sealed
from haicap.journal.verify import verify
from haicap.matters.attaching.entries import Attached
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.nodes.database import Database
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.records import Contact, Incident, Lying, Member, Outset, Parent, Wants
from haicap.nodes.exchange.shelf import Busy, Full
from haicap.nodes.exchange.signing import Signed
from haicap.nodes.exchange.stretches import parts
from haicap.nodes.exchange.wire import Request, Response
from haicap.nodes.models import Contact as ContactRow
from haicap.nodes.models import FarHead, Peer
from haicap.units.actions import unit_id
from haicap.units.entries import GrantGiven, GrantWithdrawn, Label, UnitOpened
from haicap.units.fold import posts, units
from haicap.units.loading import Founder, put_in_post, seeded
from haicap.units.models import Bearer
from journals import Journal
from nodes.memory import Clock, Disk, Identity, MemoryShelf, Nobody, World
from nodes.world import invites, joins, machine, writes
from pages import person

SUBJECT, OTHER = UUID(int=1 << 120), UUID(int=(1 << 120) + 1)
NOW = datetime.now(UTC)
DAY = date(2026, 1, 5)
LABEL = Label(vi="Đơn vị thử", en="Test unit")
UNITS: tuple[tuple[str, Any, str | None], ...] = (
    ("BCA", "ministry", None), ("31", "province", "BCA"), (WARD, "commune", "31"), ("11329", "commune", "31"),
)  # fmt: skip


class Door:
    """The line to a node, over which everything goes well."""

    def __init__(self, shelf: Any) -> None:
        self.shelf = shelf

    def ask(self, request: Request) -> Response:
        return answer(self.shelf, request)


def meet(child: Any, parent: Any) -> Contact:
    """One contact in which nothing may go wrong."""
    assert child.parent is not None
    done = contact(child, Door(parent), child.parent, until=lambda: False)
    assert done.faults == ()
    return done


@pytest.fixture
def shelf(start_from: Callable[[Callable[[], object]], None], own_folder: Path) -> Database:
    """This installation with few units, so that they soon come over, and a folder of its own."""
    start_from(few_units)
    return Database()


def few_units() -> None:
    emptied = [table._meta.db_table for table, _ in tables()]
    Journal(Path()).tamper(f"TRUNCATE journal_entry, journal_stream, {', '.join(emptied)}")
    desk = Bulk(own("worker"), seeded("few"))
    pen = Pen(Founder(desk.own.id), NOW, desk)
    for code, level, above in UNITS:
        body = UnitOpened(
            code=code, name=LABEL, level=level, sort=level, parent=above, province="31" if above else None,
            since=DAY, act="QĐ 1",
        )  # fmt: skip
        pen.write(units, uuid7(), unit_id(code), body, unit=code, grant=None, channel="reference")
    desk.load("worker")
    desk = Bulk(own("worker"), seeded("people"))
    pen = Pen(Founder(desk.own.id), NOW, desk)
    for account, code in (("clerk", WARD), ("neighbour", "11329")):
        put_in_post(pen, account=account, name=account, unit=unit(code), role="clerk", label=LABEL, since=DAY)
    put_in_post(pen, account="operator", name="x", unit=unit("31"), role="operator", label=LABEL, since=DAY)
    desk.load("worker")


def in_memory(unit: str, parent: Parent | None = None) -> MemoryShelf:
    its = Identity(uuid7(), Ed25519PrivateKey.generate(), x25519.Identity.generate())
    return MemoryShelf(Disk(), its, unit, Clock(World(NOW)), os.urandom, parent)


@pytest.fixture
def child(shelf: Database) -> MemoryShelf:
    """The ward's own machine, joined below this installation."""
    key = bytes(Node.objects.get(ours=True).public_key)
    it = in_memory(WARD, Parent(shelf.own.id, "31", "", key, shelf.recipient))
    named = {
        "node": it.own.id, "incarnation": it.own.incarnation, "public_key": it.identity.public_key.hex(),
        "recipient": it.recipient,
    }  # fmt: skip
    joins(invites(WARD), machine().model_copy(update=named))
    return it


@pytest.fixture
def parent(shelf: Database) -> MemoryShelf:
    """A province in memory, below which this installation is the ward's machine."""
    it = in_memory("31")
    key = bytes(Node.objects.get(ours=True).public_key)
    it.invite("code", WARD)
    it.join(
        replace(
            joining(), node=shelf.own.id, incarnation=shelf.own.incarnation, public_key=key, recipient=shelf.recipient
        )
    )  # fmt: skip
    Peer.objects.create(
        id=it.own.id, url="", name="Công an thành phố", public_key=it.identity.public_key.hex(), recipient=it.recipient,
        member=uuid7(), unit=WARD, province="31", since=NOW,
    )  # fmt: skip
    Node.objects.using("owner").filter(ours=True).update(authority=it.own.id)
    return it


def joining() -> Any:
    from haicap.nodes.exchange.records import Joining

    return Joining("code", uuid7(), uuid7(), "Máy thử", b"", "", "1")


@contextmanager
def at(shelf: Any, who: Author | None = None) -> Iterator[Pen]:
    """Somebody writes there: the node itself, unless named."""
    if isinstance(shelf, Database):
        with writing(
            who or Founder(shelf.own.id), at=NOW, subjects=[SUBJECT], units=[WARD], using="worker"
        ) as pen:
            yield pen
    else:
        with shelf.writing(who.id if who else shelf.own.id) as pen:
            yield pen


def put(shelf: Any, body: Any, *, who: Author | None = None, grant: UUID | None = None, **more: Any) -> UUID:
    """One entry about the matter; its id."""
    entry = uuid7()
    with at(shelf, who) as pen:
        pen.write(matters, entry, SUBJECT, body, unit=WARD, grant=grant, **more)
    return entry


def same(shelf: Database, other: MemoryShelf) -> list[UUID]:
    """Both have the matter's entries in the same order; their ids."""
    here = [entry.id for entry in history(SUBJECT, "worker")]
    assert here == [entry.id for entry in other.order(SUBJECT)]
    assert verify(processes=1).problems == []
    return here


def status() -> str | None:
    return MatterRow.objects.using("worker").filter(pk=SUBJECT).values_list("status", flat=True).first()


# As a parent


def test_a_child_s_work_is_taken_in_and_comes_back_taken(shelf: Database, child: MemoryShelf) -> None:
    first = put(child, raised())
    assert meet(child, shelf).pushed == 1
    second = put(shelf, stepped("answered"))
    third = put(child, commented())
    done = meet(child, shelf)
    assert (done.pushed, done.held) == (1, 0)
    assert same(shelf, child) == [first, second, third]
    assert status() == "answered"
    assert Intake.objects.using("worker").get().up_to == 2
    quiet = meet(child, shelf)
    assert (quiet.pushed, quiet.pulled, quiet.good) == (0, 0, True)
    row = ContactRow.objects.get(node=child.own.id)
    assert (row.version, row.up, row.fault) == ("1.0", 0, "")
    assert shelf.kept(child.own.id) is None
    put(child, commented())
    child.witness()
    meet(child, shelf)
    kept = shelf.kept(child.own.id)
    assert kept is not None
    assert "Máy thử" in verify(processes=1).says


def test_what_nobody_was_allowed_to_is_held_and_may_be_released(shelf: Database, child: MemoryShelf) -> None:
    put(child, raised())
    held = put(child, stepped("answered"), who=Nobody(uuid7()))
    assert meet(child, shelf).held == 1
    assert status() == "raised"
    batch = _all_of(child)
    assert shelf.receive(batch) == {held: "not-a-person"}
    with writing(Founder(shelf.own.id), at=NOW, subjects=[SUBJECT], units=[WARD]) as pen:
        intake.release(pen, entry=held, unit=WARD, grant=None)
    assert status() == "answered"
    assert shelf.receive(batch) == {}
    meet(child, shelf)
    same(shelf, child)


def test_only_the_same_bytes_are_the_same_entry(shelf: Database, child: MemoryShelf) -> None:
    put(child, raised())
    put(child, commented())
    meet(child, shelf)
    first, second = (item.payload for item in _all_of(child).items)
    assert shelf.lie_here([second, first])
    assert shelf.lie_here([])
    assert not shelf.lie_here([first, second.replace(b'"at":"2', b'"at":"1')])
    assert not child.lie_here([first, second.replace(b'"at":"2', b'"at":"1')])


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_batch_waits_for_the_disk_unless_more_follows(
    shelf: Database, child: MemoryShelf, goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(child, shelf)
    put(child, raised())
    said: list[tuple[Any, ...]] = []
    receive = intake.receive

    def heard(*given: Any, **more: Any) -> Any:
        said.extend(rows("SHOW synchronous_commit", [], "worker"))
        return receive(*given, **more)

    monkeypatch.setattr(intake, "receive", heard)
    done("SET synchronous_commit TO on", [], "worker")
    shelf.receive(_all_of(child), goes_on=goes_on)
    assert said == [("off" if goes_on else "on",)]
    assert rows("SHOW synchronous_commit", [], "worker") == [("on",)]


def _all_of(child: MemoryShelf) -> Any:
    head = child.head(child.own.stream(WARD, "work").id())
    assert head is not None
    return intake.Batch(head.description, 0, tuple(child.stored(head.description.id(), 0, 99)), head.hash)


def grants(account: str) -> list[UUID]:
    return [right.grant for right in person(account).rights if right.allows("matter.raise")]


@pytest.mark.parametrize(
    ("account", "reason"), [("clerk", None), ("neighbour", "grant-elsewhere"), ("", "grant-unknown")]
)
def test_a_grant_is_judged_by_what_is_known_here(
    shelf: Database, child: MemoryShelf, account: str, reason: str | None
) -> None:
    grant = grants(account)[0] if account else uuid7()
    entry = put(child, raised(), who=Nobody(uuid7()), grant=grant)
    meet(child, shelf)
    assert shelf.receive(_all_of(child)) == ({entry: reason} if reason else {})


def test_a_grant_for_some_kinds_of_matter_is_for_those(shelf: Database, child: MemoryShelf) -> None:
    post = Bearer.objects.get(person=person("clerk").id).subject
    given: dict[str, UUID] = {}
    for kind in ("difficulty", "crime-report"):
        given[kind] = uuid7()
        body = GrantGiven(actions=("matter.*",), over="unit", kinds=(kind,), since=date(2026, 1, 1))
        writes(
            lambda pen, kind=kind, body=body: pen.write(
                posts, given[kind], post, body, unit=WARD, grant=None, channel="reference"
            ),
            WARD, post, Founder(shelf.own.id),
        )  # fmt: skip
    put(child, raised(), who=Nobody(uuid7()), grant=given["difficulty"])
    meet(child, shelf)
    put(child, commented(), who=Nobody(uuid7()), grant=given["difficulty"])
    wrong = put(child, commented(), who=Nobody(uuid7()), grant=given["crime-report"])
    meet(child, shelf)
    assert shelf.receive(_all_of(child)) == {wrong: "grant-kind"}


def test_digests_of_what_governs_move_with_it(shelf: Database) -> None:
    def digests() -> tuple[int, Mapping[str, str]]:
        its = [it for it in shelf.heads().values() if it.description.channel == "reference"]
        return len(its), parts(its)

    before = shelf.governing()
    assert before == digests()
    post, grant = Bearer.objects.get(person=person("clerk").id).subject, grants("clerk")[0]
    body = GrantWithdrawn(grant=grant, since=NOW.date())
    writes(
        lambda pen: pen.write(posts, uuid7(), post, body, unit=WARD, grant=None, channel="reference"),
        WARD, post, Founder(shelf.own.id),
    )  # fmt: skip
    assert before != shelf.governing() == digests()


def test_what_was_done_after_the_grant_had_ended_counts_with_a_mark(
    shelf: Database, child: MemoryShelf
) -> None:
    post, grant = Bearer.objects.get(person=person("clerk").id).subject, grants("clerk")[0]
    body = GrantWithdrawn(grant=grant, since=NOW.date() - timedelta(days=3))
    writes(
        lambda pen: pen.write(posts, uuid7(), post, body, unit=WARD, grant=None, channel="reference"),
        WARD, post, Founder(shelf.own.id),
    )  # fmt: skip
    entry = put(child, raised(), who=Nobody(uuid7()), grant=grant)
    meet(child, shelf)
    assert Intake.objects.using("worker").get().state["withdrawn"] == [str(entry)]
    assert status() == "raised"


# As a child


def test_our_work_goes_up_and_comes_back_taken(shelf: Database, parent: MemoryShelf) -> None:
    first = put(shelf, raised())
    checkpoint(at=NOW)
    assert shelf.written() == 1
    done = meet(shelf, parent)
    assert (done.pushed, done.held, done.good) == (1, 0, True)
    second = put(parent, commented("ở tỉnh"))
    third = put(shelf, commented("ở phường"))
    meet(shelf, parent)
    assert same(shelf, parent) == [first, second, third]
    assert meet(shelf, parent).pulled == 0
    assert parent.kept(shelf.own.id) is not None
    mine = shelf.own.stream(WARD, "work").id()
    assert FarHead.objects.get(pk=mine).seq == 2
    assert ContactRow.objects.get(node=parent.own.id).last is not None
    assert shelf.vouched(parent.own.stream(WARD, "work").id()) is not None
    put(parent, commented())
    parent.witness()
    meet(shelf, parent)
    assert "Công an thành phố" in verify(processes=1).says


def test_what_the_parent_holds_does_not_count_here_either(shelf: Database, parent: MemoryShelf) -> None:
    put(shelf, raised())
    put(shelf, stepped("answered"), who=Nobody(uuid7()))
    assert status() == "answered"
    assert meet(shelf, parent).held == 1
    assert status() == "raised"
    same(shelf, parent)


def forgotten(upto: int) -> None:
    """The database is put back to where our line had so many entries."""
    stream = own("owner").stream(WARD, "work")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM journal_entry WHERE stream_id = %s AND seq > %s", [stream.id(), upto])
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
        cursor.execute(
            "UPDATE journal_stream SET (seq, hash) = (SELECT seq, hash FROM journal_entry WHERE stream_id = %s"
            " AND seq = %s) WHERE id = %s",
            [stream.id(), upto, stream.id()],
        )
    rebuild()


def test_an_old_image_gets_back_what_it_has_lost_and_lives_on_anew(
    shelf: Database, parent: MemoryShelf
) -> None:
    ids = [put(shelf, raised()), put(shelf, stepped("answered")), put(shelf, commented())]
    meet(shelf, parent)
    before = shelf.own
    forgotten(1)
    assert status() == "raised"
    meet(shelf, parent)
    assert same(shelf, parent) == ids
    assert (shelf.own.id, shelf.own.incarnation > before.incarnation) == (before.id, True)
    renewal = shelf.renewal()
    assert (renewal.reason, renewal.lines[before.stream(WARD, "work").id()]) == ("restored", 1)
    known = parent.member(shelf.own.id)
    assert known is not None
    assert known.incarnations == (before.incarnation, shelf.own.incarnation)


def test_an_old_image_that_wrote_on_keeps_both(shelf: Database, parent: MemoryShelf) -> None:
    ids = [put(shelf, raised()), put(shelf, stepped("answered")), put(shelf, commented())]
    meet(shelf, parent)
    old = shelf.own.stream(WARD, "work").id()
    forgotten(1)
    other = put(shelf, stepped("removed"))
    meet(shelf, parent)
    assert same(shelf, parent) == [*ids, other]
    assert status() == "answered"
    assert MatterRow.objects.using("worker").get(pk=SUBJECT).aside == [str(other)]
    assert shelf.heads()[old].seq == 3
    assert shelf.heads()[shelf.own.stream(WARD, "work").id()].seq == 1


def test_the_parent_forgets_and_is_told_again(shelf: Database, parent: MemoryShelf) -> None:
    put(shelf, raised())
    meet(shelf, parent)
    image = list(parent.disk.log)
    put(parent, stepped("answered"))
    put(parent, commented())
    meet(shelf, parent)
    again = MemoryShelf(Disk(image), parent.identity, "31", parent.clock, os.urandom)
    put(again, commented("sau khi khôi phục"))
    for _ in range(3):
        meet(shelf, again)
    assert len(same(shelf, again)) == 4


# Beside entries


@pytest.mark.parametrize("upwards", [True, False])
def test_keys_and_files_follow_the_entries(shelf: Database, parent: MemoryShelf, upwards: bool) -> None:
    giver, taker = (shelf, parent) if upwards else (parent, shelf)
    entry = put(giver, raised(), sealed={"reporter": "0900"})
    data = os.urandom(300_000)
    name = sha256(data).hexdigest()
    put(
        giver, Attached(blob=name, size=9, media="image/jpeg", name="a", personal=False, about="", picture="")
    )
    if upwards:
        blob_parts.write(name, 0, data)
        assert blob_parts.finish(name)
    else:
        with parent.disk.change():
            parent.disk.put("blob", name, data)
    for _ in range(4):
        meet(shelf, parent)
    assert taker.blob_size(name) == len(data)
    assert taker.read_blob(name, 100, 50) == data[100:150]
    assert taker.wants(None).keys == ()
    assert taker.wants(None).blobs == {}
    its = next(it for it in history(SUBJECT, "worker") if it.id == entry)
    assert its.sealed is not None
    assert open_sealed(SUBJECT, entry, its.sealed, using="worker") == {"reporter": "0900"}
    given = Entry.objects.using("worker").filter(subject=SUBJECT, kind="key.given")
    holders = {json.loads(bytes(it.payload))["body"]["node"] for it in given}
    assert (str(taker.own.id) in holders) is upwards
    same(shelf, parent)


def test_an_order_to_erase_is_carried_out_when_it_comes(shelf: Database, parent: MemoryShelf) -> None:
    put(shelf, raised(), sealed={"reporter": "0900"})
    meet(shelf, parent)
    parent.erase(SUBJECT, WARD)
    meet(shelf, parent)
    order = erasing.order_of(SUBJECT, using="worker")
    assert order is not None
    assert shelf.own.id in {holder.node for holder in order.holders if holder.destroyed}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_subjectkey WHERE subject = %s", [SUBJECT])
        assert cursor.fetchone() == (0,)
    wanted = [it["sealed"]["key_id"] for it in _payloads() if it["sealed"]]
    assert shelf.give_keys(wanted, parent.own.id, parent.recipient).destroyed == tuple(wanted)
    assert verify(processes=1).problems == []


def _payloads() -> list[Any]:
    return [json.loads(bytes(it.payload)) for it in Entry.objects.using("worker").filter(subject=SUBJECT)]


def test_a_checkpoint_is_kept_in_the_place_of_the_one_before(shelf: Database, child: MemoryShelf) -> None:
    assert shelf.newest() is None
    put(shelf, raised())
    newest = shelf.newest()
    assert newest is not None
    assert list(newest.statement.heads) == [shelf.own.stream(WARD, "work").id()]
    assert shelf.newest() == newest


# Who this is, and what people see


def test_whose_node_it_is(shelf: Database) -> None:
    assert (shelf.unit, shelf.units, shelf.parent) == ("BCA", frozenset(), None)
    assert shelf.free() > 0
    assert (shelf.name, shelf.recipient) == (
        Node.objects.get(ours=True).name,
        Node.objects.get(ours=True).recipient,
    )
    assert shelf.signer.node == shelf.own.id
    assert shelf.renewal().lines == {}


@pytest.mark.parametrize(
    ("unit", "above", "channels"),
    [(WARD, "31", {"work", "returns", "reference"}), ("31", "BCA", {"returns", "reference"})],
)
def test_whose_child_it_is(shelf: Database, unit: str, above: str, channels: set[str]) -> None:
    Peer.objects.create(
        id=uuid7(), url="https://x", name="x", public_key="aa" * 32, recipient="age1x", member=uuid7(), unit=unit,
        province="31", since=NOW,
    )  # fmt: skip
    parent = shelf.parent
    assert parent is not None
    assert (parent.unit, parent.url, parent.channels) == (above, "https://x", channels)
    assert shelf.unit == unit
    assert unit in shelf.units
    assert (WARD in shelf.units, len(shelf.units) > 1) == (True, unit == "31")


def asked(node: UUID, life: UUID | None = None, nonce: str = "a") -> Signed:
    return Signed(node, life or uuid7(), NOW, {"v": "1"}, "/sync/heads", nonce)


def test_a_nonce_is_used_once(shelf: Database) -> None:
    node, until = uuid7(), datetime.now(UTC) + timedelta(minutes=10)
    its = [asked(node, nonce=nonce) for nonce in ("a", "b", "a")]
    assert [shelf.fresh(it, until) for it in its] == [True, True, False]


def test_what_could_not_be_brought_over_waits(shelf: Database, parent: MemoryShelf) -> None:
    put(shelf, raised())
    stream = str(shelf.own.stream(WARD, "work").id())
    for reason in ("foreign", "busy"):
        shelf.tried("entries", stream, reason)
    shelf.tried("blob", "00" * 32, "unknown")
    shelf.tried("key", "11" * 32, "unknown")
    waiting = {it.sort: it for it in shelf.waiting()}
    assert (waiting["entries"].count, waiting["entries"].attempts, waiting["entries"].reason) == (
        1,
        2,
        "busy",
    )
    assert (waiting["blob"].count, waiting["key"].count) == (0, 1)
    for sort, what in (("entries", stream), ("blob", "00" * 32), ("key", "11" * 32)):
        shelf.tried(sort, what, None)  # type: ignore[arg-type]
    assert shelf.waiting() == []


def test_a_contact_that_failed_is_noted_as_such(shelf: Database, parent: MemoryShelf) -> None:
    class Cut:
        def ask(self, request: Request) -> Response:
            from haicap.nodes.exchange.wire import Down

            raise Down("refused")

    assert shelf.parent is not None
    contact(shelf, Cut(), shelf.parent, until=lambda: False)
    row = ContactRow.objects.get(node=parent.own.id)
    assert (row.last, row.fault, row.attempts) == (None, "refused", 1)


def test_a_contact_sets_out_from_what_is_remembered_written_and_missing(
    shelf: Database, parent: MemoryShelf
) -> None:
    assert shelf.outset() == Outset(None, 0, False)
    put(shelf, raised())
    meet(shelf, parent)
    done(
        "INSERT INTO journal_wanted (key_id, subject, stream) VALUES ('\\x00', %b, %b)",
        [uuid7(), uuid7()],
        "worker",
    )
    its = shelf.outset()
    assert its.remembered is not None
    assert (its.remembered.quiet, its.written, its.lacks) == (1, 1, True)


def test_what_lies_here_for_a_child_is_told(shelf: Database) -> None:
    node, life = uuid7(), uuid7()
    member = Member(node, WARD, frozenset({WARD}), b"", "", "joined", (life,))
    put(shelf, raised())
    for it in (node, uuid7()):
        shelf.note_incident(Incident(it, "foreign", "x", NOW))
    incident = Incident(node, "foreign", "x", NOW)
    assert shelf.lying(member, reference=True) == Lying(shelf.heads({WARD}), Wants(), (incident,))
    with reference.holding():
        assert shelf.fresh(asked(node), NOW + timedelta(minutes=10))
        assert shelf.lying(member, reference=True) == Lying(shelf.heads({WARD}), Wants(), (incident,))
        assert shelf.lying(member, reference=False).heads == shelf.heads({WARD}, reference=False)


def test_what_a_child_said_it_has_is_known_while_it_lives_the_same_life(shelf: Database) -> None:
    node, life = uuid7(), uuid7()
    member = Member(node, WARD, frozenset({WARD}), b"", "", "joined", (life,))
    ContactRow.objects.create(node=node)
    assert shelf.lying(member, reference=False).has == ""
    shelf.note_has(node, life, "m", {})
    assert shelf.lying(member, reference=False).has == "m"
    assert shelf.lying(replace(member, incarnations=(life, uuid7())), reference=False).has == ""


@pytest.mark.parametrize(
    ("fault", "told"),
    [(OSError(ENOSPC, "full"), Full), (errors.DiskFull(), Full), (errors.DeadlockDetected(), Busy),
     (OSError(5, "other"), OSError), (OperationalError("other"), OperationalError)],
)  # fmt: skip
def test_what_storage_lacks_is_told_in_the_shelf_s_words(
    shelf: Database, monkeypatch: pytest.MonkeyPatch, fault: Exception, told: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(blob_parts, "write", fail)
    with pytest.raises(told):
        shelf.write_blob("00" * 32, 0, b"")
