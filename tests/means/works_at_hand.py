"""Planning and reporting works in tests as people do: one call a deed, at a stated moment."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from PIL import Image

from cast import WARD, unit
from haicap.clocks.wall import day_of
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.means.evidence import kept_by
from haicap.means.works import actions
from haicap.means.works.actions import Saying
from haicap.means.works.entries import Gap, Purse, Stage
from haicap.means.works.fold import Programme
from haicap.means.works.state import Project
from haicap.papers.keeping import Upload
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


def built(now: datetime) -> None:
    """Works in which each page has something to show: a programme with two projects, one begun, paid for, pictured."""
    day, since = day_of(now), now - timedelta(days=90)
    programme = resolves(at=since, target=2, sums=BUDGET)
    days: dict[Stage, date] = {stage: day + timedelta(days=20 * n - 70) for n, stage in enumerate(DAYS)}
    gaps = (Gap(of="working-area", amount="470"),)
    first = plans("Xây mới trụ sở", at=since, stages=days, programme=programme.id, gaps=gaps)
    plans("Xây nhà xe", at=since, stages=days, programme=programme.id, follows=first.id)
    photo = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(photo, "JPEG")
    with writing(who("clerk"), at=now, subjects=[first.id], units=[WARD]) as pen:
        file = Upload("mong.jpg", len(photo.getvalue()), photo)
        files = kept_by(pen, [file], subject=first.id, day=day, about="Móng")
        actions.reach(pen, entry_id=uuid7(), subject=first.id, stage="approval", on=day, evidence=files)
    does("clerk", actions.pay, first, at=now, on=day, source="province", amount=10**9, paper="UNC 1")
    does("chief", actions.stop, first, at=now, since=day, ground="Chờ mặt bằng")
