"""The pages of nodes: who sees them, what they say, what their buttons do, and what they cost."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from cast import CAST, WARD
from haicap.journal.ids import uuid7
from haicap.nodes import actions, codes, noting, queries, words
from haicap.nodes.models import Contact, Member, Peer
from nodes import world
from nodes.world import invites, joined
from pages import asked, browser, difficulty, html

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
SEES = {"operator", "director", "auditor", "chief"}
MANAGES = {"operator", "director"}
LIMIT = 13  # queries of a page, beyond the frame


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("account", sorted(CAST))
def test_the_list_is_for_those_who_keep_nodes(account: str) -> None:
    member = joined()
    seen = account in SEES or account == "outsider"  # a chief elsewhere sees the list of nothing
    page = html(browser(account), "/nodes/", 200 if seen else 404)
    assert (str(member.id) in page) is (account in SEES)
    html(browser(account), f"/nodes/{member.id}/", 200 if account in SEES else 404)
    html(browser(account), "/nodes/invite/", 200 if account in MANAGES else 404)
    for how in ("revoke", "close"):
        html(browser(account), f"/nodes/{member.id}/{how}/", 200 if account in MANAGES else 404)


def test_the_list_tells_what_is_the_matter_with_each() -> None:
    world.noded()
    page = html(browser("operator"), "/nodes/")
    for said in (
        "Đang nối",
        "Mất liên lạc",
        "Đã mời, chờ nối",
        "nhanh 8 phút",
        "0,9 GB",
        "lâu nhất 2 giờ",
        "1 sự cố",
    ):
        assert said in page
    english = browser("operator")
    english.cookies["django_language"] = "en"
    page = html(english, "/nodes/")
    for said in (
        "In contact",
        "Out of contact",
        "8 minutes fast",
        "0.9 GB",
        "the oldest for 2 hours",
        "1 incident",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"well", "away", "invited"}),
        ("state=away", {"away"}),
        ("state=closed", set()),
        ("waits=1", {"well", "away"}),
        ("trouble=1", {"well", "away"}),
        ("q=hong+bang", {"well"}),
        ("state=nonsense", {"well", "away", "invited"}),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(query: str, shown: set[str]) -> None:
    its = world.noded()
    page = html(browser("operator"), f"/nodes/?{query}")
    assert {name for name, member in its.items() if str(member.id) in page} == shown


@pytest.mark.parametrize("sort", ["unit", "-last", "up", "down", "version", "-skew", "disk", "state", "?"])
def test_the_list_is_sorted_by_its_address(sort: str) -> None:
    its = world.noded()
    page = html(browser("operator"), f"/nodes/?sort={sort}")
    places = {name: page.index(str(member.id)) for name, member in its.items()}
    if sort in ("-skew",):
        assert places["away"] < places["well"]
    if sort == "?":
        assert places["away"] < places["invited"] < places["well"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_is_taken_away(form: str) -> None:
    world.noded()
    answer = browser("auditor").get(f"/nodes/?format={form}")
    assert answer.status_code == 200
    assert "nut-mang" in answer["Content-Disposition"]
    if form == "csv":
        text = b"".join(answer).decode()
        assert len(text.splitlines()) == 4
        assert "480" in text


def test_a_unit_is_invited_with_a_code_that_is_shown_once() -> None:
    client = browser("operator")
    form = html(client, f"/nodes/invite/?unit={WARD}")
    sent = {"unit": WARD, "entry_id": hidden(form, "entry_id"), "subject": hidden(form, "subject")}
    page = client.post("/nodes/invite/", sent).content.decode()
    found = re.search(r'class="codes">([0-9A-Z-]{23})<', page)
    assert found is not None
    assert codes.is_of(found[1], world.key())
    assert 'haicap node init "Công an phường Hồng Bàng"' in unescape(page)
    row = Member.objects.get()
    assert row.code == codes.digest(found[1])
    again = client.post("/nodes/invite/", sent)
    assert (again.status_code, Member.objects.count()) == (302, 1)
    assert found[1] not in html(client, again["Location"])


def test_a_unit_is_not_invited_twice() -> None:
    invites()
    client = browser("operator")
    form = html(client, "/nodes/invite/")
    sent = {"unit": WARD, "entry_id": hidden(form, "entry_id"), "subject": hidden(form, "subject")}
    answer = client.post("/nodes/invite/", sent)
    assert answer.status_code == 422
    assert "mã còn hạn" in answer.content.decode()
    assert client.post("/nodes/invite/", sent | {"unit": "00004"}).status_code == 422  # of another province


def test_one_node_is_told_whole() -> None:
    its = world.noded()
    page = html(browser("director"), f"/nodes/{its['well'].id}/")
    row = Member.objects.get(pk=its["well"].id)
    for said in (
        "Nối vào",
        "Đã mời nối nút",
        "14 mục",
        "2 tệp",
        "Nút đã gửi luồng không thuộc đơn vị",
        "Không giữ mục nào",
    ):
        assert said in page
    assert re.search(r'class="wrap">([0-9a-f]{4} ){4}[0-9a-f]{4}<', page)
    assert row.code not in page


@pytest.mark.parametrize("how", ["revoke", "close"])
def test_a_node_is_ended_by_its_form(how: str) -> None:
    member, client = joined(), browser("director")
    form = html(client, f"/nodes/{member.id}/{how}/")
    sent = {"entry_id": hidden(form, "entry_id"), "reason": "Mất máy", "sure": "on"}
    assert client.post(f"/nodes/{member.id}/{how}/", sent | {"reason": "", "sure": ""}).status_code == 422
    for _ in range(2):
        assert client.post(f"/nodes/{member.id}/{how}/", sent).status_code == 302
    assert Member.objects.get().standing == {"revoke": "revoked", "close": "closed"}[how]
    other = sent | {"entry_id": str(uuid7())}
    assert client.post(f"/nodes/{member.id}/{how}/", other).status_code == 422
    assert client.post(f"/nodes/{member.id}/{how}/", sent | {"entry_id": "x"}).status_code == 422


def test_large_counts_are_grouped() -> None:
    node = world.noded()["well"]
    assert node.node is not None
    Contact.objects.filter(node=node.node).update(up=12345, blobs=6789)
    page = html(browser("operator"), f"/nodes/{node.id}/")
    assert "12.345 mục" in page
    assert "6.789 tệp" in page
    assert "12.345 mục còn ở máy đó" in html(browser("operator"), f"/nodes/{node.id}/close/")


def test_who_would_take_work_back_is_told_before_that_it_is_too_early() -> None:
    its, client = world.noded(), browser("operator")
    said, revoke = "Bây giờ chưa đưa về được", f'href="/nodes/{its["away"].id}/revoke/"'
    page = html(client, f"/nodes/{its['away'].id}/close/")
    assert said in page
    assert revoke in page
    assert said not in html(client, f"/nodes/{its['away'].id}/revoke/")
    assert its["well"].node is not None
    Contact.objects.filter(node=its["well"].node).update(up=0)
    assert said not in html(client, f"/nodes/{its['well'].id}/close/")


def test_the_figure_of_troubles_counts_what_its_list_shows() -> None:
    its = world.noded()
    client = browser("operator")
    count = client.get("/nodes/").context["figures"]["trouble"]
    assert count == len(client.get("/nodes/?trouble=1").context["page"].object_list) == 2
    world.writes(
        lambda pen: actions.revoke(pen, entry_id=uuid7(), subject=its["away"].id, last={}, reason="Mất máy"),
        its["away"].unit, its["away"].id,
    )  # fmt: skip
    assert client.get("/nodes/").context["figures"]["trouble"] == 1
    assert len(client.get("/nodes/?trouble=1").context["page"].object_list) == 1


@pytest.mark.parametrize(
    ("name", "shown"), [("Công an phường Hồng Bàng", ""), ("Máy trực ban", "Máy trực ban")]
)
def test_the_name_that_a_machine_bears_stands_there_where_it_is_another(
    name: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, client = world.noded()["well"], browser("operator")
    monkeypatch.setattr(queries, "one", lambda *_: _named(Member.objects.get(pk=node.id), name))
    client.cookies["django_language"] = "en"
    assert client.get(f"/nodes/{node.id}/").context["called"] == shown


def _named(row: Member, name: str) -> Member:
    row.name = name
    return row


def test_nothing_waits_at_a_node_that_was_revoked() -> None:
    node = world.noded()["well"]
    assert [it.up for it in queries.standings(Member.objects.filter(pk=node.id))] == [14]
    world.writes(
        lambda pen: actions.revoke(pen, entry_id=uuid7(), subject=node.id, last={}, reason="Mất máy"),
        node.unit, node.id,
    )  # fmt: skip
    assert [it.up for it in queries.standings(Member.objects.filter(pk=node.id))] == [0]


def test_work_is_not_taken_back_while_some_of_it_lies_there() -> None:
    its, client = world.noded(), browser("director")
    for name in ("well", "away"):
        form = f"/nodes/{its[name].id}/close/"
        sent = {"entry_id": hidden(html(client, form), "entry_id"), "sure": "on"}
        answer = client.post(form, sent)
        assert answer.status_code == 422
        assert "Máy đó còn mục chưa gửi" in answer.content.decode()
    assert not Member.objects.filter(standing="closed").exists()


def test_a_communes_node_shows_its_own_line() -> None:
    world.parent()
    page = html(browser("chief"), "/nodes/")
    for said in (
        "Công an thành phố Hải Phòng",
        "chờ quá lâu, không có trả lời",
        "khôi phục từ bản cũ",
        "Liên lạc ngay",
    ):
        assert said in page
    assert browser("chief").post("/nodes/contact/").status_code == 302
    assert Peer.objects.get().asked is not None
    assert browser("clerk").post("/nodes/contact/").status_code == 404


def test_what_waiting_does_not_mend_is_told_with_what_to_do() -> None:
    peer = world.parent()
    page = html(browser("chief"), "/nodes/")
    assert "tự gửi đi khi có lại đường truyền" in page
    for fault in words.remedies():
        noting.failed(peer.id, at=datetime.now(UTC), fault=fault, using="default")
        page = html(browser("chief"), "/nodes/")
        assert words.remedies()[fault] in page
        assert f"haicap node join {peer.url} MÃ" in page
        assert "tự gửi đi khi có lại đường truyền" not in page


def test_nobody_is_called_where_there_is_no_parent() -> None:
    assert browser("chief").post("/nodes/contact/").status_code == 404


def test_pages_ask_the_database_little() -> None:
    its = world.noded()
    client = browser("operator")
    assert asked(client, "/nodes/") <= LIMIT
    assert asked(client, f"/nodes/{its['well'].id}/") <= LIMIT
    world.parent()
    noting.tried("entries", "x", "busy", datetime.now(UTC), "default")
    assert asked(client, "/nodes/") <= LIMIT


def test_who_has_ended_is_invited_again_from_its_page() -> None:
    row = joined()
    operator = browser("operator")
    again = f"/nodes/invite/?unit={WARD}"
    assert again not in html(operator, f"/nodes/{row.id}/")
    form = html(operator, f"/nodes/{row.id}/revoke/")
    operator.post(f"/nodes/{row.id}/revoke/", {"entry_id": hidden(form, "entry_id"), "reason": "Mất máy"})
    page = html(operator, f"/nodes/{row.id}/")
    assert again in page
    assert "Chờ nhận về" not in page  # nothing goes there any more
    assert again not in html(browser("auditor"), f"/nodes/{row.id}/")


def test_what_a_node_has_that_never_called_is_unknown() -> None:
    page = html(browser("operator"), f"/nodes/{joined().id}/")
    assert page.count("chưa biết: nút chưa liên lạc") == 2
    assert "0 mục" not in page


def test_while_the_line_is_down_all_that_waits_has_its_attempts_and_reason() -> None:
    difficulty("Đường truyền yếu")
    world.parent()
    page = html(browser("operator"), "/nodes/")
    table = page[page.index("Đang chờ gửi lên") :]
    assert "chờ quá lâu, không có trả lời" in table
    assert re.search(r'data-label="Đã thử">1<', table)
