"""What is longer than an entry may be comes back to be shortened."""

import re
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest

from haicap.journal import pen
from haicap.journal.ids import uuid7
from haicap.matters.models import MatterRow
from haicap.units.rights import tell_database
from pages import browser, person

pytestmark = pytest.mark.django_db
FORM = "/matters/new/difficulty/"


def test_nothing_that_was_typed_is_lost_and_the_shortened_form_is_recorded(settings: Any) -> None:
    settings.ROOT_URLCONF = "haicap.config.urls"
    typed = {
        "entry_id": str(uuid7()), "title": "Máy in hỏng", "kind": "equipment", "what": "Kẹt <giấy> " * 400,
        "by": "unit", "unit": "11311", "received": "2026-01-05T08:00",
    }  # fmt: skip
    clerk = browser("clerk")
    with patch.object(pen, "LARGEST", 2000):
        answer = clerk.post(FORM, typed)
        page = answer.content.decode()
        again = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
        again |= dict(re.findall(r'<textarea name="([^"]+)" rows="16">([^<]*)', page))
        assert (answer.status_code, answer.headers["Cache-Control"]) == (413, "no-store")
        assert "Nội dung quá dài" in page
        for name in ("csrfmiddlewaretoken", "next"):  # of the frame's own forms
            again.pop(name, None)
        sent = {name: unescape(value) for name, value in again.items()}
        assert sent == typed
        assert clerk.post(FORM, sent | {"what": "Kẹt giấy"}).status_code == 302
    tell_database(person("clerk"))
    assert MatterRow.objects.filter(title="Máy in hỏng").count() == 1
