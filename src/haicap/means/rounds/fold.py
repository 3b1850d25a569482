"""What the entries of rounds mean."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.rounds.entries import (
    AssessmentAnswered,
    AssessmentAsked,
    AssessmentEnded,
    AssessmentReminded,
    Condition,
    Hard,
    Named,
    RoundClosed,
    RoundOpened,
    RoundReminded,
    Said,
    Section,
    Sum,
)


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a round, with the sums as they were."""

    at: datetime
    by: UUID
    answered: tuple[str, ...]
    missing: tuple[str, ...]
    sums: tuple[Sum, ...]
    difficulties: tuple[Hard, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Round:
    """An assessment round of a province; `reminders` are when units were reminded, and how many."""

    id: UUID
    province: str
    name: str
    paper: str
    due: date
    sections: tuple[Section, ...]
    units: tuple[str, ...]
    note: str
    synthetic: bool
    opened: datetime
    by: UUID
    reminders: tuple[tuple[datetime, int], ...] = ()
    closed: Closing | None = None


rounds = Fold(Round)


@rounds.on(RoundOpened, opens=True)
def opened(_: None, entry: Entry[RoundOpened]) -> Round:
    it = entry.body
    return Round(
        id=entry.subject, province=it.province, name=it.name, paper=it.paper, due=it.due, sections=it.sections,
        units=it.units, note=it.note, synthetic=it.synthetic, opened=entry.at, by=entry.actor,
    )  # fmt: skip


@rounds.on(RoundReminded)
def reminded(its: Round, entry: Entry[RoundReminded]) -> Round:
    told = {*its.reminders, (entry.at, len(entry.body.units))}
    return replace(its, reminders=tuple(sorted(told)))


@rounds.on(RoundClosed)
def closed(its: Round, entry: Entry[RoundClosed]) -> Round:
    it = entry.body
    closing = Closing(entry.at, entry.actor, it.answered, it.missing, it.sums, it.difficulties, it.note)
    return replace(its, closed=closing)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit said at `at`."""

    at: datetime
    by: UUID
    lines: tuple[Said, ...]
    conditions: tuple[Condition, ...]
    difficulties: tuple[Named, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a unit owes and says in a round; `answers` as they were given one after another, `ended` once it is over."""

    id: UUID
    round: UUID
    name: str
    number: str
    unit: str
    province: str
    due: date
    sections: tuple[Section, ...]
    synthetic: bool
    asked: datetime
    answers: tuple[Answer, ...] = ()
    reminders: tuple[tuple[datetime, str], ...] = ()
    ended: datetime | None = None

    @property
    def now(self) -> Answer | None:
        """The newest answer."""
        return self.answers[-1] if self.answers else None


assessments = Fold(Assessment)


@assessments.on(AssessmentAsked, opens=True)
def asked(_: None, entry: Entry[AssessmentAsked]) -> Assessment:
    it = entry.body
    return Assessment(
        id=entry.subject, round=it.round, name=it.name, number=it.number, unit=it.unit, province=it.province,
        due=it.due, sections=it.sections, synthetic=it.synthetic, asked=entry.at,
    )  # fmt: skip


@assessments.on(AssessmentAnswered)
def answered(its: Assessment, entry: Entry[AssessmentAnswered]) -> Assessment:
    it = entry.body
    answer = Answer(entry.at, entry.actor, it.lines, it.conditions, it.difficulties, it.reason)
    return replace(its, answers=(*its.answers, answer))


@assessments.on(AssessmentReminded)
def was_reminded(its: Assessment, entry: Entry[AssessmentReminded]) -> Assessment:
    told = {*its.reminders, (entry.at, entry.body.text)}
    return replace(its, reminders=tuple(sorted(told)))


@assessments.on(AssessmentEnded)
def ended(its: Assessment, entry: Entry[AssessmentEnded]) -> Assessment:
    return replace(its, ended=entry.at)
