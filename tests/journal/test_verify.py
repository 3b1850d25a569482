"""What somebody with the owner's powers may do to the journal, and how verification names it."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from haicap.journal.chain import Description
from haicap.journal.checkpoint import checkpoint
from haicap.journal.findings import Problem
from haicap.journal.node import own
from haicap.units.actions import unit_id
from journals import AT, WARD, Journal

ONE = "stream_id = %s AND seq = %s"


def places(problems: list[Problem]) -> set[tuple[str | None, int | None]]:
    return {(problem.stream, problem.seq) for problem in problems}


def seqs(problems: list[Problem], stream: UUID) -> set[int | None]:
    """Where a stream is wrong; every problem must be of that stream."""
    assert {problem.stream for problem in problems} <= {str(stream)}
    return {problem.seq for problem in problems}


def rechain(journal: Journal, stream: UUID) -> None:
    """Make hashes and head fit the bytes that stand there now: the chain holds, though it is another."""
    its = Description(own("owner").id, own("owner").incarnation, WARD, "reference")
    assert its.id() == stream
    journal.tamper(
        """WITH RECURSIVE line AS (
               SELECT 0::bigint AS seq, %s::bytea AS hash
               UNION ALL
               SELECT e.seq, sha256(line.hash || uuid_send(e.stream_id) || int8send(e.seq) || sha256(e.payload))
               FROM line JOIN journal_entry e ON e.stream_id = %s AND e.seq = line.seq + 1)
           UPDATE journal_entry e SET hash = line.hash FROM line WHERE e.stream_id = %s AND e.seq = line.seq""",
        its.digest(), stream, stream,
    )  # fmt: skip
    journal.tamper(
        "UPDATE journal_stream s SET (seq, hash) = (SELECT seq, hash FROM journal_entry WHERE stream_id = s.id"
        " ORDER BY seq DESC LIMIT 1) WHERE id = %s",
        stream,
    )


def test_an_untouched_journal_is_in_order(register: Journal) -> None:
    alone = register.verify(refold=True)
    assert (alone.ok, alone.witnessed, alone.not_yet_witnessed) == (True, 0, alone.entries)
    assert alone.says == "Internally consistent only: no checkpoint bears witness."
    register.write(2)
    register.checkpoint()
    register.write(3)
    report = register.verify(refold=True)
    assert (report.ok, report.entries, report.not_yet_witnessed) == (True, alone.entries + 5, 3)
    assert "witness.jsonl" in report.says
    assert "3 entries are newer" in report.says


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_pieces_also_in_several_processes_find_the_same(journal: Journal, processes: int) -> None:
    journal.write(60)
    journal.checkpoint()
    stream = journal.stream()
    journal.tamper(f"UPDATE journal_entry SET payload = payload || ' ' WHERE {ONE}", stream, 30)
    journal.tamper("DELETE FROM units_unitrow WHERE code = %s", WARD)
    whole = journal.verify(refold=True)
    pieces = journal.verify(refold=True, processes=processes, at_once=17)
    small = [journal.problems(at_once=n) for n in (7, 29, 113)]
    assert whole.entries == pieces.entries
    assert set(whole.problems) == set(pieces.problems)
    assert whole.problems[0] == Problem(
        str(stream), 30, "its hash is not that of its bytes and of the entry before"
    )
    assert small == [whole.problems[:1]] * 3


SPOILINGS = {
    "a byte of the payload": "payload = set_byte(payload, 40, 48 + (get_byte(payload, 40) + 1) %% 10)",
    "a byte of the hash": "hash = set_byte(hash, 7, get_byte(hash, 7) # 1)",
    "the copy of id": "id = gen_random_uuid()",
    "the copy of subject": "subject = gen_random_uuid()",
    "the copy of after": "after = NULL",
    "the copy of kind": "kind = 'unit.opened'",
    "the copy of version": "version = 2",
    "the copy of actor": "actor = gen_random_uuid()",
    "the copy of grant": '"grant" = gen_random_uuid()',
    "the copy of at": "at = at + interval '1 microsecond'",
    "the copy of sealed": "sealed = '\\x00'",
    "the copy of unit": "unit = '10525'",
    "the copy of channel": "channel = 'work'",
    "bytes that are no text": "payload = '\\xff'",
    "bytes that are no entry": "payload = '[]'",
}


@pytest.mark.parametrize("spoiling", SPOILINGS.values(), ids=SPOILINGS.keys())
def test_a_change_in_one_entry_is_named(journal: Journal, spoiling: str) -> None:
    journal.write(6)
    journal.checkpoint()
    assert journal.tamper(f"UPDATE journal_entry SET {spoiling} WHERE {ONE}", journal.stream(), 4) == 1
    assert seqs(journal.problems(), journal.stream()) == {4}


def test_every_entry_of_a_run_is_told_once(journal: Journal) -> None:
    journal.write(6)
    journal.tamper(
        "UPDATE journal_entry SET unit = '10525' WHERE stream_id = %s AND seq > 2", journal.stream()
    )
    assert [problem.what for problem in journal.problems()] == [
        "beside its bytes stand another unit or channel than the stream's (and so in the next 4)"
    ]


@pytest.mark.parametrize(("gone", "named"), [("seq = 4", 4), ("seq IN (3, 4)", 3), ("seq = 1", 1)])
def test_a_missing_entry_is_named(journal: Journal, gone: str, named: int) -> None:
    journal.write(6)
    journal.tamper(f"DELETE FROM journal_entry WHERE stream_id = %s AND {gone}", journal.stream())
    assert seqs(journal.problems(), journal.stream()) == {named}


def test_a_tail_cut_off_is_found_by_the_head_and_by_the_witness(journal: Journal) -> None:
    journal.write(6)
    journal.tamper("DELETE FROM journal_entry WHERE stream_id = %s AND seq > 4", journal.stream())
    assert seqs(journal.problems(), journal.stream()) == {5}
    rechain(journal, journal.stream())
    assert journal.problems() == []  # nobody else has seen the last two
    journal.write(2)
    journal.checkpoint()
    journal.tamper("DELETE FROM journal_entry WHERE stream_id = %s AND seq > 4", journal.stream())
    rechain(journal, journal.stream())
    assert seqs(journal.problems(), journal.stream()) == {5}


def test_a_stream_removed_with_all_that_knew_it_is_missed(journal: Journal) -> None:
    journal.write(2)
    journal.checkpoint()
    for table, column in (("journal_entry", "stream_id"), ("journal_stream", "id")):
        journal.tamper(f"DELETE FROM {table} WHERE {column} = %s", journal.stream())
    assert seqs(journal.problems(), journal.stream()) == {1}


def test_entries_without_their_stream_s_row_are_found(journal: Journal) -> None:
    journal.tamper("DELETE FROM journal_stream WHERE id = %s", journal.stream())
    assert (str(journal.stream()), 1) in places(journal.problems())


def copy_entry(journal: Journal, seq: int, to: int) -> None:
    others = 'payload, hash, unit, channel, id, subject, after, kind, version, actor, "grant", at, sealed'
    journal.tamper(
        f"INSERT INTO journal_entry (stream_id, seq, {others})"
        f" SELECT stream_id, %s, {others} FROM journal_entry WHERE {ONE}",
        to, journal.stream(), seq,
    )  # fmt: skip


def test_an_entry_added_at_either_end_is_found(journal: Journal) -> None:
    journal.write(4)
    copy_entry(journal, 5, 6)
    assert seqs(journal.problems(), journal.stream()) == {6}
    copy_entry(journal, 1, 0)
    assert seqs(journal.problems(), journal.stream()) == {0, 6}


def test_an_entry_pushed_in_between_is_found(journal: Journal) -> None:
    journal.write(4)
    for shift in (1000, -999):
        journal.tamper(
            "UPDATE journal_entry SET seq = seq + %s WHERE stream_id = %s AND seq > 3",
            shift,
            journal.stream(),
        )
    copy_entry(journal, 1, 4)
    assert seqs(journal.problems(), journal.stream()) == {4, 6}  # 5 with 4, and the head


def test_two_entries_that_changed_places_are_found(journal: Journal) -> None:
    journal.write(6)
    for shift, place in ((1000, 3), (-3, 6), (-994, 1003)):
        journal.tamper(f"UPDATE journal_entry SET seq = seq + %s WHERE {ONE}", shift, journal.stream(), place)
    assert {3, 6} <= seqs(journal.problems(), journal.stream())


@pytest.mark.parametrize(
    "change",
    ["unit = '10525'", "channel = 'work'", "node = gen_random_uuid()", "incarnation = gen_random_uuid()"],
)
def test_a_changed_description_of_a_stream_is_found(journal: Journal, change: str) -> None:
    journal.write(2)
    journal.tamper(f"UPDATE journal_stream SET {change} WHERE id = %s", journal.stream())
    assert 1 in seqs(journal.problems(), journal.stream())


def test_a_changed_head_and_an_emptied_stream_are_found(journal: Journal) -> None:
    journal.write(2)
    journal.tamper(
        "UPDATE journal_stream SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE id = %s",
        journal.stream(),
    )
    assert seqs(journal.problems(), journal.stream()) == {3}
    journal.tamper("DELETE FROM journal_entry WHERE stream_id = %s", journal.stream())
    assert seqs(journal.problems(), journal.stream()) == {1}


def test_streams_of_an_unknown_node_are_found(journal: Journal) -> None:
    journal.tamper("UPDATE journal_node SET id = gen_random_uuid()")
    assert {problem.what for problem in journal.problems()} == {"the stream's writer is not among the nodes"}


def rewrite(journal: Journal, seq: int) -> None:
    """Change an entry and everything after it so that all fits together again."""
    journal.tamper(
        "UPDATE journal_entry SET payload = convert_to(replace(convert_from(payload, 'UTF8'), 'Quyết', 'Quyet'),"
        f" 'UTF8') WHERE {ONE}",
        journal.stream(), seq,
    )  # fmt: skip
    rechain(journal, journal.stream())


def without_checkpoints(journal: Journal) -> None:
    journal.tamper("DELETE FROM journal_checkpoint")


def with_false_checkpoints(journal: Journal) -> None:
    """The database's checkpoints made to fit, which only the node's key could sign."""
    journal.tamper(
        "UPDATE journal_checkpoint SET statement = convert_to(replace(convert_from(statement, 'UTF8'), %s, "
        "encode((SELECT hash FROM journal_stream WHERE id = %s), 'hex')), 'UTF8')",
        HEADS.pop(), journal.stream(),
    )  # fmt: skip


HEADS: list[str] = []


@pytest.mark.parametrize("cover_up", [lambda journal: None, without_checkpoints, with_false_checkpoints])
def test_a_rewritten_history_is_found_by_its_witnesses(
    journal: Journal, cover_up: Callable[[Journal], None]
) -> None:
    journal.write(2)
    journal.checkpoint()
    journal.write(3)
    journal.checkpoint()
    HEADS[:] = [
        journal.ask("SELECT encode(hash, 'hex') FROM journal_stream WHERE id = %s", journal.stream())[0][0]
    ]
    rewrite(journal, 5)
    cover_up(journal)
    problems = journal.problems()
    (named,) = [problem for problem in problems if problem.stream]
    assert (named.stream, named.seq) == (
        str(journal.stream()),
        4,
    )  # the first that the second checkpoint saw anew
    assert "from here to 6" in named.what
    assert (
        len(problems)
        == {"<lambda>": 1, "without_checkpoints": 3, "with_false_checkpoints": 2}[cover_up.__name__]
    )


def test_without_file_and_checkpoints_a_rewriting_is_consistent_and_the_parent_s_copy_finds_it(
    journal: Journal, tmp_path: Path
) -> None:
    journal.write(3)
    journal.checkpoint()
    parents = (journal.home / "witness.jsonl").rename(tmp_path / "of-the-parent.jsonl")
    rewrite(journal, 2)
    without_checkpoints(journal)
    alone = journal.verify()
    assert (alone.ok, alone.witnessed) == (True, 0)
    assert "Internally consistent only" in alone.says
    found = journal.problems(files=[parents])
    assert (str(journal.stream()), 1) in places(found)


def test_another_key_in_the_database_is_found(journal: Journal) -> None:
    journal.write(1)
    journal.checkpoint()
    journal.tamper("UPDATE journal_node SET public_key = sha256('another')")
    assert [problem.what for problem in journal.problems()] == [
        "the node's key in the database is not the one in node.json"
    ]
    (journal.home / "node.json").unlink()
    assert "is not signed by this node" in journal.problems()[0].what


def test_a_torn_line_is_told_and_spoils_nothing(journal: Journal) -> None:
    journal.write(1)
    journal.checkpoint()
    file = journal.home / "witness.jsonl"
    with file.open("a") as out:
        out.write('{"signature":"ab')
    report = journal.verify()
    assert report.ok
    assert "1 lines of witness.jsonl cannot be read" in report.says
    journal.write(1)
    checkpoint(at=AT + timedelta(minutes=1))
    assert len(file.read_bytes().splitlines()) == 3
    assert journal.verify().not_yet_witnessed == 0


def test_sealed_facts_and_keys_are_held_against_what_entries_name(journal: Journal) -> None:
    journal.write(2, sealed={"name": "Nguyễn Văn A"})
    assert journal.problems() == []
    ((text,),) = journal.ask(f"SELECT sealed FROM journal_entry WHERE {ONE}", journal.stream(), 3)
    spoil = "UPDATE journal_ciphertext SET data = data || '\\x00' WHERE sha256 = %s"
    assert journal.tamper(spoil, text) == 1
    assert [problem.what for problem in journal.problems()] == [
        "its sealed facts are not those that it names"
    ]
    journal.tamper("DELETE FROM journal_ciphertext WHERE sha256 = %s", text)
    assert [(problem.seq, problem.what) for problem in journal.problems()] == [
        (3, "its sealed facts are gone, but their key is still there")
    ]
    journal.tamper("DELETE FROM journal_subjectkey WHERE subject = %s", unit_id(WARD))
    assert [(problem.seq, problem.what) for problem in journal.problems()] == [
        (2, "the key of its sealed facts is gone, but they are still there")
    ]
    journal.tamper("DELETE FROM journal_ciphertext")
    assert journal.problems() == []  # erased: key and facts


def test_keys_and_sealed_facts_that_nobody_named_are_found(journal: Journal) -> None:
    journal.write(1, sealed={"name": "Nguyễn Văn A"})
    journal.tamper("UPDATE journal_subjectkey SET subject = gen_random_uuid()")
    assert seqs(journal.problems(), journal.stream()) == {2}
    journal.tamper("UPDATE journal_subjectkey SET subject = %s, wrapped = sha256(wrapped)", unit_id(WARD))
    journal.tamper("INSERT INTO journal_ciphertext VALUES (sha256('x'), 'x')")
    assert [problem.what.split(" ")[:2] for problem in journal.problems()] == [
        ["no", "entry"],
        ["the", "key"],
    ]
    assert sha256(b"x").hexdigest() in journal.problems()[0].what


@pytest.mark.parametrize(
    ("spoiling", "told"),
    [
        ("UPDATE units_unitrow SET name = 'Phường khác' WHERE code = '10507'", ": name"),
        ("UPDATE units_unitrow SET state = state || '{\"remote\": null}' WHERE code = '10507'", ": state"),
        ("UPDATE units_unitrow SET last = NULL, parent = NULL WHERE code = '10507'", ": last, parent"),
        ("DELETE FROM units_unitrow WHERE code = '10507'", "has 0 rows"),
        ("INSERT INTO units_officerrow SELECT gen_random_uuid(), state, last, aside, branches, waiting, frozen, name,"
         " account FROM units_officerrow LIMIT 1", "has 1 rows of subject"),
        ("DELETE FROM units_bearer WHERE ctid = (SELECT min(ctid) FROM units_bearer)", "units_bearer has 0 rows"),
        ("UPDATE units_bearer SET since = '2020-01-01' WHERE ctid = (SELECT min(ctid) FROM units_bearer)", ": since"),
    ],
)  # fmt: skip
def test_a_row_that_is_not_what_its_entries_come_to_is_named(
    journal: Journal, spoiling: str, told: str
) -> None:
    journal.write(1)
    assert journal.tamper(spoiling.replace("%", "%%")) == 1
    (problem,) = journal.problems(refold=True)
    assert told in problem.what
    if WARD in spoiling:
        assert (problem.stream, problem.seq) == (str(journal.stream()), 2)


def test_entries_that_cannot_be_folded_are_named_and_the_rest_is_folded(journal: Journal) -> None:
    journal.write(1)
    body = "convert_to(replace(convert_from(payload, 'UTF8'), '\"remote\"', '\"removed\"'), 'UTF8')"
    journal.tamper(f"UPDATE journal_entry SET payload = {body} WHERE {ONE}", journal.stream(), 2)
    report = journal.verify(refold=True)
    assert [problem.seq for problem in report.problems[:2]] == [2, 2]
    assert "cannot be folded (ValidationError)" in report.problems[1].what


def test_of_very_many_problems_some_are_named_and_the_others_counted(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haicap.journal.verify.MOST", 2)
    journal.tamper("UPDATE units_unitrow SET name = 'x'")
    journal.tamper("UPDATE units_officerrow SET name = 'x'")
    journal.tamper("UPDATE units_postrow SET name = 'x'")
    report = journal.verify(refold=True)
    assert not report.ok
    assert [problem.what for problem in report.problems][2:] == ["and 2 more"]


def test_the_report_is_plain_data(journal: Journal) -> None:
    from dataclasses import asdict

    told = json.loads(json.dumps(asdict(journal.verify())))
    assert told["ok"] is True
    assert told["problems"] == []
