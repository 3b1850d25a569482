"""Norms as everybody reads them: the list, one norm in its versions, how its figure for one unit is worked out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.queries import person_names
from haicap.means import overview, words
from haicap.means.catalogue.actions import DIRECT
from haicap.means.catalogue.queries import catalogue
from haicap.means.norms import queries, reckoning, showing
from haicap.means.norms.facts import Ground
from haicap.means.norms.fold import Norm, Version, norms
from haicap.means.norms.models import NormRow
from haicap.means.norms.reckoning import Gap, Should
from haicap.means.tabs import tabs
from haicap.means.views import seen_unit
from haicap.papers.documents import render as printed
from haicap.papers.heads import head_of
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.models import UnitRow
from haicap.units.names import unit_names
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A norm as the list shows it; `last` is the last day on which it holds."""

    norm: Norm
    name: str
    kind: str
    whom: str
    formulas: list[showing.LineShown]
    issuer: str
    mark: tuple[str, str]
    state: tuple[str, str]
    last: date | None


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """All norms that fit the address."""
    person, params, day = request.person, request.GET.dict(), today()
    if not person.may("means.see"):
        raise Http404
    rows = queries.listed(person, params, day).only("state")
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), exported(lines(rows, day)), _("Sổ định mức"))
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    context = {
        "page": page, "lines": lines(page, day), "filters": filters(), "tabs": tabs(person, "norms:list"),
        "writes": person.may(DIRECT),
    }  # fmt: skip
    return render(request, "norms/list.html", context)


def lines(rows: QuerySet[NormRow] | Iterable[NormRow], day: date) -> list[Line]:
    """The norms as the table shows them; no query beside theirs."""
    its = [norms.form.validate_python(row.state, strict=False) for row in rows]
    kinds, units = catalogue(), unit_names(norm.now.issuer for norm in its)
    return [
        Line(
            norm, showing.called(norm.now), words.called(kinds.get(norm.now.means), norm.now.means),
            showing.for_units(norm.now), showing.lines(norm.now), units.get(norm.now.issuer, norm.now.issuer),
            mark(norm.now), state(norm, day), norm.until - timedelta(days=1) if norm.until else None,
        )
        for norm in its
    ]  # fmt: skip


def mark(version: Version) -> tuple[str, str]:
    """The sign and the words of how a rule is known."""
    return ("well" if version.mark == "verified" else "soon", words.marks()[version.mark])


def state(norm: Norm, day: date) -> tuple[str, str]:
    """The sign and the words of whether a norm holds on a day."""
    if norm.on(day) is not None:
        return "well", _("Đang áp dụng")
    if norm.now.since > day and not norm.withdrawn:
        return "hold", _("Chưa áp dụng")
    return "plain", _("Đã thôi áp dụng")


def filters() -> list[dict[str, Any]]:
    """The filter bar of the list."""
    kinds = [(code, words.called(it)) for code, it in catalogue().items()]
    states = [("in-force", _("Đang áp dụng")), ("ended", _("Đã thôi áp dụng"))]
    return [
        {"name": "q", "label": _("Có chữ hoặc số"), "type": "search"},
        {"name": "means", "label": _("Loại"), "options": kinds},
        {"name": "mark", "label": _("Căn cứ"), "options": list(words.marks().items())},
        {"name": "state", "label": _("Hiệu lực"), "options": states},
    ]


def columns() -> list[Column]:
    """What the list holds when it is taken away."""
    return [
        Column("code", _("Mã"), 20), Column("name", _("Tên định mức"), 36), Column("kind", _("Loại"), 28),
        Column("whom", _("Áp dụng cho"), 36), Column("formulas", _("Công thức"), 60),
        Column("rounding", _("Làm tròn"), 16), Column("rule", _("Căn cứ"), 60), Column("mark", _("Mức tin cậy"), 22),
        Column("issuer", _("Đơn vị ban hành"), 30), Column("version", _("Bản"), 8, "number"),
        Column("since", _("Áp dụng từ ngày"), 14, "date"), Column("last", _("Đến hết ngày"), 14, "date"),
    ]  # fmt: skip


