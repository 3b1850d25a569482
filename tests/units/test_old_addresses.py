import pytest

from haicap.units.old_addresses import convert, province_of_today


def _names(text: str, way: str | None = None) -> list[str]:
    return [it.territory.name for it in convert(text) if way in (None, it.way)]


@pytest.mark.parametrize(
    "text",
    [
        "phường Thượng Lý, quận Hồng Bàng, Hải Phòng",
        "phuong thuong ly, quan hong bang, hai phong",
        "phuong thuong ly quan hong bang hai phong",
        "12 Hạ Lý, P. Thượng Lý, Q. Hồng Bàng, TP. Hải Phòng",
        "Thượng Lý, Hồng Bàng, Hải Phòng",
        "Thượng Lý, Hải Phòng",
        "Thượng Lí, Hải Phòng",
        "phường Hạ Lý, quận Hồng Bàng, Hải Phòng",  # merged into Thượng Lý shortly before
        "Thượng Lý",
    ],
)
def test_finds_hong_bang(text: str) -> None:
    assert _names(text, "ward") == ["Phường Hồng Bàng"]


def test_says_what_matched() -> None:
    (it,) = convert("Hà Hồi, Hà Nội")
    assert it.matched == "Xã Hà Hồi, Huyện Thường Tín, Thành phố Hà Nội"
    assert (it.territory.name, it.way, it.main, it.exact) == ("Xã Hồng Vân", "ward", True, True)
    assert it.old is not None
    assert it.old.name == "Xã Hà Hồi"


def test_old_district_is_spread_over_territories() -> None:
    assert _names("Nam Giang, Quảng Nam", "district") == [
        "Xã Bến Giằng",
        "Xã Đắc Pring",
        "Xã La Dêê",
        "Xã La Êê",
        "Xã Nam Giang",
        "Xã Thạnh Mỹ",
    ]
    assert _names("Nam Giang, Quảng Nam", "today") == ["Xã Nam Giang"]


def test_divided_ward_lists_the_main_part_first() -> None:
    parts = convert("phường Gia Viên, quận Ngô Quyền, Hải Phòng")
    assert [(it.territory.name, it.main) for it in parts if it.way == "ward"] == [
        ("Phường Gia Viên", True),
        ("Phường Hồng Bàng", False),
        ("Phường Ngô Quyền", False),
    ]


def test_all_are_listed_where_the_name_is_not_enough() -> None:
    provinces = {it.matched.rpartition(", ")[2] for it in convert("xã Nam Giang")}
    assert {"Tỉnh Nghệ An", "Tỉnh Thanh Hóa", "Thành phố Đà Nẵng"} <= provinces


def test_right_diacritics_hide_mere_likeness() -> None:
    def olds(text: str) -> set[str]:
        return {it.old.name for it in convert(text) if it.old}

    assert olds("xã Phù Đổng, Hà Nội") == {"Xã Phù Đổng"}
    assert olds("xa phu dong, ha noi") == {"Xã Phù Đổng", "Xã Phú Đông"}
    assert not any(it.exact for it in convert("xa phu dong, ha noi"))


def test_a_word_for_the_kind_is_heeded() -> None:
    assert {it.way for it in convert("quận Lê Chân, Hải Phòng")} == {"district"}
    assert {it.way for it in convert("phường Lê Chân, Hải Phòng")} == {"today"}
    assert "district" in {it.way for it in convert("Quan Hoa, Thanh Hoa")}


def test_numbered_wards() -> None:
    assert _names("P.1, Q.3, TP.HCM") == _names("Phường 1, Quận 3, Hồ Chí Minh") == ["Phường Bàn Cờ"]


def test_special_zones_without_wards() -> None:
    assert set(_names("huyện Bạch Long Vĩ, Hải Phòng")) == {"Đặc khu Bạch Long Vĩ"}


def test_wrong_district_or_unknown_names_find_nothing() -> None:
    assert {it.way for it in convert("phường Thượng Lý, quận Lê Chân, Hải Phòng")} == {"district"}
    assert convert("Thượng Lý, Đà Nẵng") == ()
    assert convert("không có nơi này") == ()
    assert convert(" , ") == ()


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("Quảng Nam", "Đà Nẵng"),
        ("Hải Dương", "Hải Phòng"),
        ("hai duong", "Hải Phòng"),
        ("tỉnh Đắk Nông", "Lâm Đồng"),
        ("Bà Rịa - Vũng Tàu", "Hồ Chí Minh"),
        ("TP.HCM", "Hồ Chí Minh"),
        ("Thừa Thiên Huế", "Huế"),
        ("Hà Nội", "Hà Nội"),
    ],
)
def test_provinces_of_before(old: str, today: str) -> None:
    province = province_of_today(old)
    assert province is not None
    assert province.short == today


def test_no_such_province() -> None:
    assert province_of_today("Atlantis") is None
    assert province_of_today("") is None
