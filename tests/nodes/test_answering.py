"""Who asks, and what is refused before anything is done: nothing is stored, and the incident is shown."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.shelf import Busy, Full
from haicap.nodes.exchange.signing import BadSignature, Signer, sign, verify_answer
from haicap.nodes.exchange.wire import Request
from nodes.pair import Pair, posted, untouched


def forged(signed: Request) -> Request:
    return replace(signed, headers={**signed.headers, "signature": "sig=:" + "A" * 86 + "==:"})


@pytest.mark.parametrize(
    ("spoil", "status", "code"),
    [
        (forged, 401, "signature"),
        (lambda it: replace(it, body=it.body[:-1]), 401, "signature"),
        (lambda it: replace(it, query="after=1"), 401, "signature"),
    ],
)
def test_a_request_that_was_spoiled(
    pair: Pair, spoil: Callable[[Request], Request], status: int, code: str
) -> None:
    pair.write(pair.ward)
    before = len(pair.province.shelf.table("entry"))
    stream = pair.ward.shelf.own.stream("31001", "work")
    signed = sign(posted(pair.ward.shelf, stream), pair.ward.shelf.signer, pair.world.now)
    response, said = pair.send(spoil(signed))
    assert (response.status, said["error"]) == (status, code)
    assert untouched(pair, before)
    assert pair.incidents() == [code]


def test_a_request_that_is_sent_again(pair: Pair) -> None:
    signed = sign(Request("GET", "/sync/heads"), pair.ward.shelf.signer, pair.world.now)
    assert pair.send(signed)[0].status == 200
    response, said = pair.send(signed)
    assert (response.status, said["error"], pair.incidents()) == (401, "replay", ["replay"])


@pytest.mark.parametrize("off", [-301, 301, 400_000_000])
def test_a_wrong_clock_is_told_the_time(pair: Pair, off: float) -> None:
    response, said = pair.ask(Request("GET", "/sync/heads"), off=off)
    assert (response.status, said["error"]) == (401, "clock")
    assert said["time"].startswith("2026-08-03T02:00:00")
    assert pair.incidents() == ["clock"]


def test_a_node_that_nobody_knows(pair: Pair) -> None:
    signer = Signer(UUID(int=1), UUID(int=2), Ed25519PrivateKey.generate())
    response, said = pair.send(sign(Request("GET", "/sync/heads"), signer, pair.world.now))
    assert (response.status, said["error"]) == (401, "unknown")


def test_a_request_without_a_signature(pair: Pair) -> None:
    response = answer(pair.province.shelf, Request("GET", "/sync/heads"))
    assert response.status in (400, 401)
    assert "signature" not in response.headers


def test_a_communes_node_answers_nobody(pair: Pair) -> None:
    signed = sign(Request("GET", "/sync/heads"), pair.other.shelf.signer, pair.world.now)
    response = answer(pair.ward.shelf, signed)
    assert response.status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/sync/heads"), ("GET", "/sync/blobs/../../etc/passwd"), ("GET", "/sync/blobs/" + "A" * 64),
        ("GET", "/sync/blobs/" + "a" * 63), ("GET", "/sync/streams/1"), ("GET", "/sync/heads/"), ("POST", "/admin"),
        ("PUT", "/sync/blobs/..%2f" + "a" * 64),
    ],
)  # fmt: skip
def test_places_that_there_are_not(pair: Pair, method: str, path: str) -> None:
    response, said = pair.ask(Request(method, path))
    assert (response.status, said["error"]) == (404, "unknown")


@pytest.mark.parametrize(("error", "status", "code"), [(Full, 507, "full"), (Busy, 503, "busy")])
def test_a_disk_that_cannot(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int, code: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pair.province.shelf, "receive", fails)
    pair.write(pair.ward)
    response, said = pair.ask(posted(pair.ward.shelf, pair.ward.shelf.own.stream("31001", "work")))
    assert (response.status, said["error"]) == (status, code)
    assert ("retry-after" in response.headers) == (code == "busy")


def test_an_answer_is_bound_to_its_question(pair: Pair) -> None:
    first = sign(Request("GET", "/sync/heads"), pair.ward.shelf.signer, pair.world.now)
    second = sign(Request("GET", "/sync/heads"), pair.ward.shelf.signer, pair.world.now)
    response = answer(pair.province.shelf, first)
    with pytest.raises(BadSignature, match="replay"):
        verify_answer(response, second, lambda node: pair.province.identity.public_key)
