"""How often one address may ask what could be guessed, or send what costs work."""

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest


def too_often(request: HttpRequest, what: str, most: int, seconds: int) -> bool:
    """Whether this address has done it `most` times within `seconds` from the first; counts this time too.

    Kept in the process's memory under a digest of the address, for as long as it counts.
    """
    address = sha256(str(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()
    key = f"often/{what}/{address}"
    cache.add(key, 0, seconds)
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it ran out between the two
        return False
