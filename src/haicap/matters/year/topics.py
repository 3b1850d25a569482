"""What stands beside the year of single files: guidance, requests to authorities, a directive, and two visits.

Each part is written once: a second loading finds it by its id. The texts lie in `data/year-topics.toml`.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from haicap.clocks.wall import VIETNAM, day_of
from haicap.journal.bulk import Bulk
from haicap.journal.pen import Pen, writing
from haicap.matters.directing import actions as directing
from haicap.matters.directing.actions import Saying
from haicap.matters.directing.entries import ClauseSaid
from haicap.matters.directing.fold import Directive
from haicap.matters.directing.models import DirectiveRow
from haicap.matters.entries import Guides
from haicap.matters.fold import matters
from haicap.matters.guidance import actions as guiding
from haicap.matters.guidance.entries import Wording
from haicap.matters.guidance.fold import Guidance
from haicap.matters.guidance.models import GuidanceRow
from haicap.matters.handling import Doing, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.matters.year.people import Crew, crew
from haicap.matters.year.running import Year
from haicap.units.actions import SPACE
from haicap.units.fold import Unit
from haicap.units.loading import seeded
from haicap.units.rights import Person

VISITED = "11311"  # Hồng Bàng
ANSWERED, AGAIN = 7, 3  # difficulties for each guidance that were answered with it, or asked all the same
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stage:
    """What all parts share."""

    year: Year
    province: str
    crew: Crew
    law: Law
    using: str

    def moment(self, day: date, hour: int = 9) -> datetime:
        """That hour of a day in Vietnam, never after the end of the year (UTC)."""
        return min(datetime.combine(day, time(hour), VIETNAM).astimezone(UTC), self.year.end)

    def at(self, share: float) -> datetime:
        """Nine o'clock of the working day at this part of the year."""
        return min(self.year.day(share, self.law.calendar), self.year.end)

    def subject(self, *names: object) -> UUID:
        """The id of something, the same at every loading of this year."""
        return uuid5(SPACE, f"{self.year.seed}/{self.year.end.isoformat()}/{'/'.join(map(str, names))}")

    def who(self, unit: str, role: str) -> Person:
        """Whoever holds a post; `PH10` is the department of the province."""
        return self.crew.who(unit, role)


@cache
def words() -> Mapping[str, Any]:
    """`data/year-topics.toml`."""
    place = Path(__file__).parent.parent / "data" / "year-topics.toml"
    return tomllib.loads(place.read_text(encoding="utf-8"))


def load_topics(year: Year, province: str, *, using: str = "worker") -> None:
    """Write guidance, requests, a directive and visits beside a year that is loaded; what is there stays."""
    stage = Stage(year, province, crew(province, year.last, using=using), law(using=using), using)
    for told in words()["guidance"]:
        _guide(stage, told)
    for place, told in enumerate(words()["request"]):
        _ask(stage, place, told)
    _direct(stage, words()["directive"])
    for place, told in enumerate(words()["twice"]):
        _tell(stage, place, told)
    previous = None
    for told in words()["visit"]:
        previous = _visit(stage, told, previous)


# Guidance


def _guide(stage: Stage, told: Mapping[str, Any]) -> None:
    subject = stage.subject("guidance", told["code"])
    if GuidanceRow.objects.using(stage.using).filter(pk=subject).exists():
        return
    at, issuer = stage.at(told["at"]), f"{stage.province}-{told['issuer']}"
    sources, answered, again = _asked(stage, told["topic"], issuer, at)
    concerned = [*sources, *answered, *again]
    with writing(
        stage.who(issuer, "department-head"), at=at, subjects=[subject, *concerned], units=[stage.province],
        channel="reference", using=stage.using,
    ) as pen:  # fmt: skip
        guidance = guiding.publish(
            pen, entry_id=uuid5(subject, "published"), subject=subject, wording=_wording(told, at), issuer=issuer,
            province=stage.province, sources=[it for one in sources if (it := pen.state(matters, one)) is not None],
        )  # fmt: skip
        _point(stage, pen, guidance, answered, "answered")
        _point(stage, pen, guidance, again, "again")
        _moves_on(stage, pen, told, subject, issuer)


def _wording(told: Mapping[str, Any], at: datetime) -> Wording:
    return Wording(
        question=told["question"], answer=told["answer"], topics=(told["topic"],), paper=told["paper"],
        procedures=tuple(told.get("procedures", ())), law=tuple(told.get("law", ())),
        since=day_of(at),
    )  # fmt: skip


def _asked(stage: Stage, topic: str, issuer: str, at: datetime) -> tuple[list[UUID], list[UUID], list[UUID]]:
    """Of a topic's difficulties with the issuer: one answered before, some answered after, some asked all the same."""
    rows = MatterRow.objects.using(stage.using).filter(
        procedure="difficulty", topic=topic, holder=issuer, synthetic=True, conflicts=0
    )
    rows = rows.order_by("received", "id")
    after = rows.filter(received__gt=at + 12 * HOUR)
    told = after.filter(outcome="guidance").values_list("pk", flat=True)
    other = after.exclude(outcome="guidance").values_list("pk", flat=True)
    before = rows.filter(received__lt=at - 48 * HOUR, outcome="guidance").order_by("-received", "id")
    return list(before.values_list("pk", flat=True)[:1]), list(told[:ANSWERED]), list(other[:AGAIN])


