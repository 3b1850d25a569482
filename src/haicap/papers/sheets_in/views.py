"""Handing a sheet in: the file, what its columns mean, and what would become of each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haicap.journal.ids import is_uuid, uuid7
from haicap.papers.books import Sheet, column_name, open_book
from haicap.papers.sheets import Column, UnreadableSheet
from haicap.papers.sheets_in import plans, uploads
from haicap.papers.sheets_in.judging import Judged, judged, table_of
from haicap.papers.sheets_in.models import Upload
from haicap.papers.sheets_in.pages import Pages
from haicap.papers.sheets_in.plans import Plan
from haicap.papers.sheets_in.reading import Ground, unclear, unmatched
from haicap.papers.sheets_in.room import NoSuchSort, Room, Sort
from haicap.papers.sheets_in.taking import take_in
from haicap.papers.sheets_in.words import all_said, verdict_words
from haicap.papers.tables import Line, Table
from haicap.papers.taking import FORMS, taken_away
from haicap.units.finding import unit_meant, units_near
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in
from haicap.units.vietnamese import fold

AT_ONCE = 60  # records; more than these are done by the worker
SHOWN = 8  # lines of records that show what the columns hold
PER_PAGE = 100
TABS = ("", "taken", "there", "listed", "passed")


@dataclass(frozen=True, slots=True)
class Open:
    """A file that is being looked at, understood by its plan; the ground is made when it is asked for."""

    upload: Upload
    sort: Sort[Any]
    sheets: tuple[Sheet, ...]
    plan: Plan
    table: Table
    ground: Ground


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request, pages: Pages) -> HttpResponse:
    """The form for a file; sent, it goes on to the columns."""
    sorts = pages.room.sorts(request.person)
    if not sorts:
        raise Http404
    wrong = _kept(request, pages, sorts) if request.method == "POST" else ""
    if isinstance(wrong, HttpResponse):
        return wrong
    context = pages.context() | {
        "sorts": [(it.code, it.name) for it in sorts], "id": request.POST.get("id") or uuid7(),
        "chosen": request.POST.get("procedure") or request.GET.get("procedure", ""), "wrong": wrong,
        "waiting": uploads.of(pages.room.uploads, request.person).defer("sealed")[:20],
        "megabytes": uploads.MOST_BYTES // 1_000_000,
    }  # fmt: skip
    return render(request, "sheets_in/new.html", context, status=422 if wrong else 200)


def _kept(request: Request, pages: Pages, sorts: Sequence[Sort[Any]]) -> HttpResponse | str:
    """The file, kept and understood; or what is wrong with it."""
    sent, file, person = request.POST, request.FILES.get("file"), request.person
    sort = next((it for it in sorts if it.code == sent.get("procedure")), None)
    if sort is None or not is_uuid(sent.get("id")):
        return _("Chọn loại danh sách.")
    if file is None:
        return _("Chọn tệp bảng tính.")
    if (file.size or 0) > uploads.MOST_BYTES:
        return _("Tệp lớn quá mức cho phép.")
    data = file.read()
    try:
        table = table_of(open_book(data), Plan(), sort)
    except UnreadableSheet as error:
        return str(error)
    room, unit, at = pages.room, pages.room.desk(person, sort), timezone.now()
    upload = uploads.keep(
        room.uploads,
        person,
        data,
        id=UUID(sent["id"]),
        name=file.name or "",
        procedure=sort.code,
        unit=unit,
        at=at,
    )
    if upload.person == person.id and not upload.plan:
        before = plans.kept(room.plans, unit, sort.code, table)
        uploads.say(upload, before or Plan(columns=plans.guess(table, sort.targets)))
        if before:
            messages.info(request, _("Bảng có đầu cột như lần trước; đã dùng lại cách chọn cột lần trước."))
    return redirect(f"{pages.app}:columns", upload.id)


def opened(person: Person, room: Room, id: UUID) -> Open:
    """The file, understood as its plan says. Raises `Http404` for another's, and for what is done."""
    at = timezone.now()
    upload = uploads.of(room.uploads, person).filter(pk=id).first()
    if upload is None:
        raise Http404
    try:
        sort = room.sort(upload.procedure, at)
    except NoSuchSort:
        raise Http404 from None
    plan, sheets = uploads.plan_of(upload), open_book(uploads.data_of(upload))
    table = table_of(sheets, plan, sort)
    return Open(upload, sort, sheets, plan, table, room.ground(person, sort, plan, upload.unit, at))


