import csv
from datetime import date
from pathlib import Path

import pytest

from haicap.matters import difficulties
from haicap.matters.difficulties import CoarseDate, Place, coarse_date, parse, place, published
from haicap.units import register

ROW = {
    "number": "1",
    "province": "Hải Phòng",
    "date": "27/08/2025",
    "category": "headquarters",
    "difficulty": "Some units lack a fit working office",
    "answer": "n.s.",
    "publication": "Lao Động 27/08/2025",
}


def test_every_published_row_is_read() -> None:
    rows = published()
    assert [it.number for it in rows] == list(range(1, 38))
    assert all(it.title_vi for it in rows)
    assert all((it.answer is None) == (it.answer_vi is None) for it in rows)
    assert all(it.answer is not None for it in rows if it.outcome)
    assert not any("same" in it.publications for it in rows)


def test_places_of_all_rows() -> None:
    def shown(it: Place) -> str:
        if it.code is None:
            return it.level
        return register.territory(it.code).name if it.level == "commune" else register.province(it.code).short

    provinces = {"Hải Phòng": 6, "Quảng Ninh": 5, "Thanh Hóa": 7}
    expected = [name for name, count in provinces.items() for _ in range(count)]
    expected += ["Đà Nẵng", "Gia Lai", "Gia Lai"]
    expected += ["Phường Hoàng Liệt", "Phường Hoàng Liệt", "Xã Hồng Vân", "Xã Hồng Vân", "Phường Vĩnh Tuy"]
    expected += ["Hà Nội", "Phú Thọ", "Xã Hùng Sơn", "Cao Bằng", "Đồng Tháp", "national", "Hồ Chí Minh"]
    expected += ["national", "Xã Sam Mứn", "Phường Điện Biên Phủ", "Xã Sam Mứn"]
    assert [shown(it.place) for it in published()] == expected
    notes = {it.number: it.place.note for it in published() if it.place.note}
    assert notes == {19: "Huyện Nam Giang, Tỉnh Quảng Nam", 33: "deputy"}


def test_publications_are_carried_down() -> None:
    by_number = {it.number: it.publications for it in published()}
    assert by_number[13] == ("Báo Thanh Hóa 09/09/2025",)
    assert by_number[14] == ("Báo Thanh Hóa 09/09/2025", "Báo Thanh Hóa 02/10/2025")
    assert by_number[15] == ("Báo Thanh Hóa 09/09/2025",)


def test_several_kinds_keep_their_order() -> None:
    by_number = {it.number: it for it in published()}
    assert by_number[18].kinds == ("funding", "equipment")
    assert by_number[31].kinds == ("competence", "territory")
    assert by_number[9].kind == "records"


def test_unstated_answers_are_none_and_answers_without_text_are_kept() -> None:
    by_number = {it.number: it.answer for it in published()}
    assert by_number[3] is None
    assert by_number[12] == "Answered at the dialogue, text n.s."


@pytest.mark.parametrize(
    ("text", "first", "last", "vi", "en"),
    [
        ("27/08/2025", date(2025, 8, 27), date(2025, 8, 27), "27/08/2025", "27 August 2025"),
        ("06/2025", date(2025, 6, 1), date(2025, 6, 30), "tháng 6/2025", "June 2025"),
        ("2/2024", date(2024, 2, 1), date(2024, 2, 29), "tháng 2/2024", "February 2024"),
        ("early 2025", date(2025, 1, 1), date(2025, 4, 30), "đầu năm 2025", "early 2025"),
        ("cuối năm 2025", date(2025, 9, 1), date(2025, 12, 31), "cuối năm 2025", "late 2025"),
        ("06-08/10/2025", date(2025, 10, 6), date(2025, 10, 8), "06–08/10/2025", "6–8 October 2025"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "năm 2025", "2025"),
    ],
)
def test_dates_are_as_coarse_as_said(text: str, first: date, last: date, vi: str, en: str) -> None:
    it = coarse_date(text)
    assert it is not None
    assert (it.first, it.last, it.as_written) == (first, last, text)
    assert (it.show("vi"), it.show("en")) == (vi, en)


@pytest.mark.parametrize(
    "text", ["31/02/2025", "13/2025", "08-06/10/2025", "yesterday", "soon 2025", "", "25"]
)
def test_what_is_no_date(text: str) -> None:
    assert coarse_date(text) is None


def test_same_name_means_another_place_after_the_merger() -> None:
    before = CoarseDate(date(2025, 4, 1), date(2025, 4, 30), "04/2025", "month")
    old, new = place("Điện Biên (Sam Mứn)", before), place("Điện Biên (Sam Mứn)")
    assert old is not None
    assert new is not None
    assert (old.code, new.code) == ("03352", "03356")


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"number": "x"}, "number", "number"),
        ({"number": ""}, "number", "missing"),
        ({"province": "Atlantis"}, "province", "place"),
        ({"date": "31/02/2025"}, "date", "date"),
        ({"category": "weather"}, "category", "category"),
        ({"category": "funding, weather"}, "category", "category"),
        ({"difficulty": " "}, "difficulty", "missing"),
        ({"publication": "same"}, "publication", "publication"),
        ({"outcome": "solved"}, "outcome", "outcome"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row(change: dict[str, str], column: str, reason: str) -> None:
    parsed = parse([ROW | change])
    assert parsed.rows == ()
    (refused,) = parsed.refused
    (problem,) = refused.problems
    assert (refused.row, problem.column, problem.reason) == (1, column, reason)
    assert set(difficulties.REASONS[problem.reason]) == {"vi", "en"}


def test_all_problems_of_a_row_are_named_and_other_rows_are_read() -> None:
    parsed = parse([ROW, ROW | {"date": "", "province": "?"}, ROW | {"number": "2", "publication": "same"}])
    assert [it.number for it in parsed.rows] == [1, 2]
    (refused,) = parsed.refused
    assert refused.row == 2
    assert [it.column for it in refused.problems] == ["number", "date", "province"]


def test_kinds_are_read_in_either_language() -> None:
    (it,) = parse([ROW | {"category": "Đường truyền, Kinh phí"}]).rows
    assert it.kinds == ("data-lines", "funding")


def test_kinds_and_owners() -> None:
    codes = [it.code for it in difficulties.kinds()]
    assert len(codes) == len(set(codes)) == 16
    known = {it.code for it in register.departments()}
    assert {it.owner for it in difficulties.kinds()} <= known
    assert {kind for it in published() for kind in it.kinds} == set(codes)


def test_the_file_has_the_columns_it_promises() -> None:
    path = Path(difficulties.__file__).parent / "data" / "difficulties.csv"
    with path.open(encoding="utf-8", newline="") as file:
        assert csv.DictReader(file).fieldnames == [*ROW, "title_vi", "answer_vi", "outcome"]
