"""Two nodes of the present version talk, and what they say is written down: test data for all versions after it.

A new version of the protocol is recorded once, in `tests/`, with `DJANGO_SETTINGS_MODULE=haicap.config.settings`:

    import django; django.setup()
    from pathlib import Path; from nodes import recording
    recording.write(Path("nodes/recorded/version-2"))

Identities, times and ids are seeded; what age encrypts is new each time, and the signatures over that.
"""

import json
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from haicap.journal.intake import Item
from haicap.journal.kinds import Body
from haicap.journal.text import canonical
from haicap.nodes import becoming
from haicap.nodes.codes import new
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.records import Contact
from haicap.nodes.exchange.signing import sign
from haicap.nodes.exchange.wire import Request, Response
from nodes.memory import World
from nodes.pair import batch_of, posted
from nodes.toy import COMMUNES, PROVINCE, Granted, Noted, Opened, Stepped, things
from nodes.traffic import Line, Nodes, cut, happened, told_request, told_response

NAME = "exchange.jsonl"
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WARD = COMMUNES[0]
PARENT = {
    "node": "018f4e7a-0000-7000-8000-000000000031", "signing": bytes(range(32, 64)).hex(),
    "receiving": "AGE-SECRET-KEY-1R60AH2CFVL9HMLGJJXPLMHYP4LMRRXF5V4V9VDL9TH0RZ7S5HT2QYT5FZS",
    "unit": PROVINCE, "name": "Công an tỉnh", "lives": ["018f4e7a-0000-7000-8000-000000000032"],
}  # fmt: skip
CHILD = {
    "node": "018f4e7a-0000-7000-8000-000000000011", "signing": bytes(range(32)).hex(),
    "receiving": "AGE-SECRET-KEY-1N3EQGDCP8YJ3YAMYM66L5UQ7FHCM04AXW0EC4H2F7CCPME4VPHWSQMNQG4",
    "unit": WARD, "name": "Công an phường", "lives": ["018f4e7a-0000-7000-8000-000000000012"],
}  # fmt: skip


class Dreamt(Body):
    """What only a newer version can say; it is registered nowhere."""

    text: str


Dreamt.kind, Dreamt.version, Dreamt.free = "simulated.dreamt", 3, False


class Recorder:
    """The two nodes, and the lines that tell of them."""

    def __init__(self) -> None:
        self.random = Random(1)
        self.world = World(START)
        self.nodes = Nodes({"parent": PARENT, "child": CHILD}, self.world, self.random.randbytes)
        self.lines: list[Line] = []
        self.marks = {"parent": len(self.nodes.parent.disk.log), "child": len(self.nodes.child.disk.log)}
        self.grants: dict[str, UUID] = {}
        self.end: Line = {}

    # What happens

    def new_id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def tell(self, who: str) -> list[Line]:
        """What has come on a node's disk since this was asked last."""
        actor = self.nodes.of(who)
        told = list(happened(who, actor, self.marks[who]))
        self.marks[who] = len(actor.disk.log)
        return told

    def act(self, who: str, subject: UUID, body: Body, grant: UUID | None = None, **more: Any) -> None:
        actor = self.nodes.of(who)
        with actor.writing(UUID(int=1)) as pen:
            its = grant or self.grants[actor.unit]
            pen.write(things, self.new_id(), subject, body, unit=WARD, grant=its, **more)
        self.lines += self.tell(who)

    def unknown(self, who: str, subject: UUID) -> None:
        self.nodes.of(who).beside(subject, Dreamt(text="…"), WARD)
        self.lines += self.tell(who)

    def photo(self, who: str, subject: UUID, size: int) -> str:
        data = self.random.randbytes(size)
        name = sha256(data).hexdigest()
        actor = self.nodes.of(who)
        with actor.disk.change():
            actor.disk.put("blob", name, data)
        self.act(who, subject, Noted(text="Ảnh", blob=name))
        return name

    def witness(self, who: str) -> None:
        self.nodes.of(who).witness()
        self.lines += self.tell(who)

    def restored(self, who: str, heads: dict[UUID, int]) -> None:
        cut(self.nodes.of(who), heads)
        self.tell(who)
        told = {str(stream): seq for stream, seq in heads.items()}
        self.lines.append({"do": "restored", "who": who, "heads": told})

    def image(self, who: str) -> dict[UUID, int]:
        return {stream: head.seq for stream, head in self.nodes.of(who).heads().items()}

    def clock(self, seconds: int) -> None:
        self.nodes.child.clock.off = timedelta(seconds=seconds)
        self.lines.append({"do": "clock", "who": "child", "off": seconds})

    # What is said

    def ask(self, request: Request) -> Response:
        """The wire: both nodes are at its ends, and it writes down what passes."""
        response = answer(self.nodes.parent, request)
        body = response.whole()
        told = {"ask": told_request(request), "answer": told_response(response, body)}
        wrote = [it for it in self.tell("parent") if _own(it)]
        self.lines.append({"at": self.world.now.isoformat(), **told, "wrote": wrote})
        return Response(response.status, response.headers, (body,))

    def say(
        self, method: str, path: str, query: str = "", body: bytes = b"", *, off: int = 0, spoil: bool = False,
        **headers: str,
    ) -> Response:  # fmt: skip
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(Request(method, path, query, named, body), off=off, spoil=spoil)

    def send(self, bare: Request, *, off: int = 0, spoil: bool = False) -> Response:
        signed = sign(bare, self.nodes.child.signer, self.world.now + timedelta(seconds=off))
        if spoil:
            signed = Request(bare.method, bare.path, "after=7", signed.headers, bare.body)
        return self.ask(signed)

    def contact(self) -> None:
        child = self.nodes.child
        assert child.parent is not None
        self.world.now += timedelta(seconds=60)
        self.lines.append({"do": "contact", "at": self.world.now.isoformat()})
        done = contact(child, self, child.parent, until=lambda: False)
        assert done.good, done
        self.tell("child")
        end = ending(self.nodes.child, done)
        self.lines.append(
            {"do": "ended", **{name: _new(its, self.end.get(name)) for name, its in end.items()}}
        )
        self.end = end


