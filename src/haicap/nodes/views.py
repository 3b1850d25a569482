"""One node with all that is known of it, and what is done about it. The list of nodes lies in `web`."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haicap.journal.ids import uuid7
from haicap.journal.intake import NotHeld
from haicap.journal.intake import release as release_entry
from haicap.journal.node import public_key
from haicap.journal.pen import OutOfTime, writing
from haicap.nodes import actions, codes, noting, queries, showing, words
from haicap.nodes.actions import MANAGE, SEE
from haicap.nodes.forms import CloseForm, InviteForm, RevokeForm
from haicap.nodes.kinds_said import kind_said
from haicap.nodes.models import Member
from haicap.units.acting import NotSo, granted
from haicap.units.names import person_names, unit_names
from haicap.units.queries import unit_now
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in


def manages(person: Person, unit: str) -> bool:
    """Whether the person invites, revokes, closes and releases for this unit."""
    return decide(person, MANAGE, Scope.of(unit)).allowed


def _seen(request: Request, member: UUID) -> Member:
    row = queries.one(request.person, member)
    if row is None:
        raise Http404
    return row


@require_GET
@signed_in
def one(request: Request, member: UUID) -> HttpResponse:
    """A unit's node: its keys and lives, its history, what waits, what is held, what went wrong."""
    row, at = _seen(request, member), datetime.now(UTC)
    entries = queries.told(row.pk)
    people = person_names(entry.actor for entry in entries)
    its = queries.member_of(row)
    name = unit_names([row.unit]).get(row.unit, row.unit)
    may = manages(request.person, row.unit)
    context = {
        "row": row, "its": its, "name": name, "now": at, "may": may,
        "line": showing.line(queries.standings([row])[0], name, at),
        "lives": [(life, words.fingerprint(life.public_key), words.reasons().get(life.reason or "", ""))
                  for life in reversed(its.incarnations)],
        "events": [words.event(entry, people) for entry in entries],
        "held": [(it, kind_said(it.kind), words.held_reasons().get(it.reason, it.reason)) for it in _held(row)],
        "called": "" if row.name in (name, _in_vietnamese(row.unit)) else row.name,
        "incidents": [(it, words.incident(it)) for it in queries.incidents(row.node)] if row.node else [],
        "entry_id": uuid7(), "releasers": _("Ban Giám đốc hoặc quản trị vận hành của cấp trên"),
    }  # fmt: skip
    return render(request, "nodes/one.html", context)


def _in_vietnamese(unit: str) -> str:
    """The name that a machine is set up with, as a rule."""
    with override("vi"):
        return unit_names([unit]).get(unit, unit)


def _held(row: Member) -> list[queries.Held]:
    return queries.held(queries.units_of(row.unit)) if row.standing != "invited" else []


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def invite(request: Request) -> HttpResponse:
    """The form that invites a unit, and the code, which is shown once."""
    if not request.person.may(MANAGE):
        raise Http404
    units = queries.to_invite(request.person, MANAGE)
    form = InviteForm(request.POST or None, units=units, unit=request.GET.get("unit", ""))
    if form.is_bound and form.is_valid():
        try:
            return _invited(request, form.cleaned_data)
        except NotSo as error:
            form.add_error("unit", _not_so(error))
    return render(request, "nodes/invite.html", {"form": form}, status=422 if form.is_bound else 200)


def _invited(request: Request, its: dict[str, Any]) -> HttpResponse:
    unit, key = unit_now(its["unit"]), public_key()
    if key is None:
        raise Http404
    code = codes.new(key, os.urandom)
    with writing(
        request.person, at=datetime.now(UTC), subjects=[its["subject"]], units=[unit.code], channel="reference"
    ) as pen:  # fmt: skip
        if pen.wrote(its["entry_id"]):
            messages.success(request, _("Lời mời này đã được ghi từ trước; mã chỉ hiện một lần."))
            return redirect("nodes:one", its["subject"])
        others = queries.of_unit(unit.code)
        member = actions.invite(
            pen, entry_id=its["entry_id"], subject=its["subject"], unit=unit, code=code, others=others
        )
    context = {
        "code": code, "member": member, "name": unit.name, "called": _in_vietnamese(unit.code),
        "address": request.build_absolute_uri("/"),
    }  # fmt: skip
    return render(request, "nodes/code.html", context)


