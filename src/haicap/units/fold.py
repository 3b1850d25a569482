"""What the entries of this room mean."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.units.entries import (
    DelegationEnded,
    DelegationGiven,
    GrantGiven,
    GrantWithdrawn,
    Level,
    Over,
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


@dataclass(frozen=True, slots=True)
class Name:
    """What a unit is called from `since` on, and by which act."""

    vi: str
    en: str
    since: date
    act: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in time: periods are half-open, `closed` is the first day without it."""

    code: str
    names: tuple[Name, ...]
    level: Level
    sort: UnitKind
    parent: str | None
    province: str | None
    territories: tuple[str, ...]
    remote: bool
    resolved: bool
    opened: date
    closed: date | None = None
    successors: tuple[str, ...] = ()

    @property
    def name(self) -> Name:
        """The newest name."""
        return self.names[-1]


units = Fold(Unit)


@units.on(UnitOpened, opens=True)
def opened(_: None, entry: Entry[UnitOpened]) -> Unit:
    it = entry.body
    name = Name(it.name.vi, it.name.en, it.since, it.act)
    return Unit(
        it.code, (name,), it.level, it.sort, it.parent, it.province, it.territories, it.remote, it.resolved, it.since
    )  # fmt: skip


@units.on(UnitRenamed)
def renamed(unit: Unit, entry: Entry[UnitRenamed]) -> Unit:
    it = entry.body
    return replace(unit, names=(*unit.names, Name(it.name.vi, it.name.en, it.since, it.act)))


@units.on(UnitMarked)
def marked(unit: Unit, entry: Entry[UnitMarked]) -> Unit:
    return replace(unit, remote=entry.body.remote)


@units.on(UnitServed)
def served(unit: Unit, entry: Entry[UnitServed]) -> Unit:
    return replace(unit, territories=entry.body.territories)


@units.on(UnitMerged)
def merged(unit: Unit, entry: Entry[UnitMerged]) -> Unit:
    return replace(unit, closed=entry.body.since, successors=(entry.body.into,))


@units.on(UnitSplit)
def split(unit: Unit, entry: Entry[UnitSplit]) -> Unit:
    return replace(unit, closed=entry.body.since, successors=entry.body.into)


@dataclass(frozen=True, slots=True)
class Grant:
    """A right of a post, by the entry that gave it; half-open period."""

    id: UUID
    actions: tuple[str, ...]
    over: Over
    kinds: tuple[str, ...] | None
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who holds or held a post; half-open period."""

    person: UUID
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Delegation:
    """Another post that signs for this one; half-open period."""

    id: UUID
    to: UUID
    since: date
    until: date
    ground: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its rights, its holders in time and who stands in for them."""

    id: UUID
    unit: str
    province: str | None
    role: Role
    vi: str
    en: str
    opened: date
    closed: date | None = None
    grants: tuple[Grant, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    delegations: tuple[Delegation, ...] = ()


posts = Fold(Post)


@posts.on(PostOpened, opens=True)
def post_opened(_: None, entry: Entry[PostOpened]) -> Post:
    it = entry.body
    return Post(entry.subject, it.unit, it.province, it.role, it.name.vi, it.name.en, it.since)


@posts.on(PostClosed)
def post_closed(post: Post, entry: Entry[PostClosed]) -> Post:
    return replace(post, closed=entry.body.since)


@posts.on(PostTaken)
def taken(post: Post, entry: Entry[PostTaken]) -> Post:
    it = entry.body
    return replace(post, tenures=(*_ended(post, it.since), Tenure(it.person, it.since, it.until)))


@posts.on(PostLeft)
def left(post: Post, entry: Entry[PostLeft]) -> Post:
    return replace(post, tenures=_ended(post, entry.body.since))


def _ended(post: Post, day: date) -> tuple[Tenure, ...]:
    return tuple(
        replace(tenure, until=day) if tenure.until is None or tenure.until > day else tenure
        for tenure in post.tenures
    )


@posts.on(GrantGiven)
def given(post: Post, entry: Entry[GrantGiven]) -> Post:
    it = entry.body
    return replace(
        post, grants=(*post.grants, Grant(entry.id, it.actions, it.over, it.kinds, it.since, it.until))
    )


@posts.on(GrantWithdrawn)
def withdrawn(post: Post, entry: Entry[GrantWithdrawn]) -> Post:
    ended = (
        replace(grant, until=entry.body.since) if grant.id == entry.body.grant else grant
        for grant in post.grants
    )
    return replace(post, grants=tuple(ended))


@posts.on(DelegationGiven)
def delegated(post: Post, entry: Entry[DelegationGiven]) -> Post:
    it = entry.body
    further = Delegation(entry.id, it.to, it.since, it.until, it.ground)
    return replace(post, delegations=(*post.delegations, further))


@posts.on(DelegationEnded)
def delegation_ended(post: Post, entry: Entry[DelegationEnded]) -> Post:
    ended = (
        replace(it, until=min(it.until, entry.body.since)) if it.id == entry.body.delegation else it
        for it in post.delegations
    )
    return replace(post, delegations=tuple(ended))


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of the service."""

    id: UUID
    name: str
    account: str


officers = Fold(Officer)


@officers.on(PersonRegistered, opens=True)
def registered(_: None, entry: Entry[PersonRegistered]) -> Officer:
    return Officer(entry.subject, entry.body.name, entry.body.account)
