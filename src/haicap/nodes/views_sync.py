"""The door for other nodes: a request of the web server becomes one of the exchange, its answer goes out as it comes.

It stands before everything that pages need (session, person, language, policy): what asks is a node, not a browser,
and an exchange with nothing new must fit into a kilobyte.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from haicap.journal.reference import holding
from haicap.nodes import accounts
from haicap.nodes.exchange.answering import answer, refuse
from haicap.nodes.exchange.calls import Wrong
from haicap.nodes.exchange.wire import Request, Response
from haicap.nodes.rescue import recalling

PREFIX = "/sync/"
MOST = 8 << 20  # bytes of one body: a batch is four megabytes of clear text, a piece of a blob less
SMALL = 256 << 10  # of a body that is JSON
AT_ONCE = 2  # bodies; a province's communes all come back at once after a storm
AGAIN = (5, 20)  # seconds after which one that was sent away may come back

BESIDE = (
    ("POST", re.compile(accounts.PATH), accounts.serve),
    ("GET", re.compile(recalling.PATH), recalling.serve),
)
Answer = Callable[[Request], Response]
Get = Callable[[HttpRequest], HttpResponseBase]

bodies = BoundedSemaphore(AT_ONCE)


def answered(request: Request) -> Response:
    """What this node answers another."""
    from haicap.nodes.database import Database

    with holding():
        shelf = Database()
        shelf.meet()
        return answer(shelf, request, beside=BESIDE)


def too_big(request: Request) -> Response:
    """What is answered to a body that nobody has read."""
    from haicap.nodes.database import Database

    return refuse(Database(), request, Wrong("size", "body"))


class SyncMiddleware:
    """Answers what lies below `/sync/`; everything else goes on."""

    def __init__(self, get_response: Get) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        return sync(request, answered)


def sync(request: HttpRequest, answer_to: Answer) -> HttpResponseBase:
    """The answer to a node: refused unread where its body is too big, sent away where two are at work already."""
    if _length(request) > (MOST if _is_heavy(request) else SMALL):
        return _sent(too_big(_asked(request, b"")))
    if not _is_heavy(request):
        return _sent(answer_to(_asked(request, request.body)))
    if not bodies.acquire(blocking=False):
        busy = _refused(503, "busy", "others are being served")
        busy["Retry-After"] = str(random.randint(*AGAIN))
        return busy
    try:
        response = answer_to(_asked(request, request.body))
    except BaseException:
        bodies.release()
        raise
    return _sent(Response(response.status, response.headers, _Held(response)))


def _is_heavy(request: HttpRequest) -> bool:
    """Whether entries, keys or blobs move, one way or the other."""
    place = request.path_info.removeprefix(PREFIX).partition("/")[0]
    return place in ("streams", "blobs", "keys") and request.method != "HEAD"


def _length(request: HttpRequest) -> int:
    """Bytes of the body; more than is taken where nobody says how many there will be."""
    endless = "HTTP_TRANSFER_ENCODING" in request.META
    given = "" if endless else request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isdecimal() and len(given) < 16 else MOST + 1


def _asked(request: HttpRequest, body: bytes) -> Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = request.META.get("QUERY_STRING", "")
    return Request(request.method or "GET", request.path_info, query, headers, body)


def _sent(response: Response) -> HttpResponseBase:
    headers = {name.title(): value for name, value in response.headers.items()}
    kind = headers.pop("Content-Type", "application/json")
    if kind == "application/json":
        return _whole(response.whole(), response.status, headers, kind)
    return StreamingHttpResponse(
        _chunks(response), content_type=kind, status=response.status, headers=headers
    )


def _whole(body: bytes, status: int, headers: dict[str, str], kind: str = "application/json") -> HttpResponse:
    sent = HttpResponse(body, kind, status, headers={**headers, "Content-Length": str(len(body))})
    if not body:
        del sent["Content-Type"]
    return sent


def _chunks(response: Response) -> Iterator[bytes]:
    try:
        yield from response.body
    finally:
        response.close()


def _refused(status: int, error: str, message: str) -> HttpResponse:
    return _whole(json.dumps({"error": error, "message": message}).encode(), status, {})


class _Held:
    """A body that holds its place among those at work until it is sent, or given up."""

    def __init__(self, response: Response) -> None:
        self.response, self.ended = response, False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.response.body)

    def close(self) -> None:
        if not self.ended:
            self.ended = True
            self.response.close()
            bodies.release()

    def __del__(self) -> None:
        self.close()  # of a request that was cut off before its body was asked for
