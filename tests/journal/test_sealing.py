"""Sealed facts, bound to subject and entry."""

from hashlib import sha256
from random import Random
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from haicap.journal.entry import Seal
from haicap.journal.sealing import Destroyed, open_sealed, seal, unseal
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
