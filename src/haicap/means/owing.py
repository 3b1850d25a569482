"""What this room tells the list of all that is owed: each part that owes something gives its own next steps."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from haicap.clocks.models import Owed
from haicap.clocks.rooms import ROOMS, Ahead, Room
from haicap.means.catalogue.models import KindRow
from haicap.units.rights import Person, visible

ROOM = "means"
PARTS: list[Callable[[Person, Sequence[UUID]], Mapping[UUID, Ahead]]] = []
"""As `Room.ahead`, for the subjects of one part of this room; each part tells its own when the room is made ready."""

PLACES: dict[str, str] = {}
"""By what is owed (`Owed.procedure`), the name of the address of its subject; parts tell it beside `PARTS`."""


def ahead(person: Person, subjects: Sequence[UUID]) -> Mapping[UUID, Ahead]:
    """The next step of each of these subjects that `person` may take. A query for each part."""
    found: dict[UUID, Ahead] = {}
    for part in PARTS:
        found |= part(person, subjects)
    return found


def place_of(person: Person, subject: UUID) -> str | None:
    """Where a subject that is owed is shown; None where nothing is owed of it that `person` may see. One query."""
    rows = visible(person, "means.see", Owed.objects.filter(subject=subject, room=ROOM), by=("file", "unit"))
    code = rows.values_list("procedure", flat=True).first()
    return reverse(PLACES[code], args=[subject]) if code in PLACES else None


def given(person: Person) -> QuerySet[Any, Any]:
    """What is owed of means lies with a unit, never with one person."""
    return KindRow.objects.none().values("pk")


def told() -> None:
    """Tell the list."""
    ROOMS[ROOM] = Room(gettext_lazy("Phương tiện"), ahead, given)
