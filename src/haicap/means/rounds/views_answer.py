"""What one unit owes and says in a round: its answer as it is read, and the form by which it is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haicap.journal.ids import is_uuid, uuid7
from haicap.journal.pen import FromNewerVersion, writing
from haicap.matters import drafts
from haicap.matters.fields import Unanswered
from haicap.matters.intake import NotOpenHere
from haicap.matters.law import law
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import Names
from haicap.means import words as said
from haicap.means.catalogue.queries import catalogue
from haicap.means.rounds import actions, ground, queries, words
from haicap.means.rounds.actions import WRITE, difficulty_ids
from haicap.means.rounds.entries import Said
from haicap.means.rounds.fold import Assessment
from haicap.means.rounds.forms import PLACES, AnswerForm
from haicap.means.rounds.models import CODE, differs
from haicap.means.rounds.owing import ACT
from haicap.means.tabs import tabs
from haicap.units import queries as units
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Refused, Scope, decide
from haicap.units.sign_in import Request, signed_in, today


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of an answer as it is read; `differs` from the record."""

    its: Said
    name: str
    measure: str
    short: str
    money: str
    differs: bool


def seen(request: Request, subject: UUID) -> Assessment:
    """The assessment. Raises `Http404` also where it is merely not to be seen by this person."""
    its = queries.assessment(request.person, subject)
    if its is None:
        raise Http404
    return its


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """What the unit said, the difficulties with how their matters stand now, and every answer before."""
    its, at = seen(request, subject), timezone.now()
    entries = queries.told(subject)
    names = Names(unit_names([its.unit]), person_names({entry.actor for entry in entries}))
    now = its.now
    context = {
        "tabs": tabs(request.person, "rounds:list"), "its": its, "answer": now, "unit": names.unit(its.unit),
        "now": at, "tag": words.stands(its.due, its.answers[0].at if now else None, its.ended, at),
        "sections": _by_section(now.lines) if now else [],
        "conditions": [(words.sections()[it.section], it.text) for it in (now.conditions if now else ())],
        "kinds": words.difficulty_kinds(law(), at),
        "matters": queries.standing(request.person, [it.matter for it in (now.difficulties if now else ())]),
        "events": words.events(entries, names), "by": names.person(now.by) if now else "",
        "writes": not its.ended and decide(request.person, WRITE, Scope.of(its.unit)).allowed,
        "round": queries.one(request.person, its.round),
    }  # fmt: skip
    return render(request, "rounds/answer.html", context)


def _by_section(lines: tuple[Said, ...]) -> list[tuple[str, list[Shown]]]:
    """The lines by section; a kind that there is none of, and none is asked for, is left out."""
    kinds, found = catalogue(), {}
    for section, name in words.sections().items():
        codes = {code for code, kind in kinds.items() if kind.family in ground.FAMILIES[section]}  # type: ignore[index]
        its = [_shown(line, kinds) for line in lines if line.sort in codes and _there(line)]
        found[name] = its
    return [(name, its) for name, its in found.items() if its]


def _there(line: Said) -> bool:
    return any(value not in ("0", None) for value in (line.record, line.said, line.should))


def _shown(line: Said, kinds: Mapping[str, Any]) -> Shown:
    kind = kinds.get(line.sort)
    short = max(Decimal(), Decimal(line.should) - Decimal(line.fit)) if line.should is not None else Decimal()
    return Shown(
        line, said.called(kind, line.sort), said.measure(kind), said.amount(short) if short else "",
        said.money(Decimal(line.money)) if line.money and short else "", differs(line),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def write(request: Request, subject: UUID) -> HttpResponse:
    """The form: the record beside what is true, the condition, difficulties in order; drafts survive."""
    its, at = seen(request, subject), timezone.now()
    person = request.person
    if not decide(person, WRITE, Scope.of(its.unit)).allowed:
        raise Http404
    if _sent_before(request):
        return redirect("rounds:answer", subject)
    if its.ended and request.method != "POST":
        messages.warning(request, _("Đợt đánh giá đã đóng; không trả lời hoặc sửa được nữa."))
        return redirect("rounds:answer", subject)
    draft = drafts.kept(person, subject=subject, act=ACT)
    typed = drafts.answers(draft) | {"entry_id": str(draft.entry_id)} if draft and not request.POST else {}
    form = AnswerForm(
        request.POST or None, its=its, lines=ground.lines(person, its.unit, its.sections, today()),
        kinds=words.difficulty_kinds(law(), at).items(), typed=typed,
        open_ones=queries.open_difficulties(person, its.unit, at=at),
    )  # fmt: skip
    if form.is_bound and form.is_valid() and (done := _answered(request, its, form)) is not None:
        return done
    context = {
        "tabs": tabs(person, "rounds:list"), "its": its, "form": form, "now": at,
        "unit": unit_names([its.unit]).get(its.unit, its.unit), "sections": words.sections(),
        "entry_id": form["entry_id"].value() or uuid7(), "subject": subject, "code": CODE, "act": ACT,
        "saved": draft.saved_at if draft else None, "reminder": its.reminders[-1][1] if its.reminders else "",
        "rows": [(words.sections()[code], rows, form.condition(code)) for code, rows in form.rows.items()],
    }  # fmt: skip
    return render(request, "rounds/write.html", context, status=422 if form.is_bound else 200)


def _sent_before(request: Request) -> bool:
    """Whether this form is in the journal already: the same one sent twice."""
    entry_id = request.POST.get("entry_id")
    if not is_uuid(entry_id):
        return False
    with writing(request.person, at=timezone.now()) as pen:
        return pen.wrote(UUID(entry_id))


def _answered(request: Request, its: Assessment, form: AnswerForm) -> HttpResponse | None:
    """Write the answer with its difficulties, all or nothing; None where the form is at fault, which then says so."""
    entry_id = form.cleaned_data["entry_id"]
    row = units.one(its.unit)
    assert row is not None
    raised = [difficulty_ids(entry_id, place)[1] for place in range(PLACES)]
    referred = [it.matter for it in form.difficulties if it.matter]
    try:
        with writing(
            request.person, at=timezone.now(), subjects=[its.id, *raised, *referred], units=[its.unit]
        ) as pen:
            actions.answer(
                pen, entry_id=entry_id, subject=its.id, law=law(), unit=units.unit_of(row), lines=form.said,
                conditions=form.conditions, difficulties=form.difficulties,
                reason=form.cleaned_data.get("reason", ""),
            )  # fmt: skip
    except (Refused, NotOpenHere) as fault:
        raise PermissionDenied(str(fault)) from fault
    except NotSo as fault:
        if fault.what == "answer":
            messages.warning(request, _("Đợt đánh giá vừa đóng; chưa ghi câu trả lời này."))
            return redirect("rounds:answer", its.id)
        form.add_error(None, _("Một vướng mắc được chọn không phải của đơn vị."))
        return None
    except (Unsaid, Unanswered, FromNewerVersion):
        form.add_error(None, _("Câu trả lời còn thiếu nội dung; xem lại từng dòng."))
        return None
    drafts.drop(request.person, entry_id)
    messages.success(request, _("Đã gửi câu trả lời. Sửa được đến khi đợt đánh giá đóng."))
    return redirect("rounds:answer", its.id)
