"""A matter between provinces: by courier file, proven, with its files and keys, and its outcome back."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from cast import WARD
from foreign import Line
from haicap.journal.carrying import Left
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.intake import Batch, heads, receive
from haicap.journal.models import Node
from haicap.journal.node import keys
from haicap.journal.verify import verify
from haicap.matters.afterwards import comment
from haicap.matters.entries import Stepped
from haicap.matters.fold import matters
from haicap.matters.handling import hand_over
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.matters.transferring.between import NothingToCarry, pack_matter
from haicap.matters.transferring.entries import Arrived
from haicap.matters.transferring.opening import unsealed
from haicap.matters.transferring.sweeping import sweep
from haicap.nodes.courier import container, neighbours, packing
from haicap.nodes.courier.applying import Unpacked
from haicap.nodes.courier.book import Book
from haicap.nodes.courier.container import Manifest, Wrong
from haicap.nodes.courier.entries import entries_part
from haicap.nodes.courier.packing import Office, manifest_of
from haicap.nodes.courier.unpacking import unpack
from haicap.nodes.database import Database
from haicap.nodes.entries import NodeInvited, NodeJoined
from haicap.nodes.models import Peer
from haicap.units.rights import tell_database
from matters.acting import raises, who
from matters.test_transferring import CRIME, NOW, another, batch_of, does, erased_and_handed_over, now
from means.store import NEXT
from pages import browser, html

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"], transaction=True)
__all__ = ["another"]
HERE, THERE, THEIRS = "31", "01", "00004"  # two provinces, and a ward of the other
LINES = uuid4()


@dataclass
class Province:
    """A province's installation: its identity and its folder; which database it has is told by `at_work`."""

    unit: str
    home: Path
    node: UUID
    incarnation: UUID
    settings: Settings

    def office(self) -> Office:
        return Office(Database(), Book(self.home / "courier"), keys().receiving, neighbours.neighbour)

    def told(self, ministry: UUID) -> Line:
        """What the ministry tells everybody of this province's node."""
        self.settings.HOME = self.home
        its = keys()
        line = Line(ministry, LINES, self.unit, "reference")
        membership = uuid7()
        invited = line.write(membership, NodeInvited(unit=self.unit, until=NOW, code="0"))
        joined = NodeJoined(
            node=self.node, incarnation=self.incarnation, name=f"Tỉnh {self.unit}", runs="1",
            public_key=its.signing.public_key().public_bytes_raw().hex(), recipient=str(its.receiving.to_public()),
        )  # fmt: skip
        line.write(membership, joined, after=invited)
        return line

    def at_work(self, ministry: UUID, lines: list[Line], known: list[Batch] | None = None) -> Office:
        """The database is this province's from here on; it has the ministry's word, and `known`."""
        self.settings.HOME = self.home
        its = {
            "public_key": keys().signing.public_key().public_bytes_raw(),
            "recipient": str(keys().receiving.to_public()),
        }
        owner = Node.objects.using("owner")
        founder = owner.get(ours=True)
        owner.filter(ours=True).update(id=self.node, incarnation=self.incarnation, **its)
        if founder.id != self.node:
            founder.ours = False
            founder.save(using="owner", force_insert=True)
        owner.create(id=ministry, name="Bộ", incarnation=LINES, public_key=b"", recipient="")
        Peer.objects.create(
            id=ministry, url="https://bo.example", name="Bộ", public_key="aa" * 32, recipient="age1x", member=uuid7(),
            unit=self.unit, province=self.unit, since=NOW,
        )  # fmt: skip
        for batch in [*(line.batch() for line in lines), *(known or ())]:
            receive(batch, None, at=NOW)
        return self.office()


@dataclass
class Two:
    """Two provinces that the ministry has told of each other; the first is at work."""

    here: Province
    there: Province
    ministry: UUID
    lines: list[Line]
    stick: Path
    another: Callable[[], None]

    def goes_to(self, province: Province, known: list[Batch] | None = None) -> Office:
        self.another()
        return province.at_work(self.ministry, self.lines, known)

    def packed(self, number: str, name: str = "file") -> Path:
        other = neighbours.of_unit(THERE) or neighbours.of_unit(HERE)
        assert other is not None
        pack_matter(
            (self.here if other.unit == THERE else self.there).office(), number, other, self.stick / name
        )
        return self.stick / name


