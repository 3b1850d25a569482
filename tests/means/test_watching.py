"""The register of lines fills itself in: outages and days that a unit's node measured, and what people see of them."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.means.lines import actions, queries, watching
from haicap.means.lines import entries as e
from haicap.means.lines.fold import KEPT, Circuit, circuits
from haicap.means.lines.models import CircuitRow
from haicap.nodes.line.reporting import MEASURED, Report
from haicap.units.acting import NotSo
from haicap.units.rights import Refused, tell_database
from means.premises_histories import TERMS
from pages import browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = (NOW - timedelta(days=2)).replace(hour=0, minute=0, second=0)  # 07:00 in Vietnam
HOUR = timedelta(hours=1)


def contracted(account: str = "clerk", **more: Any) -> UUID:
    """A line of the ward, as the worker sees it too."""
    subject, terms, who = uuid7(), TERMS.model_copy(update=more), person(account)
    with writing(who, at=NOW, subjects=[subject], units=[WARD], using="worker") as pen:
        actions.contract(pen, entry_id=uuid7(), subject=subject, unit=unit(WARD), terms=terms)
    return subject


def report(sort: Literal["outage", "day"], began: datetime, hours: float, **more: Any) -> Report:
    node = own("worker").id
    return Report(uuid7(), node, WARD, sort, began, began + hours * HOUR, NOW, **more)


def day(began: datetime = DAY, **more: Any) -> Report:
    its = {"seconds": 36_000, "asks": 700, "failed": 7, "delay": 48, "down": 1_500_000, "up": None} | more
    return report("day", began, 10, **its)


def circuit(subject: UUID) -> Circuit:
    return queries.circuit_of(CircuitRow.objects.using("worker").get(pk=subject))


def test_this_part_takes_reports() -> None:
    assert MEASURED["lines"] is watching.take


def test_an_outage_and_its_day_make_the_availability() -> None:
    subject = contracted()
    for it in (report("outage", DAY + HOUR, 2.5, seen="timeout"), day()):
        for _twice in range(2):
            assert watching.take(it)
    its = circuit(subject)
    assert [(one.began, one.length, one.seen, one.cause) for one in its.outages] == [
        (DAY + HOUR, 2.5 * HOUR, "timeout", None)
    ]
    assert its.service is not None
    assert (its.service.available, its.service.outages, its.service.down, its.service.delay) == (
        Decimal("75.00"), 1, 2.5 * HOUR, 48,
    )  # fmt: skip
    (watched,) = its.watches
    assert (watched.down, watched.up) == ("12.00", None)
    row = CircuitRow.objects.using("worker").get(pk=subject)
    assert (row.available, row.outages, row.down_minutes, row.watched) == (75, 1, 150, DAY + 10 * HOUR)


def test_the_quickest_transfer_is_no_measurement_of_the_contract() -> None:
    subject = contracted()
    watching.take(day(down=10))
    assert circuit(subject).quality is None


def test_the_node_writes_as_itself_on_no_grant() -> None:
    from haicap.journal.models import Entry

    subject, it = contracted(), day()
    watching.take(it)
    entry = Entry.objects.using("worker").filter(subject=subject).latest("seq")
    assert (entry.kind, entry.actor, entry.grant, entry.unit) == ("circuit.watched", it.node, None, WARD)


def test_without_a_line_in_the_register_the_report_is_not_taken() -> None:
    assert not watching.take(day())
    contracted()
    assert watching.take(day())


def test_of_several_lines_it_is_the_internal_one_and_then_the_fastest() -> None:
    contracted(sort="internet-line", down="500")
    slow, fast = contracted(down="50"), contracted(down="100")
    assert watching.line_of(WARD, NOW) == fast
    with writing(person("clerk"), at=NOW, subjects=[fast], units=[WARD], using="worker") as pen:
        actions.end(pen, entry_id=uuid7(), subject=fast, since=NOW.date() - timedelta(days=3), why="over")
    assert watching.line_of(WARD, NOW) == slow


def test_people_say_why_and_may_say_it_better() -> None:
    subject, it = contracted(), report("outage", DAY, 3, seen="cut")
    watching.take(it)

    def explained(account: str, cause: e.Cause, began: datetime = DAY) -> Circuit:
        with writing(person(account), at=NOW, subjects=[subject], units=[WARD], using="worker") as pen:
            return watching.explain(
                pen, entry_id=uuid7(), subject=subject, began=began, cause=cause, note=" Phiếu 12 "
            )

    explained("clerk", "unknown")
    its = explained("chief", "works").outages[0]
    assert (its.cause, its.note) == ("works", "Phiếu 12")
    with pytest.raises(NotSo):
        explained("clerk", "power", DAY + HOUR)
    with pytest.raises(Refused):
        explained("neighbour", "power")


SPANS = [
    (0, 5),
    (3, 4),
    (10, 2),
    (11, 1),
    (1500, 30),
    (2300, 5),
    (2301, 60),
    (3000, 1),
]  # hours: since, for how long


@given(st.permutations(SPANS))
def test_outages_never_overlap_and_only_the_latest_are_kept(spans: list[tuple[int, int]]) -> None:
    its = Circuit(UUID(int=1), WARD, "31", None, (TERMS,), False)
    for began, hours in spans:
        at = DAY + began * HOUR
        body = e.CircuitInterrupted(began=at, ended=at + hours * HOUR, seen="cut")
        its = circuits.handlers[e.CircuitInterrupted](its, Entered(body))
    outages = its.outages
    assert all(one.ended <= other.began for one, other in itertools.pairwise(outages))
    assert len(outages) == 3
    assert all(it.ended > outages[-1].ended - KEPT for it in outages)


class Entered:
    """As much of an entry as the handler reads."""

    def __init__(self, body: e.CircuitInterrupted) -> None:
        self.body, self.at = body, NOW


# Pages


def shown(account: str = "clerk") -> UUID:
    """A line of the ward with an outage and a day, as pages see it."""
    subject, who = uuid7(), person(account)
    tell_database(who)
    node = watching.Machine(own().id)
    with writing(who, at=NOW, subjects=[subject], units=[WARD]) as pen:
        actions.contract(pen, entry_id=uuid7(), subject=subject, unit=unit(WARD), terms=TERMS)
        for it in (report("outage", DAY + HOUR, 2.5, seen="timeout"), day()):
            pen.by(node, NOW).write(circuits, uuid7(), subject, watching.body(it), unit=WARD, grant=None)
    return subject


def test_the_page_of_a_line_shows_availability_and_takes_the_cause() -> None:
    subject = shown()
    page = html(browser("clerk"), f"/means/lines/{subject}/")
    assert "75,0 %" in page
    assert "2 giờ 30 phút" in page
    address = f"/means/lines/{subject}/outage/{int((DAY + HOUR).timestamp())}/"
    assert address in page
    html(browser("clerk"), address)
    sent = {"entry_id": str(uuid7()), "cause": "works", "note": "Phiếu báo hỏng 12"}
    for _twice in range(2):
        assert browser("clerk").post(address, sent).status_code == 302
    page = html(browser("clerk"), f"/means/lines/{subject}/")
    assert "Công trình làm đứt cáp" in page
    assert page.count("Phiếu báo hỏng 12") == 2  # in the table and in the history
    html(browser("director"), address, 404)
    html(browser("clerk"), f"/means/lines/{subject}/outage/12/", 404)


def test_the_list_filters_and_sorts_by_availability() -> None:
    subject = shown()
    for service, there in (("poor", True), ("below", True), ("steady", False), ("unwatched", False)):
        page = html(browser("clerk"), f"/means/lines/?service={service}&sort=available")
        assert (str(subject) in page) is there


def test_the_board_ranks_a_provinces_lines_and_colours_its_map() -> None:
    shown()
    page = html(browser("director"), "/board/lines/")
    assert "75,0 %" in page
    assert f"/means/lines/?unit={WARD}" in page
    assert "2,5" in page  # hours, on the map and in its legend
    for metric in ("down", "outages", "short", "?"):
        html(browser("director"), f"/board/lines/?metric={metric}")
    assert browser("director").get("/board/lines/?format=csv").content.decode("utf-8-sig").count("\n") == 2
    html(browser("neighbour"), "/board/lines/", 404)


def test_the_outages_that_touch_a_time_are_told_to_who_may_see_them() -> None:
    shown()
    tell_database(person("director"))
    found = queries.cuts(WARD, DAY + 2 * HOUR, DAY + 4 * HOUR)
    assert found == [(DAY + HOUR, DAY + 3.5 * HOUR)]
    assert queries.cuts(WARD, DAY + 4 * HOUR, NOW) == []
    tell_database(person("outsider"))
    assert queries.cuts(WARD, DAY, NOW) == []
