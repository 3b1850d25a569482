"""What people do in a simulated history: they open, decide, remark, hand over, settle, let go; nobody knows all."""

from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from haicap.journal.carrying import Left, leaving
from haicap.journal.fold import Folded
from haicap.journal.intakes import intakes
from haicap.journal.kinds import Body
from haicap.journal.order import Released
from haicap.journal.pen import FromNewerVersion
from haicap.journal.settling import Settled
from haicap.nodes.exchange.shelf import Full
from nodes.memory import Killed
from nodes.network import Machine
from nodes.toy import (
    COMMUNES,
    PROVINCE,
    Arrived,
    Handed,
    Later,
    Merged,
    Noted,
    Opened,
    Stepped,
    Thing,
    things,
)

if TYPE_CHECKING:
    from nodes.simulation import History

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NUMBERS = ("12/QD", "7/CV", "30/TB")  # outside numbers: few, so that two units come to use one of them


def act(it: "History", machine: Machine) -> None:
    """Somebody does one thing at a machine, and is told that it is kept."""
    entry_id = it.id()
    if it.random.random() < 0.06:
        machine.disk.kill = (0, it.random.random() < 0.5)
    try:
        with machine.disk.change():
            done = _doing(it, machine, entry_id)
    except Killed:
        it.count("killed while writing")
        it.say(f"{machine.name} is killed while somebody writes")
        machine.start()
        return
    except Full:
        it.count("disk full")
        it.say(f"{machine.name}'s disk is full: nothing is written")
        return
    except FromNewerVersion:
        return
    finally:
        machine.disk.kill = None
    if done and machine.shelf.known(entry_id):
        it.promises.acknowledge(entry_id, machine)
        it.say(f"{machine.name}: somebody {done} (entry {entry_id.hex[-6:]})")
        if it.merged == machine.unit and it.merged not in _merged(machine):
            it.count("merged while offline")
    if it.random.random() < 0.3 and not machine.disk.full:
        machine.shelf.witness()


def _merged(machine: Machine) -> list[str]:
    return [entry.body.unit for entry in machine.shelf.of_kind(Merged)]


def _doing(it: "History", machine: Machine, entry_id: UUID) -> str:
    """One deed, in words; empty where nothing can be done. It is told only once it is kept."""
    grant = _grant(it, machine, entry_id)
    if grant is None:
        return ""
    known = _known(it, machine)
    what = it.random.random()
    if machine is not it.ministry and (not known or what < 0.2):
        return _open(it, machine, entry_id, grant)
    subject = it.random.choice(list(known))
    state, on = known[subject], f"{subject.hex[-6:]}"
    with machine.shelf.writing(UUID(int=1)) as pen:

        def write(body: Body, unit: str = state.unit, of: UUID = subject, **more: object) -> None:
            pen.write(things, entry_id, of, body, unit=unit, grant=grant, **more)  # type: ignore[arg-type]

        sealing = subject not in machine.shelf.erased()
        if what < (0.4 if machine.shelf.holds(subject) else 0.25) and sealing and state.holder == state.unit:
            to = it.random.choice([unit for unit in COMMUNES if unit != state.unit])
            write(Handed(to=to))
            return f"hands {on} over to {to}"
        if what < 0.6:
            newer = machine.shelf.newer and it.random.random() < 0.5
            write((Later if newer else Stepped)(to=f"s{entry_id.hex[-4:]}"))
            return f"decides on {on}{' as only the newer version can' if newer else ''}"
        if what < 0.7:
            write(Noted(text="n"))
            return f"remarks on {on}"
        if what < 0.85 and sealing:
            write(Noted(text="p"), sealed={"name": entry_id.hex})
            return f"adds sealed facts to {on}"
        if what < 0.93 and sealing:
            photo = it.random.randbytes(it.random.choice((10, 90_000)))
            name = sha256(photo).hexdigest()
            machine.disk.put("blob", name, photo)
            write(Noted(text="b", blob=name))
            return f"adds a file of {len(photo)} bytes to {on}"
        write(Opened(text="r"), of=it.id(), channel="returns")
        return f"reports from {state.unit}"


