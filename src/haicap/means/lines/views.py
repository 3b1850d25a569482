"""Data lines as people see them: the list, units without one, one line with what was measured, a new one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from haicap.clocks.wall import day_of
from haicap.journal.pen import Pen, writing
from haicap.matters.queries import person_names, told
from haicap.matters.showing import Names
from haicap.means.lines import actions, queries, showing
from haicap.means.lines.actions import WRITE
from haicap.means.lines.fold import Circuit
from haicap.means.lines.forms import EndForm, TermsForm
from haicap.means.lines.models import CircuitRow
from haicap.means.places import recorded_for, units_of
from haicap.means.premises.pages import FAULTS, blame
from haicap.means.premises.queries import sites_of
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.names import unit_names
from haicap.units.once import Once
from haicap.units.queries import unit_now
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50
LIST = "lines:list"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the list shows it."""

    row: CircuitRow
    unit: str
    kind: str
    rates: str
    quality: tuple[str, str]
    worst: str
    until: tuple[str, str]
    cost: str
    service: tuple[str, str]


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """Lines that fit the address, and how they do."""
    person, at, params = request.person, timezone.now(), request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    rows = queries.filtered(person, params, at=at)
    ordered = queries.in_order(rows, params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), exported(ordered, at), _("Đường truyền"))
    page, kinds = Paginator(ordered, PER_PAGE).get_page(params.get("page")), showing.kinds()
    context = {
        "page": page, "lines": [_line(row, kinds, at) for row in page], "filters": filters(person),
        "tabs": tabs(person, LIST), "figures": figures(queries.totals(rows, at), params),
        "without": queries.without(person, "", day_of(at)).count(), "may_record": person.may(WRITE), "now": at,
        "unit": params.get("unit", ""),
    }  # fmt: skip
    return render(request, "lines/list.html", context)


def _line(row: CircuitRow, kinds: Mapping[str, str], at: datetime) -> Line:
    return Line(
        row, unit_names([row.unit]).get(row.unit, row.unit), kinds.get(row.kind, row.kind),
        f"{showing.plain(row.down)} / {showing.plain(row.up)}", showing.quality(row, at), showing.percent(row.worst),
        showing.until_words(row.until, day_of(at)), showing.short_money(row.cost), showing.service(row, at),
    )  # fmt: skip


def figures(its: queries.Totals, params: Mapping[str, str]) -> list[tuple[object, str, str, str]]:
    """Number, words, the list of exactly these, and how the figure is drawn."""
    kept = {name: value for name, value in params.items() if value and name in {*queries.NARROWING, "state"}}

    def address(**more: str) -> str:
        return f"{reverse(LIST)}?{urlencode(kept | more)}"

    return [
        (its.lines, _("đường truyền"), "", "plain"),
        (its.half, _("dưới một nửa hợp đồng"), address(quality="half"), "late"),
        (its.below, _("dưới mức hợp đồng"), address(quality="below"), "soon"),
        (its.unsteady, _("hay mất (dưới 99 % thời gian)"), address(service="below"), "soon"),
        (its.unmeasured, _("chưa đo, lâu chưa đo"), address(quality="unmeasured"), "plain"),
        (its.soon, _("hợp đồng hết trong 60 ngày"), address(contract="soon"), "soon"),
        (showing.short_money(its.cost) or "0", _("cước một tháng"), "", "plain"),
    ]


def filters(person: Person) -> list[dict[str, Any]]:
    """The filter bar."""
    quality = [
        ("half", _("dưới một nửa hợp đồng")), ("below", _("dưới 90 % hợp đồng")), ("well", _("đạt")),
        ("unmeasured", _("chưa đo, lâu chưa đo")),
    ]  # fmt: skip
    service = [
        ("poor", _("dưới 95 % thời gian")), ("below", _("dưới 99 % thời gian")), ("steady", _("từ 99 % thời gian")),
        ("unwatched", _("chưa có máy theo dõi")),
    ]  # fmt: skip
    contract = [
        ("soon", _("hết trong 60 ngày")),
        ("over", _("đã hết, vẫn chạy")),
        ("open", _("không hạn định")),
    ]
    bar: list[dict[str, Any]] = [
        {"name": "q", "label": _("Có chữ"), "type": "search"},
        {"name": "provider", "label": _("Nhà cung cấp"), "options": [(it, it) for it in queries.providers(person)]},
        {"name": "kind", "label": _("Loại đường"), "options": list(showing.kinds().items())},
        {"name": "quality", "label": _("Chất lượng đo"), "options": quality},
        {"name": "service", "label": _("Thông suốt"), "options": service},
        {"name": "contract", "label": _("Hợp đồng"), "options": contract},
        {"name": "state", "label": _("Đang dùng"), "options": [("ended", _("đã thôi")), ("all", _("tất cả"))]},
    ]  # fmt: skip
    if wide := units_of(person, "means.see"):
        bar.insert(1, {"name": "unit", "label": _("Đơn vị"), "options": wide})
    return bar


