"""Applying a courier file that is checked: streams as in an exchange, keys, files, a checkpoint, or a matter."""

from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from haicap.journal.chain import Description
from haicap.journal.intake import Batch, Fork, Gap, Head, Malformed
from haicap.journal.witness import Signed as Checkpoint
from haicap.nodes.courier.book import Outcome, Sent, Why
from haicap.nodes.courier.container import File, Line, Manifest, Reading, Wrong, opened
from haicap.nodes.courier.entries import Gathering, read_entries
from haicap.nodes.courier.neighbours import Neighbour
from haicap.nodes.courier.packing import Office, Peer, Stranger, correspondent, hash_at, peer
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
    with opened(file, [office.identity]) as reading:
        manifest = reading.manifest
        if manifest.kind != "streams":
            return _carried(office, reading)
        other = _renewed(shelf, manifest)
        outcomes = _Taking(shelf, other, manifest).take(reading)
        blobs = sum(_kept(shelf, its, chunks) for its, chunks in reading.blobs())
        reading.end(other.its.public_key)
    witness(shelf, other, manifest)
    waits = any(outcome.why == "gap" for outcome in outcomes)
    return Unpacked(manifest, outcomes, blobs, waits)


def _carried(office: Office, reading: Reading) -> Unpacked:
    manifest, shelf = reading.manifest, office.shelf
    with refusing(office):
        CARRIED[manifest.kind](office, manifest)
    blobs = sum(_kept(shelf, its, chunks) for its, chunks in reading.blobs())
    reading.end(sender_of(office, manifest).public_key)
    return Unpacked(manifest, blobs=blobs)


class _Taking:
    """The streams of a file on their way to storage; `why` says which cannot be stored: all others are."""

    def __init__(self, shelf: Shelf, other: Peer, manifest: Manifest) -> None:
        self.shelf, self.other, self.manifest = shelf, other, manifest
        self.here = shelf.heads()
        self.why: dict[UUID, Why] = {}
        self.held: dict[UUID, dict[str, str]] = defaultdict(dict)
        self.gathering = Gathering(self._store, own=shelf.own.id)

    def take(self, reading: Reading) -> tuple[Outcome, ...]:
        """Store their entries, and then their keys."""
        for line in self.manifest.streams:
            stream = line.description().id()
            self._gather(line, stream, reading.part())
            for bundle in reading.part():
                self.gathering.flush()
                if stream not in self.why:
                    self.shelf.take_keys(given(bundle))
        self.gathering.flush()
        now = self.shelf.heads()
        return tuple(self._outcome(line.description(), now) for line in self.manifest.streams)

    def _gather(self, line: Line, stream: UUID, part: Iterator[bytes]) -> None:
        head = self.here.get(stream)
        if not self.other.writes(line):
            self._refuse(stream, "foreign")
        elif head is None or hash_at(self.shelf, head, line.seq) != bytes.fromhex(line.hash):
            for batch in read_entries(self.manifest, part):
                self.gathering.add(batch)
        for _rest in part:
            pass

    def _store(self, some: list[Batch]) -> None:
        if len(some) > 1:
            with suppress(Gap, Fork, Malformed):
                self.shelf.receive_all(some)
                return
        for batch in some:  # one alone; or one of them is at fault, and stops no other
            self._receive(batch, batch.description.id())

    def _receive(self, batch: Batch, stream: UUID) -> None:
        if stream in self.why:
            return
        try:
            held = _received(self.shelf, batch)
        except Gap:
            self.why[stream] = "gap"
        except Fork:
            self._refuse(stream, "fork")
        else:
            self.held[stream] |= {str(entry): reason for entry, reason in held.items()}

    def _refuse(self, stream: UUID, why: Why) -> None:
        self.why[stream] = why
        self.shelf.note_incident(Incident(self.other.node, why, str(stream), self.shelf.now()))

    def _outcome(self, its: Description, now: Mapping[UUID, Head]) -> Outcome:
        stream = its.id()
        head = now.get(stream)
        return Outcome(
            stream=stream, unit=its.unit, channel=its.channel, seq=head.seq if head else 0,
            hash=(head.hash if head else its.digest()).hex(), why=self.why.get(stream),
            held=self.held.get(stream, {}),
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
