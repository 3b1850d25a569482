"""A province and its communes through a bad year in a few milliseconds: the real exchange over a simulated world.

One seed makes one history: who acts, who calls, what the line loses, which disk fills up, who is killed between
which two commits, restored, cloned, revoked, merged. Everything random comes from that seed, so that a history that
went wrong can be run again. At its end the world heals, all nodes call until nothing moves, and what `journal.md`
promises is looked at.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from haicap.journal.chain import chain
from haicap.journal.entry import Entry, payload
from haicap.journal.ids import uuid7
from haicap.journal.intakes import Intake, intakes
from haicap.journal.kinds import Body
from haicap.journal.order import Released
from haicap.journal.pen import FromNewerVersion
from haicap.journal.settling import Settled
from haicap.nodes import vouching
from haicap.nodes.answering import answer
from haicap.nodes.asking import contact
from haicap.nodes.shelf import Contact, Full, Joining, Parent
from haicap.nodes.wire import Down, Request, Response
from nodes.memory import Clock, Disk, Identity, Killed, MemoryShelf, World
from nodes.toy import COMMUNES, PROVINCE, Granted, GrantEnded, Merged, Noted, Opened, Stepped, Thing, things

START = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
SWEEPS = 15


class Broken(AssertionError):
    """A promise that a history did not keep, and how to see it again."""

    def __init__(self, seed: int, what: str, told: Iterable[str]) -> None:
        lines = "\n".join(f"  {line}" for line in told)
        replay = f"HAICAP_SEED={seed} python -m pytest -n 0 tests/nodes/test_simulation.py -k replay"
        super().__init__(f"seed {seed}: {what}\n{lines}\nreplay: {replay}")


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

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A new process on what the disk has kept."""
        full = self.disk.full
        self.disk = Disk(self.disk.log)
        self.disk.full = full
        self.clock = Clock(self.world, self.off)
        self.shelf = MemoryShelf(
            self.disk, self.identity, self.unit, self.clock, self.entropy, self.parent, self.ministry
        )

    def set_clock(self, off: timedelta) -> None:
        self.off = off
        self.clock.off = off


class Line:
    """What lies between a child and its parent: it delays, drops, doubles, cuts and spoils, as the seed says."""

    def __init__(self, history: "History", machine: Machine, trouble: float) -> None:
        self.history, self.machine, self.trouble = history, machine, trouble
        self.random = history.random

    def ask(self, request: Request) -> Response:
        above = self.machine.above
        assert above is not None
        if not (self.machine.line and above.line):
            raise Down("refused")
        what = self.random.random() if self.trouble else 1.0
        if what >= self.trouble:
            return self.history.asked(above, request)
        return self._badly(above, request, what / self.trouble)

    def _badly(self, above: Machine, request: Request, what: float) -> Response:
        if what < 0.15:
            raise Down("timeout")  # it never came there
        if what < 0.3:
            self.history.delayed.append((above, request))  # it comes there some day
            raise Down("timeout")
        if what < 0.45:
            self.history.asked(above, request)
            raise Down("timeout")  # the answer never came back
        if what < 0.55:
            first = self.history.asked(above, request)
            second = self.history.asked(above, request)
            return self.random.choice([first, second])
        if what < 0.7:
            return self.history.asked(above, self._spoiled(request))
        return self._cut(self.history.asked(above, request))

    def _spoiled(self, request: Request) -> Request:
        body = bytearray(request.body)
        if body and self.random.random() < 0.5:
            body[self.random.randrange(len(body))] ^= 1 << self.random.randrange(8)
        else:
            del body[self.random.randrange(len(body) + 1) :]
        return Request(request.method, request.path, request.query, request.headers, bytes(body))

    def _cut(self, response: Response) -> Response:
        whole = response.whole(1 << 30)
        kept = whole[: self.random.randrange(len(whole) + 1)]
        said = self.random.random() < 0.7  # or the connection just ends

        def pieces() -> Iterator[bytes]:
            yield kept
            if said:
                raise Down("cut")

        return Response(response.status, response.headers, pieces())


