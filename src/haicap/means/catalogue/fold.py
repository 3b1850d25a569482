"""What the entries of the catalogue mean."""

from dataclasses import dataclass, replace
from datetime import date

from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.catalogue.entries import Counting, Family, KindDropped, KindListed


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of means as it is said to be today; `price` in VND, `lasts` in years."""

    code: str
    vi: str
    en: str
    family: Family
    counting: Counting
    measure_vi: str
    measure_en: str
    lasts: int | None
    price: str | None
    source: str
    synthetic: bool
    dropped: date | None = None


kinds = Fold(Kind)


@kinds.on(KindListed, opens=True, continues=True)
def listed(_: Kind | None, entry: Entry[KindListed]) -> Kind:
    it = entry.body
    return Kind(
        code=it.code, vi=it.name.vi, en=it.name.en, family=it.family, counting=it.counting, measure_vi=it.measure.vi,
        measure_en=it.measure.en, lasts=it.lasts, price=it.price, source=it.source, synthetic=it.synthetic,
    )  # fmt: skip


@kinds.on(KindDropped)
def dropped(kind: Kind, entry: Entry[KindDropped]) -> Kind:
    return replace(kind, dropped=entry.body.since)
