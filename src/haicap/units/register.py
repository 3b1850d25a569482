"""The register of places: 34 provinces and 3,321 territories since 1 July 2025, and the wards before.

Read from the data files of the package ``vietnamadminunits``; its own modules are not imported, they are
slow to load. What the data holds: codes, names, a centre and an area (km²) of every territory of today; the
10,035 wards of the last three-level map and five island districts that had none, each with a centre and
with the territories that it went to. What it lacks: borders, population, dates, how much of a divided ward
went where (it only says which territory took the main part). Codes are as that package has them; another
public list (``vietnam_provinces``) has the same names, but other codes for about a hundred territories, and
which of the two follows the official table to the letter is not verified.
"""

import json
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from haicap.units.vietnamese import sort_key

Kind = Literal["commune", "ward", "special-zone"]

_KINDS: dict[str, Kind] = {"Xã": "commune", "Phường": "ward", "Đặc khu": "special-zone"}
_KIND_EN: dict[Kind, str] = {"commune": "commune", "ward": "ward", "special-zone": "special zone"}
_HERE = Path(__file__).parent / "data"
# A centre whose box is wider than this (in square degrees) is the geocoder's guess at the whole country.
_NOWHERE = 0.4


@dataclass(frozen=True, slots=True)
class OldProvince:
    """One of the 63 provinces before 1 July 2025; `became` is the code of today's. Degrees WGS 84."""

    code: str
    name: str
    short: str
    latitude: float
    longitude: float
    became: str


@dataclass(frozen=True, slots=True)
class OldWard:
    """A commune, ward or town before 1 July 2025, or an island district that had none (code of 3 digits).

    `became` holds the codes of the territories of today that took it over, the one that took the main part
    first; more than one means that it was divided. Degrees WGS 84, None where the data has no usable centre.
    `aliases` are folded names without spaces of what had been merged into it shortly before.
    """

    code: str
    name: str
    short: str
    district: str
    district_short: str
    district_aliases: tuple[str, ...]
    province: OldProvince
    latitude: float | None
    longitude: float | None
    became: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def divided(self) -> bool:
        """Whether more than one territory of today took a part."""
        return len(self.became) > 1


@dataclass(frozen=True, slots=True)
class Province:
    """A province of today. `kind` is Vietnamese; the area in km² is the sum of its territories' areas."""

    code: str
    name: str
    kind: Literal["tỉnh", "thành phố"]
    short: str
    latitude: float
    longitude: float
    area_km2: float
    predecessors: tuple[OldProvince, ...]


@dataclass(frozen=True, slots=True)
class Territory:
    """A commune-level unit of administration of today. `province` is a code; `area_km2` is None if unknown.

    `predecessors` are all old wards of which it took the whole or a part (`OldWard.divided` tells).
    """

    code: str
    name: str
    short: str
    kind: Kind
    province: str
    latitude: float
    longitude: float
    area_km2: float | None
    predecessors: tuple[OldWard, ...]


@dataclass(frozen=True, slots=True)
class ServedUnit:
    """The commune-level police unit of one territory; `resolved` is False where its existence is in doubt."""

    code: str
    name: str
    name_en: str
    territory: Territory
    resolved: bool


