"""Courier files: what the line would carry, on a stick. `docs/courier-format.md` is their page; this packs them.

Packed is what the receiver is not known to have, by its last contact or return file: what was sent and never
confirmed goes again.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from pyrage import x25519

from haicap.journal.chain import Description
from haicap.journal.intake import Head, Item
from haicap.journal.kinds import naming
from haicap.journal.text import canonical
from haicap.nodes.courier.book import Book, Known, Sent
from haicap.nodes.courier.container import FRAME, File, Line, Manifest, Parts, blob_part, write
from haicap.nodes.courier.entries import entries_part
from haicap.nodes.courier.neighbours import Neighbour
from haicap.nodes.exchange import scopes
from haicap.nodes.exchange.records import Member, Parent
from haicap.nodes.exchange.shelf import Shelf

PAGE = 1000  # entries, and keys, at once
ORDER = ("reference", "work", "returns")  # what is judged by comes before what is judged
NAMES = {"blob", "picture"}  # the fields of bodies that name blobs


class Stranger(LookupError):
    """This node does not know that one: it is neither its parent nor one of its children."""


class Nothing(LookupError):
    """There is nothing that the receiver is not known to have."""


@dataclass(frozen=True, slots=True)
class Office:
    """This node's end of the way: its storage, its book, and the identity that files to it are opened with.

    `beside` finds another province's node.
    """

    shelf: Shelf
    book: Book
    identity: x25519.Identity = field(repr=False)
    earlier: tuple[x25519.Identity, ...] = field(default=(), repr=False, kw_only=True)
    beside: Callable[[UUID], Neighbour | None] = field(default=lambda _node: None, repr=False)

    def sign(self, data: bytes) -> bytes:
        """This node's Ed25519 signature, with the key that the parent believes."""
        key = next(iter(self.shelf.former()), self.shelf.signer.key)
        return key.sign(data)

    @property
    def identities(self) -> list[x25519.Identity]:
        """All that open what was sealed to this node."""
        return [self.identity, *self.earlier]


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end: a child of this node, or its parent."""

    shelf: Shelf
    its: Member | Parent

    @property
    def node(self) -> UUID:
        return self.its.node

    def reads(self, stream: Description) -> bool:
        """Whether it is given this stream, which is another's than its own."""
        own = self.shelf.own.id
        if isinstance(self.its, Member):
            return scopes.may_read(self.its, stream)
        return scopes.may_push(own, self.shelf.units, self.its, stream)

    def lacks(self, stream: Description) -> bool:
        """Whether it is given this stream, its own, of which it has lost the end: a child believes its parent."""
        return isinstance(self.its, Member) and scopes.may_read(self.its, stream)

    def writes(self, line: Line) -> bool:
        """Whether these entries are taken from it."""
        own, stream = self.shelf.own.id, line.description()
        if not isinstance(self.its, Member):
            return scopes.may_hold(own, self.shelf.units, self.its, stream)
        good = line.seq if self.its.state == "joined" else self.its.last_good.get(stream.id(), 0)
        return scopes.may_write(own, self.its, stream) and line.seq <= good


def peer(shelf: Shelf, node: UUID) -> Peer:
    """The other end of the way to a node. Raises `Stranger`."""
    parent = shelf.parent
    its = parent if parent is not None and parent.node == node else shelf.member(node)
    if its is None:
        raise Stranger(node)
    return Peer(shelf, its)


def correspondent(office: Office, node: UUID) -> Member | Parent | Neighbour:
    """Whoever may answer a file from here: the other end of the way, or another province's node. Raises `Stranger`."""
    return office.beside(node) or peer(office.shelf, node).its


def pack(
    office: Office, to: UUID, file: Path, *, name: str = "", blobs: bool = False, every: bool = False
) -> Sent:
    """Write to `file` (mode 0600) what the node `to` is not known to have; with `blobs` the attached files too.

    With `every` all that it may have, whatever is known. `name` is what people call it. Raises `Stranger`,
    `Nothing`, `OSError`.
    """
    with office.book.alone():
        return _pack(office, to, file, name, blobs=blobs, every=every)


