"""The blind index: digests beside ciphertexts, under a key of their own, gone when the ciphertext goes."""

from hashlib import sha256

import pytest
from pytest_django import Settings

from haicap.journal.blinding import fill
from haicap.journal.sealing import blind, blinds
from haicap.units.fold import units
from journals import Journal

NUMBER = "id:031085004321"
SEALED: dict[str, object] = {"reporter": {"name": "Trần Thị Bưởi", "id_number": "031085004321"}}
COUNT = "SELECT count(*) FROM journal_ciphertext WHERE blind @> ARRAY[%s::bytea]"


@pytest.fixture
def named(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """A journal whose units are found by the number of a reporter."""
    monkeypatch.setattr(units, "found_by", lambda facts: [NUMBER] if "reporter" in facts else [])
    return journal


def test_a_digest_is_keyed_and_of_this_installation_alone(settings: Settings) -> None:
    ours = blind(NUMBER)
    assert len(ours) == 32
    assert ours == blind(NUMBER)
    assert ours != blind("phone:031085004321")
    assert ours != sha256(NUMBER.encode()).digest()
    settings.KEK = "00" * 32
    assert blind(NUMBER) != ours


def test_several_digests_are_each_there_once_and_in_an_order_that_says_nothing() -> None:
    assert blinds(["b", "a", "b"]) == b"".join(sorted([blind("a"), blind("b")]))
    assert blinds([]) == b""


def test_a_digest_lies_beside_the_ciphertext_and_not_in_the_entry(named: Journal) -> None:
    named.write(sealed=SEALED)
    named.write(sealed={"note": "x"})
    digest = blind(NUMBER)
    assert named.ask(COUNT, digest) == [(1,)]
    assert named.ask("SELECT cardinality(blind) FROM journal_ciphertext ORDER BY 1") == [(0,), (1,)]
    for (payload,) in named.ask("SELECT payload FROM journal_entry"):
        assert digest not in bytes(payload)
        assert digest.hex().encode() not in bytes(payload)
        assert b"031085004321" not in bytes(payload)


def test_it_goes_when_the_ciphertext_goes(named: Journal) -> None:
    named.write(sealed=SEALED)
    assert named.tamper("DELETE FROM journal_ciphertext") == 1
    assert named.ask(COUNT, blind(NUMBER)) == [(0,)]
    assert fill() == 0


def test_what_was_sealed_before_is_filled_in_once(named: Journal) -> None:
    named.write(sealed=SEALED)
    named.write(sealed={"note": "x"})
    named.tamper("UPDATE journal_ciphertext SET blind = '{}'")
    told: list[int] = []
    assert fill(progress=told.append) == 1
    assert sum(told) == 2
    assert named.ask(COUNT, blind(NUMBER)) == [(1,)]
    assert fill() == 0


def test_what_lost_its_key_is_left_alone(named: Journal) -> None:
    named.write(sealed=SEALED)
    named.tamper("UPDATE journal_ciphertext SET blind = '{}'")
    named.tamper("DELETE FROM journal_subjectkey")
    assert fill() == 0
