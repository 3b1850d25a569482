"""Applying a courier file that is checked: streams as in an exchange, keys, files, a checkpoint, or a matter."""

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from haicap.journal.intake import Batch, Fork, Gap
from haicap.journal.witness import Signed as Checkpoint
from haicap.nodes.courier.book import Outcome, Sent, Why
from haicap.nodes.courier.container import File, Line, Manifest, Reading, Wrong, opened
from haicap.nodes.courier.neighbours import Neighbour
from haicap.nodes.courier.packing import Office, Peer, Stranger, correspondent, peer
from haicap.nodes.exchange import lines
from haicap.nodes.exchange.records import Given, Incident, Member, Parent, Renewal
from haicap.nodes.exchange.shelf import Shelf

CARRIED: dict[str, Callable[[Office, Manifest], None]] = {}
"""By the kind of file, what a room above makes of one from another province's node, all of whose bytes are checked: it
takes in what `about` says, and names the files that follow by what it writes. It raises `Wrong`; a second time it
changes nothing."""


class _Bundle(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    keys: str
    destroyed: list[str]


class Renewing(BaseModel):
    """How the sender came to its present incarnation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    incarnation: UUID
    reason: Literal["restored", "clone", "key"]
    lines: dict[UUID, int]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What became of a file. `waits` tells that it is kept for later; a return file has told what of `sent`."""

    manifest: Manifest
    outcomes: tuple[Outcome, ...] = ()
    blobs: int = 0
    waits: bool = False
    sent: Sent | None = None


def sender_of(office: Office, manifest: Manifest) -> Member | Parent | Neighbour:
    """Whose signature a file must bear. Streams come from a node that exchanges with this one. Raises `Wrong`."""
    try:
        if manifest.kind == "streams":
            return peer(office.shelf, manifest.sender).its
        return correspondent(office, manifest.sender)
    except Stranger as error:
        raise Wrong("the sender is no node that this one knows") from error


@contextmanager
def refusing(office: Office) -> Iterator[None]:
    """What is wrong with a file is shown to people as an incident."""
    try:
        yield
    except Wrong as error:
        office.shelf.note_incident(Incident(None, "courier", error.what, office.shelf.now()))
        raise


def given(bundle: bytes) -> Given:
    """The keys in a frame. Raises `Wrong`."""
    try:
        it = _Bundle.model_validate_json(bundle)
        return Given(b64decode(it.keys, validate=True), tuple(it.destroyed))
    except (ValidationError, ValueError) as error:
        raise Wrong("the keys of sealed facts cannot be read") from error


def read_renewal(manifest: Manifest) -> Renewing:
    """How the sender says it came to its incarnation. Raises `Wrong`."""
    try:
        return Renewing.model_validate(manifest.about["renewal"])
    except ValidationError as error:
        raise Wrong("the sender's new incarnation cannot be read") from error


def _renewed(shelf: Shelf, manifest: Manifest) -> Peer:
    """The sender, in the incarnation that it says it lives in: the file is signed with the key that is known."""
    other = peer(shelf, manifest.sender)
    told = manifest.about.get("renewal")
    if told is None or not isinstance(other.its, Member) or other.its.state != "joined":
        return other
    it = read_renewal(manifest)
    if it.incarnation not in other.its.incarnations:
        shelf.renew(other.node, Renewal(it.incarnation, it.reason, it.lines))
    return peer(shelf, manifest.sender)


def apply(office: Office, file: Path) -> Unpacked:
    """Store what a checked file of the book holds; twice it changes nothing. Raises `Wrong`, `Stranger`, as `Shelf`."""
    shelf = office.shelf
    outcomes: list[Outcome] = []
    with opened(file, [office.identity]) as reading:
        manifest = reading.manifest
        if manifest.kind != "streams":
            return _carried(office, reading)
        other = _renewed(shelf, manifest)
        for line in manifest.streams:
            outcome = _taken(shelf, other, line, reading.part())
            for bundle in reading.part():
                if outcome.why is None:
                    shelf.take_keys(given(bundle))
            outcomes.append(outcome)
        blobs = sum(_kept(shelf, its, chunks) for its, chunks in reading.blobs())
        reading.end(other.its.public_key)
    witness(shelf, other, manifest)
    waits = any(outcome.why == "gap" for outcome in outcomes)
    return Unpacked(manifest, tuple(outcomes), blobs, waits)


def _carried(office: Office, reading: Reading) -> Unpacked:
    manifest, shelf = reading.manifest, office.shelf
    with refusing(office):
        CARRIED[manifest.kind](office, manifest)
    blobs = sum(_kept(shelf, its, chunks) for its, chunks in reading.blobs())
    reading.end(sender_of(office, manifest).public_key)
    return Unpacked(manifest, blobs=blobs)


def _taken(shelf: Shelf, other: Peer, line: Line, part: Iterator[bytes]) -> Outcome:
    """Store a stream's entries, batch by batch; why not, where it cannot be: the others are stored all the same."""
    stream = line.description()
    held: dict[str, str] = {}
    why: Why | None = None if other.writes(line) else "foreign"
    here = shelf.hash_at(stream.id(), line.seq) == bytes.fromhex(line.hash)
    try:
        for batch in () if here else lines.read(part):
            if why is None:
                held |= {str(entry): reason for entry, reason in _received(shelf, batch).items()}
    except Gap:
        why = "gap"
    except Fork:
        why = "fork"
    for _rest in part:
        pass
    if why in ("foreign", "fork"):
        shelf.note_incident(Incident(other.node, why, str(stream.id()), shelf.now()))
    head = shelf.head(stream.id())
    return Outcome(
        stream=stream.id(), unit=stream.unit, channel=stream.channel, seq=head.seq if head else 0,
        hash=(head.hash if head else stream.digest()).hex(), why=why, held=held,
    )  # fmt: skip


def _received(shelf: Shelf, batch: Batch) -> Mapping[UUID, str]:
    try:
        return shelf.receive(batch)
    except Fork:
        if batch.description.node != shelf.own.id:
            raise
    # Our own line, on which we wrote on after a restore that nobody noticed: what we wrote goes into a new one.
    shelf.begin("restored", {batch.description.id(): batch.after})
    return shelf.receive(batch)


def _kept(shelf: Shelf, its: File, chunks: Iterator[bytes]) -> int:
    """Keep a blob that an entry here names and that does not lie here; 1 where it was kept."""
    wanted = bool(shelf.blob_places(its.sha256)) and shelf.blob_size(its.sha256) is None
    have = shelf.blob_begun(its.sha256) if wanted else 0
    offset = 0
    for chunk in chunks:
        if wanted and offset + len(chunk) > have:
            have = shelf.write_blob(its.sha256, have, chunk[max(have - offset, 0) :])
        offset += len(chunk)
    return int(wanted and shelf.finish_blob(its.sha256))


def witness(shelf: Shelf, other: Peer, manifest: Manifest) -> None:
    """Keep the checkpoint in a file, if it is the sender's and newer than what is kept."""
    it = Checkpoint.of_line(manifest.checkpoint.encode()) if manifest.checkpoint else None
    kept = shelf.kept(other.node)
    newer = it is not None and (kept is None or kept.statement.id < it.statement.id)
    if it is not None and newer and it.statement.node == other.node and it.genuine(other.its.public_key):
        shelf.keep(it)
