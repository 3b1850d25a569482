"""What an operator does to a post: who holds it, who stands in, what it may do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from haicap.journal.pen import Pen, writing
from haicap.units import actions, forms, queries
from haicap.units.entries import GrantGiven
from haicap.units.fold import Post
from haicap.units.passwords import once
from haicap.units.queries import Held
from haicap.units.rights import Scope, decide
from haicap.units.sign_in import Request, signed_in, today
from haicap.units.words import grants_said


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a post: its words, its form, the action that it calls."""

    title: str | Promise
    form: type[forms.OfPost]
    write: Callable[[Pen, UUID, dict[str, Any]], Post]


def _take(pen: Pen, post: UUID, its: dict[str, Any]) -> Post:
    person = its["account"].id
    return actions.take_post(
        pen, entry_id=its["entry_id"], post=post, person=person, since=its["since"], until=its["until"]
    )


def _leave(pen: Pen, post: UUID, its: dict[str, Any]) -> Post:
    return actions.leave_post(pen, entry_id=its["entry_id"], post=post, since=its["since"])


def _close(pen: Pen, post: UUID, its: dict[str, Any]) -> Post:
    return actions.close_post(pen, entry_id=its["entry_id"], post=post, since=its["since"])


def _delegate(pen: Pen, post: UUID, its: dict[str, Any]) -> Post:
    return actions.delegate(
        pen, entry_id=its["entry_id"], post=post, to=UUID(its["to"]), since=its["since"], until=its["until"],
        ground=its["ground"],
    )  # fmt: skip


def _end_delegation(pen: Pen, post: UUID, its: dict[str, Any]) -> Post:
    return actions.end_delegation(
        pen, entry_id=its["entry_id"], post=post, delegation=its["what"], since=its["since"]
    )


def _grant(pen: Pen, post: UUID, its: dict[str, Any]) -> Post:
    given = GrantGiven(
        actions=tuple(its["actions"]), over=its["over"], since=its["since"], until=its["until"]
    )
    return actions.give_grant(pen, entry_id=its["entry_id"], post=post, grant=given)


def _withdraw(pen: Pen, post: UUID, its: dict[str, Any]) -> Post:
    return actions.withdraw_grant(
        pen, entry_id=its["entry_id"], post=post, grant=its["what"], since=its["since"]
    )


ACTS: dict[str, Act] = {
    "take": Act(gettext_lazy("Đặt người vào chức vụ"), forms.Take, _take),
    "leave": Act(gettext_lazy("Cho thôi giữ chức vụ"), forms.Since, _leave),
    "delegate": Act(gettext_lazy("Ủy quyền"), forms.Delegate, _delegate),
    "end-delegation": Act(gettext_lazy("Kết thúc ủy quyền"), forms.Since, _end_delegation),
    "grant": Act(gettext_lazy("Giao thêm quyền"), forms.Grant, _grant),
    "withdraw": Act(gettext_lazy("Thu hồi quyền"), forms.Since, _withdraw),
    "close": Act(gettext_lazy("Kết thúc chức vụ"), forms.Since, _close),
}


@require_http_methods(["GET", "POST"])
@signed_in
def act(request: Request, post: UUID, name: str) -> HttpResponse:
    """The form of one act on a post, and the act itself. 404 also where it is merely forbidden."""
    held = queries.held_post(post, today())
    if held is None or held.post.closed or not _may(request, held):
        raise Http404
    if name == "password":
        return _password(request, held)
    if name not in ACTS:
        raise Http404
    its = ACTS[name]
    form = its.form(request.POST or None, held=held, initial={"what": request.GET.get("what", "")})
    if form.is_bound and form.is_valid():
        return _written(request, its, held, form)
    context = {"act": its, "form": form, "held": held, "grants": grants_said(held.post.grants, today())}
    return render(request, "units/post_act.html", context, status=422 if form.is_bound else 200)


def _may(request: Request, held: Held) -> bool:
    return decide(request.person, "post.change", Scope.of(held.post.unit)).allowed


def _written(request: Request, its: Act, held: Held, form: forms.OfPost) -> HttpResponse:
    post, entry = held.post, form.cleaned_data["entry_id"]
    with writing(
        request.person, at=datetime.now(UTC), subjects=[post.id], units=[post.unit], channel="reference"
    ) as pen:
        known = pen.wrote(entry)
        if not known:
            its.write(pen, post.id, form.cleaned_data)
    said = _("Việc này đã được ghi từ trước.") if known else _("Đã ghi: %(what)s.") % {"what": its.title}
    messages.success(request, said)
    return redirect("unit", post.unit)


def _password(request: Request, held: Held) -> HttpResponse:
    """A new one-time password for whoever holds the post. Not an entry: sent again it gives another."""
    if held.now is None:
        raise Http404
    account = queries.account_of(held.now.person)
    row = queries.one(held.post.unit)
    if request.method != "POST":
        act_ = {"title": _("Cấp lại mật khẩu dùng một lần")}
        return render(
            request, "units/post_act.html", {"act": act_, "form": None, "held": held, "account": account}
        )
    user, password = User.objects.get_or_create(username=account)[0], once()
    user.set_password(password)
    user.save(update_fields=["password"])
    return render(request, "units/password.html", {"row": row, "account": account, "password": password})
