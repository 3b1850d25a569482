"""What can be written down of guidance. It goes into the channel `reference`: everybody below may read it."""

from datetime import date
from uuid import UUID

from haicap.journal.kinds import Body, kind


class Wording(Body):
    """What a guidance says in one version; it is in force from `since`, until the day before `until`."""

    question: str  # in general words, of no person
    answer: str
    topics: tuple[str, ...]  # kinds of difficulty
    procedures: tuple[str, ...] = ()
    law: tuple[str, ...] = ()  # articles, as they are cited
    paper: str = ""
    since: date
    until: date | None = None


class Source(Body):
    """A matter whose answer became guidance."""

    id: UUID
    number: str


@kind("guidance.published", version=1, channel="reference")
class GuidancePublished(Wording):
    """An answer is published for all communes; `issuer` is the unit that answers for it."""

    issuer: str
    province: str | None
    sources: tuple[Source, ...] = ()


@kind("guidance.revised", version=1, channel="reference")
class GuidanceRevised(Wording):
    """The next version of a guidance, and what has changed."""

    issuer: str
    changed: str


@kind("guidance.withdrawn", version=1, channel="reference")
class GuidanceWithdrawn(Body):
    """The guidance does not hold from `since` on; `by` takes its place."""

    reason: str
    since: date
    by: UUID | None = None
