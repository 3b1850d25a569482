"""Bringing an installation back: from a backup into an empty folder, or from the parent's copy.

What comes back lives on in a new incarnation, and what is known to be missing is told.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connections, transaction
from pyrage import IdentityError, x25519

from haicap.journal import blobs, erasing
from haicap.journal.blinding import fill
from haicap.journal.blob_check import Found, look, named
from haicap.journal.ids import uuid7
from haicap.journal.intake import Batch, heads, receive, receive_all
from haicap.journal.models import Checkpoint, Entry, Node
from haicap.journal.node import in_force
from haicap.journal.rebuild import rebuild
from haicap.journal.verify import Report, verify
from haicap.journal.witness import Signed, add_lines, newest_first, witness_file
from haicap.nodes.courier.container import FRAME, Manifest, Reading, Wrong, opened
from haicap.nodes.courier.entries import Gathering, read_entries
from haicap.nodes.rescue.backup import Unfit, blob_place, check_file, read_index, recipient
from haicap.nodes.rescue.key_file import read_head, take_keys

NEWEST = 16 << 20  # bytes of a file's checkpoints, at most


@dataclass(frozen=True, slots=True)
class Missing:
    """Entries that somebody has witnessed and that are not here: `first` to `last` of a unit's stream."""

    stream: UUID
    unit: str | None
    channel: str | None
    first: int
    last: int
    source: str

    def sentence(self) -> str:
        """It, for the operator."""
        which = f"{self.channel} of unit {self.unit}" if self.unit else f"stream {self.stream}"
        return f"Missing in {which}: entries {self.first} to {self.last}, as {self.source} bears witness."


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: `until` is when the backup was made (UTC), `keys` how many subjects' keys came.

    `closed` are entries whose sealed facts cannot be opened: they were written after the key file.
    """

    until: datetime
    entries: int
    keys: int
    closed: int
    blobs: int
    report: Report
    found: Found
    missing: tuple[Missing, ...]

    @property
    def ok(self) -> bool:
        """Whether all that came back is as it was written."""
        return self.report.ok and not (self.found.missing or self.found.damaged)

    def sentences(self) -> Iterator[str]:
        """What is known to be missing, and what will tell of the rest."""
        yield from (it.sentence() for it in self.missing)
        if self.closed:
            yield f"The sealed facts of {self.closed} entries cannot be opened: they are newer than the key file."
        yield (
            f"What was written after {self.until:%Y-%m-%d %H:%M} UTC did not come from this backup. What the parent or"
            " the children have of it comes back at the next contact; numbers given out from here on have a new code."
        )


Say = Callable[[str], None]


def identity_in(text: str) -> x25519.Identity:
    """The age identity in a file's text. Raises `Unfit`."""
    for line in text.splitlines():
        if line.strip().startswith("AGE-SECRET-KEY-"):
            try:
                return x25519.Identity.from_str(line.strip())
            except IdentityError:
                break
    raise Unfit("There is no age identity in that file: a line that begins with AGE-SECRET-KEY-.")


def restore(
    folder: Path,
    keys: Path,
    identity: x25519.Identity,
    *,
    at: datetime,
    up_to: int | None = None,
    witness: Iterable[Path] = (),
    say: Say = lambda sentence: None,
    using: str = "owner",
) -> Restored:
    """Bring the backup in `folder` back into this installation, which is empty, and prove what came back.

    `keys` is a key file; with `up_to` the backup's files after that number are left out. `witness` are witness files
    from elsewhere, which tell of what the backup does not have. `at` is aware. Every file is checked whole before
    anything is stored. Raises `Unfit`, which names the file that is missing or was changed.
    """
    _require_empty(using)
    head = _key_head(keys, identity)
    public = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(head["keys"]["signing"])).public_key()
    say("Checking the backup…")
    chain = checked_chain(folder, identity, public.public_bytes_raw(), up_to)
    last = chain[-1][1]
    if str(last.sender) != head["node"]:
        raise Unfit(f"{keys} is the key file of another installation.")
    _become(head["keys"], last, public.public_bytes_raw(), using)
    recipient(str(identity.to_public()))  # the next backup is for whoever opened this one
    say("Bringing entries back…")
    entries = sum(_entries(file, identity, using) for file, _manifest in chain)
    came = _keys(keys, identity, using)
    brought = sum(_blob(folder, name) for name in named(using=using))
    lacking = tuple(missing(witness, using))
    _erase_again(at, using)
    say("Making the tables again…")
    rebuild(using="worker")
    fill(using="worker")
    report = verify(using=using)
    return Restored(last.at, entries, came, _closed(using), brought, report, look(using=using), lacking)


def _require_empty(using: str) -> None:
    if Node.objects.using(using).filter(ours=True).exists() or Entry.objects.using(using).exists():
        raise Unfit("This installation is not empty: restore into a new HAICAP_HOME.")


def _key_head(file: Path, identity: x25519.Identity) -> dict[str, Any]:
    try:
        return read_head(file, [identity])
    except Wrong as error:
        raise Unfit(f"{file}: {error.what}.") from error


def checked_chain(
    folder: Path, identity: x25519.Identity, public_key: bytes, up_to: int | None = None
) -> list[tuple[Path, Manifest]]:
    """The files of a backup in their order, each as it was written, each going on from the one before.

    Raises `Unfit`, which names what is missing or was changed.
    """
    its = {int(file.stem): file for file in folder.glob("[0-9]*.haicap") if file.stem.isdecimal()}
    index = read_index(folder)
    told = {made.number: made.file for made in index.files} if index else {}
    last = max([*its, *told], default=0) if up_to is None else up_to
    if not last:
        raise Unfit(f"There is no backup in {folder}.")
    chain: list[tuple[Path, Manifest]] = []
    previous, vector = None, dict[UUID, tuple[int, str]]()
    for number in range(1, last + 1):
        if number not in its:
            raise Unfit(
                f"{folder / f'{number:06}.haicap'} is missing; the backup is whole up to {number - 1}."
            )
        manifest = check_file(its[number], [identity], public_key)
        _goes_on(its[number], manifest, number, previous, vector)
        vector |= {line.description().id(): (line.seq, line.hash) for line in manifest.streams}
        previous = _digest(its[number])
        chain.append((its[number], manifest))
    return chain


