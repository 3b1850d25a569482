"""What the entries of data lines mean, and how a line does against what is contracted."""

from collections.abc import Iterable
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
KEPT = timedelta(days=92)  # outages and watched days of so long are part of a line's state
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
class Outage:
    """The line was down; `cause` None while nobody has said why."""

    began: datetime
    ended: datetime
    seen: str
    cause: e.Cause | None = None
    note: str = ""

    @property
    def length(self) -> timedelta:
        """How long."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Watch:
    """A day of the line: from when to when its node watched it, for how many seconds, and what it saw."""

    since: datetime
    until: datetime
    seconds: int
    asks: int
    failed: int
    delay: int | None
    down: str | None
    up: str | None


@dataclass(frozen=True, slots=True)
class Explained:
    """Why the outage was that began then; it may be known here before the outage is."""

    began: datetime
    cause: e.Cause
    note: str


@dataclass(frozen=True, slots=True)
class Service:
    """Of the days watched within `WINDOW`: percent of the time that it was up, outages, their length, median delay.

    `until` is the end of the newest day watched; outages after it are not in it yet.
    """

    available: Decimal
    outages: int
    down: timedelta
    delay: int | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Circuit:
    """A data line with all terms it had, the first first; `measures` are those of `WINDOW`, by time.

    `outages` and `watches` are those of `KEPT`, by time.
    """

    id: UUID
    unit: str
    province: str | None
    site: UUID | None
    terms: tuple[Terms, ...]
    synthetic: bool
    measures: tuple[Measure, ...] = ()
    ended: e.CircuitEnded | None = None
    batch: UUID | None = None  # the list of a former unit with which it came
    outages: tuple[Outage, ...] = ()
    watches: tuple[Watch, ...] = ()
    causes: tuple[Explained, ...] = ()

    @property
    def service(self) -> Service | None:
        """How available the line was; None where no node has watched it."""
        if not self.watches or not (its := self._lately()):
            return None
        until = self.watches[-1].until
        outages = [
            it for it in self.outages if any(it.began < day.until and it.ended > day.since for day in its)
        ]
        down = sum((_shared(it, its) for it in outages), timedelta())
        watched = timedelta(seconds=sum(it.seconds for it in its))
        share = 100 * (1 - Decimal(down / watched)) if watched else Decimal(100)
        delays = [it.delay for it in its if it.delay is not None]
        delay = round(median(delays)) if delays else None
        return Service(max(share, Decimal()).quantize(Decimal("0.01")), len(outages), down, delay, until)

    def _lately(self) -> list[Watch]:
        first = self.watches[-1].until - WINDOW
        return [it for it in self.watches if it.until > first and it.seconds]

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


@circuits.on(e.CircuitInterrupted)
def interrupted(circuit: Circuit, entry: Entry[e.CircuitInterrupted]) -> Circuit:
    """Outages never overlap: they are of one node. Of one that is told twice the first stays."""
    it = entry.body
    if any(it.began < known.ended and it.ended > known.began for known in circuit.outages):
        return circuit
    found = sorted(
        (*circuit.outages, Outage(it.began, it.ended, it.seen, it.cause)), key=lambda its: its.began
    )
    kept = tuple(its for its in found if its.ended > found[-1].ended - KEPT)
    return _explained(replace(circuit, outages=kept))


@circuits.on(e.CircuitExplained)
def explained(circuit: Circuit, entry: Entry[e.CircuitExplained]) -> Circuit:
    it = entry.body
    before = (its for its in circuit.causes if its.began != it.began and its.began > it.began - KEPT)
    return _explained(replace(circuit, causes=(*before, Explained(it.began, it.cause, it.note))))


def _explained(circuit: Circuit) -> Circuit:
    """With the causes of outages that are known."""
    causes = {it.began: it for it in circuit.causes}
    its = tuple(
        replace(known, cause=why.cause, note=why.note) if (why := causes.get(known.began)) else known
        for known in circuit.outages
    )
    return replace(circuit, outages=its)


@circuits.on(e.CircuitWatched)
def watched(circuit: Circuit, entry: Entry[e.CircuitWatched]) -> Circuit:
    it = entry.body
    if any(it.since < known.until and it.until > known.since for known in circuit.watches):
        return circuit
    new = Watch(it.since, it.until, it.seconds, it.asks, it.failed, it.delay, it.down, it.up)
    found = sorted((*circuit.watches, new), key=lambda its: its.since)
    return replace(circuit, watches=tuple(its for its in found if its.until > found[-1].until - KEPT))


def _shared(outage: Outage, days: Iterable[Watch]) -> timedelta:
    """As much of an outage as lies within days that were watched."""
    return sum(
        (max(min(outage.ended, it.until) - max(outage.began, it.since), timedelta()) for it in days),
        timedelta(),
    )


def _rank(it: Measure) -> tuple[Decimal, Decimal, str, str]:
    return Decimal(it.down), Decimal(it.up), it.delay or "", it.loss or ""
