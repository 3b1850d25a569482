"""One officer: posts held, qualifications, secondments and training, and what is written into the file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from haicap.journal.pen import FromNewerVersion, Pen, writing
from haicap.matters.queries import person_names, unit_names, units_near
from haicap.matters.showing import Names
from haicap.means.staff import actions, forms, queries, showing
from haicap.means.staff.actions import record_id
from haicap.means.staff.fold import Record
from haicap.means.staff.forms import first_without
from haicap.means.staff.queries import Officer
from haicap.means.staff.sorts import results
from haicap.means.staff.views_unit import blame
from haicap.means.tabs import tabs
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.once import Once
from haicap.units.rights import Refused
from haicap.units.sign_in import Request, signed_in, today


@dataclass(frozen=True, slots=True)
class Who:
    """Whose file is written in, and the post on which that is done."""

    person: UUID
    post: UUID
    what: UUID


@dataclass(frozen=True, slots=True)
class Act:
    """Something written into an officer's file: its words, its form, the action; `on` what is there already."""

    title: str | Promise
    form: type[Once]
    write: Callable[[Pen, Who, Any], Record]
    on: tuple[str, ...] = ()


def _qualify(pen: Pen, who: Who, form: forms.QualifyForm) -> Record:
    its, (sort, grade) = form.cleaned_data, form.chosen
    return actions.qualify(
        pen, entry_id=its["entry_id"], person=who.person, post=who.post, sort=sort, grade=grade, since=its["since"],
        until=first_without(its["last"]), paper=its["paper"],
    )  # fmt: skip


def _withdraw(pen: Pen, who: Who, form: forms.WithdrawForm) -> Record:
    its = form.cleaned_data
    return actions.disqualify(
        pen, entry_id=its["entry_id"], person=who.person, post=who.post, qualification=who.what, since=its["since"],
        ground=its["ground"],
    )  # fmt: skip


def _second(pen: Pen, who: Who, form: forms.SecondForm) -> Record:
    its = form.cleaned_data
    until = first_without(its["last"])
    assert until is not None
    return actions.second(
        pen, entry_id=its["entry_id"], person=who.person, post=who.post, to=its["to"], since=its["since"], until=until,
        ground=its["ground"], paper=its["paper"],
    )  # fmt: skip


def _change(pen: Pen, who: Who, form: forms.ChangeForm) -> Record:
    its = form.cleaned_data
    until = first_without(its["last"])
    assert until is not None
    return actions.change_secondment(
        pen, entry_id=its["entry_id"], person=who.person, post=who.post, secondment=who.what, until=until,
        ground=its["ground"], paper=its["paper"],
    )  # fmt: skip


def _train(pen: Pen, who: Who, form: forms.TrainForm) -> Record:
    its = form.cleaned_data
    return actions.train(
        pen, entry_id=its["entry_id"], person=who.person, post=who.post, course=its["course"], since=its["since"],
        days=its["days"], result=its["result"], paper=its["paper"],
    )  # fmt: skip


def _strike(pen: Pen, who: Who, form: forms.StrikeForm) -> Record:
    its = form.cleaned_data
    return actions.strike(
        pen, entry_id=its["entry_id"], person=who.person, post=who.post, what=who.what, reason=its["reason"]
    )


ACTS: dict[str, Act] = {
    "qualify": Act(gettext_lazy("Ghi tiêu chuẩn, chứng chỉ"), forms.QualifyForm, _qualify),
    "second": Act(gettext_lazy("Biệt phái, tăng cường"), forms.SecondForm, _second),
    "train": Act(gettext_lazy("Ghi tập huấn"), forms.TrainForm, _train),
    "withdraw": Act(gettext_lazy("Thu hồi"), forms.WithdrawForm, _withdraw, ("qualifications",)),
    "change": Act(gettext_lazy("Kéo dài hoặc kết thúc sớm"), forms.ChangeForm, _change, ("secondments",)),
    "strike": Act(
        gettext_lazy("Bỏ nội dung nhập nhầm"), forms.StrikeForm, _strike, ("qualifications", "secondments", "trainings")
    ),
}  # fmt: skip


