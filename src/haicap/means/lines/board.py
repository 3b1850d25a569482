"""The province's data lines on the board: where they are down most, or do least of what is contracted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.clocks.wall import day_of
from haicap.matters.board.framing import TABS, Asked, Tab, asked_of, frame
from haicap.matters.board.shading import Drawing, drawing
from haicap.means.lines import queries, showing
from haicap.means.lines.models import CircuitRow
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.map import kept
from haicap.units.sign_in import Request, signed_in

NAME, SEE = "means_board:lines", "means.see"
LEAGUE = 30


def tell() -> None:
    """Let the board show the lines of a province, before the page on which changes are tried."""
    TABS.insert(-1, Tab(NAME, lambda: _("Đường truyền"), SEE))


@dataclass(frozen=True, slots=True)
class Sum:
    """The lines of a unit: how many, the least available of those watched, and the weakest of those measured."""

    unit: str
    name: str
    lines: int
    available: Decimal | None
    outages: int
    down_minutes: int | None
    share: Decimal | None
    url: str

    @property
    def short(self) -> float | None:
        """Percent of the contracted rate that the weakest line lacks."""
        return None if self.share is None else float(max(100 - self.share, Decimal()))


@require_safe
@signed_in
def page(request: Request) -> HttpResponse:
    """Map and ranking of a province's units by their lines. 404 for who sees no means."""
    if not request.person.may(SEE):
        raise Http404
    asked, named = asked_of(request), metrics()
    found = summed(request, asked)
    watched = [it.available for it in found if it.available is not None]
    metric = request.GET.get("metric", "")
    if metric not in named:
        metric = "down" if watched else "short"
    sums = ranked(found, metric)
    if (form := request.GET.get("format", "")) in FORMS:
        return taken_away(form, columns(), map(told, sums), _("Đường truyền"))
    context = {
        "sums": [(it, _service(it), showing.length_words_of(it.down_minutes)) for it in sums[:LEAGUE]],
        "further": max(0, len(sums) - LEAGUE), "metric": metric, "metrics": named, "title": named[metric],
        "drawing": coloured(asked, sums, metric), "places": 0 if metric == "outages" else 1,
        "watched": len(watched), "unsteady": sum(it < queries.STEADY for it in watched),
        "without": queries.without(request.person, "", day_of(asked.at)).filter(province=asked.place.code).count(),
        "list_url": reverse("lines:list"),
    }  # fmt: skip
    return render(request, "lines/board.html", frame(asked, NAME) | context)


def metrics() -> dict[str, str]:
    """By what the map can be coloured."""
    return {
        "down": _("Giờ mất đường truyền trong 30 ngày"),
        "outages": _("Số lần mất trong 30 ngày"),
        "short": _("Thiếu so với tốc độ hợp đồng (%)"),
    }


def summed(request: Request, asked: Asked) -> list[Sum]:
    """The units of the place that have a line, as the person may see them. One query."""
    rows = queries.seen(request.person).filter(queries.running(day_of(asked.at)), province=asked.place.code)
    by_unit: dict[str, list[CircuitRow]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(row)
    return [_sum(code, its, asked.names.get(code, code), asked.at) for code, its in by_unit.items()]


def _sum(code: str, rows: list[CircuitRow], name: str, at: datetime) -> Sum:
    lately = [row for row in rows if row.watched is not None and row.watched >= at - queries.LATELY]
    measured = [
        row.share
        for row in rows
        if row.share is not None and row.measured is not None and row.measured >= at - queries.LATELY
    ]
    return Sum(
        code, name, len(rows), min((row.available for row in lately if row.available is not None), default=None),
        max((row.outages for row in lately), default=0), max((row.down_minutes for row in lately), default=None),
        min(measured, default=None), f"{reverse('lines:list')}?{urlencode({'unit': code})}",
    )  # fmt: skip


def value(it: Sum, metric: str) -> float | None:
    """What the map shows of a unit; None where nothing is known."""
    match metric:
        case "short":
            return it.short
        case "outages":
            return None if it.down_minutes is None else float(it.outages)
        case _:
            return None if it.down_minutes is None else round(it.down_minutes / 60, 1)


def ranked(sums: Iterable[Sum], metric: str) -> list[Sum]:
    """The worst first, units of which nothing is known last."""

    def place(it: Sum) -> tuple[bool, float, str]:
        known = value(it, metric)
        return known is None, -(known or 0.0), it.name

    return sorted(sums, key=place)


def coloured(asked: Asked, sums: Iterable[Sum], metric: str) -> Drawing:
    """The map, each unit a link to its lines."""
    found = list(sums)
    values = {it.unit: value(it, metric) for it in found}
    return drawing(
        kept(asked.place.code, Path(settings.HOME) / "maps"), values, zero_apart=True,
        titles={it.unit: f"{it.name}: {_told(values[it.unit])}" for it in found},
        urls={it.unit: it.url for it in found},
        marks={it.unit: _told(values[it.unit]) for it in found if values[it.unit]},
        names={code: name.removeprefix("Đặc khu ").removesuffix(" special zone") for code, name in asked.names.items()},
    )  # fmt: skip


def _told(number: float | None) -> str:
    return "–" if number is None else showing.plain(str(number))


def _service(it: Sum) -> tuple[str, str]:
    return showing.available(it.available) if it.available is not None else ("", "–")


def columns() -> list[Column]:
    """What the ranking holds when it is taken away."""
    return [
        Column("name", _("Đơn vị"), 30), Column("lines", _("Số đường truyền"), 10, "number"),
        Column("available", _("Thông suốt trong 30 ngày (%)"), 14, "number"),
        Column("outages", _("Số lần mất"), 10, "number"), Column("down_minutes", _("Phút mất"), 10, "number"),
        Column("share", _("Đo được so với hợp đồng, trung vị (%)"), 14, "number"),
    ]  # fmt: skip


def told(it: Sum) -> dict[str, object]:
    """A row of it."""
    names = ("name", "lines", "available", "outages", "down_minutes", "share")
    return {name: getattr(it, name) for name in names}
