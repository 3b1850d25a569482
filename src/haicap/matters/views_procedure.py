"""The procedures and tables of competence in force, as pages that one can check against the law."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.clocks.fold import Edition
from haicap.matters.competence import Flaw, Line, Table, gaps_and_overlaps
from haicap.matters.drawing import COMMUNE, drawn
from haicap.matters.fields import Field
from haicap.matters.law import law, procedure_of, table_of
from haicap.matters.parts import Law, Text, Valid
from haicap.matters.schema import Example, Fits, Procedure, Step
from haicap.matters.showing import Names, in_words, limit_words, moment, shown
from haicap.matters.timing import UNTIL, Clock
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.sign_in import Request, signed_in

MOST_FLAWS = 200  # more of them are told by their number


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a clock in one branch, with its rule."""

    branch: str
    words: str
    law: Law


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock as its procedure's page shows it."""

    name: str
    whose: str
    limits: tuple[Limit, ...]
    starts: str
    ends: str
    longer: tuple[tuple[str, Law], ...]


@require_safe
@signed_in
def procedures(request: Request) -> HttpResponse:
    """The procedures in force today, each with its limits and how sure these are."""
    known, at = law(), timezone.now()
    rows = [
        (it, [limit for clock in it.clock.values() for limit in limits(it, clock)], sorted(it.opens.at))
        for it in known.current(at)
    ]
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(form, _limit_columns(), _limit_rows(rows), _("Thủ tục"))
    tables = [(code, table_of(editions[-1].text)) for code, editions in sorted(known.tables.items())]
    return render(request, "matters/procedures.html", {"rows": rows, "tables": tables, "now": at})


def _limit_columns() -> list[Column]:
    return [
        Column("procedure", _("Thủ tục"), 40), Column("code", _("Mã"), 24), Column("since", _("Từ ngày"), 12, "date"),
        Column("limit", _("Thời hạn"), 24), Column("branch", _("Trường hợp"), 30), Column("rule", _("Điều khoản"), 40),
        Column("mark", _("Mức chắc chắn"), 16),
    ]  # fmt: skip


def _limit_rows(rows: Iterable[tuple[Procedure, list[Limit], Sequence[str]]]) -> list[dict[str, object]]:
    """A line for each limit; a procedure without any has one of its own."""
    none: list[Limit | None] = [None]
    return [
        {
            "procedure": in_words(it.name), "code": it.code, "since": it.valid.from_,
            "limit": limit.words if limit else "", "branch": limit.branch if limit else "",
            "rule": in_words(limit.law.rule) if limit else "", "mark": limit.law.mark if limit else "",
        }
        for it, limits_, _levels in rows
        for limit in (limits_ or none)
    ]  # fmt: skip


@require_safe
@signed_in
def procedure(request: Request, code: str) -> HttpResponse:
    """One procedure, drawn and told; `?edition=` (SHA-256) shows an older one or one to come."""
    editions = law().procedures.get(code, ())
    chosen = _chosen(editions, request.GET.get("edition"))
    its = procedure_of(chosen.text)
    if request.GET.get("format") == "toml":
        headers = {"Content-Disposition": f'attachment; filename="{code}-{chosen.sha256[:12]}.toml"'}
        return HttpResponse(chosen.text, "text/plain; charset=utf-8", headers=headers)
    context = {
        "procedure": its, "drawing": drawn(its), "edition": chosen, "now": timezone.now(),
        "editions": [(it, procedure_of(it.text).valid) for it in editions],
        "steps": [_step(its, step) for step in its.step.values()],
        "fields": [_field(its, field) for field in its.field.values()],
        "clocks": [_clock(its, clock) for clock in its.clock.values()],
        "branches": [_branch(its, place) for place in range(len(its.branch))] if len(its.branch) > 1 else (),
        "examples": [_example(its, example) for example in its.example],
        "papers": [in_words(label) for label in its.paper.values()],
    }  # fmt: skip
    return render(request, "matters/procedure.html", context)


def _chosen(editions: tuple[Edition, ...], sha256: str | None) -> Edition:
    """The edition asked for, or the one in force today, or the newest."""
    if not editions:
        raise Http404
    if sha256:
        for edition in editions:
            if edition.sha256 == sha256:
                return edition
        raise Http404
    today = timezone.localdate()
    return next((it for it in reversed(editions) if it.since <= today), editions[-1])


