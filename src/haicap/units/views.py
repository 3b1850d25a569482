"""Pages: the tree of units with its search, and what an operator does to a unit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from haicap.journal.pen import Pen, writing
from haicap.units import actions, finding, forms, queries
from haicap.units.entries import Label
from haicap.units.fold import Unit
from haicap.units.models import UnitRow
from haicap.units.passwords import once
from haicap.units.register import COUNTS
from haicap.units.rights import Person, Scope, decide, standard_bodies
from haicap.units.sign_in import Request, signed_in
from haicap.units.words import levels


@require_GET
@signed_in
def tree(request: Request) -> HttpResponse:
    """The ministry, its provinces, and what lies below the one that `open` names; or what `q` finds."""
    text, opened = request.GET.get("q", "").strip(), request.GET.get("open", "")
    context: dict[str, Any] = {"counts": COUNTS, "q": text, "open": opened, "levels": levels()}
    if text:
        found = finding.found(text)
        names = queries.names(row.province for row in found if row.level != "province")
        context["found"] = [(row, names.get(row.province or "", "")) for row in found]
        context |= {"converted": finding.served(text), "most": finding.MOST}
    else:
        context["provinces"] = queries.provinces()
        context["below"] = queries.below(opened) if opened else {}
    return render(request, "units/tree.html", context)


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a unit: its words, its form, the right it needs, and the action that it calls."""

    title: str | Promise
    form: type[forms.OfUnit]
    right: str
    write: Callable[[Pen, Any], object]
    previews: bool = False  # shown as what it will come to before it is written down


def _rename(pen: Pen, form: forms.Rename) -> Unit:
    its = form.cleaned_data
    name = Label(vi=its["name"], en=its["name_en"])
    return actions.rename_unit(
        pen, entry_id=its["entry_id"], code=form.row.code, name=name, since=its["since"], act=its["act"]
    )


def _mark(pen: Pen, form: forms.Mark) -> Unit:
    its = form.cleaned_data
    return actions.mark_unit(
        pen,
        entry_id=its["entry_id"],
        code=form.row.code,
        remote=its["remote"],
        since=its["since"],
        act=its["act"],
    )


def _merge(pen: Pen, form: forms.Merge) -> Unit:
    its = form.cleaned_data
    return actions.merge_units(
        pen, entry_ids=forms.further(its["entry_id"], 2), codes=(form.row.code,), into=its["into"],
        since=its["since"], act=its["act"],
    )  # fmt: skip


def _split(pen: Pen, form: forms.Split) -> Unit:
    its = form.cleaned_data
    return actions.split_unit(
        pen,
        entry_id=its["entry_id"],
        code=form.row.code,
        into=tuple(its["into"]),
        since=its["since"],
        act=its["act"],
    )


def _open_post(pen: Pen, form: forms.OpenPost) -> object:
    its = form.cleaned_data
    grants = () if its["plain"] else standard_bodies(its["role"], its["since"], form.row.code)
    entries = forms.further(its["entry_id"], 1 + len(grants))
    return actions.open_post(
        pen, entry_ids=entries, post=its["subject"], unit=queries.unit_of(form.row), role=its["role"],
        name=Label(vi=its["name"], en=its["name_en"]), since=its["since"], plain=its["plain"],
    )  # fmt: skip


ACTS: dict[str, Act] = {
    "rename": Act(gettext_lazy("Đổi tên"), forms.Rename, "unit.change", _rename),
    "mark": Act(gettext_lazy("Đánh dấu vùng sâu, vùng xa"), forms.Mark, "unit.change", _mark),
    "merge": Act(gettext_lazy("Nhập vào đơn vị khác"), forms.Merge, "unit.change", _merge, previews=True),
    "split": Act(gettext_lazy("Chia tách"), forms.Split, "unit.change", _split, previews=True),
    "open-post": Act(gettext_lazy("Mở chức vụ"), forms.OpenPost, "post.change", _open_post),
}


