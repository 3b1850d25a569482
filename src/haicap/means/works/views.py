"""Works as people see them: the list, and one project with its stages, its money and its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from haicap.clocks.wall import day_of, read_day, start_of
from haicap.journal.ids import uuid7
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import Names, lang
from haicap.means import evidence
from haicap.means.catalogue.queries import catalogue, name
from haicap.means.tabs import tabs
from haicap.means.works import queries
from haicap.means.works.actions import WRITE, may_plan
from haicap.means.works.models import ProjectRow
from haicap.means.works.showing import (
    TAGS,
    billions,
    events,
    priorities,
    purses,
    slip_words,
    sorts,
    stages,
    states,
)
from haicap.means.works.state import PURSES, Look, Project, Reach, StageNow, Standing
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units import register
from haicap.units.rights import Person, Scope, decide, reach
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50
LIST = "works:list"


@dataclass(frozen=True, slots=True)
class Line:
    """A project as the list shows it; `slip` in days against the earlier day, None where it was not yet planned."""

    row: ProjectRow
    now: Standing
    unit: str
    programme: str
    state: tuple[str, str]
    late: str
    slip: int | None
    slip_words: str
    grown: Decimal
    next: str
    writes: bool

    @property
    def budget(self) -> str:
        """The budget in billions."""
        return billions(self.now.budget)

    @property
    def paid(self) -> str:
        """What was paid, in billions."""
        return billions(self.now.paid)

    @property
    def grown_words(self) -> str:
        """By how much the budget has grown, in billions."""
        return billions(self.grown)


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """Projects that fit the address; `?against=` a day tells slip and budget against what was said by then."""
    person, at, params = request.person, timezone.now(), request.GET.dict()
    if not person.may(queries.SEE):
        raise Http404
    against = earlier(params.get("against", ""), at)
    rows = queries.in_order(queries.filtered(person, params, at=at), params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, columns(), exported(person, rows, at, against), _("Công trình"))
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    context = {
        "page": page, "lines": lines(person, page, at, against), "filters": filters(person, params), "now": at,
        "tabs": tabs(person, LIST), "against": against, "plans": plans(person), "views": views(params),
        "wide": wide(person),
    }  # fmt: skip
    return render(request, "works/list.html", context)


def earlier(text: str, at: datetime) -> date | None:
    """The day that `?against=` names, if it lies before today."""
    day = read_day(text)
    return day if day and day < day_of(at) else None


def plans(person: Person) -> bool:
    """Whether the person plans works anywhere."""
    return person.may("means.sign") or person.may("means.direct")


def wide(person: Person) -> bool:
    """Whether the person sees the works of several units."""
    return any(right.allows(queries.SEE) and right.over != "unit" for right in person.rights)


def lines(person: Person, rows: Iterable[ProjectRow], at: datetime, against: date | None) -> list[Line]:
    """The rows as the table shows them. Two queries at most."""
    its = list(rows)
    units = unit_names(row.unit for row in its)
    programmes = queries.programme_names(row.programme for row in its)
    writes = {unit for right in person.rights if right.allows(WRITE) for unit in right.units}
    return [_line(row, units, programmes, writes, at, against) for row in its]


def _line(
    row: ProjectRow,
    units: Mapping[str, str],
    programmes: Mapping[UUID, str],
    writes: set[str],
    at: datetime,
    against: date | None,
) -> Line:
    project = queries.project_of(row)
    now = project.now
    then = project.as_of(start_of(against)) if against else None
    before = then.ends.day if then else None if against else now.ends.baseline
    slip = (now.ends.day - before).days if before else None
    grown = now.budget - then.budget if then else Decimal(0) if against else now.grown
    return Line(
        row, now, units.get(row.unit, row.unit), programmes.get(row.programme, "") if row.programme else "",
        state_tag(now), late_words(now, day_of(at)), slip, slip_words(slip or 0), grown,
        stages().get(row.stage, ""), row.unit in writes,
    )  # fmt: skip


def state_tag(now: Standing) -> tuple[str, str]:
    """The sign and the words of where a project stands."""
    return TAGS[now.state], states()[now.state]


def late_words(now: Standing, day: date) -> str:
    """In what way it is late on a day; empty where it is not."""
    if now.overdue(day):
        return _("Quá ngày dự kiến")
    return _("Chậm so với kế hoạch") if now.late(day) else ""


def columns() -> list[Column]:
    """The columns of the list as it is taken away; sums in VND."""
    return [
        Column("unit", _("Đơn vị"), 34), Column("name", _("Tên công trình"), 44), Column("sort", _("Loại"), 12),
        Column("programme", _("Chương trình"), 34), Column("state", _("Tình trạng"), 16),
        Column("next", _("Bước tiếp"), 18), Column("due", _("Dự kiến"), 12, "date"),
        Column("late", _("Chậm"), 22),
        Column("start_planned", _("Khởi công theo kế hoạch"), 14, "date"),
        Column("start", _("Khởi công"), 12, "date"),
        Column("end_planned", _("Xong theo kế hoạch"), 14, "date"), Column("end", _("Xong"), 12, "date"),
        Column("slip", _("Chậm (ngày)"), 10, "number"), Column("budget", _("Dự toán (đồng)"), 18, "number"),
        Column("paid", _("Đã trả (đồng)"), 18, "number"), Column("grown", _("Dự toán tăng (đồng)"), 18, "number"),
    ]  # fmt: skip


def exported(
    person: Person, rows: QuerySet[ProjectRow], at: datetime, against: date | None
) -> Iterable[dict[str, object]]:
    """The rows as they are taken away."""
    sort_of, stage_of = sorts(), stages()
    for it in lines(person, rows, at, against):
        row = it.row
        yield {
            "unit": it.unit, "name": row.name, "sort": sort_of[row.sort], "programme": it.programme,
            "state": it.state[1], "next": stage_of.get(row.stage, ""), "due": row.due, "late": it.late,
            "start_planned": row.start_planned, "start": row.start, "end_planned": row.end_planned, "end": row.end,
            "slip": it.slip, "budget": row.budget, "paid": row.paid, "grown": it.grown,
        }  # fmt: skip


def views(params: Mapping[str, str]) -> list[dict[str, Any]]:
    """Ready-made views of the list, as tabs."""
    year = today().year
    ready: list[tuple[str, dict[str, str]]] = [
        (_("Tất cả"), {}), (_("Đang thi công"), {"state": "begun"}),
        (_("Chờ khởi công năm nay"), {"state": "planned", "start": str(year)}),
        (_("Chậm"), {"late": "1"}), (_("Tạm dừng"), {"state": "stopped"}),
        (_("Vượt dự toán"), {"money": "over"}), (_("Đã xong"), {"state": "done"}),
    ]  # fmt: skip
    chosen = {name: value for name, value in params.items() if value and name in queries.NARROWING}
    return [
        {"label": label, "url": address(its), "current": chosen == its, "count": None} for label, its in ready
    ]


def address(params: Mapping[str, object]) -> str:
    """The list with these parameters."""
    return reverse(LIST) + (
        "?" + "&".join(f"{name}={value}" for name, value in params.items()) if params else ""
    )


SELDOM = ("priority", "start", "year", "begun", "open")


def filters(person: Person, params: Mapping[str, str]) -> list[dict[str, Any]]:
    """The filter bar; those that figures lead to are there when they are set."""
    return [it for it in _filters(person) if it["name"] not in SELDOM or params.get(it["name"])]


def _filters(person: Person) -> list[dict[str, Any]]:
    year = today().year
    bar: list[dict[str, Any]] = [{"name": "q", "label": _("Tên công trình"), "type": "search"}]
    if reach(person, queries.SEE).everywhere:
        provinces = [(it.code, it.short) for it in register.provinces()]
        bar.append({"name": "province", "label": _("Tỉnh, thành phố"), "options": provinces})
    elif wide(person):
        bar.append({"name": "unit", "label": _("Đơn vị"), "options": queries.units_with_works(person)})
    programmes = [(str(row.pk), row.name) for row in queries.programmes_seen(person)[:50]]
    return [
        *bar,
        {"name": "programme", "label": _("Chương trình"), "options": [*programmes, ("none", _("ngoài chương trình"))]},
        {"name": "sort", "label": _("Loại"), "options": list(sorts().items())},
        {"name": "state", "label": _("Tình trạng"), "options": list(states().items())},
        {"name": "stage", "label": _("Bước tiếp"), "options": list(stages().items())},
        {
            "name": "late", "label": _("Chậm"),
            "options": [("1", _("chậm")), ("overdue", _("quá ngày dự kiến")), ("slipped", _("lùi ngày xong"))],
        },
        {
            "name": "money", "label": _("Tiền"),
            "options": [("over", _("trả vượt dự toán")), ("grown", _("dự toán đã tăng"))],
        },
        {"name": "priority", "label": _("Mức độ cần"), "options": list(priorities().items())},
        {"name": "start", "label": _("Khởi công năm"), "options": _years(year)},
        {"name": "year", "label": _("Xong năm"), "options": _years(year)},
        {"name": "begun", "label": _("Khởi công"), "options": [("1", _("đã khởi công")), ("0", _("chưa khởi công"))]},
        {"name": "open", "label": _("Còn làm"), "options": [("1", _("chưa xong, không thôi làm"))]},
        {"name": "against", "label": _("So với ngày"), "type": "date"},
    ]  # fmt: skip


def _years(year: int) -> list[tuple[str, str]]:
    return [(str(it), str(it)) for it in range(year - 5, year + 6)]


@dataclass(frozen=True, slots=True)
class Seen:
    """A project that somebody may see, with what they may do about it."""

    project: Project
    now: Standing
    at: datetime
    writes: bool
    plans: bool

    @property
    def moves(self) -> bool:
        """Whether stages may be reported: something is still to come, and goes on."""
        return self.writes and self.now.state in ("planned", "begun")


def seen(request: Request, subject: UUID) -> Seen:
    """The project. Raises `Http404` also where it is merely not to be seen by this person."""
    row = queries.one(request.person, subject)
    if row is None:
        raise Http404
    project = queries.project_of(row)
    writes = decide(request.person, WRITE, Scope.of(row.unit)).allowed
    return Seen(project, project.now, timezone.now(), writes, may_plan(request.person, row.unit))


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage with how it was expected at an earlier day (or first planned), and its photos and papers."""

    its: StageNow
    name: str
    before: date | None
    slip: str
    later: bool
    overdue: bool
    pieces: list[evidence.Shown]


