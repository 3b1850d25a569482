"""What was sent by courier and what came of it, and what waits for others: files in the installation's folder.

Local, as a diary is: where it is lost, more is sent than is needed, and nothing else is the worse for it.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar
from uuid import UUID

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError

Why = Literal["gap", "fork", "foreign"]


class _Note(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Outcome(_Note):
    """What came of a stream in a file: how far the receiver has it, which entries it held and why.

    `why` tells that it was not taken: `gap` (it waits for what comes before), `fork` (the receiver has another
    line), `foreign` or `revoked` (it is not the sender's to bring).
    """

    stream: UUID
    unit: str
    channel: str
    seq: int
    hash: str
    why: Why | None = None
    held: Mapping[str, str] = {}


class Sent(_Note):
    """A file that was packed here. `confirmed` is when its return file came; None until then: it may never arrive.

    `heads` are the `seq` up to which it carries each stream; `matter` is the number of one that goes
    to another province.
    """

    number: int
    to: UUID
    name: str
    at: datetime
    file: str
    digest: str
    size: int
    heads: Mapping[UUID, int]
    entries: int
    blobs: bool
    matter: str = ""
    confirmed: datetime | None = None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def held(self) -> dict[str, str]:
        """The entries that the receiver holds, each with the reason."""
        return {entry: reason for outcome in self.outcomes for entry, reason in outcome.held.items()}


class Known(_Note):
    """How far another node has said in its last return that it has come, with entries and with their blobs.

    `over` marks the last contact on the line before that: where there was one since, that knows better.
    """

    over: str | None
    heads: Mapping[UUID, int]
    blobs: Mapping[UUID, int]


class Want(_Note):
    """What a file waits for: the entries up to `seq` of a stream, of which `have` lay here when it was looked at."""

    stream: UUID
    unit: str
    channel: str
    seq: int
    have: int


class Waits(_Note):
    """A file that came before what it goes on from: since when, for what, how often it was tried, and what failed.

    `fault` is empty while nothing did but waiting itself.
    """

    sender: UUID
    number: int
    at: datetime
    since: datetime
    wanted: tuple[Want, ...]
    attempts: int = 1
    fault: str = ""


N = TypeVar("N", bound=_Note)


def folder() -> Path:
    """Where this installation keeps its book."""
    return Path(settings.HOME) / "courier"


@dataclass(frozen=True, slots=True)
class Book:
    """The book in a folder, made with mode 0700 at the first use."""

    place: Path

    @contextmanager
    def alone(self, *, wait: bool = True) -> Iterator[bool]:
        """Nobody else works with the book meanwhile; what an interrupted one left behind is removed first.

        Yields whether it is so; only without `wait`, where another is at work, it is not.
        """
        self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.place / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            mine = _locked(handle, wait)
            if mine:
                self._sweep()
            yield mine
        finally:
            os.close(handle)

    def _sweep(self) -> None:
        """What was being copied or written is unpacked or noted again; a note without its file is of no use."""
        left = [*self.part("coming").iterdir(), *self.place.glob("*/.new-*")]
        notes = (it for it in self.part("waiting").glob("*.json") if not it.with_suffix(".haicap").exists())
        for file in (*left, *notes):
            file.unlink(missing_ok=True)

    def part(self, name: Literal["sent", "known", "waiting", "coming"]) -> Path:
        """A folder of the book."""
        place = self.place / name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    def sent(self) -> list[Sent]:
        """What was sent, the newest first."""
        its = _all(self.part("sent"), Sent)
        return sorted(its, key=lambda it: (it.at, it.number), reverse=True)

    def number(self, to: UUID) -> int:
        """The number of the next file to a node."""
        return 1 + max((it.number for it in self.sent() if it.to == to), default=0)

    def note_sent(self, it: Sent) -> None:
        """Note a file, or what became of it."""
        _keep(self.part("sent") / f"{it.digest}.json", it)

    def known(self, node: UUID) -> Known | None:
        """What a node said it has."""
        return _read(self.part("known") / f"{node}.json", Known)

    def note_known(self, node: UUID, it: Known) -> None:
        """Note what a node said it has."""
        _keep(self.part("known") / f"{node}.json", it)

    def waiting(self) -> list[tuple[Path, Waits]]:
        """The files that wait, those first that were packed first."""
        its = [(file, it) for file in self._waiting() if (it := _waits(file)) is not None]
        return sorted(its, key=lambda pair: (pair[1].sender, pair[1].number))

    def unnoted(self) -> list[Path]:
        """Files that wait, of which nobody knows for what: their notes are spoilt."""
        return [file for file in self._waiting() if _waits(file) is None]

    def _waiting(self) -> list[Path]:
        return sorted(self.part("waiting").glob("*.haicap"))

    def let_wait(self, file: Path, digest: str, it: Waits) -> None:
        """Put a file of the book aside until what comes before it is there; again, with what is known now."""
        place = self.part("waiting") / f"{digest}.haicap"
        _keep(place.with_suffix(".json"), it)
        if file != place:
            file.replace(place)

    def forget(self, file: Path) -> None:
        """A file of the book is done with."""
        for its in (file, file.with_suffix(".json")):
            its.unlink(missing_ok=True)


def _locked(handle: int, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _waits(file: Path) -> Waits | None:
    return _read(file.with_suffix(".json"), Waits)


def _all(place: Path, kind: type[N]) -> Iterator[N]:
    for file in place.glob("*.json"):
        if (it := _read(file, kind)) is not None:
            yield it


def _read(file: Path, kind: type[N]) -> N | None:
    """A note; None where there is none, or a power cut has spoilt it."""
    try:
        return kind.model_validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _keep(file: Path, it: _Note) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "w") as out:
            out.write(it.model_dump_json())
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
