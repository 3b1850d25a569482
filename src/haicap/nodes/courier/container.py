"""A file that carries journals on a stick: sealed by age, signed within, read from its beginning to its end.

`docs/courier-format.md` is its page. However large it is, no more than a frame of it is in memory, and no clear byte
of it is on a disk: what is opened is opened again, and not kept.
"""

import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from errno import EIO
from hashlib import file_digest, sha256
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, Literal, Self
from uuid import UUID

import pyrage
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pyrage import x25519

from haicap.journal.chain import Description
from haicap.journal.text import NotCanonical, canonical
from haicap.nodes.exchange.lines import WIDEST

Form = Literal["courier/1", "courier/2"]
FORM: Form = (
    "courier/2"  # what is written; a file of the one before is packed stream by stream, and still read
)
FRAME = 1 << 20  # bytes of one frame, at most
PACKED = b"\x28\xb5\x2f\xfd"  # how zstd begins
# A manifest names every hash that its entries come to, so that a window which spans both halves a file of thousands
# of streams.
PACK = zstandard.ZstdCompressionParameters.from_level(3, window_log=22, write_content_size=False)
MANIFEST = 1 << 26  # bytes of the manifest's line, at most
TIMES = 100  # its own size, and a manifest's, is what a file may unpack to: a small one keeps nobody busy for hours
HEX = r"^[0-9a-f]{64}$"
END = bytes(4)  # of a part; one alone, of all parts
UNPACK = zstandard.ZstdDecompressor(max_window_size=WIDEST)

Kind = Literal["streams", "return", "matter", "backup"]


class Wrong(ValueError):
    """The file is not what a sender whom this node knows has written for it; `what` says why. Nothing was kept."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Line(_Part):
    """A stream in the file: its entries after `after`, whose hash is `before`, up to `seq`, whose hash is `hash`."""

    node: UUID = Field(strict=False)
    incarnation: UUID = Field(strict=False)
    unit: str
    channel: Literal["work", "returns", "reference"]
    after: int = Field(ge=0)
    before: str = Field(pattern=HEX)
    seq: int = Field(ge=0)
    hash: str = Field(pattern=HEX)

    def description(self) -> Description:
        """Which stream it is."""
        return Description(self.node, self.incarnation, self.unit, self.channel)


class File(_Part):
    """A blob in the file, by the SHA-256 of its bytes, of which there are `size`: what its part begins with."""

    sha256: str = Field(pattern=HEX)
    size: int = Field(ge=0)


class Manifest(_Part):
    """What is in the file, from whom, for whom. `at` is the sender's clock, UTC; `about` is the kind's own.

    Which keys and blobs follow is not here: they are found while entries are written, which are read once only.
    """

    haicap: Form = FORM
    kind: Kind
    sender: UUID = Field(strict=False)
    incarnation: UUID = Field(strict=False)
    receiver: UUID = Field(strict=False)
    number: int = Field(ge=1)
    at: datetime = Field(strict=False)
    streams: tuple[Line, ...] = Field(default=(), strict=False)
    checkpoint: str | None = None
    about: dict[str, JsonValue] = {}

    def line(self) -> bytes:
        """Its canonical JSON, which the file begins with."""
        return canonical(self.model_dump(mode="json"))

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The manifest behind its bytes. Raises `Wrong`."""
        try:
            it = cls.model_validate_json(data)
            if it.line() == data:
                return it
        except (ValidationError, NotCanonical, ValueError) as error:
            raise Wrong("the manifest cannot be read: it is of another version, or was changed") from error
        raise Wrong("the manifest is not canonical JSON")


Sign = Callable[[bytes], bytes]
Parts = Iterable[Iterable[bytes]]


