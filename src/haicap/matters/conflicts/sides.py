"""Who wrote what on the two sides of a conflict."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from haicap.journal.entry import Entry

Line = list[Entry[Any]]


def sides(entries: Sequence[Entry[Any]], aside: Sequence[UUID]) -> list[Line]:
    """The entries that made each version, oldest first: those that stand, then those of each branch.

    `entries` are all of the subject in fold order, `aside` those set aside; branches are in the order of
    `Folded.branches`.
    """
    apart = set(aside)
    by_id = {entry.id: entry for entry in entries}
    forks = {by_id[entry].after for entry in apart if entry in by_id} - apart
    stands = [
        it for it in entries if it.after in forks and it.id not in apart and it.body and not it.body.free
    ]
    followed = {by_id[it].after for it in apart if it in by_id}
    return [stands, *(_line(tip, apart, by_id) for tip in aside if tip not in followed)]


def _line(tip: UUID, aside: Collection[UUID], by_id: Mapping[UUID, Entry[Any]]) -> Line:
    line: Line = []
    at: UUID | None = tip
    while at is not None and at in aside and at in by_id:
        line.insert(0, by_id[at])
        at = by_id[at].after
    return line
