"""Requests for means: from a gap to a matter, through its states, and how the gap closes by itself."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cast import WARD, unit
from haicap.clocks.wall import day_of
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters import drafts
from haicap.matters.authorities.models import AskedRow
from haicap.means.catalogue.queries import catalogue
from haicap.means.needs import asking, queries
from haicap.means.norms.reckoning import Gap
from haicap.means.things import recording
from haicap.units.rights import Refused, tell_database
from matters.acting import raises, running, steps
from means.norming import LONG_AGO, NOW, gap, requested, reviewed
from pages import asked, browser, html, in_days, person

pytestmark = pytest.mark.django_db
ASK = f"/means/needs/ask/{WARD}/motorcycle/"


@pytest.fixture(autouse=True)
def clerk() -> None:
    """The session reads as the clerk does."""
    tell_database(person("clerk"))


def records(count: int, request: Any = None) -> None:
    """The ward writes down motorcycles that it got."""
    its = recording.Described(catalogue()["motorcycle"], "received", day_of(NOW), request=request)
    entry = uuid7()
    subjects = recording.subjects_of(entry, its.kind, count)
    tell_database(person("clerk"))
    with writing(person("clerk"), at=NOW, subjects=subjects, units=[WARD]) as pen:
        recording.record(pen, entry_id=entry, unit=unit(WARD, using="default"), its=its, count=count)


def test_one_click_fills_the_form_with_kind_count_sum_norm_version_and_inputs() -> None:
    clerk = browser("clerk")
    answer = clerk.post(ASK)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/matters/new/means-request/?draft=")
    (draft,) = drafts.of(person("clerk"))
    said = drafts.answers(draft)
    wanted = {"family": "vehicle", "kind": "motorcycle", "count": "2", "gap": "2", "norm": "motorcycles, bản 1",
              "money": "120000000", "unit": WARD}  # fmt: skip
    assert wanted.items() <= said.items()
    assert clerk.post(ASK).headers["Location"] == answer.headers["Location"], (
        "asked twice it is the same form"
    )
    page = html(clerk, answer.headers["Location"])
    assert 'value="Xe mô tô"' in page
    sent = said | {"entry_id": str(draft.entry_id)}
    assert clerk.post("/matters/new/means-request/", sent).status_code == 302
    ((need,),) = queries.asked_for(person("clerk"), [WARD], at=datetime.now(UTC)).values()
    assert (need.kind, need.count, need.money, need.status) == ("motorcycle", 2, 120_000_000, "raised")


def test_logistics_reviews_and_the_raiser_alone_says_that_it_arrived() -> None:
    matter = requested()
    assert matter.holder == "31-PH10"
    matter = reviewed(matter, count_agreed="2", sum_agreed="120000000")
    bought = {"count_given": "2", "sum_given": "118000000", "given_paper": "9/QĐ-PH10"}
    matter = steps(
        "logistics", matter, "provide", at=LONG_AGO + timedelta(days=9), outcome="bought", **bought
    )
    assert set(running(matter)) == {"confirm"}
    with pytest.raises(Refused):
        steps("logistics", matter, "confirm-arrived", at=NOW, received_on="2026-11-01", count_received="2")
    matter = steps("clerk", matter, "confirm-arrived", at=NOW, received_on="2026-11-01", count_received="2")
    assert (matter.state, running(matter)) == ("arrived", {})


def test_an_authority_that_is_asked_has_a_clock_of_its_own_and_is_listed_with_the_others() -> None:
    matter = reviewed(requested("pickup"), count_agreed="1")
    asked_ = {
        "authority": "UBND phường Hồng Bàng",
        "paper": "31/ĐN",
        "sum": "900000000",
        "answer_due": f"{in_days(30)}",
    }
    matter = steps(
        "logistics", matter, "provide", at=LONG_AGO + timedelta(days=5), outcome="asked-authority", **asked_
    )
    assert {code: clock.binds for code, clock in running(matter).items()} == {"authority": "third-party"}
    row = AskedRow.objects.get(subject=matter.id)
    assert (row.sum, row.came) == (900_000_000, None)
    said = {"authority_said": "Nhất trí", "sum_granted": "600000000"}
    matter = steps(
        "logistics", matter, "authority-answered", at=NOW - timedelta(days=3), outcome="partly", **said
    )
    assert AskedRow.objects.get(subject=matter.id).came == "partly"
    assert (matter.state, set(running(matter))) == ("agreed", {"provide"})
    total = queries.totals(queries.filtered(person("clerk"), {}, at=NOW))
    assert (total.n, total.asked, total.granted) == (1, 900_000_000, 600_000_000)


def test_a_gap_closes_by_itself_when_holdings_reach_the_norm() -> None:
    matter = requested()
    page = html(browser("clerk"), f"/means/needs/id/{matter.id}/")
    assert "còn thiếu 2" in page
    records(2, request=matter.id)
    assert gap().short == 0
    page = html(browser("clerk"), f"/means/needs/id/{matter.id}/")
    assert "đã đủ theo định mức" in page
    its = queries.one(person("clerk"), matter.id, at=NOW)
    assert its is not None
    assert queries.things_of(person("clerk"), its).count() == 2
    unit_page = html(browser("clerk"), "/means/unit/?family=vehicle")
    assert f"/means/needs/id/{matter.id}/" in unit_page
    assert ASK not in unit_page


def test_a_gap_that_is_asked_for_is_not_asked_for_again_while_that_is_open() -> None:
    assert ASK in html(browser("clerk"), "/means/unit/")
    matter = requested()
    assert ASK not in html(browser("clerk"), "/means/unit/")
    refused = {"refused_for": "no-funds", "reason": "Chưa có kinh phí"}
    steps("logistics", matter, "review", at=LONG_AGO + timedelta(days=2), outcome="refused", **refused)
    page = html(browser("clerk"), "/means/unit/")
    assert ASK in page
    assert "Không chấp nhận" in page


def test_things_that_arrive_are_recorded_with_the_request() -> None:
    matter = reviewed(requested(), count_agreed="2")
    steps(
        "logistics", matter, "provide", at=LONG_AGO + timedelta(days=9), outcome="from-stock", count_given="2"
    )
    clerk = browser("clerk")
    page = clerk.get(f"/means/needs/id/{matter.id}/")
    assert page.context["record_url"] == f"/means/things/new/?kind=motorcycle&count=2&request={matter.id}"
    assert str(matter.id) in html(clerk, page.context["record_url"])


def test_figures_are_equal_to_the_lists_that_they_open_and_lists_are_taken_away() -> None:
    reviewed(requested(), count_agreed="2", sum_agreed="100000000")
    requested("pickup")
    logistics = browser("logistics")
    page = logistics.get("/means/needs/")
    counts = {
        words: logistics.get(url).context["page"].paginator.count
        for _value, words, url, _kind in page.context["figures"]
    }
    assert list(counts.values()) == [2, 2, 1, 1, 0]
    assert page.context["figures"][1][0] == "1,02 tỷ"
    assert logistics.get("/means/needs/?kind=pickup&sort=-money").context["page"].paginator.count == 1
    for form in ("csv", "xlsx"):
        answer = logistics.get(f"/means/needs/?format={form}")
        assert b"".join(answer) if answer.streaming else answer.content


def test_rights_and_queries_of_the_pages() -> None:
    matter = requested()
    for path in ("/means/needs/", f"/means/needs/id/{matter.id}/"):
        assert asked(browser("clerk"), path) <= 12
        assert asked(browser("logistics"), path) <= 12
    assert browser("neighbour").get(f"/means/needs/id/{matter.id}/").status_code == 404
    assert browser("neighbour").post(ASK).status_code == 404
    assert browser("logistics").post(ASK).status_code == 403, "nobody asks in the place of the unit"
    assert browser("clerk").post(f"/means/needs/ask/{WARD}/spaceship/").status_code == 404
    assert browser("operator").get("/means/needs/").status_code == 404
    difficulty = raises("clerk", "difficulty", "Dột", {"kind": "headquarters", "what": "Dột"}, at=LONG_AGO)
    assert browser("clerk").get(f"/means/needs/id/{difficulty.id}/").status_code == 404


def test_amounts_that_are_not_whole_are_asked_for_in_full() -> None:
    short = Gap(WARD, "working-area", uuid7(), "x", 1, (), Decimal(511), Decimal("422.5"), Decimal("422.5"),
                Decimal("88.5"), Decimal(), 1_026_600_000)  # fmt: skip
    assert asking.facts(short, catalogue()["working-area"])["count"] == "89"
