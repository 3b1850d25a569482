"""The board: every figure is as many as the list that it opens holds, whoever looks."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from math import comb, inf
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cast import WARD
from haicap.matters.board import periods, words
from haicap.matters.board import work as works
from haicap.matters.board.change import change, share_interval
from haicap.matters.board.conference import PROCEDURE, Conference, conference
from haicap.matters.board.counting import Counted
from haicap.matters.board.place import place, units_of
from haicap.matters.board.shading import legend, shaded
from haicap.matters.board.trend import Bar, trend
from haicap.matters.board.work import Cell, Work, work
from haicap.matters.queries import filtered
from haicap.units.rights import Person, tell_database
from matters.acting import raises, steps
from matters.acting import who as somebody

database = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, 10:00 in Vietnam
TODAY = date(2026, 11, 20)
BASE = {"province": "31"}
LOOKING = ["director", "auditor", "logistics_head", "staff_head", "chief"]


def who(account: str) -> Person:
    person = somebody(account)
    tell_database(person)
    return person


def asked(at: datetime, due: str) -> dict[str, str]:
    return {"authority": "UBND phường", "paper": "1/A", "answer_due": due}


@pytest.fixture(scope="module")
def year(module_database: None) -> None:
    """Difficulties of two wards over a year in every state, late and not, some of them asked about again."""
    who("director")
    kinds = ("headquarters", "data-lines", "training")
    for n in range(18):
        account, place = (("clerk", WARD), ("neighbour", "11329"))[n % 2]
        at = NOW - timedelta(days=(3, 40, 372)[n % 3] + n)
        kind = kinds[n // 2 % 3]
        head = "logistics_head" if kind == "headquarters" else "staff_head"
        matter = raises(account, PROCEDURE, f"Việc {n}", {"kind": kind, "what": "Hỏng"}, at=at, at_unit=place)
        if kind == "training" or n < 3:
            continue
        later = at + timedelta(days=1 if n % 4 else 2)
        if n % 4 == 0:
            due = (later + timedelta(days=5)).date().isoformat()
            steps(head, matter, "answer", at=later, outcome="asked-authority", **asked(later, due))
        else:
            steps(head, matter, "answer", at=later, outcome="guidance", guidance="Theo hướng dẫn")
        if n % 4 == 1:
            steps(account, matter, "confirm-removed", at=later + timedelta(hours=5 + n))
        if n % 4 == 2:
            steps(
                account,
                matter,
                "still-there",
                at=later + timedelta(hours=3),
                outcome="answer-again",
                remains="Còn",
            )


def cells(thing: Any, path: str = "") -> Iterator[tuple[str, int, str]]:
    """Every count with its list that lies somewhere in a figure of the board: where, how many, the address."""
    if isinstance(thing, Cell):
        yield path, thing.n, thing.url
    elif isinstance(thing, Counted):
        yield f"{path}.total", thing.total, thing.url
        yield from ((f"{path}.{key}", n, thing.url_of(key)) for key, n in thing.counts.items())
    elif isinstance(thing, Bar):
        yield f"{path}.{thing.period.code}", thing.n, thing.url
    elif isinstance(thing, dict):
        for name, part in thing.items():
            yield from cells(part, f"{path}.{name}")
    elif isinstance(thing, tuple | list):
        for place, part in enumerate(thing):
            yield from cells(part, f"{path}[{place}]")
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from cells(getattr(thing, field.name), f"{path}.{field.name}")


def wrong(person: Person, things: Any) -> list[tuple[str, int, int]]:
    """The counts that are not as many as their lists hold."""
    found = []
    for path, n, url in cells(things):
        listed = filtered(person, dict(parse_qsl(urlsplit(url).query)), at=NOW).count()
        if listed != n:
            found.append((path, n, listed))
    return found


def of_conference(person: Person) -> Conference:
    kinds = {"headquarters": "Trụ sở", "data-lines": "Đường truyền", "training": "Tập huấn", "land": "Đất"}
    return conference(person, BASE, kinds, units_of("31"), at=NOW)


def of_work(person: Person, **params: str) -> Work:
    its = units_of("31")
    few = [unit for unit in its if unit.code in (WARD, "11329", "11311", "11317") or not unit.maps]
    return work(person, BASE, periods.read(params, TODAY), few, at=NOW)


@database
@pytest.mark.parametrize("account", LOOKING)
def test_every_count_of_the_conference_is_its_list(year: None, account: str) -> None:
    person = who(account)
    its = of_conference(person)
    assert its.whole.all.n > 0
    assert wrong(person, its) == []
    assert (
        its.whole.open.n == sum(line.open.n for line in its.kinds) == sum(line.open.n for line in its.units)
    )


@database
@pytest.mark.parametrize("account", LOOKING)
def test_every_count_of_the_work_is_its_list(year: None, account: str) -> None:
    person = who(account)
    for period in ("2026-12", "2026-11", "2026"):
        its = of_work(person, period=period)
        assert sum(n for _path, n, _url in cells(its)) > 0
        assert wrong(person, its) == []


@database
def test_every_month_of_the_trend_is_its_list(year: None) -> None:
    person = who("director")
    bars = trend(person, BASE, TODAY, today=TODAY, at=NOW)
    assert [bar.period.whole for bar in bars[-2:]] == [date(2026, 11, 14), date(2026, 12, 14)]
    assert bars[-1].period.running
    assert not bars[-2].period.running
    assert wrong(person, bars) == []
    assert sum(bar.n for bar in bars) == 12
    assert sum(bar.then for bar in bars) == 6


@database
def test_the_conference_tells_states_apart(year: None) -> None:
    whole = of_conference(who("director"))
    line = whole.whole
    assert (line.raised.n, line.answered.n, line.removed.n, line.all.n) == (11, 5, 2, 18)
    assert line.open.n == 16
    assert whole.counted["again"].total == 2
    assert whole.counted["third"].counts == {"UBND phường": 2}
    assert [kind.code for kind in whole.kinds] == ["headquarters", "data-lines", "training", "land"]
    assert whole.kinds[-1].all.n == 0
    assert whole.kinds[-1].oldest is None


@database
def test_units_with_most_open_come_first(year: None) -> None:
    units = of_conference(who("director")).units
    assert [line.open.n for line in units] == sorted((line.open.n for line in units), reverse=True)
    assert {line.code for line in units} == {WARD, "11329"}
    assert sum(cell.n for _name, cell in units[0].parts) == units[0].open.n


@database
def test_a_third_party_s_lateness_never_stands_against_the_unit(year: None) -> None:
    its = of_work(who("director"), period="2026")
    assert its.counted["late_third"].total > 0
    line = next(line for line in its.lines if line.code == WARD)
    third = {"late": "third", "unit": WARD, **BASE}
    unit = {"late": "unit", "unit": WARD, **BASE}
    director = who("director")
    assert line.overdue.n == filtered(director, unit, at=NOW).count()
    only_third = filtered(director, third, at=NOW).exclude(pk__in=filtered(director, unit, at=NOW))
    assert only_third.count() > 0


@database
def test_a_department_sees_only_what_concerns_it(year: None) -> None:
    topics = {line.code for line in of_conference(who("logistics_head")).kinds if line.all.n}
    assert topics == {"headquarters"}


@database
def test_days_to_settle_are_those_of_what_ended_in_the_period(year: None) -> None:
    its = of_work(who("director"), period="2026")
    assert its.whole.ended == its.counted["ended"].total > 0
    assert its.whole.median is not None
    assert its.whole.p90 is not None
    assert 1 < its.whole.median <= its.whole.p90 < 3
    assert of_work(who("auditor"), period="2025-10").whole.median is None


@database
def test_the_league_is_sorted_by_any_column(year: None) -> None:
    its = of_work(who("director"), period="2026")
    for sort in works.SORTS[1:]:
        for turn in ("", "-"):
            values = [line.value(sort) for line in works.in_order(its.lines, turn + sort)]
            there = [value for value in values if value is not None]
            assert there == sorted(there, reverse=bool(turn))
            assert values[: len(there)] == there
    assert works.in_order(its.lines, "nonsense") == works.in_order(its.lines, works.DEFAULT_SORT)


# Pages


@pytest.fixture
def browse() -> Any:
    """A signed-in browser for somebody of the cast."""

    def signed(account: str) -> Client:
        client = Client()
        client.force_login(User.objects.get_or_create(username=account)[0])
        return client

    return signed


PAGES = [
    "/board/",
    "/board/?by=units",
    "/board/matters/",
    "/board/matters/?period=2026-11&metric=days",
    "/board/preview/",
]


@database
@pytest.mark.parametrize("address", PAGES)
def test_pages_answer_with_few_queries(year: None, browse: Any, address: str) -> None:
    client = browse("director")
    client.get(address)  # documents are read once
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    signing_in = re.compile("session|auth_user|officer|bearer|post|set_config")
    own = [query["sql"] for query in asked if not signing_in.search(query["sql"])]
    assert len(own) <= 12, own


@database
@pytest.mark.parametrize(
    ("account", "status"),
    [("director", 200), ("auditor", 200), ("chief", 200), ("clerk", 404), ("operator", 404)],
)
def test_the_board_needs_its_right(browse: Any, account: str, status: int) -> None:
    assert browse(account).get("/board/").status_code == status
    assert browse(account).get("/board/matters/").status_code == status


@database
def test_another_province_is_not_there(browse: Any) -> None:
    assert browse("director").get("/board/?province=31").status_code == 200
    assert browse("director").get("/board/?province=01").status_code == 404
    assert browse("outsider").get("/board/?province=31").status_code == 404
    with pytest.raises(LookupError):
        place(who("clerk"), "")


@database
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_names_its_period_and_draws_every_unit(year: None, browse: Any, language: str) -> None:
    client = browse("director")
    client.cookies["django_language"] = language
    html = client.get("/board/matters/?period=2026-11").content.decode()
    assert "15/10–14/11/2026" in html
    assert "15/10–14/11/2025" in html
    assert html.count('<path class="') == 114
    assert html.count("<title>") >= 114
    assert html.count('scope="row"') >= 114


@database
@pytest.mark.parametrize("address", ["/board/?by=units&", "/board/?", "/board/matters/?period=2026&"])
def test_tables_can_be_taken_away(year: None, browse: Any, address: str) -> None:
    client = browse("director")
    answer = client.get(f"{address}format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == {"/board/?by=units&": 2, "/board/?": 16}.get(address, 114)
    book = client.get(f"{address}format=xlsx")
    assert b"".join(book)[:2] == b"PK"


@database
def test_a_rate_that_is_taken_away_carries_its_period(year: None, browse: Any) -> None:
    answer = browse("director").get("/board/matters/?period=2026-11&format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert {row["Kỳ"] for row in rows} == {"15/10–14/11/2026"}
    assert {row["Cùng kỳ năm trước"] for row in rows} == {"15/10–14/11/2025"}


# Periods


@pytest.mark.parametrize(
    ("params", "first", "last", "whole"),
    [
        ({}, "2026-11-15", "2026-11-20", "2026-12-14"),
        ({"period": "2026-11"}, "2026-10-15", "2026-11-14", "2026-11-14"),
        ({"period": "2026-01"}, "2025-12-15", "2026-01-14", "2026-01-14"),
        ({"period": "2026-Q4"}, "2026-09-15", "2026-11-20", "2026-12-14"),
        ({"period": "2026-Q1"}, "2025-12-15", "2026-03-14", "2026-03-14"),
        ({"period": "2026"}, "2025-12-15", "2026-11-20", "2026-12-14"),
        ({"from": "2026-02-01", "to": "2026-02-28"}, "2026-02-01", "2026-02-28", "2026-02-28"),
        ({"from": "2026-03-01", "to": "2026-02-28"}, "2026-11-15", "2026-11-20", "2026-12-14"),
        ({"period": "2031-01"}, "2026-11-15", "2026-11-20", "2026-12-14"),
        ({"period": "soon", "from": "x", "to": "y"}, "2026-11-15", "2026-11-20", "2026-12-14"),
    ],
)
def test_periods_run_from_the_15th_to_the_14th(
    params: dict[str, str], first: str, last: str, whole: str
) -> None:
    it = periods.read(params, TODAY)
    assert (it.first.isoformat(), it.last.isoformat(), it.whole.isoformat()) == (first, last, whole)
    assert periods.read(it.query(), TODAY) == it


def test_a_running_period_is_compared_with_as_many_days() -> None:
    it = periods.read({}, TODAY)
    assert it.year_before().said == "15/11–20/11/2025"
    assert it.before().said == "15/10–20/10/2026"
    assert it.days == it.before().days == it.year_before().days == 6


@pytest.mark.parametrize(
    ("params", "before", "year"),
    [
        ({"period": "2026-11"}, "15/09–14/10/2026", "15/10–14/11/2025"),
        ({"period": "2026-Q1"}, "15/09–14/12/2025", "15/12/2024–14/03/2025"),
        ({"period": "2025"}, "15/12/2023–14/12/2024", "15/12/2023–14/12/2024"),
        ({"from": "2026-02-01", "to": "2026-02-10"}, "22/01–31/01/2026", "01/02–10/02/2025"),
        ({"from": "2024-02-29", "to": "2024-02-29"}, "28/02–28/02/2024", "28/02–28/02/2023"),
    ],
)
def test_what_a_period_is_compared_with(params: dict[str, str], before: str, year: str) -> None:
    it = periods.read(params, TODAY)
    assert (it.before().said, it.year_before().said) == (before, year)


def test_a_period_begins_at_midnight_in_vietnam() -> None:
    since, until = periods.read({"period": "2026-11"}, TODAY).span
    assert since == datetime(2026, 10, 14, 17, tzinfo=UTC)
    assert until == datetime(2026, 11, 14, 17, tzinfo=UTC)


@pytest.mark.parametrize("day", ["2026-01-14", "2026-01-15", "2026-12-14", "2026-12-15", "2024-02-29"])
def test_every_choice_can_be_read_back(day: str) -> None:
    at = date.fromisoformat(day)
    codes = [code for code, _title in periods.choices(at)]
    assert len(set(codes)) == len(codes) == 18
    for code in codes:
        assert periods.read({"period": code}, at).code == code
    assert periods.read({"period": codes[0]}, at).first <= at


# Changes


def tail(k: range, n: int, p: float) -> float:
    return sum(comb(n, x) * p**x * (1 - p) ** (n - x) for x in k)


@pytest.mark.parametrize(("x", "n"), [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (7, 9), (41, 97), (2, 300)])
def test_the_interval_leaves_two_and_a_half_percent_on_either_side(x: int, n: int) -> None:
    low, high = share_interval(x, n)
    assert low == 0 if x == 0 else tail(range(x, n + 1), n, low) == pytest.approx(0.025, abs=1e-9)
    assert high == 1 if x == n else tail(range(x + 1), n, high) == pytest.approx(0.025, abs=1e-9)


def test_the_published_table_of_clopper_and_pearson() -> None:
    assert share_interval(3, 10) == pytest.approx((0.0667, 0.6525), abs=5e-5)
    assert share_interval(0, 20) == pytest.approx((0, 0.1684), abs=5e-5)


def test_large_counts_come_near_to_the_normal_approximation() -> None:
    it = change(40_000, 50_000)
    assert it.low == pytest.approx(0.8 * 0.98695 - 1, abs=1e-3)
    assert it.high == pytest.approx(0.8 / 0.98695 - 1, abs=1e-3)


@pytest.mark.parametrize(
    ("now", "then", "sure"), [(12, 10, False), (68, 100, True), (0, 0, False), (9, 0, True)]
)
def test_small_counts_are_not_called_a_change(now: int, then: int, sure: bool) -> None:
    it = change(now, then)
    assert it.sure is sure
    assert it.by == now - then
    assert it.low <= (it.share if it.share is not None else inf) <= it.high


def test_changes_in_words() -> None:
    with translation.override("vi"):
        assert words.compared(change(4054, 4566)) == "giảm 512 (−11,2 %)"
        assert words.compared(change(3, 0)) == "kỳ trước không có việc nào"
        assert words.compared(change(5, 5)) == "không đổi"
        assert words.interval(change(9, 0)).endswith("trở lên")
        assert words.days(2.14) == "2,1 ngày"
        assert words.days(None) == "–"
    with translation.override("en"):
        assert words.compared(change(4054, 4566)) == "down 512 (−11.2 %)"


# Shades


def test_equal_values_have_equal_shades_and_nothing_has_its_own() -> None:
    values: dict[str, float | None] = {f"u{n}": n // 3 for n in range(30)} | {"none": None}
    its = shaded(values, zero_apart=True)
    assert "none" not in its
    assert {code for code, shade in its.items() if shade == 0} == {"u0", "u1", "u2"}
    assert set(its.values()) == {0, 1, 2, 3, 4}
    for one in values:
        for other in values:
            if values[one] == values[other] and one in its:
                assert its[one] == its[other]
    assert next((it.low, it.high, it.many) for it in legend(values, its)) == (0, 0, 3)
    assert sum(it.many for it in legend(values, its)) == 30


@pytest.mark.parametrize("values", [[], [0, 0], [5], [5, 5, 5], [1, 2], [0, 7]])
def test_few_values_need_few_shades(values: list[float]) -> None:
    given: dict[str, float | None] = {str(place): value for place, value in enumerate(values)}
    its = shaded(given, zero_apart=True)
    assert len(set(its.values())) == len(set(values))
    assert all(its[code] == 0 for code, value in given.items() if value == 0)
