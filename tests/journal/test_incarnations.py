"""New lives of this node: what they begin with, and what becomes of a line that another has gone on with."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, connections

from foreign import AT, UNIT, Line, commented, raised, stepped
from haicap.journal.checkpoint import for_others
from haicap.journal.entry import instant
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.incarnations import begin_incarnation, begun, give_way
from haicap.journal.intake import Fork, hash_at, heads, receive, stored
from haicap.journal.models import Checkpoint, Node
from haicap.journal.node import earlier, keys, own
from haicap.journal.order import Taken
from haicap.journal.pen import writing
from haicap.journal.reference import holding, standing
from haicap.journal.witness import Head, Signed, Statement
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.units.loading import Founder
from journals import Journal

SUBJECT, OTHER = UUID(int=1 << 120), UUID(int=(1 << 120) + 1)


def write(subject: UUID, *texts: str) -> list[UUID]:
    """The subject is opened where it is not, and goes on."""
    ids = [uuid7() for _ in texts]
    with writing(Founder(own().id), at=AT, subjects=[subject], units=[UNIT]) as pen:
        for entry, text in zip(ids, texts, strict=True):
            body = stepped(text) if pen.state(matters, subject) else raised(text)
            pen.write(matters, entry, subject, body, unit=UNIT, grant=None)
    return ids


def mine(upto: int) -> Line:
    """A copy of this node's line as it was at `upto`, as its parent has it."""
    its = own().stream(UNIT, "work")
    return Line(its.node, its.incarnation, items=list(stored(its.id(), 0, upto)))


def ids(subject: UUID) -> list[UUID]:
    return [entry.id for entry in history(subject, "worker")]


def test_a_new_life_writes_lines_of_its_own(journal: Journal) -> None:
    first, old = own(), own().stream(UNIT, "work").id()
    assert begun() is None
    before = write(SUBJECT, "a", "b")
    second = begin_incarnation("restored", at=AT - timedelta(days=900))
    assert second == own()
    assert (second.id, second.code()) != (first.id, first.code())
    assert second.incarnation > first.incarnation
    its = begun()
    assert its is not None
    assert (its.reason, its.lines[old]) == ("restored", 2)
    after = write(SUBJECT, "c")
    assert heads()[second.stream(UNIT, "work").id()].seq == 1
    assert ids(SUBJECT) == before + after
    journal.checkpoint()
    assert journal.problems(refold=True) == []


def test_keys_are_those_of_the_file(journal: Journal) -> None:
    before = bytes(Node.objects.get(ours=True).public_key)
    (journal.home / "node.json").unlink()
    begin_incarnation("key")
    assert bytes(Node.objects.get(ours=True).public_key) != before


def test_what_an_earlier_key_has_signed_stays_signed_and_no_more(journal: Journal) -> None:
    for _ in range(2):
        write(SUBJECT, *("a" if not ids(SUBJECT) else ()), "b")
        journal.checkpoint()
        old, signing = own().stream(UNIT, "work"), keys().signing
        (journal.home / "node.json").rename(journal.home / "old.json")
        assert keys() is not None
        before = json.loads((journal.home / "old.json").read_text()).get("before", [])
        new = json.loads((journal.home / "node.json").read_text()) | {"before": before}
        (journal.home / "node.json").write_text(json.dumps(new))
        told_before = for_others(at=AT)
        begin_incarnation("key")
        assert journal.problems(refold=True) == []
        told = for_others(at=AT)
        assert told is not None
        assert told.genuine(keys().signing.public_key().public_bytes_raw())
        assert told_before is not None
        assert told.statement.heads == told_before.statement.heads
        assert journal.verify().not_yet_witnessed == 0
    assert (journal.home / "node.json").stat().st_mode & 0o777 == 0o600
    assert len(earlier()) == 2
    journal.checkpoint()  # nothing is new but the key
    first = Checkpoint.objects.using("worker").order_by("-id").first()
    assert first is not None
    assert Signed.of_row(first).statement.whole
    assert journal.problems(refold=True) == []
    forged = Statement(
        uuid7(AT + timedelta(days=900)), own().id, instant(AT), True, {old.id(): Head(1, "00" * 32)}
    )
    Checkpoint.objects.using("worker").bulk_create([
        Checkpoint(id=forged.id, statement=forged.write(), signature=signing.sign(forged.write()))
    ])  # fmt: skip
    assert ["is not signed by this node" in problem.what for problem in journal.problems()] == [True]


