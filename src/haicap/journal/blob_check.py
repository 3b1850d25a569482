"""Whether every file that entries name lies in its place as it was put there, and what lies there unnamed."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.db import connections

from haicap.journal import blobs
from haicap.journal.kinds import naming

GRACE = 24 * 3600  # seconds: a file may lie there while its entry is still being written
NAMED = """SELECT jsonb_path_query(body, 'lax $.**.blob') #>> '{}' FROM telling
           UNION SELECT jsonb_path_query(body, 'lax $.**.picture') #>> '{}' FROM telling"""
TELLING = """WITH telling AS MATERIALIZED (SELECT convert_from(payload, 'UTF8')::jsonb -> 'body' AS body
                                          FROM journal_entry e WHERE kind = ANY (%s) AND NOT EXISTS
                                          (SELECT 1 FROM journal_entry k WHERE k.subject = e.subject
                                           AND k.kind = 'key.destroyed')) """
"""The bodies that name a blob: of every kind with a field `blob`, beside which `picture` is its small picture; not
of subjects that were erased here."""


@dataclass(frozen=True, slots=True)
class Found:
    """Blobs by name: those that entries name and are not here, those that are not what they were, and the unnamed."""

    named: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    orphans: tuple[str, ...]


def look(*, using: str = "owner") -> Found:
    """Hash every file. Long where there are many."""
    names = set(named(using))
    missing, damaged = [], []
    for name in sorted(names):
        try:
            if not blobs.whole(name):
                damaged.append(name)
        except blobs.Missing:
            missing.append(name)
    orphans = tuple(file.name for file in blobs.orphans(names, time.time() - GRACE))
    return Found(len(names), tuple(missing), tuple(damaged), orphans)


def sweep(*, using: str = "owner") -> int:
    """Remove what a crash has left: files older than a day that no entry names; returns how many."""
    left = blobs.orphans(set(named(using)), time.time() - GRACE)
    for file in left:
        with suppress(FileNotFoundError):
            file.unlink()
    return len(left)


def named(using: str = "owner") -> Iterator[str]:
    """The blobs that entries name, each once."""
    with connections[using].cursor() as cursor:
        cursor.execute(TELLING + NAMED, [naming("blob")])
        yield from (name for (name,) in cursor.fetchall() if name)
