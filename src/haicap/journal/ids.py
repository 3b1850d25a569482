"""Identifiers, made in Python because PostgreSQL before 18 cannot make them, and read from forms."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeGuard
from uuid import UUID, uuid5

Entropy = Callable[[int], bytes]
"""Gives so many random bytes; `os.urandom`, or a seeded generator where the same bytes are wanted again."""


def uuid7(at: datetime | None = None, entropy: Entropy = os.urandom) -> UUID:
    """A UUID of version 7 (RFC 9562): milliseconds of `at` (aware; now if absent), then 74 random bits."""
    moment = at or datetime.now(UTC)
    milliseconds = int(moment.timestamp() * 1000)
    number = milliseconds << 80 | int.from_bytes(entropy(10), "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=number)


def derived(it: UUID, name: str) -> UUID:
    """A UUID of version 8 (RFC 9562) that follows from another one and a name: its first 48 bits, then those of a hash.

    What is made in one hour lies together in every index, as the entries do whose ids tell the time.
    """
    number = it.int >> 80 << 80 | uuid5(it, name).int & (1 << 80) - 1
    return UUID(int=number & ~(0xF << 76) | 0x8 << 76)


def is_uuid(text: str | None) -> TypeGuard[str]:
    """Whether a text from a form or an address is the id of an entry or subject."""
    try:
        UUID(text or "")
    except ValueError:
        return False
    return True


def ids(texts: Iterable[str]) -> list[UUID]:
    """The ids among texts of a form or an address; what is none is left out."""
    return [UUID(text) for text in texts if is_uuid(text)]
