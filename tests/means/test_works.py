"""Works: stages against any earlier day, money, stops, and who may write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from haicap.clocks.models import Owed
from haicap.clocks.wall import end_of
from haicap.journal.entry import payload, read
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.journal.projection import from_row
from haicap.means.works import actions, figures, queries
from haicap.means.works.entries import Gap
from haicap.means.works.fold import projects
from haicap.means.works.models import ProjectRow
from haicap.means.works.state import PURSES, Project, by_year, slip, spread
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.rights import Refused, tell_database
from matters.acting import who
from means.works_at_hand import AT, BUDGET, DAYS, at_noon, does, plans, resolves
from means.works_histories import PLANNED, REACHED, paid

SUBJECT = UUID(int=1 << 100)
pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


def test_the_first_days_are_the_baseline_for_good() -> None:
    project = plans()
    later = date(2027, 3, 1)
    project = does(
        "clerk",
        actions.schedule,
        project,
        at=at_noon(2026, 9, 1),
        stages={"handover": later},
        reason="Mưa bão",
    )
    ends = project.now.ends
    assert (ends.baseline, ends.forecast, ends.slip) == (DAYS["handover"], later, 60)
    assert project.now.late(date(2026, 7, 1))


def test_any_earlier_day_is_a_baseline() -> None:
    project = plans()
    for at, day, reason in (
        (at_noon(2026, 6, 1), date(2027, 1, 31), "Chậm đấu thầu"), (at_noon(2026, 9, 1), date(2027, 3, 2), "Mưa bão"),
    ):  # fmt: skip
        project = does("clerk", actions.schedule, project, at=at, stages={"handover": day}, reason=reason)
    project = does(
        "chief",
        actions.budget,
        project,
        at=at_noon(2026, 10, 1),
        sums={"province": 7_000_000_000},
        reason="Giá",
    )
    now = project.now
    found = {}
    for month in (4, 7, 10):
        then = project.as_of(at_noon(2026, month, 1))
        assert then is not None
        found[month] = slip(now, then), int(now.budget - then.budget)
    assert found == {4: (61, 1_100_000_000), 7: (30, 1_100_000_000), 10: (0, 1_100_000_000)}
    assert project.as_of(AT) is None
    assert project.as_of(AT + timedelta(seconds=1)) is not None


def test_a_report_by_mistake_is_withdrawn_and_was_believed_until_then() -> None:
    project = plans()
    project = does(
        "clerk", actions.reach, project, at=at_noon(2026, 3, 25), stage="approval", on=date(2026, 3, 24)
    )
    reach = project.now.stages[0].reach
    assert reach is not None
    project = does(
        "clerk", actions.unreach, project, at=at_noon(2026, 4, 1), reached=reach.id, reason="Nhầm xã"
    )
    assert project.now.next is not None
    assert project.now.next.stage == "approval"
    then = project.as_of(at_noon(2026, 3, 28))
    assert then is not None
    assert then.stages[0].done == date(2026, 3, 24)
    with pytest.raises(NotSo):
        does("clerk", actions.unreach, project, at=at_noon(2026, 4, 2), reached=reach.id, reason="Lại")


def begun(**more: object) -> Project:
    return does(
        "clerk", actions.reach, plans(**more), at=at_noon(2026, 8, 4), stage="start", on=date(2026, 8, 3)
    )


def test_where_it_stands() -> None:
    project = plans()
    assert project.now.state == "planned"
    project = does(
        "clerk", actions.reach, project, at=at_noon(2026, 8, 4), stage="start", on=date(2026, 8, 3)
    )
    assert (project.now.state, project.now.begun) == ("begun", date(2026, 8, 3))
    project = does(
        "chief", actions.stop, project, at=at_noon(2026, 9, 1), since=date(2026, 8, 30), ground="Vướng đất"
    )
    assert (project.now.state, project.now.due) == ("stopped", None)
    with pytest.raises(NotSo):
        does("clerk", actions.reach, project, at=at_noon(2026, 9, 2), stage="acceptance", on=date(2026, 9, 1))
    project = does(
        "chief", actions.resume, project, at=at_noon(2026, 10, 1), since=date(2026, 10, 1), ground="Đã giao"
    )
    for stage, day in (("acceptance", 20), ("handover", 24)):
        project = does(
            "clerk", actions.reach, project, at=at_noon(2026, 12, 28), stage=stage, on=date(2026, 12, day)
        )
    assert (project.now.state, project.now.ends.slip, project.now.late(date(2027, 1, 9))) == (
        "done",
        -7,
        False,
    )


def test_dropped_for_good_is_no_more_late() -> None:
    project = does(
        "chief",
        actions.stop,
        begun(),
        at=at_noon(2026, 9, 1),
        since=date(2026, 9, 1),
        ground="Nhập xã",
        dropped=True,
    )
    assert project.now.state == "dropped"
    assert not project.now.late(date(2028, 1, 1))
    with pytest.raises(NotSo):
        does("chief", actions.stop, project, at=at_noon(2026, 9, 2), since=date(2026, 9, 1), ground="Lại")


def test_what_must_be_said_and_what_cannot_be() -> None:
    project = plans()
    for days in ({"handover": DAYS["handover"]}, {"start": DAYS["start"], "acceptance": DAYS["acceptance"]}):
        with pytest.raises(Unsaid):
            plans(stages=days)
    plans("Sửa mái", sort="repair", stages={"start": DAYS["start"], "acceptance": DAYS["acceptance"]})
    with pytest.raises(NotSo):
        plans(stages=DAYS | {"start": date(2027, 1, 1)})
    with pytest.raises(Unsaid):
        plans(" ")
    with pytest.raises(Unsaid):
        plans(gaps=(Gap(of="working-area", amount="0"),))
    with pytest.raises(NotYet):
        does("clerk", actions.reach, project, stage="approval", on=date(2026, 3, 3))
    with pytest.raises(NotSo):
        does("clerk", actions.reach, project, at=at_noon(2027, 1, 1), stage="handover", on=date(2026, 12, 31))
    with pytest.raises(Unsaid):
        does("clerk", actions.schedule, project, stages={}, reason="Không đổi gì")
    with pytest.raises(Unsaid):
        does("clerk", actions.schedule, project, stages={"handover": date(2027, 2, 1)}, reason=" ")
    with pytest.raises(Unsaid):
        does("clerk", actions.pay, project, on=date(2026, 3, 1), source="province", amount=0)


def test_a_project_follows_no_circle_and_no_other_province() -> None:
    first = plans("San nền")
    second = plans("Xây", follows=first.id)
    with pytest.raises(NotSo):
        does(
            "chief",
            actions.correct,
            first,
            saying=actions.Saying("San nền", "new", follows=second.id),
            reason="x",
        )
    with pytest.raises(NotSo):
        plans(follows=uuid4())
    with pytest.raises(NotSo):
        plans(programme=uuid4())


def test_payments_and_their_corrections_by_source() -> None:
    project = begun()
    for n, source in enumerate(("province", "province", "commune")):
        project = does(
            "clerk", actions.pay, project, at=at_noon(2026, 9, 1 + n), on=date(2026, 9, 1), source=source,
            amount=3_000_000_000, paper=f"UNC {n}",
        )  # fmt: skip
    assert (project.now.paid, project.now.over) == (Decimal(9_000_000_000), Decimal(3_100_000_000))
    wrong = project.payments[2].id
    project = does(
        "clerk", actions.repay, project, at=at_noon(2026, 10, 1), payment=wrong, on=date(2026, 9, 1), source="commune",
        amount=300_000_000, reason="Thừa một số không",
    )  # fmt: skip
    assert project.now.spent == {"province": Decimal(6_000_000_000), "commune": Decimal(300_000_000)}
    then = project.as_of(at_noon(2026, 9, 20))
    assert then is not None
    assert then.paid == 9_000_000_000
    project = does(
        "clerk", actions.repay, project, at=at_noon(2026, 10, 2), payment=wrong, on=date(2026, 9, 1), source="commune",
        amount=None, reason="Không có khoản này",
    )  # fmt: skip
    assert project.now.spent == {"province": Decimal(6_000_000_000)}
    with pytest.raises(NotSo):
        does(
            "clerk",
            actions.repay,
            project,
            payment=uuid4(),
            on=date(2026, 3, 1),
            source="other",
            amount=1,
            reason="x",
        )


def test_sent_twice_is_sent_once() -> None:
    one, subject = uuid7(), uuid7()
    project = plans(entry_id=one, subject=subject)
    assert plans(entry_id=one, subject=subject) == project
    two = uuid7()
    for _ in range(2):
        project = does(
            "clerk", actions.pay, project, entry_id=two, on=date(2026, 3, 1), source="province", amount=5
        )
    assert project.now.paid == 5
    tell_database(who("chief"))
    assert Entry.objects.filter(subject=project.id).count() == 2


@pytest.mark.parametrize("account", ["chief", "logistics", "logistics_head", "director"])
def test_who_leads_or_directs_plans(account: str) -> None:
    assert plans(account=account).by == who(account).id


@pytest.mark.parametrize("account", ["clerk", "officer", "neighbour", "outsider", "crime_head", "auditor"])
def test_others_do_not_plan(account: str) -> None:
    with pytest.raises(Refused):
        plans(account=account)


def test_who_writes_reports_but_neither_budgets_nor_stops() -> None:
    project = plans()
    does("clerk", actions.reach, project, at=at_noon(2026, 3, 20), stage="approval", on=date(2026, 3, 19))
    for act, given in (
        (actions.budget, {"sums": BUDGET, "reason": "x"}),
        (actions.stop, {"since": date(2026, 3, 1), "ground": "x"}),
        (actions.correct, {"saying": actions.Saying("Tên", "new"), "reason": "x"}),
    ):
        with pytest.raises(Refused):
            does("clerk", act, project, **given)
    for account in ("neighbour", "outsider", "director", "auditor"):
        with pytest.raises(Refused):
            does(account, actions.pay, project, on=date(2026, 3, 1), source="province", amount=1)


def test_a_programme_is_the_provinces() -> None:
    its = resolves(target=25, sums=BUDGET)
    assert (its.target, sum(its.budget.values())) == (25, 5_900_000_000)
    for account in ("chief", "clerk", "outsider"):
        with pytest.raises(Refused):
            resolves(account=account)
    with pytest.raises(NotSo):
        resolves(first=2028, last=2026)
    changed = resolves("Tên khác", account="director", subject=its.id, target=30)
    assert (changed.name, changed.target) == ("Tên khác", 30)


@pytest.mark.parametrize(("account", "sees"), [
    ("clerk", True), ("chief", True), ("logistics", True), ("director", True), ("auditor", True), ("neighbour", False),
    ("outsider", False), ("crime_head", False), ("operator", False),
])  # fmt: skip
def test_the_database_shows_works_to_those_they_concern(account: str, sees: bool) -> None:
    project = plans()
    tell_database(who(account))
    assert ProjectRow.objects.filter(pk=project.id).exists() is sees
    assert queries.seen(who(account)).filter(pk=project.id).exists() is sees


def test_the_row_is_the_fold_from_empty() -> None:
    project = begun()
    project = does(
        "clerk", actions.pay, project, at=at_noon(2026, 9, 1), on=date(2026, 9, 1), source="other", amount=7
    )
    tell_database(who("chief"))
    row = ProjectRow.objects.get(pk=project.id)
    assert folded_again(projects, project.id) == from_row(projects, row)
    assert queries.project_of(row) == project
    assert (row.standing, row.stage, row.paid, row.begun) == ("begun", "approval", 7, date(2026, 8, 3))


def test_the_next_stage_is_owed_by_the_day_that_somebody_set() -> None:
    project = plans()
    tell_database(who("chief"))
    owed = Owed.objects.get(subject=project.id)
    assert (owed.unit, owed.clock, owed.due, owed.met) == (
        "11311",
        "approval",
        end_of(DAYS["approval"]),
        None,
    )
    project = does("chief", actions.stop, project, since=date(2026, 3, 1), ground="Chờ đất")
    assert not Owed.objects.filter(subject=project.id).exists()


def test_two_who_report_at_once_clash_and_payments_merge() -> None:
    """On two nodes, each on the state that it saw: of two reports one is set aside, no payment is lost."""
    bodies = [PLANNED, REACHED, REACHED, paid("100"), paid("200")]
    ids = [UUID(int=100 + n) for n in range(5)]
    entries = [
        read(UUID(int=1), n + 1, "11311", payload(
            entry_id=ids[n], salt=bytes(16), subject=SUBJECT, after=None if body.free or n == 0 else ids[0], body=body,
            actor=UUID(int=5), grant=None, at=AT + timedelta(minutes=n),
        ))
        for n, body in enumerate(bodies)
    ]  # fmt: skip
    folded = projects(entries)
    assert folded.aside == (ids[2],)
    assert folded.state is not None
    assert folded.state.now.paid == 300


def test_the_cost_of_a_year() -> None:
    project = begun()
    assert by_year(project) == {2026: Decimal(5_900_000_000)}
    project = does(
        "clerk", actions.schedule, project, at=at_noon(2026, 9, 1),
        stages={"acceptance": date(2027, 7, 31), "handover": date(2027, 8, 2)}, reason="Lùi",
    )  # fmt: skip
    costs = by_year(project)
    assert sum(costs.values()) == 5_900_000_000
    assert costs[2026] == Decimal(5_900_000_000) * 151 // 365
    assert spread(Decimal(10), date(2026, 12, 31), date(2027, 1, 2)) == {2026: Decimal(3), 2027: Decimal(7)}


def test_candidates_are_what_is_not_begun_and_has_money() -> None:
    first = plans("San nền", priority="pressing", gaps=(Gap(of="working-area", amount="470"),))
    plans("Xây", follows=first.id)
    plans("Chưa có tiền", budget={})
    begun(name="Đã làm")
    tell_database(who("director"))
    found = queries.candidates(who("logistics"), "31")
    assert [it.name for it in found] == ["San nền", "Xây"]
    assert (found[0].weight, found[0].gaps[0].amount, found[1].follows) == (3, Decimal(470), first.id)
    assert sum(found[0].cost_by_year.values()) == found[0].cost == 5_900_000_000
    assert queries.candidates(who("outsider"), "31") == []


def test_figures_count_what_the_list_shows() -> None:
    its = resolves()
    today = date(2026, 11, 22)
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    plans("Quá ngày", programme=its.id)
    later = {stage: day.replace(year=2027) for stage, day in DAYS.items()}
    plans("Đúng ngày", programme=its.id, stages=later)
    slipped = plans("Lùi", programme=its.id, stages=later)
    does("clerk", actions.schedule, slipped, stages={"handover": date(2028, 2, 1)}, reason="Lùi")
    stopped = plans("Dừng", programme=its.id)
    does("chief", actions.stop, stopped, since=date(2026, 3, 1), ground="Chờ đất")
    over = plans("Trả quá", programme=its.id, stages=later)
    does("clerk", actions.pay, over, on=date(2026, 3, 1), source="other", amount=6_000_000_000)
    plans("Ngoài chương trình")
    tell_database(who("director"))
    found = queries.of_programme(who("director"), its.id)
    counted = figures.figures((it.now for it in found), today)
    assert (counted.all, counted.late, counted.over) == (5, 2, 1)

    def listed(**params: str) -> int:
        return queries.filtered(who("director"), {"programme": str(its.id), **params}, at=at).count()

    assert listed() == counted.all
    assert listed(late="1") == counted.late
    assert listed(late="overdue") + listed(late="slipped") == 2
    assert listed(money="over") == counted.over
    for state, count in counted.states.items():
        assert listed(state=state) == count
    for year in figures.years(found):
        assert listed(start=str(year.year), begun="1") == year.began
        assert listed(start=str(year.year), state="planned") == year.to_begin
        assert listed(year=str(year.year), state="done") == year.ended
        assert listed(year=str(year.year), open="1") == year.to_end
    tally = queries.tallies(who("director"), [its.id], today)[its.id]
    assert (tally.all, tally.late, tally.budget) == (counted.all, counted.late, counted.planned_sum)
    assert queries.filtered(who("director"), {"programme": "none"}, at=at).count() == 1
    assert set(counted.budget) <= set(PURSES)
