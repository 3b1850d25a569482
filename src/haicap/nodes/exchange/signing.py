"""Who asks, and who answers: requests and answers signed as RFC 9421 says, bodies bound by RFC 9530's digest.

`docs/sync-protocol.md` 3 is its page.
"""

import json
import os
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    VerifyResult,
)
from http_message_signatures.algorithms import ED25519

from haicap.journal.ids import Entropy
from haicap.nodes.exchange.wire import Request, Response

# Beside these the digest of the content, where there is any: a contact with nothing new must fit into a kilobyte.
ASKED = ("@method", "@path", "@query", "haicap-incarnation", "haicap-state")
ANSWERED = ("@status", "haicap-nonce")
APART = timedelta(seconds=300)  # how far a signature's time may lie from the receiver's
KEPT = timedelta(seconds=600)  # how long a nonce is kept: no signature is good for longer
HEADERS = 16 << 10  # bytes of all headers together
STATE = 2 << 10
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
MADE_ANEW = {"content-digest", "signature-input", "signature"}
SIGNING = HTTPMessageSigner(signature_algorithm=ED25519)

Code = Literal["signature", "clock", "replay", "unknown", "revoked", "format"]


class BadSignature(Exception):
    """A request or an answer that is not to be believed; `code` is the error's of the protocol."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs. `entropy` makes the nonces."""

    node: UUID
    incarnation: UUID
    key: Ed25519PrivateKey = field(repr=False)
    entropy: Entropy = os.urandom


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose request it is, of which incarnation, when it says it was made (UTC), and what it told of itself.

    `path` is what it asked for, `nonce` what it is known by.
    """

    node: UUID
    incarnation: UUID
    at: datetime
    state: Mapping[str, Any]
    path: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that is the other node's: when it was made by that node's clock (UTC), and its body."""

    at: datetime
    body: bytes


class Nonces(Protocol):
    """The nonces of requests, which have been used once."""

    def fresh(self, request: Signed, until: datetime, /) -> bool:
        """Note its nonce until then at least; whether it was not noted before. Of two at once, one is fresh."""
        ...


KeyOf = Callable[[UUID], bytes]
"""The Ed25519 public key (32 bytes) of a node; raises `BadSignature` ("unknown", "revoked")."""


def sign(request: Request, signer: Signer, at: datetime) -> Request:
    """The request with its digest, incarnation and signature; `at` is aware, and the receiver's time where known.

    What the node tells of itself stands in the header `haicap-state` before, as canonical JSON in ASCII.
    """
    kept = {name: value for name, value in request.headers.items() if name not in MADE_ANEW}
    told = {"haicap-state": "{}", **kept, "haicap-incarnation": str(signer.incarnation)}
    nonce = urlsafe_b64encode(signer.entropy(16)).decode().rstrip("=")
    message = _Asked(request.method, _url(request), told)
    return replace(request, headers=_signed(message, request.body, signer, at, ASKED, nonce))


def verify(request: Request, key_of: KeyOf, nonces: Nonces, at: datetime) -> Signed:
    """Whose request it is. `at` is this node's clock, aware.

    First the signature, then the clock, then whether it was sent before: only who holds the key learns that the
    clock is wrong, and uses up a nonce. Raises `BadSignature`.
    """
    result = _verified(_Asked(request.method, _url(request), request.headers), request.body, key_of, ASKED)
    node, created, nonce = UUID(str(result.parameters["keyid"])), _created(result), result.nonce or ""
    incarnation = _incarnation(result.covered_components['"haicap-incarnation"'])
    state = _state(result.covered_components['"haicap-state"'])
    if not NONCE.fullmatch(nonce):
        raise BadSignature("format")
    if abs(at - created) > APART:
        raise BadSignature("clock")
    signed = Signed(node, incarnation, created, state, request.path, nonce)
    if not nonces.fresh(signed, at + KEPT):
        raise BadSignature("replay")
    return signed


