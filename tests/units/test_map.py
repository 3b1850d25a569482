import re
from pathlib import Path

import pytest

from haicap.units import map as drawing
from haicap.units import register

HAI_PHONG, DA_NANG, AN_GIANG = "31", "48", "91"
PATH = re.compile(r"(M(-?\d+(\.\d)?,-?\d+(\.\d)? ?){3,}Z)+")


def _code(province: str, short: str) -> str:
    return next(it.code for it in register.territories_of(province) if it.short == short)


def _points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)]


@pytest.mark.parametrize("province", [it.code for it in register.provinces()])
def test_every_territory_is_drawn_inside_the_picture(province: str) -> None:
    it = drawing.shapes(province)
    assert list(it.areas) == sorted(place.code for place in register.territories_of(province))
    for area in it.areas.values():
        assert PATH.fullmatch(area.path)
        assert all(-1 <= x <= it.width + 1 and -1 <= y <= it.height + 1 for x, y in _points(area.path))
        assert 0 < area.x < it.width
        assert 0 < area.y < it.height


def test_hai_phong_is_small_enough_for_a_slow_line() -> None:
    it = drawing.shapes(HAI_PHONG)
    assert sum(len(area.path) for area in it.areas.values()) < 45_000
    assert max(it.width, it.height) < 700


def test_neighbours_share_their_edges_point_for_point() -> None:
    it = drawing.shapes(HAI_PHONG)
    hong_bang = set(_points(it.areas["11311"].path))
    others = {point for code, area in it.areas.items() if code != "11311" for point in _points(area.path)}
    assert hong_bang <= others  # an inland ward: nothing of its edge is its own


def test_places_lie_as_on_the_ground() -> None:
    it = drawing.shapes(HAI_PHONG)
    chi_linh, do_son, cat_hai = (
        it.areas[_code(HAI_PHONG, name)] for name in ("Chí Linh", "Đồ Sơn", "Cát Hải")
    )
    assert chi_linh.x < do_son.x < cat_hai.x
    assert chi_linh.y < do_son.y  # y grows to the south


def test_far_islands_stand_in_insets() -> None:
    found = {
        register.territory(frame.territory).short
        for it in register.provinces()
        for frame in drawing.shapes(it.code).insets
    }
    assert found == {"Bạch Long Vĩ", "Hoàng Sa", "Trường Sa", "Côn Đảo", "Thổ Châu"}


def test_inset_frames_what_it_names() -> None:
    it = drawing.shapes(DA_NANG)
    (frame,) = it.insets
    area = it.areas[frame.territory]
    assert frame.territory == _code(DA_NANG, "Hoàng Sa")
    for x, y in _points(area.path):
        assert frame.x <= x <= frame.x + frame.width
        assert frame.y <= y <= frame.y + frame.height


def test_a_wrong_centre_does_not_pull_a_territory_away() -> None:
    """The register puts some centres many km off: three points together outweigh one astray."""
    points = drawing._trusted((0.0, 0.0), [(1.0, 0.0), (0.0, 1.0), (60.0, 60.0)], radius=2.0)
    assert points == ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
    assert drawing._trusted((60.0, 60.0), [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)], radius=2.0) == (
        (1.0, 0.0),
        (0.0, 1.0),
        (0.0, 0.0),
    )


def test_same_data_same_map() -> None:
    first = drawing.shapes(AN_GIANG)
    drawing.shapes.cache_clear()
    assert drawing.shapes(AN_GIANG) == first


def test_a_map_is_kept_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "maps"
    drawn = drawing.kept(HAI_PHONG, folder)
    (file,) = folder.iterdir()
    monkeypatch.setattr(drawing, "shapes", lambda code: pytest.fail("drawn again"))
    assert drawing.kept(HAI_PHONG, folder) == drawn
    assert file.name.startswith("31-")
    assert file.suffix == ".json"


def test_another_edition_of_the_drawing_is_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing.kept(HAI_PHONG, tmp_path)
    monkeypatch.setattr(drawing, "_EDITION", 999)
    drawing.kept(HAI_PHONG, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_unknown_province() -> None:
    with pytest.raises(KeyError):
        drawing.shapes("99")
