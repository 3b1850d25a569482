"""The first person of the day looks at the date before anything is recorded; nothing typed is lost on the way."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haicap.journal.ids import uuid7
from haicap.matters.models import MatterRow
from haicap.nodes import confirming, header
from haicap.nodes.line.models import DaySaid
from haicap.units.rights import tell_database
from nodes.lines_at_hand import contact, now, parent
from pages import browser, html, person

pytestmark = pytest.mark.django_db
FORM = "/matters/new/difficulty/"
BANNER = "Chưa ai xác nhận ngày giờ"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    header.forget()
    yield
    header.forget()


def typed() -> dict[str, str]:
    return {
        "entry_id": str(uuid7()), "title": "Máy in hỏng", "kind": "equipment", "what": "Kẹt giấy", "by": "unit",
        "unit": "11311", "received": f"{(now() + timedelta(hours=7)):%Y-%m-%dT%H:%M}",
    }  # fmt: skip


def matters() -> int:
    tell_database(person("clerk"))
    return MatterRow.objects.filter(title="Máy in hỏng").count()


def hidden(page: str) -> dict[str, str]:
    """The fields of the form that goes on, with its first button."""
    form = re.search(r'<form method="post" action="/matters/.*?</form>', page, re.S)
    assert form is not None
    pairs = re.findall(r'name="([^"]+)" value="([^"]*)"', form[0])
    return {unescape(name): unescape(value) for name, value in reversed(pairs)}


@pytest.fixture
def clerk() -> Client:
    parent()
    contact(good=now() - timedelta(days=3), bad=now() - timedelta(days=3), tried=now())
    return browser("clerk")


def test_what_was_sent_is_recorded_once_the_date_is_confirmed_and_nothing_typed_is_lost(
    clerk: Client,
) -> None:
    assert BANNER in html(clerk, "/matters/")
    sent = typed()
    answer = clerk.post(FORM, sent)
    assert (answer.status_code, matters()) == (409, 0)
    assert answer.headers["Cache-Control"] == "no-store"
    assert clerk.post(FORM, hidden(answer.content.decode())).status_code == 302
    assert matters() == 1
    row = DaySaid.objects.get()
    assert (row.person, row.right) == (person("clerk").id, True)
    assert BANNER not in html(clerk, "/matters/")
    assert clerk.post(FORM, sent).status_code == 302  # the same form sent twice
    assert matters() == 1
    assert clerk.post(FORM, typed()).status_code == 302  # nobody is asked a second time
    assert matters() == 2


def test_who_says_that_it_is_wrong_records_nothing_and_is_told_what_to_do(clerk: Client) -> None:
    told = clerk.post("/line/day/", {"answer": "wrong", "next": "/matters/"}).content.decode()
    assert "múi giờ Hà Nội" in told
    assert clerk.post(FORM, typed()).status_code == 409
    assert browser("chief").post(FORM, typed()).status_code == 409
    assert matters() == 0
    answer = clerk.post("/line/day/", {"answer": confirming.value(now()), "next": "/matters/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/matters/")
    assert clerk.post(FORM, typed()).status_code == 302


def test_who_finds_it_wrong_while_sending_sends_the_same_once_it_is_right(clerk: Client) -> None:
    page = clerk.post(FORM, typed()).content.decode()
    answer = clerk.post(FORM, hidden(page) | {confirming.FIELD: "wrong"})
    assert (answer.status_code, matters()) == (409, 0)
    assert "múi giờ Hà Nội" in answer.content.decode()
    assert not DaySaid.objects.get().right
    sent = hidden(answer.content.decode()) | {confirming.FIELD: confirming.value(now())}
    assert clerk.post(FORM, sent).status_code == 302
    assert matters() == 1


def test_a_page_of_another_day_confirms_nothing(clerk: Client) -> None:
    yesterday = confirming.value(now() - timedelta(days=1))
    assert clerk.post(FORM, typed() | {confirming.FIELD: yesterday}).status_code == 409
    assert not DaySaid.objects.exists()


def test_a_clock_set_back_after_it_was_confirmed_is_asked_about_again(clerk: Client) -> None:
    line = header.Line("Tỉnh", True, None, now(), 0, None, None, None)
    DaySaid(day=now() + timedelta(hours=7), person=uuid7(), at=now() + timedelta(hours=4), right=True).save()
    assert confirming.open_question(line, now())


def test_onward_leads_nowhere_else(clerk: Client) -> None:
    answer = clerk.post("/line/day/", {"answer": confirming.value(now()), "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_file_is_to_be_chosen_again(clerk: Client) -> None:
    answer = clerk.post(FORM, typed() | {"file": SimpleUploadedFile("a.txt", b"a")})
    assert "Tệp kèm theo phải chọn lại" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/matters/drafts/", "/language/setlang/", "/keys", "/account/logout/", "/matters/place/",
        "/matters/new/difficulty/alike/", "/matters/new/crime-report/emergency/",
    ],
)  # fmt: skip
def test_what_records_nothing_goes_on(clerk: Client, address: str) -> None:
    assert clerk.post(address, {}).status_code != 409


@pytest.mark.parametrize(
    ("hours", "skew", "asks"),
    [
        (1, 12.0, False),
        (1, -299.0, False),
        (1, 301.0, True),
        (25, 0.0, True),
        (-5, 0.0, True),
        (1, None, True),
    ],
)
def test_a_contact_of_the_last_day_that_found_the_clock_right_spares_the_question(
    hours: int, skew: float | None, asks: bool
) -> None:
    parent()
    contact(good=now() - timedelta(hours=hours), skew=skew)
    assert (browser("clerk").post(FORM, typed()).status_code == 409) is asks


def test_nobody_is_asked_on_a_node_without_a_parent() -> None:
    assert browser("clerk").post(FORM, typed()).status_code == 302
    assert BANNER not in html(browser("clerk"), "/matters/")


def test_the_page_says_date_weekday_and_time_in_both_languages(clerk: Client) -> None:
    page = html(clerk, "/line/day/")
    assert re.search(r"(Thứ|Chủ) .*, ngày \d+ tháng \d+ năm 20\d\d", page)
    clerk.cookies["django_language"] = "en"
    assert re.search(r"[A-Z][a-z]+day, \d+ [A-Z][a-z]+ 20\d\d", html(clerk, "/line/day/"))
