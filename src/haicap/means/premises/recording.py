"""What people say of premises: a site, its buildings and rooms, and what has become of those of former units."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from haicap.clocks.wall import day_of
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.means.catalogue.queries import of_family
from haicap.means.premises import entries as e
from haicap.means.premises.fold import Building, Site, sites
from haicap.units.acting import NotSo, Unsaid, granted, past, said
from haicap.units.fold import Unit

WRITE = "means.write"
OTHER_USES = ("common", "garage", "store", "guard")  # rooms that count to no kind of means
FIRST_YEAR = 1860  # no building in use is older
MOST = Decimal(1_000_000)  # m²


def record_site(
    pen: Pen, *, entry_id: UUID, subject: UUID, unit: Unit, details: e.Details, synthetic: bool = False,
    batch: UUID | None = None,
) -> Site:  # fmt: skip
    """Record a site that `unit` holds. Idempotent in `entry_id`.

    Raises `Refused`; `Unsaid` without name or address, for an area or a place that is no number, or a certificate
    that is said to be granted and has no number.
    """
    known = pen.state(sites, subject)
    if known is not None and pen.wrote(entry_id):
        return known
    body = e.SiteRecorded(
        unit=unit.code, province=unit.province, details=_details(details), batch=batch, synthetic=synthetic
    )
    grant = granted(pen.person, WRITE, unit.code)
    return pen.write(sites, entry_id, subject, body, unit=unit.code, grant=grant)


def correct_site(pen: Pen, *, entry_id: UUID, subject: UUID, details: e.Details, reason: str) -> Site:
    """Say what is right of a site, and why. Raises as `record_site`, and `NotSo` where there is none."""
    site = found(pen, subject)
    body = e.SiteCorrected(details=_details(details), reason=said(reason, "reason"))
    return act(pen, entry_id, site, body)


def withdraw(
    pen: Pen, *, entry_id: UUID, subject: UUID, batch: UUID, reason: str, recorded: Collection[UUID]
) -> Site | None:
    """Take a site back that came with a list; None where anybody has gone on with it, and it stays.

    `recorded` are the entries that brought it. Idempotent. Raises `Refused`, `NotSo`, `Unsaid`.
    """
    folded, site = pen.folded(sites, subject), found(pen, subject)
    if site.withdrawn:
        return site
    if folded.last not in recorded or folded.aside:
        return None
    return act(pen, entry_id, site, e.SiteWithdrawn(batch=batch, reason=said(reason, "reason")))


def record_building(pen: Pen, *, entry_id: UUID, subject: UUID, building: e.Frame, reason: str = "") -> Site:
    """Record a building; one of the same code is said anew, which takes a reason.

    Raises `Refused`; `Unsaid` without code, name, area, storeys, or the lender of a borrowed one; `NotSo` where the
    building has been given up.
    """
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    known = site.building(said(building.code, "code"))
    if known is not None and known.gone is not None:
        raise NotSo("building")
    if known is not None:
        said(reason, "reason")
    body = e.BuildingRecorded(building=_frame(building, pen.at.year), reason=reason.strip())
    return act(pen, entry_id, site, body)


def give_up(
    pen: Pen, *, entry_id: UUID, subject: UUID, building: str, since: date, why: e.Gone, paper: str = ""
) -> Site:
    """Say that a building is no more, or no more ours. Raises `Refused`, `NotSo`, `NotYet`."""
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    its = standing(site, building)
    body = e.BuildingGivenUp(
        building=its.its.code, since=past(since, day_of(pen.at)), why=why, paper=paper.strip()
    )
    return act(pen, entry_id, site, body)


def set_rooms(pen: Pen, *, entry_id: UUID, subject: UUID, building: str, rooms: Sequence[e.Room]) -> Site:
    """Set all rooms of a building anew.

    Raises `Refused`, `NotSo`; `Unsaid` for a code that comes twice or is missing ("code"), a use that is neither a
    kind of premises nor one of `OTHER_USES` ("use"), an area that is no number ("area"), or rooms that have more
    floor together than the building ("sum").
    """
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    its = standing(site, building)
    uses = {*of_family("premises"), *OTHER_USES}
    fresh = tuple(
        e.Room(code=said(it.code, "code"), name=it.name.strip(), use=it.use, area=measured(it.area, "area"))
        for it in rooms
    )
    if len({it.code for it in fresh}) < len(fresh):
        raise Unsaid("code")
    if any(it.use not in uses for it in fresh):
        raise Unsaid("use")
    if sum((Decimal(it.area) for it in fresh), Decimal()) > Decimal(its.its.area):
        raise Unsaid("sum")
    return act(pen, entry_id, site, e.RoomsSet(building=its.its.code, rooms=fresh))


def say_became(pen: Pen, *, entry_id: UUID, subject: UUID, body: e.Became) -> Site:
    """Say what has become of a former unit's site or building.

    Raises `Refused`; `NotSo` where the site is of no former unit or has no such building; `Unsaid` without saying to
    whom it went; `NotYet`.
    """
    site = found(pen, subject)
    if pen.wrote(entry_id):
        return site
    if site.details.former is None or (body.building and site.building(body.building) is None):
        raise NotSo("became")
    past(body.since, day_of(pen.at))
    if body.fate not in ("empty", "demolished"):
        said(body.to, "to")
    clean = body.model_copy(update={"to": body.to.strip(), "paper": body.paper.strip()})
    return act(pen, entry_id, site, clean)


def found(pen: Pen, subject: UUID) -> Site:
    """The site as this transaction sees it. Raises `NotSo` where there is none."""
    site = pen.state(sites, subject)
    if site is None:
        raise NotSo("site")
    return site


def act(
    pen: Pen, entry_id: UUID, site: Site, body: Body, *, action: str = WRITE, at: str | None = None
) -> Site:
    """Write an entry about a site; the right is judged at its holder, or at the unit `at`.

    Raises `Refused`, `NotSo` where the site was taken back.
    """
    if site.withdrawn:
        raise NotSo("site")
    grant = granted(pen.person, action, at or site.holder)
    return pen.write(sites, entry_id, site.id, body, unit=site.unit, grant=grant)


def measured(text: str, what: str) -> str:
    """A number above nought, as entries hold it. Raises `Unsaid`."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise Unsaid(what) from None
    if not number.is_finite() or not 0 < number <= MOST or number != number.quantize(Decimal("0.01")):
        raise Unsaid(what)
    return f"{number.normalize():f}"


