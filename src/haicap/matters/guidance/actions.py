"""What people do with guidance: publish it, revise it, withdraw it, and say that a matter has to do with it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from haicap.clocks.documents import NATION
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.journal.text import clean
from haicap.matters.afterwards import act_beside
from haicap.matters.entries import Guided, Guides
from haicap.matters.guidance.entries import (
    GuidancePublished,
    GuidanceRevised,
    GuidanceWithdrawn,
    Source,
    Wording,
)
from haicap.matters.guidance.fold import Guidance, guidances
from haicap.matters.handling import Doing, found, take_step
from haicap.matters.law import Law
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid, granted

RIGHT = "guidance.publish"


class Gone(Exception):
    """The guidance has been withdrawn: it is neither revised nor withdrawn again, and answers nothing."""


def file_of(province: str | None) -> str:
    """The unit in whose file guidance for a province lies; without one, for the nation."""
    return province or NATION


def publish(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    wording: Wording,
    issuer: str,
    province: str | None,
    sources: Sequence[Matter] = (),
) -> Guidance:
    """Publish an answer for all communes of `province` (None: the nation), and link the matters it came from.

    Idempotent in `entry_id`. Raises `Refused`, `Unsaid` without question, answer or topic, or where it ends
    before it begins.
    """
    if pen.wrote(entry_id) and (known := pen.state(guidances, subject)) is not None:
        return known
    grant = granted(pen.person, RIGHT, issuer)
    its = tuple(Source(id=matter.id, number=matter.number) for matter in sources)
    body = GuidancePublished(**_said(wording), issuer=issuer, province=province, sources=its)
    guidance = _write(pen, entry_id, subject, body, province, grant)
    for matter in sources:
        point(
            pen, entry_id=uuid5(entry_id, str(matter.id)), subject=matter.id, guidance=guidance, how="source"
        )
    return guidance


def revise(
    pen: Pen, *, entry_id: UUID, subject: UUID, wording: Wording, issuer: str, changed: str
) -> Guidance:
    """Write the next version. Idempotent. Raises `Refused`, `Gone`, `Unsaid`, `LookupError`."""
    guidance = found_guidance(pen, subject)
    if pen.wrote(entry_id):
        return guidance
    if guidance.withdrawn:
        raise Gone
    if not (why := clean(changed).strip()):
        raise Unsaid("changed")
    body = GuidanceRevised(**_said(wording), issuer=issuer, changed=why)
    return _write(pen, entry_id, subject, body, guidance.province, granted(pen.person, RIGHT, issuer))


def withdraw(
    pen: Pen, *, entry_id: UUID, subject: UUID, reason: str, since: date, by: UUID | None = None
) -> Guidance:
    """Withdraw it from `since` on; `by` is the one that holds instead. Raises `Refused`, `Gone`, `Unsaid`."""
    guidance = found_guidance(pen, subject)
    if pen.wrote(entry_id):
        return guidance
    if guidance.withdrawn:
        raise Gone
    if not (why := clean(reason).strip()):
        raise Unsaid("reason")
    body = GuidanceWithdrawn(reason=why, since=since, by=by)
    return _write(
        pen, entry_id, subject, body, guidance.province, granted(pen.person, RIGHT, guidance.now.issuer)
    )


def point(pen: Pen, *, entry_id: UUID, subject: UUID, guidance: Guidance, how: Guides) -> Matter:
    """Say that a matter has to do with a guidance: it was answered with it, or is asked again. Raises `Refused`.

    The matter's subject is to be locked by the pen. Said twice in the same way it is one.
    """
    matter = found(pen, subject)
    if any(it.guidance == guidance.id and it.how == how for it in matter.guided):
        return matter
    body = Guided(guidance=guidance.id, title=guidance.now.question, since=guidance.since, how=how)
    return act_beside(pen, entry_id, matter, "matter.note", body)


def answer_with(
    pen: Pen, *, entry_id: UUID, subject: UUID, law: Law, guidance: Guidance, text: str
) -> Matter:
    """Answer a difficulty with a published guidance: the step of its procedure, and the link to the guidance.

    Idempotent in `entry_id`. Raises what `take_step` raises, and `Gone`.
    """
    if guidance.withdrawn:
        raise Gone
    answers = {"guidance": text} | ({"guidance_paper": guidance.now.paper} if guidance.now.paper else {})
    doing = Doing("answer", outcome="guidance", answers=answers)
    take_step(pen, entry_id=entry_id, subject=subject, law=law, doing=doing)
    return point(pen, entry_id=uuid5(entry_id, "guided"), subject=subject, guidance=guidance, how="answered")


def found_guidance(pen: Pen, subject: UUID) -> Guidance:
    """The guidance as it is under this pen's locks. Raises `LookupError` where there is none."""
    guidance = pen.state(guidances, subject)
    if guidance is None:
        raise LookupError(f"no guidance {subject}")
    return guidance


def _said(wording: Wording) -> Mapping[str, Any]:
    """The parts of a wording, trimmed. Raises `Unsaid`."""
    its = wording.model_dump()
    for name in ("question", "answer", "paper"):
        its[name] = clean(its[name]).strip()
    its["question"] = " ".join(its["question"].split())
    for name in ("question", "answer", "topics"):
        if not its[name]:
            raise Unsaid(name)
    if wording.until and wording.until <= wording.since:
        raise Unsaid("until")
    return its


def _write(
    pen: Pen, entry_id: UUID, subject: UUID, body: Body, province: str | None, grant: UUID | None
) -> Guidance:
    return pen.write(
        guidances, entry_id, subject, body, unit=file_of(province), grant=grant, channel="reference"
    )
