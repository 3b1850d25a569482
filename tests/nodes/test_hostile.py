"""A hostile node at the real door: a joined machine that sends what no honest one does, on PostgreSQL.

Whatever it sends, nothing is stored that is not its to write, and people read on its page what it tried.
"""

import json
import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse
from pyrage import x25519

from cast import WARD
from foreign import Line, commented
from haicap.config import bodies
from haicap.config.serving import listening
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.intake import Item
from haicap.journal.node import own
from haicap.nodes import views_sync, words
from haicap.nodes.database import Database
from haicap.nodes.entries import NodeJoined
from haicap.nodes.exchange.lines import Part, written
from haicap.nodes.exchange.signing import Signer, sign
from haicap.nodes.exchange.wire import Request
from haicap.nodes.fold import Member
from haicap.nodes.models import Contact, Incident
from nodes.world import OTHER, invites, joins
from pages import browser, difficulty, html

COUNTED = ("journal_entry", "journal_ciphertext", "journal_subjectkey", "journal_wanted", "journal_lacking",
           "journal_verdict", "nodes_member")  # fmt: skip


@dataclass
class Hostile:
    """The ward's joined machine, whose owner means ill."""

    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    id: UUID = field(default_factory=uuid7)
    incarnation: UUID = field(default_factory=uuid7)

    def join(self, unit: str = WARD) -> Member:
        recipient = str(x25519.Identity.generate().to_public())
        key = self.signing.public_key().public_bytes_raw().hex()
        return joins(
            invites(unit),
            NodeJoined(
                node=self.id, incarnation=self.incarnation, name="Máy lạ", public_key=key, recipient=recipient,
                runs="1",
            ),
        )  # fmt: skip

    def line(self, **more: Any) -> Line:
        """A line of its own; or, as `more` says, another's."""
        return Line(**{"node": self.id, "incarnation": self.incarnation, "unit": WARD} | more)

    def signed(self, request: Request, at: datetime | None = None) -> Request:
        return sign(request, Signer(self.id, self.incarnation, self.signing), at or datetime.now(UTC))


@dataclass
class Door:
    """This installation as the machine meets it, and as its people see that."""

    it: Hostile
    member: Member

    def ask(self, request: Request, **meta: Any) -> tuple[int, dict[str, Any]]:
        return self.send(self.it.signed(request), **meta)

    def send(self, request: Request, *, path: str = "", **meta: Any) -> tuple[int, dict[str, Any]]:
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
        sent = Client().generic(
            request.method, path or request.path, request.body, "application/octet-stream",
            QUERY_STRING=request.query, **(headers | meta),
        )  # fmt: skip
        return sent.status_code, sent.json() if sent.content else {}

    def push(self, line: Line, after: int = 0) -> tuple[int, dict[str, Any]]:
        return self.ask(posted(line, after))

    def stored(self) -> Any:
        """All that exchange may store: rows of the journal, and files."""
        with connections["worker"].cursor() as cursor:
            cursor.execute("SELECT id, seq, hash FROM journal_stream ORDER BY id")
            rows = cursor.fetchall()
            cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in COUNTED))
            rows += cursor.fetchall()
        place = Path(settings.HOME) / "blobs"
        return rows, sorted((str(it), it.stat().st_size) for it in place.rglob("*") if it.is_file())

    def incidents(self) -> dict[str, int]:
        rows = Incident.objects.filter(node=self.it.id)
        return {it.sort: it.times for it in rows}

    def page(self) -> str:
        return html(browser("operator"), f"/nodes/{self.member.id}/")


def posted(line: Line, after: int = 0) -> Request:
    hashes = line.hashes()
    body = b"".join(written([Part(line.description, after, hashes[after], line.items[after:])]))
    return Request("POST", f"/sync/streams/{line.id}", f"after={after}", {}, body)


def raw(line: Line, clear: bytes) -> Request:
    """Whatever bytes, compressed, as a batch of the line."""
    body = zstandard.compress(clear, 9)
    return Request("POST", f"/sync/streams/{line.id}", "after=0", {}, body)


def first_line(line: Line) -> bytes:
    stretch = b"".join(written([Part(line.description, 0, bytes(32), [])]))
    return zstandard.ZstdDecompressor().decompressobj().decompress(stretch).splitlines(True)[0]


