"""A directive as its issuer and its addressees see it, the visits from above, and both on paper."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.journal.ids import uuid7
from haicap.matters.directing import paper as papers
from haicap.matters.directing import queries
from haicap.matters.directing.actions import may_issue
from haicap.matters.directing.fold import Clause, Directive
from haicap.matters.directing.forms import sorts
from haicap.matters.directives import KINDS
from haicap.matters.queries import unit_names
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 25
SIGNS = {"done": "✓", "late": "✓▲", "claimed": "◐", "open": "○", "overdue": "▲", "revoked": "–"}
TAGS = {
    "done": "done",
    "late": "done",
    "claimed": "soon",
    "open": "well",
    "overdue": "late",
    "revoked": "plain",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A task in the table of clauses and units: its sign and words, and where it is."""

    id: UUID
    sign: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with its tasks in the order of the clauses, None where it has none; `done` of `all` are verified."""

    code: str
    name: str
    cells: list[Cell | None]
    done: int
    all: int
    url: str


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause with how its tasks stand: (words, how many, their list), and what one unit reported."""

    its: Clause
    figures: list[tuple[str, int, str]]
    all: int
    url: str
    task: queries.Task | None = None
    tag: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Became:
    """A visit, and what became of each of its directions at the unit visited."""

    directive: Directive
    unit: str
    clauses: list[ClauseShown]
    done: int


def names() -> dict[str, str]:
    """How a task can stand, in words."""
    return {
        "done": _("Hoàn thành đúng hạn"), "late": _("Hoàn thành muộn"),
        "claimed": _("Đã báo cáo, chưa xác nhận"), "open": _("Đang làm"), "overdue": _("Quá hạn, chưa xong"),
        "revoked": _("Đã thu hồi"),
    }  # fmt: skip


def directive_of(request: Request, subject: UUID) -> Directive:
    """The directive. Raises `Http404` also where it is merely not to be seen."""
    directive = queries.one(request.person, subject)
    if directive is None:
        raise Http404
    return directive


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """A directive: its clauses with figures, and the table of units and clauses, each cell the task itself."""
    directive, at = directive_of(request, subject), timezone.now()
    its = queries.matrix(request.person, [directive.number], at=at)[directive.number]
    units = unit_names({*its.by_unit, directive.issuer, directive.visited})
    if (form := request.GET.get("format", "")) in FORMS:
        return taken_away(form, *_sheet(directive, its, units), title=directive.number)
    clauses = [_clause(directive, clause, its) for clause in directive.clauses]
    context = {
        "its": directive, "sort": sorts()[directive.sort], "issuer": units.get(directive.issuer, directive.issuer),
        "visited": units.get(directive.visited or "", ""), "clauses": clauses, "matrix": its,
        "rows": _rows(directive, its, units), "legend": [(SIGNS[kind], words) for kind, words in names().items()],
        "figures": [
            (kind, words, its.all[kind], queries.tasks_url(directive.number, kind=kind))
            for kind, words in names().items()
        ],
        "all": its.all.total(), "all_url": queries.tasks_url(directive.number),
        "verify_url": queries.tasks_url(directive.number, kind="claimed"),
        "waiting": len(queries.waiting(its)), "entry_id": uuid7(), "now": at,
        "may_remind": decide(request.person, "matter.note", Scope.of(directive.issuer, kind="directive")).allowed,
        "may_issue": may_issue(request.person),
        "previous": queries.one(request.person, directive.previous) if directive.previous else None,
    }  # fmt: skip
    return render(request, "directing/one.html", context)


def _clause(directive: Directive, clause: Clause, its: queries.Matrix) -> ClauseShown:
    counts: Counter[str] = its.by_clause.get(clause.code, Counter())
    url = {kind: queries.tasks_url(directive.number, kind=kind, clause=clause.code) for kind in KINDS}
    figures = [(words, counts.get(kind, 0), url[kind]) for kind, words in names().items()]
    every = queries.tasks_url(directive.number, clause=clause.code)
    return ClauseShown(clause, figures, sum(counts.values()), every)


def _rows(directive: Directive, its: queries.Matrix, units: Mapping[str, str]) -> list[Row]:
    """The units in the order of the directive, then those that a task was handed to."""
    said = names()
    order = [
        *(code for code in directive.units if code in its.by_unit),
        *sorted(its.by_unit.keys() - set(directive.units)),
    ]
    return [
        Row(
            code,
            units.get(code, code),
            [
                Cell(task.id, SIGNS[task.kind], TAGS[task.kind], said[task.kind]) if task else None
                for task in (its.tasks.get((code, clause.code)) for clause in directive.clauses)
            ],
            its.by_unit[code]["done"] + its.by_unit[code]["late"],
            its.by_unit[code].total(),
            queries.tasks_url(directive.number, unit=code),
        )
        for code in order
    ]


