"""Handing a sheet in: the file, what its columns mean, and what would become of each line."""

from collections.abc import Mapping
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

from haicap.clocks.documents import NotInForce
from haicap.journal.ids import uuid7
from haicap.matters import queries
from haicap.matters import work as long_work
from haicap.matters.drafts import is_uuid
from haicap.matters.intake import TAKE_OVER
from haicap.matters.law import law
from haicap.matters.schema import Procedure
from haicap.matters.sheets import plans, uploads, works
from haicap.matters.sheets.choosing import WAYS
from haicap.matters.sheets.judging import Judged, ground_of, judged, table_of
from haicap.matters.sheets.models import Upload
from haicap.matters.sheets.plans import Plan
from haicap.matters.sheets.reading import Ground, unclear, unmatched
from haicap.matters.sheets.taking import require_taking, take_in
from haicap.matters.sheets.targets import Target
from haicap.matters.sheets.words import all_said, verdict_words
from haicap.matters.showing import in_words
from haicap.matters.telling import BY
from haicap.matters.views_new import places
from haicap.papers.books import Sheet, column_name, open_book
from haicap.papers.sheets import Column, UnreadableSheet
from haicap.papers.tables import Line, Table
from haicap.papers.taking import FORMS, taken_away
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in
from haicap.units.vietnamese import fold

SHOWN = 8  # lines of records that show what the columns hold
PER_PAGE = 100
TABS = ("", "taken", "there", "listed", "passed")


@dataclass(frozen=True, slots=True)
class Open:
    """A file that is being looked at, understood by its plan; the ground is made when it is asked for."""

    upload: Upload
    procedure: Procedure
    sheets: tuple[Sheet, ...]
    plan: Plan
    table: Table
    ground: Ground


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """The form for a file; sent, it goes on to the columns."""
    procedures = offered(request.person)
    if not procedures:
        raise Http404
    wrong = _kept(request, procedures) if request.method == "POST" else ""
    if isinstance(wrong, HttpResponse):
        return wrong
    context = {
        "procedures": [(it.code, in_words(it.name)) for it in procedures], "id": request.POST.get("id") or uuid7(),
        "chosen": request.POST.get("procedure") or request.GET.get("procedure", ""), "wrong": wrong,
        "waiting": uploads.of(request.person).defer("sealed")[:20], "megabytes": uploads.MOST_BYTES // 1_000_000,
    }  # fmt: skip
    return render(request, "sheets/new.html", context, status=422 if wrong else 200)


def offered(person: Person) -> list[Procedure]:
    """The procedures whose matters somebody may take in from sheets: all but those whose raiser names a unit."""
    current = (it for it in law().current(timezone.now()) if it.opens.to_unit != "stated")
    return [it for it in current if person.may(TAKE_OVER) or places(person, it)]


def _kept(request: Request, procedures: list[Procedure]) -> HttpResponse | str:
    """The file, kept and understood; or what is wrong with it."""
    sent, file, person = request.POST, request.FILES.get("file"), request.person
    procedure = next((it for it in procedures if it.code == sent.get("procedure")), None)
    if procedure is None or not is_uuid(sent.get("id")):
        return _("Chọn loại việc của bảng này.")
    if file is None:
        return _("Chọn tệp bảng tính.")
    if (file.size or 0) > uploads.MOST_BYTES:
        return _("Tệp lớn quá mức cho phép.")
    data = file.read()
    try:
        table = table_of(open_book(data), Plan(), procedure)
    except UnreadableSheet as error:
        return str(error)
    unit = next(iter(sorted(places(person, procedure))), person.unit)
    upload = uploads.keep(
        person,
        data,
        id=UUID(sent["id"]),
        name=file.name or "",
        procedure=procedure.code,
        unit=unit,
        at=timezone.now(),
    )
    if upload.person == person.id and not upload.plan:
        before = plans.kept(unit, procedure.code, table)
        its = ground_of(person, procedure, Plan(), unit, timezone.now()).targets
        uploads.say(upload, before or Plan(columns=plans.guess(table, its)))
        if before:
            messages.info(request, _("Bảng có đầu cột như lần trước; đã dùng lại cách chọn cột lần trước."))
    return redirect("sheets:columns", upload.id)


def opened(request: Request, id: UUID) -> Open:
    """The file, understood as its plan says. Raises `Http404` for another's, and for what is done."""
    person, at = request.person, timezone.now()
    upload = uploads.of(person).filter(pk=id).first()
    if upload is None:
        raise Http404
    try:
        procedure = law().procedure(upload.procedure, at)
    except NotInForce:
        raise Http404 from None
    plan, sheets = uploads.plan_of(upload), open_book(uploads.data_of(upload))
    table = table_of(sheets, plan, procedure)
    return Open(upload, procedure, sheets, plan, table, ground_of(person, procedure, plan, upload.unit, at))


@require_http_methods(["GET", "POST"])
@signed_in
def columns(request: Request, id: UUID) -> HttpResponse:
    """What each column means, shown over the first records; what the columns leave open is asked below."""
    its = opened(request, id)
    if request.method == "POST":
        uploads.say(its.upload, _said(its, request.POST))
        return redirect("sheets:columns" if "again" in request.POST else "sheets:check", id)
    context = {
        "its": its,
        "procedure": in_words(its.procedure.name),
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
        "units": queries.units_near(request.person.province),
    }
    return render(request, "sheets/columns.html", context)


