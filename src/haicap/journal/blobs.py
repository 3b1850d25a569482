"""Files that entries name: sealed in chunks in `HAICAP_HOME/blobs`, called by the SHA-256 of what lies there.

A blob is 16 random bytes, from which and the subject's key its own key is derived (HKDF-SHA256), and then chunks of
64 KiB, each sealed alone: age's STREAM, ChaCha20-Poly1305 with a nonce of eleven bytes that count and one that marks
the last. So a part can be read without the rest, nothing can be cut off or exchanged unseen, and a subject's key
that is destroyed takes its files with it. A file is in its place whole and on disk, or not at all.
"""

import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

CHUNK = 64 * 1024
TAG = 16
SALT = 16
PURPOSE = b"haicap blob"


class Missing(LookupError):
    """No blob of this name lies here."""


class Damaged(ValueError):
    """The blob is not what was put there, or the key is not its."""


class TooLarge(ValueError):
    """There is more to read than was allowed."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A sealed file: the SHA-256 (hex) of its ciphertext, and how many bytes it holds."""

    sha256: str
    size: int


def folder() -> Path:
    """Where blobs lie; made with mode 0700 at the first use."""
    place = Path(settings.HOME) / "blobs"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def path_of(name: str) -> Path:
    """Where the blob of this name lies, or would. Raises `Missing` for what is no SHA-256."""
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise Missing(name)
    return folder() / name[:2] / name


def keep(source: BinaryIO, key: bytes, *, most: int) -> Blob:
    """Seal all that `source` gives, at most `most` bytes, under a subject's key; never more than a chunk in memory.

    Raises `TooLarge`; nothing stays then.
    """
    handle, name = tempfile.mkstemp(dir=folder(), prefix="new-")
    try:
        with os.fdopen(handle, "wb") as out:
            size, digest = _sealed(source, out, key, most)
            out.flush()
            os.fsync(out.fileno())
        place = path_of(digest)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        Path(name).rename(place)
        for changed in (place.parent, folder()):
            sync_folder(changed)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    return Blob(digest, size)


def _sealed(source: BinaryIO, out: BinaryIO, key: bytes, most: int) -> tuple[int, str]:
    salt = os.urandom(SALT)
    cipher, digest = _cipher(key, salt), sha256(salt)
    out.write(salt)
    size = number = 0
    chunk = source.read(CHUNK)
    while True:
        further = source.read(CHUNK)
        size += len(chunk)
        if size > most:
            raise TooLarge(most)
        box = cipher.encrypt(_nonce(number, last=not further), chunk, None)
        out.write(box)
        digest.update(box)
        if not further:
            return size, digest.hexdigest()
        chunk, number = further, number + 1


def read(name: str, keys: Sequence[bytes], start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes in [start, end) of a blob, chunk by chunk, under whichever of the subject's keys it lies.

    Raises `Missing`, and `Damaged` where a chunk does not open.
    """
    end = size_of(name) if end is None else end
    with path_of(name).open("rb") as file:
        salt = file.read(SALT)
        ciphers = [_cipher(key, salt) for key in keys]
        chunks = -(-(path_of(name).stat().st_size - SALT) // (CHUNK + TAG))
        for number in range(start // CHUNK, chunks):
            first = number * CHUNK
            if first >= end and not (first == end == 0):
                return
            file.seek(SALT + number * (CHUNK + TAG))
            box = file.read(CHUNK + TAG)
            clear, cipher = _opened(name, box, ciphers, _nonce(number, last=number == chunks - 1))
            ciphers = [cipher]
            yield clear[max(start - first, 0) : end - first]


def _opened(
    name: str, box: bytes, ciphers: Sequence[ChaCha20Poly1305], nonce: bytes
) -> tuple[bytes, ChaCha20Poly1305]:
    for cipher in ciphers:
        with suppress(InvalidTag):
            return cipher.decrypt(nonce, box, None), cipher
    raise Damaged(name)


def size_of(name: str) -> int:
    """How many bytes a blob holds. Raises `Missing`."""
    try:
        sealed = path_of(name).stat().st_size - SALT
    except FileNotFoundError as error:
        raise Missing(name) from error
    return sealed - TAG * -(-sealed // (CHUNK + TAG))


def whole(name: str) -> bool:
    """Whether a blob is what its name says. Raises `Missing`."""
    try:
        with path_of(name).open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == name
    except FileNotFoundError as error:
        raise Missing(name) from error


def remove(name: str) -> None:
    """Destroy a blob; where it is gone already, nothing is left to do."""
    path_of(name).unlink(missing_ok=True)


def orphans(named: Collection[str], before: float) -> list[Path]:
    """Files last changed before this time (seconds since the epoch) that no entry names: left by a crash."""
    return sorted(
        file
        for file in folder().rglob("*")
        if file.is_file() and file.name not in named and file.stat().st_mtime < before
    )


def _cipher(key: bytes, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt, PURPOSE).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def sync_folder(place: Path) -> None:
    """Bring a folder's list of names to disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
