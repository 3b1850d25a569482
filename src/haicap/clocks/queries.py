"""The questions that pages ask of all that is owed and of published documents.

`filtered` is the one meaning of the list's address: a figure that links to the list counts with the same
function, so that figure and list are equal.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language

from haicap.clocks.calendars import Label
from haicap.clocks.fold import Edition
from haicap.clocks.fold import documents as document_fold
from haicap.clocks.models import DocumentRow, Owed
from haicap.clocks.rooms import ROOMS
from haicap.clocks.wall import day_of, end_of, read_day, start_of
from haicap.units.models import UnitRow
from haicap.units.rights import Person, visible

SEEN_BY = ("file", "unit", "holder", "raised_by")
LEVELS = ("unit", "province", "third")
WHOSE = ("me", "mine")
NOBODY = Q(subject__in=[])
WINDOWS = ("overdue", "today", "week", "later", "paused")
SORTS: dict[str, str] = {
    "due": "due",
    "number": "number",
    "procedure": "procedure",
    "clock": "clock",
    "unit": "unit",
    "since": "since",
}


@dataclass(frozen=True, slots=True)
class Title:
    """What a document and its parts (a procedure's clocks) are called."""

    name: Label
    parts: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class Published:
    """A document with its name and all its editions, in the order of publication."""

    sort: str
    code: str
    title: Title
    editions: tuple[Edition, ...]


TITLES: dict[str, Published] = {}
"""What rooms owe that no document names, by code; each room tells its own when it is made ready."""


def running(person: Person) -> QuerySet[Owed]:
    """Every clock that runs or stands still on something that `person` may see."""
    return visible(person, "matter.see", Owed.objects.filter(met=None), by=SEEN_BY)


def window(name: str, at: datetime) -> Q:
    """The clocks whose end lies in one of `WINDOWS`, seen from `at` (aware); together these are all clocks.

    Midnight belongs to the day that it ends (Asia/Ho_Chi_Minh); `week` is the seven days from today without today.
    """
    tonight = end_of(day_of(at))
    week = tonight + timedelta(days=6)
    return {
        "overdue": Q(due__lt=at),
        "today": Q(due__gte=at, due__lte=tonight),
        "week": Q(due__gt=tonight, due__lte=week),
        "later": Q(due__gt=week),
        "paused": Q(due=None),
    }[name]


def narrowed(person: Person, params: Mapping[str, str]) -> QuerySet[Owed]:
    """What runs, by `unit` (who owes it), `room`, `procedure`, `clock`, and the days `since` and `until` of its end.

    A parameter that is empty or unreadable narrows nothing.
    """
    rows = running(person)
    for name in ("unit", "room", "procedure", "clock"):
        if value := params.get(name, "").strip():
            rows = rows.filter(**{name: value})
    if since := read_day(params.get("since", "")):
        rows = rows.filter(due__gt=start_of(since))
    if until := read_day(params.get("until", "")):
        rows = rows.filter(due__lte=end_of(until))
    return rows


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[Owed]:
    """As `narrowed`, and by `level`, `whose` and `due`; `at` is aware.

    `whose` is one of `WHOSE`: what lies with me by name, or what a unit of mine owes; without it all. `level` is one
    of `LEVELS`; without it what the service owes, never what a third party does. `due` is one of `WINDOWS`.
    """
    rows = narrowed(person, params).filter(_level(params.get("level", "")), _whose(person, params))
    due = params.get("due", "")
    return rows.filter(window(due, at)) if due in WINDOWS else rows


def in_order(rows: QuerySet[Owed], sort: str) -> QuerySet[Owed]:
    """Rows in the order of `sort`, a key of `SORTS` or one with `-` before it; nothing known: the first due first.

    What stands still comes last; ties are broken, so that pages do not overlap.
    """
    key = sort.removeprefix("-")
    lead = F(SORTS.get(key, "due"))
    down = sort.startswith("-") and key in SORTS
    first = lead.desc(nulls_last=True) if down else lead.asc(nulls_last=True)
    return rows.order_by(first, F("due").asc(nulls_last=True), "number", "subject", "place")


def figures(person: Person, params: Mapping[str, str], *, at: datetime) -> dict[str, int]:
    """How many clocks each level, each of `WHOSE` (and `all`) and each window of the list holds. One query."""
    level, whose = _level(params.get("level", "")), _whose(person, params)
    wanted = {name: level & whose & window(name, at) for name in WINDOWS}
    wanted |= {name: _level(name) & whose for name in ("ours", *LEVELS)}
    wanted |= {name: level & _whose(person, {"whose": name}) for name in ("all", *WHOSE)}
    counts = {
        f"n_{name}": Count("pk", filter=which) for name, which in wanted.items()
    }  # `unit` is a column, too
    found = narrowed(person, params).aggregate(**counts)
    return {name.removeprefix("n_"): n for name, n in found.items()}


def _whose(person: Person, params: Mapping[str, str]) -> Q:
    match params.get("whose", ""):
        case "me":
            return reduce(
                or_, (Q(room=code, subject__in=its.given(person)) for code, its in ROOMS.items()), NOBODY
            )
        case "mine":
            return Q(unit__in=sorted(person.units))
        case _:
            return Q()


def owing_units(person: Person) -> list[tuple[str, str]]:
    """The units that owe something that `person` may see: code and name, in Vietnamese order. One query."""
    owing = running(person).exclude(unit=None).values("unit")
    return list(UnitRow.objects.filter(code__in=owing).values_list("code", _name_column()))


def clocks_running(person: Person) -> list[tuple[str, str]]:
    """The pairs of procedure and clock that run somewhere. One query."""
    return list(running(person).order_by("procedure", "clock").values_list("procedure", "clock").distinct())


def unit_names(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of units by code, in the active language. One query."""
    wanted = {code for code in codes if code}
    return dict(UnitRow.objects.filter(code__in=wanted).values_list("code", _name_column()))


def published(sort: str = "", code: str = "") -> list[Published]:
    """The documents of an installation, by sort and code; of one sort or one document where those are given."""
    rows = DocumentRow.objects.order_by("sort", "code")
    rows = rows.filter(sort=sort) if sort else rows
    return [_published(row) for row in (rows.filter(code=code) if code else rows)]


def _published(row: DocumentRow) -> Published:
    its = document_fold.form.validate_python(row.state).editions
    titles = [_title(row.sort, row.code, edition.text) for edition in its]
    parts = {code: name for title in titles for code, name in title.parts.items()}
    return Published(row.sort, row.code, Title(titles[-1].name, parts), its)


@lru_cache(maxsize=512)
def _title(sort: str, code: str, text: str) -> Title:
    """Read from the text itself: what a procedure is, this room need not know to say what it is called."""
    it: dict[str, Any] = json.loads(text) if sort == "calendar" else tomllib.loads(text)
    name = it.get("name", {"vi": code, "en": code})
    parts = {part: Label(vi=rule["vi"], en=rule["en"]) for part, rule in it.get("clock", {}).items()}
    return Title(Label(**name), parts)


def _level(name: str) -> Q:
    return Q(level=name) if name in LEVELS else ~Q(level="third")


def _name_column() -> str:
    return "name_en" if (get_language() or "vi").startswith("en") else "name"
