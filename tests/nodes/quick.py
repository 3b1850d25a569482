"""What costs most in a simulated history, done cheaply: signatures as MACs, and zstd at its lowest level.

Nobody forges anything there. Some histories run without this, over the real signatures; tests of their own forge.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from unittest.mock import patch
from uuid import UUID

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haicap.journal.intake import Head
from haicap.nodes.exchange import answering, lines, rekeyed, speaking, vouching
from haicap.nodes.exchange.records import Vouched
from haicap.nodes.exchange.signing import APART, KEPT, BadSignature, KeyOf, Nonces, Signed, Signer, Told
from haicap.nodes.exchange.wire import Request, Response

INPUT = re.compile(r'sig=;created=([0-9]+);nonce="([0-9a-f]+)";keyid="([0-9a-f-]{36})"')
LOWEST = zstandard.ZstdCompressionParameters.from_level(1, window_log=12, hash_log=10, chain_log=10)


@cache
def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _mac(public: bytes, *parts: str | bytes) -> str:
    whole = b"\n".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return sha256(public + whole).hexdigest()


def _input(request: Request) -> tuple[datetime, str, UUID]:
    found = INPUT.fullmatch(request.headers["signature-input"])
    assert found is not None
    return datetime.fromtimestamp(int(found[1]), UTC), found[2], UUID(found[3])


def _mark(request: Request, public: bytes) -> str:
    its = request.headers
    return _mac(
        public,
        request.method,
        request.target,
        its["signature-input"],
        its["haicap-incarnation"],
        request.body,
    )


def _sign(request: Request, signer: Signer, at: datetime) -> Request:
    its = f'sig=;created={int(at.timestamp())};nonce="{signer.entropy(16).hex()}";keyid="{signer.node}"'
    headers = {**request.headers, "haicap-incarnation": str(signer.incarnation), "signature-input": its}
    bare = Request(request.method, request.path, request.query, headers, request.body)
    headers["signature"] = _mark(bare, _public(signer.key))
    return bare


def _verify(request: Request, key_of: KeyOf, nonces: Nonces, at: datetime) -> Signed:
    created, nonce, node = _input(request)
    if request.headers["signature"] != _mark(request, key_of(node)):
        raise BadSignature("signature")
    if abs(at - created) > APART:
        raise BadSignature("clock")
    signed = Signed(node, UUID(request.headers["haicap-incarnation"]), created, {}, request.path, nonce)
    if not nonces.fresh(signed, at + KEPT):
        raise BadSignature("replay")
    return signed


def _sign_answer(answer: Response, to: Request, signer: Signer, at: datetime) -> Response:
    body, made = answer.whole(), f"{int(at.timestamp())};{signer.node}"
    mark = _mac(_public(signer.key), str(answer.status), made, _input(to)[1], body)
    return Response(answer.status, {**answer.headers, "made": made, "signature": mark}, (body,))


def _verify_answer(answer: Response, to: Request, key_of: KeyOf) -> Told:
    body, made = answer.whole(), answer.headers["made"]
    created, _, node = made.partition(";")
    if answer.headers["signature"] != _mac(key_of(UUID(node)), str(answer.status), made, _input(to)[1], body):
        raise BadSignature("signature")
    return Told(datetime.fromtimestamp(int(created), UTC), body)


def _vouch(head: Head, key: Ed25519PrivateKey) -> Vouched:
    stream = head.description.id()
    mark = _mac(_public(key), stream.bytes, str(head.seq), head.hash)
    return Vouched(stream, head.seq, head.hash, bytes.fromhex(mark) * 2)


def _genuine(vouched: Vouched, public: bytes) -> bool:
    mark = _mac(public, vouched.stream.bytes, str(vouched.seq), vouched.hash)
    return vouched.signature == bytes.fromhex(mark) * 2


@contextmanager
def quick() -> Iterator[None]:
    """While it lasts, nodes sign in no time."""
    with ExitStack() as stack:
        for place, name, what in (
            (rekeyed, "sign", _sign),
            (speaking, "sign", _sign), (speaking, "verify_answer", _verify_answer), (answering, "verify", _verify),
            (answering, "sign_answer", _sign_answer), (vouching, "vouch", _vouch), (vouching, "genuine", _genuine),
            (lines, "HOW", LOWEST),
        ):  # fmt: skip
            stack.enter_context(patch.object(place, name, what))
        yield
