"""The demonstration's last two weeks at the duty desks: shifts, lines, quick reports, lines that were down.

Invented but for the units. Some incidents became crime reports of the year; the shift of today runs at every desk.
"""

import random
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache, partial
from importlib.resources import files
from typing import Any
from uuid import UUID

from haicap.clocks.wall import VIETNAM, day_of
from haicap.duty import log, ruling, shifts
from haicap.duty.entries import How, ShiftHandedOver
from haicap.duty.fold import Line, Shift
from haicap.duty.models import ShiftRow
from haicap.duty.sorts import Sort, cases
from haicap.journal.bulk import Bulk
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import Pen
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.year.people import Crew, crew
from haicap.units.fold import Unit
from haicap.units.loading import seeded
from haicap.units.rights import Person

DAYS, FEW = 14, 2  # of busy desks, and of all others
BUSY = 12
WARD = "11311"  # Hồng Bàng, where the tour begins
CHANGE = time(7, 30)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ORDINARY: tuple[Sort, ...] = ("incident", "call", "call", "order", "visit", "other")
MORNING: tuple[tuple[float, Sort], ...] = ((0.4, "call"), (1.1, "incident"), (2.3, "visit"), (3.6, "order"))
CENTRE = "Trực ban Công an thành phố"

Told = Callable[[str, int, int], None]
Crime = tuple[UUID, str, datetime]


@cache
def words() -> dict[str, Any]:
    """The texts of `data/year.toml`."""
    return tomllib.loads((files("haicap.duty") / "data" / "year.toml").read_text(encoding="utf-8"))


