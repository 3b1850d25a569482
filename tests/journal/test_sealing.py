"""Sealed facts, bound to subject and entry."""

from hashlib import sha256
from random import Random
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from haicap.journal.entry import Seal
from haicap.journal.models import SubjectKey
from haicap.journal.sealing import Destroyed, key_for, key_id, keys_of, open_sealed, seal, unseal, wrap
from haicap.units.actions import unit_id
from journals import WARD, Journal

KEY, SUBJECT, ENTRY = bytes(range(32)), UUID(int=1), UUID(int=2)
FACTS = {"name": "Nguyễn Văn A", "phones": ["0900"]}


def test_sealed_facts_are_opened_with_the_key_alone() -> None:
    mark, text = seal(KEY, SUBJECT, ENTRY, FACTS, Random(1).randbytes)
    assert unseal(KEY, SUBJECT, ENTRY, text) == FACTS
    assert mark == Seal(sha256(text).hexdigest(), sha256(KEY).hexdigest())
    assert "Nguyễn".encode() not in text
    assert seal(KEY, SUBJECT, ENTRY, FACTS, Random(2).randbytes)[1] != text


def test_another_key_subject_entry_or_byte_opens_nothing() -> None:
    _mark, text = seal(KEY, SUBJECT, ENTRY, FACTS, Random(1).randbytes)
    for key, subject, entry, data in (
        (bytes(32), SUBJECT, ENTRY, text), (KEY, ENTRY, ENTRY, text), (KEY, SUBJECT, SUBJECT, text),
        (KEY, SUBJECT, ENTRY, text[:-1] + bytes([text[-1] ^ 1])),
    ):  # fmt: skip
        with pytest.raises(InvalidTag):
            unseal(key, subject, entry, data)


def test_one_subject_has_one_key_and_without_it_or_the_text_facts_are_gone(journal: Journal) -> None:
    ids = journal.write(2, sealed=FACTS)
    rows = journal.ask(
        "SELECT encode(sealed, 'hex'), convert_from(payload, 'UTF8')::jsonb -> 'sealed' ->> 'key_id'"
        " FROM journal_entry WHERE id = ANY (%s) ORDER BY seq",
        ids,
    )
    marks = [Seal(*row) for row in rows]
    assert marks[0].key_id == marks[1].key_id
    assert [open_sealed(unit_id(WARD), entry, mark) for entry, mark in zip(ids, marks, strict=True)] == [
        FACTS,
        FACTS,
    ]
    journal.tamper("DELETE FROM journal_ciphertext WHERE sha256 = %s", bytes.fromhex(marks[0].sha256))
    with pytest.raises(Destroyed):
        open_sealed(unit_id(WARD), ids[0], marks[0])
    assert open_sealed(unit_id(WARD), ids[1], marks[1]) == FACTS
    journal.tamper("DELETE FROM journal_subjectkey")
    with pytest.raises(Destroyed):
        open_sealed(unit_id(WARD), ids[1], marks[1])


@pytest.mark.parametrize("other", [bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))])
def test_what_was_sealed_on_two_nodes_at_once_is_opened_and_sealed_on_under_one_key(
    journal: Journal, other: bytes
) -> None:
    """On every node the same one, whichever came first."""
    subject = unit_id(WARD)
    journal.write(1, sealed=FACTS)
    (mine,) = keys_of(subject)
    SubjectKey.objects.using("worker").create(key_id=key_id(other), subject=subject, wrapped=wrap(other))
    assert keys_of(subject) == sorted([mine, other], key=key_id)
    assert key_for(subject, bytes, "default") == min(mine, other, key=key_id)
    (entry,) = journal.write(1, sealed=FACTS)
    mark, text = seal(other, subject, ENTRY, FACTS, Random(1).randbytes)
    journal.tamper(
        "INSERT INTO journal_ciphertext (sha256, data) VALUES (%s, %s)", bytes.fromhex(mark.sha256), text
    )
    assert open_sealed(subject, ENTRY, mark) == FACTS
    row = journal.ask("SELECT encode(sealed, 'hex'), encode(journal_key(payload), 'hex') FROM journal_entry"
                      " WHERE id = %s", entry)  # fmt: skip
    assert bytes.fromhex(row[0][1]) == min(key_id(mine), key_id(other))
    assert open_sealed(subject, entry, Seal(*row[0])) == FACTS