def exported(its: Iterable[Line]) -> Iterable[dict[str, object]]:
    """The norms as they are taken away."""
    for it in its:
        now = it.norm.now
        yield {
            "code": it.norm.code, "name": it.name, "kind": it.kind, "whom": it.whom, "rule": now.rule,
            "formulas": "; ".join(f"{one.whom}: {one.formula}" for one in it.formulas), "mark": it.mark[1],
            "rounding": words.roundings()[now.rounding], "issuer": it.issuer, "version": len(it.norm.versions),
            "since": now.since, "last": it.last,
        }  # fmt: skip


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """One norm: what holds now, its versions, and what it comes to in units within one's reach."""
    person, day = request.person, today()
    norm = norm_of(person, subject)
    issuers, people = (
        unit_names(it.issuer for it in norm.versions),
        person_names(it.by for it in norm.versions),
    )
    found = [it for it in overview.filtered(person, {"kind": norm.now.means}, day) if it.norm == norm.id]
    base = {"kind": norm.now.means, "norm": norm.code}
    context = {
        "norm": norm, "name": showing.called(norm.now), "state": state(norm, day), "tabs": tabs(person, "norms:list"),
        "kind": words.called(catalogue().get(norm.now.means), norm.now.means), "may": may(person, norm),
        "versions": [
            (n, it, showing.lines(it), showing.for_units(it), mark(it), issuers.get(it.issuer, it.issuer),
             people.get(it.by, _("Hệ thống")))
            for n, it in reversed(list(enumerate(norm.versions, 1)))
        ],
        "last": norm.until - timedelta(days=1) if norm.until else None, "roundings": words.roundings(),
        "compared": found, "short": [it for it in found if it.short], "sample": overview.lines(found[:5]),
        "money": sum(it.money or 0 for it in found), "url": overview.address({**base, "by": "each"}),
        "short_url": overview.address({**base, "by": "each", "state": "short"}),
    }  # fmt: skip
    return render(request, "norms/one.html", context)


def norm_of(person: Person, subject: UUID) -> Norm:
    """The norm. Raises `Http404`."""
    norm = queries.one(subject)
    if norm is None or not person.may("means.see"):
        raise Http404
    return norm


def may(person: Person, norm: Norm) -> bool:
    """Whether the person may revise or withdraw it."""
    its = decide(person, DIRECT, Scope.of(norm.now.issuer)).allowed
    return its and not norm.withdrawn and (norm.province is not None or person.province is None)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A figure of one unit with all that its sheet says."""

    norm: Norm
    should: Should
    row: UnitRow
    ground: Ground
    gap: Gap | None
    measure: str

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Step by step."""
        return showing.steps(self.norm, self.should, self.ground, self.gap, self.measure)

    @property
    def version(self) -> Version:
        """The version that holds."""
        return self.norm.versions[self.should.version - 1]


@require_safe
@signed_in
def sheet(request: Request, subject: UUID, code: str) -> HttpResponse:
    """How a norm's figure for one unit is worked out: every input with its source, and every step."""
    its = reckoning_of(request.person, subject, code)
    kind = catalogue().get(its.should.kind)
    context = {
        "its": its, "norm": its.norm, "name": showing.called(its.version), "version": its.version, "row": its.row,
        "mark": mark(its.version), "unit": unit_names([code]).get(code, code),
        "tabs": tabs(request.person, "norms:list"),
        "kind": words.called(kind, its.should.kind),
        "issuer": unit_names([its.version.issuer]).get(its.version.issuer, its.version.issuer),
    }  # fmt: skip
    return render(request, "norms/sheet.html", context)


def reckoning_of(person: Person, subject: UUID, code: str) -> Reckoning:
    """What a norm in force gives for a unit today. Raises `Http404` where it gives nothing, or is not to be seen."""
    norm, row, day = norm_of(person, subject), seen_unit(person, code), today()
    province = row.province or ""
    ((_place, units),) = reckoning.with_officers({province: frozenset({code})}, day)
    found = (it for it in reckoning.reckon(reckoning.norms_of(province), units, day).shoulds.get(code, ()))
    should = next((it for it in found if it.norm == subject), None)
    if should is None:
        raise Http404
    gap = next((it for it in reckoning.gaps(person, [code], day) if it.norm == subject), None)
    return Reckoning(norm, should, row, units[0], gap, words.measure(catalogue().get(should.kind)))


@require_safe
@signed_in
def printed_sheet(request: Request, subject: UUID, code: str) -> HttpResponse:
    """The same on paper."""
    its, at = reckoning_of(request.person, subject, code), timezone.now()
    with translation.override("vi"):
        pdf = printed("listing", _paper(its, at, request.person))
    headers = {
        "Content-Disposition": f'inline; filename="{its.norm.code}-{code}.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(pdf, "application/pdf", headers=headers)


def _paper(its: Reckoning, at: Any, person: Person) -> Mapping[str, object]:
    version, last = its.version, its.should.version
    rows = tuple((str(n), what, gives) for n, (what, gives) in enumerate(its.steps, 1))
    return {
        "head": head_of(person.unit or its.row.code, at),
        "title": _("Phiếu tính định mức"),
        "summary": f"{version.vi}: {its.row.name}",
        "lines": (
            _("Định mức %(code)s, bản %(n)s, áp dụng từ %(day)s") % {
                "code": its.norm.code, "n": last, "day": f"{version.since:%d/%m/%Y}"
            },
            _("Căn cứ: %(rule)s (%(mark)s)") % {"rule": version.rule, "mark": words.marks()[version.mark]},
        ),
        "columns": (
            {"label": _("STT"), "width": 12}, {"label": _("Bước tính"), "width": 80}, {"label": _("Kết quả")},
        ),
        "groups": ({"rows": rows},),
        "synthetic": its.norm.synthetic,
    }  # fmt: skip
