"""Requests for means: the list with its money, one request beside its gap, and the button that begins one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haicap.matters.law import law
from haicap.matters.queries import matter_of, steps_for
from haicap.matters.queries import one as one_matter
from haicap.matters.showing import in_words
from haicap.means import words
from haicap.means.catalogue.queries import catalogue
from haicap.means.needs import asking, queries, showing
from haicap.means.needs.queries import STATES, Need
from haicap.means.norms.reckoning import Gap, gaps
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.names import unit_names
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A request as the list shows it, with its gap of today."""

    its: Need
    unit: str
    kind: str
    measure: str
    state: tuple[str, str]
    gap: Gap | None
    closed: tuple[str, str]


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """Requests that fit the address, and the money asked for, promised and given."""
    person, at, params = request.person, timezone.now(), request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    rows = queries.in_order(queries.filtered(person, params, at=at), params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), exported(lines(person, queries.needs(rows), at)), _("Các đề nghị"))
    page = Paginator(rows.only(*queries.COLUMNS), PER_PAGE).get_page(params.get("page"))
    base = {
        name: params.get(name, "") for name in ("q", "unit", "province", "kind", "family", "status", "open")
    }
    context = {
        "page": page, "lines": lines(person, queries.needs(page.object_list), at), "now": at,
        "figures": figures(queries.totals(rows), base), "filters": filters(at, base["unit"]),
        "tabs": tabs(person, "needs:list"),
    }  # fmt: skip
    return render(request, "needs/list.html", context)


def lines(person: Person, its: list[Need], at: datetime) -> list[Line]:
    """Requests with their words and the gaps of today, in a few queries."""
    kinds, names = catalogue(), unit_names({it.unit for it in its})
    found = gaps_of(person, its)
    said = showing.states(law(), at)
    return [
        Line(
            it, names.get(it.unit, it.unit), words.called(kinds.get(it.kind), it.what),
            words.measure(kinds.get(it.kind)), showing.tag(it, said),
            found.get((it.unit, it.kind)), showing.gap_words(found.get((it.unit, it.kind))),
        )
        for it in its
    ]  # fmt: skip


def gaps_of(person: Person, its: Iterable[Need]) -> dict[tuple[str, str], Gap]:
    """The gaps of today of the units that asked, by unit and kind."""
    units = {it.unit for it in its}
    return {(it.unit, it.kind): it for it in gaps(person, units, today())} if units else {}


