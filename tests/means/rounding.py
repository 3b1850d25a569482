"""Rounds in tests: opened, answered, closed, a call a deed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.law import law
from haicap.means.rounds import actions
from haicap.means.rounds.entries import Said
from haicap.means.rounds.fold import Assessment, Round
from haicap.units.rights import tell_database
from pages import person

NEXT = "11329"
PROVINCE = "31"


def now() -> datetime:
    return datetime.now(UTC)


def line(
    sort: str = "computer", record: str = "9", said: str = "9", fit: str | None = None, **more: Any
) -> Said:
    """A line of an answer; what differs has a note."""
    fit = said if fit is None else fit
    note = "Đếm lại" if (said, fit) != (record, record) else ""
    return Said(
        **{"sort": sort, "record": record, "record_fit": record, "said": said, "fit": fit, "note": note}
        | more
    )


def opens(
    *, account: str = "logistics_head", units: tuple[str, ...] = (WARD, NEXT), at: datetime | None = None,
    due: date | None = None, entry_id: UUID | None = None, subject: UUID | None = None, **more: Any,
) -> Round:  # fmt: skip
    """A round of the province, by whoever answers for means there."""
    at, subject = at or now(), subject or uuid7()
    given = {"name": "Đánh giá quý", "sections": ("premises", "equipment"), "paper": "112/PH10"} | more
    with writing(person(account), at=at, subjects=[subject], units=[PROVINCE, *units]) as pen:
        return actions.open_round(
            pen, entry_id=entry_id or uuid7(), subject=subject, province=PROVINCE, units=units,
            due=due or at.date() + timedelta(days=10), **given,
        )  # fmt: skip


def answers(
    its: Round, *lines: Said, account: str = "clerk", at_unit: str = WARD, entry_id: UUID | None = None,
    at: datetime | None = None, **more: Any,
) -> Assessment:  # fmt: skip
    """The answer of a unit."""
    subject, entry_id = actions.assessment_id(its.id, at_unit), entry_id or uuid7()
    ids = [actions.difficulty_ids(entry_id, place)[1] for place in range(6)]
    with writing(person(account), at=at or now(), subjects=[subject, *ids], units=[at_unit]) as pen:
        return actions.answer(
            pen, entry_id=entry_id, subject=subject, law=law(), unit=unit(at_unit, using="default"),
            lines=lines or (line(),), **more,
        )  # fmt: skip


def reminds(its: Round, *units: str, account: str = "logistics_head", entry_id: UUID | None = None) -> Round:
    with writing(
        person(account), at=now(), subjects=actions.locked(its, units), units=[PROVINCE, *units]
    ) as pen:
        return actions.remind(
            pen, entry_id=entry_id or uuid7(), subject=its.id, units=units, text="Khẩn trương trả lời"
        )


def closes(
    its: Round, *, account: str = "logistics_head", entry_id: UUID | None = None, at: datetime | None = None
) -> Round:
    who = person(account)
    tell_database(who)
    with writing(
        who, at=at or now(), subjects=actions.locked(its, its.units), units=[PROVINCE, *its.units]
    ) as pen:
        return actions.close_round(pen, entry_id=entry_id or uuid7(), subject=its.id, note="Khắc phục ngay")
