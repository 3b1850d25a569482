"""The parent's side of an exchange: a request comes in, is judged, and answered. `docs/sync-protocol.md` is its page.

No web framework is known here, and no database: a `Shelf` stores. Whatever is wrong with a request is answered as
JSON with one of the protocol's codes; what an honest node does not send is noted as an incident.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs
from uuid import UUID

from haicap.nodes.exchange import handing, taking
from haicap.nodes.exchange.calls import MESSAGE, WRONG, Call, Wrong, incident_of, said, unbelieved
from haicap.nodes.exchange.heads import heads
from haicap.nodes.exchange.joining import join, renew
from haicap.nodes.exchange.records import Member
from haicap.nodes.exchange.rekeyed import RENEWED, renewed, told_again
from haicap.nodes.exchange.shelf import Busy, Full, Shelf
from haicap.nodes.exchange.signing import BadSignature, Signed, sign_answer, verify
from haicap.nodes.exchange.wire import HEADS, Request, Response

BODY = 8 << 20  # bytes of a request, as it travels
Endpoint = Callable[..., Response]
STREAM = r"/sync/streams/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
BLOB = r"/sync/blobs/((?s:.+))"
Routes = tuple[tuple[str, re.Pattern[str], Endpoint], ...]
ROUTES: Routes = tuple(
    (method, re.compile(form), endpoint)
    for method, form, endpoint in (
        ("GET", HEADS, heads),
        ("GET", STREAM, taking.give),
        ("POST", STREAM, taking.take),
        ("POST", "/sync/streams", taking.give_several),
        ("POST", "/sync/keys", handing.keys),
        ("GET", BLOB, handing.blob),
        ("HEAD", BLOB, handing.blob),
        ("PUT", BLOB, handing.put_blob),
        ("POST", "/sync/witness", handing.witness),
        ("POST", "/sync/incarnation", renew),
    )
)


def answer(shelf: Shelf, request: Request, *, beside: Routes = ()) -> Response:
    """Whatever a node asks of this one, answered; nothing is raised. All but a blob is signed.

    Bytes of a blob come when they are asked for. `beside` are endpoints for members that are no part of exchange.
    """
    try:
        done = _done(shelf, request, beside)
    except Wrong as wrong:
        return refuse(shelf, request, wrong)
    except Full:
        done = _error(Wrong("full"))
    except Busy:
        done = _error(Wrong("busy"))
    return done if "accept-ranges" in done.headers else _signed(shelf, request, done)


def refuse(shelf: Shelf, request: Request, wrong: Wrong) -> Response:
    """What is answered to a request that is not done; what no honest node sends is noted."""
    if wrong.code in WRONG and not (wrong.code == "signature" and told_again(shelf, request)):
        with suppress(Full, Busy):  # refused all the same
            shelf.note_incident(incident_of(shelf, request, wrong))
    return _signed(shelf, request, _error(wrong))


def _signed(shelf: Shelf, request: Request, done: Response) -> Response:
    try:
        return sign_answer(done, request, shelf.signer, shelf.now())
    except BadSignature:  # it has no nonce that an answer could name
        return done


def _done(shelf: Shelf, request: Request, beside: Routes) -> Response:
    if len(request.body) > BODY:
        raise Wrong("size", "body")
    if shelf.parent is not None and "work" in shelf.parent.channels:
        raise Wrong(
            "unknown"
        )  # a commune's node has none below it: what its parent says of others is for them
    if (request.method, request.path) == ("POST", "/sync/join"):
        return join(shelf, request)
    if (request.method, request.path) == ("GET", RENEWED):
        return renewed(shelf)
    endpoint, names = _routed(request, beside)
    signed, member = _known(shelf, request)
    query = {name: values[-1] for name, values in parse_qs(request.query[:4096]).items()}
    if member.state != "joined" and endpoint is not taking.take:
        raise Wrong("revoked")
    return endpoint(Call(shelf, request, signed, member, query), *names)


def _routed(request: Request, beside: Routes) -> tuple[Endpoint, tuple[str, ...]]:
    for method, form, endpoint in (*ROUTES, *beside):
        if method == request.method and (found := form.fullmatch(request.path)):
            return endpoint, found.groups()
    raise Wrong("unknown")


def _known(shelf: Shelf, request: Request) -> tuple[Signed, Member]:
    met: dict[UUID, Member] = {}

    def key_of(node: UUID) -> bytes:
        member = shelf.member(node)
        if member is None or member.state == "invited":
            raise BadSignature("unknown")
        met[node] = member
        return member.public_key

    try:
        signed = verify(request, key_of, shelf, shelf.now())
    except BadSignature as bad:
        raise unbelieved(shelf, bad) from bad
    return signed, met[signed.node]


def _error(wrong: Wrong) -> Response:
    told = {"error": wrong.code, "message": MESSAGE[wrong.code], **wrong.more}
    return said(told, wrong.status, **({"retry-after": "10"} if wrong.code == "busy" else {}))
