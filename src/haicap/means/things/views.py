"""Equipment and vehicles: the list, its labels, and the form that records."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from haicap.clocks.wall import day_of
from haicap.journal.ids import ids
from haicap.journal.pen import FromNewerVersion, Reused, writing
from haicap.matters.queries import unit_names
from haicap.matters.showing import Names
from haicap.means.capped import paged
from haicap.means.catalogue.queries import catalogue, of_family
from haicap.means.premises.queries import sites_of
from haicap.means.stocktake.queries import running
from haicap.means.tabs import tabs
from haicap.means.things import codes, printing, queries, recording
from haicap.means.things.fold import Thing
from haicap.means.things.forms import RecordForm, Where
from haicap.means.things.models import ThingRow
from haicap.means.things.showing import (
    conditions,
    families,
    kind_words,
    measure_words,
    shown,
    states,
)
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.fold import Unit
from haicap.units.queries import posts_named, unit_now
from haicap.units.rights import Person, Refused, reach
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50
LABELS = 1000  # on one sheet of labels
FAULTS = (Unsaid, NotYet, Reused, NotSo, Refused, FromNewerVersion)


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """The list, with what waits for the person's signature above it."""
    person, at, params = request.person, timezone.now(), request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    rows = queries.in_order(queries.filtered(person, params, at=at), params.get("sort", "") or usual(person))
    if params.get("format") in FORMS:
        return taken_away(params["format"], columns(), exported(rows), _("Trang bị, xe"))
    page = paged(rows.defer(*UNSEEN), params.get("page"), PER_PAGE)
    waiting = queries.to_sign(person)
    names = Names(unit_names([*(row.holder for row in page), *(it.giver for it in waiting)]))
    posts, kinds, today = posts_named(row.post for row in page if row.post), catalogue(), day_of(at)
    context = {
        "now": at, "tabs": tabs(person, "things:list"), "page": page, "filters": filters(person, params),
        "lines": [shown(row, kinds, names, posts, today) for row in page], "wide": wide(person),
        "waiting": [(it, names.unit(it.giver)) for it in waiting], "writes": desk_unit(person, recording.WRITE),
        "signs": bool(queries.signing(person)), "narrowed": request.GET.urlencode(), "most": LABELS,
    }  # fmt: skip
    return render(request, "things/list.html", context)


UNSEEN = ("state", "last", "aside", "branches", "waiting", "words")


def usual(person: Person) -> str:
    """The order of a list that asks for none: by kind, or along an index where it is of the whole nation."""
    return "code" if reach(person, "means.see").everywhere else "kind"


def wide(person: Person) -> bool:
    """Whether the person sees the things of several units."""
    return any(right.allows("means.see") and right.over != "unit" for right in person.rights)


def desk_unit(person: Person, action: str) -> str | None:
    """The unit in which the person holds a post and may do `action`."""
    its = (right.unit for right in person.rights if right.allows(action) and right.over == "unit")
    return next(its, None)


def filters(person: Person, params: Mapping[str, str]) -> list[dict[str, Any]]:
    """The filter bar."""
    kinds = of_family("equipment", "vehicle")
    bar: list[dict[str, Any]] = [
        {"name": "q", "label": _("Có chữ"), "type": "search"},
        {"name": "family", "label": _("Nhóm"), "options": families().items()},
        {"name": "kind", "label": _("Loại"), "options": [(code, kind_words(kinds, code)) for code in kinds]},
        {"name": "condition", "label": _("Chất lượng"), "options": conditions().items()},
        {"name": "state", "label": _("Trạng thái"), "options": states().items()},
        {
            "name": "warranty", "label": _("Bảo hành"),
            "options": [("soon", _("sắp hết (60 ngày)")), ("over", _("đã hết")), ("none", _("không rõ"))],
        },
    ]  # fmt: skip
    unit = params.get("unit", "").strip() or (None if wide(person) else desk_unit(person, "means.see"))
    if unit and person.may("means.see"):
        bar.append(
            {"name": "place", "label": _("Nơi để"), "options": [(it, it) for it in queries.places_of(unit)]}
        )
        bar.append({"name": "post", "label": _("Chức vụ giữ"), "options": queries.posts_of(unit)})
    if wide(person):
        bar.insert(1, {"name": "unit", "label": _("Đơn vị"), "options": queries.units_seen(person)})
    return bar


