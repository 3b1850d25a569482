"""Norms: published, revised, withdrawn; what units should have by them, and the gaps to what they hold."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.means import holdings
from haicap.means.catalogue.entries import Family
from haicap.means.holdings import Held, Source
from haicap.means.norms import actions, reckoning
from haicap.means.norms.entries import FactStated, Line, When
from haicap.means.norms.facts import grounds
from haicap.means.norms.reckoning import Gap, gaps
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Person, Refused, tell_database
from means.norming import PLAIN, SINCE, TODAY, as_, establishes, publishes, revises, states
from pages import person

pytestmark = pytest.mark.django_db

HELD: dict[tuple[str, str], Held] = {}


@pytest.fixture(autouse=True)
def holding(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held comes from here alone, for every family."""

    def count(who: Person, units: Any) -> list[Held]:
        return [it for (code, _), it in HELD.items() if units is None or code in units]

    its: dict[Family, Source] = {
        family: Source(count, lambda unit, kind: "") for family in ("equipment", "vehicle", "premises", "line", "post")
    }  # fmt: skip
    monkeypatch.setattr(holdings, "SOURCES", its)
    HELD.clear()
    tell_database(person("clerk"))


def of(kind: str, account: str = "clerk", code: str = WARD, day: date = TODAY) -> Gap | None:
    tell_database(person(account))
    return next((it for it in gaps(person(account), [code], day) if it.kind == kind), None)


def test_a_gap_names_norm_version_and_inputs_and_costs_what_the_catalogue_says() -> None:
    """2 motorcycles a commune (Quảng Nam 2021), one held and it is broken: two short, at 60 million dong each."""
    HELD[WARD, "motorcycle"] = Held(WARD, "motorcycle", Decimal(1), Decimal(0))
    it = of("motorcycle")
    assert it is not None
    assert (it.code, it.version, it.should, it.has, it.fit, it.short, it.surplus) == (
        "motorcycles",
        1,
        2,
        1,
        0,
        2,
        0,
    )
    assert it.money == 120_000_000
    assert it.norm == actions.norm_id(None, "motorcycles")


def test_surplus_counts_what_is_fit() -> None:
    HELD[WARD, "motorcycle"] = Held(WARD, "motorcycle", Decimal(6), Decimal(5))
    it = of("motorcycle")
    assert it is not None
    assert (it.short, it.surplus, it.money) == (0, 3, 0)


def test_the_office_grows_with_the_establishment_which_a_clerk_need_not_see_otherwise() -> None:
    assert of("working-area") is None
    establishes(33)
    it = of("working-area")
    assert it is not None
    assert (it.should, it.inputs) == (511, (("officers", Decimal(33)),))
    assert it.money == 511 * 11_600_000
    assert of("officer") is None, "how many people there are is for those who see staff"
    chief = of("officer", "chief")
    assert chief is not None
    assert chief.should == 33


def test_a_fact_holds_from_its_day_and_a_missing_one_is_named() -> None:
    tell_database(person("clerk"))
    lacking = {it.kind: it.facts for it in reckoning.lacks(person("clerk"), [WARD], TODAY)}
    assert lacking["id-capture-set"] == ("population",)
    states("population", "70000")
    states("population", "95000", since=date(2026, 3, 1))
    assert [it.should if (it := of("id-capture-set", day=day)) else None for day in (
        date(2025, 12, 31), date(2026, 2, 28), date(2026, 3, 1),
    )] == [None, 3, 4]  # fmt: skip


def test_a_province_says_more_than_the_nation() -> None:
    publishes(PLAIN.model_copy(update={"means": "motorcycle", "lines": (Line(formula="5"),)}), "xe")
    it = of("motorcycle")
    assert it is not None
    assert (it.code, it.should) == ("xe", 5)
    there = of("motorcycle", "outsider", "00004")
    assert there is not None
    assert (there.code, there.should) == ("motorcycles", 2)