def write(
    file: Path, manifest: Manifest, parts: Parts, *, sign: Sign, recipients: Iterable[str]
) -> tuple[str, int]:
    """Write a file (mode 0600), whole and on disk or not at all; the SHA-256 of it in hex, and its size in bytes.

    `parts` are two for each stream of the manifest (entries, keys), in its order, and then one for each blob
    (`blob_part`). What they raise is raised.
    """
    return seal(file, _packed(_clear(manifest, parts, sign)), recipients)


def seal(file: Path, pieces: Iterator[bytes], recipients: Iterable[str]) -> tuple[str, int]:
    """Write `pieces`, sealed for these age recipients, as `write` does."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".haicap-")
    try:
        with os.fdopen(handle, "w+b") as raw:
            out = _Sink(raw)
            _encrypt(_Source(pieces), out, [x25519.Recipient.from_str(it) for it in recipients])
            raw.flush()
            os.fsync(raw.fileno())
            size = raw.seek(0, os.SEEK_END)
            raw.seek(0)
            digest = file_digest(raw, "sha256").hexdigest()
        if digest != out.digest.hexdigest():
            raise OSError(EIO, "the disk gives back other bytes than were written", str(file))
        Path(name).replace(file)
        _sync(file.parent)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    return digest, size


def _encrypt(source: "_Source", out: "_Sink", recipients: list[x25519.Recipient]) -> None:
    try:
        pyrage.encrypt_io(source, out, recipients)
    except (pyrage.EncryptError, OSError):
        if (error := source.error or out.error) is not None:
            raise error from None
        raise


def _clear(manifest: Manifest, parts: Parts, sign: Sign) -> Iterator[bytes]:
    digest = sha256()
    for piece in _pieces(manifest, parts):
        digest.update(piece)
        yield piece
    yield sign(context(manifest.haicap) + digest.digest())


def context(form: Form) -> bytes:
    """What stands before the digest that is signed: no other signature of the key can stand for it."""
    return f"haicap {form}\n".encode()


def _packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    frame = zstandard.ZstdCompressor(compression_params=PACK).compressobj()
    for piece in pieces:
        yield frame.compress(piece)
    yield frame.flush()


def _pieces(manifest: Manifest, parts: Parts) -> Iterator[bytes]:
    yield manifest.line() + b"\n"
    for part in parts:
        yield from _framed(part)
    yield END


def _framed(part: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in part:
        for start in range(0, len(chunk), FRAME):
            frame = chunk[start : start + FRAME]
            yield len(frame).to_bytes(4, "big") + frame
    yield END


def blob_part(its: File, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A blob as a part: what it is, then its bytes."""
    yield canonical(its.model_dump())
    yield from chunks


@dataclass(slots=True)
class _Source:
    """Pieces as a file that is read; keeps what they raise, of which age would tell only the text."""

    pieces: Iterator[bytes]
    rest: bytes = b""
    error: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self.rest and (piece := next(self.pieces, None)) is not None:
                self.rest = piece
        except BaseException as error:
            self.error = error
            raise
        out, self.rest = self.rest[:size], self.rest[size:]
        return out


@dataclass(slots=True)
class _Sink:
    """A file that is written, and what its bytes should be; keeps what writing raises, as `_Source` does."""

    file: BinaryIO
    digest: Any = field(default_factory=sha256)
    error: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self.digest.update(data)
            return self.file.write(data)
        except BaseException as error:
            self.error = error
            raise

    def flush(self) -> None:
        self.file.flush()


