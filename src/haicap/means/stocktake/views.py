"""Stock-takes: the list, opening one, one with its lists, its record and its files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haicap.clocks.wall import day_of
from haicap.journal.pen import writing
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import Names
from haicap.means.capped import paged
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import catalogue
from haicap.means.stocktake import actions, printing, queries
from haicap.means.stocktake.fold import Count, Line, Stocktake, Stray
from haicap.means.stocktake.forms import CodeForm, OpenForm, PhotoForm, UnknownForm
from haicap.means.stocktake.lists import Four, lists
from haicap.means.stocktake.models import StocktakeRow
from haicap.means.tabs import tabs
from haicap.means.things.queries import places_of, units_seen
from haicap.means.things.recording import SIGN, WRITE
from haicap.means.things.showing import kind_words
from haicap.means.things.views import FAULTS, desk_unit, wide
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.queries import unit_now
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in

PER_PAGE, LINES = 50, 100
LATELY = 12  # counts shown beside the lists


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """The stock-takes of the units in reach, what is open first."""
    person, at, params = request.person, timezone.now(), request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    rows = queries.in_order(queries.filtered(person, params, at=at), params.get("sort", ""))
    if params.get("format") in FORMS:
        return taken_away(params["format"], columns_of_list(), exported_list(rows), _("Kiểm kê"))
    page = paged(rows.defer("state"), params.get("page"), PER_PAGE)
    names = Names(unit_names(row.unit for row in page))
    bar: list[dict[str, Any]] = [
        {"name": "q", "label": _("Có chữ"), "type": "search"},
        {"name": "state", "label": _("Trạng thái"),
         "options": [("open", _("đang đếm")), ("closed", _("đã ký")), ("dropped", _("đã bỏ"))]},
        {"name": "with", "label": _("Kết quả có"),
         "options": [("missing", _("không thấy")), ("elsewhere", _("thấy ở nơi khác")),
                     ("unknown", _("không có trong sổ")), ("disputed", _("hai số khác nhau"))]},
        {"name": "since", "label": _("Từ ngày"), "type": "date"},
        {"name": "until", "label": _("Đến hết ngày"), "type": "date"},
    ]  # fmt: skip
    if wide(person):
        bar.insert(1, {"name": "unit", "label": _("Đơn vị"), "options": units_seen(person)})
    context = {
        "now": at, "tabs": tabs(person, "stocktake:list"), "page": page, "filters": bar, "wide": wide(person),
        "lines": [(row, names.unit(row.unit)) for row in page], "writes": desk_unit(person, WRITE),
    }  # fmt: skip
    return render(request, "stocktake/list.html", context)


def columns_of_list() -> list[Column]:
    """What the list of stock-takes holds when it is taken away."""
    return [
        Column("unit", _("Đơn vị"), 34), Column("name", _("Đợt kiểm kê"), 40), Column("place", _("Nơi"), 24),
        Column("day", _("Ngày mở"), 12, "date"), Column("closed", _("Ngày ký"), 12, "date"),
        Column("expected", _("Theo sổ"), 10, "number"), Column("found", _("Thấy đúng nơi"), 12, "number"),
        Column("elsewhere", _("Thấy ở nơi khác"), 12, "number"), Column("missing", _("Không thấy"), 12, "number"),
        Column("unknown", _("Không có trong sổ"), 12, "number"),
    ]  # fmt: skip


def exported_list(rows: Iterable[StocktakeRow]) -> Iterator[dict[str, object]]:
    """Stock-takes as they are taken away."""
    found = list(rows)
    names = Names(unit_names(row.unit for row in found))
    for row in found:
        yield {
            "unit": names.unit(row.unit), "name": row.name, "place": row.place or _("Toàn đơn vị"), "day": row.day,
            "closed": row.closed, "expected": row.expected, "found": row.found, "elsewhere": row.elsewhere,
            "missing": row.missing, "unknown": row.unknown,
        }  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """Open a stock-take of the person's unit."""
    person, at = request.person, timezone.now()
    code = desk_unit(person, WRITE)
    if code is None:
        raise Http404
    name = _("Kiểm kê ngày %(day)s") % {"day": f"{day_of(at):%d/%m/%Y}"}
    form = OpenForm(request.POST or None, places=places_of(code), name=name)
    if form.is_valid() and (its := _open(request, form, code, at)) is not None:
        return redirect("stocktake:id", its.id)
    context = {
        "now": at, "tabs": tabs(person, "stocktake:list"), "form": form, "unit": unit_names([code]).get(code, code),
        "running": queries.running(person),
    }  # fmt: skip
    return render(request, "stocktake/new.html", context, status=422 if form.is_bound else 200)


