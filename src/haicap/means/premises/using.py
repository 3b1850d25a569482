"""What happens to premises: they are looked at, lent, shared, and handed over between units."""

from datetime import date
from uuid import UUID

from haicap.clocks.wall import day_of
from haicap.journal.pen import Pen
from haicap.means.premises import entries as e
from haicap.means.premises.fold import Site
from haicap.means.premises.recording import act, found, standing
from haicap.units.acting import NotSo, Unsaid, past, said
from haicap.units.fold import Unit

SIGN = "means.sign"


def survey(pen: Pen, *, entry_id: UUID, subject: UUID, body: e.Surveyed) -> Site:
    """Write down what a look at a building found. Its evidence lies in its place already (`evidence.kept`).

    Raises `Refused`; `NotSo` where the building is gone; `NotYet`; `Unsaid` where something is damaged and it is not
    said what ("wrong"), or an estimate is no number of dong.
    """
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    standing(site, body.building)
    past(body.on, day_of(pen.at))
    if body.condition in ("damaged", "unusable"):
        said(body.wrong, "wrong")
    if body.estimate is not None and not body.estimate.isdigit():
        raise Unsaid("estimate")
    return act(pen, entry_id, site, body.model_copy(update={"wrong": body.wrong.strip()}))


def withdraw_survey(pen: Pen, *, entry_id: UUID, subject: UUID, survey: UUID, reason: str) -> Site:
    """Let a survey count no more; it and its photos stay in the journal. Raises `Refused`, `NotSo`, `Unsaid`."""
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    its = (it for building in site.buildings for it in building.surveys)
    if not any(it.id == survey and not it.withdrawn for it in its):
        raise NotSo("survey")
    return act(pen, entry_id, site, e.SurveyWithdrawn(survey=survey, reason=said(reason, "reason")))


def lend(pen: Pen, *, entry_id: UUID, subject: UUID, body: e.Lent) -> Site:
    """Lend a building or rooms of it to others, or share it with them.

    Raises `Refused`; `NotSo` where the building is gone, or what is lent is lent already; `Unsaid` without saying to
    whom ("to"), for rooms that are not there ("rooms"), or an end before the beginning ("until").
    """
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    its = standing(site, body.building)
    if set(body.rooms) - {room.code for room in its.rooms}:
        raise Unsaid("rooms")
    if body.until is not None and body.until < body.since:
        raise Unsaid("until")
    for it in its.lent:
        if not it.said.rooms or not body.rooms or set(it.said.rooms) & set(body.rooms):
            raise NotSo("lend")
    return act(pen, entry_id, site, body.model_copy(update={"to": said(body.to, "to")}))


def take_back(pen: Pen, *, entry_id: UUID, subject: UUID, lending: UUID, since: date) -> Site:
    """Say that what was lent or shared is the holder's alone again. Raises `Refused`, `NotSo`, `NotYet`."""
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    its = next((it for building in site.buildings for it in building.lent if it.id == lending), None)
    if its is None or since < its.said.since:
        raise NotSo("lent-back")
    return act(pen, entry_id, site, e.LentBack(lending=lending, since=past(since, day_of(pen.at))))


def hand_over(
    pen: Pen, *, entry_id: UUID, subject: UUID, to: Unit, on: date, paper: str = "", note: str = ""
) -> Site:
    """Sign a site over to another unit; it moves when that unit signs too.

    Raises `Refused`; `NotSo` where a handover waits already or the receiver holds it, or is closed; `NotYet`.
    """
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    if site.handover is not None or to.code == site.holder or to.closed is not None:
        raise NotSo("hand-over")
    body = e.HandedOver(to=to.code, on=past(on, day_of(pen.at)), paper=paper.strip(), note=note.strip())
    return act(pen, entry_id, site, body, action=SIGN)


def accept(pen: Pen, *, entry_id: UUID, subject: UUID, note: str = "") -> Site:
    """Sign for a site that was handed over; the receiver holds it from now on. Raises `Refused`, `NotSo`."""
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    if site.handover is None:
        raise NotSo("accept")
    return act(pen, entry_id, site, e.Accepted(note=note.strip()), action=SIGN, at=site.handover.said.to)


def end_handover(pen: Pen, *, entry_id: UUID, subject: UUID, how: e.Ended, reason: str) -> Site:
    """Withdraw a handover as the giver, or decline it as the receiver. Raises `Refused`, `NotSo`, `Unsaid`."""
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    if site.handover is None:
        raise NotSo("accept")
    side = site.holder if how == "withdrawn" else site.handover.said.to
    body = e.HandoverEnded(how=how, reason=said(reason, "reason"))
    return act(pen, entry_id, site, body, action=SIGN, at=side)