def columns() -> list[Column]:
    """What a list that is taken away holds."""
    return [
        Column("unit", _("Đơn vị"), 30), Column("provider", _("Nhà cung cấp"), 22),
        Column("number", _("Mã đường truyền"), 20), Column("kind", _("Loại đường"), 22),
        Column("medium", _("Truyền bằng"), 14), Column("down", _("Tải xuống (Mbit/s)"), 12, "number"),
        Column("up", _("Tải lên (Mbit/s)"), 12, "number"), Column("since", _("Từ ngày"), 12, "date"),
        Column("until", _("Hợp đồng đến hết ngày"), 14, "date"), Column("ended", _("Thôi dùng từ ngày"), 14, "date"),
        Column("cost", _("Cước một tháng (đồng)"), 16, "number"), Column("paper", _("Số, ngày hợp đồng"), 22),
        Column("share", _("Đo được so với hợp đồng, trung vị (%)"), 14, "number"),
        Column("worst", _("Thấp nhất (%)"), 12, "number"), Column("measures", _("Số lần đo"), 10, "number"),
        Column("measured", _("Đo lần cuối"), 18, "moment"),
        Column("available", _("Thông suốt trong 30 ngày (%)"), 14, "number"),
        Column("outages", _("Số lần mất"), 10, "number"), Column("down_minutes", _("Phút mất"), 10, "number"),
        Column("watched", _("Máy theo dõi đến"), 18, "moment"),
    ]  # fmt: skip


def exported(rows: QuerySet[CircuitRow], at: datetime) -> Iterable[dict[str, object]]:
    """The rows as they are taken away."""
    kinds, media = showing.kinds(), showing.media()
    own = (
        "provider", "number", "down", "up", "since", "until", "ended", "cost", "share", "worst", "measures", "measured",
        "available", "outages", "down_minutes", "watched",
    )  # fmt: skip
    for row in rows:
        now = queries.circuit_of(row).now
        yield {name: getattr(row, name) for name in own} | {
            "unit": unit_names([row.unit]).get(row.unit, row.unit), "kind": kinds.get(row.kind, row.kind),
            "medium": media.get(now.medium, now.medium), "paper": now.paper,
        }  # fmt: skip


@require_safe
@signed_in
def without(request: Request) -> HttpResponse:
    """The units that have no line, of one kind or at all."""
    person, params = request.person, request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    rows = queries.without(person, params.get("kind", ""), today())
    if (form := params.get("format", "")) in FORMS:
        its = [Column("code", _("Mã"), 12), Column("unit", _("Đơn vị"), 40)]
        names = unit_names(rows.values_list("code", flat=True))
        return taken_away(
            form, its, ({"code": k, "unit": v} for k, v in names.items()), _("Chưa có đường truyền")
        )
    page = Paginator(rows.only("code", "name", "name_en", "province"), PER_PAGE).get_page(params.get("page"))
    names = unit_names([row.code for row in page])
    context = {
        "page": page, "lines": [(row.code, names.get(row.code, row.code)) for row in page], "tabs": tabs(person, LIST),
        "filters": [{"name": "kind", "label": _("Loại đường"), "options": list(showing.kinds().items())}],
        "writes": {code for code, _name in recorded_for(person, WRITE)},
    }  # fmt: skip
    return render(request, "lines/without.html", context)


def found(request: Request, subject: UUID) -> tuple[CircuitRow, Circuit, bool]:
    """The line, and whether the person records for its unit. Raises `Http404` also where it is merely not seen."""
    row = queries.one(request.person, subject)
    if row is None:
        raise Http404
    writes = decide(request.person, WRITE, Scope.of(row.unit)).allowed
    return row, queries.circuit_of(row), writes


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """A line: what is contracted, what was measured, its history."""
    row, circuit, writes = found(request, subject)
    at, entries = timezone.now(), told(subject)
    names = Names(unit_names([circuit.unit]), person_names({entry.actor for entry in entries}))
    sites = dict(sites_of(request.person, circuit.unit)) if circuit.site else {}
    context = {
        "row": row, "circuit": circuit, "writes": writes and circuit.ended is None, "may_explain": writes,
        "unit": names.unit(circuit.unit),
        "kind": showing.kinds().get(row.kind, row.kind), "facts": _facts(circuit, day_of(at)),
        "site": (circuit.site, sites[circuit.site]) if circuit.site in sites else None,
        "quality": showing.quality(row, at), "share": showing.percent(row.share), "worst": showing.percent(row.worst),
        "service": circuit.service, "steady": showing.service(row, at), "outages": showing.outages(circuit),
        "down": showing.length(circuit.service.down) if circuit.service else "",
        "drawing": showing.drawing(circuit), "days": showing.days(circuit),
        "before": [showing.terms_words(it) for it in circuit.terms[-2::-1]],
        "events": showing.events(entries, names), "tabs": tabs(request.person, LIST),
        "ended": showing.reasons()[circuit.ended.why] if circuit.ended else "", "now": at,
    }  # fmt: skip
    return render(request, "lines/one.html", context)