@dataclass(slots=True)
class Reading:
    """An opened file. What it holds is asked for in its order, each to its end: parts, blobs, `end`."""

    manifest: Manifest
    source: BinaryIO
    digest: Any = field(repr=False)
    left: int  # bytes that may still come

    def part(self) -> Iterator[bytes]:
        """The frames of the next part. Raises `Wrong`."""
        while size := int.from_bytes(self._take(4), "big"):
            if size > FRAME:
                raise Wrong(f"a piece of {size} bytes is larger than allowed")
            yield self._take(size)

    def blobs(self) -> Iterator[tuple[File, Iterator[bytes]]]:
        """The blobs, each to be read to its end, at which it is what its name says. Raises `Wrong`."""
        while True:
            frames = self.part()
            first = next(frames, None)
            if first is None:
                return
            its = _file(first)
            yield its, _proved(its, frames)

    def end(self, public_key: bytes) -> None:
        """Nothing but the signature follows, and it is that of the holder of this key (32 bytes). Raises `Wrong`."""
        signed = context(self.manifest.haicap) + self.digest.digest()
        signature = self.source.read(65)
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, signed)
        except (InvalidSignature, ValueError) as error:
            raise Wrong("the signature is not the sender's") from error

    def _take(self, size: int) -> bytes:
        data = self.source.read(size)
        if len(data) != size:
            raise Wrong("the file ends too early")
        self.left -= size
        if self.left < 0:
            raise Wrong("it unpacks to more than a file of its size may")
        self.digest.update(data)
        return data


def _file(frame: bytes) -> File:
    try:
        return File.model_validate_json(frame)
    except ValidationError as error:
        raise Wrong("an attached file has no proper name") from error


def _proved(its: File, frames: Iterator[bytes]) -> Iterator[bytes]:
    digest, size = sha256(), 0
    for frame in frames:
        digest.update(frame)
        size += len(frame)
        if size > its.size:
            break
        yield frame
    if size != its.size or digest.hexdigest() != its.sha256:
        raise Wrong(f"the attached file {its.sha256} is not what its name says")


@contextmanager
def opened(file: Path, identities: Iterable[x25519.Identity]) -> Iterator[Reading]:
    """A file, opened with one of these identities. Raises `Wrong`, and within for every byte that is not as written."""
    with unsealed(file, identities) as sealed:
        packed = sealed.peek(len(PACKED)).startswith(PACKED)
        source = (
            io.BufferedReader(UNPACK.stream_reader(sealed, read_across_frames=True)) if packed else sealed
        )
        try:
            line = source.readline(MANIFEST)
            if not line.endswith(b"\n"):
                raise Wrong("the file ends too early, or is no file of haicap's")
            manifest = Manifest.read(line[:-1])
            if packed != (manifest.haicap != "courier/1"):
                raise Wrong("the manifest cannot be read: the file is packed otherwise than it says")
            yield Reading(manifest, source, sha256(line), MANIFEST + TIMES * file.stat().st_size)
        except zstandard.ZstdError as error:
            raise Wrong(f"the file cannot be unpacked: {error}") from error


@contextmanager
def unsealed(file: Path, identities: Iterable[x25519.Identity]) -> "Iterator[io.BufferedReader[Any]]":
    """What is sealed in a file, as it is opened by a thread at the other end of a pipe.

    A fault of the file is raised in place of what came of it here: an end that came too early.
    """
    ours, theirs = os.pipe()
    faults: list[Exception] = []
    thread = Thread(
        target=_decrypt, args=(file, theirs, list(identities), faults), name="courier", daemon=True
    )
    thread.start()
    wrong: Wrong | None = None
    try:
        with io.BufferedReader(io.FileIO(ours), FRAME) as source:
            yield source
    except Wrong as error:
        wrong = error
    finally:
        thread.join()
    if faults:
        raise Wrong(_said(faults[0])) from faults[0]
    if wrong is not None:
        raise wrong


def _decrypt(file: Path, to: int, identities: list[x25519.Identity], faults: list[Exception]) -> None:
    with suppress(BrokenPipeError), os.fdopen(to, "wb") as out:  # nobody may want the rest
        try:
            with file.open("rb") as sealed:
                pyrage.decrypt_io(sealed, out, identities)
        except BrokenPipeError:
            raise
        except (pyrage.DecryptError, OSError) as error:
            faults.append(error)


def _said(fault: Exception) -> str:
    if "No matching keys" in str(fault):
        return "the file is sealed for somebody else"
    return "the file was changed or cut off on its way"


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
