"""Recorded traffic: how it lies in a file, what stood on either node's disk meanwhile, and a line that plays it back.

A recording is JSON Lines. The first says who the two nodes are; each other one is either something that happened on a
node (`do`), or a request with its answer (`ask`, `answer`, and in `wrote` what the parent wrote down because of it).
"""

import json
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from haicap.journal.chain import Description
from haicap.journal.ids import Entropy
from haicap.journal.intake import Head, Item
from haicap.journal.node import Own
from haicap.journal.witness import Signed as Checkpoint
from haicap.journal.witness import Statement
from haicap.nodes.exchange.lines import read
from haicap.nodes.exchange.records import Parent, Reason, Renewal
from haicap.nodes.exchange.signing import sign_answer
from haicap.nodes.exchange.wire import Down, Request, Response
from nodes.memory import Clock, Disk, Identity, MemoryShelf, World

Line = dict[str, Any]
SIGNED = {"haicap-nonce", "content-digest", "signature-input", "signature"}


class Actor(MemoryShelf):
    """A node of a recording; it begins the lives that it began there."""

    lives: list[UUID]

    def begin(self, reason: Reason, tails: Mapping[UUID, int], later_than: UUID | None = None) -> Own:
        if self.lives:
            self.entropy, entropy = bytes, self.entropy
            later_than = UUID(int=self.lives.pop(0).int - 1)
            try:
                return super().begin(reason, tails, later_than)
            finally:
                self.entropy = entropy
        return super().begin(reason, tails, later_than)


@dataclass
class Nodes:
    """The parent and the child of a recording, each with nothing on its disk."""

    told: Line
    world: World
    entropy: Entropy

    def __post_init__(self) -> None:
        parent, child = self.told["parent"], self.told["child"]
        self.parent = self._actor(parent, None)
        its = self.parent.identity
        above = Parent(its.node, parent["unit"], "", its.public_key, its.recipient)
        self.child = self._actor(child, above)

    def _actor(self, told: Line, above: Parent | None) -> Actor:
        identity = Identity(
            UUID(told["node"]),
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(told["signing"])),
            x25519.Identity.from_str(told["receiving"]),
        )
        first, *lives = map(UUID, told["lives"])
        disk = Disk()
        with disk.change():
            disk.put("own", "own", Own(identity.node, first))
            disk.put("own", "renewal", Renewal(first, "restored", {}))
        actor = Actor(disk, identity, told["unit"], Clock(self.world), self.entropy, above, name=told["name"])
        actor.lives = lives
        return actor

    def of(self, name: str) -> Actor:
        return self.parent if name == "parent" else self.child


# What happens on a node


def happen(nodes: Nodes, line: Line) -> None:
    """Do on a node what a line says happened there."""
    actor = nodes.of(line["who"])
    disk = actor.disk
    with disk.change():
        match line["do"]:
            case "clock":
                actor.clock.off = timedelta(seconds=line["off"])
            case "entry":
                ciphertext = b64decode(line["ciphertext"]) if line["ciphertext"] else None
                payload = line["payload"].encode()
                name = UUID(json.loads(payload)["id"])
                actor.append(description_of(line["stream"]), name, payload, ciphertext, b"")
            case "key":
                disk.put("key", line["key_id"], (UUID(line["subject"]), bytes.fromhex(line["key"])))
            case "blob":
                disk.put("blob", line["sha256"], b64decode(line["bytes"]))
            case "invitation":
                disk.put("invitation", line["code"], (UUID(line["subject"]), line["unit"]))
            case "checkpoint":
                data = line["statement"].encode()
                made = Checkpoint(Statement.read(data), data, bytes.fromhex(line["signature"]))
                disk.put("checkpoint", "newest", made)
            case "destroyed":
                disk.put("key", line["key_id"], None)
            case "shredded":
                place = (UUID(line["stream"]), line["seq"])
                stored = disk.tables["entry"][place]
                disk.put("entry", place, stored._replace(item=Item(stored.item.payload)))
            case "restored":
                cut(actor, {UUID(stream): seq for stream, seq in line["heads"].items()})
            case _:
                raise ValueError(line["do"])


def happened(who: str, actor: Actor, since: int) -> Iterator[Line]:
    """What was kept on a node's disk since its log was so long, as lines."""
    for changes in actor.disk.log[since:]:
        for table, key, old, new in changes:
            if table == "entry" and old and new:
                yield {"do": "shredded", "who": who, "stream": str(key[0]), "seq": key[1]}
            elif table == "entry" and new:
                its = actor.head(key[0])
                assert its is not None
                yield {
                    "do": "entry", "who": who, "stream": json.loads(its.description.canonical()),
                    "payload": new.item.payload.decode(),
                    "ciphertext": b64encode(new.item.ciphertext).decode() if new.item.ciphertext else None,
                }  # fmt: skip
            elif table == "key" and new is None:
                yield {"do": "destroyed", "who": who, "key_id": key}
            elif table == "key":
                yield {"do": "key", "who": who, "key_id": key, "subject": str(new[0]), "key": new[1].hex()}
            elif table == "blob" and new is not None:
                yield {"do": "blob", "who": who, "sha256": key, "bytes": b64encode(new).decode()}
            elif table == "invitation":
                yield {"do": "invitation", "who": who, "code": key, "subject": str(new[0]), "unit": new[1]}
            elif table == "checkpoint":
                said = {"statement": new.data.decode(), "signature": new.signature.hex()}
                yield {"do": "checkpoint", "who": who, **said}


