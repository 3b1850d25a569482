"""The staff of one unit: establishment, every post with who holds it, who is away and who came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haicap.journal.pen import FromNewerVersion, writing
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import Names
from haicap.means.staff import actions, papers, queries, showing, strength
from haicap.means.staff.actions import WRITE, establishment_id
from haicap.means.staff.fold import Edition, Establishment, Record
from haicap.means.staff.forms import EstablishmentForm, StrikeForm
from haicap.means.staff.strength import SEE, Strength
from haicap.means.staff.views import shown
from haicap.means.staff.views_people import Lent, lent
from haicap.means.tabs import tabs
from haicap.units import queries as units
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.fold import Post, Tenure
from haicap.units.models import UnitRow
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in, today

TRAINED = 2 * 365  # days for which a course is told in the list of posts


@dataclass(frozen=True, slots=True)
class Place:
    """A post on a day: who holds it since when, what for they are qualified, where they are, their newest course."""

    post: Post
    now: Tenure | None
    name: str
    qualified: list[tuple[str, str, str]]
    away: str
    back: date | None
    course: str


@dataclass(frozen=True, slots=True)
class Guest:
    """An officer of another unit who helps here."""

    its: Lent
    qualified: list[tuple[str, str, str]]


@require_safe
@signed_in
def one(request: Request, code: str) -> HttpResponse:
    """The unit's staff on the day that `at` names."""
    row = _row(request, code)
    day = queries.day_asked(request.GET.dict(), today())
    its = strength.counted([code], day).get(code, Strength(code))
    known = queries.establishment(code)
    places, guests = _places(code, day), _guests(code, day)
    entries = queries.told(establishment_id(code)) if known else []
    names = Names({}, person_names({entry.actor for entry in entries}))
    line = queries.Line(code, "", row.level, "", its)
    context = {
        "tabs": tabs(request.person, "staff:list"), "row": row, "name": _name(row), "day": day,
        "is_today": day == today(), "its": its, "shown": shown(line, day),
        "places": places, "guests": guests, "edition": known.on(day) if known else None,
        "editions": _editions(known), "events": showing.events(entries, names),
        "writes": decide(request.person, WRITE, Scope.of(code)).allowed,
        "opens_posts": decide(request.person, "post.change", Scope.of(code)).allowed,
    }  # fmt: skip
    return render(request, "staff/unit.html", context)


def _row(request: Request, code: str) -> UnitRow:
    """The unit. Raises `Http404` also where its staff is merely not to be seen by this person."""
    row = units.one(code)
    if row is None or not decide(request.person, SEE, Scope.of(code)).allowed:
        raise Http404
    return row


def _name(row: UnitRow) -> str:
    return unit_names([row.code]).get(row.code, row.name)


def _places(code: str, day: date) -> list[Place]:
    """The posts with rights first, then the others in the order in which they were opened. Five queries."""
    held = units.held(code, day)
    people = {it.now.person for it in held if it.now}
    known = queries.records_of(people)
    names = unit_names({one.to for record in known.values() for one in record.secondments})
    its = [_place(it.post, it.now, it.holder, known, names, day) for it in held]
    return sorted(its, key=lambda it: (0, "") if it.post.grants else (1, str(it.post.id)))


def _place(
    post: Post,
    now: Tenure | None,
    name: str,
    known: Mapping[UUID, Record],
    names: Mapping[str, str],
    day: date,
) -> Place:
    record = known.get(now.person) if now else None
    away = next(
        (
            it
            for it in (record.secondments if record else ())
            if it.unit == post.unit and it.since <= day < it.until
        ),
        None,
    )
    courses = [it for it in (record.trainings if record else ()) if it.since >= day - timedelta(days=TRAINED)]
    course = max(courses, key=lambda it: it.since, default=None)
    return Place(
        post, now, name, showing.briefly(record, day), names.get(away.to, away.to) if away else "",
        showing.last_day(away.until) if away else None,
        f"{course.course} ({showing.day_words(course.since)})" if course else "",
    )  # fmt: skip


def _guests(code: str, day: date) -> list[Guest]:
    """Who is seconded to the unit that day. Three queries."""
    rows = lent(queries.came(code, day), day)
    known = queries.records_of(it.row.person for it in rows)
    return [Guest(it, showing.briefly(known.get(it.row.person), day)) for it in rows]


def _editions(known: Establishment | None) -> list[tuple[Edition, date | None, list[tuple[str, int]]]]:
    """What the establishment was and is, the newest first: edition, its last day, what it asks for."""
    its = known.periods if known else []
    return [(it, showing.last_day(until), showing.needs(it.counts)) for it, until in reversed(its)]


