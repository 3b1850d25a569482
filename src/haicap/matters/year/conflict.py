"""Two people who act on the same state without knowing of each other: a conflict, open or settled."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from haicap.journal.bulk import Bulk
from haicap.journal.entry import Entry, read
from haicap.matters.conflicts.actions import settle
from haicap.matters.conflicts.of_matters import ROOM
from haicap.matters.fold import matters
from haicap.matters.state import Matter
from haicap.matters.year.case import Case, Life

LATELY = 0.85  # from this part of the year on conflicts are still open, to be looked at


def acts_apart(it: Case, first: Callable[[], None], second: Callable[[], None]) -> Life:
    """`first` acts, then `second` on the state before that, as on another machine without a line.

    Their entries name the same `after`, so that the second is set aside, until the chief settles it.
    """
    desk, seen = it.scene.desk, it.matter
    before = desk.folded(matters, seen.id)
    first()
    yield it.minutes(5, 90)
    desk.kept[seen.id], it.matter = before, seen
    second()
    it.matter = _folded_again(desk, seen)
    if it.season < LATELY:
        yield it.minutes(30, 600)
        pen = it.pen(it.scene.unit.code, "leader")
        settle(pen, ROOM, entry_id=it.fresh(), subject=seen.id, whole=0, reason="Giữ kết quả ghi nhận trước.")
        it.matter = _folded_again(desk, seen)


def _folded_again(desk: Bulk, matter: Matter) -> Matter:
    """The matter folded from all its entries: `Bulk` itself only advances, which is right without conflicts."""
    folded = desk.kept[matter.id] = matters(_entries(desk, matter.unit, matter.id))
    assert folded.state is not None
    return folded.state


def _entries(desk: Bulk, unit: str, subject: UUID) -> Iterator[Entry[Any]]:
    stream = desk.own.stream(unit, "work")
    named = f'"subject":"{subject}"'.encode()
    for seq, (_entry, payload, *_sealed) in enumerate(desk.lines[stream], start=1):
        if named in payload:
            yield read(stream.id(), seq, unit, payload)
