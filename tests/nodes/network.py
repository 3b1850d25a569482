"""What a simulated world is made of: installations, and the lines between them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.records import Joining, Parent
from haicap.nodes.exchange.wire import Down, Request, Response
from nodes.memory import Clock, Disk, Identity, MemoryShelf, World
from nodes.toy import COMMUNES, PROVINCE, UNITS, Granted

START = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)


@dataclass
class Machine:
    """One installation: its disk, its keys beside it, and the process that runs now."""

    name: str
    unit: str
    identity: Identity
    world: World
    entropy: Callable[[int], bytes]
    parent: Parent | None = None
    above: "Machine | None" = None
    ministry: bool = False
    off: timedelta = timedelta()
    disk: Disk = field(default_factory=Disk)
    line: bool = True
    version: str = "1.0"
    called: int = 0

    def __post_init__(self) -> None:
        self.start()

    def upgrade(self, version: str) -> None:
        """The same on another version of haicap."""
        self.version = version
        self.start()

    def start(self) -> None:
        """A new process on what the disk has kept."""
        full = self.disk.full
        self.disk = Disk(self.disk.log)
        self.disk.full = full
        self.clock = Clock(self.world, self.off)
        self.shelf = MemoryShelf(
            self.disk,
            self.identity,
            self.unit,
            self.clock,
            self.entropy,
            self.parent,
            self.ministry,
            self.version,
        )

    def set_clock(self, off: timedelta) -> None:
        self.off = off
        self.clock.off = off


@dataclass(frozen=True, slots=True)
class Late:
    """A request that is long on its way; it was sent in the child's contact of this number."""

    child: Machine
    above: Machine
    request: Request
    called: int


class Line:
    """What lies between a child and its parent: it delays, drops, doubles, cuts and spoils, as the seed says.

    `deliver` brings a request to a machine; `delayed` keeps those that come there some day; `count` is told of each
    trouble.
    """

    def __init__(
        self, machine: Machine, random: Random, trouble: float, deliver: Callable[[Machine, Request], Response],
        delayed: list[Late], count: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.machine, self.random, self.trouble = machine, random, trouble
        self.deliver, self.delayed, self.count = deliver, delayed, count

    def ask(self, request: Request) -> Response:
        above = self.machine.above
        assert above is not None
        if not (self.machine.line and above.line):
            self.count("partition")
            raise Down("refused")
        what = self.random.random() if self.trouble else 1.0
        if what >= self.trouble:
            return self.deliver(above, request)
        return self._badly(above, request, what / self.trouble)

    def _badly(self, above: Machine, request: Request, what: float) -> Response:
        if what < 0.1:
            raise Down("timeout")  # it never came there
        if what < 0.3:
            self.delayed.append(Late(self.machine, above, request, self.machine.called))
            raise Down("timeout")
        if what < 0.4:
            self.deliver(above, request)
            raise Down("timeout")  # the answer never came back
        if what < 0.5:
            self.count("duplication")
            first = self.deliver(above, request)
            second = self.deliver(above, request)
            return self.random.choice([first, second])
        if what < 0.85 and request.body:
            return self.deliver(above, self._spoiled(request))
        return self._cut(self.deliver(above, request), spoiled=self.random.random() < 0.3)

    def _spoiled(self, request: Request) -> Request:
        body = request.body
        if self.random.random() < 0.5:
            body = self._turned(body)
        else:
            self.count("request cut")
            body = body[: self.random.randrange(len(body))]
        return Request(request.method, request.path, request.query, request.headers, body)

    def _turned(self, body: bytes) -> bytes:
        """With one bit otherwise."""
        self.count("bit turned")
        turned = bytearray(body)
        turned[self.random.randrange(len(body))] ^= 1 << self.random.randrange(8)
        return bytes(turned)

    def _cut(self, response: Response, *, spoiled: bool) -> Response:
        whole = response.whole(1 << 30)
        if spoiled and whole:
            return Response(response.status, response.headers, [self._turned(whole)])
        kept = whole[: self.random.randrange(len(whole) + 1)]
        said = self.random.random() < 0.7  # or the connection just ends
        if len(kept) < len(whole):
            self.count("answer cut")

        def pieces() -> Iterator[bytes]:
            yield kept
            if said:
                raise Down("cut")

        return Response(response.status, response.headers, pieces())


@cache
def _identity(name: str) -> Identity:
    random = Random(name)
    signing_key = Ed25519PrivateKey.from_private_bytes(random.randbytes(32))
    return Identity(UUID(bytes=random.randbytes(16)), signing_key, x25519.Identity.generate())


@dataclass(frozen=True, slots=True)
class Founded:
    """A world as it begins: the disk of each installation, by name, and the grants by unit."""

    disks: dict[str, Disk]
    grants: dict[str, UUID]


def machine_of(
    name: str, unit: str, above: Machine | None, world: World, random: Random, disk: Disk, like: str = ""
) -> Machine:
    """An installation on its disk, below another or at the top; with the keys of the one that it is a copy of."""
    parent = None
    if above is not None:
        channels = ("returns", "reference") if above.ministry else ("work", "returns", "reference")
        its = above.identity
        parent = Parent(its.node, above.unit, "", its.public_key, its.recipient, frozenset(channels))
    return Machine(
        name,
        unit,
        _identity(like or name),
        world,
        random.randbytes,
        parent,
        above,
        ministry=unit == "",
        disk=disk,
    )


@cache
def founded(ministry: bool, communes: int, *, met: bool = False) -> Founded:
    """A province, its communes, perhaps the ministry above: all have joined, and rights are given.

    Where they have `met`, each has called once.
    """
    world, random = World(START), Random(0)
    top = machine_of("ministry", "", None, world, random, Disk()) if ministry else None
    province = machine_of("province", PROVINCE, top, world, random, Disk())
    below = [machine_of(unit, unit, province, world, random, Disk()) for unit in COMMUNES[:communes]]
    for machine in (province, *below):
        _joined(machine)
    grants = {unit: province.shelf.govern(UUID(int=random.getrandbits(128)), Granted(units=(unit,)), unit)
              for unit in UNITS}  # fmt: skip
    machines = [province, *below, *([top] if top else [])]
    for machine in machines if met else ():
        _calls(machine)
    return Founded({machine.name: machine.disk for machine in machines}, grants)


def _calls(machine: Machine) -> None:
    if machine.parent is not None:
        line = Line(
            machine, Random(0), 0, lambda above, request: answer(above.shelf, request), [], lambda what: None
        )
        contact(machine.shelf, line, machine.parent, until=lambda: False)


def _joined(machine: Machine) -> None:
    if machine.above is not None:
        above, its, own = machine.above.shelf, machine.identity, machine.shelf.own
        above.invite(machine.name, machine.unit)
        above.join(Joining(
            machine.name, its.node, own.incarnation, machine.name, its.public_key, its.recipient, "1",
        ))  # fmt: skip
