"""The examples, errors and limits of `docs/sync-protocol.md` are what the code makes, answers and allows."""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner
from http_message_signatures.algorithms import ED25519

from haicap.journal.batch import Head, Item
from haicap.journal.chain import Description, chain
from haicap.journal.text import canonical
from haicap.nodes import codes, views_sync
from haicap.nodes.exchange import answering, calls, handing, lines, signing, stretches, vouching, wire
from haicap.nodes.exchange.signing import (
    BadSignature,
    Signed,
    Signer,
    sign,
    sign_answer,
    verify,
    verify_answer,
)
from haicap.nodes.exchange.wire import Request, Response

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "sync-protocol.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^Example ([a-z -]+):\n\n```[a-z]*\n(.*?)\n```", PAGE, re.MULTILINE | re.DOTALL))
PAYLOADS = re.findall(
    r"^payload \d +(\{.*\})$", (DOCS / "journal-format.md").read_text(encoding="utf-8"), re.MULTILINE
)
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CIPHERTEXT = bytes(range(48))


def id_of(number: int) -> UUID:
    return UUID(f"018f4e7a-0000-7000-8000-{number:012x}")


def signer(node: int, first: int) -> Signer:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(first, first + 32)))
    return Signer(id_of(node), id_of(node + 1), key, lambda size: bytes(range(size)))


CHILD, PARENT = signer(0x11, 0), signer(0x31, 32)
STREAM = Description(CHILD.node, CHILD.incarnation, "11311", "work")
ASKS = Request(
    "GET", "/sync/heads", "", {"haicap-state": '{"blobs":0,"disk":52428800,"old":0,"v":"0.2.0","wait":2}'}
)


@dataclass
class Once:
    used: set[str] = field(default_factory=set)

    def fresh(self, request: Signed, until: datetime) -> bool:
        fresh = request.nonce not in self.used
        self.used.add(request.nonce)
        return fresh


def key_of(node: UUID) -> bytes:
    return {it.node: it.key.public_key().public_bytes_raw() for it in (CHILD, PARENT)}[node]


def sealed(payload: str) -> bytes:
    """The payload of the journal's page with a ciphertext beside it."""
    its = json.loads(payload)
    return canonical({**its, "sealed": {"sha256": sha256(CIPHERTEXT).hexdigest(), "key_id": "00" * 32}})


ITEMS = [Item(PAYLOADS[0].encode()), Item(sealed(PAYLOADS[1]), CIPHERTEXT)]
HASHES = chain(STREAM.digest(), STREAM.id(), 1, [it.payload for it in ITEMS])


def rendered(first: str, headers: Mapping[str, str], body: bytes = b"") -> str:
    """A message as text."""
    return "\n".join(
        [first, *(f"{name}: {value}" for name, value in headers.items()), "", body.decode()]
    ).rstrip("\n")


def asked(request: Request) -> str:
    return rendered(f"{request.method} {request.target} HTTP/1.1", request.headers)


def base(request: Request) -> str:
    """What the signature is made over."""

    @dataclass
    class Message:
        method: str
        url: str
        headers: dict[str, str]

    bare = {name: value for name, value in request.headers.items() if not name.startswith("signature")}
    prepared = HTTPMessageSigner(signature_algorithm=ED25519).prepare(
        Message(request.method, f"http://node{request.target}", bare), key_id=str(CHILD.node), created=NOW,
        nonce=signing.nonce_of(request), covered_component_ids=signing.ASKED, body=request.body or None,
        use_existing_digest=bool(request.body),
    )  # fmt: skip
    CHILD.key.public_key().verify(
        b64decode(request.headers["signature"].removeprefix("sig=:").removesuffix(":")),
        prepared.signature_base,
    )
    return prepared.signature_base.decode()


def frame() -> bytes:
    """The stretch of the page; another version of zstd may pack it otherwise."""
    return b64decode(BLOCKS["stretch packed"]) if "stretch packed" in BLOCKS else packed()


def packed() -> bytes:
    return b"".join(lines.written([lines.Part(STREAM, 0, STREAM.digest(), ITEMS)]))


def clear(stretch: bytes) -> str:
    """Its lines, with pictures for the signs that stand for names."""
    text = zstandard.ZstdDecompressor().decompressobj().decompress(stretch).decode()
    return text.rstrip("\n").translate({sign: 0x2400 + sign for sign in (1, 2, 3)})


def posted() -> Request:
    path, state = f"/sync/streams/{STREAM.id()}", ASKS.headers["haicap-state"]
    return sign(Request("POST", path, "after=0", {"haicap-state": state}, frame()), CHILD, NOW)


def heads() -> bytes:
    head = {"description": json.loads(STREAM.canonical()), "seq": 1, "hash": HASHES[0].hex()}
    return canonical({
        "node": str(PARENT.node), "incarnation": str(PARENT.incarnation), "version": "0.2.0", "unit": "11311",
        "incarnations": [str(CHILD.incarnation)], "heads": {str(STREAM.id()): head},
        "wants": {"blobs": {}, "keys": []}, "incidents": [], "time": "2026-11-22T02:00:00+00:00", "checkpoint": None,
    })  # fmt: skip


def answered(status: str, body: bytes, **headers: str) -> str:
    answer = Response(int(status[:3]), {"content-type": "application/json", **headers}, (body,))
    made = sign_answer(answer, sign(ASKS, CHILD, NOW), PARENT, NOW)
    return rendered(f"HTTP/1.1 {status}", made.headers, body)


