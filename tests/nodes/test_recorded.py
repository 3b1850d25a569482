"""What nodes of released protocols said to each other is understood today, and answered as it was.

`recorded/version-1/exchange.jsonl` is the traffic of protocol version 1, made by `recording.py` when it was released.
It is never edited and never made anew: nodes that speak it are in the field. A new version of the protocol adds a
folder beside it. Should a test here fail, the code is wrong and not the recording. What may differ in an answer is
said by section 12 of the protocol alone (members may be added); `traffic.meaning` leaves out what only people read.
"""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from haicap.journal.entry import members, typed
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.signing import BadSignature, verify_answer
from haicap.nodes.exchange.wire import Request, Response
from nodes import recording
from nodes.memory import World
from nodes.traffic import (
    Line,
    Nodes,
    PlayedBack,
    contacts,
    cut,
    happen,
    includes,
    meaning,
    own_lines,
    request_of,
    response_of,
)

VERSIONS = sorted(path.parent for path in (Path(__file__).parent / "recorded").glob(f"*/{recording.NAME}"))
pytestmark = pytest.mark.parametrize("folder", VERSIONS, ids=lambda path: str(path.name))


@pytest.fixture
def lines(folder: Path) -> list[Line]:
    return lines_of(folder)


def lines_of(folder: Path) -> list[Line]:
    return [json.loads(line) for line in (folder / recording.NAME).read_text(encoding="utf-8").splitlines()]


def nodes_of(first: Line) -> Nodes:
    began = datetime.fromisoformat(first["began"])
    numbers = iter(range(1, 1 << 30))
    return Nodes(first, World(began), lambda size: next(numbers).to_bytes(size, "big"))


def exchanges(lines: list[Line]) -> list[Line]:
    return [line for line in lines if "ask" in line]


# The parent's side


def test_the_recorded_requests_are_answered_as_they_were(lines: list[Line]) -> None:
    parent = Parent(nodes_of(lines[0]))
    for line in lines[1:]:
        if "ask" in line:
            parent.answers(line)
        elif line.get("who") == "parent":
            happen(parent.nodes, line)


class Parent:
    """The parent of a recording, whose disk is as it was then before each request."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes, self.shelf = nodes, nodes.parent
        self.etags: dict[str, str] = {}

    def answers(self, line: Line) -> None:
        self.nodes.world.now = datetime.fromisoformat(line["at"])
        request, then = request_of(line["ask"]), response_of(line["answer"])
        before = self._written()
        now = answer(self.shelf, self._with_our_etag(request))
        kept = Response(now.status, now.headers, (now.whole(),))
        self._same(request, kept, then)
        self._wrote(before, line["wrote"])

    def _with_our_etag(self, request: Request) -> Request:
        """An ETag is for its maker alone: what was given then is what is given now."""
        theirs = request.headers.get("if-none-match")
        if theirs is None:
            return request
        return replace(request, headers={**request.headers, "if-none-match": self.etags[theirs]})

    def _same(self, request: Request, now: Response, then: Response) -> None:
        what = f"{request.method} {request.target}"
        assert now.status == then.status, what
        opens = self.nodes.child.identity.receiving
        kind = then.headers.get("content-type", "")
        assert now.headers.get("content-type", "") == kind
        for name in ("content-range", "accept-ranges", "retry-after", "content-length"):
            assert now.headers.get(name) == then.headers.get(name), what
        mine, its = (meaning(kind, b"".join(it.body), opens) for it in (now, then))
        assert includes(mine, its), what
        if "etag" in then.headers:
            self.etags[then.headers["etag"]] = now.headers["etag"]
        if "accept-ranges" not in then.headers:
            verify_answer(now, request, lambda node: self.shelf.identity.public_key)

    def _written(self) -> dict[tuple[UUID, int], bytes]:
        """All that lies in its own lines."""
        return {
            (stream, seq): item.payload
            for stream, head in own_lines(self.shelf).items()
            for seq, item in enumerate(self.shelf.stored(stream, 0, head.seq), 1)
        }

    def _wrote(self, before: dict[tuple[UUID, int], bytes], told: list[Line]) -> None:
        """It wrote down what it wrote then; from here on it has that, ids and all."""
        now = self._written()
        new = {place: payload for place, payload in now.items() if before.get(place) != payload}
        assert sorted(map(said, new.values())) == sorted(said(line["payload"]) for line in told)
        ends = {stream: head.seq for stream, head in self.shelf.heads().items()}
        for stream, seq in new:
            ends[stream] = min(ends[stream], seq - 1)
        cut(self.shelf, ends)
        for line in told:
            happen(self.nodes, line)


def said(payload: bytes | str) -> str:
    """What an entry says, whatever its own id, as today's version reads it."""
    its = members(payload)
    entry = typed(UUID(int=0), 1, "", its)
    body = entry.body.model_dump(mode="json") if entry.body else its.body
    return json.dumps([entry.kind, str(entry.actor), body], sort_keys=True)


