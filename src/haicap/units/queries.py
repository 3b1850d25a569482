"""The questions that pages ask of units, posts and people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from haicap.journal.entry import Entry as Told
from haicap.journal.entry import read
from haicap.journal.kinds import KINDS
from haicap.journal.models import Entry, Stream
from haicap.units import entries, register
from haicap.units.fold import Post, Tenure, Unit, posts, units
from haicap.units.models import Bearer, OfficerRow, PostRow, UnitRow
from haicap.units.register import Territory

TOLD = tuple(kind for kind, its in KINDS.items() if its.body.__module__ == entries.__name__)
"""The kinds of entry that a unit's history tells: this room's own."""
LISTED = ("code", "name", "name_en", "level", "sort", "parent", "province", "remote", "resolved", "closed")


@dataclass(frozen=True, slots=True)
class Below:
    """A province in the tree, and how many departments and commune-level units work in it."""

    row: UnitRow
    departments: int
    communes: int


@dataclass(frozen=True, slots=True)
class Held:
    """A post with its holder of today (None: vacant) and the names behind all identifiers in it."""

    post: Post
    now: Tenure | None
    names: dict[UUID, str]
    posts: dict[UUID, str]

    @property
    def holder(self) -> str:
        """The name of whoever holds it today; empty where it is vacant."""
        return self.names.get(self.now.person, "") if self.now else ""


def listed() -> QuerySet[UnitRow]:
    """Units with the columns that lists need, in Vietnamese order."""
    return UnitRow.objects.only(*LISTED)


def one(code: str) -> UnitRow | None:
    """The row of the unit with this code."""
    return UnitRow.objects.filter(code=code).first()


def unit_of(row: UnitRow) -> Unit:
    """The unit behind its row, without a query."""
    return units.form.validate_python(row.state, strict=False)


def unit_now(code: str) -> Unit:
    """The unit with this code as it is now. Raises `Http404`. One query."""
    return unit_of(get_object_or_404(UnitRow, code=code))


def provinces() -> list[Below]:
    """The provinces of today with what works below them. Two queries."""
    counted = (
        UnitRow.objects.filter(closed=None).order_by().values("province", "level").annotate(n=Count("pk"))
    )
    counts = {(it["province"], it["level"]): it["n"] for it in counted}
    place = {it.code: place for place, it in enumerate(register.provinces())}  # by short names
    found = listed().filter(level="province", closed=None)
    rows = sorted(found, key=lambda row: place.get(row.code, len(place)))
    return [
        Below(row, counts.get((row.code, "department"), 0), counts.get((row.code, "commune"), 0))
        for row in rows
    ]


def below(code: str) -> dict[str, list[UnitRow]]:
    """The open units directly below one, by level. One query."""
    found: dict[str, list[UnitRow]] = defaultdict(list)
    for row in listed().filter(parent=code, closed=None):
        found[row.level].append(row)
    return dict(found)


def names(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of units by code, in the active language. One query."""
    column = "name_en" if (get_language() or "vi").startswith("en") else "name"
    wanted = {code for code in codes if code}
    return dict(UnitRow.objects.filter(code__in=wanted).values_list("code", column))


def acting(rows: QuerySet[PostRow]) -> QuerySet[PostRow]:
    """Of posts those with rights of their own; the others are places of the establishment, and do not sign in."""
    return rows.exclude(state__grants=[])


def held(code: str, day: date, *, plain: bool = True) -> list[Held]:
    """The posts of a unit that are open on `day` with their holders of then, highest role first. Three queries.

    Without `plain` only those that have rights.
    """
    rows = PostRow.objects.filter(unit=code)
    its = [posts.form.validate_python(row.state, strict=False) for row in (rows if plain else acting(rows))]
    return _held([it for it in its if it.opened <= day and (it.closed is None or it.closed > day)], day)


def held_post(post: UUID, day: date) -> Held | None:
    """One post as `held` has it."""
    row = PostRow.objects.filter(pk=post).first()
    return _held([posts.form.validate_python(row.state, strict=False)], day)[0] if row else None


def _held(its: list[Post], day: date) -> list[Held]:
    people = {tenure.person for post in its for tenure in post.tenures}
    others = {delegation.to for post in its for delegation in post.delegations}
    known = dict(OfficerRow.objects.filter(pk__in=people).values_list("pk", "name"))
    called = dict(PostRow.objects.filter(pk__in=others).values_list("pk", "name"))
    rows = [Held(post, _now(post, day), known, called) for post in its]
    return sorted(rows, key=lambda it: (RANK.get(it.post.role, 9), it.post.vi))


RANK = {
    role: rank
    for rank, role in enumerate(
        (
            "director",
            "department-head",
            "leader",
            "department-officer",
            "officer",
            "clerk",
            "auditor",
            "operator",
        )
    )
}


def _now(post: Post, day: date) -> Tenure | None:
    in_force = (it for it in post.tenures if it.since <= day and (it.until is None or it.until > day))
    return next(in_force, None)


def written(code: str, most: int) -> list[Told[Any]]:
    """The newest entries about a unit, its posts and people, newest first. One query."""
    streams = Stream.objects.filter(unit=code, channel="reference").values(
        "id"
    )  # entries have no index by unit
    plain = PostRow.objects.filter(unit=code, state__grants=[]).values("id")  # told on the page of its people
    in_them = Bearer.objects.filter(subject__in=plain).exclude(person=None).values("person")
    rows = Entry.objects.filter(stream__in=streams).exclude(subject__in=plain).exclude(subject__in=in_them)
    rows = rows.filter(kind__in=TOLD).order_by("-at", "-seq")[:most]
    return [read(row.stream_id, row.seq, row.unit, bytes(row.payload)) for row in rows]


def people(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of people by id. One query."""
    return dict(OfficerRow.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def posts_named(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of posts by id. One query."""
    return dict(PostRow.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def standing_in(post: UUID, code: str) -> list[tuple[str, str]]:
    """The other open posts of the unit, that could stand in for this one: id and name."""
    rows = acting(PostRow.objects.filter(unit=code)).exclude(pk=post)
    return [(str(row.pk), row.name) for row in rows if row.state and not row.state.get("closed")]


def officer(account: str) -> OfficerRow | None:
    """Whoever signs in as `account`."""
    return OfficerRow.objects.filter(account=account).first()


def account_of(person: UUID) -> str:
    """The sign-in name of somebody who is known."""
    return OfficerRow.objects.values_list("account", flat=True).get(pk=person)


def holds_a_post(person: UUID) -> bool:
    """Whether a post names this person."""
    return Bearer.objects.filter(person=person).exists()


def territories(row: UnitRow) -> list[Territory]:
    """What the register knows of the territories that a unit serves; codes that it does not know are left out."""
    known = {it.code: it for it in register.territories_of(row.province or "")}
    return [known[code] for code in unit_of(row).territories if code in known]
