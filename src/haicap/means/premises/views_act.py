"""What is done about a site: one form each, all on one page; photos and rooms have a form of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from haicap.journal.pen import Pen
from haicap.matters.drafts import is_uuid
from haicap.matters.queries import units_near
from haicap.means import evidence
from haicap.means.premises import entries as e
from haicap.means.premises import forms as f
from haicap.means.premises import recording, using
from haicap.means.premises.fold import Site
from haicap.means.premises.pages import FAULTS, Seen, blame, seen
from haicap.means.premises.showing import building_words
from haicap.means.tabs import tabs
from haicap.units.once import Once
from haicap.units.queries import unit_now
from haicap.units.sign_in import Request, signed_in

LIST = "premises:list"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an act is about, as its address says: the site, and of it a building, a survey or a lending."""

    its: Seen
    building: str
    which: UUID | None

    @property
    def site(self) -> Site:
        return self.its.site


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its words, who may do it, the form it asks, and the doing."""

    title: Any
    may: Callable[[Seen], bool]
    form: Callable[[Any, Asked], Once]
    do: Callable[[Pen, Asked, Any], object]
    about: str = ""  # what the address has to name: building, or which
    danger: bool = False


def _correct(pen: Pen, asked: Asked, form: f.SiteForm) -> object:
    its = form.cleaned_data
    return recording.correct_site(
        pen, entry_id=its["entry_id"], subject=asked.site.id, details=form.details, reason=its["reason"]
    )


def _build(pen: Pen, asked: Asked, form: f.BuildingForm) -> object:
    its = form.cleaned_data
    return recording.record_building(
        pen, entry_id=its["entry_id"], subject=asked.site.id, building=form.building, reason=its.get("reason", ""),
    )  # fmt: skip


def _rooms(pen: Pen, asked: Asked, form: f.RoomsForm) -> object:
    return recording.set_rooms(
        pen, entry_id=form.cleaned_data["entry_id"], subject=asked.site.id, building=asked.building, rooms=form.rooms,
    )  # fmt: skip


def _give_up(pen: Pen, asked: Asked, form: Once) -> object:
    return recording.give_up(pen, subject=asked.site.id, building=asked.building, **form.cleaned_data)


def _withdraw(pen: Pen, asked: Asked, form: Once) -> object:
    return using.withdraw_survey(pen, subject=asked.site.id, survey=_which(asked), **form.cleaned_data)


def _lend(pen: Pen, asked: Asked, form: Once) -> object:
    its = dict(form.cleaned_data)
    body = e.Lent(building=asked.building, **{k: v for k, v in its.items() if k in e.Lent.model_fields})
    return using.lend(pen, entry_id=its["entry_id"], subject=asked.site.id, body=body)


def _back(pen: Pen, asked: Asked, form: Once) -> object:
    return using.take_back(pen, subject=asked.site.id, lending=_which(asked), **form.cleaned_data)


def _became(pen: Pen, asked: Asked, form: Once) -> object:
    its = dict(form.cleaned_data)
    body = e.Became(**{name: value for name, value in its.items() if name in e.Became.model_fields})
    return recording.say_became(pen, entry_id=its["entry_id"], subject=asked.site.id, body=body)


def _hand_over(pen: Pen, asked: Asked, form: Once) -> object:
    its = dict(form.cleaned_data)
    return using.hand_over(pen, subject=asked.site.id, **(its | {"to": unit_now(its["to"])}))


def _accept(pen: Pen, asked: Asked, form: Once) -> object:
    return using.accept(pen, subject=asked.site.id, **form.cleaned_data)


def _ended(how: e.Ended) -> Callable[[Pen, Asked, Any], object]:
    def do(pen: Pen, asked: Asked, form: Once) -> object:
        return using.end_handover(pen, subject=asked.site.id, how=how, **form.cleaned_data)

    return do


def _which(asked: Asked) -> UUID:
    if asked.which is None:
        raise Http404
    return asked.which


def _writes(its: Seen) -> bool:
    return its.writes


def _free(its: Seen) -> bool:
    return its.hands_over and its.site.handover is None


def _waits(its: Seen) -> bool:
    return its.hands_over and its.site.handover is not None


ACTS: Mapping[str, Act] = {
    "correct": Act(
        gettext_lazy("Đính chính thông tin"), _writes,
        lambda data, asked: f.SiteForm(data, its=asked.site.details), _correct,
    ),
    "building": Act(
        gettext_lazy("Ghi nhà"), _writes,
        lambda data, asked: f.BuildingForm(
            data, today=asked.its.today, its=asked.its.building(asked.building) if asked.building else None
        ),
        _build,
    ),
    "rooms": Act(
        gettext_lazy("Ghi các phòng"), _writes,
        lambda data, asked: f.RoomsForm(data, its=asked.its.building(asked.building)), _rooms, "building",
    ),
    "give-up": Act(
        gettext_lazy("Thôi dùng nhà"), _writes, lambda data, asked: f.GiveUpForm(data, today=asked.its.today),
        _give_up, "building", danger=True,
    ),
    "withdraw-survey": Act(
        gettext_lazy("Rút lần khảo sát"), _writes, lambda data, asked: f.ReasonForm(data), _withdraw, "which",
        danger=True,
    ),
    "lend": Act(
        gettext_lazy("Cho mượn, dùng chung"), _writes,
        lambda data, asked: f.LendForm(data, today=asked.its.today, its=asked.its.building(asked.building)), _lend,
        "building",
    ),
    "take-back": Act(
        gettext_lazy("Nhận lại phần cho mượn, dùng chung"), _writes,
        lambda data, asked: f.BackForm(data, today=asked.its.today), _back, "which",
    ),
    "became": Act(
        gettext_lazy("Xử lý trụ sở cũ"), lambda its: its.writes and its.site.details.former is not None,
        lambda data, asked: f.BecameForm(data, today=asked.its.today, site=asked.site), _became,
    ),
    "hand-over": Act(
        gettext_lazy("Bàn giao cho đơn vị khác"), _free,
        lambda data, asked: f.HandOverForm(data, today=asked.its.today), _hand_over,
    ),
    "accept": Act(
        gettext_lazy("Ký nhận trụ sở"), lambda its: its.receives, lambda data, asked: f.AcceptForm(data), _accept
    ),
    "withdraw": Act(
        gettext_lazy("Rút bàn giao"), _waits, lambda data, asked: f.ReasonForm(data), _ended("withdrawn"),
        danger=True,
    ),
    "decline": Act(
        gettext_lazy("Từ chối nhận"), lambda its: its.receives, lambda data, asked: f.ReasonForm(data),
        _ended("declined"), danger=True,
    ),
}  # fmt: skip
"""What can be done, by the last part of the address."""


@require_http_methods(["GET", "POST"])
@signed_in
def act(request: Request, subject: UUID, name: str) -> HttpResponse:
    """The form of an act; sent, it is done and the site is shown."""
    its, doing = seen(request, subject), ACTS.get(name)
    asked = _asked(request, its)
    if doing is None or not doing.may(its) or (doing.about and not getattr(asked, doing.about)):
        raise Http404
    if doing.about == "building":
        its.building(asked.building)
    form = doing.form(request.POST or None, asked)
    if form.is_valid():
        try:
            with its.pen() as pen:
                doing.do(pen, asked, form)
            messages.success(request, _("Đã ghi."))
            return redirect("premises:id", subject)
        except FAULTS as fault:
            blame(form, fault)
    context = {
        "name": name, "title": doing.title, "danger": doing.danger, "rows": getattr(form, "rows", None),
        "near": units_near(its.site.province) if name == "hand-over" else [],
    }  # fmt: skip
    return _page(request, asked, form, context)


def _asked(request: Request, its: Seen) -> Asked:
    which = request.GET.get("which", "")
    return Asked(its, request.GET.get("building", ""), UUID(which) if is_uuid(which) else None)


def _page(request: Request, asked: Asked, form: Once, more: Mapping[str, Any]) -> HttpResponse:
    building = asked.site.building(asked.building)
    context = {
        "its": asked.its, "site": asked.site, "form": form, "tabs": tabs(request.person, LIST),
        "of": building_words(building) if building else "", "building": building, **more,
    }  # fmt: skip
    return render(request, "premises/act.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def survey(request: Request, subject: UUID) -> HttpResponse:
    """What a look at a building found, with photos and papers."""
    its = seen(request, subject)
    asked = _asked(request, its)
    if not its.writes:
        raise Http404
    its.building(asked.building)
    form = f.SurveyForm(request.POST or None, today=its.today)
    if form.is_valid():
        try:
            _surveyed(request, asked, form)
            messages.success(request, _("Đã ghi lần khảo sát."))
            return redirect(reverse("premises:id", args=[subject]) + f"#{asked.building}")
        except FAULTS as fault:
            blame(form, fault)
    return _page(
        request, asked, form, {"title": _("Ghi khảo sát hiện trạng"), "evidence": evidence.control()}
    )


def _surveyed(request: Request, asked: Asked, form: f.SurveyForm) -> None:
    its, site = form.cleaned_data, asked.site
    entry_id: UUID = its["entry_id"]
    pieces = evidence.kept(
        request.person, evidence.of_form(request), subject=site.id, unit=site.unit, holder=site.holder,
        entry_id=entry_id, at=timezone.now(), day=its["taken"],
    )  # fmt: skip
    own = request.person.unit
    body = e.Surveyed(
        building=asked.building, on=its["on"], condition=its["condition"], wrong=its["wrong"],
        estimate=its["estimate"], by=own if own != site.holder else "", evidence=pieces,
    )  # fmt: skip
    with asked.its.pen() as pen:
        using.survey(pen, entry_id=entry_id, subject=site.id, body=body)