@dataclass(frozen=True, slots=True)
class PurseShown:
    """A source of money: its name, budget and payments in VND, and the budget at the earlier day."""

    name: str
    budget: Decimal
    paid: Decimal
    before: Decimal | None

    @property
    def left(self) -> Decimal:
        """What is left of the budget; negative where more was paid."""
        return self.budget - self.paid


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """One project; `?against=` a day compares with what was said by then."""
    its = seen(request, subject)
    project, now, day = its.project, its.now, day_of(its.at)
    against = earlier(request.GET.get("against", ""), its.at)
    then = project.as_of(start_of(against)) if against else None
    entries = queries.told(subject)
    names = Names(unit_names([project.unit]), person_names({entry.actor for entry in entries}))
    about = now.about
    others = queries.titles(request.person, [about.follows])
    kinds = catalogue() if about.gaps else {}
    context = {
        "its": its, "project": project, "about": about, "state": state_tag(now), "late": late_words(now, day),
        "unit": names.unit(project.unit), "sort": sorts()[about.sort], "priority": priorities()[about.priority],
        "programme": queries.programme_names([about.programme]).get(about.programme) if about.programme else "",
        "stages": [_stage(subject, it, then, against, day) for it in now.stages], "next": now.next,
        "next_words": stages()[now.next.stage] if now.next else "",
        "purses": _purses(now, then), "rest": now.budget - now.paid,
        "payments": [(it, purses()[it.source]) for it in reversed(now.payments)], "then": then, "against": against,
        "gaps": [(name(kinds[it.kind], lang()) if it.kind in kinds else it.kind, it, _measure(kinds.get(it.kind)))
                 for it in about.gaps],
        "follows": (about.follows, others[about.follows]) if about.follows in others else None,
        "looks": [(it, pieces(subject, it)) for it in reversed(project.looks)],
        "events": events(entries, names), "now": its.at, "tabs": tabs(request.person, LIST), "entry_id": uuid7(),
        "site_url": _site(about.site),
    }  # fmt: skip
    return render(request, "works/one.html", context)


