"""Before a child writes anything to its parent: does the parent tell of the child's lines what the child tells?

`journal.md` 15. Where the parent's lines go on from ours, we are a restored image and take what is missing. Where they
part, we have written on after a restore, or a clone has: ours from there on moves into a new incarnation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from uuid import UUID

from haicap.journal.chain import link
from haicap.journal.intake import Batch, Fork, Head, Malformed, prepared
from haicap.journal.text import canonical
from haicap.nodes.exchange import vouching
from haicap.nodes.exchange.lines import LINE, MARK, read, read_one
from haicap.nodes.exchange.speaking import Answer, Stranger, Talk

FIRST = 250  # entries that are asked for first, so that they can be stored while the next ones come
Ready = tuple[Batch, Callable[[], Batch] | None]  # a batch, and what waits for the one after it


def fetched(talk: Talk, stream: UUID, after: int, to: int) -> Batch:
    """The parent's next batch of a stream, as far as `to`.

    No further than the parent's head that was offered: what has come there since speaks of entries that lie in other
    lines and are not offered yet. Raises as `Talk.ask`, and `Malformed`.
    """
    return _coming(talk, stream, after, to)()


def _coming(talk: Talk, stream: UUID, after: int, to: int) -> Callable[[], Batch]:
    """The same, asked for now, read meanwhile, and waited for later."""

    def batch(answer: Answer) -> Batch:
        return _asked_for(talk, read_one(answer.body), stream, after)

    return talk.begin("GET", f"/sync/streams/{stream}", f"after={after}&to={to}", batch)


def fetched_together(talk: Talk, places: Sequence[tuple[UUID, int, int]]) -> list[Batch]:
    """The next of several streams, each by id, `after` and `to`: as many of them as travel at once, at least one.

    Raises as `fetched`.
    """
    wanted = [[str(stream), after, to] for stream, after, to in places]
    answer = talk.ask("POST", "/sync/streams", body=canonical({"streams": wanted}))
    batches = list(read([answer.body], most_bytes=2 * LINE + len(places) * 2 * MARK))
    if not 0 < len(batches) <= len(places):
        raise Malformed("other streams than were asked for")
    return [
        _asked_for(talk, batch, stream, after)
        for batch, (stream, after, _) in zip(batches, places, strict=False)
    ]


def _asked_for(talk: Talk, batch: Batch, stream: UUID, after: int) -> Batch:
    """The batch, with a signature only where it is the parent's under its own line, and genuine."""
    if batch.description.id() != stream or batch.after != after:
        raise Malformed("another stretch than was asked for")
    if batch.description.node != talk.parent.node:
        return replace(batch, signature=None)
    its = vouching.vouched(batch)
    if its is None:
        raise Malformed("a batch that the parent does not vouch for")
    if not vouching.genuine(its, talk.parent.public_key):
        raise Stranger
    return batch


def pulled(talk: Talk, theirs: Head) -> Iterator[int]:
    """Bring our copy of a stream up to the parent's head; yields how many entries came with each batch.

    While one is stored the next one is checked and folded, and the one after that comes.
    Raises `Fork` where the parent's line is not that which lies here, and as `fetched`.
    """
    stream = theirs.description.id()
    here = talk.shelf.head(stream) or Head(theirs.description, 0, theirs.description.digest())

    def coming(after: int, to: int) -> Callable[[], Batch] | None:
        return _coming(talk, stream, after, to) if after < to else None

    def ready(come: Callable[[], Batch], before: bytes) -> Ready:
        batch = come()
        if not batch.items:
            raise Malformed("less than was offered")
        further = coming(batch.end, theirs.seq)
        return prepared(batch, before), further

    def begun(come: Callable[[], Batch] | None, before: bytes) -> Callable[[], Ready] | None:
        return talk.beside(partial(ready, come, before)) if come else None

    waits = begun(coming(here.seq, min(theirs.seq, here.seq + FIRST)), here.hash)
    while waits:
        batch, further = waits()
        waits = begun(further, batch.hash)
        talk.shelf.receive(batch, goes_on=waits is not None)
        yield len(batch.items)
    if talk.shelf.hash_at(stream, theirs.seq) != theirs.hash:
        raise Fork(theirs.seq, theirs.hash)


def place(talk: Talk, theirs: Head) -> int:
    """How far a stream has come here."""
    mine = talk.shelf.head(theirs.description.id())
    return mine.seq if mine else 0


def agrees(talk: Talk, theirs: Head) -> bool:
    """Whether the parent's head is an entry of our line."""
    return theirs.seq == 0 or talk.shelf.hash_at(theirs.description.id(), theirs.seq) == theirs.hash


def in_common(talk: Talk, theirs: Head) -> int:
    """The last `seq` up to which the parent's line is ours, found by stepping back in ever longer steps."""
    stream = theirs.description.id()
    top = min(place(talk, theirs), theirs.seq)
    back = 1
    while (at := max(0, top - back)) > 0:
        if (common := _along(talk, stream, at, theirs.seq)) is not None:
            return common
        back *= 4
    return _along(talk, stream, 0, theirs.seq) or 0


def _along(talk: Talk, stream: UUID, at: int, to: int) -> int | None:
    """The last `seq` in common at `at` or after it; None where the lines part before."""
    batch = fetched(talk, stream, at, to)
    digest = talk.shelf.hash_at(stream, at) or batch.description.digest()
    common = at
    for seq, item in enumerate(batch.items, at + 1):
        digest = link(digest, stream, seq, sha256(item.payload).digest())
        if common == seq - 1 and talk.shelf.hash_at(stream, seq) == digest:
            common = seq
    if digest != batch.hash:
        return None
    if batch.items and common == at + len(batch.items):
        return _along(talk, stream, common, to)
    return common
