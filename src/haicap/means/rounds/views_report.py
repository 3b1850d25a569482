"""The report of a round, on the screen and on paper, and the lists behind its figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.law import law
from haicap.matters.queries import unit_names
from haicap.means import words as said
from haicap.means.catalogue.queries import catalogue
from haicap.means.rounds import papers, queries, words
from haicap.means.rounds import report as reports
from haicap.means.rounds.fold import Round
from haicap.means.rounds.models import NamedRow, SaidRow
from haicap.means.rounds.views import mapped, seen
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in
from haicap.units.vietnamese import sort_key

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class KindShown:
    """A kind of the report with its name and measure."""

    it: reports.Kind
    name: str
    measure: str


def _whole(request: Request, subject: UUID) -> Round:
    """The round, for whoever sees all of its units. Raises `Http404`."""
    its = seen(request, subject)
    if not queries.whole(request.person, its):
        raise Http404
    return its


@require_safe
@signed_in
def report(request: Request, subject: UUID) -> HttpResponse:
    """Tables by kind and by difficulty, each figure a link to what it sums, the map, and what changed since before."""
    its, at = _whole(request, subject), timezone.now()
    person, params = request.person, request.GET.dict()
    found = reports.report(person, its)
    if (form := params.get("format", "")) in FORMS:
        return taken_away(
            form, _columns(), map(_exported, kinds_shown(found)), _("Báo cáo: %(name)s") % {"name": its.name}
        )
    context = {
        "tabs": tabs(person, "rounds:list"), "its": its, "now": at, "report": found, "kinds_shown": kinds_shown(found),
        "difficulties": [(words.difficulty_kinds(law(), at).get(it.sort, it.sort), it) for it in found.difficulties],
        "counts": queries.counts(person, [its.id], at=at).get(its.id, {}), "money": said.money(found.money),
        "changed": queries.lines(person, its, {"state": "changed"}).count(),
        "tag": ("plain", _("Đã đóng")) if its.closed else ("well", _("Đang mở")),
        **mapped(person, its, params | {"metric": params.get("metric", "") or "money"}),
    }  # fmt: skip
    return render(request, "rounds/report.html", context)


def kinds_shown(found: reports.Report) -> list[KindShown]:
    """The kinds of a report with their names; of which there is nothing at all, none."""
    kinds = catalogue()
    return [
        KindShown(it, said.called(kinds.get(it.sort), it.sort), said.measure(kinds.get(it.sort)))
        for it in found.kinds
        if it.record or it.said or it.should
    ]


def _columns() -> list[Column]:
    return [
        Column("name", _("Loại"), 36), Column("measure", _("Đơn vị tính"), 10),
        Column("units", _("Số đơn vị trả lời"), 12, "number"), Column("record", _("Theo sổ"), 12, "number"),
        Column("said", _("Đơn vị xác nhận"), 12, "number"), Column("fit", _("Dùng được"), 12, "number"),
        Column("should", _("Định mức"), 12, "number"), Column("short", _("Thiếu"), 12, "number"),
        Column("money", _("Kinh phí (đồng)"), 20, "number"),
        Column("change", _("Thay đổi"), 12, "number"),
        Column("money_change", _("Kinh phí thay đổi (đồng)"), 20, "number"),
    ]  # fmt: skip


def _exported(one: KindShown) -> dict[str, object]:
    names = ("units", "record", "said", "fit", "should", "short", "money", "change", "money_change")
    own = {name: getattr(one.it, name) for name in names}
    return own | {"name": one.name, "measure": one.measure}


@require_safe
@signed_in
def paper(request: Request, subject: UUID) -> HttpResponse:
    """The report on A4."""
    its, at = _whole(request, subject), timezone.now()
    found = reports.report(request.person, its)
    counts = queries.counts(request.person, [its.id], at=at).get(its.id, {})
    pdf = papers.report(request.person, its, found, counts, law=law(), at=at)
    return HttpResponse(
        pdf, "application/pdf", headers={"Content-Disposition": 'inline; filename="dot-danh-gia.pdf"'}
    )


@dataclass(frozen=True, slots=True)
class LineShown:
    """What a unit says of a kind, as lists show it."""

    row: SaidRow
    unit: str
    name: str


@require_safe
@signed_in
def lines(request: Request, subject: UUID) -> HttpResponse:
    """What units say by kind: what each figure of the report's first table sums."""
    its, params = seen(request, subject), request.GET.dict()
    rows = queries.lines(request.person, its, params)
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, _line_columns(), map(_line_exported, _lines_shown(rows)), its.name)
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    kinds = sorted(
        ((code, said.called(kind)) for code, kind in catalogue().items()), key=lambda it: sort_key(it[1])
    )
    states = {"changed": _("Khác sổ"), "short": _("Thiếu so với định mức")}
    context = {
        "tabs": tabs(request.person, "rounds:list"), "its": its, "page": page, "lines": _lines_shown(page),
        "filters": [
            *units_filter(request.person, its),
            {"name": "kind", "label": _("Loại"), "options": kinds},
            {"name": "state", "label": _("Tình trạng"), "options": list(states.items())},
        ],
    }  # fmt: skip
    return render(request, "rounds/lines.html", context)


