"""Settling a conflict: of several versions one, or parts of them, become the state, stated in full."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from haicap.journal.pen import Live, Pen
from haicap.journal.reference import decides_here
from haicap.journal.settling import Settled
from haicap.matters.conflicts.rooms import Room, differing, result
from haicap.matters.showing import Names
from haicap.units.acting import said
from haicap.units.rights import Person, Scope, decide, require


class NotHere(Exception):
    """Only the authority's node settles, erases and hands over; this one shows what waits for it."""


class Moved(Exception):
    """There is no such conflict any more, or other versions than those that were shown."""


def settle(
    pen: Pen,
    room: Room,
    *,
    entry_id: UUID,
    subject: UUID,
    whole: int,
    picks: Mapping[str, int] | None = None,
    seen: str | None = None,
    reason: str,
) -> Any:
    """Settle the conflict of a subject and return its state.

    `whole` is the version that becomes the state: 0 what stands, n the nth branch; `picks` names parts by code that
    are taken from other versions. `seen` is the `mark` of what the person chose between. Idempotent in `entry_id`.
    Raises `NotHere`, `Moved`, `Refused`, `Unsaid` without a reason.
    """
    folded = pen.folded(room.fold, subject)
    if pen.wrote(entry_id):
        return folded.state
    if isinstance(pen.desk, Live) and not decides_here(pen.desk.using):
        raise NotHere
    versions = (folded.state, *folded.branches)
    chosen = {0, whole, *(picks or {}).values()}
    if not folded.aside or not chosen <= set(range(len(versions))) or seen not in (None, mark(folded.aside)):
        raise Moved
    parts = differing(room.parts(folded.state, Names()), versions) if picks else []
    made = result(room, versions, parts, whole, picks or {})
    state = room.fold.form.dump_python(made, mode="json")
    body = Settled(disposes=folded.aside, state=state, reason=said(reason, "reason"))
    return pen.write(
        room.fold,
        entry_id,
        subject,
        body,
        unit=room.file(folded.state),
        grant=_grant(pen, room, folded.state),
    )


def mark(aside: tuple[UUID, ...] | list[str]) -> str:
    """What tells one set of versions from another: the entries set aside."""
    return " ".join(sorted(map(str, aside)))


def _grant(pen: Pen, room: Room, state: Any) -> UUID | None:
    if not isinstance(pen.person, Person):
        return None
    return require(decide(pen.person, room.action, Scope(frozenset(room.units(state)), room.kind(state))))
