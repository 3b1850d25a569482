"""Writing guidance: publish an answer, revise or withdraw it, answer with it, and ask although it is answered."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from haicap.journal.ids import uuid7
from haicap.journal.pen import FromNewerVersion, writing
from haicap.matters import pages
from haicap.matters.drafts import is_uuid
from haicap.matters.forms import REASONS
from haicap.matters.guidance import actions, queries
from haicap.matters.guidance.actions import RIGHT, Gone, file_of
from haicap.matters.guidance.fold import Version
from haicap.matters.guidance.forms import PARTS, AnswerForm, WithdrawalForm, WordingForm
from haicap.matters.guidance.views import guidance_of, procedures_of, topics_of
from haicap.matters.handling import NotNow
from haicap.matters.law import law
from haicap.matters.queries import unit_names
from haicap.matters.state import Matter
from haicap.units.acting import Unsaid
from haicap.units.actions import SPACE
from haicap.units.rights import Person, Refused
from haicap.units.sign_in import Request, signed_in, today


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """Publishes an answer for all communes; `?matter=` is the difficulty whose answer stands in the form."""
    source = _source(request)
    issuers = _issuers(request.person)
    if not issuers:
        raise PermissionDenied(_("Chức vụ của bạn không có quyền công bố hướng dẫn."))
    initial = _prefilled(source) if source else {"since": today().isoformat()}
    form = _wording(request, issuers, initial, revises=False)
    entry_id = _entry_id(request)
    if form.is_bound and form.is_valid():
        answer = _published(request, form, entry_id, source)
        if answer is not None:
            return answer
    context = {"form": form, "entry_id": entry_id, "source": source, "title": _("Công bố hướng dẫn")}
    return render(request, "guidance/write.html", context, status=422 if form.is_bound else 200)


def _source(request: Request) -> Matter | None:
    asked = request.POST.get("matter") or request.GET.get("matter")
    if not asked:
        return None
    if not is_uuid(asked):
        raise Http404
    return pages.seen(request, UUID(asked)).matter


def _issuers(person: Person) -> list[tuple[str, str]]:
    units = {right.unit for right in person.rights if right.allows(RIGHT)}
    return sorted(unit_names(units).items(), key=lambda it: it[1])


def _prefilled(matter: Matter) -> dict[str, Any]:
    facts = matter.facts
    topic = facts.get("kind")
    return {
        "question": matter.title,
        "answer": facts.get("guidance") or "",
        "topics": [topic] if topic else [],
        "paper": facts.get("guidance_paper") or facts.get("rule_paper") or "",
        "since": facts.get("rule_from") or today().isoformat(),
    }


def _wording(
    request: Request, issuers: list[tuple[str, str]], initial: Mapping[str, Any], *, revises: bool
) -> WordingForm:
    known = law()
    return WordingForm(
        request.POST or None, topics=list(topics_of(known).items()), procedures=list(procedures_of(known).items()),
        issuers=issuers, revises=revises, initial=initial,
    )  # fmt: skip


def _entry_id(request: Request) -> UUID:
    sent = request.POST.get("entry_id")
    return UUID(sent) if is_uuid(sent) else uuid7()


def _published(
    request: Request, form: WordingForm, entry_id: UUID, source: Matter | None
) -> HttpResponse | None:
    subject = uuid5(SPACE, f"guidance/{entry_id}")
    sources = [source] if source else []
    subjects = [subject, *(matter.id for matter in sources)]
    province = request.person.province
    try:
        with writing(
            request.person,
            at=timezone.now(),
            subjects=subjects,
            units=[file_of(province)],
            channel="reference",
        ) as pen:
            actions.publish(
                pen, entry_id=entry_id, subject=subject, wording=form.wording, province=province, sources=sources,
                issuer=form.cleaned_data["issuer"],
            )  # fmt: skip
    except (Unsaid, Refused) as fault:
        _blame(form, fault)
        return None
    messages.success(request, _("Đã công bố. Mọi đơn vị đọc được và tìm thấy hướng dẫn này."))
    return redirect("guidance:one", subject)


def _blame(form: forms.Form, fault: Unsaid | Refused) -> None:
    if isinstance(fault, Refused):
        raise PermissionDenied(str(fault)) from fault
    form.add_error(fault.what if fault.what in form.fields else None, REASONS["needed"]())


@require_http_methods(["GET", "POST"])
@signed_in
def revise(request: Request, subject: UUID) -> HttpResponse:
    """The next version, with what it changes."""
    its, issuers = guidance_of(subject), _issuers(request.person)
    if not issuers or its.withdrawn:
        raise PermissionDenied(_("Hướng dẫn này không sửa được nữa, hoặc bạn không có quyền sửa."))
    form = _wording(request, issuers, _as_typed(its.now), revises=True)
    entry_id = _entry_id(request)
    if form.is_bound and form.is_valid():
        answer = _revised(request, form, entry_id, subject, its.province)
        if answer is not None:
            return answer
    context = {"form": form, "entry_id": entry_id, "its": its, "title": _("Ra bản mới của hướng dẫn")}
    return render(request, "guidance/write.html", context, status=422 if form.is_bound else 200)


def _as_typed(version: Version) -> dict[str, Any]:
    its = {name: getattr(version, name) for name in PARTS}
    its["law"] = "\n".join(version.law)
    its["since"] = version.since.isoformat()
    its["until"] = (version.until - timedelta(days=1)).isoformat() if version.until else ""
    return its


def _revised(
    request: Request, form: WordingForm, entry_id: UUID, subject: UUID, province: str | None
) -> HttpResponse | None:
    its = form.cleaned_data
    try:
        with writing(
            request.person,
            at=timezone.now(),
            subjects=[subject],
            units=[file_of(province)],
            channel="reference",
        ) as pen:
            actions.revise(
                pen, entry_id=entry_id, subject=subject, wording=form.wording, issuer=its["issuer"],
                changed=its["changed"],
            )  # fmt: skip
    except (Unsaid, Refused) as fault:
        _blame(form, fault)
        return None
    except (Gone, FromNewerVersion):
        return _moved_on(request, subject)
    messages.success(request, _("Đã ra bản mới của hướng dẫn."))
    return redirect("guidance:one", subject)


def _moved_on(request: Request, subject: UUID) -> HttpResponse:
    messages.warning(request, _("Hướng dẫn này vừa thôi áp dụng; chưa ghi gì."))
    return redirect("guidance:one", subject)


@require_http_methods(["GET", "POST"])
@signed_in
def withdraw(request: Request, subject: UUID) -> HttpResponse:
    """The guidance holds no more, and why."""
    its = guidance_of(subject)
    if its.withdrawn or not _issuers(request.person):
        raise PermissionDenied(_("Hướng dẫn này không sửa được nữa, hoặc bạn không có quyền sửa."))
    rows = queries.listed({"state": "in-force"}, day=today()).exclude(pk=subject)
    others = [(str(pk), title) for pk, title in rows.values_list("pk", "title")[:200]]
    form = WithdrawalForm(request.POST or None, others=others, initial={"since": today().isoformat()})
    entry_id = _entry_id(request)
    if form.is_bound and form.is_valid():
        answer = _withdrawn(request, form, entry_id, subject, its.province)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "entry_id": entry_id,
        "its": its,
        "title": _("Thôi áp dụng hướng dẫn"),
        "danger": True,
    }
    return render(request, "guidance/write.html", context, status=422 if form.is_bound else 200)


def _withdrawn(
    request: Request, form: WithdrawalForm, entry_id: UUID, subject: UUID, province: str | None
) -> HttpResponse | None:
    said = form.cleaned_data
    by = UUID(said["by"]) if said["by"] else None
    try:
        with writing(
            request.person,
            at=timezone.now(),
            subjects=[subject],
            units=[file_of(province)],
            channel="reference",
        ) as pen:
            actions.withdraw(
                pen, entry_id=entry_id, subject=subject, reason=said["reason"], since=said["since"], by=by
            )
    except (Unsaid, Refused) as fault:
        _blame(form, fault)
        return None
    except (Gone, FromNewerVersion):
        return _moved_on(request, subject)
    messages.success(request, _("Hướng dẫn thôi áp dụng từ ngày đã ghi."))
    return redirect("guidance:one", subject)


@require_http_methods(["GET", "POST"])
@signed_in
def answer(request: Request, subject: UUID, matter: UUID) -> HttpResponse:
    """Answers a difficulty with this guidance, its text already in the form."""
    its, seen = guidance_of(subject), pages.seen(request, matter)
    form = AnswerForm(request.POST or None, initial={"text": its.now.answer})
    entry_id = _entry_id(request)
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            with writing(
                request.person, at=timezone.now(), subjects=[matter], units=[seen.matter.unit]
            ) as pen:
                actions.answer_with(
                    pen, entry_id=entry_id, subject=matter, law=seen.law, guidance=its, text=text
                )
        except (NotNow, Refused, FromNewerVersion) as why:
            return pages.not_done(request, matter, why)
        except (Gone, Unsaid):
            return _moved_on(request, subject)
        messages.success(request, _("Đã trả lời bằng hướng dẫn đã công bố."))
        return redirect("matters:id", matter)
    context = {"form": form, "entry_id": entry_id, "its": its, "seen": seen}
    return render(request, "guidance/answer.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def again(request: Request, subject: UUID, matter: UUID) -> HttpResponse:
    """The raiser has seen the guidance and asks all the same: that is counted."""
    its, seen = guidance_of(subject), pages.seen(request, matter)
    if not is_uuid(request.POST.get("entry_id")):
        raise Http404
    try:
        with writing(request.person, at=timezone.now(), subjects=[matter], units=[seen.matter.unit]) as pen:
            actions.point(
                pen, entry_id=UUID(request.POST["entry_id"]), subject=matter, guidance=its, how="again"
            )
    except (Refused, FromNewerVersion) as why:
        return pages.not_done(request, matter, why)
    messages.success(request, _("Đã ghi: hỏi lại dù đã có hướng dẫn. Đơn vị trả lời sẽ thấy."))
    return redirect("matters:id", matter)
