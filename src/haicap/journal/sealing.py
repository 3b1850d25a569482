"""Sealed facts: AES-256-GCM under a key of the subject's own, wrapped by this installation's key (RFC 3394)."""

import hmac
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from django.conf import settings
from django.db import connections

from haicap.journal.entry import Seal
from haicap.journal.ids import Entropy
from haicap.journal.models import Ciphertext, SubjectKey
from haicap.journal.text import canonical

NONCE = 12
ERASED = "SELECT 1 FROM journal_entry WHERE subject = %s AND kind = 'key.erased' LIMIT 1"


class Destroyed(LookupError):
    """The sealed facts, or the key to them, have been destroyed; they cannot be opened any more."""


def seal(key: bytes, subject: UUID, entry_id: UUID, facts: object, entropy: Entropy) -> tuple[Seal, bytes]:
    """Facts sealed under `key` (32 bytes), bound to subject and entry; the ciphertext begins with its nonce."""
    nonce = entropy(NONCE)
    ciphertext = nonce + AESGCM(key).encrypt(nonce, canonical(facts), subject.bytes + entry_id.bytes)
    return Seal(sha256(ciphertext).hexdigest(), sha256(key).hexdigest()), ciphertext


def unseal(key: bytes, subject: UUID, entry_id: UUID, ciphertext: bytes) -> Mapping[str, Any]:
    """The facts again. Raises `cryptography.exceptions.InvalidTag` if key, subject, entry or bytes differ."""
    clear = AESGCM(key).decrypt(ciphertext[:NONCE], ciphertext[NONCE:], subject.bytes + entry_id.bytes)
    facts: dict[str, Any] = json.loads(clear)
    return facts


def key_id(key: bytes) -> bytes:
    """What entries call a key by: its SHA-256."""
    return sha256(key).digest()


def blind(text: str) -> bytes:
    """The digest under which sealed facts are found by a text they hold: HMAC-SHA256 under a key for this alone.

    The key comes from this installation's own by HKDF (RFC 5869): whoever has the database without it can neither
    read a number from its digest nor try all numbers.
    """
    return hmac.digest(_blinding(settings.KEK), text.encode(), "sha256")


def blinds(texts: Iterable[str]) -> bytes:
    """The digests of several texts as the append function takes them: each once, one after the other."""
    return b"".join(sorted(map(blind, set(texts))))


@lru_cache(maxsize=2)
def _blinding(kek: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"haicap blind index").derive(bytes.fromhex(kek))


def wrap(key: bytes) -> bytes:
    """A subject's key as it is kept."""
    return aes_key_wrap(bytes.fromhex(settings.KEK), key)


def unwrap(wrapped: bytes) -> bytes:
    """A subject's key from how it is kept."""
    return aes_key_unwrap(bytes.fromhex(settings.KEK), wrapped)


def key_for(subject: UUID, entropy: Entropy, using: str) -> bytes:
    """The key under which the subject's facts are sealed, made and kept at the first.

    Raises `Destroyed` for a subject that is erased.
    """
    if there := keys_of(subject, using=using):
        return there[0]
    key = entropy(32)
    with connections[using].cursor() as cursor:
        cursor.execute(ERASED, [subject])
        if cursor.fetchone():
            raise Destroyed(
                f"the sealed facts of subject {subject} were erased; nothing of it is sealed again"
            )
        cursor.execute(
            "INSERT INTO journal_subjectkey (key_id, subject, wrapped) VALUES (%s, %s, %s)",
            [key_id(key), subject, wrap(key)],
        )
    return key


def keys_of(subject: UUID, *, using: str = "default") -> list[bytes]:
    """The subject's keys, in the order of their ids; the caller has been judged. None where they are destroyed.

    There are several where it was first sealed on several nodes at once. Each opens what names it; the first, which
    is the same wherever all are, is sealed with from there on.
    """
    kept = SubjectKey.objects.using(using).filter(subject=subject).order_by("key_id")
    return [unwrap(bytes(it.wrapped)) for it in kept]


def open_sealed(subject: UUID, entry_id: UUID, sealed: Seal, *, using: str = "default") -> Mapping[str, Any]:
    """The sealed facts of one entry. The caller has been judged and has recorded the opening.

    Raises `Destroyed` where key or ciphertext are gone.
    """
    kept = SubjectKey.objects.using(using).filter(key_id=bytes.fromhex(sealed.key_id)).first()
    data = Ciphertext.objects.using(using).filter(sha256=bytes.fromhex(sealed.sha256)).first()
    if kept is None or data is None:
        raise Destroyed(f"the sealed facts of entry {entry_id} have been destroyed")
    return unseal(unwrap(bytes(kept.wrapped)), subject, entry_id, bytes(data.data))
