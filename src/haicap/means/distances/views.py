"""The page of stated distances: the table, a form for one more, and withdrawing one."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.queries import unit_names
from haicap.means.distances import actions, queries
from haicap.means.distances.models import DistanceRow
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.acting import NotSo, Unsaid
from haicap.units.models import UnitRow
from haicap.units.once import Once
from haicap.units.queries import unit_now
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 100


class DistanceForm(Once):
    """How far it is from one unit to another."""

    from_unit = forms.ChoiceField(label=gettext_lazy("Từ đơn vị"))
    to_unit = forms.ChoiceField(label=gettext_lazy("Đến đơn vị"))
    km = forms.CharField(label=gettext_lazy("Khoảng cách đi lại (km)"), max_length=10)
    source = forms.CharField(
        label=gettext_lazy("Căn cứ"), max_length=200, help_text=gettext_lazy("Ví dụ: quốc lộ 10; phà Gót.")
    )

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        for name in ("from_unit", "to_unit"):
            self.choose(name, [("", ""), *choices])


@require_http_methods(["GET", "POST"])
@signed_in
def listed(request: Request) -> HttpResponse:
    """The stated distances; sent, one more of them, or the same way anew."""
    person, choices = request.person, _choices(request)
    form = DistanceForm(request.POST or None, choices=choices)
    if form.is_valid():
        return _stated(request, form, choices)
    found = queries.listed(person, request.GET.dict())
    if (wanted := request.GET.get("format", "")) in FORMS:
        return taken_away(wanted, _columns(), _rows(list(found)), _("Khoảng cách"))
    return _page(request, form, choices, status=422 if form.is_bound else 200)


def _page(
    request: Request, form: DistanceForm, choices: list[tuple[str, str]], status: int = 200
) -> HttpResponse:
    found = queries.listed(request.person, request.GET.dict())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs(request.person, "plans:list"), "page": page, "rows": _rows(list(page)), "form": form,
        "directs": request.person.may(actions.DIRECT), "entry_id": uuid7(),
        "filters": [{"name": "unit", "label": _("Đơn vị"), "options": choices}],
    }  # fmt: skip
    return render(request, "distances/list.html", context, status=status)


def _stated(request: Request, form: DistanceForm, choices: list[tuple[str, str]]) -> HttpResponse:
    given = form.cleaned_data
    one, other = unit_now(given["from_unit"]), unit_now(given["to_unit"])
    subject = actions.distance_id(one.code, other.code)
    try:
        with writing(
            request.person,
            at=timezone.now(),
            subjects=[subject],
            units=[one.province or ""],
            channel="reference",
        ) as pen:
            actions.state(
                pen, entry_id=given["entry_id"], from_unit=one, to_unit=other, km=given["km"], source=given["source"]
            )  # fmt: skip
        return redirect("distances:list")
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except Unsaid as why:
        form.add_error(why.what, _("Ghi số km, ví dụ 12,5."))
    except NotSo:
        form.add_error("to_unit", _("Chọn hai đơn vị khác nhau của một tỉnh."))
    return _page(request, form, choices, status=422)


@require_http_methods(["POST"])
@signed_in
def withdraw(request: Request, subject: UUID) -> HttpResponse:
    """The great circle counts again."""
    row = DistanceRow.objects.filter(pk=subject).first()
    try:
        entry_id = UUID(request.POST.get("entry_id", ""))
    except ValueError as fault:
        raise Http404 from fault
    if row is None:
        raise Http404
    try:
        with writing(
            request.person, at=timezone.now(), subjects=[subject], units=[row.province], channel="reference"
        ) as pen:
            actions.withdraw(
                pen, entry_id=entry_id, subject=subject, reason=_("Dùng lại khoảng cách theo bản đồ")
            )
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except NotSo:
        pass  # pressed twice: it is withdrawn
    return redirect("distances:list")


def _choices(request: Request) -> list[tuple[str, str]]:
    rows = UnitRow.objects.filter(province=request.person.province, level="commune", closed=None)
    return list(rows.order_by("order").values_list("code", "name"))


def _columns() -> list[Column]:
    return [
        Column("from", _("Từ đơn vị"), 36),
        Column("to", _("Đến đơn vị"), 36),
        Column("km", _("Khoảng cách (km)"), 14),
        Column("source", _("Căn cứ"), 40),
    ]


def _rows(found: list[DistanceRow]) -> list[dict[str, object]]:
    names = unit_names({code for row in found for code in (row.from_unit, row.to_unit)})
    return [
        {"id": row.pk, "from": names.get(row.from_unit, row.from_unit), "to": names.get(row.to_unit, row.to_unit),
         "km": row.km, "source": row.source}
        for row in found
    ]  # fmt: skip
