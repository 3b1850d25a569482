"""The demonstration's data lines: invented contracts of each commune unit, and some weeks of measurements."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Literal
from uuid import UUID

from haicap.clocks.wall import VIETNAM, day_of
from haicap.means.lines import actions
from haicap.means.lines import entries as e
from haicap.means.lines.models import CircuitRow
from haicap.means.premises.models import SiteRow
from haicap.means.premises.year import words, working
from haicap.means.year import WARD, Ground
from haicap.units.fold import Unit

DAY = timedelta(days=1)
WEEKS = 21  # days of measurements
HOURS = (time(8, 30), time(15, 0))
RATES = {
    "internal-line": ((50, 50), (100, 50), (100, 100)),
    "internet-line": ((150, 100), (200, 150), (300, 200)),
}
Health = Literal["well", "below", "half"]


def there() -> bool:
    """Whether the demonstration has lines."""
    return CircuitRow.objects.using("worker").exists()


def fill(ground: Ground) -> None:
    """An internal line for nearly every unit and an internet line for most; some measured, some of these weak."""
    own = SiteRow.objects.using("worker").filter(former=None).order_by("-order")
    sites = dict(own.values_list("holder", "pk"))
    for place, unit in enumerate(ground.communes()):
        site = sites.get(unit.code)
        if unit.code == WARD or place % 23 != 7:
            subject = _contract(ground, unit, site, "internal-line")
            if unit.code == WARD or ground.rng.random() < 0.5:
                _measure(ground, unit, subject, "half" if unit.code == WARD else _health(ground.rng))
        if unit.code == WARD or ground.rng.random() < 0.7:
            subject = _contract(ground, unit, site, "internet-line")
            if ground.rng.random() < 0.25:
                _measure(ground, unit, subject, _health(ground.rng))


def _health(rng: Random) -> Health:
    return rng.choices(("well", "below", "half"), (60, 25, 15))[0]


def _contract(ground: Ground, unit: Unit, site: UUID | None, sort: str) -> UUID:
    rng, today = ground.rng, day_of(ground.end)
    island = unit.sort == "special-zone"
    down, up = (20, 10) if island and sort == "internal-line" else rng.choice(RATES[sort])
    since = today - rng.randint(200, 330) * DAY
    ends = since + 365 * DAY if rng.random() < 0.85 else None
    terms = e.Terms(
        provider=rng.choice(words()["providers"]), number=f"HPG{rng.randint(100_000, 999_999)}", sort=sort,
        medium="radio" if island else "fibre", down=str(down), up=str(up), since=since,
        until=ends and ends - (rng.randint(0, 1) and rng.randint(20, 120)) * DAY,
        cost=str(rng.randrange(9, 38) * 100_000), paper=f"{rng.randint(10, 400)}/HĐ-{since.year}",
    )  # fmt: skip
    pen = ground.pen(ground.who(unit.code, "clerk"), working(rng, today - rng.randint(185, 190) * DAY))
    subject = ground.fresh(pen.at)
    actions.contract(
        pen, entry_id=ground.fresh(pen.at), subject=subject, unit=unit, terms=terms, site=site, synthetic=True
    )
    return subject


def _measure(ground: Ground, unit: Unit, subject: UUID, health: Health) -> None:
    """Two measurements a day, taken in as a sheet at the end of each week."""
    circuit = ground.bulk.kept[subject].state
    assert circuit is not None
    low, high = {"well": (0.9, 1.02), "below": (0.6, 0.9), "half": (0.15, 0.6)}[health]
    rng, today = ground.rng, day_of(ground.end)
    moments = [
        datetime.combine(today - n * DAY, hour, VIETNAM) for n in range(WEEKS, 0, -1) for hour in HOURS
    ]
    its = [_one(rng, at, circuit.now, rng.uniform(low, high)) for at in moments]
    who = ground.who(unit.code, "clerk")
    for first in range(0, len(its), 7 * len(HOURS)):
        week = its[first : first + 7 * len(HOURS)]
        pen = ground.pen(who, min(week[-1].at + timedelta(hours=2), ground.end))
        actions.measure(pen, entry_id=ground.fresh(pen.at), subject=subject, measures=week, source="import")


def _one(rng: Random, at: datetime, terms: e.Terms, share: float) -> e.Measure:
    return e.Measure(
        at=at, down=f"{float(terms.down) * share:.1f}", up=f"{float(terms.up) * min(1.0, share + 0.05):.1f}",
        delay=str(rng.randint(4, 60)), loss=f"{rng.random() * (3 if share < 0.6 else 0.4):.1f}",
    )  # fmt: skip
