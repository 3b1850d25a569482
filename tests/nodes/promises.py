"""What must be so in a simulated world: at every moment, and in the end when all has healed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from haicap.journal.carrying import late
from haicap.journal.chain import chain
from haicap.journal.entry import Entry
from haicap.journal.erasing import KeyDestroyed
from haicap.journal.intake import Head
from haicap.journal.intakes import Intake, intakes
from haicap.journal.order import Released, Taken
from haicap.journal.proving import proven
from haicap.journal.settling import Settled
from nodes.network import Machine
from nodes.toy import Arrived, GrantEnded, Later, Merged, Opened, Stepped, things

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
ORDERING = {Released.kind, Merged.kind}  # what can give any subject another order


class Broken(AssertionError):
    """A promise that was not kept."""


class Promises:
    """The promises of one world, and what was seen of them so far."""

    def __init__(self) -> None:
        self.subjects: dict[UUID, None] = {}
        self.acknowledged: dict[
            UUID, tuple[str, bytes]
        ] = {}  # what somebody was told is kept: where, the payload
        self.counted: dict[str, dict[UUID, list[UUID]]] = {}
        self.unfounded: set[UUID] = set()  # entries on a grant that there is not
        self.restored = False  # whether the province has ever lost anything
        self.files: dict[tuple[str, UUID], set[str]] = {}  # in which a subject lies at a machine
        self.seen: dict[str, int] = {}
        self.lines: dict[str, tuple[dict[UUID, Head], dict[UUID, int]]] = {}  # heads, and what was taken in

    def acknowledge(self, entry: UUID, machine: Machine) -> None:
        """Somebody is told that it is kept."""
        place = machine.shelf.table("id")[entry]
        self.acknowledged[entry] = machine.name, machine.shelf.table("entry")[place].item.payload

    # At every moment

    def look(self, machines: Iterable[Machine]) -> None:
        """What the authority has taken in is never undone, and nobody holds what is not theirs."""
        for machine in machines:
            before, now = self.seen.get(machine.name, 0), len(machine.disk.log)
            if before != now:
                self.seen[machine.name] = now
                if self._lost_came_back(machine) and self.restored:
                    self.forget(machine.name)
                self._holds_its_own(machine)
                if not machine.ministry:
                    known = self.counted.get(machine.name)
                    self._counts_for_good(
                        machine, self.subjects if known is None else _touched(machine, before)
                    )

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
            known = before.get(stream)
            if known is head:
                return False
            known = known or Head(head.description, 0, head.description.digest())
            otherwise = machine.shelf.hash_at(stream, known.seq) != known.hash
            older = head.description.node == its and head.description.incarnation < newest
            return otherwise or (older and known != head) or known.seq < min(head.seq, taken.get(stream, 0))

        return any(came_back(stream, head) for stream, head in now.items())

    def forget(self, name: str) -> None:
        """A machine begins again: what counted there before is no measure."""
        self.counted.pop(name, None)

    def _counts_for_good(self, machine: Machine, subjects: Iterable[UUID]) -> None:
        before = self.counted.setdefault(machine.name, {})
        for subject in subjects:
            counting = _counting(machine, subject)
            known = before.get(subject, [])
            if self._came_from_a_further_file(machine, subject):
                known = []
            if counting[: len(known)] != known:
                raise Broken(f"{machine.name} undid what was taken in of {subject.hex[-6:]}")
            before[subject] = counting

    def _came_from_a_further_file(self, machine: Machine, subject: UUID) -> bool:
        """Whether a commune holds a further file of the subject now (a unit was merged): all in it was before."""
        units = {machine.shelf.head(stream).description.unit
                 for stream, _seq in machine.shelf.table("places").get(subject, ())}  # fmt: skip
        known = self.files.setdefault((machine.name, subject), units)
        self.files[machine.name, subject] = units
        return machine.shelf.authority != machine.shelf.own.id and units != known

    def _holds_its_own(self, machine: Machine) -> None:
        for head in machine.shelf.heads().values():
            its = head.description
            own = (
                its.node == machine.identity.node
            )  # as it was before a restore: of which it need not know yet why
            if its.channel != "reference" and its.unit not in machine.shelf.units and not own:
                raise Broken(f"{machine.name} holds {its.unit}")
            if machine.ministry and its.channel == "work":
                raise Broken("the ministry holds work")
            if machine.parent is None or machine.parent.channels.isdisjoint({"work"}):
                _is_its_writers(machine, head, forgetful=self.restored)

    # In the end

    def kept(self, family: list[Machine], machines: list[Machine]) -> None:
        """All of the family agree, nothing is lost, everything is visible, what is erased is gone.

        The family is the province and the communes that may call it; `machines` are all there are.
        """
        province = family[0]
        for subject in self.subjects:
            _agree(family, subject)
            for machine in family:
                _visible(machine, subject)
        for machine in family:
            _whole(machine)
            _erased(machine, province)
            _missing(machine, family)
        for machine in family[1:]:
            _same_lines(machine, province)
            _arrived(machine, province)
        for machine in machines:
            if machine.ministry:
                _reported(machine, province)
        self._nothing_lost(family, machines)
        self._nothing_unfounded(province)
        self._numbers_shown(province)
        _taken_in(province)
        if not self.restored:
            _marked(province)

    def _nothing_unfounded(self, province: Machine) -> None:
        released = {entry.body.entry for entry in province.shelf.of_kind(Released)}
        for subject in self.subjects:
            for entry in province.shelf.order(subject):
                if entry.id in self.unfounded - released:
                    raise Broken(f"{entry.id.hex[-6:]} counts, without a grant that there is")

    def _nothing_lost(self, family: list[Machine], machines: list[Machine]) -> None:
        trusted = {machine.name: machine for machine in machines if machine in family}
        for entry, (name, payload) in self.acknowledged.items():
            if name in trusted:
                for machine in (trusted[name], family[0]):
                    if payload not in _payloads(machine, entry):
                        raise Broken(f"{name}'s entry {entry.hex[-6:]} is lost at {machine.name}")

    def _numbers_shown(self, province: Machine) -> None:
        """Of an outside number that several were opened with all are found by it, unless one is held."""
        shown = _bearers(province, self.subjects)
        held = _held(province)
        for entry in province.shelf.of_kind(Opened):
            if (number := entry.body.number) and entry.id not in held and entry.subject not in shown[number]:
                raise Broken(f"{entry.subject.hex[-6:]} is not found by its number {number}")

    def met(self, province: Machine, communes: list[Machine]) -> Iterator[str]:
        """The troubles that can be seen in what lies at the province in the end."""
        for entry in province.shelf.of_kind(Taken):
            if entry.body.withdrawn:
                yield "right withdrawn while offline"
            ids = _ids_to(province, entry.body.stream, entry.body.up_to)
            if any(UUID(held) in ids and ids.index(UUID(held)) < len(ids) - 1 for held in entry.body.held):
                yield "held in mid-stream"
        for subjects in _bearers(province, self.subjects).values():
            if len(subjects) > 1:
                yield "one number twice"
        for subject in self.subjects:
            if province.shelf.folded(things, subject).aside:
                yield "conflict"
        for machine in communes:
            if machine.shelf.of_kind(Arrived):
                yield "transferred"


def _touched(machine: Machine, since: int) -> Iterable[UUID]:
    """The subjects that may count otherwise since a place in the machine's log."""
    changed = [change for changes in machine.disk.log[since:] for change in changes]
    if any(table == "own" or (table == "kind" and key in ORDERING) for table, key, _old, _new in changed):
        return machine.shelf.table("places")
    subjects = {key: None for table, key, _old, _new in changed if table == "places"}
    entries = machine.shelf.table("entry")
    for stream in [
        it for it in subjects if it in machine.shelf.table("head")
    ]:  # what was said of taking it in
        end = machine.shelf.table("head")[stream].seq
        subjects |= {entries[stream, seq].entry.subject: None for seq in range(1, end + 1)}
    return subjects


