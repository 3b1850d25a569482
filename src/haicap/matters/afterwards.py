"""What is done to a matter beside its steps: remarks, links, corrections, openings."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from pydantic import JsonValue

from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.journal.text import clean
from haicap.matters.entries import (
    Commented,
    Corrected,
    Distinct,
    Issued,
    Joined,
    Linked,
    Reopened,
    Unsealed,
)
from haicap.matters.fields import read_answers
from haicap.matters.fold import matters
from haicap.matters.handling import NotNow, found
from haicap.matters.law import Law
from haicap.matters.schema import Procedure
from haicap.matters.state import Matter
from haicap.units.acting import said
from haicap.units.rights import Person, Scope, decide, require


def comment(pen: Pen, *, entry_id: UUID, subject: UUID, law: Law, text: str) -> Matter:
    """Add a remark; sealed where the procedure has personal fields. Raises `Refused`, `Unsaid`."""
    matter = found(pen, subject)
    remark = said(text, "text")
    if law.pinned(matter.edition).is_personal("comment"):
        return act_beside(
            pen, entry_id, matter, "matter.note", Commented(text=""), sealed={"comment": remark}
        )
    return act_beside(pen, entry_id, matter, "matter.note", Commented(text=remark))


def link(
    pen: Pen, *, entry_id: UUID, subject: UUID, to: Matter, how: Literal["about", "parent", "clause"]
) -> Matter:
    """Say that another matter has to do with this one. Raises `Refused`."""
    matter = found(pen, subject)
    return act_beside(pen, entry_id, matter, "matter.note", Linked(to=to.id, number=to.number, how=how))


def correct(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    law: Law,
    answers: Mapping[str, str],
    title: str | None,
    reason: str,
) -> Matter:
    """Put right what was written down, also after closing; what stood there stays readable in the journal.

    `answers` are those that change. Raises `Refused`, `Unsaid` without a reason, `Unanswered`.
    """
    matter = found(pen, subject)
    if pen.wrote(entry_id):
        return matter
    procedure = law.pinned(matter.edition)
    public, personal = _checked(procedure, answers)
    sealed_title = title is not None and procedure.is_personal("title")
    body = Corrected(
        facts=public,
        title=None if title is None or sealed_title else clean(title),
        reason=said(reason, "reason"),
    )
    sealed = personal | ({"title": clean(title or "")} if sealed_title else {})
    return act_beside(pen, entry_id, matter, "matter.correct", body, sealed=sealed)


def _checked(
    procedure: Procedure, answers: Mapping[str, str]
) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    """Only the corrected answers, read as the opening reads them beside those that stay."""
    changed = {key.split(".")[0] for key in answers}
    fields = [field for field in procedure.field.values() if field.code in changed]
    facts = read_answers(fields, answers)
    personal = {code: value for code, value in facts.items() if procedure.is_personal(code)}
    return {code: value for code, value in facts.items() if code not in personal}, personal


def reopen(pen: Pen, *, entry_id: UUID, subject: UUID, law: Law, now: str, reason: str) -> Matter:
    """Let an ended matter go on in state `now`. Raises `Refused`, `NotNow`, `Unsaid`."""
    matter = found(pen, subject)
    if pen.wrote(entry_id):
        return matter
    procedure = law.pinned(matter.edition)
    if not matter.ended or matter.joined or now not in procedure.states or now in procedure.ends:
        raise NotNow("reopen", matter)
    return act_beside(
        pen, entry_id, matter, "matter.correct", Reopened(now=now, reason=said(reason, "reason"))
    )


def join(pen: Pen, *, entry_id: UUID, subject: UUID, into: UUID, action: str = "matter.correct") -> Matter:
    """Join a duplicate into the matter that goes on; both numbers are kept, and found from each other.

    Both subjects are to be locked by the pen. `action` is the right it takes: whoever raises a matter and says at once
    that it is one with another needs no more than raising does. Raises `Refused`, `NotNow`.
    """
    matter, other = found(pen, subject), found(pen, into)
    if pen.wrote(entry_id):
        return matter
    if matter.id == other.id or matter.joined or other.joined or matter.procedure != other.procedure:
        raise NotNow("join", matter)
    stops = tuple(clock.code for clock in matter.clocks if clock.runs)
    body = Joined(into=other.id, number=other.number, stops=stops)
    joined = act_beside(pen, entry_id, matter, action, body)
    back = Linked(to=matter.id, number=matter.number, how="same")
    act_beside(pen, UUID(int=entry_id.int ^ 1), other, "matter.see", back)
    return joined


def distinguish(pen: Pen, *, entry_id: UUID, subject: UUID, other: Matter) -> Matter:
    """Say that another matter looks alike and is not the same: they are not put beside each other again.

    Raises `Refused`.
    """
    matter = found(pen, subject)
    if other.id in matter.distinct:
        return matter
    return act_beside(pen, entry_id, matter, "matter.note", Distinct(other=other.id, number=other.number))


def unseal(pen: Pen, *, entry_id: UUID, subject: UUID, purpose: str) -> Matter:
    """Record that somebody opens the sealed facts, and for what. Raises `Refused`, `Unsaid` without a purpose."""
    matter = found(pen, subject)
    return act_beside(pen, entry_id, matter, "matter.open-sealed", Unsealed(purpose=said(purpose, "purpose")))


def issue(pen: Pen, *, entry_id: UUID, subject: UUID, paper: str, sha256: str, edition: str) -> Matter:
    """Record that a paper was made of the matter as it stands, with an edition of texts. Raises `Refused`."""
    matter = found(pen, subject)
    last = pen.folded(matters, subject).last
    body = Issued(paper=paper, sha256=sha256, on=last, edition=edition)
    return act_beside(pen, entry_id, matter, "matter.note", body)


def act_beside(
    pen: Pen,
    entry_id: UUID,
    matter: Matter,
    action: str,
    body: Body,
    *,
    sealed: Mapping[str, object] | None = None,
) -> Matter:
    """Write one entry into the matter's file, if the right to `action` covers a unit that has to do with it.

    Raises `Refused`.
    """
    grant = None
    if isinstance(pen.person, Person):
        units = {unit for unit in (matter.unit, matter.holder, matter.raised_by) if unit}
        grant = require(decide(pen.person, action, Scope(frozenset(units), matter.procedure)))
    return pen.write(matters, entry_id, matter.id, body, unit=matter.unit, grant=grant, sealed=sealed)
