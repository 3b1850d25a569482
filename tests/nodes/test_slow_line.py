"""A commune's day over 64 kbit/s, 600 ms there and back and 5 % loss: matters first, photos when there is room.

The line is one between network namespaces, with real TCP (`relay_tun`); where the machine allows none, a relay of
connections with the same rate and delay and without loss. What is asked is order, counted in bytes, not seconds: a
matter waits for the slice of a photo that is on its way, and for no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from haicap.config.offices import HAICAP
from haicap.nodes.exchange.handing import SLICE
from nodes.relay_tun import Slow, slow_line
from nodes.two_offices import Place, join, two, until

RATE, DELAY, LOSS = 8000.0, 0.3, 0.05  # bytes a second, seconds one way, share of packets
MATTERS, PHOTOS, LEAST, MOST = 200, 40, 200_000, 400_000
LATER = 3  # matters written while photos are on their way
PART = SLICE // 2  # bytes of photos that come over at the line's own speed before each of them


@dataclass(frozen=True, slots=True)
class There:
    """What had come to the province at one moment of the machine's clock; `size` is bytes of files, begun ones too."""

    at: float
    matters: int
    files: int
    size: int


@dataclass
class World:
    """The two installations and the line between them."""

    province: Place
    commune: Place
    line: Slow

    def there(self) -> list[There]:
        """All that the province has told, oldest first."""
        told = (it.split()[1:] for it in list(self.province.said) if it.startswith("there "))
        return [There(float(at), int(matters), int(files), int(size)) for at, matters, files, size in told]

    def now(self) -> There:
        """The newest of it."""
        return self.there()[-1]

    def slow(self) -> None:
        """The line is as it is on an island."""
        self.line.shape.rate, self.line.shape.delay, self.line.shape.loss = RATE, DELAY, LOSS

    def quick(self) -> None:
        """The line carries all at once."""
        self.line.shape.rate, self.line.shape.delay, self.line.shape.loss = None, 0.0, 0.0

    def waits(self, so: str, count: int) -> None:
        """Wait until so many `matters`, `files` or bytes (`size`) are at the province."""
        until(lambda: getattr(self.now(), so) >= count, f"{count} {so}", self.commune)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with slow_line("slow") as line, two() as (province, commune):
        province.host, province.through, commune.through = line.host, line.far, line.near
        province.serve()
        join(province, commune, line.url(province.port))
        commune.serve("hasty")
        province.ask("watch")
        until(lambda: "there" in " ".join(province.said), "the province looks", province)
        yield World(province, commune, line)


@pytest.mark.slow
def test_a_day_goes_over_a_slow_line_and_photos_never_delay_matters(world: World) -> None:
    commune, before = world.commune, world.now()
    world.slow()
    commune.ask("matters", MATTERS)
    commune.ask("photos", PHOTOS, LEAST, MOST, "photos")
    until(lambda: f"attached {PHOTOS}" in commune.said, "the day's work is written", commune)
    world.waits("matters", MATTERS)
    assert all(it.files == before.files for it in world.there() if it.matters < MATTERS)
    for place in range(1, LATER + 1):
        world.waits("size", world.now().size + PART)
        commune.ask("matters", 1)
        world.waits("matters", MATTERS + place)
        assert passed_by(world, place) <= SLICE
    assert world.now().files < before.files + PHOTOS
    world.quick()
    world.waits("files", before.files + 2 * PHOTOS)  # each with its small picture
    world.commune.run(HAICAP, "verify")


def passed_by(world: World, place: int) -> int:
    """Bytes of photos that came to the province between the writing of this late matter and its coming."""
    raised = [float(it.split()[2]) for it in world.commune.said if it.startswith("raised ")][
        MATTERS + place - 1
    ]
    told = world.there()
    at_writing = max((it for it in told if it.at <= raised), key=lambda it: it.at)
    at_coming = min((it for it in told if it.matters >= MATTERS + place), key=lambda it: it.at)
    return at_coming.size - at_writing.size
