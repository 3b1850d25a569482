"""The nodes of a province, and on a node below another its own line to that."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haicap.nodes import queries, showing
from haicap.nodes.actions import MANAGE, SEE
from haicap.nodes.showing import Line
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50


@require_GET
@signed_in
def listed(request: Request) -> HttpResponse:
    """All nodes within reach with their state, what waits both ways, clock and disk; this node's own line above."""
    person, params, at = request.person, request.GET.dict(), datetime.now(UTC)
    if not person.may(SEE):
        raise Http404
    all_of_them = showing.lines(queries.seen(person), at)
    found = showing.in_order(showing.narrowed(all_of_them, params), params.get("sort", ""))
    if (form := params.get("format", "")) in FORMS:
        return taken_away(form, _columns(), _rows(found), _("Nút mạng"))
    context = {
        "page": Paginator(found, PER_PAGE).get_page(params.get("page")), "filters": showing.filters(), "now": at,
        "figures": _figures(all_of_them), "own": showing.own_line(), "any": bool(all_of_them),
        "without": queries.without_a_node(person), "invites": person.may(MANAGE),
    }  # fmt: skip
    return render(request, "nodes/list.html", context)


def _figures(its: list[Line]) -> dict[str, int]:
    return {
        "joined": sum(it.row.standing == "joined" for it in its),
        "away": sum(it.state == "away" for it in its),
        "waits": sum(bool(it.its.up or it.its.down) for it in its),
        "trouble": sum(it.state in showing.STATES_NOW and showing.troubled(it) for it in its),
    }


def _columns() -> list[Column]:
    return [
        Column("code", _("Mã đơn vị"), 12), Column("unit", _("Đơn vị"), 40), Column("state", _("Tình trạng"), 22),
        Column("last", _("Liên lạc cuối"), 18, "moment"), Column("up", _("Chờ gửi lên"), 12, "number"),
        Column("up_since", _("Chờ gửi lên từ"), 18, "moment"), Column("blobs", _("Tệp chờ gửi"), 12, "number"),
        Column("down", _("Chờ nhận về"), 12, "number"), Column("version", _("Phiên bản"), 14),
        Column("skew", _("Lệch giờ (giây)"), 14, "number"), Column("disk", _("Đĩa còn (byte)"), 18, "number"),
        Column("incidents", _("Sự cố"), 10, "number"), Column("node", _("Mã nút"), 38),
    ]  # fmt: skip


def _rows(its: Iterable[Line]) -> Iterable[dict[str, Any]]:
    for it in its:
        contact = it.its.contact
        yield {
            "code": it.row.unit, "unit": it.unit, "state": it.state_said, "last": it.its.last, "up": it.its.up,
            "up_since": contact.up_since if contact else None, "blobs": contact.blobs if contact else None,
            "down": it.its.down, "version": it.version, "skew": None if it.skew is None else round(it.skew),
            "disk": it.disk, "incidents": it.its.incidents, "node": str(it.row.node or ""),
        }  # fmt: skip
