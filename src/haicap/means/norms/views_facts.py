"""Facts of units that norms stand on: what is known of each, and stating a figure with its source."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.drafts import is_uuid
from haicap.means import words
from haicap.means.catalogue.actions import DIRECT
from haicap.means.norms import actions, reckoning, showing, workload
from haicap.means.norms.entries import FactStated
from haicap.means.norms.facts import STATED, Ground, grounds, stated
from haicap.means.norms.forms import FactForm
from haicap.means.tabs import tabs
from haicap.means.views import seen_unit
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.names import unit_names
from haicap.units.rights import Person, Refused, Scope, decide, reach
from haicap.units.sign_in import Request, signed_in, today
from haicap.units.vietnamese import fold

PER_PAGE = 60
SHOWN = ("population", "area_km2", "officers", "matters_year", "reports_year")


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """What is known of each unit within reach, and what is not."""
    person, params = request.person, request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    its = filtered(
        params,
        [it for _place, found in reckoning.with_officers(reckoning.within(person), today()) for it in found],
    )
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), exported(its), _("Số liệu đơn vị"))
    page = Paginator(its, PER_PAGE).get_page(params.get("page"))
    facts = words.facts()
    context = {
        "page": page, "tabs": tabs(person, "norms:list"), "heads": [(name, facts[name]) for name in SHOWN],
        "lines": [(it, called(it), [(it.inputs.get(name), it.figures.get(name)) for name in SHOWN]) for it in page],
        "filters": filters(), "counts": counts(person), "entry_id": uuid7(), "year": today().year - 1,
    }  # fmt: skip
    return render(request, "norms/facts.html", context)


def called(it: Ground) -> str:
    """The name of a unit."""
    return it.en if words.english() else it.vi


def filtered(params: dict[str, str], its: list[Ground]) -> list[Ground]:
    """The units that fit an address: `q` words of the name or the code, `lacks` a fact, `sort` a fact or `name`."""
    for word in fold(params.get("q", "")).split():
        its = [it for it in its if word in fold(f"{it.vi} {it.code}")]
    if (lacks := params.get("lacks", "")) in SHOWN:
        its = [it for it in its if lacks not in it.inputs and it.sort != "department"]
    key = params.get("sort", "").removeprefix("-")
    if key in SHOWN:
        its = sorted(its, key=lambda it: it.inputs.get(key, -1), reverse=params["sort"].startswith("-"))
    elif params.get("sort") == "-name":
        its = its[::-1]
    return its


def filters() -> list[dict[str, Any]]:
    """The filter bar of the list."""
    facts = words.facts()
    return [
        {"name": "q", "label": _("Tên hoặc mã đơn vị"), "type": "search"},
        {"name": "lacks", "label": _("Thiếu số liệu"), "options": [(name, facts[name]) for name in SHOWN]},
    ]


def columns() -> list[Column]:
    """What the list holds when it is taken away."""
    facts = words.facts()
    own = [Column(name, facts[name], 16, "number") for name in SHOWN]
    return [
        Column("code", _("Mã"), 12),
        Column("name", _("Đơn vị"), 36),
        Column("remote", facts["remote"], 14),
        *own,
    ]


def exported(its: Iterable[Ground]) -> Iterable[dict[str, object]]:
    """The units as they are taken away."""
    yes = _("có")
    for it in its:
        yield {"code": it.code, "name": called(it), "remote": yes if it.remote else ""} | {
            name: it.inputs.get(name) for name in SHOWN
        }  # fmt: skip


@require_POST
@signed_in
def count(request: Request) -> HttpResponse:
    """Counts the matters of last year at each unit of one's province, and writes that down."""
    person, at = request.person, timezone.now()
    year, province = today().year - 1, person.province or ""
    if not counts(request.person) or not is_uuid(request.POST.get("entry_id")):
        raise PermissionDenied(_("Chức vụ của bạn không thấy hết việc của tỉnh nên không đếm được."))
    units = [code for code, it in grounds(province, today()).items() if it.sort != "department"]
    found = workload.counted(person, units, year)
    subjects = [actions.facts_id(code) for code in units]
    source = _("Đếm từ sổ việc, năm %(year)s") % {"year": year}
    with writing(person, at=at, subjects=subjects, units=units, channel="reference") as pen:
        actions.count_workload(
            pen, entry_id=UUID(request.POST["entry_id"]), year=year, counts=found, source=source
        )
    messages.success(request, _("Đã đếm và ghi số việc của năm trước cho từng đơn vị."))
    return redirect("norms:facts")


def counts(person: Person) -> bool:
    """Whether the person may count: directs means in the province, and sees all its matters."""
    province = person.province
    if province is None or not workload.counts_everything(person, province):
        return False
    return province in reach(person, DIRECT).provinces


@require_http_methods(["GET", "POST"])
@signed_in
def one(request: Request, code: str) -> HttpResponse:
    """All that was stated of one unit, and a form for the next figure."""
    row = seen_unit(request.person, code)
    writes = decide(request.person, DIRECT, Scope.of(code)).allowed
    facts = words.facts()
    choices = [(name, facts[name]) for name in STATED]
    initial = {"since": today().isoformat(), "fact": request.GET.get("fact", "")}
    form = FactForm(request.POST or None, facts=choices, initial=initial) if writes else None
    if request.method == "POST" and form is None:
        raise PermissionDenied(_("Chức vụ của bạn không ghi số liệu của đơn vị này."))
    sent = request.POST.get("entry_id")
    entry_id = UUID(sent) if is_uuid(sent) else uuid7()
    if form is not None and form.is_valid() and _stated(request, code, form, entry_id):
        messages.success(request, _("Đã ghi số liệu. Định mức của đơn vị được tính lại theo số này."))
        return redirect("norms:facts-of", code)
    known = stated([code]).get(code)
    context = {
        "row": row, "unit": unit_names([code]).get(code, code), "form": form, "entry_id": entry_id, "facts": facts,
        "figures": [(facts[it.fact], it) for it in reversed(known.figures)] if known else [],
        "tabs": tabs(request.person, "norms:list"),
    }  # fmt: skip
    return render(
        request, "norms/facts_of.html", context, status=422 if form is not None and form.is_bound else 200
    )


def _stated(request: Request, code: str, form: FactForm, entry_id: UUID) -> bool:
    given = form.cleaned_data
    body = FactStated(
        unit=code, fact=given["fact"], value=given["value"], since=given["since"], source=given["source"]
    )
    try:
        with writing(
            request.person, at=timezone.now(), subjects=[actions.facts_id(code)], units=[code], channel="reference"
        ) as pen:  # fmt: skip
            actions.state_fact(pen, entry_id=entry_id, body=body)
    except Refused as fault:
        raise PermissionDenied(str(fault)) from fault
    except showing.FAULTS as fault:
        form.add_error(getattr(fault, "what", "since"), showing.fault(fault))
        return False
    return True
