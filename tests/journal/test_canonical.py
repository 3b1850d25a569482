"""The bytes of an entry are those of RFC 8785: the standard library's encoder against a general one."""

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from haicap.journal.text import LARGEST, NotCanonical, canonical

TEXT = st.text(st.characters(codec="utf-8"))
KEY = st.text(st.characters(codec="ascii"))
NARROW = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(KEY, inner),
)


@given(NARROW)
@example('\x00\x1f\x7f\x80\u2028\u2029\ufeff\U0001f600"\\/\b\f\n\r\t')
@example({"B": 1, "a": 2, "A": 3, "": 4, "a\x00": 5, "10": 6, "2": 7})
@example([-0, LARGEST, -LARGEST, [], {}, [[]], True, False, None])
def test_all_that_an_entry_may_hold_has_the_bytes_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # the strategy makes only these


def test_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(NotCanonical):
        canonical({"a": "\ud800"})
