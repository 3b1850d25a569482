"""The formula, held against the worked example of `docs/journal-format.md`."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haicap.journal.chain import Description, chain, link
from haicap.journal.entry import instant, payload, read
from haicap.journal.witness import Head, Signed, Statement
from haicap.units.entries import UnitMarked

FORMAT = (Path(__file__).parents[2] / "docs" / "journal-format.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^([a-z]+(?: [a-z]+)*(?: \d)?) {2,}(\S.*)$", FORMAT, re.MULTILINE)


def id_of(number: int) -> UUID:
    return UUID(f"018f4e7a-0000-7000-8000-{number:012x}")


DESCRIPTION = Description(id_of(1), id_of(2), "11311", "reference")
AT = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)


def example_payload(number: int, after: UUID | None, body: UnitMarked) -> bytes:
    salt = bytes(range(16 * number - 16, 16 * number))
    return payload(
        entry_id=id_of(4 + number), salt=salt, subject=id_of(3), after=after, body=body, actor=id_of(4), grant=None,
        at=AT,
    )  # fmt: skip


def test_the_document_s_example_is_what_the_code_makes() -> None:
    first = example_payload(1, None, UnitMarked(remote=True, since=date(2026, 1, 5), act="Quyết định 12/QĐ"))
    second = example_payload(
        2, id_of(5), UnitMarked(remote=False, since=date(2026, 2, 1), act="Quyết định 40/QĐ")
    )
    hashes = chain(DESCRIPTION.digest(), DESCRIPTION.id(), 1, [first, second])
    told = [
        ("description", DESCRIPTION.canonical().decode()),
        ("its digest", DESCRIPTION.digest().hex()),
        ("stream id", str(DESCRIPTION.id())),
    ]
    previous = DESCRIPTION.digest()
    for seq, (data, made) in enumerate(zip((first, second), hashes, strict=True), 1):
        digest = sha256(data).digest()
        hashed = previous + DESCRIPTION.id().bytes + seq.to_bytes(8, "big") + digest
        assert sha256(hashed).digest() == made == link(previous, DESCRIPTION.id(), seq, digest)
        told += [
            (f"payload {seq}", data.decode()), ("its digest", digest.hex()), (f"hashed {seq}", hashed.hex()),
            (f"hash {seq}", made.hex()),
        ]  # fmt: skip
        previous = made
    assert EXAMPLE[: len(told)] == told


def test_the_document_s_checkpoint_is_signed_with_its_key() -> None:
    its = dict(EXAMPLE)
    statement = Statement(
        id_of(7), id_of(1), "2026-01-05T02:31:00.000000Z", True, {DESCRIPTION.id(): Head(2, its["hash 2"])}
    )
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(its["private key"]))
    assert its["statement"].encode() == statement.write()
    assert its["public key"] == key.public_key().public_bytes_raw().hex()
    assert its["signature"] == key.sign(statement.write()).hex()
    assert Signed(statement, statement.write(), key.sign(statement.write())).genuine(
        bytes.fromhex(its["public key"])
    )


@pytest.mark.parametrize(
    "other",
    [{"node": id_of(9)}, {"incarnation": id_of(9)}, {"unit": "11329"}, {"channel": "work"}],
    ids=["node", "incarnation", "unit", "channel"],
)
def test_every_part_of_a_description_makes_another_stream(other: dict[str, object]) -> None:
    changed = replace(DESCRIPTION, **other)  # type: ignore[arg-type]
    assert changed.id() != DESCRIPTION.id()
    assert changed.digest()[:16] == changed.id().bytes


def test_a_hash_depends_on_place_stream_and_all_before_it() -> None:
    base = link(bytes(32), id_of(1), 1, bytes(32))
    others = {
        link(bytes(31) + b"\1", id_of(1), 1, bytes(32)), link(bytes(32), id_of(2), 1, bytes(32)),
        link(bytes(32), id_of(1), 2, bytes(32)), link(bytes(32), id_of(1), 1, bytes(31) + b"\1"),
    }  # fmt: skip
    assert len({base, *others}) == 5


def test_an_entry_is_read_back_as_it_was_written() -> None:
    body = UnitMarked(remote=True, since=date(2026, 1, 5), act="QĐ")
    it = read(DESCRIPTION.id(), 3, "11311", example_payload(1, id_of(8), body))
    assert (it.id, it.after, it.actor, it.grant, it.at, it.body) == (
        id_of(5),
        id_of(8),
        id_of(4),
        None,
        AT,
        body,
    )
    assert (it.stream, it.seq, it.unit, it.kind, it.version) == (
        DESCRIPTION.id(),
        3,
        "11311",
        "unit.marked",
        1,
    )


def test_a_moment_without_a_zone_is_not_written_down() -> None:
    assert instant(AT.replace(microsecond=1)) == "2026-01-05T02:30:00.000001Z"
    with pytest.raises(ValueError, match="time zone"):
        instant(AT.replace(tzinfo=None))
