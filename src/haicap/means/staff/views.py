"""Staff by unit: establishment and who holds posts, on any day; the people behind each figure; secondments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.matters.queries import unit_names
from haicap.means.staff import papers, queries, strength
from haicap.means.staff.queries import Line, people_url
from haicap.means.staff.sorts import lang, qualifications, short_names
from haicap.means.staff.strength import Coverage, Strength
from haicap.means.tabs import tabs
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50
MONTHS = 12
NARROWING = ("q", "province", "level", "state", "lacks")  # what makes the list one of some units
WIDTH, HEIGHT, FOOT, ROOM = 620, 150, 22, 18


@dataclass(frozen=True, slots=True)
class Shown:
    """A unit as the table shows it, with what of each qualification is asked, there and missing, and their lists."""

    line: Line
    urls: Mapping[str, str]
    kinds: Sequence[tuple[str, int, int, int, str]]  # name, needed, in force, missing, list of those in force


@dataclass(frozen=True, slots=True)
class Bar:
    """A month's end in the drawing of the trend: posts held, and the establishment as a mark."""

    day: date
    held: int
    established: int
    x: float
    width: float
    top: float
    height: float
    mark: float
    url: str

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.width / 2, 1)

    @property
    def right(self) -> float:
        """Where it ends."""
        return round(self.x + self.width, 1)

    @property
    def over(self) -> float:
        """Where its number stands, over the bar and over the mark."""
        return round(min(self.top, self.mark) - 4, 1)


def seeing(request: Request) -> Person:
    """Whoever asks, where they may see the staff of any unit. Raises `Http404`."""
    if not request.person.may(strength.SEE):
        raise Http404
    return request.person


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """Every unit whose staff the person may see, on the day that `at` names; figures lead to the people they count."""
    person, params = seeing(request), request.GET.dict()
    day = queries.day_asked(params, today())
    lines = queries.units_filtered(person, params, at=day)
    its = queries.units_in_order(lines, params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), (_exported(it) for it in its), _("Quân số theo đơn vị"))
    page = Paginator(its, PER_PAGE).get_page(params.get("page"))
    context = {
        "tabs": tabs(person, "staff:list"), "page": page, "lines": [shown(it, day) for it in page],
        "short": short_names(), "filters": filters(person), "day": day, "is_today": day == today(),
        "may": person.may("staff.write"), **summary(person, lines, params, day),
    }  # fmt: skip
    return render(request, "staff/list.html", context)


def summary(person: Person, lines: Sequence[Line], params: Mapping[str, str], day: date) -> dict[str, Any]:
    """The figures above the table, and the trend of the units in it: three queries."""
    codes = [it.code for it in lines]
    whole = strength.coverage((it.its for it in lines), len(lines), day)
    at = _at(day)
    expiring = queries.people(person, {"state": "expiring"}, at=day, lang=lang(), most=1)[1]
    ending = queries.secondments(person, {"state": "ending"}, at=day).count()
    return {
        "whole": whole,
        "communes": _communes(lines, day),
        "all_of_them": not any(params.get(name) for name in NARROWING),
        "expiring": (expiring, people_url(state="expiring", **at)),
        "ending": (ending, f"{reverse('staff:secondments')}?{urlencode({'state': 'ending', **at})}"),
        "bars": trend(codes, day, params), "size": (WIDTH, HEIGHT),
    }  # fmt: skip


def _communes(lines: Sequence[Line], day: date) -> Coverage:
    its = [it for it in lines if it.level == "commune"]
    return strength.coverage((it.its for it in its), len(its), day)


def _at(day: date) -> dict[str, str]:
    """What an address says of the day: nothing of today."""
    return {} if day == today() else {"at": day.isoformat()}


def trend(codes: Sequence[str], day: date, params: Mapping[str, str]) -> list[Bar]:
    """Twelve months up to `day`: posts held at the end of each. One query."""
    days = [day]
    while len(days) < MONTHS:
        days.insert(0, days[0].replace(day=1) - timedelta(days=1))
    its = strength.trend(list(codes), days)
    most, step = max([1, *(max(held, all_) for _day, held, all_ in its)]), WIDTH / MONTHS
    scale = (HEIGHT - FOOT - ROOM) / most
    kept = {name: value for name, value in params.items() if name not in ("at", "page", "format") and value}
    return [
        Bar(
            it, held, all_, round(place * step + step * 0.16, 1), round(step * 0.68, 1),
            round(HEIGHT - FOOT - held * scale, 1), round(held * scale, 1), round(HEIGHT - FOOT - all_ * scale, 1),
            f"?{urlencode(kept | {'at': it.isoformat()})}",
        )
        for place, (it, held, all_) in enumerate(its)
    ]  # fmt: skip


