"""What the authority does beside people: matters go over to the node that works on them, givers are told the outcome.

A matter that a commune hands to another commune lies in the giver's file, and the receiver's own node holds no streams
of the giver. So the authority writes `journal.left` into the giver's file and `matter.arrived` into the receiver's, and
later the outcome into the giver's.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db.models import F, QuerySet

from haicap.journal import erasing
from haicap.journal.carrying import Left, leaving
from haicap.journal.entry import Entry
from haicap.journal.history import history
from haicap.journal.pen import Pen, TooLong, writing
from haicap.journal.proving import proof
from haicap.journal.reference import decides_here, ours
from haicap.journal.sealing import Destroyed, open_sealed
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.matters.state import Matter
from haicap.matters.transferring.entries import Arrived, Named, OutcomeTold
from haicap.nodes.queries import children, peer, units_of

AT_ONCE = 200
LOOKED_BACK = timedelta(days=400)  # how long after its end a giver is still told of it


def sweep(at: datetime, using: str = "worker") -> int:
    """Do all that is due; returns how many matters went over and how many outcomes were told.

    `at` is aware. Nothing on a commune's node.
    """
    if not decides_here(using):
        return 0
    joined = children(using).filter(standing="joined").values_list("unit", flat=True)
    units = {unit: units_of(unit, using) for unit in joined}
    moved = [
        _arrives(row, at, using) for row in _due(units, using) if row.unit not in units[row.holder or ""]
    ]
    below = _units_here(using)
    untold = ((row, giver) for row, giver in _untold(at, using) if below is None or giver in below)
    told = [_tell(row, giver, at, using) for row, giver in untold]
    return sum(moved) + sum(told)


def _units_here(using: str) -> frozenset[str] | None:
    """The units below this node, whose files it may write in; None for all. Other provinces are told by courier."""
    parent = peer(using)
    return units_of(parent.unit, using) if parent else None


def _due(units: dict[str, frozenset[str]], using: str) -> QuerySet[MatterRow]:
    rows = MatterRow.objects.using(using).filter(holder__in=sorted(units), ended=None, aside=[], frozen=None)
    return rows.exclude(holder=F("unit")).order_by("pk")[:AT_ONCE]


def _arrives(row: MatterRow, at: datetime, using: str) -> bool:
    """False also for a matter with so much before it that it could not travel: no other waits behind it."""
    try:
        return _arrive(row, at, using)
    except TooLong:
        return False


def _arrive(row: MatterRow, at: datetime, using: str) -> bool:
    """Write the arrival, unless the matter has moved on meanwhile."""
    giver, receiver, node = row.unit, str(row.holder), ours(using)
    assert node is not None
    with writing(node, at=at, subjects=[row.pk], units=[giver, receiver], using=using) as pen:
        folded = pen.folded(matters, row.pk)
        matter, last = folded.state, folded.last
        if (
            matter is None
            or last is None
            or folded.aside
            or (matter.unit, matter.holder) != (giver, receiver)
        ):
            return False
        left = leaving(history(row.pk, using), last)
        pen.write(matters, left, row.pk, Left(to=receiver), unit=giver, grant=None)
        entries = history(row.pk, using)
        body = Arrived(giver=giver, files=files_of(matter, using), **proof(entries, at, using))
        sealed = dict(opened(entries, using))
        pen.write(matters, uuid5(left, "arrived"), row.pk, body, unit=receiver, grant=None, sealed=sealed)
        erasing.write_also(pen, row.pk, unit=receiver, using=using)
    return True


def files_of(matter: Matter, using: str) -> tuple[Named, ...]:
    """The files that go along; none of a matter that is erased."""
    if erasing.erased([matter.id], using=using):
        return ()
    return tuple(Named(blob=it.blob, picture=it.picture) for it in matter.files)


def opened(entries: list[Entry[Any]], using: str) -> Iterator[tuple[str, object]]:
    """The sealed facts of each entry by its id; they are sealed again as one, for the node that works on from here."""
    for entry in entries:
        if entry.sealed is None:
            continue
        try:
            facts = dict(open_sealed(entry.subject, entry.id, entry.sealed, using=using))
        except Destroyed:
            continue
        if isinstance(
            entry.body, Arrived
        ):  # those of entries that it carries, which may lie nowhere else here
            yield from facts.items()
        else:
            yield str(entry.id), facts


def _untold(at: datetime, using: str) -> Iterator[tuple[MatterRow, str]]:
    """Ended matters that went over, each with a giver that has not been told of this ending."""
    rows = MatterRow.objects.using(using).filter(ended__gte=at - LOOKED_BACK, aside=[], frozen=None)
    for row in rows.exclude(state__came=[]).order_by("pk").iterator(chunk_size=AT_ONCE):
        matter = matter_of(row)
        if matter.told != row.last:
            yield from ((row, giver) for giver in dict.fromkeys(matter.came) if giver != matter.unit)


def _tell(row: MatterRow, giver: str, at: datetime, using: str) -> bool:
    node = ours(using)
    assert node is not None
    with writing(node, at=at, subjects=[row.pk], units=[giver], using=using) as pen:
        folded = pen.folded(matters, row.pk)
        if folded.state is None or folded.state.ended is None or folded.last is None:
            return False
        _write_outcome(pen, folded.state, folded.last, giver)
    return True


def _write_outcome(pen: Pen, matter: Matter, last: UUID, giver: str) -> None:
    assert matter.ended is not None
    entry, body = outcome_of(matter, last, giver)
    pen.write(matters, entry, matter.id, body, unit=giver, grant=None)


def outcome_of(matter: Matter, last: UUID, giver: str) -> tuple[UUID, OutcomeTold]:
    """What a giver is told of a matter that has ended with the entry `last`, and the id that this has."""
    assert matter.ended is not None
    body = OutcomeTold(
        unit=matter.unit, now=matter.state, outcome=matter.outcome, ended=matter.ended, of=last
    )
    return uuid5(last, f"told {giver}"), body