@require_http_methods(["GET", "POST"])
@signed_in
def columns(request: Request, id: UUID, pages: Pages) -> HttpResponse:
    """What each column means, shown over the first records; what the columns leave open is asked below."""
    its = opened(request.person, pages.room, id)
    if request.method == "POST":
        uploads.say(its.upload, _said(its, request.POST))
        return redirect(f"{pages.app}:{'columns' if 'again' in request.POST else 'check'}", id)
    context = pages.context() | {
        "its": its,
        "heads": _heads(its),
        "lines": [(line.number, _cells(its, line)) for line in its.table.data[:SHOWN]],
        "count": len(its.table.data),
        "sheets": [
            (place, sheet.name or _("Trang %(n)d") % {"n": place + 1})
            for place, sheet in enumerate(its.sheets)
        ],
        "asked": _asked(its),
        "unmatched": _unmatched(its),
        "unclear": _unclear(its),
        "units": units_near(request.person.province),
    }
    return render(request, "sheets_in/columns.html", context)


def _heads(its: Open) -> list[dict[str, Any]]:
    """A column each: its letter, its head, and the choices of what it means with the one chosen."""
    options = [(target.code, target.label) for target in its.sort.targets]
    return [
        {"place": place, "letter": column_name(place), "head": head, "options": options,
         "chosen": its.plan.columns.get(place, "")}
        for place, head in enumerate(its.table.heads)
        if head or any(line.cells[place] for line in its.table.data)
    ]  # fmt: skip


def _cells(its: Open, line: Line) -> list[str]:
    return [line.cells[head["place"]] for head in _heads(its)]


def _asked(its: Open) -> list[dict[str, Any]]:
    """What no column says: needed answers, the unit, and what is the same for a whole list, for all lines alike."""
    left = {target.code for target in plans.unsaid(replace(its.plan, fixed={}), its.sort.targets)}
    taken = set(its.plan.columns.values())
    wanted = [it for it in its.sort.targets if it.code in left or (it.common and it.code not in taken)]
    return [
        {"name": f"f:{it.code}", "label": it.label, "options": list(it.choices.items()),
         "value": its.plan.fixed.get(it.code, ""), "unit": it.code == "unit", "needed": it.needed}
        for it in wanted
    ]  # fmt: skip


def _unmatched(its: Open) -> list[dict[str, Any]]:
    """The texts that are none of a column's choices, each with the choices."""
    by_code = {target.code: target for target in its.sort.targets}
    return [
        {"name": f"h:{code}:{fold(text)}", "text": text, "label": by_code[code].label,
         "options": list(by_code[code].choices.items())}
        for code, texts in unmatched(its.table.data, its.ground).items()
        for text in texts[:40]
    ]  # fmt: skip


def _unclear(its: Open) -> list[dict[str, Any]]:
    """The texts that mean no unit or several, each with those that it may mean."""
    found = unclear(its.table.data, its.ground)
    return [
        {
            "name": f"p:{fold(text)}",
            "text": text,
            "options": [(code, its.ground.places.name(code)) for code in codes],
        }
        for text, codes in list(found.items())[:60]
    ]


def _said(its: Open, sent: QueryDict) -> Plan:
    """The plan as the form says it; another sheet or head is guessed anew."""
    sheet, head = _count(sent.get("sheet")) or 0, _count(sent.get("head"))
    head = None if head == its.table.head and its.plan.head is None else head
    fresh = replace(
        its.plan, sheet=min(sheet, len(its.sheets) - 1), head=head or None, giver=sent.get("giver", "")[:200]
    )
    if (fresh.sheet, fresh.head) != (its.plan.sheet, its.plan.head):
        table = table_of(its.sheets, fresh, its.sort)
        return replace(fresh, columns=plans.guess(table, its.sort.targets))
    codes = {target.code for target in its.sort.targets}
    chosen = {place: sent.get(f"c:{place}", "") for place in range(len(its.table.heads))}
    meant: dict[int, str] = {}
    for place, code in chosen.items():
        if code in codes and code not in meant.values():
            meant[place] = code
    fixed = {code: text for code in codes if (text := sent.get(f"f:{code}", "").strip()[:500])}
    return replace(
        fresh, columns=meant, fixed=fixed, choices=_choices(its, sent, codes), places=_places(its, sent)
    )


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None


