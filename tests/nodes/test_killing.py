"""Real processes on real PostgreSQL are killed at random while both sides work and exchange: nothing is lost.

The seed stands below; who is killed when follows from it, what is being done at that moment does not.
"""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from time import sleep

import pytest

from haicap.config.offices import HAICAP
from nodes.relay_tun import Sockets
from nodes.two_offices import DESK, Place, join, power_cut, two, until

SEED = "killing"
BATCH = 1000  # entries
KILLS = 10  # at each of the two
LONGEST = 2.0  # seconds from the first deed after a kill to the next kill
WAYS = ("process", "process", "backend", "power")


@pytest.fixture(scope="module")
def line() -> Iterator[Sockets]:
    its = Sockets(SEED)
    yield its
    its.end()


@pytest.fixture(scope="module")
def offices(line: Sockets) -> Iterator[tuple[Place, Place]]:
    with two() as (province, commune):
        province.serve()
        join(province, commune, line.url(province.port))
        province.close()
        yield province, commune


@pytest.mark.slow
def test_a_cut_in_the_middle_of_a_batch_sends_less_than_one_batch_again(
    offices: tuple[Place, Place], line: Sockets
) -> None:
    province, commune = offices
    province.serve()
    commune.run(*DESK, "bulk", str(BATCH))
    batch = sent(commune, line)
    commune.run(*DESK, "bulk", str(2 * BATCH + BATCH // 2))
    before = count(province)
    line.cut = line.up.carried + int(1.5 * batch)
    with pytest.raises(AssertionError, match="the next contact goes on"):
        commune.run(HAICAP, "node", "contact")
    assert count(province) == before + BATCH  # the whole one, and nothing of the other
    gone = line.up.carried + batch - line.cut + int(0.5 * batch)
    line.cut = None
    gone += sent(commune, line)
    assert count(province) == before + 2 * BATCH + BATCH // 2
    province.close()
    again = gone - int(2.5 * batch)
    assert 0.2 * batch < again < batch


def sent(commune: Place, line: Sockets) -> int:
    """How many bytes go up in a contact."""
    before = line.up.carried
    commune.run(HAICAP, "node", "contact")
    return line.up.carried - before


def count(province: Place) -> int:
    """How many matters' first entries have come."""
    return int(province.run(*DESK, "raised"))


@dataclass
class Side:
    """One installation whose people work, and which is killed again and again."""

    place: Place
    name: str
    chance: Random
    died: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Serve, and let people go on: what was not acknowledged is done once more, with the same entry."""
        tried = [it.split()[1:] for it in self.place.said if it.startswith("try ")]
        again = tried[-1] if tried and tried[-1][1] not in self.told("done", "not") else []
        self.place.serve("hasty")
        self.place.ask("deeds", self.name, self.chance.random(), *again)

    def told(self, *words: str) -> list[str]:
        """The entries of which this was said."""
        return [it.split()[1] for it in list(self.place.said) if it.split()[0] in words]

    def suffer(self) -> None:
        """Work, and be killed at some moment; begin anew where that does not happen by itself."""
        self.works()
        sleep(self.chance.uniform(0, LONGEST))
        way = self.chance.choice(WAYS)
        self.died[way] = self.died.get(way, 0) + 1
        if way == "backend":
            until(self.struck, f"{self.name} has a backend", self.place)
            return
        power_cut(self.place) if way == "power" else self.place.kill()
        self.begin()

    def struck(self) -> bool:
        """Whether a process of the database was killed; while the database begins anew there may be none."""
        backends = self.place.backends()
        if not backends:
            return False
        with suppress(ProcessLookupError):  # it had just ended by itself
            os.kill(self.chance.choice(backends), signal.SIGKILL)
            return True
        return False

    def live(self) -> None:
        """All of it."""
        self.begin()
        for _ in range(KILLS):
            self.suffer()
        self.works()

    def works(self) -> None:
        """Wait until another deed is done."""
        before = len(self.told("done"))
        until(lambda: len(self.told("done")) > before, f"{self.name} works", self.place)


@pytest.mark.slow
def test_what_was_acknowledged_outlives_twenty_kills_and_both_say_the_same(
    offices: tuple[Place, Place],
) -> None:
    sides = [
        Side(it, name, Random(f"{SEED} {name}"))
        for it, name in zip(offices, ("province", "commune"), strict=True)
    ]
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(side.live) for side in sides]:
            one.result()
    province, commune = offices
    for place in offices:
        place.close()
    province.serve()
    commune.run(HAICAP, "node", "contact")
    province.close()
    written = [set(place.run(*DESK, "written").split()) for place in offices]
    for side in sides:
        assert len(side.told("done")) > KILLS
        for held in written:
            assert set(side.told("done")) <= held
            assert not set(side.told("not")) & held
    heads = [place.heads() for place in offices]
    assert heads[0] == heads[1]
    for place in offices:
        assert place.run(HAICAP, "verify").startswith("in order: ")
    assert {way for side in sides for way in side.died} == set(WAYS)
    assert sum(sum(side.died.values()) for side in sides) == 2 * KILLS