def _heads(its: Open) -> list[dict[str, Any]]:
    """A column each: its letter, its head, and the choices of what it means with the one chosen."""
    options = [(target.code, target.label) for target in its.ground.targets]
    return [
        {"place": place, "letter": column_name(place), "head": head, "options": options,
         "chosen": its.plan.columns.get(place, "")}
        for place, head in enumerate(its.table.heads)
        if head or any(line.cells[place] for line in its.table.data)
    ]  # fmt: skip


def _cells(its: Open, line: Line) -> list[str]:
    return [line.cells[head["place"]] for head in _heads(its)]


def _asked(its: Open) -> list[dict[str, Any]]:
    """What no column says: needed answers, and how and where it came in, for all lines alike."""
    left = {target.code for target in plans.unsaid(replace(its.plan, fixed={}), its.ground.targets)}
    taken = set(its.plan.columns.values())
    wanted = [
        it
        for it in its.ground.targets
        if it.code in left or (it.code in ("by", "unit") and it.code not in taken)
    ]
    return [
        {"name": f"f:{it.code}", "label": it.label, "options": _options(it), "value": its.plan.fixed.get(it.code, ""),
         "unit": it.code == "unit", "needed": it.needed}
        for it in wanted
    ]  # fmt: skip


def _options(target: Target) -> list[tuple[str, str]]:
    if target.code == "by":
        return [(way, BY[way]()) for way in WAYS]
    if target.field is None or target.part:
        return []
    if target.field.type == "yes-no":
        return [("yes", _("Có")), ("no", _("Không"))]
    return [(code, in_words(text)) for code, text in target.field.of.items()]


def _unmatched(its: Open) -> list[dict[str, Any]]:
    """The texts that are none of a column's choices, each with the choices."""
    by_code = {target.code: target for target in its.ground.targets}
    return [
        {"name": f"h:{code}:{fold(text)}", "text": text, "label": by_code[code].label,
         "options": _options(by_code[code])}
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
        table = table_of(its.sheets, fresh, its.procedure)
        return replace(fresh, columns=plans.guess(table, its.ground.targets))
    codes = {target.code for target in its.ground.targets}
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
            code = str(value) if value in its.ground.places.rows else queries.unit_meant(str(value))
            if code:
                found[name[2:]] = code
    return found


@require_http_methods(["GET", "POST"])
@signed_in
def check(request: Request, id: UUID) -> HttpResponse:
    """What would become of each line, and nothing written; sent, it is taken in."""
    its = opened(request, id)
    if request.method == "POST":
        return _take_in(request, its)
    found = judged(its.table, its.ground, request.person, its.upload.id)
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
    unsaid = [target.label for target in plans.unsaid(its.plan, its.ground.targets)]
    context = {
        "its": its, "page": page, "lines": [_line(its, it) for it in page], "tabs": tabs, "counts": counts,
        "procedure": in_words(its.procedure.name), "unsaid": unsaid, "now": timezone.now(),
    }  # fmt: skip
    return render(request, "sheets/check.html", context)


def verdict_of_tab(tab: str) -> str:
    """The words of a tab of the dry run."""
    return {
        "": _("Tất cả các dòng"), "taken": _("Sẽ nhận"), "there": _("Đã có từ trước"), "listed": _("Không nhận được"),
        "passed": _("Không phải hồ sơ"),
    }[tab]  # fmt: skip


def _take_in(request: Request, its: Open) -> HttpResponse:
    person, upload, address = request.person, its.upload, reverse("sheets:one", args=[its.upload.id])
    try:
        require_taking(person, upload.unit, its.procedure)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("sheets:check", upload.id)
    if len(its.table.data) <= works.AT_ONCE:
        take_in(upload, person, at=timezone.now())
        return redirect(address)
    job = long_work.begin(
        person, works.import_sheet, id=upload.id, total=len(its.table.lines), result=address
    )
    return redirect("work:one", job.id)


def _line(its: Open, it: Judged) -> dict[str, Any]:
    by_code = {target.code: target for target in its.ground.targets}
    return {
        "number": it.line.number, "verdict": it.verdict, "words": verdict_words(it.verdict, it.line.sort, before=True),
        "text": it.record.title if it.record else it.line.text, "why": all_said(it.faults, by_code),
        "unit": its.ground.places.name(it.record.unit) if it.record else "",
        "received": it.record.received if it.record else None,
    }  # fmt: skip


def _columns(its: Open) -> list[Column]:
    own = [
        Column("number", _("Dòng"), 8, "number"),
        Column("words", _("Kết quả"), 20),
        Column("why", _("Lý do"), 60),
    ]
    return [
        *own,
        *(Column(f"c{place}", head or column_name(place), 24) for place, head in enumerate(its.table.heads)),
    ]


def _row(its: Open, it: Judged) -> dict[str, object]:
    cells = {f"c{place}": cell for place, cell in enumerate(it.line.cells)}
    return {**_line(its, it), **cells}


@require_POST
@signed_in
def drop(request: Request, id: UUID) -> HttpResponse:
    """Throws a file away that was not taken in."""
    uploads.drop(request.person, id)
    messages.success(request, _("Đã bỏ tệp; chưa nhập gì."))
    return redirect("sheets:new")
