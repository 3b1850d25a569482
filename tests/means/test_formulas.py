"""Formulas of norms: what they may ask, what they refuse, and that their decimals are those of the paper."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from haicap.means.norms.formulas import Desk, NoNumber, NotAFormula, read, rounded, settled
from haicap.means.norms.shipped import shipped

DESK = Desk()


def worth(formula: str, **inputs: str) -> Decimal:
    return DESK.value(formula, {name: Decimal(value) for name, value in inputs.items()})


def test_an_office_of_470_to_552_square_metres_by_its_officers() -> None:
    """Bà Rịa - Vũng Tàu 11/2024: 36 offices of 470-552 m²; 26-40 officers in merged units (facts.md 5)."""
    norms = dict(shipped())
    *_, line = norms["working-area"].lines
    found = {n: rounded(worth(line.formula, officers=str(n)), "up") for n in (12, 26, 33, 40, 60)}
    assert found == {12: 470, 26: 470, 33: 511, 40: 552, 60: 552}


def test_at_least_twelve_officers_and_sixteen_computers() -> None:
    norms = dict(shipped())
    assert worth(norms["officers"].lines[-1].formula, officers="8") == 12
    assert worth(norms["officers"].lines[-1].formula, officers="33") == 33
    assert worth(norms["computers"].lines[-1].formula, officers="20") == 16


def test_an_office_for_over_nine_thousand_people() -> None:
    """Hải Dương 06/2022: 56 offices for 10-15 officers (communes over 9,000 people), 139 for smaller ones."""
    formula = settled("population > 9000 ? 15 : 10")
    assert formula == "population > 9000.0 ? 15.0 : 10.0"
    assert [worth(formula, population=n) for n in ("9000", "9001")] == [10, 15]


def test_doubles_leave_nothing_for_rounding_to_find() -> None:
    assert 50 * 1.1 != 55
    assert rounded(worth("officers * 1.1", officers="50"), "up") == 55
    assert rounded(worth("officers / 3.0", officers="10"), "up") == 4
    assert rounded(worth("officers / 3.0", officers="10"), "down") == 3
    assert rounded(worth("officers / 3.0", officers="10"), "none") == Decimal("3.33")


def test_facts_come_in_one_order_and_a_flag_is_one() -> None:
    assert read("remote && area_km2 > 3.0 ? population : officers") == (
        "population", "area_km2", "remote", "officers",
    )  # fmt: skip
    assert DESK.value("remote ? 3.0 : 2.0", {"remote": True}) == 3


@pytest.mark.parametrize(
    ("text", "fault", "what"),
    [
        ("1 +", "syntax", ""),
        ("", "syntax", ""),
        ("people * 2.0", "unknown", "people"),
        ("math.sqrt(officers)", "unknown", "sqrt"),
        ("size(officers)", "unknown", "size"),
        ("'a'", "signs", "'"),
        ("[1.0, 2.0].map(x, x)", "signs", "["),
        ("officers % 2.0", "signs", "%"),
        ("officers + " * 60 + "1.0", "long", ""),
        ("sĩ_số", "signs", "ĩ"),
    ],
)
def test_what_is_no_formula(text: str, fault: str, what: str) -> None:
    with pytest.raises(NotAFormula) as caught:
        read(text)
    assert caught.value.fault == fault
    assert what in caught.value.what


@pytest.mark.parametrize(
    "formula",
    ["officers / 0.0", "0.0 / 0.0", "-officers", "officers > 3.0", "officers + 1", "remote", "1e100"],
)
def test_what_gives_no_number(formula: str) -> None:
    with pytest.raises(NoNumber):
        DESK.value(formula, {"officers": Decimal(4), "remote": True})


def test_whole_numbers_become_doubles_and_nothing_else_does() -> None:
    typed = "math.greatest(16,  officers*0.6)\n + area_km2/20 + 2.5"
    assert settled(typed) == "math.greatest(16.0, officers*0.6) + area_km2/20.0 + 2.5"
    assert settled(settled(typed)) == settled(typed)


@given(st.text(alphabet="0123456789.officers()+-*/<>?: math,least", max_size=40))
@example("remote")
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        read(settled(text))
        DESK.value(settled(text), {"officers": Decimal(30), "remote": True})
    except (NotAFormula, NoNumber):
        pass


def test_every_shipped_norm_reads() -> None:
    for code, saying in shipped():
        assert saying.mark == "sample", code
        for line in saying.lines:
            assert settled(line.formula) == line.formula, code
            read(line.formula)
