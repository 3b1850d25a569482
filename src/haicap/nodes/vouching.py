"""A node's signature under the end of each batch of its own lines that it gives out: that it cannot deny."""

import re
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from haicap.journal.intake import Head
from haicap.nodes.shelf import Vouched

HEADER = "haicap-vouched"
FORM = re.compile(r"([0-9]{1,15}):([0-9a-f]{64}):([0-9a-f]{128})")
PURPOSE = b"haicap head 1\n"


def vouch(head: Head, key: Ed25519PrivateKey) -> Vouched:
    """The head under the signature of the node whose line it is."""
    bare = Vouched(head.description.id(), head.seq, head.hash, b"")
    return Vouched(bare.stream, bare.seq, bare.hash, key.sign(_said(bare)))


def genuine(vouched: Vouched, public: bytes) -> bool:
    """Whether the holder of this Ed25519 key (32 bytes) has signed it."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(vouched.signature, _said(vouched))
    except InvalidSignature:
        return False
    return True


def _said(vouched: Vouched) -> bytes:
    return PURPOSE + vouched.stream.bytes + vouched.seq.to_bytes(8, "big") + vouched.hash


def text(vouched: Vouched) -> str:
    """The header in which it travels."""
    return f"{vouched.seq}:{vouched.hash.hex()}:{vouched.signature.hex()}"


def read(stream: UUID, header: str) -> Vouched | None:
    """The signature in a header; None where it has not the form."""
    found = FORM.fullmatch(header)
    if found is None:
        return None
    return Vouched(stream, int(found[1]), bytes.fromhex(found[2]), bytes.fromhex(found[3]))
