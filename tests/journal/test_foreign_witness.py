"""What other nodes have witnessed is held against what lies here, and foreign streams are verified as our own."""

from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections

from foreign import AT, UNIT, Line, commented, raised
from haicap.journal.checkpoint import for_others
from haicap.journal.entry import instant
from haicap.journal.findings import Problem
from haicap.journal.ids import uuid7
from haicap.journal.intake import receive
from haicap.journal.node import own, public_key
from haicap.journal.pen import writing
from haicap.journal.witness import Head, Signed, Statement, keep, kept
from haicap.matters.fold import matters
from haicap.units.loading import Founder
from journals import Journal

SUBJECT = UUID(int=1 << 120)
KEY = Ed25519PrivateKey.generate()


def known(line: Line, by: Ed25519PrivateKey = KEY) -> None:
    """The line's node is known by its key."""
    with connections["worker"].cursor() as cursor:
        its = [line.node, "Phường Thử", line.incarnation, by.public_key().public_bytes_raw(), ""]
        cursor.execute("SELECT journal_know(%s, %s, %s, %s, %s)", its)


def signed(line: Line, heads: dict[UUID, Head], by: Ed25519PrivateKey = KEY) -> Signed:
    made = Statement(uuid7(), line.node, instant(AT), False, heads)
    return Signed(made, made.write(), by.sign(made.write()))


@pytest.fixture
def line(journal: Journal) -> Line:
    """A foreign stream of three entries, all of which are here, and one of our own."""
    it = Line()
    it.write(SUBJECT, raised())
    it.write(SUBJECT, commented("a"))
    it.write(SUBJECT, commented("b"))
    receive(it.batch(), {})
    known(it)
    return it


def places(problems: list[Problem]) -> set[tuple[str | None, int | None]]:
    return {(problem.stream, problem.seq) for problem in problems}


def test_a_foreign_stream_is_verified_as_our_own(journal: Journal, line: Line) -> None:
    journal.checkpoint()
    assert journal.problems(refold=True) == []
    journal.tamper("DELETE FROM journal_entry WHERE stream_id = %s AND seq = 2", line.id)
    assert (str(line.id), 2) in places(journal.problems())


def test_our_lines_are_held_against_what_the_parent_has_seen(journal: Journal, line: Line) -> None:
    mine = own().stream(UNIT, "work").id()
    ((seq, digest),) = journal.ask("SELECT seq, encode(hash, 'hex') FROM journal_stream WHERE id = %s", mine)
    keep(signed(line, {mine: Head(seq, digest), line.id: Head(9, "00" * 32), uuid7(): Head(1, "00" * 32)}))
    assert journal.problems() == []
    assert "Phường Thử" in journal.verify().says
    keep(signed(line, {mine: Head(seq, "00" * 32)}))
    assert places(journal.problems()) == {(str(mine), 1)}
    keep(signed(line, {mine: Head(seq + 1, "00" * 32)}))
    assert places(journal.problems()) == {(str(mine), seq + 1)}


def test_their_lines_are_held_against_what_they_have_signed(journal: Journal, line: Line) -> None:
    keep(signed(line, {line.id: Head(2, line.hashes()[2].hex())}))
    assert journal.problems() == []
    keep(signed(line, {line.id: Head(2, "00" * 32)}))
    assert places(journal.problems()) == {(str(line.id), 1)}


def test_a_checkpoint_that_its_node_has_not_signed_is_told(journal: Journal, line: Line) -> None:
    keep(signed(line, {}, Ed25519PrivateKey.generate()))
    assert ["Phường Thử" in problem.what for problem in journal.problems()] == [True]
    journal.tamper("UPDATE journal_witness SET statement = '{'")
    assert len(journal.problems()) == 1


def test_what_is_kept_of_a_node_is_its_newest(journal: Journal, line: Line) -> None:
    assert kept(line.node) is None
    for number in (1, 2):
        keep(signed(line, {line.id: Head(number, "00" * 32)}))
    found = kept(line.node)
    assert found is not None
    assert found.statement.heads == {line.id: Head(2, "00" * 32)}


def test_others_are_told_of_our_own_work_anew_only_when_it_has_moved(journal: Journal, line: Line) -> None:
    first = for_others(at=AT)
    assert first is not None
    assert first.genuine(public_key() or b"")
    assert list(first.statement.heads) == [own().stream(UNIT, "work").id()]
    assert for_others(at=AT) == first
    with writing(Founder(own().id), at=AT, subjects=[SUBJECT], units=[UNIT]) as pen:
        pen.write(matters, uuid7(), SUBJECT, commented(), unit=UNIT, grant=None)
    second = for_others(at=AT)
    assert second is not None
    assert second.statement.id > first.statement.id
    assert [head.seq for head in second.statement.heads.values()] == [2]
    assert journal.problems() == []


def test_without_any_work_nothing_is_told(journal: Journal) -> None:
    assert for_others(at=AT) is None


def test_what_a_node_witnessed_before_it_changed_its_key_stays_witnessed(
    journal: Journal, line: Line
) -> None:
    """Until its next contact nothing else of it is here."""
    head = {line.id: Head(3, line.hashes()[3].hex())}
    keep(signed(line, head))
    for _ in range(2):
        for key in (Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()):
            known(line, key)
            known(line, key)
        assert "is not signed by it" not in str(journal.problems())
    keep(signed(line, head, Ed25519PrivateKey.generate()))
    assert "is not signed by it" in str(journal.problems())
