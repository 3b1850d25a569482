"""The one way into the journal: the append function, what it refuses, and what a crash leaves."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.utils import ProgrammingError

from haicap.config import home, postgres
from haicap.journal.chain import Description, chain
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.units.actions import unit_id
from haicap.units.entries import UnitMarked
from journals import AT, DAY, WARD, Journal

APPEND = "SELECT journal_append(%s, %s, %s::bytea[])"


def payload(sealed: str | None = None) -> bytes:
    from haicap.journal.entry import Seal, payload

    mark = Seal(sealed, "00" * 32) if sealed else None
    return payload(
        entry_id=uuid7(), salt=bytes(16), subject=unit_id(WARD), after=None, actor=unit_id(WARD), grant=None, at=AT,
        body=UnitMarked(remote=True, since=DAY, act="QĐ"), sealed=mark,
    )  # fmt: skip


def append(
    stream: Description, payloads: list[bytes], texts: list[bytes | None] | None = None, *, using: str
) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute(APPEND, [stream.canonical(), payloads, texts or [None] * len(payloads)])
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("using", ["default", "worker"])
def test_many_entries_are_chained_in_one_call(journal: Journal, using: str) -> None:
    stream = own().stream("99999", "work")
    data = [payload() for _ in range(4)]
    assert append(stream, data[:1], using=using) == 1
    assert append(stream, data[1:], using=using) == 4
    rows = journal.ask(
        "SELECT hash, unit, channel FROM journal_entry WHERE stream_id = %s ORDER BY seq", stream.id()
    )
    assert [bytes(row[0]) for row in rows] == chain(stream.digest(), stream.id(), 1, data)
    assert {row[1:] for row in rows} == {("99999", "work")}
    assert journal.problems() == []


def test_only_streams_of_this_node_s_life_are_written(journal: Journal) -> None:
    mine = own()
    for foreign in (
        Description(uuid7(), mine.incarnation, WARD, "work"), Description(mine.id, uuid7(), WARD, "work"),
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match="is not written here"):
            append(foreign, [payload()], using="default")


def test_a_ciphertext_must_be_the_one_that_the_entry_names(journal: Journal) -> None:
    stream = own().stream(WARD, "work")
    named = payload(sha256(b"sealed").hexdigest())
    for data, text in ((named, b"other"), (payload(), b"sealed")):
        with pytest.raises(ProgrammingError, match="does not name the ciphertext"):
            append(stream, [data], [text], using="default")
    assert append(stream, [named], [b"sealed"], using="default") == 1
    assert journal.ask("SELECT data FROM journal_ciphertext") == [(b"sealed",)]


def test_one_bad_entry_keeps_out_all_of_its_call(journal: Journal) -> None:
    stream = own().stream(WARD, "work")
    for bad in (b"{", b"{}", b"\xff"):
        with pytest.raises(DatabaseError):
            append(stream, [payload(), bad], using="default")
    assert journal.ask("SELECT count(*) FROM journal_entry WHERE stream_id = %s", stream.id()) == [(0,)]


FORBIDDEN = [
    "INSERT INTO journal_entry (stream_id, seq, payload, hash, unit, channel, id, subject, kind, version, actor, at)"
    " SELECT stream_id, seq + 1, payload, hash, unit, channel, id, subject, kind, version, actor, at FROM"
    " journal_entry",
    "UPDATE journal_entry SET payload = payload",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry",
    "UPDATE journal_stream SET seq = 0",
    "INSERT INTO journal_stream (id, node, incarnation, unit, channel, seq, hash) SELECT gen_random_uuid(), node,"
    " incarnation, unit, channel, 0, hash FROM journal_stream",
    "DELETE FROM journal_checkpoint",
    "UPDATE journal_checkpoint SET signature = ''",
    "DELETE FROM journal_ciphertext",
    "INSERT INTO journal_ciphertext VALUES ('', '')",
    "DELETE FROM journal_subjectkey",
    "UPDATE journal_node SET public_key = ''",
    "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER journal_entry_for_good ON journal_entry",
    "ALTER TABLE journal_entry DISABLE ROW LEVEL SECURITY",
    "DROP POLICY by_reach ON journal_entry",
    "CREATE OR REPLACE FUNCTION journal_append(description bytea, payloads bytea[], ciphertexts bytea[])"
    " RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    "ALTER FUNCTION journal_append(bytea, bytea[], bytea[], bytea[]) SECURITY INVOKER",
    "DROP FUNCTION journal_refuse() CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
]


@pytest.mark.parametrize("using", ["default", "worker"])
def test_serving_roles_have_no_other_way_in_and_none_out(journal: Journal, using: str) -> None:
    for statement in FORBIDDEN:
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
            transaction.atomic(using=using), connections[using].cursor() as cursor,
        ):  # fmt: skip
            cursor.execute(statement.format(owner=settings.ROLES["owner"]))
    assert journal.problems() == []


@pytest.mark.parametrize("using", ["default", "worker"])
def test_serving_roles_are_neither_superuser_nor_above_row_level_security(
    journal: Journal, using: str
) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_entry SET hash = hash", "DELETE FROM journal_entry", "TRUNCATE journal_entry"],
)
def test_triggers_refuse_the_owner_too(journal: Journal, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="never changed"), connections["owner"].cursor() as cursor:
        cursor.execute(statement)


FOUNDING = """
from haicap.config import prepare
with prepare.installation():
    from haicap.journal.node import become
    become("crash")
