"""A request whose sender is known, and what is said to one that is not done."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from haicap.journal.text import canonical
from haicap.nodes.exchange.records import Incident, Member
from haicap.nodes.exchange.shelf import Shelf
from haicap.nodes.exchange.signing import BadSignature, Signed
from haicap.nodes.exchange.wire import Request, Response

TEXT = 1 << 20  # bytes of a request in JSON
NUMBER = re.compile(r"[0-9]{1,15}")

Code = Literal[
    "signature", "clock", "replay", "unknown", "revoked", "foreign", "gap", "fork", "size", "format", "busy", "full"
]  # fmt: skip
STATUS: Mapping[Code, int] = {
    "signature": 401, "clock": 401, "replay": 401, "unknown": 404, "revoked": 403, "foreign": 403, "gap": 409,
    "fork": 409, "size": 413, "format": 400, "busy": 503, "full": 507,
}  # fmt: skip
MESSAGE: Mapping[Code, str] = {
    "signature": "The signature is not that of the node it names.",
    "clock": "The request was signed too long ago, or ahead of time.",
    "replay": "This request has been sent before.",
    "unknown": "There is no such thing here, as far as you may know.",
    "revoked": "This node is trusted no more.",
    "foreign": "This stream is not this node's.",
    "gap": "Entries before these are missing.",
    "fork": "The stream goes on otherwise here.",
    "size": "It is larger than it may be.",
    "format": "It is not of the form that the protocol asks for.",
    "busy": "Too much at once; ask again later.",
    "full": "The disk is full.",
}
# What people are shown: no honest node's, or one whose clock has to be put right.
WRONG: frozenset[Code] = frozenset({
    "signature", "clock", "replay", "foreign", "fork", "size", "format", "revoked"
})  # fmt: skip
UNPROVEN = frozenset({"signature", "body"})  # what is wrong where nobody knows yet who asks


class Wrong(Exception):
    """A request that is not done; `more` stands in the answer beside code and message, `what` in the incident."""

    def __init__(self, code: Code, what: str = "", *, status: int | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code, self.what, self.more = code, what, more
        self.status = status or STATUS[code]


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose sender is known."""

    shelf: Shelf
    request: Request
    signed: Signed
    member: Member
    query: Mapping[str, str] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """A number in the query. Raises `Wrong`."""
        if not NUMBER.fullmatch(text := self.query.get(name, "")):
            raise Wrong("format", name)
        return int(text)


def said(value: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """An answer in JSON."""
    return Response(status, {"content-type": "application/json", **headers}, (canonical(value),))


def asked(request: Request) -> dict[str, Any]:
    """The JSON object in a request. Raises `Wrong`."""
    if len(request.body) > TEXT:
        raise Wrong("size", request.path)
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Wrong("format", "no JSON") from error
    if not isinstance(value, dict):
        raise Wrong("format", "no object")
    return value


def uuid(value: Any) -> UUID | None:
    """The UUID, or None for what is none."""
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None


def text(value: Any, most: int) -> str:
    """A text of at most so many letters. Raises `ValueError`."""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(value)
    return value


def key(value: Any) -> bytes:
    """An Ed25519 public key in hex, as 32 bytes. Raises `ValueError` and `TypeError`."""
    if len(key := bytes.fromhex(value)) != 32:
        raise ValueError(value)
    return key


def public(shelf: Shelf) -> bytes:
    """This node's Ed25519 key, 32 bytes."""
    return shelf.signer.key.public_key().public_bytes_raw()


def unbelieved(shelf: Shelf, bad: BadSignature) -> Wrong:
    """What is answered to a request whose signature is no good; one with a wrong clock is told the time."""
    if bad.code == "clock":
        return Wrong("clock", time=shelf.now().astimezone(UTC).isoformat())
    return Wrong(bad.code, "signature", status=400 if bad.code == "format" else 401)


def claimed(request: Request) -> UUID | None:
    """The node that a request says it is of."""
    found = re.search(r'keyid="([0-9a-f-]{36})"', request.headers.get("signature-input", ""))
    return uuid(found[1]) if found else None


def incident_of(shelf: Shelf, request: Request, wrong: Wrong) -> Incident:
    """What people are shown of a request that was refused: whose it says it is, what it asked, what was wrong.

    Of a request that anybody can have made nothing is kept that its sender could choose: the same again is counted,
    and strangers do not fill the disk with incidents.
    """
    node = claimed(request)
    asked = "" if wrong.what in UNPROVEN else f"{request.method} {quote(request.path)[:120]} "
    what = f"{asked}{wrong.what}"[:300].strip()
    return Incident(node if node and shelf.member(node) else None, wrong.code, what, shelf.now())