def _own(line: Line) -> bool:
    return line["do"] == "entry" and line["stream"]["node"] == PARENT["node"]


def _new(its: Any, before: Any) -> Any:
    """What has changed since the contact before."""
    if isinstance(its, dict) and isinstance(before, dict):
        return {name: value for name, value in its.items() if before.get(name) != value}
    return its


def ending(child: Any, done: Contact) -> Line:
    """How a contact ended, and what the child then holds and makes of it."""
    return {
        "moved": [done.pushed, done.pulled, done.held, done.keys, done.up, done.down],
        "heads": {str(stream): [head.seq, head.hash.hex()] for stream, head in sorted(child.heads().items())},
        "folded": {str(subject): folded(child, subject) for subject in sorted(child.table("places"))},
    }  # fmt: skip


def folded(shelf: Any, subject: UUID) -> str:
    """What a shelf makes of a subject, in canonical JSON; of those that are no things, that they are none."""
    its = shelf.folded(things, subject)
    state = things.form.dump_python(its.state, mode="json") if its.state else None
    apart = [[str(it) for it in some] for some in (its.aside, its.waiting)]
    return canonical([state, str(its.last), *apart, str(its.frozen)]).decode()


# The story


def recorded() -> list[Line]:
    it = Recorder()
    founded(it)
    one, two, three = it.new_id(), it.new_id(), it.new_id()
    first_contacts(it, one, two)
    both_ways(it, one, three)
    troubled(it, three)
    many_streams(it)
    refused(it, one)
    lives = {
        who: [*(its["lives"]), *it_lived(it, who)] for who, its in (("parent", PARENT), ("child", CHILD))
    }
    return [
        {
            "parent": {**PARENT, "lives": lives["parent"]},
            "child": {**CHILD, "lives": lives["child"]},
            "began": START.isoformat(),
        },
        *it.lines,
    ]


def it_lived(it: Recorder, who: str) -> list[str]:
    """The lives that a node has begun since its first."""
    log = it.nodes.of(who).disk.log
    own = [new for changes in log for table, key, _old, new in changes if (table, key) == ("own", "own")]
    return [str(life.incarnation) for life in own[1:]]


def founded(it: Recorder) -> None:
    """The province gives rights; a code is used: wrongly first, twice then."""
    for unit in (PROVINCE, *COMMUNES):
        it.grants[unit] = it.nodes.parent.govern(it.new_id(), Granted(units=(unit,)), unit)
    code = new(it.nodes.parent.identity.public_key, it.random.randbytes)
    it.nodes.parent.invite(code, WARD)
    it.lines += it.tell("parent")
    its = it.nodes.child
    for tried in (new(it.nodes.parent.identity.public_key, it.random.randbytes), code, code):
        asking = becoming.Asking(tried, its.name, its.recipient, its.version, its.signer)
        with nullcontext() if tried == code else suppress(becoming.NotJoined):
            becoming.ask(it, asking, it.world.now)


def first_contacts(it: Recorder, one: UUID, two: UUID) -> None:
    """All that governs comes down; work, a sealed fact and a photo go up; then nothing is new."""
    it.contact()
    it.act("child", one, Opened(text="Trụ sở dột", number="12/CV"), sealed={"name": "Lê Văn A"})
    it.act("child", one, Stepped(to="chuyển"))
    it.act("child", two, Opened(text="Không có quyền"), grant=UUID(int=5))  # held
    it.photo("child", one, 700)
    it.witness("child")
    it.contact()
    it.contact()


def both_ways(it: Recorder, one: UUID, three: UUID) -> None:
    """The province acts too, seals and attaches; both decide at once; something comes from a newer version."""
    it.act("parent", three, Opened(text="Từ tỉnh"), sealed={"name": "Trần Thị B"})
    it.photo("parent", three, 900)
    it.act("parent", one, Stepped(to="trả lời"))
    it.act("child", one, Stepped(to="rút"))
    it.unknown("parent", three)
    it.witness("parent")
    it.contact()
    assert it.nodes.child.folded(things, three).frozen
    assert it.nodes.child.folded(things, one).aside


