"""Sheets that were taken in: all of them, one with what became of each line, its receipt, and taking it back."""

from collections.abc import Iterable
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

from haicap.matters import queries
from haicap.matters import work as long_work
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.sheets import batches, uploads, works
from haicap.matters.sheets.entries import Row
from haicap.matters.sheets.fold import Batch
from haicap.matters.sheets.models import SheetRow
from haicap.matters.sheets.receipts import receipt_of
from haicap.matters.sheets.taking import may_take_back
from haicap.matters.sheets.targets import Target, targets
from haicap.matters.sheets.views import offered
from haicap.matters.sheets.words import all_said, verdict_words
from haicap.matters.showing import Names, in_words
from haicap.matters.state import RETRACTED
from haicap.matters.views import newest
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 100


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """The sheets of the units that the person sees, the latest first."""
    rows = batches.listed(request.person, request.GET.dict()).defer("state", "aside", "branches", "waiting")
    known, form = law(), request.GET.get("format", "")
    if form in FORMS:
        return taken_away(
            form, _columns(), [_taken(row, known, _names(rows)) for row in rows], _("Bảng đã nhập")
        )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    names = _names(page)
    may = offered(request.person)
    context = {
        "page": page, "lines": [_taken(row, known, names) for row in page], "now": timezone.now(), "may": bool(may),
        "filters": [
            {"name": "q", "label": _("Tên tệp"), "type": "search"},
            {"name": "procedure", "label": _("Loại việc"), "options": [(it.code, in_words(it.name)) for it in may]},
        ],
    }  # fmt: skip
    return render(request, "sheets/list.html", context)


def _names(rows: Iterable[SheetRow]) -> Names:
    its = list(rows)
    return Names(queries.unit_names(row.unit for row in its), queries.person_names(row.person for row in its))


def _columns() -> list[Column]:
    numbers = [
        ("lines", _("Số dòng")),
        ("taken", _("Đã nhận")),
        ("there", _("Đã có")),
        ("listed", _("Không nhận")),
    ]
    return [
        Column("file", _("Tệp"), 40), Column("procedure", _("Loại việc"), 30), Column("unit", _("Đơn vị"), 30),
        Column("person", _("Người nhập"), 30), Column("at", _("Lúc"), 18, "moment"),
        *(Column(code, label, 12, "number") for code, label in numbers), Column("state", _("Tình trạng"), 20),
    ]  # fmt: skip


def _taken(row: SheetRow, known: Law, names: Names) -> dict[str, Any]:
    procedure = newest(known, row.procedure)
    state = _("Đã rút lại") if row.undone else _("Đã xong") if row.done else _("Đang dở")
    return {
        "id": row.pk, "file": row.file, "procedure": in_words(procedure.name) if procedure else row.procedure,
        "unit": names.unit(row.unit), "person": names.person(row.person), "at": row.at, "lines": row.lines,
        "taken": row.taken, "there": row.there, "listed": row.listed, "state": state, "done": row.done,
        "undone": row.undone,
    }  # fmt: skip


def _found(request: Request, id: UUID) -> Batch:
    batch = batches.one(request.person, id)
    if batch is None:
        raise Http404
    return batch


@require_safe
@signed_in
def one(request: Request, id: UUID) -> HttpResponse:
    """What became of each line of a sheet; `verdict` narrows, `format=csv` or `xlsx` takes the same lines away."""
    batch = _found(request, id)
    only, form = request.GET.get("verdict", ""), request.GET.get("format", "")
    rows = [row for row in batch.rows if not only or row.verdict == only]
    procedure = newest(law(), batch.procedure)
    its = {target.code: target for target in targets(procedure)} if procedure else {}
    if form in FORMS:
        found = _numbers(row.matter for row in rows)
        return taken_away(form, _line_columns(), [_line(row, its, found) for row in rows], batch.file)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    found = _numbers(row.matter for row in page)
    stands = queries.seen(request.person).filter(pk__in=batch.matters)
    here = list(stands.values_list("status", flat=True))
    context = {
        "batch": batch, "page": page, "lines": [_line(row, its, found) for row in page], "only": only,
        "procedure": in_words(procedure.name) if procedure else batch.procedure,
        "standing": sum(status != RETRACTED for status in here), "withdrawn": here.count(RETRACTED),
        "there": batch.count("there"), "refused": batch.count("listed"), "passed": batch.count("passed"),
        "may_undo": batch.done and may_take_back(request.person, batch),
        "waiting": batch.done is None and uploads.of(request.person).filter(pk=id).exists(), "now": timezone.now(),
        "kept": sorted(_numbers(batch.kept[:PER_PAGE]).values()),
        "facts": _facts(batch, procedure),
    }  # fmt: skip
    return render(request, "sheets/one.html", context)


def _facts(batch: Batch, procedure: Any) -> list[tuple[str, str]]:
    names = Names(queries.unit_names([batch.unit]), queries.person_names([batch.person]))
    return [
        (_("Loại việc"), in_words(procedure.name) if procedure else batch.procedure),
        (_("Bên giao"), batch.giver), (_("Đơn vị nhận bảng"), names.unit(batch.unit)),
        (_("Người nhập"), names.person(batch.person)), (_("Mã tệp (SHA-256)"), batch.sha256),
    ]  # fmt: skip


def _numbers(subjects: Iterable[UUID | None]) -> dict[UUID, str]:
    """Numbers of the matters that the person may see. One query."""
    wanted = [subject for subject in subjects if subject]
    return dict(MatterRow.objects.filter(pk__in=wanted).values_list("pk", "number")) if wanted else {}


def _line(row: Row, its: dict[str, Target], numbers: dict[UUID, str]) -> dict[str, Any]:
    number = numbers.get(row.matter) if row.matter else None
    return {
        "number": row.number, "verdict": row.verdict, "words": verdict_words(row.verdict, row.sort),
        "why": all_said(row.faults, its), "matter": row.matter if number else None, "said": number or "",
    }  # fmt: skip


def _line_columns() -> list[Column]:
    return [
        Column("number", _("Dòng"), 8, "number"), Column("words", _("Kết quả"), 22), Column("said", _("Số"), 24),
        Column("why", _("Lý do"), 80),
    ]  # fmt: skip


@require_safe
@signed_in
def receipt(request: Request, id: UUID) -> HttpResponse:
    """The receipt of a sheet on paper: what was handed over, how much of it was taken in, and what was not, and why."""
    batch = _found(request, id)
    pdf = receipt_of(batch, request.person, timezone.now())
    name = {"Content-Disposition": f'inline; filename="bien-nhan-{batch.id}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=name)


@require_POST
@signed_in
def taken_back(request: Request, id: UUID) -> HttpResponse:
    """Takes a sheet back: what nobody has gone on with."""
    batch, person = _found(request, id), request.person
    if not may_take_back(person, batch):
        raise PermissionDenied(_("Bảng này thuộc đơn vị khác."))
    address = reverse("sheets:one", args=[id])
    if len(batch.matters) > works.AT_ONCE and not batch.undone:
        job = long_work.begin(
            person, works.undo_sheet, id=works.undoing(id), total=len(batch.matters), result=address
        )
        return redirect("work:one", job.id)
    try:
        back = works.take_back(person, batch)
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    said = {"withdrawn": len(back.withdrawn), "kept": len(back.kept)}
    messages.success(
        request, _("Đã rút lại %(withdrawn)d việc; %(kept)d việc đã có người xử lý nên giữ nguyên.") % said
    )
    return redirect(address)
