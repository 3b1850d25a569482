"""Today: what stands first, for whom, and that every figure is the length of its list."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters import drafts
from haicap.units.sign_in import today
from pages import BACKEND, asked, browser, crime_report, difficulty, html, in_days, person, referred

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


@pytest.fixture(autouse=True)
def whole(frame: None, settings: Any) -> None:
    """All addresses of the installation, not those of the frame alone."""
    settings.ROOT_URLCONF = "haicap.config.urls"


def test_what_is_overdue_stands_first_and_is_not_hidden() -> None:
    difficulty("Hạn còn xa", days_ago=1)
    difficulty("Quá hạn lâu", days_ago=60)
    difficulty("Quá hạn", days_ago=30)
    context = browser("logistics").get("/").context
    assert [line.title for line in context["mine"]] == ["Quá hạn lâu", "Quá hạn", "Hạn còn xa"]
    assert context["found"]["overdue"].n == 2


@pytest.mark.parametrize("account", ["clerk", "logistics", "director", "auditor"])
def test_every_figure_is_the_length_of_its_list(account: str) -> None:
    crime_report("Tin báo cũ", days_ago=9)
    difficulty("Trụ sở dột", days_ago=30)
    referred(difficulty("Thiếu đất", days_ago=70), due=in_days(-50), days_ago=60)
    client = browser(account)
    context = client.get("/").context
    shown = [*context["figures"], *context["wide"]]
    assert shown
    for number, text, url, _kind in shown:
        assert client.get(url).context["page"].paginator.count == number, text


def test_a_row_carries_its_next_step() -> None:
    subject = crime_report("Mất xe tại chợ Sắt")
    page = html(browser("clerk"), "/")
    assert f'href="/matters/id/{subject}/step/record-receipt/"' in page
    assert f'href="/matters/id/{subject}/"' in page


def test_a_third_party_stands_apart_and_is_not_the_unit_s_lateness() -> None:
    referred(difficulty("Thiếu đất", days_ago=2), due=in_days(-1), days_ago=1)
    context = browser("logistics").get("/").context
    assert [line.title for line in context["third"]] == ["Thiếu đất"]
    assert context["found"]["overdue"].n == 0


@pytest.mark.parametrize(
    ("account", "primary"),
    [
        ("clerk", "/matters/new/crime-report/"),
        ("logistics", "/matters/new/difficulty/"),
        ("director", "/board/"),
        ("crime_head", "/board/"),
    ],
)
def test_the_commonest_act_of_a_post_is_the_primary_button(account: str, primary: str) -> None:
    client = browser(account)
    page = html(client, "/")
    assert f'class="button primary" href="{primary}"' in page
    assert client.get(primary).status_code in (200, 302)


def test_those_who_see_the_province_see_its_figures_instead_of_empty_ones() -> None:
    difficulty("Trụ sở dột", days_ago=60)
    context = browser("director").get("/").context
    assert context["figures"] == []
    assert [number for number, *_rest in context["wide"]][:2] == [1, 1]
    assert browser("clerk").get("/").context["wide"] == []


@pytest.mark.parametrize("account", ["operator", "auditor"])
def test_those_who_run_and_audit_see_the_journal_and_documents(account: str) -> None:
    page = html(browser(account), "/")
    for said in ("Lần kiểm tra gần nhất", "Văn bản mới nhất", "Chứng thực"):
        assert said in page
    assert "Việc của tôi" not in page


def test_what_nobody_is_competent_for_is_the_province_s_to_assign() -> None:
    subject = difficulty("Không rõ của ai")
    _without_holder(subject)
    assert [line.title for line in browser("director").get("/").context["nobody"]] == ["Không rõ của ai"]
    context = browser("clerk").get("/").context
    assert context["nobody"] == []
    assert (1, "Chưa rõ thẩm quyền") in [(number, text) for number, text, *_rest in context["figures"]]


def _without_holder(subject: Any) -> None:
    with writing(person("clerk"), at=datetime.now(UTC)), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matters_matterrow SET holder = NULL, state = jsonb_set(state, '{holder}', 'null') WHERE id = %s",
            [subject],
        )


def test_drafts_wait_for_their_author() -> None:
    drafts.save(
        person("clerk"), entry_id=uuid7(), subject=uuid7(), procedure="difficulty", act=drafts.RAISE,
        answers={"title": "Nháp"}, at=datetime.now(UTC),
    )  # fmt: skip
    found = browser("clerk").get("/").context["drafts"]
    assert [(draft["title"], draft["what"]) for draft in found] == [("Nháp", "tiếp nhận mới")]
    assert browser("clerk").get(found[0]["url"]).status_code == 200
    assert browser("chief").get("/").context["drafts"] == []


def test_the_date_is_said_in_both_languages() -> None:
    client = browser("clerk")
    assert f"{today():%d/%m/%Y}</h1>" in html(client, "/")
    client.cookies["django_language"] = "en"
    page = html(client, "/")
    assert "<h1>Today, " in page
    assert "Take a crime report" in page


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    client = browser("clerk")
    difficulty("Một")
    crime_report("Hai")
    few = asked(client, "/")
    for number in range(5):
        crime_report(f"Thêm {number}")
    assert asked(client, "/") == few <= 12
    assert asked(browser("director"), "/") <= 12


def test_an_account_without_a_post_is_told_so() -> None:
    client = Client()
    client.force_login(User.objects.create_user("nobody"), BACKEND)
    html(client, "/", 403)
    assert Client().get("/").status_code == 302
    assert WARD in person("clerk").units
