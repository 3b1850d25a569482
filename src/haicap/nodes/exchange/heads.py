"""What lies here for a child: the heads of the streams that it may read."""

import json
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256
from typing import Any

from haicap.journal.intake import Head
from haicap.journal.text import canonical
from haicap.nodes.exchange.calls import Call
from haicap.nodes.exchange.calls import said as answered
from haicap.nodes.exchange.records import Seen
from haicap.nodes.exchange.scopes import may_read
from haicap.nodes.exchange.shelf import Shelf
from haicap.nodes.exchange.stretches import INLINE, part_of
from haicap.nodes.exchange.wire import Response

WITNESS = 16 << 10  # bytes of a checkpoint that is given along


def heads(call: Call) -> Response:
    """The heads, what is wanted, what went wrong; 304 where it is what the child has heard already."""
    shelf, signed = call.shelf, call.signed
    if "under" not in call.query:
        shelf.note_seen(Seen(signed.node, signed.incarnation, shelf.now(), call.request.path, signed.state,
                             (signed.at - shelf.now()).total_seconds()))  # fmt: skip
    said = _what_is_there(call)
    mark = sha256(canonical(said)).hexdigest()[:24]
    etag = f'"{mark}"'
    if signed.state.get("has") == mark:
        shelf.note_has(signed.node, signed.incarnation, mark, lambda: {
            head.description.id(): head.seq for head in _offered(call, reference=True)})  # fmt: skip
    if call.request.headers.get("if-none-match") == etag:
        return Response(304, {"etag": etag})
    return answered(
        {**said, "time": shelf.now().astimezone(UTC).isoformat(), "checkpoint": _newest(shelf)}, etag=etag
    )


def _what_is_there(call: Call) -> dict[str, Any]:
    shelf, member = call.shelf, call.member
    wants = shelf.wants(member.units)
    return {
        "node": str(shelf.own.id), "incarnation": str(shelf.own.incarnation), "version": shelf.version,
        "unit": member.unit, "incarnations": [str(it) for it in member.incarnations],
        **_named(call, call.query.get("under")),
        "wants": {"blobs": dict(wants.blobs), "keys": list(wants.keys)},
        "incidents": [
            {"sort": it.sort, "what": it.what, "at": it.at.astimezone(UTC).isoformat()}
            for it in shelf.incidents(member.node)
        ],
    }  # fmt: skip


def _named(call: Call, under: str | None) -> dict[str, Any]:
    """The heads by stream; of `reference`, where it is long, the digests of its parts, or those parts asked for."""
    if under is not None:
        wanted, every = set(under.split(",")), _offered(call, reference=True)
        reference = (it for it in every if it.description.channel == "reference")
        return {"heads": _listed(it for it in reference if part_of(it.description.id()) in wanted)}
    count, parts = call.shelf.governing()
    offered = _listed(_offered(call, reference=count <= INLINE))
    return {"heads": offered} if count <= INLINE else {"heads": offered, "reference": dict(parts)}


def _offered(call: Call, *, reference: bool) -> list[Head]:
    its = call.shelf.heads(call.member.units, reference=reference).values()
    return [head for head in its if may_read(call.member, head.description)]


def _listed(heads: Iterable[Head]) -> dict[str, Any]:
    return {str(head.description.id()): _head(head) for head in heads}


def _head(head: Head) -> dict[str, Any]:
    return {"description": json.loads(head.description.canonical()), "seq": head.seq, "hash": head.hash.hex()}


def _newest(shelf: Shelf) -> dict[str, str] | None:
    newest = shelf.newest()
    if newest is None or len(newest.data) > WITNESS:
        return None
    return {"statement": newest.data.decode(), "signature": newest.signature.hex()}
