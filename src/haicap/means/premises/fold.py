"""What the entries of premises mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.premises import entries as e
from haicap.means.premises.entries import Condition, Details, Fate, Frame, Room

FIT: frozenset[Condition] = frozenset({"good", "worn"})
LOST: frozenset[Fate] = frozenset(
    {"authority", "state", "demolished"}
)  # no longer of the service, or no more


@dataclass(frozen=True, slots=True)
class Survey:
    """A look at a building; `id` is its entry, `at` when that was written."""

    id: UUID
    at: datetime
    actor: UUID
    said: e.Surveyed
    withdrawn: str = ""  # the reason


@dataclass(frozen=True, slots=True)
class Lending:
    """A use by others; `id` is its entry, `ended` the first day without it."""

    id: UUID
    said: e.Lent
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Building:
    """A building with its rooms, surveys and uses by others."""

    its: Frame
    rooms: tuple[Room, ...] = ()
    surveys: tuple[Survey, ...] = ()
    lendings: tuple[Lending, ...] = ()
    gone: e.BuildingGivenUp | None = None

    @property
    def newest(self) -> Survey | None:
        """The survey of the latest day that counts; of one day the last written."""
        return max(
            (it for it in self.surveys if not it.withdrawn), key=lambda it: (it.said.on, it.at), default=None
        )

    @property
    def condition(self) -> Condition | None:
        """As the newest survey found it; None while nobody has looked."""
        return self.newest.said.condition if self.newest else None

    @property
    def fit(self) -> bool:
        """Whether it can be worked in: nothing that was seen of it says otherwise."""
        return self.gone is None and (self.condition is None or self.condition in FIT)

    @property
    def lent(self) -> tuple[Lending, ...]:
        """The uses by others that have not ended."""
        return tuple(it for it in self.lendings if it.ended is None)

    def ours(self) -> Iterator[Room]:
        """The rooms that the holder uses, alone or with others."""
        away = [it.said for it in self.lent if not it.said.shared]
        if any(not it.rooms for it in away):
            return
        codes = {code for it in away for code in it.rooms}
        yield from (room for room in self.rooms if room.code not in codes)


@dataclass(frozen=True, slots=True)
class Handover:
    """A handover that the receiver has not answered."""

    said: e.HandedOver
    giver: str
    at: datetime
    by: UUID


@dataclass(frozen=True, slots=True)
class Move:
    """A handover that was accepted."""

    giver: str
    to: str
    on: date
    paper: str
    accepted: datetime


@dataclass(frozen=True, slots=True)
class Site:
    """A site with its buildings in the order in which they were recorded."""

    id: UUID
    unit: str
    province: str | None
    holder: str
    details: Details
    synthetic: bool
    recorded: datetime
    buildings: tuple[Building, ...] = ()
    fates: tuple[e.Became, ...] = ()
    handover: Handover | None = None
    moves: tuple[Move, ...] = ()
    batch: UUID | None = None  # the list of a former unit with which it came
    withdrawn: str = ""  # why it should never have been recorded

    @property
    def standing(self) -> tuple[Building, ...]:
        """The buildings that are there, and still of the service; none where the site itself was taken back."""
        if self.withdrawn:
            return ()
        return tuple(it for it in self.buildings if it.gone is None and self.fate_of(it.its.code) not in LOST)

    def building(self, code: str) -> Building | None:
        """The building of this code, or None."""
        return next((it for it in self.buildings if it.its.code == code), None)

    @property
    def floor(self) -> Decimal:
        """m² of floor of all buildings that are there."""
        return sum((Decimal(it.its.area) for it in self.standing), Decimal())

    @property
    def fate(self) -> e.Became | None:
        """What has become of the whole site, as it was said last."""
        return next((it for it in reversed(self.fates) if not it.building), None)

    def fate_of(self, building: str) -> Fate | None:
        """What has become of a building: said of itself or of the whole, whichever was said last."""
        return next((it.fate for it in reversed(self.fates) if it.building in ("", building)), None)


sites = Fold(Site)


@sites.on(e.SiteRecorded, opens=True)
def recorded(_: None, entry: Entry[e.SiteRecorded]) -> Site:
    it = entry.body
    return Site(
        entry.subject, it.unit, it.province, it.unit, it.details, it.synthetic, entry.at, batch=it.batch
    )


@sites.on(e.SiteCorrected)
def corrected(site: Site, entry: Entry[e.SiteCorrected]) -> Site:
    return replace(site, details=entry.body.details)


@sites.on(e.SiteWithdrawn)
def withdrawn(site: Site, entry: Entry[e.SiteWithdrawn]) -> Site:
    return replace(site, withdrawn=entry.body.reason)


@sites.on(e.BuildingRecorded)
def building_recorded(site: Site, entry: Entry[e.BuildingRecorded]) -> Site:
    its = entry.body.building
    if site.building(its.code) is None:
        return replace(site, buildings=(*site.buildings, Building(its)))
    return _with(site, its.code, lambda building: replace(building, its=its))


@sites.on(e.BuildingGivenUp)
def building_given_up(site: Site, entry: Entry[e.BuildingGivenUp]) -> Site:
    return _with(site, entry.body.building, lambda building: replace(building, gone=entry.body))


@sites.on(e.RoomsSet)
def rooms_set(site: Site, entry: Entry[e.RoomsSet]) -> Site:
    return _with(site, entry.body.building, lambda building: replace(building, rooms=entry.body.rooms))


@sites.on(e.Surveyed)
def surveyed(site: Site, entry: Entry[e.Surveyed]) -> Site:
    survey = Survey(entry.id, entry.at, entry.actor, entry.body)
    return _with(
        site, entry.body.building, lambda building: replace(building, surveys=(*building.surveys, survey))
    )


@sites.on(e.SurveyWithdrawn)
def survey_withdrawn(site: Site, entry: Entry[e.SurveyWithdrawn]) -> Site:
    def without(its: tuple[Survey, ...]) -> tuple[Survey, ...]:
        return tuple(
            replace(it, withdrawn=entry.body.reason) if it.id == entry.body.survey else it for it in its
        )

    its = (replace(building, surveys=without(building.surveys)) for building in site.buildings)
    return replace(site, buildings=tuple(its))


@sites.on(e.Lent)
def lent(site: Site, entry: Entry[e.Lent]) -> Site:
    lending = Lending(entry.id, entry.body)
    return _with(
        site, entry.body.building, lambda building: replace(building, lendings=(*building.lendings, lending))
    )


@sites.on(e.LentBack)
def lent_back(site: Site, entry: Entry[e.LentBack]) -> Site:
    def ended(its: tuple[Lending, ...]) -> tuple[Lending, ...]:
        return tuple(replace(it, ended=entry.body.since) if it.id == entry.body.lending else it for it in its)

    its = (replace(building, lendings=ended(building.lendings)) for building in site.buildings)
    return replace(site, buildings=tuple(its))


@sites.on(e.Became)
def became(site: Site, entry: Entry[e.Became]) -> Site:
    return replace(site, fates=(*site.fates, entry.body))


@sites.on(e.HandedOver)
def handed_over(site: Site, entry: Entry[e.HandedOver]) -> Site:
    return replace(site, handover=Handover(entry.body, site.holder, entry.at, entry.actor))


@sites.on(e.Accepted)
def accepted(site: Site, entry: Entry[e.Accepted]) -> Site:
    if site.handover is None:
        return site
    it = site.handover
    move = Move(it.giver, it.said.to, it.said.on, it.said.paper, entry.at)
    return replace(site, holder=it.said.to, handover=None, moves=(*site.moves, move))


@sites.on(e.HandoverEnded)
def handover_ended(site: Site, entry: Entry[e.HandoverEnded]) -> Site:
    return replace(site, handover=None)


def _with(site: Site, code: str, change: Callable[[Building], Building]) -> Site:
    its = (change(building) if building.its.code == code else building for building in site.buildings)
    return replace(site, buildings=tuple(its))
