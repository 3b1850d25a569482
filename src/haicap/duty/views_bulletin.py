"""The daily bulletin: of a unit, of a province; what stands behind each figure; the page that is signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haicap.clocks.models import Owed
from haicap.clocks.wall import read_day
from haicap.duty import bulletin, printing, queries, ruling
from haicap.duty.counting import CODES, Scope, behind
from haicap.duty.entries import BulletinIssued, Commune
from haicap.duty.fold import Bulletin
from haicap.duty.models import LineRow
from haicap.duty.showing import case_words, length, sort_words
from haicap.duty.window import WEEKS, Window, newest, window_of
from haicap.duty.words import figure_words
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.drafts import is_uuid
from haicap.matters.law import law
from haicap.matters.queries import unit_names
from haicap.matters.showing import Names, in_words
from haicap.matters.views import newest as newest_edition
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units.fold import Unit
from haicap.units.models import UnitRow
from haicap.units.queries import unit_of
from haicap.units.rights import Person, Refused, decide
from haicap.units.rights import Scope as Where
from haicap.units.sign_in import Request, signed_in

PER_PAGE = 50
SHOWN = 12  # communes, incidents on the page
LATE = {
    "overdue-unit": "late",
    "overdue-province": "late",
    "quick-late": "late",
    "due": "soon",
    "overdue-third": "hold",
}
WHENS = ("now", "before", "usual")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose bulletin of which day, by an address."""

    scope: Scope
    unit: Unit
    window: Window
    over: bool

    def query(self, **more: object) -> str:
        """The address's parameters, and further ones."""
        return urlencode({"unit": self.scope.code, "day": self.window.day.isoformat(), **more})


def _asked(request: Request) -> Asked:
    """What the address asks for; without a unit the person's own, or their province. Raises `Http404`."""
    person, at = request.person, timezone.now()
    whole = province_of(person)
    code = request.GET.get("unit", "") or whole or (person.unit if person.may("duty.see") else "")
    row = UnitRow.objects.filter(code=code, closed=None).first()
    if row is None or not decide(person, "duty.see", Where.of(code)).allowed or row.level == "ministry":
        raise Http404
    unit = unit_of(row)
    if unit.level == "department" or (unit.level == "province" and code != whole):
        raise Http404
    rulings = ruling.editions(unit.province)
    last = newest(at, rulings)
    day = read_day(request.GET.get("day", ""))
    window = window_of(day, rulings) if day else last
    if window.until > last.until + timedelta(days=1):
        raise Http404
    scope = Scope(person, code, unit.province, unit.level == "province")
    return Asked(scope, unit, window, window.until <= at)


def province_of(person: Person) -> str:
    """The province whose bulletin the person sees as a whole; empty for others."""
    rights = (right for right in person.rights if right.allows("duty.see") and right.over == "province")
    return next((right.province or "" for right in rights if person.may("board.see")), "")


@require_safe
@signed_in
def page(request: Request) -> HttpResponse:
    """The bulletin as it was signed, or as entries and rows tell it; every figure leads to what it counts."""
    asked = _asked(request)
    signed = bulletin.issued(asked.scope, asked.window.day)
    said = signed.said if signed else bulletin.made(asked.scope, asked.window)
    names = Names(unit_names(said.named))
    may_issue = asked.over and decide(request.person, "duty.issue", Where.of(asked.scope.code)).allowed
    context = {
        "now": timezone.now(), "asked": asked, "said": said, "signed": signed, "name": _name(asked.unit),
        "rows": [_row(asked, said, code) for code in CODES], "may_issue": may_issue, "entry_id": uuid7(),
        "incidents": [(it, names.unit(it.unit), case_words(it.case)) for it in said.incidents[:SHOWN]],
        "more": _link(asked, "incidents", "now"),
        "outages": [(it, names.unit(it.unit), length(it.minutes)) for it in said.outages],
        "communes": [(it, names.unit(it.unit), _of(asked, it.unit)) for it in _first(request, said)],
        "earlier": _day(asked, -1), "later": "" if not asked.over else _day(asked, 1),
        "units": queries.units_seen(request.person) if province_of(request.person) else [],
    }  # fmt: skip
    return render(request, "duty/bulletin.html", context)


def _first(request: Request, said: BulletinIssued) -> tuple[Commune, ...]:
    """The communes to show: those in most trouble, or all that have any."""
    return said.communes if request.GET.get("all") else said.communes[:SHOWN]


def _name(unit: Unit) -> dict[str, str]:
    return {"vi": unit.name.vi, "en": unit.name.en}


def _row(asked: Asked, said: BulletinIssued, code: str) -> dict[str, Any]:
    it = next(each for each in said.figures if each.code == code)
    return {
        "code": code, "label": figure_words(code), "kind": LATE.get(code, "plain"), "now": it.now, "before": it.before,
        "usual": it.usual / WEEKS, "links": {when: _link(asked, code, when) for when in WHENS},
    }  # fmt: skip


def _link(asked: Asked, code: str, when: str) -> str:
    more = {"what": code} | ({"when": when} if when != "now" else {})
    return f"{reverse('duty:behind')}?{asked.query(**more)}"


def _of(asked: Asked, unit: str) -> str:
    return f"{reverse('duty:bulletin')}?{urlencode({'unit': unit, 'day': asked.window.day.isoformat()})}"


def _day(asked: Asked, days: int) -> str:
    day = asked.window.day + timedelta(days=days)
    return f"{reverse('duty:bulletin')}?{urlencode({'unit': asked.scope.code, 'day': day.isoformat()})}"