class History:
    """One world, and what happens in it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.world = World(START)
        self.delayed: list[tuple[Machine, Request]] = []
        self.told: list[str] = []
        self.subjects: dict[UUID, str] = {}  # and the unit of each
        self.reports: dict[UUID, str] = {}
        self.erased: set[UUID] = set()
        self.acknowledged: dict[UUID, str] = {}  # entries that somebody was told are kept, and where
        self.counted: dict[tuple[str, UUID], list[UUID]] = {}
        self.merged: set[str] = set()
        self.found()

    # The world

    def found(self) -> None:
        """A province, its communes, at times the ministry; rights given, all joined and in touch."""
        self.ministry = self._machine("ministry", "", None) if self.random.random() < 0.15 else None
        self.province = self._machine("province", PROVINCE, self.ministry)
        self.communes = [
            self._machine(unit, unit, self.province) for unit in COMMUNES[: self.random.choice((2, 2, 3))]
        ]
        shelf = self.province.shelf
        self.grants = {
            unit: shelf.govern(self.id(), Granted(units=(unit,)), unit) for unit in (*COMMUNES, PROVINCE)
        }
        for machine in self.machines():
            self.call(machine, trouble=0)
        self.told.clear()
        self.oldest = {machine.name: len(machine.disk.log) for machine in self.machines()}

    def _machine(self, name: str, unit: str, above: Machine | None) -> Machine:
        entropy = self.random.randbytes
        identity = Identity(
            UUID(bytes=entropy(16)),
            Ed25519PrivateKey.from_private_bytes(entropy(32)),
            x25519.Identity.generate(),
        )
        machine = Machine(name, unit, identity, self.world, entropy, above=above, ministry=unit == "")
        if above is not None:
            channels = ("returns", "reference") if above.ministry else ("work", "returns", "reference")
            machine.parent = Parent(
                above.identity.node, above.unit, "", above.identity.public_key, above.identity.recipient,
                frozenset(channels),
            )  # fmt: skip
            machine.start()
            above.shelf.invite(name, unit)
            above.shelf.join(Joining(
                name, identity.node, machine.shelf.own.incarnation, name, identity.public_key, identity.recipient, "1",
            ))  # fmt: skip
        return machine

    def machines(self) -> list[Machine]:
        """All of them, children first."""
        return [*self.communes, self.province, *([self.ministry] if self.ministry else [])]

    def id(self) -> UUID:
        return uuid7(self.world.now, self.random.randbytes)

    def say(self, what: str) -> None:
        self.told.append(f"{self.world.now:%d %H:%M:%S} {what}")

    def asked(self, machine: Machine, request: Request) -> Response:
        """What the process answers; if it is killed on the way nobody hears of it."""
        if (
            vouching.HEADER in request.headers
        ):  # what it did since it was restored comes after what it had done before
            self.counted = {key: value for key, value in self.counted.items() if key[0] != machine.name}
        try:
            response = answer(machine.shelf, request)
            return Response(response.status, response.headers, [response.whole(1 << 30)])
        except Killed:
            self.say(f"{machine.name} is killed")
            machine.start()
            raise Down("cut") from None

    # What happens

    def run(self, steps: int) -> None:
        """So many things happen; then everything heals, and what was promised must be so."""
        things_to_happen = [it for it, weight in self.hazards() for _ in range(weight)]
        for _ in range(steps):
            self.world.now += timedelta(seconds=self.random.choice((1, 40, 400, 20_000)))
            self.random.choice(things_to_happen)()
            self.look()
        self.heal()
        self.judge()

    def hazards(self) -> list[tuple[Callable[[], None], int]]:
        """What can happen, and how often: every history has its own mixture."""
        rare: list[Callable[[], None]] = [
            self.wrong_clock, self.fill_disk, self.restore, self.clone, self.end_grant, self.erase, self.merge,
            self.revoke, self.cut_line, self.restore_province,
        ]  # fmt: skip
        chosen = self.random.sample(rare, self.random.randint(0, 4))
        trouble = self.random.choice((0, 0.1, 0.3))
        deadly = self.random.choice((0, 0, 0.3))

        def call() -> None:
            self.call(self.random.choice(self.machines()), trouble=trouble, deadly=deadly)

        return [
            (self.act, 8), (self.act_at_province, 4), (call, 8), (self.settle, 1), (self.release, 1), (self.arrive, 1),
            *((it, 1) for it in chosen),
        ]  # fmt: skip

    def act(self) -> None:
        self.someone_acts(self.random.choice(self.communes))

    def act_at_province(self) -> None:
        self.someone_acts(self.province)

    def someone_acts(self, machine: Machine) -> None:
        """Somebody does one thing at a machine, and is told that it is kept."""
        entry_id = self.id()
        if self.random.random() < 0.06:
            machine.disk.kill = (0, self.random.random() < 0.5)
        try:
            with machine.disk.change():
                done = self._doing(machine, entry_id)
        except Killed:
            self.say(f"{machine.name} is killed while somebody writes")
            machine.start()
            return
        except (Full, FromNewerVersion):
            return
        finally:
            machine.disk.kill = None
        if done and machine.shelf.known(entry_id):
            self.acknowledged[entry_id] = machine.name
            self.say(f"{machine.name}: {done} {entry_id.hex[-6:]}")
        machine.shelf.witness() if self.random.random() < 0.3 and not machine.disk.full else None

    def _doing(self, machine: Machine, entry_id: UUID) -> str:
        mine = [it for it, unit in self.subjects.items() if unit in machine.shelf.units]
        known = [it for it in mine if machine.shelf.folded(things, it).state is not None]
        what = self.random.random()
        if machine is not self.ministry and (not known or what < 0.2):
            return self._open(machine, entry_id)
        subject = self.random.choice(known)
        unit = self.subjects[subject]
        if what < 0.6:
            return self._write(machine, entry_id, subject, unit, Stepped(to=f"s{entry_id.hex[-4:]}"))
        if what < 0.7:
            return self._write(machine, entry_id, subject, unit, Noted(text="n"))
        if what < 0.85 and subject not in machine.shelf.erased():
            return self._write(
                machine, entry_id, subject, unit, Noted(text="p"), sealed={"name": entry_id.hex}
            )
        if what < 0.93 and subject not in machine.shelf.erased():
            photo = self.random.randbytes(self.random.choice((10, 90_000)))
            name = sha256(photo).hexdigest()
            machine.disk.put("blob", name, photo)
            return self._write(machine, entry_id, subject, unit, Noted(text="b", blob=name))
        if what < 0.95:
            return self._from_newer_version(machine, entry_id, subject, unit)
        return self._write(machine, entry_id, self.id(), unit, Opened(text="r"), report=True)

    def _open(self, machine: Machine, entry_id: UUID) -> str:
        unit = self.random.choice(COMMUNES) if machine is self.province else machine.unit
        subject = self.id()
        done = self._write(machine, entry_id, subject, unit, Opened(text="o"))
        self.subjects[subject] = unit
        return done

    def _write(
        self, machine: Machine, entry_id: UUID, subject: UUID, unit: str, body: Body, *,
        sealed: dict[str, object] | None = None, report: bool = False,
    ) -> str:  # fmt: skip
        grant = self.grants[PROVINCE if machine is self.province else machine.unit]
        if self.random.random() < 0.05:
            grant = self.id()  # of which the authority knows nothing
        with machine.shelf.writing(UUID(int=1)) as pen:
            if report:
                self.reports[subject] = unit
            pen.write(
                things, entry_id, subject, body, unit=unit, grant=grant, sealed=sealed,
                channel="returns" if report else "work",
            )  # fmt: skip
        return f"{body.kind} in {unit} on {subject.hex[-6:]}"

    def _from_newer_version(self, machine: Machine, entry_id: UUID, subject: UUID, unit: str) -> str:
        body = Stepped(to="later")
        data = payload(
            entry_id=entry_id, salt=self.random.randbytes(16), subject=subject,
            after=machine.shelf.folded(things, subject).last, body=body, actor=UUID(int=1),
            grant=self.grants[PROVINCE if machine is self.province else machine.unit], at=machine.shelf.now(),
        ).replace(b'"kind":"simulated.stepped"', b'"kind":"simulated.unknown"')  # fmt: skip
        machine.shelf.append(machine.shelf.own.stream(unit, "work"), entry_id, data, None, b"")
        return "unknown kind"

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

        try:
            done = contact(machine.shelf, Line(self, machine, trouble), machine.parent, until=until)
        except Killed:
            self.say(f"{machine.name} is killed while it calls")
            machine.start()
            return None
        finally:
            machine.disk.kill = machine.above.disk.kill = None
        self.say(
            f"{machine.name} calls: {done.pushed} up {done.pulled} down {[(it.code, it.what[:8]) for it in done.faults]}"
        )
        return done

    def arrive(self) -> None:
        """A request that was long on its way comes after all."""
        if self.delayed:
            above, request = self.delayed.pop(self.random.randrange(len(self.delayed)))
            self.say(f"late at {above.name}: {request.method} {request.path[:20]}")
            try:
                self.asked(above, request)
            except Down:
                return

    def settle(self) -> None:
        """The province settles a conflict."""
        shelf = self.province.shelf
        for subject, unit in self.subjects.items():
            folded = shelf.folded(things, subject)
            if folded.aside and folded.state and not folded.frozen and not self.province.disk.full:
                state = things.form.dump_python(
                    folded.branches[0] if folded.branches else folded.state, mode="json"
                )
                entry_id = self.id()
                with shelf.writing(UUID(int=2)) as pen:
                    body = Settled(disposes=folded.aside, state=state, reason="so")
                    pen.write(things, entry_id, subject, body, unit=unit, grant=self.grants[PROVINCE])
                self.acknowledged[entry_id] = "province"
                self.say(f"province settles {subject.hex[-6:]}")
                return

    def release(self) -> None:
        """The province lets a held entry go."""
        shelf = self.province.shelf
        for stream, head in list(shelf.heads().items()):
            intake: Intake | None = shelf.folded(intakes, stream).state
            for entry in intake.held if intake else ():
                if not self.province.disk.full:
                    shelf.beside(stream, Released(entry=entry), head.description.unit)
                    self.say(f"province releases {entry.hex[-6:]}")
                return

    def wrong_clock(self) -> None:
        machine = self.random.choice(self.machines())
        machine.set_clock(timedelta(days=self.random.choice((-4000, -30, -1, 0, 1, 30, 4000))))
        self.say(f"{machine.name}'s clock is off by {machine.off}")

    def fill_disk(self) -> None:
        machine = self.random.choice(self.machines())
        machine.disk.full = not machine.disk.full
        self.say(f"{machine.name}'s disk is {'full' if machine.disk.full else 'free'}")

    def cut_line(self) -> None:
        machine = self.random.choice(self.machines())
        machine.line = not machine.line
        self.say(f"{machine.name}'s line is {'up' if machine.line else 'down'}")

    def restore(self) -> None:
        self._restored(self.random.choice(self.communes))

    def restore_province(self) -> None:
        self._restored(self.province)

    def _restored(self, machine: Machine) -> None:
        """An old image is put back; at times nobody tells the program that it was."""
        oldest = self.oldest[machine.name]
        length = self.random.randint(oldest, len(machine.disk.log))
        machine.disk = Disk(machine.disk.log[:length])
        machine.start()
        told = self.random.random() < 0.5
        if told:
            machine.shelf.begin("restored", {})
        self.say(f"{machine.name} is restored to {length}, {'told' if told else 'unnoticed'}")
        self._forget(machine)

    def _forget(self, machine: Machine) -> None:
        """What lies nowhere any more was lost by the restore, not by the exchange."""
        somewhere = {entry for it in self.machines() for entry in it.shelf.table("id")}
        self.acknowledged = {entry: name for entry, name in self.acknowledged.items() if entry in somewhere}
        self.counted = {}

    def clone(self) -> None:
        if len(self.communes) > 3:
            return
        first = self.random.choice(self.communes)
        second = Machine(
            f"{first.name}{'abcdefgh'[len(self.communes)]}", first.unit, first.identity, self.world, first.entropy, first.parent, first.above,
            disk=Disk(first.disk.log),
        )  # fmt: skip
        self.communes.append(second)
        self.oldest[second.name] = self.oldest[first.name]
        self.say(f"{first.name} is cloned")

    def end_grant(self) -> None:
        unit = self.random.choice(COMMUNES)
        day = (self.world.now - timedelta(days=self.random.randint(0, 2))).date().isoformat()
        if not self.province.disk.full:
            self.province.shelf.govern(self.id(), GrantEnded(grant=self.grants[unit], until=day), unit)
            self.say(f"the grant of {unit} ends")

    def erase(self) -> None:
        if self.subjects and not self.province.disk.full:
            subject = self.random.choice(list(self.subjects))
            if self.province.shelf.table("places").get(subject):
                self.province.shelf.erase(subject, self.subjects[subject])
                self.erased.add(subject)
                self.say(f"{subject.hex[-6:]} is erased")

    def merge(self) -> None:
        first, second = self.random.sample([machine.unit for machine in self.communes], 2)
        if first != second and not self.merged and not self.province.disk.full:
            self.merged.add(first)
            self.province.shelf.govern(self.id(), Merged(unit=first, into=second), first)
            self.say(f"{first} is merged into {second}")

    def revoke(self) -> None:
        machine = self.random.choice(self.communes)
        member = self.province.shelf.member(machine.identity.node)
        if member and member.state == "joined" and not self.province.disk.full:
            self.province.shelf.revoke(machine.identity.node)
            self.say(f"{machine.name} is revoked")

    # What must be so

    def look(self) -> None:
        """At every moment: what the authority has taken in is never undone, and nobody holds what is not theirs."""
        for machine in (self.province, *self.communes):
            for subject in self.subjects:
                self._counts_for_good(machine, subject)
            self._holds_its_own(machine)

    def _counts_for_good(self, machine: Machine, subject: UUID) -> None:
        ordered = machine.shelf.order(subject, settled=True)
        folded = things(ordered)
        gone = {it for entry in ordered if isinstance(entry.body, Settled) for it in entry.body.disposes}
        apart = {*folded.aside, *folded.waiting, *gone}
        counting = [entry for entry in effects(ordered) if entry not in apart]
        before = self.counted.get((machine.name, subject), [])
        if counting[: len(before)] != before:
            self.fail(f"{machine.name} undid what was taken in of {subject.hex[-6:]}")
        self.counted[machine.name, subject] = counting

    def _holds_its_own(self, machine: Machine) -> None:
        for head in machine.shelf.heads().values():
            its = head.description
            if its.channel != "reference" and its.unit not in machine.shelf.units:
                self.fail(f"{machine.name} holds {its.unit}")
            if machine is self.ministry and its.channel == "work":
                self.fail("the ministry holds work")

    def fail(self, what: str) -> None:
        raise Broken(self.seed, what, self.told)

    def trusted(self) -> list[Machine]:
        """The communes that may call."""
        its = []
        for machine in self.communes:
            member = self.province.shelf.member(machine.identity.node)
            if member is not None and member.state == "joined":
                its.append(machine)
        return its

    def heal(self) -> None:
        """Lines up, disks free; everybody calls until nothing moves."""
        self.say("everything heals")
        self.delayed.clear()
        for machine in self.machines():
            machine.line, machine.disk.full = True, False
        for _ in range(SWEEPS):
            self.world.now += timedelta(seconds=30)
            done = [self.call(machine) for machine in self.machines()]
            self.look()
            if not any(it and (it.pushed or it.pulled or it.keys or it.up or it.down) for it in done):
                return
        self.fail("it never comes to rest")

    def judge(self) -> None:
        """In the end: all agree, nothing is lost, everything is visible, what is erased is gone."""
        family = [self.province, *self.trusted()]
        for subject, unit in self.subjects.items():
            its = [machine for machine in family if unit in machine.shelf.units]
            self._agree(its, subject)
        for machine in family:
            self._whole(machine)
            self._erased(machine)
        self._same_lines(family)
        self._nothing_lost(family)

    def _agree(self, its: list[Machine], subject: UUID) -> None:
        folded = {machine.name: machine.shelf.folded(things, subject) for machine in its}
        if len({repr(it) for it in folded.values()}) > 1:
            self.fail("\n  ".join(["they do not agree:", *(f"{name}: {it}" for name, it in folded.items())]))
        for machine in its:
            ordered = machine.shelf.order(subject)
            held = {
                entry
                for stream in machine.shelf.heads()
                for entry in (machine.shelf.folded(intakes, stream).state or Intake(stream, "")).held
            }
            there = {stored.entry.id for stored in machine.shelf.table("entry").values()
                     if stored.entry.subject == subject}  # fmt: skip
            if there != {entry.id for entry in ordered} | (there & held):
                self.fail(f"{machine.name} does not show every entry of {subject.hex[-6:]}")

    def _whole(self, machine: Machine) -> None:
        """Every line is chained from its description to its head."""
        for stream, head in machine.shelf.heads().items():
            items = machine.shelf.stored(stream, 0, head.seq)
            hashes = chain(head.description.digest(), stream, 1, (it.payload for it in items))
            if len(hashes) != head.seq or hashes[-1] != head.hash:
                self.fail(f"{machine.name}: a line is not whole")

    def _erased(self, machine: Machine) -> None:
        shelf = machine.shelf
        for subject in self.erased & shelf.erased():
            if any(it == subject for it, _key in shelf.table("key").values()):
                self.fail(f"{machine.name} has the key of an erased subject")
            for place in shelf.table("places")[subject]:
                if shelf.table("entry")[place].item.ciphertext is not None:
                    self.fail(f"{machine.name} has the ciphertext of an erased subject")
        wants = shelf.wants(None)
        if wants.keys or wants.blobs:
            self._excused(machine, [*wants.keys, *wants.blobs])

    def _excused(self, machine: Machine, wanted: list[str]) -> None:
        """A key or a file may be missing only where nobody has it that may be asked."""
        for name in wanted:
            for other in (self.province, *self.trusted()):
                if name in other.shelf.table("key") or name in other.shelf.table("blob"):
                    self.fail(f"{machine.name} lacks {name[:8]} that {other.name} has")

    def _same_lines(self, family: list[Machine]) -> None:
        for machine in family[1:]:
            for stream, head in machine.shelf.heads().items():
                there = self.province.shelf.head(stream)
                if there != head:
                    self.fail(f"{machine.name} has {head}, the province {there}")
        units = {machine.name: machine.shelf.units for machine in family}
        for stream, head in self.province.shelf.heads().items():
            for machine in family[1:]:
                its = head.description
                if (its.channel == "reference" or its.unit in units[machine.name]) and machine.shelf.head(
                    stream
                ) != head:
                    if its.channel == "reference" or its.channel == "work" or its.channel == "returns":
                        self.fail(f"{machine.name} lacks of {its}")

    def _nothing_lost(self, family: list[Machine]) -> None:
        for entry, name in self.acknowledged.items():
            machine = next(it for it in self.machines() if it.name == name)
            if machine not in family:
                continue
            if not (machine.shelf.known(entry) and self.province.shelf.known(entry)):
                self.fail(f"{name}'s entry {entry.hex[-6:]} is lost")


def effects(ordered: list[Entry[Any]]) -> list[UUID]:
    """Entries in the order in which they come to count: one that waits for another comes after that."""
    done: dict[UUID, None] = {}
    waiting: dict[UUID, list[Entry[Any]]] = {}
    ahead = list(reversed(ordered))
    while ahead:
        entry = ahead.pop()
        decides = entry.body is not None and not entry.body.free
        if decides and entry.after is not None and entry.after not in done:
            waiting.setdefault(entry.after, []).append(entry)
        elif entry.id not in done:
            done[entry.id] = None
            ahead += reversed(waiting.pop(entry.id, []))
    return list(done)


def run(seed: int, steps: int = 40) -> History:
    """One history. Raises `Broken`."""
    history = History(seed)
    try:
        history.run(steps)
    except Broken:
        raise
    except Exception as error:
        raise Broken(seed, f"{type(error).__name__}: {error}", history.told) from error
    return history


__all__ = ["Any", "Broken", "History", "Thing", "run"]