@pytest.fixture(scope="module")
def joined(module_database: None) -> Iterator[Door]:
    """A machine that has joined below a province, in a database that these tests share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "unit", "31")
        it = Hostile()
        yield Door(it, it.join())


@pytest.fixture
def door(joined: Door) -> Door:
    """The door, with no incident noted yet."""
    Incident.objects.all().delete()
    return joined


@contextmanager
def refused(door: Door, *sorts: str) -> Iterator[None]:
    """Afterwards nothing has been stored, and the page says what was tried."""
    before = door.stored()
    yield
    assert door.stored() == before
    assert set(door.incidents()) == set(sorts)
    page = door.page()
    for it in Incident.objects.filter(node=door.it.id):
        assert words.incident(it) in page
        assert it.sort not in words.incident(it)


def full(line: Line, count: int = 1) -> Line:
    for _ in range(count):
        line.write(uuid7(), commented(), at=datetime.now(UTC))
    return line


@pytest.mark.parametrize("spoiled", ["signature", "body", "query", "path", "unsigned", "another's key"])
def test_a_forged_signature(door: Door, spoiled: str) -> None:
    line = full(door.it.line())
    signed = door.it.signed(posted(line))
    other = replace(door.it, signing=Ed25519PrivateKey.generate())
    forged = {
        "signature": replace(signed, headers={**signed.headers} | {"signature": f"sig=:{'A' * 86}==:"}),
        "body": replace(signed, body=posted(full(door.it.line())).body),
        "query": replace(signed, query="after=1"),
        "path": replace(signed, path=f"/sync/streams/{uuid7()}"),
        "unsigned": replace(signed, headers={**signed.headers} | {"signature": ""}),
        "another's key": other.signed(posted(line)),
    }[spoiled]
    with refused(door, "signature"):
        status, said = door.send(forged)
        assert (status, said["error"]) == (401, "signature")


def test_strangers_do_not_fill_the_disk_with_incidents(door: Door) -> None:
    for number in range(5):
        stranger = Hostile()
        assert door.send(stranger.signed(Request("GET", f"/sync/blobs/{number:064x}")))[0] == 401
        path = f"/sync/streams/{uuid7()}"
        for id in (stranger.id, door.it.id):
            forged = replace(door.it, id=id, signing=stranger.signing).signed(
                Request("POST", path, "after=0")
            )
            assert door.send(forged)[0] == 401
            door.send(Request(f"A{number}", path, "", forged.headers), CONTENT_LENGTH=str(1 << 40))
        door.send(Request("GET", path))
    assert Incident.objects.count() <= 4
    assert door.incidents() == {"signature": 5, "size": 5}


def test_a_replayed_request(door: Door) -> None:
    signed = door.it.signed(Request("GET", "/sync/heads"))
    assert door.send(signed)[0] == 200
    with refused(door, "replay"):
        status, said = door.send(signed)
        assert (status, said["error"]) == (401, "replay")


@pytest.fixture(scope="module")
def line(joined: Door) -> Line:
    """A line of the machine's, three entries of which have been taken in."""
    line = full(joined.it.line(), 3)
    assert joined.push(line) == (200, {"held": {}, "seq": 3})
    return line


@pytest.mark.parametrize("at", [0, 2, 3])
def test_a_rewritten_history(door: Door, line: Line, at: int) -> None:
    told = replace(line, items=line.items[: max(at - 1, 0)])
    full(told, 5 - len(told.items))
    with refused(door, "fork"):
        status, said = door.push(told, at)
        assert (status, said["error"]) == (409, "fork")
        assert said["hash"] == line.hashes()[said["seq"]].hex()


@pytest.mark.parametrize(
    "whose",
    [
        {"unit": OTHER}, {"unit": "31"}, {"channel": "reference"}, {"node": uuid7()}, {"incarnation": uuid7()},
    ],
)  # fmt: skip
def test_a_foreign_stream(door: Door, whose: dict[str, Any]) -> None:
    with refused(door, "foreign"):
        status, said = door.push(full(door.it.line(**whose)))
        assert (status, said["error"]) == (403, "foreign")


def test_a_line_of_this_node_itself(door: Door) -> None:
    line = full(door.it.line(node=own().id, incarnation=own().incarnation))
    with refused(door, "foreign"):
        assert door.push(line)[0] == 403
        part = Part(line.description, 0, line.hashes()[0], line.items)
        body = b"".join(written([part], lambda head: bytes(64)))
        request = replace(posted(line), query="after=0&since=0", body=body)
        assert door.ask(request)[1]["error"] == "foreign"


