"""Pages of the board. What lies beyond a person's reach is not found, as if it were not there."""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.board import conference as conferences
from haicap.matters.board import periods, sheets
from haicap.matters.board import trial as trials
from haicap.matters.board import work as works
from haicap.matters.board.framing import Asked, asked_of, frame
from haicap.matters.board.maps import colour
from haicap.matters.board.trend import HEIGHT, WIDTH, trend
from haicap.papers.taking import FORMS, taken_away
from haicap.units.sign_in import Request, signed_in, today

PAGE = 50


@require_safe
@signed_in
def conference(request: Request) -> HttpResponse:
    """Difficulties by kind or by unit, and with whom they are stuck."""
    asked = asked_of(request)
    by = "units" if request.GET.get("by") == "units" else "kinds"
    kinds = _kinds(asked)
    base = {"province": asked.place.code}
    its = conferences.conference(request.person, base, kinds, asked.units, at=asked.at)
    if (form := request.GET.get("format", "")) in FORMS:
        columns, rows = sheets.conference(its, by, asked.at)
        return taken_away(form, columns, rows, _("Khó khăn, vướng mắc"))
    waiting = {
        name: works.stuck(its.counted[name], asked.names, its.counted[f"{name}_late"])
        for name in ("answering", "third", "confirm")
    }
    context = {"its": its, "by": by, "lines": its.units if by == "units" else its.kinds, "waiting": waiting}
    return render(request, "board/conference.html", frame(asked, "board:conference") | context)


def _kinds(asked: Asked) -> Mapping[str, str]:
    procedure = asked.law.procedure(conferences.PROCEDURE, asked.at)
    return {code: text.in_(asked.lang) for code, text in procedure.field["kind"].of.items()}


@require_safe
@signed_in
def work(request: Request) -> HttpResponse:
    """A period's work by unit: figures, map, league table, trend, and with whom most is stuck."""
    asked = asked_of(request)
    params, day = request.GET.dict(), today()
    period = periods.read(params, day)
    procedures = {it.code: it.name.in_(asked.lang) for it in asked.law.current(asked.at)}
    procedure = params.get("procedure", "") if params.get("procedure") in procedures else ""
    base = {"province": asked.place.code} | ({"procedure": procedure} if procedure else {})
    its = works.work(request.person, base, period, asked.units, at=asked.at)
    lines = works.in_order(its.lines, params.get("sort", works.DEFAULT_SORT))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, *sheets.work(its, lines), title=_("Điều hành"))
    metric = params["metric"] if params.get("metric") in works.METRICS else works.METRICS[0]
    context = {
        "its": its,
        "lines": lines,
        "period": period,
        "periods": periods.choices(day),
        "procedure": procedure,
        "procedures": sorted(procedures.items(), key=lambda it: it[1]),
        "metric": metric,
        "metrics": _metrics(),
        "title": _metrics()[metric],
        "timed": metric in ("missed", "received", "days"),
        "places": 1 if metric == "days" else 0,
        "drawing": colour(asked.place.code, its, metric, Path(settings.HOME) / "maps"),
        "bars": trend(request.person, base, period.last, today=day, at=asked.at),
        "size": (WIDTH, HEIGHT),
        "holders": works.stuck(its.counted["holders"], asked.names),
        "third": works.stuck(its.counted["third"], procedures),
    }
    return render(request, "board/work.html", frame(asked, "board:work") | context)


def _metrics() -> dict[str, str]:
    return {
        "overdue": _("Quá hạn tại đơn vị"),
        "missed": _("Trễ hạn trong kỳ"),
        "received": _("Đã tiếp nhận"),
        "open": _("Đang mở"),
        "days": _("Số ngày giải quyết"),
    }


@require_safe
@signed_in
def preview(request: Request) -> HttpResponse:
    """What a change of the calendar or of a limit would move; nothing is written down."""
    asked = asked_of(request)
    trial = trials.read(request.GET.dict(), asked.law, asked.at)
    found = _tried(request, trial, asked) if trial.asked else None
    if found and (form := request.GET.get("format", "")) in FORMS:
        return taken_away(form, *sheets.moved(found.rows), title=_("Thử thay đổi"))
    context = {
        "trial": trial,
        "found": found,
        "page": Paginator(found.rows, PAGE).get_page(request.GET.get("page")) if found else None,
        "clocks": trials.clocks(asked.law, asked.at),
        "units": trials.units(),
    }
    status = 422 if trial.wrong else 200
    return render(request, "board/preview.html", frame(asked, "board:preview") | context, status=status)


def _tried(request: Request, trial: trials.Trial, asked: Asked) -> trials.Found:
    return trials.run(trial, request.person, asked.law, asked.names, asked.at)
