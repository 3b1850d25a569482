"""From a matter to its papers, printed or as a draft to edit, and what is recorded of that.

Sealed facts stand on a paper only where the one who makes it may open them; that opening is an entry with the
paper as its purpose, in the same transaction as the issue.
"""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import translation

from haicap.clocks.calendars import Calendar
from haicap.clocks.sheet import said
from haicap.clocks.wall import day_of
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen
from haicap.matters import acts, running
from haicap.matters.afterwards import issue, unseal
from haicap.matters.handling import found
from haicap.matters.law import Law
from haicap.matters.laying_out import MARKS, Data, Facts, Office, Printing, laid_out, layout_of
from haicap.matters.lookup import code_of
from haicap.matters.schema import Procedure
from haicap.matters.showing import limit_words
from haicap.matters.state import Clock, Matter
from haicap.matters.transferring.entries import Arrived
from haicap.matters.transferring.opening import unsealed
from haicap.papers import editable
from haicap.papers.documents import read, render
from haicap.papers.editions import InUse, in_use
from haicap.units.rights import Person


class NoSuchPaper(LookupError):
    """The matter's procedure has no paper of this code."""


def print_paper(pen: Pen, *, subject: UUID, law: Law, paper: str, office: Office) -> bytes:
    """The PDF of a paper of the matter's procedure, recorded as issued with its SHA-256.

    `pen.person` is somebody; where they may open the sealed facts, that is recorded too. Raises `Refused`,
    `NoSuchPaper`.
    """
    layout, data, used = prepared(pen, subject=subject, law=law, paper=paper, office=office)
    pdf = render(layout, data, used.texts)
    digest = sha256(pdf).hexdigest()
    issue(pen, entry_id=uuid7(), subject=subject, paper=paper, sha256=digest, edition=used.sha256)
    return pdf


def draft_paper(pen: Pen, *, subject: UUID, law: Law, paper: str, office: Office) -> bytes:
    """The same paper as DOCX, to be edited before it is issued; no issue is recorded, an opening of sealed facts is.

    Raises `Refused`, `NoSuchPaper`.
    """
    layout, data, used = prepared(pen, subject=subject, law=law, paper=paper, office=office)
    return editable.render(read(layout, data), used.texts)


def prepared(pen: Pen, *, subject: UUID, law: Law, paper: str, office: Office) -> tuple[str, Data, InUse]:
    """Layout, data and texts of a paper; what it opens of the sealed facts is recorded."""
    matter = found(pen, subject)
    procedure = law.pinned(matter.edition)
    if paper not in procedure.paper or not isinstance(pen.person, Person):
        raise NoSuchPaper(paper)
    opened: Facts = {}
    if matter.sealed and acts.may_open(pen.person, matter):
        purpose = f"In giấy tờ: {procedure.paper[paper].vi}"
        unseal(pen, entry_id=uuid7(), subject=subject, purpose=purpose)
        opened = newest(subject)
    with translation.override("vi"):
        layout = layout_of(paper, matter, procedure)
        used = in_use(layout, office.unit.code, day_of(pen.at))
        its = Printing(
            matter, procedure, law, replace(office, letterhead=used.letterhead), pen.person, pen.at, opened,
            code_of(subject),
        )  # fmt: skip
        return *laid_out(paper, its), used


def newest(subject: UUID) -> dict[str, Any]:
    """The sealed facts as they stand: of each the latest; neither comments nor names of files.

    The opening has been recorded.
    """
    facts: dict[str, Any] = {}
    entries = history(subject)
    opened = unsealed(entries)
    for entry in entries:
        if not isinstance(entry.body, Arrived):
            facts |= opened.get(entry.id, {})
    facts.pop("comment", None)
    facts.pop("file", None)
    return facts


def derivation(
    matter: Matter, procedure: Procedure, clock: Clock, calendar: Calendar, office: Office, at: datetime
) -> bytes:
    """The PDF of a clock's derivation sheet; nothing sealed stands on it. The clock has an end."""
    with translation.override("vi"):
        its = running.sheet(procedure, clock, matter.branch, calendar)
        steps = [said(step).partition(" — ") for step in its.reckoned.steps]
        return render(
            "derivation",
            {
                "head": office.head(at), "number": matter.number, "subject": matter.title or procedure.name.vi,
                "clock": its.name.vi, "regime": its.reckoned.regime.name.vi,
                "law": its.article.vi + MARKS[its.mark], "limit": limit_words(clock.limit), "starts": clock.since,
                "due": clock.due, "steps": [{"what": what, "rule": rule} for what, _dash, rule in steps],
                "calendar": clock.calendar, "edition": matter.edition, "synthetic": matter.synthetic,
            },
        )  # fmt: skip
