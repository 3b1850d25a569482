"""Subject keys on their way to another node: apart from entries, wrapped to the one who receives them."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import pyrage
from django.db import connections, transaction

from haicap.journal.batch import MOST, Malformed
from haicap.journal.binary import rows
from haicap.journal.blinding import fill_for
from haicap.journal.chain import Description
from haicap.journal.entry import payload
from haicap.journal.erasing import erased
from haicap.journal.holders import KeyGiven
from haicap.journal.ids import is_uuid
from haicap.journal.node import keys as own_keys
from haicap.journal.pen import Pen
from haicap.journal.sealing import key_id, unwrap, wrap

NAMED = """SELECT DISTINCT journal_key(payload), subject FROM journal_entry
           WHERE sealed IS NOT NULL AND journal_key(payload) = ANY (%s)"""
PLACES = """SELECT DISTINCT s.node, s.incarnation, s.unit, s.channel FROM journal_entry e
            JOIN journal_stream s ON s.id = e.stream_id WHERE e.sealed IS NOT NULL AND journal_key(payload) = %s"""
WANTED = """SELECT encode(w.key_id, 'hex') FROM journal_wanted w JOIN journal_stream s ON s.id = w.stream
            WHERE %b::text[] IS NULL OR s.unit = ANY (%b) ORDER BY w.subject LIMIT %b"""
HELD = "SELECT key_id, subject, wrapped FROM journal_subjectkey WHERE key_id = ANY (%s)"
UNITS = """SELECT DISTINCT ON (subject) subject, unit FROM journal_entry
           WHERE subject = ANY (%s) AND sealed IS NOT NULL ORDER BY subject, stream_id, seq"""
KEEP = """INSERT INTO journal_subjectkey (key_id, subject, wrapped)
          SELECT * FROM unnest(%s::bytea[], %s::uuid[], %s::bytea[]) ON CONFLICT DO NOTHING"""
UNNAMED = """SELECT DISTINCT ON (k.subject) k.subject, s.unit, s.channel FROM journal_subjectkey k
             JOIN journal_entry e ON e.subject = k.subject AND position('"blob":"'::bytea IN e.payload) > 0
             JOIN journal_stream s ON s.id = e.stream_id AND s.unit = ANY (%s)
             WHERE NOT EXISTS (SELECT 1 FROM journal_entry n
                               WHERE n.sealed IS NOT NULL AND journal_key(n.payload) = k.key_id)
             ORDER BY k.subject, e.stream_id, e.seq"""
GIVEN = "SELECT id FROM journal_entry WHERE id = ANY (%s)"


@dataclass(frozen=True, slots=True)
class Key:
    """A subject's key, 32 bytes, as it is used."""

    subject: UUID
    key: bytes


def keys_of(wanted: Collection[str], using: str = "worker") -> dict[str, Key]:
    """Of these key ids (hex) those whose keys lie here, with the keys."""
    with connections[using].cursor() as cursor:
        cursor.execute(HELD, [[bytes.fromhex(name) for name in wanted]])
        return {
            bytes(name).hex(): Key(subject, unwrap(bytes(kept))) for name, subject, kept in cursor.fetchall()
        }


def wanted(units: Collection[str] | None, using: str = "worker") -> list[str]:
    """Key ids (hex) that entries in the files of `units` (None: of all) name and that have not come; at most 1,000."""
    some = None if units is None else sorted(units)
    return [name for (name,) in rows(WANTED, [some, some, MOST], using)]


def places(name: str, using: str = "worker") -> list[Description]:
    """The streams in which an entry names this key id (hex)."""
    with connections[using].cursor() as cursor:
        cursor.execute(PLACES, [bytes.fromhex(name)])
        return [Description(*row) for row in cursor.fetchall()]


def seal_for(recipient: str, some: Collection[Key]) -> bytes:
    """Keys for one age recipient: encrypted JSON Lines of subject and key in hex; none at all are no bytes."""
    if not some:
        return b""
    lines = "".join(json.dumps([str(it.subject), it.key.hex()]) + "\n" for it in some)
    sealed: bytes = pyrage.encrypt(lines.encode(), [pyrage.x25519.Recipient.from_str(recipient)])
    return sealed


