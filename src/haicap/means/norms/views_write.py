"""Writing norms: what would change is shown first, in numbers and money; only then is it written."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haicap.clocks.documents import NATION
from haicap.journal.ids import uuid7
from haicap.journal.pen import FromNewerVersion, Pen, writing
from haicap.matters.drafts import is_uuid
from haicap.means import words
from haicap.means.catalogue.actions import DIRECT
from haicap.means.catalogue.queries import catalogue, of_family
from haicap.means.norms import actions, reckoning, showing
from haicap.means.norms.effect import Effect, effect
from haicap.means.norms.entries import NormSaid
from haicap.means.norms.facts import Ground
from haicap.means.norms.fold import Norm
from haicap.means.norms.forms import EndForm, NormForm, as_typed
from haicap.means.norms.views import may, norm_of
from haicap.means.words import families
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.acting import Unsaid
from haicap.units.names import unit_names
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in, today

SHOWN = 60  # changed units that the preview lists on the page; all of them can be taken away


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """A norm of one's own province, or of the nation where one is of no province."""
    person = request.person
    initial = {
        "since": today().isoformat(),
        "rounding": "up",
        "mark": "setting",
        "means": request.GET.get("means", ""),
    }
    form = _form(request, None, initial)
    its = NormPage(request, form, None, _("Ban hành định mức"))
    return its.answer(lambda pen, saying: actions.publish(
        pen, entry_id=its.entry_id, code=form.cleaned_data["code"], saying=saying, province=person.province,
        kinds=catalogue(), units=units_of(person, saying), others=others(person.province),
    ))  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def revise(request: Request, subject: UUID) -> HttpResponse:
    """The next version of a norm."""
    norm = norm_of(request.person, subject)
    if not may(request.person, norm):
        raise PermissionDenied(_("Định mức này không sửa được nữa, hoặc bạn không có quyền sửa."))
    form = _form(request, norm, as_typed(norm.now) | {"since": today().isoformat()})
    its = NormPage(request, form, norm, _("Ra bản mới của định mức"))
    return its.answer(lambda pen, saying: actions.revise(
        pen, entry_id=its.entry_id, subject=norm.id, saying=saying, changed=form.cleaned_data["changed"],
        kinds=catalogue(), units=units_of(request.person, saying), others=others(norm.province),
    ))  # fmt: skip


def _form(request: Request, norm: Norm | None, initial: dict[str, Any]) -> NormForm:
    issuers = issuers_of(request.person)
    if not issuers:
        raise PermissionDenied(_("Chức vụ của bạn không có quyền ban hành định mức."))
    return NormForm(
        request.POST or None,
        kinds=of_family(*families()).values(),
        issuers=issuers,
        norm=norm,
        initial=initial,
    )


def issuers_of(person: Person) -> list[tuple[str, str]]:
    """The units in whose name the person may issue norms."""
    units = {right.unit for right in person.rights if right.allows(DIRECT)}
    return sorted(unit_names(units).items(), key=lambda it: it[1])


def units_of(person: Person, saying: NormSaid) -> list[Ground]:
    """The units that a norm of this person is for, with what is known of them on its first day."""
    places = reckoning.within(person)
    return [it for _place, its in reckoning.with_officers(places, saying.since) for it in its]


def others(province: str | None) -> list[Norm]:
    """The norms of the same file."""
    return [it for it in reckoning.norms_of(province) if it.province == province]


class NormPage:
    """One form of a norm on its way: typed, looked at, written."""

    def __init__(self, request: Request, form: NormForm, norm: Norm | None, title: str) -> None:
        self.request, self.form, self.norm, self.title = request, form, norm, title
        sent = request.POST.get("entry_id")
        self.entry_id = UUID(sent) if is_uuid(sent) else uuid7()

    def answer(self, write: Callable[[Pen, NormSaid], Norm]) -> HttpResponse:
        """The form, the preview, its table as a file, or what was written."""
        act, form = self.request.POST.get("act", ""), self.form
        if not form.is_bound or act == "edit" or not form.is_valid():
            return self._page("norms/write.html", {}, 422 if form.is_bound and act != "edit" else 200)
        try:
            saying = actions.checked(form.saying, catalogue(), units_of(self.request.person, form.saying))
            if act == "write":
                return self._written(write, saying)
        except showing.FAULTS as fault:
            self._blame(fault)
            return self._page("norms/write.html", {}, 422)
        found = effect(
            self.request.person, self.norm, actions.as_version(saying),
            self.norm.province if self.norm else self.request.person.province, saying.since,
        )  # fmt: skip
        if (taken := self.request.POST.get("format", "")) in FORMS:
            return taken_away(taken, columns(), exported(found), self.title)
        shown = {"saying": saying, "lines": showing.lines(actions.as_version(saying))}
        return self._page("norms/preview.html", previewed(found) | shown)

    def _written(self, write: Callable[[Pen, NormSaid], Norm], saying: NormSaid) -> HttpResponse:
        norm = _write(self.request, self._subject(), self._province(), lambda pen: write(pen, saying))
        messages.success(self.request, _("Đã ghi. Định mức được tính từ ngày áp dụng."))
        return redirect("norms:id", norm.id)

    def _subject(self) -> UUID:
        if self.norm:
            return self.norm.id
        return actions.norm_id(self.request.person.province, self.form.cleaned_data["code"].strip())

    def _province(self) -> str | None:
        return self.norm.province if self.norm else self.request.person.province

    def _blame(self, fault: Exception) -> None:
        field: str | None = None
        match fault:
            case actions.WrongFormula() | actions.NeverReached():
                field = self.form.field_of(fault.line)
            case actions.Unworkable():
                field = "otherwise"
            case Unsaid() if fault.what in self.form.fields:
                field = fault.what
        self.form.add_error(field, showing.fault(fault))

    def _page(self, template: str, more: dict[str, Any], status: int = 200) -> HttpResponse:
        typed = [(name, value) for name, values in self.request.POST.lists() for value in values
                 if name not in ("act", "format", "csrfmiddlewaretoken", "entry_id")]  # fmt: skip
        context = {
            "form": self.form, "norm": self.norm, "title": self.title, "entry_id": self.entry_id, "typed": typed,
            "facts": words.facts(), "name": showing.called(self.norm.now) if self.norm else "",
        }  # fmt: skip
        return render(self.request, template, context | more, status=status)


