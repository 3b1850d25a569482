"""What lies here for a child: the heads of the streams that it may read."""

import json
from collections.abc import Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any
from uuid import UUID

from haicap.journal.intake import Head
from haicap.journal.text import encoded
from haicap.nodes.exchange.calls import Call
from haicap.nodes.exchange.calls import said as answered
from haicap.nodes.exchange.scopes import may_read
from haicap.nodes.exchange.shelf import Shelf
from haicap.nodes.exchange.stretches import INLINE, part_of
from haicap.nodes.exchange.wire import Response

WITNESS = 16 << 10  # bytes of a checkpoint that is given along


def heads(call: Call) -> Response:
    """The heads, what is wanted, what went wrong; 304 where it is what the child has heard already."""
    shelf, signed = call.shelf, call.signed
    said, has = _what_is_there(call)
    mark = sha256(encoded(said)).hexdigest()[:24]
    etag = f'"{mark}"'
    if signed.state.get("has") == mark != has:
        its = _offered(call, shelf.heads(call.member.units))
        shelf.note_has(signed.node, signed.incarnation, mark, {stream: it.seq for stream, it in its.items()})
    if call.request.headers.get("if-none-match") == etag:
        return Response(304, {"etag": etag})
    return answered(
        {**said, "time": shelf.now().astimezone(UTC).isoformat(), "checkpoint": _newest(shelf)}, etag=etag
    )


def _what_is_there(call: Call) -> tuple[dict[str, Any], str]:
    """What is said to the child, and the mark of what it said last it has."""
    shelf, member, under = call.shelf, call.member, call.query.get("under")
    count, parts = shelf.governing()
    inline = count <= INLINE or under is not None
    lying = shelf.lying(member, reference=inline)
    offered = _offered(call, lying.heads)
    if under is not None:
        wanted = set(under.split(","))
        offered = {
            stream: it for stream, it in offered.items()
            if part_of(stream) in wanted and it.description.channel == "reference"
        }  # fmt: skip
    return {
        "node": str(shelf.own.id), "incarnation": str(shelf.own.incarnation), "version": shelf.version,
        "unit": member.unit, "incarnations": [str(it) for it in member.incarnations],
        "heads": {str(stream): _head(it) for stream, it in offered.items()},
        **({} if inline else {"reference": dict(parts)}),
        "wants": {"blobs": dict(lying.wants.blobs), "keys": list(lying.wants.keys)},
        "incidents": [
            {"sort": it.sort, "what": it.what, "at": it.at.astimezone(UTC).isoformat()}
            for it in lying.incidents
        ],
    }, lying.has  # fmt: skip


def _offered(call: Call, heads: Mapping[UUID, Head]) -> dict[UUID, Head]:
    return {stream: head for stream, head in heads.items() if may_read(call.member, head.description)}


def _head(head: Head) -> dict[str, Any]:
    return {"description": json.loads(head.description.canonical()), "seq": head.seq, "hash": head.hash.hex()}


def _newest(shelf: Shelf) -> dict[str, str] | None:
    newest = shelf.newest()
    if newest is None or len(newest.data) > WITNESS:
        return None
    return {"statement": newest.data.decode(), "signature": newest.signature.hex()}
