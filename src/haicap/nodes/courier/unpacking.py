"""Taking a courier file in: checked whole, then applied; what it is ahead of waits, and the sender is answered.

Checked and applied is a copy in this installation's folder: what lies on the stick may change meanwhile.
"""

import json
import os
import shutil
import tempfile
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

import pyrage
from pydantic import BaseModel, ConfigDict, ValidationError
from pyrage import x25519

from haicap.journal.ids import is_uuid
from haicap.journal.intake import Malformed
from haicap.nodes.courier.applying import (
    CARRIED,
    Unpacked,
    apply,
    given,
    read_renewal,
    refusing,
    sender_of,
    witness,
)
from haicap.nodes.courier.book import Known, Outcome, Sent, Waits, Want
from haicap.nodes.courier.checking import check_line
from haicap.nodes.courier.container import Manifest, Wrong, opened, write
from haicap.nodes.courier.packing import Office, Stranger, correspondent, known_of, manifest_of, ours, peer
from haicap.nodes.exchange.records import Given, Incident
from haicap.nodes.exchange.shelf import Busy, Full, Shelf

ROOM = 64 << 20  # bytes that stay free on the disk
WAITING = 200  # files that may wait for others


class _Answer(BaseModel):
    """What a return file tells: of which file, and what came of each of its streams."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    digest: str
    blobs: bool
    lines: tuple[Outcome, ...]


def unpack(office: Office, file: Path, *, answer: Path | None = None) -> Unpacked:
    """Take a courier file in, and then those that waited for it; write the return file to `answer`.

    The same file a second time changes nothing and is answered alike. Raises `Wrong` with nothing kept, `Full`
    and `OSError` with what was applied until then kept: it is unpacked again.
    """
    with office.book.alone():
        copy, digest = _copied(office, file)
        try:
            manifest = _checked(office, copy)
            if manifest.kind == "return":
                return Unpacked(manifest, sent=_confirm(office, manifest))
            done = apply(office, copy)
            _settle(office, copy, digest, done)
        finally:
            copy.unlink(missing_ok=True)
        if not done.waits:
            _apply_waiting(office)
        if answer is not None:
            _answer(office, answer, digest, done)
    return done


def apply_waiting(office: Office) -> list[Unpacked]:
    """Apply the files that waited, as far as what comes before them has come; those of which nothing waits any more.

    To be called after every contact and now and then: where nothing has come it reads a few notes, and no file. While
    another process works with the book it does nothing.
    """
    with office.book.alone(wait=False) as mine:
        return _apply_waiting(office) if mine else []


def _apply_waiting(office: Office) -> list[Unpacked]:
    applied, tried = [], set[Path]()
    while ready := [file for file in _ready(office) if file not in tried]:
        for file in ready:
            done = _applied(office, file)
            if done is not None and not done.waits:
                applied.append(done)
            if done is None:  # at fault; what follows it is tried all the same
                tried.add(file)
    return applied


def _ready(office: Office) -> list[Path]:
    """The waiting files for which something has come since."""
    its = [file for file, waits in office.book.waiting() if _come(office.shelf, waits)]
    return [*its, *office.book.unnoted()]


def _applied(office: Office, file: Path) -> Unpacked | None:
    """What became of a waiting file; None where it could not be applied, which is noted. It was checked when it came.

    One that is spoilt since on this disk, or of a node that is none of ours any more, is dropped.
    """
    try:
        done = apply(office, file)
    except (Wrong, Stranger) as error:
        office.shelf.note_incident(Incident(None, "courier", str(error), office.shelf.now()))
        office.book.forget(file)
        return None
    except (Full, Busy, Malformed, OSError) as error:
        _note_fault(office, file, error)
        return None
    if done.waits:
        office.book.let_wait(
            file, file.stem, _wait(office, done, before=dict(office.book.waiting()).get(file))
        )
    else:
        office.book.forget(file)
    return done


def _note_fault(office: Office, file: Path, error: Exception) -> None:
    waits = dict(office.book.waiting()).get(file)
    if waits is not None:
        fault = {Full: "full", Busy: "busy", Malformed: "format"}.get(type(error), "disk")
        its = {"attempts": waits.attempts + 1, "fault": fault}
        office.book.let_wait(file, file.stem, waits.model_copy(update=its))


def _come(shelf: Shelf, waits: Waits) -> bool:
    """Whether something that a file waits for has come."""
    heads = {want: shelf.head(want.stream) for want in waits.wanted}
    return any(head is not None and head.seq >= want.seq for want, head in heads.items())


def _copied(office: Office, file: Path) -> tuple[Path, str]:
    if file.stat().st_size + ROOM > office.shelf.free():
        raise Full
    handle, name = tempfile.mkstemp(dir=office.book.part("coming"), suffix=".haicap")
    try:
        with os.fdopen(handle, "w+b") as copy, file.open("rb") as source:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
            copy.seek(0)
            return Path(name), file_digest(copy, "sha256").hexdigest()
    except BaseException:
        Path(name).unlink()
        raise


def _checked(office: Office, file: Path) -> Manifest:
    """The manifest of a file of which every byte is as a node that this one knows has written it for this one."""
    with refusing(office), opened(file, office.identities) as reading:
        manifest = reading.manifest
        if manifest.receiver != office.shelf.own.id:
            raise Wrong("the file is for another node")
        if manifest.kind not in ("streams", "return", *CARRIED):
            raise Wrong(f"the file holds something else than a courier's: {manifest.kind}")
        its = sender_of(office, manifest)
        if manifest.streams and manifest.kind != "streams":
            raise Wrong(f"a file of kind {manifest.kind} holds no streams")
        for line in manifest.streams:
            check_line(manifest, line, reading.part())
            for bundle in reading.part():
                _prove_keys(given(bundle), office.identities)
        for _file, chunks in reading.blobs():
            for _chunk in chunks:
                pass
        if "renewal" in manifest.about:
            read_renewal(manifest)
        reading.end(its.public_key)
    return manifest


def _prove_keys(given: Given, identities: list[x25519.Identity]) -> None:
    """The keys can be opened and read; whose they are is judged where they are kept."""
    try:
        clear = pyrage.decrypt(given.keys, identities) if given.keys else b""
        for line in clear.splitlines():
            subject, key = json.loads(line)
            if len(bytes.fromhex(key)) != 32 or not is_uuid(subject):
                raise ValueError(line)
    except (pyrage.DecryptError, OSError, ValueError, TypeError) as error:
        raise Wrong("the keys of sealed facts cannot be read") from error


def _settle(office: Office, copy: Path, digest: str, done: Unpacked) -> None:
    """Put a file aside that came before what it goes on from."""
    waiting = office.book.waiting()
    if not done.waits or any(file.stem == digest for file, _ in waiting):
        return
    if len(waiting) >= WAITING:
        raise Wrong(f"{len(waiting)} files wait already for others that were packed before them")
    office.book.let_wait(copy, digest, _wait(office, done))


def _wait(office: Office, done: Unpacked, before: Waits | None = None) -> Waits:
    """What a file waits for now; `before` is what was noted of it."""
    it = done.manifest
    have = {outcome.stream: outcome.seq for outcome in done.outcomes if outcome.why == "gap"}
    wanted = tuple(
        Want(stream=stream, unit=line.unit, channel=line.channel, seq=line.after, have=have[stream])
        for line in it.streams
        if (stream := line.description().id()) in have
    )
    return Waits(
        sender=it.sender, number=it.number, at=it.at, since=before.since if before else office.shelf.now(),
        wanted=wanted, attempts=before.attempts + 1 if before else 1,
    )  # fmt: skip


def _answer(office: Office, file: Path, digest: str, done: Unpacked) -> None:
    """Write the return file: what was taken up to where, and what was held and why."""
    sender = done.manifest.sender
    about = _Answer(number=done.manifest.number, digest=digest, blobs=done.blobs > 0, lines=done.outcomes)
    manifest = manifest_of(office, sender, kind="return", about=about.model_dump(mode="json"))
    recipient = correspondent(office, sender).recipient
    write(file, manifest, (), sign=office.sign, recipients=[recipient])


def _confirm(office: Office, manifest: Manifest) -> Sent | None:
    """Note what a return file tells; the file that it is about, None where this installation's book lost it."""
    try:
        told = _Answer.model_validate(manifest.about)
    except ValidationError as error:
        raise Wrong("the return file cannot be read") from error
    shelf, sender = office.shelf, manifest.sender
    sent = next((it for it in office.book.sent() if (it.digest, it.to) == (told.digest, sender)), None)
    if office.beside(sender) is None:
        witness(shelf, peer(shelf, sender), manifest)
        _note_known(office, sender, told, blobs=sent is not None and sent.blobs)
    if sent is not None:
        sent = sent.model_copy(update={"confirmed": manifest.at, "outcomes": told.lines})
        office.book.note_sent(sent)
    return sent


def _note_known(office: Office, sender: UUID, told: _Answer, *, blobs: bool) -> None:
    shelf, before = office.shelf, known_of(office, sender)
    heads = ours(shelf, {it.stream: (it.seq, it.hash) for it in told.lines})
    known = Known(
        over=before.over, heads={**before.heads, **heads}, blobs={**before.blobs, **(heads if blobs else {})}
    )
    office.book.note_known(sender, known)
