"""A province and two of its communes in memory, each able to sign: what the tests of either side stand on."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Item
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.lines import Part, written
from haicap.nodes.exchange.records import Contact
from haicap.nodes.exchange.signing import sign, verify_answer
from haicap.nodes.exchange.wire import Request, Response
from nodes.memory import Disk, MemoryShelf, World
from nodes.network import START, Machine, founded, machine_of
from nodes.toy import PROVINCE, Opened, Stepped, things

RANDOM = Random(3)
T = TypeVar("T")
Turn = Callable[[int, Request], Response | None]


class Pair:
    """A province and two of its communes, freshly founded, each able to sign."""

    def __init__(self) -> None:
        its = founded(False, 2)
        self.world = World(START)
        self.province = self.machine("province", PROVINCE, None)
        self.ward = self.machine("31001", "31001", self.province)
        self.other = self.machine("31002", "31002", self.province)
        self.grants = its.grants

    def machine(self, name: str, unit: str, above: Machine | None) -> Machine:
        disk = Disk(founded(False, 2).disks[name].log)
        return machine_of(name, unit, above, self.world, RANDOM, disk)

    def write(self, machine: Machine, count: int = 1, body: Any = None, **more: Any) -> UUID:
        """A subject with so many entries in the machine's file."""
        subject = UUID(int=RANDOM.getrandbits(128))
        for at in range(count):
            with machine.shelf.writing(UUID(int=1)) as pen:
                its = (body or Opened(text="o")) if not at else Stepped(to=str(at))
                pen.write(
                    things, UUID(int=RANDOM.getrandbits(128)), subject, its, unit=machine.unit,
                    grant=self.grants[machine.unit], **more,
                )  # fmt: skip
        return subject

    def govern(self, count: int) -> list[Description]:
        """So many streams of `reference` at the province, an entry in each."""
        own = self.province.shelf.own
        streams = [own.stream(f"31{at:03}", "reference") for at in range(100, 100 + count)]
        for stream in streams:
            ids = UUID(int=RANDOM.getrandbits(128)), UUID(int=RANDOM.getrandbits(128))
            with self.province.shelf.writing(UUID(int=1)) as pen:
                pen.write(things, *ids, Opened(text="o"), unit=stream.unit, grant=None, channel="reference")
        return streams

    def ask(
        self, request: Request, by: Machine | None = None, *, off: float = 0
    ) -> tuple[Response, dict[str, Any]]:
        """The province's answer to a request of the ward's (or another's), its signature verified."""
        by = by or self.ward
        signed = sign(request, by.shelf.signer, self.world.now + timedelta(seconds=off))
        return self.send(signed)

    def send(self, signed: Request) -> tuple[Response, dict[str, Any]]:
        response = answer(self.province.shelf, signed)
        if "accept-ranges" in response.headers:
            return response, {"bytes": response.whole()}
        told = verify_answer(response, signed, lambda node: self.province.identity.public_key)
        said = response.headers.get("content-type") == "application/json"
        return response, json.loads(told.body) if said else {"bytes": told.body}

    def push(
        self, stream: Description, after: int = 0, by: Machine | None = None, *, word: bytes | None = None
    ) -> tuple[int, Any]:
        response, said = self.ask(posted(self.ward.shelf, stream, after, word=word), by)
        return response.status, said

    def incidents(self) -> list[str]:
        return [it.sort for it in self.province.shelf.table("incident").values()]


def posted(shelf: MemoryShelf, stream: Description, after: int = 0, *, word: bytes | None = None) -> Request:
    """A batch of a stream as `shelf` has it; with the writer's `word` for its head, what that has lost."""
    items = list(shelf.stored(stream.id(), after, 1000))
    return batch_of(stream, items, after, shelf.hash_at(stream.id(), after) or stream.digest(), word=word)


def batch_of(
    stream: Description, items: list[Item], after: int, before: bytes, *, word: bytes | None = None
) -> Request:
    body = b"".join(written([Part(stream, after, before, items)], lambda head: word))
    back = "" if word is None else "&since=0"
    return Request("POST", f"/sync/streams/{stream.id()}", f"after={after}{back}", {}, body)


def untouched(pair: Pair, before: int) -> bool:
    """Whether the province has stored no entry since."""
    return len(pair.province.shelf.table("entry")) == before


class Wire:
    """A line that keeps what passed, and may be told to do otherwise with one request."""

    def __init__(self, above: Machine, turn: Turn = lambda count, request: None) -> None:
        self.above, self.turn = above, turn
        self.asked: list[Request] = []
        self.answered: list[Response] = []

    def ask(self, request: Request) -> Response:
        self.asked.append(request)
        response = self.turn(len(self.asked), request) or answer(self.above.shelf, request)
        whole = Response(response.status, response.headers, (response.whole(1 << 30),))
        self.answered.append(whole)
        return whole

    @property
    def paths(self) -> list[str]:
        return [f"{it.method} {it.path.split('/')[2]}" for it in self.asked]

    def bytes_of(self, at: int) -> int:
        """What one request and its answer took on the line, as far as this side sees it."""
        asked, answered = self.asked[at], self.answered[at]
        headers = [*asked.headers.items(), *answered.headers.items()]
        names = sum(len(name) + len(value) + 4 for name, value in headers)
        return names + len(asked.target) + len(asked.body) + sum(map(len, answered.body))


class Ahead(Wire):
    """One on which answers come, and are read, while something else is done."""

    def __init__(self, above: Machine, turn: Turn = lambda count, request: None) -> None:
        super().__init__(above, turn)
        self.threads = ThreadPoolExecutor(4)

    def beside(self, work: Callable[[], T]) -> Callable[[], T]:
        return self.threads.submit(work).result


def call(
    pair: Pair, machine: Machine | None = None, wire: Wire | None = None, steps: int = 10_000
) -> Contact:
    """A contact of the ward's (or another's) with the province; given up after so many looks."""
    machine = machine or pair.ward
    assert machine.parent is not None
    left = steps

    def until() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    return contact(machine.shelf, wire or Wire(pair.province), machine.parent, until=until)
