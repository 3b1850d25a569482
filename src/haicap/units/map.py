"""Schematic maps of provinces, drawn from points: the register has centres and areas, but no borders.

Every old ward's centre gets the ground that is nearest to it (a Voronoi cell), the cells of a territory are
merged, and the outer edge is that of discs around the centres, as large as the territory's area. So
neighbours and sizes are about right; the lines between them are not borders and must not be read as such.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from math import cos, dist, hypot, pi, radians, sqrt
from pathlib import Path
from statistics import fmean, median
from typing import Any

import shapely
from shapely import LinearRing, MultiPoint, Polygon, STRtree
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from haicap.units import register
from haicap.units.register import Territory

XY = tuple[float, float]

_EDITION = 1  # of the drawing: raise it when the same input gives other shapes
_SIDE = 600.0
_MARGIN = 6.0
_INSET = (92.0, 64.0)
_TOLERANCE = 0.7
_KM_PER_DEGREE = 111.2
_SPREAD = 1.35  # how far discs reach beyond the radius that their area would give
_GAP_KM = 8.0
_STRETCH = 1.25  # an island that would stretch the diagonal of the rest beyond this goes into an inset
_DETACHED = 0.35  # a part smaller than this share of its territory is given to the neighbour around it


@dataclass(frozen=True, slots=True)
class Area:
    """One territory: `path` is the `d` of an SVG path, (x, y) a point well inside it for a label or a mark."""

    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Inset:
    """A frame around a far island that is drawn out of place and out of scale."""

    territory: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shapes:
    """A map in units of one pixel, y downwards, for `viewBox="0 0 width height"`; `areas` by territory code."""

    width: int
    height: int
    areas: dict[str, Area]
    insets: tuple[Inset, ...]


@dataclass(frozen=True, slots=True)
class _Seeds:
    """The trusted centres of one territory in km east and south, and the radius of the disc of each."""

    code: str
    points: tuple[XY, ...]
    radius: float


def kept(province_code: str, folder: Path) -> Shapes:
    """As `shapes`, but drawn once and kept in `folder` under a name that changes with the register's data."""
    file = folder / f"{province_code}-{_fingerprint(province_code)}.json"
    if file.exists():
        return _load(json.loads(file.read_text(encoding="utf-8")))
    drawn = shapes(province_code)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(drawn), separators=(",", ":")), encoding="utf-8")
    fresh.replace(file)
    return drawn


@cache
def shapes(province_code: str) -> Shapes:
    """The map of one province, every territory of today drawn. Same data, same map. Raises `KeyError`.

    600 px wide or high, margins apart. Islands so far out that they would squash the rest (Bạch Long Vĩ,
    Hoàng Sa, Trường Sa, Côn Đảo, Thổ Châu) stand in framed insets below the rest, not to scale.
    """
    register.province(province_code)
    near, far = _near_and_far(_seeds(register.territories_of(province_code)))
    west, north, east, south = _outline(near).bounds
    scale = min(_SIDE / (east - west), _SIDE / (south - north))
    width = max((east - west) * scale + 2 * _MARGIN, len(far) * (_INSET[0] + _MARGIN) + _MARGIN)
    bottom = (south - north) * scale + 2 * _MARGIN
    drawn = _ground([_moved(it, west, north, scale) for it in near])
    insets = tuple(_inset(it.code, place, width, bottom) for place, it in enumerate(far))
    drawn |= {frame.territory: _island(it, frame) for frame, it in zip(insets, far, strict=True)}
    areas = {code: _area(shape) for code, shape in sorted(drawn.items())}
    return Shapes(round(width), round(bottom + (_INSET[1] + _MARGIN if far else 0)), areas, insets)


