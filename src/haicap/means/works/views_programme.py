"""Programmes: the list, and one with its figures, its drawing over time, and how it stood at an earlier day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haicap.clocks.wall import day_of
from haicap.journal.pen import writing
from haicap.matters.queries import unit_names
from haicap.means.tabs import tabs
from haicap.means.works import actions, figures, forms, printing, queries
from haicap.means.works.entries import Purse
from haicap.means.works.figures import Figures
from haicap.means.works.fold import Programme
from haicap.means.works.gantt import Bar, chart
from haicap.means.works.showing import billions, dong, purses, slip_words, states
from haicap.means.works.showing import day as day_words
from haicap.means.works.state import PURSES, Project, State
from haicap.means.works.views import LIST, address, earlier, plans
from haicap.means.works.views_write import FAULTS, blame
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in, today

ZERO = Decimal(0)
SIGNS: tuple[tuple[State, str], ...] = (
    ("planned", "plain"), ("begun", "well"), ("done", "done"), ("stopped", "hold"), ("dropped", "plain"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A programme as the list shows it."""

    its: Programme
    now: queries.Tally

    @property
    def url(self) -> str:
        """The list of its projects."""
        return address({"programme": self.its.id})

    @property
    def budget_words(self) -> str:
        """The budget of its projects in billions."""
        return billions(self.now.budget)

    @property
    def paid_words(self) -> str:
        """What was paid, in billions."""
        return billions(self.now.paid)


@dataclass(frozen=True, slots=True)
class Count:
    """A figure of a programme: its words, the sign, the list behind it, and what it was at the earlier day."""

    words: str
    kind: str
    now: int
    url: str
    then: int | None

    @property
    def note(self) -> str:
        """What it was then; empty where nothing is compared."""
        return "" if self.then is None else _("khi đó %(n)s") % {"n": dong(self.then)}


@dataclass(frozen=True, slots=True)
class Money:
    """A source of money in a programme, in VND: resolved, budgeted by its projects, paid, and both then."""

    words: str
    resolved: Decimal
    budget: Decimal
    paid: Decimal
    before: Decimal | None
    paid_before: Decimal | None

    @property
    def resolved_words(self) -> str:
        """What the programme gives, in billions."""
        return billions(self.resolved)

    @property
    def budget_words(self) -> str:
        """What its projects plan, in billions."""
        return billions(self.budget)

    @property
    def paid_words(self) -> str:
        """What was paid, in billions."""
        return billions(self.paid)

    @property
    def change(self) -> str:
        """What its projects planned then."""
        return _("khi đó %(n)s") % {"n": billions(self.before or 0)}

    @property
    def paid_change(self) -> str:
        """What was paid then."""
        return _("khi đó %(n)s") % {"n": billions(self.paid_before or 0)}


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """The programmes that the person may see, each with its figures."""
    person = request.person
    if not person.may(queries.SEE):
        raise Http404
    its = [queries.programme_of(row) for row in queries.programmes_seen(person)[:100]]
    counted = queries.tallies(person, [it.id for it in its], today())
    lines = [Line(it, counted.get(it.id, queries.Tally())) for it in its]
    context = {"lines": lines, "tabs": tabs(person, LIST), "directs": directs(person, person.province)}
    return render(request, "works/programmes.html", context)


def directs(person: Person, province: str | None) -> bool:
    """Whether the person directs the means of a province."""
    return province is not None and decide(person, actions.DIRECT, Scope.of(province)).allowed


def programme_of(request: Request, subject: UUID) -> Programme:
    """The programme. Raises `Http404` also where it is merely not to be seen."""
    its = queries.programme(request.person, subject)
    if its is None:
        raise Http404
    return its


@require_safe
@signed_in
def one(request: Request, subject: UUID) -> HttpResponse:
    """A programme: figures that lead to the list, money by source, by year and by unit, and the drawing."""
    programme, person, at = programme_of(request, subject), request.person, timezone.now()
    day, against = day_of(at), earlier(request.GET.get("against", ""), at)
    its = queries.of_programme(person, subject)
    stood = figures.then(its, against) if against else {}
    now = figures.figures((it.now for it in its), day)
    before = figures.figures(stood.values(), against) if against else None
    by_unit = figures.by_unit(its, day)
    units = unit_names({it.unit for it in its})
    drawn = chart(its, day, stood)
    context = {
        "its": programme, "counts": counts(subject, now, before), "now_figures": now, "against": against,
        "money": money(programme, now, before),
        "years": [(it, billions(it.cost)) for it in figures.years(its)], "plans": plans(person), "chart": drawn,
        "bars": [
            (bar, units.get(bar.unit, bar.unit), bar_words(bar), slip_words(bar.slip))
            for bar in (drawn.bars if drawn else ())
        ],
        "by_unit": [
            (code, units.get(code, code), it, billions(it.planned_sum), billions(it.paid_sum))
            for code, it in by_unit.items()
        ],
        "list": address({"programme": subject}), "directs": directs(person, programme.province),
        "tabs": tabs(person, LIST), "now": at, "day": day, "whole": len(its) < queries.MOST,
    }  # fmt: skip
    return render(request, "works/programme.html", context)


