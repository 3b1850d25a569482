"""Answers become canonical values, or a reason for each that does not."""

from pathlib import Path

import pytest

from haicap.matters.fields import Unanswered
from haicap.matters.procedures import parse, shipped
from haicap.matters.schema import Procedure

LEAST = {"height": "low", "borrower.name": "Nguyễn Văn A"}


@pytest.fixture(scope="module")
def toy() -> Procedure:
    return parse((Path(__file__).parent / "toy.toml").read_text(encoding="utf-8"))


def reasons(
    procedure: Procedure, answers: dict[str, str], step: str | None = None, outcome: str | None = None
) -> object:
    with pytest.raises(Unanswered) as caught:
        procedure.check(answers, step, outcome)
    return caught.value.fields


def test_public_and_personal_answers_part_in_the_order_of_the_file(toy: Procedure) -> None:
    answers = {
        "borrower.phone": "0912 345 678", "borrower.name": "  Nguyễn  Văn A ", "borrower.id_number": "031 099 000 001",
        "rungs": "1.200", "deposit": "1.500.000,50", "windy": "yes", "height": "high", "why": "Sửa mái\r\nnhà",
    }  # fmt: skip
    public, personal = toy.check(answers)
    assert list(public.items()) == [
        ("height", "high"),
        ("windy", True),
        ("rungs", 1200),
        ("deposit", "1500000.5"),
    ]
    assert personal == {
        "why": "Sửa mái\nnhà",
        "borrower": {"name": "Nguyễn Văn A", "id_number": "031099000001", "phone": "0912345678"},
    }


def test_what_is_left_empty_is_left_out(toy: Procedure) -> None:
    public, personal = toy.check(LEAST | {"windy": "", "rungs": " ", "why": "\u200b"})
    assert public == {"height": "low"}
    assert personal == {"borrower": {"name": "Nguyễn Văn A"}}


def test_text_is_composed_and_freed_of_what_cannot_be_seen(toy: Procedure) -> None:
    _, personal = toy.check(LEAST | {"why": "Thang\u0000 cu\u031b\u0303a\u200b"})
    assert personal["why"] == "Thang c\u1eefa"


def test_every_fault_is_told_at_once(toy: Procedure) -> None:
    answers = {
        "height": "huge", "windy": "maybe", "rungs": "-1", "deposit": "1.234,567", "colour": "red",
        "borrower.phone": "x", "borrower.id_number": "?",
    }  # fmt: skip
    assert reasons(toy, answers) == {
        "height": "not-a-choice", "windy": "not-yes-or-no", "rungs": "not-a-number", "deposit": "not-an-amount",
        "borrower.phone": "not-a-phone", "borrower.id_number": "not-an-id-number", "borrower.name": "needed",
        "colour": "unknown",
    }  # fmt: skip


def test_needed_answers(toy: Procedure) -> None:
    assert reasons(toy, {}) == {"height": "needed", "borrower.name": "needed"}
    assert reasons(toy, {}, "answer", "yes") == {"back_by": "needed"}
    assert reasons(toy, {"back_by": "2026-08-10"}, "answer", "no") == {
        "reason": "needed",
        "back_by": "unknown",
    }
    assert reasons(toy, LEAST | {"why": "x" * 20_001}) == {"why": "too-long"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("1500000", "1500000"),
        ("1.500", "1500"),
        ("1500.5", "1500.5"),
        ("0,50", "0.5"),
        ("1 000 000", "1000000"),
        ("0", "0"),
    ],
)
def test_money_is_read_as_vietnamese_forms_write_it(toy: Procedure, given: str, kept: str) -> None:
    assert toy.check(LEAST | {"deposit": given})[0]["deposit"] == kept


@pytest.mark.parametrize("given", ["2026-08-10", "10/08/2026"])
def test_dates(toy: Procedure, given: str) -> None:
    assert toy.check({"back_by": given}, "answer", "yes")[0] == {"back_by": "2026-08-10"}


@pytest.mark.parametrize("given", ["2026-02-30", "mai", "10-08-2026"])
def test_no_dates(toy: Procedure, given: str) -> None:
    assert reasons(toy, {"back_by": given}, "answer", "yes") == {"back_by": "not-a-date"}


@pytest.mark.parametrize(
    "given", ["2026-08-03T20:00", "03/08/2026 20:00", "2026-08-03T13:00:00Z", "2026-08-03T13:00:00+00:00"]
)
def test_a_time_without_offset_is_one_of_vietnam(given: str) -> None:
    (stay,) = [each for each in shipped() if each.code == "foreigner-stay"]
    answers = {
        "way": "paper",
        "arrived_at": given,
        "guests": "1",
        "lodging": "Khách sạn A",
        "guest.name": "John",
    }
    public, personal = stay.check(answers)
    assert public == {"way": "paper", "arrived_at": "2026-08-03T13:00:00+00:00", "guests": 1}
    assert set(personal) == {"lodging", "guest"}
    assert reasons(stay, answers | {"arrived_at": "hôm qua"}) == {"arrived_at": "not-a-time"}


def test_reading_a_canonical_value_again_changes_nothing(toy: Procedure) -> None:
    first, _ = toy.check(LEAST | {"deposit": "2.000,10", "rungs": "1.000", "windy": "no"})
    again, _ = toy.check(
        LEAST | {"deposit": str(first["deposit"]), "rungs": str(first["rungs"]), "windy": "false"}
    )
    assert first == again