def record(pen: Pen, some: Collection[Key], node: UUID, using: str = "worker") -> None:
    """Write down for each subject that `node` holds its key; once, however often it is given.

    The pen is on the database. All of them are written by one call for each unit.
    """
    names = {it.subject: uuid5(it.subject, f"given {node}") for it in some}
    with connections[using].cursor() as cursor:
        cursor.execute(GIVEN, [list(names.values())])
        known = {name for (name,) in cursor.fetchall()}
        cursor.execute(UNITS, [[subject for subject, name in names.items() if name not in known]])
        lines: dict[Description, list[bytes]] = defaultdict(list)
        for subject, unit in cursor.fetchall():
            lines[pen.desk.own.stream(unit, "work")].append(
                payload(
                    entry_id=names[subject], salt=pen.desk.entropy(16), subject=subject, after=None,
                    body=KeyGiven(node=node), actor=pen.person.id, grant=None, at=pen.at,
                )
            )  # fmt: skip
        for line in sorted(lines, key=Description.id):
            cursor.execute(
                "SELECT journal_append(%s, %s, %s::bytea[])",
                [line.canonical(), lines[line], [None] * len(lines[line])],
            )


def name_all(pen: Pen, units: Collection[str], using: str = "worker") -> int:
    """Name the keys of subjects in the files of `units` that no entry names yet: only so do they travel; how many.

    Those are of files that were attached before the pen named their keys. The pen is on the database.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(UNNAMED, [sorted(units)])
        rows = cursor.fetchall()
    for subject, unit, channel in rows:
        pen.name_key(pen.desk.own.stream(unit, channel), subject)
    return len(rows)


def accept(sealed: bytes, using: str = "worker") -> int:
    """Keep those keys that entries here name, and let what they open be found again; how many were kept.

    Others are passed over, and those of erased subjects. Raises `Malformed` for what this node cannot open or read.
    """
    named = {it: key_id(it.key) for it in _opened(sealed)}
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(NAMED, [list(named.values())])
        rows = cursor.fetchall()
        gone = erased({subject for _, subject in rows}, using=using)
        true = {(bytes(name), subject) for name, subject in rows if subject not in gone}
        some = {name: it for it, name in named.items() if (name, it.subject) in true}
        wrapped = [wrap(it.key) for it in some.values()]
        cursor.execute(KEEP, [list(some), [it.subject for it in some.values()], wrapped])
        count: int = cursor.rowcount
        cursor.execute("DELETE FROM journal_wanted WHERE key_id = ANY (%s)", [list(some)])
        fill_for({it.subject for it in some.values()}, using)
    return count


def adopt(sealed: bytes, subject: UUID, using: str = "worker") -> None:
    """Keep the key of a subject of which nothing lies here yet, as what comes of it is to be sealed under it.

    Others in `sealed` are passed over; where the subject has a key here, that stays. Raises `Malformed` as `accept`.
    """
    some = [it for it in _opened(sealed) if it.subject == subject]
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_subjectkey (key_id, subject, wrapped)"
            " SELECT u.* FROM unnest(%s::bytea[], %s::uuid[], %s::bytea[]) AS u (key_id, subject, wrapped)"
            " WHERE NOT EXISTS (SELECT 1 FROM journal_subjectkey k WHERE k.subject = u.subject)",
            [[key_id(it.key) for it in some], [subject] * len(some), [wrap(it.key) for it in some]],
        )


def destroyed(names: Collection[str], using: str = "worker") -> list[str]:
    """Of these key ids (hex) those whose subjects the authority has ordered to erase."""
    with connections[using].cursor() as cursor:
        cursor.execute(NAMED, [[bytes.fromhex(name) for name in names]])
        subjects = {bytes(name).hex(): subject for name, subject in cursor.fetchall()}
    gone = erased(set(subjects.values()), using=using)
    return sorted(name for name, subject in subjects.items() if subject in gone)


def forget(names: Collection[str], using: str = "worker") -> None:
    """Ask no more for these key ids (hex): they are destroyed where they were."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "DELETE FROM journal_wanted WHERE key_id = ANY (%s)", [[bytes.fromhex(name) for name in names]]
        )


def _opened(sealed: bytes) -> Iterator[Key]:
    try:
        lines = pyrage.decrypt(sealed, own_keys().identities).decode().splitlines()
        for subject, key in map(_line, lines):
            yield Key(subject, key)
    except (pyrage.DecryptError, ValueError) as error:
        raise Malformed(f"keys that cannot be read: {error}") from error


def _line(text: str) -> tuple[UUID, bytes]:
    it: Any = json.loads(text)
    if not (isinstance(it, list) and len(it) == 2 and all(isinstance(part, str) for part in it)):
        raise ValueError("a line is a subject and a key")
    subject, key = it
    if not is_uuid(subject) or len(found := bytes.fromhex(key)) != 32:
        raise ValueError("a line is a subject and a key")
    return UUID(subject), found