@require_safe
@signed_in
def listed(request: Request) -> HttpResponse:
    """What a figure counts, of the day or of the day before; for what is usual the four days it comes from."""
    asked, code = _asked(request), request.GET.get("what", "")
    when = request.GET.get("when", "now")
    if code not in CODES or when not in WHENS:
        raise Http404
    context: dict[str, Any] = {
        "now": timezone.now(), "asked": asked, "label": figure_words(code), "name": _name(asked.unit),
        "back": f"{reverse('duty:bulletin')}?{asked.query()}",
    }  # fmt: skip
    if when == "usual":
        weeks = [asked.window.earlier(7 * n) for n in range(1, WEEKS + 1)]
        days = [(it, behind(asked.scope, code, it).count(), _then(asked, code, it)) for it in weeks]
        return render(request, "duty/usual.html", context | {"days": days})
    window = asked.window if when == "now" else asked.window.earlier(1)
    rows = _ordered(behind(asked.scope, code, window))
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(str(form), columns(), _lines(rows, window), figure_words(code))
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "duty/behind.html", context | {"page": found, "lines": _lines(found, window), "window": window}
    )  # fmt: skip


@require_safe
@signed_in
def owing(request: Request) -> HttpResponse:
    """The limits of a unit's matters that are over, or that end in the next 24 hours (`due=overdue`, `next`)."""
    person, at, unit = request.person, timezone.now(), request.GET.get("unit", "")
    row = UnitRow.objects.filter(code=unit, closed=None).first()
    which = {
        "overdue": (None, at, _("Thời hạn của đơn vị đã quá")),
        "next": (at, at + queries.NEXT, _("Thời hạn của đơn vị trong 24 giờ tới")),
    }
    if (
        row is None
        or request.GET.get("due") not in which
        or not decide(person, "duty.see", Where.of(unit)).allowed
    ):
        raise Http404
    since, until, label = which[request.GET["due"]]
    rows = queries.owing(person, unit).filter(due__lt=until)
    rows = _ordered(rows.filter(due__gte=since) if since else rows)
    window = Window(since or at, until)
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(str(form), columns(), _lines(rows, window), label)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "now": at, "label": label, "name": {"vi": row.name, "en": row.name_en}, "page": found,
        "lines": _lines(found, window), "back": f"{reverse('duty:shift')}?unit={unit}",
    }  # fmt: skip
    return render(request, "duty/behind.html", context)


def _then(asked: Asked, code: str, window: Window) -> str:
    given = {"unit": asked.scope.code, "day": window.day.isoformat(), "what": code}
    return f"{reverse('duty:behind')}?{urlencode(given)}"


def _ordered(rows: QuerySet[Any]) -> QuerySet[Any]:
    order = {LineRow: ("happened", "id"), Owed: ("due", "number", "subject", "place")}
    return rows.order_by(*order.get(rows.model, ("received", "number", "id")))


def columns() -> list[Column]:
    """What such a list that is taken away holds."""
    return [
        Column("number", _("Số"), 24),
        Column("title", _("Nội dung"), 60),
        Column("kind", _("Loại"), 30),
        Column("unit", _("Đơn vị"), 32),
        Column("at", _("Lúc"), 18, "moment"),
    ]


def _lines(rows: Iterable[Any], window: Window) -> list[dict[str, Any]]:
    found = list(rows)
    names = Names(unit_names(_holder(row) for row in found))
    return [_line(row, names, window) for row in found]


def _holder(row: Any) -> str | None:
    return row.unit if isinstance(row, LineRow) else row.holder


def _line(row: Any, names: Names, window: Window) -> dict[str, Any]:
    if isinstance(row, LineRow):
        kind = case_words(row.case) or sort_words(row.sort)
        text = queries.line_of(row).as_of(window.until).text
        url = reverse("duty:id", args=[row.pk])
        return {
            "number": "",
            "title": text,
            "kind": kind,
            "unit": names.unit(row.unit),
            "at": row.happened,
            "url": url,
        }
    edition = newest_edition(law(), row.procedure)
    kind = in_words(edition.name) if edition else row.procedure
    subject, at = (row.subject, row.due) if isinstance(row, Owed) else (row.pk, row.ended or row.received)
    return {
        "number": row.number, "title": row.title or kind, "kind": kind, "unit": names.unit(row.holder), "at": at,
        "url": reverse("matters:id", args=[subject]),
    }  # fmt: skip


@require_safe
@signed_in
def printed(request: Request) -> HttpResponse:
    """The bulletin on one A4 page: as signed, or, unsigned, as it is now."""
    asked = _asked(request)
    signed = bulletin.issued(asked.scope, asked.window.day)
    said = signed.said if signed else bulletin.made(asked.scope, asked.window, synthetic=_synthetic())
    return _pdf(asked, said, signed)


def _pdf(asked: Asked, said: BulletinIssued, signed: Bulletin | None) -> HttpResponse:
    pdf = printing.bulletin(said, signed=signed is not None)
    name = f"ban-tin-{asked.scope.code}-{said.day.isoformat()}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(pdf, "application/pdf", headers=headers)


def _synthetic() -> bool:
    return bool(getattr(settings, "DEMO", False))


@require_POST
@signed_in
def sign(request: Request) -> HttpResponse:
    """Sign a bulletin whose day is over: from now on it stays as it is."""
    asked = _asked(request)
    if not is_uuid(request.POST.get("entry_id")):
        raise Http404
    said = bulletin.made(asked.scope, asked.window, synthetic=_synthetic())
    subject = bulletin.bulletin_id(said.unit, said.whole, said.day)
    try:
        with writing(request.person, at=timezone.now(), subjects=[subject], units=[said.unit]) as pen:
            bulletin.issue(pen, entry_id=UUID(request.POST["entry_id"]), scope=asked.scope, said=said)
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    except bulletin.NotOver:
        raise Http404 from None
    return redirect(f"{reverse('duty:bulletin')}?{asked.query()}")
