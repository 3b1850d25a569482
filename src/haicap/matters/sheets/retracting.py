"""Taking back a matter that should never have been taken in, as long as nobody has gone on with it."""

from dataclasses import replace
from uuid import UUID

from django.db import connections

from haicap.journal.entry import Entry
from haicap.journal.kinds import Body, kind
from haicap.journal.pen import Pen
from haicap.matters.fold import matters
from haicap.matters.handling import found
from haicap.matters.state import RETRACTED, Matter

UNTOUCHED = ("matter.raised", "matter.unsealed", "matter.retracted")
"""The kinds that do not count as going on with a matter: its opening, and reading what is sealed."""


@kind("matter.retracted", version=1)
class Retracted(Body):
    """The matter should not have been taken in: the sheet that it came with was taken back. Its clocks owe nothing."""

    batch: UUID
    reason: str


@matters.on(Retracted)
def retracted(matter: Matter, entry: Entry[Retracted]) -> Matter:
    clocks = (replace(clock, met=entry.at) if clock.runs else clock for clock in matter.clocks)
    return replace(matter, state=RETRACTED, ended=entry.at, clocks=tuple(clocks))


def retract(
    pen: Pen, *, entry_id: UUID, subject: UUID, batch: UUID, reason: str, grant: UUID | None
) -> Matter | None:
    """Take a matter back that came with a sheet; None where somebody has gone on with it, and it stays.

    Idempotent. The caller has judged the right, `grant`.
    """
    matter = found(pen, subject)
    if matter.state == RETRACTED:
        return matter
    if gone_on(subject, matter):
        return None
    return pen.write(
        matters, entry_id, subject, Retracted(batch=batch, reason=reason), unit=matter.unit, grant=grant
    )


def gone_on(subject: UUID, matter: Matter, *, using: str = "default") -> bool:
    """Whether anything but its opening was written of a matter."""
    if matter.ended:
        return True
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM journal_entry WHERE subject = %s AND kind <> ALL (%s) LIMIT 1",
            [subject, list(UNTOUCHED)],
        )
        return cursor.fetchone() is not None
