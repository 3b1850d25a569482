"""The tree of units, the page of one, and what an operator does there."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.test import Client

from cast import WARD, unit
from haicap.journal.entry import Entry
from haicap.journal.ids import uuid7
from haicap.journal.kinds import KINDS
from haicap.journal.models import Entry as Row
from haicap.units import queries, words
from haicap.units.finding import served
from haicap.units.models import PostRow, UnitRow
from haicap.units.rights import Scope, decide
from haicap.units.sign_in import today
from pages import asked, browser, difficulty, html, person
from samples import HISTORIES, NOON

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NEIGHBOUR = "11329"
SINCE = {"since": "2026-12-01", "act": "Nghị quyết 12/NQ-HĐND"}


def post_of(role: str) -> UUID:
    return PostRow.objects.get(unit=WARD, role=role).id


def sent(address: str, **given: Any) -> Any:
    """A form sent by the operator with the ids that were minted when it was shown."""
    client = browser("operator")
    form = client.get(address).context["form"]
    minted = {name: form.initial[name] for name in ("entry_id", "subject", "what") if form.initial.get(name)}
    return client.post(address, {**minted, **given})


def test_the_tree_says_the_counts_and_opens_a_province() -> None:
    client = browser("clerk")
    page = html(client, "/units/")
    assert "3.321" in page
    assert "3.319" in page
    assert "Công an phường Ngô Quyền" not in page
    assert "Công an phường Ngô Quyền" in html(client, "/units/?open=31")


@pytest.mark.parametrize("text", ["hong bang", "Hồng Bàng", "phường hồng bàng", WARD])
def test_a_unit_is_found_with_and_without_diacritics(text: str) -> None:
    assert WARD in [
        row.code for row, _province in browser("clerk").get("/units/", {"q": text}).context["found"]
    ]


def test_a_department_is_found_by_its_code() -> None:
    found = browser("clerk").get("/units/", {"q": "31-pc02"}).context["found"]
    assert [row.code for row, _province in found] == ["31-PC02"]


def test_an_old_address_leads_to_the_unit_of_today() -> None:
    response = browser("clerk").get("/units/", {"q": "phường Hạ Lý, quận Hồng Bàng"})
    assert [[row.code for row in it.units] for it in response.context["converted"]] == [[WARD]]
    assert "trước 01/07/2025, nay thuộc" in response.content.decode()


def test_an_old_address_follows_a_later_merging() -> None:
    sent(f"/units/{WARD}/merge/", into=NEIGHBOUR, write="1", **SINCE)
    found = served("phường Hạ Lý, quận Hồng Bàng")
    assert [row.code for it in found for row in it.units] == [NEIGHBOUR]


def test_the_page_of_a_unit_tells_what_it_is_and_was() -> None:
    page = html(browser("clerk"), f"/units/{WARD}/")
    for said in (
        "12,11 km²",
        "Quận Ngô Quyền",
        "một phần",
        "Cán bộ clerk",
        "Mô hình Công an 2 cấp",
        "Thành lập",
    ):
        assert said in page
    assert page.count('class="m4"') == 1  # its own ground on the map


def test_posts_are_for_the_unit_and_for_those_who_may_see_posts() -> None:
    address = f"/units/{WARD}/"
    assert "Cán bộ officer" in html(browser("auditor"), address)
    assert browser("neighbour").get(address).context["posts"] is None


def test_figures_of_a_unit_are_the_lengths_of_their_lists() -> None:
    difficulty("Trụ sở dột", days_ago=40)
    client = browser("director")
    for number, _text, url, _kind in client.get(f"/units/{WARD}/").context["figures"]:
        assert client.get(url).context["page"].paginator.count == number
    assert client.get(f"/units/{WARD}/").context["figures"][1][0] == 1  # overdue


def test_units_below_are_taken_away() -> None:
    client = browser("clerk")
    text = client.get("/units/31/?format=csv").content.decode()
    assert f"{WARD},Công an phường Hồng Bàng" in text
    assert text.count("\r\n") == 1 + 114 + UnitRow.objects.filter(parent="31", level="department").count()
    assert client.get("/units/31/?format=xlsx").content.startswith(b"PK")


@pytest.mark.parametrize(
    "address", ["/units/", "/units/?open=31", "/units/?q=an", f"/units/{WARD}/", "/units/31/"]
)
def test_pages_ask_few_queries(address: str) -> None:
    assert asked(browser("director"), address) <= 12


@pytest.mark.parametrize("account", ["clerk", "director", "auditor", "outsider"])
@pytest.mark.parametrize("name", ["rename", "merge", "open-post", "register"])
def test_others_do_not_find_what_an_operator_may_do(account: str, name: str) -> None:
    html(browser(account), f"/units/{WARD}/{name}/", 404)
    assert browser(account).get(f"/units/{WARD}/").context["acts"] == []


def test_an_operator_has_one_province() -> None:
    html(browser("operator"), "/units/00004/rename/", 404)
    html(browser("operator"), "/units/99999/", 404)
    html(browser("operator"), f"/units/{WARD}/no-such-act/", 404)


def test_renaming_sent_twice_is_written_once() -> None:
    client, address = browser("operator"), f"/units/{WARD}/rename/"
    entry = client.get(address).context["form"].initial["entry_id"]
    given = {
        "entry_id": entry,
        "name": "Công an phường Mới",
        "name_en": "New Ward Police",
        "write": "1",
        **SINCE,
    }
    assert client.post(address, given)["Location"] == f"/units/{WARD}/"
    assert client.post(address, given)["Location"] == f"/units/{WARD}/"
    assert [name.vi for name in unit(WARD, using="default").names] == [
        "Công an phường Hồng Bàng",
        "Công an phường Mới",
    ]
    page = html(client, f"/units/{WARD}/")
    assert "Việc này đã được ghi từ trước." in page
    assert "Công an phường Mới · từ 01/12/2026 · Nghị quyết 12/NQ-HĐND" in page


def test_a_form_that_lacks_something_keeps_what_was_typed() -> None:
    response = sent(f"/units/{WARD}/rename/", name="Công an phường Mới", write="1")
    assert response.status_code == 422
    assert 'value="Công an phường Mới"' in response.content.decode()


def test_marking_remote_is_shown() -> None:
    sent(f"/units/{WARD}/mark/", remote="1", write="1", **SINCE)
    assert unit(WARD, using="default").remote
    assert "Vùng sâu, vùng xa" in html(browser("clerk"), f"/units/{WARD}/")


def test_merging_is_shown_before_it_is_written() -> None:
    difficulty("Trụ sở dột")
    address = f"/units/{WARD}/merge/"
    page = sent(address, into=NEIGHBOUR, preview="1", **SINCE).content.decode()
    for said in ("Công an phường Ngô Quyền", "Phường Hồng Bàng (11311)", "<dt>Việc đang mở</dt><dd>1</dd>"):
        assert said in page
    assert unit(WARD, using="default").closed is None
    sent(address, into=NEIGHBOUR, write="1", **SINCE)
    assert unit(WARD, using="default").closed == date(2026, 12, 1)
    assert unit(NEIGHBOUR, using="default").territories == (NEIGHBOUR, WARD)
    page = html(browser("operator"), f"/units/{WARD}/")
    assert "Đơn vị kết thúc từ 01/12/2026." in page
    assert "rename" not in page  # nothing is done to an ended unit


def test_splitting_names_its_heirs() -> None:
    sent(f"/units/{WARD}/split/", into=[NEIGHBOUR, "11359"], write="1", **SINCE)
    assert unit(WARD, using="default").successors == (NEIGHBOUR, "11359")
    assert "Chia tách" in html(browser("clerk"), f"/units/{WARD}/")


def test_a_post_is_opened_with_the_rights_of_its_role_and_taken() -> None:
    sent(
        f"/units/{WARD}/open-post/",
        role="clerk",
        name="Trực ban 2",
        name_en="Desk 2",
        since="2026-01-01",
        write="1",
    )
    post = PostRow.objects.get(unit=WARD, name="Trực ban 2")
    sent(f"/units/posts/{post.id}/take/", account="neighbour", since="2026-01-01")
    assert decide(person("neighbour"), "matter.raise", Scope.of(WARD)).allowed
    assert "Cán bộ neighbour" in html(browser("operator"), f"/units/{WARD}/")
    sent(f"/units/posts/{post.id}/leave/", since="2026-02-01")
    assert not decide(person("neighbour"), "matter.raise", Scope.of(WARD)).allowed
    sent(f"/units/posts/{post.id}/close/", since="2026-02-01")
    html(browser("operator"), f"/units/posts/{post.id}/take/", 404)


def test_nobody_unknown_takes_a_post() -> None:
    response = sent(f"/units/posts/{post_of('clerk')}/take/", account="nobody", since="2026-01-01")
    assert response.status_code == 422
    assert "Hãy tạo tài khoản trước" in response.content.decode()


def test_a_right_is_given_and_withdrawn() -> None:
    post = post_of("clerk")
    given = {"actions": ["matter.assign"], "over": "unit", "since": today().isoformat()}
    sent(f"/units/posts/{post}/grant/", **given)
    assert decide(person("clerk"), "matter.assign", Scope.of(WARD)).allowed
    held = queries.held_post(post, today())
    assert held is not None
    grant = held.post.grants[-1].id
    sent(f"/units/posts/{post}/withdraw/?what={grant}", since=today().isoformat())
    assert not decide(person("clerk"), "matter.assign", Scope.of(WARD)).allowed


def test_a_delegation_lends_and_ends() -> None:
    chief, officer = post_of("leader"), post_of("officer")
    period = {"since": today().isoformat(), "until": "2099-01-01", "ground": "Đi công tác"}
    sent(f"/units/posts/{chief}/delegate/", to=str(officer), **period)
    assert decide(person("officer"), "matter.assign", Scope.of(WARD)).allowed
    assert "Đi công tác" in html(browser("chief"), f"/units/{WARD}/")
    held = queries.held_post(chief, today())
    assert held is not None
    delegation = held.post.delegations[0].id
    sent(f"/units/posts/{chief}/end-delegation/?what={delegation}", since=today().isoformat())
    assert not decide(person("officer"), "matter.assign", Scope.of(WARD)).allowed


def test_a_delegation_ends_after_it_begins() -> None:
    given = {"to": str(post_of("officer")), "since": "2026-02-01", "until": "2026-02-01", "ground": "Đi học"}
    response = sent(f"/units/posts/{post_of('leader')}/delegate/", **given)
    assert response.status_code == 422
    assert "Ngày kết thúc phải sau ngày bắt đầu." in response.content.decode()


@pytest.mark.parametrize("account", ["chief", "director", "outsider"])
def test_only_an_operator_changes_posts(account: str) -> None:
    html(browser(account), f"/units/posts/{post_of('clerk')}/take/", 404)


def test_an_account_is_made_with_a_password_shown_once() -> None:
    client, address = browser("operator"), f"/units/{WARD}/register/"
    entry = client.get(address).context["form"].initial["entry_id"]
    given = {"entry_id": entry, "name": "Trần Thị B", "account": "tran.thi.b"}
    shown = client.post(address, given).content.decode()
    password = re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", shown)
    assert password is not None
    assert authenticate(username="tran.thi.b", password=password[0])
    assert client.post(address, given).status_code == 302
    assert User.objects.filter(username="tran.thi.b").count() == 1
    assert Row.objects.filter(kind="person.registered", unit=WARD, id=entry).count() == 1
    assert sent(address, name="Ai đó", account="tran.thi.b").status_code == 422


def test_a_forgotten_password_is_replaced() -> None:
    User.objects.create_user("clerk", password="mat-khau-cu-2026")
    address = f"/units/posts/{post_of('clerk')}/password/"
    client = browser("operator")
    assert "mất hiệu lực ngay" in html(client, address)
    assert authenticate(username="clerk", password="mat-khau-cu-2026")
    password = client.post(address).context["password"]
    assert not authenticate(username="clerk", password="mat-khau-cu-2026")
    assert authenticate(username="clerk", password=password)


def test_visitors_are_sent_to_sign_in() -> None:
    for address in ("/units/", f"/units/{WARD}/", f"/units/{WARD}/rename/"):
        assert Client().get(address).status_code == 302


REFERENCE = sorted(
    name for name in KINDS if name.split(".")[0] in ("unit", "post", "grant", "delegation", "person")
)


@pytest.mark.parametrize("kind", REFERENCE)
def test_every_kind_is_told_in_words(kind: str) -> None:
    _fold, bodies = HISTORIES[kind]
    body = next(each for each in bodies([uuid7() for _ in range(9)]) if each.kind == kind)
    entry: Entry[Any] = Entry(
        uuid7(), 1, WARD, uuid7(), uuid7(), None, kind, 1, uuid7(), None, NOON, body,
    )  # fmt: skip
    event = words.event(entry, words.Known({}, {}, {}))
    assert event.title != kind
    assert event.text