def test_what_is_not_its_to_read(door: Door) -> None:
    other = Hostile()
    its = Door(other, other.join(OTHER))
    line = full(other.line(unit=OTHER))
    assert its.push(line)[0] == 200
    with refused(door, "foreign"):
        status, said = door.ask(Request("GET", f"/sync/streams/{line.id}", "after=0"))
        assert (status, said["error"]) == (403, "foreign")


def test_a_gigantic_body(door: Door) -> None:
    with refused(door, "size"):
        for place in ("streams/x", "keys", "witness", "join", "heads"):
            signed = door.it.signed(Request("POST", f"/sync/{place}", "after=0"))
            for length in (str(views_sync.MOST + 1), str(1 << 40), "9" * 5000, "-1", "x"):
                status, said = door.send(signed, CONTENT_LENGTH=length)
                assert (status, said["error"]) == (413, "size")


def test_a_body_whose_length_nobody_says(door: Door) -> None:
    signed = door.it.signed(posted(full(door.it.line())))
    with refused(door, "size"):
        status, said = door.send(signed, HTTP_TRANSFER_ENCODING="chunked")
        assert (status, said["error"]) == (413, "size")


@pytest.fixture
def served(door: Door) -> Iterator[tuple[str, int]]:
    """The web server as it is in use; yields where."""
    server = listening("127.0.0.1", 0)
    thread = Thread(target=server.run)
    thread.start()
    yield "127.0.0.1", server.effective_port
    server.task_dispatcher.shutdown()
    server.asyncore.close_all(server._map)
    thread.join()


@pytest.mark.parametrize("said", ["Transfer-Encoding: chunked", f"Content-Length: {1 << 40}"])
def test_an_endless_body(door: Door, served: tuple[str, int], said: str) -> None:
    signed = door.it.signed(Request("POST", "/sync/streams/x", "after=0"))
    headers = "".join(f"{name}: {value}\r\n" for name, value in signed.headers.items())
    piece = b"10000\r\n" + bytes(1 << 16) + b"\r\n"
    with refused(door, "size"), socket.create_connection(served, timeout=20) as wire:
        wire.sendall(f"POST /sync/streams/x?after=0 HTTP/1.1\r\nHost: x\r\n{headers}{said}\r\n\r\n".encode())
        sent, answer = 0, b""
        with suppress(BrokenPipeError, ConnectionResetError):
            while sent < 8 * views_sync.MOST:
                wire.sendall(piece)
                sent += len(piece)
        with suppress(ConnectionResetError):
            while part := wire.recv(1 << 16):
                answer += part
        assert sent < 8 * views_sync.MOST
    assert not answer or b" 413 " in answer.split(b"\r\n")[0]


def test_forms_with_files_may_be_larger_than_what_nodes_send() -> None:
    assert bodies.most() == 20 * settings.FILE_LIMIT + views_sync.MOST


