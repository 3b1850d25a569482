"""Numbers of people brought to one form, so that however they are typed they are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.journal.ids import uuid7
from haicap.matters.finding import entry_of
from haicap.matters.identities import identities, is_number_of_a_person, meant


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("0912345678", "phone:0912345678"),
        ("+84 912 345 678", "phone:0912345678"),
        ("84912345678", "phone:0912345678"),
        ("0084 (912) 345-678", "phone:0912345678"),
        ("031 085 004 321", "id:031085004321"),
        ("b1234567", "id:B1234567"),
        ("B 123.4567", "id:B1234567"),
    ],
)
def test_forms_of_one_number(typed: str, form: str) -> None:
    assert form in meant(typed)
    sort = form.split(":")[0]
    part = {"id": "id_number", "phone": "phone"}[sort]
    assert identities({"reporter": {"name": "A", part: typed}}) == (form,)


@pytest.mark.parametrize(
    "text", ["", "congan", "CONGAN", "12", "đường truyền", "11311-26-7K00482-P", "Trần Thị Bưởi"]
)
def test_words_are_no_numbers(text: str) -> None:
    assert not is_number_of_a_person(text)
    if not any(map(str.isdigit, text)):
        assert meant(text) == ()


@given(st.from_regex(r"0[0-9]{8,11}", fullmatch=True), st.sampled_from([" ", ".", "-", ""]))
def test_a_number_with_signs_between_is_a_person_s(digits: str, sign: str) -> None:
    typed = sign.join((digits[:4], digits[4:7], digits[7:]))
    assert is_number_of_a_person(typed)
    assert meant(typed) == meant(digits)
    assert set(identities({"a": {"phone": typed, "id_number": typed}})) == set(meant(digits))


def test_only_people_are_found_by_numbers() -> None:
    assert identities({"title": "0912345678", "count": 5, "list": ["0912345678"], "who": {"name": "A"}}) == ()


def test_the_entries_of_one_form_differ_by_matter_and_keep_their_time() -> None:
    form, one, other = uuid7(), uuid7(), uuid7()
    assert len({form, entry_of(form, one), entry_of(form, other)}) == 3
    assert entry_of(form, one) == entry_of(form, one)
    assert entry_of(form, one).version == 7
    assert entry_of(form, one).int >> 64 == form.int >> 64
