"""The questions that pages ask of staff; `units_filtered` and `people` are the meaning of their lists' addresses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from haicap.clocks.wall import read_day
from haicap.journal.entry import Entry
from haicap.journal.reference import newest
from haicap.matters.queries import told as told_of
from haicap.means.staff.actions import establishment_id, record_id
from haicap.means.staff.fold import Establishment, Record, establishments, records
from haicap.means.staff.models import EstablishmentRow, RecordRow, SecondedRow
from haicap.means.staff.sorts import qualifications
from haicap.means.staff.strength import IN_FORCE, KNOWN, PLACED, SEE, Strength, counted, scope, within
from haicap.units.fold import Post, posts
from haicap.units.models import Bearer, OfficerRow, PostRow, UnitRow
from haicap.units.rights import Person, Scope, decide, visible
from haicap.units.vietnamese import fold, sort_key

SOON = 90  # days within which an end is near
LEVELS = ("commune", "department", "province")
WHERE = ("present", "out", "come")
STATES = ("in-force", "expired", "expiring", "none")
HOW = ("running", "ending", "coming", "ended")


def day_asked(params: Mapping[str, str], today: date) -> date:
    """The day that a list speaks of: `at` of its address, or today."""
    return read_day(params.get("at", "")) or today


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its strength."""

    code: str
    name: str
    level: str
    order: str
    its: Strength


def units_filtered(person: Person, params: Mapping[str, str], *, at: date) -> list[Line]:
    """The units whose staff `person` may see and that fit an address, with their strength on the day `at`. Two queries.

    - `q`: every word, folded, is in the unit's names; `level`: `commune`, `department`; `province`: a code
    - `state`: `short` (posts not held), `full`, `over`, `empty` (nobody), `unset` (no establishment)
    - `lacks`: a qualification of which fewer are present than the establishment asks for
    Units that had begun by then and had not ended. Nothing that is empty or unknown narrows.
    """
    codes = within(person, None)
    rows = UnitRow.objects.filter(level__in=LEVELS, opened__lte=at).filter(Q(closed=None) | Q(closed__gt=at))
    if codes is not None:
        rows = rows.filter(code__in=codes)
    for word in fold(params.get("q", "")).split():
        rows = rows.filter(words__contains=word)
    for name in ("level", "province"):
        if value := params.get(name, "").strip():
            rows = rows.filter(**{name: value})
    figures = counted(codes, at)
    its = [
        Line(code, name, level, order, figures.get(code, Strength(code)))
        for code, name, level, order in rows.values_list("code", name_column(), "level", "order")
    ]
    return [it for it in its if _fits(it.its, params)]


def name_column() -> str:
    """The column that holds the names of units in the active language."""
    return "name_en" if (get_language() or "vi").startswith("en") else "name"


STANDS: Mapping[str, Callable[[Strength], bool]] = {
    "short": lambda it: it.vacant > 0,
    "full": lambda it: it.established is not None and it.held == it.established,
    "over": lambda it: it.established is not None and it.held > it.established,
    "empty": lambda it: it.held == 0,
    "unset": lambda it: it.established is None,
}


def _fits(it: Strength, params: Mapping[str, str]) -> bool:
    state, lacks = params.get("state", ""), params.get("lacks", "")
    return (state not in STANDS or STANDS[state](it)) and (not lacks or it.short(lacks) > 0)


SORTS: Mapping[str, Callable[[Line], Any]] = {
    "unit": lambda it: it.order,
    "established": lambda it: it.its.established or 0,
    "held": lambda it: it.its.held,
    "rate": lambda it: it.its.rate if it.its.rate is not None else -1,
    "vacant": lambda it: it.its.vacant,
    "out": lambda it: it.its.out,
    "come": lambda it: it.its.come,
    "present": lambda it: it.its.present,
}


def units_in_order(its: Iterable[Line], sort: str) -> list[Line]:
    """Units in the order of `sort`, a key of `SORTS` or `lacks-<kind>`, with or without `-`; else communes by name."""
    key = sort.removeprefix("-")
    found = sorted(its, key=lambda it: (LEVELS.index(it.level), it.order, it.code))
    if key.startswith("lacks-"):
        kind = key.removeprefix("lacks-")
        return sorted(found, key=lambda it: it.its.short(kind), reverse=sort.startswith("-"))
    return sorted(found, key=SORTS[key], reverse=sort.startswith("-")) if key in SORTS else found


@dataclass(frozen=True, slots=True)
class Placed:
    """An officer in a post, and where seconded to until the day before `back`."""

    person: UUID
    name: str
    post: UUID
    post_name: str
    unit: str
    since: date
    to_unit: str | None
    back: date | None


