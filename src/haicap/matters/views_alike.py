"""Matters that came in twice: the list of likely pairs, one beside another, joined or said to be distinct."""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.journal.ids import uuid7
from haicap.journal.pen import FromNewerVersion, writing
from haicap.matters import afterwards, duplicates, pages
from haicap.matters.drafts import is_uuid
from haicap.matters.duplicates import Twins
from haicap.matters.handling import NotNow
from haicap.matters.law import Law, law
from haicap.matters.showing import due_of, first_due, in_words
from haicap.matters.telling import BY
from haicap.papers.sheets import Column
from haicap.papers.taking import taken_away
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """Likely duplicates of the last days, the likest first; `procedure` and `days` narrow, `format` takes them away."""
    at, known = timezone.now(), law()
    days = _days(request.GET.get("days", ""))
    found = duplicates.pairs(
        request.person, known, at=at, procedure=request.GET.get("procedure", ""), days=days
    )
    if (form := request.GET.get("format")) in ("csv", "xlsx"):
        return taken_away(form, _columns(), map(_row, found), _("Việc có thể trùng"))
    compared = [it for it in known.current(at) if not it.is_personal("title")]
    spans = [(str(it), _("%(days)d ngày") % {"days": it}) for it in SPANS]
    filters = [
        {"name": "procedure", "label": _("Thủ tục"), "options": [(it.code, in_words(it.name)) for it in compared]},
        {"name": "days", "label": _("Trong (thường là 30 ngày)"), "options": spans},
    ]  # fmt: skip
    return render(
        request, "matters/duplicates.html", {"pairs": _shown(found, known), "filters": filters, "now": at}
    )


SPANS = (7, 90)


def _days(text: str) -> int:
    return int(text) if text in {str(it) for it in SPANS} else duplicates.DAYS


def _columns() -> list[Column]:
    return [
        Column("later", _("Số, việc đến sau")), Column("later_title", _("Nội dung"), 40),
        Column("later_received", _("Lúc tiếp nhận"), kind="moment"),
        Column("earlier", _("Số, việc đến trước")), Column("earlier_title", _("Nội dung việc trước"), 40),
        Column("earlier_received", _("Lúc tiếp nhận việc trước"), kind="moment"),
        Column("score", _("Giống nhau, %"), kind="number"),
    ]  # fmt: skip


def _row(it: Twins) -> dict[str, object]:
    found: dict[str, object] = {"score": round(100 * it.score)}
    for name, one in (("later", it.later), ("earlier", it.earlier)):
        found |= {name: one.number, f"{name}_title": one.title, f"{name}_received": one.received}
    return found


def _shown(found: list[Twins], known: Law) -> list[dict[str, Any]]:
    """The pairs as the table shows them; each form has the id of the entry that it would write."""
    return [
        {
            "its": it, "percent": round(100 * it.score), "entry_id": uuid7(),
            "states": [_state(known, one) for one in (it.later, it.earlier)],
        }
        for it in found
    ]  # fmt: skip


def _state(known: Law, one: duplicates.One) -> str:
    its = known.procedures.get(one.procedure)
    return in_words(known.pinned(its[-1].sha256).states.get(one.status)) if its else one.status


@require_safe
@signed_in
def beside(request: Request, subject: UUID) -> HttpResponse:
    """What may be the same as this matter: a part of its page, or a page by itself where there are no scripts."""
    seen = pages.seen(request, subject)
    found = [] if seen.matter.joined else duplicates.beside(request.person, seen.law, seen.matter)
    context = {"seen": seen, "matter": seen.matter, "pairs": _shown(found, seen.law), "now": seen.at}
    part = bool(request.headers.get("HX-Request"))
    return render(request, "matters/parts/twins.html" if part else "matters/alike.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def joined(request: Request, subject: UUID, into: UUID) -> HttpResponse:
    """What joining comes to, both matters beside each other; sent, the first goes on in the second."""
    seen, other = pages.seen(request, subject), pages.seen(request, into)
    entry_id = request.POST.get("entry_id")
    if request.method == "POST" and is_uuid(entry_id):
        both = [subject, into]
        try:
            with writing(
                request.person, at=seen.at, subjects=both, units=[seen.matter.unit, other.matter.unit]
            ) as pen:
                afterwards.join(pen, entry_id=UUID(entry_id), subject=subject, into=into)
        except (Refused, NotNow, FromNewerVersion) as why:
            return pages.not_done(request, subject, why)
        messages.success(
            request, _("Đã nhập vào việc %(number)s; cả hai số được giữ.") % {"number": other.matter.number}
        )
        return redirect("matters:id", into)
    if seen.matter.joined or other.matter.joined or seen.matter.procedure != other.matter.procedure:
        return pages.not_done(request, subject, NotNow("join", seen.matter))
    names = pages.names([seen.matter.holder, other.matter.holder, seen.matter.unit, other.matter.unit])
    context = {
        "seen": seen, "other": other, "entry_id": uuid7(), "now": seen.at,
        "sides": [
            {
                "seen": it, "holder": names.unit(it.matter.holder), "unit": names.unit(it.matter.unit),
                "way": BY[it.matter.by](), "due": due_of(first_due(it.matter), it.procedure, it.law, it.at),
            }
            for it in (seen, other)
        ],
    }  # fmt: skip
    return render(request, "matters/join.html", context)


@require_POST
@signed_in
def distinct(request: Request, subject: UUID, other: UUID) -> HttpResponse:
    """Two matters look alike and are not the same: written down, and they are not put beside each other again."""
    seen, beside_it = pages.seen(request, subject), pages.seen(request, other)
    entry_id = request.POST.get("entry_id")
    if not is_uuid(entry_id):
        raise Http404
    try:
        with writing(request.person, at=seen.at, subjects=[subject], units=[seen.matter.unit]) as pen:
            own = uuid5(UUID(entry_id), str(other))
            afterwards.distinguish(pen, entry_id=own, subject=subject, other=beside_it.matter)
    except (Refused, FromNewerVersion) as why:
        return pages.not_done(request, subject, why)
    messages.success(
        request,
        _("Đã ghi: %(one)s và %(other)s là hai việc khác nhau.")
        % {"one": seen.matter.number, "other": beside_it.matter.number},
    )
    if request.POST.get("from") == "list":
        return redirect("matters:duplicates")
    return redirect("matters:id", subject)
