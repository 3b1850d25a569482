"""Planning and reporting works in tests as people do: one call a deed, at a stated moment."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.means.works import actions
from haicap.means.works.actions import Saying
from haicap.means.works.entries import Purse, Stage
from haicap.means.works.fold import Programme
from haicap.means.works.state import Project
from matters.acting import who

AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DAYS: dict[Stage, date] = {
    "approval": date(2026, 3, 20), "land": date(2026, 4, 10), "design": date(2026, 5, 20), "tender": date(2026, 7, 1),
    "start": date(2026, 8, 1), "acceptance": date(2026, 12, 10), "handover": date(2026, 12, 31),
}  # fmt: skip
BUDGET: dict[Purse, int] = {"province": 5_000_000_000, "commune": 900_000_000}


def at_noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 5, 0, tzinfo=UTC)


def plans(
    name: str = "Trụ sở Công an phường",
    *,
    account: str = "chief",
    at: datetime = AT,
    at_unit: str = WARD,
    stages: Mapping[Stage, date] = DAYS,
    budget: Mapping[Purse, int] = BUDGET,
    entry_id: UUID | None = None,
    subject: UUID | None = None,
    **saying: Any,
) -> Project:
    subject = subject or uuid7()
    with writing(who(account), at=at, subjects=[subject], units=[at_unit]) as pen:
        return actions.plan(
            pen, entry_id=entry_id or uuid7(), subject=subject, unit=unit(at_unit, using="default"),
            saying=Saying(name, saying.pop("sort", "new"), **saying), stages=stages, budget=budget, paper="12/QĐ",
        )  # fmt: skip


def does(account: str, act: Any, project: Project, *, at: datetime = AT, **given: Any) -> Project:
    """One of `actions`, on a project."""
    given = {"entry_id": uuid7()} | given
    with writing(who(account), at=at, subjects=[project.id], units=[project.unit]) as pen:
        done: Project = act(pen, subject=project.id, **given)
        return done


def resolves(
    name: str = "Chương trình trụ sở", *, account: str = "logistics", at: datetime = AT, **given: Any
) -> Programme:
    subject = given.pop("subject", None) or uuid7()
    given = {"entry_id": uuid7(), "province": "31", "first": 2026, "last": 2028, "paper": "NQ 1"} | given
    with writing(who(account), at=at, subjects=[subject], units=["31"], channel="reference") as pen:
        return actions.resolve(pen, subject=subject, name=name, **given)
