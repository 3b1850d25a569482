"""Sheets that were taken in: all of them, one with what became of each line, its receipt, and taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haicap.papers.sheets import Column
from haicap.papers.sheets_in import batches, taking, uploads
from haicap.papers.sheets_in.entries import Row
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.models import SheetRow
from haicap.papers.sheets_in.pages import Pages
from haicap.papers.sheets_in.receipts import receipt_of
from haicap.papers.sheets_in.room import Room, Sort
from haicap.papers.sheets_in.targets import Target
from haicap.papers.sheets_in.views import AT_ONCE
from haicap.papers.sheets_in.words import all_said, verdict_words
from haicap.papers.taking import FORMS, taken_away
from haicap.units.names import person_names, unit_names
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 100
Named = Mapping[UUID, tuple[str, str]]


@require_safe
@signed_in
def listed(request: Request, pages: Pages) -> HttpResponse:
    """The sheets of the units that the person sees, the latest first."""
    rows = batches.listed(pages.room, request.person, request.GET.dict())
    rows, form = rows.defer("state", "aside", "branches", "waiting"), request.GET.get("format", "")
    if form in FORMS:
        return taken_away(form, _columns(), _taken(pages.room, rows), _("Bảng đã nhập"))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    may = pages.room.sorts(request.person)
    context = pages.context() | {
        "page": page, "lines": _taken(pages.room, page), "now": timezone.now(), "may": bool(may),
        "filters": [
            {"name": "q", "label": _("Tên tệp"), "type": "search"},
            {"name": "procedure", "label": _("Loại danh sách"), "options": [(it.code, it.name) for it in may]},
        ],
    }  # fmt: skip
    return render(request, "sheets_in/list.html", context)


def _columns() -> list[Column]:
    numbers = [
        ("lines", _("Số dòng")),
        ("taken", _("Đã nhận")),
        ("there", _("Đã có")),
        ("listed", _("Không nhận")),
    ]
    return [
        Column("file", _("Tệp"), 40), Column("procedure", _("Loại danh sách"), 30), Column("unit", _("Đơn vị"), 30),
        Column("person", _("Người nhập"), 30), Column("at", _("Lúc"), 18, "moment"),
        *(Column(code, label, 12, "number") for code, label in numbers), Column("state", _("Tình trạng"), 20),
    ]  # fmt: skip


def _taken(room: Room, rows: Iterable[SheetRow]) -> list[dict[str, Any]]:
    """The lines of the list. Two queries."""
    its = list(rows)
    units, people = unit_names(row.unit for row in its), person_names(row.person for row in its)
    sorts = {code: room.known(code) for code in {row.procedure for row in its}}
    return [_line_of(row, _name(sorts[row.procedure], row.procedure), units, people) for row in its]


def _line_of(
    row: SheetRow, sort: str, units: Mapping[str, str], people: Mapping[UUID, str]
) -> dict[str, Any]:
    return {
        "id": row.pk, "file": row.file, "procedure": sort, "unit": units.get(row.unit, row.unit),
        "person": people.get(row.person, ""), "at": row.at, "lines": row.lines, "taken": row.taken,
        "there": row.there, "listed": row.listed, "done": row.done, "undone": row.undone,
        "state": _("Đã rút lại") if row.undone else _("Đã xong") if row.done else _("Đang dở"),
    }  # fmt: skip


def _name(sort: Sort[Any] | None, code: str) -> str:
    return sort.name if sort else code


def _found(request: Request, pages: Pages, id: UUID) -> Batch:
    batch = batches.one(pages.room, request.person, id)
    if batch is None:
        raise Http404
    return batch


@require_safe
@signed_in
def one(request: Request, id: UUID, pages: Pages) -> HttpResponse:
    """What became of each line of a sheet; `verdict` narrows, `format=csv` or `xlsx` takes the same lines away."""
    room, person, batch = pages.room, request.person, _found(request, pages, id)
    only, form = request.GET.get("verdict", ""), request.GET.get("format", "")
    rows = [row for row in batch.rows if not only or row.verdict == only]
    sort = room.known(batch.procedure)
    its = sort.targets if sort else ()
    if form in FORMS:
        named = pages.named(person, _subjects(rows))
        return taken_away(form, _line_columns(), [_line(row, its, named) for row in rows], batch.file)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    named = pages.named(person, {*_subjects(page), *batch.kept[:PER_PAGE]})
    context = pages.context() | {
        "batch": batch, "page": page, "lines": [_line(row, its, named) for row in page], "only": only,
        "standing": pages.standing(person, batch),
        "taken": batch.count("taken"), "there": batch.count("there"), "refused": batch.count("listed"),
        "passed": batch.count("passed"),
        "may_undo": batch.done and taking.may_take_back(room, person, batch), "now": timezone.now(),
        "waiting": batch.done is None and uploads.of(room.uploads, person).filter(pk=id).exists(),
        "kept": sorted(named[it][0] for it in batch.kept[:PER_PAGE] if it in named),
        "facts": _facts(batch, _name(sort, batch.procedure)),
    }  # fmt: skip
    return render(request, "sheets_in/one.html", context)


def _facts(batch: Batch, sort: str) -> list[tuple[str, str]]:
    units, people = unit_names([batch.unit]), person_names([batch.person])
    return [
        (_("Loại danh sách"), sort), (_("Bên giao"), batch.giver),
        (_("Đơn vị nhận bảng"), units.get(batch.unit, batch.unit)), (_("Người nhập"), people.get(batch.person, "")),
        (_("Mã tệp (SHA-256)"), batch.sha256),
    ]  # fmt: skip


def _subjects(rows: Iterable[Row]) -> set[UUID]:
    return {row.subject for row in rows if row.subject}


def _line(row: Row, its: Sequence[Target], named: Named) -> dict[str, Any]:
    said, url = named.get(row.subject, ("", "")) if row.subject else ("", "")
    return {
        "number": row.number, "verdict": row.verdict, "words": verdict_words(row.verdict, row.sort),
        "why": all_said(row.faults, its), "url": url, "said": said,
    }  # fmt: skip


def _line_columns() -> list[Column]:
    return [
        Column("number", _("Dòng"), 8, "number"), Column("words", _("Kết quả"), 22), Column("said", _("Số"), 24),
        Column("why", _("Lý do"), 80),
    ]  # fmt: skip


@require_safe
@signed_in
def receipt(request: Request, id: UUID, pages: Pages) -> HttpResponse:
    """The receipt of a sheet on paper: what was handed over, how much of it was taken in, and what was not, and why."""
    batch = _found(request, pages, id)
    pdf = receipt_of(pages.room, batch, request.person, timezone.now())
    name = {"Content-Disposition": f'inline; filename="bien-nhan-{batch.id}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=name)


@require_POST
@signed_in
def taken_back(request: Request, id: UUID, pages: Pages) -> HttpResponse:
    """Takes a sheet back: what nobody has gone on with."""
    room, person, batch = pages.room, request.person, _found(request, pages, id)
    if not taking.may_take_back(room, person, batch):
        raise PermissionDenied(_("Bảng này thuộc đơn vị khác."))
    address = reverse(f"{pages.app}:one", args=[id])
    if len(batch.subjects) > AT_ONCE and not batch.undone:
        return redirect(pages.later(person, "undo", taking.undoing(id), len(batch.subjects), address))
    try:
        back = taking.undo(room, person, batch, at=timezone.now(), reason=taking.whole(batch))
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    said = {"withdrawn": len(back.withdrawn), "kept": len(back.kept)}
    messages.success(
        request, _("Đã rút lại %(withdrawn)d dòng; %(kept)d dòng đã có người làm tiếp nên giữ nguyên.") % said
    )
    return redirect(address)
