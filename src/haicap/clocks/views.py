"""Pages: all that is owed, the calendar with a trial of reckoning, published documents."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haicap.clocks import queries
from haicap.clocks.calendars import Label
from haicap.clocks.documents import calendar_of
from haicap.clocks.forms import Trial
from haicap.clocks.models import Owed
from haicap.clocks.queries import Published
from haicap.clocks.rooms import ROOMS, Ahead
from haicap.clocks.sheet import limit_said, said
from haicap.clocks.year import months, noted
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units import filters
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50


@require_GET
@signed_in
def owed(request: Request) -> HttpResponse:
    """All that is owed by those whose matters the person may see; what is overdue stands first."""
    at, params = datetime.now(UTC), request.GET.dict()
    rows = queries.in_order(queries.filtered(request.person, params, at=at), params.get("sort", ""))
    procedures = queries.TITLES | {it.code: it for it in queries.published("procedure")}
    if (form := params.get("format")) in FORMS:
        return taken_away(form, _columns(), _lines(rows.iterator(), procedures), _("Thời hạn"))
    counts = queries.figures(request.person, params, at=at)
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    narrowing = {name: value for name, value in params.items() if value and name not in ("page", "sort")}
    context = {
        "page": page,
        "lines": _lines(page.object_list, procedures, request.person),
        "now": at,
        "figures": counts,
        "filters": _filters(request, params, procedures),
        "saved": filters.of(request.person, "/clocks/"),
        "kept": urlencode(narrowing),
        "longest": filters.LONGEST,
    }
    return render(request, "clocks/owed.html", context | _tabs(counts, params))


def _tabs(counts: Mapping[str, int], params: Mapping[str, str]) -> dict[str, Any]:
    names = (
        ("", _("Đơn vị trong ngành nợ"), "ours"),
        ("unit", _("Cấp xã"), "unit"),
        ("province", _("Cấp tỉnh"), "province"),
        ("third", _("Cơ quan khác"), "third"),
    )
    whose = (("", _("Tất cả"), "all"), ("me", _("Tôi nợ"), "me"), ("mine", _("Đơn vị tôi nợ"), "mine"))
    level = params.get("level", "") if params.get("level") in queries.LEVELS else ""
    mine = params.get("whose", "") if params.get("whose") in queries.WHOSE else ""
    return {
        "level": level,
        "tabs": [(code, label, counts[key], code == level) for code, label, key in names],
        "whose": [(code, label, counts[key], code == mine) for code, label, key in whose],
    }


def _filters(
    request: Request, params: Mapping[str, str], procedures: Mapping[str, Published]
) -> list[dict[str, Any]]:
    pairs = queries.clocks_running(request.person)
    kinds = [(code, _name(procedures, code)) for code in dict.fromkeys(code for code, _clock in pairs)]
    chosen = params.get("procedure", "")
    clocks = {clock: _clock_name(procedures, code, clock) for code, clock in pairs if chosen in ("", code)}
    return [
        {"name": "unit", "label": _("Đơn vị nợ"), "options": queries.owing_units(request.person)},
        {
            "name": "room",
            "label": _("Từ mục"),
            "options": [(code, str(it.words)) for code, it in ROOMS.items()],
        },
        {"name": "procedure", "label": _("Loại việc"), "options": kinds},
        {"name": "clock", "label": _("Thời hạn"), "options": sorted(clocks.items(), key=lambda it: it[1])},
        {"name": "due", "label": _("Đến hạn"), "options": _windows()},
        {"name": "since", "label": _("Từ ngày"), "type": "date"},
        {"name": "until", "label": _("Đến ngày"), "type": "date"},
    ]


def _windows() -> list[tuple[str, str]]:
    return [
        ("overdue", _("Quá hạn")),
        ("today", _("Trong hôm nay")),
        ("week", _("Trong 7 ngày")),
        ("later", _("Sau 7 ngày")),
        ("paused", _("Tạm dừng")),
    ]


def _lines(
    rows: Iterable[Owed], procedures: Mapping[str, Published], person: Person | None = None
) -> list[dict[str, Any]]:
    """Rows as the page and the files say them: names for codes, addresses; for a `person` the next step of each."""
    found = list(rows)
    units = queries.unit_names(code for row in found for code in (row.unit, row.raised_by, row.holder))
    steps = _ahead(person, found) if person else {}
    return [_line(row, procedures, units) | {"next": steps.get(row.subject)} for row in found]


def _ahead(person: Person, rows: Iterable[Owed]) -> dict[UUID, Ahead]:
    its: dict[str, set[UUID]] = {}
    for row in rows:
        its.setdefault(row.room, set()).add(row.subject)
    return {
        subject: step
        for code, subjects in its.items()
        if code in ROOMS
        for subject, step in ROOMS[code].ahead(person, sorted(subjects)).items()
    }


def _line(row: Owed, procedures: Mapping[str, Published], units: Mapping[str, str]) -> dict[str, Any]:
    levels = {"unit": _("Cấp xã"), "province": _("Cấp tỉnh"), "third": _("Cơ quan khác")}
    address = f"{get_script_prefix()}{row.room}/id/{row.subject}/"
    return {
        "number": row.number,
        "title": row.title,
        "procedure": _name(procedures, row.procedure),
        "clock": _clock_name(procedures, row.procedure, row.clock),
        "unit": units.get(row.unit or "", levels["third"]),
        "to": _owed_to(row, units),
        "room": str(ROOMS[row.room].words) if row.room in ROOMS else "",
        "level": levels.get(row.level, row.level),
        "since": row.since,
        "due": row.due,
        "address": address,
        "sheet": f"{address}clock/{row.place}/",
    }


def _owed_to(row: Owed, units: Mapping[str, str]) -> str:
    """Who waits for it: the unit that raised the matter or holds it now, else whoever came with it."""
    waiting = (code for code in (row.raised_by, row.holder) if code and code != row.unit)
    first = next(waiting, None)
    return units.get(first, first) if first else _("người nêu việc")


def _name(procedures: Mapping[str, Published], code: str) -> str:
    return _in_words(procedures[code].title.name) if code in procedures else code


def _clock_name(procedures: Mapping[str, Published], code: str, clock: str) -> str:
    part = procedures[code].title.parts.get(clock) if code in procedures else None
    return _in_words(part) if part else clock


def _in_words(label: Label) -> str:
    return label.en if (get_language() or "vi").startswith("en") else label.vi


def _columns() -> list[Column]:
    return [
        Column("number", _("Số"), 22),
        Column("title", _("Nội dung"), 48),
        Column("procedure", _("Loại việc"), 32),
        Column("clock", _("Thời hạn"), 32),
        Column("unit", _("Đơn vị nợ"), 36),
        Column("to", _("Nợ ai"), 36),
        Column("room", _("Từ mục"), 12),
        Column("level", _("Cấp"), 12),
        Column("since", _("Tính từ"), kind="moment"),
        Column("due", _("Đến hạn"), kind="moment"),
    ]


@require_GET
@signed_in
def this_year(request: Request) -> HttpResponse:
    """The calendar of the year as people have it."""
    return HttpResponseRedirect(reverse("clocks:calendar", args=[today().year]))


@require_GET
@signed_in
def calendar(request: Request, year: int) -> HttpResponse:
    """Twelve months with days off and compensated working days, and why; `edition` shows an older edition."""
    book = _calendar()
    edition = _edition(book, request.GET.get("edition", ""))
    its = calendar_of(edition.text)
    if not its.first_year <= year <= its.last_year:
        raise Http404
    notes = noted(its, year)
    if (form := request.GET.get("format")) in FORMS:
        rows = [{"day": it.day, "kind": it.said, "reason": _in_words(it.reason)} for it in notes if it.reason]
        return taken_away(form, _day_columns(), rows, _("Lịch năm %(year)s") % {"year": year})
    return render(
        request,
        "clocks/calendar.html",
        {
            "year": year,
            "calendar": its,
            "months": months(its, year, today()),
            "notes": notes,
            "edition": edition,
            "editions": book.editions,
            "before": year - 1 if year > its.first_year else None,
            "after": year + 1 if year < its.last_year else None,
            "form": _trial(request, book),
        },
    )


def _day_columns() -> list[Column]:
    return [
        Column("day", _("Ngày"), kind="date"),
        Column("kind", _("Loại ngày"), 20),
        Column("reason", _("Lý do"), 48),
    ]


@require_GET
@signed_in
def reckoned(request: Request) -> HttpResponse:
    """A limit reckoned for trial by the calendar published last; the question is in the address."""
    book = _calendar()
    form = _trial(request, book)
    found = form.reckoned if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "edition": book.editions[-1],
        "found": found,
        "limit": limit_said(found.limit) if found else "",
        "steps": [said(step) for step in found.steps] if found else [],
    }
    return render(request, "clocks/reckon.html", context, status=422 if form.errors else 200)


def _trial(request: Request, book: Published) -> Trial:
    asked = request.GET if "regime" in request.GET else None
    initial = {"regime": "office", "amount": 3, "unit": "working days", "start": datetime.now(UTC)}
    return Trial(asked, calendar=calendar_of(book.editions[-1].text), initial=initial)


@require_GET
@signed_in
def documents(request: Request) -> HttpResponse:
    """Every published document with its editions."""
    books = queries.published()
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(form, _edition_columns(), _edition_lines(books), _("Văn bản đã ban hành"))
    sorts = [(sort, words, [it for it in books if it.sort == sort]) for sort, words in _sorts()]
    return render(request, "clocks/documents.html", {"sorts": [it for it in sorts if it[2]]})


def _sorts() -> list[tuple[str, str]]:
    return [
        ("procedure", _("Thủ tục")),
        ("competence", _("Bảng thẩm quyền")),
        ("calendar", _("Lịch làm việc")),
        ("paper", _("Mẫu giấy tờ")),
    ]


def _edition_columns() -> list[Column]:
    return [
        Column("sort", _("Loại"), 20),
        Column("code", _("Mã"), 28),
        Column("name", _("Tên"), 48),
        Column("since", _("Có hiệu lực từ"), kind="date"),
        Column("note", _("Ghi chú"), 32),
        Column("sha256", _("Mã băm SHA-256"), 66),
    ]


def _edition_lines(books: Iterable[Published]) -> list[dict[str, object]]:
    sorts = dict(_sorts())
    return [
        {
            "sort": sorts.get(it.sort, it.sort),
            "code": it.code,
            "name": _in_words(it.title.name),
            "since": edition.since,
            "note": edition.note,
            "sha256": edition.sha256,
        }
        for it in books
        for edition in it.editions
    ]


@require_GET
@signed_in
def document(request: Request, sort: str, code: str) -> HttpResponse:
    """One document: its editions, and the text of the newest, or of `edition`."""
    found = queries.published(sort, code)
    if not found:
        raise Http404
    edition = _edition(found[0], request.GET.get("edition", ""))
    context = {
        "book": found[0],
        "edition": edition,
        "sort": dict(_sorts()).get(sort, sort),
        "size": len(edition.text),
    }
    return render(request, "clocks/document.html", context)


def _calendar() -> Published:
    books = queries.published("calendar")
    if not books:
        raise Http404
    return books[0]


def _edition(book: Published, sha256: str) -> Any:
    if not sha256:
        return book.editions[-1]
    for edition in book.editions:
        if edition.sha256 == sha256:
            return edition
    raise Http404