PEOPLE = f"""
WITH {PLACED}
SELECT placed.person, officer.name, placed.post, coalesce(post.state->>%(lang)s, ''), placed.unit, placed.since,
    placed.to_unit, placed.back, count(*) OVER ()
FROM placed JOIN units_officerrow officer ON officer.id = placed.person
LEFT JOIN units_postrow post ON post.id = placed.post
"""
PEOPLE_SORTS = {
    "unit": "placed.unit", "since": "placed.since", "back": "placed.back", "post": "post.name",
    "name": "officer.name",
}  # fmt: skip


def people(
    person: Person, params: Mapping[str, str], *, at: date, lang: str, first: int = 0, most: int | None = None
) -> tuple[list[Placed], int]:
    """The officers that `person` may see and that fit an address on the day `at`, and how many there are. One query.

    - `unit`: whoever holds a post there; with `where=present` whoever is there that day, `out` seconded away, `come`
      seconded there; without a unit `out` and `come` are all who are seconded
    - `q`: every word, folded, is in the name
    - `kind`: has, or had and did not lose, this qualification; `state`: `in-force`, `expired`, `expiring` within 90
      days, `none` (not in force); without a kind these hold of any
    """
    conditions, values = _narrowed(person, params)
    codes = scope(person)
    values |= {"units": codes, "day": at, "soon": at + timedelta(days=SOON), "lang": lang}
    lead = PEOPLE_SORTS.get(params.get("sort", "").removeprefix("-"), "placed.unit")
    turn = "DESC" if params.get("sort", "").startswith("-") else "ASC"
    order = f"ORDER BY {lead} {turn} NULLS LAST, placed.unit, officer.name, placed.person"
    statement = f"{PEOPLE} WHERE {' AND '.join(conditions)} {order}"
    if most is not None:
        statement += " LIMIT %(most)s OFFSET %(first)s"
        values |= {"most": most, "first": first}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [Placed(*row[:8]) for row in rows], rows[0][8] if rows else 0


def _narrowed(person: Person, params: Mapping[str, str]) -> tuple[list[str], dict[str, Any]]:
    where, unit = params.get("where", ""), params.get("unit", "").strip()
    kind = params.get("kind", "").strip()
    conditions: list[str] = ["true"]
    values: dict[str, Any] = {"unit": unit, "kind": kind}
    column = {"present": "placed.place", "come": "placed.to_unit"}.get(where, "placed.unit")
    if unit:
        conditions.append(f"{column} = %(unit)s")
    elif scope(person) is not None:
        conditions.append(
            "(placed.unit = ANY (%(units)s::text[]) OR placed.to_unit = ANY (%(units)s::text[]))"
        )
    if where in ("out", "come"):
        conditions.append("placed.to_unit IS NOT NULL")
    if words := fold(params.get("q", "")).split():
        conditions.append("placed.person = ANY (%(named)s)")
        values["named"] = [
            who for who, name in _folded(newest()).items() if all(word in name for word in words)
        ]
    if held := _qualified(kind, params.get("state", "")):
        conditions.append(held)
    return conditions, values


def _qualified(kind: str, state: str) -> str:
    """The condition on what somebody is qualified for; empty where none is asked."""
    if not kind and state not in STATES:
        return ""
    mine = "SELECT 1 FROM means_qualifiedrow q WHERE q.person = placed.person" + (
        " AND q.sort = %(kind)s" if kind else ""
    )
    return {
        "in-force": f"EXISTS ({mine} AND {IN_FORCE})",
        "none": f"NOT EXISTS ({mine} AND {IN_FORCE})",
        "expired": f"EXISTS ({mine} AND {KNOWN} AND q.until <= %(day)s)",
        "expiring": f"EXISTS ({mine} AND {IN_FORCE} AND q.until <= %(soon)s)",
    }.get(state, f"EXISTS ({mine} AND {KNOWN})")


@lru_cache(maxsize=2)
def _folded(reference: UUID | None) -> Mapping[UUID, str]:
    """The folded names of all people, kept until `reference` moves."""
    return {who: fold(name) for who, name in OfficerRow.objects.values_list("pk", "name")}


def people_url(**asked: str) -> str:
    """The list of people of an address."""
    return f"{reverse('staff:people')}?{urlencode({name: it for name, it in asked.items() if it})}"


def held_url(unit: str, kind: str) -> str:
    """The list that holds exactly those whom `strength.held` counts as all of a kind at a unit."""
    asked = {"unit": unit, "where": "present"}
    return people_url(**asked if kind not in qualifications() else asked | {"kind": kind})