def offered(person: Person, row: UnitRow) -> list[tuple[str, str | Promise]]:
    """What the person may do to a unit: addresses and words."""
    acts = [(name, act.title, act.right) for name, act in ACTS.items()]
    acts.append(("register", gettext_lazy("Tạo tài khoản"), "post.change"))
    return [
        (reverse("units:act", args=[row.code, name]), title)
        for name, title, right in acts
        if _may(person, right, row) and (name not in ("mark", "merge", "split") or row.level == "commune")
    ]


def _may(person: Person, right: str, row: UnitRow) -> bool:
    return row.closed is None and decide(person, right, Scope.of(row.code)).allowed


@require_http_methods(["GET", "POST"])
@signed_in
def act(request: Request, code: str, name: str) -> HttpResponse:
    """The form of one act on a unit, and the act itself. 404 also where it is merely forbidden."""
    if name == "register":
        return _register(request, code)
    if name not in ACTS:
        raise Http404
    its, row = ACTS[name], _row(code)
    form = its.form(request.POST or None, row=row)
    if form.is_bound and _wrote(request, form):
        return redirect("unit", code)
    if not _may(request.person, its.right, row):
        raise Http404
    ready = form.is_bound and form.is_valid()
    if ready and "write" in request.POST:
        return _written(request, its, form)
    context: dict[str, Any] = {"act": its, "form": form, "row": row, "preview": None}
    if ready:
        context["preview"] = _preview(form)
    return render(request, "units/act.html", context, status=422 if form.is_bound and not ready else 200)


def _row(code: str) -> UnitRow:
    row = queries.one(code)
    if row is None:
        raise Http404
    return row


def _wrote(request: Request, form: forms.Minted) -> bool:
    """Whether the form was sent before; then nothing is written, and the person is told that it stands."""
    try:
        entry = UUID(form.data.get("entry_id", ""))
    except ValueError:
        return False
    with writing(request.person, at=datetime.now(UTC)) as pen:
        if not pen.wrote(entry):
            return False
    messages.info(request, _("Việc này đã được ghi từ trước."))
    return True


def _written(request: Request, its: Act, form: forms.OfUnit) -> HttpResponse:
    affected = form.affected
    subjects = [actions.unit_id(code) for code in affected]
    try:
        with writing(
            request.person, at=datetime.now(UTC), subjects=subjects, units=affected, channel="reference"
        ) as pen:
            its.write(pen, form)
        messages.success(request, _("Đã ghi: %(what)s.") % {"what": its.title})
    except actions.Closed:
        messages.error(request, _("Chưa ghi được: đơn vị vừa được người khác cho kết thúc."))
    return redirect("unit", form.row.code)


def _preview(form: forms.OfUnit) -> dict[str, Any]:
    """What a merging or a splitting touches: the units, the territories that change hands."""
    rows = {row.code: row for row in UnitRow.objects.filter(code__in=form.affected)}
    heirs = [rows[code] for code in form.affected[1:]]
    return {"gone": form.row, "heirs": heirs, "territories": queries.territories(form.row)}


def _register(request: Request, code: str) -> HttpResponse:
    row = _row(code)
    form = forms.Register(request.POST or None, row=row)
    if form.is_bound and _wrote(request, form):
        return redirect("unit", code)
    if not _may(request.person, "post.change", row):
        raise Http404
    if form.is_bound and form.is_valid():
        its, password = form.cleaned_data, once()
        with writing(
            request.person, at=datetime.now(UTC), subjects=[actions.person_id(its["account"])], units=[code],
            channel="reference",
        ) as pen:  # fmt: skip
            actions.register_person(
                pen, entry_id=its["entry_id"], name=its["name"], account=its["account"], unit=code
            )
            User.objects.create_user(username=its["account"], password=password)
        return render(
            request, "units/password.html", {"row": row, "account": its["account"], "password": password}
        )
    title = _("Tạo tài khoản")
    context = {"act": {"title": title, "previews": False}, "form": form, "row": row, "preview": None}
    return render(request, "units/act.html", context, status=422 if form.is_bound else 200)
