"""What the entries of staff mean."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.staff.entries import (
    EstablishmentSet,
    EstablishmentWithdrawn,
    OfficerDisqualified,
    OfficerQualified,
    OfficerSeconded,
    OfficerSecondmentChanged,
    OfficerStruck,
    OfficerTrained,
    Result,
)


@dataclass(frozen=True, slots=True)
class Edition:
    """How many a unit is to have from `since` on; `at` is when that was written."""

    id: UUID
    since: date
    act: str
    counts: Mapping[str, int]
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Establishment:
    """The establishment of a unit, in the order in which it was written; what was entered by mistake is left out."""

    unit: str
    province: str | None
    synthetic: bool
    editions: tuple[Edition, ...] = ()

    @property
    def periods(self) -> list[tuple[Edition, date | None]]:
        """Each edition that ever held with the first day without it, the earliest first; of a day the last written."""
        last = {it.since: it for it in self.editions}
        its = [last[day] for day in sorted(last)]
        return [*((it, after.since) for it, after in pairwise(its)), *((it, None) for it in its[-1:])]

    def on(self, day: date) -> Edition | None:
        """The edition that holds on a day."""
        return next(
            (it for it, until in self.periods if it.since <= day and (not until or day < until)), None
        )


establishments = Fold(Establishment)


@establishments.on(EstablishmentSet, opens=True, continues=True)
def was_set(known: Establishment | None, entry: Entry[EstablishmentSet]) -> Establishment:
    it = entry.body
    counts = {count.sort: count.count for count in it.counts}
    edition = Edition(entry.id, it.since, it.act, counts, entry.actor, entry.at)
    before = known or Establishment(it.unit, it.province, it.synthetic)
    return replace(before, editions=(*before.editions, edition))


@establishments.on(EstablishmentWithdrawn)
def was_withdrawn(known: Establishment, entry: Entry[EstablishmentWithdrawn]) -> Establishment:
    return replace(known, editions=tuple(it for it in known.editions if it.id != entry.body.edition))


@dataclass(frozen=True, slots=True)
class Qualification:
    """What somebody is qualified for, in the half-open period; `withdrawn` is the first day without it."""

    id: UUID
    sort: str
    grade: str
    since: date
    until: date | None
    paper: str
    withdrawn: date | None = None
    ground: str = ""

    @property
    def ends(self) -> date | None:
        """The first day on which it is no longer in force."""
        return min((day for day in (self.until, self.withdrawn) if day), default=None)

    def in_force(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Secondment:
    """Help to another unit, in the half-open period; `first_until` is the end as ordered first."""

    id: UUID
    unit: str
    to: str
    since: date
    until: date
    first_until: date
    ground: str
    paper: str
    changes: tuple[tuple[date, str], ...] = ()  # each later end, and why


@dataclass(frozen=True, slots=True)
class Training:
    """A course."""

    id: UUID
    course: str
    since: date
    days: int
    result: Result
    paper: str


@dataclass(frozen=True, slots=True)
class Record:
    """An officer's file, in that of the unit `file`; `unit` is where the post was when it was last written in."""

    person: UUID
    file: str
    unit: str
    province: str | None
    synthetic: bool
    qualifications: tuple[Qualification, ...] = ()
    secondments: tuple[Secondment, ...] = ()
    trainings: tuple[Training, ...] = ()


records = Fold(Record)


def _known(known: Record | None, it: OfficerQualified | OfficerSeconded | OfficerTrained) -> Record:
    """The file, opened by whatever comes first."""
    before = known or Record(it.person, it.unit, it.unit, it.province, it.synthetic)
    return replace(before, unit=it.unit)


@records.on(OfficerQualified, opens=True, continues=True)
def qualified(known: Record | None, entry: Entry[OfficerQualified]) -> Record:
    it, before = entry.body, _known(known, entry.body)
    further = Qualification(entry.id, it.sort, it.grade, it.since, it.until, it.paper)
    return replace(before, qualifications=(*before.qualifications, further))


@records.on(OfficerDisqualified)
def disqualified(known: Record, entry: Entry[OfficerDisqualified]) -> Record:
    it = entry.body
    its = (
        replace(one, withdrawn=it.since, ground=it.ground) if one.id == it.qualification else one
        for one in known.qualifications
    )
    return replace(known, qualifications=tuple(its))


@records.on(OfficerSeconded, opens=True, continues=True)
def seconded(known: Record | None, entry: Entry[OfficerSeconded]) -> Record:
    it, before = entry.body, _known(known, entry.body)
    further = Secondment(entry.id, it.unit, it.to, it.since, it.until, it.until, it.ground, it.paper)
    return replace(before, secondments=(*before.secondments, further))


@records.on(OfficerSecondmentChanged)
def changed(known: Record, entry: Entry[OfficerSecondmentChanged]) -> Record:
    it = entry.body
    its = (
        replace(one, until=it.until, changes=(*one.changes, (it.until, it.ground)))
        if one.id == it.secondment
        else one
        for one in known.secondments
    )
    return replace(known, secondments=tuple(its))


@records.on(OfficerTrained, opens=True, continues=True)
def trained(known: Record | None, entry: Entry[OfficerTrained]) -> Record:
    it, before = entry.body, _known(known, entry.body)
    further = Training(entry.id, it.course, it.since, it.days, it.result, it.paper)
    return replace(before, trainings=(*before.trainings, further))


@records.on(OfficerStruck)
def struck(known: Record, entry: Entry[OfficerStruck]) -> Record:
    what = entry.body.what
    return replace(
        known,
        qualifications=tuple(it for it in known.qualifications if it.id != what),
        secondments=tuple(it for it in known.secondments if it.id != what),
        trainings=tuple(it for it in known.trainings if it.id != what),
    )
