"""A backup: a chain of courier files to oneself, the attached files as they are, and apart from both a key file.

Each run adds one file with the entries after those of the last. Attached files lie sealed already, each called by its
SHA-256, and are copied. What opens sealed facts lies in the key file alone: it is kept elsewhere and destroyed after
35 days, so that what is erased is gone from backups by then (`journal.erasing`).
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError
from pyrage import RecipientError, x25519

from haicap.journal import blobs
from haicap.journal.blob_check import named
from haicap.journal.erasing import BACKUPS
from haicap.journal.intake import Head, Item, hash_at, heads, stored
from haicap.journal.models import Node
from haicap.journal.node import keys
from haicap.journal.witness import since_whole
from haicap.nodes.courier.checking import check_line
from haicap.nodes.courier.container import FRAME, File, Line, Manifest, Wrong, blob_part, opened, write
from haicap.nodes.courier.entries import entries_part
from haicap.nodes.rescue.key_file import destroy_old, write_keys

PAGE = 1000


class Unfit(Exception):
    """A backup that cannot be made or gone on with; the message is a sentence for the operator."""


class Made(BaseModel):
    """One file of a backup; `at` is UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    file: str
    sha256: str
    size: int
    at: datetime
    entries: int


class Index(BaseModel):
    """What lies in a backup's folder: its files, and how far the newest has come with each stream, as [seq, hash].

    It helps to go on, and tells where a file is missing; nothing that it says is believed at a restore.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    haicap: Literal["backup/1"] = "backup/1"
    node: UUID
    recipient: str
    files: tuple[Made, ...] = ()
    heads: Mapping[UUID, tuple[int, str]] = {}


@dataclass(frozen=True, slots=True)
class Backup:
    """What a run has made. `file` is None where there was nothing new; `keys` is to be carried elsewhere.

    `removed` are key files that were destroyed, being older than 35 days; `spent` is the day before which key files
    that lie elsewhere must be destroyed too.
    """

    file: Path | None
    entries: int
    blobs: int
    keys: Path
    removed: tuple[str, ...]
    spent: datetime


def new_identity() -> tuple[str, str]:
    """A fresh age identity, which opens backups and is written down on paper, and its recipient."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient(given: str | None = None) -> str:
    """For whom this installation's backups are sealed: `given` from now on, else as before. Raises `Unfit`."""
    place = Path(settings.HOME) / "backup.json"
    if given is not None:
        try:
            x25519.Recipient.from_str(given)
        except RecipientError as error:
            raise Unfit(f"{given} is no age recipient.") from error
        place.write_text(json.dumps({"recipient": given}))
        return given
    if not place.exists():
        raise Unfit("Nobody is named yet who can open the backup: run haicap backup --init once.")
    return str(json.loads(place.read_text())["recipient"])


def back_up(folder: Path, key_folder: Path, *, to: str, at: datetime, using: str = "owner") -> Backup:
    """Add to the backup in `folder` what it does not have, and write a new key file to `key_folder`.

    Every file is read again after it was written. `to` is an age recipient; `at` is aware. Raises `Unfit`, `OSError`.
    """
    for place in (folder, key_folder):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        index = _index(folder, to, using)
        _all_there(folder, index)
        made, index = _entries(folder, index, at, using)
        copied = _blobs(folder, using)
        if made is not None:
            _keep(folder, index)
        kept = write_keys(key_folder, len(index.files), to=to, at=at, using=using)
    spent = at - BACKUPS
    removed = destroy_old(key_folder, spent)
    file, entries = (folder / made.file, made.entries) if made else (None, 0)
    return Backup(file, entries, copied, kept, removed, spent)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Unfit(f"Another backup to {folder} is being made.") from error
    finally:
        os.close(handle)


def read_index(folder: Path) -> Index | None:
    """The index of a backup; None where there is none. Raises `Unfit` where it cannot be read."""
    place = folder / "backup.json"
    if not place.exists():
        return None
    try:
        return Index.model_validate_json(place.read_bytes())
    except ValidationError as error:
        raise Unfit(f"{place} was changed, or is from a newer version.") from error


def _index(folder: Path, to: str, using: str) -> Index:
    node = Node.objects.using(using).get(ours=True)
    index = read_index(folder) or Index(node=node.id, recipient=to)
    if index.node != node.id:
        raise Unfit(f"{folder} is the backup of another installation.")
    for stream, (seq, digest) in index.heads.items():
        if hash_at(stream, seq, using) != bytes.fromhex(digest):
            raise Unfit(f"{folder} knows another history than this installation: begin a new folder.")
    return index.model_copy(update={"recipient": to})


def _all_there(folder: Path, index: Index) -> None:
    for made in index.files:
        file = folder / made.file
        if not file.exists():
            raise Unfit(
                f"{file} is missing, without which the backup cannot be restored: begin a new folder."
            )
        if file.stat().st_size != made.size:
            raise Unfit(f"{file} is not as it was written: begin a new folder.")


