"""A request from one node to another and its answer, and the line that carries them: HTTP, measured, capped."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable
from urllib.parse import urlsplit

import urllib3
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
    TimeoutError,
)
from urllib3.util import SKIP_HEADER

HEADS = "/sync/heads"
WHOLE = (
    8 << 20
)  # bytes of an answer that is read in one piece: the largest batch, the heads of 30,000 streams
PIECE = 1 << 14
CONNECT = 10.0  # seconds
SILENCE = 60.0  # seconds without a byte after which a line counts as down

T = TypeVar("T")
Reason = Literal["name", "refused", "timeout", "tls", "cut", "redirect", "format"]


class Down(Exception):
    """The other node could not be asked, or its answer broke off.

    `reason` says how: its `name` has no address; the connection was `refused`; nothing came in time (`timeout`);
    its certificate is not good (`tls`); it broke off (`cut`); something between answers in its place (`redirect`);
    what came is no answer of a node (`format`).
    """

    def __init__(self, reason: Reason, what: str = "") -> None:
        super().__init__(f"{reason}: {what}" if what else reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Request:
    """What a node asks. `path` and `query` (without its `?`) as they stand on the line; names of headers in small
    letters."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query as they stand in the request's first line."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered; names of headers in small letters. The body comes piece by piece and may raise `Down`."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Iterable[bytes] = ()

    def whole(self, most: int = WHOLE) -> bytes:
        """The body in one piece; it is gone then. Raises `Down` where it breaks off or is longer than `most`."""
        gathered = bytearray()
        try:
            for piece in self.body:
                gathered += piece
                if len(gathered) > most:
                    raise Down("format", f"an answer of more than {most} bytes")
        finally:
            self.close()
        return bytes(gathered)

    def close(self) -> None:
        """Give up what of the body has not been read."""
        if (close := getattr(self.body, "close", None)) is not None:
            close()


def told(body: bytes) -> dict[str, Any]:
    """The JSON object in an answer. Raises `Down` where it is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Down("format", "an answer that is no JSON") from error
    if not isinstance(value, dict):
        raise Down("format", "an answer that is no object")
    return value


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers as they came, by their names in small letters; those that came twice are joined by a comma."""
    joined: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


class Wire(Protocol):
    """A line to one other node."""

    def ask(self, request: Request) -> Response:
        """The other node's answer. Raises `Down`."""
        ...