def bar_words(bar: Bar) -> str:
    """A bar in words, for who does not see it."""
    words = _("%(name)s: khởi công %(start)s, xong %(end)s, %(state)s") % {
        "name": bar.name, "start": day_words(bar.start), "end": day_words(bar.end),
        "state": states()[bar.state].lower(),
    }  # fmt: skip
    return ", ".join(part for part in (words, slip_words(bar.slip)) if part)


def counts(subject: UUID, now: Figures, before: Figures | None) -> list[Count]:
    """The figures, each with the list of exactly what it counts."""

    def count(words: str, kind: str, read: Callable[[Figures], int], **params: str) -> Count:
        url = address({"programme": subject, **params})
        return Count(words, kind, read(now), url, read(before) if before else None)

    found = [count(states()[code], kind, partial(_of_state, code), state=code) for code, kind in SIGNS]
    late = count(_("Chậm"), "late", lambda its: its.late, late="1")
    over = count(_("Trả vượt dự toán"), "late", lambda its: its.over, money="over")
    return [*found[:3], late, *(it for it in (*found[3:], over) if it.now or it.then)]


def _of_state(code: State, its: Figures) -> int:
    return its.states.get(code, 0)


def money(programme: Programme, now: Figures, before: Figures | None) -> list[Money]:
    """Each source that is used, with what the programme gives, what its projects plan, and what was paid."""

    def used(source: Purse) -> bool:
        return any(it.get(source) for it in (programme.budget, now.budget, now.paid))

    return [
        Money(
            purses()[it], programme.budget.get(it, ZERO), now.budget.get(it, ZERO), now.paid.get(it, ZERO),
            before.budget.get(it, ZERO) if before else None, before.paid.get(it, ZERO) if before else None,
        )
        for it in PURSES
        if used(it)
    ]  # fmt: skip


@require_safe
@signed_in
def pdf(request: Request, subject: UUID) -> HttpResponse:
    """The programme over time on A4 across."""
    programme, at = programme_of(request, subject), timezone.now()
    against = earlier(request.GET.get("against", ""), at)
    its: Sequence[Project] = queries.of_programme(request.person, subject)
    content = printing.programme(programme, its, at=at, against=against)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="chuong-trinh.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: Request) -> HttpResponse:
    """Founds a programme of the person's province."""
    if not directs(request.person, request.person.province):
        raise Http404
    return _written(request, None, request.person.province or "")


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: Request, subject: UUID) -> HttpResponse:
    """Says anew what a programme is."""
    its = programme_of(request, subject)
    if not directs(request.person, its.province):
        raise Http404
    return _written(request, its, its.province)


def _written(request: Request, its: Programme | None, province: str) -> HttpResponse:
    form = forms.ProgrammeForm(request.POST or None, its=its, today=today())
    if form.is_valid() and (subject := _resolved(request, form, its, province)):
        messages.success(request, _("Đã ghi chương trình."))
        return redirect("works:programme", subject)
    context = {"form": form, "its": its, "tabs": tabs(request.person, LIST)}
    return render(request, "works/programme_form.html", context, status=422 if form.is_bound else 200)


def _resolved(
    request: Request, form: forms.ProgrammeForm, its: Programme | None, province: str
) -> UUID | None:
    given = form.cleaned_data
    subject = its.id if its else uuid5(given["entry_id"], "programme")
    try:
        with writing(
            request.person, at=timezone.now(), subjects=[subject], units=[province], channel="reference"
        ) as pen:
            actions.resolve(
                pen, entry_id=given["entry_id"], subject=subject, province=province, name=given["name"],
                first=given["first"], last=given["last"], paper=given["paper"], target=given["target"], sums=form.sums,
            )  # fmt: skip
            return subject
    except FAULTS as fault:
        blame(form, fault)
    return None
