"""What can be written down of units, posts, rights and people. All of it goes into the channel `reference`."""

from datetime import date
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind

Level = Literal["ministry", "province", "department", "commune"]
UnitKind = Literal["ministry", "province", "department", "commune", "ward", "special-zone"]
Over = Literal["unit", "province", "nation"]
Role = Literal[
    "clerk", "officer", "leader", "department-officer", "department-head", "director", "auditor", "operator"
]


class Label(Body):
    """One text in both languages."""

    vi: str
    en: str


@kind("unit.opened", version=1, channel="reference")
class UnitOpened(Body):
    """A unit begins. `territories` are codes of the register; `act` names the legal act, as written."""

    code: str
    name: Label
    level: Level
    sort: UnitKind
    parent: str | None
    province: str | None
    territories: tuple[str, ...] = ()
    remote: bool = False
    resolved: bool = True  # False where it is not verified that the unit exists
    since: date
    act: str


@kind("unit.renamed", version=1, channel="reference")
class UnitRenamed(Body):
    """From `since` on the unit has another name."""

    name: Label
    since: date
    act: str


@kind("unit.marked", version=1, channel="reference")
class UnitMarked(Body):
    """The flag that lengthens some limits: remote, mountainous, island."""

    remote: bool
    since: date
    act: str


@kind("unit.served", version=1, channel="reference")
class UnitServed(Body):
    """From `since` on the unit serves these territories."""

    territories: tuple[str, ...]
    since: date
    act: str


@kind("unit.merged", version=1, channel="reference")
class UnitMerged(Body):
    """The unit ends on `since`; `into` goes on with its work and may read its streams."""

    into: str
    since: date
    act: str


@kind("unit.split", version=1, channel="reference")
class UnitSplit(Body):
    """The unit ends on `since`; its matters go one by one to the units of `into`."""

    into: tuple[str, ...]
    since: date
    act: str


@kind("post.opened", version=1, channel="reference")
class PostOpened(Body):
    """A post of a unit: rights hang on it, not on whoever holds it."""

    unit: str
    province: str | None
    role: Role
    name: Label
    since: date


@kind("post.closed", version=1, channel="reference")
class PostClosed(Body):
    """The post ends on `since`."""

    since: date


@kind("post.taken", version=1, channel="reference")
class PostTaken(Body):
    """A person holds the post from `since`, until the day before `until` where that is set."""

    person: UUID
    since: date
    until: date | None = None


@kind("post.left", version=1, channel="reference")
class PostLeft(Body):
    """Whoever held the post does not from `since` on."""

    since: date


@kind("grant.given", version=1, channel="reference")
class GrantGiven(Body):
    """What the post's holder may do. `actions` are names or `room.*`; `kinds` are procedures, None is all."""

    actions: tuple[str, ...]
    over: Over
    kinds: tuple[str, ...] | None = None
    since: date
    until: date | None = None


@kind("grant.withdrawn", version=1, channel="reference")
class GrantWithdrawn(Body):
    """The grant of that entry ends on `since`."""

    grant: UUID
    since: date


@kind("delegation.given", version=1, channel="reference")
class DelegationGiven(Body):
    """The holder of post `to` signs for this post's absent holder, in the half-open period."""

    to: UUID
    since: date
    until: date
    ground: str


@kind("delegation.ended", version=1, channel="reference")
class DelegationEnded(Body):
    """The delegation of that entry ends early."""

    delegation: UUID
    since: date


@kind("person.registered", version=1, channel="reference")
class PersonRegistered(Body):
    """Somebody of the service who may hold posts; `account` is the sign-in name."""

    name: str
    account: str