def records_of(people: Iterable[UUID]) -> dict[UUID, Record]:
    """The files of these people by person, as far as the session may see them. One query."""
    wanted = set(people)
    rows = RecordRow.objects.filter(person__in=wanted).only("state", "person") if wanted else ()
    return {row.person: records.form.validate_python(row.state, strict=False) for row in rows}


def secondments(person: Person, params: Mapping[str, str], *, at: date) -> QuerySet[SecondedRow]:
    """The secondments that `person` may see and that fit an address on the day `at`.

    `unit`: from or to it; `out`, `come`: from it, to it; `state`: `running`, `ending` (of these, within 90 days),
    `coming`, `ended`. Nothing that is empty or unknown narrows.
    """
    rows = visible(person, SEE, SecondedRow.objects.all(), by=("unit", "to_unit"))
    if unit := params.get("unit", "").strip():
        rows = rows.filter(Q(unit=unit) | Q(to_unit=unit))
    for name, column in (("out", "unit"), ("come", "to_unit")):
        if value := params.get(name, "").strip():
            rows = rows.filter(**{column: value})
    state = params.get("state", "")
    return rows.filter(_stands(state, at)) if state in HOW else rows


def came(unit: str, day: date) -> QuerySet[SecondedRow]:
    """Who is seconded to a unit on a day and still holds the post; those that `counted` counts. The caller has been
    judged."""
    held = Bearer.objects.filter(person=OuterRef("person"), unit=OuterRef("unit"), since__lte=day)
    rows = SecondedRow.objects.filter(to_unit=unit).filter(_stands("running", day))
    return rows.filter(Exists(held.filter(Q(until=None) | Q(until__gt=day)))).order_by("until", "subject")


def _stands(state: str, at: date) -> Q:
    running = Q(since__lte=at, until__gt=at)
    return {
        "running": running,
        "ending": running & Q(until__lte=at + timedelta(days=SOON)),
        "coming": Q(since__gt=at),
        "ended": Q(until__lte=at),
    }[state]


def secondments_in_order(rows: QuerySet[SecondedRow], sort: str) -> QuerySet[SecondedRow]:
    """In the order of `sort` (`unit`, `to_unit`, `since`, `until`), with or without `-`; else by their ends."""
    key = sort.removeprefix("-")
    if key not in ("unit", "to_unit", "since", "until"):
        return rows.order_by("until", "subject", "place")
    return rows.order_by(F(key).desc() if sort.startswith("-") else F(key).asc(), "until", "subject", "place")


def establishment(unit: str) -> Establishment | None:
    """The establishment of a unit with its editions. The caller has been judged. One query."""
    row = EstablishmentRow.objects.filter(pk=establishment_id(unit)).first()
    return establishments.form.validate_python(row.state, strict=False) if row else None


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody whose staff file `person` may see: the name, posts held and once held, what the file says."""

    id: UUID
    name: str
    posts: Sequence[tuple[Post, date, date | None]]
    record: Record | None
    today: Post | None
    writes: bool

    @property
    def unit(self) -> str:
        """The unit of the post of that day, or of the last one."""
        return self.today.unit if self.today else self.posts[-1][0].unit


def officer(person: Person, who: UUID, *, at: date) -> Officer | None:
    """An officer with the posts known to whoever may see the staff of one of their units, or of where they are
    seconded to; None for others. Four queries."""
    its = list(Bearer.objects.filter(person=who).order_by("since", "subject"))
    record = records_of([who]).get(who)
    units = {it.unit for it in its} | {
        it.to for it in (record.secondments if record else ()) if at < it.until
    }
    if not its or not decide(person, SEE, Scope.of(*units)).allowed:
        return None
    rows = PostRow.objects.in_bulk([it.subject for it in its])
    known = {pk: posts.form.validate_python(row.state, strict=False) for pk, row in rows.items()}
    held = [(known[it.subject], it.since, it.until) for it in its]
    now = next((post for post, since, until in held if since <= at and (not until or at < until)), None)
    writes = now is not None and decide(person, "staff.write", Scope.of(now.unit)).allowed
    name = OfficerRow.objects.values_list("name", flat=True).get(pk=who)
    return Officer(who, name, held, record, now, writes)


def told(subject: UUID) -> list[Entry[Any]]:
    """The entries of a file or an establishment in fold order. The caller has been judged."""
    return told_of(subject)


def history_of(who: UUID) -> list[Entry[Any]]:
    """The entries of an officer's file. The caller has been judged."""
    return told(record_id(who))


def by_name(its: Iterable[Placed]) -> list[Placed]:
    """People in the order of their given names, as lists of officers are written."""
    return sorted(
        its, key=lambda it: (sort_key(it.name.split()[-1] if it.name.split() else ""), sort_key(it.name))
    )
