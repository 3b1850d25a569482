"""Entries between a child and its parent in one contact: whose line is right, what goes up, what comes down."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import islice
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Fork, Gap, Head, Malformed
from haicap.nodes.exchange.comparing import agrees, fetched_together, in_common, place, pulled
from haicap.nodes.exchange.lines import Part, written
from haicap.nodes.exchange.records import Fault, Incident, Renewal
from haicap.nodes.exchange.rekeyed import announced
from haicap.nodes.exchange.scopes import may_hold, may_push
from haicap.nodes.exchange.speaking import FINAL, Refusal, Talk
from haicap.nodes.exchange.stretches import SEVERAL, Wanted, part_of, stretch
from haicap.nodes.exchange.there import There

ORDER = {"work": 0, "returns": 1, "reference": 2}


class Streams:
    """The streams of one contact, and what was done with them. `until` says whether to leave off.

    `pushed` and `pulled` count entries, `held` those of the pushed that the parent holds; `faults` are told once.
    """

    def __init__(self, talk: Talk, until: Callable[[], bool]) -> None:
        self.talk, self.until = talk, until
        self.shelf, self.parent = talk.shelf, talk.parent
        self.faults: list[Fault] = []
        self.stopped: set[UUID] = set()  # left alone until the next contact
        self.brought: set[UUID] = set()  # back, in this round: what was offered of them holds no more
        self.announced: set[UUID] = set()
        self.pushed = self.pulled = self.held = 0
        self.known: Mapping[UUID, Head] | None = None

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

    def exchange(self, there: There) -> bool:
        """One round in its order; whether anything moved. Raises as `Talk.ask`, and `Malformed`."""
        offered = self.offered(there)
        self.brought.clear()
        self.moved()  # by others, since the round before
        moved = [self.own_lines(offered, there), self.announce(there), self.work_lines(offered, there)]
        if self.brought:
            return True  # the parent has lived through something: it is asked anew what lies there
        return any([*moved, self.push(offered), self.pull(offered)])

    def here(self) -> Mapping[UUID, Head]:
        """How far all streams have come here; asked for again when the exchange has moved one."""
        if self.known is None:
            self.known = self.shelf.heads(self.shelf.units)
        return self.known

    def moved(self, count: int = 0) -> None:
        """So many entries came, or a line begins or ends otherwise than before."""
        self.pulled += count
        self.known = None

    def offered(self, there: There) -> dict[UUID, Head]:
        """The heads of streams that are ours to hold; others are refused, whatever the parent says."""
        its, own, units = {}, self.shelf.own.id, self.shelf.units
        for stream, head in there.heads.items():
            it = head.description
            ours = it.node == own and it.channel in self.parent.channels
            if ours or may_hold(own, units, self.parent, it):
                its[stream] = head
            elif stream not in self.stopped:
                self.stop(stream, "foreign")
        return its

    def own_lines(self, offered: Mapping[UUID, Head], there: There) -> bool:
        """Adopt what the parent has of our lines and we have not; where they part, begin a new incarnation."""
        tails: dict[UUID, int] = {}
        before, own = self.pulled, self.shelf.own.id
        for head in self._in_order(offered):
            if head.description.node != own:
                continue
            try:
                self._adopt(head)
            except (Fork, Gap):
                tails[head.description.id()] = in_common(self.talk, head)
        if tails:
            self.shelf.begin("restored", tails)
            self.moved()
            self.announce(there)
            for stream in tails:
                self._adopt(offered[stream])
        return bool(tails) or self.pulled > before

    def _adopt(self, head: Head) -> None:
        if place(self.talk, head) >= head.seq and not agrees(self.talk, head):
            raise Fork(head.seq, head.hash)
        for count in pulled(self.talk, head):
            self.moved(count)
            if self.until():
                return

    def announce(self, there: There) -> bool:
        """Say in which incarnations this node has lived, where the parent does not know; the present one last."""
        own = self.shelf.own
        lived = {head.description.incarnation for head in self.here().values()
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
        self.talk.say("/sync/incarnation", announced(its))

    def work_lines(self, offered: Mapping[UUID, Head], there: There) -> bool:
        """Follow the lines of our files, and bring the parent back what it has lost of its own.

        Before anything is pushed: what it takes in anew must come after what it has taken in once.
        """
        before = self.pulled
        held = {stream: head for stream, head in self.here().items()
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
        for theirs in self._news(offered):
            if self.until():
                return
            try:
                self._adopt(theirs)
            except (Fork, Gap):
                parted.append(theirs)
        for theirs in parted:
            self._part(theirs)

    def _news(self, offered: Iterable[Head]) -> list[Head]:
        """Those of others' lines that are not here as they are there, and are not left alone."""
        own, mine = self.shelf.own.id, self.here()
        alone = self.stopped | self.brought
        return [
            head
            for head in offered
            if head.description.node != own
            and (stream := head.description.id()) not in alone
            and not (stream in mine and (mine[stream].seq, mine[stream].hash) == (head.seq, head.hash))
        ]

    def _gather(self, offered: Iterable[Head]) -> None:
        """Bring many streams on at once, of each of which a little may be missing.

        Where anything is wrong with one of them, nothing of that answer is taken: each is followed by itself then.
        """
        mine = self.here()
        places = {
            theirs.description.id(): (at, theirs.seq)
            for theirs in self._news(offered)
            if (at := mine[theirs.description.id()].seq if theirs.description.id() in mine else 0)
            < theirs.seq
        }
        while len(places) > 1 and not self.until():
            asked = [(stream, *its) for stream, its in islice(places.items(), SEVERAL)]
            try:
                batches = fetched_together(self.talk, asked)
                self.shelf.receive_all(batches)
            except (Fork, Gap, Malformed):
                return
            except Refusal as refusal:
                if refusal.code in FINAL:
                    raise
                return
            self.moved(sum(len(batch.items) for batch in batches))
            for batch in batches:
                stream = batch.description.id()
                places[stream] = batch.end, places[stream][1]
                if batch.end >= places[stream][1]:
                    del places[stream]
            if not any(batch.items for batch in batches):
                return

    def _part(self, theirs: Head) -> None:
        """The parent tells a line otherwise than the copy here: one of the two gives way, and nothing is lost."""
        common = in_common(self.talk, theirs)
        if self.shelf.give_way(theirs.description.id(), common):
            self.moved()
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

        def word(head: Head) -> bytes | None:
            return vouched.signature if head.seq == vouched.seq else None

        data = b"".join(written([Part(theirs.description, common, before, items)], word))
        self.brought.add(stream)
        return self._post(theirs.description, common, data, f"&since={since}") is not None

    def push(self, offered: Mapping[UUID, Head]) -> bool:
        """Bring our lines up, batch by batch; one that stops stops no other."""
        before, own, units = self.pushed, self.shelf.own.id, self.shelf.units
        for mine in self._in_order(self.shelf.heads(units, reference=False)):
            stream = mine.description.id()
            theirs = offered.get(stream, Head(mine.description, 0, mine.description.digest()))
            if stream in self.stopped or theirs.seq >= mine.seq:
                continue
            if may_push(own, units, self.parent, mine.description):
                self._push(mine, theirs)
        return self.pushed > before

    def _push(self, mine: Head, theirs: Head) -> None:
        stream, at = mine.description.id(), theirs.seq
        if not agrees(self.talk, theirs):
            self.stop(stream, "fork")
            return
        while at < mine.seq and not self.until():
            before = self.shelf.hash_at(stream, at) or mine.hash
            part = stretch(self.shelf, Wanted(mine.description, at, before))
            if self._post(mine.description, at, part.data) is None:
                return
            self.pushed += part.to - at
            at = part.to
        if at >= mine.seq:
            self.shelf.tried("entries", str(stream), None)

    def _post(self, stream: Description, after: int, data: bytes, more: str = "") -> int | None:
        """Up to which `seq` the parent has the stream now; None where it is stopped."""
        headers = {"content-type": "application/zstd"}
        try:
            said = self.talk.ask(
                "POST", f"/sync/streams/{stream.id()}", f"after={after}{more}", body=data, headers=headers
            ).json()
        except Refusal as refusal:
            self.stop(stream.id(), refusal.code)
            if refusal.code in FINAL:
                raise
            return None
        held = said.get("held")
        self.held += len(held) if isinstance(held, dict) else 0
        return after

    def pull(self, offered: Mapping[UUID, Head]) -> bool:
        """Bring down what governs: by it the parent has judged already, so that it may come last."""
        before = self.pulled
        governing = [head for head in self._in_order(offered) if head.description.channel == "reference"]
        self._gather(governing)
        self._follow(governing)
        return self.pulled > before

    def _in_order(self, heads: Mapping[UUID, Head]) -> list[Head]:
        """By channel, unit and incarnation: an older line of a writer comes whole before what it wrote later.

        The parent's come after the others of the channel: what they say of those must find them here.
        """
        return sorted(heads.values(), key=lambda it: (
            ORDER[it.description.channel], it.description.node == self.parent.node, it.description.unit,
            it.description.incarnation, it.description.node,
        ))  # fmt: skip


def _none_of(stream: Description, there: There) -> Head | None:
    """The parent has nothing of this stream; None where its answer left it out as the same."""
    if stream.channel == "reference" and there.parts and part_of(stream.id()) in there.parts:
        return None
    return Head(stream, 0, stream.digest())