def _sheet(
    directive: Directive, its: queries.Matrix, units: Mapping[str, str]
) -> tuple[list[Column], list[dict[str, object]]]:
    """Units down, clauses across, each cell in words; for taking away."""
    said = names()
    columns = [Column("unit", _("Đơn vị"), 36)]
    columns += [
        Column(clause.code, _("Khoản %(code)s") % {"code": clause.code}, 22) for clause in directive.clauses
    ]
    rows: list[dict[str, object]] = []
    for code in its.by_unit:
        tasks = ((clause.code, its.tasks.get((code, clause.code))) for clause in directive.clauses)
        stand = {clause: said[task.kind] for clause, task in tasks if task is not None}
        rows.append({"unit": units.get(code, code), **stand})
    return columns, rows


def became(person: Person, directive: Directive, at: datetime) -> Became:
    """What became of a visit's directions at the unit visited. Two queries."""
    its = queries.matrix(person, [directive.number], at=at)[directive.number]
    return _became(directive, its, unit_names([directive.visited]))


def _became(directive: Directive, its: queries.Matrix, units: Mapping[str, str]) -> Became:
    said, shown = names(), []
    for clause in directive.clauses:
        task = its.tasks.get((directive.visited or "", clause.code)) or next(
            (task for task in its.tasks.values() if task.clause == clause.code), None
        )
        tag = (TAGS[task.kind], said[task.kind]) if task else None
        shown.append(ClauseShown(clause, [], 1 if task else 0, "", task, tag))
    done = its.all["done"] + its.all["late"]
    return Became(directive, units.get(directive.visited or "", directive.visited or ""), shown, done)


@require_safe
@signed_in
def visits(request: Request) -> HttpResponse:
    """The visits from above, the newest first, each with what became of its directions."""
    at, params = timezone.now(), request.GET.dict()
    rows = queries.visits(request.person, params)
    taking = params.get("format", "") in FORMS
    page = Paginator(rows, 1000 if taking else PER_PAGE).get_page(params.get("page"))
    its = [it for row in page if (it := queries.read(row)) is not None]
    found = queries.matrix(request.person, [it.number for it in its], at=at) if its else {}
    units = unit_names({it.visited for it in its})
    lines = [_became(it, found[it.number], units) for it in its]
    if taking:
        return taken_away(params["format"], *_visits_sheet(lines), title=_("Các buổi làm việc"))
    context = {
        "page": page, "lines": lines, "may_issue": may_issue(request.person), "now": at,
        "filters": [
            {"name": "q", "label": _("Có chữ hoặc số"), "type": "search"},
            {"name": "unit", "label": _("Đơn vị"), "options": _visited(request)},
        ],
    }  # fmt: skip
    return render(request, "directing/visits.html", context)


def _visited(request: Request) -> list[tuple[str, str]]:
    """The units that were visited, by name."""
    codes = (
        queries.visits(request.person, {}).order_by("visited").values_list("visited", flat=True).distinct()
    )
    return sorted(unit_names(codes[:200]).items(), key=lambda it: it[1])


def _visits_sheet(lines: list[Became]) -> tuple[list[Column], list[dict[str, object]]]:
    columns = [
        Column("unit", _("Đơn vị"), 36), Column("issued", _("Ngày làm việc"), 14, "date"),
        Column("signer", _("Người chủ trì"), 30), Column("number", _("Số"), 20), Column("clause", _("Mục, khoản"), 10),
        Column("text", _("Nội dung chỉ đạo"), 60), Column("due", _("Hạn"), 14, "date"),
        Column("state", _("Kết quả"), 26), Column("said", _("Đơn vị báo cáo"), 60),
    ]  # fmt: skip
    rows: list[dict[str, object]] = [
        {
            "unit": it.unit, "issued": it.directive.issued, "signer": it.directive.signer,
            "number": it.directive.number, "clause": clause.its.code, "text": clause.its.text, "due": clause.its.due,
            "state": clause.tag[1] if clause.tag else "", "said": clause.task.done if clause.task else "",
        }
        for it in lines
        for clause in it.clauses
    ]  # fmt: skip
    return columns, rows


@require_safe
@signed_in
def paper(request: Request, subject: UUID) -> HttpResponse:
    """The directive as an official letter."""
    directive = directive_of(request, subject)
    units = unit_names(directive.units)
    return _pdf(papers.letter(directive, units), "directive")


@require_safe
@signed_in
def state(request: Request, subject: UUID) -> HttpResponse:
    """What became of a visit's directions, for the table at which they are asked for again."""
    directive, at = directive_of(request, subject), timezone.now()
    return _pdf(papers.became(request.person, became(request.person, directive, at), at), "state")


def _pdf(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        body, "application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )
