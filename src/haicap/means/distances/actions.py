"""What people do with distances: state how far it really is, withdraw that."""

from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid5

from haicap.journal.pen import Pen
from haicap.means.distances.entries import DistanceStated, DistanceWithdrawn
from haicap.means.distances.fold import Distance, distances
from haicap.units.acting import NotSo, Unsaid, granted, said
from haicap.units.actions import SPACE
from haicap.units.fold import Unit

DIRECT = "means.direct"
LONGEST = Decimal(3000)  # km: the country is shorter


def distance_id(from_unit: str, to_unit: str) -> UUID:
    """The subject of the way from one unit to another."""
    return uuid5(SPACE, f"distance/{from_unit}/{to_unit}")


def state(
    pen: Pen, *, entry_id: UUID, from_unit: Unit, to_unit: Unit, km: str, source: str, synthetic: bool = False
) -> Distance:
    """State how far it is from one unit of a province to another of it, or state it anew. Idempotent in `entry_id`.

    Raises `Refused`, `Unsaid` (km, source), `NotSo` for one unit twice or units of two provinces.
    """
    subject = distance_id(from_unit.code, to_unit.code)
    if pen.wrote(entry_id) and (known := pen.state(distances, subject)) is not None:
        return known
    province = from_unit.province
    if from_unit.code == to_unit.code or province is None or province != to_unit.province:
        raise NotSo("state")
    body = DistanceStated(
        province=province, from_unit=from_unit.code, to_unit=to_unit.code, km=_kilometres(km),
        source=said(source, "source"), synthetic=synthetic,
    )  # fmt: skip
    grant = granted(pen.person, DIRECT, province, from_unit.code)
    return pen.write(distances, entry_id, subject, body, unit=province, grant=grant, channel="reference")


def withdraw(pen: Pen, *, entry_id: UUID, subject: UUID, reason: str) -> Distance:
    """Let the great circle count again. Idempotent. Raises `Refused`, `NotSo` where nothing stands, `Unsaid`."""
    known = pen.state(distances, subject)
    if known is None:
        raise NotSo("withdraw")
    if pen.wrote(entry_id):
        return known
    if not known.stands:
        raise NotSo("withdraw")
    grant = granted(pen.person, DIRECT, known.province, known.from_unit)
    body = DistanceWithdrawn(reason=said(reason, "reason"))
    return pen.write(
        distances, entry_id, subject, body, unit=known.province, grant=grant, channel="reference"
    )


def _kilometres(text: str) -> str:
    try:
        km = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as fault:
        raise Unsaid("km") from fault
    if not km.is_finite() or not 0 <= km <= LONGEST:
        raise Unsaid("km")
    return str(km.quantize(Decimal("0.01")))
