"""What lies at the parent, as a child reads it in the parent's answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from haicap.journal.chain import Description
from haicap.journal.intake import Head
from haicap.nodes.exchange.wire import Down


@dataclass(frozen=True, slots=True)
class There:
    """The parent's heads by stream, and what it wants.

    `parts` are the digests of the parts of `reference` where that is too long to be named at once.
    """

    heads: Mapping[UUID, Head]
    parts: Mapping[str, str] | None
    incarnation: UUID  # in which it writes now
    incarnations: frozenset[UUID]  # those of the child that it knows
    keys: tuple[str, ...]
    blobs: Mapping[str, int]
    checkpoint: Mapping[str, Any] | None


def read_there(it: Mapping[str, Any]) -> There:
    """The answer to `heads`, read. Raises `Down` where it is none."""
    try:
        heads = dict(map(_head, it["heads"].items()))
        wants = it.get("wants", {})
        return There(
            heads,
            {str(part): str(digest) for part, digest in it["reference"].items()}
            if "reference" in it
            else None,
            UUID(it["incarnation"]),
            frozenset(UUID(text) for text in it.get("incarnations", ())),
            tuple(str(key_id) for key_id in wants.get("keys", ())),
            {str(sha): int(begun) for sha, begun in wants.get("blobs", {}).items()},
            it.get("checkpoint"),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Down("format", "heads that cannot be read") from error


def _head(item: tuple[str, Mapping[str, Any]]) -> tuple[UUID, Head]:
    stream, said = UUID(item[0]), item[1]
    its = said["description"]
    description = Description(UUID(its["node"]), UUID(its["incarnation"]), str(its["unit"]), its["channel"])
    if description.id() != stream or description.channel not in ("work", "returns", "reference"):
        raise ValueError(stream)
    if (
        not isinstance(said["seq"], int)
        or said["seq"] < 0
        or len(digest := bytes.fromhex(said["hash"])) != 32
    ):
        raise ValueError(stream)
    return stream, Head(description, said["seq"], digest)
