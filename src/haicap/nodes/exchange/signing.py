"""Who asks, and who answers: requests and answers signed as RFC 9421 says, bodies bound by RFC 9530's digest.

`docs/sync-protocol.md` 3 is its page.
"""

import json
import os
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Literal, Protocol, cast
from uuid import UUID

import http_sf
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

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
PARAMETERS = {"created", "keyid", "alg", "nonce"}
ALGORITHM = "ed25519"

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
    headers = _signed(ASKED, _asked(request), told, request.body, signer, at, nonce)
    return replace(request, headers=headers)


def verify(request: Request, key_of: KeyOf, nonces: Nonces, at: datetime) -> Signed:
    """Whose request it is. `at` is this node's clock, aware.

    First the signature, then the clock, then whether it was sent before: only who holds the key learns that the
    clock is wrong, and uses up a nonce. Raises `BadSignature`.
    """
    its = _verified(ASKED, _asked(request), request.headers, request.body, key_of)
    incarnation = _incarnation(its.values["haicap-incarnation"])
    state = _state(its.values["haicap-state"])
    if not NONCE.fullmatch(its.nonce):
        raise BadSignature("format")
    if abs(at - its.at) > APART:
        raise BadSignature("clock")
    signed = Signed(its.node, incarnation, its.at, state, request.path, its.nonce)
    if not nonces.fresh(signed, at + KEPT):
        raise BadSignature("replay")
    return signed


def sign_answer(answer: Response, to: Request, signer: Signer, at: datetime) -> Response:
    """The answer to a signed request, signed: bound to its nonce. Its body is brought into one piece.

    `to` is verified, or its signature could not be (`unknown`): what nonce it has is answered. Raises
    `BadSignature` where it has none.
    """
    body = answer.whole()
    told = {**answer.headers, "haicap-nonce": nonce_of(to)}
    headers = _signed(ANSWERED, _answered(answer), told, body, signer, at)
    return Response(answer.status, headers, (body,))


def verify_answer(answer: Response, to: Request, key_of: KeyOf) -> Told:
    """What a node answered to `to`, a request that was signed here; its time is believed, it is fresh by the nonce.

    Raises `BadSignature`, and `Down` where the body breaks off.
    """
    body = answer.whole()
    its = _verified(ANSWERED, _answered(answer), answer.headers, body, key_of)
    if its.values["haicap-nonce"] != nonce_of(to):
        raise BadSignature("replay")
    return Told(its.at, body)


def nonce_of(request: Request) -> str:
    """The nonce of a request's signature. Raises `BadSignature` where it has none."""
    found = re.search(r';nonce="([A-Za-z0-9_-]{16,64})"', request.headers.get("signature-input", "")[:STATE])
    if found is None:
        raise BadSignature("signature")
    return found[1]


# What is signed

Values = Mapping[str, str]
"""The components of a message by name: what its first line says, and its headers."""


def _asked(request: Request) -> Values:
    """What a request's first line says. Not the host: a node may be reached under several names."""
    return {"@method": request.method, "@path": request.path, "@query": f"?{request.query}"}


def _answered(answer: Response) -> Values:
    return {"@status": str(answer.status)}


def _fields(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by names in small letters; values under several spellings of one name are one (RFC 9421, 2.1)."""
    its: dict[str, str] = {}
    for name, value in headers.items():
        name = name.lower()
        its[name] = f"{its[name]}, {value.strip()}" if name in its else value.strip()
    return its


def _base(covered: Sequence[str], said: str, values: Values) -> bytes:
    """The signature base (RFC 9421, 2.5); `said` is what the signature says of itself. Raises `BadSignature`.

    No value may hold the end of a line: that could be read as another component.
    """
    lines = [f'"{name}": {values[name]}' for name in covered if name in values]
    if len(lines) < len(covered) or not all(line.isascii() and line.isprintable() for line in lines):
        raise BadSignature("signature")
    return "\n".join([*lines, f'"@signature-params": {said}']).encode()


def _digest(body: bytes) -> str:
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def _signed(
    components: tuple[str, ...],
    line: Values,
    headers: Values,
    body: bytes,
    signer: Signer,
    at: datetime,
    nonce: str = "",
) -> dict[str, str]:
    """The headers with the body's digest, where there is a body, and a signature over it and these components.

    Raises `BadSignature`.
    """
    told = {**headers, "content-digest": _digest(body)} if body else {**headers}
    covered = (*components, "content-digest") if body else components
    names = " ".join(f'"{name}"' for name in covered)
    said = f'({names});created={int(at.timestamp())};keyid="{signer.node}";alg="ed25519"'
    said += f';nonce="{nonce}"' if nonce else ""
    signature = b64encode(signer.key.sign(_base(covered, said, {**_fields(told), **line}))).decode()
    return {**told, "signature-input": f"sig={said}", "signature": f"sig=:{signature}:"}


@dataclass(frozen=True, slots=True)
class _Verified:
    """Who has signed a message, when (UTC), and with which nonce; and what is signed, by names."""

    node: UUID
    at: datetime
    nonce: str
    values: Values


def _verified(
    components: tuple[str, ...], line: Values, headers: Values, body: bytes, key_of: KeyOf
) -> _Verified:
    """The one signature that a message has, over these components and its body: one that has none needs no digest.

    Raises `BadSignature`, and what `key_of` raises.
    """
    values = {**_fields(headers), **line}
    if sum(len(name) + len(value) + 4 for name, value in values.items()) > HEADERS:
        raise BadSignature("format")
    needed = {*components, *(["content-digest"] if body or "content-digest" in values else [])}
    try:
        ((label, (its, said)),) = _dictionary(values["signature-input"]).items()
        ((other, (signature, _parameters)),) = _dictionary(values["signature"]).items()
        node, created, nonce = UUID(said["keyid"]), said["created"], said.get("nonce", "")
        covered = [name for name, parameters in its if isinstance(name, str) and not parameters]
        made = datetime.fromtimestamp(created, UTC)
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise BadSignature("signature") from error
    if (
        label != other
        or len({*covered}) < len(its)
        or not needed <= {*covered}
        or not said.keys() <= PARAMETERS
        or said.get("alg", ALGORITHM) != ALGORITHM
        or (type(created), type(nonce), type(signature)) != (int, str, bytes)
    ):
        raise BadSignature("signature")
    base = _base(covered, values["signature-input"].partition("=")[2], values)
    key = Ed25519PublicKey.from_public_bytes(key_of(node))
    try:
        key.verify(signature, base)
    except InvalidSignature as error:
        raise BadSignature("signature") from error
    if "content-digest" in needed and not compare_digest(values["content-digest"], _digest(body)):
        raise BadSignature("signature")
    return _Verified(node, made, nonce, values)


def _dictionary(header: str) -> dict[str, Any]:
    """A header that is a dictionary of structured fields (RFC 9651). Raises `ValueError`."""

    def twice(name: str, _where: str) -> None:
        raise ValueError(name)

    return cast(dict[str, Any], http_sf.parse(header.encode(), tltype="dictionary", on_duplicate_key=twice))


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