def _point(stage: Stage, pen: Pen, guidance: Guidance, subjects: Sequence[UUID], how: Guides) -> None:
    for subject in subjects:
        matter = pen.state(matters, subject)
        assert matter is not None
        by = _raiser(stage, matter) if how == "again" else _holder(stage, matter)
        at = min(matter.received + (HOUR if how == "again" else 30 * HOUR), stage.year.end)
        guiding.point(
            pen.by(by, at),
            entry_id=uuid5(guidance.id, f"{how}/{subject}"),
            subject=subject,
            guidance=guidance,
            how=how,
        )


def _raiser(stage: Stage, matter: Matter) -> Person:
    return stage.who(matter.raised_by, "clerk")


def _holder(stage: Stage, matter: Matter) -> Person:
    return stage.who(matter.holder or matter.unit, "department-officer")


def _moves_on(stage: Stage, pen: Pen, told: Mapping[str, Any], subject: UUID, issuer: str) -> None:
    if revised := told.get("revised"):
        at = stage.at(revised["at"])
        wording = _wording(told, at).model_copy(update={"answer": revised["answer"]})
        guiding.revise(
            pen.by(pen.person, at), entry_id=uuid5(subject, "revised"), subject=subject, wording=wording,
            issuer=issuer, changed=revised["changed"],
        )  # fmt: skip
    if gone := told.get("withdrawn"):
        at = stage.at(gone["at"])
        guiding.withdraw(
            pen.by(pen.person, at), entry_id=uuid5(subject, "withdrawn"), subject=subject, reason=gone["reason"],
            since=day_of(at), by=stage.subject("guidance", gone["by"]),
        )  # fmt: skip


# Requests


def _ask(stage: Stage, place: int, told: Mapping[str, Any]) -> None:
    subject = stage.subject("request", place)
    if MatterRow.objects.using(stage.using).filter(pk=subject).exists():
        return
    unit = stage.crew.units[told["unit"]]
    role = "leader" if unit.level == "commune" else "department-head"
    day = stage.year.last
    at, due = stage.moment(day - timedelta(days=told["asked"])), day - timedelta(days=told["due"])
    answers = {
        name: told[name] for name in ("kind", "authority", "what", "paper", "sum", "land") if name in told
    }
    with writing(
        stage.who(unit.code, role), at=at, subjects=[subject], units=[unit.code], using=stage.using
    ) as pen:
        raise_matter(
            pen, entry_id=uuid5(subject, "raised"), subject=subject, law=stage.law, unit=unit, by="unit",
            procedure=stage.law.procedure("authority-request", at), received=at, title=told["title"], synthetic=True,
            answers=answers | {"answer_due": due.isoformat()},
        )  # fmt: skip
        if answer := told.get("answer"):
            then = stage.moment(day - timedelta(days=answer["day"]), 15)
            said = {"authority_said": answer["said"], "answer_paper": answer["paper"]}
            doing = Doing("authority-answered", answer["outcome"], answers=said | _granted(answer))
            take_step(
                pen.by(pen.person, then), entry_id=uuid5(subject, "answered"), subject=subject, law=stage.law,
                doing=doing,
            )  # fmt: skip


