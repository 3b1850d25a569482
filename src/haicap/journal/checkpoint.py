"""Witness: signed statements of all heads, in the database and in a file outside it."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connections

from haicap.journal.entry import instant
from haicap.journal.ids import uuid7
from haicap.journal.models import Checkpoint, Node
from haicap.journal.node import keys
from haicap.journal.text import canonical


@dataclass(frozen=True, slots=True)
class Head:
    """How far a stream had come: the number and the hash of its newest entry."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One checkpoint, as signed: whose, when (a claim), and the head of every stream."""

    id: UUID
    node: UUID
    at: str
    heads: Mapping[UUID, Head]


def witness_file() -> Path:
    """The witness file of this installation: JSON Lines, one checkpoint a line, only ever added to."""
    return Path(settings.HOME) / "witness.jsonl"


def checkpoint(*, at: datetime, using: str = "default") -> Statement | None:
    """Sign a checkpoint over all heads, into the database and the witness file; None if nothing is new.

    `at` is aware. To be called at least every minute with new entries, and at shutdown.
    """
    node = Node.objects.using(using).get(ours=True)
    heads = _heads(using)
    newest = Checkpoint.objects.using(using).order_by("-id").first()
    if not heads or (newest is not None and _statement(bytes(newest.statement)).heads == heads):
        return None
    made = uuid7(at)
    statement = canonical(
        {
            "id": str(made),
            "node": str(node.id),
            "at": instant(at),
            "heads": {str(stream): {"seq": head.seq, "hash": head.hash} for stream, head in heads.items()},
        }
    )
    signature = keys().signing.sign(statement)
    Checkpoint.objects.using(using).bulk_create(
        [Checkpoint(id=made, statement=statement, signature=signature)]
    )
    _add_line(witness_file(), statement, signature)
    return _statement(statement)


def _heads(using: str) -> dict[UUID, Head]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT id, seq, encode(hash, 'hex') FROM journal_stream WHERE seq > 0 ORDER BY id")
        return {stream: Head(seq, digest) for stream, seq, digest in cursor.fetchall()}


def _add_line(file: Path, statement: bytes, signature: bytes) -> None:
    line = canonical({"statement": statement.decode(), "signature": signature.hex()}) + b"\n"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as out:
        out.write(line)
        out.flush()
        os.fsync(out.fileno())


def _statement(data: bytes) -> Statement:
    it: dict[str, Any] = json.loads(data)
    heads = {UUID(stream): Head(head["seq"], head["hash"]) for stream, head in it["heads"].items()}
    return Statement(UUID(it["id"]), UUID(it["node"]), it["at"], heads)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint found, from the database or a witness file, and whether its signature holds."""

    source: str
    statement: Statement
    genuine: bool


def witnessed(*, files: tuple[Path, ...], using: str = "owner") -> Iterator[Witnessed]:
    """The newest checkpoint of the database and of every witness file, and each one that is not genuine.

    A torn last line of a file (a power cut while it was written) is passed over; any other unreadable line
    raises `ValueError`.
    """
    public = {node.id: bytes(node.public_key) for node in Node.objects.using(using).all()}
    for row in Checkpoint.objects.using(using).order_by("-id")[:1]:
        yield _judged("database", bytes(row.statement), bytes(row.signature), public)
    for file in files:
        lines = file.read_bytes().split(b"\n") if file.exists() else []
        judged = [_judged(file.name, *_line(line), public) for line in lines[:-1] if line]
        yield from (it for it in judged[:-1] if not it.genuine)
        yield from judged[-1:]


def _line(line: bytes) -> tuple[bytes, bytes]:
    it = json.loads(line)
    return it["statement"].encode(), bytes.fromhex(it["signature"])


def _judged(source: str, data: bytes, signature: bytes, public: Mapping[UUID, bytes]) -> Witnessed:
    statement = _statement(data)
    try:
        Ed25519PublicKey.from_public_bytes(public[statement.node]).verify(signature, data)
    except (InvalidSignature, KeyError):
        return Witnessed(source, statement, genuine=False)
    return Witnessed(source, statement, genuine=True)
