"""The room's overview: what one unit has against the norms, and where units of a province are short."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.means import overview, words
from haicap.means.catalogue.queries import catalogue
from haicap.means.norms.facts import LEVELS, Ground
from haicap.means.norms.fold import Figure
from haicap.means.norms.reckoning import Gap, Lack, with_officers, within
from haicap.means.overview import SEE, Line, Sum
from haicap.means.owing import place_of
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units import queries
from haicap.units.models import UnitRow
from haicap.units.names import unit_names
from haicap.units.rights import Person, Scope, decide, reach
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50
TABLES = ("kinds", "units", "each")


@require_safe
@signed_in
def entry(request: Request) -> HttpResponse:
    """The room's front door: one's own unit, or the gaps of all that one reaches."""
    person = request.person
    if not person.may(SEE):
        raise Http404
    return redirect("means:gaps" if wide(person) else "means:unit")


@require_safe
@signed_in
def owed(request: Request, subject: UUID, place: int = 0) -> HttpResponse:
    """Where the list of all that is owed leads to: the page of the subject, in whatever part of this room it is."""
    address = place_of(request.person, subject)
    if address is None:
        raise Http404
    return redirect(address)


def wide(person: Person) -> bool:
    """Whether the person sees the means of more than own units."""
    its = reach(person, SEE)
    return its.everywhere or bool(its.provinces)


@require_safe
@signed_in
def unit(request: Request) -> HttpResponse:
    """A unit's means by family: should, has, fit, short, money, and by which norm; `?unit=`, else one's own."""
    person, params, day = request.person, request.GET.dict(), today()
    row = seen_unit(person, params.get("unit") or person.unit)
    if row.level not in LEVELS:
        return redirect(overview.address({"province": row.code} if row.level == "province" else {}))
    narrowed = {name: params.get(name, "") for name in ("family", "state")} | {"unit": row.code}
    found = overview.filtered(person, narrowed, day)
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), exported(overview.lines(found)), row.name)
    its = next((it for _place, units in with_officers(within(person, [row.code]), day) for it in units), None)
    shown = overview.with_requests(person, overview.lines(found), timezone.now())
    context = {
        "row": row, "tabs": tabs(person, "means:unit"), "families": overview.by_family(shown),
        "figures": figures(found, {"unit": row.code}), "lacks": told(overview.lacks(person, narrowed, day)),
        "filters": filters(("family", "state")), "known": known(its),
    }  # fmt: skip
    return render(request, "means/unit.html", context)


def known(its: Ground | None) -> list[tuple[str, str, Figure | None]]:
    """What norms know of a unit: words, figure, and the statement that it is from."""
    said = words.facts()
    inputs = its.inputs.items() if its else ()
    return [
        (
            said[name],
            (_("có") if it else _("không")) if isinstance(it, bool) else words.amount(it),
            its.figures.get(name),
        )
        for name, it in inputs
        if its
    ]


def seen_unit(person: Person, code: str) -> UnitRow:
    """A unit whose means the person may see. Raises `Http404`, also where it is merely not to be seen."""
    row = queries.one(code)
    if row is None or not decide(person, SEE, Scope.of(code)).allowed:
        raise Http404
    return row


@require_safe
@signed_in
def gaps(request: Request) -> HttpResponse:
    """Where units are short, within one's reach: by kind, by unit, or each; counted in numbers and money."""
    person, params, day = request.person, request.GET.dict(), today()
    if not person.may(SEE):
        raise Http404
    by = params.get("by", "") if params.get("by") in TABLES else TABLES[0]
    base = {name: params.get(name, "") for name in ("unit", "province", "kind", "family", "norm", "state")}
    found = overview.filtered(person, base, day)
    its = table(found, by, base, params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        if by == "each":
            return taken_away(form, columns(), exported(overview.lines(its)), _("Thiếu hụt"))
        return taken_away(form, sum_columns(by), summed(its), _("Thiếu hụt"))
    lacks, page = overview.lacks(person, base, day), Paginator(its, PER_PAGE).get_page(params.get("page"))
    if by == "each":
        page.object_list = overview.with_requests(person, overview.lines(page.object_list), timezone.now())
    context = {
        "by": by, "page": page, "tabs": tabs(person, "means:gaps"),
        "views": views(base, by), "filters": filters(("family", "kind", "state"), person, base["unit"]),
        "figures": figures(found, base), "lacking": len({it.unit for it in lacks}), "lacks": told(lacks[:PER_PAGE]),
    }  # fmt: skip
    return render(request, "means/gaps.html", context)


def table(found: list[Gap], by: str, base: Mapping[str, str], sort: str) -> list[Any]:
    """What the lines of the table are made of, in order: gaps, or sums of them."""
    match by:
        case "each":
            return overview.each_in_order(found, sort)
        case "units":
            return overview.in_order(overview.by_unit(found, base), sort)
        case _:
            return overview.in_order(overview.by_kind(found, base), sort)


def views(base: Mapping[str, str], by: str) -> list[dict[str, Any]]:
    """The ways to look at the gaps, as tabs."""
    said = (("kinds", _("Theo loại")), ("units", _("Theo đơn vị")), ("each", _("Từng dòng")))
    return [
        {"label": label, "url": overview.address({**base, "by": code}), "current": code == by}
        for code, label in said
    ]


def figures(found: Iterable[Gap], base: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Value, words, the list that holds these, and kind, of the figures above the tables."""
    its = list(found)
    short = [it for it in its if it.short]
    units = {it.unit for it in short}
    url = overview.address({**base, "by": "each", "state": "short"})
    rows = [(words.amount(len(short)), _("Định mức chưa đạt"), url, "soon")]
    if not base.get("unit"):
        of_units = overview.address({**base, "by": "units", "state": "short"})
        rows.append((words.amount(len(units)), _("Đơn vị còn thiếu"), of_units, "soon"))
    of_kinds = overview.address({**base, "by": "kinds", "state": "short"})
    rows.append(
        (
            words.money(sum(it.money or 0 for it in short)),
            _("Tiền ước cần, theo giá danh mục (đồng)"),
            of_kinds,
            "",
        )
    )
    surplus = [it for it in its if it.surplus]
    over = overview.address({**base, "by": "each", "state": "surplus"})
    rows.append((words.amount(len(surplus)), _("Vượt định mức"), over, ""))
    return rows


def filters(names: Iterable[str], person: Person | None = None, unit: str = "") -> list[dict[str, Any]]:
    """The filter bar; `unit` is the one that is filtered by, whose name its chip says."""
    kinds = [(code, words.called(it)) for code, it in catalogue().items()]
    known: dict[str, dict[str, Any]] = {
        "family": {"name": "family", "label": _("Nhóm phương tiện"), "options": list(words.families().items())},
        "kind": {"name": "kind", "label": _("Loại"), "options": kinds},
        "state": {"name": "state", "label": _("Tình trạng"), "options": [
            ("short", _("Còn thiếu")), ("surplus", _("Vượt định mức")), ("met", _("Đủ")),
        ]},
    }  # fmt: skip
    found = [known[name] for name in names]
    if unit:
        found.insert(0, {"name": "unit", "label": _("Đơn vị"), "options": list(unit_names([unit]).items())})
    return found


def told(lacks: Iterable[Lack]) -> list[tuple[str, str, str, str]]:
    """What could not be worked out: code and name of the unit, the kind, and what is missing."""
    its, kinds = list(lacks), catalogue()
    names = unit_names({it.unit for it in its})
    return [
        (it.unit, names.get(it.unit, it.unit), words.called(kinds.get(it.kind), it.kind),
         words.lacking(it.facts) if it.facts else it.why)
        for it in its
    ]  # fmt: skip


def columns() -> list[Column]:
    """The columns of gaps taken away one by one; money in VND."""
    return [
        Column("unit", _("Đơn vị"), 34), Column("code", _("Mã đơn vị"), 12), Column("family", _("Nhóm"), 20),
        Column("kind", _("Loại"), 34), Column("measure", _("Đơn vị tính"), 12),
        Column("should", _("Định mức"), 12, "number"), Column("has", _("Đang có"), 12, "number"),
        Column("fit", _("Dùng được"), 12, "number"), Column("short", _("Thiếu"), 12, "number"),
        Column("surplus", _("Vượt"), 12, "number"), Column("money", _("Tiền ước cần (đồng)"), 20, "number"),
        Column("norm", _("Định mức số"), 20), Column("version", _("Bản"), 8, "number"),
        Column("inputs", _("Tính từ số liệu"), 44),
    ]  # fmt: skip


def exported(its: Iterable[Line]) -> Iterable[dict[str, object]]:
    """The lines as they are taken away."""
    families = words.families()
    for it in its:
        gap = it.gap
        yield {
            "unit": it.unit, "code": gap.unit, "family": families.get(it.family, "") if it.family else "",
            "kind": it.name, "measure": words.measure(it.kind), "should": gap.should, "has": gap.has, "fit": gap.fit,
            "short": gap.short, "surplus": gap.surplus, "money": gap.money, "norm": gap.code, "version": gap.version,
            "inputs": words.inputs(gap.inputs),
        }  # fmt: skip


def sum_columns(by: str) -> list[Column]:
    """The columns of sums by kind or by unit; of different kinds there is no sum but money."""
    name = _("Đơn vị") if by == "units" else _("Loại")
    other = _("Số loại còn thiếu") if by == "units" else _("Số đơn vị còn thiếu")
    counts = [] if by == "units" else [
        Column("should", _("Định mức"), 12, "number"), Column("fit", _("Dùng được"), 12, "number"),
        Column("short", _("Thiếu"), 12, "number"), Column("surplus", _("Vượt"), 12, "number"),
    ]  # fmt: skip
    return [
        Column("name", name, 36), Column("code", _("Mã"), 18), Column("short_in", other, 14, "number"), *counts,
        Column("money", _("Tiền ước cần (đồng)"), 20, "number"), Column("unpriced", _("Chưa có giá"), 12, "number"),
    ]  # fmt: skip


def summed(its: Iterable[Sum]) -> Iterable[dict[str, object]]:
    """The sums as they are taken away."""
    names = ("name", "code", "short_in", "should", "fit", "short", "surplus", "money", "unpriced")
    return ({name: getattr(it, name) for name in names} for it in its)
