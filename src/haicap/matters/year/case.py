"""One matter of the year on its way: when the next act comes, and the act itself, by the actions people use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from haicap.clocks.calendars import Calendar
from haicap.journal.bulk import Bulk
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen
from haicap.matters.afterwards import comment, correct, unseal
from haicap.matters.coming import AS_USUAL, Coming
from haicap.matters.entries import Way
from haicap.matters.handling import Doing, hand_over, receive, refuse, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.law import Law
from haicap.matters.state import Clock, Matter
from haicap.matters.year.people import Crew
from haicap.matters.year.shape import words
from haicap.units.fold import Unit

Life = Iterator[datetime]
"""A matter's life: does what is to be done now, and yields when it wants to be woken again."""

AHEAD = timedelta(hours=7)  # Vietnam against UTC, without summer time
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
REMARKED, OPENED, CORRECTED = 0.035, 0.02, 0.01  # of all acts, how many have such a thing beside them
STUCK = 0.25  # of what is late, how much lies for weeks or months
OFFICE = 20 * HOUR  # a limit longer than this is met in office hours

Telling = Callable[["Case"], Life]
"""Tells a life from its begin, at the moment at which it comes in."""


@dataclass
class Scene:
    """What all cases of one file share; `start` sets a further life going."""

    unit: Unit
    crew: Crew
    law: Law
    desk: Bulk
    rng: random.Random
    start: Callable[[datetime, Telling], None]


