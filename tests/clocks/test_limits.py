"""Limits as rules write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.clocks.limits import Limit, Unit, UnreadableLimit, parse


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("at once", Limit(Unit.NOW)),
        ("24 hours", Limit(Unit.HOUR, Decimal(24))),
        ("1 hour", Limit(Unit.HOUR, Decimal(1))),
        ("8 working hours", Limit(Unit.WORKING_HOUR, Decimal(8))),
        ("7 days", Limit(Unit.DAY, Decimal(7))),
        ("0.5 working days", Limit(Unit.WORKING_DAY, Decimal("0.5"))),
        ("2 months", Limit(Unit.MONTH, Decimal(2))),
        ("until 2026-05-01", Limit(Unit.DATE, until=date(2026, 5, 1))),
        ("3 working days before", Limit(Unit.WORKING_DAY, Decimal(3), before=True)),
    ],
)
def test_every_form_reads_and_writes_the_same(text: str, limit: Limit) -> None:
    assert parse(text) == limit
    assert str(limit) == text


@pytest.mark.parametrize(
    ("loose", "canonical"),
    [
        (" 7  Working Days ", "7 working days"),
        ("1.50 working days", "1.5 working days"),
        ("030 days", "30 days"),
    ],
)
def test_one_limit_has_one_writing(loose: str, canonical: str) -> None:
    assert str(parse(loose)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "7",
        "-7 days",
        "0 days",
        "0.0 hours",
        "1e3 days",
        "1.5 days",
        "0.3 working days",
        "2.5 months",
        "0.001 hours",
        "until 2026-02-30",
        "until tomorrow",
        "7 days after",
        "٧ days",
        "999999 days",
    ],
)
def test_anything_else_is_unreadable_and_says_what(text: str) -> None:
    with pytest.raises(UnreadableLimit) as raised:
        parse(text)
    assert raised.value.text == text
    assert repr(text) in str(raised.value)


@given(
    st.sampled_from([Unit.HOUR, Unit.WORKING_HOUR, Unit.DAY, Unit.WORKING_DAY, Unit.MONTH]),
    st.integers(1, 99999),
    st.booleans(),
)
def test_round_trip(unit: Unit, amount: int, before: bool) -> None:
    limit = Limit(unit, Decimal(amount), before=before)
    assert parse(str(limit)) == limit
