"""What a list's address means, and who sees what of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.handling import Doing, assign, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.law import law
from haicap.matters.listing import DEFAULT_SORT, SORTS, in_order
from haicap.matters.queries import (
    NARROWING,
    filtered,
    matter_of,
    next_step,
    numbered,
    one,
    person_names,
    steps_for,
    told,
    unit_names,
)
from haicap.matters.state import Matter
from haicap.units.rights import Person, person_of, tell_database

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, 10:00 in Vietnam


def who(account: str) -> Person:
    """Somebody of the cast, as whom the database is asked from here on."""
    person = person_of(account, DAY)
    assert person is not None
    tell_database(person)
    return person


@pytest.fixture
def difficulty() -> Callable[..., Matter]:
    def raised(title: str = "Trụ sở dột", kind: str = "headquarters", days_ago: int = 0) -> Matter:
        person, subject, at = who("clerk"), uuid7(), NOW - timedelta(days=days_ago)
        with writing(person, at=at, subjects=[subject], units=[WARD]) as pen:
            known = law()
            return raise_matter(
                pen, entry_id=uuid7(), subject=subject, law=known, procedure=known.procedure("difficulty", at),
                unit=unit(WARD), by="unit", received=at, title=title, answers={"kind": kind, "what": "Dột khi mưa"},
            )  # fmt: skip

    return raised


def step(account: str, subject: UUID, doing: Doing) -> Matter:
    with writing(who(account), at=NOW, subjects=[subject], units=[WARD]) as pen:
        return take_step(pen, entry_id=uuid7(), subject=subject, law=law(), doing=doing)


ASKED = Doing(
    "answer",
    outcome="asked-authority",
    answers={"authority": "UBND", "paper": "1/A", "answer_due": "2026-11-20"},
)


def count(account: str, at: datetime = NOW, **params: str) -> int:
    return filtered(who(account), params, at=at).count()


def test_who_sees_a_matter(difficulty: Callable[..., Matter]) -> None:
    matter = difficulty()
    assert matter.holder == "31-PH10"
    seen = {"clerk", "chief", "logistics", "director"}
    for account in (*seen, "neighbour", "outsider", "crime"):
        assert count(account) == (1 if account in seen else 0), account
        assert (one(who(account), matter.id) is not None) == (account in seen)
        assert len(numbered(who(account), matter.number.lower())) == (1 if account in seen else 0)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, 2),
        ({"q": "TRU SO"}, 1),
        ({"q": "đường truyền"}, 1),
        ({"q": "truyen duong"}, 1),
        ({"q": "khong co"}, 0),
        ({"q": "-"}, 2),
        ({"procedure": "difficulty"}, 2),
        ({"procedure": "crime-report"}, 0),
        ({"status": "raised", "topic": "headquarters"}, 1),
        ({"status": "answered"}, 0),
        ({"unit": WARD, "raised_by": WARD, "province": "31"}, 2),
        ({"holder": "31-PH10"}, 1),
        ({"open": "1"}, 2),
        ({"open": "0"}, 0),
        ({"since": "2026-11-20"}, 1),
        ({"until": "2026-11-19"}, 1),
        ({"since": "hôm nay"}, 2),
        ({"overdue": "1"}, 1),
        ({"late": "province"}, 1),
        ({"late": "unit"}, 0),
        ({"late": "third"}, 0),
        ({"clock": "answer"}, 2),
        ({"clock": "authority"}, 0),
        ({"waiting": "third"}, 0),
        ({"due_on": "2026-12-07"}, 1),
        ({"due_on": "2026-12-03"}, 0),
        ({"mine": "1"}, 0),
        ({"new": "1"}, 0),
        ({"nobody": "1"}, 0),
        ({"conflict": "1"}, 0),
        ({"paused": "1"}, 0),
        ({"answered": "1"}, 0),
        ({"synthetic": "1"}, 0),
        ({"synthetic": "0"}, 2),
        ({"unheard_of": "1", "ended_since": "2026-01-01"}, 0),
    ],
)
def test_each_parameter(difficulty: Callable[..., Matter], params: dict[str, str], found: int) -> None:
    difficulty()
    difficulty("Đường truyền chập chờn", "data-lines", days_ago=30)
    assert count("clerk", **params) == found


def test_a_number_is_found_as_it_is_written(difficulty: Callable[..., Matter]) -> None:
    matter = difficulty()
    difficulty("Việc khác")
    assert count("clerk", q=matter.number) == 1
    assert count("clerk", q=matter.number.lower()) == 1


def test_lateness_of_a_third_party_is_not_the_unit_s(difficulty: Callable[..., Matter]) -> None:
    matter = difficulty(days_ago=30)
    assert count("logistics", overdue="1") == 1
    step("logistics", matter.id, ASKED)
    later = NOW + timedelta(days=2)
    assert count("logistics", later, overdue="1") == 0
    assert count("logistics", later, late="third") == 1
    assert count("logistics", waiting="third", answered="1") == 1


def test_mine_is_what_i_am_to_act_on(difficulty: Callable[..., Matter]) -> None:
    matter = difficulty()
    assert count("logistics", mine="1", new="1") == 1
    head = who("logistics_head")
    with writing(head, at=NOW, subjects=[matter.id], units=[WARD]) as pen:
        assign(pen, entry_id=uuid7(), subject=matter.id, person=head.id)
    assert count("logistics_head", mine="1") == 1
    own = Doing("answer", outcome="guidance", answers={"guidance": "Sửa theo dự toán"})
    step("logistics", matter.id, own)
    assert count("clerk", mine="1") == 1  # the raiser owes the confirmation


def test_ended_matters(difficulty: Callable[..., Matter]) -> None:
    matter = difficulty()
    step("clerk", matter.id, Doing("confirm-removed"))
    assert count("clerk", open="0", ended_since="2026-11-20", ended_until="2026-11-20") == 1
    assert count("clerk", open="0", ended_until="2026-11-19") == 0


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{key}" for key in SORTS), "", "strange"])
def test_every_sort_gives_every_row_once(difficulty: Callable[..., Matter], sort: str) -> None:
    made = {difficulty().id, difficulty("B", days_ago=3).id}
    rows = list(in_order(filtered(who("clerk"), {}, at=NOW), sort))
    assert {row.id for row in rows} == made
    assert len(rows) == len(made)
    if sort in ("", DEFAULT_SORT):
        assert rows[0].due < rows[1].due


def test_the_docstring_tells_every_parameter() -> None:
    for name in NARROWING:
        assert f"`{name}" in (filtered.__doc__ or ""), name


def test_next_steps_are_those_of_the_roles_and_sides(difficulty: Callable[..., Matter]) -> None:
    row = one(who("clerk"), difficulty().id)
    assert row is not None
    matter, known = matter_of(row), law()
    offered = {
        account: [each.code for each in steps_for(who(account), matter, known.pinned(matter.edition))]
        for account in ("clerk", "chief", "logistics", "director", "auditor")
    }
    assert offered["clerk"] == ["confirm-removed"]
    assert offered["chief"] == ["confirm-removed", "withdraw"]
    assert offered["logistics"] == ["answer"]
    assert offered["auditor"] == []
    procedure = known.pinned(matter.edition)
    first = next_step(matter, procedure, steps_for(who("logistics"), matter, procedure))
    assert first is not None
    assert first.code == "answer"
    assert next_step(matter, procedure, ()) is None


def test_a_department_reads_the_history_in_the_ward_s_file(difficulty: Callable[..., Matter]) -> None:
    matter = difficulty()
    who("logistics")
    assert [entry.kind for entry in told(matter.id)] == ["matter.raised"]


def test_names(difficulty: Callable[..., Matter]) -> None:
    clerk = who("clerk")
    assert set(unit_names([WARD, None, "31-PH10"])) == {WARD, "31-PH10"}
    assert person_names([clerk.id, None]) == {clerk.id: "Cán bộ clerk, Chức vụ clerk"}
    assert unit_names([None]) == {}
    assert person_names([]) == {}
