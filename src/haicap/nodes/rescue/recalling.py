"""A burnt machine comes back from the parent's copy, as a new node of the same unit.

It has joined with a code that is bound to the unit, and so may hold the unit's streams, those of the burnt node too:
one contact after the other brings them, keys and files included. What the burnt node never sent is lost; as much as
can be known of that is told: the parent kept its newest checkpoint, and what it said of itself when it was last there.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Head
from haicap.journal.models import Stream
from haicap.journal.node import Own
from haicap.journal.reference import ours
from haicap.journal.witness import Signed as Checkpoint
from haicap.journal.witness import newest_first
from haicap.nodes import queries
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.calls import Call, said
from haicap.nodes.exchange.handing import of_json
from haicap.nodes.exchange.records import Contact, Parent
from haicap.nodes.exchange.shelf import Shelf
from haicap.nodes.exchange.speaking import Refusal, Talk
from haicap.nodes.exchange.wire import Down, Response, Wire
from haicap.nodes.models import Contact as Seen
from haicap.nodes.rescue.restoring import Missing

PATH = "/sync/kept"
TRIES = 1000  # contacts, each of which has brought something, until this is left to the loop


class NotFresh(Exception):
    """Something was written on this installation already: what is brought back would not be all there is."""


@dataclass(frozen=True, slots=True)
class Left:
    """What came of a line that the burnt node wrote: up to `seq`, the last of it written at `at` (a claim, UTC).

    `code` is part of every number that it gave out: later ones are not known here.
    """

    stream: Description
    seq: int
    at: datetime
    code: str

    def sentence(self) -> str:
        """It, for the operator."""
        return (
            f"The lost machine's entries in {self.stream.channel} of unit {self.stream.unit} are here up to number"
            f" {self.seq}, of {self.at:%Y-%m-%d %H:%M} UTC. What it wrote later is not; papers with later numbers of"
            f" the code {self.code} are to be entered again."
        )


@dataclass(frozen=True, slots=True)
class Last:
    """What the parent knows of a node that wrote in this unit's files before.

    `at` is when it was last in contact, by the parent's clock; `checkpoint` the newest that it gave the parent, which
    has verified its signature.
    """

    node: UUID
    at: datetime | None
    checkpoint: Checkpoint | None

    def sentence(self) -> str:
        """It, for the operator."""
        if self.at is None:
            return f"The parent does not know when the node {self.node} was last in contact."
        return f"The node {self.node} was last in contact at {self.at:%Y-%m-%d %H:%M} UTC."


@dataclass(frozen=True, slots=True)
class Recalled:
    """What came back: the last contact, the lines of earlier nodes of the unit, and what is known to be missing.

    `blobs` are names of attached files, `keys` ids of keys that entries here name and that have not come;
    `last` is None where the parent could not be asked for what it knows of them.
    """

    contact: Contact
    lines: tuple[Left, ...]
    missing: tuple[Missing, ...]
    blobs: tuple[str, ...]
    keys: tuple[str, ...]
    last: tuple[Last, ...] | None = None

    @property
    def whole(self) -> bool:
        """Whether all that the parent has is here."""
        return self.contact.good and not (self.blobs or self.keys)

    def sentences(self) -> Iterator[str]:
        """What is missing, for the operator."""
        if not self.contact.good:
            faults = ", ".join(sorted({fault.code for fault in self.contact.faults})) or "left off"
            yield f"Not all has come from the parent ({faults}): run the same command again, it goes on where it was."
        if self.last is None:
            yield "The parent could not be asked for what it knows of the lost machine: run the same command again."
        yield from (it.sentence() for it in self.missing)
        yield from (f"The attached file {name} has not come from anywhere yet." for name in self.blobs)
        yield from (f"The key {name} of sealed facts has not come from anywhere yet." for name in self.keys)
        yield from (it.sentence() for it in self.last or ())
        yield from (it.sentence() for it in self.lines)


def recall(
    shelf: Shelf,
    wire: Wire,
    parent: Parent,
    *,
    until: Callable[[], bool] = lambda: False,
    witness: Iterable[Path] = (),
    came: Callable[[Contact], None] = lambda contact: None,
) -> Recalled:
    """Fetch all that the parent has of this node's unit; this node has joined, and nobody works on it yet.

    Goes on as long as contacts bring something, or until `until` says so; done again it goes on where it was.
    `witness` are witness files of the burnt node from elsewhere; `came` is told of each contact. Raises nothing that
    the line can do.
    """
    for _ in range(TRIES):
        made = contact(shelf, wire, parent, until=until)
        came(made)
        if made.good or not (made.pulled or made.down or made.keys) or until():
            break
    lost = tuple(_lines(shelf, parent))
    last = _asked(Talk(shelf, wire, parent, made.offset)) if made.reached else None
    told = [it.checkpoint for it in last or () if it.checkpoint]
    for it in told:
        _keep(shelf, it)
    nodes = {it.stream.node for it in lost} | {it.node for it in last or ()}
    told += [it for file in witness for it in newest_first(file) if it and it.statement.node in nodes]
    wants = shelf.wants(None)
    return Recalled(made, lost, beyond(told, shelf.heads()), tuple(sorted(wants.blobs)), wants.keys, last)


def serve(call: Call, using: str = "worker") -> Response:
    """Answer `GET /sync/kept` with {"kept": [{"node", "at", "checkpoint"}…]}.

    One for each other node that wrote in the child's files, its predecessors: when it was last in contact, and its
    newest checkpoint, as `heads` gives this node's own.
    """
    heads = call.shelf.heads(call.member.units, reference=False).values()
    nodes = {head.description.node for head in heads} - {call.shelf.own.id, call.member.node}
    seen = Seen.objects.using(using).in_bulk(nodes)
    return said({"kept": [_kept(node, seen.get(node), call.shelf.kept(node)) for node in sorted(nodes)]})


def _kept(node: UUID, seen: Seen | None, checkpoint: Checkpoint | None) -> dict[str, Any]:
    its = checkpoint and {"statement": checkpoint.data.decode(), "signature": checkpoint.signature.hex()}
    at = seen.last.astimezone(UTC).isoformat() if seen and seen.last else None
    return {"node": str(node), "at": at, "checkpoint": its}


def _asked(talk: Talk) -> tuple[Last, ...] | None:
    try:
        return tuple(_last(it) for it in talk.ask("GET", PATH).json()["kept"])
    except (Refusal, Down, KeyError, ValueError, TypeError, AttributeError):
        return None


def _keep(shelf: Shelf, checkpoint: Checkpoint) -> None:
    """Let what the lost node signed bear witness here, too, where its key is known: by the parent's memberships."""
    member = shelf.member(checkpoint.statement.node)
    if member is not None and checkpoint.genuine(member.public_key):
        shelf.keep(checkpoint)


def _last(it: Mapping[str, Any]) -> Last:
    node, at, checkpoint = UUID(it["node"]), it["at"], of_json(it["checkpoint"])
    when = datetime.fromisoformat(at).astimezone(UTC) if at else None
    mine = checkpoint if checkpoint and checkpoint.statement.node == node else None
    return Last(node, when, mine)


def require_fresh(parent: UUID | None = None, using: str = "worker") -> None:
    """Raise `NotFresh` where this installation has written entries, or lives below another node than `parent`.

    What a recall that was cut off has brought is no hindrance: it goes on from there.
    """
    node, peer = ours(using), queries.peer(using)
    wrote = node is not None and Stream.objects.using(using).filter(node=node.id, seq__gt=0).exists()
    strange = peer is None and Stream.objects.using(using).filter(seq__gt=0).exists()
    if wrote or strange or (peer is not None and parent is not None and peer.id != parent):
        raise NotFresh


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