def _seeds(territories: Sequence[Territory]) -> list[_Seeds]:
    middle = cos(radians(fmean(it.latitude for it in territories)))
    usual = median(it.area_km2 for it in territories if it.area_km2)

    def km(latitude: float, longitude: float) -> XY:
        return round(longitude * middle * _KM_PER_DEGREE, 4), round(-latitude * _KM_PER_DEGREE, 4)

    taken: set[XY] = set()
    seeds = []
    for it in territories:
        olds = [
            km(old.latitude, old.longitude)
            for old in it.predecessors
            if old.became[0] == it.code and old.latitude is not None and old.longitude is not None
        ]
        area = it.area_km2 or usual
        points = _trusted(km(it.latitude, it.longitude), olds, sqrt(area / pi))
        free = tuple(point for point in points if point not in taken) or (_beside(points[0], taken),)
        taken.update(free)
        seeds.append(_Seeds(it.code, free, _SPREAD * sqrt(area / len(free) / pi)))
    return seeds


def _trusted(own: XY, olds: Iterable[XY], radius: float) -> tuple[XY, ...]:
    """The points that lie together: some centres, of old wards and of territories, are wrong by many km."""
    points = tuple(dict.fromkeys((own, *olds)))
    heart = min(points, key=lambda it: sum(dist(it, other) for other in points)) if len(points) > 2 else own
    limit = max(2.0, 2.5 * radius, 2.5 * median(dist(heart, it) for it in points))
    return tuple(it for it in points if dist(heart, it) <= limit)


def _beside(point: XY, taken: set[XY]) -> XY:
    while point in taken:
        point = (round(point[0] + 0.3, 4), point[1])
    return point


def _near_and_far(seeds: list[_Seeds]) -> tuple[list[_Seeds], list[_Seeds]]:
    """Split off islands that would stretch the map, the nearest ones being tried first."""
    groups = sorted(_groups(seeds), key=len, reverse=True)
    near, rest = groups[0], groups[1:]
    most = _STRETCH * _diagonal(near)
    ground = _outline(near)
    far = []
    for group in sorted(rest, key=lambda it: _outline(it).distance(ground)):
        if _diagonal(near + group) > most:
            far += group
        else:
            near = near + group
    return near, far


def _groups(seeds: list[_Seeds]) -> list[list[_Seeds]]:
    """Territories that lie within `_GAP_KM` of each other, disc to disc."""
    discs = [_discs(it) for it in seeds]
    lands = shapely.get_parts(shapely.union_all([it.buffer(_GAP_KM / 2) for it in discs]))
    homes = [next(n for n, land in enumerate(lands) if land.intersects(disc)) for disc in discs]
    return [[it for it, home in zip(seeds, homes, strict=True) if home == n] for n in sorted(set(homes))]


def _discs(it: _Seeds) -> BaseGeometry:
    return MultiPoint(it.points).buffer(it.radius, quad_segs=6)


def _outline(seeds: list[_Seeds]) -> BaseGeometry:
    """The discs of all, with bays and holes between them filled."""
    reach = 1.2 * median(it.radius for it in seeds)
    land = shapely.union_all([_discs(it) for it in seeds]).buffer(reach).buffer(-reach)
    return shapely.union_all([Polygon(part.exterior) for part in shapely.get_parts(land)])


def _diagonal(seeds: list[_Seeds]) -> float:
    west, north, east, south = _outline(seeds).bounds
    return hypot(east - west, south - north)


def _moved(it: _Seeds, west: float, north: float, scale: float) -> _Seeds:
    points = tuple(((x - west) * scale + _MARGIN, (y - north) * scale + _MARGIN) for x, y in it.points)
    return _Seeds(it.code, points, it.radius * scale)