def _goes_on(
    file: Path, manifest: Manifest, number: int, previous: str | None, vector: Mapping[UUID, tuple[int, str]]
) -> None:
    if manifest.number != number or manifest.about.get("previous") != previous:
        raise Unfit(f"{file} does not go on from the file before it.")
    for line in manifest.streams:
        start = (line.description().digest().hex(), 0)
        seq, digest = vector.get(line.description().id(), (start[1], start[0]))
        if (line.after, line.before) != (seq, digest):
            raise Unfit(f"{file} does not go on from the file before it.")


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return file_digest(data, "sha256").hexdigest()


def _become(keys: Mapping[str, str], last: Manifest, public_key: bytes, using: str) -> None:
    """Be the node again that made the backup, in a new incarnation: its keys, its name, its place below its parent."""
    place = Path(settings.HOME) / "node.json"
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(dict(keys), out)
        out.flush()
        os.fsync(out.fileno())
    authority = last.about.get("authority")
    Node(
        id=last.sender, name=str(last.about.get("name")), ours=True, incarnation=uuid7(), reason="restored",
        public_key=public_key, recipient=str(x25519.Identity.from_str(keys["receiving"]).to_public()),
        authority=UUID(str(authority)) if authority else None,
    ).save(using=using)  # fmt: skip


def _entries(file: Path, identity: x25519.Identity, using: str) -> int:
    """Store what a file has; it was checked before."""
    count = 0

    def store(some: list[Batch]) -> None:
        nonlocal count
        its = receive_all(some, using="worker") if len(some) > 1 else receive(some[0], None, using="worker")
        count += len(its)

    with opened(file, [identity]) as reading:
        gathering = Gathering(store)
        for batch in _batches(reading):
            gathering.add(batch)
        gathering.flush()
        for its, chunks in reading.blobs():
            if its.size <= NEWEST:
                _checkpoints(b"".join(chunks), using)
    return count


def _batches(reading: Reading) -> Iterator[Batch]:
    for _line in reading.manifest.streams:
        yield from read_entries(reading.manifest, reading.part())
        for _bundle in reading.part():
            pass


def _checkpoints(data: bytes, using: str) -> None:
    its = [signed for line in data.splitlines() if (signed := Signed.of_line(line))]
    Checkpoint.objects.using(using).bulk_create(
        [Checkpoint(id=it.statement.id, statement=it.data, signature=it.signature) for it in its],
        ignore_conflicts=True,
    )
    add_lines(witness_file(), its)


def _keys(file: Path, identity: x25519.Identity, using: str) -> int:
    try:
        with transaction.atomic(using=using):
            return take_keys(file, [identity], using)
    except Wrong as error:
        raise Unfit(f"{file}: {error.what}.") from error


def _blob(folder: Path, name: str) -> bool:
    """Copy an attached file back; the proof afterwards names those that are missing or damaged."""
    source, place = blob_place(folder, name), blobs.path_of(name)
    if not source.exists():
        return False
    place.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = place.with_suffix(".new")
    with source.open("rb") as file, fresh.open("wb") as out:
        while chunk := file.read(FRAME):
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(place)
    return True


def _erase_again(at: datetime, using: str) -> None:
    """What was erased since a key file was made stays erased."""
    orders = Entry.objects.using(using).filter(kind=erasing.KeyErased.kind)
    erasing.apply(list(orders.values_list("subject", flat=True).distinct()), at=at, using="worker")


CLOSED = """SELECT count(*) FROM journal_entry e JOIN journal_ciphertext c ON c.sha256 = e.sealed
            WHERE NOT EXISTS (SELECT 1 FROM journal_subjectkey k WHERE k.key_id =
                decode(convert_from(e.payload, 'UTF8')::jsonb -> 'sealed' ->> 'key_id', 'hex'))"""


def _closed(using: str) -> int:
    """Entries whose sealed facts nobody can open: written after the key file was made."""
    with connections[using].cursor() as cursor:
        cursor.execute(CLOSED)
        return int(cursor.fetchone()[0])


def missing(files: Iterable[Path], using: str = "owner") -> Iterator[Missing]:
    """What witness files from elsewhere know of and is not here; checkpoints of every node this one knows."""
    here = heads(using)
    told: dict[UUID, tuple[int, str]] = {}
    for file in files:
        for signed in newest_first(file):
            if signed is not None and _genuine(signed, using):
                for stream, head in signed.statement.heads.items():
                    told[stream] = max(
                        told.get(stream, (0, "")), (head.seq, f"{file.name} of {signed.statement.at}")
                    )
    for stream, (seq, source) in sorted(told.items()):
        ours = here.get(stream)
        if seq > (have := ours.seq if ours else 0):
            its = ours.description if ours else None
            yield Missing(
                stream, its.unit if its else None, its.channel if its else None, have + 1, seq, source
            )


def _genuine(signed: Signed, using: str) -> bool:
    node = Node.objects.using(using).filter(pk=signed.statement.node).first()
    if node is None:
        return False
    present = bytes(node.public_key)
    return signed.genuine(in_force(signed.statement.id, present) if node.ours else present)
