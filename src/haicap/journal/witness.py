"""What was witnessed: signed checkpoints as they lie in the database and in witness files, read and judged."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from haicap.journal.findings import Problem
from haicap.journal.models import Checkpoint, ForeignCheckpoint, Node, Stream
from haicap.journal.node import in_force, public_key
from haicap.journal.text import canonical

BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Head:
    """How far a stream had come: the number and the hash (hex) of its newest entry."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint states: whose, when (a claim), and the heads of all streams, or of those that moved."""

    id: UUID
    node: UUID
    at: str
    whole: bool
    heads: Mapping[UUID, Head]

    @classmethod
    def read(cls, data: bytes) -> "Statement":
        """The statement behind its bytes. Raises `ValueError`, `KeyError` or `TypeError` for others."""
        it: dict[str, Any] = json.loads(data)
        heads = {UUID(stream): Head(head["seq"], head["hash"]) for stream, head in it["heads"].items()}
        return cls(UUID(it["id"]), UUID(it["node"]), it["at"], it["whole"], heads)

    def write(self) -> bytes:
        """The canonical JSON that is signed."""
        heads = {str(stream): {"seq": head.seq, "hash": head.hash} for stream, head in self.heads.items()}
        mark = {"id": str(self.id), "node": str(self.node), "at": self.at, "whole": self.whole}
        return canonical({**mark, "heads": heads})


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as it is kept: the statement, the bytes of it that were signed, and the signature."""

    statement: Statement
    data: bytes
    signature: bytes

    @classmethod
    def of_line(cls, line: bytes) -> "Signed | None":
        """The checkpoint in a line of a witness file; None for a line torn by a power cut, or made by nobody."""
        try:
            it = json.loads(line)
            data = it["statement"].encode()
            return cls(Statement.read(data), data, bytes.fromhex(it["signature"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    @classmethod
    def of_row(cls, row: Checkpoint) -> "Signed":
        """The checkpoint in a row. Raises `ValueError`, `KeyError` or `TypeError` where it was changed."""
        return cls(Statement.read(bytes(row.statement)), bytes(row.statement), bytes(row.signature))

    def line(self) -> bytes:
        """The checkpoint as a line of a witness file."""
        return canonical({"statement": self.data.decode(), "signature": self.signature.hex()}) + b"\n"

    def genuine(self, public: bytes) -> bool:
        """Whether the holder of this Ed25519 key (32 bytes) has signed it."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, self.data)
        except InvalidSignature:
            return False
        return True


def witness_file() -> Path:
    """The witness file of this installation: JSON Lines, one checkpoint a line, only ever added to."""
    return Path(settings.HOME) / "witness.jsonl"


def newest_first(file: Path) -> Iterator[Signed | None]:
    """The checkpoints of a witness file, the last line first; None in the place of one that cannot be read."""
    return map(Signed.of_line, _lines_backwards(file))


def _lines_backwards(file: Path) -> Iterator[bytes]:
    if not file.exists():
        return
    with file.open("rb") as lines:
        place = lines.seek(0, os.SEEK_END)
        rest = b""
        while place:
            size = min(BLOCK, place)
            place = lines.seek(place - size)
            first, *others = (lines.read(size) + rest).split(b"\n")
            yield from filter(None, reversed(others))
            rest = first
        if rest:
            yield rest


def add_lines(file: Path, checkpoints: Iterable[Signed]) -> None:
    """Add checkpoints that are newer than what the file has, and see them to the disk; mode 0600.

    A line torn by a power cut is closed first, so that it spoils no other.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        newest = newest_id(file)
        if _torn(out):
            out.write(b"\n")
        out.writelines(it.line() for it in checkpoints if newest is None or it.statement.id > newest)
        out.flush()
        os.fsync(out.fileno())


def _torn(file: BinaryIO) -> bool:
    """Whether the last line has no end."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def newest_id(file: Path) -> UUID | None:
    """The id of the newest checkpoint of a file that can be read."""
    return next((it.statement.id for it in newest_first(file) if it), None)


def since_whole(using: str) -> Iterator[Signed]:
    """The database's checkpoints, newest first, down to the newest whole one."""
    for row in Checkpoint.objects.using(using).order_by("-id").iterator(chunk_size=50):
        signed = Signed.of_row(row)
        yield signed
        if signed.statement.whole:
            return


@dataclass(frozen=True, slots=True)
class Witness:
    """One source of checkpoints: what it has witnessed since its newest whole one, oldest first."""

    name: str
    checkpoints: tuple[Signed, ...]
    problems: tuple[Problem, ...]
    unread: int  # lines that cannot be read


