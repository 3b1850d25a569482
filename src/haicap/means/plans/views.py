"""Pages of plans: what is being tried, side by side, what was adopted and how it goes."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.wall import Unreckonable
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.drafts import is_uuid
from haicap.matters.intake import NotOpenHere
from haicap.matters.law import law
from haicap.means.plans import actions, queries, trials
from haicap.means.plans.forms import AdoptForm, WithdrawForm
from haicap.means.plans.models import Trial
from haicap.means.plans.outcome import Answer
from haicap.means.plans.showing import Shown, chart, columns, rows, shown
from haicap.means.plans.sorts import SORTS, Sort
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.acting import NotSo, Unsaid
from haicap.units.actions import SPACE
from haicap.units.queries import unit_now
from haicap.units.rights import Person, Refused, reach
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50
DIRECT = actions.DIRECT


def frame(request: Request) -> dict[str, Any]:
    """What every page of plans shows around itself."""
    return {"tabs": tabs(request.person, "plans:list"), "directs": request.person.may(DIRECT)}


@require_GET
@signed_in
def listed(request: Request) -> HttpResponse:
    """The adopted plans, and what one's unit is trying."""
    found = queries.listed(request.person, request.GET.dict())
    if (form := request.GET.get("format", "")) in FORMS:
        return taken_away(form, _list_columns(), _list_rows(found), _("Phương án"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    tried = trials.of(request.person).defer("answer")[:PER_PAGE] if request.person.may(DIRECT) else []
    context = {
        "page": page,
        "plans": [(row, SORTS[row.sort].name if row.sort in SORTS else row.sort) for row in page],
        "trials": [(trial, SORTS[trial.sort].name) for trial in tried if trial.sort in SORTS],
        "sorts": SORTS.values(),
        "filters": [
            {"name": "q", "label": _("Tìm"), "type": "search"},
            {"name": "sort_of", "label": _("Loại"), "options": [(it.code, it.name) for it in SORTS.values()]},
            {"name": "open", "label": _("Hiệu lực"), "options": [("1", _("Đang thực hiện"))]},
        ],
    }
    return render(request, "plans/list.html", frame(request) | context)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request, sort: str) -> HttpResponse:
    """The question: its parameters; sent, it is calculated."""
    its, province = _sort(sort), _province(request.person)
    form = its.form(request.POST or None)
    id = UUID(request.POST["id"]) if is_uuid(request.POST.get("id")) else uuid7()
    if form.is_valid():
        asked = {name: _text(value) for name, value in form.cleaned_data.items()}
        job = trials.try_one(
            request.person,
            id=id,
            sort=sort,
            name=str(its.name),
            province=province,
            asked=asked,
            at=timezone.now(),
        )
        return redirect("work:one", job.id) if not job.is_over else redirect("plans:trial", id)
    context = frame(request) | {"sort": its, "form": form, "id": id}
    return render(request, "plans/new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def trial(request: Request, id: UUID) -> HttpResponse:
    """What was answered. Sent with items to keep or to rule out, it is asked again around them."""
    its = _trial(request.person, id)
    if request.method == "POST":
        return _again(request, its)
    answer, sort = trials.answer_of(its), SORTS[its.sort]
    if answer is None and not its.fault:
        return redirect("work:one", id)
    said = shown(answer, sort, request.person) if answer else None
    if said and (form := request.GET.get("format", "")) in FORMS:
        return taken_away(form, columns(), rows(said), its.name)
    others = trials.of(request.person).filter(sort=its.sort).filter(answer__isnull=False).exclude(pk=id)
    context = {
        "trial": its, "sort": sort, "answer": answer, "shown": said,
        "chart": chart(its.province, said, answer) if said and answer and answer.items else None,
        "others": list(others.defer("answer")[:20]), "id": uuid7(), "forbidden": _told_keys(its, request),
        "asked": _asked(its, sort),
    }  # fmt: skip
    return render(request, "plans/trial.html", frame(request) | context)


def _told_keys(its: Trial, request: Request) -> list[tuple[str, str]]:
    """The items ruled out by hand, as the answer before told them, else by their keys."""
    before = trials.of(request.person).filter(pk=its.before).first() if its.before else None
    answer = trials.answer_of(before) if before else None
    lines = shown(answer, SORTS[its.sort], request.person).lines if answer else []
    words = {line.item.key: f"{line.from_name} → {line.to_name}: {line.what} {line.named}" for line in lines}
    return [(key, words.get(key, key)) for key in its.forbidden]


def _asked(its: Trial, sort: Sort) -> list[tuple[str, str]]:
    """The parameters in the order of their form, in words."""
    return [
        (str(field.label), _said(field, its.asked[name]))
        for name, field in sort.form().fields.items()
        if its.asked.get(name)
    ]


def _said(field: forms.Field, text: str) -> str:
    if isinstance(field, forms.BooleanField):
        return _("có") if text == "True" else _("không")
    return str(dict(getattr(field, "choices", ())).get(text, text))


def _again(request: Request, before: Trial) -> HttpResponse:
    if not is_uuid(request.POST.get("id")):
        raise Http404
    id, forbidden = UUID(request.POST["id"]), request.POST.getlist("forbidden")
    kept = [key for key in request.POST.getlist("kept") if key not in forbidden]
    job = trials.try_one(
        request.person, id=id, sort=before.sort, name=before.name, province=before.province, asked=before.asked,
        kept=kept, forbidden=forbidden, before=before.id, at=before.at,
    )  # fmt: skip
    return redirect("work:one", job.id) if not job.is_over else redirect("plans:trial", id)


@require_POST
@signed_in
def forget(request: Request, id: UUID) -> HttpResponse:
    """Throw a trial of one's own away."""
    trials.forget(request.person, id)
    return redirect("plans:list")


@require_GET
@signed_in
def compare(request: Request) -> HttpResponse:
    """Two answers to one sort of question, side by side."""
    one, two = (_trial(request.person, _id(request.GET.get(name))) for name in ("a", "b"))
    if one.sort != two.sort:
        raise Http404
    answers = [trials.answer_of(it) for it in (one, two)]
    sides = [shown(answer, SORTS[one.sort], request.person) for answer in answers if answer is not None]
    if len(sides) < 2:
        raise Http404
    context = {
        "sort": SORTS[one.sort], "sides": list(zip((one, two), sides, strict=True)),
        "figures": _beside(sides), "items": _items_beside(sides),
    }  # fmt: skip
    return render(request, "plans/compare.html", frame(request) | context)


def _beside(sides: list[Shown]) -> list[tuple[str, list[str]]]:
    words = dict.fromkeys(fact.words for side in sides for fact in side.figures)
    return [
        (each, [next((fact.value for fact in side.figures if fact.words == each), "–") for side in sides])
        for each in words
    ]


def _items_beside(sides: list[Shown]) -> list[dict[str, Any]]:
    keyed = [{line.item.key: line for line in side.lines} for side in sides]
    keys = dict.fromkeys(key for side in keyed for key in side)
    lines = [
        {"line": keyed[0].get(key) or keyed[1][key], "in": [key in side for side in keyed]} for key in keys
    ]
    return sorted(lines, key=lambda it: it["in"] == [True, True])


@require_http_methods(["GET", "POST"])
@signed_in
def adopt(request: Request, id: UUID) -> HttpResponse:
    """What the proposal would ask of whom; sent, it is a decision and asks it."""
    its = _trial(request.person, id)
    answer, sort = trials.answer_of(its), SORTS[its.sort]
    if answer is None or not answer.items:
        raise Http404
    form = AdoptForm(request.POST or None, name=f"{its.name} {timezone.localtime(its.at):%d/%m/%Y}")
    with translation.override("vi"):  # what is written down is Vietnamese, whoever reads the page
        requests = {item.key: sort.request(item, its.asked) for item in answer.items}
    if form.is_valid():
        try:
            return _adopted(request, its, answer, form, requests)
        except (OutsideCalendar, Unreckonable):
            form.add_error("due", _("Lịch làm việc chưa công bố đến ngày này."))
        except Unsaid:
            form.add_error(None, _("Ghi đủ tên và số văn bản phê duyệt."))
    context = {
        "trial": its,
        "form": form,
        "requests": requests.values(),
        "shown": shown(answer, sort, request.person),
    }
    return render(request, "plans/adopt.html", frame(request) | context, status=422 if form.is_bound else 200)


def _adopted(
    request: Request, its: Trial, answer: Answer, form: AdoptForm, requests: Mapping[str, Any]
) -> HttpResponse:
    given, unit = form.cleaned_data, unit_now(its.unit)
    subject = uuid5(SPACE, f"plan/{given['entry_id']}")
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[unit.code]) as pen:
            actions.adopt(
                pen, entry_id=given["entry_id"], subject=subject, law=law(), unit=unit, name=given["name"],
                sort=its.sort, paper=given["paper"], due=given["due"], asked=its.asked, kept=tuple(its.kept),
                forbidden=tuple(its.forbidden), answer=answer, requests=requests,
            )  # fmt: skip
    except (Refused, NotOpenHere) as why:
        raise PermissionDenied(str(why)) from why
    messages.success(
        request, _("Đã phê duyệt và giao %(n)d nội dung cho các đơn vị.") % {"n": len(answer.items)}
    )
    return redirect("plans:id", subject)


@require_http_methods(["GET", "POST"])
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """An adopted plan: each of its items with how it goes. Sent with a reason, it is withdrawn."""
    plan = queries.one(request.person, subject)
    if plan is None:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            with writing(
                request.person, at=timezone.now(), subjects=[subject, *actions.tasks(plan)], units=[plan.unit]
            ) as pen:
                given = form.cleaned_data
                actions.withdraw(
                    pen, entry_id=given["entry_id"], subject=subject, law=law(), reason=given["reason"]
                )
            return redirect("plans:id", subject)
        except Refused as why:
            raise PermissionDenied(str(why)) from why
        except NotSo:
            messages.error(request, _("Phương án này đã được rút từ trước."))
            return redirect("plans:id", subject)
    sort, found = SORTS[plan.said.sort], queries.states(request.person, [plan])
    said = shown(plan.said.answer, sort, request.person)
    if (taken := request.GET.get("format", "")) in FORMS:
        return taken_away(taken, columns(), rows(said), plan.said.name)
    labels = {
        code: text.in_("vi") for code, text in law().procedure(actions.PROCEDURE, plan.at).states.items()
    }
    context = {
        "plan": plan, "sort": sort, "shown": said, "answer": plan.said.answer, "form": form,
        "lines": [(line, found.get(plan.task(line.item.key))) for line in said.lines], "labels": labels,
        "progress": queries.progress(plan, found).items(), "chart": chart(plan.said.province, said, plan.said.answer),
        "may": request.person.may(DIRECT),
    }  # fmt: skip
    return render(request, "plans/one.html", frame(request) | context, status=422 if form.is_bound else 200)


def _sort(code: str) -> Sort:
    if code not in SORTS:
        raise Http404
    return SORTS[code]


def _province(person: Person) -> str:
    """The province for which `person` may plan. Raises `PermissionDenied`."""
    its = reach(person, DIRECT).provinces
    if not its:
        raise PermissionDenied(_("Chức vụ của bạn không lập phương án."))
    return person.province if person.province in its else min(its)


def _trial(person: Person, id: UUID) -> Trial:
    its = trials.of(person).filter(pk=id).first() if person.may(DIRECT) else None
    if its is None or its.sort not in SORTS:
        raise Http404
    return its


def _id(text: str | None) -> UUID:
    if not is_uuid(text):
        raise Http404
    return UUID(text)


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def _list_columns() -> list[Column]:
    return [
        Column("name", _("Tên"), 50),
        Column("sort", _("Loại"), 24),
        Column("adopted", _("Phê duyệt"), 18),
        Column("items", _("Số nội dung"), 12),
        Column("withdrawn", _("Đã rút"), 18),
    ]


def _list_rows(found: Iterable[Any]) -> list[dict[str, object]]:
    return [
        {"name": row.name, "sort": str(SORTS[row.sort].name) if row.sort in SORTS else row.sort,
         "adopted": row.adopted, "items": row.items, "withdrawn": row.withdrawn}
        for row in found
    ]  # fmt: skip
