"""How a thing comes from one unit to another, and how it leaves for good; its history stays with it.

Both sides sign: who leads the unit that has it hands it over, who leads the other takes it, and they are two people.
Where only a part of a number goes, that part becomes a thing of the receiver's own file that names where it came from.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid5

from haicap.clocks.wall import day_of
from haicap.journal.pen import Pen
from haicap.means.things.entries import (
    Bought,
    Ground,
    Put,
    ThingAccepted,
    ThingDisposed,
    ThingOffered,
    ThingRecalled,
    ThingRecorded,
    ThingRefused,
    ThingRestored,
)
from haicap.means.things.fold import Move, Thing, things
from haicap.means.things.recording import SIGN, act, cleaned, found, here, new_code, tidy
from haicap.units.acting import NotSo, Unsaid, granted, past, said
from haicap.units.fold import Unit
from haicap.units.rights import Person


def part_of(transfer: UUID, thing: UUID) -> UUID:
    """The subject of what goes of a number by this hand-over."""
    return uuid5(transfer, f"part/{thing}")


def signer(pen: Pen) -> str:
    """Name and post under a signature."""
    who = pen.person
    return ", ".join(filter(None, (who.name, who.post_name))) if isinstance(who, Person) else ""


def hand_over(
    pen: Pen, *, entry_id: UUID, subject: UUID, transfer: UUID, to: Unit, count: int, paper: str = "", reason: str = ""
) -> Thing:  # fmt: skip
    """Sign that the thing, or so many of it, goes to the unit `to`; it is the giver's until that has signed too.

    Many things of one hand-over share `transfer`. Raises `Refused`; `NotSo` where it is held no more, missing, away,
    handed over already or `to` has it; `Unsaid` for a number that is not there.
    """
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    held = here(thing, "hand-over")
    if held.repair or held.missing or held.waiting or to.code == held.holder or to.closed is not None:
        raise NotSo("hand-over")
    if not 1 <= count <= held.count:
        raise Unsaid("count")
    body = ThingOffered(
        transfer=transfer, to=to.code, province=to.province, count=count, paper=tidy(paper), reason=tidy(reason),
        signer=signer(pen),
    )  # fmt: skip
    return act(pen, entry_id, thing, SIGN, body)


def _waiting(thing: Thing, transfer: UUID, what: str) -> Move:
    move = thing.waiting
    if move is None or move.transfer != transfer:
        raise NotSo(what)
    return move


def accept(pen: Pen, *, entry_id: UUID, subject: UUID, transfer: UUID, put: Put | None = None) -> Thing:
    """Sign for the receiver; returns what that now has, which is another subject where only a part went.

    The pen holds `part_of(transfer, subject)` and the receiver's stream too. Raises `Refused`, `NotSo` where nothing
    waits or the same person signed for the giver.
    """
    thing = found(pen, subject)
    part = part_of(transfer, subject)
    if pen.wrote(entry_id):
        return pen.state(things, part) or thing
    move = _waiting(thing, transfer, "accept")
    if move.by == pen.person.id or move.count > thing.count:
        raise NotSo("accept")
    its = cleaned(put or Put())
    whole = move.count == thing.count
    its_part, its_place = (None, its) if whole else (part, Put())
    body = ThingAccepted(transfer=transfer, signer=signer(pen), put=its_place, part=its_part)
    after = act(pen, entry_id, thing, SIGN, body, at=move.receiver)
    return after if whole else _parted(pen, thing, move, part, its)


def _parted(pen: Pen, thing: Thing, move: Move, part: UUID, put: Put) -> Thing:
    """What went of a number, recorded in the receiver's own file."""
    body = ThingRecorded(
        code=new_code(pen, move.receiver), sort=thing.kind, family=thing.family, kept=thing.kept, unit=move.receiver,
        province=move.province, way="handed-over", since=day_of(pen.at), name=thing.name, count=move.count,
        condition="good" if thing.condition == "broken" else thing.condition, warranty=thing.warranty,
        bought=_bought(thing), put=put, paper=move.paper, origin=thing.id, transfer=move.transfer,
        synthetic=thing.synthetic,
    )  # fmt: skip
    grant = granted(pen.person, SIGN, move.receiver)
    return pen.write(things, uuid5(part, "recorded"), part, body, unit=move.receiver, grant=grant)


def refuse(pen: Pen, *, entry_id: UUID, subject: UUID, transfer: UUID, reason: str) -> Thing:
    """The receiver does not take it, for this reason. Raises `Refused`, `NotSo`, `Unsaid`."""
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    move = _waiting(thing, transfer, "refuse")
    body = ThingRefused(transfer=transfer, reason=said(reason, "reason"), signer=signer(pen))
    return act(pen, entry_id, thing, SIGN, body, at=move.receiver)


def recall(pen: Pen, *, entry_id: UUID, subject: UUID, transfer: UUID, reason: str) -> Thing:
    """The giver takes a hand-over back before the other side has signed. Raises `Refused`, `NotSo`, `Unsaid`."""
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    _waiting(thing, transfer, "recall")
    body = ThingRecalled(transfer=transfer, reason=said(reason, "reason"))
    return act(pen, entry_id, thing, SIGN, body)


def dispose(
    pen: Pen, *, entry_id: UUID, subject: UUID, ground: Ground, count: int, when: date, paper: str, note: str = ""
) -> Thing:  # fmt: skip
    """Sign that so many of it are held no more since `when`, by which paper.

    Raises `Refused`, `NotSo` where it is held no more or handed over, `Unsaid` without a paper or for a number that is
    not there, `NotYet`.
    """
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    if here(thing, "dispose").waiting is not None:
        raise NotSo("dispose")
    if not 1 <= count <= thing.count:
        raise Unsaid("count")
    body = ThingDisposed(
        ground=ground,
        count=count,
        when=past(when, day_of(pen.at)),
        paper=said(paper, "paper"),
        note=tidy(note),
    )
    return act(pen, entry_id, thing, SIGN, body)


def restore(pen: Pen, *, entry_id: UUID, subject: UUID, reason: str) -> Thing:
    """Its disposal was written by mistake. Raises `Refused`, `NotSo` where it is held or never was, `Unsaid`."""
    thing = found(pen, subject)
    if pen.wrote(entry_id):
        return thing
    if thing.gone is None or thing.gone.ground == "mistake":
        raise NotSo("restore")
    return act(pen, entry_id, thing, SIGN, ThingRestored(reason=said(reason, "reason")))


def locked(transfer: UUID, its: Iterable[Thing], receiver: str | None = None) -> tuple[list[UUID], list[str]]:
    """The subjects and the files that a pen must hold to sign for these things, at the receiver too if it is named."""
    listed = list(its)
    subjects = [thing.id for thing in listed] + [part_of(transfer, thing.id) for thing in listed]
    return subjects, sorted({thing.unit for thing in listed} | ({receiver} if receiver else set()))


def _bought(thing: Thing) -> Bought:
    return Bought(
        on=thing.bought.on, price=thing.bought.price, money=thing.bought.money, year=thing.bought.year
    )