@require_safe
@signed_in
def paper(request: Request, code: str) -> HttpResponse:
    """The officers of the unit as a table on A4."""
    row = _row(request, code)
    day = queries.day_asked(request.GET.dict(), today())
    its = strength.counted([code], day).get(code, Strength(code))
    rows = [_cells(it) for it in _places(code, day)]
    rows += [
        [guest.its.name, f"Tăng cường từ {guest.its.unit}", f"{guest.its.row.since:%d/%m/%Y}", _joined(guest.qualified),
         f"đến hết {guest.its.last:%d/%m/%Y}"]
        for guest in _guests(code, day)
    ]  # fmt: skip
    summary = f"Biên chế {its.established or 'chưa giao'}, hiện có {its.held}, thực có {its.present}."
    pdf = papers.officers(request.person, row.name, summary, rows, at=timezone.now(), day=day)
    return HttpResponse(
        pdf, "application/pdf", headers={"Content-Disposition": f'inline; filename="quan-so-{code}.pdf"'}
    )


def _cells(it: Place) -> list[str]:
    away = f"{it.away}, đến hết {it.back:%d/%m/%Y}" if it.away else ""
    since = f"{it.now.since:%d/%m/%Y}" if it.now else ""
    return [it.name or "(khuyết)", it.post.vi, since, _joined(it.qualified), away]


def _joined(its: list[tuple[str, str, str]]) -> str:
    return "; ".join(f"{words} ({how})" for _kind, words, how in its)


@require_http_methods(["GET", "POST"])
@signed_in
def establishment(request: Request, code: str) -> HttpResponse:
    """How many officers the unit is to have, from a day on."""
    row = _writable(request, code)
    known = queries.establishment(code)
    form = EstablishmentForm(request.POST or None, now=known.on(today()) if known else None, since=today())
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        done = _written(request, code, form, lambda pen: actions.set_establishment(
            pen, entry_id=given["entry_id"], unit=units.unit_of(row), since=given["since"], act=given["act"],
            counts=form.counts,
        ))  # fmt: skip
        if done is not None:
            messages.success(request, _("Đã ghi biên chế."))
            return done
    context = {"tabs": tabs(request.person, "staff:list"), "row": row, "name": _name(row), "form": form,
               "title": _("Giao biên chế")}  # fmt: skip
    return render(request, "staff/write.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def strike(request: Request, code: str, edition: UUID) -> HttpResponse:
    """An establishment that was entered by mistake."""
    row = _writable(request, code)
    known = queries.establishment(code)
    its = next((it for it in (known.editions if known else ()) if it.id == edition), None)
    form = StrikeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        done = _written(request, code, form, lambda pen: actions.withdraw_establishment(
            pen, entry_id=given["entry_id"], unit=code, edition=edition, reason=given["reason"],
        ))  # fmt: skip
        if done is not None:
            messages.success(request, _("Đã bỏ nội dung nhập nhầm; nhật ký vẫn giữ."))
            return done
    if its is None and not form.is_bound:
        raise Http404
    about = showing.day_words(its.since) + f", {its.act}" if its else ""
    context = {"tabs": tabs(request.person, "staff:list"), "row": row, "name": _name(row), "form": form,
               "about": about, "title": _("Bỏ lần giao biên chế nhập nhầm")}  # fmt: skip
    return render(request, "staff/write.html", context, status=422 if form.is_bound else 200)


def _writable(request: Request, code: str) -> UnitRow:
    row = _row(request, code)
    if not decide(request.person, WRITE, Scope.of(code)).allowed:
        raise Http404
    return row


def _written(request: Request, code: str, form: Any, act: Any) -> HttpResponse | None:
    """Do it under the locks of the establishment; None where the form is at fault, which then says so."""
    try:
        with writing(
            request.person, at=timezone.now(), subjects=[establishment_id(code)], units=[code]
        ) as pen:
            act(pen)
    except (Unsaid, NotSo, NotYet, Refused, FromNewerVersion) as fault:
        blame(form, fault)
        return None
    return redirect("staff:unit", code)


def blame(form: Any, fault: Exception) -> None:
    """Put what an action found at fault beside the field that it is about. Raises `PermissionDenied`."""
    if isinstance(fault, Refused):
        raise PermissionDenied(str(fault)) from fault
    what = fault.what if isinstance(fault, Unsaid | NotSo) else ""
    words = {
        "establishment": _("Số theo từng loại không được nhiều hơn tổng biên chế."),
        "second": _("Đơn vị đến phải khác đơn vị đi, và không trùng thời gian với lần biệt phái khác."),
        "change": _("Lần biệt phái này đã kết thúc, hoặc ngày kết thúc không đổi."),
        "disqualify": _("Ngày thu hồi phải trong thời gian còn hiệu lực."),
        "post": _("Người này hiện không giữ chức vụ đó nữa."),
        "until": _("Ngày kết thúc phải sau ngày bắt đầu."),
        "strike": _("Nội dung này đã được bỏ từ trước."),
        "withdraw": _("Nội dung này đã được bỏ từ trước."),
    }
    if isinstance(fault, NotYet):
        form.add_error("since" if "since" in form.fields else None, _("Ngày này còn ở phía trước."))
    elif isinstance(fault, FromNewerVersion):
        form.add_error(None, _("Hồ sơ có nội dung từ phiên bản mới hơn; hãy cập nhật phần mềm."))
    else:
        form.add_error(what if what in form.fields else None, words.get(what, _("Cần ghi nội dung này.")))
