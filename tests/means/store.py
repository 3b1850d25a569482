"""Keeping things in tests as people do: one call a deed, by somebody of the cast."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, writing
from haicap.means.catalogue.queries import catalogue
from haicap.means.things import moving, recording
from haicap.means.things.entries import Put
from haicap.means.things.fold import Thing, things
from haicap.units.sign_in import today
from pages import person

T = TypeVar("T")
NEXT = "11329"  # the ward beside


def now() -> datetime:
    return datetime.now(UTC)


def records(
    kind: str = "computer", count: int = 1, *, account: str = "clerk", at_unit: str = WARD, place: str = "Phòng trực",
    entry_id: UUID | None = None, since: date | None = None, **more: Any,
) -> list[Thing]:  # fmt: skip
    """So many of a kind in the file of a unit."""
    its = recording.Described(
        kind=catalogue()[kind], way="purchase", since=since or today(), put=Put(place=place), **more
    )
    entry_id = entry_id or uuid7()
    subjects = recording.subjects_of(entry_id, its.kind, count)
    with writing(person(account), at=now(), subjects=subjects, units=[at_unit]) as pen:
        return recording.record(
            pen, entry_id=entry_id, unit=unit(at_unit, using="default"), its=its, count=count, synthetic=False
        )


def does(act: Callable[..., Thing], thing: Thing, *, account: str = "clerk", entry_id: UUID | None = None,
         **more: Any) -> Thing:  # fmt: skip
    """One act on a thing by somebody."""
    with writing(person(account), at=now(), subjects=[thing.id], units=[thing.unit]) as pen:
        return act(pen, entry_id=entry_id or uuid7(), subject=thing.id, **more)


def gives(*its: Thing, to: str = NEXT, account: str = "chief", counts: dict[UUID, int] | None = None) -> UUID:
    """Things are handed over to another unit; returns the hand-over."""
    transfer = uuid7()
    subjects, files = moving.locked(transfer, its)
    with writing(person(account), at=now(), subjects=subjects, units=files) as pen:
        for thing in its:
            moving.hand_over(
                pen, entry_id=uuid5(transfer, str(thing.id)), subject=thing.id, transfer=transfer,
                to=unit(to, using="default"), count=(counts or {}).get(thing.id, thing.count), paper="12/QĐ-CATP",
            )  # fmt: skip
    return transfer


def takes(transfer: UUID, *its: Thing, receiver: str = NEXT, account: str = "logistics_head") -> list[Thing]:
    """The receiver signs for these things of a hand-over."""
    subjects, files = moving.locked(transfer, its, receiver)
    with writing(person(account), at=now(), subjects=subjects, units=files) as pen:
        return [
            moving.accept(pen, entry_id=uuid7(), subject=thing.id, transfer=transfer, put=Put(place="Kho"))
            for thing in its
        ]


def again(thing: Thing) -> Thing:
    """The thing as it is now."""
    found: Thing | None = within(lambda pen: pen.state(things, thing.id))
    assert found is not None
    return found


def within(ask: Callable[[Pen], T]) -> T:
    with writing(person("clerk"), at=now()) as pen:
        return ask(pen)
