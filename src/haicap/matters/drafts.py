"""Drafts: what somebody has typed and not yet sent, kept on the server, sealed, per person.

Ordinary local rows, never entries: they do not travel, and they are gone once their form is sent.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from os import urandom
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

from haicap.journal.ids import is_uuid as is_uuid
from haicap.journal.models import Entry
from haicap.units.rights import Person

NONCE = 12
LONGEST = 200_000  # characters of all answers together
RAISE = "raise"  # the act of a draft whose matter does not exist yet


class Draft(models.Model):
    """One form being filled in, known by the id of the entry that it will become."""

    entry_id = models.UUIDField(primary_key=True)
    person = models.UUIDField()
    subject = models.UUIDField(db_index=True)  # of the matter, or of the one that it will be
    procedure = models.TextField()
    act = models.TextField()  # `raise`, a step's code, or an engine's act
    sealed = models.BinaryField()  # nonce and AES-256-GCM of the answers as JSON
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-saved_at"])]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of another room whose drafts are kept here: what it is called, and where a draft is gone on with."""

    words: Any
    url: Callable[[Draft], str]


FORMS: dict[str, Form] = {}
"""By the code that such drafts carry in place of a procedure's; each room tells its own when it is made ready."""


class TooLong(ValueError):
    """More was typed than a draft may hold."""


def save(
    person: Person,
    *,
    entry_id: UUID,
    subject: UUID,
    procedure: str,
    act: str,
    answers: Mapping[str, str],
    at: datetime,
) -> bool:
    """Keep what was typed, in place of what was kept before; False where this id is somebody else's.

    Raises `TooLong`.
    """
    if sum(map(len, answers.values())) > LONGEST:
        raise TooLong(act)
    kept = Draft.objects.filter(pk=entry_id).values_list("person", flat=True).first()
    if kept not in (None, person.id):
        return False
    Draft.objects.update_or_create(
        entry_id=entry_id,
        defaults={
            "person": person.id,
            "subject": subject,
            "procedure": procedure,
            "act": act,
            "sealed": sealed(person.id, entry_id, answers),
            "saved_at": at,
        },
    )
    return True


def of(person: Person) -> models.QuerySet[Draft]:
    """The drafts of `person`, the latest first."""
    return Draft.objects.filter(person=person.id).order_by("-saved_at")


def kept(person: Person, *, entry_id: str = "", subject: UUID | None = None, act: str = "") -> Draft | None:
    """A draft of `person` by its entry id, or the latest one of an act on a subject; None if there is none.

    One of an act whose entry is written already was saved by a page that was slower than its own sending: it is gone.
    """
    if subject is None:
        return of(person).filter(pk=entry_id).first() if is_uuid(entry_id) else None
    draft = of(person).filter(subject=subject, act=act).first()
    if draft is not None and Entry.objects.filter(id=draft.entry_id).exists():
        drop(person, draft.entry_id)
        return None
    return draft


def answers(draft: Draft) -> dict[str, str]:
    """What was typed. Raises `cryptography.exceptions.InvalidTag` where row and seal do not belong together."""
    return opened(draft.person, draft.entry_id, bytes(draft.sealed))


def drop(person: Person, entry_id: UUID) -> None:
    """The form was sent, or its author no longer wants it."""
    of(person).filter(pk=entry_id).delete()


def sealed(person: UUID, id: UUID, typed: Mapping[str, str]) -> bytes:
    """What somebody typed, sealed for a local row with this id."""
    nonce = urandom(NONCE)
    clear = json.dumps(dict(typed), ensure_ascii=False).encode()
    return nonce + AESGCM(_key()).encrypt(nonce, clear, person.bytes + id.bytes)


def opened(person: UUID, id: UUID, data: bytes) -> dict[str, str]:
    """What `sealed` has sealed. Raises `cryptography.exceptions.InvalidTag` where it is not of this person and row."""
    typed: dict[str, str] = json.loads(
        AESGCM(_key()).decrypt(data[:NONCE], data[NONCE:], person.bytes + id.bytes)
    )
    return typed


def _key() -> bytes:
    """A key of its own, made from the installation's: that one wraps keys and seals nothing directly."""
    return HKDF(SHA256(), 32, None, b"haicap drafts").derive(bytes.fromhex(settings.KEK))