def _write(request: Request, subject: UUID, province: str | None, act: Callable[[Pen], Norm]) -> Norm:
    try:
        with writing(
            request.person,
            at=timezone.now(),
            subjects=[subject],
            units=[province or NATION],
            channel="reference",
        ) as pen:
            return act(pen)
    except Refused as fault:
        raise PermissionDenied(str(fault)) from fault


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw(request: Request, subject: UUID) -> HttpResponse:
    """The norm holds no more; what that changes is shown first."""
    norm = norm_of(request.person, subject)
    if not may(request.person, norm):
        raise PermissionDenied(_("Định mức này không sửa được nữa, hoặc bạn không có quyền sửa."))
    form = EndForm(request.POST or None, initial={"since": today().isoformat()})
    sent = request.POST.get("entry_id")
    context: dict[str, Any] = {
        "form": form, "norm": norm, "name": showing.called(norm.now), "title": _("Thôi áp dụng định mức"),
        "entry_id": UUID(sent) if is_uuid(sent) else uuid7(),
    }  # fmt: skip
    if not form.is_bound or not form.is_valid() or request.POST.get("act") == "edit":
        status = 422 if form.errors else 200
        return render(request, "norms/withdraw.html", context, status=status)
    given = form.cleaned_data
    if request.POST.get("act") == "write":
        return _withdrawn(request, norm, context["entry_id"], given)
    found = effect(request.person, norm, None, norm.province, given["since"])
    if (taken := request.POST.get("format", "")) in FORMS:
        return taken_away(taken, columns(), exported(found), context["title"])
    typed = [("reason", given["reason"]), ("since", given["since"].isoformat())]
    return render(request, "norms/preview.html", context | previewed(found) | {"typed": typed, "ends": given})


def _withdrawn(request: Request, norm: Norm, entry_id: UUID, given: dict[str, Any]) -> HttpResponse:
    try:
        _write(request, norm.id, norm.province, lambda pen: actions.withdraw(
            pen, entry_id=entry_id, subject=norm.id, reason=given["reason"], since=given["since"],
        ))  # fmt: skip
        messages.success(request, _("Định mức thôi áp dụng từ ngày đã ghi."))
    except (*showing.FAULTS, FromNewerVersion):
        messages.warning(request, _("Định mức này vừa thôi áp dụng; chưa ghi gì."))
    return redirect("norms:id", norm.id)


def previewed(found: Effect) -> dict[str, Any]:
    """What the preview shows of an effect."""
    kind, changed = catalogue().get(found.kind), found.changed
    names = unit_names({it.unit for it in changed[:SHOWN]} | {it.code for it in found.provinces})
    return {
        "effect": found, "whole": found.whole, "kind": words.called(kind, found.kind), "measure": words.measure(kind),
        "provinces": [(names.get(it.code, it.code), it) for it in found.provinces],
        "changed": [(names.get(it.unit, it.unit), it) for it in changed[:SHOWN]], "more": len(changed) - SHOWN,
    }  # fmt: skip


def columns() -> list[Column]:
    """The columns of an effect by unit; money in VND."""
    return [
        Column("unit", _("Đơn vị"), 34), Column("code", _("Mã đơn vị"), 12),
        Column("should_before", _("Định mức trước"), 14, "number"),
        Column("should_after", _("Định mức sau"), 14, "number"), Column("fit", _("Dùng được"), 12, "number"),
        Column("short_before", _("Thiếu trước"), 12, "number"), Column("short_after", _("Thiếu sau"), 12, "number"),
        Column("money_before", _("Tiền ước cần trước (đồng)"), 20, "number"),
        Column("money_after", _("Tiền ước cần sau (đồng)"), 20, "number"),
        Column("inputs", _("Tính từ số liệu"), 40),
    ]  # fmt: skip


def exported(found: Effect) -> Iterable[dict[str, object]]:
    """Every unit concerned, changed or not."""
    names = unit_names({it.unit for it in found.changes})
    for it in found.changes:
        some = it.after or it.before
        yield {
            "unit": names.get(it.unit, it.unit), "code": it.unit, "fit": some.fit if some else None,
            "inputs": words.inputs(some.inputs) if some else "",
        } | {
            f"{what}_{when}": getattr(gap, what) if gap else None
            for when, gap in (("before", it.before), ("after", it.after))
            for what in ("should", "short", "money")
        }  # fmt: skip
