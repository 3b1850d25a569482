"""The page of one unit: what it is and was, its ground, its posts, its matters, its history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from haicap.journal.entry import Entry
from haicap.means import overview
from haicap.papers.sheets import Column
from haicap.papers.taking import FORMS, taken_away
from haicap.units import entries as e
from haicap.units import finding, queries, words
from haicap.units import map as drawn
from haicap.units.finding import Place
from haicap.units.models import UnitRow
from haicap.units.names import unit_names
from haicap.units.queries import Held
from haicap.units.rights import Person, Scope, decide
from haicap.units.sign_in import Request, signed_in, today
from haicap.units.views import offered
from haicap.web.queries import counts

TOLD = 60  # entries of a unit's history on its page
MISSING = 5  # kinds of means that are named


@require_GET
@signed_in
def one(request: Request, code: str) -> HttpResponse:
    """The page of the unit with this code; `format` takes the units below it away."""
    row = queries.one(code)
    if row is None:
        raise Http404
    below = queries.below(code) if row.level != "commune" else {}
    if (form := request.GET.get("format")) in FORMS:
        return taken_away(form, _columns(), _lines(below), row.name)
    person, unit = request.person, queries.unit_of(row)
    known = unit_names([unit.parent, *unit.successors])
    context = {
        "row": row,
        "unit": unit,
        "sort": words.sorts().get(row.sort, row.sort),
        "parent": (unit.parent, known.get(unit.parent or "", "")),
        "successors": [(each, known.get(each, each)) for each in unit.successors],
        "territories": queries.territories(row),
        "below": below,
        "levels": words.levels(),
        "acts": offered(person, row),
        **_posts(person, row),
        **_matters(person, row),
        "means": _means(person, row),
        **_history(code),
        "map": _map(row, below),
    }
    return render(request, "web/unit.html", context)


def _posts(person: Person, row: UnitRow) -> dict[str, Any]:
    """Posts are for the unit's own people and for those who may see posts."""
    scope = Scope.of(row.code)
    if row.code not in person.units and not decide(person, "unit.see-posts", scope).allowed:
        return {"posts": None}
    plain = any(
        decide(person, right, scope).allowed for right in ("post.change", "unit.see-posts", "staff.see")
    )
    held, roles = queries.held(row.code, today(), plain=plain), words.roles()
    return {
        "posts": [_post(it, roles) for it in held],
        "changes": decide(person, "post.change", scope).allowed,
    }


def _post(it: Held, roles: dict[str, str]) -> dict[str, Any]:
    day = today()
    return {
        "held": it,
        "role": roles[it.post.role],
        "grants": words.grants_said(it.post.grants, day),
        "delegations": [
            (lent, it.posts.get(lent.to, "")) for lent in it.post.delegations if lent.until > day
        ],
    }


def _matters(person: Person, row: UnitRow) -> dict[str, Any]:
    """Figures of what the unit has to do, each with the address of the list that it counts."""
    if not person.may("matter.see") or row.level == "ministry":
        return {"figures": []}
    whose = {"province": row.code} if row.level == "province" else {}
    own = whose or ({"unit": row.code} if row.level == "commune" else {"holder": row.code})
    asked = {
        "open": own | {"open": "1"},
        "overdue": own | {"overdue": "1"},
        "third": own | {"waiting": "third"},
    }
    found = counts(person, asked, at=datetime.now(UTC))
    said = (
        ("open", _("Việc đang mở"), "plain"),
        ("overdue", _("Quá hạn"), "late"),
        ("third", _("Chờ cơ quan khác"), "hold"),
    )
    return {"figures": [(found[name].n, text, found[name].url, kind) for name, text, kind in said]}


def _means(person: Person, row: UnitRow) -> dict[str, Any] | None:
    """What the unit is short of, dearest first; None where the person does not see its means, or it has no norms."""
    if (
        row.level not in ("commune", "department")
        or not decide(person, overview.SEE, Scope.of(row.code)).allowed
    ):
        return None
    found = overview.filtered(person, {"unit": row.code}, today())
    short = overview.lines(overview.each_in_order([it for it in found if it.short], "-money"))
    money = sum(it.gap.money or 0 for it in short)
    return {"of": len(found), "short": len(short), "lines": short[:MISSING], "money": money}


def _history(code: str) -> dict[str, Any]:
    entries = queries.written(code, TOLD)
    known = words.Known(
        queries.people(_people(entries)),
        queries.posts_named(_posts_in(entries)),
        queries.names(_units_in(entries)),
    )
    return {"events": [words.event(entry, known) for entry in entries], "told": TOLD}


def _people(entries: Iterable[Entry[Any]]) -> set[Any]:
    taken = {entry.body.person for entry in entries if isinstance(entry.body, e.PostTaken)}
    return taken | {entry.actor for entry in entries}


def _posts_in(entries: Iterable[Entry[Any]]) -> set[Any]:
    lent = {entry.body.to for entry in entries if isinstance(entry.body, e.DelegationGiven)}
    return lent | {entry.subject for entry in entries}


def _units_in(entries: Iterable[Entry[Any]]) -> set[str]:
    found = set()
    for entry in entries:
        if isinstance(entry.body, e.UnitMerged):
            found.add(entry.body.into)
        elif isinstance(entry.body, e.UnitSplit):
            found.update(entry.body.into)
    return found


def _map(row: UnitRow, below: dict[str, list[UnitRow]]) -> dict[str, Any] | None:
    """The schematic map of the province with this unit's ground in it; None where it has none."""
    if row.province is None or row.level not in ("province", "commune"):
        return None
    shapes = drawn.kept(row.province, Path(settings.HOME) / "maps")
    names = unit_names(shapes.areas)
    own = set(queries.unit_of(row).territories)
    areas = [(code, names.get(code, ""), area, code in own) for code, area in shapes.areas.items()]
    return {"shapes": shapes, "areas": sorted(areas, key=lambda it: it[3])}


@require_GET
@signed_in
def taken(request: Request) -> HttpResponse:
    """The tree as its page shows it, taken away: the units that `q` finds, or the provinces and those below `open`."""
    text, form = request.GET.get("q", "").strip(), request.GET.get("format", "")
    if form not in FORMS:
        raise Http404
    shown = {"found": finding.found(text)} if text else _tree(request.GET.get("open", ""))
    return taken_away(form, _columns(), _lines(shown), _("Các đơn vị"))


def _tree(opened: str) -> dict[str, list[UnitRow]]:
    return {"province": [it.row for it in queries.provinces()], **(queries.below(opened) if opened else {})}


def _columns() -> list[Column]:
    return [
        Column("code", _("Mã"), 12),
        Column("name", _("Tên"), 40),
        Column("name_en", _("Tên tiếng Anh"), 40),
        Column("level", _("Cấp"), 12),
        Column("sort", _("Loại"), 12),
        Column("parent", _("Thuộc"), 12),
        Column("remote", _("Vùng sâu, vùng xa"), 12),
    ]


def _lines(below: Mapping[str, Sequence[UnitRow | Place]]) -> list[dict[str, object]]:
    levels, sorts, yes = words.levels(), words.sorts(), _("có")
    return [
        {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "level": levels.get(row.level, row.level),
            "sort": sorts.get(row.sort, row.sort),
            "parent": row.parent,
            "remote": yes if row.remote else "",
        }
        for rows in below.values()
        for row in rows
    ]