def _not_so(error: NotSo) -> str:
    return {
        "joined": _("Đơn vị này đang có nút riêng. Hãy thu hồi hoặc đưa việc về trước khi mời lại."),
        "invited": _("Đơn vị này đã được mời và mã còn hạn. Mất mã thì thu hồi lời mời cũ rồi mời lại."),
        "no-node": _("Chỉ công an cấp xã hoặc cấp tỉnh đang hoạt động mới có nút riêng."),
        "not-joined": _("Chưa có nút nào nối vào theo lời mời này."),
        "ended": _("Nút này đã kết thúc từ trước."),
        "waits": _(
            "Máy đó còn mục chưa gửi, hoặc chưa liên lạc trong một giờ qua nên không biết còn gì. Hãy để máy liên lạc"
            " và gửi hết; máy hỏng hoặc mất thì thu hồi nút."
        ),
    }[error.what]


@require_http_methods(["GET", "POST"])
@signed_in
def end(request: Request, member: UUID, how: str) -> HttpResponse:
    """Revoke a node or an invitation, or take the unit's work back; 404 also where it is merely forbidden."""
    row = _seen(request, member)
    if not manages(request.person, row.unit):
        raise Http404
    form = (RevokeForm if how == "revoke" else CloseForm)(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            return _ended(request, row, how, form.cleaned_data)
        except NotSo as error:
            form.add_error(None, _not_so(error))
    its, at = queries.standings([row])[0], datetime.now(UTC)
    name = unit_names([row.unit]).get(row.unit, row.unit)
    context = {
        "form": form, "row": row, "how": how, "its": its, "name": name, "now": at,
        "waits": how == "close" and showing.may_wait(its, at),
    }  # fmt: skip
    return render(request, "nodes/end.html", context, status=422 if form.is_bound else 200)


def _ended(request: Request, row: Member, how: str, its: dict[str, Any]) -> HttpResponse:
    with writing(
        request.person, at=datetime.now(UTC), subjects=[row.pk], units=[row.unit], channel="reference"
    ) as pen:
        if known := pen.wrote(its["entry_id"]):
            messages.success(request, _("Việc này đã được ghi từ trước."))
        elif how == "revoke":
            last = queries.last_of(row.node)
            actions.revoke(pen, entry_id=its["entry_id"], subject=row.pk, last=last, reason=its["reason"])
        else:
            waits = showing.may_wait(queries.standings([row])[0], datetime.now(UTC))
            last = queries.last_of(row.node)
            actions.close(pen, entry_id=its["entry_id"], subject=row.pk, last=last, waits=waits)
    if not known:
        messages.success(
            request, _("Đã thu hồi.") if how == "revoke" else _("Đã đưa việc của đơn vị về nút này.")
        )
    return redirect("nodes:one", row.pk)


@require_POST
@signed_in
def release(request: Request, member: UUID, entry: UUID) -> HttpResponse:
    """Let a held entry count after all."""
    row = _seen(request, member)
    if not manages(request.person, row.unit):
        raise Http404
    its = next((it for it in _held(row) if it.id == entry), None)
    if its is None:
        messages.success(request, _("Mục này không còn bị giữ."))
        return redirect("nodes:one", row.pk)
    with writing(request.person, at=datetime.now(UTC), subjects=[its.subject], units=[its.unit]) as pen:
        grant = granted(pen.person, MANAGE, its.unit)
        try:
            release_entry(pen, entry=entry, unit=its.unit, grant=grant)
        except OutOfTime:
            messages.error(request, _(
                "Không thể cho tính: mục này có ngày hoặc giờ ngoài các năm 1800–2200. Đơn vị sửa đồng hồ nếu sai, rồi"
                " ghi lại với ngày giờ đúng; mục này vẫn được lưu."
            ))  # fmt: skip
            return redirect("nodes:one", row.pk)
        except NotHeld:  # somebody else was quicker
            messages.success(request, _("Mục này không còn bị giữ."))
            return redirect("nodes:one", row.pk)
    messages.success(request, _("Đã cho mục được tính; hồ sơ đã được dựng lại."))
    return redirect("nodes:one", row.pk)


@require_POST
@signed_in
def contact(request: Request) -> HttpResponse:
    """Ask for a contact with the parent now; whatever calls it sees that within seconds."""
    if not request.person.may(SEE) or not noting.ask_for_contact(datetime.now(UTC)):
        raise Http404
    messages.success(
        request, _("Đã yêu cầu liên lạc với cấp trên; tải lại trang sau ít giây để xem kết quả.")
    )
    return redirect("nodes")
