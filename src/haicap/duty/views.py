"""The duty log: its list with the form of one line, one line, and what is done with it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haicap.duty import log, queries, ruling
from haicap.duty.fold import Line
from haicap.duty.forms import LineForm
from haicap.duty.models import LineRow
from haicap.duty.showing import case_words, shown, sort_words
from haicap.duty.sorts import cases, sorts
from haicap.journal.pen import FromNewerVersion, Reused, writing
from haicap.matters.law import law
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import Names, in_words
from haicap.matters.views_new import places
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units import register
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.fold import Unit
from haicap.units.queries import unit_now
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in, today

PER_PAGE = 50
FAULTS = (Unsaid, NotYet, Reused, NotSo, Refused, FromNewerVersion)


@require_http_methods(["GET", "POST"])
@signed_in
def page(request: Request) -> HttpResponse:
    """The log; sent, the form above it writes one line and is there again for the next."""
    person, at = request.person, timezone.now()
    if not person.may("duty.see"):
        raise Http404
    unit = desk_unit(person, "duty.write")
    form = LineForm(request.POST or None) if unit else None
    if request.method == "POST" and (form is None or unit is None):
        raise PermissionDenied(_("Chức vụ của bạn không ghi sổ trực."))
    if form is not None and unit is not None and form.is_valid():
        line = _write(request, form, unit, at)
        if line is not None:
            return redirect("duty:id", line.id) if line.clocks else redirect("duty:log")
    params = request.GET.dict()
    rows = queries.in_order(queries.filtered(person, narrowed(params), at=at), params.get("sort", ""))
    if params.get("format") in FORMS:
        return taken_away(params["format"], columns(), exported(person, rows), _("Sổ trực"))
    found = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    context = {
        "now": at, "page": found, "form": form, "unit": unit, "desk": queries.desk_of(person, at),
        "bulletin": queries.has_bulletin(person),
        "lines": lines_of(person, [queries.line_of(row) for row in found]), "views": views(params),
        "filters": filters(person, params), "territories": territories(unit), "wide": wide(person),
    }  # fmt: skip
    return render(
        request, "duty/log.html", context, status=422 if form is not None and form.is_bound else 200
    )


def _write(request: Request, form: LineForm, unit: Unit, at: datetime) -> Line | None:
    """The line as written; None where the form is at fault, which then says what is."""
    said, (sort, case) = form.cleaned_data, form.chosen()
    subject = log.subject_of(said["entry_id"])
    shift = queries.last_shift(unit.code)
    try:
        with writing(request.person, at=at, subjects=[subject], units=[unit.code]) as pen:
            line = log.write_line(
                pen, entry_id=said["entry_id"], subject=subject, unit=unit, sort=sort, case=case, text=said["text"],
                happened=form.happened(at), place=said["place"], people=said["people"], follow=said["follow"],
                settings=ruling.in_force(ruling.editions(unit.province), at), calendar=law().calendar,
                shift=shift.id if shift and shift.accepted is None else None,
            )  # fmt: skip
    except (Unsaid, NotYet, Reused) as fault:
        form.add_error("text", fault_words(fault))
        return None
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    if line.clocks:
        messages.warning(
            request,
            _("Sự việc phải báo cáo nhanh: gọi báo cáo ngay, rồi ghi lại ở đây đã báo cho ai, lúc nào."),
        )
    return line


def fault_words(fault: Exception) -> str:
    """What went wrong, as a sentence."""
    match fault:
        case NotYet():
            return _("Giờ ghi không thể ở tương lai.")
        case Unsaid():
            return _("Chưa ghi nội dung.")
        case Reused():
            return _("Biểu mẫu này đã được dùng; hãy mở lại trang.")
        case FromNewerVersion():
            return _("Dòng này có bản ghi từ phiên bản mới hơn; cần nâng cấp trước.")
        case _:
            return _("Đã có người ghi trước, hoặc giờ ghi sớm hơn lúc xảy ra; chưa ghi gì. Hãy xem lại.")


def desk_unit(person: Person, action: str) -> Unit | None:
    """The unit at whose desk the person may do `action`: one in which they hold a post. One query."""
    for right in person.rights:
        if right.allows(action) and right.over == "unit":
            return unit_now(right.unit)
    return None


def wide(person: Person) -> bool:
    """Whether the person sees the logs of several units."""
    return any(right.allows("duty.see") and right.over != "unit" for right in person.rights)


def territories(unit: Unit | None) -> list[str]:
    """The names of the places that the unit serves, to choose from."""
    return [register.territory(code).name for code in unit.territories] if unit else []


def narrowed(params: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the log; without any, it is today's."""
    asked = {name: value for name, value in params.items() if name in queries.NARROWING and value}
    return asked or {"since": today().isoformat()}


