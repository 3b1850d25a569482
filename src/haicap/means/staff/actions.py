"""What people do with establishments and officers' files. Nothing is edited: a mistake is struck by a further entry."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid5

from haicap.clocks.wall import day_of
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.means.staff.entries import (
    Count,
    EstablishmentSet,
    EstablishmentWithdrawn,
    OfficerDisqualified,
    OfficerQualified,
    OfficerSeconded,
    OfficerSecondmentChanged,
    OfficerStruck,
    OfficerTrained,
    OfOfficer,
    Result,
)
from haicap.means.staff.fold import Establishment, Record, establishments, records
from haicap.means.staff.sorts import ALL, grades
from haicap.units.acting import NotSo, Unsaid, granted, past, said
from haicap.units.actions import SPACE
from haicap.units.fold import Post, Unit, posts

WRITE = "staff.write"


def establishment_id(unit: str) -> UUID:
    """The subject of the establishment of a unit."""
    return uuid5(SPACE, f"establishment/{unit}")


def record_id(person: UUID) -> UUID:
    """The subject of an officer's file."""
    return uuid5(person, "staff")


def set_establishment(
    pen: Pen,
    *,
    entry_id: UUID,
    unit: Unit,
    since: date,
    act: str,
    counts: Mapping[str, int],
    synthetic: bool = False,
) -> Establishment:
    """Say how many officers a unit is to have from `since` on, in all (`officer`) and by qualification.

    Said again for the same day it takes the place of what was said before. Idempotent in `entry_id`. Raises `Refused`,
    `Unsaid` without the act or the number of all, `NotSo` where more of a qualification are asked than of all.
    """
    subject = establishment_id(unit.code)
    known = pen.state(establishments, subject)
    if known is not None and pen.wrote(entry_id):
        return known
    grant = granted(pen.person, WRITE, unit.code)
    if counts.get(ALL, 0) <= 0:
        raise Unsaid(ALL)
    if any(not 0 <= count <= counts[ALL] for count in counts.values()):
        raise NotSo("establishment")
    body = EstablishmentSet(
        unit=unit.code, province=unit.province, since=since, act=said(act, "act"), synthetic=synthetic,
        counts=tuple(Count(sort=sort, count=count) for sort, count in sorted(counts.items())),
    )  # fmt: skip
    return pen.write(establishments, entry_id, subject, body, unit=unit.code, grant=grant)


def withdraw_establishment(
    pen: Pen, *, entry_id: UUID, unit: str, edition: UUID, reason: str
) -> Establishment:
    """Say that an edition was entered by mistake. Raises `Refused`, `NotSo` where there is none, `Unsaid`."""
    subject = establishment_id(unit)
    known = pen.state(establishments, subject)
    if known is None:
        raise NotSo("withdraw")
    if pen.wrote(entry_id):
        return known
    grant = granted(pen.person, WRITE, unit)
    if all(it.id != edition for it in known.editions):
        raise NotSo("withdraw")
    body = EstablishmentWithdrawn(edition=edition, reason=said(reason, "reason"))
    return pen.write(establishments, entry_id, subject, body, unit=unit, grant=grant)


def qualify(
    pen: Pen,
    *,
    entry_id: UUID,
    person: UUID,
    post: UUID,
    sort: str,
    since: date,
    grade: str = "",
    until: date | None = None,
    paper: str = "",
    synthetic: bool = False,
) -> Record:
    """Enter a qualification of an officer who holds `post`: from `since` until the day before `until`.

    `sort` is a kind of the family `post`, `grade` one of its grades where it has any. Idempotent. Raises `Refused`,
    `Unsaid`, `NotYet` for a day to come, `NotSo` where it ends before it begins, or the post is not held.
    """
    if sort in grades() and grade not in grades()[sort]:
        raise Unsaid("grade")
    if until is not None and until <= since:
        raise NotSo("until")
    its = held(pen, person, post)
    body = OfficerQualified(
        person=person, unit=its.unit, province=its.province, sort=said(sort, "sort"), grade=grade,
        since=past(since, day_of(pen.at)), until=until, paper=paper.strip(), synthetic=synthetic,
    )  # fmt: skip
    return _open(pen, entry_id, body)


def disqualify(
    pen: Pen, *, entry_id: UUID, person: UUID, post: UUID, qualification: UUID, since: date, ground: str
) -> Record:
    """Withdraw a qualification from `since` on. Raises `Refused`, `NotSo` where it is not in force, `Unsaid`."""
    record = _found(pen, person)
    if pen.wrote(entry_id):
        return record
    its = next((it for it in record.qualifications if it.id == qualification), None)
    if its is None or its.withdrawn or since < its.since or (its.until and its.until <= since):
        raise NotSo("disqualify")
    body = OfficerDisqualified(qualification=qualification, since=since, ground=said(ground, "ground"))
    return _go_on(pen, entry_id, record, post, body)


