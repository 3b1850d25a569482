"""Who may do what, written once.

`reach` says how far a person's rights for an action go, as plain data; `decide` tests one scope against it
and names the grant that it stands on; `visible` makes the WHERE of lists from it; the database's row-level
policies read the same data from a setting of the session (`RLS_ACTION`).
"""

import json
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from haicap.journal.reference import newest
from haicap.units import lookups as lookups  # its comparisons are registered
from haicap.units.entries import GrantGiven, Over, Role
from haicap.units.fold import Post, posts
from haicap.units.models import Bearer, OfficerRow, PostRow, UnitRow

M = TypeVar("M", bound=Model)
RLS_ACTION = "matter.see"  # what the session's reach in the database is made of
REACHES = {
    "means": "means.see",
    "staff": "staff.see",
}  # and its further reaches, by the sort that tables name
SETTING = "SELECT set_config('haicap.reach', %s, false)"


@dataclass(frozen=True, slots=True)
class Right:
    """One grant in force, through a post that the person holds or stands in for."""

    grant: UUID
    post: UUID
    role: Role
    unit: str
    actions: tuple[str, ...]
    over: Over
    kinds: tuple[str, ...] | None
    units: frozenset[str]  # the codes that `over` comes to today, predecessors included; empty for the nation
    province: str | None = None  # the province that `over` comes to as a whole

    def allows(self, action: str) -> bool:
        """Whether the action, or `room.*`, is among those granted."""
        return action in self.actions or f"{action.split('.')[0]}.*" in self.actions


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, with all rights in force that day."""

    id: UUID
    name: str
    account: str
    post_name: str
    unit: str
    unit_name: str
    province: str | None
    province_name: str
    rights: tuple[Right, ...]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the posts held or stood in for."""
        return frozenset(right.role for right in self.rights)

    @property
    def units(self) -> frozenset[str]:
        """The units of those posts."""
        return frozenset(right.unit for right in self.rights)

    @property
    def serves(self) -> frozenset[str]:
        """Those units and the ones that were merged into them: whose work is theirs to do."""
        return self.units | frozenset(
            code for right in self.rights if right.over == "unit" for code in right.units
        )

    def may(self, action: str) -> bool:
        """Whether the person may do this anywhere at all."""
        return any(right.allows(action) for right in self.rights)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an action touches: one unit's doing, or a matter seen from each unit that has to do with it."""

    units: frozenset[str]
    kind: str | None = None

    @classmethod
    def of(cls, *units: str, kind: str | None = None) -> "Scope":
        """The scope of these units, any of which a right must cover."""
        return cls(frozenset(units), kind)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action is allowed, on which grant it stands, and the reason as a sentence."""

    allowed: bool
    grant: UUID | None
    role: Role | None
    reason: str


class Refused(Exception):
    """An action is not allowed; the decision says why."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Part:
    """Some units, a whole province where they are that, and the kinds of matter for which they are reached."""

    units: frozenset[str]
    province: str | None
    kinds: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a person's rights for one action go: everywhere, or so far as its parts."""

    everywhere: bool
    parts: tuple[Part, ...]

    @property
    def units(self) -> frozenset[str]:
        """All units reached, for whatever kind."""
        return frozenset(unit for part in self.parts for unit in part.units)

    @property
    def provinces(self) -> frozenset[str]:
        """The provinces reached as a whole."""
        return frozenset(part.province for part in self.parts if part.province)


def reach(person: Person, action: str) -> Reach:
    """How far `person` may do `action`."""
    rights = [right for right in person.rights if right.allows(action)]
    return Reach(
        any(right.over == "nation" and right.kinds is None for right in rights),
        tuple(Part(right.units, right.province, right.kinds) for right in rights),
    )


def decide(person: Person, action: str, scope: Scope, *, roles: Collection[str] | None = None) -> Decision:
    """Whether `person` may do `action` on `scope`, in one of `roles` where those are named."""
    rights = [right for right in person.rights if right.allows(action)]
    if not rights:
        return Decision(False, None, None, _("Chức vụ của bạn không có quyền làm việc này."))
    in_role = [right for right in rights if roles is None or right.role in roles]
    if not in_role:
        return Decision(False, None, None, _("Bước này thuộc chức vụ khác."))
    for right in in_role:
        if _covers(right, scope):
            return Decision(True, right.grant, right.role, _("Được giao theo chức vụ."))
    return Decision(False, None, None, _("Việc này thuộc đơn vị khác."))


def _covers(right: Right, scope: Scope) -> bool:
    if right.kinds is not None and scope.kind not in right.kinds:
        return False
    return right.over == "nation" or not right.units.isdisjoint(scope.units)


def require(decision: Decision) -> UUID:
    """The grant that an allowed decision stands on. Raises `Refused`."""
    if not decision.allowed or decision.grant is None:
        raise Refused(decision)
    return decision.grant


