"""The line to the parent as this node measured it: now, today, the outages, and what no register has yet."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haicap.nodes import header, words
from haicap.nodes.line import measuring, reporting
from haicap.nodes.line.models import LineNow, LineReport, LineSample
from haicap.units.sign_in import PEOPLE, Request, signed_in

DAYS = 30
MOST = 50


@require_safe
@signed_in
def page(request: Request) -> HttpResponse:
    """Everybody of the office may see how its line does. 404 on a node without a parent."""
    line, at = header.line(), timezone.now()
    if line is None:
        raise Http404
    since = at.astimezone(PEOPLE).replace(hour=0, minute=0, second=0, microsecond=0)
    tried = LineNow.objects.first()
    context = {
        "line": line, "state": header.shown(line, at, nodes=False), "today": figures(since), "now": at,
        "tried": tried, "seen": how(tried.seen) if tried else "", "outages": outages(line, at, tried),
        "unregistered": any("lines" not in it.told for it in reporting.waiting()),
        "nodes": request.person.may("node.see"), "days": DAYS,
    }  # fmt: skip
    return render(request, "nodes/line.html", context)


Outage = tuple[datetime, datetime | None, str, str]
"""Begin, end (None: it goes on), length, and how contacts failed."""


def outages(line: header.Line, at: datetime, tried: LineNow | None) -> list[Outage]:
    """The outages of the last `DAYS` days, the newest first; `at` is now."""
    over = LineReport.objects.filter(sort="outage", ended__gt=at - timedelta(days=DAYS)).order_by("-began")
    found: list[Outage] = [
        (it.began, it.ended, words.length(it.ended - it.began), how(it.body.get("seen", "")))
        for it in over[:MOST]
    ]
    if line.bad is None:
        return found
    return [(line.bad, None, words.length(at - line.bad), how(tried.seen) if tried else ""), *found]


def figures(since: datetime) -> list[tuple[str, str]]:
    """What was measured since then, as facts."""
    samples = list(LineSample.objects.filter(at__gte=since))
    if not samples:
        return []
    its: dict[str, Any] = measuring.summed(samples)
    delay = its["delay"]
    loss = 100 * its["failed"] / its["asks"] if its["asks"] else 0
    found = [
        (_("Số lần liên lạc"), str(len(samples))),
        (_("Yêu cầu không tới nơi"), f"{decimal(loss)} %"),
        (_("Đã gửi / đã nhận"), f"{_size(its['sent'])} / {_size(its['received'])}"),
    ]
    if delay is not None:
        found.append((_("Độ trễ"), f"{delay} ms"))
    if its["up"] or its["down"]:
        found.append((_("Lượt tải nhanh nhất, lên / xuống"), f"{speed(its['up'])} / {speed(its['down'])}"))
    return found


def _size(count: int) -> str:
    return f"{decimal(count / 1e6)} MB" if count >= 100_000 else f"{count / 1e3:.0f} kB"


def speed(rate: int | None) -> str:
    """Bytes a second as `4,2 Mbit/s`; a dash where nothing was big enough to tell."""
    return f"{decimal(rate * 8 / 1e6)} Mbit/s" if rate else "–"


def decimal(number: float) -> str:
    """One decimal, as the language writes it."""
    return str(formats.number_format(round(number, 1), 1, use_l10n=True))


def how(seen: str) -> str:
    """How contacts failed in words: a reason of `wire.Down`, or a code with which the parent refused."""
    line = {
        "name": _("không tìm ra địa chỉ"), "refused": _("không mở được kết nối"), "timeout": _("không có trả lời"),
        "tls": _("chứng thư không hợp lệ"), "cut": _("đứt giữa chừng"),
        "redirect": _("thiết bị ở giữa trả lời thay"), "format": _("trả lời không đọc được"),
    }  # fmt: skip
    return line.get(seen) or words.faults().get(seen, "")