def _granted(answer: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_granted": answer[name] for name in ("sum", "land") if name in answer}


def _tell(stage: Stage, place: int, told: Mapping[str, Any]) -> None:
    """One of two difficulties that are the same."""
    subject = stage.subject("twice", place)
    if MatterRow.objects.using(stage.using).filter(pk=subject).exists():
        return
    at, unit = stage.moment(stage.year.last - timedelta(days=told["before"])), stage.crew.units[VISITED]
    person = stage.who(unit.code, told["role"])
    with writing(person, at=at, subjects=[subject], units=[unit.code], using=stage.using) as pen:
        raise_matter(
            pen, entry_id=uuid5(subject, "raised"), subject=subject, law=stage.law, unit=unit, by="unit",
            procedure=stage.law.procedure("difficulty", at), received=at, title=told["title"], synthetic=True,
            answers={"kind": "data-lines", "what": told["what"]},
        )  # fmt: skip


# Directives


@dataclass(frozen=True, slots=True)
class _Desk:
    """A directive being written with all that its tasks go through, to be loaded at once or not at all."""

    stage: Stage
    desk: Bulk
    unit: Unit
    directive: Directive

    def step(self, task: UUID, person: Person, at: datetime, doing: Doing) -> None:
        pen = Pen(person, min(at, self.stage.year.end), self.desk)
        entry = uuid5(task, f"{doing.step}/{at.isoformat()}")
        take_step(pen, entry_id=entry, subject=task, law=self.stage.law, doing=doing)


def _issue(stage: Stage, unit: Unit, role: str, at: datetime, saying: Saying) -> _Desk | None:
    """The directive on a desk in memory; None where it is there already."""
    subject = stage.subject("directive", saying.number)
    if DirectiveRow.objects.using(stage.using).filter(pk=subject).exists():
        return None
    person = stage.who(unit.code, role)
    with writing(person, at=at, units=[unit.code], using=stage.using) as pen:
        first = pen.serial(unit.code, at.astimezone(VIETNAM).year)[1]
        desk = Bulk(pen.desk.own, seeded(f"{stage.year.seed}/{saying.number}"))
    desk.count_from(unit.code, at.astimezone(VIETNAM).year, first)
    directive = directing.issue(
        Pen(person, at, desk), entry_id=uuid5(subject, "issued"), subject=subject, law=stage.law, unit=unit,
        saying=saying, synthetic=True,
    )  # fmt: skip
    return _Desk(stage, desk, unit, directive)


def _load(it: _Desk) -> None:
    with transaction.atomic(using=it.stage.using):
        it.desk.load_within(it.stage.using)


def _clauses(told: Sequence[Mapping[str, Any]], day: date) -> tuple[ClauseSaid, ...]:
    return tuple(
        ClauseSaid(
            code=it["code"],
            text=it["text"],
            due=day + timedelta(days=it["days"]),
            target=it.get("target", ""),
        )
        for it in told
    )


def _direct(stage: Stage, told: Mapping[str, Any]) -> None:
    """One directive to all communes; most report in time, some late, some not yet, a few are sent back."""
    at, unit = stage.at(told["at"]), stage.crew.units[f"{stage.province}-{told['unit']}"]
    day = day_of(at)
    head = stage.who(unit.code, "department-head")
    units = tuple(it.code for it in stage.crew.communes())
    saying = Saying(
        number=told["number"], title=told["title"], sort="plan", issued=day, signer=head.post_name,
        clauses=_clauses(told["clause"], day), units=units,
    )  # fmt: skip
    it = _issue(stage, unit, "department-head", at, saying)
    if it is None:
        return
    rng = random.Random(f"{stage.year.seed}/{told['number']}")
    for place, clause in enumerate(it.directive.clauses):
        for code in units:
            _task(it, it.directive.task(place, code), code, clause.due, rng)
    _load(it)


def _task(it: _Desk, task: UUID, code: str, due: date, rng: random.Random) -> None:
    stage, head = it.stage, it.stage.who(it.unit.code, "department-head")
    chief, end = stage.who(code, "leader"), stage.year.end
    when = stage.moment(due, 8) - timedelta(days=rng.triangular(-9, 14, 3))
    when = max(when, it.directive.at + 5 * HOUR)
    if when > end or rng.random() < 0.06:
        return
    it.step(task, stage.who(code, "clerk"), it.directive.at + 4 * HOUR, Doing("acknowledge"))
    it.step(task, chief, when, Doing("report", answers={"done": rng.choice(words()["words"]["done"])}))
    checked = when + timedelta(days=rng.uniform(1, 6))
    if checked > end:
        return
    if rng.random() < 0.07:
        back = {"reason": words()["words"]["back"], "due": (checked + timedelta(days=12)).date().isoformat()}
        it.step(task, head, checked, Doing("return", answers=back))
    else:
        it.step(task, head, checked, Doing("verify"))


def _visit(stage: Stage, told: Mapping[str, Any], previous: UUID | None) -> UUID:
    """A visit of the province's leaders to one unit; what it reported, and what was verified."""
    day = stage.year.last - timedelta(days=told["before"])
    at, unit = stage.moment(day, 16), stage.crew.units[stage.province]
    saying = Saying(
        number=told["number"], title=told["title"], sort="visit", issued=day, visited=VISITED, units=(VISITED,),
        signer=stage.who(stage.province, "director").post_name, clauses=_clauses(told["clause"], day),
        previous=previous,
    )  # fmt: skip
    it = _issue(stage, unit, "director", at, saying)
    if it is not None:
        for task, clause in _tasks(it, told):
            _follow(it, task, clause, day)
        _load(it)
    return stage.subject("directive", told["number"])


def _tasks(it: _Desk, told: Mapping[str, Any]) -> Iterator[tuple[UUID, Mapping[str, Any]]]:
    for place, clause in enumerate(told["clause"]):
        yield it.directive.task(place, VISITED), clause


def _follow(it: _Desk, task: UUID, clause: Mapping[str, Any], day: date) -> None:
    stage = it.stage
    if done := clause.get("done"):
        when = stage.moment(day + timedelta(days=clause["days"] - 4), 10)
        it.step(
            task, stage.who(VISITED, "clerk"), stage.moment(day + timedelta(days=1)), Doing("acknowledge")
        )
        it.step(task, stage.who(VISITED, "leader"), when, Doing("report", answers={"done": done}))
        if clause.get("verified"):
            it.step(task, stage.who(stage.province, "director"), when + 26 * HOUR, Doing("verify"))
