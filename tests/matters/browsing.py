"""A browser of somebody of the cast: the whole request, middleware and all, in one rolled-back transaction."""

import re
from typing import Any

from django.contrib.auth.models import User
from django.test import Client


def browser(account: str, lang: str = "vi") -> Client:
    """A client signed in as `account`."""
    user, _made = User.objects.get_or_create(username=account)
    client = Client(headers={"accept-language": lang})
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = lang
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def hidden(response: Any, name: str) -> str:
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text_of(response))
    assert found, f"no hidden field {name}"
    return found[1]
