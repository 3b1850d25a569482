"""Backup and restore, rehearsed: what was lost comes back, is proved, and what is wrong is named."""

import io
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connections
from pyrage import x25519
from pytest_django import Settings

from haicap.journal import blobs, erasing
from haicap.journal.checkpoint import checkpoint
from haicap.journal.ids import uuid7
from haicap.journal.intake import heads
from haicap.journal.models import Node, columns
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.journal.refolding import Table, tables
from haicap.journal.sealing import keys_of
from haicap.journal.verify import verify
from haicap.nodes.rescue import backup, restoring
from haicap.nodes.rescue.backup import Unfit, back_up
from haicap.nodes.rescue.restoring import Restored, checked_chain, restore
from haicap.units.actions import unit_id
from haicap.units.loading import Founder
from journals import AT, WARD, Journal

PAPER = x25519.Identity.generate()
TO = str(PAPER.to_public())
EMPTIED = (
    "journal_entry", "journal_stream", "journal_ciphertext", "journal_subjectkey", "journal_checkpoint",
    "journal_witness", "journal_abandoned", "journal_taking", "journal_verdict", "journal_wanted", "journal_lacking",
    "journal_counter", "journal_node",
)  # fmt: skip


class Office:
    """An installation with a backup on another disk."""

    def __init__(self, journal: Journal, tmp_path: Path, settings: Settings) -> None:
        self.journal, self.settings = journal, settings
        self.folder, self.keys = tmp_path / "disk", tmp_path / "safe"
        self.at = AT

    def back_up(self) -> backup.Backup:
        self.at += timedelta(minutes=1)
        return back_up(self.folder, self.keys, to=TO, at=self.at)

    def key_file(self) -> Path:
        return max(self.keys.glob("keys-*.age"))

    def lose(self, tmp_path: Path) -> None:
        """The machine burns: an empty database, an empty folder."""
        emptied = {table._meta.db_table for table, _ in tables()} | set(EMPTIED)
        self.journal.tamper(f"TRUNCATE {', '.join(sorted(emptied))}")
        User.objects.using("owner").all().delete()
        self.settings.HOME = tmp_path / f"new-{uuid4().hex}"
        self.settings.HOME.mkdir()

    def restore(self, **more: Any) -> Restored:
        return restore(self.folder, self.key_file(), PAPER, at=self.at, **more)

    def rows(self) -> dict[str, list[Any]]:
        return {table._meta.db_table: self._rows(table, key) for table, key in tables()}

    def _rows(self, table: Table, key: str) -> list[Any]:
        names = ", ".join(f'"{name}"' for name in columns(table))
        return self.journal.ask(f'SELECT {names} FROM {table._meta.db_table} ORDER BY "{key}"')


@pytest.fixture
def office(start_from: Callable[[Callable[[], object]], None], tmp_path: Path, settings: Settings) -> Office:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(settings.HOME / "node.json", home)
    settings.HOME = home
    journal = Journal(home)
    start_from(journal.begin)
    return Office(journal, tmp_path, settings)


def test_what_was_lost_comes_back_and_is_proved(office: Office, tmp_path: Path) -> None:
    before = own("owner")
    office.journal.write(3, sealed={"reason": "kín"})
    office.journal.checkpoint()
    first = office.back_up()
    office.journal.write(2)
    User.objects.db_manager("owner").create_user("chief", password="mật khẩu dài")
    second = office.back_up()
    assert (first.entries, second.entries) == (8, 2)
    rows, lines, key = office.rows(), heads(), keys_of(unit_id(WARD), using="owner")

    office.lose(tmp_path)
    restored = office.restore()

    assert (restored.entries, restored.closed, restored.missing) == (10, 0, ())
    assert restored.report.ok, restored.report.problems
    assert office.rows() == rows
    assert heads() == lines
    assert keys_of(unit_id(WARD), using="owner") == key
    assert User.objects.using("owner").get(username="chief").check_password("mật khẩu dài")
    now = own("owner")
    assert now.id == before.id
    assert now.incarnation > before.incarnation
    assert verify().ok


