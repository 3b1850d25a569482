"""A difficulty from raising over answering to the raiser's confirmation, with a clock on a third party."""

from datetime import UTC, datetime, timedelta

import pytest

from cast import WARD
from haicap.clocks.models import Owed
from haicap.matters.handling import NotNow
from haicap.matters.models import MatterRow
from haicap.units.rights import Refused, tell_database
from matters.acting import DAY, raises, running, steps, who

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
ANSWERS = {"kind": "headquarters", "what": "Hai phòng làm việc bị dột", "money": "850000000"}
ASKED = {"authority": "UBND phường Hồng Bàng", "paper": "112/ĐN-PH10", "answer_due": "2026-08-31"}


def test_the_whole_way() -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", ANSWERS)
    assert (matter.state, matter.holder, matter.raised_by) == ("raised", "31-PH10", WARD)
    assert matter.why is not None
    assert "Trụ sở làm việc" in matter.why.vi
    assert running(matter)["answer"].due == datetime(2026, 8, 17, 10, 0, tzinfo=UTC)

    matter = steps(
        "logistics", matter, "answer", at=DAY + timedelta(days=2), outcome="asked-authority", **ASKED
    )
    assert set(running(matter)) == {"authority"}
    assert running(matter)["authority"].binds == "third-party"
    tell_database(who("clerk"))
    owed = Owed.objects.get(subject=matter.id, met=None)
    assert (owed.level, owed.unit) == ("third", None)
    row = MatterRow.objects.get(pk=matter.id)
    assert (row.due, row.third_due) == (None, running(matter)["authority"].due)

    after_the_date = datetime(
        2026, 9, 10, 3, 0, tzinfo=UTC
    )  # the authority is late, nobody of the service is
    matter = steps(
        "logistics", matter, "authority-answered", at=after_the_date, authority_said="Cấp 850 triệu"
    )
    assert set(running(matter)) == {"confirm"}
    assert matter.owes(running(matter)["confirm"]) == WARD

    matter = steps(
        "clerk",
        matter,
        "still-there",
        at=after_the_date + timedelta(days=1),
        outcome="answer-again",
        remains="Vẫn dột",
    )
    assert matter.state == "raised"
    assert set(running(matter)) == {"answer"}
    again = {"outcome": "own-means", "measure": "Đã sửa mái"}
    matter = steps("logistics", matter, "answer", at=after_the_date + timedelta(days=3), **again)
    matter = steps("clerk", matter, "confirm-removed", at=after_the_date + timedelta(days=5))
    assert matter.state == "removed"
    assert matter.ended is not None
    assert running(matter) == {}


def test_only_the_raiser_confirms() -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", ANSWERS)
    for account in ("logistics", "neighbour", "director", "auditor"):
        with pytest.raises(Refused):
            steps(account, matter, "confirm-removed", at=DAY + timedelta(days=1))


def test_only_the_holder_answers() -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", ANSWERS)
    for account in ("clerk", "chief", "crime_head", "outsider"):
        with pytest.raises(Refused):
            steps(account, matter, "answer", at=DAY, outcome="guidance", guidance="Theo mẫu")


def test_a_step_that_no_longer_fits_is_said() -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", ANSWERS)
    with pytest.raises(NotNow):
        steps("clerk", matter, "still-there", at=DAY, outcome="answer-again", remains="Vẫn dột")


def test_given_to_another_department_the_clock_runs_on() -> None:
    matter = raises("clerk", "difficulty", "Trụ sở dột", ANSWERS)
    due = running(matter)["answer"].due
    later = DAY + timedelta(days=1)
    matter = steps(
        "logistics_head", matter, "reassign", at=later, to_unit="31-PX01", reason="Thuộc về biên chế"
    )
    assert matter.holder == "31-PX01"
    assert running(matter)["answer"].due == due
