"""A node joins, or says that it lives on."""

import json
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haicap.nodes.exchange.records import Member
from haicap.nodes.exchange.signing import Signer, sign
from haicap.nodes.exchange.wire import Request
from nodes.memory import Disk
from nodes.network import Machine, machine_of
from nodes.pair import RANDOM, Pair


def test_a_new_incarnation_is_noted_and_a_new_key_signs_from_then_on(pair: Pair) -> None:
    key = Ed25519PrivateKey.generate()
    said = {
        "incarnation": str(UUID(int=5)),
        "reason": "key",
        "public_key": key.public_key().public_bytes_raw().hex(),
    }
    assert pair.ask(Request("POST", "/sync/incarnation", body=json.dumps(said).encode()))[0].status == 200
    member = pair.province.shelf.member(pair.ward.identity.node)
    assert isinstance(member, Member)
    assert member.incarnation == UUID(int=5)
    assert pair.ask(Request("GET", "/sync/heads"))[0].status == 401
    signer = Signer(pair.ward.identity.node, UUID(int=5), key)
    assert pair.send(sign(Request("GET", "/sync/heads"), signer, pair.world.now))[0].status == 200


@pytest.mark.parametrize(
    "said",
    [
        {}, {"incarnation": "x", "reason": "clone"}, {"incarnation": str(UUID(int=5)), "reason": "mood"},
        {"incarnation": str(UUID(int=5)), "reason": "clone", "public_key": "00" * 32},
        {"incarnation": str(UUID(int=5)), "reason": "key", "public_key": "00"},
    ],
)  # fmt: skip
def test_an_incarnation_that_is_none(pair: Pair, said: dict[str, str]) -> None:
    response, told = pair.ask(Request("POST", "/sync/incarnation", body=json.dumps(said).encode()))
    assert (response.status, told["error"]) == (400, "format")


def joining(machine: Machine, code: str) -> Request:
    its = machine.identity
    said = {
        "code": code, "node": str(its.node), "incarnation": str(machine.shelf.own.incarnation), "name": "Máy",
        "public_key": its.public_key.hex(), "recipient": its.recipient, "version": "1.0",
    }  # fmt: skip
    return Request("POST", "/sync/join", body=json.dumps(said).encode())


def test_joining_with_a_code_twice_gives_one_membership(pair: Pair) -> None:
    stranger = machine_of("new", "31003", pair.province, pair.world, RANDOM, Disk())
    pair.province.shelf.invite("CODE", "31003")
    first, said = pair.ask(joining(stranger, "CODE"), stranger)
    second, again = pair.ask(joining(stranger, "CODE"), stranger)
    assert (first.status, second.status) == (200, 200)
    assert said["member"] == again["member"]
    assert said["unit"] == "31003"
    assert pair.ask(joining(pair.other, "CODE"), pair.other)[1]["reason"] == "used"
    assert pair.ask(joining(stranger, "GUESS"), stranger)[1]["reason"] == "unknown"


def test_joining_takes_the_key_that_is_named(pair: Pair) -> None:
    stranger = machine_of("new", "31003", pair.province, pair.world, RANDOM, Disk())
    pair.province.shelf.invite("CODE", "31003")
    response, said = pair.ask(joining(stranger, "CODE"), pair.other)
    assert (response.status, said["error"]) == (401, "signature")
    assert pair.province.shelf.member(stranger.identity.node) is None