def _known(it: "History", machine: Machine) -> dict[UUID, Thing]:
    """What people at a machine may work on: what lies in their files, and is theirs to do; the province may all."""
    units, found = machine.shelf.units, {}
    for subject in it.promises.subjects:
        state = machine.shelf.folded(things, subject).state
        if state and state.unit in units and (machine is it.province or state.holder in units):
            found[subject] = state
    return found


def _grant(it: "History", machine: Machine, entry_id: UUID) -> UUID | None:
    """What somebody acts on; None where the machine knows that their right is over."""
    if it.random.random() < 0.05:
        if machine is not it.province:
            it.promises.unfounded.add(entry_id)
        return it.id()  # of which the authority knows nothing
    grant = it.grants[PROVINCE if machine is it.province else machine.unit]
    known = machine.shelf.grant(grant)
    over = known and known.until and machine.shelf.now().astimezone(HERE).date() >= known.until
    return None if over else grant


def _open(it: "History", machine: Machine, entry_id: UUID, grant: UUID) -> str:
    unit = it.random.choice(COMMUNES) if machine is it.province else machine.unit
    subject = it.id()
    number = it.random.choice(NUMBERS) if it.random.random() < 0.3 else None
    with machine.shelf.writing(UUID(int=1)) as pen:
        pen.write(things, entry_id, subject, Opened(text="o", number=number), unit=unit, grant=grant)
    it.promises.subjects[subject] = None
    return f"opens {subject.hex[-6:]} in {unit}{f' with the number {number}' if number else ''}"


def settle(it: "History") -> None:
    """The province settles a conflict."""
    shelf = it.province.shelf
    for subject in it.promises.subjects:
        folded = shelf.folded(things, subject)
        if folded.aside and folded.state and not folded.frozen and not it.province.disk.full:
            _settle(it, subject, folded)
            return


def _settle(it: "History", subject: UUID, folded: Folded[Thing]) -> None:
    chosen = folded.branches[0] if folded.branches else folded.state
    assert chosen is not None
    assert folded.state is not None
    state = things.form.dump_python(chosen, mode="json") | {"unit": folded.state.unit}
    entry_id = it.id()
    with it.province.shelf.writing(UUID(int=2)) as pen:
        body = Settled(disposes=folded.aside, state=state, reason="so")
        pen.write(things, entry_id, subject, body, unit=folded.state.unit, grant=it.grants[PROVINCE])
    it.promises.acknowledge(entry_id, it.province)
    it.count("conflict")
    it.say(f"the province settles the conflict of {subject.hex[-6:]}")


def release(it: "History") -> None:
    """The province lets a held entry go."""
    shelf = it.province.shelf
    for stream, head in list(shelf.heads().items()):
        intake = shelf.folded(intakes, stream).state
        for entry in intake.held if intake else ():
            if not it.province.disk.full:
                shelf.beside(stream, Released(entry=entry), head.description.unit)
                it.say(f"the province lets the held entry {entry.hex[-6:]} go")
            return


def carry_over(it: "History") -> int:
    """The province carries over what was handed to a unit with a node of its own; how much."""
    shelf, moved = it.province.shelf, 0
    if it.province.disk.full:
        return 0
    for subject in it.promises.subjects:
        folded = shelf.folded(things, subject)
        state, last = folded.state, folded.last
        if state is None or last is None or folded.aside or folded.frozen or state.holder == state.unit:
            continue
        receivers = [machine for machine in it.communes if machine.unit == state.holder]
        if not receivers or state.unit in shelf.units_of(state.holder):
            continue
        has_key = any(subject == of for of, _key in shelf.table("key").values())
        with shelf.writing(shelf.own.id) as pen:
            left = leaving(shelf.spread(subject), last)
            pen.write(things, left, subject, Left(to=state.holder), unit=state.unit, grant=None)
            body = Arrived(giver=state.unit, **shelf.carry(subject))
            pen.write(things, uuid5(left, "arrived"), subject, body, unit=state.holder, grant=None,
                      sealed={"all": "of it"} if has_key else None)  # fmt: skip
            shelf.erase_also(subject, state.holder)
        moved += 1
        it.say(f"the province carries {subject.hex[-6:]} over from {state.unit} to {state.holder}")
    return moved