def _choices(its: Open, sent: QueryDict, codes: set[str]) -> Mapping[str, Mapping[str, str]]:
    found = {code: dict(words) for code, words in its.plan.choices.items()}
    for name, value in sent.items():
        kind, _colon, rest = name.partition(":")
        code, _colon, text = rest.rpartition(":")
        if kind == "h" and code in codes and text and value:
            found.setdefault(code, {})[text] = str(value)
    return found


def _places(its: Open, sent: QueryDict) -> Mapping[str, str]:
    found = dict(its.plan.places)
    for name, value in sent.items():
        if name.startswith("p:") and str(value).strip():
            code = str(value) if value in its.ground.places.rows else unit_meant(str(value))
            if code:
                found[name[2:]] = code
    return found


@require_http_methods(["GET", "POST"])
@signed_in
def check(request: Request, id: UUID, pages: Pages) -> HttpResponse:
    """What would become of each line, and nothing written; sent, it is taken in."""
    its = opened(request.person, pages.room, id)
    if request.method == "POST":
        return _take_in(request, pages, its)
    found = judged(pages.room, its.sort, its.table, its.ground, request.person, its.upload.id)
    only = request.GET.get("verdict", "")
    chosen = [it for it in found if not only or it.verdict == only]
    form = request.GET.get("format", "")
    if form in FORMS:
        return taken_away(form, _columns(its), [_row(its, it) for it in chosen], _("Kết quả kiểm tra bảng"))
    counts = {tab: sum(it.verdict == tab for it in found) for tab in TABS if tab}
    tabs = [
        {"label": verdict_of_tab(tab), "url": f"{request.path}{f'?verdict={tab}' if tab else ''}",
         "current": only == tab, "count": counts[tab] if tab else len(found)}
        for tab in TABS
    ]  # fmt: skip
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    context = pages.context() | {
        "its": its, "page": page, "lines": [_line(its, it) for it in page], "tabs": tabs, "now": timezone.now(),
        "counted": pages.counted(counts["taken"]) if counts["taken"] else "",
        "unsaid": [target.label for target in plans.unsaid(its.plan, its.sort.targets)],
    }  # fmt: skip
    return render(request, "sheets_in/check.html", context)


def verdict_of_tab(tab: str) -> str:
    """The words of a tab of the dry run."""
    return {
        "": _("Tất cả các dòng"), "taken": _("Sẽ nhận"), "there": _("Đã có từ trước"), "listed": _("Không nhận được"),
        "passed": _("Không phải dòng dữ liệu"),
    }[tab]  # fmt: skip


def _take_in(request: Request, pages: Pages, its: Open) -> HttpResponse:
    person, upload = request.person, its.upload
    address = reverse(f"{pages.app}:one", args=[upload.id])
    try:
        its.sort.require(person, upload.unit)
    except Refused as why:
        messages.error(request, str(why))
        return redirect(f"{pages.app}:check", upload.id)
    if len(its.table.data) <= AT_ONCE:
        take_in(pages.room, upload, person, at=timezone.now())
        return redirect(address)
    return redirect(pages.later(person, "import", upload.id, len(its.table.lines), address))


def _line(its: Open, it: Judged) -> dict[str, Any]:
    return {
        "number": it.line.number, "verdict": it.verdict, "words": verdict_words(it.verdict, it.line.sort, before=True),
        "text": it.record.title if it.record else it.line.text, "why": all_said(it.faults, its.sort.targets),
        "unit": its.ground.places.name(it.record.unit) if it.record else "",
        "beside": its.sort.beside(it.record) if it.record else "",
    }  # fmt: skip


def _columns(its: Open) -> list[Column]:
    heads = enumerate(its.table.heads)
    return [
        Column("number", _("Dòng"), 8, "number"),
        Column("words", _("Kết quả"), 20),
        Column("why", _("Lý do"), 60),
        *(Column(f"c{place}", head or column_name(place), 24) for place, head in heads),
    ]


def _row(its: Open, it: Judged) -> dict[str, object]:
    cells = {f"c{place}": cell for place, cell in enumerate(it.line.cells)}
    return {**_line(its, it), **cells}


@require_POST
@signed_in
def drop(request: Request, id: UUID, pages: Pages) -> HttpResponse:
    """Throws a file away that was not taken in."""
    uploads.drop(pages.room.uploads, request.person, id)
    messages.success(request, _("Đã bỏ tệp; chưa nhập gì."))
    return redirect(f"{pages.app}:new")
