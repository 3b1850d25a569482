"""Hand-overs: the giver signs for several things at once, the receiver for them all or for some."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.journal.ids import ids
from haicap.journal.pen import writing
from haicap.matters.queries import unit_names, units_near
from haicap.matters.showing import Names
from haicap.means.capped import paged
from haicap.means.catalogue.queries import catalogue
from haicap.means.tabs import tabs
from haicap.means.things import moving, printing, queries, recording
from haicap.means.things.entries import Put
from haicap.means.things.fold import Handed, Move, Thing
from haicap.means.things.forms import HandOverForm, ReasonForm, SignForm
from haicap.means.things.showing import kind_words
from haicap.means.things.views import FAULTS, PER_PAGE, fault_words, wide
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.fold import Unit
from haicap.units.queries import unit_now
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in

MOST = 200  # things in one hand-over


@require_http_methods(["GET", "POST"])
@signed_in
def hand_over(request: Request) -> HttpResponse:
    """Sign that the things named in the address go to another unit."""
    person, at = request.person, timezone.now()
    chosen = ids(request.GET.getlist("thing"))[:MOST]
    rows = queries.seen(person).filter(pk__in=chosen, gone=None, receiver=None).order_by("kind", "code")
    its = [queries.thing_of(row) for row in rows]
    its = [it for it in its if decide(person, recording.SIGN, Scope.of(it.holder)).allowed]
    if not its:
        messages.warning(
            request,
            _("Chọn tài sản cần bàn giao trong danh sách trước; người ký là chỉ huy đơn vị đang giữ."),
        )
        return redirect("things:list")
    form = HandOverForm(request.POST or None, its=its)
    if form.is_valid() and (transfer := _hand_over(request, form, its, at)):
        return redirect("things:transfer", transfer)
    kinds = catalogue()
    context = {
        "now": at, "tabs": tabs(person, "things:list"), "form": form, "left_out": len(chosen) - len(its),
        "its": [(it, kind_words(kinds, it.kind)) for it in its], "units": units_near(person.province),
    }  # fmt: skip
    return render(request, "things/give.html", context, status=422 if form.is_bound else 200)


def _hand_over(request: Request, form: HandOverForm, its: list[Thing], at: datetime) -> UUID | None:
    given = form.cleaned_data
    entry_id, to = given["entry_id"], unit_now(given["to"])
    transfer = uuid5(entry_id, "transfer")
    subjects, files = moving.locked(transfer, its)
    try:
        with writing(request.person, at=at, subjects=subjects, units=files) as pen:
            for it in its:
                moving.hand_over(
                    pen, entry_id=uuid5(entry_id, str(it.id)), subject=it.id, transfer=transfer, to=to,
                    count=1 if it.single else form.count(it), paper=given["paper"], reason=given["reason"],
                )  # fmt: skip
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except FAULTS as fault:
        form.add_error(None, fault_words(fault))
        return None
    return transfer


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """Hand-overs by and to the units in reach, the newest first."""
    person, params = request.person, request.GET.dict()
    if not person.may("means.see"):
        raise Http404
    rows = queries.transfers(person, params)
    if params.get("format") in FORMS:
        return taken_away(params["format"], columns(), exported(rows), _("Bàn giao tài sản"))
    page = paged(rows, params.get("page"), PER_PAGE)
    found = [queries.transfer_of(it) for it in page]
    names = Names(unit_names(unit for it in found for unit in (it.giver, it.receiver)))
    bar: list[dict[str, Any]] = [
        {
            "name": "state",
            "label": _("Trạng thái"),
            "options": [("waiting", _("chờ ký nhận")), ("done", _("đã xong"))],
        },
    ]
    if wide(person):
        units = queries.units_seen(person)
        bar += [{"name": "giver", "label": _("Bên giao"), "options": units},
                {"name": "receiver", "label": _("Bên nhận"), "options": units}]  # fmt: skip
    context = {
        "now": timezone.now(), "tabs": tabs(person, "things:list"), "page": page, "filters": bar,
        "lines": [(it, names.unit(it.giver), names.unit(it.receiver)) for it in found],
        "mine": queries.signing(person),
    }  # fmt: skip
    return render(request, "things/transfers.html", context)


def columns() -> list[Column]:
    """What the list of hand-overs holds when it is taken away."""
    return [
        Column("giver", _("Bên giao"), 34),
        Column("receiver", _("Bên nhận"), 34),
        Column("things", _("Số tài sản"), 10, "number"),
        Column("waiting", _("Chờ ký nhận"), 12, "number"),
        Column("offered", _("Bên giao ký lúc"), 18, "moment"),
        Column("ended", _("Xong lúc"), 18, "moment"),
    ]


def exported(rows: Iterable[Any]) -> Iterable[dict[str, object]]:
    """Hand-overs as they are taken away."""
    found = [queries.transfer_of(it) for it in rows]
    names = Names(unit_names(unit for it in found for unit in (it.giver, it.receiver)))
    for it in found:
        yield {
            "giver": names.unit(it.giver), "receiver": names.unit(it.receiver), "things": it.things,
            "waiting": it.waiting, "offered": it.offered, "ended": it.ended if not it.waiting else None,
        }  # fmt: skip


def moved(request: Request, transfer: UUID) -> list[Handed]:
    """The things of a hand-over. Raises `Http404` where nothing is to be seen."""
    found = queries.in_transfer(request.person, transfer)
    if not found:
        raise Http404
    return found


@require_safe
@signed_in
def one(request: Request, transfer: UUID) -> HttpResponse:
    """A hand-over: what goes, who has signed, and the form to sign with."""
    return _page(request, transfer, moved(request, transfer))


def _page(
    request: Request,
    transfer: UUID,
    its: list[Handed],
    form: SignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    first, kinds, person = its[0].move, catalogue(), request.person
    waiting = [it for it in its if it.move.verdict is None]
    names = Names(unit_names([first.giver, first.receiver]))
    takes = decide(person, recording.SIGN, Scope.of(first.receiver)).allowed and first.by != person.id
    context = {
        "now": timezone.now(), "tabs": tabs(person, "things:list"), "transfer": transfer, "first": first,
        "giver": names.unit(first.giver), "receiver": names.unit(first.receiver), "waiting": waiting,
        "its": [(it, kind_words(kinds, it.kind)) for it in its],
        "form": (form or SignForm()) if waiting and takes else None,
        "own": waiting and first.by == person.id and first.receiver in person.units,
        "recall": ReasonForm(prefix="recall") if waiting and _gives(request, first) else None,
        "taker": next((it.move.taker for it in its if it.move.taker), ""),
        "ended": max((it.move.ended for it in its if it.move.ended), default=None),
        "seen": queries.still_seen(person, (it.thing for it in its)),
    }  # fmt: skip
    return render(request, "things/transfer.html", context, status=status)


def _gives(request: Request, move: Move) -> bool:
    return decide(request.person, recording.SIGN, Scope.of(move.giver)).allowed


@require_POST
@signed_in
def sign(request: Request, transfer: UUID, verdict: str) -> HttpResponse:
    """Accept or refuse the ticked things of a hand-over for the receiver, or take all that waits back for the giver."""
    its = moved(request, transfer)
    waiting = [it for it in its if it.move.verdict is None]
    ticked = set(ids(request.POST.getlist("thing")))
    chosen = waiting if verdict == "recall" else [it for it in waiting if it.thing in ticked]
    form = ReasonForm(request.POST) if verdict == "recall" else SignForm(request.POST)
    if form.is_valid():
        if verdict == "refuse" and not form.cleaned_data["reason"]:
            form.add_error("reason", _("Ghi lý do không nhận."))
        elif not chosen:
            form.add_error(None, _("Không còn mục nào chờ ký, hoặc chưa đánh dấu mục nào."))
        elif _signed(request, transfer, verdict, chosen, form, unit_now(its[0].move.receiver)):
            return redirect("things:transfer", transfer)
    if isinstance(form, SignForm):
        return _page(request, transfer, moved(request, transfer), form, status=422)
    messages.error(request, _("Ghi lý do rút lại."))
    return redirect("things:transfer", transfer)


def _signed(
    request: Request, transfer: UUID, verdict: str, its: list[Handed], form: Any, receiver: Unit
) -> bool:
    given = form.cleaned_data
    rows = queries.seen(request.person).filter(pk__in=[it.thing for it in its])
    subjects, files = moving.locked(transfer, [queries.thing_of(row) for row in rows], receiver.code)
    try:
        with writing(request.person, at=timezone.now(), subjects=subjects, units=files) as pen:
            for it in its:
                entry_id, subject = uuid5(given["entry_id"], str(it.thing)), it.thing
                if verdict == "accept":
                    put = Put(place=given["place"])
                    moving.accept(pen, entry_id=entry_id, subject=subject, transfer=transfer, put=put)
                    continue
                end = moving.refuse if verdict == "refuse" else moving.recall
                end(pen, entry_id=entry_id, subject=subject, transfer=transfer, reason=given["reason"])
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except FAULTS as fault:
        form.add_error(None, fault_words(fault))
        return False
    return True


@require_safe
@signed_in
def printed(request: Request, transfer: UUID) -> HttpResponse:
    """The record of a hand-over with both signatures, as far as they are there."""
    pdf = printing.record(moved(request, transfer))
    head = {"Content-Disposition": 'inline; filename="ban-giao.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=head)