def _details(its: e.Details) -> e.Details:
    land = its.land
    if land.title == "granted":
        said(land.certificate, "certificate")
    land = land.model_copy(update={"area": measured(land.area, "area") if land.area else None})
    if its.place is not None:
        _degrees(its.place.latitude, 90)
        _degrees(its.place.longitude, 180)
    name, address = said(its.name, "name"), said(its.address, "address")
    return its.model_copy(update={"name": name, "address": address, "land": land})


def _degrees(text: str, most: int) -> None:
    try:
        right = abs(Decimal(text)) <= most
    except InvalidOperation:
        right = False
    if not right:
        raise Unsaid("place")


def _frame(its: e.Frame, this_year: int) -> e.Frame:
    if its.storeys < 1:
        raise Unsaid("storeys")
    if its.year is not None and not FIRST_YEAR <= its.year <= this_year:
        raise Unsaid("year")
    if its.tenure == "borrowed":
        said(its.lender, "lender")
    said(its.name, "name")
    clean = {"area": measured(its.area, "area"), "code": its.code.strip(), "name": its.name.strip()}
    return its.model_copy(update=clean)


def standing(site: Site, code: str) -> Building:
    """The building of this code that has not been given up. Raises `NotSo`."""
    building = site.building(code)
    if building is None or building.gone is not None:
        raise NotSo("building")
    return building
