"""What can be written down of a stock-take.

Counts are free: whoever counts, on whatever node, no count is lost and none contradicts another; what they come to is
made out when the stock-take is closed, by a signature.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind
from haicap.means.things.entries import Kept

How = Literal["label", "photo", "list", "words"]


class Expected(Body):
    """A thing, or so many of a kind, that should be there by the register of that moment."""

    thing: UUID
    code: str
    sort: str  # the kind, by its code in the catalogue
    name: str
    place: str
    kept: Kept
    count: int


@kind("stocktake.opened", version=1)
class StocktakeOpened(Body):
    """A stock-take of a unit, or of one place of it (else empty), with all that should be there."""

    unit: str
    province: str | None
    name: str
    place: str
    day: date
    expected: tuple[Expected, ...]
    synthetic: bool = False


@kind("stocktake.counted", version=1, free=True)
class StocktakeCounted(Body):
    """Somebody found something: a thing of the register, of whichever unit, or one that is in no register (None)."""

    thing: UUID | None
    code: str = ""  # of the thing, or as it was read from a label that is in no register
    sort: str = ""
    name: str = ""
    kept: Kept = "single"
    holder: str = ""
    was: str = ""  # the place by the register
    place: str = ""  # where it was found, if said
    count: int = 1
    how: How
    words: str = ""  # what it is, where no register knows it


@kind("stocktake.withdrawn", version=1, free=True)
class StocktakeWithdrawn(Body):
    """These counts were a mistake, by the ids of their entries."""

    counts: tuple[UUID, ...]


class Line(Body):
    """A thing in one of the lists that a stock-take closes with."""

    thing: UUID
    code: str
    sort: str
    name: str
    kept: Kept
    holder: str
    was: str
    place: str
    expected: int
    counted: int


class Unknown(Body):
    """Something that was found and is in no register."""

    code: str
    words: str
    place: str
    count: int


@kind("stocktake.closed", version=1)
class StocktakeClosed(Body):
    """The stock-take as it was signed: four lists in full, made from these counts."""

    found: tuple[Line, ...]
    elsewhere: tuple[Line, ...]
    missing: tuple[Line, ...]
    unknown: tuple[Unknown, ...]
    counts: tuple[UUID, ...]
    day: date
    signer: str
    note: str = ""


@kind("stocktake.dropped", version=1)
class StocktakeDropped(Body):
    """It was opened by mistake: nothing comes of it."""

    reason: str
