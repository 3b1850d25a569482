"""The journal's pages: streams and what is witnessed of them, a stream's entries, one entry as it was written."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from haicap.journal import queries
from haicap.journal.models import Entry, Stream
from haicap.journal.queries import Doubt, Witnessed
from haicap.matters.models import MatterRow
from haicap.matters.queries import person_names, unit_names
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.models import UnitRow
from haicap.units.rights import Person, reach
from haicap.units.sign_in import Request, signed_in
from haicap.units.vietnamese import fold

PER_PAGE = 50
AT_ONCE = 100  # entries on a stream's page


@require_GET
@signed_in
def streams(request: Request) -> HttpResponse:
    """All streams within reach with their heads; what no checkpoint witnesses yet, and what is in doubt."""
    heard, params = queries.witnessed(), request.GET.dict()
    reached = _reached(request.person)
    lengths = dict(reached.values_list("id", "seq"))
    late = {stream for stream, seq in lengths.items() if heard.behind(stream, seq)}
    rows = queries.in_order(_narrowed(reached, params, late), params.get("sort", ""))
    nodes = queries.nodes()
    if (form := params.get("format")) in FORMS:
        return taken_away(form, _columns(), _lines(list(rows), heard, nodes), _("Nhật ký"))
    page = Paginator(rows, PER_PAGE).get_page(params.get("page"))
    context = {
        "page": page,
        "lines": _lines(list(page.object_list), heard, nodes),
        "heard": heard,
        "entries": sum(lengths.values()),
        "count": len(lengths),
        "waiting": sum(heard.behind(stream, seq) for stream, seq in lengths.items()),
        "doubts": _doubts(),
        "verified": queries.verification(),
        "erasures": request.person.may("journal.erase") or request.person.may("journal.verify"),
        "filters": _filters(),
        "now": datetime.now(UTC),
    }
    return render(request, "web/journal.html", context)


def _reached(person: Person) -> Any:
    if not person.may("journal.see"):
        raise Http404
    its = reach(person, "journal.see")
    return queries.streams(everywhere=its.everywhere, units=its.units)


def _narrowed(rows: Any, params: dict[str, str], late: set[UUID]) -> Any:
    if params.get("channel") in queries.CHANNELS:
        rows = rows.filter(channel=params["channel"])
    if params.get("behind") == "1":
        rows = rows.filter(id__in=late)
    for word in fold(params.get("q", "")).split():
        rows = rows.filter(unit__in=UnitRow.objects.filter(words__contains=word).order_by().values("code"))
    return rows


def _filters() -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": _("Đơn vị"), "type": "search"},
        {"name": "channel", "label": _("Kênh"), "options": list(channels().items())},
        {"name": "behind", "label": _("Chứng thực"), "options": [("1", _("còn mục chưa chứng thực"))]},
    ]


def channels() -> dict[str, str]:
    """The channels of streams by code."""
    return {"work": _("công việc"), "returns": _("báo cáo"), "reference": _("danh mục chung")}


def _lines(rows: list[Stream], heard: Witnessed, nodes: dict[UUID, str]) -> list[dict[str, Any]]:
    units, said = unit_names(row.unit for row in rows), channels()
    return [
        {
            "id": row.id,
            "code": row.unit,
            "unit": units.get(row.unit, row.unit),
            "channel": said.get(row.channel, row.channel),
            "node": nodes.get(row.node, str(row.node)),
            "incarnation": str(row.incarnation),
            "seq": row.seq,
            "hash": bytes(row.hash).hex(),
            "behind": heard.behind(row.id, row.seq),
        }
        for row in rows
    ]


def _columns() -> list[Column]:
    return [
        Column("code", _("Mã đơn vị"), 12),
        Column("unit", _("Đơn vị"), 40),
        Column("channel", _("Kênh"), 16),
        Column("node", _("Nút"), 20),
        Column("incarnation", _("Đời"), 38),
        Column("seq", _("Mục mới nhất"), kind="number"),
        Column("behind", _("Chưa chứng thực"), kind="number"),
        Column("hash", _("Mã băm"), 66),
        Column("id", _("Luồng"), 38),
    ]


def _doubts() -> list[dict[str, Any]]:
    found = queries.in_doubt()
    rows = MatterRow.objects.filter(pk__in=[it.subject for it in found])
    numbers = dict(rows.values_list("pk", "number")) if found else {}
    return [_doubt(it, numbers.get(it.subject, "")) for it in found]


def _doubt(it: Doubt, number: str) -> dict[str, Any]:
    """A subject and what is the matter with it; `number` and `url` where it is a matter."""
    said = []
    if it.aside:
        told = ngettext("%(n)d bản ghi trái nhau", "%(n)d bản ghi trái nhau", it.aside)
        said.append(told % {"n": it.aside})
    if it.waiting:
        told = ngettext("%(n)d mục chờ mục trước nó", "%(n)d mục chờ mục trước nó", it.waiting)
        said.append(told % {"n": it.waiting})
    if it.frozen:
        said.append(_("có mục từ phiên bản mới hơn"))
    url = reverse("matters:id", args=[it.subject]) if number else ""
    words = {"said": "; ".join(said), "frozen": it.frozen, "table": it.table}
    return {"subject": it.subject, "number": number, "url": url} | words


@require_GET
@signed_in
def stream(request: Request, stream: UUID) -> HttpResponse:
    """A stream's entries, the newest first, so many at once; `from` is the highest number shown."""
    its = _one(request.person, stream)
    upto = _number(request.GET.get("from", ""), its.seq)
    found = queries.entries(its.id, upto, AT_ONCE)
    people = person_names(row.actor for row in found)
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(form, _entry_columns(), [_line(row, people) for row in found], its.unit)
    context = {
        "stream": its,
        "head": bytes(its.hash).hex(),
        "unit": unit_names([its.unit]).get(its.unit, its.unit),
        "channel": channels().get(its.channel, its.channel),
        "node": queries.nodes().get(its.node, ""),
        "behind": queries.witnessed().behind(its.id, its.seq),
        "entries": [_line(row, people) for row in found],
        "upto": upto,
        "older": upto - AT_ONCE if upto > AT_ONCE else None,
        "newer": min(its.seq, upto + AT_ONCE) if upto < its.seq else None,
    }
    return render(request, "web/journal_stream.html", context)