def second(
    pen: Pen,
    *,
    entry_id: UUID,
    person: UUID,
    post: UUID,
    to: str,
    since: date,
    until: date,
    ground: str,
    paper: str = "",
    synthetic: bool = False,
) -> Record:
    """Second whoever holds `post` to the unit `to`, from `since` until the day before `until`; the post is kept.

    Idempotent. Raises `Refused`, `Unsaid` without a ground, `NotSo` for the same unit, a period of no length, or one in
    which the officer is seconded already.
    """
    known = pen.state(records, record_id(person))
    if known is not None and pen.wrote(entry_id):
        return known
    its = held(pen, person, post)
    if to == its.unit or until <= since or _overlaps(known, since, until):
        raise NotSo("second")
    body = OfficerSeconded(
        person=person, unit=its.unit, province=its.province, to=said(to, "to"), since=since, until=until,
        ground=said(ground, "ground"), paper=paper.strip(), synthetic=synthetic,
    )  # fmt: skip
    return _open(pen, entry_id, body)


def _overlaps(record: Record | None, since: date, until: date, but: UUID | None = None) -> bool:
    its = record.secondments if record else ()
    return any(it.id != but and it.since < until and since < it.until for it in its)


def change_secondment(
    pen: Pen,
    *,
    entry_id: UUID,
    person: UUID,
    post: UUID,
    secondment: UUID,
    until: date,
    ground: str,
    paper: str = "",
) -> Record:
    """Let a secondment end on another day (the first without it): prolonged, or ended early.

    Raises `Refused`, `Unsaid` without a ground, `NotSo` where it has ended, or would overlap another.
    """
    record = _found(pen, person)
    if pen.wrote(entry_id):
        return record
    its = next((it for it in record.secondments if it.id == secondment), None)
    if its is None or until < its.since or until == its.until or its.until <= day_of(pen.at):
        raise NotSo("change")
    if _overlaps(record, its.since, until, but=secondment):
        raise NotSo("second")
    body = OfficerSecondmentChanged(
        secondment=secondment, until=until, ground=said(ground, "ground"), paper=paper.strip()
    )
    return _go_on(pen, entry_id, record, post, body)


def train(
    pen: Pen,
    *,
    entry_id: UUID,
    person: UUID,
    post: UUID,
    course: str,
    since: date,
    days: int,
    result: Result,
    paper: str = "",
    synthetic: bool = False,
) -> Record:
    """Enter a course that an officer takes or took. Idempotent. Raises `Refused`, `Unsaid`, `NotYet`."""
    if days <= 0:
        raise Unsaid("days")
    its = held(pen, person, post)
    body = OfficerTrained(
        person=person, unit=its.unit, province=its.province, course=said(course, "course"),
        since=past(since, day_of(pen.at)), days=days, result=result, paper=paper.strip(), synthetic=synthetic,
    )  # fmt: skip
    return _open(pen, entry_id, body)


def strike(pen: Pen, *, entry_id: UUID, person: UUID, post: UUID, what: UUID, reason: str) -> Record:
    """Say that a qualification, a secondment or a course was entered by mistake.

    Raises `Refused`, `NotSo`, `Unsaid`.
    """
    record = _found(pen, person)
    if pen.wrote(entry_id):
        return record
    if what not in {
        it.id for its in (record.qualifications, record.secondments, record.trainings) for it in its
    }:
        raise NotSo("strike")
    return _go_on(pen, entry_id, record, post, OfficerStruck(what=what, reason=said(reason, "reason")))


def _found(pen: Pen, person: UUID) -> Record:
    record = pen.state(records, record_id(person))
    if record is None:
        raise NotSo("record")
    return record


def held(pen: Pen, person: UUID, post: UUID) -> Post:
    """The post, which `person` holds today as this transaction sees it. Raises `NotSo` otherwise."""
    its, day = pen.state(posts, post), day_of(pen.at)
    if its is None or (its.closed and its.closed <= day):
        raise NotSo("post")
    if not any(
        it.person == person and it.since <= day and (not it.until or day < it.until) for it in its.tenures
    ):
        raise NotSo("post")
    return its


def _open(pen: Pen, entry_id: UUID, body: OfOfficer) -> Record:
    """Write what may open a file: into the file that there is, else into that of the unit of the post."""
    subject = record_id(body.person)
    known = pen.state(records, subject)
    if known is not None and pen.wrote(entry_id):
        return known
    grant = granted(pen.person, WRITE, body.unit)
    return pen.write(records, entry_id, subject, body, unit=known.file if known else body.unit, grant=grant)


def _go_on(pen: Pen, entry_id: UUID, record: Record, post: UUID, body: Body) -> Record:
    grant = granted(pen.person, WRITE, held(pen, record.person, post).unit)
    return pen.write(records, entry_id, record_id(record.person), body, unit=record.file, grant=grant)