"""

ACTING = """
import sys
from datetime import UTC, datetime
from haicap.config import prepare
prepare.django()
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.units.actions import person_id
from haicap.units.entries import PersonRegistered
from haicap.units.fold import officers
from haicap.units.loading import Founder
while True:
    entry = uuid7()
    subject = person_id(str(entry))
    with writing(Founder(own().id), at=datetime.now(UTC), subjects=[subject], units=["1"], channel="reference") as pen:
        pen.write(officers, entry, subject, PersonRegistered(name="x", account=str(entry)), unit="1", grant=None,
                  channel="reference", sealed={"phone": "0900"})
    print(entry, flush=True)
"""

LOOKING = """
from haicap.config import prepare
prepare.django()
from django.db import connections
from haicap.journal.verify import verify
with connections["owner"].cursor() as cursor:
    cursor.execute("SELECT id FROM journal_entry")
    print(*(row[0] for row in cursor.fetchall()))
report = verify()
print(report.problems)
"""


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """An installation of its own that waits for the disk; its environment."""
    place = Path(tempfile.gettempdir()) / f"haicap-own-{token_hex(4)}"  # where PostgreSQL's user gets in
    monkeypatch.setenv("HAICAP_HOME", str(place))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield dict(os.environ)
    postgres.stop(mode="immediate")
    shutil.rmtree(place)


@pytest.mark.slow
@pytest.mark.parametrize("whom", ["the writers", "the database"])
def test_kill_9_loses_nothing_that_was_acknowledged(crashing: dict[str, str], whom: str) -> None:
    subprocess.run([sys.executable, "-c", FOUNDING], env=crashing, check=True)
    acknowledged: set[str] = set()
    for some in (3, 40, 11):
        postgres.start()
        writers = [
            subprocess.Popen([sys.executable, "-c", ACTING], env=crashing, stdout=subprocess.PIPE, text=True,
                             stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]  # fmt: skip
        for writer in writers:
            assert writer.stdout
            acknowledged |= {writer.stdout.readline().strip() for _ in range(some)}
        if whom == "the database":
            pid = (home.cluster() / "data" / "postmaster.pid").read_text().split()[0]
            os.kill(int(pid), signal.SIGKILL)
        for writer in writers:
            writer.kill()
            acknowledged |= set(writer.communicate()[0].split())
    postgres.start()
    looked = subprocess.run(
        [sys.executable, "-c", LOOKING], env=crashing, check=True, capture_output=True, text=True
    )
    there, problems = looked.stdout.splitlines()
    assert len(acknowledged) >= 100
    assert acknowledged <= set(there.split())
    assert problems == "[]"