def _seen(request: Request, subject: UUID) -> Officer:
    """The officer. Raises `Http404` also where the file is merely not to be seen by this person."""
    its = queries.officer(request.person, subject, at=today())
    if its is None:
        raise Http404
    return its


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """The officer's posts and file, with what can be written into it."""
    its, day = _seen(request, subject), today()
    entries = queries.history_of(subject) if its.record else []
    lent = its.record.secondments if its.record else ()
    codes = {post.unit for post, _since, _until in its.posts} | {
        code for it in lent for code in (it.unit, it.to)
    }
    names = Names(unit_names(codes), person_names({entry.actor for entry in entries}))
    context = {
        "tabs": tabs(request.person, "staff:list"), "its": its, "unit": names.unit(its.unit), "day": day,
        "posts": [
            (post, names.unit(post.unit), since, showing.last_day(until)) for post, since, until in reversed(its.posts)
        ],
        "qualified": showing.qualified(its.record, day),
        "secondments": [
            (it, names.unit(it.unit), names.unit(it.to), showing.last_day(it.until),
             showing.secondment_stands(it.since, it.until, day), it.until > day)
            for it in reversed(lent)
        ],
        "trainings": [
            (it, results()[it.result]) for it in reversed(its.record.trainings if its.record else ())
        ],
        "events": showing.events(entries, names),
        "acts": [(name, act.title) for name, act in ACTS.items() if not act.on] if its.writes else [],
    }  # fmt: skip
    return render(request, "staff/officer.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def act(request: Request, subject: UUID, name: str) -> HttpResponse:
    """The form of one act on an officer's file, and the act itself. 404 also where it is merely forbidden."""
    its = _seen(request, subject)
    if name not in ACTS or not its.writes or its.today is None:
        raise Http404
    doing = ACTS[name]
    what = _meant(request, its, doing)
    form = doing.form(request.POST or None)
    if form.is_bound and form.is_valid():
        who = Who(subject, its.today.id, what or UUID(int=0))
        if _written(request, its, lambda pen: doing.write(pen, who, form), form):
            messages.success(request, _("Đã ghi: %(what)s.") % {"what": doing.title})
            return redirect("staff:id", subject)
    context = {
        "tabs": tabs(request.person, "staff:list"), "its": its, "title": doing.title, "form": form,
        "about": _about(its, what), "units": units_near(request.person.province) if name == "second" else (),
    }  # fmt: skip
    return render(request, "staff/write.html", context, status=422 if form.is_bound else 200)


def _meant(request: Request, its: Officer, doing: Act) -> UUID | None:
    """What of the file the act is on: `what` of the address. Raises `Http404` where there is none to be shown."""
    if not doing.on:
        return None
    try:
        what = UUID(request.GET.get("what", ""))
    except ValueError:
        raise Http404 from None
    known = {it.id for part in doing.on for it in getattr(its.record, part, ())}
    if what not in known and request.method != "POST":
        raise Http404
    return what


def _about(its: Officer, what: UUID | None) -> str:
    parts = ("qualifications", "secondments", "trainings")
    found = next((it for part in parts for it in getattr(its.record, part, ()) if it.id == what), None)
    codes = {getattr(found, name) for name in ("unit", "to") if hasattr(found, name)}
    return showing.what(found, Names(unit_names(codes))) if found else ""


def _written(request: Request, its: Officer, write: Callable[[Pen], object], form: Once) -> bool:
    """Do it under the locks of the file and its stream; a form at fault says so."""
    subject = record_id(its.id)
    file = its.record.file if its.record else its.unit
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[file]) as pen:
            write(pen)
    except (Unsaid, NotSo, NotYet, Refused, FromNewerVersion) as fault:
        blame(form, fault)
        return False
    return True
