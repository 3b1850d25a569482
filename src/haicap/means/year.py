"""The demonstration's means: invented for the units of one province, each part by its own module."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haicap.clocks.wall import day_of
from haicap.journal.bulk import Bulk
from haicap.journal.ids import uuid7
from haicap.journal.models import Counter
from haicap.journal.node import own
from haicap.journal.pen import Pen
from haicap.matters.law import Law, law
from haicap.matters.year.people import Crew, crew
from haicap.means.catalogue.shipped import load_catalogue
from haicap.means.norms.shipped import load_norms
from haicap.units.fold import Unit
from haicap.units.loading import seeded
from haicap.units.rights import Person

WARD = "11311"  # Hồng Bàng, where the tour begins

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a part fills: a desk in memory, who is in post, the law, chance that is the same again, and the end."""

    province: str
    bulk: Bulk
    crew: Crew
    law: Law
    rng: random.Random
    end: datetime

    def who(self, unit: str, role: str) -> Person:
        """Whoever holds this role in a unit."""
        return self.crew.who(unit, role)

    def pen(self, person: Person, at: datetime) -> Pen:
        """A pen in that person's hand."""
        return Pen(person, at, self.bulk)

    def fresh(self, at: datetime) -> UUID:
        """A new id."""
        return uuid7(at, self.bulk.entropy)

    def communes(self) -> Sequence[Unit]:
        """The units of commune level, the tour's own first."""
        return sorted(self.crew.communes(), key=lambda it: (it.code != WARD, it.code))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the room: `there` says whether the demonstration has it already, `fill` writes it."""

    name: str
    there: Callable[[], bool]
    fill: Callable[[Ground], None]


def parts() -> Iterable[Part]:
    """The parts in the order in which they are written; later ones may read what earlier ones left in the tables."""
    from haicap.means.lines import year as lines  # the parts import `Ground` from here
    from haicap.means.needs import year as needs
    from haicap.means.norms import year as norms
    from haicap.means.plans import year as plans
    from haicap.means.premises import year as premises
    from haicap.means.rounds import year as rounds
    from haicap.means.staff import year as staff
    from haicap.means.things import year as things
    from haicap.means.works import year as works

    return (
        Part("premises", premises.there, premises.fill),
        Part("photos", premises.photographed, premises.photograph),
        Part("lines", lines.there, lines.fill),
        Part("things", things.there, things.fill),
        Part("staff", staff.there, staff.fill),
        Part("norms", norms.there, norms.fill),
        Part("needs", needs.there, needs.fill),
        Part("works", works.there, works.fill),
        Part("rounds", rounds.there, rounds.fill),
        Part("plans", plans.there, plans.fill),
    )


def load(province: str, seed: str, end: datetime, *, told: Told) -> int:
    """Write what is not there yet, up to `end` (aware); returns how many entries."""
    load_catalogue()
    load_norms()
    its = tuple(parts())
    written = 0
    for place, part in enumerate(its):
        told("means", place, len(its))
        if not part.there():
            ground = _ground(province, f"{seed}/means/{part.name}", end)
            part.fill(ground)
            written += ground.bulk.load()
    told("means", len(its), len(its))
    return written


def _ground(province: str, seed: str, end: datetime) -> Ground:
    people, desk = crew(province, day_of(end)), Bulk(own("worker"), seeded(seed))
    given = Counter.objects.using("worker").filter(incarnation=desk.own.incarnation, unit__in=people.units)
    for row in given:  # numbers go on where earlier parts ended
        desk.count_from(row.unit, row.year, row.last + 1)
    return Ground(province, desk, people, law(using="worker"), random.Random(seed), end)