def _counting(machine: Machine, subject: UUID) -> list[UUID]:
    """The entries of a subject that count for good at a machine, in the order in which they came to count."""
    spread = machine.shelf.spread(subject, settled=True)
    came_late = late(spread)  # they stand last, whatever follows
    ordered = [entry for entry in spread if entry.id not in came_late]
    folded = machine.shelf.refolded(things, ordered)
    if bool(folded.frozen) != any(entry.body is None for entry in ordered):
        raise Broken(f"{machine.name} goes on behind what it does not know of {subject.hex[-6:]}")
    gone = {it for entry in ordered if isinstance(entry.body, Settled) for it in entry.body.disposes}
    apart = {*folded.aside, *folded.waiting, *gone}
    return [entry for entry in effects(ordered) if entry not in apart]


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


def reach(machine: Machine, spoken: Callable[[Entry[Any]], bool] = bool) -> dict[UUID, int]:
    """By stream, how far the authority says that it has taken it in; of what it says as `spoken` lets it count."""
    far: dict[UUID, int] = {}
    for entry in filter(spoken, machine.shelf.of_kind(Taken)):
        far[entry.body.stream] = max(far.get(entry.body.stream, 0), entry.body.up_to)
    return far


def _agree(family: list[Machine], subject: UUID) -> None:
    """Who holds the same of a subject makes the same of it."""
    alike: dict[frozenset[Any], list[Machine]] = defaultdict(list)
    for machine in family:
        if places := machine.shelf.table("places").get(subject):
            alike[frozenset(places)].append(machine)
    for its in alike.values():
        folded = {machine.name: machine.shelf.folded(things, subject) for machine in its}
        if any(it != folded[its[0].name] for it in folded.values()):
            raise Broken(
                "\n  ".join(["they do not agree:", *(f"{name}: {it}" for name, it in folded.items())])
            )