def _keep(folder: Path, index: Index) -> None:
    fresh = folder / ".backup.json"
    fresh.write_text(index.model_dump_json(indent=1))
    fresh.replace(folder / "backup.json")


def _entries(folder: Path, index: Index, at: datetime, using: str) -> tuple[Made | None, Index]:
    """The next file of the chain. Checkpoints are read before heads: none of them knows more than the file has."""
    witness = b"".join(signed.line() for signed in reversed(list(since_whole(using))))
    now = heads(using)
    streams = tuple(
        line for stream, head in sorted(now.items()) if (line := _line(index, stream, head)).after < line.seq
    )
    if not streams:
        return None, index
    number = 1 + max((made.number for made in index.files), default=0)
    place = folder / f"{number:06}.haicap"
    manifest = _manifest(index, number, streams, at, using)
    mine = keys()
    digest, size = write(
        place, manifest, _parts(streams, witness, using), sign=mine.signing.sign,
        recipients=[index.recipient, str(mine.receiving.to_public())],
    )  # fmt: skip
    check_file(place, [mine.receiving], mine.signing.public_key().public_bytes_raw())
    entries = sum(line.seq - line.after for line in streams)
    made = Made(number=number, file=place.name, sha256=digest, size=size, at=at, entries=entries)
    vector = {stream: (head.seq, head.hash.hex()) for stream, head in now.items()}
    return made, index.model_copy(update={"files": (*index.files, made), "heads": vector})


def _line(index: Index, stream: UUID, head: Head) -> Line:
    its = head.description
    after, before = index.heads.get(stream, (0, its.digest().hex()))
    return Line(
        node=its.node, incarnation=its.incarnation, unit=its.unit, channel=its.channel, after=after, before=before,
        seq=head.seq, hash=head.hash.hex(),
    )  # fmt: skip


def _manifest(index: Index, number: int, streams: tuple[Line, ...], at: datetime, using: str) -> Manifest:
    node = Node.objects.using(using).get(ours=True)
    return Manifest(
        kind="backup", sender=node.id, incarnation=node.incarnation, receiver=node.id, number=number,
        at=at.astimezone(UTC), streams=streams,
        about={
            "previous": index.files[-1].sha256 if index.files else None, "name": node.name,
            "authority": str(node.authority) if node.authority else None,
        },
    )  # fmt: skip


def _parts(streams: Iterable[Line], witness: bytes, using: str) -> Iterator[Iterable[bytes]]:
    for line in streams:
        its = _items(line, using)
        yield entries_part(line, its)
        yield ()  # keys lie in the key file
    yield blob_part(File(sha256=sha256(witness).hexdigest(), size=len(witness)), [witness])


def _items(line: Line, using: str) -> Iterator[Item]:
    for after in range(line.after, line.seq, PAGE):
        yield from stored(line.description().id(), after, min(PAGE, line.seq - after), using)


def check_file(file: Path, identities: Iterable[x25519.Identity], public_key: bytes) -> Manifest:
    """A backup's file, of which every byte is as this node wrote it. Raises `Unfit`, which names the file."""
    try:
        with opened(file, identities) as reading:
            if reading.manifest.kind != "backup":
                raise Wrong("it is no file of a backup")
            for line in reading.manifest.streams:
                check_line(reading.manifest, line, reading.part())
                for _bundle in reading.part():
                    raise Wrong("keys lie where none belong")
            for _file, chunks in reading.blobs():
                for _chunk in chunks:
                    pass
            reading.end(public_key)
    except Wrong as error:
        raise Unfit(f"{file}: {error.what}.") from error
    return reading.manifest


def _blobs(folder: Path, using: str) -> int:
    """Copy the attached files that the backup does not have, and read each again; how many."""
    copied = 0
    for name in sorted(named(using=using)):
        source, place = blobs.path_of(name), blob_place(folder, name)
        if source.exists() and not place.exists():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy(source, place, name)
            copied += 1
    return copied


def blob_place(folder: Path, name: str) -> Path:
    """Where a backup has the attached file of this name (SHA-256 in hex)."""
    return folder / "blobs" / name[:2] / name


def _copy(source: Path, place: Path, name: str) -> None:
    fresh = place.with_suffix(".new")
    with source.open("rb") as file, fresh.open("w+b") as out:
        shutil.copyfileobj(file, out, FRAME)
        out.flush()
        os.fsync(out.fileno())
        out.seek(0)
        whole = file_digest(out, "sha256").hexdigest() == name
    if not whole:
        fresh.unlink()
        raise Unfit(
            f"The attached file {name} is damaged here, or was while it was copied: run haicap verify."
        )
    fresh.replace(place)
