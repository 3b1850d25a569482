"""The one-time code of an invitation: `XXXXX-XXXXX-XXXXX-XXXXX` in Crockford's letters.

Twelve letters (60 bits) are a secret; eight (40 bits) are of the SHA-256 of the inviting node's public key, so that
whoever joins knows the parent by it.
"""

from hashlib import pbkdf2_hmac, sha256

from haicap.journal.ids import Entropy
from haicap.journal.node import CROCKFORD

SECRET, PARENT, GROUP = 12, 8, 5
ROUNDS = 100_000  # the digest travels in `reference`: trying all secrets must take longer than the code lasts
PURPOSE = b"haicap invitation"
TAKEN_FOR = str.maketrans("ILO", "110")  # what Crockford's letters are misread as


class NotACode(ValueError):
    """What was typed is no code."""


def new(public_key: bytes, entropy: Entropy) -> str:
    """A fresh code of the node with this Ed25519 key; `entropy` gives random bytes."""
    secret = "".join(CROCKFORD[byte % 32] for byte in entropy(SECRET))
    letters = secret + _of_parent(public_key)
    return "-".join(letters[n : n + GROUP] for n in range(0, len(letters), GROUP))


def read(text: str) -> str:
    """The code as `new` writes it, however it was typed. Raises `NotACode`."""
    letters = "".join(text.upper().translate(TAKEN_FOR).replace("-", " ").split())
    if len(letters) != SECRET + PARENT or any(letter not in CROCKFORD for letter in letters):
        raise NotACode(text)
    return "-".join(letters[n : n + GROUP] for n in range(0, len(letters), GROUP))


def is_of(code: str, public_key: bytes) -> bool:
    """Whether the node with this key gave the code, as far as its letters tell. Raises `NotACode`."""
    return read(code).replace("-", "")[SECRET:] == _of_parent(public_key)


def digest(code: str) -> str:
    """By what a code is kept and found, in hex; slow on purpose. Raises `NotACode`."""
    return pbkdf2_hmac("sha256", read(code).encode(), PURPOSE, ROUNDS).hex()


def _of_parent(public_key: bytes) -> str:
    number = int.from_bytes(sha256(public_key).digest()[:5])
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(PARENT)))
