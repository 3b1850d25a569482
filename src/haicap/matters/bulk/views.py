"""One act on many matters: gathered from a list, told, looked at before, done, and what came of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haicap.journal.ids import ids
from haicap.matters import queries
from haicap.matters import work as long_work
from haicap.matters.acts import ACTS
from haicap.matters.bulk import doing, judging
from haicap.matters.bulk.forms import BulkForm
from haicap.matters.bulk.judging import STEP, Told, Verdict
from haicap.matters.bulk.models import DONE, MOST, NOT_NOW, REFUSED, WOULD, Bulk, BulkLine
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.showing import Names, in_words, state_words, title_of
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in

AT_ONCE = 50  # more than these are done by the worker


@dataclass(frozen=True, slots=True)
class Line:
    """One matter on the page of a bulk."""

    url: str
    number: str
    title: str
    status: str
    holder: str
    verdict: Verdict


@require_POST
@signed_in
def gather(request: Request) -> HttpResponse:
    """The matters that were ticked, those of the page, or all that fit the list's address (`scope`)."""
    at, data = timezone.now(), request.POST
    match data.get("scope"):
        case "page":
            subjects = ids(data.get("page", "").split(","))
        case "all":
            params = QueryDict(data.get("query", "")).dict()
            rows = queries.filtered(request.person, params, at=at).order_by("due", "received", "pk")
            subjects = list(rows.values_list("pk", flat=True)[: MOST + 1])
        case _:
            subjects = ids(data.getlist("subject"))
    if not subjects:
        messages.warning(request, _("Chưa chọn việc nào: đánh dấu ở đầu dòng, hoặc chọn cả trang."))
        return redirect(f"{reverse('matters:list')}?{data.get('query', '')}")
    if len(subjects) > MOST:
        messages.warning(
            request, _("Chỉ lấy %(n)d việc đầu: mỗi lần làm được nhiều nhất chừng ấy.") % {"n": MOST}
        )
    return redirect("bulk:one", doing.gathered(request.person, subjects, at=at).id)


@require_http_methods(["GET", "POST"])
@signed_in
def one(request: Request, id: UUID) -> HttpResponse:
    """What is to be done, then what would happen to each, and once it has begun what came of each."""
    bulk = _mine(request, id)
    lines, known, at = doing.lines_of(bulk), law(), timezone.now()
    rows = doing.rows_of(request.person, lines)
    if bulk.began_at:
        return _outcome(request, bulk, lines, rows, known)
    told = doing.told_of(bulk)
    form = None if bulk.undoes else _form(request, bulk, list(rows.values()), known, told)
    if form is not None and form.is_bound and form.is_valid():
        doing.tell(bulk, form.told())
        return redirect(f"{reverse('bulk:one', args=[id])}#preview")
    found = _shown(request.person, bulk, lines, rows, known, told, at) if told else []
    context = {
        "bulk": bulk,
        "form": form,
        "told": _in_words(told) if told else "",
        "lines": found,
        "counts": _counts(found),
        "total": len(lines),
        "would": sum(line.verdict.kind == WOULD for line in found),
        "units": queries.units_near(request.person.province) if form else (),
    }
    return render(
        request, "bulk/one.html", context, status=422 if form is not None and form.is_bound else 200
    )


@require_POST
@signed_in
def do(request: Request, id: UUID) -> HttpResponse:
    """Do it; many are done by the worker, whose page can be left and come back to. Sent twice it is done once."""
    bulk = _mine(request, id)
    if doing.told_of(bulk) is None:
        return redirect("bulk:one", id)
    doing.begin(bulk, at=timezone.now())
    total, result = len(doing.lines_of(bulk)), reverse("bulk:one", args=[id])
    if total > AT_ONCE:
        long_work.begin(request.person, doing.on_many, id=bulk.id, total=total, result=result)
        return redirect("work:one", id)
    doing.run(request.person, bulk)
    return redirect(result)


@require_POST
@signed_in
def undo(request: Request, id: UUID) -> HttpResponse:
    """Bring back what was there before, as a bulk of its own that is looked at and confirmed."""
    back = doing.undone(request.person, _mine(request, id), at=timezone.now())
    if back is None:
        messages.warning(request, _("Không có gì ở đây hoàn lại được cùng lúc."))
        return redirect("bulk:one", id)
    return redirect("bulk:one", back.id)


def _mine(request: Request, id: UUID) -> Bulk:
    bulk = doing.of(request.person, id)
    if bulk is None:
        raise Http404
    return bulk


