"""The code on a receipt with which its holder looks the matter up without signing in.

Eight characters of Crockford's base 32: the first 40 bits of a SHA-256 over the bytes of the matter's first
entry, which hold random ones. Nothing is stored for it, every installation that has the entry finds the same, and
nobody else can, not even from the hashes that installations show each other.
"""

import hmac
from hashlib import sha256
from uuid import UUID

from django.db import connections

from haicap.papers.numbers import CROCKFORD

LENGTH = 8
MARK = b"haicap look-up"
_LIKE_A_DIGIT = str.maketrans("OIL", "011", " -.")
_FIRST = "SELECT payload FROM journal_entry WHERE subject = %s AND kind = 'matter.raised' LIMIT 1"


def code_of(subject: UUID, *, using: str = "default") -> str:
    """The look-up code of a matter that this session may read. Raises `LookupError` where it has no first entry."""
    with connections[using].cursor() as cursor:
        cursor.execute(_FIRST, [subject])
        found = cursor.fetchone()
    if found is None:
        raise LookupError(f"subject {subject} has no first entry here")
    value = int.from_bytes(sha256(MARK + bytes(found[0])).digest()[:5])
    return "".join(CROCKFORD[value >> shift & 31] for shift in range(35, -1, -5))


def digest_of(code: str) -> bytes | None:
    """The five bytes that a code stands for, as people type it: any case, O for 0; None if it cannot be one."""
    tidy = code.strip().upper().translate(_LIKE_A_DIGIT)
    if len(tidy) != LENGTH or not set(tidy) <= set(CROCKFORD):
        return None
    value = 0
    for character in tidy:
        value = value << 5 | CROCKFORD.index(character)
    return value.to_bytes(5)


def fits(subject: UUID, code: str, *, using: str = "default") -> bool:
    """Whether `code` is the matter's, compared in constant time."""
    given = digest_of(code)
    return given is not None and hmac.compare_digest(given, digest_of(code_of(subject, using=using)) or b"")
