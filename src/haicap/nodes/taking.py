"""Entries go down to a child, and come up from it: whole batches, in their places, of its own lines."""

import json
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Batch, Fork, Gap, Head, Malformed, check
from haicap.nodes import vouching
from haicap.nodes.calls import Call, Wrong, public, said
from haicap.nodes.lines import TooLarge, read, read_one
from haicap.nodes.scopes import may_read, may_return, may_write
from haicap.nodes.shelf import Shelf, Vouched
from haicap.nodes.stretches import stretch
from haicap.nodes.wire import Response

LOST = 64 << 20  # clear bytes of what a child brings back at once


def give(call: Call, name: str) -> Response:
    """One batch of a stream, after the `seq` that the child has, and as far as it asks. Raises `Wrong`."""
    stream, after = UUID(name), call.number("after")
    head = call.shelf.head(stream)
    if head is None:
        raise Wrong("unknown")
    if not may_read(call.member, head.description):
        raise Wrong("foreign")
    before = call.shelf.hash_at(stream, after)
    if before is None:
        raise Wrong("gap", seq=head.seq, hash=head.hash.hex())
    to = call.number("to") if "to" in call.query else None
    part = stretch(call.shelf, head.description, after, before, to=to)
    headers = {"content-type": "application/zstd"}
    if head.description.node == call.shelf.own.id:
        mine = Head(head.description, part.to, call.shelf.hash_at(stream, part.to) or before)
        headers[vouching.HEADER] = vouching.text(vouching.vouch(mine, call.shelf.signer.key))
    return Response(200, headers, (part.data,))


def take(call: Call, name: str) -> Response:
    """Take one batch in, or what this node has lost of its own. Raises `Wrong`; then nothing was stored."""
    stream, after = UUID(name), call.number("after")
    vouched = _vouched(call, stream)
    try:
        if vouched is not None:
            return said({"seq": _brought_back(call, vouched, after), "held": {}})
        batch = read_one(call.request.body)
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
    return said({"seq": _end(batch), "held": {str(entry): reason for entry, reason in held.items()}})


def _end(batch: Batch) -> int:
    return batch.after + len(batch.items)


def _may_add(call: Call, batch: Batch, stream: UUID, after: int) -> None:
    if batch.description.id() != stream or batch.after != after:
        raise Wrong("format", "another stream, or place")
    if not may_write(call.shelf.own.id, call.member, batch.description):
        raise Wrong("foreign")
    if call.member.state != "joined" and _end(batch) > (good := call.member.last_good.get(stream, 0)):
        raise Wrong("revoked", seq=good)


def _vouched(call: Call, stream: UUID) -> Vouched | None:
    """This node's own word for what it is brought back. Raises `Wrong` for another's."""
    if (header := call.request.headers.get(vouching.HEADER)) is None:
        return None
    if (it := vouching.read(stream, header)) is None:
        raise Wrong("format", vouching.HEADER)
    if call.member.state != "joined" or not vouching.genuine(it, public(call.shelf)):
        raise Wrong("foreign", vouching.HEADER)
    return it


def _brought_back(call: Call, vouched: Vouched, after: int) -> int:
    """Take in what this node has lost of its own line, if all of it leads to the head that it once signed."""
    end, digest, described = _led(call, vouched, after)
    if described.id() != vouched.stream or not may_return(call.shelf.own.id, call.member, described):
        raise Wrong("foreign")
    if (end, digest) != (vouched.seq, vouched.hash):
        raise Wrong("foreign", "does not lead to what was signed")
    if described.incarnation > call.shelf.own.incarnation:
        _after_a_forgotten_life(call, described)
    for batch in read([call.request.body], most_bytes=LOST):
        _taken_back(call.shelf, batch)
    return end


def _after_a_forgotten_life(call: Call, forgotten: Description) -> None:
    """Begin a life after one that this node has forgotten; what it has written since, as `since` says, goes there."""
    own = call.shelf.own
    present = own.stream(forgotten.unit, forgotten.channel).id()
    head, since = call.shelf.head(present), call.number("since")
    call.shelf.begin("restored", {present: since} if head and head.seq > since else {}, forgotten.incarnation)


def _led(call: Call, vouched: Vouched, after: int) -> tuple[int, bytes, Description]:
    """Where the entries brought back lead from what this node has, by their own bytes: nothing else is believed."""
    head = call.shelf.head(vouched.stream)
    end, digest, described = after, call.shelf.hash_at(vouched.stream, after), None
    for batch in read([call.request.body], most_bytes=LOST):
        described = batch.description
        if (
            digest is None
        ):  # it lies beyond what is left here, or this node has lost the line with its beginning
            if after or head:
                raise Wrong("gap", seq=head.seq if head else 0, hash=head.hash.hex() if head else "")
            digest = described.digest()
        if batch.description.id() != vouched.stream or batch.after != end:
            raise Wrong("format", "another stream, or place")
        check(batch, digest)
        end, digest = _end(batch), batch.hash
    if described is None or digest is None:
        raise Wrong("format", "empty")
    return end, digest, described


def _taken_back(shelf: Shelf, batch: Batch) -> None:
    try:
        shelf.receive(batch)
    except Fork:  # it wrote on after a restore that nobody noticed: its new entries go into a new incarnation
        if shelf.lie_here([UUID(json.loads(item.payload)["id"]) for item in batch.items]):
            raise  # what is brought is what it has moved there before
        shelf.begin("restored", {batch.description.id(): batch.after})
        shelf.receive(batch)
