"""The board's map of gaps: a province coloured by what its units are short of, in money, in kinds or in pieces."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.board.framing import Asked, asked_of, frame
from haicap.matters.board.shading import Drawing, drawing
from haicap.means import overview, words
from haicap.means.catalogue.queries import catalogue
from haicap.means.norms.reckoning import Gap
from haicap.means.views import filters, sum_columns, summed
from haicap.papers.taking import FORMS, taken_away
from haicap.units.map import kept
from haicap.units.sign_in import Request, signed_in, today

NAME = "means_board:gaps"
METRICS = ("money", "kinds", "short")
MOST = 12  # kinds named beside the map
LEAGUE = 30  # units in the table below it; all of them are a link away


@require_safe
@signed_in
def gaps(request: Request) -> HttpResponse:
    """Where a province's units are short: the map, by unit and by kind."""
    if not request.person.may(overview.SEE):
        raise Http404
    asked, params = asked_of(request), request.GET.dict()
    base = {"province": asked.place.code} | {name: params.get(name, "") for name in ("family", "kind")}
    found = overview.filtered(request.person, base, today())
    units = overview.in_order(overview.by_unit(found, base), params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, sum_columns("units"), summed(units), _("Thiếu hụt"))
    named = metrics(base["kind"])
    metric = params["metric"] if params.get("metric") in named else next(iter(named))
    whole = [it for it in found if it.short]
    context = {
        "units": units[:LEAGUE], "further": max(0, len(units) - LEAGUE),
        "kinds": overview.by_kind(found, base)[:MOST], "metric": metric, "metrics": named,
        "title": named[metric], "drawing": coloured(asked, found, metric, base),
        "places": 1 if metric == "money" else 0,
        "filters": filters(("family", "kind")), "short": len(whole), "money": sum(it.money or 0 for it in whole),
        "short_units": len({it.unit for it in whole}),
        "url": overview.address({**base, "by": "each", "state": "short"}),
        "units_url": overview.address({**base, "by": "units", "state": "short"}),
    }  # fmt: skip
    return render(request, "means/board.html", frame(asked, NAME) | context)


def metrics(kind: str) -> dict[str, str]:
    """By what the map can be coloured; pieces can be added up of one kind only."""
    found = {"money": _("Tiền ước cần (tỷ đồng)"), "kinds": _("Số loại còn thiếu")}
    if (its := catalogue().get(kind)) is None:
        return found
    return {
        "short": _("Thiếu: %(kind)s (%(measure)s)")
        % {"kind": words.called(its), "measure": words.measure(its)}
    } | {"money": found["money"]}


def coloured(asked: Asked, found: Iterable[Gap], metric: str, base: Mapping[str, str]) -> Drawing:
    """The map kept in the folder of maps, each unit a link to the list that its figure counts."""
    by_unit: dict[str, list[Gap]] = defaultdict(list)
    for it in found:
        by_unit[it.unit].append(it)
    values = {code: value(its, metric) for code, its in by_unit.items()}
    narrowed = {**base, "by": "each", "state": "short", "province": ""}
    return drawing(
        kept(asked.place.code, Path(settings.HOME) / "maps"), values, zero_apart=True,
        titles={code: f"{asked.names.get(code, code)}: {told(its, metric)}" for code, its in by_unit.items()},
        urls={code: overview.address({**narrowed, "unit": code}) for code in by_unit},
        marks={code: told(its, metric).split()[0] for code, its in by_unit.items()},
        names={code: name.removeprefix("Đặc khu ").removesuffix(" special zone") for code, name in asked.names.items()},
    )  # fmt: skip


def value(its: Iterable[Gap], metric: str) -> float:
    """What the map shows of a unit: billions of dong, kinds, or pieces."""
    match metric:
        case "money":
            return round(sum(it.money or 0 for it in its) / 1e9, 2)
        case "kinds":
            return sum(it.short > 0 for it in its)
        case _:
            return float(sum(it.short for it in its))


def told(its: Iterable[Gap], metric: str) -> str:
    """The same in words."""
    found: list[Any] = list(its)
    if metric == "money":
        return words.money(sum(it.money or 0 for it in found))
    if metric == "kinds":
        return words.amount(sum(it.short > 0 for it in found))
    return words.amount(sum(it.short for it in found))
