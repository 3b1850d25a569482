"""After an upgrade: what came from a newer version, and can be read now, is folded at last."""

from collections.abc import Mapping
from uuid import UUID

from django.db import connections, transaction

from haicap.journal.kinds import KINDS
from haicap.journal.refolding import named
from haicap.journal.showing import show_all

AT_ONCE = 200  # subjects that are folded and written together; actions on them wait so long

# Of these kinds what was beyond the version that could be read; a kind that was not known at all could at none.
BEYOND = """SELECT DISTINCT subject FROM journal_entry e
            JOIN unnest(%s::text[], %s::int[]) n(kind, version) ON n.kind = e.kind AND n.version < e.version
            ORDER BY subject"""


def readable() -> dict[str, int]:
    """By kind, the newest version that this installation reads."""
    return {name: kind.version for name, kind in sorted(KINDS.items())}


def catch_up(before: Mapping[str, int], *, using: str = "worker") -> int:
    """Fold all subjects again that hold an entry which could not be read while `before` was what could be.

    Some hundreds at a time, each under its lock, so that people can act meanwhile. Returns how many there were.
    Raises `Unfoldable` where entries cannot be read; what was made until then stays.
    """
    new = [name for name, version in readable().items() if before.get(name, 0) < version]
    with connections[using].cursor() as cursor:
        cursor.execute(BEYOND, [new, [before.get(name, 0) for name in new]])
        subjects = [subject for (subject,) in cursor.fetchall()]
    for some in range(0, len(subjects), AT_ONCE):
        _fold_again(subjects[some : some + AT_ONCE], using)
    return len(subjects)


def _fold_again(subjects: list[UUID], using: str) -> None:
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT journal_lock(%s, '{}')", [subjects])
        show_all(named(subjects, using), using)
