"""The list of matters: what fits an address, page by page, as a table, CSV or XLSX."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.clocks.documents import NotInForce
from haicap.clocks.wall import VIETNAM, day_of
from haicap.matters import as_of, chips, queries, queues
from haicap.matters.law import Law, law
from haicap.matters.listing import Listing, in_order, whole
from haicap.matters.models import MatterRow
from haicap.matters.schema import Procedure
from haicap.matters.showing import Due, Names, due_of, first_due, in_words, lang, state_words, title_of
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.filters import LONGEST
from haicap.units.names import units_above
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in, today

ANY, CODE = UUID(int=0), "-code-"  # stand in an address for the matter and the step


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list."""

    row: MatterRow
    url: str
    received: str
    title: str
    procedure: str
    status: str
    holder: str
    due: Due
    third: Due | None
    step: str
    step_url: str


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """All that the person may see and that fits the address; `format=csv` or `xlsx` takes the same rows away."""
    at, params = timezone.now(), request.GET.dict()
    known = law()
    if params.get("format") in FORMS:
        rows = in_order(queries.filtered(request.person, params, at=at), params.get("sort", ""))
        return taken_away(params["format"], columns(), exported(rows, known), _("Danh sách việc"))
    page = Listing(request.person, params, at).page()
    shown = whole(page)
    codes = (
        *(params.get(name) for name in ("holder", *chips.UNITS)),
        *request.person.units,
        *(unit for row in shown for unit in (row.holder, row.unit)),
    )
    names = Names(queries.unit_names(codes))
    context = {
        "now": at,
        "page": page,
        "lines": lines(request.person, shown, known, names, at),
        "filters": filters(request.person, params, known, names, at),
        "as_of": as_of.marks([unit for row in shown for unit in {row.unit, row.holder}], names, at),
        "queues": queues.of(request.person, params, today()),
        "kept": request.GET.urlencode() if queues.as_query(params) else "",
        "longest": LONGEST,
        "may_raise": request.person.may("matter.raise"),
        "may_act": request.person.may("matter.note"),
        "here": ",".join(str(row.pk) for row in shown),
    }
    return render(request, "matters/list.html", context)


def lines(person: Person, rows: Iterable[MatterRow], known: Law, names: Names, at: datetime) -> list[Line]:
    """The rows as the table shows them, each with the step that `person` may take next; no query."""
    address, step_address = reverse("matters:id", args=[ANY]), reverse("matters:step", args=[ANY, CODE])
    return [_line(person, row, known, names, at, address, step_address) for row in rows]


def _line(
    person: Person, row: MatterRow, known: Law, names: Names, at: datetime, address: str, step_address: str
) -> Line:
    """The addresses are patterns: asked for once, as working one out takes longer than all else in a row."""
    matter = queries.matter_of(row)
    procedure = known.pinned(matter.edition)
    ours, third = first_due(matter), first_due(matter, binds_us=False)
    step = None
    if row.frozen is None:
        step = queries.next_step(matter, procedure, queries.steps_for(person, matter, procedure))
    return Line(
        row=row,
        url=address.replace(str(ANY), str(row.pk)),
        received=f"{row.received.astimezone(VIETNAM):%d/%m/%Y}",
        title=title_of(matter, procedure),
        procedure=in_words(procedure.name),
        status=state_words(matter, procedure),
        holder=names.unit(matter.holder),
        due=due_of(ours, procedure, known, at),
        third=due_of(third, procedure, known, at) if third else None,
        step=in_words(step),
        step_url=step_address.replace(str(ANY), str(row.pk)).replace(CODE, step.code) if step else "",
    )