def test_others_are_known_again_by_the_keys_that_their_witness_is_signed_with(
    office: Office, tmp_path: Path
) -> None:
    its = {"id": uuid7(), "name": "Công an tỉnh", "ours": False, "incarnation": uuid7(), "reason": "",
           "public_key": bytes(range(32)), "recipient": "age1x", "earlier": ["00" * 32]}  # fmt: skip
    Node(**its).save(using="owner")
    office.journal.write(1)
    office.back_up()
    ours = own("owner").incarnation
    office.lose(tmp_path)
    office.restore()
    (there,) = Node.objects.using("owner").filter(ours=False)
    assert {name: bytes(value) if isinstance(value := getattr(there, name), memoryview) else value
            for name in its} == its  # fmt: skip
    assert own("owner").incarnation > ours


def test_it_goes_on_afterwards_in_a_new_incarnation(office: Office, tmp_path: Path) -> None:
    office.journal.write(2)
    office.journal.checkpoint()
    office.back_up()
    office.lose(tmp_path)
    office.restore()
    office.journal.write(1)
    assert {it.description.incarnation for it in heads().values()} >= {own("owner").incarnation}
    assert checkpoint(at=office.at) is not None
    assert verify().ok
    assert office.back_up().entries == 1
    office.lose(tmp_path)
    assert office.restore().report.ok


def test_nothing_new_makes_no_file_but_a_fresh_key_file(office: Office) -> None:
    office.back_up()
    again = office.back_up()
    assert again.file is None
    assert sorted(file.name for file in office.folder.glob("*.haicap")) == ["000001.haicap"]
    assert len(list(office.keys.glob("keys-*.age"))) == 2


def test_files_come_back_as_they_are(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = blobs.keep(io.BytesIO(b"photo" * 50_000), bytes(32), most=1_000_000)
    for module in (backup, restoring):
        monkeypatch.setattr(module, "named", lambda using: {photo.sha256})
    assert office.back_up().blobs == 1
    assert office.back_up().blobs == 0
    office.lose(tmp_path)
    assert office.restore().blobs == 1
    assert b"".join(blobs.read(photo.sha256, [bytes(32)])) == b"photo" * 50_000
    blobs.path_of(photo.sha256).write_bytes(b"changed")
    (office.folder / "blobs" / photo.sha256[:2] / photo.sha256).unlink()
    with pytest.raises(Unfit, match=photo.sha256):
        office.back_up()


def changed(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))


