"""The courier files of this node: what waits, what was sent and came back, what is to go to other provinces."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haicap.matters.transferring.due import due
from haicap.nodes.actions import SEE
from haicap.nodes.courier import showing
from haicap.nodes.courier.showing import Sent
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50


@require_GET
@signed_in
def listed(request: Request) -> HttpResponse:
    """What was packed here and what became of it, what waits here and for what, and matters for other provinces."""
    params = request.GET.dict()
    if not request.person.may(SEE):
        raise Http404
    its = showing.courier(request.person, datetime.now(UTC))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, _columns(), _rows(its.sent), _("Tệp chuyển tay"))
    context = {
        "its": its, "page": Paginator(its.sent, PER_PAGE).get_page(params.get("page")), "due": due(request.person),
        "overtaken": {it.its.digest for it in its.sent if it.lost and its.overtaken(it)},
    }  # fmt: skip
    return render(request, "nodes/courier.html", context)


def _columns() -> list[Column]:
    return [
        Column("to", _("Gửi cho"), 40), Column("number", _("Số tệp"), 8, "number"), Column("file", _("Tên tệp"), 30),
        Column("at", _("Đóng gói lúc"), 18, "moment"), Column("entries", _("Số mục"), 10, "number"),
        Column("matter", _("Hồ sơ"), 24), Column("confirmed", _("Đã đến lúc"), 18, "moment"),
        Column("held", _("Bị giữ ở nơi nhận"), 14, "number"), Column("open", _("Chưa nhận được"), 60),
    ]  # fmt: skip


def _rows(its: Iterable[Sent]) -> Iterable[dict[str, Any]]:
    for it in its:
        row = it.its
        yield {
            "to": it.name, "number": row.number, "file": row.file, "at": row.at, "entries": row.entries,
            "matter": row.matter, "confirmed": row.confirmed, "held": row.held, "open": "; ".join(it.open),
        }  # fmt: skip
