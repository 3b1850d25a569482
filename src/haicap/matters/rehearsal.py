"""A matter played through on paper: what a procedure makes of an example, without journal or database.

The engine's own pure parts are what plays: what is written down of an act, and the fold of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from pydantic import JsonValue

from haicap.clocks.calendars import Calendar
from haicap.clocks.fold import Edition
from haicap.journal.entry import Entry
from haicap.journal.kinds import Body
from haicap.matters.entries import Raised
from haicap.matters.fold import matters
from haicap.matters.handling import Doing, NotNow, acts
from haicap.matters.law import CALENDAR, Law
from haicap.matters.running import TooOften, starts
from haicap.matters.schema import Example, Procedure, Taken
from haicap.matters.state import Clock, Matter
from haicap.matters.timing import RECEIVED
from haicap.units.acting import Unsaid

IMPOSSIBLE = (NotNow, Unsaid, TooOften)
"""What an example may not do; each message says what."""

_NOBODY = UUID(int=0)
_SOME_UNIT = "some-unit"


def rehearse(procedure: Procedure, example: Example, calendar: Calendar) -> Matter:
    """The matter after an example was played through. Raises one of `IMPOSSIBLE`, and what `reckon` raises."""
    law = Law({}, {}, {CALENDAR: (_edition(calendar),)})
    anywhere = procedure.model_copy(update={"competence": None})  # where it goes is not what is rehearsed
    matter = _after(None, _opening(procedure, example, calendar), example.received_at)
    for taken in example.then:
        for body in acts(law, anywhere, matter, _doing(taken), taken.facts, taken.at):
            matter = _after(matter, body, taken.at)
    return matter


def running(matter: Matter) -> dict[str, Clock]:
    """The clocks that have started and are not met, by code."""
    return {clock.code: clock for clock in matter.clocks if clock.runs}


def due(matter: Matter, code: str) -> dt.datetime | None:
    """When the newest clock of this code is over (UTC); None while it stands still. Raises `KeyError`."""
    return {clock.code: clock for clock in matter.clocks}[code].due


def _opening(procedure: Procedure, example: Example, calendar: Calendar) -> Raised:
    facts: Mapping[str, JsonValue] = example.given
    branch = procedure.branch_for(facts)
    return Raised(
        number="", procedure=procedure.code, edition=procedure.edition, by="desk", received=example.received_at,
        title="", facts=dict(facts), branch=branch, now=procedure.first_state, holder=_SOME_UNIT, province=None,
        remote=example.remote,
        starts=starts(
            procedure, RECEIVED, None, branch=branch, remote=example.remote, at=example.received_at, facts=facts,
            calendar=calendar,
        ),
    )  # fmt: skip


def _doing(taken: Taken) -> Doing:
    return Doing(taken.step, taken.outcome, taken.ground, to_unit=_SOME_UNIT)


def _edition(calendar: Calendar) -> Edition:
    return Edition(calendar.sha256, dt.date(calendar.first_year, 1, 1), calendar.model_dump_json(), "")


def _after(matter: Matter | None, body: Body, at: dt.datetime) -> Matter:
    entry = Entry(
        stream=_NOBODY, seq=0, unit=_SOME_UNIT, id=_NOBODY, subject=_NOBODY, after=None, kind=body.kind,
        version=body.version, actor=_NOBODY, grant=None, at=at, body=body,
    )  # fmt: skip
    after = matters.apply(matter, entry)
    assert after is not None
    return after