@dataclass
class Case:
    """A matter on its way at `at`; one that is `slow` meets one of its limits too late."""

    scene: Scene
    at: datetime
    season: float
    slow: bool = False
    slips: dict[str, Callable[[], str]] = field(
        default_factory=dict
    )  # fields that are corrected now and then
    _matter: Matter | None = None

    @property
    def rng(self) -> random.Random:
        return self.scene.rng

    @property
    def matter(self) -> Matter:
        """The matter as it is now; there is one after `open`."""
        assert self._matter is not None
        return self._matter

    @matter.setter
    def matter(self, matter: Matter) -> None:
        self._matter = matter

    # What is said

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.rng.random() < share

    def of(self, *path: str) -> str:
        """One of the texts at this place of `data/year.toml`."""
        its: Any = words()
        for key in path:
            its = its[key]
        return str(self.rng.choice(its)).replace("{n}", str(self.rng.randint(1, 19)))

    def paper(self, mark: str) -> str:
        """The number of a paper: `112/QĐ-CAX`."""
        return f"{self.rng.randint(1, 980)}/{mark}"

    def dossier(self) -> str:
        """The code of a file on the public portal."""
        return f"G22.{self.scene.unit.code}-{self.at:%y%m%d}-{self.rng.randint(1, 9999):04}"

    def day(self, days: int) -> str:
        """The day so many days from now, as a form sends it."""
        return (self.at + AHEAD + timedelta(days=days)).date().isoformat()

    # When

    def minutes(self, low: int, high: int) -> datetime:
        """Some minutes from now, at any time of the day."""
        return self.at + MINUTE * self.rng.uniform(low, high)

    def office(self, days: float) -> datetime:
        """About so many days from now, when offices are open."""
        return self._open(self.at + timedelta(days=days * self.rng.uniform(0.5, 1.5)))

    def meet(self, clock: str) -> datetime:
        """When the running clock is met: before its end, or after it if this case is slow (once)."""
        its = self.running(clock)
        assert its.due is not None
        slow, self.slow = self.slow, False
        return self._after(its) if slow else self._before(its.due)

    def in_time(self, clock: str) -> datetime:
        """When the running clock is met before its end."""
        its = self.running(clock)
        assert its.due is not None
        return self._before(its.due)

    def soon(self, clock: str) -> datetime:
        """When the running clock is met well before its end."""
        its = self.running(clock)
        assert its.due is not None
        return self._before(its.due, most=0.3)

    def running(self, code: str) -> Clock:
        """The clock of this code that runs."""
        return next(it for it in self.matter.clocks if it.code == code and it.runs)

    def _before(self, due: datetime, most: float = 0.98) -> datetime:
        left = due - self.at
        if left <= MINUTE:
            return self.at
        then = self.at + left * self.rng.triangular(0.05, most, most / 2)
        if left > OFFICE:
            then = self._open(then)
        if then < due:
            return then
        at_midnight = (due + AHEAD).hour == 0
        return max(
            self.at,
            due - (self.rng.uniform(7, 16) * HOUR if at_midnight else self.rng.uniform(2, 50) * MINUTE),
        )

    def _after(self, clock: Clock) -> datetime:
        due = max(clock.due or self.at, self.at)
        if due - self.at <= HOUR:
            return due + MINUTE * self.rng.uniform(25, 700)
        if clock.regime == "criminal-procedure":
            return due + HOUR * self.rng.uniform(1, 60)
        limit = due - clock.since
        if limit > 40 * HOUR and self.chance(STUCK):
            return self._open(
                due + timedelta(days=self.rng.uniform(8, 45)) + limit * self.rng.uniform(0.5, 3)
            )
        return self._open(due + timedelta(days=self.rng.expovariate(1 / 2.5)) + HOUR)

    def _open(self, at: datetime) -> datetime:
        """`at`, or a moment soon after offices next open."""
        wall = at.replace(tzinfo=None) + AHEAD
        opens, closes = next(self._calendar.days.open_from(wall))
        return (
            at if opens == wall else at + (opens - wall) + min(closes - opens, 2 * HOUR) * self.rng.random()
        )

    @property
    def _calendar(self) -> Calendar:
        return self.scene.law.calendar

    # Acts

    def open(
        self,
        role: str,
        code: str,
        title: str,
        by: Way = "desk",
        coming: Coming = AS_USUAL,
        /,
        *,
        to: str | None = None,
        **answers: str,
    ) -> None:
        """Raise the matter, as coming in at this very moment; `to` whom, where the procedure asks for that."""
        pen = self.pen(self.scene.unit.code, role)
        self._matter = raise_matter(
            pen, entry_id=self.fresh(), subject=self.fresh(), law=self.scene.law,
            procedure=self.scene.law.procedure(code, self.at), unit=self.scene.unit, by=by, received=self.at,
            title=title, to_unit=to, synthetic=True, coming=coming,
            answers={key.replace("__", "."): text for key, text in answers.items()},
        )  # fmt: skip

    def do(
        self,
        role: str,
        step: str,
        *,
        where: str | None = None,
        outcome: str | None = None,
        ground: str | None = None,
        to: str | None = None,
        assignee: str | None = None,
        **answers: str,
    ) -> None:
        """Take a step as the holder of `role` in the unit that acts; where none is said, that of the holder.

        `assignee` is the role, there too, of whoever is to deal with it. A ground that the step wants and nobody
        named is drawn from those that it lists.
        """
        procedure = self.scene.law.pinned(self.matter.edition)
        grounds = list(procedure.step[step].grounds)
        unit, chosen = where or self.holder, ground or (self.rng.choice(grounds) if grounds else None)
        person = self.scene.crew.who(unit, assignee).id if assignee else None
        doing = Doing(step, outcome, chosen, answers, to, person)
        pen = self.pen(unit, role)
        self._matter = take_step(
            pen, entry_id=self.fresh(), subject=self.matter.id, law=self.scene.law, doing=doing
        )
        self._beside(role, unit)

    def seen(self, role: str) -> None:
        """The holder says that the matter has come."""
        self._matter = receive(self.pen(self.holder, role), entry_id=self.fresh(), subject=self.matter.id)

    def give(self, role: str, to: str) -> None:
        """The holder hands the matter over to another unit."""
        self._matter = hand_over(
            self.pen(self.holder, role), entry_id=self.fresh(), subject=self.matter.id, to=to
        )

    def give_back(self, role: str) -> None:
        """The holder does not take the matter."""
        self._matter = refuse(
            self.pen(self.holder, role), entry_id=self.fresh(), subject=self.matter.id, ground=self.of("words", "back")
        )  # fmt: skip

    @property
    def holder(self) -> str:
        """The unit that is to act."""
        return self.matter.holder or self.scene.unit.code

    def department(self, code: str) -> str:
        """The code of a department of this province, as `31-PH10`."""
        return f"{self.scene.unit.province}-{code}"

    def fresh(self) -> UUID:
        """A new id."""
        return uuid7(self.at, self.scene.desk.entropy)

    def pen(self, unit: str, role: str) -> Pen:
        """The pen of whoever holds `role` in `unit`, now; the director is of the whole province."""
        place = self.scene.unit.province if role == "director" else unit
        return Pen(self.scene.crew.who(place or unit, role), self.at, self.scene.desk)

    def _beside(self, role: str, unit: str) -> None:
        """Now and then somebody also leaves a remark, opens what is sealed, or corrects a slip."""
        drawn, law = self.rng.random(), self.scene.law
        concerned = unit in (self.matter.unit, self.matter.holder) and role != "director"
        if drawn >= REMARKED + OPENED + CORRECTED or not concerned:
            return
        its: Mapping[str, Any] = {"entry_id": self.fresh(), "subject": self.matter.id}
        if drawn < REMARKED:
            self._matter = comment(self.pen(unit, role), law=law, text=self.of("words", "remarks"), **its)
        elif drawn < REMARKED + OPENED:
            if self.matter.sealed:
                self._matter = unseal(self.pen(unit, role), purpose=self.of("words", "purposes"), **its)
        elif self.slips:
            answers = {name: make() for name, make in self.slips.items()}
            pen, reason = self.pen(self.scene.unit.code, "leader"), self.of("words", "mistakes")
            self._matter = correct(pen, law=law, answers=answers, title=None, reason=reason, **its)