def _open(request: Request, form: OpenForm, code: str, at: datetime) -> Stocktake | None:
    given = form.cleaned_data
    subject = actions.subject_of(given["entry_id"])
    try:
        with writing(request.person, at=at, subjects=[subject], units=[code]) as pen:
            its = actions.expected(queries.held_at(code, given["place"]))
            return actions.open_stocktake(
                pen,
                entry_id=given["entry_id"],
                unit=unit_now(code),
                name=given["name"],
                place=given["place"],
                its=its,
            )
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except FAULTS:
        form.add_error(None, _("Sổ chưa có tài sản nào để kiểm kê ở đó."))
        return None


# One stock-take


@dataclass(frozen=True, slots=True)
class Seen:
    """A stock-take that somebody may see, with what they may do about it."""

    its: Stocktake
    four: Four
    at: datetime
    writes: bool
    signs: bool


def seen(request: Request, subject: UUID) -> Seen:
    """The stock-take. Raises `Http404` also where it is merely not to be seen by this person."""
    its = queries.one(request.person, subject)
    if its is None:
        raise Http404
    may = [
        its.open and decide(request.person, action, Scope.of(its.unit)).allowed for action in (WRITE, SIGN)
    ]
    return Seen(its, lists(its), timezone.now(), *may)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of one of the lists with words for its codes."""

    line: Line
    kind: str
    holder: str
    numbers: tuple[tuple[str, int], ...]  # who told which, where they differ
    counts: tuple[Count, ...]


WHICH = ("missing", "found", "elsewhere", "unknown", "disputed")


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """The stock-take: how far it is, its lists, and the ways to count."""
    return page(request, seen(request, subject))


def page(
    request: Request, it: Seen, forms: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a stock-take, with forms at fault in place of fresh ones."""
    its, four, params = it.its, it.four, request.GET
    which = params.get("list") if params.get("list") in WHICH else "missing"
    if params.get("format") in FORMS:
        return taken_away(params["format"], columns(), exported(it), its.name)
    people = {count.by for count in its.counts} | {its.by} | ({its.closed.by} if its.closed else set())
    names = Names(unit_names([its.unit, *(line.holder for line in four.elsewhere)]), person_names(people))
    kinds, where = catalogue(), params.get("at", "")[:120]
    fresh: dict[str, Any] = {}
    if it.writes:
        fresh = {"code": CodeForm(), "photo": PhotoForm(), "unknown": UnknownForm()} | dict(forms or {})
        for form in fresh.values():
            form.initial["place"] = where
    found = Paginator(_narrowed(shown(it, str(which), names, kinds), params.get("q", "")), LINES)
    context = {
        "now": it.at, "tabs": tabs(request.person, "stocktake:list"), "its": its, "it": it, "which": which,
        "unit": names.unit(its.unit), "forms": fresh, "where": where, "back": params.urlencode(),
        "page": found.get_page(params.get("page")), "views": views(its, four, str(which), where),
        "places": sorted({want.place for want in its.expected if want.place}) if it.writes else (),
        "lately": [(count, names.person(count.by).split(",")[0], kind_words(kinds, count.sort))
                   for count in its.valid[: -LATELY - 1 : -1]],
        "late": its.late, "signer": names.person(its.closed.by) if its.closed else "", "opener": names.person(its.by),
        "done": len(its.expected) - len(four.missing),
    }  # fmt: skip
    return render(request, "stocktake/one.html", context, status=status)