def test_a_tail_goes_on_in_the_new_line_and_the_old_one_as_the_parent_has_it(journal: Journal) -> None:
    first = write(SUBJECT, "a", "b")
    parents = mine(2)
    later = parents.write(SUBJECT, stepped("ở bản sao"), after=first[1])  # what a clone has written meanwhile
    parents.write(OTHER, raised("mới"))
    ours = write(SUBJECT, "c", "d") + write(OTHER, "khác")
    journal.checkpoint()
    with pytest.raises(Fork):
        receive(parents.batch(1), None)
    old = own().stream(UNIT, "work")
    begin_incarnation("restored", {old.id(): 2})
    assert ids(SUBJECT) == [*first, *ours[:2]]
    assert (heads()[old.id()].seq, heads()[own().stream(UNIT, "work").id()].seq) == (2, 3)
    assert journal.problems(refold=True) == []
    receive(parents.batch(2), None)
    assert hash_at(old.id(), 4) == parents.hashes()[4]
    assert ids(SUBJECT) == [*first, later, *ours[:2]]
    row = MatterRow.objects.using("worker").get(pk=SUBJECT)
    assert (row.status, row.aside) == ("ở bản sao", [str(entry) for entry in ours[:2]])
    assert len(ids(OTHER)) == 2
    journal.checkpoint()
    assert journal.problems(refold=True) == []


def test_a_line_may_be_given_up_from_its_beginning(journal: Journal) -> None:
    ours = write(SUBJECT, "a")
    old = own().stream(UNIT, "work")
    begin_incarnation("clone", {old.id(): 0})
    assert ids(SUBJECT) == ours
    assert old.id() not in heads()
    parents = Line(old.node, old.incarnation)
    parents.write(SUBJECT, commented())
    receive(parents.batch(), None)
    assert journal.problems(refold=True) == []


def test_what_was_given_up_stays_as_witness(journal: Journal) -> None:
    write(SUBJECT, "a", "b", "c")
    old = own().stream(UNIT, "work").id()
    begin_incarnation("restored", {old: 1})
    assert journal.ask("SELECT seq FROM journal_abandoned WHERE stream_id = %s ORDER BY seq", old) == [
        (2,),
        (3,),
    ]
    journal.tamper("UPDATE journal_abandoned SET payload = payload || ' ' WHERE seq = 2")
    assert [(problem.stream, problem.seq) for problem in journal.problems()] == [(str(old), 2)]
    journal.tamper("UPDATE journal_abandoned SET hash = sha256(hash) WHERE seq = 3")
    assert {problem.seq for problem in journal.problems()} == {2, 3}


def test_of_others_and_of_the_present_nothing_is_given_up(journal: Journal) -> None:
    write(SUBJECT, "a", "b")
    foreign = Line()
    foreign.write(SUBJECT, commented())
    receive(foreign.batch(), None)
    with pytest.raises(ValueError, match=str(foreign.id)):
        begin_incarnation("restored", {foreign.id: 0})
    assert begun() is None
    for line in (own().stream(UNIT, "work").id(), foreign.id, uuid7()):
        assert not give_way(line, 0)
    begin_incarnation("restored")
    with pytest.raises(ProgrammingError, match="never changed"), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE subject = %s", [SUBJECT])
    for using in ("default", "worker"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            connections[using].cursor() as cursor,
        ):
            cursor.execute("SELECT journal_abandon('x', 0)")


def test_a_copy_gives_way_to_what_its_writer_tells_now(journal: Journal) -> None:
    """The parent was restored, wrote on, and has moved what it wrote into a new line; ours was its old one."""
    child = Line()
    opening = child.write(SUBJECT, raised())
    Node.objects.using("owner").filter(ours=True).update(authority=(parent := Line()).node)
    receive(child.batch(), None)
    theirs = parent.write(SUBJECT, stepped("a"), after=opening)
    parent.write(child.id, Taken(stream=child.id, up_to=1))
    receive(parent.batch(), None)
    assert ids(SUBJECT) == [theirs, opening]
    assert not give_way(parent.id, 0)
    later = Line(parent.node, items=list(parent.items))
    receive(later.batch(), None)
    assert give_way(parent.id, 0)
    assert parent.id not in heads()
    told = Line(parent.node, parent.incarnation)
    told.write(child.id, Taken(stream=child.id, up_to=1))
    receive(told.batch(), None)
    assert ids(SUBJECT) == [opening, theirs]
    assert journal.problems(refold=True) == []


def test_what_is_kept_of_reference_is_read_again_when_one_of_its_lines_ends(journal: Journal) -> None:
    """All that was beyond its end has come in another line before: the newest entry is the same as ever."""
    old = Line(channel="reference")
    old.write(SUBJECT, raised())
    receive(old.batch(), None)
    receive(Line(old.node, channel="reference", items=list(old.items)).batch(), None)
    with holding():
        assert old.id in standing("heads", heads)
        assert give_way(old.id, 0)
        assert old.id not in standing("heads", heads)
    assert old.id not in standing("heads", heads)


def test_a_life_may_have_to_be_later_than_one_that_was_forgotten(journal: Journal) -> None:
    forgotten = uuid7(AT + timedelta(days=90_000))
    assert begin_incarnation("restored", later_than=forgotten).incarnation > forgotten
