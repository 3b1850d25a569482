"""What can be written down of a matter. What the law made of an act that day stands in the entry itself."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import JsonValue

from haicap.clocks.calendars import Mark
from haicap.journal.kinds import Body, kind, upcast

Way = Literal["desk", "phone", "letter", "visit", "online", "unit"]
Binds = Literal["holder", "raiser", "third-party"]
Guides = Literal["source", "answered", "again"]
Facts = dict[str, JsonValue]


class Start(Body):
    """A clock set going: from when, for how long, by which regime and calendar, and until when (UTC)."""

    clock: str
    binds: Binds
    since: datetime
    limit: str
    regime: str
    calendar: str  # SHA-256 of the calendar's edition
    due: datetime | None


class Due(Body):
    """A clock's new end."""

    clock: str
    due: datetime | None


class Longer(Body):
    """A clock made longer: by a whole length from its start, or by a length added; what it comes to."""

    clock: str
    limit: str
    how: Literal["to", "add"]
    ground: str
    law: str
    mark: Mark
    due: datetime | None


class Reason(Body):
    """A sentence in both languages: why a matter came to a unit."""

    vi: str
    en: str


@kind("matter.raised", version=1)
class Raised(Body):
    """A matter came in. Fields that the procedure calls personal travel sealed beside the body."""

    number: str
    procedure: str
    edition: str  # SHA-256 of the procedure's text, pinned for life
    by: Way
    received: datetime  # when it came, not when it was typed
    title: str  # empty where it is sealed
    facts: Facts
    branch: str
    now: str
    holder: str | None  # None: nobody is competent, a work item for the province
    why: Reason | None = None
    province: str | None
    remote: bool = False
    synthetic: bool = False
    source: dict[str, str] = {}  # where it was published, for what was not typed here
    starts: tuple[Start, ...] = ()


@kind("matter.stepped", version=1)
class Stepped(Body):
    """A step of the procedure was taken."""

    step: str
    now: str
    outcome: str | None = None
    ground: str | None = None
    branch: str | None = None  # where the step turns the matter into another branch
    ends: bool = False
    facts: Facts = {}
    starts: tuple[Start, ...] = ()
    stops: tuple[str, ...] = ()


@kind("matter.received", version=1)
class Received(Body):
    """The unit that holds the matter has seen it and says so."""


@kind("matter.refused", version=1)
class Refused(Body):
    """The unit that a matter was given to does not take it, and says why; it goes back."""

    ground: str
    back_to: str


@kind("matter.handed_over", version=1)
class HandedOver(Body):
    """Another unit is to act from here on; clocks run on."""

    to: str
    why: Reason | None = None


@kind("matter.accepted", version=1)
class Accepted(Body):
    """The unit that a matter was handed over to takes it."""


@kind("matter.referred", version=1)
class Referred(Body):
    """The matter left the service: to a court, another agency, another authority."""

    to: str


@kind("matter.assigned", version=1)
class Assigned(Body):
    """Who in the unit deals with it; None takes the assignment back."""

    person: UUID | None


@kind("matter.paused", version=1)
class Paused(Body):
    """Clocks stand still from the entry's `at`, on a ground that the procedure lists."""

    clocks: tuple[str, ...]
    ground: str


@kind("matter.resumed", version=1)
class Resumed(Body):
    """All that stood still runs on from the entry's `at`."""

    dues: tuple[Due, ...]


@kind("matter.extended", version=1)
class Extended(Body):
    """Clocks made longer, as often and as far as the procedure allows."""

    longer: tuple[Longer, ...]


@kind("matter.corrected", version=1)
class Corrected(Body):
    """What was written down was wrong; the facts as they should have been."""

    facts: Facts
    title: str | None = None
    reason: str


@kind("matter.reopened", version=1)
class Reopened(Body):
    """An ended matter goes on."""

    now: str
    reason: str
    starts: tuple[Start, ...] = ()


@kind("matter.joined", version=1)
class Joined(Body):
    """This matter is the same as another and goes on there; both numbers are kept."""

    into: UUID
    number: str
    stops: tuple[str, ...] = ()


@kind("matter.linked", version=1, free=True)
class Linked(Body):
    """Another matter has to do with this one: `same` (joined into it), `about`, `parent`, `clause`."""

    to: UUID
    number: str
    how: Literal["same", "about", "parent", "clause"]


@kind("matter.distinct", version=1, free=True)
class Distinct(Body):
    """Another matter looks alike and is not the same; nobody need look at the two again."""

    other: UUID
    number: str


@kind("matter.emergency_shown", version=1, free=True)
class EmergencyShown(Body):
    """The form was stopped for an emergency: the numbers shown, and what was done before it went on."""

    emergency: str
    numbers: tuple[str, ...]
    done: Literal["called", "passed"]


@kind("matter.commented", version=1, free=True)
class Commented(Body):
    """A remark; its text is sealed where the procedure has personal fields."""

    text: str


@kind("matter.unsealed", version=1, free=True)
class Unsealed(Body):
    """Somebody opened the sealed facts, for this purpose."""

    purpose: str


@kind("matter.found_by_identity", version=1, free=True)
class FoundByIdentity(Body):
    """Somebody found the matter by an identity number or a phone that is sealed in it, for this purpose.

    The number itself is not written down.
    """

    purpose: str


@kind("matter.issued", version=2, free=True)
class Issued(Body):
    """A paper was made of the matter as it stood at entry `on`, with the edition of its texts."""

    paper: str
    sha256: str
    on: UUID | None
    edition: str  # SHA-256 of the texts; empty where it was not written down


@upcast("matter.issued", 1)
def _without_edition(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"edition": ""}


@kind("matter.guided", version=1, free=True)
class Guided(Body):
    """A published guidance, in force from `since` on, has to do with the matter: it came from it, or answers it.

    `again`: the raiser knows it, and asks all the same.
    """

    guidance: UUID
    title: str
    since: date
    how: Guides
