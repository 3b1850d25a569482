"""Files are sealed chunk by chunk, come back byte by byte, and nothing about them can be changed unseen."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from haicap.journal import blobs
from haicap.journal.blobs import (
    CHUNK,
    Damaged,
    Missing,
    TooLarge,
    keep,
    orphans,
    path_of,
    read,
    remove,
    size_of,
    whole,
)

KEY = bytes(range(32))
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def kept(data: bytes, key: bytes = KEY) -> str:
    return keep(io.BytesIO(data), key, most=len(data)).sha256


@pytest.mark.parametrize("size", SIZES)
def test_what_was_kept_is_read_again(size: int) -> None:
    data = os.urandom(size)
    blob = keep(io.BytesIO(data), KEY, most=size)
    assert blob.size == size == size_of(blob.sha256)
    assert b"".join(read(blob.sha256, [KEY])) == data
    assert whole(blob.sha256)
    assert size < 100 or data[:100] not in path_of(blob.sha256).read_bytes()


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 10), (CHUNK - 3, CHUNK + 3), (CHUNK, 2 * CHUNK), (2 * CHUNK + 7, 2 * CHUNK + 8), (5, None), (9, 9)],
)
def test_a_part_is_read_without_the_rest(start: int, end: int | None) -> None:
    data = os.urandom(2 * CHUNK + 999)
    assert b"".join(read(kept(data), [KEY], start, end)) == data[start:end]


def test_never_more_than_a_chunk_is_asked_for() -> None:
    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 < size <= CHUNK
            return super().read(size)

    assert keep(Watched(bytes(5 * CHUNK)), KEY, most=5 * CHUNK).size == 5 * CHUNK


def test_the_same_file_twice_is_two_blobs() -> None:
    assert kept(b"the same") != kept(b"the same")  # nobody sees that two matters have one photo


@pytest.mark.parametrize("change", ["bit", "cut", "swap", "longer"])
def test_what_was_changed_does_not_open(change: str) -> None:
    name = kept(os.urandom(3 * CHUNK))
    data = bytearray(path_of(name).read_bytes())
    one, two = slice(16, 16 + CHUNK + 16), slice(16 + CHUNK + 16, 16 + 2 * (CHUNK + 16))
    if change == "bit":
        data[40] ^= 1
    elif change == "cut":
        del data[two.stop :]
    elif change == "swap":
        data[one], data[two] = data[two], data[one]
    else:
        data += b"more"
    path_of(name).write_bytes(data)
    with pytest.raises(Damaged):
        b"".join(read(name, [KEY]))
    assert not whole(name)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Damaged):
        b"".join(read(kept(b"secret"), [bytes(32)]))


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64])
def test_what_is_not_there_is_missing(name: str) -> None:
    with pytest.raises(Missing):
        size_of(name)
    with pytest.raises(Missing):
        whole(name)


def test_too_large_a_file_leaves_nothing(home: Path) -> None:
    with pytest.raises(TooLarge):
        keep(io.BytesIO(bytes(CHUNK + 1)), KEY, most=CHUNK)
    assert not [it for it in (home / "blobs").rglob("*") if it.is_file()]


def test_a_source_that_breaks_leaves_nothing(home: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("line lost")

    with pytest.raises(OSError, match="line lost"):
        keep(Broken(), KEY, most=10)
    assert not [it for it in (home / "blobs").rglob("*") if it.is_file()]


def test_what_a_crash_leaves_is_found_and_what_is_named_stays(home: Path) -> None:
    named, left = kept(b"named"), kept(b"left")
    half = home / "blobs" / "new-half"
    half.write_bytes(b"half")
    later = max(file.stat().st_mtime for file in (path_of(named), half)) + 1
    assert {it.name for it in orphans({named}, later)} == {left, "new-half"}
    assert orphans({named}, 0) == []  # young: its entry may be on the way


def test_nobody_else_may_look_in(home: Path) -> None:
    name = kept(b"x")
    assert (home / "blobs").stat().st_mode & 0o077 == 0
    assert path_of(name).stat().st_mode & 0o077 == 0


def test_removing_twice_is_removing_once() -> None:
    name = kept(b"x")
    remove(name)
    remove(name)
    with pytest.raises(Missing):
        size_of(name)


def test_the_format_is_ages_stream() -> None:
    """The first chunk, opened by hand: HKDF-SHA256 over the file's salt, a nonce that counts and marks the last."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    data = path_of(kept(b"short")).read_bytes()
    key = HKDF(SHA256(), 32, data[:16], blobs.PURPOSE).derive(KEY)
    assert ChaCha20Poly1305(key).decrypt(bytes(11) + b"\x01", data[16:], None) == b"short"


def test_of_several_keys_the_one_that_opens_it_is_taken() -> None:
    data = os.urandom(2 * CHUNK + 9)
    name = kept(data)
    assert b"".join(read(name, [bytes(32), KEY], CHUNK - 1)) == data[CHUNK - 1 :]
    with pytest.raises(Damaged):
        b"".join(read(name, []))
