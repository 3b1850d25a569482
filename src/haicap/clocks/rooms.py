"""What the list of all that is owed asks of the rooms that fill it: this room knows none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from haicap.units.rights import Person


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a person can do next about something owed: in words, and where."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Room:
    """A room by what people call it (translated when shown).

    `ahead` gives the next step of each of these subjects that `person` may take, in a number of queries that does not
    grow; `given` the ids of the subjects that lie with `person` by name.
    """

    words: Any
    ahead: Callable[[Person, Sequence[UUID]], Mapping[UUID, Ahead]]
    given: Callable[[Person], QuerySet[Any, Any]]


ROOMS: dict[str, Room] = {}
"""Rooms by the code that their rows carry; each tells its own when it is made ready."""
