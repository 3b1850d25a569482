"""Lines of the duty log: never edited, sealed where they name people, with the clocks of the quick report."""

from datetime import timedelta

import pytest

from cast import WARD, unit
from duty.desk import HOUR, MINUTE, closes, now, reports, writes
from haicap.clocks.models import Owed
from haicap.duty import log, ruling
from haicap.duty.models import LineRow
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.journal.pen import writing
from haicap.matters.law import law
from haicap.units.acting import NotYet, Unsaid
from haicap.units.rights import Refused
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


def test_a_line_is_written_once() -> None:
    entry_id = uuid7()
    first = writes(entry_id=entry_id)
    assert writes("Khác", entry_id=entry_id) == first
    assert LineRow.objects.filter(unit=WARD).count() == 1
    assert Entry.objects.filter(subject=first.id).count() == 1


@pytest.mark.parametrize(
    ("sort", "stays"), [("incident", True), ("call", False), ("order", True), ("visit", False)]
)
def test_what_has_to_be_seen_to_stays_open(sort: str, stays: bool) -> None:
    assert writes(sort=sort).open is stays
    assert writes(sort=sort, follow=True).open is True


def test_a_serious_case_sets_both_clocks_going_from_the_event() -> None:
    at = now()
    line = writes("Cháy nhà dân", case="fire", at=at, happened=at - 5 * MINUTE)
    dues = {clock.code: clock.due for clock in line.clocks}
    assert dues == {"phone": at + 10 * MINUTE, "written": at + 115 * MINUTE}
    owed = Owed.objects.get(subject=line.id, clock="written")
    assert (owed.room, owed.unit, owed.level, owed.met) == ("duty", WARD, "unit", None)


def test_an_ordinary_incident_and_a_call_about_fire_have_none() -> None:
    assert writes("Cãi nhau").clocks == ()
    assert writes("Hỏi về cháy", sort="call", case="fire").clocks == ()


def test_a_report_meets_its_clock_when_it_was_given_not_when_it_was_typed() -> None:
    at = now() - 3 * HOUR
    line = writes("Cháy", case="fire", at=at)
    reports(line, "phone", at=at + HOUR, when=at + 8 * MINUTE)
    line = reports(line, "written", at=at + 3 * HOUR)
    met = {clock.code: clock.met for clock in line.clocks}
    assert met == {"phone": at + 8 * MINUTE, "written": at + 3 * HOUR}
    row = LineRow.objects.get(pk=line.id)
    assert row.phone_on == at + HOUR
    assert row.written_met is not None
    assert row.written_due is not None
    assert row.written_met > row.written_due
    with pytest.raises(log.NotSo):
        reports(line, "phone", at=at + 3 * HOUR)


def test_a_correction_shows_both_and_settles_the_clocks() -> None:
    at = now() - HOUR
    line = writes("Cháy rác", case="fire", at=at)
    line = corrected(line, text="Đốt rác, không cháy", case=None)
    assert [wording.text for wording in line.wordings] == ["Cháy rác", "Đốt rác, không cháy"]
    assert line.clocks == ()
    assert not Owed.objects.filter(subject=line.id).exists()
    line = corrected(line, text="Cháy kho", case="fire")
    assert {clock.code for clock in line.clocks} == {"phone", "written"}
    assert line.as_of(at + MINUTE).text == "Cháy rác"


def corrected(line: log.Line, *, text: str, case: str | None, reason: str = "Ghi nhầm") -> log.Line:
    with writing(person("clerk"), at=now(), subjects=[line.id], units=[WARD]) as pen:
        return log.correct_line(
            pen, entry_id=uuid7(), subject=line.id, unit=unit(WARD, using="default"), text=text, case=case,
            happened=line.now.happened, reason=reason, settings=ruling.shipped(), calendar=law().calendar,
        )  # fmt: skip


def test_a_correction_without_a_reason_is_none() -> None:
    with pytest.raises(Unsaid):
        corrected(writes(), text="Khác", case=None, reason=" ")


def test_a_data_line_is_down_until_it_works_again() -> None:
    at = now() - 5 * HOUR
    line = writes("Mất cáp", "line-down", at=at)
    with pytest.raises(log.NotSo):
        closes(line, at=now(), when=at - MINUTE)
    line = closes(line, at=now(), when=at + 3 * HOUR)
    assert (line.open, line.closed) == (False, at + 3 * HOUR)
    with pytest.raises(log.NotSo):
        closes(line, at=now())


def test_nothing_happens_in_the_future() -> None:
    with pytest.raises(NotYet):
        writes(happened=now() + timedelta(minutes=2))


def test_a_place_of_the_unit_is_known_as_its_territory() -> None:
    ward = unit(WARD)
    assert log.territory_of(ward, "phường hồng bàng") == WARD
    assert log.territory_of(ward, "Chợ Sắt") is None
    assert log.territory_of(ward, "") is None


@pytest.mark.parametrize("account", ["neighbour", "outsider", "auditor", "operator", "director"])
def test_only_the_desk_of_the_unit_writes(account: str) -> None:
    with pytest.raises(Refused):
        writes(account=account)


def test_people_lie_sealed() -> None:
    line = writes(people="Nguyễn Văn Bí Mật, 0912345678")
    assert len(line.sealed) == 1
    entry = Entry.objects.get(subject=line.id)
    assert "Bí Mật" not in bytes(entry.payload).decode()
    assert "bi mat" not in LineRow.objects.get(pk=line.id).words
