"""A burnt machine comes back from the parent's copy, as a new node of the same unit.

It has joined with a code that is bound to the unit, and so may hold the unit's streams, those of the burnt node too:
one contact after the other brings them, keys and files included. What the burnt node never sent is lost; as much as
can be known of that is told.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Head
from haicap.journal.node import Own
from haicap.journal.witness import Signed as Checkpoint
from haicap.journal.witness import newest_first
from haicap.nodes.asking import contact
from haicap.nodes.restoring import Missing
from haicap.nodes.shelf import Contact, Parent, Shelf
from haicap.nodes.wire import Wire

TRIES = 1000  # contacts, each of which has brought something, until this is left to the loop


@dataclass(frozen=True, slots=True)
class Left:
    """What came of a line that the burnt node wrote: up to `seq`, the last of it written at `at` (a claim, UTC).

    `code` is part of every number that it gave out: later ones are not known here.
    """

    stream: Description
    seq: int
    at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """What came back: the last contact, the lines of earlier nodes of the unit, and what is known to be missing."""

    contact: Contact
    lines: tuple[Left, ...]
    missing: tuple[Missing, ...]
    blobs: int
    keys: int

    @property
    def whole(self) -> bool:
        """Whether all that the parent has is here."""
        return self.contact.good and not (self.blobs or self.keys)

    def sentences(self) -> Iterator[str]:
        """What is missing, for the operator."""
        if not self.contact.good:
            yield "The parent has more than came until now: the rest comes with the next contacts."
        yield from (it.sentence() for it in self.missing)
        if self.blobs or self.keys:
            yield f"{self.blobs} attached files and {self.keys} keys of sealed facts have not come from anywhere yet."
        for left in self.lines:
            yield (
                f"The lost machine's entries in {left.stream.channel} of unit {left.stream.unit} are here up to number"
                f" {left.seq}, of {left.at:%Y-%m-%d %H:%M} UTC. What it wrote later is not; papers with later numbers"
                f" of the code {left.code} are to be entered again."
            )


def recall(
    shelf: Shelf,
    wire: Wire,
    parent: Parent,
    *,
    until: Callable[[], bool] = lambda: False,
    witness: Iterable[Path] = (),
) -> Recalled:
    """Fetch all that the parent has of this node's unit; this node has joined, and nobody works on it yet.

    Goes on as long as contacts bring something, or until `until` says so; done again it goes on where it was.
    `witness` are witness files of the burnt node from elsewhere. Raises nothing that the line can do.
    """
    made = contact(shelf, wire, parent, until=until)
    for _ in range(TRIES):
        if made.good or not (made.pulled or made.down or made.keys) or until():
            break
        made = contact(shelf, wire, parent, until=until)
    lost = tuple(_lines(shelf, parent))
    nodes = {it.stream.node for it in lost}
    told = [
        signed
        for file in witness
        for signed in newest_first(file)
        if signed and signed.statement.node in nodes
    ]
    wants = shelf.wants(None)
    return Recalled(made, lost, beyond(told, shelf.heads()), len(wants.blobs), len(wants.keys))


def beyond(checkpoints: Iterable[Checkpoint], heads: Mapping[UUID, Head]) -> tuple[Missing, ...]:
    """What checkpoints bear witness of and is not among `heads`; the caller knows whose they are.

    Also for a parent that holds a child's checkpoint: what the child had written and never sent.
    """
    told: dict[UUID, tuple[int, str]] = {}
    for it in checkpoints:
        for stream, head in it.statement.heads.items():
            source = f"the checkpoint of {it.statement.at}"
            told[stream] = max(told.get(stream, (0, "")), (head.seq, source))
    return tuple(
        Missing(stream, its.unit if its else None, its.channel if its else None, have + 1, seq, source)
        for stream, (seq, source) in sorted(told.items())
        for known in [heads.get(stream)]
        for its, have in [(known.description, known.seq) if known else (None, 0)]
        if seq > have
    )


def _lines(shelf: Shelf, parent: Parent) -> Iterator[Left]:
    """The lines that another node wrote here, which is neither this one nor the parent."""
    for stream, head in sorted(shelf.heads(shelf.units, reference=False).items()):
        its = head.description
        if its.node not in (shelf.own.id, parent.node):
            last = next(iter(shelf.stored(stream, head.seq - 1, 1)))
            at = datetime.fromisoformat(json.loads(last.payload)["at"])
            yield Left(its, head.seq, at, Own(its.node, its.incarnation).code())
