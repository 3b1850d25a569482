"""What people can do to units, posts and rights. One call per view, command or import."""

from datetime import date
from uuid import UUID, uuid5

from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.units.entries import (
    DelegationEnded,
    DelegationGiven,
    GrantGiven,
    GrantWithdrawn,
    Label,
    Level,
    PersonRegistered,
    PostClosed,
    PostLeft,
    PostOpened,
    PostTaken,
    Role,
    UnitKind,
    UnitMarked,
    UnitMerged,
    UnitOpened,
    UnitRenamed,
    UnitServed,
    UnitSplit,
)
from haicap.units.fold import Officer, Post, Unit, officers, posts, units
from haicap.units.rights import Person, Scope, decide, require, standard_bodies

SPACE = UUID("6f0b7c2e-52a4-5d0e-9a53-0f6f2b9a7e11")  # of this project's own name-based identifiers
TWO_LEVELS = date(2025, 3, 1)  # from here on there is no level between province and commune
ABOVE: dict[Level, Level | None] = {
    "ministry": None,
    "province": "ministry",
    "department": "province",
    "commune": "province",
}


class NotTwoLevels(ValueError):
    """A unit would stand where the two-level model has no place for it."""


class Closed(ValueError):
    """The unit or post has ended and takes no further part."""


def unit_id(code: str) -> UUID:
    """The subject of the unit with this code."""
    return uuid5(SPACE, f"unit/{code}")


def person_id(account: str) -> UUID:
    """The subject of the person that signs in as `account`."""
    return uuid5(SPACE, f"person/{account}")


def open_unit(
    pen: Pen,
    *,
    entry_id: UUID,
    code: str,
    name: Label,
    level: Level,
    sort: UnitKind,
    parent: Unit | None,
    since: date,
    act: str,
    territories: tuple[str, ...] = (),
    remote: bool = False,
    resolved: bool = True,
) -> Unit:
    """Begin a unit below `parent`. Raises `NotTwoLevels` where the parent is not of the level above."""
    grant = _granted(pen, "unit.change", parent.code if parent else code)
    if ABOVE[level] != (parent.level if parent else None):
        raise NotTwoLevels(f"{code}: a {level} cannot stand below {parent.level if parent else 'nothing'}")
    body = UnitOpened(
        code=code, name=name, level=level, sort=sort, parent=parent.code if parent else None,
        province=_province(code, level, parent), territories=territories, remote=remote, resolved=resolved,
        since=since, act=act,
    )  # fmt: skip
    return pen.write(units, entry_id, unit_id(code), body, unit=code, grant=grant, channel="reference")


def _province(code: str, level: Level, parent: Unit | None) -> str | None:
    if level == "province":
        return code
    return parent.province if parent else None


def rename_unit(pen: Pen, *, entry_id: UUID, code: str, name: Label, since: date, act: str) -> Unit:
    """Give a unit another name from `since` on. Raises `Refused`, `Closed`."""
    return _change(pen, entry_id, code, UnitRenamed(name=name, since=since, act=act))


def mark_unit(pen: Pen, *, entry_id: UUID, code: str, remote: bool, since: date, act: str) -> Unit:
    """Set or take away the flag `remote`. Raises `Refused`, `Closed`."""
    return _change(pen, entry_id, code, UnitMarked(remote=remote, since=since, act=act))


def merge_units(
    pen: Pen, *, entry_ids: tuple[UUID, ...], codes: tuple[str, ...], into: str, since: date, act: str
) -> Unit:
    """Merge the units `codes` into the unit `into`, which then serves their territories too.

    One of `entry_ids` for each of `codes` and one for `into`. Raises `Refused`, `Closed`.
    """
    heir = _open_unit_of(pen, into)
    gone = [_open_unit_of(pen, code) for code in codes if code != into]
    for entry_id, unit in zip(entry_ids, gone, strict=False):
        _change(pen, entry_id, unit.code, UnitMerged(into=into, since=since, act=act))
    territories = (*heir.territories, *(code for unit in gone for code in unit.territories))
    return _change(pen, entry_ids[-1], into, UnitServed(territories=territories, since=since, act=act))


def split_unit(pen: Pen, *, entry_id: UUID, code: str, into: tuple[str, ...], since: date, act: str) -> Unit:
    """End a unit; its matters go one by one to the units of `into`, which exist. Raises `Refused`, `Closed`."""
    for heir in into:
        _open_unit_of(pen, heir)
    return _change(pen, entry_id, code, UnitSplit(into=into, since=since, act=act))


