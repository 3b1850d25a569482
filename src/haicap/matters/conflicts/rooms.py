"""What each room says of its conflicts: by which parts two states differ, and how a settlement is written down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.matters.showing import Names
from haicap.units.rights import Person

Take = Callable[[Any, Any], Any]
"""From a result and the version that a part is taken from to the result with that part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a state: what it is called, what two versions are compared by, how it is told, how it is taken over."""

    code: str
    label: str
    value: Callable[[Any], object]
    said: Callable[[Any], str]
    take: Take


@dataclass(frozen=True, slots=True)
class Telling:
    """One entry in words: its title and what follows it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Room:
    """A kind of subject that two nodes can decide about at once.

    `seen` are the rows in conflict on which a person may do an action. `parts` are those of the state that stands,
    and are given the names they need. `noted` gives, of what stands and the version chosen, the fields that free
    entries make: they never conflict and are kept.
    """

    code: str
    fold: Fold[Any]
    words: Callable[[], str]
    action: str
    address: str
    called: Callable[[Any], str]
    file: Callable[[Any], str]
    units: Callable[[Any], set[str]]
    seen: Callable[[Person, str], QuerySet[Any]]
    parts: Callable[[Any, Names], Sequence[Part]]
    told: Callable[[Any, Sequence[Entry[Any]], Names], Sequence[Telling]]
    kind: Callable[[Any], str | None] = lambda state: None
    noted: Callable[[Any, Any], Mapping[str, object]] = lambda stands, chosen: {}


ROOMS: dict[str, Room] = {}
"""By code; each room tells its own when it is made ready."""


def field(name: str, label: str, said: Callable[[Any], str]) -> Part:
    """The part that one field of a state is; `said` is given its value."""
    return Part(
        name,
        label,
        lambda state: getattr(state, name),
        lambda state: said(getattr(state, name)),
        lambda result, source: replace(result, **{name: getattr(source, name)}),
    )


def differing(parts: Iterable[Part], versions: Sequence[Any]) -> list[Part]:
    """The parts by which these versions of one state are not the same."""
    return [part for part in parts if any(part.value(it) != part.value(versions[0]) for it in versions[1:])]


def result(
    room: Room, versions: Sequence[Any], parts: Sequence[Part], whole: int, picks: Mapping[str, int]
) -> Any:
    """The version `whole` (0 is the one that stands) with single parts of others, as `picks` says by their codes."""
    made = replace(versions[whole], **room.noted(versions[0], versions[whole]))
    for part in parts:
        if part.code in picks:
            made = part.take(made, versions[picks[part.code]])
    return made