def _arrived(machine: Machine, province: Machine) -> None:
    """Who has the newest arrival of a subject makes of it what the province does, and has the proof."""
    newest = {entry.subject: entry for entry in province.shelf.of_kind(Arrived)}
    for entry in machine.shelf.of_kind(Arrived):
        if not proven(entry.body, province.identity.public_key):
            raise Broken(f"{machine.name} has no proof of what {entry.subject.hex[-6:]} carries")
        there, here = (it.shelf.folded(things, entry.subject) for it in (province, machine))
        if newest[entry.subject].unit != entry.unit or there.frozen or there.state is None:
            continue
        same = here.state and (here.state.steps, here.state.unit) == (there.state.steps, there.state.unit)
        if not same or here.last != there.last:
            raise Broken(f"{machine.name} and the province do not agree:\n  {here}\n  {there}")


def _visible(machine: Machine, subject: UUID) -> None:
    """Every entry is in the order or held; every decision counts, or is shown as a conflict, or was settled."""
    places = machine.shelf.table("places").get(subject, ())
    stored = [machine.shelf.table("entry")[place].entry for place in places]
    ordered = machine.shelf.spread(subject)
    held = _held(machine)
    if not {entry.id for entry in stored} <= {entry.id for entry in ordered} | held:
        raise Broken(f"{machine.name} does not show every entry of {subject.hex[-6:]}")
    folded = machine.shelf.folded(things, subject)
    if folded.frozen or folded.state is None or any(isinstance(entry.body, Settled) for entry in ordered):
        return
    apart = {*folded.aside, *folded.waiting}
    for entry in ordered:
        counts = not isinstance(entry.body, Stepped | Later) or entry.body.to in folded.state.steps
        if not counts and entry.id not in apart:
            raise Broken(f"{machine.name} does not show the decision {entry.id.hex[-6:]}")
    decisions = {entry.id: entry.after for entry in ordered if not entry.body.free and entry.id not in apart}
    seen = [decisions[entry] for entry in effects(ordered) if entry in decisions]
    if seen[1:] != [entry for entry in effects(ordered) if entry in decisions][:-1]:
        raise Broken(
            f"{machine.name} lets a decision on {subject.hex[-6:]} count that had not seen the one before"
        )


def _held(machine: Machine) -> set[UUID]:
    intake = (machine.shelf.folded(intakes, stream).state for stream in machine.shelf.heads())
    return {entry for it in intake if isinstance(it, Intake) for entry in it.held}


def _payloads(machine: Machine, entry: UUID) -> set[bytes]:
    """All that lies at a machine under the id of an entry."""
    first = machine.shelf.table("id").get(entry)
    if first is None:
        return set()
    subject = machine.shelf.table("entry")[first].entry.subject
    stored = (machine.shelf.table("entry")[place] for place in machine.shelf.table("places")[subject])
    return {it.item.payload for it in stored if it.entry.id == entry}


def _whole(machine: Machine) -> None:
    """Every line is chained from its description to its head, every file is what its name says."""
    for name, blob in machine.shelf.table("blob").items():
        if sha256(blob).hexdigest() != name:
            raise Broken(f"{machine.name}: a file is not what its name says")
    for stream, head in machine.shelf.heads().items():
        items = machine.shelf.stored(stream, 0, head.seq)
        hashes = chain(head.description.digest(), stream, 1, (it.payload for it in items))
        if len(hashes) != head.seq or hashes[-1] != head.hash:
            raise Broken(f"{machine.name}: a line is not whole")


