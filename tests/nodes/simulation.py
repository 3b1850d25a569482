"""A province and its communes through a bad year in a few milliseconds: the real exchange over a simulated world.

One seed makes one history: who acts, who calls, what the line loses, which disk fills up, who is killed between
which two commits, restored, cloned, revoked, merged. Everything random comes from that seed, so that a history that
went wrong can be run again. At its end the world heals, all nodes call until nothing moves, and what `journal.md`
promises is looked at.
"""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from hashlib import sha256
from random import Random
from uuid import UUID

from haicap.journal.entry import payload
from haicap.journal.ids import uuid7
from haicap.journal.intakes import intakes
from haicap.journal.kinds import Body
from haicap.journal.order import Released
from haicap.journal.pen import FromNewerVersion
from haicap.journal.settling import Settled
from haicap.nodes import lines, speaking
from haicap.nodes.answering import answer
from haicap.nodes.asking import contact
from haicap.nodes.shelf import Contact, Full
from haicap.nodes.wire import Down, Request, Response
from nodes.memory import Disk, Killed, World
from nodes.network import START, Line, Machine, founded, machine_of
from nodes.promises import Broken, Promises
from nodes.quick import quick
from nodes.toy import COMMUNES, PROVINCE, GrantEnded, Merged, Noted, Opened, Stepped, things

SWEEPS = 15
STEPS = 40


class Failed(AssertionError):
    """A history that went wrong, told from its beginning, and how to see it again."""

    def __init__(self, seed: int, error: Exception, told: list[str]) -> None:
        what = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
        lines = "\n".join(f"  {line}" for line in told)
        replay = f"HAICAP_SEED={seed} python -m pytest -n 0 tests/nodes/test_simulation.py -k replay"
        super().__init__(f"seed {seed}: {what}\n{lines}\nreplay: {replay}")


