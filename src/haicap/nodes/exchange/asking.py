"""The child's side: one contact with the parent, in the order of `journal.md`.

Heads; are our own lines the parent's; what the parent has lost; our files' lines down, then work and returns up; what
governs; keys; checkpoints; files last and in slices, left at once when new entries wait. Nothing is kept of how far
a transfer had come: every contact compares heads, so that a cut costs less than one batch, and sending twice changes
nothing.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Head, Malformed
from haicap.nodes.exchange.calls import public
from haicap.nodes.exchange.files import Files
from haicap.nodes.exchange.handing import given, of_json, written
from haicap.nodes.exchange.records import Contact, Given, Parent, Remembered
from haicap.nodes.exchange.rekeyed import followed, tell
from haicap.nodes.exchange.scopes import may_push, may_share
from haicap.nodes.exchange.shelf import Busy, Full, Shelf
from haicap.nodes.exchange.speaking import Refusal, Stranger, Talk
from haicap.nodes.exchange.streams import Streams
from haicap.nodes.exchange.stretches import parts
from haicap.nodes.exchange.there import There, read_there
from haicap.nodes.exchange.wire import HEADS, Down, Wire, told

PARTS = 64  # of `reference` asked for at once
WITNESS = 256 << 10


def contact(
    shelf: Shelf,
    wire: Wire,
    parent: Parent,
    *,
    until: Callable[[], bool],
    pause: Callable[[float], bool] | None = None,
) -> Contact:
    """Exchange all there is with the parent, or as much as can be; stops between batches where `until` says so.

    Where the parent is busy it waits by `pause` (seconds; true to leave off) and asks again; without that it ends.
    Raises nothing that the line, the parent or a full disk can do: the contact that is returned (and noted) tells.
    """
    course = _Course(shelf, wire, parent, until)
    course.talk.pause = pause
    began = shelf.now()
    try:
        course.run()
    except Down as down:
        course.streams.fault(down.reason, str(down))
    except Stranger as stranger:
        if (now := followed(course.talk)) is not None:
            return contact(shelf, wire, now, until=until, pause=pause)
        course.streams.fault(stranger.code, "parent")
    except Refusal as refusal:
        course.streams.fault(refusal.code, "parent")
    except Malformed as malformed:
        course.streams.fault("format", malformed.reason)
    except Full:
        course.streams.fault("full", "here")
    except Busy:
        course.streams.fault("busy", "here")
    return course.ended(began)


class _Course:
    """One contact on its way, and what it has done so far."""

    def __init__(self, shelf: Shelf, wire: Wire, parent: Parent, until: Callable[[], bool]) -> None:
        self.shelf, self.parent, self._until = shelf, parent, until
        self.left_off = False
        self.outset = shelf.outset()
        self.memory = self.remembered = _readable(self.outset.remembered)
        self.talk = Talk(shelf, wire, parent, self.memory.offset, self._state())
        self.files = Files(self.talk, self.until)
        self.streams = Streams(self.talk, self.until)
        self.keys_met: set[str] = set()
        self.keys_moved = 0
        self.reached = False

    def run(self) -> None:
        """Rounds, until one finds nothing to do: what was pushed is taken in there, and that comes down again."""
        tell(self.talk)
        first, key, before = True, public(self.shelf), self.outset.written
        while not self.until():
            there = self.heads()
            if first:
                self.shelf.heard(key)
            if there is None and first and self.memory.quiet == before and not self._lacks():
                return
            first = False
            there = there or _as_told(self.memory.heads)
            if not self.round(self.with_parts(there)):
                done = not (self.streams.faults or self.left_off or self.files.failed)
                self.memory = replace(self.memory, quiet=before if done else None)
                return
            before = self.shelf.written()

    def _lacks(self) -> bool:
        """Whether something is missing here that the parent may have by now."""
        if not self.outset.lacks:
            return False
        wants = self.shelf.wants(None)
        return bool(wants.keys or wants.blobs)

    def until(self) -> bool:
        """Whether to leave off."""
        self.left_off = self.left_off or self._until()
        return self.left_off

    def ended(self, began: datetime) -> Contact:
        """The contact as it was; noted, and what is to be remembered kept."""
        memory = replace(self.memory, offset=self.talk.offset)
        if self.reached and memory != self.remembered:
            with suppress(Full, Busy):  # the next one says a little more then
                self.shelf.remember(memory)
        its = self.streams
        contact = Contact(
            self.parent.node, began, self.shelf.now(), self.talk.offset, its.pushed, its.pulled, its.held,
            self.keys_moved, self.files.up, self.files.down, tuple(its.faults), self.reached,
        )  # fmt: skip
        self.shelf.note_contact(contact)
        return contact

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
        if there.parts is None or there.parts == self.shelf.governing()[1]:
            return there
        own = self.shelf.own.id
        mine = parts(head for head in self.shelf.heads(()).values() if head.description.node != own)
        same = dict(there.parts.items() & mine.items())
        differ = sorted({*there.parts, *mine} - same.keys())
        heads = dict(there.heads)
        for at in range(0, len(differ), PARTS):
            answer = self.talk.ask("GET", HEADS, "under=" + ",".join(differ[at : at + PARTS]))
            heads |= read_there(answer.json()).heads
        return replace(there, heads=heads, parts=same)

    def round(self, there: There) -> bool:
        """All that is to be done once, in its order; whether anything moved."""
        moved = self.streams.exchange(there)
        if self.streams.brought:
            return True
        moved |= self.keys(there)
        self.witness()
        return self.files.bring(there.blobs) or moved

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
        units = self.shelf.units
        return any(may_share(units, self.parent, place) for place in places)

    def witness(self) -> None:
        """Let the parent keep our newest checkpoint."""
        newest = self.shelf.newest()
        if newest is None or newest.statement.id == self.memory.witness or len(newest.data) > WITNESS:
            return
        said = {"statement": newest.data.decode(), "signature": newest.signature.hex()}
        self.talk.say("/sync/witness", said)
        self.memory = replace(self.memory, witness=newest.statement.id)

    def _state(self) -> dict[str, int | str]:
        """What this node tells of itself with every request."""
        wait, age = (0, 0) if self.memory.quiet == self.outset.written else self._waits()
        said: dict[str, int | str] = {
            "v": self.shelf.version,
            "disk": self.shelf.free(),
            "wait": wait,
            "old": age,
        }
        if (
            self.memory.etag and self.memory.quiet is not None
        ):  # nothing was left to do of what that answer named
            said["has"] = self.memory.etag.strip('"')
        return said

    def _waits(self) -> tuple[int, int]:
        """How many entries have still to go up, by what the parent told last, and for how many seconds the oldest."""
        theirs: Mapping[UUID, Head] = _as_told(self.memory.heads).heads if self.memory.etag else {}
        wait, oldest = 0, None
        own, units = self.shelf.own.id, self.shelf.units
        for stream, mine in self.shelf.heads(units, reference=False).items():
            if not may_push(own, units, self.parent, mine.description):
                continue
            known = theirs[stream].seq if stream in theirs else 0
            if known < mine.seq:
                wait += mine.seq - known
                at = _claimed(next(iter(self.shelf.stored(stream, known, 1))).payload)
                oldest = at if oldest is None else min(oldest, at)
        return wait, max(0, int((self.shelf.now() - oldest).total_seconds())) if oldest else 0


@lru_cache(maxsize=1)  # the same from contact to contact, while nothing is new
def _as_told(answer: bytes) -> There:
    """What an answer to `heads` said that is remembered. Raises `Down` where it cannot be read."""
    return read_there(told(answer))


def _claimed(payload: bytes) -> datetime:
    return datetime.fromisoformat(json.loads(payload)["at"])


def _readable(memory: Remembered | None) -> Remembered:
    """What is remembered; nothing, where it cannot be read any more."""
    try:
        if memory is not None and memory.etag:
            _as_told(memory.heads)
            return memory
    except Down:
        pass
    return Remembered("", b"")