@runtime_checkable
class Ahead(Protocol):
    """A line on which an answer can come, and be read, while something else is done."""

    def beside(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begin `work`, which asks and reads, and return at once; what is returned waits for it, and raises as it."""
        ...


def beside(wire: Wire, work: Callable[[], T]) -> Callable[[], T]:
    """Begin `work`, if the line can be asked ahead; else it is done when it is waited for."""
    return wire.beside(work) if isinstance(wire, Ahead) else work


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one request took, measured here.

    `out` and `into` are bytes, first lines and headers included, what TLS adds not; `first` the seconds until the
    answer's headers were there, None where none came; `seconds` those until its end; `down` why there was none.
    """

    method: str
    path: str
    out: int
    into: int
    first: float | None
    seconds: float
    down: Reason | None = None


class Cap:
    """A bound on bytes per second: a bucket that holds one second's worth and may be overdrawn by one piece."""

    def __init__(
        self,
        rate: float | None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`rate` in bytes per second; None bounds nothing. Raises `ValueError` for one that lets nothing pass."""
        if rate is not None and rate <= 0:
            raise ValueError("a cap lets something pass")
        self.rate, self.now, self.sleep = rate, now, sleep
        self.left, self.at = rate or 0.0, now()

    def spend(self, count: int) -> None:
        """Wait until `count` bytes may pass."""
        if self.rate is None:
            return
        now = self.now()
        self.left = min(self.rate, self.left + (now - self.at) * self.rate) - count
        self.at = now
        if self.left < 0:
            self.sleep(-self.left / self.rate)

    def through(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same bytes in pieces of at most 16 KiB, each when it may pass."""
        for chunk in chunks:
            for at in range(0, len(chunk), PIECE):
                piece = chunk[at : at + PIECE]
                self.spend(len(piece))
                yield piece


class _Patient(HTTPConnection):
    """A connection that gives the line as long to take what is sent as to bring what is asked for.

    The library gives it no longer than a connection has to come about, and a slow line may stand still for that.
    """

    patience = SILENCE  # seconds for a piece

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.sock.settimeout(self.patience)
        super().send(data)


class _PatientTls(_Patient, HTTPSConnection):
    """The same over TLS."""


class _Plain(HTTPConnectionPool):
    ConnectionCls = _Patient


class _Tls(HTTPSConnectionPool):
    ConnectionCls = _PatientTls


class Http:
    """A line over HTTP: one connection that is kept, no proxies of the environment, redirects never followed.

    `url` is the other node's address (`https://…`, perhaps with a path before `/sync`); `authorities` a file of
    certificates to trust instead of the system's. `watch` is told of every request when its answer has ended.
    """

    def __init__(
        self,
        url: str,
        *,
        cap: Cap | None = None,
        watch: Callable[[Traffic], None] = lambda traffic: None,
        authorities: str | None = None,
        connect: float = CONNECT,
        silence: float = SILENCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url.rstrip("/")
        # What the library would add says nothing to a node, and a contact with nothing new fits into a kilobyte.
        self.unsaid = {"user-agent": SKIP_HEADER, "accept-encoding": SKIP_HEADER}
        self.host = urlsplit(url).netloc
        self.cap = cap or Cap(None)
        self.watch, self.now = watch, now
        self.pool = urllib3.PoolManager(
            num_pools=1,
            maxsize=1,
            retries=False,
            timeout=urllib3.Timeout(connect=connect, read=silence),
            ca_certs=authorities,
        )
        self.pool.pool_classes_by_scheme = {"http": _Plain, "https": _Tls}

    def ask(self, request: Request) -> Response:
        """The answer, its body still to come. Raises `Down`."""
        headers = {"host": self.host, **request.headers}
        if request.body or request.method in ("POST", "PUT"):
            headers["content-length"] = str(len(request.body))
        tally = _Tally(self, request, headers)
        try:
            raw = self.pool.request(
                request.method,
                self.url + request.target,
                body=self.cap.through([request.body]) if request.body else None,
                headers={**headers, **self.unsaid},
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except HTTPError as error:
            raise tally.down(error) from error
        tally.came(raw)
        body = _Body(raw, tally)
        if raw.status in (301, 302, 303, 307, 308):
            body.close()
            raise Down("redirect", raw.headers.get("location", ""))
        return Response(raw.status, lowered(raw.headers.items()), body)

    def beside(self, work: Callable[[], T]) -> Callable[[], T]:
        """Do `work`, which asks and reads, in a thread; what is returned waits for it, and raises as it.

        It stands on what its beginner holds of this node. One that asks is waited for before anything else is asked.
        """
        coming: Future[T] = Future()
        context = copy_context()

        def come() -> None:
            try:
                coming.set_result(context.run(work))
            except BaseException as error:
                coming.set_exception(error)

        Thread(target=come, daemon=True).start()
        return coming.result

    def close(self) -> None:
        """Let the connection go."""
        self.pool.clear()


class _Tally:
    """The measuring of one request."""

    def __init__(self, line: Http, request: Request, headers: Mapping[str, str]) -> None:
        self.line, self.request = line, request
        self.start = line.now()
        self.first: float | None = None
        self.out = (
            len(f"{request.method} {request.target} HTTP/1.1\r\n\r\n") + _size(headers) + len(request.body)
        )
        self.into = 0

    def came(self, raw: urllib3.BaseHTTPResponse) -> None:
        self.first = self.line.now() - self.start
        self.into = len(f"HTTP/1.1 200 {raw.reason}\r\n\r\n") + _size(raw.headers)

    def end(self, reason: Reason | None = None) -> None:
        asked, seconds = self.request, self.line.now() - self.start
        self.line.watch(Traffic(asked.method, asked.path, self.out, self.into, self.first, seconds, reason))

    def down(self, error: HTTPError) -> Down:
        reason = _reason(error)
        self.end(reason)
        return Down(reason, str(error))


def _size(headers: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.items())


def _reason(error: HTTPError) -> Reason:
    kinds: tuple[tuple[type[HTTPError], Reason], ...] = (
        (NameResolutionError, "name"),
        (NewConnectionError, "refused"),  # to the library a sort of timeout
        (TimeoutError, "timeout"),
        (SSLError, "tls"),
    )
    return next((reason for kind, reason in kinds if isinstance(error, kind)), "cut")


class _Body:
    """An answer's body as it comes; its connection is kept for the next request only where it was read to its end."""

    def __init__(self, raw: urllib3.BaseHTTPResponse, tally: _Tally) -> None:
        self.raw, self.tally, self.ended = raw, tally, False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self.ended:
            raise StopIteration
        try:
            piece = self.raw.read1(PIECE, decode_content=False)
        except HTTPError as error:
            self.close(_reason(error))
            raise Down(_reason(error), str(error)) from error
        if not piece:
            self._end()
            raise StopIteration
        self.tally.into += len(piece)
        self.tally.line.cap.spend(len(piece))
        return piece

    def _end(self, reason: Reason | None = None) -> None:
        self.ended = True
        self.raw.release_conn()
        self.tally.end(reason)

    def close(self, reason: Reason | None = None) -> None:
        """Give up what has not come."""
        if not self.ended:
            self.raw.close()
            self._end(reason)
