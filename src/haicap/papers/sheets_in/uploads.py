"""Files that were handed in and are being looked at: kept sealed, for whoever handed them in, until taken in."""

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from os import urandom
from typing import TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import QuerySet

from haicap.papers.sheets_in.models import Upload
from haicap.papers.sheets_in.plans import PLAN, Plan
from haicap.units.rights import Person

U = TypeVar("U", bound=Upload)
MOST_BYTES = 8_000_000
LONGEST_NAME = 120
KEPT = timedelta(days=30)  # a file that nobody took in
NONCE = 12


class TooLarge(ValueError):
    """The file is larger than `MOST_BYTES`."""


def keep(
    uploads: type[U],
    person: Person,
    data: bytes,
    *,
    id: UUID,
    name: str,
    procedure: str,
    unit: str,
    at: datetime,
) -> U:
    """Keep a file under the id that its form was shown with; sent twice it is kept once. Raises `TooLarge`."""
    if len(data) > MOST_BYTES:
        raise TooLarge(name)
    nonce = urandom(NONCE)
    uploads._default_manager.filter(at__lt=at - KEPT).delete()
    upload, _new = uploads._default_manager.get_or_create(
        id=id,
        defaults={
            "person": person.id,
            "name": name[-LONGEST_NAME:],
            "sha256": sha256(data).hexdigest(),
            "sealed": nonce + AESGCM(_key()).encrypt(nonce, data, id.bytes),
            "procedure": procedure,
            "unit": unit,
            "at": at,
        },
    )
    return upload


def of(uploads: type[U], person: Person) -> QuerySet[U]:
    """The files that somebody has not taken in yet, the latest first."""
    return uploads._default_manager.filter(person=person.id).order_by("-at")


def data_of(upload: Upload) -> bytes:
    """The file as it was handed in."""
    sealed = bytes(upload.sealed)
    return AESGCM(_key()).decrypt(sealed[:NONCE], sealed[NONCE:], upload.id.bytes)


def plan_of(upload: Upload) -> Plan:
    """How it is to be read, as far as it has been said."""
    return PLAN.validate_python(upload.plan, strict=False)


def say(upload: Upload, plan: Plan) -> None:
    """Change how it is to be read."""
    upload.plan = PLAN.dump_python(plan, mode="json")
    upload.save(update_fields=["plan"])


def drop(uploads: type[U], person: Person, id: UUID) -> None:
    """It was taken in, or is not wanted any more."""
    of(uploads, person).filter(pk=id).delete()


@cache
def _key() -> bytes:
    return HKDF(SHA256(), 32, None, b"haicap uploads").derive(bytes.fromhex(settings.KEK))