def limits(procedure: Procedure, clock: Clock) -> list[Limit]:
    """The limits of a clock, one for each branch that has its own, with the remote variant beside."""
    found: dict[tuple[str, str], tuple[list[str], Law]] = {}
    for branch in procedure.branch:
        limit = clock.limit_for(branch.code)
        if limit is None:
            continue
        its = clock.law_for(branch.code)
        words = _limit(procedure, clock, limit, branch.code)
        remote = clock.limit_for(branch.code, remote=True)
        if remote and remote != limit:
            words = _("%(limit)s (vùng sâu, vùng xa: %(remote)s)") % {
                "limit": words,
                "remote": limit_words(remote),
            }
        names, _law = found.setdefault((words, its.rule.vi), ([], its))
        names.append(in_words(branch))
    everywhere = len(found) == 1 and len(procedure.branch) == len(next(iter(found.values()))[0])
    return [
        Limit("" if everywhere else ", ".join(names), words, its)
        for (words, _rule), (names, its) in found.items()
    ]


def _limit(procedure: Procedure, clock: Clock, limit: str, branch: str) -> str:
    if limit != UNTIL:
        return limit_words(limit)
    if clock.field:
        return _("đến ngày ghi ở “%(field)s”") % {"field": in_words(procedure.field[clock.field])}
    time = clock.time.get(branch, "") if isinstance(clock.time, dict) else clock.time
    return _("đến %(time)s gần nhất") % {"time": time}


def _clock(procedure: Procedure, clock: Clock) -> ClockShown:
    whose = {"holder": _("đơn vị đang giữ"), "raiser": _("đơn vị nêu"), "third-party": _("cơ quan khác")}
    longer = []
    for way in clock.longer:
        words = " / ".join(dict.fromkeys(limit_words(it) for it in way.limits[:1]))
        kind = _("tổng %(limit)s") if way.to else _("thêm %(limit)s")
        said = f"{_moments(procedure, way.by)}: {kind % {'limit': words}}"
        longer.append((said + _(", tối đa %(n)d lần") % {"n": way.times}, way.law))
    return ClockShown(
        in_words(clock), whose[clock.binds], tuple(limits(procedure, clock)),
        _moments(procedure, clock.starts), _moments(procedure, clock.ends), tuple(longer),
    )  # fmt: skip


def _moments(procedure: Procedure, moments: tuple[str, ...]) -> str:
    return "; ".join(_moment(procedure, it) for it in moments)


def _moment(procedure: Procedure, text: str) -> str:
    if text == "received_at":
        return _("khi tiếp nhận")
    code, _dot, word = text.partition(".")
    step = procedure.step[code]
    its: Text | None = step.outcome.get(word) or step.grounds.get(word)
    return f"{in_words(step)} ({in_words(its)})" if its else in_words(step)


def role(code: str) -> str:
    """A role in words."""
    return {
        "clerk": _("trực ban, văn thư"), "officer": _("cán bộ"), "leader": _("chỉ huy Công an cấp xã"),
        "department-officer": _("cán bộ phòng"), "department-head": _("chỉ huy phòng"),
        "director": _("lãnh đạo Công an tỉnh"), "auditor": _("thanh tra, kiểm tra"), "operator": _("quản trị"),
    }[code]  # fmt: skip


def _step(procedure: Procedure, step: Step) -> dict[str, object]:
    ends = [in_words(procedure.states[code]) for code in procedure.states if code in step.targets()]
    return {
        "name": in_words(step),
        "help": in_words(step.help),
        "by": ", ".join(role(it) for it in step.by),
        "from": ", ".join(in_words(procedure.states[code]) for code in step.from_),
        "to": ", ".join(ends),
        "outcomes": ", ".join(in_words(it) for it in step.outcome.values()),
        "grounds": ", ".join(in_words(it) for it in step.grounds.values()),
        "paper": in_words(procedure.paper.get(step.paper or "")),
        "kind": "" if COMMUNE & set(step.by) else "province",
    }


def _field(procedure: Procedure, field: Field) -> dict[str, object]:
    return {
        "name": in_words(field), "type": _types()[field.type], "needed": field.needed,
        "sealed": procedure.is_personal(field.code), "keep": in_words(field.keep),
        "choices": ", ".join(in_words(it) for it in field.of.values()), "step": field.asked == "step",
    }  # fmt: skip


