"""Search over everything that somebody may see, and, apart from it, by numbers of people."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters import finding, search
from haicap.matters.guidance import queries as guidance
from haicap.matters.identities import is_number_of_a_person
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.queries import seen
from haicap.matters.showing import in_words
from haicap.matters.views import newest
from haicap.papers.numbers import UnreadableNumber, parse
from haicap.units import finding as places
from haicap.units.names import unit_names
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in, today
from haicap.units.vietnamese import fold
from haicap.units.words import levels

PER_PAGE = 25
FIRST = 5  # of each kind where all are shown together
FIRST_MATTERS = 10
KINDS = ("matters", "units", "procedures", "guidance")
COLUMNS = (
    "number", "title", "procedure", "status", "unit", "holder", "received", "ended", "due", "third_due", "paused",
)  # fmt: skip
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of what was found; `row` where it is a matter."""

    url: str
    title: str | SafeString
    text: str | SafeString = ""
    number: str | SafeString = ""
    status: str = ""
    row: MatterRow | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """All that fits a text, by kind; `matters` are ids, the newest first, so far as they are counted."""

    matters: list[UUID]
    units: list[Hit]
    procedures: list[Hit]
    guidance: list[Hit]

    @property
    def counts(self) -> dict[str, int]:
        return {kind: len(getattr(self, kind)) for kind in KINDS}


