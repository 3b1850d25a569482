"""Names and salts on their way: what is random in payloads travels beside them, as bytes and not as hex.

Half of what a small entry weighs once it is compressed are UUIDs and the salt, in hex amidst text. Set apart, in
base64, which a block of its own packs back into bytes, they make 140 of 161 bytes a record. What occurs more than once
in a batch stays where it is: there the compressor does better.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from haicap.journal.batch import Malformed

NAME = re.compile(
    rb'"(?:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|([0-9a-f]{32})|([0-9a-f]{64}))"'
)
# In the place of a UUID, of 16 bytes in hex, of 32: signs that stand nowhere in JSON.
UUID, HALF, WHOLE = b"\x01", b"\x02", b"\x03"
SIGN = re.compile(rb"[\x01-\x03]")
SIZES = {UUID: 16, HALF: 16, WHOLE: 32}


def packed(payloads: Sequence[bytes]) -> tuple[list[bytes], bytes]:
    """The payloads of a batch with signs for the names that occur once in it, and these names' bytes in their order."""
    counts = Counter(found[0] for payload in payloads for found in NAME.finditer(payload))
    names: list[bytes] = []

    def sign(found: re.Match[bytes]) -> bytes:
        if counts[found[0]] > 1:
            return found[0]
        names.append(bytes.fromhex(found[0][1:-1].replace(b"-", b"").decode()))
        return UUID if found[1] else HALF if found[2] else WHOLE

    return [NAME.sub(sign, payload) for payload in payloads], b"".join(names)


def unpacked(payloads: Iterable[bytes], names: bytes) -> list[bytes]:
    """The payloads as they were. Raises `Malformed` where there are more signs than names, or fewer."""
    at = 0

    def name(found: re.Match[bytes]) -> bytes:
        nonlocal at
        taken = names[at : at + SIZES[found[0]]]
        at += len(taken)
        if len(taken) < SIZES[found[0]]:
            raise Malformed("a name is missing")
        return _written(found[0], taken.hex())

    whole = [SIGN.sub(name, payload) for payload in payloads]
    if at < len(names):
        raise Malformed("a name too many")
    return whole


def _written(sign: bytes, its: str) -> bytes:
    if sign == UUID:
        its = f"{its[:8]}-{its[8:12]}-{its[12:16]}-{its[16:20]}-{its[20:]}"
    return b'"' + its.encode() + b'"'
