"""Answers as pages show them: words for codes, names for units, lines on the map."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from haicap.matters.board.words import number
from haicap.matters.queries import unit_names
from haicap.means.plans.outcome import Answer, Item, Said
from haicap.means.plans.sorts import Sort
from haicap.papers.sheets import Column
from haicap.units.map import Area, Shapes, kept
from haicap.units.rights import Person

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
SHORT = ("Công an phường ", "Công an xã ", "Công an đặc khu ", "Công an ")


@dataclass(frozen=True, slots=True)
class Line:
    """An item with words: whence, where, what, and by which edits it can be held or ruled out."""

    item: Item
    from_name: str
    to_name: str
    what: str
    named: str
    km: str
    money: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A code and its value in words; `unit` is the name of the unit that it speaks of."""

    words: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer in words."""

    lines: list[Line]
    without: list[dict[str, Any]]
    figures: list[Fact]
    assumed: list[Fact]
    binding: list[Fact]
    more: list[Fact]
    reasons: list[str]
    gap: str
    columns: frozenset[str]  # those of the table in which something stands


def shown(answer: Answer, sort: Sort, person: Person) -> Shown:
    """An answer as its page tells it to `person`. Two queries, for names."""
    names = _names(answer)
    subjects = sort.named(person, [id for item in answer.items for id in item.of])
    return Shown(
        lines=[_line(item, names, subjects, sort) for item in answer.items],
        without=[
            {"unit": it.unit, "name": names.get(it.unit, it.unit), "what": sort.words(it.what) if it.what else "",
             "count": it.count, "reason": sort.words(it.reason), "detail": spoken(it.detail)}
            for it in answer.without
        ],
        figures=_facts(answer.figures, names, sort),
        assumed=_facts(answer.assumed, names, sort),
        binding=_facts(answer.binding, names, sort),
        more=_facts(answer.more, names, sort),
        reasons=[sort.words(reason) for reason in answer.reasons],
        gap=proof_words(answer),
        columns=frozenset(
            name for name in ("from_unit", "km", "money", "year") if any(getattr(it, name) for it in answer.items)
        ) | ({"count"} if any(it.count != 1 for it in answer.items) else set()),
    )  # fmt: skip


def proof_words(answer: Answer) -> str:
    """How good the answer is, as a sentence."""
    if not answer.gap:
        return ""
    share = float(answer.gap)
    if share < 1e-9:
        return _("Đã chứng minh là tốt nhất theo các giả định dưới đây.")
    return _("Không có phương án nào tốt hơn quá %(share)s %% theo các giả định dưới đây.") % {
        "share": f"{100 * share:.2f}".replace(".", ",")
    }


def _names(answer: Answer) -> Mapping[str, str]:
    codes = {code for item in answer.items for code in (item.from_unit, item.to_unit, *item.serves) if code}
    codes |= {it.unit for it in answer.without}
    said = (*answer.figures, *answer.assumed, *answer.binding, *answer.more)
    return unit_names([*codes, *(it.unit for it in said if it.unit)])


def _line(item: Item, names: Mapping[str, str], subjects: Mapping[UUID, str], sort: Sort) -> Line:
    served = (_short(names.get(code, code)) for code in item.serves)
    told = ", ".join(filter(None, (item.named, *(subjects.get(id, "") for id in item.of), *served)))
    return Line(
        item, names.get(item.from_unit, item.from_unit), names.get(item.to_unit, item.to_unit), sort.words(item.what),
        told, spoken(item.km), spoken(item.money),
    )  # fmt: skip


def _facts(said: Iterable[Said], names: Mapping[str, str], sort: Sort) -> list[Fact]:
    return [Fact(sort.words(it.code), spoken(it.value), names.get(it.unit, it.unit)) for it in said]


def spoken(value: str) -> str:
    """A decimal as people write it; any other text as it is."""
    if not _DECIMAL.fullmatch(value):
        return value
    return number(float(value), len(value.partition(".")[2]))


def columns() -> list[Column]:
    """The columns of a plan that is taken away."""
    return [
        Column("from", _("Từ đơn vị"), 36),
        Column("to", _("Đến đơn vị"), 36),
        Column("what", _("Nội dung"), 30),
        Column("named", _("Cụ thể"), 40),
        Column("count", _("Số lượng"), 10),
        Column("km", _("Khoảng cách (km)"), 14),
        Column("money", _("Số tiền (đồng)"), 18),
        Column("year", _("Năm"), 8),
    ]


def rows(its: Shown) -> list[dict[str, object]]:
    """The items of a plan, a row each."""
    return [
        {"from": line.from_name, "to": line.to_name, "what": line.what, "named": line.named,
         "count": line.item.count, "km": line.item.km, "money": line.item.money, "year": line.item.year}
        for line in its.lines
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line of the map from one unit's ground to another's, in the map's own pixels."""

    x1: float
    y1: float
    x2: float
    y2: float
    title: str
    wide: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The map of a plan: the ground, those that give, those that get, and lines between them."""

    shapes: Shapes
    areas: list[tuple[str, Area, str]]
    arrows: list[Arrow]

    @property
    def roles(self) -> frozenset[str]:
        """What the legend has to tell."""
        return frozenset(role for _code, _area, role in self.areas)


def chart(province: str, its: Shown, answer: Answer) -> Chart:
    """The map of a plan, for the eye: its table says the same."""
    shapes = kept(province, Path(settings.HOME) / "maps")
    gives = {line.item.from_unit for line in its.lines} & set(shapes.areas)
    gives |= {code for line in its.lines for code in line.item.serves} & set(shapes.areas)
    gets = {line.item.to_unit for line in its.lines} & set(shapes.areas)
    short = {it.unit for it in answer.without}
    areas = [
        (code, area, "gets" if code in gets else "gives" if code in gives else "short" if code in short else "other")
        for code, area in shapes.areas.items()
    ]  # fmt: skip
    return Chart(shapes, areas, _arrows(its, shapes))


def _arrows(its: Shown, shapes: Shapes) -> list[Arrow]:
    found: dict[tuple[str, str], int] = {}
    for line in its.lines:
        item = line.item
        ways = {(code, item.to_unit): 1 for code in item.serves} or {
            (item.from_unit, item.to_unit): item.count
        }
        for (one, other), count in ways.items():
            if one != other and one in shapes.areas and other in shapes.areas:
                found[one, other] = found.get((one, other), 0) + count
    names = unit_names({code for way in found for code in way})
    return [
        _arrow(
            shapes.areas[one], shapes.areas[other], f"{_short(names[one])} → {_short(names[other])}: {n}", n
        )
        for (one, other), n in sorted(found.items())
    ]


def _arrow(one: Area, other: Area, title: str, n: int) -> Arrow:
    return Arrow(one.x, one.y, other.x, other.y, title, min(1.2 + 0.5 * n, 5))


def _short(name: str) -> str:
    return next((name.removeprefix(it) for it in SHORT if name.startswith(it)), name)
