"""What must be so in a simulated world: at every moment, and in the end when all has healed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from haicap.journal.chain import chain
from haicap.journal.entry import Entry
from haicap.journal.intake import Head
from haicap.journal.intakes import Intake, intakes
from haicap.journal.order import Released, Taken
from haicap.journal.settling import Settled
from nodes.network import Machine
from nodes.toy import things


class Broken(AssertionError):
    """A promise that was not kept."""


class Promises:
    """The promises of one world, and what was seen of them so far."""

    def __init__(self) -> None:
        self.subjects: dict[UUID, str] = {}  # and the unit of each
        self.erased: set[UUID] = set()
        self.acknowledged: dict[
            UUID, str
        ] = {}  # entries that somebody was told are kept, and at which machine
        self.counted: dict[str, dict[UUID, list[UUID]]] = {}
        self.unfounded: set[UUID] = set()  # entries on a grant that there is not
        self.restored = False  # whether the province has ever lost anything
        self.seen: dict[str, int] = {}
        self.lines: dict[str, tuple[dict[UUID, Head], dict[UUID, int]]] = {}  # heads, and what was taken in

    def look(self, machines: Iterable[Machine]) -> None:
        """At every moment: what the authority has taken in is never undone, and nobody holds what is not theirs."""
        for machine in machines:
            if self.seen.get(machine.name) != (length := len(machine.disk.log)):
                self.seen[machine.name] = length
                if self._lost_came_back(machine) and self.restored:
                    self.forget(machine.name)
                self._holds_its_own(machine)
                if not machine.ministry:
                    self._counts_for_good(machine)

    def _lost_came_back(self, machine: Machine) -> bool:
        """Whether a restored authority had lost something, and now it is here again, or is told otherwise.

        It stands where it stood, before what the authority has done since: it had been taken in first. So an older
        life of the authority has more to say than before; or entries come that were said to be taken in already.
        """
        before, taken = self.lines.get(machine.name, ({}, {}))
        now = dict(machine.shelf.heads())
        self.lines[machine.name] = now, reach(machine)
        its = machine.shelf.authority
        lives = [it.description.incarnation for it in before.values() if it.description.node == its]
        newest = max(lives, default=UUID(int=0))

        def came_back(stream: UUID, head: Head) -> bool:
            known = before.get(stream, Head(head.description, 0, head.description.digest()))
            otherwise = machine.shelf.hash_at(stream, known.seq) != known.hash
            older = head.description.node == its and head.description.incarnation < newest
            return otherwise or (older and known != head) or known.seq < min(head.seq, taken.get(stream, 0))

        return any(came_back(stream, head) for stream, head in now.items())

    def forget(self, name: str) -> None:
        """A machine begins again: what counted there before is no measure."""
        self.counted.pop(name, None)

    def _counts_for_good(self, machine: Machine) -> None:
        before = self.counted.setdefault(machine.name, {})
        for subject in self.subjects:
            ordered = machine.shelf.order(subject, settled=True)
            folded = things(ordered)
            gone = {it for entry in ordered if isinstance(entry.body, Settled) for it in entry.body.disposes}
            apart = {*folded.aside, *folded.waiting, *gone}
            counting = [entry for entry in effects(ordered) if entry not in apart]
            known = before.get(subject, [])
            if counting[: len(known)] != known:
                raise Broken(f"{machine.name} undid what was taken in of {subject.hex[-6:]}")
            before[subject] = counting

    def _holds_its_own(self, machine: Machine) -> None:
        for head in machine.shelf.heads().values():
            its = head.description
            if its.channel != "reference" and its.unit not in machine.shelf.units:
                raise Broken(f"{machine.name} holds {its.unit}")
            if machine.ministry and its.channel == "work":
                raise Broken("the ministry holds work")
            if machine.parent is None or machine.parent.channels.isdisjoint({"work"}):
                _is_its_writers(machine, head, forgetful=self.restored)

    def kept(self, family: list[Machine], machines: list[Machine]) -> None:
        """In the end: all of the family agree, nothing is lost, everything is visible, what is erased is gone.

        The family is the province and the communes that may call it; `machines` are all there are.
        """
        for subject, unit in self.subjects.items():
            _agree([machine for machine in family if unit in machine.shelf.units], subject)
        for machine in family:
            _whole(machine)
            self._erased(machine)
            _missing(machine, family)
        for machine in family[1:]:
            _same_lines(machine, family[0])
        self._nothing_lost(family, machines)
        self._nothing_unfounded(family[0])
        _taken_in(family[0])

    def _erased(self, machine: Machine) -> None:
        shelf = machine.shelf
        for subject in self.erased & shelf.erased():
            if any(it == subject for it, _key in shelf.table("key").values()):
                raise Broken(f"{machine.name} has the key of an erased subject")
            for place in shelf.table("places")[subject]:
                if shelf.table("entry")[place].item.ciphertext is not None:
                    raise Broken(f"{machine.name} has the ciphertext of an erased subject")

    def _nothing_unfounded(self, province: Machine) -> None:
        released = {entry.body.entry for entry in province.shelf.of_kind(Released)}
        for subject in self.subjects:
            for entry in province.shelf.order(subject):
                if entry.id in self.unfounded - released:
                    raise Broken(f"{entry.id.hex[-6:]} counts, without a grant that there is")

    def _nothing_lost(self, family: list[Machine], machines: list[Machine]) -> None:
        trusted = {machine.name: machine for machine in machines if machine in family}
        for entry, name in self.acknowledged.items():
            if name in trusted and not (trusted[name].shelf.known(entry) and family[0].shelf.known(entry)):
                raise Broken(f"{name}'s entry {entry.hex[-6:]} is lost")


def _is_its_writers(machine: Machine, head: Head, *, forgetful: bool) -> None:
    """A line in somebody's file is of a node whose file it is, and ends where that is trusted no more.

    A province that was restored may have forgotten for a while that it is not.
    """
    its = head.description
    member = machine.shelf.member(its.node) if its.channel != "reference" else None
    if member is None:
        return
    if its.unit not in member.units:
        raise Broken(f"{machine.name} holds of {its.unit} what {member.unit} has written")
    if member.state == "revoked" and not forgetful and head.seq > member.last_good.get(its.id(), 0):
        raise Broken(f"{machine.name} has taken in what a revoked node wrote")


def reach(machine: Machine) -> dict[UUID, int]:
    """By stream, how far the authority says that it has taken it in."""
    far: dict[UUID, int] = {}
    for entry in machine.shelf.of_kind(Taken):
        far[entry.body.stream] = max(far.get(entry.body.stream, 0), entry.body.up_to)
    return far


def _agree(its: list[Machine], subject: UUID) -> None:
    folded = {machine.name: machine.shelf.folded(things, subject) for machine in its}
    if any(it != folded[its[0].name] for it in folded.values()):
        raise Broken("\n  ".join(["they do not agree:", *(f"{name}: {it}" for name, it in folded.items())]))
    for machine in its:
        places = machine.shelf.table("places").get(subject, ())
        there = {machine.shelf.table("entry")[place].entry.id for place in places}
        shown = {entry.id for entry in machine.shelf.order(subject)}
        if not there <= shown | _held(machine):
            raise Broken(f"{machine.name} does not show every entry of {subject.hex[-6:]}")


def _held(machine: Machine) -> set[UUID]:
    intake = (machine.shelf.folded(intakes, stream).state for stream in machine.shelf.heads())
    return {entry for it in intake if isinstance(it, Intake) for entry in it.held}


def _whole(machine: Machine) -> None:
    """Every line is chained from its description to its head."""
    for stream, head in machine.shelf.heads().items():
        items = machine.shelf.stored(stream, 0, head.seq)
        hashes = chain(head.description.digest(), stream, 1, (it.payload for it in items))
        if len(hashes) != head.seq or hashes[-1] != head.hash:
            raise Broken(f"{machine.name}: a line is not whole")


def _taken_in(province: Machine) -> None:
    """What has come to the authority it has taken in."""
    far = reach(province)
    for stream, head in province.shelf.heads().items():
        its = head.description
        if its.node != province.identity.node and its.channel == "work" and far.get(stream, 0) < head.seq:
            raise Broken(f"the province has not taken in {its}")


def _missing(machine: Machine, family: list[Machine]) -> None:
    """A key or a file may be missing only where nobody has it."""
    wants = machine.shelf.wants(None)
    for name in (*wants.keys, *wants.blobs):
        for other in family:
            if name in other.shelf.table("key") or name in other.shelf.table("blob"):
                raise Broken(f"{machine.name} lacks {name[:8]} that {other.name} has")


def _same_lines(machine: Machine, province: Machine) -> None:
    for stream, head in machine.shelf.heads().items():
        if province.shelf.head(stream) != head:
            raise Broken(f"{machine.name} has {head}, the province {province.shelf.head(stream)}")
    for stream, head in province.shelf.heads().items():
        its = head.description
        if (its.channel == "reference" or its.unit in machine.shelf.units) and machine.shelf.head(
            stream
        ) != head:
            raise Broken(f"{machine.name} lacks of {its}")


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
