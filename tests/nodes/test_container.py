"""The file on a stick: what was written is read, and nothing else."""

import resource
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pyrage
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from haicap.journal.text import canonical
from haicap.nodes.courier.container import (
    END,
    FORM,
    FRAME,
    File,
    Form,
    Line,
    Manifest,
    Wrong,
    blob_part,
    context,
    opened,
    write,
)

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SIGNING.public_key().public_bytes_raw()
US = x25519.Identity.generate()
PHOTO = b"photo" * 1000
LINE = Line(
    node=UUID(int=1), incarnation=UUID(int=2), unit="11311", channel="work",
    after=3, before="00" * 32, seq=5, hash="11" * 32,
)  # fmt: skip


FILE = File(sha256=sha256(PHOTO).hexdigest(), size=len(PHOTO))


def manifest(**more: object) -> Manifest:
    its = {
        "kind": "streams",
        "sender": UUID(int=1),
        "incarnation": UUID(int=2),
        "receiver": UUID(int=9),
        "number": 1,
    }
    return Manifest.model_validate({**its, "at": AT, "streams": (LINE,), **more})


def made(file: Path, entries: Iterable[bytes] = (b"entries", b"more")) -> Path:
    parts = (entries, (b"keys",), blob_part(FILE, [PHOTO]))
    write(file, manifest(), parts, sign=SIGNING.sign, recipients=[str(US.to_public())])
    return file


def whole(file: Path, identity: x25519.Identity = US, public: bytes = PUBLIC) -> list[bytes]:
    with opened(file, [identity]) as it:
        read = [b"".join(it.part()), b"".join(it.part()), *(b"".join(frames) for _, frames in it.blobs())]
        it.end(public)
    return read


def frame(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


HEAD = manifest().line() + b"\n" + END + END
NAMED = frame(canonical(FILE.model_dump()))


def sealed(file: Path, clear: bytes, form: Form = FORM, *, packed: bool = True, behind: bytes = b"") -> Path:
    signed = clear + SIGNING.sign(context(form) + sha256(clear).digest())
    data = zstandard.ZstdCompressor().compress(signed) if packed else signed
    file.write_bytes(pyrage.encrypt(data + behind, [US.to_public()]))
    return file


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = made(tmp_path / "courier")
    assert whole(file) == [b"entriesmore", b"keys", PHOTO]
    with opened(file, [US]) as it:
        assert it.manifest == manifest()
        assert it.manifest.streams[0].description().unit == "11311"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_every_changed_or_missing_byte_is_found(tmp_path: Path) -> None:
    data = made(tmp_path / "courier").read_bytes()
    spoilt = tmp_path / "spoilt"
    for place in {*range(0, len(data), 97), *range(len(data) - 40, len(data))}:
        spoilt.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(Wrong):
            whole(spoilt)
    for wrong in (data + b"x", *(data[:place] for place in range(0, len(data), 101))):
        spoilt.write_bytes(wrong)
        with pytest.raises(Wrong):
            whole(spoilt)


def test_it_is_sealed_for_one_and_signed_by_one(tmp_path: Path) -> None:
    file = made(tmp_path / "courier")
    with pytest.raises(Wrong, match="somebody else"):
        whole(file, identity=x25519.Identity.generate())
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(Wrong, match="signature"):
        whole(file, public=other)


@pytest.mark.parametrize(
    ("clear", "what"),
    [
        (b"", "ends too early"),
        (b"{}\n", "cannot be read"),
        (b'{"haicap": "courier/2"}\n', "cannot be read"),
        (manifest().line().replace(b"courier/2", b"courier/3") + b"\n", "cannot be read"),
        (manifest(haicap="courier/1").line() + b"\n" + END, "packed otherwise"),
        (manifest().line().replace(b":", b": ", 1) + b"\n", "not canonical"),
        (HEAD + (FRAME + 1).to_bytes(4, "big"), "larger than allowed"),
        (HEAD + NAMED + frame(b"wrong") + END + END, "not what its name says"),
        (HEAD + NAMED + END + END, "not what its name says"),
        (HEAD + NAMED + frame(PHOTO) + frame(b"more") + END + END, "not what its name says"),
        (HEAD + frame(b"{}") + END + END, "no proper name"),
    ],
)
def test_what_its_sender_has_wrongly_signed_is_refused(tmp_path: Path, clear: bytes, what: str) -> None:
    with pytest.raises(Wrong, match=what):
        whole(sealed(tmp_path / "courier", clear))


def test_more_behind_the_last_part_is_refused(tmp_path: Path) -> None:
    clear = HEAD + NAMED + frame(PHOTO) + END + END
    assert whole(sealed(tmp_path / "courier", clear)) == [b"", b"", PHOTO]
    with pytest.raises(Wrong, match="signature"):
        whole(sealed(tmp_path / "courier", clear + b"more"))


def test_a_packed_file_is_whole_and_says_that_it_is_packed(tmp_path: Path) -> None:
    clear = HEAD + NAMED + frame(PHOTO) + END + END
    file = tmp_path / "courier"
    for behind in (b"more", zstandard.compress(b"more")):
        with pytest.raises(Wrong, match=r"unpacked|signature"):
            whole(sealed(file, clear, behind=behind))
    with pytest.raises(Wrong, match="packed otherwise"):
        whole(sealed(file, clear, packed=False))
    file.write_bytes(pyrage.encrypt(zstandard.compress(clear)[:-5], [US.to_public()]))
    with pytest.raises(Wrong, match="too early"):
        whole(file)


def test_a_file_of_the_form_before_is_still_read(tmp_path: Path) -> None:
    head = manifest(haicap="courier/1").line() + b"\n" + END + END
    clear = head + NAMED + frame(PHOTO) + END + END
    assert whole(sealed(tmp_path / "courier", clear, "courier/1", packed=False)) == [b"", b"", PHOTO]
    with pytest.raises(Wrong, match="signature"):
        whole(sealed(tmp_path / "courier", clear, "courier/2", packed=False))


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "/" + "0" * 63, "0" * 63])
def test_no_name_in_a_file_is_a_path(name: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        File(sha256=name, size=1)


def test_what_goes_wrong_in_the_making_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    def gone() -> Iterable[bytes]:
        yield b"some"
        raise LookupError("a blob is gone")

    with pytest.raises(LookupError, match="a blob is gone"):
        made(tmp_path / "courier", gone())
    assert list(tmp_path.iterdir()) == []


def test_a_small_file_does_not_unpack_for_hours(tmp_path: Path) -> None:
    block = bytes(FRAME)
    file = made(tmp_path / "courier", (block for _ in range(80)))
    assert file.stat().st_size < 100_000
    with pytest.raises(Wrong, match="more than a file of its size"):
        whole(file)


def test_memory_stays_flat(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    block = bytes(FRAME)
    file = made(tmp_path / "courier", (block for _ in range(64)))
    with opened(file, [US]) as it:
        assert sum(map(len, it.part())) == 64 * FRAME
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 24 * 1024  # kB
