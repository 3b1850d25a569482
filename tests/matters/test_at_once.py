"""Many at once on one matter: nothing lost, no deadlock, a form sent twice is one matter."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connections

from cast import WARD, unit
from haicap.journal.history import folded_again, history
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.journal.pen import writing
from haicap.journal.projection import from_row
from haicap.matters.afterwards import comment
from haicap.matters.fold import matters
from haicap.matters.handling import NotNow, hand_over
from haicap.matters.intake import raise_matter
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.units.rights import Person, Refused, person_of, tell_database

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TIMES = 1000


def who(account: str) -> Person:
    person = person_of(account, NOW.date())
    assert person is not None
    return person


def raised(its: Law, subject: UUID, entry_id: UUID) -> Matter:
    with writing(who("clerk"), at=NOW, subjects=[subject], units=[WARD]) as pen:
        return raise_matter(
            pen, entry_id=entry_id, subject=subject, law=its, procedure=its.procedure("difficulty", NOW),
            unit=unit(WARD, using="default"), by="unit", received=NOW, title="Trụ sở dột",
            answers={"kind": "headquarters", "what": "Dột hai phòng"},
        )  # fmt: skip


def many(act: Callable[[int], bool], times: int) -> list[bool]:
    """`act` for every number below `times`, by four threads with a connection each."""

    def some(first: int) -> list[bool]:
        try:
            return [act(number) for number in range(first, times, 4)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        return [done for part in pool.map(some, range(4)) for done in part]


@pytest.mark.slow
@pytest.mark.usefixtures("own_database")
def test_two_departments_act_on_one_matter_a_thousand_times() -> None:
    its, subject = law(), uuid7()
    raised(its, subject, uuid7())
    people = [who("logistics_head"), who("director")]

    def act(number: int) -> bool:
        try:
            with writing(people[number % 2], at=NOW, subjects=[subject], units=[WARD]) as pen:
                if number % 3:
                    comment(pen, entry_id=uuid7(), subject=subject, law=its, text="Đã gọi")
                else:
                    hand_over(pen, entry_id=uuid7(), subject=subject, to=["31-PH10", "31"][number // 2 % 2])
        except (NotNow, Refused):
            return False  # the other was first and it is no longer theirs: said, not lost
        return True

    written = sum(many(act, TIMES))
    tell_database(who("director"))
    folded = folded_again(matters, subject)
    assert folded.state is not None
    assert written > TIMES / 2
    assert (folded.aside, folded.waiting) == ((), ())
    assert len(history(subject)) == written + 1
    assert folded.state.comments + folded.state.handovers == written
    assert from_row(matters, MatterRow.objects.get(pk=subject)) == folded
    seqs = Entry.objects.using("owner").filter(unit=WARD, channel="work").order_by("seq")
    assert list(seqs.values_list("seq", flat=True)) == list(range(1, written + 2))


@pytest.mark.usefixtures("own_database")
def test_a_form_sent_many_times_at_once_is_one_matter() -> None:
    its, subject, entry_id = law(), uuid7(), uuid7()
    numbers = set()

    def send(_: int) -> bool:
        numbers.add(raised(its, subject, entry_id).number)
        return True

    many(send, 20)
    tell_database(who("clerk"))
    assert len(numbers) == 1
    assert MatterRow.objects.count() == 1
    assert len(history(subject)) == 1