def test_versions_are_kept_and_each_holds_on_its_days() -> None:
    norm = publishes()
    revised = revises(norm, since=date(2026, 6, 1), lines=(Line(formula="3"),))
    assert [it.lines[0].formula for it in revised.versions] == ["2.0", "3.0"]
    told = [(it.version, it.should) if (it := of("scanner", day=day)) else None for day in (
        date(2025, 12, 31), date(2026, 5, 31), date(2026, 6, 1),
    )]  # fmt: skip
    assert told == [None, (1, 2), (2, 3)]
    as_("logistics", lambda pen: actions.withdraw(
        pen, entry_id=uuid7(), subject=norm.id, reason="Bỏ", since=date(2026, 9, 1)), subject=norm.id)  # fmt: skip
    assert of("scanner", day=date(2026, 8, 31)) is not None
    assert of("scanner", day=date(2026, 9, 1)) is None
    with pytest.raises(NotSo):
        revises(norm)


def test_sent_twice_is_published_once() -> None:
    entry = uuid7()
    first = publishes(entry_id=entry)
    assert publishes(entry_id=entry, others=()) == first
    with pytest.raises(NotSo):
        publishes(others=())


def test_lines_are_a_table_whose_every_case_is_met() -> None:
    remote = Line(formula="4", when=When(remote=True))
    ward = Line(formula="3", when=When(units=("ward",)))
    norm = publishes(PLAIN.model_copy(update={"lines": (remote, ward, Line(formula="1"))}))
    cases = [
        norm.now.line_for(sort, far) for sort in ("ward", "commune", "department") for far in (True, False)
    ]
    assert cases == [0, 1, 0, 2, None, None]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"lines": (Line(formula="1", when=When(units=("department",))), Line(formula="2"))}, actions.NeverReached),
        ({"lines": (Line(formula="1", when=When(remote=True)),)}, Unsaid),
        ({"lines": (Line(formula="people"),)}, actions.WrongFormula),
        ({"lines": (Line(formula="population / 1000"),)}, actions.Unworkable),
        ({"lines": (Line(formula="area_km2 - 9000"),)}, actions.Unworkable),
        ({"lines": ()}, Unsaid),
        ({"means": "spaceship"}, Unsaid),
        ({"rule": "  "}, Unsaid),
        ({"until": SINCE}, Unsaid),
    ],
)  # fmt: skip
def test_what_is_not_published(said: dict[str, Any], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        publishes(PLAIN.model_copy(update=said))


def test_a_norm_without_a_number_for_some_unit_names_one() -> None:
    with pytest.raises(actions.Unworkable) as caught:
        publishes(PLAIN.model_copy(update={"lines": (Line(formula="population / 1000"),)}))
    its = caught.value
    assert its.unit.code in grounds("31", TODAY)
    assert its.lack.facts == ("population",)
    assert its.more > 100


def test_two_norms_of_one_file_do_not_speak_of_the_same_units() -> None:
    first = publishes()
    with pytest.raises(actions.Twice) as caught:
        publishes(code="other")
    assert caught.value.other.id == first.id
    publishes(PLAIN.model_copy(update={"units": ("department",)}), "other")


@pytest.mark.parametrize("account", ["clerk", "chief", "outsider", "auditor", "crime_head"])
def test_only_who_directs_means_publishes(account: str) -> None:
    with pytest.raises(Refused):
        publishes(account=account)
    with pytest.raises(Refused):
        states("population", "1", account=account)


def test_a_figure_needs_a_number_and_a_source() -> None:
    for value in ("", "nhiều", "-3", "1e40", "NaN"):
        with pytest.raises(Unsaid):
            states("population", value)
    body = FactStated(unit=WARD, fact="present", value="30", since=SINCE, source=" ")
    with pytest.raises(Unsaid):
        as_("logistics", lambda pen: actions.state_fact(pen, entry_id=uuid7(), body=body),
            subject=actions.facts_id(WARD), file=WARD)  # fmt: skip


def test_neighbours_and_outsiders_see_their_own_gaps_alone() -> None:
    for account, code in (("clerk", WARD), ("neighbour", "11329"), ("outsider", "00004")):
        tell_database(person(account))
        assert {it.unit for it in gaps(person(account), None, TODAY)} == {code}
        assert gaps(person(account), ["11353"], TODAY) == []


def test_a_province_is_compared_in_a_handful_of_queries(django_assert_max_num_queries: Any) -> None:
    tell_database(person("director"))
    gaps(person("director"), None, TODAY)
    with django_assert_max_num_queries(6):
        found = gaps(person("director"), None, TODAY)
    assert len({it.unit for it in found}) > 110
