"""Sign-ins for a unit's own people on its own node, so that they can sign in while the line is down.

The parent sends name, password hash and second factors of those who hold posts there, encrypted to the node (age).
What was changed later on the node than at the parent stays. A recovery code that was used at the parent is used here,
too; one used here is not at the parent. A passkey belongs to the address at which it was made: elsewhere its holder
signs in with a recovery code.
"""

import json
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from pyrage import DecryptError, RecipientError, decrypt, encrypt, x25519

from haicap.journal.entry import instant
from haicap.journal.node import keys
from haicap.nodes.exchange.calls import Call, Wrong, asked, said
from haicap.nodes.exchange.speaking import Talk
from haicap.nodes.exchange.wire import Down, Response
from haicap.nodes.models import Password, Peer, Secured
from haicap.units.models import Bearer, OfficerRow
from haicap.units.sign_in import PEOPLE

PATH = "/sync/accounts"


class Unreadable(ValueError):
    """What came as accounts is none, or not for this node."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor as allauth keeps it: `totp`, `webauthn` or `recovery_codes`, its secrets, when it was made."""

    type: str
    data: dict[str, Any]
    made: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in: its name, Django's password hash, when that was changed (aware), and whether it may be used.

    `secured` is when its second factors were last changed (aware); None where nobody ever set one up.
    """

    username: str
    password: str
    changed: datetime
    active: bool
    secured: datetime | None = None
    factors: tuple[Factor, ...] = ()


def accounts_of(units: Iterable[str], day: date, using: str = "worker") -> list[Account]:
    """The sign-ins of all who hold or will hold a post in these units from `day` on, by name."""
    bearers = Bearer.objects.using(using).filter(Q(until=None) | Q(until__gt=day), unit__in=sorted(units))
    people = OfficerRow.objects.using(using).filter(pk__in=bearers.exclude(person=None).values("person"))
    names = list(people.values_list("account", flat=True))
    changed = dict(
        Password.objects.using(using).filter(username__in=names).values_list("username", "changed")
    )
    secured = dict(Secured.objects.using(using).filter(username__in=names).values_list("username", "changed"))
    factors = _factors(names, using)
    users = User.objects.using(using).filter(username__in=names).order_by("username")
    return [
        Account(
            user.username, user.password, changed.get(user.username, user.date_joined), user.is_active,
            secured.get(user.username), tuple(factors[user.username]),
        )
        for user in users
    ]  # fmt: skip


def _factors(names: Iterable[str], using: str) -> dict[str, list[Factor]]:
    found: dict[str, list[Factor]] = defaultdict(list)
    rows = Authenticator.objects.using(using).filter(user__username__in=names).select_related("user")
    for row in rows.order_by("id"):
        found[row.user.username].append(Factor(row.type, row.data, row.created_at))
    return found


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
    """Bring the sign-ins of this node's people from its parent; how many are new or changed.

    Raises `Refusal`, `Down`.
    """
    parent = Peer.objects.using(using).first()
    answer = talk.say(PATH, {"have": parent.accounts if parent else ""})
    try:
        return take(answer, keys().receiving, using)
    except Unreadable as error:
        raise Down("format", "accounts") from error


def take(told: dict[str, Any], identity: x25519.Identity, using: str = "worker") -> int:
    """Keep what a parent answered; returns how many sign-ins are new here or changed.

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
    if user is None or here is None or here.changed < its.changed:
        user = user or User(username=its.username)
        user.password, user.is_active = its.password, its.active
        user.save(using=using)
        Password.objects.using(using).filter(username=its.username).update(
            changed=its.changed
        )  # not when it came
        moved = True
    else:
        others = User.objects.using(using).filter(pk=user.pk).exclude(is_active=its.active)
        moved = bool(others.update(is_active=its.active))
    return _secure(user, its, using) or moved


def _secure(user: User, its: Account, using: str) -> bool:
    """Give the account here the second factors that it has at the parent, unless they were changed here since."""
    here = Secured.objects.using(using).filter(username=its.username).first()
    if its.secured is None or (here is not None and here.changed > its.secured):
        return False
    rows = Authenticator.objects.using(using).filter(user=user)
    if here is not None and here.changed == its.secured:
        return any(_use_up(row, its.factors) for row in rows.filter(type="recovery_codes"))
    rows.delete()
    for factor in its.factors:
        Authenticator(user=user, type=factor.type, data=factor.data, created_at=factor.made).save(using=using)
    Secured.objects.using(using).update_or_create(username=its.username, defaults={"changed": its.secured})
    return True


def _use_up(row: Authenticator, factors: Iterable[Factor]) -> bool:
    """Take the recovery codes that were used at the parent as used here; whether any was not."""
    used = int(row.data.get("used_mask", 0))
    there = next((int(it.data.get("used_mask", 0)) for it in factors if it.type == row.type), 0)
    if used | there == used:
        return False
    row.data["used_mask"] = used | there
    row.save(update_fields=["data"])
    return True


def _written(its: Iterable[Account]) -> bytes:
    rows = [
        [it.username, it.password, instant(it.changed), it.active, instant(it.secured) if it.secured else None,
         [[factor.type, factor.data, instant(factor.made)] for factor in it.factors]]
        for it in its
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _read(clear: bytes) -> list[Account]:
    return [_account(*row) for row in json.loads(clear)]


def _account(
    name: str, password: str, changed: str, active: bool, secured: str | None = None, factors: Any = (),
    *_more: Any,
) -> Account:  # fmt: skip
    """A row as it came; a newer parent may say more."""
    its = tuple(Factor(str(sort), dict(data), _time(made)) for sort, data, made in factors)
    return Account(
        str(name), str(password), _time(changed), active is True, _time(secured) if secured else None, its
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
