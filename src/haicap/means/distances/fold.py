"""What the entries of distances mean."""

from dataclasses import dataclass, replace

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.distances.entries import DistanceStated, DistanceWithdrawn


@dataclass(frozen=True, slots=True)
class Distance:
    """The way from one unit to another in km, a decimal; `stands` until it is withdrawn."""

    province: str
    from_unit: str
    to_unit: str
    km: str
    source: str
    synthetic: bool
    stands: bool = True


distances = Fold(Distance)


@distances.on(DistanceStated, opens=True, continues=True)
def stated(_: Distance | None, entry: Entry[DistanceStated]) -> Distance:
    it = entry.body
    return Distance(it.province, it.from_unit, it.to_unit, it.km, it.source, it.synthetic)


@distances.on(DistanceWithdrawn)
def withdrawn(distance: Distance, entry: Entry[DistanceWithdrawn]) -> Distance:
    return replace(distance, stands=False)
