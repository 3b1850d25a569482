import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.units.vietnamese import fold, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường truyền", "duong truyen"),
        ("  Phường  Hồng Bàng,\tHải Phòng ", "phuong hong bang hai phong"),
        ("ĐẶC KHU CÁT HẢI", "dac khu cat hai"),
        ("Cư M'gar", "cu m gar"),
        ("Chân Mây – Lăng Cô", "chan may lang co"),
        ("Cơ\u031b sở_2", "co so 2"),
        ("", ""),
    ],
)
def test_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "ordered",
    [
        ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "o", "ô", "ơ", "p", "u", "ư", "v", "x", "y"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["Ái Quốc", "An Biên", "An Dương", "An Phong", "Anh Sơn", "Ân Thi"],
        ["Ba Ba", "Ba Vì", "Bà Ba", "Bà Rịa"],  # the dictionary ends with one syllable before the next
        ["Dương Kinh", "Đại Sơn", "Đồ Sơn"],
        ["Phường 2", "Phường 10", "Phường An Hải"],
        ["Cà Mau", "Cao Bằng", "Cần Thơ"],
        ["Quảng Nam", "Quảng Ngãi", "Quảng Ninh"],
        ["Hoà An", "Hòa Bình", "Hoà Cường", "Hỏa Tiến"],
    ],
)
def test_sorts_as_a_dictionary_does(ordered: list[str]) -> None:
    backwards = ordered[::-1]
    assert sorted(backwards, key=sort_key) == ordered


def test_key_ignores_how_a_text_is_written() -> None:
    assert sort_key("Hoà  An") == sort_key("hòa an") == sort_key("HO\u0300A AN")


@given(st.text())
def test_both_are_storable_and_fold_is_final(text: str) -> None:
    assert sort_key(text).isascii()
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folds_alike_beside_letters_that_are_not_vietnamese(text: str) -> None:
    assert fold(f"{text} ж") == f"{fold(text)} ж".strip()
