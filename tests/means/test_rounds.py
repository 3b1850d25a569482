"""Assessment rounds: asked at once, answered once, corrected until closed, told by a report that writes itself."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cast import WARD
from haicap.clocks.models import Owed
from haicap.clocks.wall import end_of
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.projection import from_row
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.means.rounds import ground, queries, report
from haicap.means.rounds.actions import Naming, assessment_id
from haicap.means.rounds.entries import Condition
from haicap.means.rounds.fold import assessments, rounds
from haicap.means.rounds.models import AssessmentRow, NamedRow, RoundRow, SaidRow
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Refused, tell_database
from matters.acting import raises
from means.rounding import NEXT, PROVINCE, answers, closes, line, now, opens, reminds
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
ROOF = Naming("headquarters", "Trụ sở dột hai phòng", money="850000000")
PRINTER = Naming("equipment", "Thiếu máy in", count="2")


@pytest.fixture(autouse=True)
def logistics(db: None) -> None:
    tell_database(person("logistics_head"))


def sees(account: str) -> None:
    tell_database(person(account))


# Opening


def test_every_unit_that_is_asked_owes_an_answer_at_once() -> None:
    its = opens()
    owed = Owed.objects.filter(subject=assessment_id(its.id, WARD))
    sees("clerk")
    row = owed.get()
    assert (row.room, row.procedure, row.unit, row.due, row.met) == (
        "means",
        "assessment",
        WARD,
        end_of(its.due),
        None,
    )
    assert row.raised_by == PROVINCE
    assert queries.one(person("clerk"), its.id) == its
    sees("outsider")
    assert queries.one(person("outsider"), its.id) is None
    assert not RoundRow.objects.exists()


def test_opened_twice_by_one_form_it_is_one_round() -> None:
    entry_id, subject = uuid7(), uuid7()
    assert opens(entry_id=entry_id, subject=subject) == opens(entry_id=entry_id, subject=subject)
    assert AssessmentRow.objects.count() == 2


@pytest.mark.parametrize(
    "account", ["clerk", "chief", "neighbour", "outsider", "crime_head", "auditor", "operator"]
)
def test_only_who_answers_for_the_provinces_means_opens_closes_and_reminds(account: str) -> None:
    its = opens()
    with pytest.raises(Refused):
        opens(account=account)
    with pytest.raises((Refused, NotSo)):
        reminds(its, WARD, account=account)


def test_a_round_needs_a_name_units_sections_and_a_day_to_come() -> None:
    for lack in ({"name": " "}, {"sections": ()}, {"units": ()}):
        with pytest.raises(Unsaid):
            opens(**lack)  # type: ignore[arg-type]
    with pytest.raises(NotSo):
        opens(due=now().date() - timedelta(days=2))


# Answering


def test_an_answer_raises_its_difficulties_as_matters_of_the_unit_at_once() -> None:
    its = opens()
    sees("clerk")
    found = answers(its, line(said="8", fit="7"), difficulties=(ROOF, PRINTER))
    assert found.now is not None
    named = found.now.difficulties
    assert [it.sort for it in named] == ["headquarters", "equipment"]
    roof = matter_of(MatterRow.objects.get(pk=named[0].matter))
    assert (roof.procedure, roof.raised_by, roof.facts["money"], roof.number) == (
        "difficulty", WARD, "850000000", named[0].number,
    )  # fmt: skip
    assert roof.source["assessment"] == str(found.id)
    assert roof.holder == "31-PH10"
    assert Owed.objects.get(subject=found.id).met is not None
    assert list(NamedRow.objects.order_by("place").values_list("place", "fresh")) == [(1, True), (2, True)]


def test_an_open_difficulty_is_referred_to_and_not_raised_again() -> None:
    its = opens()
    sees("clerk")
    before = raises("clerk", "difficulty", "Trụ sở dột", {"kind": "headquarters", "what": "Dột"}, at=now())
    answers(its, difficulties=(Naming("", "", matter=before.id),))
    assert MatterRow.objects.filter(procedure="difficulty").count() == 1
    row = NamedRow.objects.get()
    assert (row.matter, row.sort, row.text, row.fresh) == (before.id, "headquarters", "Trụ sở dột", False)


def test_another_units_difficulty_cannot_be_referred_to() -> None:
    its = opens()
    sees("neighbour")
    theirs = raises(
        "neighbour", "difficulty", "Dột", {"kind": "headquarters", "what": "Dột"}, at=now(), at_unit=NEXT
    )
    sees("clerk")
    with pytest.raises(NotSo):
        answers(its, difficulties=(Naming("", "", matter=theirs.id),))


def test_sent_twice_it_is_sent_once() -> None:
    its, entry_id = opens(), uuid7()
    sees("clerk")
    first = answers(its, entry_id=entry_id, difficulties=(ROOF,))
    assert answers(its, entry_id=entry_id, difficulties=(ROOF,)) == first
    assert MatterRow.objects.filter(procedure="difficulty").count() == 1


def test_it_is_corrected_by_a_further_entry_with_a_reason() -> None:
    its = opens()
    sees("clerk")
    answers(its, line(said="8"))
    with pytest.raises(Unsaid):
        answers(its, line(said="9"))
    found = answers(its, line(said="7"), reason="Đếm lại")
    assert [it.lines[0].said for it in found.answers] == ["8", "7"]
    row = AssessmentRow.objects.get(pk=found.id)
    assert (row.answered, row.corrected) == (found.answers[0].at, found.answers[1].at)
    assert [str(it.said) for it in SaidRow.objects.all()] == ["7.00"]


@pytest.mark.parametrize(
    "wrong",
    [
        line(said="9", fit="10"),
        line(said="-1", fit="-1"),
        line(said="nhiều"),
        line(said="8").model_copy(update={"note": ""}),
    ],
)
def test_what_cannot_be_or_differs_without_a_note_is_not_taken(wrong: object) -> None:
    its = opens()
    sees("clerk")
    with pytest.raises(Unsaid):
        answers(its, wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("account", ["neighbour", "outsider", "director", "operator"])
def test_a_unit_answers_for_itself(account: str) -> None:
    its = opens()
    sees(account)
    with pytest.raises((Refused, NotSo)):
        answers(its, account=account)


# Reminding and closing


def test_who_has_not_answered_is_reminded() -> None:
    its, entry_id = opens(), uuid7()
    sees("clerk")
    answers(its)
    sees("logistics_head")
    for _ in range(2):
        told = reminds(its, WARD, NEXT, entry_id=entry_id)
    assert [n for _at, n in told.reminders] == [1]
    sees("neighbour")
    row = AssessmentRow.objects.get(unit=NEXT)
    assert queries.assessment_of(row).reminders[0][1] == "Khẩn trương trả lời"
    sees("logistics_head")
    with pytest.raises(Unsaid):
        reminds(its, WARD)


def test_a_closed_round_keeps_its_figures_and_takes_nothing_more() -> None:
    its = opens()
    sees("clerk")
    answers(its, line(said="8", fit="7", should="10", money="45000000"), difficulties=(ROOF,))
    tell_database(person("director"))
    told = report.sums(person("director"), its), report.hards(person("director"), its)
    closed = closes(its)
    assert closed.closed is not None
    assert (closed.closed.sums, closed.closed.difficulties) == told
    assert (closed.closed.answered, closed.closed.missing) == ((WARD,), (NEXT,))
    kept = closed.closed.sums[0]
    assert (kept.record, kept.said, kept.fit, kept.should, kept.short, kept.money) == (
        "9",
        "8",
        "7",
        "10",
        "3",
        "45000000",
    )
    assert closed.closed.difficulties[0].first == 1
    sees("neighbour")
    late = Owed.objects.get(subject=assessment_id(its.id, NEXT))
    assert late.met == AssessmentRow.objects.get(unit=NEXT).ended
    sees("logistics_head")
    with pytest.raises(NotSo):
        closes(its)
    with pytest.raises(NotSo):
        reminds(its, NEXT)
    sees("clerk")
    with pytest.raises(NotSo):
        answers(its, reason="Muộn")


def test_the_report_sums_what_units_say_and_tells_what_changed() -> None:
    first = opens(at=now() - timedelta(days=60))
    for account, code, fit in (("clerk", WARD, "6"), ("neighbour", NEXT, "5")):
        sees(account)
        answers(first, line(said="9", fit=fit, should="10", money="60000000"), account=account, at_unit=code,
                at=now() - timedelta(days=55), difficulties=(ROOF,) if code == WARD else ())  # fmt: skip
    closes(first, at=now() - timedelta(days=50))
    second = opens()
    sees("clerk")
    answers(second, line(said="9", fit="8", should="10", money="30000000"), difficulties=(ROOF, PRINTER))
    sees("director")
    found = report.report(person("director"), second)
    assert found.since is not None
    assert (found.since.before.id, found.since.units) == (first.id, 1)
    computers = found.kinds[0]
    assert (computers.fit, computers.short, computers.money, computers.units) == (8, 2, 30000000, 1)
    assert (computers.change, computers.money_change) == (8 - 6, 30000000 - 60000000)
    assert {it.sort: it.change for it in found.difficulties} == {"headquarters": 0, "equipment": 1}
    assert found.money == 30000000
    old = report.report(person("director"), queries.one(person("director"), first.id) or first)
    assert (old.kinds[0].fit, old.kinds[0].change, old.since) == (11, None, None)


def test_every_figure_is_the_length_or_sum_of_its_list() -> None:
    its = opens()
    sees("clerk")
    answers(its, line(said="8", fit="7", should="10", money="1"), line("printer", "3", "3", should="2", money="0"),
            difficulties=(ROOF, PRINTER))  # fmt: skip
    who = person("director")
    tell_database(who)
    found = report.report(who, its)
    for kind in found.kinds:
        rows = queries.lines(who, its, {"kind": kind.sort})
        assert sum(row.said for row in rows) == kind.said
        assert sum((row.money or Decimal() for row in rows), Decimal()) == kind.money
    for it in found.difficulties:
        assert queries.difficulties(who, its, {"kind": it.sort}).count() == it.named
        assert queries.difficulties(who, its, {"kind": it.sort, "first": "1"}).count() == it.first
    counts = queries.counts(who, [its.id], at=now())[its.id]
    for state, n in (("answered", counts["answered"]), ("late", counts["late"]), ("", counts["asked"])):
        assert queries.units_filtered(who, its, {"state": state}, at=now()).count() == n
    assert queries.lines(who, its, {"state": "changed"}).count() == 1
    assert queries.lines(who, its, {"state": "short"}).count() == 1
    values = report.by_unit(who, its, "difficulties", "")
    assert values == {WARD: 2, NEXT: None}
    assert report.by_unit(who, its, "short", "computer") == {WARD: 3, NEXT: None}
    assert report.by_unit(who, its, "waiting", "") == {WARD: 0, NEXT: 1}


def test_rows_are_their_folds() -> None:
    its = opens()
    sees("clerk")
    found = answers(its, difficulties=(ROOF,), conditions=(Condition(section="premises", text="Dột"),))
    assert from_row(assessments, AssessmentRow.objects.get(pk=found.id)) == folded_again(
        assessments, found.id, "default"
    )
    assert from_row(rounds, RoundRow.objects.get(pk=its.id)).state == its


def test_the_form_begins_with_the_record_and_the_norm() -> None:
    its = opens(sections=("equipment", "staff"))
    sees("chief")
    lines = {it.kind.code: it for it in ground.lines(person("chief"), WARD, its.sections, now().date())}
    assert {"computer", "pickup", "officer"} <= set(lines)
    assert lines["officer"].record == 3  # of the standing cast
    sees("clerk")
    assert "officer" not in {
        it.kind.code for it in ground.lines(person("clerk"), WARD, its.sections, now().date())
    }