def sign_answer(answer: Response, to: Request, signer: Signer, at: datetime) -> Response:
    """The answer to a signed request, signed: bound to its nonce. Its body is brought into one piece.

    `to` is verified, or its signature could not be (`unknown`): what nonce it has is answered. Raises
    `BadSignature` where it has none.
    """
    body = answer.whole()
    message = _Answered(answer.status, {**answer.headers, "haicap-nonce": nonce_of(to)})
    return Response(answer.status, _signed(message, body, signer, at, ANSWERED), (body,))


def verify_answer(answer: Response, to: Request, key_of: KeyOf) -> Told:
    """What a node answered to `to`, a request that was signed here; its time is believed, it is fresh by the nonce.

    Raises `BadSignature`, and `Down` where the body breaks off.
    """
    body = answer.whole()
    result = _verified(_Answered(answer.status, answer.headers), body, key_of, ANSWERED)
    if result.covered_components['"haicap-nonce"'] != nonce_of(to):
        raise BadSignature("replay")
    return Told(_created(result), body)


def nonce_of(request: Request) -> str:
    """The nonce of a request's signature. Raises `BadSignature` where it has none."""
    found = re.search(r';nonce="([A-Za-z0-9_-]{16,64})"', request.headers.get("signature-input", "")[:STATE])
    if found is None:
        raise BadSignature("signature")
    return found[1]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as the library reads it."""

    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Answered:
    """An answer as the library reads it."""

    status_code: int
    headers: Mapping[str, str]


def _url(request: Request) -> str:
    """No component that is signed tells the host: a node may be reached under several names."""
    return f"http://node{request.target}"


def _signed(
    message: _Asked | _Answered,
    body: bytes,
    signer: Signer,
    at: datetime,
    components: tuple[str, ...],
    nonce: str | None = None,
) -> dict[str, str]:
    """The headers of a message with its signature over these components and its body, by names in small letters.

    The library says what is signed. Its own signing would say it twice, in case the message changed meanwhile.
    """
    said = SIGNING.prepare(
        message, key_id=str(signer.node), created=at, nonce=nonce, label="sig", covered_component_ids=components,
        body=body or None,
    )  # fmt: skip
    signature = b64encode(signer.key.sign(said.signature_base)).decode()
    headers = {name.lower(): value for name, value in message.headers.items()}
    return {**headers, "signature-input": f"sig={said.signature_params}", "signature": f"sig=:{signature}:"}


class _Timeless(HTTPMessageVerifier):
    """Leaves time to `verify`: the library would ask the machine's clock."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Nothing is asked here."""


@dataclass(frozen=True, slots=True)
class _Keys(HTTPSignatureKeyResolver):
    """The library's way to ask for keys."""

    key_of: KeyOf

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        """The key of the node whose id this is."""
        try:
            node = UUID(key_id)
        except ValueError as error:
            raise BadSignature("signature") from error
        return Ed25519PublicKey.from_public_bytes(self.key_of(node))


def _verified(
    message: _Asked | _Answered, body: bytes, key_of: KeyOf, components: tuple[str, ...]
) -> VerifyResult:
    """The one signature that a message has, over these components and its body: one that has none needs no digest."""
    if sum(len(name) + len(value) + 4 for name, value in message.headers.items()) > HEADERS:
        raise BadSignature("format")
    try:
        (result,) = _Timeless(signature_algorithm=ED25519, key_resolver=_Keys(key_of)).verify(
            message, max_age=None, body=body
        )
    except HTTPMessageSignaturesException as error:
        raise (
            error.__cause__ if isinstance(error.__cause__, BadSignature) else BadSignature("signature")
        ) from error
    if not {f'"{name}"' for name in components} <= result.covered_components.keys():
        raise BadSignature("signature")
    return result


def _created(result: VerifyResult) -> datetime:
    try:
        return datetime.fromtimestamp(int(result.parameters["created"]), UTC)
    except (KeyError, OverflowError, ValueError, OSError) as error:
        raise BadSignature("signature") from error


def _incarnation(header: str) -> UUID:
    try:
        return UUID(header)
    except ValueError as error:
        raise BadSignature("format") from error


def _state(header: str) -> Mapping[str, Any]:
    try:
        state = json.loads(header) if len(header) <= STATE else None
    except (ValueError, RecursionError):
        state = None
    if not isinstance(state, dict):
        raise BadSignature("format")
    return state