@dataclass(frozen=True, slots=True)
class Department:
    """A department of a provincial police; `mark` says how its code and name are known."""

    code: str
    vi: str
    en: str
    mark: Literal["verified", "memory"]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A team (tổ) of a commune-level unit; `deputies` is the most it may have."""

    code: str
    vi: str
    en: str
    deputies: int


@dataclass(frozen=True, slots=True)
class Post:
    """A leading post of a commune-level unit; `most` is how many a unit (a team, for team posts) may have."""

    code: str
    vi: str
    en: str
    most: int


@dataclass(frozen=True, slots=True)
class PublishedCounts:
    """What was published of territories and police units, and what it leaves open."""

    territories: int
    units: int
    special_zones: int
    special_zone_units: int
    vi: str
    en: str


UNRESOLVED = 2
COUNTS = PublishedCounts(
    territories=3321,
    units=3319,
    special_zones=13,
    special_zone_units=11,
    vi="Có 3.321 đơn vị hành chính cấp xã; theo công bố có 3.319 Công an cấp xã. Số chênh lệch là 2 trong "
    "13 đặc khu; chưa xác minh được là đặc khu nào.",
    en="There are 3,321 commune-level territories; 3,319 police units were published. The difference is two "
    "of the 13 special zones; which two is not verified.",
)


@cache
def provinces() -> tuple[Province, ...]:
    """All 34 provinces of today, in Vietnamese alphabetical order of their short names."""
    olds = defaultdict(list)
    for old in old_provinces():
        olds[old.became].append(old)
    areas: dict[str, float] = defaultdict(float)
    for it in territories():
        areas[it.province] += it.area_km2 or 0
    rows = _rows(
        "select distinct provinceCode as code, province as name, provinceShort as short, "
        "provinceLat as latitude, provinceLon as longitude from admin_units"
    )
    found = (
        Province(
            **row,
            kind="thành phố" if row["name"].startswith("Thành phố") else "tỉnh",
            area_km2=round(areas[row["code"]], 2),
            predecessors=tuple(olds[row["code"]]),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda it: sort_key(it.short)))


@cache
def territories() -> tuple[Territory, ...]:
    """All 3,321 territories of today, by code."""
    olds = defaultdict(list)
    for old in old_wards():
        for code in old.became:
            olds[code].append(old)
    rows = _rows(
        "select wardCode as code, ward as name, wardShort as short, wardType as kind, "
        "provinceCode as province, wardLat as latitude, wardLon as longitude, wardAreaKm2 as area_km2 "
        "from admin_units order by code"
    )
    return tuple(Territory(**_typed(row), predecessors=tuple(olds[row["code"]])) for row in rows)


@cache
def old_provinces() -> tuple[OldProvince, ...]:
    """All 63 provinces before 1 July 2025, by code."""
    became = {old: new for new, olds in _conversion()["DICT_PROVINCE"].items() for old in olds}
    codes = dict(_pairs("select distinct provinceKey, provinceCode from admin_units"))
    rows = _rows(
        "select distinct provinceKey as key, provinceCode as code, province as name, provinceShort as short, "
        "provinceLat as latitude, provinceLon as longitude from admin_units_legacy order by provinceCode"
    )
    return tuple(OldProvince(**row, became=codes[became[key]]) for row in rows if (key := row.pop("key")))


@cache
def old_wards() -> tuple[OldWard, ...]:
    """All 10,035 wards before 1 July 2025 and the five island districts without any, by code."""
    places = {it.code: it for it in old_provinces()}
    became = _became()
    rows = _rows(
        "select provinceKey || '_' || districtKey || '_' || ifnull(wardKey, '') as key, "
        "ifnull(wardCode, districtCode) as code, ifnull(ward, district) as name, "
        "ifnull(wardShort, districtShort) as short, district, districtShort as district_short, "
        "districtAlias as district_aliases, provinceCode as province, wardLat as latitude, "
        "wardLon as longitude, wardBounds as bounds, wardAlias as aliases "
        "from admin_units_legacy order by code"
    )
    return tuple(_old_ward(row, places, became) for row in rows)


def province(code: str) -> Province:
    """The province of today with this two-digit code. Raises `KeyError`."""
    return _provinces_by_code()[code]


def territory(code: str) -> Territory:
    """The territory of today with this five-digit code. Raises `KeyError`."""
    return _territories_by_code()[code]


@cache
def territories_of(province_code: str) -> tuple[Territory, ...]:
    """The territories of one province in Vietnamese alphabetical order; empty for an unknown code."""
    here = (it for it in territories() if it.province == province_code)
    return tuple(sorted(here, key=lambda it: (sort_key(it.short), it.code)))


@cache
def served_units() -> tuple[ServedUnit, ...]:
    """One police unit per territory, by code of the territory.

    The publications count two units fewer than territories, both in special zones (`COUNTS`, `UNRESOLVED`),
    without naming them: so the units of all special zones stand as not resolved.
    """
    return tuple(_served(it) for it in territories())


@cache
def departments() -> tuple[Department, ...]:
    """The departments of a provincial police, as the table `data/departments.toml` has them."""
    return tuple(Department(**row) for row in _toml("departments.toml")["department"])


@cache
def teams() -> tuple[Team, ...]:
    """The five teams of a commune-level unit, as the table `data/teams.toml` has them."""
    return tuple(Team(**row) for row in _toml("teams.toml")["team"])


@cache
def posts() -> tuple[Post, ...]:
    """The leading posts of a commune-level unit, highest first, as `data/teams.toml` has them."""
    return tuple(Post(**row) for row in _toml("teams.toml")["post"])


def _served(it: Territory) -> ServedUnit:
    lowered = it.name[0].lower() + it.name[1:]
    english = f"{it.short} {_KIND_EN[it.kind]} police"
    return ServedUnit(it.code, f"Công an {lowered}", english, it, it.kind != "special-zone")


def _old_ward(
    row: dict[str, Any], places: dict[str, OldProvince], became: dict[str, tuple[str, ...]]
) -> OldWard:
    bounds = row.pop("bounds")
    if bounds is None or _square_degrees(bounds) > _NOWHERE:
        row["latitude"] = row["longitude"] = None
    row["became"] = became[row.pop("key")]
    row["province"] = places[row["province"]]
    for name in ("aliases", "district_aliases"):
        row[name] = tuple(dict.fromkeys(json.loads(row[name] or "[]")))
    return OldWard(**row)


def _square_degrees(bounds: str) -> float:
    south_west, north_east = (map(float, corner.split(",")) for corner in bounds.split(" – "))
    return prod(far - near for near, far in zip(south_west, north_east, strict=True))


def _became() -> dict[str, tuple[str, ...]]:
    """Old key (province_district_ward) to the codes of today, main part first."""
    codes = {
        (here, key): code
        for here, key, code in _triples("select provinceKey, wardKey, wardCode from admin_units")
    }
    conversion = _conversion()
    whole = {
        old: (codes[here, new],)
        for here, wards in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for new, olds in wards.items()
        for old in olds
    }
    divided = {
        old: tuple(codes[here, part["newWardKey"]] for part in sorted(parts, key=_main_first))
        for here, wards in conversion["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, parts in wards.items()
    }
    return whole | divided


def _main_first(part: dict[str, Any]) -> tuple[bool, str]:
    return not part["isDefaultNewWard"], part["newWardKey"]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"kind": _KINDS[row["kind"]], "area_km2": row["area_km2"] or None}


@cache
def _provinces_by_code() -> MappingProxyType[str, Province]:
    return MappingProxyType({it.code: it for it in provinces()})


@cache
def _territories_by_code() -> MappingProxyType[str, Territory]:
    return MappingProxyType({it.code: it for it in territories()})


def _folder() -> Path:
    # find_spec of a top-level package locates it without running it.
    spec = find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the package vietnamadminunits is not installed")
    return Path(spec.submodule_search_locations[0]) / "data"


@cache
def _conversion() -> dict[str, dict[str, Any]]:
    text = (_folder() / "converter_2025.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _rows(sql: str) -> list[dict[str, Any]]:
    address = f"{(_folder() / 'dataset.db').as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        cursor = database.execute(sql)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _pairs(sql: str) -> Iterable[tuple[str, str]]:
    return ((first, second) for first, second in (row.values() for row in _rows(sql)))


def _triples(sql: str) -> Iterable[tuple[str, str, str]]:
    return ((a, b, c) for a, b, c in (row.values() for row in _rows(sql)))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))