def _measure(kind: Any) -> str:
    return "" if kind is None else str(kind.measure_en if lang() == "en" else kind.measure_vi)


def _site(site: UUID | None) -> str:
    """The page of the site at which it is built; empty where there is none."""
    return reverse("premises:id", args=[site]) if site else ""


def _stage(subject: UUID, it: StageNow, then: Standing | None, against: date | None, day: date) -> StageShown:
    was = {stage.stage: stage.day for stage in then.stages} if then else {}
    before = was.get(it.stage) if against else it.baseline
    slip = (it.day - before).days if before else 0
    return StageShown(
        it, stages()[it.stage], before, slip_words(slip), slip > 0, it.reach is None and it.forecast < day,
        pieces(subject, it.reach) if it.reach else [],
    )  # fmt: skip


def pieces(subject: UUID, of: Reach | Look) -> list[evidence.Shown]:
    """Photos and papers as the page shows them."""
    return evidence.shown(of.evidence, lambda blob: reverse("works:file", args=[subject, blob]))


def _purses(now: Standing, then: Standing | None) -> list[PurseShown]:
    zero = Decimal(0)
    used = [code for code in PURSES if now.planned.get(code) or now.spent.get(code)]
    return [
        PurseShown(
            purses()[code], now.planned.get(code, zero), now.spent.get(code, zero),
            then.planned.get(code, zero) if then else None,
        )
        for code in used
    ]  # fmt: skip


@require_safe
@cache_control(private=True, max_age=3600)
@signed_in
def file(request: Request, subject: UUID, blob: str) -> HttpResponse:
    """A photo or paper beside the project, or its small picture."""
    its = seen(request, subject)
    return evidence.answer(request, subject, its.project.pieces, blob)
