"""A node's signature under the end of each batch of its own lines that it gives out: that it cannot deny."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from haicap.journal.batch import Batch, Head
from haicap.nodes.exchange.records import Vouched

PURPOSE = b"haicap head 1\n"


def vouch(head: Head, key: Ed25519PrivateKey) -> Vouched:
    """The head under the signature of the node whose line it is."""
    bare = Vouched(head.description.id(), head.seq, head.hash, b"")
    return Vouched(bare.stream, bare.seq, bare.hash, key.sign(_said(bare)))


def vouched(batch: Batch) -> Vouched | None:
    """What came with a batch; None where no signature did."""
    if batch.signature is None:
        return None
    return Vouched(batch.description.id(), batch.end, batch.hash, batch.signature)


def genuine(vouched: Vouched, public: bytes) -> bool:
    """Whether the holder of this Ed25519 key (32 bytes) has signed it."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(vouched.signature, _said(vouched))
    except InvalidSignature:
        return False
    return True


def _said(vouched: Vouched) -> bytes:
    return PURPOSE + vouched.stream.bytes + vouched.seq.to_bytes(8, "big") + vouched.hash