class History:
    """One world, and what happens in it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = World(START)
        self.promises = Promises()
        self.delayed: list[tuple[Machine, Request]] = []
        self.told: list[str] = []
        self.merged = False
        self.revoked: set[UUID] = set()
        self.found(self.random.random() < 0.15, self.random.choice((2, 2, 3)))

    def found(self, ministry: bool, communes: int) -> None:
        """The world as all begin: a province, its communes, at times the ministry."""
        its = founded(ministry, communes)
        self.grants = its.grants

        def machine(name: str, unit: str, above: Machine | None) -> Machine:
            return machine_of(name, unit, above, self.world, self.random, Disk(its.disks[name].log))

        self.ministry = machine("ministry", "", None) if ministry else None
        self.province = machine("province", PROVINCE, self.ministry)
        self.communes = [machine(unit, unit, self.province) for unit in COMMUNES[:communes]]
        self.oldest = {it.name: len(it.disk.log) for it in self.machines()}

    def machines(self) -> list[Machine]:
        """All of them, children first."""
        return [*self.communes, self.province, *([self.ministry] if self.ministry else [])]

    def id(self) -> UUID:
        return uuid7(self.world.now, self.random.randbytes)

    def say(self, what: str) -> None:
        self.told.append(f"{self.world.now:%d %H:%M:%S} {what}")

    def asked(self, machine: Machine, request: Request) -> Response:
        """What the process answers; if it is killed on the way nobody hears of it."""
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
            self.promises.look(self.machines())
        self.heal()
        self.promises.kept(self.family(), self.machines())

    def hazards(self) -> list[tuple[Callable[[], None], int]]:
        """What can happen, and how often: every history has its own mixture."""
        rare: list[Callable[[], None]] = [
            self.wrong_clock, self.fill_disk, self.restore, self.clone, self.end_grant, self.erase, self.merge,
            self.revoke, self.intrude, self.cut_line, self.restore_province,
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
            self.promises.acknowledged[entry_id] = machine.name
            self.say(f"{machine.name}: {done} {entry_id.hex[-6:]}")
        machine.shelf.witness() if self.random.random() < 0.3 and not machine.disk.full else None

    def _doing(self, machine: Machine, entry_id: UUID) -> str:
        mine = [it for it, unit in self.promises.subjects.items() if unit in machine.shelf.units]
        known = [it for it in mine if machine.shelf.folded(things, it).state is not None]
        what = self.random.random()
        if machine is not self.ministry and (not known or what < 0.2):
            return self._open(machine, entry_id)
        subject = self.random.choice(known)
        unit = self.promises.subjects[subject]
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
        self.promises.subjects[subject] = unit
        return done

    def _write(
        self, machine: Machine, entry_id: UUID, subject: UUID, unit: str, body: Body, *,
        sealed: dict[str, object] | None = None, report: bool = False,
    ) -> str:  # fmt: skip
        grant = self.grants[PROVINCE if machine is self.province else machine.unit]
        if self.random.random() < 0.05:
            grant = self.id()  # of which the authority knows nothing
            if machine is not self.province:
                self.promises.unfounded.add(entry_id)
        with machine.shelf.writing(UUID(int=1)) as pen:
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

        line = Line(machine, self.random, trouble, self.asked, self.delayed)
        try:
            done = contact(machine.shelf, line, machine.parent, until=until)
        except Killed:
            self.say(f"{machine.name} is killed while it calls")
            machine.start()
            return None
        finally:
            machine.disk.kill = machine.above.disk.kill = None
        faults = [(it.code, it.what[:8]) for it in done.faults]
        self.say(f"{machine.name} calls: {done.pushed} up {done.pulled} down {faults}")
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
        for subject, unit in self.promises.subjects.items():
            folded = shelf.folded(things, subject)
            if folded.aside and folded.state and not folded.frozen and not self.province.disk.full:
                state = things.form.dump_python(
                    folded.branches[0] if folded.branches else folded.state, mode="json"
                )
                entry_id = self.id()
                with shelf.writing(UUID(int=2)) as pen:
                    body = Settled(disposes=folded.aside, state=state, reason="so")
                    pen.write(things, entry_id, subject, body, unit=unit, grant=self.grants[PROVINCE])
                self.promises.acknowledged[entry_id] = "province"
                self.say(f"province settles {subject.hex[-6:]}")
                return

    def release(self) -> None:
        """The province lets a held entry go."""
        shelf = self.province.shelf
        for stream, head in list(shelf.heads().items()):
            intake = shelf.folded(intakes, stream).state
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
        self.promises.restored = True
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
        self.promises.forget(machine.name)
        self.excuse()

    def excuse(self) -> None:
        """What lies nowhere any more was lost with a disk, not by the exchange; a revoked node brings nothing."""
        trusted = [it for it in self.machines() if it.identity.node not in self.revoked]
        somewhere = {entry for it in trusted for entry in it.shelf.table("id")}
        kept = self.promises.acknowledged
        self.promises.acknowledged = {entry: name for entry, name in kept.items() if entry in somewhere}

    def clone(self) -> None:
        """A copy of a commune's disk runs beside it."""
        if len(self.communes) > 3:
            return
        first = self.random.choice(self.communes)
        name, disk = f"{first.name}{'abcd'[len(self.communes) - 1]}", Disk(first.disk.log)
        second = machine_of(name, first.unit, first.above, self.world, self.random, disk, like=first.unit)
        self.communes.append(second)
        self.oldest[second.name] = self.oldest[first.name]
        self.say(f"{first.name} is cloned as {name}")

    def end_grant(self) -> None:
        unit = self.random.choice(COMMUNES)
        day = (self.world.now - timedelta(days=self.random.randint(0, 2))).date().isoformat()
        if not self.province.disk.full:
            self.province.shelf.govern(self.id(), GrantEnded(grant=self.grants[unit], until=day), unit)
            self.say(f"the grant of {unit} ends")

    def erase(self) -> None:
        if self.promises.subjects and not self.province.disk.full:
            subject = self.random.choice(list(self.promises.subjects))
            if self.province.shelf.table("places").get(subject):
                self.province.shelf.erase(subject, self.promises.subjects[subject])
                self.promises.erased.add(subject)
                self.say(f"{subject.hex[-6:]} is erased")

    def merge(self) -> None:
        first, second = self.random.sample([machine.unit for machine in self.communes], 2)
        if first != second and not self.merged and not self.province.disk.full:
            self.merged = True
            self.province.shelf.govern(self.id(), Merged(unit=first, into=second), first)
            self.say(f"{first} is merged into {second}")

    def revoke(self) -> None:
        machine = self.random.choice(self.communes)
        member = self.province.shelf.member(machine.identity.node)
        if member and member.state == "joined" and not self.province.disk.full:
            self.province.shelf.revoke(machine.identity.node)
            self.revoked.add(machine.identity.node)
            self.say(f"{machine.name} is revoked")
            self.excuse()

    # The end

    def intrude(self) -> None:
        """A commune brings entries for another's file, under its own name."""
        machine, other = self.random.sample(self.communes, 2)
        own = machine.shelf.own
        head = machine.shelf.head(own.stream(machine.unit, "work").id())
        if head is None or other.unit in machine.shelf.units or not machine.line or not self.province.line:
            return
        stream = own.stream(other.unit, "work")
        items = list(machine.shelf.stored(head.description.id(), 0, 1))
        body = b"".join(lines.written(stream, 0, items, before=stream.digest()))
        bare = Request("POST", f"/sync/streams/{stream.id()}", "after=0", {"haicap-state": "{}"}, body)
        self.say(f"{machine.name} intrudes upon {other.name}")
        self.asked(self.province, speaking.sign(bare, machine.shelf.signer, self.province.shelf.now()))

    def heal(self) -> None:
        """Lines up, disks free; everybody calls until nothing moves."""
        self.say("everything heals")
        self.delayed.clear()
        for machine in self.machines():
            machine.line, machine.disk.full = True, False
        for _ in range(SWEEPS):
            self.world.now += timedelta(seconds=30)
            done = [self.call(machine) for machine in self.machines()]
            self.promises.look(self.machines())
            if not any(it and (it.pushed or it.pulled or it.keys or it.up or it.down) for it in done):
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


def run(seed: int, steps: int = STEPS, *, real: bool = False) -> None:
    """One history; `real` with the signatures as they are. Raises `Failed`."""
    with nullcontext() if real else quick():
        history = History(seed)
        try:
            history.run(steps)
        except Exception as error:
            raise Failed(seed, error, history.told) from error
