"""Staff in tests: officers in posts without rights, and what is written into their files, a call a deed."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.means.staff import actions
from haicap.means.staff.fold import Establishment, Record
from haicap.units.actions import person_id
from haicap.units.entries import Label
from haicap.units.loading import BEGIN, Founder, put_in_post
from pages import person

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = NOW.date()


class One(NamedTuple):
    """Somebody in a post."""

    person: UUID
    post: UUID


def puts(account: str, *, at_unit: str = WARD, since: date = BEGIN) -> One:
    """An officer in a post of their own without rights."""
    with writing(Founder(own().id), at=NOW, units=[at_unit], channel="reference") as pen:
        post = put_in_post(
            pen, account=account, name=f"Cán bộ {account}", unit=unit(at_unit, using="default"), role="officer",
            label=Label(vi=f"Cán bộ Tổ {account}", en=f"Officer {account}"), since=since, plain=True,
        )  # fmt: skip
    return One(person_id(account), post)


def establishes(at_unit: str = WARD, *, account: str = "chief", since: date = BEGIN, entry_id: UUID | None = None,
                act: str = "QĐ 1", **counts: int) -> Establishment:  # fmt: skip
    counts = {kind.replace("_", "-"): n for kind, n in counts.items()}
    subject = actions.establishment_id(at_unit)
    with writing(person(account), at=NOW, subjects=[subject], units=[at_unit]) as pen:
        return actions.set_establishment(
            pen, entry_id=entry_id or uuid7(), unit=unit(at_unit, using="default"), since=since, act=act, counts=counts
        )  # fmt: skip


def does(name: str, one: One, *, account: str = "chief", at: datetime = NOW, entry_id: UUID | None = None,
         at_unit: str = WARD, **given: Any) -> Record:  # fmt: skip
    """One of the actions on an officer's file, by its name."""
    subject = actions.record_id(one.person)
    with writing(person(account), at=at, subjects=[subject], units=[at_unit]) as pen:
        return getattr(actions, name)(  # type: ignore[no-any-return]
            pen, entry_id=entry_id or uuid7(), person=one.person, post=one.post, **given
        )
