"""Sign-ins for a unit's own people on its own node, so that they can sign in while the line is down.

The parent sends name and password hash of those who hold posts there, encrypted to the node (age). A password that was
changed later on the node than at the parent stays. Second factors stay where they were set up.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from pyrage import DecryptError, RecipientError, decrypt, encrypt, x25519

from haicap.journal.entry import instant
from haicap.journal.node import keys
from haicap.nodes.calls import Call, Wrong, asked, said
from haicap.nodes.models import Password, Peer
from haicap.nodes.speaking import Talk
from haicap.nodes.wire import Down, Response
from haicap.units.models import Bearer, OfficerRow
from haicap.units.sign_in import PEOPLE

PATH = "/sync/accounts"


class Unreadable(ValueError):
    """What came as accounts is none, or not for this node."""


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in: its name, Django's password hash, when that was changed (aware), and whether it may be used."""

    username: str
    password: str
    changed: datetime
    active: bool


def accounts_of(units: Iterable[str], day: date, using: str = "worker") -> list[Account]:
    """The sign-ins of all who hold or will hold a post in these units from `day` on, by name."""
    bearers = Bearer.objects.using(using).filter(Q(until=None) | Q(until__gt=day), unit__in=sorted(units))
    people = OfficerRow.objects.using(using).filter(pk__in=bearers.exclude(person=None).values("person"))
    names = list(people.values_list("account", flat=True))
    changed = dict(
        Password.objects.using(using).filter(username__in=names).values_list("username", "changed")
    )
    users = User.objects.using(using).filter(username__in=names).order_by("username")
    return [
        Account(user.username, user.password, changed.get(user.username, user.date_joined), user.is_active)
        for user in users
    ]


def serve(call: Call, using: str = "worker") -> Response:
    """Answer `POST /sync/accounts` {"have": digest} with {"digest", "accounts"}: base64, encrypted to the node by age.

    One that has these already is sent none. Raises `Wrong`.
    """
    day = call.shelf.now().astimezone(PEOPLE).date()
    clear = _written(accounts_of(call.member.units, day, using))
    digest = sha256(clear).hexdigest()
    if asked(call.request).get("have") == digest:
        return said({"digest": digest})
    try:
        sealed = encrypt(clear, [x25519.Recipient.from_str(call.member.recipient)])
    except RecipientError as error:
        raise Wrong("format", "recipient") from error
    return said({"digest": digest, "accounts": b64encode(sealed).decode()})


def fetch(talk: Talk, using: str = "worker") -> int:
    """Bring the sign-ins of this node's people from its parent; how many are new or have another password now.

    Raises `Refusal`, `Down`.
    """
    parent = Peer.objects.using(using).first()
    answer = talk.say(PATH, {"have": parent.accounts if parent else ""})
    try:
        return take(answer, keys().receiving, using)
    except Unreadable as error:
        raise Down("format", "accounts") from error


def take(told: dict[str, Any], identity: x25519.Identity, using: str = "worker") -> int:
    """Keep what a parent answered; returns how many sign-ins are new here or have another password now.

    Raises `Unreadable`; then nothing is kept.
    """
    if "accounts" not in told:
        return 0
    try:
        clear = decrypt(b64decode(told["accounts"], validate=True), [identity])
        its = _read(clear)
    except (DecryptError, ValueError, KeyError, TypeError) as error:
        raise Unreadable("accounts") from error
    with transaction.atomic(using=using):
        kept = sum(_kept(account, using) for account in its)
        Peer.objects.using(using).update(accounts=sha256(clear).hexdigest())
    return kept


def _kept(its: Account, using: str) -> bool:
    user = User.objects.using(using).select_for_update().filter(username=its.username).first()
    here = Password.objects.using(using).filter(username=its.username).first()
    if user is not None and here is not None and here.changed >= its.changed:
        return bool(
            User.objects.using(using)
            .filter(pk=user.pk)
            .exclude(is_active=its.active)
            .update(is_active=its.active)
        )
    user = user or User(username=its.username)
    user.password, user.is_active = its.password, its.active
    user.save(using=using)
    Password.objects.using(using).filter(username=its.username).update(
        changed=its.changed
    )  # not when it came
    return True


def _written(its: Iterable[Account]) -> bytes:
    rows = [[it.username, it.password, instant(it.changed), it.active] for it in its]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _read(clear: bytes) -> list[Account]:
    rows = json.loads(clear)
    return [
        Account(str(name), str(password), datetime.fromisoformat(changed).astimezone(UTC), active is True)
        for name, password, changed, active in rows
    ]
