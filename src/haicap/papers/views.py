"""Pages on which an office sees and changes what its papers say, and what stands above them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haicap.clocks.documents import NATION, document_id
from haicap.clocks.fold import Edition
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.papers import editable, editions
from haicap.papers.documents import read
from haicap.papers.documents import render as pdf_of
from haicap.papers.editions import LETTERHEAD, Letterhead
from haicap.papers.forms import LetterheadForm, TextsForm
from haicap.papers.samples import SAMPLES
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.papers.texts import Texts, changeable, parse, placeholders, shipped
from haicap.units.models import UnitRow
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in, today

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@signed_in
def papers(request: Request) -> HttpResponse:
    """Every paper whose texts may be changed, with the edition that one's own unit uses today."""
    unit = _unit(request)
    found = editions.editions([editions.code_of(it, at) for it in changeable() for at in {"", unit}])
    rows = []
    for it in changeable():
        own = found.get(editions.code_of(it, unit), ()) if unit else ()
        its = own or found.get(it, ())
        using = _in_force(its)
        rows.append({
            "code": it, "name": _name(parse(it, using.text if using else shipped(it))), "own": bool(own),
            "since": using.since if using else None, "editions": len(its), "note": using.note if using else "",
        })  # fmt: skip
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(form, _columns(), rows, _("Mẫu giấy tờ"))
    context = {"rows": rows, "unit": unit, "unit_name": _unit_name(unit), "mine": request.person.unit}
    return render(request, "papers/papers.html", context)


def _columns() -> list[Column]:
    return [
        Column("code", _("Mã"), 20), Column("name", _("Giấy tờ"), 48),
        Column("since", _("Có hiệu lực từ"), kind="date"), Column("note", _("Vì sao thay đổi"), 40),
        Column("editions", _("Số bản"), kind="number"),
    ]  # fmt: skip


def _in_force(its: tuple[Edition, ...]) -> Edition | None:
    begun = [it for it in its if it.since <= today()]
    return begun[-1] if begun else None


def _name(texts: Texts) -> str:
    return texts.name.en if (get_language() or "vi").startswith("en") else texts.name.vi


def _unit(request: Request) -> str:
    """The unit whose own texts are asked for; empty for those of everybody."""
    asked = request.GET.get("unit", "").strip()
    if not asked:
        return ""
    code = UnitRow.objects.filter(code=asked, closed=None).values_list("code", flat=True).first()
    if code is None:
        raise Http404
    return str(code)


def _unit_name(code: str) -> str:
    column = "name_en" if (get_language() or "vi").startswith("en") else "name"
    return str(UnitRow.objects.filter(code=code).values_list(column, flat=True).first() or "") if code else ""


@require_http_methods(["GET", "POST"])
@signed_in
def paper(request: Request, code: str) -> HttpResponse:
    """One paper: its texts, and the form that publishes a new edition; `do=preview` answers with the PDF."""
    if code not in changeable():
        raise Http404
    unit = _unit(request)
    its, chosen = _chosen(request, code, unit)
    was = parse(code, chosen.text if chosen else shipped(code))
    may = editions.may_publish(request.person, unit)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = TextsForm(request.POST or None, request.FILES or None, paper=code, was=was)
    if form.is_bound and form.is_valid():
        if request.POST.get("do") == "preview":
            return _file(pdf_of(code, _sample(code), form.texts), PDF, f"{code}.pdf")
        return _published(request, code, unit, form.texts.toml(), form, reverse("papers:paper", args=[code]))
    context = {
        "code": code, "name": _name(was), "form": form if may else None, "texts": was, "unit": unit,
        "unit_name": _unit_name(unit), "placeholders": placeholders(code), "editions": its, "chosen": chosen,
        "entry_id": uuid7(), "mine": request.person.unit, "now": datetime.now(UTC),
    }  # fmt: skip
    return render(request, "papers/paper.html", context, status=422 if form.is_bound else 200)


def _chosen(request: Request, paper: str, unit: str) -> tuple[tuple[Edition, ...], Edition | None]:
    """The editions there are for the unit, and the one asked for, or in force, or the last published."""
    found = editions.editions([editions.code_of(paper, unit), paper])
    its = found.get(editions.code_of(paper, unit), ())
    if asked := request.GET.get("edition"):
        for edition in (edition for its in found.values() for edition in its):
            if edition.sha256 == asked:
                return its, edition
        raise Http404
    return its, _in_force(its) or _in_force(found.get(paper, ()))


def _published(request: Request, paper: str, unit: str, text: str, form: Any, back: str) -> HttpResponse:
    try:
        entry_id = UUID(request.POST.get("entry_id", ""))
    except ValueError:
        raise Http404 from None
    subject = document_id("paper", editions.code_of(paper, unit))
    since, note = form.cleaned_data["since"], form.cleaned_data["note"]
    try:
        with writing(
            request.person, at=datetime.now(UTC), subjects=[subject], units=[NATION], channel="reference"
        ) as pen:
            editions.publish(
                pen, entry_id=entry_id, person=request.person, paper=paper, unit=unit, text=text, since=since, note=note
            )  # fmt: skip
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    messages.success(request, _("Đã ban hành; bản cũ vẫn giữ cho giấy tờ đã in."))
    return redirect(f"{back}?unit={unit}" if unit else back)


@require_safe
@signed_in
def preview(request: Request, code: str, form: str) -> HttpResponse:
    """The paper with sample data: `pdf`, `docx`, or `template`, a DOCX to begin an own template with."""
    if code not in changeable():
        raise Http404
    _its, chosen = _chosen(request, code, _unit(request))
    texts = parse(code, chosen.text if chosen else shipped(code))
    content = read(code, _sample(code))
    if form == "pdf":
        return _file(pdf_of(code, _sample(code), texts), PDF, f"{code}.pdf")
    if form == "template":
        return _file(editable.starting_template(code, texts, content.dated), DOCX, f"{code}-mau.docx")
    return _file(editable.render(content, texts), DOCX, f"{code}.docx")


def _sample(code: str) -> dict[str, Any]:
    return {**SAMPLES[code], "synthetic": True}


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    how = "inline" if kind == PDF else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, kind, headers=headers)


@require_http_methods(["GET", "POST"])
@signed_in
def letterhead(request: Request, unit: str) -> HttpResponse:
    """What stands above and under the papers of a unit."""
    name = _unit_name(unit)
    if not name:
        raise Http404
    its = editions.editions([editions.code_of(LETTERHEAD, unit)]).get(editions.code_of(LETTERHEAD, unit), ())
    was = editions.read_letterhead(using.text if (using := _in_force(its)) else "")
    may = editions.may_publish(request.person, unit)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = LetterheadForm(request.POST or None, was=was)
    if form.is_bound and form.is_valid():
        back = reverse("papers:letterhead", args=[unit])
        return _published(request, LETTERHEAD, unit, form.letterhead.toml(), form, back)
    context = {
        "unit": unit, "unit_name": name, "form": form if may else None, "editions": its, "entry_id": uuid7(),
        "facts": [(form.fields[key].label, getattr(was, key)) for key in Letterhead.model_fields],
    }  # fmt: skip
    return render(request, "papers/letterhead.html", context, status=422 if form.is_bound else 200)