def shown(it: Seen, which: str, names: Names, kinds: Mapping[str, Kind]) -> list[Any]:
    """The lines of one list as the page shows them; what no register knows as it stands."""
    if which == "unknown":
        return [(stray, _counts_of_stray(it.its, stray)) for stray in it.four.unknown]
    numbers = {one.line.thing: one.numbers for one in it.four.disputes}
    chosen: Iterable[Line] = (
        [one.line for one in it.four.disputes] if which == "disputed" else getattr(it.four, which)
    )
    counts: dict[UUID, list[Count]] = {}
    for count in it.its.valid:
        if count.thing:
            counts.setdefault(count.thing, []).append(count)
    return [
        Shown(
            line, kind_words(kinds, line.sort), names.unit(line.holder),
            tuple((names.person(who).split(",")[0], n) for who, n in numbers.get(line.thing, ())),
            tuple(counts.get(line.thing, ())),
        )
        for line in chosen
    ]  # fmt: skip


def _counts_of_stray(its: Stocktake, stray: Stray) -> list[Count]:
    return [
        it for it in its.valid
        if it.thing is None and (it.code, it.words, it.place) == (stray.code, stray.words, stray.place)
    ]  # fmt: skip


def _narrowed(its: list[Any], text: str) -> list[Any]:
    wanted = text.strip().lower()
    if not wanted:
        return its
    return [it for it in its if wanted in _words(it)]


def _words(it: Any) -> str:
    if isinstance(it, Shown):
        return f"{it.line.code} {it.kind} {it.line.name} {it.line.was} {it.line.place}".lower()
    return f"{it[0].code} {it[0].words} {it[0].place}".lower()


def views(its: Stocktake, four: Four, which: str, where: str) -> list[dict[str, Any]]:
    """The lists as tabs with their counts."""
    words = list_words(its)
    counts = {name: len(four.disputes if name == "disputed" else getattr(four, name)) for name in WHICH}
    base, kept = reverse("stocktake:id", args=[its.id]), f"&at={where}" if where else ""
    return [
        {
            "label": words[name],
            "url": f"{base}?list={name}{kept}",
            "current": name == which,
            "count": counts[name],
        }
        for name in WHICH
        if name != "disputed" or counts[name]
    ]


def list_words(its: Stocktake) -> dict[str, str]:
    """The name of each list."""
    return {
        "missing": _("Chưa thấy") if its.open else _("Không thấy"), "found": _("Thấy đúng nơi"),
        "elsewhere": _("Thấy ở nơi khác"), "unknown": _("Không có trong sổ"), "disputed": _("Hai số khác nhau"),
    }  # fmt: skip


def columns() -> list[Column]:
    """What a stock-take holds when it is taken away."""
    return [
        Column("list", _("Danh sách"), 20), Column("code", _("Mã tài sản"), 20), Column("kind", _("Loại"), 26),
        Column("name", _("Tên, nhãn hiệu"), 30), Column("was", _("Nơi theo sổ"), 26),
        Column("place", _("Nơi thấy"), 26), Column("holder", _("Đơn vị giữ theo sổ"), 30),
        Column("expected", _("Theo sổ"), 10, "number"), Column("counted", _("Đếm được"), 10, "number"),
        Column("numbers", _("Số của từng người đếm"), 40),
    ]  # fmt: skip


def exported(it: Seen) -> Iterator[dict[str, object]]:
    """All lists as they are taken away."""
    names = Names(unit_names([it.its.unit, *(line.holder for line in it.four.elsewhere)]),
                  person_names({who for one in it.four.disputes for who, _n in one.numbers}))  # fmt: skip
    kinds, words = catalogue(), list_words(it.its)
    for which in ("found", "elsewhere", "missing"):
        for row in shown(it, which, names, kinds):
            line = row.line
            yield {
                "list": words[which], "code": line.code, "kind": row.kind, "name": line.name, "was": line.was,
                "place": line.place, "holder": row.holder, "expected": line.expected, "counted": line.counted,
                "numbers": "; ".join(f"{who}: {n}" for who, n in row.numbers),
            }  # fmt: skip
    for stray in it.four.unknown:
        said = {"code": stray.code, "name": stray.words, "place": stray.place, "counted": stray.count}
        yield {"list": words["unknown"], **said}


@require_safe
@signed_in
def printed(request: Request, subject: UUID) -> HttpResponse:
    """The record of a stock-take as it stands; signed, it is the same ever after."""
    it = seen(request, subject)
    pdf = printing.record(it.its, it.four)
    head = {"Content-Disposition": 'inline; filename="kiem-ke.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=head)
