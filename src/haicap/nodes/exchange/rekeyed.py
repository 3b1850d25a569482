"""A node has other keys than the other side knows: a child tells its parent, and follows a parent that changed its own.

`docs/sync-protocol.md` 9.3 is its page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from haicap.journal.rekeying import Renewed
from haicap.nodes.exchange.calls import Wrong, asked, claimed, key, said, text
from haicap.nodes.exchange.records import Parent, Renewal
from haicap.nodes.exchange.shelf import Busy, Full, Shelf
from haicap.nodes.exchange.signing import sign
from haicap.nodes.exchange.speaking import Refusal, Stranger, Talk
from haicap.nodes.exchange.wire import Down, Request, Response, told

RENEWED, INCARNATION = "/sync/renewed", "/sync/incarnation"
MOST = 256 << 10  # bytes of an answer


def renewed(shelf: Shelf) -> Response:
    """What leads from each earlier key of this node to the next; each says by itself whose it is."""
    return said({"node": str(shelf.own.id), "renewed": _steps(shelf)})


def _steps(shelf: Shelf) -> list[dict[str, str]]:
    return [
        {"before": it.before.hex(), "public_key": it.public_key.hex(), "recipient": it.recipient,
         "signature": it.signature.hex()}
        for it in shelf.renewals()
    ]  # fmt: skip


def followed(talk: Talk) -> Parent | None:
    """The parent under the keys that it has now, kept; None where nothing leads there from the key that is known."""
    try:
        question = sign(Request("GET", RENEWED), talk.shelf.signer, talk.shelf.now())
        answer = talk.wire.ask(question)
        last, now = None, talk.parent
        for last in _along(now.node, now.public_key, told(answer.whole(MOST)).get("renewed")):
            now = replace(now, public_key=last.public_key, recipient=last.recipient)
        if last is not None:
            talk.shelf.follow(now)
            return now
    except (Down, Full, Busy):
        pass  # the contact ends as one with a stranger, and the next tries again
    return None


def told_again(shelf: Shelf, request: Request) -> bool:
    """Whether a request that is refused for its signature tells of keys that its node has indeed changed to.

    It names the key that is known here, or one to which that key leads: the answer to it was lost once, and nobody
    need look into it.
    """
    member = shelf.member(node) if (node := claimed(request)) else None
    if request.path != INCARNATION or member is None:
        return False
    try:
        it = asked(request)
        named = key(it["public_key"])
    except (Wrong, KeyError, ValueError, TypeError):
        return False
    led = (step.public_key for step in _along(member.node, member.public_key, it.get("renewed")))
    return named in (member.public_key, *led)


def _along(node: UUID, known: bytes, said: Any) -> Iterator[Renewed]:
    """The steps that lead on from the key that is known of a node."""
    try:
        steps = {it.before: it for it in map(_read, said)}
    except (KeyError, ValueError, TypeError):
        return
    while (its := steps.pop(known, None)) and its.genuine(node):
        yield its
        known = its.public_key


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
            other.say(INCARNATION, {**announced(talk.shelf.renewal()), "renewed": _steps(talk.shelf)})
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
