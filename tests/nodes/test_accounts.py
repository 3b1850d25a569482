"""Second factors travel with the sign-ins: whoever signs in above with two factors does so on the unit's own node."""

import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pyrage import decrypt, encrypt, x25519

from cast import WARD
from haicap.journal.models import Entry
from haicap.nodes import accounts
from haicap.nodes.models import Password, Secured
from nodes import world

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
DAY = datetime.now(UTC).date()
IDENTITY = x25519.Identity.generate()


@pytest.fixture
def user() -> Iterator[User]:
    """The clerk of the ward, with a password, an app that makes codes, and recovery codes."""
    world.parent()
    user = User.objects.create(username="clerk", password=make_password("mật khẩu"))
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    cache.clear()  # a code is used once, by whomever
    yield user
    cache.clear()


def told() -> dict[str, Any]:
    """What the parent answers."""
    clear = accounts._written(accounts.accounts_of([WARD], DAY, "default"))
    return {"digest": "", "accounts": b64encode(encrypt(clear, [IDENTITY.to_public()])).decode()}


def elsewhere() -> None:
    """From here on this installation is the unit's own, to which nothing has come."""
    Authenticator.objects.all().delete()
    User.objects.update(username="moved")
    Password.objects.all().delete()
    Secured.objects.all().delete()
    cache.clear()


def takes(its: dict[str, Any]) -> int:
    return accounts.take(its, IDENTITY, "default")


def now_code(username: str = "clerk") -> str:
    data = Authenticator.objects.get(user__username=username, type="totp").data
    return format_hotp_value(hotp_value(data["secret"], int(time.time()) // 30))


def signs_in(code: str) -> bool:
    client = Client()
    there = client.post("/account/login/", {"login": "clerk", "password": "mật khẩu"})
    assert there["Location"].startswith("/account/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    client.post(there["Location"], {"code": code})
    return "_auth_user_id" in client.session


def test_the_same_app_and_the_same_recovery_codes_sign_in_there(user: User) -> None:
    its, codes = told(), RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    elsewhere()
    assert takes(its) == 1
    assert not signs_in("000000" if now_code() != "000000" else "111111")
    assert signs_in(now_code())
    assert signs_in(codes[3])
    assert not signs_in(codes[3])
    assert takes(its) == 0  # a code that was used stays so
    assert not signs_in(codes[3])


def test_a_code_used_above_is_used_there_too(user: User) -> None:
    its = told()
    above = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    codes = above.get_unused_codes()
    assert above.validate_code(codes[0])
    later = told()
    elsewhere()
    takes(its)
    here = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert here.validate_code(codes[1])
    assert takes(later) == 1
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes[2:]


def test_what_was_set_up_later_on_the_node_stays(user: User) -> None:
    its = told()
    Authenticator.objects.filter(type="totp").delete()
    TOTP.activate(user, generate_totp_secret())
    mine = Authenticator.objects.get(type="totp").data
    assert takes(its) == 0
    assert Authenticator.objects.get(type="totp").data == mine
    Secured.objects.update(changed=datetime.now(UTC) - timedelta(days=9))
    assert takes(its) == 1
    assert Authenticator.objects.get(type="totp").data != mine


def test_one_that_was_given_up_above_is_given_up_there(user: User) -> None:
    its = told()
    Authenticator.objects.all().delete()
    without = told()
    elsewhere()
    takes(its)
    assert Authenticator.objects.count() == 2
    assert takes(without) == 1
    assert not Authenticator.objects.exists()


def test_whoever_never_had_one_above_keeps_what_is_set_up_there() -> None:
    world.parent()
    User.objects.create(username="clerk", password="x")
    its = told()
    TOTP.activate(User.objects.get(), generate_totp_secret())
    assert takes(its) == 0
    assert Authenticator.objects.count() == 1


def test_nothing_secret_travels_in_clear_or_into_the_journal(user: User) -> None:
    its = told()
    secret = Authenticator.objects.get(type="totp").data["secret"]
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    sealed = b64decode(its["accounts"])
    for hidden in (secret, seed, user.password):
        assert hidden.encode() not in sealed
        assert hidden.encode() in decrypt(sealed, [IDENTITY])
    before = Entry.objects.using("owner").count()
    elsewhere()
    takes(its)
    assert Entry.objects.using("owner").count() == before


def test_an_older_parent_that_says_nothing_of_them_changes_nothing(user: User) -> None:
    (it,) = accounts._read(b'[["clerk","hash","2020-01-01T00:00:00.000000Z",true]]')
    assert (it.secured, it.factors) == (None, ())
    (it,) = accounts._read(
        b'[["clerk","hash","2020-01-01T00:00:00.000000Z",true,"2020-01-01T00:00:00.000000Z",[],"more"]]'
    )
    assert it.secured == datetime(2020, 1, 1, tzinfo=UTC)


def test_using_and_showing_recovery_codes_is_no_change(user: User) -> None:
    since = Secured.objects.get().changed
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert codes.validate_code(codes.get_unused_codes()[0])
    codes.mark_as_viewed()
    assert Secured.objects.get().changed == since
    Authenticator.objects.filter(type="totp").delete()
    assert Secured.objects.get().changed > since
