"""Premises as people see them: the list, one site with its buildings and rooms, a new site, photos, the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haicap.journal.pen import writing
from haicap.means.places import recorded_for, units_of
from haicap.means.premises import queries, showing
from haicap.means.premises.fold import Site
from haicap.means.premises.forms import SiteForm
from haicap.means.premises.models import CONDITIONS, SiteRow, areas
from haicap.means.premises.pages import FAULTS, blame
from haicap.means.premises.recording import WRITE, record_site
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.names import unit_names
from haicap.units.queries import unit_now
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50
LIST = "premises:list"


@dataclass(frozen=True, slots=True)
class Line:
    """A site as the list shows it; `survey` is where the building that is worst off is looked at."""

    row: SiteRow
    site: Site
    unit: str
    floor: str
    land: str
    survey: str
    condition: tuple[str, str] | None  # tag and words
    title: str
    former: str
    fate: str
    money: str


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """Sites that fit the address, with what they come to."""
    person, params = request.person, request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    rows = queries.filtered(person, params)
    if (form := params.get("format", "")) in FORMS:
        found = queries.in_order(rows, params.get("sort", ""))
        return taken_away(form, columns(), exported(found), _("Trụ sở"))
    totals = queries.totals(rows)
    page = Paginator(queries.in_order(rows, params.get("sort", "")), PER_PAGE).get_page(params.get("page"))
    context = {
        "page": page, "lines": [_line(row, person) for row in page], "filters": filters(person),
        "tabs": tabs(person, LIST), "figures": figures(totals), "spaces": spaces(totals.spaces, params),
        "may_record": person.may(WRITE), "asked": bool(_asked(params)), "unit": params.get("unit", ""),
    }  # fmt: skip
    return render(request, "premises/list.html", context)


def _asked(params: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in params.items() if name in queries.NARROWING and value}


def _line(row: SiteRow, person: Person | None = None) -> Line:
    site, words = queries.site_of(row), showing.conditions()
    found = CONDITIONS[row.condition] if row.condition is not None else None
    writes = person is not None and decide(person, WRITE, Scope.of(row.holder)).allowed
    return Line(
        row, site, unit_names([row.holder]).get(row.holder, row.holder), showing.square(row.floor),
        showing.square(row.land), _next_survey(site) if writes else "",
        (showing.TAGS[found], words[found]) if found else None, showing.titles().get(row.title, ""),
        showing.levels().get(row.former or "", ""), showing.fates().get(row.fate or "", ""),
        showing.short_money(row.estimate),
    )  # fmt: skip


def _next_survey(site: Site) -> str:
    """The address of the form for the building that was looked at longest ago, or never; empty without buildings."""
    if not site.standing:
        return ""
    first = min(site.standing, key=lambda it: it.newest.said.on if it.newest else date.min)
    return f"{reverse('premises:survey', args=[site.id])}?building={first.its.code}"


def figures(its: queries.Totals) -> list[tuple[object, str]]:
    """What the listed sites come to, in words."""
    its_all: list[tuple[object, str]] = [
        (its.sites, _("trụ sở")), (showing.square(its.floor), _("diện tích sàn")),
        (showing.square(its.land), _("diện tích đất")),
    ]  # fmt: skip
    return [*its_all, (showing.short_money(its.estimate), _("ước sửa chữa"))] if its.estimate else its_all


def spaces(its: Mapping[str, tuple[Decimal, Decimal]], params: Mapping[str, str]) -> list[dict[str, Any]]:
    """m² by use of rooms, each with the list of the sites that have it, in the order in which uses are listed."""
    kept = {name: value for name, value in _asked(params).items() if name != "space"}
    base = reverse(LIST)
    return [
        {
            "code": code,
            "label": words,
            "all": showing.square(its[code][0]),
            "fit": showing.square(its[code][1]) if its[code][1] != its[code][0] else "",
            "url": f"{base}?{'&'.join(f'{k}={v}' for k, v in (kept | {'space': code}).items())}",
        }
        for code, words in showing.room_uses().items()
        if code in its
    ]


def filters(person: Person) -> list[dict[str, Any]]:
    """The filter bar."""
    never = [(queries.NEVER, _("có nhà chưa khảo sát"))]
    former = [("any", _("mọi cấp")), *showing.levels().items()]
    bar: list[dict[str, Any]] = [
        {"name": "q", "label": _("Có chữ"), "type": "search"},
        {"name": "condition", "label": _("Tình trạng xấu nhất"), "options": [*showing.conditions().items(), *never]},
        {"name": "use", "label": _("Ai dùng"), "options": list(showing.uses_by_others().items())},
        {"name": "title", "label": _("Giấy tờ đất"), "options": list(showing.titles().items())},
        {"name": "former", "label": _("Trụ sở cũ của"), "options": former},
        {
            "name": "fate", "label": _("Xử lý trụ sở cũ"),
            "options": [("undecided", _("chưa quyết định")), *showing.fates().items()],
        },
        {"name": "space", "label": _("Có phòng dùng làm"), "options": list(showing.room_uses().items())},
        {"name": "waiting", "label": _("Bàn giao"), "options": [("1", _("chờ ký nhận"))]},
    ]  # fmt: skip
    if wide := units_of(person, "means.see"):
        bar.insert(1, {"name": "unit", "label": _("Đơn vị"), "options": wide})
    return bar


def columns() -> list[Column]:
    """What a list that is taken away holds."""
    return [
        Column("unit", _("Đơn vị"), 30), Column("name", _("Trụ sở"), 34), Column("address", _("Địa chỉ hiện nay"), 40),
        Column("old_address", _("Địa chỉ cũ"), 34), Column("land", _("Đất (m²)"), 12, "number"),
        Column("title", _("Giấy tờ đất"), 22), Column("certificate", _("Số giấy chứng nhận"), 20),
        Column("owner", _("Đứng tên sử dụng đất"), 26), Column("planning", _("Quy hoạch"), 24),
        Column("buildings", _("Số nhà"), 8, "number"), Column("floor", _("Sàn (m²)"), 12, "number"),
        *(Column(f"space.{code}", f"{words} (m²)", 14, "number") for code, words in showing.room_uses().items()),
        Column("condition", _("Tình trạng xấu nhất"), 18), Column("surveyed", _("Khảo sát lâu nhất"), 14, "date"),
        Column("estimate", _("Ước sửa chữa (đồng)"), 18, "number"), Column("use", _("Ai dùng"), 22),
        Column("former", _("Trụ sở cũ của"), 22), Column("former_unit", _("Tên đơn vị cũ"), 28),
        Column("fate", _("Xử lý trụ sở cũ"), 24),
    ]  # fmt: skip


def exported(rows: QuerySet[SiteRow]) -> Iterable[dict[str, object]]:
    """The rows as they are taken away."""
    for row in rows:
        line = _line(row)
        its, land = line.site.details, line.site.details.land
        uses = [
            words for name, words in showing.uses_by_others().items() if name != "own" and getattr(row, name)
        ]
        yield {
            "unit": line.unit, "name": row.name, "address": its.address, "old_address": its.old_address,
            "land": row.land, "title": line.title, "certificate": land.certificate, "owner": land.owner,
            "planning": land.planning, "buildings": row.buildings, "floor": row.floor,
            "condition": line.condition[1] if line.condition else "", "surveyed": row.surveyed,
            "estimate": row.estimate or None, "use": ", ".join(uses), "former": line.former,
            "former_unit": its.former.unit if its.former else "", "fate": line.fate,
            **{f"space.{code}": area for code, area in _spaces_of(line.site).items()},
        }  # fmt: skip


def _spaces_of(site: Site) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for building in site.standing:
        if site.fate_of(building.its.code) != "empty":
            for code, area in areas(building).items():
                found[code] = found.get(code, Decimal()) + area
    return found


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """A new site of a unit for which the person records."""
    person = request.person
    choices = recorded_for(person, WRITE)
    if not choices:
        raise Http404
    wanted = request.GET.get("unit", "")
    form = SiteForm(request.POST or None, units=choices, unit=wanted or choices[0][0])
    if form.is_valid():
        entry_id: UUID = form.cleaned_data["entry_id"]
        subject = uuid5(entry_id, "site")
        unit = unit_now(form.cleaned_data["unit"])
        try:
            with writing(person, at=timezone.now(), subjects=[subject], units=[unit.code]) as pen:
                record_site(pen, entry_id=entry_id, subject=subject, unit=unit, details=form.details)
            return redirect("premises:id", subject)
        except FAULTS as fault:
            blame(form, fault)
    context = {"form": form, "title": _("Ghi trụ sở"), "tabs": tabs(person, LIST)}
    return render(request, "premises/act.html", context, status=422 if form.is_bound else 200)
