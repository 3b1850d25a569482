"""Sharing equipment: as good as trying everything, never more than there is, and with reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.plan.outcome import Infeasible
from haicap.plan.sharing import (
    LEND,
    SHARE,
    Agreement,
    Case,
    Forbidden,
    Gap,
    Kept,
    Kind,
    More,
    Near,
    Plan,
    Shared,
    Stock,
    plan,
)

Way = tuple[str, str, str, str]  # kind, how, giver, receiver


def near(*ways: tuple[int, int, float]) -> Near:
    givers, receivers, km = zip(*ways, strict=True)
    return Near(np.array(givers, np.int64), np.array(receivers, np.int64), np.array(km, np.float64))


def random_case(dice: Random) -> Case:
    """Three units and one or two kinds, with limits and decisions by hand now and then."""
    units = ("A", "B", "C")
    kinds = tuple(
        Kind(code, dice.choice([5.0, 10.0]), dice.randint(1, 3), dice.choice([5.0, 10.0]))
        for code in dice.choice([("van",), ("van", "scanner")])
    )
    stocks = tuple(
        random_stock(dice, unit, kind.code) for unit in units for kind in kinds if dice.random() < 0.9
    )
    ways = [(a, b, dice.randint(2, 24) / 2) for a in range(3) for b in range(3) if a != b]
    most = dice.choice([None, None, 1, 2])
    forbidden = (Forbidden("van", *dice.sample(units, 2)),) if dice.random() < 0.2 else ()
    return Case(units, kinds, stocks, near(*ways), most, (), forbidden)


def random_stock(dice: Random, unit: str, kind: str) -> Stock:
    missing = dice.choice([0, 0, 1, 2])
    spare = 0 if missing else dice.randint(0, 2)
    return Stock(unit, kind, spare, dice.choice([0, 0, 1]), missing, dice.randint(1, 3))


class Judge:
    """Reckons agreements one by one, in the plainest way."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.kinds = {it.code: it for it in case.kinds}
        self.stocks = defaultdict[tuple[str, str], Stock](lambda: Stock("", ""))
        self.stocks.update({(it.kind, it.unit): it for it in case.stocks})
        pairs = zip(case.near.givers, case.near.receivers, case.near.km, strict=True)
        self.km = {(case.units[a], case.units[b]): float(km) for a, b, km in pairs}

    def ways(self) -> Iterator[Way]:
        for kind in self.case.kinds:
            for (giver, receiver), km in self.km.items():
                if Forbidden(kind.code, giver, receiver) not in self.case.forbidden:
                    if km <= kind.lend_km:
                        yield kind.code, LEND, giver, receiver
                    if km <= kind.share_km and kind.serves > 1:
                        yield kind.code, SHARE, giver, receiver

    def value(self, goes: Mapping[Way, int]) -> tuple[int, int, int]:
        gets = Counter[tuple[str, str]]()
        for (kind, _, _, receiver), count in goes.items():
            gets[kind, receiver] += count
        left = sum(it.weight * (it.missing - gets[it.kind, it.unit]) for it in self.case.stocks)
        shared = sum(count for (_, how, _, _), count in goes.items() if how == SHARE)
        return left, shared, sum(round(self.km[way[2:]] * 10) * count for way, count in goes.items())

    def broken(self, goes: Mapping[Way, int]) -> Iterator[str]:
        if self.case.most is not None and sum(goes.values()) > self.case.most:
            yield "most"
        gives, gets = defaultdict[tuple[str, str], list[tuple[str, int]]](list), Counter[tuple[str, str]]()
        for (kind, how, giver, receiver), count in goes.items():
            gives[kind, giver].append((how, count))
            gets[kind, receiver] += count
        yield from (f"{key}" for key, count in gets.items() if count > self.stocks[key].missing)
        yield from (f"{key}" for key, its in gives.items() if not self.there(key, its))

    def there(self, key: tuple[str, str], gives: list[tuple[str, int]]) -> bool:
        stock, serves = self.stocks[key], self.kinds[key[0]].serves
        spare = stock.spare - sum(count for how, count in gives if how == LEND)
        shared = [count for how, count in gives if how == SHARE]
        return spare >= 0 and any(
            sum(shared) <= serves * some + (serves - 1) * own and max(shared, default=0) <= some + own
            for some in range(spare + 1)
            for own in range(stock.shares + 1)
        )

    def best(self) -> tuple[int, int, int]:
        ways = [way for way in self.ways() if self.stocks[way[0], way[3]].missing and self.could(way)]
        counts = (range(self.stocks[way[0], way[3]].missing + 1) for way in ways)
        every = (dict(zip(ways, some, strict=True)) for some in product(*counts))
        return min(self.value(it) for it in every if not any(self.broken(it)))

    def could(self, way: Way) -> bool:
        stock = self.stocks[way[0], way[2]]
        return bool(stock.spare or (stock.shares and way[1] == SHARE))