@pytest.fixture
def two(
    own_database: str,
    another: Callable[[], None],
    tmp_path: Path,
    settings: Settings,
) -> Two:
    ours = Node.objects.get(ours=True)
    provinces = []
    for unit, node, incarnation in ((HERE, ours.id, ours.incarnation), (THERE, uuid4(), uuid4())):
        home = tmp_path / unit
        home.mkdir()
        provinces.append(Province(unit, home, node, incarnation, settings))
    here, there = provinces
    ministry = uuid4()
    lines = [it.told(ministry) for it in provinces]
    here.at_work(ministry, lines)
    return Two(here, there, ministry, lines, tmp_path, another)


def given(to: str = THEIRS) -> Matter:
    """A crime report of the ward, with a sealed remark, that was handed to a ward of the other province."""
    matter = raises("clerk", "crime-report", "Mất xe máy", CRIME, at=NOW)
    raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"}, at=NOW)
    does("clerk", matter.id, lambda pen: comment(
        pen, entry_id=uuid7(), subject=matter.id, law=law(), text="Anh A vắng nhà"))  # fmt: skip
    its: Matter = does(
        "chief", matter.id, lambda pen: hand_over(pen, entry_id=uuid7(), subject=matter.id, to=to)
    )
    return its


def brought(two: Two, office: Office, file: Path) -> Unpacked:
    return unpack(office, file, answer=file.with_suffix(".return"))


def test_a_province_knows_the_others_by_the_ministrys_word_and_no_child_of_its_own(two: Two) -> None:
    its = neighbours.of_unit(THERE)
    assert its == neighbours.neighbour(two.there.node)
    assert its is not None
    assert (its.unit, its.name, its.public_key) == (
        THERE,
        "Tỉnh 01",
        neighbours.keys_of(its.node, "worker")[0],
    )
    assert neighbours.neighbour(two.here.node) is None
    assert neighbours.of_unit(HERE) is None
    assert Database().member(two.there.node) is None


def test_a_matter_goes_over_whole_and_proven(two: Two) -> None:
    matter = given()
    file = two.packed(matter.number)
    office = two.goes_to(two.there)
    done = brought(two, office, file)
    assert done.manifest.kind == "matter"
    its = now(matter.id)
    assert (its.unit, its.holder, its.number, its.came) == (THEIRS, THEIRS, matter.number, (WARD,))
    assert {head.description.unit for head in heads().values() if head.description.channel == "work"} == {
        THEIRS
    }
    entries = history(matter.id, "worker")
    assert [it.kind for it in entries] == [
        "matter.raised", "matter.commented", "matter.handed_over", "journal.left", "matter.arrived"
    ]  # fmt: skip
    tell_database(who("outsider"))
    facts = unsealed(entries)
    assert facts[entries[0].id]["reporter"]["name"] == "Nguyễn Văn A"
    assert facts[entries[1].id]["comment"] == "Anh A vắng nhà"
    page = html(browser("outsider"), f"/matters/id/{matter.id}/")
    assert "kèm 4 bản ghi trước đó" in page
    assert "chứng cứ khớp" in page
    before = {stream: head.seq for stream, head in heads().items()}
    brought(two, office, file)
    assert {stream: head.seq for stream, head in heads().items()} == before
    assert verify(processes=1).problems == []
    assert sweep(NOW) == 0


def test_the_givers_file_says_once_that_the_matter_has_left(two: Two) -> None:
    matter = given()
    two.packed(matter.number)
    first = history(matter.id, "worker")
    assert [(it.unit, it.body.to) for it in first if isinstance(it.body, Left)] == [(WARD, THEIRS)]
    two.packed(matter.number, "again")
    assert history(matter.id, "worker") == first
    assert verify(processes=1).problems == []


