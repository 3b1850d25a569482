"""A province and its communes through a bad year in a few milliseconds: the real exchange over a simulated world.

One seed makes one history: who acts, who calls, what the line loses, which disk fills up, who is killed between
which two commits, restored, cloned, revoked, merged. Everything random comes from that seed, so that a history that
went wrong can be run again. At its end the world heals, all nodes call until nothing moves, and what `journal.md`
promises is looked at.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from random import Random
from uuid import UUID

from haicap.journal.ids import uuid7
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.records import Contact
from haicap.nodes.exchange.wire import Down, Request, Response
from nodes import people, troubles
from nodes.memory import Disk, Killed, World
from nodes.network import START, Late, Line, Machine, founded, machine_of
from nodes.promises import Broken, Promises
from nodes.quick import quick
from nodes.toy import COMMUNES, PROVINCE, Later, Thing, things

SWEEPS = 15
STEPS = 40
MOMENTS = (1, 40, 400, 20_000)  # seconds between two steps
TROUBLES = (
    "partition", "delay", "duplication", "reordering", "request cut", "answer cut", "bit turned",
    "killed while writing", "killed while calling", "killed before a commit", "killed between commit and answer",
    "disk full", "wrong clock", "key revoked", "unknown kind carried", "unknown kind folded after upgrade", "restored",
    "restored province", "cloned", "held in mid-stream", "erased while a holder is away",
    "right withdrawn while offline", "merged while offline", "transferred", "one number twice", "conflict",
    "intrusion refused",
)  # fmt: skip
"""What must happen in the histories, and is counted there."""


class Failed(AssertionError):
    """A history that went wrong, told from its beginning, and how to see it again."""

    def __init__(self, seed: int, error: BaseException, told: list[str]) -> None:
        what = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
        lines = "\n".join(f"  {line}" for line in told)
        replay = f"HAICAP_SEED={seed} python -m pytest -n 0 tests/nodes/test_simulation.py -k replay"
        super().__init__(f"seed {seed}: {what}\n{lines}\nreplay: {replay}")


class History:
    """One world, and what happens in it."""

    def __init__(self, seed: int, *, real: bool = False) -> None:
        # Three, so that an exchange that asks once more or less leaves the rest of the history as it was.
        self.random, self.luck, self.entropy = (
            Random(f"{seed} {of}") for of in ("deeds", "lines", "entropy")
        )
        self.world = World(START)
        self.promises = Promises()
        self.delayed: list[Late] = []
        self.told: list[str] = []
        self.happened: Counter[str] = Counter()
        self.merged: str | None = None
        self.revoked: set[UUID] = set()
        self.found(
            self.random.random() < 0.15,
            self.random.choice((2, 2, 3)),
            self.random.random() < 0.7 and not real,
        )
        if self.random.random() < 0.3:
            troubles.upgraded(self, self.random.choice(self.communes))

    def found(self, ministry: bool, communes: int, met: bool) -> None:
        """The world as all begin: a province, its communes, at times the ministry."""
        its = founded(ministry, communes, met=met)
        self.grants = its.grants

        def machine(name: str, unit: str, above: Machine | None) -> Machine:
            return machine_of(name, unit, above, self.world, self.entropy, Disk(its.disks[name].log))

        self.ministry = machine("ministry", "", None) if ministry else None
        self.province = machine("province", PROVINCE, self.ministry)
        self.communes = [machine(unit, unit, self.province) for unit in COMMUNES[:communes]]
        self.oldest = {it.name: len(it.disk.log) for it in self.machines()}

    def machines(self) -> list[Machine]:
        """All of them, children first."""
        return [*self.communes, self.province, *([self.ministry] if self.ministry else [])]

    def id(self) -> UUID:
        return uuid7(self.world.now, self.entropy.randbytes)

    def say(self, what: str) -> None:
        self.told.append(f"{self.world.now:%d.%m. %H:%M:%S} {what}")

    def count(self, trouble: str) -> None:
        assert trouble in TROUBLES, trouble
        self.happened[trouble] += 1

    def asked(self, machine: Machine, request: Request) -> Response:
        """What the process answers; if it is killed on the way nobody hears of it."""
        try:
            response = answer(machine.shelf, request)
            return Response(response.status, response.headers, [response.whole(1 << 30)])
        except Killed:
            kept = machine.disk.kill is not None and machine.disk.kill[1]
            self.count("killed between commit and answer" if kept else "killed before a commit")
            self.say(
                f"{machine.name} is killed {'after' if kept else 'before'} it has stored, and does not answer"
            )
            machine.start()
            raise Down("cut") from None

    # What happens

    def run(self, steps: int) -> None:
        """So many things happen; then everything heals, and what was promised must be so."""
        things_to_happen = [it for it, weight in self.hazards() for _ in range(weight)]
        for _ in range(steps):
            self.world.now += timedelta(seconds=self.random.choice(MOMENTS))
            self.random.choice(things_to_happen)()
            self.promises.look(self.machines())
        self.heal()
        self.promises.kept(self.family(), self.machines())
        for it in self.promises.met(self.province, self.communes):
            self.count(it)

    def hazards(self) -> list[tuple[Callable[[], None], int]]:
        """What can happen, and how often: every history has its own mixture."""
        chosen = self.random.sample(troubles.RARE, self.random.randint(0, 5))
        trouble = self.random.choice((0, 0.1, 0.3))
        deadly = self.random.choice((0, 0, 0.3))

        def call() -> None:
            self.call(self.random.choice(self.machines()), trouble=trouble, deadly=deadly)

        return [
            (lambda: people.act(self, self.random.choice(self.communes)), 8),
            (lambda: people.act(self, self.province), 4),
            (call, 8), (lambda: people.settle(self), 1), (lambda: people.release(self), 1),
            (lambda: people.carry_over(self), 1), (self.arrive, 1 + bool(trouble)),
            *((partial(it, self), 2) for it in chosen),
        ]  # fmt: skip

    def call(self, machine: Machine, *, trouble: float = 0.0, deadly: float = 0.0) -> Contact | None:
        """The machine calls its parent, if it has one."""
        if machine.above is None or machine.parent is None:
            return None
        for it in (machine, machine.above):
            if self.random.random() < deadly:
                it.disk.kill = (self.random.randrange(8), self.random.random() < 0.5)
        left = self.random.choice((3, 1000)) if trouble else 1000

        def until() -> bool:
            nonlocal left
            left -= 1
            return left < 0

        line = Line(machine, self.luck, trouble, self.asked, self.delayed, self.count)
        machine.called += 1
        try:
            done = contact(machine.shelf, line, machine.parent, until=until)
        except Killed:
            self.count("killed while calling")
            self.say(f"{machine.name} is killed while it calls")
            machine.start()
            return None
        finally:
            machine.disk.kill = machine.above.disk.kill = None
        self.told_of(machine, done)
        return done

    def told_of(self, machine: Machine, done: Contact) -> None:
        """Say how a contact went, and count what it has met."""
        told = f"{done.pushed} entries up ({done.held} held), {done.pulled} down, {done.keys} keys"
        if done.up + done.down:
            told += f", {done.up + done.down} bytes of files"
        if done.faults:
            told += "; then: " + ", ".join(f"{it.code} {it.what[:8]}".strip() for it in done.faults)
        self.say(f"{machine.name} calls: {told}")
        codes = {it.code for it in done.faults}
        for code, trouble in (("full", "disk full"), ("revoked", "key revoked")):
            if code in codes:
                self.count(trouble)
        if abs(done.offset) > 300:
            self.count("wrong clock")
        for it in (machine, machine.above):
            if it and not it.shelf.newer and it.shelf.table("kind").get(Later.kind):
                self.count("unknown kind carried")

    def arrive(self) -> None:
        """A request that was long on its way comes after all."""
        if self.delayed:
            late = self.delayed.pop(self.random.randrange(len(self.delayed)))
            self.say(
                f"what {late.child.name} sent long ago comes to {late.above.name}: {late.request.method}"
            )
            self.count("reordering" if late.child.called > late.called else "delay")
            try:
                self.asked(late.above, late.request)
            except Down:
                return

    def excuse(self) -> None:
        """What lies nowhere any more was lost with a disk, not by the exchange; a revoked node brings nothing."""
        trusted = [it for it in self.machines() if it.identity.node not in self.revoked]
        somewhere = {entry for it in trusted for entry in it.shelf.table("id")}
        kept = self.promises.acknowledged
        self.promises.acknowledged = {entry: its for entry, its in kept.items() if entry in somewhere}

    # The end

    def heal(self) -> None:
        """Lines up, disks free, all of one version; everybody calls until nothing moves."""
        self.say("everything heals")
        self.delayed.clear()
        for machine in self.machines():
            machine.line, machine.disk.full = True, False
            if not machine.shelf.newer:
                troubles.upgraded(self, machine)
        for _ in range(SWEEPS):
            self.world.now += timedelta(seconds=30)
            moved = people.carry_over(self)
            done = [self.call(machine) for machine in self.machines()]
            self.promises.look(self.machines())
            if not moved and not any(it and _moved(it) for it in done):
                self.well(done)
                return
        raise Broken("it never comes to rest")

    def well(self, done: list[Contact | None]) -> None:
        """In the end no contact of one that is trusted has anything to complain of."""
        family = self.family()
        for machine, it in zip(self.machines(), done, strict=True):
            if machine in family and it and it.faults:
                raise Broken(f"{machine.name} still has {it.faults}")

    def family(self) -> list[Machine]:
        """The province and the communes that may call it."""
        members = {it.name: self.province.shelf.member(it.identity.node) for it in self.communes}
        trusted = {name for name, member in members.items() if member and member.state == "joined"}
        return [self.province, *(it for it in self.communes if it.name in trusted)]

    def states(self, machine: Machine) -> dict[UUID, Thing]:
        """What the machine makes of every subject that lies there."""
        every = ((subject, machine.shelf.folded(things, subject).state) for subject in self.promises.subjects)
        return {subject: state for subject, state in every if state is not None}


def _moved(it: Contact) -> int:
    return it.pushed or it.pulled or it.keys or it.up or it.down


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A history makes little garbage, and collecting it again and again takes a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def run(seed: int, steps: int = STEPS, *, real: bool = False) -> Counter[str]:
    """One history; `real` with the signatures as they are. Returns what happened in it. Raises `Failed`."""
    with _without_collecting(), nullcontext() if real else quick():
        history = History(seed, real=real)
        try:
            history.run(steps)
        except Exception as error:
            raise Failed(seed, error, history.told) from error
    return history.happened