def goes(made: Plan) -> dict[Way, int]:
    return {(it.kind, it.how, it.giver, it.receiver): it.count for it in made.agreements}


@pytest.mark.parametrize("seed", range(4))
def test_as_good_as_trying_everything(seed: int) -> None:
    dice = Random(seed)
    for _ in range(20):
        case = random_case(dice)
        made, judge = plan(case, more=False), Judge(case)
        assert judge.value(goes(made)) == judge.best(), case
        assert (made.left.value, made.shared.value, round(made.km.value * 10)) == judge.best()
        assert made.left.gap == made.shared.gap == made.km.gap == 0


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_no_rule_is_broken_and_the_same_case_has_the_same_plan(seed: int) -> None:
    case = random_case(Random(seed))
    made, judge = plan(case, more=False), Judge(case)
    assert not list(judge.broken(goes(made)))
    assert goes(made).keys() <= set(judge.ways())
    assert repr(plan(case, more=False)) == repr(made)
    assert {(it.kind, it.unit) for it in made.gaps} == {
        (it.kind, it.unit) for it in case.stocks if it.missing
    }
    assert all(bool(it.after) == bool(it.reason) for it in made.gaps)


@pytest.mark.parametrize("seed", range(3))
def test_what_one_more_changes_is_what_trying_everything_says(seed: int) -> None:
    dice = Random(f"more/{seed}")
    for _ in range(6):
        case = random_case(dice)
        now = Judge(case).best()[0]
        for more in plan(case).more:
            if not more.kind:
                assert case.most is not None
                found = [Judge(replace(case, most=case.most + 1)).best()[0]]
            else:
                found = [Judge(one_more(case, more.kind, unit)).best()[0] for unit in case.units]
            assert more.gain == more.most == now - min(found), (case, more)


def one_more(case: Case, kind: str, unit: str) -> Case:
    """The case where a unit has one thing more, that it needs itself or has to spare."""
    stock = Judge(case).stocks[kind, unit]
    stock = replace(stock, unit=unit, kind=kind)
    stock = (
        replace(stock, missing=stock.missing - 1) if stock.missing else replace(stock, spare=stock.spare + 1)
    )
    rest = (it for it in case.stocks if (it.kind, it.unit) != (kind, unit))
    return replace(case, stocks=(*rest, stock))


def small(**given: object) -> Case:
    """A has one van to spare; B and C miss one each, C's counts double; a van that is shared serves two."""
    case = Case(
        ("A", "B", "C"),
        (Kind("van", 20.0, 2, 10.0),),
        (Stock("A", "van", spare=1), Stock("B", "van", missing=1), Stock("C", "van", missing=1, weight=2)),
        near((0, 1, 6.0), (0, 2, 8.0)),
    )
    return replace(case, **given)  # type: ignore[arg-type]


def test_one_van_serves_two_where_that_closes_more() -> None:
    made = plan(small())
    assert made.agreements == (
        Agreement("van", SHARE, "A", "B", 1, 6.0, False),
        Agreement("van", SHARE, "A", "C", 1, 8.0, False),
    )
    assert made.sharing == (Shared("van", "A", 1, 2),)
    assert (made.left.value, made.shared.value, made.km.value, made.binding) == (0, 2, 14.0, ())