def test_the_giver_is_told_that_it_arrived_and_then_what_came_of_it(two: Two) -> None:
    matter = given()
    file = two.packed(matter.number)
    with connections["worker"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry WHERE kind = 'key.given' AND subject = %s", [matter.id]
        )
        assert cursor.fetchone() == (1,)
    known = [batch_of(head) for head in heads().values()
             if head.description.channel == "work" and head.description.node == two.here.node]  # fmt: skip
    theirs = two.goes_to(two.there)
    brought(two, theirs, file)
    over = Stepped(step="decide", now="decided", outcome="not-opened", ends=True)
    does("outsider", matter.id, lambda pen: pen.write(
        matters, uuid7(), matter.id, over, unit=THEIRS, grant=None))  # fmt: skip
    assert sweep(NOW) == 0  # no file of the other province is written in here
    outcome = two.packed(matter.number, "outcome")
    ended = now(matter.id).ended
    ours = two.goes_to(two.here, known)
    assert ours.book.sent()[0].confirmed is None
    unpack(ours, file.with_suffix(".return"))
    sent = ours.book.sent()[0]
    assert (sent.matter, sent.confirmed is not None) == (matter.number, True)
    for _again in range(2):
        brought(two, ours, outcome)
    its = now(matter.id)
    assert (its.unit, its.state, its.outcome, its.ended) == (WARD, "decided", "not-opened", ended)
    assert verify(processes=1).problems == []


def test_only_what_was_handed_to_that_province_is_carried_there(two: Two) -> None:
    other = neighbours.of_unit(THERE)
    assert other is not None
    at_home = given(NEXT)
    for number in (at_home.number, "31-0-0"):
        with pytest.raises(NothingToCarry):
            pack_matter(two.here.office(), number, other, two.stick / "file")
    assert not (two.stick / "file").exists()
    assert two.here.office().book.sent() == []


