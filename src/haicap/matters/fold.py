"""What the entries of a matter mean."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.matters.attaching.entries import Attached, Detached
from haicap.matters.entries import (
    Accepted,
    Assigned,
    Commented,
    Corrected,
    Distinct,
    Due,
    EmergencyShown,
    Extended,
    Facts,
    FoundByIdentity,
    Guided,
    HandedOver,
    Issued,
    Joined,
    Linked,
    Paused,
    Raised,
    Received,
    Referred,
    Refused,
    Reopened,
    Resumed,
    Start,
    Stepped,
    Unsealed,
)
from haicap.matters.identities import identities
from haicap.matters.state import Clock, File, Guide, Link, Matter, Paper, Request, Stop
from haicap.matters.transferring.entries import Arrived, OutcomeTold

matters = Fold(Matter, found_by=identities)


@matters.on(Raised, opens=True)
def raised(_: None, entry: Entry[Raised]) -> Matter:
    it = entry.body
    return Matter(
        id=entry.subject, number=it.number, procedure=it.procedure, edition=it.edition, unit=entry.unit,
        province=it.province, raised_by=entry.unit, raised=entry.at, received=it.received, by=it.by, title=it.title,
        state=it.now, branch=it.branch, holder=it.holder, why=it.why, remote=it.remote, synthetic=it.synthetic,
        source=it.source, facts=it.facts, clocks=tuple(map(begun, it.starts)), sealed=_sealed((), entry),
        requests=_requested((), it.starts, it.facts, entry.at),
        given_by=entry.unit if it.holder != entry.unit else None, seen=entry.at if it.holder == entry.unit else None,
    )  # fmt: skip


@matters.on(Stepped)
def stepped(matter: Matter, entry: Entry[Stepped]) -> Matter:
    it = entry.body
    return replace(
        matter,
        state=it.now,
        branch=it.branch or matter.branch,
        outcome=it.outcome or matter.outcome,
        facts=matter.facts | it.facts,
        clocks=_started(_met(matter, it.stops, entry.at), it.starts),
        ended=entry.at if it.ends else None,
        requests=_requested(_answered(matter.requests, entry), it.starts, it.facts, entry.at),
        sealed=_sealed(matter.sealed, entry),
    )


@matters.on(Received)
def received(matter: Matter, entry: Entry[Received]) -> Matter:
    return replace(matter, seen=entry.at)


@matters.on(Refused)
def refused(matter: Matter, entry: Entry[Refused]) -> Matter:
    return replace(matter, holder=entry.body.back_to, given_by=matter.holder, seen=None, assignee=None)


@matters.on(HandedOver)
def handed_over(matter: Matter, entry: Entry[HandedOver]) -> Matter:
    it = entry.body
    return replace(
        matter, holder=it.to, why=it.why, given_by=matter.holder, seen=None, assignee=None,
        handovers=matter.handovers + 1,
    )  # fmt: skip


@matters.on(Accepted)
def accepted(matter: Matter, entry: Entry[Accepted]) -> Matter:
    return replace(matter, seen=entry.at, given_by=None)


@matters.on(Referred)
def referred(matter: Matter, entry: Entry[Referred]) -> Matter:
    return replace(matter, facts=matter.facts | {"referred_to": entry.body.to})


@matters.on(Assigned)
def assigned(matter: Matter, entry: Entry[Assigned]) -> Matter:
    return replace(matter, assignee=entry.body.person)


@matters.on(Paused)
def paused(matter: Matter, entry: Entry[Paused]) -> Matter:
    stop = Stop(entry.at, None, entry.body.ground)
    clocks = (
        replace(clock, due=None, pauses=(*clock.pauses, stop))
        if clock.runs and clock.code in entry.body.clocks
        else clock
        for clock in matter.clocks
    )
    return replace(matter, clocks=tuple(clocks))


@matters.on(Resumed)
def resumed(matter: Matter, entry: Entry[Resumed]) -> Matter:
    clocks = (
        replace(clock, pauses=tuple(_ended(stop, entry.at) for stop in clock.pauses))
        for clock in matter.clocks
    )
    return replace(matter, clocks=_due_anew(clocks, entry.body.dues))


@matters.on(Extended)
def extended(matter: Matter, entry: Entry[Extended]) -> Matter:
    by_clock = {longer.clock: longer for longer in entry.body.longer}
    clocks = (
        replace(clock, due=by_clock[clock.code].due, longer=(*clock.longer, by_clock[clock.code]))
        if clock.runs and clock.code in by_clock
        else clock
        for clock in matter.clocks
    )
    return replace(matter, clocks=tuple(clocks))


@matters.on(Corrected)
def corrected(matter: Matter, entry: Entry[Corrected]) -> Matter:
    it = entry.body
    return replace(
        matter,
        facts=matter.facts | it.facts,
        title=matter.title if it.title is None else it.title,
        corrections=matter.corrections + 1,
        sealed=_sealed(matter.sealed, entry),
    )


@matters.on(Reopened)
def reopened(matter: Matter, entry: Entry[Reopened]) -> Matter:
    return replace(
        matter, state=entry.body.now, ended=None, clocks=_started(matter.clocks, entry.body.starts)
    )


@matters.on(Joined)
def joined(matter: Matter, entry: Entry[Joined]) -> Matter:
    it = entry.body
    return replace(
        matter,
        joined=it.into,
        ended=entry.at,
        clocks=_met(matter, it.stops, entry.at),
        links=_linked(matter.links, Link(it.into, it.number, "same")),
    )


@matters.on(Linked)
def linked(matter: Matter, entry: Entry[Linked]) -> Matter:
    it = entry.body
    return replace(matter, links=_linked(matter.links, Link(it.to, it.number, it.how)))


@matters.on(Distinct)
def distinct(matter: Matter, entry: Entry[Distinct]) -> Matter:
    return replace(matter, distinct=tuple(sorted({*matter.distinct, entry.body.other})))


@matters.on(EmergencyShown)
def emergency_shown(matter: Matter, entry: Entry[EmergencyShown]) -> Matter:
    return replace(matter, emergency=entry.body.emergency)


@matters.on(Commented)
def commented(matter: Matter, entry: Entry[Commented]) -> Matter:
    return replace(matter, comments=matter.comments + 1, sealed=_sealed(matter.sealed, entry))


@matters.on(FoundByIdentity)
def found_by_identity(matter: Matter, entry: Entry[FoundByIdentity]) -> Matter:
    return matter


@matters.on(Unsealed)
def unsealed(matter: Matter, entry: Entry[Unsealed]) -> Matter:
    return replace(matter, openings=matter.openings + 1)


@matters.on(Guided)
def guided(matter: Matter, entry: Entry[Guided]) -> Matter:
    it = entry.body
    its = {*matter.guided, Guide(it.guidance, it.title, it.since, it.how)}
    return replace(matter, guided=tuple(sorted(its, key=lambda one: (str(one.guidance), one.how, one.title))))


@matters.on(Issued)
def issued(matter: Matter, entry: Entry[Issued]) -> Matter:
    it = entry.body
    further = Paper(it.paper, it.sha256, entry.at, it.on, it.edition)
    papers = sorted({*matter.papers, further}, key=lambda paper: (paper.at, paper.paper, paper.sha256))
    return replace(matter, papers=tuple(papers))


@matters.on(Arrived, opens=True, continues=True)
def arrived(matter: Matter | None, entry: Entry[Arrived]) -> Matter | None:
    if matter is None:
        return None  # what it carries has opened the matter, or nothing has
    sealed = tuple(sorted({*matter.sealed, entry.id})) if entry.sealed else matter.sealed
    return replace(matter, unit=entry.unit, came=(*matter.came, entry.body.giver), sealed=sealed)


@matters.on(OutcomeTold)
def outcome_told(matter: Matter, entry: Entry[OutcomeTold]) -> Matter:
    """In the file that the matter has left, where nothing of what was done since is held, this is all there is."""
    it = entry.body
    if matter.unit != entry.unit:
        return replace(matter, told=it.of)
    over = (replace(clock, met=it.ended) if clock.runs else clock for clock in matter.clocks)
    return replace(matter, told=it.of, state=it.now, outcome=it.outcome, ended=it.ended, clocks=tuple(over))


def _requested(
    requests: tuple[Request, ...], starts: Iterable[Start], facts: Facts, at: datetime
) -> tuple[Request, ...]:
    """A step that names an authority and starts a clock that binds a third party has asked it for something."""
    if "authority" not in facts:
        return requests
    asked = (Request(it.clock, at, it.due, facts) for it in starts if it.binds == "third-party")
    return (*requests, *asked)


def _answered(requests: tuple[Request, ...], entry: Entry[Stepped]) -> tuple[Request, ...]:
    it = entry.body
    return tuple(
        replace(one, met=entry.at, step=it.step, outcome=it.outcome, said=it.facts)
        if one.met is None and one.clock in it.stops
        else one
        for one in requests
    )


@matters.on(Attached)
def attached(matter: Matter, entry: Entry[Attached]) -> Matter:
    it = entry.body
    further = File(entry.id, it.blob, it.size, it.media, it.name, it.personal, it.about, it.picture, entry.at)
    files = tuple(sorted({*matter.files, further}, key=lambda file: (file.at, str(file.id))))
    return replace(matter, files=files)  # its sealed name is no fact of the matter


@matters.on(Detached)
def detached(matter: Matter, entry: Entry[Detached]) -> Matter:
    return replace(matter, hidden=tuple(sorted({*matter.hidden, entry.body.attached})))


def begun(start: Start) -> Clock:
    """A clock that has just been set going."""
    return Clock(start.clock, start.binds, start.since, start.limit, start.regime, start.calendar, start.due)


def _started(clocks: Iterable[Clock], starts: Iterable[Start]) -> tuple[Clock, ...]:
    """A clock that runs already and is started again starts anew; one that was met is kept beside it."""
    fresh = tuple(map(begun, starts))
    again = {clock.code for clock in fresh}
    return (*(clock for clock in clocks if not (clock.runs and clock.code in again)), *fresh)


def _met(matter: Matter, codes: Iterable[str], at: datetime) -> tuple[Clock, ...]:
    over = set(codes)
    return tuple(
        replace(clock, met=at, unit=matter.owes(clock)) if clock.runs and clock.code in over else clock
        for clock in matter.clocks
    )


def _due_anew(clocks: Iterable[Clock], dues: Iterable[Due]) -> tuple[Clock, ...]:
    new = {due.clock: due.due for due in dues}
    return tuple(
        replace(clock, due=new[clock.code]) if clock.runs and clock.code in new else clock for clock in clocks
    )


def _ended(stop: Stop, at: datetime) -> Stop:
    return stop if stop.until else replace(stop, until=at)


def _linked(links: tuple[Link, ...], further: Link) -> tuple[Link, ...]:
    return tuple(sorted({*links, further}, key=lambda link: (str(link.to), link.how)))


def _sealed(known: tuple[UUID, ...], entry: Entry[Any]) -> tuple[UUID, ...]:
    return tuple(sorted({*known, entry.id})) if entry.sealed else known
