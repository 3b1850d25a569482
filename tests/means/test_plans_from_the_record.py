"""Plans calculated from the record itself: staff, service points, works, sharing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cast import WARD, unit
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.means.plans.outcome import Answer
from haicap.means.plans.sorts import SORTS, NotCalculated, Question
from haicap.means.staff import actions
from haicap.means.works.entries import Gap
from haicap.units.loading import BEGIN, Founder
from haicap.units.rights import tell_database
from matters.acting import who
from means.staffing import puts
from means.test_distances import states
from means.works_at_hand import plans as plans_work

pytestmark = pytest.mark.django_db(databases=["default", "worker"])
NEXT, PROVINCE = "11329", "31"
NEAR = {"longest_km": "40", "keep": "100", "most_moves": "", "most_out": "", "most_in": "", "weigh": ""}
AT = datetime.now(UTC)


def asks(sort: str, asked: dict[str, str], account: str = "logistics_head", **by_hand: Any) -> Answer:
    given = {"kept": (), "forbidden": ()} | by_hand
    tell_database(who(account))
    return SORTS[sort].answer(who(account), Question(PROVINCE, asked, at=AT, **given))


def establishes(at_unit: str, officers: int) -> None:
    subject = actions.establishment_id(at_unit)
    with writing(Founder(own().id), at=AT, subjects=[subject], units=[at_unit]) as pen:
        actions.set_establishment(
            pen, entry_id=uuid7(), unit=unit(at_unit, using="default"), since=BEGIN, act="QĐ 1",
            counts={"officer": officers},
        )  # fmt: skip


def staffed() -> None:
    """Three officers where one is wanted, and next to it one where three are."""
    establishes(WARD, 4)  # three of the cast sit there
    establishes(NEXT, 4)  # and one
    for n in range(3):
        puts(f"cb.a{n}")
    puts("cb.b0", at_unit=NEXT)


def test_who_is_to_spare_goes_where_somebody_is_missing() -> None:
    staffed()
    answer = asks("support", NEAR)
    assert {(it.from_unit, it.to_unit) for it in answer.items} <= {(WARD, NEXT)}
    assert len(answer.items) == 2
    assert answer.gap == "0"
    assert answer == asks("support", NEAR)


def test_an_edit_by_hand_is_kept_and_one_that_cannot_be_is_named() -> None:
    staffed()
    first, second = (it.key for it in asks("support", NEAR).items)
    without = asks("support", NEAR, forbidden=(first,))
    assert first not in {it.key for it in without.items}
    kept = asks("support", NEAR | {"most_moves": "1"}, kept=(second,))
    assert [(it.key, it.kept) for it in kept.items] == [(second, True)]
    impossible = asks("support", NEAR | {"most_moves": "0"}, kept=(second,))
    assert "most-moves" in impossible.reasons
    assert all(SORTS["support"].words(reason) for reason in impossible.reasons)


def test_a_way_that_is_stated_longer_than_allowed_is_not_gone() -> None:
    staffed()
    states(km="90")
    answer = asks("support", NEAR)
    assert answer.items == ()
    assert {it.unit for it in answer.without} == {NEXT}


def test_who_may_not_see_staff_plans_none() -> None:
    with pytest.raises(NotCalculated):
        asks("support", NEAR, account="crime_head")


@pytest.mark.parametrize("aim", ["median", "centre", "covering"])
def test_points_serve_every_unit_from_the_nearest(aim: str) -> None:
    asked = {"points": "18", "aim": aim, "within": "10", "longest": ""}
    answer = asks("points", asked)
    assert len(answer.items) <= 18
    assert sum(len(it.serves) for it in answer.items) == 114
    assert all(it.to_unit in it.serves for it in answer.items)
    assert answer.more
    assert all(
        SORTS["points"].words(it.code) != it.code for it in (*answer.figures, *answer.more, *answer.assumed)
    )


def test_eighteen_points_that_became_one_say_what_that_costs() -> None:
    """Gia Lai, 2025: 18 reception points became 1; the same question for these units."""
    asked = {"aim": "median", "within": "", "longest": ""}
    many, one = (asks("points", asked | {"points": n}) for n in ("18", "1"))
    mean = {name: next(it.value for it in answer.figures if it.code == "mean-km") for name, answer in
            (("many", many), ("one", one))}  # fmt: skip
    assert float(mean["one"]) > 3 * float(mean["many"])


def test_a_longest_way_that_no_points_keep_is_named() -> None:
    answer = asks("points", {"points": "1", "aim": "median", "within": "", "longest": "5"})
    assert not answer.possible
    assert {reason.partition(":")[0] for reason in answer.reasons} <= {"points", "longest", "demand"}


@pytest.mark.parametrize(
    ("sort", "asked"),
    [
        ("works", {"first": "2027", "budgets": "30; 30"}),
        ("sharing", {"lend_km": "25", "serves": "2", "share_km": "8", "most": ""}),
    ],
)
def test_where_nothing_is_to_be_planned_it_says_so(sort: str, asked: dict[str, str]) -> None:
    with pytest.raises(NotCalculated):
        asks(sort, asked)


def test_works_begin_as_the_money_lasts() -> None:
    closes = (Gap(of="working-area", amount="120"),)
    small = plans_work("Sửa trụ sở", budget={"province": 3_000_000_000}, gaps=closes)
    large = plans_work("Xây trụ sở", budget={"province": 40_000_000_000}, gaps=closes)
    answer = asks("works", {"first": "2026", "budgets": "5"}, account="director")
    assert [it.of for it in answer.items] == [(small.id,)]
    assert [(it.detail, it.reason) for it in answer.without] == [(large.now.about.name, "alone")]
