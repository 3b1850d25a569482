"""Bearing witness: what is signed, when it is whole, and what a crash between database and file leaves."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from haicap.config.witnessing import witnessing
from haicap.journal import checkpoint as making
from haicap.journal.checkpoint import checkpoint
from haicap.journal.node import keys, own
from haicap.journal.witness import Statement, newest_first, newest_id, since_whole, witness_file
from journals import AT, Journal

MINUTE = timedelta(minutes=1)


def kept(journal: Journal) -> list[UUID]:
    return [row[0] for row in journal.ask("SELECT id FROM journal_checkpoint ORDER BY id")]


def in_file() -> list[UUID]:
    return [it.statement.id for it in newest_first(witness_file()) if it][::-1]


def test_the_first_is_whole_and_the_next_name_what_moved(journal: Journal) -> None:
    first = checkpoint(at=AT)
    assert first is not None
    heads = dict(journal.ask("SELECT id, seq FROM journal_stream"))
    assert first.whole
    assert {stream: head.seq for stream, head in first.heads.items()} == heads
    assert checkpoint(at=AT + MINUTE) is None
    journal.write(2)
    second = checkpoint(at=AT + MINUTE)
    assert second is not None
    assert not second.whole
    assert {stream: head.seq for stream, head in second.heads.items()} == {journal.stream(): 3}
    assert kept(journal) == in_file() == [first.id, second.id]


def test_an_empty_journal_needs_no_witness(journal: Journal) -> None:
    journal.tamper("TRUNCATE journal_entry, journal_stream")
    assert checkpoint(at=AT) is None
    assert not witness_file().exists()


def test_after_some_comes_another_whole_one(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "PARTS", 2)
    whole = []
    for _ in range(7):
        journal.write(1)
        made = checkpoint(at=AT)
        whole.append(made is not None and made.whole)
    assert whole == [True, False, False, True, False, False, True]
    assert len(list(since_whole("owner"))) == 1
    assert journal.verify().not_yet_witnessed == 0


def test_every_one_is_signed_and_the_file_says_what_the_database_says(journal: Journal) -> None:
    checkpoint(at=AT)
    ((statement, signature),) = journal.ask("SELECT statement, signature FROM journal_checkpoint")
    keys().signing.public_key().verify(bytes(signature), bytes(statement))
    assert json.loads(witness_file().read_text()) == {
        "statement": bytes(statement).decode(), "signature": bytes(signature).hex(),
    }  # fmt: skip
    assert Statement.read(bytes(statement)).write() == bytes(statement)
    assert Statement.read(bytes(statement)).node == own().id
    assert witness_file().stat().st_mode & 0o777 == 0o600


def test_a_clock_set_back_does_not_change_the_order(journal: Journal) -> None:
    made = []
    for days in (0, -4000, -4000, 1):
        journal.write(1)
        made.append(checkpoint(at=AT + timedelta(days=days)))
    ids = [it.id for it in made if it]
    assert ids == sorted(ids) == kept(journal) == in_file()
    assert [it.at[:4] for it in made if it] == ["2026", "2015", "2015", "2026"]
    assert journal.verify().not_yet_witnessed == 0


def test_what_a_crash_kept_from_the_file_is_added_later(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(file: Path, checkpoints: object) -> None:
        raise OSError("power cut")

    checkpoint(at=AT)
    journal.write(1)
    with monkeypatch.context() as off:
        off.setattr(making, "add_lines", power_cut)
        with pytest.raises(OSError, match="power cut"):
            checkpoint(at=AT + MINUTE)
    assert len(in_file()) == 1
    assert journal.problems() == []
    assert checkpoint(at=AT + 2 * MINUTE) is None
    assert in_file() == kept(journal)
    witness_file().unlink()
    journal.write(1)
    checkpoint(at=AT + 3 * MINUTE)
    assert in_file() == kept(journal)


def test_the_newest_lines_are_read_first_whatever_their_length(tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path
    assert newest_id(witness_file()) is None
    statements = [Statement(UUID(int=n), UUID(int=1), "x" * (n * 40_000), True, {}) for n in range(1, 6)]
    lines = [
        json.dumps({"statement": statement.write().decode(), "signature": "00"}) + "\n"
        for statement in statements
    ]
    witness_file().write_text("".join(lines) + '{"statement":')
    assert newest_id(witness_file()) == UUID(int=5)
    assert [it and it.statement for it in newest_first(witness_file())] == [None, *reversed(statements)]


def test_several_at_once_make_one(journal: Journal) -> None:
    from django.db import connection

    made: list[Statement | None] = []

    def one() -> None:
        made.append(checkpoint(at=AT))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(it is not None for it in made) == 1
    assert in_file() == kept(journal)
    assert len(in_file()) == 1


def test_while_pages_are_served_somebody_bears_witness(journal: Journal) -> None:
    """With a long pause between: so what is witnessed is so at the beginning, and at the end."""
    begun = threading.Event()
    with witnessing(every=3600):
        while newest_id(witness_file()) is None:
            begun.wait(0.01)
        journal.write(1)
    assert len(kept(journal)) == 2
    assert journal.verify().not_yet_witnessed == 0


def test_the_witness_goes_on_after_a_failure(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from haicap.journal import checkpoint as module

    failed = threading.Event()
    real = module.checkpoint

    def failing(**given: object) -> Statement | None:
        if not failed.is_set():
            failed.set()
            raise OSError("disk full")
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "checkpoint", failing)
    with witnessing(every=0.01):
        while not kept(journal):
            failed.wait(0.01)
    assert "no checkpoint could be made" in caplog.text
