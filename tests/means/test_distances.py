"""Stated distances: who may state them, that the newest counts, and the page."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.means.distances import actions, queries
from haicap.means.distances.fold import Distance
from haicap.means.distances.models import DistanceRow
from haicap.means.plans.ground import kilometres, overdue, places
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Refused
from matters.acting import who
from pages import browser

pytestmark = pytest.mark.django_db
NEXT, PROVINCE = "11329", "31"


def states(account: str = "logistics", km: str = "7,5", entry: UUID | None = None, **more: Any) -> Distance:
    given = {"from_unit": WARD, "to_unit": NEXT, "source": "Quốc lộ 5"} | more
    ends = {name: unit(given.pop(name), using="default") for name in ("from_unit", "to_unit")}
    subject = actions.distance_id(ends["from_unit"].code, ends["to_unit"].code)
    with writing(
        who(account), at=datetime.now(UTC), subjects=[subject], units=[PROVINCE], channel="reference"
    ) as pen:
        return actions.state(pen, entry_id=entry or uuid7(), km=km, **ends, **given)


def test_the_newest_that_was_stated_counts_both_ways() -> None:
    states()
    states(km="9")
    its = places(PROVINCE)
    at = {it.code: place for place, it in enumerate(its)}
    km = kilometres(PROVINCE, its)
    assert km[at[WARD], at[NEXT]] == km[at[NEXT], at[WARD]] == 9
    assert len(its) == 114
    assert km[at[WARD], at[WARD]] == 0


def test_sent_twice_it_is_stated_once() -> None:
    entry = uuid7()
    assert states(entry=entry) == states(entry=entry, km="99")
    assert DistanceRow.objects.count() == 1


@pytest.mark.parametrize("account", ["clerk", "chief", "crime_head", "outsider", "auditor"])
def test_only_who_directs_states_a_distance(account: str) -> None:
    with pytest.raises(Refused):
        states(account)


@pytest.mark.parametrize("km", ["", "xa", "-1", "4000", "NaN", "1e9"])
def test_what_is_no_length_is_refused(km: str) -> None:
    with pytest.raises(Unsaid):
        states(km=km)


def test_units_of_two_provinces_or_one_alone_have_no_way_between_them() -> None:
    for to in (WARD, "00004"):
        with pytest.raises(NotSo):
            states(to_unit=to)


def test_the_page_states_lists_and_withdraws(django_assert_max_num_queries: Any) -> None:
    page = browser("logistics")
    form = {"entry_id": str(uuid7()), "from_unit": WARD, "to_unit": NEXT, "km": "12,5", "source": "Phà Gót"}
    assert page.post("/means/distances/", form).status_code == 302
    with django_assert_max_num_queries(16):  # with session, person and the frame
        assert "Phà Gót" in page.get("/means/distances/").text
    assert b"12.5" in page.get("/means/distances/?format=csv").getvalue()
    assert page.post("/means/distances/", form | {"entry_id": str(uuid7()), "km": "x"}).status_code == 422
    row = DistanceRow.objects.get()
    assert browser("clerk").post(
        f"/means/distances/{row.pk}/withdraw/", {"entry_id": str(uuid7())}
    ).status_code == 403  # fmt: skip
    page.post(f"/means/distances/{row.pk}/withdraw/", {"entry_id": str(uuid7())})
    assert queries.known(PROVINCE) == []


def test_what_is_overdue_is_counted_for_whoever_plans_and_sees_no_matter() -> None:
    assert overdue(PROVINCE, datetime.now(UTC)) == {}
