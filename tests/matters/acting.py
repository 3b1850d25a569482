"""Acting in tests as people do: one call a deed, at a stated moment."""

from datetime import UTC, datetime
from uuid import UUID

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.handling import Doing, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.law import law
from haicap.matters.state import Clock, Matter
from haicap.units.rights import Person, person_of

DAY = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)


def who(account: str) -> Person:
    person = person_of(account, datetime(2026, 11, 20, tzinfo=UTC).date())
    assert person is not None
    return person


def raises(
    account: str,
    code: str,
    title: str,
    answers: dict[str, str],
    *,
    at: datetime = DAY,
    at_unit: str = WARD,
    to_unit: str | None = None,
) -> Matter:
    its, subject = law(), uuid7()
    with writing(who(account), at=at, subjects=[subject], units=[at_unit]) as pen:
        return raise_matter(
            pen, entry_id=uuid7(), subject=subject, law=its, procedure=its.procedure(code, at),
            unit=unit(at_unit, using="default"), by="desk", received=at, title=title, answers=answers, to_unit=to_unit,
        )  # fmt: skip


def steps(
    account: str,
    matter: Matter,
    step: str,
    *,
    at: datetime,
    outcome: str | None = None,
    ground: str | None = None,
    to_unit: str | None = None,
    entry_id: UUID | None = None,
    **answers: str,
) -> Matter:
    doing = Doing(step, outcome, ground, answers, to_unit)
    with writing(who(account), at=at, subjects=[matter.id], units=[matter.unit]) as pen:
        return take_step(pen, entry_id=entry_id or uuid7(), subject=matter.id, law=law(), doing=doing)


def running(matter: Matter) -> dict[str, Clock]:
    return {clock.code: clock for clock in matter.clocks if clock.runs}