@pytest.mark.parametrize(
    ("stock", "closes"), [(Stock("A", "van", spare=1), 2), (Stock("A", "van", shares=1), 1)]
)
def test_a_shared_van_serves_no_more_than_it_can(stock: Stock, closes: int) -> None:
    made = plan(
        small(
            units=("A", "B", "C", "D"),
            stocks=(stock, *(Stock(unit, "van", missing=1) for unit in ("B", "C", "D"))),
            near=near((0, 1, 6.0), (0, 2, 8.0), (0, 3, 4.0)),
        )
    )
    assert made.sharing == (Shared("van", "A", 1, closes),)
    assert made.left.value == 3 - closes
    assert made.km.value == (4.0 if closes == 1 else 10.0)


def test_one_van_is_lent_where_it_cannot_be_shared() -> None:
    made = plan(small(kinds=(Kind("van", 20.0),)))
    assert made.agreements == (Agreement("van", LEND, "A", "C", 1, 8.0, False),)
    assert Gap("B", "van", 1, 1, "weighed-less") in made.gaps
    assert made.binding == ("stock:van/A",)
    (more,) = made.more
    assert more == More("van", more.unit, 1, 1)
    assert more.unit in {"A", "B", "C"}


def test_what_is_kept_by_hand_stands() -> None:
    made = plan(small(kept=(Kept("van", LEND, "A", "B"),)))
    assert made.agreements == (Agreement("van", LEND, "A", "B", 1, 6.0, True),)
    assert made.left.value == 2


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"kinds": (Kind("van", 2.0),)}, "no-unit-near"),
        ({"stocks": (Stock("B", "van", missing=1),)}, "nothing-to-spare"),
        ({"forbidden": (Forbidden("van", "A", "B"),)}, "forbidden"),
        ({"most": 1}, "most"),
        ({"kinds": (Kind("van", 20.0),)}, "weighed-less"),
    ],
)
def test_says_why_a_unit_misses_a_van_still(given: dict[str, object], reason: str) -> None:
    assert Gap("B", "van", 1, 1, reason) in plan(small(**given)).gaps


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (
            {"kept": (Kept("van", LEND, "A", "B"),), "forbidden": (Forbidden("van", "A", "B"),)},
            {"kept:van/lend/A/B", "forbidden:van/A/B"},
        ),
        (
            {"kept": (Kept("van", LEND, "A", "C"),), "kinds": (Kind("van", 5.0),)},
            {"kept:van/lend/A/C", "far:van"},
        ),
        (
            {"kept": (Kept("van", SHARE, "A", "C"),), "kinds": (Kind("van", 20.0, 1, 20.0),)},
            {"kept:van/share/A/C", "serves:van"},
        ),
        (
            {"kept": (Kept("van", LEND, "A", "B"), Kept("van", LEND, "A", "C"))},
            {"kept:van/lend/A/B", "kept:van/lend/A/C", "stock:van/A"},
        ),
        ({"kept": (Kept("van", LEND, "A", "B", 2),)}, {"kept:van/lend/A/B", "missing:van/B"}),
        (
            {"kept": (Kept("van", SHARE, "A", "B"), Kept("van", SHARE, "A", "C")), "most": 1},
            {"kept:van/share/A/B", "kept:van/share/A/C", "most"},
        ),
        ({"kept": (Kept("van", LEND, "B", "C"),)}, {"kept:van/lend/B/C", "stock:van/B"}),
    ],
)
def test_decisions_by_hand_that_cannot_stand_are_named(given: dict[str, object], reasons: set[str]) -> None:
    with pytest.raises(Infeasible) as raised:
        plan(small(**given))
    assert set(raised.value.reasons) == reasons


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"stocks": (Stock("B", "van", spare=1, missing=1),)}, "stands twice"),
        ({"kept": (Kept("boat", LEND, "A", "B"),)}, "not there"),
    ],
)
def test_a_case_that_contradicts_itself_is_an_error(given: dict[str, object], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        plan(small(**given))
