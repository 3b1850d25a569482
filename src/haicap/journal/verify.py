"""Verification: every byte hashed again, every witness heard, every row folded again."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap
from django.conf import settings
from django.db import connections

from haicap.journal.beside import aside, misled
from haicap.journal.findings import Problem
from haicap.journal.models import SubjectKey
from haicap.journal.refolding import spans
from haicap.journal.sealing import key_id
from haicap.journal.tasks import Refold, run
from haicap.journal.walking import BEGINNING, Head, Key, Walk
from haicap.journal.witness import Witness, witnesses

MOST = 1000  # problems that a report names one by one
AT_ONCE = 8_000  # entries in one piece of work
ALONE = 40_000  # entries up to which further processes cost more time than they save

# Where pieces of so many entries end.
ENDS = """SELECT stream_id, seq FROM
          (SELECT stream_id, seq, row_number() OVER (ORDER BY stream_id, seq) AS n FROM journal_entry) numbered
          WHERE n %% %s = 0 ORDER BY stream_id, seq"""
UNNAMED = """SELECT encode(sha256, 'hex') FROM journal_ciphertext c
             WHERE NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.sealed = c.sha256)"""


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. `witnessed` entries lie before a checkpoint, the others wait for the next.

    `says` is one or two sentences on whose word this stands; `hashing` and `refolding` are seconds.
    """

    ok: bool
    entries: int
    seconds: float
    problems: list[Problem]
    witnessed: int
    not_yet_witnessed: int
    says: str
    hashing: float
    refolding: float


def verify(
    *,
    files: Iterable[Path] = (),
    refold: bool = True,
    using: str = "owner",
    processes: int | None = None,
    at_once: int = AT_ONCE,
    progress: Callable[[str, int], None] = lambda doing, count: None,
) -> Report:
    """Verify the whole journal as its owner; changes nothing, and lets live traffic go on.

    `files` are witness files beside this installation's own, such as the parent's copy. With `refold` every
    row of every projection is held against the journal as well. `progress` is told what is being done and how
    many entries it was done to. What is wrong is in the report, never an exception.
    """
    begun = perf_counter()
    heard = witnesses(files, using)
    heads = _heads(heard, _abandoned_heads(using))
    problems = [problem for witness in heard for problem in witness.problems]
    entries = 0
    if processes is None and _count(using) <= ALONE:
        processes = 1

    def apart() -> None:
        problems.extend([*_unnamed(using), *_unfit_keys(using), *aside(using), *misled(using)])

    for found in run(_walks(heads, at_once, using), processes, apart):
        entries += found.entries
        problems += found.problems()
        progress("hashing", found.entries)
    hashed = perf_counter()
    if refold:
        tasks = [Refold(using, _where(using), low, high) for low, high in spans(at_once, using)]
        for found in run(tasks, processes):
            problems += found.problems()
            progress("folding", found.entries)
    ended = perf_counter()
    witnessed = min(entries, sum(its[-1].seq for its in heads.values()))
    return Report(
        not problems, entries, round(ended - begun, 3), _named(problems), witnessed, entries - witnessed,
        _says(heard, entries - witnessed), round(hashed - begun, 3), round(ended - hashed, 3),
    )  # fmt: skip


def _named(problems: list[Problem]) -> list[Problem]:
    """What a person can read: after an upgrade that changed a table, every one of its rows may differ."""
    further = len(problems) - MOST
    return problems if further <= 0 else [*problems[:MOST], Problem(None, None, f"and {further} more")]


def _count(using: str) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_entry")
        return int(cursor.fetchone()[0])


def _heads(heard: Iterable[Witness], but: Collection[tuple[UUID, int, str]]) -> dict[UUID, list[Head]]:
    """Every head that was witnessed, by stream, in the order of `seq`; not those of lines that were given up."""
    found: dict[UUID, dict[tuple[int, str], str]] = defaultdict(dict)
    for witness in heard:
        for signed in witness.checkpoints:
            for stream, head in signed.statement.heads.items():
                told = f"{witness.name} of {signed.statement.at}"
                if (stream, head.seq, head.hash) not in but:
                    found[stream].setdefault((head.seq, head.hash), told)
    return {stream: list(_in_line(its)) for stream, its in found.items()}


def _abandoned_heads(using: str) -> set[tuple[UUID, int, str]]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT stream_id, seq, encode(hash, 'hex') FROM journal_abandoned")
        return set(cursor.fetchall())


def _in_line(heads: dict[tuple[int, str], str]) -> Iterator[Head]:
    since = 1
    for (seq, digest), source in sorted(heads.items()):
        yield Head(seq, digest, since, source)
        since = seq + 1


def _walks(heads: dict[UUID, list[Head]], at_once: int, using: str) -> list[Walk]:
    """The journal in pieces, each with the witnessed heads that lie in it."""
    with connections[using].cursor() as cursor:
        cursor.execute(ENDS, [at_once])
        ends: list[Key] = [(stream, seq) for stream, seq in cursor.fetchall()]
    its: list[dict[UUID, tuple[Head, ...]]] = [{} for _ in range(len(ends) + 1)]
    for stream, line in heads.items():
        for head in line:
            piece = its[bisect_left(ends, (stream, head.seq))]
            piece[stream] = (*piece.get(stream, ()), head)
    edges: list[Key | None] = [BEGINNING, *ends, None]
    return [
        Walk(_where(using), low or BEGINNING, high, piece)
        for (low, high), piece in zip(pairwise(edges), its, strict=True)
    ]


def _where(using: str) -> dict[str, Any]:
    """What psycopg connects with, to the same database as Django's connection."""
    its = connections[using].settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: its[key] for name, key in names.items() if its[key]}
    return {**its["OPTIONS"], **given}


def _unnamed(using: str) -> Iterator[Problem]:
    with connections[using].cursor() as cursor:
        cursor.execute(UNNAMED)
        for (name,) in cursor.fetchall():
            yield Problem(None, None, f"no entry names the sealed facts {name}")


def _unfit_keys(using: str) -> Iterator[Problem]:
    """Subject keys that this installation's key does not open, or that are not what they are called."""
    kek = bytes.fromhex(settings.KEK)
    for name, subject, wrapped in (
        SubjectKey.objects.using(using).values_list("key_id", "subject", "wrapped").iterator()
    ):
        try:
            fits = key_id(aes_key_unwrap(kek, bytes(wrapped))) == bytes(name)
        except (InvalidUnwrap, ValueError):
            fits = False
        if not fits:
            yield Problem(None, None, f"the key {bytes(name).hex()} of subject {subject} does not open")


def _says(heard: Sequence[Witness], waiting: int) -> str:
    told = [f"{it.name} ({it.checkpoints[-1].statement.at})" for it in heard if it.checkpoints]
    if not told:
        return "Internally consistent only: no checkpoint bears witness."
    unread = "".join(
        f" {it.unread} lines of {it.name} cannot be read." for it in heard if it.unread and it.checkpoints
    )
    newer = f" {waiting} entries are newer and not yet witnessed." if waiting else ""
    return f"Witnessed by {' and '.join(told)}.{newer}{unread}"
