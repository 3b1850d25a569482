"""What can be written down of assessment rounds: what a province asks, and what each of its units answers."""

from datetime import date
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind

Section = Literal["premises", "equipment", "lines", "staff"]


@kind("round.opened", version=1)
class RoundOpened(Body):
    """A province asks these units for an assessment of these sections by the end of the day `due`."""

    province: str
    name: str
    paper: str
    due: date
    sections: tuple[Section, ...]
    units: tuple[str, ...]
    note: str = ""
    synthetic: bool = False


@kind("round.reminded", version=1, free=True)
class RoundReminded(Body):
    """Units that had not answered were reminded."""

    units: tuple[str, ...]
    text: str


class Sum(Body):
    """A kind over all that answered: what the record said, what they said, what the norms ask; decimal strings."""

    sort: str
    units: int
    record: str
    said: str
    fit: str
    should: str | None
    short: str
    money: str


class Hard(Body):
    """How many difficulties of a kind were named, in how many units, how many of them first; money in VND."""

    sort: str
    named: int
    units: int
    first: int
    money: str


@kind("round.closed", version=1)
class RoundClosed(Body):
    """The round is over: who had answered, and the sums as they were. Nothing is answered or corrected after it."""

    answered: tuple[str, ...]
    missing: tuple[str, ...]
    sums: tuple[Sum, ...]
    difficulties: tuple[Hard, ...]
    note: str = ""


@kind("assessment.asked", version=1)
class AssessmentAsked(Body):
    """A unit owes an assessment for a round by the end of the day `due`."""

    round: UUID
    name: str
    number: str
    unit: str
    province: str
    due: date
    sections: tuple[Section, ...]
    synthetic: bool = False


class Said(Body):
    """A kind of means: what the record said then, all and fit, what the norms ask, and what the unit says is true.

    Amounts are decimal strings, `money` what the shortage against the norm costs, in VND; `norm`: code and version.
    """

    sort: str
    record: str
    record_fit: str
    should: str | None = None
    norm: str = ""
    said: str
    fit: str
    note: str = ""
    money: str | None = None


class Condition(Body):
    """How premises or lines are, in the unit's words."""

    section: Section
    text: str


class Named(Body):
    """A difficulty in its place of priority, and the matter by which it is followed; `fresh` if it was raised here."""

    sort: str
    text: str
    count: str = ""
    money: str = ""
    matter: UUID
    number: str
    fresh: bool


@kind("assessment.answered", version=1)
class AssessmentAnswered(Body):
    """What the unit says, whole; said again it takes the place of what it said before, with the reason."""

    lines: tuple[Said, ...]
    conditions: tuple[Condition, ...] = ()
    difficulties: tuple[Named, ...] = ()
    reason: str = ""


@kind("assessment.reminded", version=1, free=True)
class AssessmentReminded(Body):
    """The unit was reminded."""

    text: str


@kind("assessment.ended", version=1)
class AssessmentEnded(Body):
    """The round was closed: without an answer it stays unanswered, with one it is corrected no more."""

    answered: bool
