"""What was asked of authorities: the list of authorities, the list of requests, and one authority for a meeting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.authorities import paper as papers
from haicap.matters.authorities import queries
from haicap.matters.authorities.models import OWN, AskedRow
from haicap.matters.queries import unit_names
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50
ON_ONE_PAGE = 200  # requests that the page of one authority shows at most


@dataclass(frozen=True, slots=True)
class Line:
    """A request as tables show it."""

    row: AskedRow
    kind: str
    state: tuple[str, str]  # the tag: kind and words
    asked_by: str
    late: bool


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """Every authority with what it was asked for, what it answered, and what it owes an answer to."""
    at, params = timezone.now(), request.GET.dict()
    its = queries.authorities(request.person, params, at=at)
    lines = queries.sorted_by(its, params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), map(_exported, lines), _("Kiến nghị với chính quyền"))
    context = {
        "page": Paginator(lines, PER_PAGE).get_page(params.get("page")),
        "whole": queries.whole(its, params),
        "filters": filters(request.person),
        "query": {name: params.get(name, "") for name in ("province", "since", "until")},
        "may_ask": request.person.may("matter.raise"),
        "own": OWN,
        "now": at,
    }
    return render(request, "authorities/list.html", context)


def filters(person: Person, *, of_requests: bool = False) -> list[dict[str, Any]]:
    """The filter bar; of a list of requests also how each stands."""
    bar: list[dict[str, Any]] = [{"name": "q", "label": _("Tên cơ quan"), "type": "search"}]
    provinces = {right.province for right in person.rights if right.province} | {person.province}
    if len(provinces) > 1 or any(right.over == "nation" for right in person.rights):
        codes = sorted(code for code in provinces if code)
        names = unit_names(codes)
        bar.append(
            {"name": "province", "label": _("Tỉnh, thành phố"), "options": [(it, names[it]) for it in codes]}
        )
    bar.append({"name": "kind", "label": _("Đề nghị về"), "options": list(kinds().items())})
    if of_requests:
        bar.append({"name": "how", "label": _("Kết quả"), "options": list(hows().items())})
    bar.append({"name": "since", "label": _("Đề nghị từ ngày"), "type": "date"})
    bar.append({"name": "until", "label": _("Đến hết ngày"), "type": "date"})
    return bar


def kinds() -> dict[str, str]:
    """What can be asked for."""
    return {
        "advice": _("Tham mưu"),
        "funds": _("Kinh phí"),
        "land": _("Quỹ đất"),
        "other": _("Nội dung khác"),
    }


def hows() -> dict[str, str]:
    """How a request can stand."""
    return {
        "waiting": _("Chưa trả lời"), "late": _("Chậm trả lời"), "answered": _("Đã trả lời"),
        "granted": _("Đồng ý"), "partly": _("Đồng ý một phần"), "refused": _("Không đồng ý"),
        "dropped": _("Thôi đề nghị"), "was-late": _("Trả lời muộn"),
    }  # fmt: skip


def columns() -> list[Column]:
    """What the list of authorities holds when it is taken away."""
    return [
        Column("name", _("Cơ quan"), 42), Column("asked", _("Đã đề nghị"), 12, "number"),
        Column("answered", _("Đã trả lời"), 12, "number"), Column("waiting", _("Chưa trả lời"), 12, "number"),
        Column("late", _("Chậm trả lời"), 12, "number"), Column("sum", _("Số tiền đề nghị (đồng)"), 20, "number"),
        Column("granted", _("Số tiền được cấp (đồng)"), 20, "number"),
        Column("land", _("Đất đề nghị (m²)"), 16, "number"),
        Column("land_granted", _("Đất được giao (m²)"), 16, "number"),
        Column("last", _("Đề nghị gần nhất"), 18, "moment"),
    ]  # fmt: skip


def _exported(it: queries.Authority) -> dict[str, object]:
    own = {name: getattr(it, name) for name in ("name", "sum", "granted", "land", "land_granted", "last")}
    return own | {name: figure.n for name, figure in it.figures.items()}


@require_safe
@signed_in
def requests(request: Request) -> HttpResponse:
    """The requests that fit an address: what every figure of these pages opens."""
    at, params = timezone.now(), request.GET.dict()
    rows = queries.in_order(queries.filtered(request.person, params, at=at), params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, request_columns(), exported(rows, at), _("Các đề nghị"))
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    context = {
        "page": page,
        "lines": lines(page, at),
        "filters": [
            *filters(request.person, of_requests=True),
            *([{"name": "authority", "label": _("Cơ quan")}] if params.get("authority") else []),
        ],
        "now": at,
    }
    return render(request, "authorities/requests.html", context)


def lines(rows: Iterable[AskedRow], at: datetime) -> list[Line]:
    """Rows as tables show them. One query for the names of units."""
    its = list(rows)
    names = unit_names(row.unit for row in its)
    labels = kinds()
    return [
        Line(row, labels[row.kind], state(row, at), names.get(row.unit, row.unit), _late(row, at))
        for row in its
    ]


def _late(row: AskedRow, at: datetime) -> bool:
    return row.due is not None and row.due < (row.met or at) and row.came != "dropped"


def state(row: AskedRow, at: datetime) -> tuple[str, str]:
    """How a request stands, as a tag: its kind and its words."""
    if row.met is None:
        return ("late", _("Chậm trả lời")) if _late(row, at) else ("hold", _("Chưa trả lời"))
    kind = {"granted": "done", "partly": "soon", "refused": "plain", "dropped": "plain"}.get(
        row.came or "", "done"
    )
    return kind, hows().get(row.came or "", _("Đã trả lời"))


def request_columns() -> list[Column]:
    """What a list of requests holds when it is taken away."""
    return [
        Column("number", _("Số"), 22), Column("title", _("Nội dung"), 48), Column("authority", _("Cơ quan"), 36),
        Column("kind", _("Đề nghị về"), 14), Column("asked_by", _("Đơn vị đề nghị"), 32),
        Column("paper", _("Số văn bản"), 20), Column("sum", _("Số tiền đề nghị (đồng)"), 20, "number"),
        Column("land", _("Đất đề nghị (m²)"), 16, "number"), Column("asked", _("Đề nghị lúc"), 18, "moment"),
        Column("due", _("Hạn trả lời"), 18, "moment"), Column("met", _("Trả lời lúc"), 18, "moment"),
        Column("state", _("Kết quả"), 18), Column("sum_granted", _("Số tiền được cấp (đồng)"), 20, "number"),
        Column("land_granted", _("Đất được giao (m²)"), 16, "number"),
        Column("answer_paper", _("Văn bản trả lời"), 20), Column("said", _("Nội dung trả lời"), 48),
    ]  # fmt: skip


def exported(rows: QuerySet[AskedRow], at: datetime) -> Iterable[dict[str, object]]:
    """The rows as they are taken away."""
    own = (
        "number", "title", "authority", "paper", "sum", "land", "asked", "due", "met", "sum_granted", "land_granted",
        "answer_paper", "said",
    )  # fmt: skip
    for it in lines(rows, at):
        row = {name: getattr(it.row, name) for name in own}
        yield row | {"kind": it.kind, "asked_by": it.asked_by, "state": it.state[1]}


@require_safe
@signed_in
def one(request: Request, key: str) -> HttpResponse:
    """One authority: what it was asked for and what came of it, the late and open ones first."""
    at, params = timezone.now(), request.GET.dict()
    context = _one(request, key, params, at)
    return render(request, "authorities/one.html", context)


def _one(request: Request, key: str, params: Mapping[str, str], at: datetime) -> dict[str, Any]:
    name = queries.named(request.person, key)
    if name is None:
        raise Http404
    asked = {it: params.get(it, "") for it in ("province", "since", "until", "kind")} | {"authority": key}
    found = queries.authorities(request.person, asked, at=at)
    rows = queries.in_order(queries.filtered(request.person, asked, at=at), "-asked")[:ON_ONE_PAGE]
    its = lines(rows, at)
    return {
        "key": key,
        "name": name,
        "its": found[0] if found else None,
        "groups": [(title, group) for title, group in _groups(its) if group],
        "filters": filters(request.person)[1:],
        "query": request.GET.urlencode(),
        "now": at,
    }


def _groups(its: list[Line]) -> list[tuple[str, list[Line]]]:
    waiting = [it for it in its if it.row.met is None]
    return [
        (_("Chậm trả lời"), [it for it in waiting if it.late]),
        (_("Chưa trả lời, còn trong hạn"), [it for it in waiting if not it.late]),
        (_("Đã trả lời"), [it for it in its if it.row.met and it.row.came != "dropped"]),
        (_("Thôi đề nghị"), [it for it in its if it.row.came == "dropped"]),
    ]


@require_safe
@signed_in
def paper(request: Request, key: str) -> HttpResponse:
    """The same as a table on A4, for the next meeting with the authority."""
    at = timezone.now()
    context = _one(request, key, request.GET.dict(), at)
    pdf = papers.table(request.person, context["name"], context["groups"], at=at)
    return HttpResponse(
        pdf, "application/pdf", headers={"Content-Disposition": f'inline; filename="{key}.pdf"'}
    )
