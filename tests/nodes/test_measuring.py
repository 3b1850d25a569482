"""What contacts tell of the line: its state, outages, samples made hours and days, and who is told."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.nodes.exchange.wire import Reason, Traffic
from haicap.nodes.line import measuring, reporting
from haicap.nodes.line.measuring import BIG, GAP, LEAST, Outage, State, Tally, after
from haicap.nodes.line.models import LineNow, LineReport, LineSample
from haicap.nodes.line.reporting import MEASURED, Report

START = datetime(2026, 7, 14, 1, 15, tzinfo=UTC)  # 08:15 in Vietnam
MINUTE = timedelta(minutes=1)
NODE = UUID(int=7)
database = pytest.mark.django_db


def traffic(
    out: int = 300, into: int = 900, first: float | None = 0.05, seconds: float = 0.06, down: Reason | None = None
) -> Traffic:  # fmt: skip
    return Traffic("GET", "/sync/heads", out, into, first, seconds, down)


def tally(*its: Traffic, rates: bool = True) -> Tally:
    found = Tally(rates)
    for it in its:
        found.add(it)
    return found


def noted(its: Tally, at: datetime) -> None:
    """A contact; the parent was not reached where every request failed."""
    seen = "timeout" if its.asks == its.failed else None
    measuring.note(its, at, seen=seen, using="default")


GOOD, BAD = traffic(), traffic(into=0, first=None, down="timeout")


def test_requests_are_counted_and_the_quickest_big_transfer_is_the_rate() -> None:
    its = tally(
        GOOD, BAD, traffic(into=BIG, first=0.5, seconds=1.5), traffic(out=2 * BIG, first=4.0, seconds=4.0)
    )
    assert (its.asks, its.failed) == (4, 1)
    assert its.delays == [0.05, 0.5]
    assert (its.down, its.up) == (BIG, BIG / 2)


def test_under_a_cap_of_our_own_no_rate_is_told() -> None:
    its = tally(traffic(into=4 * BIG, seconds=9.0), traffic(out=4 * BIG, first=9.0), rates=False)
    assert (its.down, its.up) == (None, None)


def course(*contacts: tuple[int, bool]) -> tuple[State, list[Outage]]:
    """Contacts by minutes from the start, good or not, and the outages that came of them."""
    state, found = State(), []
    for minutes, good in contacts:
        state, outage = after(state, START + minutes * MINUTE, good=good, seen="" if good else "cut")
        found += [outage] if outage else []
    return state, found


def test_an_outage_lasts_from_the_first_failed_contact_to_the_first_good_one() -> None:
    state, found = course((0, True), (1, False), (4, False), (9, True))
    assert found == [Outage(START + MINUTE, START + 9 * MINUTE, "cut")]
    assert (state.good, state.bad) == (START + 9 * MINUTE, None)


def test_what_is_not_longer_than_two_minutes_is_none() -> None:
    assert course((0, True), (1, False), (3, True))[1] == []
    assert timedelta(minutes=2) == LEAST


def test_while_the_machine_was_off_nothing_is_known() -> None:
    _state, found = course((0, True), (1, False), (11, False), (11 + 600, False), (11 + 605, True))
    assert found == [
        Outage(START + MINUTE, START + 11 * MINUTE, "cut"),
        Outage(START + 611 * MINUTE, START + 616 * MINUTE, "cut"),
    ]


def test_a_clock_that_is_set_back_ends_an_outage_where_it_was_last_seen() -> None:
    state, found = course((0, False), (10, False), (-500, False))
    assert found == [Outage(START, START + 10 * MINUTE, "cut")]
    assert state.bad == START - 500 * MINUTE


@given(st.lists(st.tuples(st.integers(-60, 90), st.booleans()), max_size=40))
def test_outages_are_longer_than_two_minutes_and_never_overlap_while_the_clock_runs_on(
    steps: list[tuple[int, bool]],
) -> None:
    at, contacts = 0, []
    for step, good in steps:
        at += abs(step)
        contacts.append((at, good))
    _state, found = course(*contacts)
    assert all(it.ended - it.began > LEAST for it in found)
    assert all(one.ended <= other.began for one, other in itertools.pairwise(found))
    asked = [START + minutes * MINUTE for minutes, _good in contacts]
    for it in found:
        inside = [START, *(at for at in asked if it.began <= at <= it.ended)][1:]
        assert all(b - a <= GAP for a, b in itertools.pairwise(inside))


@database
def test_a_contact_leaves_a_sample_and_the_end_of_an_outage_a_report() -> None:
    for minutes, its in ((0, tally(GOOD)), (1, tally(BAD)), (2, tally(BAD)), (5, tally(GOOD, GOOD))):
        noted(its, START + minutes * MINUTE)
    assert list(LineSample.objects.order_by("at").values_list("seconds", "asks", "failed", "delay")) == [
        (0, 1, 0, 50), (60, 1, 1, None), (60, 1, 1, None), (180, 2, 0, 50),
    ]  # fmt: skip
    report = LineReport.objects.get()
    assert (report.sort, report.began, report.ended, report.body) == (
        "outage", START + MINUTE, START + 5 * MINUTE, {"seen": "timeout"},
    )  # fmt: skip
    now = LineNow.objects.get()
    assert (now.good, now.bad, now.tried) == (START + 5 * MINUTE, None, START + 5 * MINUTE)


@database
def test_a_day_that_is_over_is_a_report_and_after_a_day_its_contacts_are_hours() -> None:
    for minutes in range(0, 180, 20):
        noted(tally(GOOD, traffic(into=BIG, seconds=1.05)), START + minutes * MINUTE)
    measuring.tidy(START + timedelta(hours=3), NODE, using="default")
    assert not LineReport.objects.exists()  # the day goes on
    for _twice in range(2):
        measuring.tidy(START + timedelta(days=2), NODE, using="default")
        day = LineReport.objects.get()
        assert (day.sort, day.began, day.ended) == ("day", START, START + 160 * MINUTE)
        assert day.body == {
            "seconds": 9600, "asks": 18, "failed": 0, "received": 9 * (BIG + 900), "sent": 9 * 600, "delay": 50,
            "down": BIG, "up": None,
        }  # fmt: skip
        hours = LineSample.objects.order_by("at")
        assert [(it.whole_hour, it.asks, it.seconds) for it in hours] == [
            (True, 6, 2400), (True, 6, 3600), (True, 6, 3600),
        ]  # fmt: skip


@database
def test_what_is_old_is_forgotten_but_no_report_that_nobody_has() -> None:
    noted(tally(GOOD), START)
    for told in ([], ["lines"]):
        LineReport(id=UUID(int=len(told)), sort="outage", began=START, ended=START + MINUTE, told=told).save()
    measuring.tidy(START + timedelta(days=401), NODE, using="default")
    assert not LineSample.objects.exists()
    assert [it.told for it in LineReport.objects.filter(sort="outage")] == [[]]


@pytest.fixture
def parts() -> Iterator[dict[str, list[Report]]]:
    """Two parts that want reports: `one` takes each, `other` none, and what either was offered."""
    offered: dict[str, list[Report]] = {"one": [], "other": [], "broken": []}
    before = dict(MEASURED)
    MEASURED.clear()
    MEASURED["one"] = lambda it: not offered["one"].append(it)  # type: ignore[func-returns-value]
    MEASURED["other"] = lambda it: bool(offered["other"].append(it))  # type: ignore[func-returns-value]
    yield offered
    MEASURED.clear()
    MEASURED.update(before)


@database
def test_each_part_is_offered_a_report_until_it_is_done_with_it(parts: dict[str, list[Report]]) -> None:
    for minutes, its in ((0, tally(BAD)), (5, tally(GOOD))):
        noted(its, START + minutes * MINUTE)
    for _twice in range(2):
        reporting.deliver(NODE, "11311", START + timedelta(hours=1), using="default")
    assert (len(parts["one"]), len(parts["other"])) == (1, 2)
    report = parts["one"][0]
    assert (report.unit, report.node, report.seen, report.ended - report.began) == (
        "11311", NODE, "timeout", 5 * MINUTE,
    )  # fmt: skip
    assert len(reporting.waiting()) == 1


@database
def test_a_part_at_fault_keeps_no_other_from_its_reports(
    parts: dict[str, list[Report]], caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(report: Report) -> bool:
        raise RuntimeError(report.unit)

    MEASURED.update({"one": breaks, "other": lambda it: True})
    for minutes, its in ((0, tally(BAD)), (5, tally(GOOD))):
        noted(its, START + minutes * MINUTE)
    reporting.deliver(NODE, "11311", START + timedelta(hours=1), using="default")
    assert LineReport.objects.get().told == ["other"]
    assert "one could not take a report" in caplog.text
