"""A province is put back to an old image, and its communes and their clones have written on."""

from uuid import UUID

from haicap.journal.intakes import intakes
from nodes.memory import Disk
from nodes.network import Machine, machine_of
from nodes.pair import RANDOM, Pair, call
from nodes.toy import Stepped, things


def decide(machine: Machine, subject: UUID, grant: UUID) -> UUID:
    entry = UUID(int=RANDOM.getrandbits(128))
    with machine.shelf.writing(UUID(int=1)) as pen:
        pen.write(things, entry, subject, Stepped(to="s"), unit=machine.unit, grant=grant)
    return entry


def test_what_it_had_said_of_a_clones_line_lets_no_held_entry_of_the_other_count(pair: Pair) -> None:
    clone = machine_of(
        "31001b", "31001", pair.province, pair.world, RANDOM, Disk(pair.ward.disk.log), like="31001"
    )
    image = len(pair.province.disk.log)
    theirs = pair.write(clone, 2)
    call(pair, clone)
    pair.province.disk = Disk(pair.province.disk.log[:image])
    pair.province.start()
    pair.province.shelf.begin("restored", {})
    mine = pair.write(pair.ward)
    unfounded = decide(pair.ward, mine, UUID(int=5))
    line = pair.ward.shelf.own.stream("31001", "work").id()
    machines = (pair.ward, clone, pair.ward, clone)
    for machine in machines:
        call(pair, machine)
    province = pair.province.shelf
    held = province.folded(intakes, line).state
    assert held is not None
    assert list(held.held) == [unfounded]
    for shelf in (province, pair.ward.shelf, clone.shelf):
        assert [it.id for it in shelf.order(mine) if it.id == unfounded] == []
        assert shelf.folded(things, mine) == province.folded(things, mine)
        assert shelf.folded(things, theirs) == province.folded(things, theirs)
        assert len(shelf.order(theirs)) == 2