def units_filter(person: Person, its: Round) -> list[dict[str, Any]]:
    """The choice of a unit, for those who see several of a round."""
    if not queries.whole(person, its):
        return []
    names = sorted(unit_names(its.units).items(), key=lambda it: sort_key(it[1]))
    return [{"name": "unit", "label": _("Đơn vị"), "options": names}]


def _lines_shown(rows: Iterable[SaidRow]) -> list[LineShown]:
    its, kinds = list(rows), catalogue()
    names = unit_names(row.unit for row in its)
    return [
        LineShown(row, names.get(row.unit, row.unit), said.called(kinds.get(row.sort), row.sort))
        for row in its
    ]


def _line_columns() -> list[Column]:
    return [
        Column("code", _("Mã"), 12), Column("unit", _("Đơn vị"), 36), Column("name", _("Loại"), 32),
        Column("record", _("Theo sổ"), 12, "number"), Column("record_fit", _("Dùng được theo sổ"), 12, "number"),
        Column("said", _("Đơn vị xác nhận"), 12, "number"), Column("fit", _("Dùng được"), 12, "number"),
        Column("should", _("Định mức"), 12, "number"), Column("short", _("Thiếu"), 12, "number"),
        Column("money", _("Kinh phí (đồng)"), 20, "number"), Column("note", _("Ghi chú"), 40),
    ]  # fmt: skip


def _line_exported(it: LineShown) -> dict[str, object]:
    names = ("record", "record_fit", "said", "fit", "should", "short", "money", "note")
    return {"code": it.row.unit, "unit": it.unit, "name": it.name} | {
        name: getattr(it.row, name) for name in names
    }


@dataclass(frozen=True, slots=True)
class NamedShown:
    """A difficulty as lists show it; `state` of its matter today."""

    row: NamedRow
    unit: str
    kind: str
    state: words.Tag


@require_safe
@signed_in
def difficulties(request: Request, subject: UUID) -> HttpResponse:
    """The difficulties that units name, in their places of priority, with how each stands today."""
    its, params, at = seen(request, subject), request.GET.dict(), timezone.now()
    rows = queries.difficulties(request.person, its, params)
    kinds = words.difficulty_kinds(law(), at)
    if (form := params.get("format", "")) in FORMS:
        shown = named_shown(request.person, rows, kinds)
        return taken_away(
            form, _named_columns(), map(_named_exported, shown), _("Vướng mắc: %(name)s") % {"name": its.name}
        )
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    context = {
        "tabs": tabs(request.person, "rounds:list"), "its": its, "page": page,
        "lines": named_shown(request.person, page, kinds),
        "filters": [
            *units_filter(request.person, its),
            {"name": "kind", "label": _("Nhóm"), "options": list(kinds.items())},
            {"name": "first", "label": _("Ưu tiên"), "options": [("1", _("Nêu đầu tiên"))]},
            {"name": "fresh", "label": _("Nguồn"), "options": [("1", _("Nêu mới trong đợt này"))]},
        ],
    }  # fmt: skip
    return render(request, "rounds/difficulties.html", context)


def named_shown(person: Person, rows: Iterable[NamedRow], kinds: Mapping[str, str]) -> list[NamedShown]:
    """Difficulties as lists show them. One query for how their matters stand."""
    its = list(rows)
    names = unit_names(row.unit for row in its)
    states = queries.standing(person, [row.matter for row in its])
    return [
        NamedShown(
            row, names.get(row.unit, row.unit), kinds.get(row.sort, row.sort), _state(states.get(row.matter))
        )
        for row in its
    ]


def _state(status: str | None) -> words.Tag:
    known = {
        "raised": ("soon", _("Chờ trả lời")), "answered": ("hold", _("Đã trả lời, chưa tháo gỡ")),
        "removed": ("done", _("Đã tháo gỡ")), "withdrawn": ("plain", _("Đơn vị đã rút")),
    }  # fmt: skip
    return known.get(status or "", ("plain", _("Đang theo dõi")))


def _named_columns() -> list[Column]:
    return [
        Column("code", _("Mã"), 12), Column("unit", _("Đơn vị"), 36), Column("place", _("Ưu tiên"), 8, "number"),
        Column("kind", _("Nhóm"), 28), Column("text", _("Nội dung"), 60), Column("count", _("Số lượng"), 10, "number"),
        Column("money", _("Kinh phí (đồng)"), 20, "number"), Column("number", _("Số việc"), 22),
        Column("state", _("Tình trạng hôm nay"), 22),
    ]  # fmt: skip


def _named_exported(it: NamedShown) -> dict[str, object]:
    own = {name: getattr(it.row, name) for name in ("place", "text", "money", "number")}
    count = int(it.row.count) if it.row.count.isdecimal() else None
    return own | {"code": it.row.unit, "unit": it.unit, "kind": it.kind, "count": count, "state": it.state[1]}