def figures(its: queries.Total, base: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Value, words, the list that holds these, and kind."""
    return [
        (words.amount(its.n), _("Các đề nghị"), queries.address(base), ""),
        (words.money(its.asked), _("Đã đề nghị (đồng)"), queries.address({**base, "money": "asked"}), ""),
        (
            words.money(its.promised),
            _("Đã đồng ý (đồng)"),
            queries.address({**base, "money": "promised"}),
            "",
        ),
        (
            words.money(its.granted),
            _("Chính quyền đã cấp (đồng)"),
            queries.address({**base, "money": "promised"}),
            "",
        ),
        (words.money(its.given), _("Đã chi (đồng)"), queries.address({**base, "money": "given"}), "well"),
    ]


def filters(at: datetime, unit: str = "") -> list[dict[str, Any]]:
    """The filter bar of the list."""
    known, kinds = law(), catalogue()
    states = showing.states(known, at)
    found: list[dict[str, Any]] = [
        {"name": "q", "label": _("Có chữ hoặc số"), "type": "search"},
        {
            "name": "family",
            "label": _("Nhóm phương tiện"),
            "options": list(showing.families(known, at).items()),
        },
        {
            "name": "kind",
            "label": _("Loại"),
            "options": [(code, words.called(it)) for code, it in kinds.items()],
        },
        {"name": "status", "label": _("Trạng thái"), "options": [(code, states[code]) for code in STATES]},
        {"name": "open", "label": _("Đang mở"), "options": [("1", _("Chưa xong")), ("0", _("Đã xong"))]},
    ]
    if unit:
        found.insert(1, {"name": "unit", "label": _("Đơn vị"), "options": list(unit_names([unit]).items())})
    return found


def columns() -> list[Column]:
    """What the list holds when it is taken away; sums in VND."""
    return [
        Column("number", _("Số"), 22), Column("unit", _("Đơn vị"), 34), Column("kind", _("Loại"), 30),
        Column("count", _("Đề nghị"), 10, "number"), Column("agreed", _("Đồng ý"), 10, "number"),
        Column("given", _("Đã cấp"), 10, "number"), Column("arrived", _("Đã nhận"), 10, "number"),
        Column("state", _("Trạng thái"), 30), Column("received", _("Ngày đề nghị"), 18, "moment"),
        Column("money", _("Tiền đề nghị (đồng)"), 20, "number"),
        Column("money_agreed", _("Tiền đồng ý (đồng)"), 20, "number"),
        Column("money_granted", _("Chính quyền cấp (đồng)"), 20, "number"),
        Column("money_given", _("Đã chi (đồng)"), 20, "number"), Column("norm", _("Định mức"), 26),
        Column("short", _("Còn thiếu hôm nay"), 12, "number"),
    ]  # fmt: skip


def exported(its: Iterable[Line]) -> Iterable[dict[str, object]]:
    """The requests as they are taken away."""
    own = ("number", "count", "agreed", "given", "arrived", "received", "money", "money_agreed", "money_granted",
           "money_given", "norm")  # fmt: skip
    for it in its:
        yield {name: getattr(it.its, name) for name in own} | {
            "unit": it.unit, "kind": it.kind, "state": it.state[1], "short": it.gap.short if it.gap else None,
        }  # fmt: skip


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """One request beside its gap: what was asked, agreed, given, what is recorded for it, and what is next."""
    person, at = request.person, timezone.now()
    its = queries.one(person, subject, at=at)
    row = one_matter(person, subject) if its else None
    if its is None or row is None:
        raise Http404
    (line,) = lines(person, [its], at)
    matter = matter_of(row)
    steps = steps_for(person, matter, law().pinned(matter.edition))
    things = list(queries.things_of(person, its).only("code", "name", "count", "since")[:50])
    writes = decide(person, "means.write", Scope.of(its.unit)).allowed and its.unit in person.units
    records = writes and its.family in ("equipment", "vehicle") and its.status in queries.GIVEN
    left = max(0, (its.given or its.count) - sum(it.count for it in things))
    recorded = {"kind": its.kind, "count": left, "request": its.id}
    context = {
        "line": line, "its": its, "tabs": tabs(person, "needs:list"), "things": things, "now": at,
        "facts": matter.facts, "steps": [(step.code, in_words(step)) for step in steps if step.usual],
        "record_url": f"{reverse('things:new')}?{urlencode(recorded)}" if records and left else "",
    }  # fmt: skip
    return render(request, "needs/one.html", context)


@require_POST
@signed_in
def ask(request: Request, unit: str, kind: str) -> HttpResponse:
    """Begins the form of a request with what the gap says, and goes there."""
    person, at = request.person, timezone.now()
    its = catalogue().get(kind)
    gap = next((it for it in gaps(person, [unit], today()) if it.kind == kind), None)
    if its is None or gap is None:
        raise Http404
    if unit not in asking.asking_units(person, law(), at):
        raise PermissionDenied(_("Chức vụ của bạn không đề nghị thay đơn vị này."))
    if gap.short <= Decimal():
        return redirect(f"{reverse('means:unit')}?unit={unit}")
    before = queries.asked_for(person, [unit], at=at).get((unit, kind), [])
    entry_id = asking.begin(person, gap, its, len(before), at=at)
    return redirect(f"{reverse('matters:raise', args=[queries.PROCEDURE])}?draft={entry_id}")