def changed(two: Two, file: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The file as its own sender would have signed it with other things in it. The receiver is at work."""
    with container.opened(file, [keys().receiving]) as reading:
        manifest: Manifest = reading.manifest
    its = json.loads(json.dumps(manifest.about))
    change(its)
    other, to = two.stick / "changed", str(keys().receiving.to_public())
    two.here.settings.HOME = two.here.home
    container.write(
        other, manifest.model_copy(update={"about": its}), (), sign=keys().signing.sign, recipients=[to]
    )
    two.there.settings.HOME = two.there.home
    return other


def earlier(its: dict[str, Any]) -> Any:
    return its["arrival"]["body"]["earlier"]


CHANGES: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    (
        "proof",
        lambda it: earlier(it)[0].update(payload=earlier(it)[0]["payload"].replace("Mất xe", "Mất ví")),
    ),
    ("proof", lambda it: it["arrival"]["body"].update(stretches=[])),
    ("proof", lambda it: it["arrival"]["body"].update(signature="00" * 64)),
    ("proof", lambda it: it["arrival"]["body"].update(statement="{}")),
    ("another province", lambda it: it["arrival"].update(unit=NEXT)),
    ("do not come to", lambda it: it["arrival"].update(unit="00008")),
    ("not that province's", lambda it: it["arrival"]["body"].update(giver="00008")),
    ("do not come to", lambda it: it["arrival"].update(subject=str(uuid7()))),
    ("do not come to", lambda it: it["arrival"].update(entry=str(uuid7()))),
    ("cannot be read", lambda it: it["arrival"].update(more=1)),
    ("cannot be read", lambda it: it["arrival"]["body"].update(more=1)),
    ("keys", lambda it: it["arrival"].update(keys="AAAA")),
    ("cannot be read", lambda it: it.clear()),
]


def test_nothing_is_taken_of_what_is_not_proven(two: Two) -> None:
    matter = given()
    file = two.packed(matter.number)
    office = two.goes_to(two.there)
    before = {stream: head.seq for stream, head in heads().items()}
    for what, change in CHANGES:
        with pytest.raises(Wrong, match=what):
            brought(two, office, changed(two, file, change))
    assert {stream: head.seq for stream, head in heads().items()} == before
    assert not MatterRow.objects.using("worker").exists()
    brought(two, office, changed(two, file, lambda it: None))
    assert now(matter.id).unit == THEIRS


def test_an_erased_matter_goes_over_without_what_is_gone(two: Two) -> None:
    matter = erased_and_handed_over(THEIRS)
    file = two.packed(matter.number)
    brought(two, two.goes_to(two.there), file)
    arrived = next(it for it in history(matter.id, "worker") if isinstance(it.body, Arrived))
    assert (now(matter.id).unit, arrived.sealed, arrived.body.files) == (THEIRS, None, ())
    assert verify(processes=1).problems == []


def test_a_matter_that_lies_here_is_not_overwritten(two: Two) -> None:
    matter = given()
    file = two.packed(matter.number)
    office = two.goes_to(two.there)
    brought(two, office, file)
    does("outsider", matter.id, lambda pen: comment(
        pen, entry_id=uuid7(), subject=matter.id, law=law(), text="Đã nhận"))  # fmt: skip
    again = changed(two, file, lambda it: None)
    brought(two, office, again)
    MatterRow.objects.using("worker").get(pk=matter.id)
    two.another()
    two.there.at_work(two.ministry, two.lines)
    mine = raises("outsider", "difficulty", "Của tỉnh này", {"kind": "headquarters", "what": "Dột"}, at=NOW,
                  at_unit=THEIRS)  # fmt: skip
    with pytest.raises(Wrong):
        brought(
            two, two.there.office(), changed(two, file, lambda it: it["arrival"].update(subject=str(mine.id)))
        )
    assert now(mine.id) == mine


def test_streams_of_another_province_are_never_taken(two: Two) -> None:
    given()
    other = neighbours.of_unit(THERE)
    assert other is not None
    office = two.here.office()
    head = next(it for it in heads().values() if it.description.channel == "work")
    line = packing._line(office.shelf, head, 0)
    file = two.stick / "streams"
    its = packing.items(office.shelf, head.description.id(), 0, head.seq)
    parts = [entries_part(line, its), ()]
    container.write(
        file, manifest_of(office, other.node, (line,)), parts, sign=office.sign, recipients=[other.recipient]
    )
    with pytest.raises(packing.Stranger):
        packing.pack(office, other.node, two.stick / "all", every=True)
    theirs = two.goes_to(two.there)
    with pytest.raises(Wrong, match="no node that this one knows"):
        brought(two, theirs, file)
    assert not MatterRow.objects.using("worker").exists()


def test_a_matter_that_is_handed_back_comes_with_all_that_was_done(two: Two) -> None:
    matter = given()
    file = two.packed(matter.number)
    known = [batch_of(head) for head in heads().values()
             if head.description.channel == "work" and head.description.node == two.here.node]  # fmt: skip
    brought(two, two.goes_to(two.there), file)
    does("outsider", matter.id, lambda pen: comment(
        pen, entry_id=uuid7(), subject=matter.id, law=law(), text="Không thuộc địa bàn"))  # fmt: skip
    does("outsider", matter.id, lambda pen: hand_over(pen, entry_id=uuid7(), subject=matter.id, to=WARD))
    back = two.packed(matter.number, "back")
    office = two.goes_to(two.here, known)
    brought(two, office, back)
    its = now(matter.id)
    assert (its.unit, its.holder, its.came, its.comments) == (WARD, WARD, (WARD, THEIRS), 2)
    entries = history(matter.id, "worker")
    assert [it.kind.split(".")[1] for it in entries if it.kind != "key.given"] == [
        "raised", "commented", "handed_over", "left", "arrived", "commented", "handed_over", "left", "arrived"
    ]  # fmt: skip
    tell_database(who("chief"))
    assert {facts.get("comment") for facts in unsealed(entries).values()} >= {
        "Anh A vắng nhà",
        "Không thuộc địa bàn",
    }
    assert html(browser("chief"), f"/matters/id/{matter.id}/").count("chứng cứ khớp") == 2
    assert verify(processes=1).problems == []