def troubled(it: Recorder, one: UUID) -> None:
    """A wrong clock; the child put back to an old image, writing on; the province put back to one."""
    it.clock(3 * 86400)
    it.act("child", one, Noted(text="Đồng hồ sai"))
    it.contact()
    it.clock(0)
    it.contact()
    old = it.image("child")
    it.act("child", it.new_id(), Opened(text="Sau bản sao"))
    it.contact()
    it.restored("child", old)
    it.act("child", it.new_id(), Opened(text="Viết tiếp sau khi phục hồi"))
    it.contact()
    old = it.image("parent")
    it.act("parent", it.new_id(), Opened(text="Tỉnh sẽ mất"))
    it.act("child", it.new_id(), Opened(text="Tỉnh sẽ mất việc nhận"))
    it.contact()
    it.restored("parent", old)
    it.act("parent", it.new_id(), Opened(text="Tỉnh viết tiếp"))
    it.contact()
    it.contact()


def many_streams(it: Recorder) -> None:
    """What governs is so much that it is named in parts."""
    for number in range(70):
        stream = it.nodes.parent.own.stream(f"31{100 + number}", "reference")
        with it.nodes.parent.writing(UUID(int=1)) as pen:
            its = Opened(text="Quy định")
            pen.write(
                things, it.new_id(), it.new_id(), its, unit=stream.unit, grant=None, channel="reference"
            )
    it.lines += it.tell("parent")
    it.contact()


def refused(it: Recorder, one: UUID) -> None:
    """One request after another as no contact makes them, and what is answered; last, the child is revoked."""
    child, parent = it.nodes.child, it.nodes.parent
    mine, nobodys = child.own.stream(WARD, "work"), f"/sync/streams/{UUID(int=9)}"
    place = f"/sync/streams/{mine.id()}"
    it.act("child", one, Noted(text="Chưa gửi"))
    blob = next(iter(parent.table("blob")))
    it.say("GET", f"/sync/blobs/{blob}", range="bytes=3-9")
    it.say("HEAD", f"/sync/blobs/{blob}")
    it.say("GET", f"/sync/blobs/{blob}", range="bytes=90000-90009")
    it.say("GET", f"/sync/blobs/{'a' * 64}")
    it.say("PUT", f"/sync/blobs/{'a' * 64}", "", b"xyz", content_range="bytes 0-2/3")
    it.say("GET", nobodys, "after=0")
    it.say("GET", place, "after=99999")
    it.say("GET", place, "after=x")
    it.say("GET", place, "after=0", spoil=True)
    it.say("GET", "/sync/heads", off=400)
    sent = sign(Request("GET", "/sync/heads"), child.signer, it.world.now)
    it.ask(sent)
    it.ask(sent)
    head = parent.head(mine.id())
    assert head is not None
    it.send(batch_of(mine, [], head.seq + 9, head.hash))
    it.send(batch_of(mine, list(child.stored(mine.id(), head.seq, 1)), head.seq, bytes(32)))
    others = parent.own.stream("31002", "work")
    it.send(batch_of(others, [], 0, others.digest()))
    strange = [Item(b'{"no":"entry"}')]
    it.send(batch_of(mine, strange, head.seq, head.hash))
    it.say("POST", place, f"after={head.seq}", b"\x28\xb5\x2f\xfd\x00")
    it.say("POST", "/sync/streams", "", canonical({"streams": [[str(UUID(int=9)), 0, 1]]}))
    it.say("POST", "/sync/witness", "", canonical({"statement": "{}", "signature": "00" * 64}))
    it.say("POST", "/sync/incarnation", "", canonical({"incarnation": "x", "reason": "restored"}))
    it.say("DELETE", "/sync/heads")
    key = next(name for name, (subject, _) in parent.table("key").items() if subject == one)
    it.say("POST", "/sync/keys", "", canonical({"keys": "", "want": [key]}))
    parent.erase(one, WARD)
    it.lines += it.tell("parent")
    gone = it.say("POST", "/sync/keys", "", canonical({"keys": "", "want": [key]}))
    assert json.loads(gone.whole())["destroyed"] == [key]
    renewed = {"incarnation": "019f4e7a-0000-7000-8000-000000000012", "reason": "clone", "lines": {}}
    it.say("POST", "/sync/incarnation", "", canonical(renewed))
    parent.revoke(child.own.id)
    it.lines += it.tell("parent")
    it.send(posted(child, mine, head.seq))
    it.say("GET", "/sync/heads")


def write(folder: Path) -> None:
    """Write the recording. A folder that has one is left as it is: a released protocol never changes."""
    path = folder / NAME
    if path.exists():
        raise SystemExit(f"{path} is there already")
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in recorded())
    path.write_text(text, encoding="utf-8")