BOMBS = {
    "one line": lambda first: first + b'{"' + bytes(100_000_000),
    "many lines": lambda first: first + b'{"sealed":null,"subject":\x01,"version":1}\n' * 2_000_000,
    "names": lambda first: first + b'["names","' + b"A" * 100_000_000,
    "first": lambda first: b" " * 100_000_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_decompression_bomb(door: Door, bomb: str) -> None:
    line = door.it.line()
    request = raw(line, BOMBS[bomb](first_line(line)))
    assert len(request.body) < 200_000
    with refused(door, "size"):
        tracemalloc.start()
        status, said = door.ask(request)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (status, said["error"]) == (413, "size")
        assert peak < 64 << 20


def test_a_window_that_would_fill_the_memory(door: Door) -> None:
    line = door.it.line()
    how = zstandard.ZstdCompressionParameters.from_level(1, window_log=27)
    frame = zstandard.ZstdCompressor(compression_params=how).compressobj()
    body = frame.compress(first_line(line)) + frame.flush()
    with refused(door, "format"):
        request = Request("POST", f"/sync/streams/{line.id}", "after=0", {}, body)
        status, said = door.ask(request)
        assert (status, said["error"]) == (400, "format")


@pytest.mark.parametrize("depth", [b"[", b'{"a":'])
def test_a_payload_too_deep_to_be_read(door: Door, depth: bytes) -> None:
    line = door.it.line()
    line.items.append(Item(b'{"actor":' + depth * 200_000))
    with refused(door, "format"):
        status, said = door.push(line)
        assert (status, said["error"]) == (400, "format")


@pytest.mark.parametrize("place", ["keys", "witness", "incarnation"])
def test_json_too_deep_to_be_read(door: Door, place: str) -> None:
    with refused(door, "format"):
        status, said = door.ask(Request("POST", f"/sync/{place}", "", {}, b"[" * 200_000))
        assert (status, said["error"]) == (400, "format")
    Incident.objects.all().delete()
    if place == "witness":
        body = json.dumps({"statement": "[" * 100_000, "signature": "00" * 64}).encode()
        with refused(door, "signature"):
            assert door.ask(Request("POST", "/sync/witness", "", {}, body))[0] == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_path_tricks_in_the_names_of_blobs(door: Door, method: str) -> None:
    digest = "a" * 64
    names = (
        "..", "../../etc/passwd", "/etc/passwd", "..%2fnode.key", "A" * 64, digest[1:], digest + "a", f"part-{digest}",
        f"aa/{digest}", f"{digest}/..", f"./{digest}", f"{digest}.",
    )  # fmt: skip
    headers, body = ({"content-range": "bytes 0-0/1"}, b"x") if method == "PUT" else ({}, b"")
    with refused(door, "format"):
        for name in names:
            request = door.it.signed(Request(method, f"/sync/blobs/{name}", "", headers, body))
            status, _ = door.send(request, path=f"/sync/blobs/{quote(name)}")
            assert status == 404, name
    assert {it.times for it in Incident.objects.all()} == {1}


def test_path_tricks_that_nobody_can_sign(door: Door) -> None:
    digest = "a" * 64
    names = ("..\\node.key", f"{digest}\n", f"{digest}\0", f"\u202e{digest[1:]}", f"{digest[1:]}\u0661")
    signed = door.it.signed(Request("GET", f"/sync/blobs/{digest}"))
    with refused(door, "signature"):
        for name in names:
            status, said = door.send(signed, path=f"/sync/blobs/{quote(name)}")
            assert (status, said["error"]) == (401, "signature"), name


def test_a_blob_that_no_entry_names(door: Door) -> None:
    name = sha256(b"x").hexdigest()
    request = Request("PUT", f"/sync/blobs/{name}", "", {"content-range": "bytes 0-0/1"}, b"x")
    with refused(door, "foreign"):
        status, said = door.ask(request)
        assert (status, said["error"]) == (403, "foreign")


@pytest.mark.parametrize("off", [timedelta(days=3000), timedelta(days=-3000)])
def test_a_request_signed_years_from_now(door: Door, off: timedelta) -> None:
    with refused(door, "clock"):
        status, said = door.send(door.it.signed(Request("GET", "/sync/heads"), datetime.now(UTC) + off))
        assert (status, said["error"]) == (401, "clock")
        assert abs(datetime.fromisoformat(said["time"]) - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_moment_that_no_calendar_here_can_show(door: Door) -> None:
    line = door.it.line(channel="returns")
    line.write(uuid7(), commented(), at=datetime(9999, 12, 31, 23, tzinfo=UTC))
    with refused(door, "format"):
        status, said = door.push(line)
        assert (status, said["error"]) == (400, "format")


def test_entries_written_years_ahead_are_held(door: Door, line: Line) -> None:
    subject, after = difficulty("Dột mái"), len(line.items)
    before = history(subject, "worker")
    entry = line.write(subject, commented(), at=datetime.now(UTC) + timedelta(days=3000))
    status, said = door.push(line, after)
    assert (status, said) == (200, {"seq": after + 1, "held": {str(entry): "clock-ahead"}})
    assert history(subject, "worker") == before
    assert door.incidents() == {}
    page = door.page()
    assert words.held_reasons()["clock-ahead"] in page
    assert f"/held/{entry}/release/" in page
    html(browser("auditor"), reverse("journal:entry", args=[line.id, after + 1]))


@pytest.mark.parametrize(
    "state",
    [
        {"v": "a\0b\u202e" * 99},
        {"disk": 10**30, "wait": 10**30, "blobs": -(10**30)},
        {"wait": 1, "old": 10**300},
        {"wait": "x", "old": -1, "disk": None, "v": {"a": [1]}, "blobs": 1.5},
    ],
)
def test_what_a_node_tells_of_itself_is_not_believed_blindly(door: Door, state: dict[str, Any]) -> None:
    request = Request("GET", "/sync/heads", "", {"haicap-state": json.dumps(state)})
    with refused(door):
        assert door.ask(request)[0] == 200
    its = Contact.objects.get(node=door.it.id)
    assert its.version.isprintable()
    assert len(its.version) <= 40
    assert its.up >= 0
