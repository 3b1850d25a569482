"""What the entries of guidance mean."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.matters.guidance.entries import GuidancePublished, GuidanceRevised, GuidanceWithdrawn


@dataclass(frozen=True, slots=True)
class Version:
    """One version; `until` is the first day on which it does not hold, None while none is set."""

    question: str
    answer: str
    topics: tuple[str, ...]
    procedures: tuple[str, ...]
    law: tuple[str, ...]
    paper: str
    since: date
    until: date | None
    issuer: str
    changed: str
    at: datetime
    by: UUID


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That a guidance holds no more from `since` on, why, and which one does instead."""

    reason: str
    since: date
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Source:
    """A matter whose answer became guidance."""

    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Guidance:
    """A guidance in all its versions, the first first."""

    id: UUID
    province: str | None
    versions: tuple[Version, ...]
    sources: tuple[Source, ...] = ()
    withdrawn: Withdrawal | None = None

    @property
    def now(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    @property
    def since(self) -> date:
        """The first day on which any version held: from then on a question was answered."""
        return self.versions[0].since

    @property
    def until(self) -> date | None:
        """The first day on which it does not hold: its own end or its withdrawal, whichever comes first."""
        ends = [self.now.until, self.withdrawn.since if self.withdrawn else None]
        return min((end for end in ends if end), default=None)


guidances = Fold(Guidance)


@guidances.on(GuidancePublished, opens=True)
def published(_: None, entry: Entry[GuidancePublished]) -> Guidance:
    it = entry.body
    sources = tuple(Source(each.id, each.number) for each in it.sources)
    return Guidance(entry.subject, it.province, (_version(entry, ""),), sources)


@guidances.on(GuidanceRevised)
def revised(guidance: Guidance, entry: Entry[GuidanceRevised]) -> Guidance:
    return replace(guidance, versions=(*guidance.versions, _version(entry, entry.body.changed)))


@guidances.on(GuidanceWithdrawn)
def withdrawn(guidance: Guidance, entry: Entry[GuidanceWithdrawn]) -> Guidance:
    it = entry.body
    return replace(guidance, withdrawn=Withdrawal(it.reason, it.since, it.by))


def _version(entry: Entry[GuidancePublished] | Entry[GuidanceRevised], changed: str) -> Version:
    it = entry.body
    return Version(
        it.question, it.answer, it.topics, it.procedures, it.law, it.paper, it.since, it.until, it.issuer, changed,
        entry.at, entry.actor,
    )  # fmt: skip
