"""The officers behind each figure of staff, and the secondments: as lists that are filtered, sorted and taken away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.queries import unit_names
from haicap.means.staff import queries, showing, strength
from haicap.means.staff.models import SecondedRow
from haicap.means.staff.queries import Placed
from haicap.means.staff.sorts import lang, qualifications
from haicap.means.staff.views import seeing
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.models import OfficerRow
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in, today
from haicap.units.vietnamese import sort_key

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PersonShown:
    """An officer as a list shows them."""

    it: Placed
    unit: str
    to: str
    back: date | None
    qualified: list[tuple[str, str, str]]


@require_safe
@signed_in
def people(request: Request) -> HttpResponse:
    """The officers that fit an address on a day: what every figure of these pages opens."""
    person, params = seeing(request), request.GET.dict()
    day = queries.day_asked(params, today())
    if (form := params.get("format", "")) in FORMS:
        rows, _n = queries.people(person, params, at=day, lang=lang())
        return taken_away(
            form, people_columns(), map(_person_exported, people_shown(rows, day)), _("Danh sách cán bộ")
        )
    page = _asked_page(params)
    rows, n = queries.people(person, params, at=day, lang=lang(), first=(page - 1) * PER_PAGE, most=PER_PAGE)
    context = {
        "tabs": tabs(person, "staff:list"), "page": Paginator(Several(rows, n), PER_PAGE).get_page(page),
        "lines": people_shown(rows, day), "filters": people_filters(person, params), "day": day,
        "is_today": day == today(),
    }  # fmt: skip
    return render(request, "staff/people.html", context)


def _asked_page(params: Mapping[str, str]) -> int:
    page = params.get("page", "")
    return max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1


class Several(Sequence[Any]):
    """The rows of one page, with the count of all: what the paginator asks for."""

    def __init__(self, rows: Sequence[Any], n: int) -> None:
        self.rows, self.n = rows, n

    def __len__(self) -> int:
        return self.n

    def __getitem__(self, place: Any) -> Any:
        return self.rows


def people_shown(rows: Iterable[Placed], day: date) -> list[PersonShown]:
    """Officers as a list shows them. One query for their files."""
    its = list(rows)
    known = queries.records_of(it.person for it in its)
    names = unit_names({code for it in its for code in (it.unit, it.to_unit)})
    return [
        PersonShown(
            it, names.get(it.unit, it.unit), names.get(it.to_unit or "", ""), showing.last_day(it.back),
            showing.briefly(known.get(it.person), day),
        )
        for it in its
    ]  # fmt: skip


def people_filters(person: Person, params: Mapping[str, str]) -> list[dict[str, Any]]:
    """The filter bar of the list of officers."""
    wheres = {"present": _("Thực có tại đơn vị"), "out": _("Biệt phái đi"), "come": _("Biệt phái đến")}
    states = {
        "in-force": _("Còn hiệu lực"), "expiring": _("Hết hạn trong 90 ngày"), "expired": _("Đã hết hạn"),
        "none": _("Không có"),
    }  # fmt: skip
    return [
        {"name": "q", "label": _("Họ tên"), "type": "search"},
        {"name": "unit", "label": _("Đơn vị"), "options": _units(person, params)},
        {"name": "where", "label": _("Có mặt"), "options": list(wheres.items())},
        {"name": "kind", "label": _("Tiêu chuẩn, chứng chỉ"), "options": list(qualifications().items())},
        {"name": "state", "label": _("Hiệu lực"), "options": list(states.items())},
        {"name": "at", "label": _("Tính đến ngày"), "type": "date"},
    ]


def _units(person: Person, params: Mapping[str, str]) -> list[tuple[str, str]]:
    """The units whose staff the person may see, by name; of the whole nation only the one that is asked for."""
    codes = strength.scope(person)
    names = unit_names([params.get("unit")] if codes is None else codes)
    return sorted(names.items(), key=lambda it: sort_key(it[1]))


def people_columns() -> list[Column]:
    """What the list of officers holds when it is taken away."""
    return [
        Column("name", _("Họ tên"), 28), Column("post", _("Chức vụ"), 40), Column("unit", _("Đơn vị"), 36),
        Column("since", _("Giữ chức vụ từ"), 14, "date"), Column("to", _("Biệt phái đến"), 36),
        Column("back", _("Đến hết ngày"), 14, "date"), Column("qualified", _("Tiêu chuẩn, chứng chỉ"), 60),
    ]  # fmt: skip


def _person_exported(one: PersonShown) -> dict[str, object]:
    it = one.it
    return {
        "name": it.name, "post": it.post_name, "unit": one.unit, "since": it.since, "to": one.to, "back": one.back,
        "qualified": "; ".join(f"{words} ({how})" for _kind, words, how in one.qualified),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lent:
    """A secondment as a list shows it."""

    row: SecondedRow
    name: str
    unit: str
    to: str
    last: date | None
    tag: tuple[str, str]


@require_safe
@signed_in
def secondments(request: Request) -> HttpResponse:
    """The secondments that fit an address, those that end first above."""
    person, params = seeing(request), request.GET.dict()
    day = queries.day_asked(params, today())
    rows = queries.secondments_in_order(queries.secondments(person, params, at=day), params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(
            form, lent_columns(), map(_lent_exported, lent(rows, day)), _("Biệt phái, tăng cường")
        )
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    hows = {
        "running": _("Đang biệt phái"), "ending": _("Kết thúc trong 90 ngày"), "coming": _("Chưa bắt đầu"),
        "ended": _("Đã kết thúc"),
    }  # fmt: skip
    bar = [
        {"name": "unit", "label": _("Đơn vị đi hoặc đến"), "options": _units(person, params)},
        {"name": "state", "label": _("Tình trạng"), "options": list(hows.items())},
        {"name": "at", "label": _("Tính đến ngày"), "type": "date"},
    ]
    context = {"tabs": tabs(person, "staff:list"), "page": page, "lines": lent(page, day), "filters": bar, "day": day,
               "is_today": day == today()}  # fmt: skip
    return render(request, "staff/secondments.html", context)


def lent(rows: Iterable[SecondedRow], day: date) -> list[Lent]:
    """Secondments as lists show them. One query for the names."""
    its = list(rows)
    people = dict(OfficerRow.objects.filter(pk__in={it.person for it in its}).values_list("pk", "name"))
    names = unit_names({code for it in its for code in (it.unit, it.to_unit)})
    return [
        Lent(
            it, people.get(it.person, ""), names.get(it.unit, it.unit), names.get(it.to_unit, it.to_unit),
            showing.last_day(it.until), showing.secondment_stands(it.since, it.until, day),
        )
        for it in its
    ]  # fmt: skip


def lent_columns() -> list[Column]:
    """What the list of secondments holds when it is taken away."""
    return [
        Column("name", _("Họ tên"), 28), Column("unit", _("Từ đơn vị"), 36), Column("to", _("Đến đơn vị"), 36),
        Column("since", _("Từ ngày"), 14, "date"), Column("last", _("Đến hết ngày"), 14, "date"),
        Column("state", _("Tình trạng"), 18), Column("ground", _("Lý do, căn cứ"), 40),
        Column("paper", _("Số văn bản"), 20),
    ]  # fmt: skip


def _lent_exported(it: Lent) -> dict[str, object]:
    own = {name: getattr(it.row, name) for name in ("since", "ground", "paper")}
    return own | {"name": it.name, "unit": it.unit, "to": it.to, "last": it.last, "state": it.tag[1]}