@dataclass
class Desk:
    """One unit's desk being filled; `todo` are further acts, each done when its moment has come."""

    unit: Unit
    crew: Crew
    law: Law
    bulk: Bulk
    rng: random.Random
    end: datetime
    shift: Shift | None = None
    todo: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)

    def who(self, role: str) -> Person:
        """Whoever holds this role at the desk."""
        return self.crew.who(self.unit.code, role)

    def pen(self, role: str, at: datetime) -> Pen:
        """A pen in the hand of that person."""
        return Pen(self.who(role), at, self.bulk)

    def fresh(self, at: datetime) -> UUID:
        """A new id."""
        return uuid7(at, self.bulk.entropy)

    def at(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        """Let something be done at `moment`, if that lies before the end."""
        if moment < self.end:
            self.todo.append((moment, len(self.todo), act))

    def run(self) -> None:
        """Do all of it in the order of time; what is done may ask for more."""
        while self.todo:
            self.todo.sort()
            moment, _place, act = self.todo.pop(0)
            act(moment)

    # What is done

    def change(self, at: datetime) -> None:
        """The next shift takes over, or the first is opened."""
        people = (self.who("clerk").id, self.who("officer").id)
        common: dict[str, Any] = {"unit": self.unit, "commander": self.who("leader").id, "people": people}
        until = at + DAY
        if self.shift is None:
            self.shift = shifts.open_shift(
                self.pen("leader", at), entry_id=self.fresh(at), before=None, since=at, until=until, synthetic=True,
                **common,
            )  # fmt: skip
            return
        left = ShiftHandedOver(due=self.rng.randint(0, 4), overdue=self.rng.randint(0, 2))
        shifts.hand_over(self.pen("clerk", at), entry_id=self.fresh(at), shift=self.shift.id, left=left)
        ids = (self.fresh(at), self.fresh(at))
        taken = min(at + 6 * MINUTE, self.end)
        self.shift = shifts.accept(
            self.pen("officer", taken), entry_ids=ids, shift=self.shift.id, until=until, **common
        )

    def line(self, at: datetime, sort: Sort, text: str, **more: Any) -> Line:
        """A line, written some minutes after it happened."""
        entry_id = self.fresh(at)
        return log.write_line(
            self.pen("clerk", at), entry_id=entry_id, subject=log.subject_of(entry_id), unit=self.unit, sort=sort,
            text=text, happened=at - self.rng.randint(0, 4) * MINUTE, settings=ruling.shipped(),
            calendar=self.law.calendar, shift=self.shift.id if self.shift else None, synthetic=True, **more,
        )  # fmt: skip

    def some(self, at: datetime) -> None:
        """An ordinary line; what stays open is seen to within hours."""
        sort = self.rng.choice(ORDINARY)
        people = self.rng.choice(words()["people"]) if sort == "incident" and self.rng.random() < 0.4 else ""
        line = self.line(
            at, sort, self.rng.choice(words()[sort]), place=self.rng.choice(words()["places"]), people=people
        )
        if line.open:
            self.at(at + self.rng.uniform(0.5, 9) * HOUR, lambda then: self.done(line, then))

    def told(self, at: datetime, sort: Sort) -> None:
        """A line of this morning that nobody has seen to yet."""
        self.line(at, sort, self.rng.choice(words()[sort]), place=self.rng.choice(words()["places"]))

    def done(self, line: Line, at: datetime) -> None:
        """It is done."""
        log.close_line(self.pen("clerk", at), entry_id=self.fresh(at), subject=line.id, when=at)

    def grave(self, at: datetime, case: str, *, written: timedelta) -> None:
        """A serious incident: told by phone within minutes, in writing after so long."""
        line = self.line(
            at, "incident", words()["grave"][case], case=case, place=self.rng.choice(words()["places"])
        )
        self.at(at + 7 * MINUTE, lambda then: self.report(line, "phone", then))
        self.at(at + written, lambda then: self.report(line, "written", then))
        self.at(at + 9 * HOUR, lambda then: self.done(line, then))

    def report(self, line: Line, how: How, at: datetime) -> None:
        """The quick report is given."""
        paper = f"{self.rng.randint(20, 90)}/BC-TB" if how == "written" else ""
        log.report(
            self.pen("clerk", at), entry_id=self.fresh(at), subject=line.id, how=how, to=CENTRE, when=at, paper=paper
        )  # fmt: skip

    def down(self, at: datetime, hours: float | None) -> None:
        """A data line fails, for so many hours or until further notice."""
        line = self.line(
            at, "line-down", f"{words()['lines'][0]} mất tín hiệu, đã báo nhà mạng.", place="Trụ sở"
        )
        if hours is not None:
            self.at(at + hours * HOUR, lambda then: self.done(line, then))

    def crime(self, at: datetime, its: Crime) -> None:
        """An incident that became a crime report of the year."""
        subject, title, _received = its
        line = self.line(at, "incident", title, place=self.rng.choice(words()["places"]))
        log.became(
            self.pen("clerk", at), entry_id=self.fresh(at), subject=line.id, matter=subject, procedure="crime-report"
        )  # fmt: skip
        self.at(at + 2 * HOUR, lambda then: self.done(line, then))


def load(
    province: str, seed: str, end: datetime, *, told: Told = lambda *_: None, using: str = "worker"
) -> int:
    """Fill the duty desks of a province up to `end` (aware); how many entries, none where they were filled before."""
    if ShiftRow.objects.using(using).filter(province=province).exists():
        return 0
    people, its_law = crew(province, day_of(end), using=using), law(using=using)
    crimes = _crimes(province, end, using)
    bulk = Bulk(own(using), seeded(f"{seed}/duty"))
    communes = sorted(people.communes(), key=lambda it: (it.code != WARD, it.code))
    told("duty", 0, len(communes))
    for place, unit in enumerate(communes):
        rng = random.Random(f"{seed}/duty/{unit.code}")
        desk = Desk(unit, people, its_law, bulk, rng, end)
        fill(desk, DAYS if place < BUSY else FEW, crimes.get(unit.code, ()))
        told("duty", place + 1, len(communes))
    return bulk.load(using)


def _crimes(province: str, end: datetime, using: str) -> Mapping[str, list[Crime]]:
    """The crime reports that came in lately, by unit."""
    found: dict[str, list[Crime]] = {}
    rows = MatterRow.objects.using(using).filter(
        province=province, procedure="crime-report", received__gte=end - DAYS * DAY, received__lt=end
    )
    for row in rows.order_by("received", "id").only("unit", "title", "received"):
        found.setdefault(row.unit, []).append((row.pk, row.title, row.received))
    return found


def fill(desk: Desk, days: int, crimes: Iterable[Crime]) -> None:
    """So many days at one desk, up to its end."""
    today = day_of(desk.end)
    changes = [datetime.combine(today - n * DAY, CHANGE, VIETNAM) for n in range(days, -1, -1)]
    for change in changes:
        desk.at(change + desk.rng.randint(-8, 12) * MINUTE, desk.change)
        for _ in range(desk.rng.randint(2, 5) if days == DAYS else desk.rng.randint(0, 2)):
            desk.at(change + desk.rng.uniform(0.4, 23.4) * HOUR, desk.some)
    for its in [one for one in crimes if one[2] > changes[0] + HOUR][-4:]:
        desk.at(its[2] - 9 * MINUTE, partial(desk.crime, its=its))
    _special(desk, changes)
    desk.run()


def _special(desk: Desk, changes: list[datetime]) -> None:
    """What the tour shows: a quick report in writing that was late, one in time, and data lines that failed."""
    rng = desk.rng
    if desk.unit.code == WARD:
        for hours, sort in MORNING:
            desk.at(changes[-1] + hours * HOUR, partial(desk.told, sort=sort))
        desk.at(changes[-3] + 6.2 * HOUR, lambda then: desk.grave(then, "fire", written=3.2 * HOUR))
        desk.at(changes[-2] + 13 * HOUR, lambda then: desk.grave(then, "traffic", written=1.5 * HOUR))
        desk.at(changes[-2] + 6.6 * HOUR, lambda then: desk.down(then, 3.3))
    elif len(changes) > FEW + 1 and rng.random() < 0.7:
        case = rng.choice([code for code in words()["grave"] if code in cases()])
        desk.at(rng.choice(changes[:-1]) + rng.uniform(2, 20) * HOUR,
                lambda then: desk.grave(then, case, written=rng.choice((1, 1.4, 1.8, 2.6)) * HOUR))  # fmt: skip
    elif rng.random() < 0.03:
        desk.at(
            changes[-2] + rng.uniform(1, 20) * HOUR,
            lambda then: desk.down(then, rng.choice((1.2, 4.5, None))),
        )
