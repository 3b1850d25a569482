"""What can be written down of premises: a site, its buildings and rooms, their condition, and who uses them."""

from datetime import date
from typing import Literal
from uuid import UUID

from haicap.journal.kinds import Body, kind
from haicap.means.evidence import Evidence

Title = Literal["none", "applied", "granted"]
Use = Literal["office", "living", "mixed", "garage", "store", "other"]
Tenure = Literal["own", "borrowed"]
Condition = Literal["good", "worn", "damaged", "unusable"]
Gone = Literal["demolished", "collapsed", "returned", "given", "sold", "other"]
Fate = Literal["commune-police", "department", "authority", "state", "demolished", "empty"]
Ended = Literal["withdrawn", "declined"]


class Former(Body):
    """The unit that had the site before 1 July 2025 and is no more."""

    unit: str  # its name then, as papers have it
    level: Literal["district", "commune"]


class Point(Body):
    """Degrees WGS 84, as decimals in text."""

    latitude: str
    longitude: str


class Land(Body):
    """The land: its area in m², and how far its title is."""

    area: str | None = None
    title: Title
    certificate: str = ""  # its number, where granted
    owner: str = ""  # who is in the papers as its owner or user
    planning: str = ""


class Details(Body):
    """What is said of a site."""

    name: str
    address: str
    old_address: str = ""  # as papers from before 1 July 2025 have it
    land: Land
    former: Former | None = None
    place: Point | None = None


@kind("site.recorded", version=1)
class SiteRecorded(Body):
    """A site of a unit; `holder` moves when the site does, `unit` and its file stay."""

    unit: str
    province: str | None
    details: Details
    batch: UUID | None = None  # the list of a former unit with which it came
    synthetic: bool = False


@kind("site.corrected", version=1)
class SiteCorrected(Body):
    """What is right to say of the site, and why; what stood there stays in the journal."""

    details: Details
    reason: str


@kind("site.withdrawn", version=1)
class SiteWithdrawn(Body):
    """It should never have been recorded: the list with which it came, `batch`, was taken back."""

    batch: UUID
    reason: str


class Frame(Body):
    """A building: its use, size and age, and by which right it is used."""

    code: str  # its own in the site: A, B1
    name: str
    use: Use
    storeys: int
    area: str  # m² of floor, of all storeys
    year: int | None = None  # in which it was finished
    tenure: Tenure = "own"
    lender: str = ""  # whose it is, where borrowed
    until: date | None = None  # the last day for which it is borrowed, where one is agreed


@kind("site.building_recorded", version=1)
class BuildingRecorded(Body):
    """A building of the site, or what is right to say of it; then with a reason."""

    building: Frame
    reason: str = ""


@kind("site.building_given_up", version=1)
class BuildingGivenUp(Body):
    """The building is no more, or no more ours, from `since` on."""

    building: str
    since: date
    why: Gone
    paper: str = ""


class Room(Body):
    """A room: its use is a kind of premises of the catalogue, or one that counts to none."""

    code: str
    name: str
    use: str
    area: str  # m²


@kind("site.rooms_set", version=1)
class RoomsSet(Body):
    """All rooms of a building as they are from now on."""

    building: str
    rooms: tuple[Room, ...]


@kind("site.surveyed", version=1)
class Surveyed(Body):
    """Somebody went and looked at a building: its condition on that day, what is wrong, what mending would cost."""

    building: str
    on: date
    condition: Condition
    wrong: str = ""
    estimate: str | None = None  # VND
    by: str = ""  # the unit that looked, where not the holder itself
    evidence: tuple[Evidence, ...] = ()


@kind("site.survey_withdrawn", version=1)
class SurveyWithdrawn(Body):
    """A survey does not count, for this reason; `survey` is its entry."""

    survey: UUID
    reason: str


@kind("site.lent", version=1)
class Lent(Body):
    """A building, or the rooms named, are used by others: alone, or `shared` with the holder."""

    building: str
    rooms: tuple[str, ...] = ()  # all of it where none is named
    to: str
    shared: bool
    since: date
    until: date | None = None
    paper: str = ""


@kind("site.lent_back", version=1)
class LentBack(Body):
    """What was lent or shared is the holder's alone again since `since`; `lending` is the entry that lent it."""

    lending: UUID
    since: date


@kind("site.became", version=1)
class Became(Body):
    """What has become of a former unit's site, or of one of its buildings."""

    fate: Fate
    building: str = ""  # the whole site where empty
    to: str = ""
    since: date
    paper: str = ""


@kind("site.handed_over", version=1)
class HandedOver(Body):
    """The holder hands the whole site over; it moves when the other side accepts."""

    to: str
    on: date
    paper: str = ""
    note: str = ""


@kind("site.accepted", version=1)
class Accepted(Body):
    """The receiver takes the site: it is the holder from now on."""

    note: str = ""


@kind("site.handover_ended", version=1)
class HandoverEnded(Body):
    """The handover does not come about: withdrawn by the giver or declined by the receiver."""

    how: Ended
    reason: str
