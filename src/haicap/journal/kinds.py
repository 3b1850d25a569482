"""The kinds of entry that exist: each a typed body with a version, and the ladder from older versions."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

from haicap.journal.chain import Channel

YEARS = range(1800, 2201)
"""What a day or a moment in a body may lie in: the oldest buildings and laws in use, and what is far ahead."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class Body(BaseModel):
    """What an entry says. Released (kind, version) pairs never change their meaning."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
    version: ClassVar[int]
    free: ClassVar[bool]
    settles: ClassVar[bool]
    channel: ClassVar[Channel]


B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered kind: its newest body, and the steps that lift older bodies to it."""

    name: str
    version: int
    body: type[Body]
    upcasters: dict[int, Upcaster]

    def reads(self, version: int) -> bool:
        """Whether a body of `version` can be lifted to the newest."""
        return version == self.version or all(v in self.upcasters for v in range(version, self.version))

    def read(self, version: int, body: Mapping[str, Any]) -> Body:
        """The body at the newest version. Raises pydantic's `ValidationError` where it does not fit."""
        for older in range(version, self.version):
            body = self.upcasters[older](dict(body))
        return self.body.model_validate(body)


KINDS: dict[str, Kind] = {}


def kind(
    name: str, *, version: int, free: bool = False, settles: bool = False, channel: Channel = "work"
) -> Callable[[type[B]], type[B]]:
    """Register a body under the stored name `name` (`room.verb`, never a class's path).

    `free` entries decide nothing and never conflict (comment, opening, link). An entry that `settles`
    disposes of the conflicting entries that its body's `disposes` names. One of the channel `reference` binds
    others, goes down to everybody below, and is written by parents alone.
    """

    def register(body: type[B]) -> type[B]:
        if name in KINDS:
            raise ValueError(f"the kind {name} is registered twice")
        body.kind, body.version, body.free, body.settles, body.channel = name, version, free, settles, channel
        KINDS[name] = Kind(name, version, body, {})
        return body

    return register


def upcast(name: str, version: int) -> Callable[[Upcaster], Upcaster]:
    """Register how a body of `version` is lifted to `version + 1`."""

    def register(step: Upcaster) -> Upcaster:
        KINDS[name].upcasters[version] = step
        return step

    return register


def body_of(name: str, version: int, body: Mapping[str, Any]) -> Body | None:
    """The typed body, or None where this installation does not know the kind or the version yet."""
    known = KINDS.get(name)
    if known is None or version > known.version or not known.reads(version):
        return None
    return known.read(version, body)


def governs(name: str) -> bool:
    """Whether a kind binds others: one of the channel `reference`, or an unknown one of a family that has such."""
    if name in KINDS:
        return KINDS[name].body.channel == "reference"
    family = f"{name.split('.')[0]}."
    return any(it.body.channel == "reference" for known, it in KINDS.items() if known.startswith(family))


ISO = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})?)?")


def in_time(it: object) -> bool:
    """Whether all days and moments in a body, however deep, lie in `YEARS`, and all moments have a time zone.

    Others break whatever reckons with them. They are not written here, and of another node's held at taking-in; what
    was written before this was asked is still read.
    """
    match it:
        case datetime():
            return it.tzinfo is not None and it.year in YEARS and it.astimezone(UTC).year in YEARS
        case date():
            return it.year in YEARS
        case str():
            return (found := ISO.fullmatch(it)) is None or int(found[1]) in YEARS
        case BaseModel():
            return all(map(in_time, vars(it).values()))
        case Mapping():
            return all(map(in_time, it.values()))
        case tuple() | list():
            return all(map(in_time, it))
    return True


def decides(body: Body | None) -> bool:
    """Whether an entry with this body takes part in the order of decisions."""
    return body is not None and not body.free


def naming(field: str) -> list[str]:
    """The kinds whose bodies have a field of this name, however deep."""
    sign = f'"{field}"'
    return sorted(name for name, it in KINDS.items() if sign in _schema(it.body))


@cache
def _schema(body: type[Body]) -> str:
    return json.dumps(body.model_json_schema())