def _facts(circuit: Circuit, day: date) -> list[tuple[str, str]]:
    now = circuit.now
    return [
        (_("Nhà cung cấp"), now.provider), (_("Mã đường truyền"), now.number),
        (_("Truyền bằng"), showing.media()[now.medium]), (_("Tải xuống / tải lên"), showing.rates(now)),
        (_("Từ ngày"), f"{now.since:%d/%m/%Y}"), (_("Hợp đồng đến hết ngày"), showing.until_words(now.until, day)[1]),
        (_("Cước một tháng"), showing.money(now.cost)), (_("Số, ngày hợp đồng"), now.paper),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """A new line of a unit for which the person records."""
    person, choices = request.person, recorded_for(request.person, WRITE)
    if not choices:
        raise Http404
    codes = [code for code, _name in choices]
    wanted = request.POST.get("unit") or request.GET.get("unit", "")
    unit_code = wanted if wanted in codes else codes[0]
    form = TermsForm(
        request.POST or None, units=choices, sites=sites_of(person, unit_code), initial={"unit": unit_code},
        providers=queries.providers(person),
    )  # fmt: skip
    if form.is_valid():
        entry_id: UUID = form.cleaned_data["entry_id"]
        subject = uuid5(entry_id, "circuit")
        unit = unit_now(form.cleaned_data["unit"])
        try:
            with writing(person, at=timezone.now(), subjects=[subject], units=[unit.code]) as pen:
                actions.contract(
                    pen, entry_id=entry_id, subject=subject, unit=unit, terms=form.terms,
                    site=form.cleaned_data["site"],
                )  # fmt: skip
            return redirect("lines:id", subject)
        except FAULTS as fault:
            blame(form, fault)
    return _form_page(request, form, _("Ghi đường truyền"), None)


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a line: its words, the form it asks, and the doing."""

    title: Any
    form: Callable[[Request, Circuit], Once]
    do: Callable[[Pen, UUID, Any], object]


def _change(pen: Pen, subject: UUID, form: TermsForm) -> object:
    return actions.change(pen, entry_id=form.cleaned_data["entry_id"], subject=subject, terms=form.terms)


def _correct(pen: Pen, subject: UUID, form: TermsForm) -> object:
    its = form.cleaned_data
    return actions.correct(
        pen,
        entry_id=its["entry_id"],
        subject=subject,
        terms=form.terms,
        site=its["site"],
        reason=its["reason"],
    )


def _end(pen: Pen, subject: UUID, form: EndForm) -> object:
    return actions.end(pen, subject=subject, **form.cleaned_data)


ACTS: Mapping[str, Act] = {
    "change": Act(
        gettext_lazy("Đổi hợp đồng"),
        lambda request, its: TermsForm(
            request.POST or None, its=its, initial={"since": today(), "until": None, "paper": ""},
            providers=queries.providers(request.person),
        ),
        _change,
    ),
    "correct": Act(
        gettext_lazy("Đính chính hợp đồng"),
        lambda request, its: TermsForm(
            request.POST or None, its=its, mends=True, sites=sites_of(request.person, its.unit),
            providers=queries.providers(request.person),
        ),
        _correct,
    ),
    "end": Act(
        gettext_lazy("Thôi dùng đường truyền"),
        lambda request, its: EndForm(request.POST or None, today=today()),
        _end,
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def act(request: Request, subject: UUID, name: str) -> HttpResponse:
    """The form of an act; sent, it is done and the line is shown."""
    _row, circuit, writes = found(request, subject)
    doing = ACTS.get(name)
    if doing is None or not writes or circuit.ended is not None:
        raise Http404
    form = doing.form(request, circuit)
    if form.is_valid():
        try:
            at = timezone.now()
            with writing(request.person, at=at, subjects=[subject], units=[circuit.unit]) as pen:
                doing.do(pen, subject, form)
            messages.success(request, _("Đã ghi."))
            return redirect("lines:id", subject)
        except FAULTS as fault:
            blame(form, fault)
    return _form_page(request, form, str(doing.title), circuit)


def _form_page(request: Request, form: Once, title: str, circuit: Circuit | None) -> HttpResponse:
    context = {
        "form": form, "title": title, "circuit": circuit, "providers": getattr(form, "providers", []),
        "danger": isinstance(form, EndForm),
    }  # fmt: skip
    return render(request, "lines/act.html", context, status=422 if form.is_bound else 200)
