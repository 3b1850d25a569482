"""The line between nodes over real sockets, with answers good and bad; and the cap on a clock of its own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from time import sleep

import pytest

from haicap.nodes.exchange.wire import Cap, Down, Http, Request, Response, Traffic, beside, lowered, told

GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: "1"\r\n\r\nok'


@dataclass
class Server:
    """Answers each request with the next of its answers, as bytes; an empty one closes. Notes what came."""

    answers: list[bytes]
    came: list[bytes] = field(default_factory=list)
    connections: int = 0

    def serve(self, listening: socket.socket) -> None:
        while self.answers:
            connection, _ = listening.accept()
            self.connections += 1
            with connection:
                self.talk(connection)

    def talk(self, connection: socket.socket) -> None:
        while self.answers:
            request = _request(connection)
            if not request:
                return
            self.came.append(request)
            answer = self.answers.pop(0)
            connection.sendall(answer)
            if b"\r\nConnection: close" in answer or not answer.startswith(b"HTTP/1.1"):
                return


def _request(connection: socket.socket) -> bytes:
    gathered = b""
    while b"\r\n\r\n" not in gathered:
        part = connection.recv(65536)
        if not part:
            return b""
        gathered += part
    head, _, body = gathered.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0].split(b":")[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(*answers: bytes) -> Iterator[tuple[Server, str]]:
    server = Server(list(answers))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.serve, args=[listening], daemon=True)
        thread.start()
        yield server, f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def line(url: str, **options: object) -> Iterator[tuple[Http, list[Traffic]]]:
    seen: list[Traffic] = []
    http = Http(url, watch=seen.append, **options)  # type: ignore[arg-type]  # named options of the line
    yield http, seen
    http.close()


def test_an_answer_comes_with_its_status_headers_and_body() -> None:
    with serving(GOOD) as (server, url), line(url) as (http, _):
        answer = http.ask(Request("POST", "/sync/keys", "a=1", {"haicap-state": "{}"}, b"body"))
        assert (answer.status, answer.headers["etag"], answer.whole()) == (200, '"1"', b"ok")
    first, *headers = server.came[0].split(b"\r\n\r\n")[0].split(b"\r\n")
    assert first == b"POST /sync/keys?a=1 HTTP/1.1"
    assert b"haicap-state: {}" in headers
    assert b"content-length: 4" in headers
    assert len(headers) == 3
    assert server.came[0].endswith(b"\r\n\r\nbody")


def test_one_connection_serves_one_request_after_the_other() -> None:
    with serving(GOOD, GOOD, GOOD) as (server, url), line(url) as (http, _):
        assert [http.ask(Request("GET", "/sync/heads")).whole() for _ in range(3)] == [b"ok"] * 3
    assert server.connections == 1


def test_an_answer_can_come_while_something_else_is_done() -> None:
    with serving(GOOD, GOOD) as (server, url), line(url) as (http, seen):
        first = beside(http, lambda: http.ask(Request("GET", "/sync/streams/1")).whole())
        while not seen:  # nobody has waited for it
            sleep(0.01)
        assert first() == b"ok"
        assert http.ask(Request("GET", "/sync/heads")).whole() == b"ok"
    assert server.connections == 1
    with line(url) as (http, _):
        waiting = beside(http, lambda: http.ask(Request("GET", "/sync/heads")))
        with pytest.raises(Down):
            waiting()


def test_an_answer_given_up_spoils_no_other() -> None:
    with serving(GOOD, GOOD) as (server, url), line(url) as (http, seen):
        http.ask(Request("GET", "/sync/streams/1")).close()
        assert http.ask(Request("GET", "/sync/heads")).whole() == b"ok"
    assert server.connections == 2
    assert [it.path for it in seen] == ["/sync/streams/1", "/sync/heads"]


def test_bytes_and_seconds_are_counted() -> None:
    ticks = iter(range(100))
    with serving(GOOD) as (server, url), line(url, now=lambda: float(next(ticks))) as (http, seen):
        http.ask(Request("PUT", "/sync/blobs/ab", "", {"a": "b"}, b"12345")).whole()
    (it,) = seen
    assert (it.method, it.path, it.down) == ("PUT", "/sync/blobs/ab", None)
    assert (it.first, it.seconds) == (1.0, 2.0)
    assert it.out == len(server.came[0])
    assert it.into == len(GOOD)


def test_an_answer_is_handed_on_as_it_comes() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with serving(chunked) as (_, url), line(url) as (http, _):
        assert b"".join(http.ask(Request("GET", "/sync/streams/1")).body) == b"abcde"


CUTS = {
    "length": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nab",
    "chunk": b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "last chunk": b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
}


@pytest.mark.parametrize("cut", CUTS)
def test_an_answer_cut_off_is_no_answer(cut: str) -> None:
    with serving(CUTS[cut]) as (_, url), line(url) as (http, seen):
        with pytest.raises(Down) as down:
            http.ask(Request("GET", "/sync/streams/1")).whole()
        assert down.value.reason == "cut"
        assert [it.down for it in seen] == ["cut"]


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + b"X-Many: a\r\n" * 200 + b"\r\n",
    ],
)
def test_what_is_no_http_or_gigantic_is_no_answer(answer: bytes) -> None:
    with serving(answer) as (_, url), line(url) as (http, seen):
        with pytest.raises(Down, match="cut"):
            http.ask(Request("GET", "/sync/heads"))
        assert [(it.first, it.down) for it in seen] == [(None, "cut")]


@pytest.mark.parametrize("status", [b"301", b"302", b"307"])
def test_a_redirect_is_not_followed(status: bytes) -> None:
    there = b"HTTP/1.1 " + status + b" Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n"
    with (
        serving(there) as (server, url),
        line(url) as (http, _),
        pytest.raises(Down, match=r"redirect: http://login\.example/"),
    ):
        http.ask(Request("GET", "/sync/heads"))
    assert len(server.came) == 1


def test_no_redirect_is_what_says_that_nothing_is_new() -> None:
    with serving(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n') as (_, url), line(url) as (http, _):
        answer = http.ask(Request("GET", "/sync/heads"))
        assert (answer.status, answer.whole()) == (304, b"")


def test_head_has_a_length_and_no_body() -> None:
    with (
        serving(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", GOOD) as (_, url),
        line(url) as (http, _),
    ):
        answer = http.ask(Request("HEAD", "/sync/blobs/ab"))
        assert (answer.headers["content-length"], answer.whole()) == ("500", b"")
        assert http.ask(Request("GET", "/sync/heads")).whole() == b"ok"


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with line(f"http://127.0.0.1:{port}") as (http, seen):
        with pytest.raises(Down, match="refused"):
            http.ask(Request("GET", "/sync/heads"))
        assert [it.down for it in seen] == ["refused"]


def test_a_name_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*args: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    with line("http://node.invalid") as (http, _), pytest.raises(Down, match="name"):
        http.ask(Request("GET", "/sync/heads"))


def test_silence_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        line(f"http://127.0.0.1:{mute.getsockname()[1]}", silence=0.05) as (http, seen),
    ):
        with pytest.raises(Down, match="timeout"):
            http.ask(Request("GET", "/sync/heads"))
        assert [it.down for it in seen] == ["timeout"]


def test_what_speaks_no_tls_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def plain() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        Thread(target=plain, daemon=True).start()
        port = listening.getsockname()[1]
        with line(f"https://127.0.0.1:{port}") as (http, _), pytest.raises(Down, match="tls"):
            http.ask(Request("GET", "/sync/heads"))


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(GOOD) as (_, url), line(url) as (http, _):
        assert http.ask(Request("GET", "/sync/heads")).whole() == b"ok"


@dataclass
class Clock:
    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def capped(rate: float | None) -> tuple[Cap, Clock]:
    clock = Clock()
    return Cap(rate, now=clock.now, sleep=clock.sleep), clock


def test_a_cap_lets_so_much_pass_in_a_second() -> None:
    cap, clock = capped(8000)
    assert sum(map(len, cap.through([b"a" * 80_000, b"b" * 8_000]))) == 88_000
    assert clock.at == pytest.approx(10.0)  # the first second's worth passes at once


def test_what_was_not_used_is_saved_for_one_second_only() -> None:
    cap, clock = capped(1000)
    clock.at = 3600.0
    cap.spend(1000)
    assert not clock.slept
    cap.spend(500)
    assert clock.slept == [0.5]


def test_without_a_cap_nothing_waits() -> None:
    cap, clock = capped(None)
    assert len(list(cap.through([b"a" * 40_000]))) == 3
    assert not clock.slept


@pytest.mark.parametrize("rate", [0, -1])
def test_a_cap_that_lets_nothing_pass_is_none(rate: int) -> None:
    with pytest.raises(ValueError, match="something"):
        capped(rate)


def test_a_line_keeps_to_its_cap_both_ways() -> None:
    cap, clock = capped(1000)
    with serving(GOOD) as (server, url), line(url, cap=cap) as (http, _):
        http.ask(Request("PUT", "/sync/blobs/ab", body=b"a" * 3000)).whole()
    assert clock.at == pytest.approx(2.002)
    assert server.came[0].endswith(b"\r\n\r\n" + b"a" * 3000)


def endless() -> Iterator[bytes]:
    while True:
        yield b"{" * 65536


def test_an_answer_longer_than_allowed_is_given_up() -> None:
    with pytest.raises(Down, match="format"):
        Response(200, {}, endless()).whole(100_000)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"1" * 5000])
def test_what_is_no_object_is_no_answer(body: bytes) -> None:
    with pytest.raises(Down, match="format"):
        told(body)


def test_an_object_is_told() -> None:
    assert told(b'{"error":"clock"}') == {"error": "clock"}


def test_headers_go_by_their_names_in_small_letters() -> None:
    assert lowered([("ETag", "1"), ("X-A", "1"), ("x-a", "2")]) == {"etag": "1", "x-a": "1, 2"}


@pytest.mark.parametrize(("query", "target"), [("", "/sync/heads"), ("after=1", "/sync/heads?after=1")])
def test_a_request_s_target(query: str, target: str) -> None:
    assert Request("GET", "/sync/heads", query).target == target


def test_a_line_that_stands_still_while_a_body_goes_out_is_waited_for() -> None:
    """Longer than a connection has to come about: on a slow line a lost packet comes again after seconds."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        Thread(target=_late, args=[listening], daemon=True).start()
        with line(f"http://127.0.0.1:{listening.getsockname()[1]}", connect=0.5) as (http, seen):
            answer = http.ask(Request("PUT", "/sync/blobs/0", body=bytes(6 << 20) + b"\xff"))
            assert answer.whole() == b"ok"
    assert seen[0].down is None


def _late(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        sleep(1.2)
        while not connection.recv(1 << 20).endswith(b"\xff"):
            pass
        connection.sendall(GOOD)
