"""One form for equal things."""

import json
import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from haicap.journal.text import LARGEST, NotCanonical, canonical, clean

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=127))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)
    assert json.loads(canonical(value)) == value


def test_order_of_members_and_kind_of_sequence_do_not_matter() -> None:
    assert canonical({"b": (1, True), "a": None}) == b'{"a":null,"b":[1,true]}'
    assert canonical({"a": None, "b": [1, True]}) == b'{"a":null,"b":[1,true]}'


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"sum": 1.5}, "sum"),
        ({"a": [0, {"b": LARGEST + 1}]}, "a[1].b"),
        ([-LARGEST - 1], "[0]"),
        ({"tên": 1}, ""),
        ({1: 1}, ""),
        ({"when": b"x"}, "when"),
        ({"x": {1, 2}}, "x"),
        (float("nan"), ""),
        ("\ud800", ""),
    ],
)
def test_what_an_entry_may_not_hold_is_named(value: object, where: str) -> None:
    with pytest.raises(NotCanonical) as told:
        canonical(value)
    assert told.value.where == where


def test_text_is_cleaned_of_what_nobody_sees() -> None:
    assert (
        clean("Tru\u031b\u0323\u200b so\u031b\u0309\ufeff\r\ndo\u0302\u0323t\u202e\x00\rA\tB")
        == "Trự sở\ndột\nA\tB"
    )
    assert clean("👮\u200d") == "👮"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