def _erased(machine: Machine, province: Machine) -> None:
    """Nobody holds anything sealed of what is erased, and all who have its entries have said so."""
    shelf = machine.shelf
    receipts = {(entry.subject, entry.body.node) for entry in province.shelf.of_kind(KeyDestroyed)}
    for subject in province.shelf.erased():
        if not shelf.table("places").get(subject):
            continue
        if shelf.holds(subject):
            raise Broken(f"{machine.name} still has sealed facts of the erased {subject.hex[-6:]}")
        if (subject, machine.identity.node) not in receipts:
            raise Broken(f"{machine.name} has not said that it has destroyed {subject.hex[-6:]}")


def _reported(ministry: Machine, province: Machine) -> None:
    """What the communes report has come to the ministry, and nothing else of theirs."""
    for stream, head in province.shelf.heads().items():
        if head.description.channel == "returns" and ministry.shelf.head(stream) != head:
            raise Broken(f"the ministry lacks of {head.description}")


def _taken_in(province: Machine) -> None:
    """What has come to the authority it has taken in, by words that speak of what lies there."""
    far = reach(province, spoken=province.shelf.speaks_here)
    for stream, head in province.shelf.heads().items():
        its = head.description
        if its.node != province.identity.node and its.channel == "work" and far.get(stream, 0) < head.seq:
            raise Broken(f"the province has not taken in {its}")


def _marked(province: Machine) -> None:
    """What was done on a right that had ended, and that the province knew to have ended, is marked."""
    ends = {entry.body.grant: entry for entry in reversed(province.shelf.of_kind(GrantEnded))}
    log = {entry: at for at, changes in enumerate(province.disk.log) if ends
           for table, entry, old, _new in changes if table == "id" and old is None}  # fmt: skip
    for taken in province.shelf.of_kind(Taken) if ends else ():
        stream = province.shelf.table("entry")
        before = _before(province, taken)
        for seq in range(before + 1, taken.body.up_to + 1):
            entry = stream[taken.body.stream, seq].entry
            end = ends.get(entry.grant)
            if end is None or str(entry.id) in taken.body.held or log[end.id] > log[taken.id]:
                continue
            late = f"{entry.at.astimezone(HERE).date()}" >= end.body.until
            if late and entry.id not in taken.body.withdrawn:
                raise Broken(f"{entry.id.hex[-6:]} is not marked as done after the right was withdrawn")


def _before(province: Machine, taken: Entry[Taken]) -> int:
    """Up to where a stream was taken in before."""
    others = (it for it in province.shelf.of_kind(Taken) if it.body.stream == taken.body.stream)
    return max((it.body.up_to for it in others if it.body.up_to < taken.body.up_to), default=0)


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
        theirs = its.channel == "reference" or its.unit in machine.shelf.units
        if theirs and machine.shelf.head(stream) != head:
            raise Broken(f"{machine.name} lacks of {its}")


def _bearers(province: Machine, subjects: Iterable[UUID]) -> dict[str, set[UUID]]:
    """By outside number, the subjects that bear it at the province."""
    found: dict[str, set[UUID]] = defaultdict(set)
    for subject in subjects:
        state = province.shelf.folded(things, subject).state
        if state is not None and state.number:
            found[state.number].add(subject)
    return found


def _ids_to(province: Machine, stream: UUID, up_to: int) -> list[UUID]:
    """The entries of a stream up to there, as far as they lie at the province: a restored one may lack them."""
    stored = map(province.shelf.table("entry").get, ((stream, seq) for seq in range(1, up_to + 1)))
    return [it.entry.id for it in stored if it is not None]


def effects(ordered: list[Entry[Any]]) -> list[UUID]:
    """Entries in the order in which they come to count: one that waits for another comes after that.

    Nothing counts behind one from a newer version.
    """
    done: dict[UUID, None] = {}
    waiting: dict[UUID, list[Entry[Any]]] = {}
    ahead = list(reversed(ordered))
    while ahead:
        entry = ahead.pop()
        if entry.body is None:
            break
        if not entry.body.free and entry.after is not None and entry.after not in done:
            waiting.setdefault(entry.after, []).append(entry)
        elif entry.id not in done:
            done[entry.id] = None
            ahead += reversed(waiting.pop(entry.id, []))
    return list(done)
