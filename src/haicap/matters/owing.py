"""What this room tells the list of all that is owed: the next step of a matter, and what lies with whom."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from haicap.clocks.rooms import ROOMS, Ahead, Room
from haicap.matters import queries
from haicap.matters.law import law
from haicap.matters.models import MatterRow
from haicap.matters.showing import in_words
from haicap.units.rights import Person


def ahead(person: Person, subjects: Sequence[UUID]) -> Mapping[UUID, Ahead]:
    """The next step of each of these matters that `person` may take, where there is one. One query, and the law's."""
    known, found = law(), {}
    for row in queries.seen(person).filter(pk__in=subjects, frozen=None):
        matter = queries.matter_of(row)
        procedure = known.pinned(matter.edition)
        if step := queries.next_step(matter, procedure, queries.steps_for(person, matter, procedure)):
            found[row.pk] = Ahead(in_words(step), reverse("matters:step", args=[row.pk, step.code]))
    return found


def given(person: Person) -> QuerySet[MatterRow, Any]:
    """The open matters that `person` was given by name."""
    return MatterRow.objects.filter(assignee=person.id, ended=None).values("pk")


def told() -> None:
    """Tell the list."""
    ROOMS["matters"] = Room(gettext_lazy("Việc"), ahead, given)
