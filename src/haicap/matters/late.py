"""Entries that came late: told where they are told, and nobody's lateness.

Lists, clocks and the board go by an entry's own `at` (when it was done), never by when it came in; so a step taken in
time on a unit's own node counts as taken in time, however late it arrives.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from haicap.clocks.wall import VIETNAM
from haicap.journal import carrying
from haicap.journal.entry import Entry
from haicap.journal.erasing import KeyDestroyed, KeyErased
from haicap.journal.holders import KeyGiven
from haicap.matters.transferring.entries import OutcomeTold
from haicap.nodes.line import arrivals

TOLD = (OutcomeTold, KeyErased, KeyDestroyed, KeyGiven)
"""What is written into a file because the matter has left it."""

LATE = timedelta(minutes=15)  # from the writing to the arrival; what is quicker is how exchange goes

Cut = tuple[datetime, datetime]

CUTS: list[Callable[[str, datetime, datetime], list[Cut]]] = []
"""What knows of outages: those of a unit's lines that touch a time, in its order, as far as the session may see them.
A room above puts its own here when it is made ready."""


def notes(entries: Sequence[Entry[Any]], unit: str) -> dict[UUID, str]:
    """By entry, what is to be said of those that came in late. One query, and one more where some came from afar."""
    found = _from_afar(entries, unit)
    left = carrying.late(entries)
    for entry in entries:
        if entry.id in left and not isinstance(entry.body, TOLD):
            said = _("ghi vào sau khi hồ sơ đã chuyển đi")
            found[entry.id] = f"{said} · {found[entry.id]}" if entry.id in found else said
    return found


def _from_afar(entries: Sequence[Entry[Any]], unit: str) -> dict[UUID, str]:
    """By entry, a sentence for those that came in long after they were written."""
    came = arrivals.of((entry.stream, entry.seq) for entry in entries)
    late = [
        (entry.id, entry.at, at)
        for entry in entries
        if (at := came.get((entry.stream, entry.seq))) and at - entry.at > LATE
    ]
    if not late:
        return {}
    since, until = min(written for _id, written, _at in late), max(at for _id, _written, at in late)
    cuts = sorted({cut for known in CUTS for cut in known(unit, since, until)})
    return {id: _said(written, at, cuts) for id, written, at in late}


def _said(written: datetime, at: datetime, cuts: Sequence[Cut]) -> str:
    its = [cut for cut in cuts if cut[0] < at and cut[1] > written]
    if not its:
        return _("đến đây lúc %(at)s") % {"at": _moment(at, written)}
    spans = ", ".join(f"{_moment(began, written)}–{_moment(ended, began)}" for began, ended in its)
    return _("đến đây muộn do đường truyền (mất %(spans)s)") % {"spans": spans}


def _moment(at: datetime, beside: datetime) -> str:
    """`14:40`, with its day where that is another than the one it stands beside."""
    here, there = at.astimezone(VIETNAM), beside.astimezone(VIETNAM)
    return f"{here:%H:%M}" if here.date() == there.date() else f"{here:%H:%M %d/%m/%Y}"
