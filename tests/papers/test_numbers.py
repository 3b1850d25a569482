"""Numbers of matters: said, typed, mistyped."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from haicap.papers.numbers import CHARACTERS, CROCKFORD, EXAMPLE, Number, UnreadableNumber, number, parse

units = st.from_regex(r"[0-9]{2,5}|[A-Z]{2,3}-P[A-Z][0-9]{2}", fullmatch=True)
incarnations = st.text(CROCKFORD, min_size=2, max_size=2)
numbers = st.builds(number, units, st.integers(2000, 2099), incarnations, st.integers(1, 99_999))
long_numbers = st.builds(
    number, units, st.integers(2000, 2099), incarnations, st.integers(100_000, 9_999_999)
)


def test_the_form_of_a_number() -> None:
    assert number("11311", 2026, "7K", 482) == EXAMPLE == "11311-26-7K00482-P"
    assert number("HP-PV01", 2026, "7K", 123_456).startswith("HP-PV01-26-7K123456-")


@given(units, st.integers(2000, 2099), incarnations, st.integers(1, 9_999_999))
def test_what_was_written_is_read(unit: str, year: int, incarnation: str, serial: int) -> None:
    assert parse(number(unit, year, incarnation, serial)) == Number(unit, year, incarnation, serial)


@given(numbers, st.sampled_from(["", " ", ".", "/", " - ", "–"]))
def test_case_and_separators_do_not_matter(text: str, between: str) -> None:
    assert str(parse(f" {text.lower().replace('-', between)} ")) == text


@pytest.mark.parametrize("typed", ["11311-26-7K0O482-P", "11311 26 7k oo482 p", "11311267KOO482P"])
def test_o_is_taken_for_nought_after_the_year(typed: str) -> None:
    assert str(parse(typed)) == EXAMPLE


def test_i_and_l_are_taken_for_one_after_the_year() -> None:
    text = number("11311", 2026, "1K", 11)
    assert {str(parse(text[:9] + text[9:-1].replace("1", letter) + text[-1])) for letter in "iIlL"} == {text}


def read_as(text: str) -> str | None:
    try:
        return str(parse(text))
    except UnreadableNumber:
        return None


def can_do_without_dashes(text: str) -> bool:
    """Only a serial of five digits can: a longer one is refused, and with a slip in it has one chance in 36 to pass."""
    return read_as(text.replace("-", "")) == text


@given(numbers | long_numbers, st.data())
def test_every_wrong_character_is_found(text: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([place for place, it in enumerate(text) if it != "-"]))
    wrong = text[:place] + data.draw(st.sampled_from(CHARACTERS)) + text[place + 1 :]
    assert read_as(wrong) in (None, text)
    assert not can_do_without_dashes(text) or read_as(wrong.replace("-", "")) in (None, text)


@given(numbers | long_numbers, st.data())
def test_every_swap_of_neighbours_is_found(text: str, data: st.DataObject) -> None:
    places = [place for place, it in enumerate(text) if it != "-"]
    one, other = data.draw(st.sampled_from(list(pairwise(places))))
    assume(text[one] != text[other])
    swapped = list(text)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert read_as("".join(swapped)) is None
    assert not can_do_without_dashes(text) or read_as("".join(swapped).replace("-", "")) is None


@given(long_numbers)
def test_a_longer_serial_without_dashes_is_refused_rather_than_misread(text: str) -> None:
    assert read_as(text.replace("-", "")) is None


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_as(text)
    assert found is None or read_as(found) == found


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "form"), ("11311", "form"), ("11311-26-7U00482-P", "form"), ("11311-26-7K00000-P", "form"),
     ("11311-26-7K000482-P", "form"), ("11311-26-7K00482-Q", "check"), ("Số 482 năm 2026", "form")],
)  # fmt: skip
def test_a_refusal_says_why(typed: str, reason: str) -> None:
    with pytest.raises(UnreadableNumber) as refused:
        parse(typed)
    assert refused.value.reason == reason
    assert f"“{typed}”" in str(refused.value)


@pytest.mark.parametrize(
    "parts",
    [("11311-", 2026, "7K", 1), ("hp", 2026, "7K", 1), ("11311", 1999, "7K", 1), ("11311", 2026, "7U", 1),
     ("11311", 2026, "7", 1), ("11311", 2026, "7K", 0)],
)  # fmt: skip
def test_parts_that_make_no_number_are_refused(parts: tuple[str, int, str, int]) -> None:
    with pytest.raises(ValueError, match=r"not a|begin with 1"):
        number(*parts)
