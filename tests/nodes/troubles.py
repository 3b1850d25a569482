"""What goes wrong in a simulated history, now and then."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from haicap.nodes.exchange import lines, speaking
from haicap.nodes.exchange.wire import Down, Request
from nodes.memory import Disk
from nodes.network import Machine, machine_of
from nodes.toy import COMMUNES, GrantEnded, Later, Merged

if TYPE_CHECKING:
    from nodes.simulation import History

NEWER = "2.0"


def wrong_clock(it: "History") -> None:
    machine = it.random.choice(it.machines())
    machine.set_clock(timedelta(days=it.random.choice((-4000, -30, -1, 0, 1, 30, 4000))))
    it.say(f"{machine.name}'s clock is off by {machine.off.days} days")


def fill_disk(it: "History") -> None:
    machine = it.random.choice(it.machines())
    machine.disk.full = not machine.disk.full
    it.say(f"{machine.name}'s disk is {'full' if machine.disk.full else 'free'}")


def cut_line(it: "History") -> None:
    machine = it.random.choice(it.machines())
    machine.line = not machine.line
    it.say(f"{machine.name}'s line is {'up' if machine.line else 'down'}")


def restore(it: "History") -> None:
    _restored(it, it.random.choice(it.communes))
    it.count("restored")


def restore_province(it: "History") -> None:
    it.promises.restored = True
    _restored(it, it.province)
    it.count("restored province")


def _restored(it: "History", machine: Machine) -> None:
    """An old image is put back; at times nobody tells the program that it was."""
    length = it.random.randint(it.oldest[machine.name], len(machine.disk.log))
    told = it.random.random() < 0.5
    it.say(f"{machine.name} is put back to an image that is {len(machine.disk.log) - length} commits old, "
           f"and {'says so' if told else 'nobody tells it'}")  # fmt: skip
    machine.disk = Disk(machine.disk.log[:length])
    machine.start()
    if told:
        machine.shelf.begin("restored", {})
    it.promises.forget(machine.name)
    it.excuse()


def clone(it: "History") -> None:
    """A copy of a commune's disk runs beside it."""
    if len(it.communes) > 3:
        return
    first = it.random.choice(it.communes)
    name, disk = f"{first.name}{'abcd'[len(it.communes) - 1]}", Disk(first.disk.log)
    second = machine_of(name, first.unit, first.above, it.world, it.entropy, disk, like=first.unit)
    if first.shelf.newer:
        second.upgrade(NEWER)
    it.communes.append(second)
    it.oldest[second.name] = it.oldest[first.name]
    it.say(f"{first.name}'s disk is cloned, and runs as {name} too")
    it.count("cloned")


def end_grant(it: "History") -> None:
    """A right ends, while whoever has it may be offline."""
    machine = _away(it)
    day = (it.world.now - timedelta(days=it.random.randint(0, 2))).date().isoformat()
    if not it.province.disk.full:
        ended = GrantEnded(grant=it.grants[machine.unit], until=day)
        it.province.shelf.govern(it.id(), ended, machine.unit)
        it.say(f"the right to act in {machine.unit} ends on {day}")


def _away(it: "History") -> Machine:
    """A commune; its line is down perhaps."""
    machine = it.random.choice(it.communes)
    if it.random.random() < 0.5:
        _cut(it, machine)
    return machine


def _cut(it: "History", machine: Machine) -> None:
    if machine.line:
        machine.line = False
        it.say(f"{machine.name}'s line is down")


def erase(it: "History") -> None:
    """A subject's sealed facts are to be destroyed, wherever they are."""
    shelf, there = it.province.shelf, it.states(it.province)
    if not there or it.province.disk.full:
        return
    held = [(its, machine) for its in there for machine in it.communes if machine.shelf.holds(its)]
    moved = [(its, machine) for its, machine in held if there[its].came]
    subject, holder = it.random.choice(moved or held or [(it.random.choice(list(there)), it.communes[0])])
    if it.random.random() < 0.7:
        _cut(it, holder)
    shelf.erase(subject, there[subject].unit, *there[subject].came)
    it.say(f"the province orders to erase {subject.hex[-6:]}")
    if held and not holder.line:
        it.count("erased while a holder is away")


def merge(it: "History") -> None:
    if it.merged is None and not it.province.disk.full:
        first = _away(it).unit
        second = it.random.choice([machine.unit for machine in it.communes if machine.unit != first])
        it.merged = first
        it.province.shelf.govern(it.id(), Merged(unit=first, into=second), first)
        it.say(f"{first} is merged into {second}")


def revoke(it: "History") -> None:
    machine = it.random.choice(it.communes)
    member = it.province.shelf.member(machine.identity.node)
    if member and member.state == "joined" and not it.province.disk.full:
        it.province.shelf.revoke(machine.identity.node)
        it.revoked.add(machine.identity.node)
        it.say(f"{machine.name}'s key is revoked")
        it.excuse()


def intrude(it: "History") -> None:
    """A commune brings entries for another's file, under its own name; a revoked one what it has written since."""
    machine, other = it.random.choice(it.communes), it.random.choice(COMMUNES)
    own = machine.shelf.own
    head = machine.shelf.head(own.stream(machine.unit, "work").id())
    member = it.province.shelf.member(own.id)
    if head is None or member is None or not machine.line or not it.province.line:
        return
    if own.id in it.revoked:
        known = it.province.shelf.head(head.description.id())
        stream, after = head.description, known.seq if known else 0
    elif other not in machine.shelf.units | member.units:
        stream, after = own.stream(other, "work"), 0
    else:
        return
    items = list(machine.shelf.stored(head.description.id(), after, 1))
    before = machine.shelf.hash_at(stream.id(), after) or stream.digest()
    body = b"".join(lines.written([lines.Part(stream, after, before, items)]))
    bare = Request("POST", f"/sync/streams/{stream.id()}", f"after={after}", {"haicap-state": "{}"}, body)
    it.say(f"{machine.name} intrudes upon {stream.unit}")
    asked = speaking.sign(bare, machine.shelf.signer, it.province.shelf.now())
    try:
        if it.asked(it.province, asked).status == 403:
            it.count("intrusion refused")
    except Down:
        return


def upgrade(it: "History") -> None:
    """A machine is brought to the newer version; what it carried without knowing it is folded now."""
    machine = it.random.choice(it.machines())
    if not machine.shelf.newer:
        upgraded(it, machine)


def upgraded(it: "History", machine: Machine) -> None:
    if machine.shelf.table("kind").get(Later.kind):
        it.count("unknown kind folded after upgrade")
    machine.upgrade(NEWER)
    it.say(f"{machine.name} is upgraded")


Trouble = Callable[["History"], None]
RARE: tuple[Trouble, ...] = (
    wrong_clock, fill_disk, cut_line, restore, restore_province, clone, end_grant, erase, merge, revoke, intrude,
    upgrade,
)  # fmt: skip
