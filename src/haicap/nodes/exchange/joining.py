"""A node joins with a code, or says that it lives on in a new incarnation."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from haicap.nodes.exchange.calls import Call, Wrong, asked, key, public, said, text, unbelieved
from haicap.nodes.exchange.records import Joining, Renewal
from haicap.nodes.exchange.shelf import NotInvited, Shelf
from haicap.nodes.exchange.signing import BadSignature, verify
from haicap.nodes.exchange.wire import Request, Response


def join(shelf: Shelf, request: Request) -> Response:
    """Let a node in: it signs with the key that it names, and has a code. Raises `Wrong`."""
    joining = _joining(asked(request))
    try:
        signed = verify(request, lambda node: joining.public_key, shelf, shelf.now())
    except BadSignature as bad:
        raise unbelieved(shelf, bad) from bad
    if signed.node != joining.node:
        raise Wrong("signature", "join")
    try:
        joined = shelf.join(joining)
    except NotInvited as error:
        raise Wrong("unknown", "join", status=403, reason=error.code) from error
    return said({
        "member": str(joined.membership), "unit": joined.unit, "province": joined.province,
        "node": str(shelf.own.id), "name": shelf.name, "public_key": public(shelf).hex(),
        "recipient": shelf.recipient, "time": shelf.now().astimezone(UTC).isoformat(),
    })  # fmt: skip


def _joining(it: Mapping[str, Any]) -> Joining:
    try:
        return Joining(
            text(it["code"], 40), UUID(it["node"]), UUID(it["incarnation"]), text(it["name"], 200),
            key(it["public_key"]), text(it["recipient"], 200), text(it["version"], 40),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Wrong("format", "join") from error


def renew(call: Call) -> Response:
    """Note a new incarnation, or a new key, of a node that signs with the one known. Raises `Wrong`."""
    it = asked(call.request)
    try:
        renewal = Renewal(
            UUID(it["incarnation"]),
            it["reason"],
            {UUID(stream): int(seq) for stream, seq in it.get("lines", {}).items()},
            key(it["public_key"]) if it.get("public_key") else None,
            text(it["recipient"], 200) if it.get("recipient") else None,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Wrong("format", "incarnation") from error
    if renewal.reason not in ("restored", "clone", "key") or (renewal.public_key and renewal.reason != "key"):
        raise Wrong("format", "reason")
    call.shelf.renew(call.member.node, renewal)
    return said({"incarnation": str(renewal.incarnation)})
