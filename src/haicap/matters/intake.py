"""How a matter comes in."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from haicap.clocks.wall import VIETNAM
from haicap.journal.pen import Pen
from haicap.journal.text import clean
from haicap.matters.coming import AS_USUAL, Coming, NotWithoutName, without
from haicap.matters.emergency import require_call, shown
from haicap.matters.entries import Facts, Raised, Way
from haicap.matters.fold import matters
from haicap.matters.law import Law
from haicap.matters.routing import Route, by_competence
from haicap.matters.running import starts
from haicap.matters.schema import Procedure
from haicap.matters.state import Matter
from haicap.matters.timing import RECEIVED
from haicap.papers.numbers import number
from haicap.units.acting import NotYet, Unsaid
from haicap.units.fold import Unit
from haicap.units.rights import Person, Scope, decide, require

TAKE_OVER = (
    "matter.take-over"  # to enter what a unit that is gone has handed over, for all units within reach
)


class NotOpenHere(Exception):
    """This procedure is not opened at units of this level; `level` says which was tried."""

    def __init__(self, procedure: Procedure, level: str) -> None:
        super().__init__(f"{procedure.code} is not opened at a {level}")
        self.procedure = procedure
        self.level = level


def raise_matter(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    law: Law,
    procedure: Procedure,
    unit: Unit,
    by: Way,
    received: datetime,
    title: str,
    answers: Mapping[str, str],
    to_unit: str | None = None,
    synthetic: bool = False,
    source: Mapping[str, str] | None = None,
    coming: Coming = AS_USUAL,
    taken_over: bool = False,
) -> Matter:
    """Take a matter in at `unit`, number it, give it to whoever is competent and set its first clocks going.

    Idempotent in `entry_id`. `received` is aware: when it came, not when it was typed. `to_unit` is asked for by
    procedures whose raiser names the unit (a directive). `coming` tells who speaks, whether without a name, and
    of an emergency. Raises `Refused` with the decision's sentence, `NotOpenHere`, `NotYet`, `Unanswered` with the
    fields that lack an answer, `Unsaid`, `CallFirst`.
    """
    if pen.wrote(entry_id) and (known := pen.state(matters, subject)) is not None:
        return known
    grant = may_raise(pen, procedure, unit, taken_over=taken_over)
    if received > pen.at:
        raise NotYet(received.isoformat())
    require_call(procedure, coming)
    public, personal = _answered(procedure, answers, coming)
    sealed = dict(personal) | ({"title": clean(title)} if procedure.is_personal("title") else {})
    branch = procedure.branch_for(public)
    route = _first_holder(law, procedure, public, unit, to_unit, received)
    begun = starts(
        procedure, RECEIVED, None, branch=branch, remote=unit.remote, at=received, facts=public,
        calendar=law.calendar,
    )  # fmt: skip
    body = Raised(
        number=_number(pen, unit.code), procedure=procedure.code, edition=procedure.edition, by=by,
        received=received, title="" if "title" in sealed else clean(title), facts=public, branch=branch,
        now=procedure.first_state, holder=route.to, why=route.why, province=unit.province, remote=unit.remote,
        synthetic=synthetic, source=dict(source or {}), starts=begun,
    )  # fmt: skip
    matter = pen.write(matters, entry_id, subject, body, unit=unit.code, grant=grant, sealed=sealed)
    return shown(pen, entry_id, matter, procedure, coming, grant)


def _answered(procedure: Procedure, answers: Mapping[str, str], coming: Coming) -> tuple[Facts, Facts]:
    """The facts, public and personal: what the procedure asks, and how it came."""
    if coming.anonymous:
        if procedure.anonymous is None or not procedure.anonymous.taken:
            raise NotWithoutName
        answers = without(procedure.anonymous.field, answers)
    public, personal = procedure.check(answers)
    beside, sealed = coming.facts()
    return public | beside, personal | sealed


def may_raise(pen: Pen, procedure: Procedure, unit: Unit, *, taken_over: bool = False) -> UUID | None:
    """The grant to raise it there, or to take it over there from a list that was handed over.

    Raises `Refused`, `NotOpenHere`; the node itself needs no grant.
    """
    if unit.level not in procedure.opens.at and isinstance(pen.person, Person):
        raise NotOpenHere(procedure, unit.level)
    if not isinstance(pen.person, Person):
        return None
    scope = Scope.of(unit.code, kind=procedure.code)
    if taken_over and (its := decide(pen.person, TAKE_OVER, scope)).allowed:
        return require(its)
    return require(decide(pen.person, "matter.raise", scope, roles=procedure.opens.by))


def _first_holder(
    law: Law, procedure: Procedure, facts: Facts, unit: Unit, stated: str | None, at: datetime
) -> Route:
    match procedure.opens.to_unit:
        case "competence":
            return by_competence(
                law, procedure, facts, unit=unit.code, level=unit.level, province=unit.province, at=at
            )
        case "stated":
            if not stated:
                raise Unsaid("to_unit")
            return Route(stated, None)
        case _:
            return Route(unit.code, None)


def _number(pen: Pen, unit: str) -> str:
    year = pen.at.astimezone(VIETNAM).year
    incarnation, serial = pen.serial(unit, year)
    return number(unit, year, incarnation, serial)
