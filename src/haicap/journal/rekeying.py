"""This node changes its keys: new ones are made, the earlier are kept as long as they are needed (`journal.md` 15).

All of it lies in `node.json`. `before`: public halves of earlier signing keys, each with the statement, signed by it,
that names the next one: whoever believes an earlier key follows them. `unheard`: private signing keys that the parent
may still believe, oldest first. `identities`: earlier age identities, for what was sealed to them and is on its way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connections, transaction
from pyrage import x25519

from haicap.journal.checkpoint import FIRST, TURN
from haicap.journal.incarnations import begin_incarnation
from haicap.journal.models import Checkpoint, Node
from haicap.journal.node import Own, alone, file_of_keys, keys, public_key, rewrite
from haicap.journal.text import canonical

PURPOSE = b"haicap key 1\n"
OPENS = timedelta(
    days=35
)  # how long an earlier age identity opens what comes late; as long as a key file is kept


@dataclass(frozen=True, slots=True)
class Renewed:
    """The keys that follow on `before` (Ed25519, 32 bytes), said under its signature."""

    before: bytes
    public_key: bytes
    recipient: str  # age
    signature: bytes

    def genuine(self, node: UUID) -> bool:
        """Whether the holder of the key before has said so of this node."""
        try:
            said = _said(node, self.public_key, self.recipient)
            Ed25519PublicKey.from_public_bytes(self.before).verify(self.signature, said)
        except InvalidSignature:
            return False
        return True


def renewed(node: UUID, before: Ed25519PrivateKey, public: bytes, recipient: str) -> Renewed:
    """The statement by which others follow a node from one signing key to the next."""
    signature = before.sign(_said(node, public, recipient))
    return Renewed(before.public_key().public_bytes_raw(), public, recipient, signature)


def _said(node: UUID, public: bytes, recipient: str) -> bytes:
    its = {"node": str(node), "public_key": public.hex(), "recipient": recipient}
    return PURPOSE + canonical(its)


def rekey(*, at: datetime, below: bool, using: str = "owner") -> Own:
    """Make new keys and begin a new incarnation under them; a change that was cut off is finished instead.

    The keys are on the disk before the database names them: cut off between, the row has the earlier key, and the
    next call, or the next contact, begins the incarnation. `below`: there is a parent, which believes the earlier
    signing key until it has been told. `at` is aware. Raises `Node.DoesNotExist` before `become`.
    """
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s)", [TURN]
            )  # no checkpoint under either key meanwhile
        node = Node.objects.using(using).get(ours=True)
        if not cut_off(using):
            newest = Checkpoint.objects.using(using).order_by("-id").first()
            _make(node.id, newest.id if newest else FIRST, at, below=below)
        return begin_incarnation("key", at=at, using=using)


def cut_off(using: str = "owner") -> bool:
    """Whether the keys were changed, and the incarnation under them has not begun."""
    return bytes(Node.objects.using(using).get(ours=True).public_key) != public_key()


def _make(node: UUID, until: UUID, at: datetime, *, below: bool) -> None:
    signing, receiving = Ed25519PrivateKey.generate(), x25519.Identity.generate()
    with alone():
        mine, kept = keys(), file_of_keys()
        public, recipient = signing.public_key().public_bytes_raw(), str(receiving.to_public())
        its = renewed(node, mine.signing, public, recipient)
        line = {
            "public_key": its.before.hex(), "until": str(until),
            "next": {"public_key": public.hex(), "recipient": recipient, "signature": its.signature.hex()},
        }  # fmt: skip
        identity = {"receiving": str(mine.receiving), "until": (at + OPENS).isoformat()}
        rewrite({
            **kept, "signing": signing.private_bytes_raw().hex(), "receiving": str(receiving),
            "before": [*kept.get("before", []), line],
            "unheard": [*kept.get("unheard", []), mine.signing.private_bytes_raw().hex()] if below else [],
            "identities": [*_open(kept, at), identity],
        })  # fmt: skip


def _open(kept: Mapping[str, Any], at: datetime) -> list[dict[str, str]]:
    return [it for it in kept.get("identities", []) if datetime.fromisoformat(it["until"]) > at]


def unheard() -> tuple[Ed25519PrivateKey, ...]:
    """Signing keys given up that the parent may still believe, oldest first."""
    kept = file_of_keys().get("unheard", [])
    return tuple(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(it)) for it in kept)


def renewals() -> tuple[Renewed, ...]:
    """What leads from each earlier signing key to the next, oldest first."""
    return tuple(
        Renewed(bytes.fromhex(it["public_key"]), bytes.fromhex(its["public_key"]), its["recipient"],
                bytes.fromhex(its["signature"]))
        for it in file_of_keys().get("before", []) if (its := it.get("next"))
    )  # fmt: skip


def heard(public: bytes, *, at: datetime) -> None:
    """The parent believes this signing key: if it is still the present one, earlier private ones are destroyed.

    Earlier age identities go when their time is over. `at` is aware.
    """
    if not file_of_keys().keys() & {"unheard", "identities"}:
        return  # no key was ever changed
    with alone():
        kept = file_of_keys()
        left: list[str] = kept.get("unheard", []) if public != public_key() else []
        opens = _open(kept, at)
        if (left, opens) != (kept.get("unheard", []), kept.get("identities", [])):
            rewrite({**kept, "unheard": left, "identities": opens})
