"""Filters of lists, kept under a name: an address that a person, or a unit, comes back to.

Ordinary local rows, never entries: they are nobody's record of work.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models, transaction
from django.db.models import Max, Q

from haicap.journal.ids import uuid7

if TYPE_CHECKING:  # rights reads this room's tables, of which this is one
    from haicap.units.rights import Person

MOST = 20  # of one person in one list; more are no help
LONGEST = 60  # characters of a name
SHARES = "matter.assign"  # who says what a unit's people do may also put a filter before them


class SavedFilter(models.Model):
    """One kept filter of the list at `path`; with `unit` it stands before all people of that unit."""

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    path = models.TextField()
    name = models.TextField()
    query = models.TextField()  # of the address, without page and format
    place = models.IntegerField()
    unit = models.TextField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "path"], name="filters_of_person"),
            models.Index(fields=["unit", "path"], name="filters_of_unit"),
        ]


class TooMany(ValueError):
    """A person keeps so many filters of this list that another would be no help."""


def of(person: "Person", path: str) -> list[SavedFilter]:
    """The filters of a list that stand before `person`: own ones, then those shared with a unit. One query."""
    theirs = Q(person=person.id) | Q(unit__in=sorted(person.units))
    found = list(SavedFilter.objects.filter(theirs, path=path).order_by("place", "name"))
    return sorted(found, key=lambda it: it.person != person.id)


def keep(person: "Person", *, path: str, name: str, query: str) -> SavedFilter:
    """Keep an address under a name, after those that are there, or in place of that name's. Raises `TooMany`."""
    mine = SavedFilter.objects.filter(person=person.id, path=path)
    with transaction.atomic():
        if same := mine.filter(name=name).first():
            mine.filter(pk=same.pk).update(query=query)
            return mine.get(pk=same.pk)
        if mine.count() >= MOST:
            raise TooMany(path)
        last = mine.aggregate(last=Max("place"))["last"]
        return SavedFilter.objects.create(
            id=uuid7(),
            person=person.id,
            path=path,
            name=name,
            query=query,
            place=0 if last is None else last + 1,
        )


def rename(person: "Person", id: UUID, name: str) -> None:
    """Give an own filter another name."""
    SavedFilter.objects.filter(pk=id, person=person.id).update(name=name)


def remove(person: "Person", id: UUID) -> None:
    """Keep an own filter no longer; where it was shared nobody has it any more."""
    SavedFilter.objects.filter(pk=id, person=person.id).delete()


def move(person: "Person", id: UUID, by: int) -> None:
    """Move an own filter up (-1) or down (1) in its list."""
    one = SavedFilter.objects.filter(pk=id, person=person.id).first()
    if one is None:
        return
    mine = list(SavedFilter.objects.filter(person=person.id, path=one.path).order_by("place", "name"))
    at = next(place for place, it in enumerate(mine) if it.pk == id)
    mine.insert(max(0, at + by), mine.pop(at))
    for place, it in enumerate(mine):
        it.place = place
    SavedFilter.objects.bulk_update(mine, ["place"])


def share(person: "Person", id: UUID, shared: bool) -> bool:
    """Put an own filter before the person's unit, or no longer; False where the person does not lead one."""
    if shared and not (person.may(SHARES) and person.unit):
        return False
    SavedFilter.objects.filter(pk=id, person=person.id).update(unit=person.unit if shared else None)
    return True
