"""What people do with rounds: open one, answer it, correct the answer, remind, close it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid5

from haicap.clocks.wall import day_of
from haicap.journal.bulk import Bulk
from haicap.journal.kinds import Body
from haicap.journal.pen import Live, Pen
from haicap.journal.text import clean
from haicap.matters.fold import matters
from haicap.matters.intake import raise_matter
from haicap.matters.law import Law
from haicap.matters.state import Matter
from haicap.means.rounds import summing
from haicap.means.rounds.entries import (
    AssessmentAnswered,
    AssessmentAsked,
    AssessmentEnded,
    AssessmentReminded,
    Condition,
    Named,
    RoundClosed,
    RoundOpened,
    RoundReminded,
    Said,
    Section,
)
from haicap.means.rounds.fold import Answer, Assessment, Round, assessments, rounds
from haicap.units.acting import NotSo, Unsaid, granted, said
from haicap.units.fold import Unit

DIRECT, WRITE = "means.direct", "means.write"
PROCEDURE = "difficulty"
LONGEST_TITLE = 120  # characters of a difficulty's text that its matter is called by
SECTIONS: tuple[Section, ...] = ("premises", "equipment", "lines", "staff")


@dataclass(frozen=True, slots=True)
class Naming:
    """A difficulty as it is typed: of which kind, what, how many, how much; `matter` is an open one of the unit."""

    sort: str
    text: str
    count: str = ""
    money: str = ""
    matter: UUID | None = None


def assessment_id(round_: UUID, unit: str) -> UUID:
    """The subject of what a unit owes in a round."""
    return uuid5(round_, unit)


def difficulty_ids(entry_id: UUID, place: int) -> tuple[UUID, UUID]:
    """Entry and subject of the matter that the difficulty at `place` (from 0) of an answer becomes."""
    entry = uuid5(entry_id, f"difficulty/{place}")
    return entry, uuid5(entry, "subject")


def open_round(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    province: str,
    name: str,
    due: date,
    sections: Sequence[Section],
    units: Sequence[str],
    paper: str = "",
    note: str = "",
    synthetic: bool = False,
) -> Round:
    """Ask these units of a province for an assessment by the end of `due`; each owes it at once.

    The files of all units are to be locked by the pen. Idempotent in `entry_id`. Raises `Refused`, `Unsaid` (name,
    sections, units), `NotSo` where the day has passed.
    """
    if pen.wrote(entry_id) and (known := pen.state(rounds, subject)) is not None:
        return known
    grant = granted(pen.person, DIRECT, province)
    if due < day_of(pen.at):
        raise NotSo("due")
    for what, value in (("sections", sections), ("units", units)):
        if not value:
            raise Unsaid(what)
    body = RoundOpened(
        province=province, name=" ".join(said(name, "name").split()), paper=clean(paper).strip(), due=due,
        sections=tuple(it for it in SECTIONS if it in sections), units=tuple(dict.fromkeys(units)),
        note=clean(note).strip(), synthetic=synthetic,
    )  # fmt: skip
    its = pen.write(rounds, entry_id, subject, body, unit=province, grant=grant)
    desk = Bulk(pen.desk.own, pen.desk.entropy) if isinstance(pen.desk, Live) else None
    asking = Pen(pen.person, pen.at, desk) if desk else pen
    for unit in its.units:
        _ask(asking, its, unit, grant)
    if desk is not None:
        desk.load_within(pen.desk.using if isinstance(pen.desk, Live) else "default")
    return its


def _ask(pen: Pen, its: Round, unit: str, grant: UUID | None) -> None:
    subject = assessment_id(its.id, unit)
    body = AssessmentAsked(
        round=its.id, name=its.name, number=its.paper, unit=unit, province=its.province, due=its.due,
        sections=its.sections, synthetic=its.synthetic,
    )  # fmt: skip
    pen.write(assessments, uuid5(subject, "asked"), subject, body, unit=unit, grant=grant)


def answer(
    pen: Pen,
    *,
    entry_id: UUID,
    subject: UUID,
    law: Law,
    unit: Unit,
    lines: Sequence[Said],
    conditions: Sequence[Condition] = (),
    difficulties: Sequence[Naming] = (),
    reason: str = "",
    synthetic: bool = False,
) -> Assessment:
    """Say how things are: every line true, each difficulty raised as a matter at once, or referred to.

    Said again it takes the place of what was said before, with the reason. The subjects of `difficulty_ids` are to be
    locked by the pen. Idempotent in `entry_id`. Raises `Refused`, `NotSo` where the round is over, `Unsaid` without a
    line, a text, the note of a line that differs, or the reason of a correction; and what `raise_matter` raises.
    """
    its = found(pen, subject)
    if pen.wrote(entry_id):
        return its
    grant = granted(pen.person, WRITE, its.unit)
    if its.ended:
        raise NotSo("answer")
    if not lines:
        raise Unsaid("lines")
    if its.answers and not clean(reason).strip():
        raise Unsaid("reason")
    body = AssessmentAnswered(
        lines=tuple(_line(it) for it in lines), reason=clean(reason).strip(),
        conditions=tuple(it for it in (_condition(it) for it in conditions) if it.text),
        difficulties=tuple(
            _named(pen, place, it, entry_id, its, law, unit, synthetic) for place, it in enumerate(difficulties)
        ),
    )  # fmt: skip
    return pen.write(assessments, entry_id, subject, body, unit=its.unit, grant=grant)


def _line(it: Said) -> Said:
    """The line, its amounts not below nothing, not more fit than there are. Raises `Unsaid` naming its kind."""
    try:
        all_, fit = Decimal(it.said), Decimal(it.fit)
    except InvalidOperation:
        raise Unsaid(it.sort) from None
    if not Decimal() <= fit <= all_:
        raise Unsaid(it.sort)
    if (all_, fit) != (Decimal(it.record), Decimal(it.record_fit)) and not clean(it.note).strip():
        raise Unsaid(f"{it.sort}:note")
    return it.model_copy(update={"note": clean(it.note).strip()})


def _condition(it: Condition) -> Condition:
    return it.model_copy(update={"text": clean(it.text).strip()})


def _named(
    pen: Pen, place: int, it: Naming, entry_id: UUID, its: Assessment, law: Law, unit: Unit, synthetic: bool
) -> Named:
    """A difficulty with its matter: the open one that it refers to, or one that is raised now."""
    matter = (
        _referred(pen, it.matter, its.unit)
        if it.matter
        else _raised(pen, place, it, entry_id, its, law, unit, synthetic)
    )
    text = clean(it.text).strip() or matter.title
    return Named(
        sort=it.sort or str(matter.facts.get("kind", "")), text=text, count=it.count.strip(), money=it.money.strip(),
        matter=matter.id, number=matter.number, fresh=it.matter is None,
    )  # fmt: skip


def _referred(pen: Pen, subject: UUID, unit: str) -> Matter:
    matter = pen.state(matters, subject)
    if matter is None or matter.procedure != PROCEDURE or matter.raised_by != unit:
        raise NotSo("difficulty")
    return matter


def _raised(
    pen: Pen, place: int, it: Naming, entry_id: UUID, its: Assessment, law: Law, unit: Unit, synthetic: bool
) -> Matter:
    text = said(it.text, f"text-{place}")
    entry, subject = difficulty_ids(entry_id, place)
    title = text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"
    answers = {"kind": it.sort, "what": text, "count": it.count, "money": it.money}
    return raise_matter(
        pen, entry_id=entry, subject=subject, law=law, procedure=law.procedure(PROCEDURE, pen.at), unit=unit, by="unit",
        received=pen.at, title=" ".join(title.split()), answers={name: text for name, text in answers.items() if text},
        synthetic=synthetic, source={"assessment": str(its.id), "round": its.name},
    )  # fmt: skip


def remind(pen: Pen, *, entry_id: UUID, subject: UUID, units: Sequence[str], text: str) -> Round:
    """Remind units that have not answered; each finds it on its form. Idempotent.

    Their assessments and files are to be locked by the pen. Raises `Refused`, `NotSo` where the round is over, `Unsaid`
    without a text or a unit.
    """
    its = found_round(pen, subject)
    if pen.wrote(entry_id):
        return its
    grant = granted(pen.person, DIRECT, its.province)
    if its.closed:
        raise NotSo("remind")
    words = said(text, "text")
    open_ones = [code for code in units if _waits(pen, its, code)]
    if not open_ones:
        raise Unsaid("units")
    for code in open_ones:
        one = assessment_id(its.id, code)
        pen.write(
            assessments, uuid5(entry_id, code), one, AssessmentReminded(text=words), unit=code, grant=grant
        )
    body = RoundReminded(units=tuple(open_ones), text=words)
    return pen.write(rounds, entry_id, subject, body, unit=its.province, grant=grant)


def _waits(pen: Pen, its: Round, unit: str) -> bool:
    one = pen.state(assessments, assessment_id(its.id, unit))
    return one is not None and one.now is None


def close_round(pen: Pen, *, entry_id: UUID, subject: UUID, note: str = "") -> Round:
    """Close a round with its sums as they are: nothing is answered or corrected after it. Idempotent.

    All its assessments and their files are to be locked by the pen. Raises `Refused`, `NotSo` where it is closed.
    """
    its = found_round(pen, subject)
    if pen.wrote(entry_id):
        return its
    grant = granted(pen.person, DIRECT, its.province)
    if its.closed:
        raise NotSo("close")
    answers: dict[str, Answer] = {}
    for code in its.units:
        one = pen.state(assessments, assessment_id(its.id, code))
        if one is not None and one.now is not None:
            answers[code] = one.now
        if one is not None and not one.ended:
            _end(pen, one, entry_id, grant, code in answers)
    body = RoundClosed(
        answered=tuple(answers), missing=tuple(code for code in its.units if code not in answers),
        sums=summing.sums(answers.values()), difficulties=summing.hards(answers.values()), note=clean(note).strip(),
    )  # fmt: skip
    return pen.write(rounds, entry_id, subject, body, unit=its.province, grant=grant)


def _end(pen: Pen, one: Assessment, entry_id: UUID, grant: UUID | None, there: bool) -> None:
    body: Body = AssessmentEnded(answered=there)
    pen.write(assessments, uuid5(entry_id, one.unit), one.id, body, unit=one.unit, grant=grant)


def locked(its: Round, units: Collection[str]) -> list[UUID]:
    """The subjects to be locked for what concerns these units of a round."""
    return [its.id, *(assessment_id(its.id, code) for code in units)]


def found(pen: Pen, subject: UUID) -> Assessment:
    """The assessment as this transaction sees it. Raises `NotSo` where there is none."""
    its = pen.state(assessments, subject)
    if its is None:
        raise NotSo("assessment")
    return its


def found_round(pen: Pen, subject: UUID) -> Round:
    """The round as this transaction sees it. Raises `NotSo` where there is none."""
    its = pen.state(rounds, subject)
    if its is None:
        raise NotSo("round")
    return its
