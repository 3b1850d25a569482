"""Shifts: one at a desk, handed over by one and accepted by another."""

import pytest

from cast import WARD, unit
from duty.desk import HOUR, now, opens
from haicap.duty import queries, shifts
from haicap.duty.entries import ShiftHandedOver
from haicap.duty.fold import Shift
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.units.acting import NotSo
from haicap.units.rights import Refused
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


def signs(shift: Shift, **left: int) -> Shift:
    with writing(person("clerk"), at=now(), subjects=[shift.id], units=[WARD]) as pen:
        return shifts.hand_over(pen, entry_id=uuid7(), shift=shift.id, left=ShiftHandedOver(**left))


def accepts(shift: Shift, account: str = "officer") -> Shift:
    at, ids = now(), (uuid7(), uuid7())
    subjects = [shift.id, shifts.next_shift(WARD, shift.id)]
    with writing(person(account), at=at, subjects=subjects, units=[WARD]) as pen:
        return shifts.accept(
            pen, entry_ids=ids, shift=shift.id, unit=unit(WARD, using="default"), commander=person("chief").id,
            people=(person("officer").id,), until=at + 24 * HOUR,
        )  # fmt: skip


def test_one_shift_runs_at_a_desk() -> None:
    first = opens()
    assert queries.desk(WARD, now()).manned
    with pytest.raises(NotSo):
        opens()
    with pytest.raises(NotSo):
        opens(before=first)


def test_handing_over_takes_two() -> None:
    first = opens(at=now() - HOUR)
    with pytest.raises(NotSo):
        accepts(first)
    assert signs(first, quick=1, due=2).signed is not None
    with pytest.raises(NotSo):
        signs(first)
    second = accepts(first)
    assert second.people == (person("officer").id,)
    last = queries.last_shift(WARD)
    assert last is not None
    assert last.id == second.id
    with pytest.raises(NotSo):
        accepts(first)


def test_a_shift_that_nobody_handed_over_is_taken_when_its_time_has_passed() -> None:
    first = opens(at=now() - 30 * HOUR)
    assert not queries.desk(WARD, now()).manned
    accepts(first)
    its = queries.shift_of(queries.shifts_seen(person("clerk")).get(pk=first.id))
    assert its.accepted is not None
    assert its.accepted.unsigned


def test_a_shift_has_an_end_after_its_beginning() -> None:
    for hours in (0, 100):
        with pytest.raises(shifts.NoSuchTime):
            opens(hours=hours)


def test_a_neighbour_opens_no_shift_here() -> None:
    with pytest.raises(Refused):
        opens(account="neighbour")


def test_what_is_open_is_counted_for_the_slip() -> None:
    from duty.desk import reports, writes
    from pages import crime_report

    crime_report("Mất xe", days_ago=30)
    reports(writes("Cháy", case="fire"), "phone", at=now())
    left = queries.left_open(person("clerk"), WARD, now())
    assert len(left.lines) == len(left.quick) == 1
    assert left.overdue >= 1
    assert left.overdue == queries.owing(person("clerk"), WARD).filter(due__lt=now()).count()
