"""A crime report from receipt to decision over two units: both branches, remote units, extensions, notices."""

from datetime import UTC, datetime, timedelta

import pytest

from cast import WARD
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.journal.sealing import open_sealed
from haicap.matters.models import MatterRow
from haicap.matters.running import TooOften
from haicap.matters.state import Matter
from haicap.units.actions import mark_unit, unit_id
from haicap.units.rights import tell_database
from matters.acting import raises, running, steps, who

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
AT = datetime(2026, 2, 16, 1, 0, tzinfo=UTC)  # 08:00 on the eve of Tết
ORDINARY = {
    "source": "information", "what": "Mất xe máy tại chợ Sắt", "place": "Chợ Sắt", "severity": "serious",
    "group": "drugs", "reporter.name": "Nguyễn Văn A", "reporter.phone": "0912345678",
}  # fmt: skip
URGENT = ORDINARY | {"severity": "very-serious"}


def local(year: int, month: int, day: int, hour: int = 24) -> datetime:
    return datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hour - 7)


def passed_on(answers: dict[str, str]) -> Matter:
    matter = raises("clerk", "crime-report", "Mất xe máy tại chợ Sắt", answers, at=AT)
    return steps("chief", matter, "pass-on", at=AT + timedelta(hours=3))


def accepted() -> Matter:
    matter = passed_on(URGENT)
    return steps("drugs_head", matter, "accept", at=AT + timedelta(hours=5))


def test_an_urgent_report_has_24_hours_and_tet_does_not_stop_them() -> None:
    matter = raises("clerk", "crime-report", "Trộm", URGENT, at=AT)
    assert matter.branch == "urgent"
    assert running(matter)["hand-over"].due == AT + timedelta(hours=24)


def test_an_ordinary_report_has_7_days() -> None:
    matter = raises("clerk", "crime-report", "Trộm", ORDINARY, at=AT)
    assert matter.branch == "ordinary"
    assert running(matter)["hand-over"].due == local(2026, 2, 23)


def test_a_remote_unit_has_48_hours() -> None:
    with writing(who("operator"), at=AT, subjects=[unit_id(WARD)], units=[WARD], channel="reference") as pen:
        mark_unit(pen, entry_id=uuid7(), code=WARD, remote=True, since=AT.date(), act="QĐ")
    matter = raises("clerk", "crime-report", "Trộm", URGENT, at=AT)
    assert running(matter)["hand-over"].due == AT + timedelta(hours=48)


def test_it_turns_urgent_during_the_check() -> None:
    matter = raises("clerk", "crime-report", "Trộm", ORDINARY, at=AT)
    turn = AT + timedelta(days=2)
    matter = steps("officer", matter, "turn-urgent", at=turn, ground="in-act")
    assert matter.branch == "urgent"
    assert running(matter)["hand-over-turned"].due == turn + timedelta(hours=24)


def test_handed_over_to_whoever_is_competent_and_met_in_time() -> None:
    matter = passed_on(URGENT)
    assert (matter.state, matter.holder, matter.given_by) == ("passed", "31-PC04", WARD)
    assert matter.why is not None
    met = {clock.code: clock for clock in matter.clocks if clock.met}
    assert met["hand-over"].unit == WARD


def test_the_agency_s_clocks_begin_with_its_acceptance() -> None:
    matter = accepted()
    clocks = running(matter)
    assert clocks["settle"].due == local(2026, 3, 9)  # 20 days end on Sunday 8 March
    assert clocks["procuracy-notified"].due == local(2026, 2, 23)  # the third day falls into Tết
    assert clocks["receipt-told"].regime == "office"
    assert matter.given_by is None


def test_extended_twice_and_no_further() -> None:
    matter = accepted()
    day = AT + timedelta(days=10)
    matter = steps("drugs_head", matter, "lengthen", at=day, ground="complex", extension_paper="5/QĐ")
    assert running(matter)["settle"].due == local(2026, 4, 16)
    matter = steps("drugs_head", matter, "procurator-extends", at=day, extension_paper="6/QĐ-VKS")
    assert running(matter)["settle"].due == local(2026, 6, 16)
    with pytest.raises(TooOften):
        steps("drugs_head", matter, "procurator-extends", at=day, extension_paper="7/QĐ-VKS")


def test_decided_and_told() -> None:
    matter = accepted()
    at = AT + timedelta(days=12)
    matter = steps("drugs_head", matter, "assign", at=at, assigned_to="9/QĐ")
    matter = steps(
        "crime_head" if matter.holder == "31-PC02" else "drugs_head", matter, "notify-procuracy", at=at
    )
    matter = steps("drugs_head", matter, "decide", at=at, outcome="case-opened", decision="12/QĐ-KT")
    assert (matter.state, matter.outcome) == ("decided", "case-opened")
    assert {"decision-sent", "outcome-told"} <= set(running(matter))
    matter = steps("drugs_head", matter, "send-decision", at=at + timedelta(hours=2))
    matter = steps("drugs_head", matter, "tell-outcome", at=at + timedelta(days=1))
    late = [clock.code for clock in matter.clocks if clock.met and clock.due and clock.met > clock.due]
    assert "decision-sent" not in late


def test_persons_are_sealed_and_nowhere_else() -> None:
    matter = raises("clerk", "crime-report", "Mất xe máy tại chợ Sắt", ORDINARY, at=AT)
    tell_database(who("clerk"))
    row = MatterRow.objects.get(pk=matter.id)
    for text in (str(row.state), row.words, row.title):
        assert "Nguyễn" not in text
        assert "nguyen" not in text
        assert "0912345678" not in text
    (entry,) = history(matter.id)
    assert entry.sealed is not None
    opened = open_sealed(matter.id, entry.id, entry.sealed)
    assert opened["reporter"] == {"name": "Nguyễn Văn A", "phone": "0912345678"}
