"""Who may do what, told through the standing cast."""

from datetime import UTC, date, datetime

import pytest

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.units.actions import delegate, merge_units, person_id, unit_id
from haicap.units.fold import units
from haicap.units.loading import Founder
from haicap.units.models import PostRow, UnitRow
from haicap.units.rights import Person, Refused, Scope, decide, person_of, reach, require

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def who(account: str, day: date = DAY) -> Person:
    person = person_of(account, day)
    assert person is not None
    return person


@pytest.mark.parametrize(
    ("account", "action", "where", "allowed"),
    [
        ("clerk", "matter.raise", WARD, True),
        ("clerk", "matter.raise", "11329", False),
        ("clerk", "matter.assign", WARD, False),
        ("chief", "matter.assign", WARD, True),
        ("neighbour", "matter.see", WARD, False),
        ("outsider", "matter.see", WARD, False),
        ("director", "matter.see", WARD, True),
        ("director", "unit.change", WARD, False),
        ("auditor", "matter.see", WARD, True),
        ("auditor", "matter.step", WARD, False),
        ("auditor", "matter.open-sealed", WARD, False),
        ("operator", "unit.change", WARD, True),
        ("operator", "matter.see", WARD, False),
        ("operator", "unit.change", "00004", False),
        ("logistics", "matter.see", "31-PH10", True),
        ("logistics", "matter.see", WARD, False),
    ],
)
def test_matrix(account: str, action: str, where: str, allowed: bool) -> None:
    decision = decide(who(account), action, Scope.of(where))
    assert decision.allowed is allowed
    assert (decision.grant is not None) is allowed
    assert decision.reason


def test_a_decision_names_the_grant_that_an_entry_stands_on() -> None:
    clerk = who("clerk")
    assert require(decide(clerk, "matter.raise", Scope.of(WARD))) in {right.grant for right in clerk.rights}
    with pytest.raises(Refused):
        require(decide(clerk, "matter.settle", Scope.of(WARD)))


def test_rights_begin_with_the_post() -> None:
    assert who("clerk", date(2025, 6, 30)).rights == ()


def founder() -> Founder:
    return Founder(own("default").id)


def test_a_delegation_lends_the_chief_s_rights_for_a_time() -> None:
    posts = {row.role: row.id for row in PostRow.objects.filter(unit=WARD)}
    with writing(
        who("operator"), at=NOW, subjects=[posts["leader"]], units=[WARD], channel="reference"
    ) as pen:
        delegate(
            pen, entry_id=uuid7(), post=posts["leader"], to=posts["officer"], since=date(2026, 11, 20),
            until=date(2026, 11, 25), ground="Đi công tác",
        )  # fmt: skip
    assert decide(who("officer"), "matter.assign", Scope.of(WARD)).allowed
    assert not decide(who("officer", date(2026, 11, 25)), "matter.assign", Scope.of(WARD)).allowed


def test_the_successor_reaches_what_its_predecessors_had() -> None:
    with writing(
        founder(),
        at=NOW,
        subjects=[unit_id("11329"), unit_id(WARD)],
        units=["11329", WARD],
        channel="reference",
    ) as pen:
        merge_units(
            pen, entry_ids=(uuid7(), uuid7()), codes=("11329",), into=WARD, since=date(2027, 1, 1), act="Nghị quyết"
        )  # fmt: skip
        assert pen.state(units, unit_id(WARD)).territories == (WARD, "11329")  # type: ignore[union-attr]
    assert UnitRow.objects.get(code="11329").closed == date(2027, 1, 1)
    assert "11329" in reach(who("clerk"), "matter.see").units
    assert unit(WARD, using="default").territories == (WARD, "11329")
    assert person_id("clerk") == who("clerk").id
