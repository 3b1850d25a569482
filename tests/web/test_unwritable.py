"""What no entry may hold comes back to be put right, and nothing that was typed is lost."""

import re
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest

from haicap.journal import kinds, pen
from haicap.journal.ids import uuid7
from haicap.matters.models import MatterRow
from haicap.units.rights import tell_database
from pages import browser, person

pytestmark = pytest.mark.django_db
FORM = "/matters/new/difficulty/"
FIELD = re.compile(
    r'''type="(hidden|text)" name="(?P<one>[^"]+)" value="(?P<value>[^"]*)"'''
    r"""|<textarea name="(?P<other>[^"]+)" rows="16">(?P<text>[^<]*)"""
)


@pytest.fixture
def typed(settings: Any) -> dict[str, str]:
    settings.ROOT_URLCONF = "haicap.config.urls"
    return {
        "entry_id": str(uuid7()), "title": "Máy in hỏng", "kind": "equipment", "what": "Kẹt <giấy>" * 400,
        "by": "unit", "unit": "11311", "received": "2026-01-05T08:00",
    }  # fmt: skip


def fields(page: str) -> dict[str, str]:
    """What the form in the page sends, but for what stands in the forms of the frame."""
    found = FIELD.finditer(page)
    its = {it["one"] or it["other"]: unescape(it["value"] or it["text"] or "") for it in found}
    return {name: value for name, value in its.items() if name not in ("csrfmiddlewaretoken", "next", "q")}


def recorded() -> int:
    tell_database(person("clerk"))
    return MatterRow.objects.filter(title="Máy in hỏng").count()


def test_what_is_too_long_is_shortened_and_recorded(typed: dict[str, str]) -> None:
    clerk = browser("clerk")
    with patch.object(pen, "LARGEST", 2000):
        answer = clerk.post(FORM, typed)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (413, "no-store")
        page = answer.content.decode()
        assert "Nội dung quá dài" in page
        assert '<textarea name="what"' in page
        assert fields(page) == typed
        assert clerk.post(FORM, fields(page) | {"what": "Kẹt giấy"}).status_code == 302
    assert recorded() == 1


def test_a_year_that_was_mistyped_is_put_right_and_recorded(typed: dict[str, str]) -> None:
    clerk = browser("clerk")
    with patch.object(kinds, "YEARS", range(2030, 2201)):
        answer = clerk.post(FORM, typed)
        assert (answer.status_code, recorded()) == (422, 0)
    page = answer.content.decode()
    assert "gõ nhầm năm" in page
    assert 'type="text" name="received"' in page
    assert fields(page) == typed
    assert clerk.post(FORM, fields(page)).status_code == 302
    assert recorded() == 1
