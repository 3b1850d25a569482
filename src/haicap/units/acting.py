"""What every room's actions begin with: may the person do it there, is it said, does it not lie ahead."""

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from haicap.journal.pen import Author
from haicap.journal.text import clean
from haicap.units.rights import Person, Scope, decide, require

When = TypeVar("When", date, datetime)


class NotSo(Exception):
    """What is acted on is not where the act takes it to be; `what` is the act."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Unsaid(Exception):
    """The act lacks something that only its author can say; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is missing, or none of those listed")
        self.what = what


class NotYet(ValueError):
    """Something is said to have been after the moment of writing."""


def granted(by: Author, action: str, *units: str, kind: str | None = None) -> UUID | None:
    """The grant on which `by` does it at one of these units; the node itself needs none. Raises `Refused`."""
    if not isinstance(by, Person):
        return None
    return require(decide(by, action, Scope.of(*units, kind=kind)))


def said(text: str, what: str) -> str:
    """The text, cleaned and trimmed. Raises `Unsaid` where nothing is left of it."""
    if not (its := clean(text).strip()):
        raise Unsaid(what)
    return its


def past(when: When, latest: When) -> When:
    """The day or moment as it is. Raises `NotYet` where it lies after `latest`."""
    if when > latest:
        raise NotYet(when.isoformat())
    return when