def visible(person: Person, action: str, rows: QuerySet[M], *, by: Iterable[str] = ("unit",)) -> QuerySet[M]:
    """The rows that `person` may do `action` on; `by` names the columns that hold units, any of which counts.

    A table with a column `province` has there the province of the file.
    """
    its = reach(person, action)
    if its.everywhere:
        return rows
    has_province = any(field.name == "province" for field in rows.model._meta.fields)
    wanted = Q(pk__in=[])
    for part in its.parts:
        here = Q(province=part.province) if has_province and part.province else Q()
        for column in by:
            here |= Q(**{f"{column}__any": part.units})
        wanted |= here if part.kinds is None else here & Q(procedure__in=part.kinds)
    return rows.filter(wanted)


def tell_database(person: Person | None, using: str = "default") -> None:
    """Let the session's row-level policies know what `person` may see; None is nothing."""
    with connections[using].cursor() as cursor:
        cursor.execute(SETTING, [_told(person)])


@lru_cache(maxsize=1000)
def _told(person: Person | None) -> str:
    """The setting of the session, as the policies read it."""
    if person is None:
        return json.dumps(_plain(Reach(False, ())))
    further = {sort: _plain(reach(person, action)) for sort, action in REACHES.items()}
    return json.dumps(_plain(reach(person, RLS_ACTION)) | further)


def _plain(its: Reach) -> dict[str, object]:
    return {"all": its.everywhere, "units": sorted(its.units), "provinces": sorted(its.provinces)}


def person_of(account: str, day: date, *, using: str = "default") -> Person | None:
    """Whoever signs in as `account`, with the rights of `day` (in Asia/Ho_Chi_Minh); None if unknown.

    One query while nothing of units, posts and rights has changed; whom it found before is kept until then.
    """
    return _person_as_of(account, day, newest(using), using)


@lru_cache(maxsize=1000)
def _person_as_of(account: str, day: date, reference: UUID | None, using: str) -> Person | None:
    officer = OfficerRow.objects.using(using).filter(account=account).first()
    return None if officer is None else _person(officer, day, using)


def _person(officer: OfficerRow, day: date, using: str) -> Person:
    in_force = Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))
    bearers = Bearer.objects.using(using).filter(in_force)
    held = list(bearers.filter(person=officer.id).values_list("subject", flat=True))
    lent = list(bearers.filter(stand_in__in=held).values_list("subject", flat=True)) if held else []
    rows = PostRow.objects.using(using).in_bulk([*held, *lent])
    its = [posts.form.validate_python(rows[post].state) for post in (*held, *lent) if post in rows]
    its = [post for post in its if post.closed is None or post.closed > day]
    names = _units_named({code for post in its for code in (post.unit, post.province) if code}, using)
    rights = tuple(right for post in its for right in _rights(post, day, using))
    first = its[0] if its else None
    return Person(
        id=officer.id,
        name=officer.name,
        account=officer.account,
        post_name=first.vi if first else "",
        unit=first.unit if first else "",
        unit_name=names.get(first.unit, "") if first else "",
        province=first.province if first else None,
        province_name=names.get(first.province or "", "") if first else "",
        rights=rights,
    )


def _rights(post: Post, day: date, using: str) -> Iterable[Right]:
    for grant in post.grants:
        if grant.since <= day and (grant.until is None or grant.until > day):
            units = units_over(grant.over, post.unit, post.province, using)
            whole = post.province if grant.over == "province" else None
            yield Right(
                grant.id, post.id, post.role, post.unit, grant.actions, grant.over, grant.kinds, units, whole
            )  # fmt: skip


def _units_named(codes: Collection[str], using: str) -> dict[str, str]:
    return dict(UnitRow.objects.using(using).filter(code__in=codes).values_list("code", "name"))


def units_over(over: Over, unit: str, province: str | None, using: str) -> frozenset[str]:
    """The codes that a post's grant covers today, predecessors included; empty for the nation."""
    if over == "nation":
        return frozenset()
    rows = UnitRow.objects.using(using)
    if over == "province":
        within = Q(province=province) | Q(code=province)
        return frozenset(rows.filter(within).values_list("code", flat=True))
    return frozenset({unit, *_predecessors({unit}, rows)})


def _predecessors(codes: set[str], rows: QuerySet[UnitRow]) -> set[str]:
    before = set(rows.filter(successor__in=codes).values_list("code", flat=True))
    return before | (_predecessors(before, rows) if before else set())


@cache
def standard_grants() -> dict[Role, tuple[dict[str, Any], ...]]:
    """What a post of each role is granted at its opening, as `data/roles.toml` has it."""
    table = tomllib.loads((Path(__file__).parent / "data" / "roles.toml").read_text(encoding="utf-8"))
    found: dict[Role, tuple[dict[str, Any], ...]] = {}
    for row in table["grant"]:
        found[row["role"]] = (*found.get(row["role"], ()), row)
    return found


def standard_bodies(role: Role, since: date, unit: str) -> list[GrantGiven]:
    """The grants of a new post of this role in `unit`; some are for certain departments alone."""
    department = unit.partition("-")[2]
    return [
        GrantGiven(actions=tuple(row["actions"]), over=row["over"], since=since)
        for row in standard_grants().get(role, ())
        if not row.get("departments") or department in row["departments"]
    ]
