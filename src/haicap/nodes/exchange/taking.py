"""Entries go down to a child, and come up from it: whole batches, in their places, of its own lines."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Batch, Fork, Gap, Head, Malformed, check
from haicap.nodes.exchange import vouching
from haicap.nodes.exchange.calls import Call, Wrong, asked, public, said, uuid
from haicap.nodes.exchange.lines import TooLarge, read, read_one, written
from haicap.nodes.exchange.records import Vouched
from haicap.nodes.exchange.scopes import may_read, may_return, may_write
from haicap.nodes.exchange.shelf import Shelf
from haicap.nodes.exchange.stretches import SEVERAL, Wanted, together
from haicap.nodes.exchange.wire import Response

LOST = 64 << 20  # clear bytes of what a child brings back at once


def give(call: Call, name: str) -> Response:
    """One batch of a stream, after the `seq` that the child has, and as far as it asks. Raises `Wrong`."""
    to = call.number("to") if "to" in call.query else 1 << 62
    head = call.shelf.head(UUID(name))
    return _given(call, [_wanted(call, head, call.shelf.hash_at, call.number("after"), to)])


def give_several(call: Call) -> Response:
    """What follows on the child's place in each of several streams, as much as one batch holds. Raises `Wrong`."""
    places = asked(call.request).get("streams")
    if not isinstance(places, list) or not 0 < len(places) <= SEVERAL:
        raise Wrong("format", "streams")
    heads, spans = call.shelf.heads(call.member.units), [_place(it) for it in places]
    if len({stream for stream, *_ in spans}) < len(spans):
        raise Wrong("format", "streams")
    hashes = call.shelf.hashes_at([(stream, after) for stream, after, _ in spans if after])

    def hash_at(stream: UUID, after: int) -> bytes | None:
        return hashes.get((stream, after))

    return _given(call, [_wanted(call, heads.get(stream), hash_at, *its) for stream, *its in spans])


def _place(told: Any) -> tuple[UUID, int, int]:
    try:
        name, after, to = told
    except (TypeError, ValueError) as error:
        raise Wrong("format", "streams") from error
    stream = uuid(name)
    if stream is None or type(after) is not int or type(to) is not int or not 0 <= after <= to < 1 << 50:
        raise Wrong("format", "streams")
    return stream, after, to


def _wanted(
    call: Call, head: Head | None, hash_at: Callable[[UUID, int], bytes | None], after: int, to: int
) -> Wanted:
    if head is None:
        raise Wrong("unknown")
    if not may_read(call.member, head.description):
        raise Wrong("foreign")
    stream = head.description
    before = hash_at(stream.id(), after) if after else stream.digest()
    if before is None:
        raise Wrong("gap", seq=head.seq, hash=head.hash.hex())
    return Wanted(stream, after, before, to)


def _given(call: Call, wanted: Sequence[Wanted]) -> Response:
    own, key = call.shelf.own.id, call.shelf.signer.key

    def sign(head: Head) -> bytes | None:
        return vouching.vouch(head, key).signature if head.description.node == own else None

    data = b"".join(written(together(call.shelf, wanted), sign))
    return Response(200, {"content-type": "application/zstd"}, (data,))


def take(call: Call, name: str) -> Response:
    """Take one batch in, or what this node has lost of its own. Raises `Wrong`; then nothing was stored."""
    stream, after = UUID(name), call.number("after")
    try:
        if "since" in call.query:
            return said({"seq": _brought_back(call, stream, after), "held": {}})
        batch = replace(read_one(call.request.body), signature=None)
        _may_add(call, batch, stream, after)
        held = call.shelf.receive(batch)
    except TooLarge as error:
        raise Wrong("size", str(error)) from error
    except Malformed as error:
        raise Wrong("format", str(error)) from error
    except Gap as gap:
        raise Wrong("gap", seq=gap.seq, hash=gap.hash.hex()) from gap
    except Fork as fork:
        raise Wrong("fork", seq=fork.seq, hash=fork.hash.hex()) from fork
    return said({"seq": batch.end, "held": {str(entry): reason for entry, reason in held.items()}})


def _may_add(call: Call, batch: Batch, stream: UUID, after: int) -> None:
    if batch.description.id() != stream or batch.after != after:
        raise Wrong("format", "another stream, or place")
    if not may_write(call.shelf.own.id, call.member, batch.description):
        raise Wrong("foreign")
    if call.member.state != "joined" and batch.end > (good := call.member.last_good.get(stream, 0)):
        raise Wrong("revoked", seq=good)


def _brought_back(call: Call, stream: UUID, after: int) -> int:
    """Take in what this node has lost of its own line, if all of it leads to a head that it once signed."""
    last = _led(call, stream, after)
    vouched = vouching.vouched(last)
    if vouched is None or call.member.state != "joined" or not _signed_here(call.shelf, vouched):
        raise Wrong("foreign", "does not lead to what was signed")
    if not may_return(call.shelf.own.id, call.member, last.description):
        raise Wrong("foreign")
    if last.description.incarnation > call.shelf.own.incarnation:
        _after_a_forgotten_life(call, last.description)
    for batch in read([call.request.body], most_bytes=LOST):
        _taken_back(call.shelf, replace(batch, signature=None))
    return last.end


def _signed_here(shelf: Shelf, vouched: Vouched) -> bool:
    """Whether this node has signed it, with the present key or an earlier one."""
    before = (it.before for it in shelf.renewals())
    return any(vouching.genuine(vouched, its) for its in (public(shelf), *before))


def _after_a_forgotten_life(call: Call, forgotten: Description) -> None:
    """Begin a life after one that this node has forgotten; what it has written since, as `since` says, goes there."""
    own = call.shelf.own
    present = own.stream(forgotten.unit, forgotten.channel).id()
    head, since = call.shelf.head(present), call.number("since")
    call.shelf.begin("restored", {present: since} if head and head.seq > since else {}, forgotten.incarnation)


def _led(call: Call, stream: UUID, after: int) -> Batch:
    """The last batch of those brought back, by their own bytes chained to what this node has: all else is refused."""
    head = call.shelf.head(stream)
    end, digest, last = after, call.shelf.hash_at(stream, after), None
    for last in read([call.request.body], most_bytes=LOST):
        if digest is None:  # it lies beyond what is left here, or the line is lost with its beginning
            if after or head:
                raise Wrong("gap", seq=head.seq if head else 0, hash=head.hash.hex() if head else "")
            digest = last.description.digest()
        if last.description.id() != stream or last.after != end:
            raise Wrong("format", "another stream, or place")
        check(last, digest)
        end, digest = last.end, last.hash
    if last is None:
        raise Wrong("format", "empty")
    return last


def _taken_back(shelf: Shelf, batch: Batch) -> None:
    try:
        shelf.receive(batch)
    except Fork:  # it wrote on after a restore that nobody noticed: its new entries go into a new incarnation
        # What it does by itself bears the same id whenever it is done: only the bytes tell whether it is done again.
        if shelf.lie_here([item.payload for item in batch.items]):
            raise  # what is brought is what it has moved there before
        shelf.begin("restored", {batch.description.id(): batch.after})
        shelf.receive(batch)