def _pack(office: Office, to: UUID, file: Path, name: str, *, blobs: bool, every: bool) -> Sent:
    shelf, other = office.shelf, peer(office.shelf, to)
    known = Known(over=None, heads={}, blobs={}) if every else known_of(office, to)
    its = [_line(shelf, head, known.heads.get(stream, 0)) for stream, head in dict(shelf.heads()).items()]
    streams = sorted(
        (line for line in its if line.after < line.seq and _goes(other, line, known)),
        key=lambda line: (ORDER.index(line.channel), line.unit, line.node),
    )
    names = list(_blobs(shelf, other, known)) if blobs else []
    if not (streams or names):
        raise Nothing(to)
    about = {} if isinstance(other.its, Member) else {"renewal": _renewal(shelf)}
    manifest = manifest_of(office, to, tuple(streams), about=about)
    parts = _parts(shelf, other, streams, names)
    return written(office, manifest, parts, file, other.its.recipient, {
        "name": name, "heads": {line.description().id(): line.seq for line in streams}, "blobs": blobs,
        "entries": sum(line.seq - line.after for line in streams),
    })  # fmt: skip


def written(
    office: Office, manifest: Manifest, parts: Parts, file: Path, recipient: str, its: Mapping[str, Any]
) -> Sent:
    """Write a file for one recipient, and note it as sent with what is particular to it. Raises `OSError`.

    The caller works with the book alone.
    """
    digest, size = write(file, manifest, parts, sign=office.sign, recipients=[recipient])
    sent = Sent(
        number=manifest.number, to=manifest.receiver, at=manifest.at, file=file.name, digest=digest, size=size, **its
    )  # fmt: skip
    office.book.note_sent(sent)
    return sent


def _renewal(shelf: Shelf) -> dict[str, Any]:
    """How this node came to its present incarnation, for a parent that has not heard of it."""
    it = shelf.renewal()
    lines = {str(stream): seq for stream, seq in it.lines.items()}
    return {"incarnation": str(it.incarnation), "reason": it.reason, "lines": lines}


def manifest_of(office: Office, to: UUID, streams: tuple[Line, ...] = (), **more: Any) -> Manifest:
    """What a file from here begins with: this node's newest checkpoint in it, the next number, and `more`."""
    shelf = office.shelf
    newest = shelf.newest()
    return Manifest.model_validate(
        {
            "kind": "streams", "sender": shelf.own.id, "incarnation": shelf.own.incarnation, "receiver": to,
            "number": office.book.number(to), "at": shelf.now(), "streams": streams,
            "checkpoint": newest.line().decode() if newest else None, **more,
        }
    )  # fmt: skip


def known_of(office: Office, node: UUID) -> Known:
    """How far a node is known to have come: by the last contact on the line, and by its last return file."""
    over, met = _met(office.shelf, node)
    told = office.book.known(node) or Known(over=None, heads={}, blobs={})
    newest = told.heads if told.over == over else met
    return Known(over=over, heads={**told.heads, **met, **newest}, blobs=told.blobs)


def _met(shelf: Shelf, node: UUID) -> tuple[str | None, dict[UUID, int]]:
    """The mark of the last contact, and how far the node had come then with what lies here."""
    parent = shelf.parent
    if parent is not None and parent.node == node:
        if (met := shelf.outset().remembered) is None:
            return None, {}
        said = json.loads(met.heads)["heads"]
        return met.etag, ours(shelf, {UUID(it): (head["seq"], head["hash"]) for it, head in said.items()})
    return _met_child(shelf, node)


def _met_child(shelf: Shelf, node: UUID) -> tuple[str | None, dict[UUID, int]]:
    """Of its own lines its checkpoint says how far it had come, of the others it has said so itself."""
    kept, member = shelf.kept(node), shelf.member(node)
    mark, has = shelf.has(node, member.incarnation) if member and member.incarnation else ("", {})
    own = {stream: (head.seq, head.hash) for stream, head in kept.statement.heads.items()} if kept else {}
    if kept is None and not mark:
        return None, {}
    return f"{kept.statement.id if kept else ''} {mark}", {**has, **ours(shelf, own)}