# The child's side


def test_the_recorded_answers_are_taken_as_they_were(lines: list[Line]) -> None:
    nodes = nodes_of(lines[0])
    heads: dict[str, Any] = {}
    made: dict[str, Any] = {}
    for part in contacts(lines[1:]):
        if part and part[0].get("do") == "contact":
            heads |= part[-1]["heads"]
            made |= part[-1]["folded"]
            plays(nodes, part, {"heads": heads, "folded": made})
        else:
            for line in part:
                if line.get("who") == "child":
                    happen(nodes, line)


def plays(nodes: Nodes, part: list[Line], end: Line) -> None:
    """One contact again: the same was asked, and all that was answered led to the same."""
    child = nodes.child
    nodes.world.now = datetime.fromisoformat(part[0]["at"])
    wire = PlayedBack(nodes, exchanges(part))
    assert child.parent is not None
    done = contact(child, wire, child.parent, until=lambda: False)
    assert done.faults == ()
    assert wire.left() == []
    assert recording.ending(child, done) == {"moved": part[-1]["moved"], **end}


# What passed between them


def test_what_was_signed_then_is_believed_today(lines: list[Line]) -> None:
    nodes = nodes_of(lines[0])
    asked = 0
    for line in exchanges(lines):
        request, response = request_of(line["ask"]), response_of(line["answer"])
        if "accept-ranges" in response.headers:
            continue
        verify_answer(response, request, lambda node: nodes.parent.identity.public_key)
        with pytest.raises(BadSignature):
            verify_answer(response, other(request), lambda node: nodes.parent.identity.public_key)
        asked += 1
    assert asked > 50


def other(request: Request) -> Request:
    """The same, had it been sent with another nonce."""
    its = request.headers["signature-input"]
    return replace(
        request, headers={**request.headers, "signature-input": its.replace('nonce="', 'nonce="0')}
    )


def test_the_recording_has_all_that_there_is_to_say(lines: list[Line]) -> None:
    """Every endpoint, every status, and every error that two nodes can be brought to by what they say."""
    its = exchanges(lines)
    endpoints = {(it["ask"]["method"], "/".join(it["ask"]["path"].split("/")[:3])) for it in its}
    assert endpoints >= {
        ("POST", "/sync/join"), ("GET", "/sync/heads"), ("GET", "/sync/streams"), ("POST", "/sync/streams"),
        ("POST", "/sync/keys"), ("GET", "/sync/blobs"), ("HEAD", "/sync/blobs"), ("PUT", "/sync/blobs"),
        ("POST", "/sync/witness"), ("POST", "/sync/incarnation"),
    }  # fmt: skip
    assert {it["answer"]["status"] for it in its} >= {200, 201, 206, 304, 400, 401, 403, 404, 409, 416}
    errors = {
        json.loads(it["answer"]["text"]).get("error")
        for it in its
        if it["answer"].get("text", "").startswith("{")
    }
    assert errors >= {
        "signature",
        "clock",
        "replay",
        "unknown",
        "revoked",
        "foreign",
        "gap",
        "fork",
        "format",
    }
    queries = " ".join(it["ask"]["query"] for it in its)
    assert all(name in queries for name in ("after=", "to=", "since=", "under="))


def test_a_recording_is_never_made_anew(folder: Path) -> None:
    with pytest.raises(SystemExit):
        recording.write(folder)
