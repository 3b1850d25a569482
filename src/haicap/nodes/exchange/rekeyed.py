"""A node has other keys than the other side knows: a child tells its parent, and follows a parent that changed its own.

`docs/sync-protocol.md` 9.3 is its page.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from haicap.journal.rekeying import Renewed
from haicap.nodes.exchange.calls import key, said, text
from haicap.nodes.exchange.records import Parent, Renewal
from haicap.nodes.exchange.shelf import Busy, Full, Shelf
from haicap.nodes.exchange.signing import sign
from haicap.nodes.exchange.speaking import Refusal, Stranger, Talk
from haicap.nodes.exchange.wire import Down, Request, Response, told

RENEWED = "/sync/renewed"
MOST = 256 << 10  # bytes of an answer


def renewed(shelf: Shelf) -> Response:
    """What leads from each earlier key of this node to the next; each says by itself whose it is."""
    return said({"node": str(shelf.own.id), "renewed": [
        {"before": it.before.hex(), "public_key": it.public_key.hex(), "recipient": it.recipient,
         "signature": it.signature.hex()}
        for it in shelf.renewals()
    ]})  # fmt: skip


def followed(talk: Talk) -> Parent | None:
    """The parent under the keys that it has now, kept; None where nothing leads there from the key that is known."""
    try:
        asked = sign(Request("GET", RENEWED), talk.shelf.signer, talk.shelf.now())
        answer = talk.wire.ask(asked)
        now = _along(talk.parent, told(answer.whole(MOST)).get("renewed"))
        if now != talk.parent:
            talk.shelf.follow(now)
            return now
    except (Down, Full, Busy):
        pass  # the contact ends as one with a stranger, and the next tries again
    return None


def _along(parent: Parent, said: Any) -> Parent:
    try:
        steps = {it.before: it for it in map(_read, said)}
    except (KeyError, ValueError, TypeError):
        return parent
    while (its := steps.pop(parent.public_key, None)) and its.genuine(parent.node):
        parent = replace(parent, public_key=its.public_key, recipient=its.recipient)
    return parent


def _read(it: Mapping[str, Any]) -> Renewed:
    signature = bytes.fromhex(it["signature"])
    return Renewed(key(it["before"]), key(it["public_key"]), text(it["recipient"], 200), signature)


def tell(talk: Talk) -> None:
    """Tell the parent of keys that it may not know, before all else, signed with the one that it believes.

    Which that is nobody knows where an answer was lost: the oldest is tried first. Where it believes none of them it
    may know the present one already, and the contact goes on. Raises as `Talk.ask`.
    """
    for former in talk.shelf.former():
        other = replace(talk, key=former)
        try:
            other.say("/sync/incarnation", announced(talk.shelf.renewal()))
            return
        except Stranger:
            raise
        except Refusal as refusal:
            if refusal.code != "signature":
                raise
        finally:
            talk.offset = other.offset


def announced(its: Renewal) -> dict[str, Any]:
    """A renewal as it is told."""
    return {
        "incarnation": str(its.incarnation), "reason": its.reason,
        "lines": {str(stream): seq for stream, seq in its.lines.items()},
        **({"public_key": its.public_key.hex()} if its.public_key else {}),
        **({"recipient": its.recipient} if its.recipient else {}),
    }  # fmt: skip
