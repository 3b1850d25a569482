"""Shifts: opened, handed over with what is open, accepted by the next. One runs at a unit's desk.

A shift's subject is made from the one before it, so that two people who open the next one at once open the same:
the second is told so.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from haicap.duty.entries import ShiftAccepted, ShiftHandedOver, ShiftOpened
from haicap.duty.fold import Shift, shifts
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.journal.text import clean
from haicap.units.acting import NotSo, granted
from haicap.units.actions import SPACE
from haicap.units.fold import Unit

LONGEST = timedelta(days=3)


class NoSuchTime(ValueError):
    """A shift would end before it begins, or last longer than `LONGEST`."""


def next_shift(unit: str, before: UUID | None) -> UUID:
    """The subject of the shift that follows `before`, or of a unit's first."""
    return uuid5(before, "next") if before else uuid5(SPACE, f"duty/{unit}/first")


def open_shift(
    pen: Pen,
    *,
    entry_id: UUID,
    unit: Unit,
    before: UUID | None,
    commander: UUID,
    people: tuple[UUID, ...],
    since: datetime,
    until: datetime,
    note: str = "",
    synthetic: bool = False,
) -> Shift:
    """Open the shift after `before` (None: the unit's first), which must be over. Moments are aware.

    Raises `Refused`, `NoSuchTime`, `NotSo` where the one before runs or this one is open already.
    """
    subject = next_shift(unit.code, before)
    known = pen.state(shifts, subject)
    if known is not None and pen.wrote(entry_id):
        return known
    grant = granted(pen.person, "duty.write", unit.code)
    if not since < until <= since + LONGEST:
        raise NoSuchTime(f"{since} {until}")
    last = pen.state(shifts, before) if before else None
    if known is not None or (before and (last is None or last.accepted is None)):
        raise NotSo("open")
    body = ShiftOpened(
        unit=unit.code, province=unit.province, commander=commander,
        people=tuple(one for one in dict.fromkeys(people) if one != commander), since=since, until=until,
        note=clean(note).strip(), synthetic=synthetic,
    )  # fmt: skip
    return pen.write(shifts, entry_id, subject, body, unit=unit.code, grant=grant)


def hand_over(pen: Pen, *, entry_id: UUID, shift: UUID, left: ShiftHandedOver) -> Shift:
    """Sign as the outgoing, with what is left open. Raises `Refused`, `NotSo`."""
    its = found(pen, shift)
    if pen.wrote(entry_id):
        return its
    if its.signed or its.accepted:
        raise NotSo("hand-over")
    return _act(pen, entry_id, its, left)


def accept(
    pen: Pen,
    *,
    entry_ids: tuple[UUID, UUID],
    shift: UUID,
    unit: Unit,
    commander: UUID,
    people: tuple[UUID, ...],
    until: datetime,
    note: str = "",
) -> Shift:
    """Accept what the outgoing left and open the next shift from this moment; returns that one.

    Where nobody has signed, it can be taken over once its time has passed, and the entry says so. `shift` and the next
    one are to be locked by the pen. Raises `Refused`, `NotSo`, `NoSuchTime`.
    """
    its = found(pen, shift)
    if not pen.wrote(entry_ids[0]):
        if its.accepted or (its.signed is None and pen.at < its.until):
            raise NotSo("accept")
        _act(pen, entry_ids[0], its, ShiftAccepted(unsigned=its.signed is None, note=clean(note).strip()))
    return open_shift(
        pen, entry_id=entry_ids[1], unit=unit, before=shift, commander=commander, people=people, since=pen.at,
        until=until, synthetic=its.synthetic,
    )  # fmt: skip


def found(pen: Pen, shift: UUID) -> Shift:
    """The shift as this transaction sees it. Raises `NotSo` where there is none."""
    its = pen.state(shifts, shift)
    if its is None:
        raise NotSo("shift")
    return its


def _act(pen: Pen, entry_id: UUID, shift: Shift, body: Body) -> Shift:
    return pen.write(
        shifts, entry_id, shift.id, body, unit=shift.unit, grant=granted(pen.person, "duty.write", shift.unit)
    )