def late() -> bytes:
    told = {"error": "clock", "message": calls.MESSAGE["clock"], "time": "2026-11-22T02:00:00+00:00"}
    return canonical(told)


def vouched() -> str:
    reference = Description(PARENT.node, PARENT.incarnation, "11311", "reference")
    it = vouching.vouch(Head(reference, 2, HASHES[1]), PARENT.key)
    told = b"haicap head 1\n" + it.stream.bytes + it.seq.to_bytes(8, "big") + it.hash
    PARENT.key.public_key().verify(it.signature, told)
    return "\n".join([
        f"stream     {it.stream}",
        f"signed     {told.hex()}",
        f"line       {canonical(['head', it.seq, it.hash.hex(), it.signature.hex()]).decode()}",
    ])  # fmt: skip


def code() -> str:
    public = PARENT.key.public_key().public_bytes_raw()
    made = codes.new(public, PARENT.entropy)
    assert codes.is_of(made, public)
    return f"public key {public.hex()}\ncode       {made}"


def examples() -> dict[str, str]:
    """Every example of the page, as the code makes it."""
    keys = [("child", CHILD), ("parent", PARENT)]
    return {
        "keys": "\n".join(
            f"{name} {what:<12}{value}"
            for name, it in keys
            for what, value in (
                ("node", it.node), ("incarnation", it.incarnation), ("private", it.key.private_bytes_raw().hex()),
                ("public", it.key.public_key().public_bytes_raw().hex()),
            )
        ),
        "request": asked(sign(ASKS, CHILD, NOW)),
        "signature base": base(sign(ASKS, CHILD, NOW)),
        "answer": answered("200 OK", heads(), etag='"3f1c0d9a5b7e2468ace01357"'),
        "clear lines": clear(frame()),
        "batch": asked(posted()),
        "batch signature base": base(posted()),
        "clock": answered("401 Unauthorized", late()),
        "vouched head": vouched(),
        "code": code(),
    }  # fmt: skip


@pytest.mark.parametrize("name", examples())
def test_an_example_of_the_page_is_what_the_code_makes(name: str) -> None:
    assert BLOCKS[name] == examples()[name]


def test_the_page_has_no_example_that_nothing_makes() -> None:
    assert set(BLOCKS) == {*examples(), "stretch packed"}


def test_the_packed_stretch_of_the_page_is_read() -> None:
    (batch,) = lines.read([frame()])
    assert (batch.description, batch.after, list(batch.items), batch.hash) == (STREAM, 0, ITEMS, HASHES[-1])
    assert list(lines.read([packed()])) == [batch]


def test_the_signed_examples_are_good() -> None:
    for request in (sign(ASKS, CHILD, NOW), posted()):
        assert verify(request, key_of, Once(), NOW + timedelta(seconds=300)).node == CHILD.node
        with pytest.raises(BadSignature, match="signature"):
            verify(replace(request, path="/sync/keys"), key_of, Once(), NOW)
    made = sign_answer(Response(200, {}, (heads(),)), sign(ASKS, CHILD, NOW), PARENT, NOW)
    assert verify_answer(made, sign(ASKS, CHILD, NOW), key_of).body == heads()


def test_every_error_is_in_the_table_with_its_status() -> None:
    told = dict(re.findall(r"^\| `([a-z]+)` \| (\d{3})", PAGE, re.MULTILINE))
    assert told == {code: str(status) for code, status in calls.STATUS.items()}


def test_every_endpoint_has_its_heading() -> None:
    told = set(re.findall(r"^### 6\.\d+ (.*)$", PAGE, re.MULTILINE))
    named = {
        "/sync/heads": "/sync/heads",
        answering.STREAM: "/sync/streams/{id}",
        answering.BLOB: "/sync/blobs/{sha256}",
    }
    every = (*answering.ROUTES, *views_sync.BESIDE)
    routes = {f"`{method} {named.get(form.pattern, form.pattern)}`" for method, form, _ in every}
    strangers = {"`POST /sync/join`", "`GET /sync/renewed`"}
    assert {part for heading in told for part in heading.split(", ")} == {*routes, *strangers}


LIMITS = {
    "entries of a batch": lines.BATCH_ENTRIES,
    "clear bytes of a batch of more than one entry": lines.BATCH_BYTES,
    "bytes of a line": lines.LINE,
    "bytes of a mark": lines.MARK,
    "bytes of the window, written": 1 << lines.WINDOW,
    "bytes of the window, read": lines.WIDEST,
    "bytes of a request": answering.BODY,
    "bytes of a request in JSON": calls.TEXT,
    "bytes of an answer that is no blob": wire.WHOLE,
    "bytes of all headers": signing.HEADERS,
    "bytes of `haicap-state`": signing.STATE,
    "seconds between `created` and the receiver's clock": int(signing.APART.total_seconds()),
    "seconds that a nonce is kept": int(signing.KEPT.total_seconds()),
    "keys asked for at once": handing.KEYS,
    "bytes of a blob": handing.BLOB,
    "heads of `reference` that are named one by one": stretches.INLINE,
}


def test_every_limit_is_in_the_table() -> None:
    table = PAGE.partition("## 11 ")[2].partition("\n## ")[0]
    told = {
        what: int(number.replace(",", ""))
        for what, number in re.findall(r"^\| ([^|]+) \| ([\d,]+) \|", table, re.MULTILINE)
    }
    assert told == LIMITS


def test_sections_that_are_named_exist() -> None:
    numbers = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?) ", PAGE, re.MULTILINE))
    named = set(re.findall(r"\((?:see )?(\d+\.\d+)\)", PAGE))
    assert named <= numbers