def open_post(
    pen: Pen,
    *,
    entry_ids: tuple[UUID, ...],
    post: UUID,
    unit: Unit,
    role: Role,
    name: Label,
    since: date,
    plain: bool = False,
) -> Post:
    """Open a post with the standard grants of its role; one entry id for the post and one for each grant.

    A `plain` one is a place of the establishment whose holder does not sign in: it has no grants.
    """
    grant = _granted(pen, "post.change", unit.code)
    body = PostOpened(unit=unit.code, province=unit.province, role=role, name=name, since=since)
    bodies: list[Body] = [body, *(() if plain else standard_bodies(role, since, unit.code))]
    made: Post | None = None
    for entry_id, each in zip(entry_ids, bodies, strict=True):
        made = pen.write(posts, entry_id, post, each, unit=unit.code, grant=grant, channel="reference")
    assert made is not None
    return made


def close_post(pen: Pen, *, entry_id: UUID, post: UUID, since: date) -> Post:
    """End a post. Raises `Refused`, `Closed`."""
    return _on_post(pen, entry_id, post, PostClosed(since=since))


def take_post(
    pen: Pen, *, entry_id: UUID, post: UUID, person: UUID, since: date, until: date | None = None
) -> Post:
    """Put a person on a post; whoever held it before leaves it that day. Raises `Refused`, `Closed`."""
    return _on_post(pen, entry_id, post, PostTaken(person=person, since=since, until=until))


def leave_post(pen: Pen, *, entry_id: UUID, post: UUID, since: date) -> Post:
    """Leave a post vacant. Raises `Refused`, `Closed`."""
    return _on_post(pen, entry_id, post, PostLeft(since=since))


def give_grant(pen: Pen, *, entry_id: UUID, post: UUID, grant: GrantGiven) -> Post:
    """Give a post a further right. Raises `Refused`, `Closed`."""
    return _on_post(pen, entry_id, post, grant)


def withdraw_grant(pen: Pen, *, entry_id: UUID, post: UUID, grant: UUID, since: date) -> Post:
    """End a right of a post. Raises `Refused`, `Closed`."""
    return _on_post(pen, entry_id, post, GrantWithdrawn(grant=grant, since=since))


def delegate(
    pen: Pen, *, entry_id: UUID, post: UUID, to: UUID, since: date, until: date, ground: str
) -> Post:
    """Let the holder of post `to` sign for this post in the half-open period. Raises `Refused`, `Closed`."""
    if not since < until:
        raise ValueError("a delegation ends after it begins")
    return _on_post(pen, entry_id, post, DelegationGiven(to=to, since=since, until=until, ground=ground))


def end_delegation(pen: Pen, *, entry_id: UUID, post: UUID, delegation: UUID, since: date) -> Post:
    """End a delegation early. Raises `Refused`, `Closed`."""
    return _on_post(pen, entry_id, post, DelegationEnded(delegation=delegation, since=since))


def register_person(pen: Pen, *, entry_id: UUID, name: str, account: str, unit: str) -> Officer:
    """Enter somebody of the service, on the file of `unit`. Raises `Refused`."""
    grant = _granted(pen, "post.change", unit)
    body = PersonRegistered(name=name, account=account)
    return pen.write(
        officers, entry_id, person_id(account), body, unit=unit, grant=grant, channel="reference"
    )


def _change(pen: Pen, entry_id: UUID, code: str, body: Body) -> Unit:
    _open_unit_of(pen, code)
    grant = _granted(pen, "unit.change", code)
    return pen.write(units, entry_id, unit_id(code), body, unit=code, grant=grant, channel="reference")


def _open_unit_of(pen: Pen, code: str) -> Unit:
    unit = pen.state(units, unit_id(code))
    if unit is None or unit.closed is not None:
        raise Closed(code)
    return unit


def _on_post(pen: Pen, entry_id: UUID, post: UUID, body: Body) -> Post:
    its = pen.state(posts, post)
    if its is None or its.closed is not None:
        raise Closed(str(post))
    grant = _granted(pen, "post.change", its.unit)
    return pen.write(posts, entry_id, post, body, unit=its.unit, grant=grant, channel="reference")


def _granted(pen: Pen, action: str, unit: str) -> UUID | None:
    """The grant that the writer stands on; the founding of an installation stands on none."""
    if isinstance(pen.person, Person):
        return require(decide(pen.person, action, Scope.of(unit)))
    return None
