"""One child speaks with its parent: signed questions, answers that are believed only under the parent's signature."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from haicap.journal.text import canonical
from haicap.nodes.exchange.calls import MESSAGE
from haicap.nodes.exchange.records import Parent
from haicap.nodes.exchange.shelf import Shelf
from haicap.nodes.exchange.signing import BadSignature, Told, sign, verify_answer
from haicap.nodes.exchange.wire import Down, Request, Response, Wire, beside, told

T = TypeVar("T")
BELIEVED = {413: "size", 503: "busy"}  # said by whatever stands before the node; it only makes a child wait
FINAL = frozenset(
    {"revoked", "signature", "stranger", "busy", "full", "clock", "replay"}
)  # these end a contact
SLIGHT = 5.0  # seconds that clocks may differ without a word about it
PATIENCE = 6  # times that a busy parent is asked again
AGAIN = 10.0  # seconds until then, where it says nothing
LONGEST = 30.0


class Refusal(Exception):
    """The parent says no: one of the protocol's codes, and what the answer says besides."""

    def __init__(self, code: str, more: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code, self.more = code, more


class Stranger(Refusal):
    """Whoever answered is not the parent, as far as its key is known."""

    def __init__(self) -> None:
        super().__init__("stranger", {})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the parent answered, its signature verified: a status below 400."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The JSON object in it. Raises `Down`."""
        return told(self.body)


@dataclass
class Talk:
    """The questions of one contact. `offset` is the parent's clock less ours, in seconds, as it last told.

    A parent that is busy is asked again when it says, a few times, after `pause`; what that returns is whether to
    leave off. Without it nothing waits. `key` signs in the place of the shelf's own, if given.
    """

    shelf: Shelf
    wire: Wire
    parent: Parent
    offset: float = 0.0
    state: Mapping[str, int | str] = field(default_factory=dict)
    pause: Callable[[float], bool] | None = None
    key: Ed25519PrivateKey | None = None

    def ask(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The parent's answer; asked again where it says that our clock is wrong, with its time.

        Raises `Refusal`, and `Down` where nothing came or it is not the parent's.
        """
        request = Request(method, path, query, {**(headers or {}), "haicap-state": self._state()}, body)
        return self._heard(request, self._once)

    def begin(self, method: str, path: str, query: str, read: Callable[[Answer], T]) -> Callable[[], T]:
        """Ask, and have the answer come and be read meanwhile; what is returned waits for it, and raises as both."""
        request = Request(method, path, query, {"haicap-state": self._state()})
        signed = self._signed(request)
        first = [self.beside(lambda: read(self._read(signed, self.wire.ask(signed))))]

        def once(request: Request) -> T:
            return first.pop()() if first else read(self._once(request))

        return lambda: self._heard(request, once)

    def beside(self, work: Callable[[], T]) -> Callable[[], T]:
        """Begin `work` on what was asked for, if the line allows; what is returned waits for it, and raises as it."""
        return beside(self.wire, work)

    def _heard(self, request: Request, once: Callable[[Request], T]) -> T:
        """The answer, after the questions that it takes to be given one."""
        wrong, left = False, PATIENCE
        while True:
            try:
                return once(request)
            except Refusal as refusal:
                if refusal.code == "clock" and not wrong:
                    wrong = True
                elif refusal.code == "busy" and self.pause and left:
                    left -= 1
                    if self.pause(min(refusal.more.get("again", AGAIN), LONGEST)):
                        raise
                else:
                    raise

    def say(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Post JSON; the JSON that is answered. Raises as `ask`."""
        return self.ask("POST", path, body=canonical(value)).json()

    def fetch(self, path: str, first: int, last: int) -> tuple[int, bytes]:
        """A range of a blob: how large the whole is, and the bytes, for which their name vouches, not a signature.

        Raises as `ask`, and asks again as it does.
        """
        headers = {"range": f"bytes={first}-{last}", "haicap-state": self._state()}

        def once(request: Request) -> tuple[int, bytes]:
            request = self._signed(request)
            answer = self.wire.ask(request)
            if answer.status != 206:
                self._read(request, answer)
                raise Down("format", "no range")
            return _range(answer, last + 1 - first)

        return self._heard(Request("GET", path, "", headers), once)

    def _once(self, request: Request) -> Answer:
        request = self._signed(request)
        return self._read(request, self.wire.ask(request))

    def _signed(self, request: Request) -> Request:
        signer = self.shelf.signer
        return sign(request, replace(signer, key=self.key) if self.key else signer, self._now())

    def _read(self, request: Request, answer: Response) -> Answer:
        its = self._believed(answer, request)
        self._clock(its.at)
        if answer.status < 400:
            return Answer(answer.status, answer.headers, its.body)
        raise Refusal(_code(answer.status, its.body), {**told(its.body), **_again(answer)})

    def _believed(self, answer: Response, request: Request) -> Told:
        try:
            return verify_answer(answer, request, self._key_of)
        except BadSignature as bad:
            if answer.status in BELIEVED:
                raise Refusal(BELIEVED[answer.status], _again(answer)) from bad
            if answer.status >= 500:  # it broke down, or something between did
                raise Down("cut", str(answer.status)) from bad
            raise Stranger from bad

    def _key_of(self, node: UUID) -> bytes:
        if node != self.parent.node:
            raise BadSignature("unknown")
        return self.parent.public_key

    def _clock(self, at: datetime) -> None:
        apart = (at - self.shelf.now()).total_seconds()
        self.offset = apart if abs(apart) > SLIGHT else 0.0

    def _now(self) -> datetime:
        return self.shelf.now() + timedelta(seconds=self.offset)

    def _state(self) -> str:
        return canonical(dict(self.state)).decode()


def _range(answer: Response, most: int) -> tuple[int, bytes]:
    body = answer.whole(most)
    total = answer.headers.get("content-range", "").rpartition("/")[2]
    if not body or not total.isdecimal() or len(total) > 12:
        raise Down("format", "a range that is none")
    return int(total), body


def _again(answer: Response) -> dict[str, float]:
    """After how many seconds it may be asked again, where the answer says so."""
    said = answer.headers.get("retry-after", "")
    return {"again": float(said)} if said.isdecimal() and len(said) < 6 else {}


def _code(status: int, body: bytes) -> str:
    """The code of an answer that refuses; `format` for what is none of the protocol's."""
    try:
        code = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return BELIEVED.get(status, "format")
    return code if isinstance(code, str) and code in MESSAGE else "format"