def cut(actor: Actor, heads: Mapping[UUID, int]) -> None:
    """Put an older image of a node's lines back: what it then knew of its parent is forgotten."""
    with actor.disk.change():
        for stream, head in list(actor.heads().items()):
            if head.seq > heads.get(stream, 0):
                actor._cut(head, heads.get(stream, 0))
        actor.disk.put("remembered", "parent", None)


def description_of(told: Line) -> Description:
    return Description(UUID(told["node"]), UUID(told["incarnation"]), told["unit"], told["channel"])


def own_lines(actor: Actor) -> dict[UUID, Head]:
    """The heads of the lines that a node writes itself."""
    return {stream: head for stream, head in actor.heads().items() if head.description.node == actor.own.id}


# Requests and answers


def body_told(body: bytes) -> Line:
    """A body as a recording has it: text where it is text."""
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode()}


def body_of(told: Line) -> bytes:
    text: str | None = told.get("text")
    return b64decode(told["base64"]) if text is None else text.encode()


def request_of(told: Line) -> Request:
    return Request(told["method"], told["path"], told["query"], told["headers"], body_of(told))


def response_of(told: Line) -> Response:
    return Response(told["status"], told["headers"], (body_of(told),))


def told_request(it: Request) -> Line:
    said = {"method": it.method, "path": it.path, "query": it.query, "headers": dict(it.headers)}
    return {**said, **body_told(it.body)}


def told_response(it: Response, body: bytes) -> Line:
    return {"status": it.status, "headers": dict(it.headers), **body_told(body)}


def meaning(kind: str, body: bytes, opens: x25519.Identity) -> Any:
    """What a body says: entries, or JSON without what is there for people who read logs; else its bytes."""
    if not body:
        return None
    if kind == "application/zstd" or body[:4] == b"\x28\xb5\x2f\xfd":
        try:
            return list(read([body]))
        except Exception:  # a request that is to be refused
            return body
    try:
        said = json.loads(body)
    except ValueError:
        return body
    if isinstance(said, dict):
        said.pop("message", None)
        said.pop("version", None)
        said["incidents"] = [it["sort"] for it in said.get("incidents", ())]
        if isinstance(said.get("keys"), str):
            keys = b64decode(said["keys"])
            said["keys"] = pyrage.decrypt(keys, [opens]).decode() if keys else ""
    return said


def includes(more: Any, less: Any) -> bool:
    """Whether `more` says all that `less` says; members may have been added."""
    if isinstance(less, dict) and isinstance(more, dict):
        return all(name in more and includes(more[name], value) for name, value in less.items())
    return bool(more == less)


@dataclass
class PlayedBack:
    """A line at whose other end recorded answers come, each bound anew to the request that is made now."""

    nodes: Nodes
    lines: list[Line]
    answers: dict[tuple[str, str], list[Line]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for line in self.lines:
            its = request_of(line["ask"])
            self.answers[its.method, its.target].append(line)

    def ask(self, request: Request) -> Response:
        waiting = self.answers[request.method, request.target]
        if not waiting:
            raise Down("refused", f"nobody asked {request.method} {request.target} then")
        line = waiting.pop(0)
        then, opens = request_of(line["ask"]), self.nodes.parent.identity.receiving
        kind = request.headers.get("content-type", "")
        mine, its = (meaning(kind, body, opens) for body in (request.body, then.body))
        assert includes(mine, its), f"{request.method} {request.target} said otherwise then"
        response = response_of(line["answer"])
        if "accept-ranges" in response.headers:
            return response
        bare = {name: value for name, value in response.headers.items() if name not in SIGNED}
        at = datetime.fromisoformat(line["at"])
        return sign_answer(
            Response(response.status, bare, response.body), request, self.nodes.parent.signer, at
        )

    def left(self) -> list[str]:
        """What was asked then and not now."""
        return [f"{method} {target}" for (method, target), its in self.answers.items() for _ in its]


def contacts(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines of a recording, cut before each contact and behind it."""
    part: list[Line] = []
    for line in lines:
        if line.get("do") == "contact":
            yield part
            part = []
        part.append(line)
        if line.get("do") == "ended":
            yield part
            part = []
    yield part