def filters(
    person: Person, params: Mapping[str, str], known: Law, names: Names, at: datetime
) -> list[dict[str, Any]]:
    """The filter bar: those of always, and those that an address has set besides, so that each can be taken out."""
    day, chosen = {"type": "date"}, params.get("procedure", "")
    offered = choices(known, day_of(at), chosen, lang())
    bar: list[dict[str, Any]] = [
        {"name": "q", "label": _("Có chữ hoặc số"), "type": "search"},
        {
            "name": "procedure",
            "label": _("Thủ tục"),
            "options": offered.procedures,
        },
        {
            "name": "status",
            "label": _("Trạng thái"),
            "options": offered.statuses,
        },
        {
            "name": "holder",
            "label": _("Đang giữ"),
            "options": _holders(person, params.get("holder", ""), names),
        },
        {"name": "late", "label": _("Quá hạn ở"), "options": chips.levels()},
        {"name": "since", "label": _("Nhận từ ngày"), **day},
        {"name": "until", "label": _("Đến hết ngày"), **day},
    ]
    if offered.topics:
        bar.insert(3, {"name": "topic", "label": _("Nhóm vướng mắc"), "options": offered.topics})
    there = {each["name"] for each in bar}
    return bar + chips.further(params, there, known.current(at), names)


class Choices(NamedTuple):
    """What of the law in force one can choose from: pairs of code and label."""

    procedures: list[tuple[str, str]]
    statuses: list[tuple[str, str]]
    topics: list[tuple[str, str]]


@lru_cache(maxsize=64)
def choices(known: Law, day: date, procedure: str, language: str) -> Choices:
    """The choices on `day`, in the active language, which is named so that each has its own."""
    current = known.current(datetime.combine(day, time(12), VIETNAM))
    names = [(it.code, in_words(it.name)) for it in current]
    return Choices(names, statuses(current, procedure), _topics(current, procedure))


def statuses(current: Iterable[Procedure], procedure: str) -> list[tuple[str, str]]:
    """States to choose from: of one procedure, or of all with equal codes told once."""
    found: dict[str, str] = {}
    for each in current:
        if procedure in ("", each.code):
            for code, label in each.states.items():
                found.setdefault(code, in_words(label))
    return sorted(found.items(), key=lambda it: it[1]) if not procedure else list(found.items())


def _topics(current: Iterable[Procedure], procedure: str) -> list[tuple[str, str]]:
    for each in current:
        if each.code == procedure and (field := each.field.get("kind")):
            return [(code, in_words(label)) for code, label in field.of.items()]
    return []


def _holders(person: Person, chosen: str, names: Names) -> list[tuple[str, str]]:
    """The units to choose from: those above the communes in the person's province, their own, and the one chosen."""
    nearer = filter(None, (*sorted(person.units), chosen))
    its = dict(units_above(person.province)) | {code: names.unit(code) for code in nearer}
    return list(its.items())


def columns() -> list[Column]:
    """What a list that is taken away holds; no sealed fact is among it."""
    return [
        Column("number", _("Số"), 22),
        Column("title", _("Nội dung"), 48),
        Column("procedure", _("Thủ tục"), 28),
        Column("status", _("Trạng thái"), 22),
        Column("unit", _("Đơn vị giữ hồ sơ"), 30),
        Column("holder", _("Đang giữ"), 30),
        Column("received", _("Tiếp nhận lúc"), 18, "moment"),
        Column("due", _("Hạn gần nhất"), 18, "moment"),
        Column("third_due", _("Hạn của cơ quan khác"), 18, "moment"),
        Column("ended", _("Xong lúc"), 18, "moment"),
    ]


def exported(rows: QuerySet[MatterRow], known: Law) -> list[dict[str, object]]:
    """The rows as they are taken away: labels of the newest edition of each procedure. Two queries."""
    names = (
        "number",
        "title",
        "procedure",
        "status",
        "unit",
        "holder",
        "received",
        "due",
        "third_due",
        "ended",
    )
    found: list[dict[str, Any]] = list(rows.values(*names))
    units = Names(queries.unit_names({row[name] for row in found for name in ("unit", "holder")}))
    for row in found:
        procedure = newest(known, row["procedure"])
        row["unit"], row["holder"] = units.unit(row["unit"]), units.unit(row["holder"])
        if procedure is not None:
            row["title"] = row["title"] or in_words(procedure.name)
            row["status"] = in_words(procedure.states.get(row["status"])) or _("Đã nhập vào việc khác")
            row["procedure"] = in_words(procedure.name)
    return found


def newest(known: Law, code: str) -> Procedure | None:
    """The newest edition of a procedure, None where none is published."""
    editions = known.procedures.get(code)
    try:
        return known.pinned(editions[-1].sha256) if editions else None
    except NotInForce:
        return None
