from collections import Counter

import pytest
import vietnam_provinces

from haicap.units import register
from haicap.units.vietnamese import fold


def test_counts_of_1_july_2025() -> None:
    assert len(register.provinces()) == 34
    kinds = Counter(it.kind for it in register.territories())
    assert kinds == {"commune": 2621, "ward": 687, "special-zone": 13}
    assert kinds.total() == register.COUNTS.territories == 3321
    assert len({it.code for it in register.territories()}) == 3321
    assert Counter(it.kind for it in register.provinces()) == {"tỉnh": 28, "thành phố": 6}


def test_counts_of_the_map_before() -> None:
    wards = register.old_wards()
    assert len(register.old_provinces()) == 63
    assert Counter(len(it.code) for it in wards) == {5: 10035, 3: 5}
    assert len({it.code for it in wards}) == len(wards)


def test_nothing_is_lost_between_the_maps() -> None:
    assert all(it.predecessors for it in register.territories())
    assert all(it.became for it in register.old_wards())
    for old in register.old_wards():
        homes = {register.territory(code).province for code in old.became}
        assert homes == {old.province.became}


def test_hong_bang() -> None:
    it = register.territory("11311")
    assert (it.name, it.short, it.kind) == ("Phường Hồng Bàng", "Hồng Bàng", "ward")
    assert register.province(it.province).name == "Thành phố Hải Phòng"
    whole = {old.name for old in it.predecessors if not old.divided}
    assert {"Phường Sở Dầu", "Phường Thượng Lý", "Phường Minh Khai"} <= whole


def test_divided_ward_names_its_main_part_first() -> None:
    (it,) = (
        old for old in register.old_wards() if old.name == "Thị trấn Trường Sơn" and old.province.code == "31"
    )
    assert [register.territory(code).name for code in it.became] == ["Xã An Lão", "Phường Phù Liễn"]


def test_provinces_know_what_they_were() -> None:
    it = register.province("31")
    assert {old.short for old in it.predecessors} == {"Hải Phòng", "Hải Dương"}
    assert it.area_km2 == pytest.approx(3194.72)
    assert sum(len(p.predecessors) for p in register.provinces()) == 63


def test_unknown_codes_raise() -> None:
    with pytest.raises(KeyError):
        register.territory("99999")
    with pytest.raises(KeyError):
        register.province("99")
    assert register.territories_of("99") == ()


def test_lists_are_alphabetical() -> None:
    names = [it.short for it in register.provinces()]
    assert names[:6] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng"]
    wards = [it.short for it in register.territories_of("31")]
    assert len(wards) == 114
    assert wards[:4] == ["Ái Quốc", "An Biên", "An Dương", "An Hải"]


def test_coordinates_lie_in_the_country() -> None:
    centres = [*register.territories(), *(it for it in register.old_wards() if it.latitude is not None)]
    for it in centres:
        assert it.latitude is not None
        assert it.longitude is not None
        assert 6 < it.latitude < 24
        assert 102 < it.longitude < 118


def test_unusable_centres_are_absent_not_wrong() -> None:
    without = {it.name for it in register.old_wards() if it.latitude is None}
    assert {"Thị trấn Trường Sa", "Huyện Hoàng Sa"} <= without
    assert len(without) < 20
    assert {it.name for it in register.territories() if it.area_km2 is None} == {
        "Xã Đông Trạch",
        "Xã Thượng Trạch",
        "Phường Kỳ Lừa",
        "Phường Mỹ Phước Tây",
    }


def test_agrees_with_the_other_public_list() -> None:
    """Same names in the same provinces; codes differ for about a hundred territories (see the module)."""
    ours = Counter((it.province, fold(it.name)) for it in register.territories())
    theirs = Counter(
        (f"{ward.province_code:02d}", fold(ward.name)) for ward in vietnam_provinces.Ward.iter_all()
    )
    assert ours == theirs
    named = {f"{ward.code:05d}": fold(ward.name) for ward in vietnam_provinces.Ward.iter_all()}
    same = sum(named.get(it.code) == fold(it.name) for it in register.territories())
    assert same > 3150
    for it in vietnam_provinces.Province.iter_all():
        assert register.province(f"{it.code:02d}").name.endswith(it.name)


def test_one_unit_per_territory_and_special_zones_in_doubt() -> None:
    units = register.served_units()
    assert len(units) == 3321
    doubtful = [it for it in units if not it.resolved]
    assert {it.territory.kind for it in doubtful} == {"special-zone"}
    assert len(doubtful) == register.COUNTS.special_zones == 13
    assert register.COUNTS.territories - register.COUNTS.units == register.UNRESOLVED
    named = {it.code: (it.name, it.name_en) for it in units}
    assert named["11311"] == ("Công an phường Hồng Bàng", "Hồng Bàng ward police")


def test_departments_and_teams() -> None:
    codes = [it.code for it in register.departments()]
    assert len(codes) == len(set(codes)) == 22
    verified = {it.code for it in register.departments() if it.mark == "verified"}
    assert verified == {"PC03", "PC06", "PC07"}
    assert [it.code for it in register.teams()] == ["general", "security", "area", "order", "crime"]
    assert {it.code: it.most for it in register.posts()}["deputy-chief"] == 5
