"""Assessment rounds as lists, and one round: who has answered, who is late, on a table and a map."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.board.shading import Drawing, drawing
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import Names
from haicap.means import words as said
from haicap.means.catalogue.queries import catalogue
from haicap.means.rounds import queries, report, words
from haicap.means.rounds.actions import DIRECT, WRITE, assessment_id
from haicap.means.rounds.fold import Round, rounds
from haicap.means.rounds.forms import RemindForm
from haicap.means.rounds.models import AssessmentRow, RoundRow
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.map import kept
from haicap.units.names import unit_names as all_names
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50
ROUNDS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Listed:
    """A round as the list shows it: its counts, and what one's own unit owes or has said in it."""

    its: Round
    counts: Mapping[str, int]
    tag: words.Tag
    own: UUID | None
    own_tag: words.Tag | None
    may_answer: bool


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """The rounds that the person may see, the open ones first."""
    person, params, at = request.person, request.GET.dict(), timezone.now()
    if not person.may(queries.SEE):
        raise Http404
    rows = queries.listed(person, params)
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, _columns(), map(_exported, _listed(person, rows, at)), _("Đợt đánh giá"))
    page = Paginator(rows, ROUNDS_PER_PAGE).get_page(params.get("page"))
    states = {"open": _("Đang mở"), "closed": _("Đã đóng")}
    context = {
        "tabs": tabs(person, "rounds:list"), "page": page, "lines": _listed(person, page, at), "now": at,
        "filters": [
            {"name": "q", "label": _("Tên đợt, số văn bản"), "type": "search"},
            {"name": "state", "label": _("Tình trạng"), "options": list(states.items())},
        ],
        "directs": person.may(DIRECT),
    }  # fmt: skip
    return render(request, "rounds/list.html", context)


def _listed(person: Person, rows: Iterable[RoundRow], at: datetime) -> list[Listed]:
    its = [rounds.form.validate_python(row.state, strict=False) for row in rows]
    counts = queries.counts(person, [it.id for it in its], at=at)
    mine = queries.own(person, its)
    return [_line(person, it, counts.get(it.id, {}), mine.get(it.id), at) for it in its]


def _line(
    person: Person, its: Round, counts: Mapping[str, int], own: AssessmentRow | None, at: datetime
) -> Listed:
    tag = ("plain", _("Đã đóng")) if its.closed else ("well", _("Đang mở"))
    stands = words.stands(own.due, own.answered, own.ended, at) if own else None
    may = own is not None and not own.ended and decide(person, WRITE, Scope.of(own.unit)).allowed
    return Listed(its, counts, tag, own.pk if own else None, stands, may)


def _columns() -> list[Column]:
    return [
        Column("name", _("Tên đợt"), 40), Column("paper", _("Số văn bản"), 20),
        Column("opened", _("Mở lúc"), 18, "moment"), Column("due", _("Trả lời trước hết ngày"), 14, "date"),
        Column("closed", _("Đóng lúc"), 18, "moment"), Column("asked", _("Số đơn vị"), 12, "number"),
        Column("answered", _("Đã trả lời"), 12, "number"), Column("late", _("Chậm"), 12, "number"),
    ]  # fmt: skip


def _exported(it: Listed) -> dict[str, object]:
    own = {"name": it.its.name, "paper": it.its.paper, "opened": it.its.opened, "due": it.its.due}
    return own | {"closed": it.its.closed.at if it.its.closed else None, **it.counts}


def seen(request: Request, subject: UUID) -> Round:
    """The round. Raises `Http404` also where it is merely not to be seen by this person."""
    its = queries.one(request.person, subject)
    if its is None:
        raise Http404
    return its


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit in a round as the table shows it."""

    row: AssessmentRow
    name: str
    tag: words.Tag
    url: str


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """The round: figures that open the units they count, the units themselves, and the map of one figure."""
    person, params, at = request.person, request.GET.dict(), timezone.now()
    its = seen(request, subject)
    rows = queries.units_filtered(person, its, params, at=at).defer("state")
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, _unit_columns(), map(_unit_exported, units_shown(rows, at)), its.name)
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    whole = queries.whole(person, its)
    entries = queries.told(subject) if whole else []
    directs = decide(person, DIRECT, Scope.of(its.province)).allowed
    context = {
        "tabs": tabs(person, "rounds:list"), "its": its, "now": at, "page": page, "lines": units_shown(page, at),
        "counts": queries.counts(person, [its.id], at=at).get(its.id, {}), "whole": whole,
        "tag": ("plain", _("Đã đóng")) if its.closed else ("well", _("Đang mở")),
        "sections": [name for code, name in words.sections().items() if code in its.sections],
        "filters": _unit_filters(), "directs": directs and its.closed is None,
        "remind": RemindForm(initial={"text": usual(its)}) if directs and its.closed is None else None,
        "own": _own(person, its, at),
        "events": words.events(entries, Names({}, person_names({entry.actor for entry in entries}))),
        **(mapped(person, its, params) if whole else {}),
    }  # fmt: skip
    return render(request, "rounds/one.html", context)


def usual(its: Round) -> str:
    """What units are reminded of, in words to begin with."""
    return _("Đề nghị trả lời đợt “%(name)s” trước hết ngày %(day)s.") % {
        "name": its.name, "day": f"{its.due:%d/%m/%Y}",
    }  # fmt: skip


def _own(person: Person, its: Round, at: datetime) -> tuple[UUID, words.Tag, bool] | None:
    """What one's own unit owes or has said: id, how it stands, whether this person may answer. One query."""
    row = queries.own(person, [its]).get(its.id)
    if row is None:
        return None
    may = not row.ended and decide(person, WRITE, Scope.of(row.unit)).allowed
    return row.pk, words.stands(row.due, row.answered, row.ended, at), may