def shown(line: Line, day: date) -> Shown:
    """A unit as the table shows it."""
    at, its = _at(day), line.its
    urls = {
        "held": people_url(unit=line.code, **at),
        "out": people_url(unit=line.code, where="out", **at),
        "come": people_url(unit=line.code, where="come", **at),
        "present": people_url(unit=line.code, where="present", **at),
    }
    return Shown(line, urls, [_kind(its, line.code, kind, name, at) for kind, name in short_names().items()])


def _kind(
    its: Strength, unit: str, kind: str, name: str, at: Mapping[str, str]
) -> tuple[str, int, int, int, str]:
    url = people_url(unit=unit, where="present", kind=kind, state="in-force", **at)
    return name, its.needed.get(kind, 0), its.fit.get(kind, 0), its.short(kind), url


def filters(person: Person) -> list[dict[str, Any]]:
    """The filter bar of the list by unit."""
    states = {
        "short": _("Còn thiếu so với biên chế"), "full": _("Đủ biên chế"), "over": _("Vượt biên chế"),
        "empty": _("Chưa có ai"), "unset": _("Chưa giao biên chế"),
    }  # fmt: skip
    levels = [("commune", _("Cấp xã")), ("department", _("Phòng"))]
    return [
        {"name": "q", "label": _("Tên đơn vị"), "type": "search"},
        *provinces(person),
        {"name": "level", "label": _("Cấp"), "options": levels},
        {"name": "state", "label": _("Biên chế"), "options": list(states.items())},
        {"name": "lacks", "label": _("Thiếu"), "options": list(qualifications().items())},
        {"name": "at", "label": _("Tính đến ngày"), "type": "date"},
    ]


def provinces(person: Person) -> list[dict[str, Any]]:
    """The choice of a province, for those who see several."""
    its = {right.province for right in person.rights if right.allows(strength.SEE)}
    if len(its) < 2 and all(right.over != "nation" for right in person.rights):
        return []
    names = unit_names([f"{n:02}" for n in range(1, 100)])
    return [{"name": "province", "label": _("Tỉnh, thành phố"), "options": sorted(names.items())}]


def columns() -> list[Column]:
    """What the list by unit holds when it is taken away."""
    return [
        Column("code", _("Mã"), 12), Column("name", _("Đơn vị"), 40),
        Column("established", _("Biên chế"), 12, "number"), Column("held", _("Có mặt theo chức vụ"), 12, "number"),
        Column("rate", _("Tỷ lệ (%)"), 10, "number"), Column("vacant", _("Còn khuyết"), 12, "number"),
        Column("out", _("Biệt phái đi"), 12, "number"), Column("come", _("Biệt phái đến"), 12, "number"),
        Column("present", _("Thực có tại đơn vị"), 12, "number"),
        *(
            Column(f"{part}-{kind}", f"{name}: {words}", 16, "number")
            for kind, name in qualifications().items()
            for part, words in (("need", _("cần")), ("fit", _("còn hiệu lực")), ("short", _("thiếu")))
        ),
    ]  # fmt: skip


def _exported(it: Line) -> dict[str, object]:
    its = it.its
    row: dict[str, object] = {
        "code": it.code, "name": it.name, "established": its.established, "held": its.held,
        "rate": None if its.rate is None else round(its.rate, 1), "vacant": its.vacant, "out": its.out,
        "come": its.come, "present": its.present,
    }  # fmt: skip
    for kind in qualifications():
        row |= {
            f"need-{kind}": its.needed.get(kind, 0),
            f"fit-{kind}": its.fit.get(kind, 0),
            f"short-{kind}": its.short(kind),
        }
    return row


@require_safe
@signed_in
def paper(request: Request) -> HttpResponse:
    """The list by unit as a table on A4, of the same address."""
    params = request.GET.dict()
    day = queries.day_asked(params, today())
    lines = queries.units_filtered(seeing(request), params, at=day)
    its = queries.units_in_order(lines, params.get("sort", ""))
    pdf = papers.by_unit(
        request.person, its, strength.coverage((it.its for it in its), len(its), day), at=now(), day=day
    )
    return HttpResponse(
        pdf, "application/pdf", headers={"Content-Disposition": 'inline; filename="quan-so.pdf"'}
    )


def now() -> datetime:
    """The moment of the request; aware."""
    return timezone.now()