def lines_of(person: Person, its: Iterable[Line]) -> list[Any]:
    """Lines as the table shows them. Two queries at most."""
    found = list(its)
    names = Names(
        unit_names(line.unit for line in found), person_names(line.wordings[0].by for line in found)
    )
    numbers, known = queries.numbers(person, found), openable(person)
    writes = {right.unit for right in person.rights if right.allows("duty.write")}
    return [
        (shown(line, names, numbers, known, writes=line.unit in writes), names.unit(line.unit))
        for line in found
    ]


def openable(person: Person) -> dict[str, str]:
    """The procedures that the person may open somewhere, with their names; no query beyond that of `law`."""
    return {it.code: in_words(it.name) for it in law().current(timezone.now()) if places(person, it)}


def views(params: Mapping[str, str]) -> list[dict[str, Any]]:
    """Ready-made views of the log, as tabs."""
    ready: list[tuple[str, dict[str, str]]] = [
        (_("Hôm nay"), {}),
        (_("Chưa xong"), {"open": "1"}),
        (_("Chưa báo cáo nhanh"), {"quick": "owed"}),
        (_("Các sự việc"), {"sort": "incident"}),
        (_("Mất đường truyền"), {"sort": "line-down"}),
        (_("Cả năm"), {"since": f"{today().year}-01-01"}),
    ]
    chosen = {name: value for name, value in params.items() if value and name in queries.NARROWING}
    base = reverse("duty:log")
    return [
        {
            "label": label,
            "url": base + "".join(f"?{name}={value}" for name, value in its.items()),
            "current": chosen == its,
        }
        for label, its in ready
    ]


def filters(person: Person, params: Mapping[str, str]) -> list[dict[str, Any]]:
    """The filter bar."""
    bar: list[dict[str, Any]] = [
        {"name": "q", "label": _("Có chữ"), "type": "search"},
        {"name": "sort", "label": _("Loại"), "options": [(code, sort_words(code)) for code in sorts()]},
        {"name": "case", "label": _("Loại sự việc"), "options": [(code, case_words(code)) for code in cases()]},
        {"name": "since", "label": _("Từ ngày"), "type": "date"},
        {"name": "until", "label": _("Đến hết ngày"), "type": "date"},
        {"name": "open", "label": _("Đã xong"), "options": [("1", _("chưa xong")), ("0", _("đã xong"))]},
        {
            "name": "quick", "label": _("Báo cáo nhanh"),
            "options": [("owed", _("chưa đủ")), ("late", _("trễ")), ("any", _("tất cả"))],
        },
    ]  # fmt: skip
    if wide(person):
        bar.insert(1, {"name": "unit", "label": _("Đơn vị"), "options": queries.units_seen(person)})
    return bar


def columns() -> list[Column]:
    """What a log that is taken away holds; nothing sealed is among it."""
    return [
        Column("happened", _("Lúc"), 18, "moment"),
        Column("written", _("Ghi lúc"), 18, "moment"),
        Column("unit", _("Đơn vị"), 30),
        Column("sort", _("Loại"), 18),
        Column("case", _("Loại sự việc"), 28),
        Column("place", _("Nơi"), 28),
        Column("text", _("Nội dung"), 60),
        Column("before", _("Trước khi đính chính"), 40),
        Column("by", _("Người ghi"), 30),
        Column("closed", _("Xong lúc"), 18, "moment"),
        Column("phone", _("Báo bằng điện thoại lúc"), 18, "moment"),
        Column("written_report", _("Báo bằng văn bản lúc"), 18, "moment"),
        Column("matter", _("Thành việc số"), 24),
    ]


def exported(person: Person, rows: QuerySet[LineRow]) -> Iterator[dict[str, object]]:
    """The rows as they are taken away. Four queries."""
    found = [(row, queries.line_of(row)) for row in rows]
    names = Names(unit_names(row.unit for row, _line in found), person_names(row.by for row, _line in found))
    numbers = queries.numbers(person, [line for _row, line in found])
    for row, line in found:
        yield {
            "happened": row.happened, "written": row.written, "unit": names.unit(row.unit),
            "sort": sort_words(row.sort), "case": case_words(row.case), "place": row.place, "text": line.now.text,
            "before": " | ".join(wording.text for wording in line.wordings[:-1]), "by": names.person(row.by),
            "closed": row.closed, "phone": row.phone_met, "written_report": row.written_met,
            "matter": ", ".join(numbers[it.matter] for it in line.became if it.matter in numbers),
        }  # fmt: skip
