"""Five shades by quantile, and the schematic map coloured with them."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from haicap.units.map import Area, Inset, Shapes

SHADES = 5


@dataclass(frozen=True, slots=True)
class Shade:
    """One class of the legend: its place from 0, the lowest and highest value in it, and how many have it."""

    place: int
    low: float
    high: float
    many: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """One unit on the map; `shade` is None where there is no value."""

    area: Area
    shade: int | None
    title: str
    url: str
    mark: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map to be shown: `areas` in the order of tabbing, insets with the name of what lies in them."""

    width: int
    height: int
    areas: tuple[Drawn, ...]
    insets: tuple[tuple[Inset, str], ...]
    legend: tuple[Shade, ...]
    without: int


def shaded(values: Mapping[str, float | None], *, zero_apart: bool) -> dict[str, int]:
    """The shade of each code with a value: quantiles of the values, equal ones always alike.

    `zero_apart` keeps the first shade for nothing at all where that occurs, and splits the rest in four.
    """
    there = {code: value for code, value in values.items() if value is not None}
    first = 1 if zero_apart and 0 in there.values() else 0
    ranked = sorted(value for value in there.values() if value or not first)
    edges = _edges(ranked, SHADES - first)
    return {
        code: 0 if first and not value else first + bisect_left(edges, value) for code, value in there.items()
    }


def _edges(ranked: Sequence[float], classes: int) -> list[float]:
    """The highest value of each class but the last; fewer classes where values repeat."""
    if not ranked:
        return []
    at = {ranked[len(ranked) * n // classes - 1] for n in range(1, classes) if len(ranked) * n // classes}
    return sorted(at - {ranked[-1]})


def legend(values: Mapping[str, float | None], shades: Mapping[str, int]) -> tuple[Shade, ...]:
    """The classes that occur, with the values in them."""
    found: dict[int, list[float]] = {}
    for code, shade in shades.items():
        value = values[code]
        if value is not None:
            found.setdefault(shade, []).append(value)
    return tuple(Shade(at, min(its), max(its), len(its)) for at, its in sorted(found.items()))


def drawing(
    shapes: Shapes,
    values: Mapping[str, float | None],
    *,
    zero_apart: bool,
    titles: Mapping[str, str],
    urls: Mapping[str, str],
    marks: Mapping[str, str],
    names: Mapping[str, str],
) -> Drawing:
    """The map of `values` by unit code: every area a link with its title; the darkest ones bear their `mark`.

    Areas come in the order of `names`.
    """
    known = {code: values.get(code) for code in shapes.areas}
    shades = shaded(known, zero_apart=zero_apart)
    top = max(shades.values(), default=0)
    areas = tuple(
        Drawn(
            shapes.areas[code],
            shades.get(code),
            titles.get(code, names.get(code, code)),
            urls.get(code, ""),
            marks.get(code, "") if top and shades.get(code) == top else "",
        )
        for code in sorted(shapes.areas, key=[*names, *shapes.areas].index)
    )
    insets = tuple((inset, names.get(inset.territory, inset.territory)) for inset in shapes.insets)
    return Drawing(
        shapes.width, shapes.height, areas, insets, legend(known, shades), len(known) - len(shades)
    )
