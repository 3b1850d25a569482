"""Today: what is overdue, due and new for whoever is signed in, and the next step of each."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haicap.clocks.queries import published
from haicap.duty.queries import desk_of, has_bulletin
from haicap.journal.queries import verification, witnessed
from haicap.matters.conflicts.queries import waiting
from haicap.matters.conflicts.views import may_settle
from haicap.matters.law import Law, law
from haicap.matters.listing import in_order
from haicap.matters.models import MatterRow
from haicap.matters.queries import filtered, unit_names
from haicap.matters.showing import Names
from haicap.matters.views import lines
from haicap.matters.views_new import drafts_shown
from haicap.units.rights import Person
from haicap.units.sign_in import Request, signed_in, today
from haicap.web.context import address
from haicap.web.queries import Counted, counts
from haicap.web.words import weekday

MOST = 50  # rows of my own work on the page; what is overdue stands first
FURTHER = 10  # rows of each further list
MINE = {"mine": "1"}
Figure = tuple[int, str, str, str]  # count, words, address of the list, kind
LOOK_OVER = {"director", "department-head", "auditor"}  # whose commonest act is to look over all


@require_GET
@signed_in
def page(request: Request) -> HttpResponse:
    """The page for the person's posts: work for those who have some, the installation for those who run it."""
    person, at = request.person, timezone.now()
    if not person.rights:
        raise PermissionDenied(_("Tài khoản này chưa được đặt vào chức vụ nào đang có hiệu lực."))
    context: dict[str, Any] = {"now": at, "day": today(), "weekday": weekday(today()), "acts": []}
    if person.may("duty.see"):
        context |= {"desk": desk_of(person, at), "duty": True, "bulletin": has_bulletin(person)}
    if person.may("matter.see"):
        context |= _work(person, law(), at)
    if person.may("journal.verify"):
        context |= _installation()
    return render(request, "web/today.html", context)


def _work(person: Person, known: Law, at: datetime) -> dict[str, Any]:
    found, works = counts(person, _asked(person), at=at), person.may("matter.step")
    if may_settle(person):
        found["conflict"] = Counted(len(waiting(person)), reverse("conflicts:list"))
    wide = _wide(person, found)
    mine = list(in_order(filtered(person, MINE, at=at), "due")[:MOST])
    third = _further(person, {"waiting": "third"}, found["third"], at)
    nobody = _further(person, {"nobody": "1"}, found["nobody"], at) if person.province in person.units else []
    late = _further(person, {"overdue": "1"}, found["all_overdue"], at) if wide else []
    names = Names(unit_names(row.holder for row in (*mine, *third, *nobody, *late)))
    return {
        "acts": _acts(person, known, at),
        "found": found,
        "figures": _figures(found) if works and (found["open"].n or not wide) else [],
        "wide": wide,
        "mine": lines(person, mine, known, names, at),
        "third": lines(person, third, known, names, at),
        "nobody": lines(person, nobody, known, names, at),
        "late": lines(person, late, known, names, at),
        "drafts": drafts_shown(person, known, FURTHER),
        "works": works,
    }


def _asked(person: Person) -> dict[str, dict[str, str]]:
    """Every figure of the page by its list's parameters."""
    day = today()
    asked = {
        "open": MINE,
        "overdue": MINE | {"overdue": "1"},
        "due": MINE | {"due_on": day.isoformat()},
        "since": MINE | {"since": (day - timedelta(days=1)).isoformat()},
        "new": {"new": "1"},
        "conflict": {"conflict": "1"},
        "third": {"waiting": "third"},
        "nobody": {"nobody": "1"},
    }
    if _sees_province(person):
        asked |= {"all": {"open": "1"}, "all_overdue": {"overdue": "1"}}
    return asked


def _sees_province(person: Person) -> bool:
    return any(right.over != "unit" and right.allows("matter.see") for right in person.rights)


def _figures(found: dict[str, Counted]) -> list[Figure]:
    """What the person's own work comes to."""
    always = (
        ("overdue", _("Quá hạn"), "late"),
        ("due", _("Đến hạn hôm nay"), "soon"),
        ("since", _("Nhận từ hôm qua"), "plain"),
        ("new", _("Chờ đơn vị tiếp nhận"), "plain"),
    )
    return _shown(found, always)


def _wide(person: Person, found: dict[str, Counted]) -> list[Figure]:
    """What the province's work comes to, for those who see it; nothing for others."""
    if not _sees_province(person):
        return []
    always = (
        ("all", _("Việc đang mở"), "plain"),
        ("all_overdue", _("Quá hạn"), "late"),
        ("third", _("Chờ cơ quan khác"), "hold"),
    )
    return _shown(found, always)


def _shown(found: dict[str, Counted], always: Iterable[tuple[str, str, str]]) -> list[Figure]:
    """Figures that always stand there, and those that do only where there is something to see to."""
    sometimes = (
        ("conflict", _("Hai bản ghi khác nhau"), "clash"),
        ("nobody", _("Chưa rõ thẩm quyền"), "soon"),
    )
    names = (*always, *(it for it in sometimes if found[it[0]].n))
    return [(found[name].n, text, found[name].url, kind) for name, text, kind in names]


def _further(person: Person, params: dict[str, str], counted: Counted, at: datetime) -> list[MatterRow]:
    """The first rows of a list, asked for only where it has any; third parties' by their own ends."""
    if not counted.n:
        return []
    rows = filtered(person, params, at=at)
    return list(
        (rows.order_by("third_due", "number") if "waiting" in params else in_order(rows, "due"))[:FURTHER]
    )


def _acts(person: Person, known: Law, at: datetime) -> list[tuple[str, str]]:
    """Where to and in what words: the commonest act of the person's posts first, which is the primary one."""
    said = {"crime-report": _("Tiếp nhận tin báo"), "difficulty": _("Vướng mắc mới")}
    roles = {right.role for right in person.rights if right.allows("matter.raise")}
    openers = {it.code: it.opens.by for it in known.current(at)}
    acts = [(_opening(code), said[code]) for code in said if roles & set(openers.get(code, ()))]
    if person.may("board.see") and (board := address("/board/")):
        first = bool(person.roles & LOOK_OVER)
        acts.insert(0 if first else len(acts), (board, _("Bảng điều hành")))
    return acts


def _opening(code: str) -> str:
    return reverse("matters:raise", args=[code])


def _installation() -> dict[str, Any]:
    """What those who run an installation look at first: was it verified and witnessed, what was published last."""
    books = sorted(published(), key=lambda it: it.editions[-1].since, reverse=True)
    newest = [(it, it.editions[-1]) for it in books[:FURTHER]]
    return {"runs": True, "verified": verification(), "witnessed": witnessed().at, "newest": newest}