def _types() -> dict[str, str]:
    return {
        "text": _("chữ"), "longtext": _("đoạn văn"), "choice": _("chọn một"), "yes-no": _("có hoặc không"),
        "number": _("số"), "money": _("số tiền"), "date": _("ngày"), "datetime": _("ngày giờ"),
        "person": _("người"), "unit": _("đơn vị"), "place": _("địa điểm"), "file-number": _("số văn bản"),
    }  # fmt: skip


def _branch(procedure: Procedure, place: int) -> tuple[str, list[str]]:
    """A branch and its conditions, one line each; the last has none."""
    branch = procedure.branch[place]
    return in_words(branch), [_table(procedure, table) for table in (*branch.all, *branch.any)]


def _table(procedure: Procedure, table: Fits) -> str:
    fields = ((procedure.field[code], values) for code, values in table.items())
    either = " " + _("hoặc") + " "
    return " · ".join(
        f"{in_words(field)}: {either.join(_value(field, it) for it in values)}" for field, values in fields
    )


def _value(field: Field, value: bool | str) -> str:
    return shown(field, value, Names())


def _example(procedure: Procedure, example: Example) -> dict[str, object]:
    given = [
        (in_words(procedure.field[code]), shown(procedure.field[code], value, Names()))
        for code, value in example.given.items()
        if code in procedure.field
    ]
    then = [(in_words(procedure.step[it.step]), moment(it.at)) for it in example.then]
    due = [(in_words(procedure.clock[code]), moment(at)) for code, at in example.expect.due.items()]
    state = in_words(procedure.states.get(example.expect.state or ""))
    return {"received": example.received_at, "given": given, "then": then, "due": due, "state": state}


@require_safe
@signed_in
def competence(request: Request, code: str) -> HttpResponse:
    """A table of competence: its rows with their rules, and every combination that no row or several answer."""
    editions = law().tables.get(code)
    if not editions:
        raise Http404
    table = table_of(editions[-1].text)
    flaws = _flaws(editions[-1].text)
    rows = [(_when(table, line), in_words(table.unit[line.unit]), line.law, line.valid) for line in table.row]
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(form, *_competent(table, rows), in_words(table.name))
    context = {
        "table": table, "rows": rows, "dimensions": [in_words(it) for it in table.dimension.values()],
        "flaws": [_flaw(table, flaw) for flaw in flaws[:MOST_FLAWS]], "count": len(flaws),
        "edition": editions[-1], "now": timezone.now(),
    }  # fmt: skip
    return render(request, "matters/competence.html", context)


def _competent(
    table: Table, rows: Iterable[tuple[list[str], str, Law, Valid]]
) -> tuple[list[Column], list[dict[str, object]]]:
    """A table of competence as it is taken away: a column for each dimension, empty where any value fits."""
    dimensions = [Column(name, in_words(it), 30) for name, it in table.dimension.items()]
    columns = [*dimensions, Column("unit", _("Đơn vị"), 30), Column("rule", _("Điều khoản"), 40),
               Column("mark", _("Mức chắc chắn"), 16), Column("since", _("Từ ngày"), 12, "date")]  # fmt: skip
    return columns, [
        {**dict(zip(table.dimension, values, strict=True)), "unit": unit, "rule": in_words(its.rule),
         "mark": its.mark, "since": valid.from_}
        for values, unit, its, valid in rows
    ]  # fmt: skip


def _when(table: Table, line: Line) -> list[str]:
    """The values of a row, one cell for each dimension; empty where any value fits."""
    return [
        ", ".join(in_words(dimension.of[value]) for value in line.when.get(name, ()))
        for name, dimension in table.dimension.items()
    ]


@lru_cache(maxsize=64)
def _flaws(text: str) -> tuple[Flaw, ...]:
    return tuple(gaps_and_overlaps(table_of(text)))


def _flaw(table: Table, flaw: Flaw) -> tuple[str, str, Flaw]:
    facts = " · ".join(in_words(table.dimension[name].of[value]) for name, value in flaw.facts)
    return facts, ", ".join(in_words(table.unit[unit]) for unit in flaw.units), flaw
