"""The child's side: one contact with the parent, in the order of `journal.md`.

Heads; are our own lines the parent's; what the parent has lost; work up, then returns; reference and work down; keys;
checkpoints; files last and in slices, left at once when new entries wait. Nothing is kept of how far a transfer had
come: every contact compares heads, so that a cut costs less than one batch, and sending twice changes nothing.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Fork, Gap, Head, Malformed
from haicap.nodes import vouching
from haicap.nodes.comparing import agrees, in_common, place, pulled
from haicap.nodes.files import Files
from haicap.nodes.handing import given, of_json, written
from haicap.nodes.lines import written as lines_of
from haicap.nodes.scopes import may_hold, may_push, may_share
from haicap.nodes.shelf import (
    Busy,
    Contact,
    Fault,
    Full,
    Given,
    Incident,
    Parent,
    Remembered,
    Renewal,
    Shelf,
    Vouched,
)
from haicap.nodes.speaking import Refusal, Talk
from haicap.nodes.stretches import part_of, parts, stretch
from haicap.nodes.there import There, read_there
from haicap.nodes.wire import Down, Wire, told

HEADS = "/sync/heads"
FINAL = frozenset({"revoked", "signature", "busy", "full", "clock", "replay"})  # these end a contact
ORDER = {"work": 0, "returns": 1, "reference": 2}
PARTS = 64  # of `reference` asked for at once
WITNESS = 256 << 10


def contact(shelf: Shelf, wire: Wire, parent: Parent, *, until: Callable[[], bool]) -> Contact:
    """Exchange all there is with the parent, or as much as can be; stops between batches where `until` says so.

    Raises nothing that the line, the parent or a full disk can do: the contact that is returned (and noted) tells.
    """
    course = _Course(shelf, wire, parent, until)
    began = shelf.now()
    try:
        course.run()
    except Down as down:
        course.fault(down.reason, str(down))
    except Refusal as refusal:
        course.fault(refusal.code, "parent")
    except Malformed as malformed:
        course.fault("format", malformed.reason)
    except Full:
        course.fault("full", "here")
    except Busy:
        course.fault("busy", "here")
    return course.ended(began)


class _Course:
    """One contact on its way, and what it has done so far."""

    def __init__(self, shelf: Shelf, wire: Wire, parent: Parent, until: Callable[[], bool]) -> None:
        self.shelf, self.parent, self._until = shelf, parent, until
        self.left_off = False
        self.memory = shelf.remembered() or Remembered("", b"")
        self.talk = Talk(shelf, wire, parent, self.memory.offset, self._state())
        self.files = Files(self.talk, self.until)
        self.faults: list[Fault] = []
        self.stopped: set[UUID] = set()  # streams left alone until the next contact
        self.brought: set[UUID] = set()  # back, in this round: what was offered of them holds no more
        self.announced: set[UUID] = set()
        self.keys_met: set[str] = set()
        self.pushed = self.pulled = self.held = self.keys_moved = 0
        self.reached = False

    def run(self) -> None:
        """Rounds, until one finds nothing to do: what was pushed is taken in there, and that comes down again."""
        first = True
        while not self.until():
            before = self.shelf.written()
            there = self.heads()
            if there is None and first and self.memory.quiet == before:
                return
            first = False
            there = there or read_there(told(self.memory.heads))
            if not self.round(self.with_parts(there)):
                wants = self.shelf.wants(None)
                done = not (self.faults or self.left_off or wants.keys or wants.blobs)
                self.memory = replace(self.memory, quiet=before if done else None)
                return

    def until(self) -> bool:
        """Whether to leave off."""
        self.left_off = self.left_off or self._until()
        return self.left_off

    def ended(self, began: datetime) -> Contact:
        """The contact as it was; noted, and what is to be remembered kept."""
        if self.reached:
            self.shelf.remember(replace(self.memory, offset=self.talk.offset))
        contact = Contact(
            self.parent.node, began, self.shelf.now(), self.talk.offset, self.pushed, self.pulled, self.held,
            self.keys_moved, self.files.up, self.files.down, tuple(self.faults), tuple(self.shelf.waiting()),
            self.reached,
        )  # fmt: skip
        self.shelf.note_contact(contact)
        return contact

    def fault(self, code: str, what: str) -> None:
        """Something went wrong; it is told once."""
        if (fault := Fault(code, what)) not in self.faults:
            self.faults.append(fault)

    def stop(self, stream: UUID, code: str) -> None:
        """The exchange of one stream stops; both sides show it."""
        self.stopped.add(stream)
        self.fault(code, str(stream))
        self.shelf.tried("entries", str(stream), code)
        if code in ("fork", "foreign"):
            self.shelf.note_incident(Incident(self.parent.node, code, str(stream), self.shelf.now()))

    # What is there

    def heads(self) -> There | None:
        """What lies at the parent; None where nothing has changed there since it was asked last."""
        known = {"if-none-match": self.memory.etag} if self.memory.etag else {}
        answer = self.talk.ask("GET", HEADS, headers=known)
        self.reached = True
        if answer.status == 304:
            return None
        there = read_there(answer.json())
        self.memory = replace(self.memory, etag=answer.headers.get("etag", ""), heads=answer.body, quiet=None)
        self._keep(there)
        return there

    def _keep(self, there: There) -> None:
        checkpoint = of_json(there.checkpoint)
        if checkpoint is None or checkpoint.statement.node != self.parent.node:
            return
        if checkpoint.genuine(self.parent.public_key):
            self.shelf.keep(checkpoint)

    def with_parts(self, there: There) -> There:
        """With the heads of those parts of `reference` that are not the same here."""
        if there.parts is None:
            return there
        mine = parts(
            head for head in self.shelf.heads(()).values() if head.description.node != self.shelf.own.id
        )
        same = dict(there.parts.items() & mine.items())
        differ = sorted({*there.parts, *mine} - same.keys())
        heads = dict(there.heads)
        for at in range(0, len(differ), PARTS):
            answer = self.talk.ask("GET", HEADS, "under=" + ",".join(differ[at : at + PARTS]))
            heads |= read_there(answer.json()).heads
        return replace(there, heads=heads, parts=same)

    def offered(self, there: There) -> dict[UUID, Head]:
        """The heads of streams that are ours to hold; others are refused, whatever the parent says."""
        its = {}
        for stream, head in there.heads.items():
            if self._ours(head.description) or may_hold(
                self.shelf.own.id, self.shelf.units, self.parent, head.description
            ):
                its[stream] = head
            elif stream not in self.stopped:
                self.stop(stream, "foreign")
        return its

    def _ours(self, stream: Description) -> bool:
        return stream.node == self.shelf.own.id and stream.channel in self.parent.channels

    # One round

    def round(self, there: There) -> bool:
        """All that is to be done once, in its order; whether anything moved."""
        offered = self.offered(there)
        self.brought.clear()
        moved = [self.own_lines(offered, there), self.announce(there), self.work_lines(offered, there)]
        if self.brought:
            return True  # the parent has lived through something: it is asked anew what lies there
        moved += [self.push(offered), self.pull(offered), self.keys(there), self.witness()]
        return self.files.bring(there.blobs) or any(moved)

    def own_lines(self, offered: Mapping[UUID, Head], there: There) -> bool:
        """Adopt what the parent has of our lines and we have not; where they part, begin a new incarnation."""
        tails: dict[UUID, int] = {}
        before = self.pulled
        for head in self._in_order(offered):
            if head.description.node != self.shelf.own.id:
                continue
            try:
                self._adopt(head)
            except (Fork, Gap):
                tails[head.description.id()] = in_common(self.talk, head)
        if tails:
            self.shelf.begin("restored", tails)
            self.announce(there)
            for stream in tails:
                self._adopt(offered[stream])
        return bool(tails) or self.pulled > before

    def _adopt(self, head: Head) -> None:
        if place(self.talk, head) >= head.seq and not agrees(self.talk, head):
            raise Fork(head.seq, head.hash)
        for count in pulled(self.talk, head):
            self.pulled += count
            if self.until():
                return

    def announce(self, there: There) -> bool:
        """Say in which incarnations this node has lived, where the parent does not know; the present one last."""
        own = self.shelf.own
        lived = {head.description.incarnation for head in self.shelf.heads(self.shelf.units).values()
                 if head.description.node == own.id}  # fmt: skip
        new = ({*lived, own.incarnation} - there.incarnations) - self.announced
        for incarnation in sorted(new):
            self._announce(
                self.shelf.renewal()
                if incarnation == own.incarnation
                else Renewal(incarnation, "restored", {})
            )
        self.announced |= new
        return bool(new)

    def _announce(self, its: Renewal) -> None:
        self.talk.say("/sync/incarnation", {
            "incarnation": str(its.incarnation), "reason": its.reason,
            "lines": {str(stream): seq for stream, seq in its.lines.items()},
            **({"public_key": its.public_key.hex()} if its.public_key else {}),
            **({"recipient": its.recipient} if its.recipient else {}),
        })  # fmt: skip

    def work_lines(self, offered: Mapping[UUID, Head], there: There) -> bool:
        """Follow the lines of our files, and bring the parent back what it has lost of its own.

        Before anything is pushed: what it takes in anew must come after what it has taken in once.
        """
        before = self.pulled
        held = {stream: head for stream, head in self.shelf.heads(self.shelf.units).items()
                if head.description.node == self.parent.node}  # fmt: skip
        lost = [self._lost(offered.get(stream) or _none_of(mine.description, there), mine, there)
                for stream, mine in held.items() if stream not in self.stopped]  # fmt: skip
        if any(lost):
            return True  # and what was offered may be otherwise now
        self._follow(head for head in self._in_order(offered) if head.description.channel != "reference")
        return self.pulled > before

    def _lost(self, theirs: Head | None, mine: Head, there: There) -> bool:
        """Bring back what our copy has and the parent's line has not; false where there is nothing.

        A line of a life that the parent has forgotten comes with the place where its present line ends here: what
        it has written there since belongs after what it has forgotten.
        """
        if theirs is None or theirs.seq >= mine.seq or not agrees(self.talk, theirs):
            return False
        present = replace(mine.description, incarnation=there.incarnation)
        since = self.shelf.head(present.id()) if there.incarnation < mine.description.incarnation else None
        return self._bring_back(theirs, theirs.seq, since=since.seq if since else 0)

    def _follow(self, offered: Iterable[Head]) -> None:
        """Bring our copies of others' lines up to the parent's; those that part from them come last."""
        parted = []
        for theirs in offered:
            stream, own = theirs.description.id(), theirs.description.node == self.shelf.own.id
            if own or stream in self.stopped or stream in self.brought or self.until():
                continue
            try:
                self._adopt(theirs)
            except (Fork, Gap):
                parted.append(theirs)
        for theirs in parted:
            self._part(theirs)

    def _part(self, theirs: Head) -> None:
        """The parent tells a line otherwise than the copy here: one of the two gives way, and nothing is lost."""
        common = in_common(self.talk, theirs)
        if self.shelf.give_way(theirs.description.id(), common):
            self._adopt(theirs)
        elif theirs.description.node != self.parent.node or not self._bring_back(theirs, common):
            self.stop(theirs.description.id(), "fork")

    def _bring_back(self, theirs: Head, common: int, *, since: int = 0) -> bool:
        """Bring the parent back what it has vouched for beyond what both have; false where there is nothing."""
        stream = theirs.description.id()
        vouched = self.shelf.vouched(stream)
        if vouched is None or vouched.seq <= common:
            return False
        items = self.shelf.stored(stream, common, vouched.seq - common)
        before = self.shelf.hash_at(stream, common) or theirs.description.digest()
        data = b"".join(lines_of(theirs.description, common, items, before=before))
        self.brought.add(stream)
        return self._post(theirs.description, common, data, f"&since={since}", vouched) is not None

    def push(self, offered: Mapping[UUID, Head]) -> bool:
        """Bring our lines up, batch by batch; one that stops stops no other."""
        before = self.pushed
        heads = self.shelf.heads(self.shelf.units, reference=False)
        for mine in self._in_order(heads):
            stream = mine.description.id()
            theirs = offered.get(stream, Head(mine.description, 0, mine.description.digest()))
            if stream in self.stopped or theirs.seq >= mine.seq:
                continue
            if may_push(self.shelf.own.id, self.shelf.units, self.parent, mine.description):
                self._push(mine, theirs)
        return self.pushed > before

    def _push(self, mine: Head, theirs: Head) -> None:
        stream, at = mine.description.id(), theirs.seq
        if not agrees(self.talk, theirs):
            self.stop(stream, "fork")
            return
        while at < mine.seq and not self.until():
            part = stretch(self.shelf, mine.description, at, self.shelf.hash_at(stream, at) or mine.hash)
            if self._post(mine.description, at, part.data) is None:
                return
            self.pushed += part.to - at
            at = part.to
        if at >= mine.seq:
            self.shelf.tried("entries", str(stream), None)

    def _post(
        self, stream: Description, after: int, data: bytes, more: str = "", vouched: Vouched | None = None
    ) -> int | None:
        """Up to which `seq` the parent has the stream now; None where it is stopped."""
        headers = {"content-type": "application/zstd"}
        if vouched is not None:
            headers[vouching.HEADER] = vouching.text(vouched)
        try:
            said = self.talk.ask(
                "POST", f"/sync/streams/{stream.id()}", f"after={after}{more}", body=data, headers=headers
            ).json()
        except Refusal as refusal:
            self.stop(stream.id(), refusal.code)
            if refusal.code in FINAL:
                raise
            return None
        self.held += len(said.get("held") or ())
        return after

    def pull(self, offered: Mapping[UUID, Head]) -> bool:
        """Bring down what governs: by it the parent has judged already, so that it may come last."""
        before = self.pulled
        self._follow(head for head in self._in_order(offered) if head.description.channel == "reference")
        return self.pulled > before

    def _in_order(self, heads: Mapping[UUID, Head]) -> list[Head]:
        """By channel, unit and incarnation: an older line of a writer comes whole before what it wrote later.

        The parent's come after the others of the channel: what they say of those must find them here.
        """
        return sorted(heads.values(), key=lambda it: (
            ORDER[it.description.channel], it.description.node == self.parent.node, it.description.unit,
            it.description.incarnation, it.description.node,
        ))  # fmt: skip

    # Beside entries

    def keys(self, there: There) -> bool:
        """Give the keys that the parent wants and may have, ask for those that are missing here."""
        wanted = [key_id for key_id in there.keys if key_id not in self.keys_met and self._may_share(
            self.shelf.key_places(key_id))]  # fmt: skip
        missing = [key_id for key_id in self.shelf.wants(None).keys if key_id not in self.keys_met]
        if not (wanted or missing):
            return False
        self.keys_met |= {*wanted, *missing}
        mine = self.shelf.give_keys(wanted, self.parent.node, self.parent.recipient) if wanted else Given(b"")
        if not (mine.keys or mine.destroyed or missing):
            return False
        theirs = given(self.talk.say("/sync/keys", {**written(mine), "want": missing}))
        took = self.shelf.take_keys(theirs) if theirs.keys or theirs.destroyed else 0
        self.keys_moved += took
        return bool(took)

    def _may_share(self, places: Iterable[Description]) -> bool:
        return any(may_share(self.shelf.units, self.parent, place) for place in places)

    def witness(self) -> bool:
        """Let the parent keep our newest checkpoint."""
        newest = self.shelf.newest()
        if newest is None or newest.statement.id == self.memory.witness or len(newest.data) > WITNESS:
            return False
        said = {"statement": newest.data.decode(), "signature": newest.signature.hex()}
        self.talk.say("/sync/witness", said)
        self.memory = replace(self.memory, witness=newest.statement.id)
        return False

    def _state(self) -> dict[str, int | str]:
        """What this node tells of itself with every request."""
        theirs: Mapping[UUID, Head] = read_there(told(self.memory.heads)).heads if self.memory.heads else {}
        wait, oldest = 0, None
        for stream, mine in self.shelf.heads(self.shelf.units, reference=False).items():
            if not may_push(self.shelf.own.id, self.shelf.units, self.parent, mine.description):
                continue
            known = theirs[stream].seq if stream in theirs else 0
            if known < mine.seq:
                wait += mine.seq - known
                at = _claimed(next(iter(self.shelf.stored(stream, known, 1))).payload)
                oldest = at if oldest is None else min(oldest, at)
        age = max(0, int((self.shelf.now() - oldest).total_seconds())) if oldest else 0
        return {"v": self.shelf.version, "disk": self.shelf.free(), "wait": wait, "old": age}


def _claimed(payload: bytes) -> datetime:
    return datetime.fromisoformat(json.loads(payload)["at"])


def _none_of(stream: Description, there: There) -> Head | None:
    """The parent has nothing of this stream; None where its answer left it out as the same."""
    if stream.channel == "reference" and there.parts and part_of(stream.id()) in there.parts:
        return None
    return Head(stream, 0, stream.digest())
