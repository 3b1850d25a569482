"""Where the board looks: a province within somebody's reach, and its units."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from haicap.units.models import UnitRow
from haicap.units.rights import Person, reach

ACTION = "board.see"


@dataclass(frozen=True, slots=True)
class Place:
    """A province, the name of its police, and the provinces that the person may choose, as code and name."""

    code: str
    name: str
    unit: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Here:
    """A unit of the province as lists name it; `maps` where it is a commune of today and has its ground."""

    code: str
    name: str
    maps: bool


def place(person: Person, asked: str) -> Place:
    """The province that an address asks for, else the person's own, else the first in reach.

    Raises `LookupError` where it lies beyond the reach of `board.see`, or where nothing lies within it.
    """
    units = {code: (vi, en) for code, vi, en in _provinces(person)}
    choices = {code: province_name(*names) for code, names in units.items()}
    code = asked or (person.province if person.province in choices else next(iter(choices), ""))
    if not code or code not in choices:
        raise LookupError(asked)
    vi, en = units[code]
    return Place(code, choices[code], en if _english() else vi, tuple(choices.items()))


def _provinces(person: Person) -> list[tuple[str, str, str]]:
    its = reach(person, ACTION)
    rows = UnitRow.objects.filter(level="province")
    if not its.everywhere:
        inside = UnitRow.objects.filter(code__in=sorted(its.units)).values("province")
        rows = rows.filter(Q(code__in=inside))
    return list(rows.values_list("code", "name", "name_en"))


def units_of(province: str) -> list[Here]:
    """All units of a province, departments and closed ones too, in the order of their names. One query."""
    rows = UnitRow.objects.filter(province=province).values_list("code", "name", "name_en", "level", "closed")
    return [
        Here(code, unit_name(vi, en), level == "commune" and closed is None)
        for code, vi, en, level, closed in rows
    ]


def unit_name(vi: str, en: str) -> str:
    """What a unit is called where all are police: "Phường Hồng Bàng", "Hồng Bàng ward"."""
    if _english():
        return en.removesuffix(" police").removesuffix(" Provincial Police")
    short = vi.removeprefix("Công an ")
    return short[:1].upper() + short[1:]


def province_name(vi: str, en: str) -> str:
    """What a province's unit is called on its board: "Hải Phòng"."""
    if _english():
        return en.removesuffix(" Provincial Police")
    return vi.removeprefix("Công an ").removeprefix("thành phố ").removeprefix("tỉnh ")


def _english() -> bool:
    return (get_language() or "vi").startswith("en")