class Identity(forms.Form):
    """The form that looks for a number of a person; it is only ever posted."""

    number = forms.CharField(
        label=gettext_lazy("Số định danh hoặc điện thoại"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Tìm để làm gì"),
        help_text=gettext_lazy(
            "Ví dụ: trả lời công dân hỏi kết quả. Được ghi vào nhật ký từng việc tìm thấy."
        ),
        max_length=300,
    )
    entry_id = forms.UUIDField(widget=forms.HiddenInput)


@require_safe
@signed_in
def page(request: Request) -> HttpResponse:
    """What fits `q`: everything together, or of one `kind` page by page. A whole number leads to its matter at once.

    A number that may be a person's is not looked for here and leaves the address: the form beside takes it.
    """
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    if is_number_of_a_person(text):
        return redirect(f"{reverse('web:search')}?identity=1")
    at, known = timezone.now(), law()
    its, number = search.asked(text), _number(text)
    found = _found(request.person, text, its, known, at)
    rows = _page(request, found.matters, kind)
    lines = _matters(request.person, rows, its, known)
    if number and not request.headers.get("HX-Request"):
        exact = next((hit for hit in lines if hit.row and hit.row.number == number), None)
        if exact:
            return redirect(exact.url)
    nothing = bool(text) and not any(found.counts.values())
    context = {
        "q": text, "kind": kind if kind in KINDS else "", "counts": found.counts, "now": at, "page": rows,
        "lines": lines, "more": found.counts["matters"] > search.MOST, "most": search.MOST, "nothing": nothing,
        "groups": _groups(found, kind), "tabs": _tabs(text, kind, found),
        "may_list": request.person.may("matter.see"), "identity": _identity(request.person),
        "by_identity": "identity" in request.GET,
    }  # fmt: skip
    return render(request, "web/search.html", context)


def _number(text: str) -> str:
    """The number that a text is, as it is written; empty where it is none."""
    try:
        return str(parse(text))
    except UnreadableNumber:
        return text.upper() if "-" in text else ""


def _found(person: Person, text: str, its: search.Asked | None, known: Law, at: datetime) -> Found:
    if its is None:
        return Found([], [], [], [])
    matters = search.found(person, its) if person.may("matter.see") else []
    return Found(matters, _units(text, its), _procedures(text, its, known, at), _guidance(text, its))


def _page(request: Request, ids: list[UUID], kind: str) -> Page[UUID]:
    per_page = PER_PAGE if kind == "matters" else FIRST_MATTERS
    return Paginator(ids[: search.MOST], per_page).get_page(
        request.GET.get("page") if kind == "matters" else 1
    )


def _matters(person: Person, ids: Iterable[UUID], its: search.Asked | None, known: Law) -> list[Hit]:
    rows = seen(person).only(*COLUMNS).in_bulk(list(ids))
    names = unit_names(row.holder or row.unit for row in rows.values())
    return [_matter(rows[each], its, known, names) for each in ids if each in rows]


def _matter(row: MatterRow, its: search.Asked | None, known: Law, names: dict[str, str]) -> Hit:
    procedure = newest(known, row.procedure)
    kind = in_words(procedure.name) if procedure else row.procedure
    status = in_words(procedure.states.get(row.status)) if procedure else row.status
    unit = names.get(row.holder or row.unit, row.holder or row.unit)
    return Hit(
        reverse("matters:id", args=[row.pk]),
        marked(row.title or kind, its),
        format_html("{} · {}", kind, unit) if row.title else unit,
        marked(row.number, its),
        status or _("Đã nhập vào việc khác"),
        row,
    )


def _units(text: str, its: search.Asked) -> list[Hit]:
    """Units by a name of today or before, then those that serve an old address."""
    found = places.found(text)
    words, names = levels(), unit_names(place.province for place in found)
    hits = []
    for place in found:
        above = names.get(place.province or "", words[place.level])
        hits.append(_unit(place, its, _("không còn hoạt động") if place.closed else above))
    for name, serving in places.served(text):
        why = format_html(_("nay phụ trách {}"), marked(name, its))
        hits += [_unit(place, its, why) for place in serving]
    return hits


def _unit(place: places.Place, its: search.Asked, why: str | SafeString) -> Hit:
    return Hit(reverse("unit", args=[place.code]), marked(place.called, its), why, place.code)


def _procedures(text: str, its: search.Asked, known: Law, at: datetime) -> list[Hit]:
    words = fold(text).split()
    return [
        Hit(reverse("matters:procedure", args=[it.code]), marked(in_words(it.name), its), it.code)
        for it in known.current(at)
        if all(f" {word}" in f" {fold(f'{it.name.vi} {it.name.en} {it.code}')}" for word in words)
    ]


def _guidance(text: str, its: search.Asked) -> list[Hit]:
    return [
        Hit(reverse("guidance:one", args=[it.id]), marked(it.title, its), it.paper)
        for it in guidance.found(text, FIRST, day=today())
    ]


def _labels() -> dict[str, str]:
    return {
        "matters": _("Việc"), "units": _("Các đơn vị"), "procedures": _("Thủ tục"),
        "guidance": _("Hướng dẫn đã công bố"),
    }  # fmt: skip


def _groups(found: Found, kind: str) -> list[dict[str, Any]]:
    """The groups beside matters that stand on the page, each with the address of the whole of it where it is cut."""
    its = []
    for code in KINDS[1:]:
        hits = getattr(found, code)
        if hits and kind in ("", code):
            shown = hits if kind == code else hits[:FIRST]
            its.append(
                {"code": code, "label": _labels()[code], "hits": shown, "left": len(hits) - len(shown)}
            )
    return its


def _tabs(text: str, kind: str, found: Found) -> list[dict[str, Any]]:
    base, counts = reverse("web:search"), found.counts
    its = [{"label": _("Tất cả"), "url": f"{base}?{urlencode({'q': text})}", "current": kind not in KINDS}]
    for code, label in _labels().items():
        if counts[code] or kind == code:
            url = f"{base}?{urlencode({'q': text, 'kind': code})}"
            its.append({"label": label, "url": url, "current": kind == code, "count": _count(counts[code])})
    return its


def _count(n: int) -> int | str:
    return "" if n > search.MOST else n


def _identity(person: Person, data: Any = None) -> Identity | None:
    return Identity(data, initial={"entry_id": uuid7()}) if person.may(finding.RIGHT) else None


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def identity(request: Request) -> HttpResponse:
    """Finds matters by a number of a person that is sealed in them, for the purpose stated, and records it in each."""
    if request.method == "GET":
        return redirect("web:search")
    form = _identity(request.person, request.POST)
    if form is None:
        raise PermissionDenied
    context: dict[str, Any] = {"identity": form, "q": "", "by_identity": True}
    if not form.is_valid():
        return render(request, "web/search.html", context, status=422)
    asked, at = form.cleaned_data, timezone.now()
    its = finding.bearing(request.person, asked["number"])
    if its.rows:
        units, subjects = sorted({row.unit for row in its.rows}), [row.pk for row in its.rows]
        with writing(request.person, at=at, subjects=subjects, units=units) as pen:
            finding.record(pen, entry_id=asked["entry_id"], subjects=subjects, purpose=asked["purpose"])
    known, names = law(), unit_names(row.holder or row.unit for row in its.rows)
    context |= {
        "identity": _identity(request.person), "bearing": its, "now": at, "purpose": asked["purpose"],
        "lines": [_matter(row, None, known, names) for row in its.rows],
    }  # fmt: skip
    return render(request, "web/search.html", context)


def marked(text: str, its: search.Asked | None) -> SafeString | str:
    """The text with the words that were looked for marked, also where their diacritics differ."""
    if its is None:
        return text
    parts, at, text = [], 0, unicodedata.normalize("NFC", text)
    for found in WORD.finditer(text):
        if its.has(fold(found[0])):
            parts.append((text[at : found.start()], found[0]))
            at = found.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[at:])
