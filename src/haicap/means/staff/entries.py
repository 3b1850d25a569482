"""What can be written down of staff: how many a unit is to have, and what a legal procedure of personnel needs of an
officer: qualifications, secondments, training. Who holds which post since when is of `units`."""

from datetime import date
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind

Result = Literal["running", "completed", "not-completed"]


class Count(Body):
    """So many of a kind of the catalogue, of the family `post`."""

    sort: str
    count: int


@kind("establishment.set", version=1)
class EstablishmentSet(Body):
    """How many officers a unit is to have from `since` on, in all and by qualification, and by which act."""

    unit: str
    province: str | None
    since: date
    act: str
    counts: tuple[Count, ...]
    synthetic: bool = False


@kind("establishment.withdrawn", version=1)
class EstablishmentWithdrawn(Body):
    """What that entry says was entered by mistake: it never held."""

    edition: UUID
    reason: str


class OfOfficer(Body):
    """Whose it is, and the unit of the post that the person holds when it is written."""

    person: UUID
    unit: str
    province: str | None
    synthetic: bool = False


@kind("officer.qualified", version=1)
class OfficerQualified(OfOfficer):
    """The officer has a qualification, a kind of the family `post`, from `since` until the day before `until`."""

    sort: str
    grade: str = ""
    since: date
    until: date | None = None
    paper: str = ""


@kind("officer.disqualified", version=1)
class OfficerDisqualified(Body):
    """The qualification of that entry is withdrawn from `since` on."""

    qualification: UUID
    since: date
    ground: str


@kind("officer.seconded", version=1)
class OfficerSeconded(OfOfficer):
    """The officer helps the unit `to` from `since` until the day before `until`, by order, and keeps the post."""

    to: str
    since: date
    until: date
    ground: str
    paper: str = ""


@kind("officer.secondment_changed", version=1)
class OfficerSecondmentChanged(Body):
    """The secondment of that entry ends on another day: it is prolonged, or ended early."""

    secondment: UUID
    until: date
    ground: str
    paper: str = ""


@kind("officer.trained", version=1)
class OfficerTrained(OfOfficer):
    """A course that the officer takes or took."""

    course: str
    since: date
    days: int
    result: Result
    paper: str = ""


@kind("officer.struck", version=1)
class OfficerStruck(Body):
    """What that entry says of the officer was entered by mistake."""

    what: UUID
    reason: str
