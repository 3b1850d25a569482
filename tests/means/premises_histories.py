"""Histories of premises and data lines: an old ward's house that is looked at, shared, lent and handed on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.means.evidence import Evidence
from haicap.means.lines import entries as le
from haicap.means.lines.fold import circuits
from haicap.means.premises import entries as e
from haicap.means.premises.fold import sites

Bodies = Callable[[list[UUID]], list[Body]]
DAY = date(2026, 1, 5)
NOON = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)

DETAILS = e.Details(
    name="Trụ sở phường", address="12 Đinh Tiên Hoàng, phường Hồng Bàng", old_address="12 Đinh Tiên Hoàng, Minh Khai",
    land=e.Land(area="820", title="applied", owner="UBND thành phố", planning="Đất an ninh"),
    former=e.Former(unit="Công an quận Hồng Bàng", level="district"),
    place=e.Point(latitude="20.8587", longitude="106.6823"),
)  # fmt: skip
SITE = e.SiteRecorded(unit="11311", province="31", details=DETAILS)
HOUSE = e.BuildingRecorded(
    building=e.Frame(code="A", name="Nhà làm việc", use="office", storeys=2, area="470", year=2004)
)
ROOMS = e.RoomsSet(
    building="A",
    rooms=(
        e.Room(code="101", name="Tiếp dân", use="reception-area", area="38.5"),
        e.Room(code="102", name="Làm việc", use="working-area", area="200"),
        e.Room(code="HL", name="Hành lang", use="common", area="60"),
    ),
)
PHOTO = Evidence(blob="a" * 64, size=9, media="image/jpeg", name="nut.jpg", picture="b" * 64, taken=DAY)
SURVEYED = e.Surveyed(
    building="A", on=DAY, condition="damaged", wrong="Nứt tường", estimate="350000000", evidence=(PHOTO,)
)
LENT = e.Lent(
    building="A",
    rooms=("102",),
    to="UBND phường",
    shared=False,
    since=DAY,
    until=date(2027, 1, 5),
    paper="3/BB",
)
OVER = e.HandedOver(to="11329", on=DAY, paper="4/BB")
BUILT = (SITE, HOUSE, ROOMS)

TERMS = le.Terms(
    provider="VNPT", number="HPG-0311", sort="internal-line", medium="fibre", down="100", up="50", since=DAY,
    until=date(2027, 1, 4), cost="3000000", paper="12/HĐ",
)  # fmt: skip
LINE = le.CircuitContracted(unit="11311", province="31", site=UUID(int=3), terms=TERMS)
MORNING = datetime(2026, 11, 18, 1, 15, tzinfo=UTC)
OUTAGE = le.CircuitInterrupted(began=MORNING, ended=MORNING + timedelta(hours=6), seen="timeout")
WATCHED = le.CircuitWatched(
    since=MORNING,
    until=MORNING + timedelta(days=1),
    seconds=86400,
    asks=1440,
    failed=360,
    delay=40,
    down="42",
    up="9",
)
MEASURED = le.CircuitMeasured(
    measures=(le.Measure(at=NOON + timedelta(days=3), down="40", up="25.5", delay="12", loss="0.1"),),
    source="import",
)


def _after(*bodies: Body) -> Bodies:
    return lambda ids: list(bodies)


PREMISES: dict[str, tuple[Fold[Any], Bodies]] = {
    "site.recorded": (sites, _after(SITE)),
    "site.corrected": (
        sites,
        _after(SITE, e.SiteCorrected(details=DETAILS.model_copy(update={"former": None}), reason="Nhầm")),
    ),
    "site.withdrawn": (
        sites,
        _after(
            SITE.model_copy(update={"batch": UUID(int=4)}),
            HOUSE,
            e.SiteWithdrawn(batch=UUID(int=4), reason="Rút lại cả bảng"),
        ),
    ),
    "site.building_recorded": (
        sites,
        _after(SITE, HOUSE, HOUSE.model_copy(update={"reason": "Đo lại"})),
    ),
    "site.building_given_up": (
        sites,
        _after(*BUILT, e.BuildingGivenUp(building="A", since=DAY, why="demolished")),
    ),
    "site.rooms_set": (sites, _after(*BUILT)),
    "site.surveyed": (sites, _after(*BUILT, SURVEYED)),
    "site.survey_withdrawn": (
        sites,
        lambda ids: [*BUILT, SURVEYED, e.SurveyWithdrawn(survey=ids[3], reason="Nhầm nhà")],
    ),
    "site.lent": (sites, _after(*BUILT, LENT)),
    "site.lent_back": (sites, lambda ids: [*BUILT, LENT, e.LentBack(lending=ids[3], since=DAY)]),
    "site.became": (sites, _after(*BUILT, e.Became(fate="commune-police", to="Công an phường", since=DAY))),
    "site.handed_over": (sites, _after(*BUILT, OVER)),
    "site.accepted": (sites, _after(*BUILT, OVER, e.Accepted(note="Đủ chìa khóa"))),
    "site.handover_ended": (
        sites,
        _after(*BUILT, OVER, e.HandoverEnded(how="declined", reason="Chưa bàn giao hồ sơ đất")),
    ),
}
LINES: dict[str, tuple[Fold[Any], Bodies]] = {
    "circuit.contracted": (circuits, _after(LINE)),
    "circuit.changed": (
        circuits, _after(LINE, le.CircuitChanged(terms=TERMS.model_copy(update={"down": "200", "since": DAY})))
    ),
    "circuit.corrected": (
        circuits, _after(LINE, le.CircuitCorrected(terms=TERMS, site=UUID(int=3), reason="Sai số hợp đồng")),
    ),
    "circuit.ended": (circuits, _after(LINE, le.CircuitEnded(since=DAY, why="replaced"))),
    "circuit.measured": (circuits, _after(LINE, MEASURED)),
    "circuit.interrupted": (circuits, _after(LINE, OUTAGE)),
    "circuit.explained": (circuits, _after(LINE, OUTAGE, le.CircuitExplained(began=MORNING, cause="power"))),
    "circuit.watched": (circuits, _after(LINE, WATCHED)),
}  # fmt: skip
