"""Writing at the duty desk in tests: a line a call, a shift a call, at a stated moment."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cast import WARD, unit
from haicap.duty import log, ruling, shifts
from haicap.duty.fold import Line, Shift
from haicap.duty.log import subject_of
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.law import law
from haicap.units.sign_in import today
from pages import person

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def now() -> datetime:
    return datetime.now(UTC)


def writes(
    text: str = "Mất xe tại chợ Sắt",
    sort: Any = "incident",
    *,
    account: str = "clerk",
    at: datetime | None = None,
    happened: datetime | None = None,
    entry_id: UUID | None = None,
    at_unit: str = WARD,
    **more: Any,
) -> Line:
    """A line in the log of the ward, written at `at` (now), that happened then."""
    at, entry_id = at or now(), entry_id or uuid7()
    subject = subject_of(entry_id)
    with writing(person(account), at=at, subjects=[subject], units=[at_unit]) as pen:
        return log.write_line(
            pen, entry_id=entry_id, subject=subject, unit=unit(at_unit, using="default"), sort=sort, text=text,
            happened=happened or at, settings=ruling.shipped(), calendar=law().calendar, **more,
        )  # fmt: skip


def closes(line: Line, *, at: datetime, when: datetime | None = None) -> Line:
    with writing(person("clerk"), at=at, subjects=[line.id], units=[line.unit]) as pen:
        return log.close_line(pen, entry_id=uuid7(), subject=line.id, when=when or at)


def reports(line: Line, how: Any, *, at: datetime, when: datetime | None = None) -> Line:
    with writing(person("clerk"), at=at, subjects=[line.id], units=[line.unit]) as pen:
        return log.report(
            pen, entry_id=uuid7(), subject=line.id, how=how, to="Trực ban tỉnh", when=when or at
        )


def opens(
    *, at: datetime | None = None, before: Shift | None = None, hours: int = 24, account: str = "clerk"
) -> Shift:
    at = at or now()
    subject = shifts.next_shift(WARD, before.id if before else None)
    with writing(person(account), at=at, subjects=[subject], units=[WARD]) as pen:
        return shifts.open_shift(
            pen, entry_id=uuid7(), unit=unit(WARD, using="default"), before=before.id if before else None,
            commander=person("chief").id, people=(person("clerk").id,), since=at, until=at + hours * HOUR,
        )  # fmt: skip


def this_morning() -> datetime:
    """Seven o'clock of today in Vietnam."""
    return datetime.fromisoformat(f"{today().isoformat()}T07:00:00+07:00")
