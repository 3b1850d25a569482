"""Putting digests beside what was sealed before there was a blind index, or before a room named what finds it."""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.entry import read
from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.journal.projection import PROJECTIONS
from haicap.journal.refolding import Span, spans
from haicap.journal.sealing import blinds, unseal, unwrap

AT_ONCE = 1000

# What is destroyed has no ciphertext or no key, and stays as it is.
BARE = """SELECT e.stream_id, e.seq, e.unit, e.payload, c.data, k.wrapped
          FROM journal_entry e JOIN journal_ciphertext c ON c.sha256 = e.sealed
          JOIN journal_subjectkey k ON k.key_id = journal_key(e.payload)
          WHERE c.blind = '{}' AND """


def fill(*, using: str = "worker", progress: Callable[[int], None] = lambda count: None) -> int:
    """Give every ciphertext that has none the digests that its fold names; returns how many got some.

    What is opened for it nobody reads, and nothing of it is kept but the digests. `progress` is told how many
    were looked at.
    """
    total = 0
    for span in spans(AT_ONCE, using):
        with transaction.atomic(using=using):
            total += _fill(span, using, progress)
    return total


def fill_for(subjects: Collection[UUID], using: str = "worker") -> int:
    """The same for the ciphertexts of some subjects, which came from elsewhere without digests."""
    return _filled("e.subject = ANY (%s)", [list(subjects)], using, lambda count: None)


def _fill(span: Span, using: str, progress: Callable[[int], None]) -> int:
    return _filled("e.subject > %s AND e.subject <= %s", span, using, progress)


def _filled(where: str, given: Sequence[Any], using: str, progress: Callable[[int], None]) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute(BARE + where, given)
        rows = cursor.fetchall()
        found = [(digests, sealed) for row in rows for digests, sealed in [_digests(*row)] if digests]
        cursor.executemany("SELECT journal_blind(%s, %s)", [(sealed, digests) for digests, sealed in found])
    progress(len(rows))
    return len(found)


def _digests(
    stream: UUID, seq: int, unit: str, payload: bytes, data: bytes, wrapped: bytes
) -> tuple[bytes, bytes]:
    entry = read(stream, seq, unit, bytes(payload))
    assert entry.sealed is not None
    fold = _fold_of().get(type(entry.body))
    if fold is None:
        return b"", b""
    facts = unseal(unwrap(bytes(wrapped)), entry.subject, entry.id, bytes(data))
    return blinds(fold.found_by(facts)), bytes.fromhex(entry.sealed.sha256)


@cache
def _fold_of() -> dict[type[Body], Fold[Any]]:
    return {body: fold for fold in PROJECTIONS for body in fold.handlers}