def swapped(file: Path) -> None:
    shutil.copy(file.with_name("000001.haicap"), file)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (changed, "000002.haicap: the file was changed"),
        (Path.unlink, "000002.haicap is missing; the backup is whole up to 1"),
        (swapped, "000002.haicap does not go on"),
    ],
)
def test_what_is_changed_or_missing_is_named_and_nothing_is_stored(
    office: Office, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    for _ in range(3):
        office.journal.write(1)
        office.back_up()
    spoil(office.folder / "000002.haicap")
    office.lose(tmp_path)
    with pytest.raises(Unfit, match=said):
        office.restore()
    assert not Node.objects.using("owner").exists()
    assert heads() == {}
    assert office.restore(up_to=1).report.ok


def test_a_last_file_that_is_missing_is_named(office: Office, tmp_path: Path) -> None:
    for _ in range(2):
        office.journal.write(1)
        office.back_up()
    (office.folder / "000002.haicap").unlink()
    public = bytes(Node.objects.using("owner").get(ours=True).public_key)
    with pytest.raises(Unfit, match=r"000002\.haicap is missing"):
        checked_chain(office.folder, PAPER, public)
    with pytest.raises(Unfit, match=r"000002\.haicap is missing"):
        office.back_up()


def test_what_a_witness_from_elsewhere_knows_is_told_as_missing(office: Office, tmp_path: Path) -> None:
    office.journal.write(2)
    office.back_up()
    office.journal.write(3)
    office.journal.checkpoint()
    elsewhere = shutil.copy(office.journal.home / "witness.jsonl", tmp_path / "parents.jsonl")
    office.lose(tmp_path)
    (lost,) = office.restore(witness=[elsewhere]).missing
    assert (lost.unit, lost.channel, lost.first, lost.last) == (WARD, "reference", 4, 6)


def test_sealed_facts_after_the_key_file_are_told(office: Office, tmp_path: Path) -> None:
    office.back_up()
    office.journal.write(2, sealed={"reason": "kín"})
    old = office.key_file()
    office.back_up()
    office.lose(tmp_path)
    assert restore(office.folder, old, PAPER, at=office.at).closed == 2


def test_what_was_erased_since_stays_erased(office: Office, tmp_path: Path) -> None:
    office.journal.write(1, sealed={"reason": "kín"})
    office.back_up()
    with_key = office.key_file()
    subject = unit_id(WARD)
    order(subject)
    office.back_up()
    office.lose(tmp_path)
    assert restore(office.folder, with_key, PAPER, at=office.at).report.ok
    assert keys_of(subject, using="owner") == []


def order(subject: UUID) -> None:
    with writing(Founder(own().id), at=AT, subjects=[subject], units=[WARD]) as pen:
        body = erasing.KeyErased(ground="yêu cầu", paper="1/QĐ")
        erasing.write_beside(pen, uuid7(), subject, body, unit=WARD)
    erasing.apply([subject], at=AT)


def test_key_files_older_than_35_days_are_destroyed(office: Office) -> None:
    office.back_up()
    first = office.key_file()
    office.at += timedelta(days=35, minutes=-1)
    assert office.back_up().removed == ()
    office.at += timedelta(days=1)
    again = office.back_up()
    assert first.name in again.removed
    assert not first.exists()
    assert again.keys.exists()


def test_it_goes_into_an_empty_installation_alone(office: Office) -> None:
    office.back_up()
    with pytest.raises(Unfit, match="not empty"):
        office.restore()


def test_another_installations_backup_is_not_gone_on_with(office: Office) -> None:
    office.back_up()
    index = json.loads((office.folder / "backup.json").read_text())
    (office.folder / "backup.json").write_text(json.dumps(index | {"node": str(uuid4())}))
    with pytest.raises(Unfit, match="another installation"):
        office.back_up()


def test_the_wrong_identity_opens_nothing(office: Office, tmp_path: Path) -> None:
    office.back_up()
    office.lose(tmp_path)
    with pytest.raises(Unfit, match="somebody else"):
        restore(office.folder, office.key_file(), x25519.Identity.generate(), at=AT)


def test_nothing_in_a_backup_is_clear(office: Office) -> None:
    office.journal.write(1, sealed={"reason": "bí mật riêng"})
    office.back_up()
    for file in [*office.folder.rglob("*"), *office.keys.rglob("*")]:
        if file.is_file():
            data = file.read_bytes()
            assert "Quyết định".encode() not in data
            assert b"unit.marked" not in data
            if file.name != "backup.json":
                assert file.stat().st_mode & 0o777 == 0o600


def test_the_recipient_is_named_once(office: Office) -> None:
    with pytest.raises(Unfit, match="--init"):
        backup.recipient()
    assert backup.recipient(TO) == TO
    assert backup.recipient() == TO
    with pytest.raises(Unfit, match="no age recipient"):
        backup.recipient("age1nobody")


def test_every_table_of_the_journal_is_lost_in_these_tests(office: Office) -> None:
    found = {name for name in connections["owner"].introspection.table_names() if name.startswith("journal_")}
    assert found <= {*EMPTIED, *(table._meta.db_table for table, _ in tables())}
