"""What can be written down of equipment and vehicles. Money is VND in digits; a number of things is an integer."""

from datetime import date
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind

Kept = Literal["single", "counted"]
Way = Literal["purchase", "received", "handed-over", "found", "made"]
Condition = Literal["good", "worn", "broken"]
Ground = Literal["sold", "destroyed", "lost", "returned"]


class Bought(Body):
    """When it was bought, for how much each, out of whose money; what is not known is left out."""

    on: date | None = None
    price: str | None = None
    money: str = ""
    year: int | None = None  # where the day is not known


class Put(Body):
    """Where it is: words, and a room of a site where the premises are recorded; `post` answers for it."""

    place: str = ""
    site: UUID | None = None
    room: str = ""
    post: UUID | None = None


@kind("thing.recorded", version=1)
class ThingRecorded(Body):
    """A thing, or so many of a kind together, came into the file of a unit."""

    code: str
    sort: str  # the kind, by its code in the catalogue
    family: str
    kept: Kept
    unit: str
    province: str | None
    way: Way
    since: date  # the unit has it from this day on
    name: str = ""
    serial: str = ""
    plate: str = ""
    count: int = 1
    unfit: int = 0  # of these
    condition: Condition = "good"
    warranty: date | None = None
    bought: Bought = Bought()
    put: Put = Put()
    paper: str = ""
    origin: UUID | None = None  # the things of which these were a part
    transfer: UUID | None = None  # and by which hand-over they came
    request: UUID | None = None  # the request for means that it answers
    batch: UUID | None = None  # the list of a former unit with which it came
    synthetic: bool = False


@kind("thing.described", version=1)
class ThingDescribed(Body):
    """What was recorded of it was wrong or is known better: how it should read, and why."""

    name: str
    serial: str
    plate: str
    warranty: date | None
    bought: Bought
    reason: str


@kind("thing.placed", version=1)
class ThingPlaced(Body):
    """It was put somewhere, or issued to a post, on this day."""

    put: Put
    when: date
    note: str = ""


@kind("thing.judged", version=1)
class ThingJudged(Body):
    """In what condition it was found; of several, how many are not fit for use."""

    condition: Condition
    unfit: int
    when: date
    note: str = ""


@kind("thing.sent", version=1)
class ThingSent(Body):
    """It was sent to be repaired."""

    to: str
    when: date
    back: date | None = None  # expected
    note: str = ""


@kind("thing.repaired", version=1)
class ThingRepaired(Body):
    """It came back from repair: what that cost, and in what condition it is now."""

    when: date
    cost: str | None
    condition: Condition
    note: str = ""


@kind("thing.offered", version=1)
class ThingOffered(Body):
    """The unit that has it hands it over, or so many of it; the other unit has still to sign.

    One transfer may be of many things: all of them name it.
    """

    transfer: UUID
    to: str
    province: str | None  # of the receiver
    count: int
    paper: str
    reason: str
    signer: str


@kind("thing.accepted", version=1)
class ThingAccepted(Body):
    """The receiver signs for it. `part`: the subject that those have at the receiver, where only some went."""

    transfer: UUID
    signer: str
    put: Put = Put()
    part: UUID | None = None


@kind("thing.refused", version=1)
class ThingRefused(Body):
    """The receiver does not take it; it stays where it was."""

    transfer: UUID
    reason: str
    signer: str


@kind("thing.recalled", version=1)
class ThingRecalled(Body):
    """Whoever handed it over takes that back before the receiver has signed."""

    transfer: UUID
    reason: str


@kind("thing.disposed", version=1)
class ThingDisposed(Body):
    """So many of it are held no more: sold, destroyed, lost, or given back to whoever lent them."""

    ground: Ground
    count: int
    when: date
    paper: str
    note: str = ""


@kind("thing.restored", version=1)
class ThingRestored(Body):
    """The disposal was written down by mistake: it is held as before."""

    reason: str


@kind("thing.withdrawn", version=1)
class ThingWithdrawn(Body):
    """It should never have been recorded: the list with which it came, `batch`, was taken back."""

    batch: UUID
    when: date
    reason: str


@kind("thing.counted", version=1)
class ThingCounted(Body):
    """What a stock-take that was closed found of it: how many, and where; `missing`: it was not found at all."""

    stocktake: UUID
    when: date
    missing: bool
    count: int
    put: Put | None = None  # where it was found, if elsewhere


@kind("thing.recounted", version=1)
class ThingRecounted(Body):
    """It has turned up, or was counted wrong: how many there are, and why."""

    count: int
    reason: str
    when: date
