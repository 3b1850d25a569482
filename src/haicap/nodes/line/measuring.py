"""What contacts tell of the line: up or down, delay, loss, throughput, outages.

Nothing is sent only to measure: the light probe is the request for heads, which every contact begins with. What is
found lies in local tables; outages and days are told to the rooms above (`haicap.nodes.line.reporting`).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median
from uuid import UUID, uuid5

from django.db import transaction

from haicap.journal.ids import uuid7
from haicap.nodes.exchange.wire import Traffic
from haicap.nodes.line.models import LineNow, LineReport, LineSample
from haicap.units.sign_in import PEOPLE

LEAST = timedelta(minutes=2)  # what is shorter is no outage
GAP = timedelta(
    minutes=30
)  # between two contacts: longer, and this program was not running, or the clock was moved
BIG = 256 * 1024  # bytes from which on a transfer says how fast the line is
RAW = timedelta(days=1)  # so long each contact is kept, then each hour
KEEP = timedelta(days=400)


@dataclass(slots=True)
class Tally:
    """The requests of one contact, as the wire tells them (`Http(watch=tally.add)`).

    `rates` False where a cap of ours decides how fast it goes. Delays are seconds, rates bytes a second.
    """

    rates: bool = True
    asks: int = 0
    failed: int = 0
    received: int = 0
    sent: int = 0
    delays: list[float] = field(default_factory=list)
    down: float | None = None
    up: float | None = None

    def add(self, traffic: Traffic) -> None:
        """Count one request. The delay of one with a big body would be that of sending it, and is left out."""
        self.asks += 1
        self.sent += traffic.out
        self.received += traffic.into
        if traffic.down is not None:
            self.failed += 1
        if traffic.first is None:
            return
        if traffic.out < BIG:
            self.delays.append(traffic.first)
        else:
            self.up = self._quicker(self.up, traffic.out, traffic.first)
        if traffic.into >= BIG and traffic.down is None:
            self.down = self._quicker(self.down, traffic.into, traffic.seconds - traffic.first)

    def _quicker(self, known: float | None, size: int, seconds: float) -> float | None:
        return max(known or 0.0, size / seconds) if self.rates and seconds > 0 else known


@dataclass(frozen=True, slots=True)
class State:
    """The line after a contact: when that was, the newest good one, and since when none is."""

    tried: datetime | None = None
    good: datetime | None = None
    bad: datetime | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """From the first failed contact to the first good one, or to the last that was made at all."""

    began: datetime
    ended: datetime
    seen: str


def after(state: State, at: datetime, *, good: bool, seen: str = "") -> tuple[State, Outage | None]:
    """The line after a contact at `at`, and the outage that is over with it, where it was longer than `LEAST`.

    Where nothing was asked for longer than `GAP` (the machine was off) nothing is known of that time: an outage ends
    with the last contact before it, and one that goes on begins anew.
    """
    over: Outage | None = None
    bad = state.bad
    if bad is not None and state.tried is not None:
        if not timedelta() <= at - state.tried <= GAP:
            over, bad = Outage(bad, state.tried, state.seen), None
        elif good:
            over = Outage(bad, at, state.seen)
    if over is not None and over.ended - over.began <= LEAST:
        over = None
    if good:
        return State(at, at, None, ""), over
    return State(at, state.good, bad or at, seen), over


def note(tally: Tally, at: datetime, *, seen: str | None, using: str = "worker") -> None:
    """Keep what a contact at `at` (aware) came to: a sample, the line's state, an outage that is over.

    `seen` says how it failed to reach the parent; None where it did reach it.
    """
    with transaction.atomic(using=using):
        row = LineNow.objects.using(using).select_for_update().first()
        before = State(row.tried, row.good, row.bad, row.seen) if row else State()
        state, outage = after(before, at, good=seen is None, seen=seen or "")
        _sample(tally, before, at).save(using=using)
        if outage is not None:
            body = {"seen": outage.seen}
            LineReport(id=uuid7(at), sort="outage", began=outage.began, ended=outage.ended, body=body).save(
                using=using
            )
        LineNow(id=1, tried=at, good=state.good, bad=state.bad, seen=state.seen).save(using=using)


def _sample(tally: Tally, before: State, at: datetime) -> LineSample:
    watched = at - before.tried if before.tried else timedelta()
    if not timedelta() <= watched <= GAP:
        watched = timedelta()
    return LineSample(
        at=at, seconds=int(watched.total_seconds()), asks=tally.asks, failed=tally.failed,
        delay=round(1000 * median(tally.delays)) if tally.delays else None,
        down=_whole(tally.down), up=_whole(tally.up), received=tally.received, sent=tally.sent,
    )  # fmt: skip


def _whole(rate: float | None) -> int | None:
    return None if rate is None else int(rate)


def tidy(at: datetime, node: UUID, *, using: str = "worker") -> None:
    """Make a report of each day that is over, and one row of each hour that is older than `RAW`; forget the oldest."""
    with transaction.atomic(using=using):
        samples = LineSample.objects.using(using).filter(whole_hour=False)
        old = list(samples.filter(at__lt=_midnight(at)).order_by("at"))
        for day, its in groupby(old, key=lambda it: it.at.astimezone(PEOPLE).date()):
            _day_report(f"{node}/{day}", list(its), using)
        older = [it for it in old if it.at < at - RAW]
        for _hour, its in groupby(older, key=lambda it: it.at.replace(minute=0, second=0, microsecond=0)):
            _one_row(list(its), using)
        LineSample.objects.using(using).filter(at__lt=at - KEEP).delete()
        LineReport.objects.using(using).filter(began__lt=at - KEEP).exclude(told=[]).delete()


def _midnight(at: datetime) -> datetime:
    return at.astimezone(PEOPLE).replace(hour=0, minute=0, second=0, microsecond=0)


def _one_row(its: list[LineSample], using: str) -> None:
    found = summed(its)
    LineSample.objects.using(using).filter(pk__in=[it.pk for it in its]).delete()
    LineSample(at=its[0].at, whole_hour=True, **found).save(using=using)


def _day_report(name: str, its: list[LineSample], using: str) -> None:
    key = uuid5(UUID(int=0), name)
    known = LineReport.objects.using(using)
    if known.filter(pk=key).exists():
        return
    LineReport(id=key, sort="day", began=its[0].at, ended=its[-1].at, body=summed(its)).save(using=using)


def summed(its: list[LineSample]) -> dict[str, int | None]:
    """Samples as one: sums, the median of delays, the quickest transfers."""
    delays = [it.delay for it in its if it.delay is not None]
    return {
        "seconds": sum(it.seconds for it in its),
        "asks": sum(it.asks for it in its),
        "failed": sum(it.failed for it in its),
        "received": sum(it.received for it in its),
        "sent": sum(it.sent for it in its),
        "delay": round(median(delays)) if delays else None,
        "down": max((it.down for it in its if it.down is not None), default=None),
        "up": max((it.up for it in its if it.up is not None), default=None),
    }