def _form(request: Request, bulk: Bulk, rows: list[MatterRow], known: Law, told: Told | None) -> BulkForm:
    holders = {row.holder for row in rows}
    team = holders.pop() if len(holders) == 1 else request.person.unit
    steps = judging.steps(request.person, rows, known)
    initial = told.facts() if told else {"act": STEP if steps else "receive"}
    if told and told.act == STEP:
        initial["step"] = f"{told.procedure}/{told.step}"
    data = request.POST if request.method == "POST" else None
    return BulkForm(data, steps=steps, team=team, initial=initial)


def _shown(
    person: Person, bulk: Bulk, lines: Sequence[BulkLine], rows: dict[UUID, MatterRow], known: Law,
    told: Told | None, at: datetime,
) -> list[Line]:  # fmt: skip
    """Every matter with what came of it, or what would happen to it. One query."""
    names = Names(queries.unit_names(row.holder for row in rows.values()))
    return [_line(person, bulk, line, rows.get(line.subject), known, told, at, names) for line in lines]


def _line(
    person: Person, bulk: Bulk, line: BulkLine, row: MatterRow | None, known: Law, told: Told | None,
    at: datetime, names: Names,
) -> Line:  # fmt: skip
    verdict = Verdict(line.verdict, line.why)
    if not line.verdict and told is not None and bulk.began_at is None:
        verdict = judging.judge(person, doing.for_line(told, bulk, line), row, known, at)
    if row is None:
        return Line("", "–", _("(không còn xem được)"), "", "", verdict)
    matter = queries.matter_of(row)
    procedure = known.pinned(matter.edition)
    return Line(
        reverse("matters:id", args=[row.pk]), row.number, title_of(matter, procedure),
        state_words(matter, procedure), names.unit(matter.holder), verdict,
    )  # fmt: skip


def _counts(lines: Sequence[Line]) -> list[tuple[str, str, int]]:
    """How many of each verdict there are: its code, its words, the number."""
    found = [(code, words, sum(line.verdict.kind == code for line in lines)) for code, words in _verdicts()]
    return [it for it in found if it[2]]


def _verdicts() -> Iterator[tuple[str, str]]:
    yield WOULD, _("sẽ làm")
    yield DONE, _("đã làm")
    yield NOT_NOW, _("chưa làm được")
    yield REFUSED, _("không được phép")
    yield "", _("chưa đến lượt")


def _in_words(told: Told) -> str:
    """What is to be done, as a sentence without a name: who receives it stands in the form."""
    if told.act == STEP:
        editions = law().procedures.get(told.procedure)
        procedure = law().pinned(editions[-1].sha256) if editions else None
        return in_words(procedure.step.get(told.step)) if procedure else told.step
    said = in_words(ACTS[told.act].label)
    if told.act == "hand-over" and told.to_unit:
        return f"{said}: {queries.unit_names([told.to_unit]).get(told.to_unit, told.to_unit)}"
    if told.act == "assign":
        return f"{said}: {_assignee(told)}"
    return said


def _assignee(told: Told) -> str:
    if not told.assignee:
        return _("thôi phân công")
    return next(iter(queries.person_names([UUID(told.assignee)]).values()), told.assignee)


def _outcome(
    request: Request, bulk: Bulk, lines: list[BulkLine], rows: dict[UUID, MatterRow], known: Law
) -> HttpResponse:
    told = doing.told_of(bulk)
    found = _shown(request.person, bulk, lines, rows, known, told, timezone.now())
    words = dict(_verdicts())
    if (form := request.GET.get("format")) in FORMS:
        plain = [
            {"number": it.number, "title": it.title, "verdict": words[it.verdict.kind], "why": it.verdict.why}
            for it in found
        ]
        return taken_away(form, _columns(), plain, _("Kết quả làm cùng lúc"))
    context = {
        "bulk": bulk,
        "told": _back(bulk, told),
        "lines": found,
        "counts": _counts(found),
        "waits": any(not line.verdict for line in lines),
        "back": not bulk.undoes
        and any(line.verdict == DONE and doing.can_go_back(told, line) for line in lines),
    }
    return render(request, "bulk/outcome.html", context)


def _back(bulk: Bulk, told: Told | None) -> str:
    if told is None:
        return ""
    return (
        _("Hoàn lại: %(act)s") % {"act": in_words(ACTS[told.act].label)} if bulk.undoes else _in_words(told)
    )


def _columns() -> list[Column]:
    return [
        Column("number", _("Số"), 22),
        Column("title", _("Nội dung"), 48),
        Column("verdict", _("Kết quả"), 20),
        Column("why", _("Vì sao"), 48),
    ]