def witnesses(files: Iterable[Path], using: str) -> list[Witness]:
    """The witness file of this installation, further `files`, the database, other nodes, in this order, each judged.

    A checkpoint that this node has not signed, with the key then in force, is a problem and witnesses nothing; so is
    one that a file has and the database has not (not the other way round: it may be just being made).
    """
    node = Node.objects.using(using).filter(ours=True).first()
    if node is None:
        return []
    public = public_key() or bytes(node.public_key)
    found = [_judged(file.name, newest_first(file), node.id, public) for file in _distinct(files)]
    kept = _judged("the database", _rows(using), node.id, public)
    if public != bytes(node.public_key):
        what = "the node's key in the database is not the one in node.json"
        kept = Witness(kept.name, kept.checkpoints, (*kept.problems, Problem(None, None, what)), kept.unread)
    return [*(_compared(it, kept, using) for it in found), kept, *_of_others(node.id, using)]


def _distinct(files: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys([witness_file().resolve(), *(file.resolve() for file in files)]))


def _rows(using: str) -> Iterator[Signed | None]:
    for row in Checkpoint.objects.using(using).order_by("-id").iterator(chunk_size=50):
        try:
            yield Signed.of_row(row)
        except (ValueError, KeyError, TypeError):
            yield None


def _judged(name: str, newest: Iterator[Signed | None], node: UUID, public: bytes) -> Witness:
    good: list[Signed] = []
    problems: list[Problem] = []
    unread = 0
    for it in newest:
        if it is None:
            unread += 1
        elif it.statement.node == node and it.genuine(in_force(it.statement.id, public)):
            good.append(it)
            if it.statement.whole:
                break
        elif it.statement.node == node:
            what = f"the checkpoint of {it.statement.at} in {name} is not signed by this node"
            problems.append(Problem(None, None, what))
    return Witness(name, tuple(reversed(good)), tuple(problems), unread)


def _compared(file: Witness, kept: Witness, using: str) -> Witness:
    """What a witness file has, the database must have as well."""
    ids = [it.statement.id for it in file.checkpoints]
    there = set(Checkpoint.objects.using(using).filter(id__in=ids).values_list("id", flat=True))
    gone = [
        Problem(None, None, f"the checkpoint of {it.statement.at} in {file.name} is gone from the database")
        for it in file.checkpoints
        if it.statement.id not in there
    ]
    return Witness(file.name, file.checkpoints, (*file.problems, *gone), file.unread)


def keep(signed: Signed, *, using: str = "worker") -> None:
    """Keep another node's checkpoint, known to be genuine, in the place of the one kept before."""
    its = {"statement": signed.data, "signature": signed.signature}
    ForeignCheckpoint.objects.using(using).update_or_create(node=signed.statement.node, defaults=its)


def kept(node: UUID, *, using: str = "default") -> Signed | None:
    """The checkpoint of another node that is kept here; None where there is none."""
    row = ForeignCheckpoint.objects.using(using).filter(node=node).first()
    return _signed(row) if row else None


def _signed(row: ForeignCheckpoint) -> Signed:
    return Signed(Statement.read(bytes(row.statement)), bytes(row.statement), bytes(row.signature))


def _keys_of(node: Node) -> list[bytes]:
    """The key of another node, and those before it: what it has witnessed it signs anew at its next contact only."""
    return [bytes(node.public_key), *map(bytes.fromhex, node.earlier)]


def _of_others(own: UUID, using: str) -> Iterator[Witness]:
    """What other nodes have witnessed of the streams here: of ours all, of others what has come already."""
    nodes = {node.id: node for node in Node.objects.using(using).filter(ours=False)}
    streams = {stream.id: stream for stream in Stream.objects.using(using).all()}
    for row in ForeignCheckpoint.objects.using(using).exclude(node=own).order_by("node"):
        its = nodes.get(row.node)
        name = f"the node {its.name if its and its.name else row.node}"
        try:
            signed = _signed(row)
            genuine = its is not None and any(map(signed.genuine, _keys_of(its)))
        except (ValueError, KeyError, TypeError):
            genuine = False
        if not genuine:
            what = f"the checkpoint that is kept of {name} is not signed by it"
            yield Witness(name, (), (Problem(None, None, what),), 0)
            continue
        heads = {
            stream: head
            for stream, head in signed.statement.heads.items()
            if (here := streams.get(stream)) and (here.node == own or head.seq <= here.seq)
        }
        yield Witness(name, (replace(signed, statement=replace(signed.statement, heads=heads)),), (), 0)