def _ground(seeds: list[_Seeds]) -> dict[str, BaseGeometry]:
    """The land of every territory, as parts of one plane: neighbours share their edges point for point."""
    outline = _outline(seeds)
    owners = [it.code for it in seeds for _ in it.points]
    points = MultiPoint([point for it in seeds for point in it.points])
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=outline.buffer(50), ordered=True))
    merged = _merged(zip(owners, cells, strict=True))
    lines = shapely.union_all([outline.boundary, *(cell.boundary for cell in merged.values())])
    faces = [face for face in shapely.get_parts(shapely.polygonize([lines])) if _inside(face, outline)]
    tree, codes = STRtree(list(merged.values())), list(merged)
    homes = [codes[tree.query(face.representative_point(), predicate="within")[0]] for face in faces]
    land = _joined(_merged(zip(homes, faces, strict=True)))
    simple = shapely.coverage_simplify(list(land.values()), _TOLERANCE)
    return dict(zip(land, simple, strict=True))


def _merged(pieces: Iterable[tuple[str, BaseGeometry]]) -> dict[str, BaseGeometry]:
    found: dict[str, list[BaseGeometry]] = defaultdict(list)
    for code, piece in pieces:
        found[code].append(piece)
    return {code: shapely.coverage_union_all(parts) for code, parts in found.items()}


def _inside(face: BaseGeometry, outline: BaseGeometry) -> bool:
    return bool(outline.contains(face.representative_point()))


def _joined(land: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Give small detached parts to the neighbour with which they share the longest edge."""
    keep: list[tuple[str, BaseGeometry]] = []
    loose: list[tuple[str, BaseGeometry]] = []
    for code, shape in land.items():
        first, *others = sorted(shapely.get_parts(shape), key=lambda it: -it.area)
        keep.append((code, first))
        for part in others:
            (loose if part.area < _DETACHED * shape.area else keep).append((code, part))
    tree = STRtree([shape for _, shape in keep])
    for code, part in loose:
        neighbours = [keep[n] for n in tree.query(part, predicate="touches")]
        edges = [(part.boundary.intersection(shape).length, home) for home, shape in neighbours]
        length, home = max(edges, default=(0.0, code))
        keep.append((home if length else code, part))
    return _merged(keep)


def _inset(code: str, place: int, width: float, top: float) -> Inset:
    x = width - (place + 1) * (_INSET[0] + _MARGIN)
    return Inset(code, round(x, 1), round(top, 1), *_INSET)


def _island(it: _Seeds, frame: Inset) -> BaseGeometry:
    """The discs of one territory, brought to the middle of its frame and to half its height."""
    shape = _outline([it])
    west, north, east, south = shape.bounds
    scale = frame.height / 2 / max(east - west, south - north)
    x, y = frame.x + frame.width / 2, frame.y + frame.height / 2
    matrix = (scale, 0, 0, scale, x - scale * (west + east) / 2, y - scale * (north + south) / 2)
    return affine_transform(shape, matrix)


def _area(shape: BaseGeometry) -> Area:
    parts = sorted(shapely.get_parts(shape), key=lambda it: -it.area)
    label = shapely.get_coordinates(shapely.maximum_inscribed_circle(parts[0], tolerance=0.5))[0]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return Area("".join(map(_ring, rings)), round(float(label[0]), 1), round(float(label[1]), 1))


def _ring(ring: LinearRing) -> str:
    points = [f"{x:.1f},{y:.1f}".replace(".0", "") for x, y in ring.coords[:-1]]
    return f"M{' '.join(points)}Z"


def _fingerprint(province_code: str) -> str:
    """What a kept map depends on: the register's points and areas, and how they are drawn."""
    source = [
        (
            it.code,
            it.latitude,
            it.longitude,
            it.area_km2,
            [(o.latitude, o.longitude, o.became) for o in it.predecessors],
        )
        for it in register.territories_of(province_code)
    ]
    text = json.dumps([_EDITION, shapely.geos_version_string, source])
    return sha256(text.encode()).hexdigest()[:16]


def _load(kept: dict[str, Any]) -> Shapes:
    areas = {code: Area(**it) for code, it in kept["areas"].items()}
    return Shapes(kept["width"], kept["height"], areas, tuple(Inset(**it) for it in kept["insets"]))
