"""One fact, written once: the payload that is hashed, and the typed entry that folds read."""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, NoReturn, TypeVar
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.json import Decoder

from haicap.journal.kinds import Body, body_of
from haicap.journal.text import canonical

B = TypeVar("B", bound=Body)


Hex = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Salt = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Version = Annotated[int, Meta(gt=0, lt=1 << 31)]
# Not in the last year that there is: it would be over in Asia/Ho_Chi_Minh before it is in UTC.
Moment = Annotated[str, Meta(pattern=(
    r"^(?!9999)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z"))]  # fmt: skip


class Seal(Struct, frozen=True, forbid_unknown_fields=True):
    """Where an entry's sealed facts lie: the ciphertext's SHA-256 and the SHA-256 of its key, both in hex."""

    sha256: Hex
    key_id: Hex


class Members(Struct, frozen=True, forbid_unknown_fields=True):
    """What a payload says, in the forms that `docs/journal-format.md` names."""

    id: UUID
    salt: Salt
    subject: UUID
    after: UUID | None
    kind: str
    version: Version
    actor: UUID
    grant: UUID | None
    at: Moment
    body: dict[str, Any]
    sealed: Seal | None


class Entry(Struct, Generic[B], frozen=True):
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


def _no_float(_: str) -> NoReturn:
    raise ValueError("no entry has a number with a point")


members = Decoder(Members, float_hook=_no_float).decode
"""What the bytes of a payload say. Raises `ValueError` for what are none, and `RecursionError`."""


def read(stream: UUID, seq: int, unit: str, data: bytes) -> Entry[Any]:
    """The typed entry behind stored payload bytes; older bodies are lifted to the newest version."""
    return typed(stream, seq, unit, members(data))


def typed(stream: UUID, seq: int, unit: str, it: Members) -> Entry[Any]:
    """The typed entry that the members of a payload make.

    Raises pydantic's `ValidationError` for a body that misfits, and `ValueError` for a moment that never was.
    """
    return Entry(
        stream=stream,
        seq=seq,
        unit=unit,
        id=it.id,
        subject=it.subject,
        after=it.after,
        kind=it.kind,
        version=it.version,
        actor=it.actor,
        grant=it.grant,
        at=datetime.fromisoformat(it.at),
        body=body_of(it.kind, it.version, it.body),
        sealed=it.sealed,
    )