def ours(shelf: Shelf, heads: Mapping[UUID, tuple[int, str]]) -> dict[UUID, int]:
    """Those heads, each a `seq` and its hash in hex, that lie on the lines here."""
    here = shelf.heads()
    return {
        it: seq
        for it, (seq, said) in heads.items()
        if it in here and hash_at(shelf, here[it], seq) == bytes.fromhex(said)
    }


def hash_at(shelf: Shelf, head: Head, seq: int) -> bytes | None:
    """The hash there of the stream with this head; None beyond it. The shelf is asked only for what lies between."""
    if seq in (0, head.seq):
        return head.hash if seq else head.description.digest()
    return shelf.hash_at(head.description.id(), seq) if seq < head.seq else None


def _line(shelf: Shelf, head: Head, known: int) -> Line:
    stream = head.description
    before = hash_at(shelf, head, known)
    if before is None:  # what is known of it was another line
        known, before = 0, stream.digest()
    return Line(
        node=stream.node, incarnation=stream.incarnation, unit=stream.unit, channel=stream.channel, after=known,
        before=before.hex(), seq=head.seq, hash=head.hash.hex(),
    )  # fmt: skip


def _goes(other: Peer, line: Line, known: Known) -> bool:
    """Its own lines go to a node only where it has said that it has less of them than lies here."""
    stream = line.description()
    if line.node == other.node:
        return stream.id() in known.heads and other.lacks(stream)
    return other.reads(stream)


def _parts(
    shelf: Shelf, other: Peer, streams: Iterable[Line], names: Iterable[str]
) -> Iterator[Iterable[bytes]]:
    for line in streams:
        keys: set[str] = set()
        its = _noting(items(shelf, line.description().id(), line.after, line.seq), keys)
        yield entries_part(line, its)
        yield _bundles(shelf, other, keys)
    yield from blob_parts(shelf, names)


def items(shelf: Shelf, stream: UUID, after: int, up_to: int) -> Iterator[Item]:
    """The entries in (after, up_to] of a stream, a thousand at a time."""
    while after < up_to:
        for item in shelf.stored(stream, after, min(PAGE, up_to - after)):
            yield item
            after += 1


def _noting(its: Iterable[Item], keys: set[str]) -> Iterator[Item]:
    for item in its:
        if item.ciphertext is not None:
            keys.add(json.loads(item.payload)["sealed"]["key_id"])
        yield item


def _bundles(shelf: Shelf, other: Peer, keys: set[str]) -> Iterator[bytes]:
    """The keys that entries name, each thousand as `POST /sync/keys` would answer them."""
    wanted = sorted(keys)
    for start in range(0, len(wanted), PAGE):
        given = shelf.give_keys(wanted[start : start + PAGE], other.node, other.its.recipient)
        yield canonical({"keys": b64encode(given.keys).decode(), "destroyed": list(given.destroyed)})


def blob_parts(shelf: Shelf, names: Iterable[str]) -> Iterator[Iterable[bytes]]:
    """The parts of those files that lie here."""
    for name in names:
        size = shelf.blob_size(name)
        if size is not None:
            yield blob_part(File(sha256=name, size=size), _bytes(shelf, name, size))


def _blobs(shelf: Shelf, other: Peer, known: Known) -> Iterator[str]:
    """The files named by entries that it reads and is not known to have the files of, and that lie here."""
    seen: set[str] = set()
    for stream, head in dict(shelf.heads()).items():
        if other.reads(head.description) and head.description.node != other.node:
            for item in items(shelf, stream, known.blobs.get(stream, 0), head.seq):
                for name in blob_names(item.payload):
                    if name not in seen and shelf.blob_size(name) is not None:
                        seen.add(name)
                        yield name


def blob_names(payload: bytes) -> list[str]:
    """The files that an entry names."""
    it = json.loads(payload)
    return list(_named(it["body"])) if it["kind"] in _naming() else []


@cache
def _naming() -> frozenset[str]:
    return frozenset(kind for name in NAMES for kind in naming(name))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in NAMES and isinstance(inner, str):
                yield inner
            else:
                yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def _bytes(shelf: Shelf, name: str, size: int) -> Iterator[bytes]:
    for offset in range(0, size, FRAME):
        yield shelf.read_blob(name, offset, min(FRAME, size - offset))