def _entry_columns() -> list[Column]:
    return [
        Column("seq", _("Mục"), 10, "number"),
        Column("kind", _("Điều được ghi"), 24),
        Column("version", _("Bản"), 6, "number"),
        Column("subject", _("Hồ sơ"), 38),
        Column("actor", _("Người ghi"), 40),
        Column("at", _("Lúc"), 18, "moment"),
        Column("hash", _("Mã băm"), 66),
    ]


def _one(person: Person, stream: UUID) -> Stream:
    found: Stream | None = _reached(person).filter(pk=stream).first()
    if found is None:
        raise Http404
    return found


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.isdecimal() and int(text) else most


def _line(row: Entry, people: dict[UUID, str]) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "kind": row.kind,
        "version": row.version,
        "subject": row.subject,
        "url": _subject_address(row),
        "actor": people.get(row.actor, _("Khởi tạo hệ thống")),
        "at": row.at,
        "hash": bytes(row.hash).hex(),
    }


def _subject_address(row: Entry) -> str:
    """Where the entry's subject is shown: a matter has a page of its own, all else of a unit its unit's."""
    if row.kind.startswith("matter."):
        return reverse("matters:id", args=[row.subject])
    return (
        reverse("clocks:documents") if row.kind.startswith("document.") else reverse("unit", args=[row.unit])
    )


@require_GET
@signed_in
def entry(request: Request, stream: UUID, seq: int) -> HttpResponse:
    """One entry as it was written. Sealed facts stand in it by their digests; nothing opens them here."""
    its = _one(request.person, stream)
    row = queries.entry(its.id, seq)
    if row is None:
        raise Http404
    people = person_names([row.actor])
    context = {
        "stream": its,
        "unit": unit_names([its.unit]).get(its.unit, its.unit),
        "entry": _line(row, people),
        "payload": queries.told(row),
        "sealed": bytes(row.sealed).hex() if row.sealed else "",
        "size": len(bytes(row.payload)),
        "linked": queries.linked(row, its),
        "witnessed": seq <= queries.witnessed().heads.get(its.id, 0),
        "before": seq - 1 if seq > 1 else None,
        "after": seq + 1 if seq < its.seq else None,
    }
    return render(request, "web/journal_entry.html", context)