def columns() -> list[Column]:
    """What a list that is taken away holds."""
    return [
        Column("code", _("Mã tài sản"), 20),
        Column("family", _("Nhóm"), 18),
        Column("kind", _("Loại"), 26),
        Column("name", _("Tên, nhãn hiệu"), 30),
        Column("serial", _("Số máy, số khung"), 20),
        Column("plate", _("Biển số"), 14),
        Column("unit", _("Đơn vị"), 34),
        Column("count", _("Số lượng"), 10, "number"),
        Column("fit", _("Dùng được"), 10, "number"),
        Column("measure", _("Đơn vị tính"), 10),
        Column("condition", _("Chất lượng"), 12),
        Column("place", _("Nơi để"), 26),
        Column("post", _("Chức vụ giữ"), 26),
        Column("since", _("Có từ ngày"), 12, "date"),
        Column("bought", _("Ngày mua"), 12, "date"),
        Column("price", _("Giá một chiếc (đồng)"), 16, "number"),
        Column("warranty", _("Bảo hành đến"), 12, "date"),
        Column("note", _("Trạng thái"), 34),
    ]


def exported(rows: QuerySet[ThingRow]) -> Iterator[dict[str, object]]:
    """The rows as they are taken away."""
    found = list(rows)
    names, kinds, today = Names(unit_names(row.holder for row in found)), catalogue(), day_of(timezone.now())
    posts = posts_named(row.post for row in found if row.post)
    for row in found:
        it = shown(row, kinds, names, posts, today)
        price = (row.state or {}).get("bought", {}).get("price")
        yield {
            "code": row.code, "family": families().get(row.family, row.family), "kind": it.kind, "name": row.name,
            "serial": row.serial, "plate": row.plate, "unit": it.holder, "count": row.count, "fit": row.fit,
            "measure": measure_words(kinds, row.kind), "condition": it.condition,
            "place": " ".join(filter(None, (row.place, row.room))), "post": posts.get(row.post, "") if row.post else "",
            "since": row.since, "bought": row.bought, "price": int(price) if price else None,
            "warranty": row.warranty, "note": "; ".join(words for _sort, words in it.tags),
        }  # fmt: skip