def units_shown(rows: Iterable[AssessmentRow], at: datetime) -> list[UnitShown]:
    """Units in a round as the table shows them."""
    its = list(rows)
    names = unit_names(row.unit for row in its)
    return [
        UnitShown(row, names.get(row.unit, row.unit), words.stands(row.due, row.answered, row.ended, at),
                  reverse("rounds:answer", args=[row.pk]))
        for row in its
    ]  # fmt: skip


def _unit_filters() -> list[dict[str, Any]]:
    states = {
        "answered": _("Đã trả lời"), "waiting": _("Chưa trả lời"), "late": _("Chậm"), "was-late": _("Trả lời muộn"),
        "corrected": _("Đã sửa câu trả lời"),
    }  # fmt: skip
    return [
        {"name": "q", "label": _("Tên đơn vị"), "type": "search"},
        {"name": "state", "label": _("Tình trạng"), "options": list(states.items())},
    ]


def _unit_columns() -> list[Column]:
    return [
        Column("code", _("Mã"), 12), Column("name", _("Đơn vị"), 40), Column("state", _("Tình trạng"), 18),
        Column("answered", _("Trả lời lúc"), 18, "moment"), Column("corrected", _("Sửa lúc"), 18, "moment"),
        Column("changed", _("Số loại khác sổ"), 14, "number"), Column("difficulties", _("Số vướng mắc"), 14, "number"),
        Column("money", _("Kinh phí cần theo định mức (đồng)"), 22, "number"),
    ]  # fmt: skip


def _unit_exported(it: UnitShown) -> dict[str, object]:
    own = {
        name: getattr(it.row, name) for name in ("answered", "corrected", "changed", "difficulties", "money")
    }
    return {"code": it.row.unit, "name": it.name, "state": it.tag[1]} | (own if it.row.answered else {})


def metrics() -> dict[str, str]:
    """What the map can be coloured by."""
    return {
        "waiting": _("Chưa trả lời"), "difficulties": _("Số vướng mắc"), "changed": _("Số loại khác sổ"),
        "money": _("Kinh phí cần (triệu đồng)"), "short": _("Thiếu so với định mức"),
    }  # fmt: skip


def mapped(person: Person, its: Round, params: Mapping[str, str]) -> dict[str, Any]:
    """The map of one figure of the units, which the address names, and what else can be chosen. One query."""
    known, kinds = metrics(), {code: said.called(kind) for code, kind in catalogue().items()}
    metric = params.get("metric", "")
    metric = metric if metric in known else "waiting"
    kind = params.get("of", "")
    kind = kind if kind in kinds else "computer"
    values = report.by_unit(person, its, metric, kind)
    return {
        "metric": metric, "metrics": known, "of": kind, "kinds": kinds, "places": 0,
        "title": f"{known[metric]}: {kinds.get(kind, kind)}" if metric == "short" else known[metric],
        "drawing": coloured(its, values, metric),
    }  # fmt: skip


def coloured(its: Round, values: Mapping[str, Decimal | None], metric: str) -> Drawing:
    """The schematic map of the province, each unit a link to its answer."""
    names = all_names(its.units)
    scale = said.MILLION if metric == "money" else Decimal(1)
    shown = {code: None if value is None else float(value / scale) for code, value in values.items()}
    told = {
        code: said.amount(round(Decimal(str(value)), 1)) for code, value in shown.items() if value is not None
    }
    bare = {
        code: name.removeprefix("Công an đặc khu ").removesuffix(" special zone police")
        for code, name in names.items()
    }
    drawn = drawing(
        kept(its.province, Path(settings.HOME) / "maps"),
        shown,
        zero_apart=True,
        titles={code: f"{name}: {told.get(code, _('chưa trả lời'))}" for code, name in names.items()},
        urls={code: reverse("rounds:answer", args=[assessment_id(its.id, code)]) for code in its.units},
        marks={} if metric == "waiting" else told,
        names=bare,
    )
    return replace(drawn, legend=()) if metric == "waiting" else drawn


def late_url(its: Round) -> str:
    """The units of a round that are late."""
    return f"{reverse('rounds:id', args=[its.id])}?{urlencode({'state': 'late'})}"


def day_words(day: date) -> str:
    """`21/11/2026`."""
    return f"{day:%d/%m/%Y}"
