"""What can be written down of the catalogue. It goes into the channel `reference`: everybody below may read it."""

from datetime import date
from typing import Literal

from haicap.journal.kinds import Body, kind
from haicap.units.entries import Label

Family = Literal["premises", "equipment", "vehicle", "line", "post"]
Counting = Literal["single", "counted", "measured"]
"""Each thing by itself; so many of a kind together; or a measure, as square metres."""


@kind("catalogue.listed", version=1, channel="reference")
class KindListed(Body):
    """A kind of means, or what is said of it from now on."""

    code: str
    name: Label
    family: Family
    counting: Counting
    measure: Label  # what one is called: chiếc, m², đường
    lasts: int | None = None  # years for which one is expected to serve
    price: str | None = None  # of one, in VND, as an estimate; for money needed
    source: str = ""  # where the price and the years are from
    synthetic: bool = False


@kind("catalogue.dropped", version=1, channel="reference")
class KindDropped(Body):
    """From `since` on no more of this kind is recorded; what is held stays."""

    since: date