@require_safe
@signed_in
def labels(request: Request) -> HttpResponse:
    """Labels of the things that were ticked, or of all that the list's address asks for, on A4 sheets."""
    person, params = request.person, request.GET.dict()
    chosen = request.GET.getlist("thing")
    if chosen:
        rows = queries.in_order(queries.seen(person).filter(pk__in=ids(chosen)), "")
    else:
        rows = queries.in_order(queries.filtered(person, params, at=timezone.now()), params.get("sort", ""))
    found = list(rows.defer(*UNSEEN)[: LABELS + 1])
    if not found:
        messages.warning(request, _("Không có tài sản nào để in nhãn."))
        return redirect("things:list")
    if len(found) > LABELS:
        messages.warning(request, _("Mỗi lần in nhiều nhất %(n)s nhãn; hãy lọc hẹp hơn.") % {"n": LABELS})
        return redirect(f"{reverse('things:list')}?{request.GET.urlencode()}")
    pdf = printing.labels(found, request.build_absolute_uri("/"))
    head = {"Content-Disposition": 'inline; filename="nhan.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=head)


@require_safe
@signed_in
def coded(request: Request, code: str) -> HttpResponse:
    """Where a label leads: to the page of the thing with this code; while the person's unit counts, anybody's thing."""
    its = codes.read(code)
    subject = queries.coded(request.person, its) if its else None
    if subject is None and its and running(request.person):
        return redirect("stocktake:label", its)
    if subject is None:
        raise Http404
    return redirect("things:id", subject)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """The form that records; sent, it is there again with what the next has in common."""
    person, at = request.person, timezone.now()
    code = desk_unit(person, recording.WRITE)
    if code is None:
        raise Http404
    today, kinds = day_of(at), of_family("equipment", "vehicle")
    where = Where(sites_of(person, code), queries.posts_of(code))
    form = RecordForm(request.POST or None, kinds=kinds, where=where, today=today, kept=_asked(request))
    if form.is_valid():
        its = _record(request, form, unit_now(code), at)
        if its:
            messages.success(request, said_recorded(its))
            form = RecordForm(None, kinds=kinds, where=where, today=today, kept=form.kept())
            return _form(request, form, code, its, at)
    return _form(request, form, code, [], at)


def _asked(request: Request) -> dict[str, str]:
    """What the address fills in: the kind that a list was narrowed to."""
    return {
        name: request.GET[name] for name in ("kind", "place", "count", "request") if request.GET.get(name)
    }


def _form(request: Request, form: RecordForm, code: str, its: list[Thing], at: datetime) -> HttpResponse:
    context = {
        "now": at, "tabs": tabs(request.person, "things:list"), "form": form, "recorded": its,
        "places": queries.places_of(code), "unit": unit_names([code]).get(code, code),
        "kinds": {thing.id: kind_words(form.kinds, thing.kind) for thing in its},
    }  # fmt: skip
    return render(request, "things/new.html", context, status=422 if form.is_bound else 200)


def _record(request: Request, form: RecordForm, unit: Unit, at: datetime) -> list[Thing]:
    """What was recorded; nothing where the form is at fault, which then says what is."""
    its, count, entry_id = form.described(), form.cleaned_data["count"], form.cleaned_data["entry_id"]
    subjects = recording.subjects_of(entry_id, its.kind, count)
    try:
        with writing(request.person, at=at, subjects=subjects, units=[unit.code]) as pen:
            return recording.record(pen, entry_id=entry_id, unit=unit, its=its, count=count)
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except FAULTS as fault:
        form.add_error(None, fault_words(fault))
        return []


def said_recorded(its: list[Thing]) -> str:
    """What was recorded, as a sentence."""
    first, last = its[0].code, its[-1].code
    if len(its) == 1:
        return _("Đã ghi sổ, mã %(code)s.") % {"code": first}
    n = len(its)
    text = ngettext("Đã ghi sổ %(n)s mục, mã từ %(first)s đến %(last)s.",
                    "Đã ghi sổ %(n)s mục, mã từ %(first)s đến %(last)s.", n)  # fmt: skip
    return text % {"n": n, "first": first, "last": last}


def fault_words(fault: Exception) -> str:
    """What went wrong, as a sentence."""
    match fault:
        case NotYet():
            return _("Ngày ghi không thể ở tương lai.")
        case Unsaid(what="count" | "unfit"):
            return _("Số lượng không đúng với số đang có.")
        case Unsaid(what="price" | "cost"):
            return _("Số tiền ghi chưa đúng.")
        case Unsaid():
            return _("Còn thiếu nội dung bắt buộc.")
        case Reused():
            return _("Biểu mẫu này đã được dùng; hãy mở lại trang.")
        case FromNewerVersion():
            return _("Tài sản này có bản ghi từ phiên bản mới hơn; cần nâng cấp trước.")
        case NotSo(what="accept"):
            return _("Không còn chờ ký nhận, hoặc chính bạn đã ký bàn giao: hai bên phải là hai người.")
        case _:
            return _("Tài sản không còn ở tình trạng đó; chưa ghi gì. Hãy xem lại.")
