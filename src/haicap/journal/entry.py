"""One fact, written once: the payload that is hashed, and the typed entry that folds read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from haicap.journal.kinds import Body, body_of
from haicap.journal.text import canonical

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True)
class Seal:
    """Where an entry's sealed facts lie: the ciphertext's SHA-256 and the SHA-256 of its key, both in hex."""

    sha256: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Entry(Generic[B]):
    """An entry as folds see it. `at` is UTC and a claim; `body` is None for kinds from a newer version."""

    stream: UUID
    seq: int
    unit: str
    id: UUID
    subject: UUID
    after: UUID | None
    kind: str
    version: int
    actor: UUID
    grant: UUID | None
    at: datetime
    body: B
    sealed: Seal | None = None


def instant(moment: datetime) -> str:
    """An aware moment as entries write it: UTC to the microsecond, `2026-11-22T02:00:00.000000Z`."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be written down")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def payload(
    *,
    entry_id: UUID,
    salt: bytes,
    subject: UUID,
    after: UUID | None,
    body: Body,
    actor: UUID,
    grant: UUID | None,
    at: datetime,
    sealed: Seal | None = None,
) -> bytes:
    """The bytes of an entry, in canonical JSON; these are stored, sent and hashed as they are.

    `at` is aware. Raises `NotCanonical` where the body holds what an entry may not hold.
    """
    return canonical(
        {
            "id": str(entry_id),
            "salt": salt.hex(),
            "subject": str(subject),
            "after": str(after) if after else None,
            "kind": body.kind,
            "version": body.version,
            "actor": str(actor),
            "grant": str(grant) if grant else None,
            "at": instant(at),
            "body": body.model_dump(mode="json"),
            "sealed": {"sha256": sealed.sha256, "key_id": sealed.key_id} if sealed else None,
        }
    )


def read(stream: UUID, seq: int, unit: str, data: bytes) -> Entry[Any]:
    """The typed entry behind stored payload bytes; older bodies are lifted to the newest version."""
    return typed(stream, seq, unit, json.loads(data))


def typed(stream: UUID, seq: int, unit: str, it: Mapping[str, Any]) -> Entry[Any]:
    """The typed entry behind the members of a payload. Raises pydantic's `ValidationError` for a body that misfits."""
    seal = it["sealed"]
    return Entry(
        stream=stream,
        seq=seq,
        unit=unit,
        id=UUID(it["id"]),
        subject=UUID(it["subject"]),
        after=UUID(it["after"]) if it["after"] else None,
        kind=it["kind"],
        version=it["version"],
        actor=_known(it["actor"]),
        grant=_known(it["grant"]) if it["grant"] else None,
        at=datetime.fromisoformat(it["at"]),
        body=body_of(it["kind"], it["version"], it["body"]),
        sealed=Seal(seal["sha256"], seal["key_id"]) if seal else None,
    )


@lru_cache(maxsize=4096)
def _known(name: str) -> UUID:
    """One of those that stand in many entries."""
    return UUID(name)
