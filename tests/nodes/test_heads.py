"""What lies at the parent for a child."""

import pytest

from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.signing import sign
from haicap.nodes.exchange.wire import Request
from nodes.pair import Pair, posted


def test_heads_are_those_of_the_childs_files_and_of_what_governs(pair: Pair) -> None:
    pair.write(pair.province)
    for machine in (pair.ward, pair.other):
        pair.write(machine)
        stream = machine.shelf.own.stream(machine.unit, "work")
        response, _ = pair.ask(posted(machine.shelf, stream), machine)
        assert response.status == 200
    response, said = pair.ask(Request("GET", "/sync/heads"))
    seen = {(it["description"]["unit"], it["description"]["channel"]) for it in said["heads"].values()}
    assert response.status == 200
    assert {unit for unit, channel in seen if channel == "work"} == {"31001"}
    assert {unit for unit, channel in seen if channel == "reference"} >= {"31001", "31002", "31"}
    assert said["incarnations"] == [str(pair.ward.shelf.own.incarnation)]


def test_nothing_new_is_a_304_within_a_kilobyte(pair: Pair) -> None:
    first, _ = pair.ask(Request("GET", "/sync/heads"))
    request = sign(
        Request("GET", "/sync/heads", "", {"if-none-match": first.headers["etag"]}),
        pair.ward.shelf.signer, pair.world.now,
    )  # fmt: skip
    response = answer(pair.province.shelf, request)
    headers = [*request.headers.items(), *response.headers.items()]
    assert response.status == 304
    assert sum(len(name) + len(value) + 4 for name, value in headers) < 1024


def test_parts_of_what_governs_can_be_asked_for(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haicap.nodes.exchange.heads.INLINE", 1)
    _, said = pair.ask(Request("GET", "/sync/heads"))
    assert not any(it["description"]["channel"] == "reference" for it in said["heads"].values())
    part = next(iter(said["reference"]))
    _, some = pair.ask(Request("GET", "/sync/heads", f"under={part}"))
    assert some["heads"]
    assert all(stream.startswith(part) for stream in some["heads"])
