"""Names and salts on their way: what is random in payloads travels beside them, as bytes and not as hex.

Half of what a small entry weighs once it is compressed are UUIDs and the salt, in hex amidst text. Set apart, in
base64, which a block of its own packs back into bytes, they make 140 of 161 bytes a record. What occurs more than once
in a batch stays where it is: there the compressor does better.
"""

import re
from collections import Counter
from collections.abc import Sequence

from haicap.journal.batch import Malformed

NAME = re.compile(
    rb'"([0-9a-f]{8}(?:-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24}(?:[0-9a-f]{32})?))"'
)
# In the place of a UUID, of 16 bytes in hex, of 32: signs that stand nowhere in JSON.
UUID, HALF, WHOLE = b"\x01", b"\x02", b"\x03"
SIGN = {36: UUID, 32: HALF, 64: WHOLE}  # by the length of what is written
NO_SIGN = bytes(range(4, 256)) + b"\0"


def packed(payloads: Sequence[bytes]) -> tuple[list[bytes], bytes]:
    """The payloads of a batch with signs for the names that occur once in it, and these names' bytes in their order.

    Canonical JSON has no line ends, so that all are searched as one text.
    """
    if not payloads:
        return [], b""
    parts = NAME.split(b"\n".join(payloads))  # each second one is a name
    counts = Counter(parts[1::2])
    single: list[bytes] = []
    for at in range(1, len(parts), 2):
        name = parts[at]
        if counts[name] > 1:
            parts[at] = b'"%b"' % name
        else:
            single.append(name)
            parts[at] = SIGN[len(name)]
    return b"".join(parts).split(b"\n"), bytes.fromhex(b"".join(single).replace(b"-", b"").decode())


def unpacked(payloads: Sequence[bytes], names: bytes) -> list[bytes]:
    """The payloads as they were. Raises `Malformed` where there are more signs than names, or fewer."""
    whole = b"\n".join(payloads)
    signs = whole.translate(None, NO_SIGN)
    if (size := 16 * len(signs) + 16 * signs.count(WHOLE)) != len(names):
        raise Malformed("a name is missing" if size > len(names) else "a name too many")
    its, at, texts = names.hex().encode(), 0, []
    for sign in signs:
        end = at + (64 if sign == WHOLE[0] else 32)
        texts.append(_hyphened(its[at:end]) if sign == UUID[0] else its[at:end])
        at = end
    form = whole.replace(b"%", b"%%")
    for one in (UUID, HALF, WHOLE):
        form = form.replace(one, b'"%b"')
    return (form % tuple(texts)).split(b"\n") if payloads else []


def _hyphened(its: bytes) -> bytes:
    return b"-".join((its[:8], its[8:12], its[12:16], its[16:20], its[20:]))
