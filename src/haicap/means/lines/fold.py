"""What the entries of data lines mean, and how a line does against what is contracted."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from uuid import UUID

from haicap.clocks.wall import day_of
from haicap.journal.entry import Entry
from haicap.journal.fold import Fold
from haicap.means.lines import entries as e
from haicap.means.lines.entries import Measure, Terms

WINDOW = timedelta(days=30)  # the measurements of so long, up to the newest, say how a line does
MOST = Decimal(1000)  # percent: what is beyond says only that the contract is written down wrongly


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured of what is contracted, in percent: the median, the worst, and of how many measurements.

    Of each measurement the worse of down and up counts.
    """

    share: Decimal
    worst: Decimal
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Circuit:
    """A data line with all terms it had, the first first; `measures` are those of `WINDOW`, by time."""

    id: UUID
    unit: str
    province: str | None
    site: UUID | None
    terms: tuple[Terms, ...]
    synthetic: bool
    measures: tuple[Measure, ...] = ()
    ended: e.CircuitEnded | None = None
    batch: UUID | None = None  # the list of a former unit with which it came

    @property
    def now(self) -> Terms:
        """The newest terms."""
        return self.terms[-1]

    def on(self, day: date) -> Terms:
        """The terms that held on a day; before the first those."""
        return next((it for it in reversed(self.terms) if it.since <= day), self.terms[0])

    def share(self, measure: Measure) -> Decimal:
        """Percent of what was contracted that day, of down or up whichever is worse; at most `MOST`."""
        its = self.on(day_of(measure.at))
        worse = min(Decimal(measure.down) / Decimal(its.down), Decimal(measure.up) / Decimal(its.up))
        return min(100 * worse, MOST)

    @property
    def quality(self) -> Quality | None:
        """How the line does; None where nothing was measured."""
        if not self.measures:
            return None
        shares = [self.share(it) for it in self.measures]
        return Quality(median(shares), min(shares), len(shares), self.measures[-1].at)


circuits = Fold(Circuit)


@circuits.on(e.CircuitContracted, opens=True)
def contracted(_: None, entry: Entry[e.CircuitContracted]) -> Circuit:
    it = entry.body
    return Circuit(entry.subject, it.unit, it.province, it.site, (it.terms,), it.synthetic, batch=it.batch)


@circuits.on(e.CircuitChanged)
def changed(circuit: Circuit, entry: Entry[e.CircuitChanged]) -> Circuit:
    return replace(circuit, terms=(*circuit.terms, entry.body.terms))


@circuits.on(e.CircuitCorrected)
def corrected(circuit: Circuit, entry: Entry[e.CircuitCorrected]) -> Circuit:
    return replace(circuit, terms=(*circuit.terms[:-1], entry.body.terms), site=entry.body.site)


@circuits.on(e.CircuitEnded)
def ended(circuit: Circuit, entry: Entry[e.CircuitEnded]) -> Circuit:
    return replace(circuit, ended=entry.body)


@circuits.on(e.CircuitMeasured)
def measured(circuit: Circuit, entry: Entry[e.CircuitMeasured]) -> Circuit:
    """The same whichever of several entries comes first: of one moment the lowest rate counts."""
    lowest: dict[datetime, Measure] = {}
    for it in (*circuit.measures, *entry.body.measures):
        if it.at not in lowest or _rank(it) < _rank(lowest[it.at]):
            lowest[it.at] = it
    first = max(lowest, default=entry.at) - WINDOW
    return replace(circuit, measures=tuple(lowest[at] for at in sorted(lowest) if at > first))


def _rank(it: Measure) -> tuple[Decimal, Decimal, str, str]:
    return Decimal(it.down), Decimal(it.up), it.delay or "", it.loss or ""
