"""The conflicts that somebody is to settle, of all rooms, each with its versions side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Value
from django.urls import reverse

from haicap.journal.entry import Entry
from haicap.journal.history import history
from haicap.journal.projection import from_row
from haicap.matters.conflicts.actions import mark
from haicap.matters.conflicts.rooms import ROOMS, Room, differing
from haicap.matters.conflicts.sides import sides
from haicap.matters.queries import person_names, unit_names
from haicap.matters.showing import Names
from haicap.matters.telling import people_named, units_named
from haicap.units.models import Bearer
from haicap.units.rights import Person, Scope, decide

Found = tuple[str, UUID]  # room, subject


@dataclass(frozen=True, slots=True)
class Act:
    """One of the entries of a version: what was done, by whom, of which unit, when (a claim)."""

    title: str
    text: str
    person: str
    unit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One of the states between which a conflict is to be settled, with the entries that made it; 0 stands."""

    place: int
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A part by which versions differ: what each says, in the order of versions."""

    code: str
    label: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict as a page shows it; `mark` tells later whether it is still the same one."""

    room: Room
    subject: UUID
    title: str
    url: str
    file: str
    unit: str
    versions: tuple[Version, ...]
    differences: tuple[Difference, ...]
    mark: str
    may: bool


def waiting(person: Person) -> list[Found]:
    """What `person` may settle, of all rooms, the oldest subject first. One query."""
    parts = [
        room.seen(person, room.action).order_by().annotate(kept_as=Value(code)).values_list("kept_as", "pk")
        for code, room in ROOMS.items()
    ]
    first, *rest = parts
    return sorted(first.union(*rest, all=True), key=lambda it: it[1])


def one(person: Person, code: str, subject: UUID) -> Conflict | None:
    """The conflict of a subject that `person` may see; None where there is none."""
    room = ROOMS.get(code)
    row = room.seen(person, f"{room.action.split('.')[0]}.see").filter(pk=subject).first() if room else None
    return shown(person, room, row) if room and row else None


def shown(person: Person, room: Room, row: Any) -> Conflict:
    """A conflict with both sides, its people, times and units, and what differs, in words."""
    folded = from_row(room.fold, row)
    stands = folded.state
    versions = (stands, *folded.branches)
    entries = history(row.pk)
    lines = sides(entries, folded.aside)
    names = _names(room, versions, entries)
    parts = differing(room.parts(stands, names), versions)
    homes = _homes({entry.actor for line in lines for entry in line})
    return Conflict(
        room, row.pk, room.called(stands), reverse(room.address, args=[row.pk]), room.file(stands),
        names.unit(room.file(stands)),
        tuple(Version(n, _acts(room, stands, line, names, homes)) for n, line in enumerate(lines)),
        tuple(Difference(it.code, it.label, tuple(it.said(version) for version in versions)) for it in parts),
        mark(row.aside),
        decide(person, room.action, Scope(frozenset(room.units(stands)), room.kind(stands))).allowed,
    )  # fmt: skip


def _names(room: Room, versions: Sequence[Any], entries: Sequence[Entry[Any]]) -> Names:
    units = units_named(entries) | {code for version in versions for code in room.units(version)}
    people = people_named(entries) | {getattr(version, "assignee", None) for version in versions}
    return Names(unit_names(units), person_names(people))


def _acts(
    room: Room, stands: Any, line: Sequence[Entry[Any]], names: Names, homes: Mapping[UUID, str]
) -> tuple[Act, ...]:
    told = room.told(stands, line, names)
    return tuple(
        Act(it.title, it.text, names.person(entry.actor), homes.get(entry.actor, ""), entry.at)
        for it, entry in zip(told, line, strict=True)
    )


def _homes(people: set[UUID]) -> dict[UUID, str]:
    """The unit of each person's latest post, by name. One query, and units' names."""
    posts = Bearer.objects.filter(person__in=people).order_by("since").values_list("person", "unit")
    homes = {person: unit for person, unit in posts if person}
    names = unit_names(homes.values())
    return {person: names.get(unit, unit) for person, unit in homes.items()}
