"""This installation as a writer: who it is, and its keys, which lie outside the database."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from pyrage import x25519

from haicap.journal.chain import Channel, Description
from haicap.journal.ids import uuid7
from haicap.journal.models import Node
from haicap.journal.reference import ours

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Keys:
    """A node's private keys: Ed25519 for signing, age for receiving subject keys."""

    signing: Ed25519PrivateKey
    receiving: x25519.Identity
    earlier: tuple[x25519.Identity, ...] = ()  # for what was sealed to them and comes late

    @property
    def identities(self) -> list[x25519.Identity]:
        """All that open what is sealed to this node, the present one first."""
        return [self.receiving, *self.earlier]


def keys() -> Keys:
    """This node's keys, made at first use in `node.json` (mode 0600) of the installation's folder."""
    if (its := _kept()) is not None:
        return its[1]
    signing, receiving = Ed25519PrivateKey.generate(), x25519.Identity.generate()
    _keep(_place(), {"signing": signing.private_bytes_raw().hex(), "receiving": str(receiving)})
    return keys()


def public_key() -> bytes | None:
    """The signing key's public half, 32 bytes; None where this installation has no keys (yet)."""
    its = _kept()
    return its[1].signing.public_key().public_bytes_raw() if its else None


def file_of_keys() -> Mapping[str, Any]:
    """What `node.json` holds; nothing where there is none (yet)."""
    its = _kept()
    return its[0] if its else {}


def _kept() -> tuple[Mapping[str, Any], Keys] | None:
    """What `node.json` holds, and the keys in it; None where there is none (yet)."""
    place = _place()
    try:
        its = place.stat()
    except FileNotFoundError:
        return None
    return _read(place, its.st_mtime_ns, its.st_ino)


@lru_cache(maxsize=1)  # each contact signs; another file is there once they are changed
def _read(place: Path, _changed: int, _inode: int) -> tuple[Mapping[str, Any], Keys]:
    kept = json.loads(place.read_text())
    return kept, Keys(
        Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["signing"])),
        x25519.Identity.from_str(kept["receiving"]),
        tuple(x25519.Identity.from_str(it["receiving"]) for it in kept.get("identities", [])),
    )


def _place() -> Path:
    return _in(str(settings.HOME))


@lru_cache(maxsize=1)
def _in(home: str) -> Path:
    return Path(home) / "node.json"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A signing key that this node has given up: its public half (32 bytes), and the last checkpoint under it."""

    public_key: bytes
    until: UUID


@contextmanager
def alone() -> Iterator[None]:
    """For reading and rewriting `node.json`: one process at a time."""
    with _place().with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def rewrite(kept: Mapping[str, Any]) -> None:
    """Put this into `node.json`: all of it or nothing, and on the disk when it returns."""
    beside = _place().with_suffix(".new")
    beside.unlink(missing_ok=True)
    _keep(beside, kept)
    beside.replace(_place())
    folder = os.open(_place().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def earlier() -> tuple[Earlier, ...]:
    """The keys that were in force before the present one, oldest first: in `node.json`, where no database reaches."""
    before = file_of_keys().get("before", [])
    return tuple(Earlier(bytes.fromhex(it["public_key"]), UUID(it["until"])) for it in before)


def give_up(public: bytes, until: UUID) -> None:
    """Note in `node.json` that this key was in force up to the checkpoint `until`; checkpoints go by their ids."""
    with alone():
        kept = file_of_keys()
        before = [it for it in kept.get("before", []) if it["public_key"] != public.hex()]
        rewrite({**kept, "before": [*before, {"public_key": public.hex(), "until": str(until)}]})


def in_force(checkpoint: UUID, present: bytes) -> bytes:
    """The public key under which this node signed a checkpoint, by its id; `present` is the one of now."""
    return next((it.public_key for it in earlier() if checkpoint <= it.until), present)


def _keep(place: Path, kept: Mapping[str, Any]) -> None:
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process was first; its keys are the node's
    with os.fdopen(handle, "w") as file:
        json.dump(dict(kept), file)
        file.flush()
        os.fsync(file.fileno())


def become(name: str, *, using: str = "owner") -> Node:
    """Make this database a node's own, with a first incarnation; one that already is stays what it is."""
    known = Node.objects.using(using).filter(ours=True).first()
    if known is not None:
        return known
    mine = keys()
    node = Node(
        id=uuid7(),
        name=name,
        ours=True,
        incarnation=uuid7(),
        public_key=mine.signing.public_key().public_bytes_raw(),
        recipient=str(mine.receiving.to_public()),
    )
    node.save(using=using)
    return node


@dataclass(frozen=True, slots=True)
class Own:
    """What a writer must know of its own node."""

    id: UUID
    incarnation: UUID

    def stream(self, unit: str, channel: Channel) -> Description:
        """The stream of this node for a unit's file."""
        return Description(self.id, self.incarnation, unit, channel)

    def code(self) -> str:
        """The incarnation's short code, part of every number it gives out: two letters or digits."""
        digest = sha256(self.id.bytes + self.incarnation.bytes).digest()
        return CROCKFORD[digest[0] % 32] + CROCKFORD[digest[1] % 32]


def own(using: str = "default") -> Own:
    """This node. Raises `Node.DoesNotExist` before `become`."""
    node = ours(using)
    if node is None:
        raise Node.DoesNotExist
    return Own(node.id, node.incarnation)
