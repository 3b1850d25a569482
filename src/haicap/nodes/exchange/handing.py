"""What travels beside entries: keys of subjects, checkpoints, and files in slices."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator
from typing import Any

from haicap.journal.intake import Malformed
from haicap.journal.witness import Signed as Checkpoint
from haicap.journal.witness import Statement
from haicap.nodes.exchange.calls import Call, Wrong, asked, incident_of, said
from haicap.nodes.exchange.records import Given
from haicap.nodes.exchange.scopes import may_read
from haicap.nodes.exchange.shelf import Shelf
from haicap.nodes.exchange.wire import Response

KEYS = 1000  # asked for at once
SLICE = 64 << 10
BLOB = 1 << 30
HEX = re.compile(r"[0-9a-f]{64}")
RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{1,12})?")
CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,12})-([0-9]{1,12})/([0-9]{1,12})")


def keys(call: Call) -> Response:
    """Take the keys brought, give those asked for whose subjects' files the child may read. Raises `Wrong`."""
    it = asked(call.request)
    want = it.get("want", [])
    if not isinstance(want, list) or len(want) > KEYS or not all(_is_digest(key_id) for key_id in want):
        raise Wrong("format", "want")
    try:
        brought = given(it)
        if brought.keys or brought.destroyed:
            call.shelf.take_keys(brought)
    except Malformed as error:
        raise Wrong("format", "keys") from error
    may = [
        key_id for key_id in want
        if any(may_read(call.member, place) for place in call.shelf.key_places(key_id))
    ]  # fmt: skip
    if len(may) < len(want):
        call.shelf.note_incident(incident_of(call.shelf, call.request, Wrong("foreign", "keys")))
    back = call.shelf.give_keys(may, call.member.node, call.member.recipient)
    return said(written(back))


def written(given: Given) -> dict[str, Any]:
    """Keys as they travel."""
    return {"keys": b64encode(given.keys).decode(), "destroyed": list(given.destroyed)}


def given(it: dict[str, Any]) -> Given:
    """Keys as they came. Raises `Malformed`."""
    destroyed = it.get("destroyed", [])
    if not isinstance(destroyed, list) or not all(_is_digest(key_id) for key_id in destroyed):
        raise Malformed("destroyed is no list of key ids")
    try:
        return Given(b64decode(it.get("keys", ""), validate=True), tuple(destroyed))
    except (NotBase64, TypeError, ValueError) as error:
        raise Malformed("keys that are not base64") from error


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and HEX.fullmatch(value) is not None


def witness(call: Call) -> Response:
    """Keep the child's newest checkpoint. Raises `Wrong` for one that it has not signed."""
    checkpoint = of_json(asked(call.request))
    if (
        checkpoint is None
        or checkpoint.statement.node != call.member.node
        or not checkpoint.genuine(call.member.public_key)
    ):
        raise Wrong("signature", "checkpoint")
    kept = call.shelf.kept(call.member.node)
    if kept is None or kept.statement.id < checkpoint.statement.id:
        call.shelf.keep(checkpoint)
    return said({"kept": str(checkpoint.statement.id)})


def of_json(it: Any) -> Checkpoint | None:
    """The checkpoint in `{"statement": text, "signature": hex}`; None where it cannot be read."""
    try:
        data = it["statement"].encode()
        return Checkpoint(Statement.read(data), data, bytes.fromhex(it["signature"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def blob(call: Call, name: str) -> Response:
    """A blob, or the range of it that is asked for, in slices. Raises `Wrong`."""
    _require_name(call, name)
    size = call.shelf.blob_size(name) if _may_have(call, name) else None
    if size is None:
        raise Wrong("unknown", "blob")
    first, last = _range(call.request.headers.get("range", ""), size)
    headers = {"content-type": "application/octet-stream", "accept-ranges": "bytes",
               "content-range": f"bytes {first}-{last}/{size}"}  # fmt: skip
    body = _slices(call.shelf, name, first, last) if call.request.method == "GET" else ()
    return Response(206 if "range" in call.request.headers else 200, headers, body)


def _require_name(call: Call, name: str) -> None:
    """Raise `Wrong` for what can be no blob's name: no honest node asks for it."""
    if not _is_digest(name):
        call.shelf.note_incident(incident_of(call.shelf, call.request, Wrong("format", "name")))
        raise Wrong("unknown", "name")


def _may_have(call: Call, name: str) -> bool:
    return any(may_read(call.member, place) for place in call.shelf.blob_places(name))


def _range(asked: str, size: int) -> tuple[int, int]:
    """The first byte and the last. Raises `Wrong`."""
    if not asked:
        return 0, size - 1
    found = RANGE.fullmatch(asked)
    if found is None:
        raise Wrong("format", "range")
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if first > last:
        raise Wrong("size", "range", status=416, size=size)
    return first, last


def _slices(shelf: Shelf, name: str, first: int, last: int) -> Iterator[bytes]:
    while first <= last:
        part = shelf.read_blob(name, first, min(SLICE, last + 1 - first))
        if not part:
            return
        yield part
        first += len(part)


def put_blob(call: Call, name: str) -> Response:
    """Take a slice of a blob that an entry of the child's files names. Raises `Wrong`."""
    _require_name(call, name)
    if not _may_have(call, name):
        raise Wrong("foreign", "blob")
    first, total = _content_range(call)
    if (size := call.shelf.blob_size(name)) is not None:
        return said({"size": size}, 201)
    begun = call.shelf.blob_begun(name)
    if begun < total:  # else it was cut off before it was put in its place
        if begun != first:
            return said({"error": "gap", "size": begun}, 409)
        begun = call.shelf.write_blob(name, first, call.request.body)
    if begun < total:
        return said({"size": begun})
    if not call.shelf.finish_blob(name):
        raise Wrong("format", f"blob {name[:16]} is not what its name says")
    return said({"size": total}, 201)


def _content_range(call: Call) -> tuple[int, int]:
    """Where the slice begins, and how large the blob is. Raises `Wrong`."""
    found = CONTENT_RANGE.fullmatch(call.request.headers.get("content-range", ""))
    first, last, total = map(int, found.groups()) if found else (0, 0, 0)
    if found is None or first > last or last >= total or last + 1 - first != len(call.request.body):
        raise Wrong("format", "content-range")
    if total > BLOB:
        raise Wrong("size", "blob")
    return first, total
