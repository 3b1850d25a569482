"""Work queues: ready by role, kept by a person, shared by a leader, counted in one query; every filter can go."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from haicap.matters import queries, queues
from haicap.units import filters
from haicap.units.filters import SavedFilter
from haicap.units.rights import tell_database
from haicap.units.sign_in import today
from pages import browser, crime_report, difficulty, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
DAY = date(2026, 11, 22)


def labels(account: str) -> list[str]:
    return [it.label for it in queues.of(person(account), {}, DAY)]


def kept(client: Client, name: str, query: str, path: str = "/matters/") -> Any:
    return client.post("/filters/keep/", {"path": path, "name": name, "query": query})


def test_each_role_has_its_queues() -> None:
    assert labels("clerk") == ["Đang mở", "Mới đến", "Chờ tôi", "Đến hạn hôm nay", "Quá hạn", "Tất cả"]
    assert {"Chờ tiếp nhận", "Chờ trả lời", "Được hỏi lại"} <= {*labels("logistics")}
    assert {"Quá hạn", "Chưa giao người"} <= {*labels("chief")}
    assert {"Quá hạn của tỉnh", "Chưa rõ đơn vị", "Cơ quan khác trễ"} <= {*labels("director")}


def test_every_ready_query_narrows_by_parameters_that_exist() -> None:
    for _roles, name, query in queues.table():
        assert {*query} <= {*queries.NARROWING}, name
        assert name.vi != name.en


def test_what_is_due_today_is_so_tomorrow_too() -> None:
    (today_,) = [it for it in queues.of(person("clerk"), {}, DAY) if it.label == "Đến hạn hôm nay"]
    assert today_.query == "due_on=2026-11-22&mine=1"
    assert queues.to_keep(today_.query, DAY) == "due_on=today&mine=1"


def test_a_filter_is_kept_shown_and_let_go() -> None:
    clerk = browser("clerk")
    query = "procedure=difficulty&open=1"
    assert kept(clerk, "Vướng mắc đang mở", query).status_code == 302
    page = html(clerk, f"/matters/?{query}")
    assert 'href="/matters/?open=1&amp;procedure=difficulty" aria-current="page">Vướng mắc đang mở' in page
    (one,) = SavedFilter.objects.all()
    clerk.post(f"/filters/{one.id}/", {"do": "rename", "name": "Vướng mắc"})
    assert "Vướng mắc" in labels("clerk")
    clerk.post(f"/filters/{one.id}/", {"do": "remove"})
    assert not SavedFilter.objects.exists()


def test_kept_filters_have_an_order() -> None:
    clerk = browser("clerk")
    for name in ("một", "hai", "ba"):
        kept(clerk, name, f"q={name}")
    third = SavedFilter.objects.get(name="ba")
    clerk.post(f"/filters/{third.id}/", {"do": "up"})
    assert [it.name for it in filters.of(person("clerk"), "/matters/")] == ["một", "ba", "hai"]
    clerk.post(f"/filters/{third.id}/", {"do": "down"})
    assert [it.name for it in filters.of(person("clerk"), "/matters/")] == ["một", "hai", "ba"]


def test_the_same_name_is_given_to_the_new_address() -> None:
    clerk = browser("clerk")
    kept(clerk, "Của tôi", "q=a")
    kept(clerk, "Của tôi", "q=b")
    assert [it.query for it in SavedFilter.objects.all()] == ["q=b"]


def test_nobody_touches_the_filters_of_another() -> None:
    kept(browser("clerk"), "Của tôi", "q=a")
    (one,) = SavedFilter.objects.all()
    other = browser("chief")
    for do in ("rename", "remove", "share"):
        other.post(f"/filters/{one.id}/", {"do": do, "name": "Khác"})
    (still,) = SavedFilter.objects.all()
    assert (still.name, still.unit) == ("Của tôi", None)
    assert "Của tôi" not in labels("chief")


def test_a_leader_shares_with_the_unit_and_a_clerk_does_not() -> None:
    chief, clerk = browser("chief"), browser("clerk")
    kept(chief, "Ưu tiên tuần này", "q=a")
    kept(clerk, "Riêng", "q=b")
    theirs, mine = SavedFilter.objects.get(name="Ưu tiên tuần này"), SavedFilter.objects.get(name="Riêng")
    assert chief.post(f"/filters/{theirs.id}/", {"do": "share"}).status_code == 302
    assert clerk.post(f"/filters/{mine.id}/", {"do": "share"}).status_code == 403
    assert "Ưu tiên tuần này" in labels("clerk")
    assert "Ưu tiên tuần này" not in labels("neighbour")
    assert "Ưu tiên tuần này" in html(clerk, "/filters/")
    chief.post(f"/filters/{theirs.id}/", {"do": "own"})
    assert "Ưu tiên tuần này" not in labels("clerk")


def test_only_lists_can_be_kept_and_only_under_a_name() -> None:
    clerk = browser("clerk")
    assert kept(clerk, "Ngoài", "q=a", path="https://elsewhere.example/").status_code == 403
    kept(clerk, " ", "q=a")
    assert not SavedFilter.objects.exists()


def test_too_many_are_no_help() -> None:
    clerk = browser("clerk")
    for n in range(filters.MOST + 1):
        response = kept(clerk, f"Bộ lọc {n}", f"q={n}")
    assert response.headers["Location"] == "/filters/"
    assert SavedFilter.objects.count() == filters.MOST


@pytest.mark.parametrize("account", ["clerk", "chief", "logistics", "director", "auditor"])
def test_every_count_is_the_length_of_its_list_in_one_query(account: str) -> None:
    crime_report("Mất xe")
    difficulty("Dột mái", days_ago=40)
    someone, at = person(account), timezone.now()
    tell_database(someone)
    its = queues.of(someone, {}, today())
    with CaptureQueriesContext(connection) as asked:
        found = queues.counted(someone, its, at=at)
    assert len(asked) == 1
    client = browser(account)
    for queue in found:
        assert queue.count == client.get(queue.url).context["page"].paginator.count, queue.label


def test_a_count_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MOST", 1)
    difficulty("Dột mái")
    difficulty("Mất điện")
    clerk = person("clerk")
    tell_database(clerk)
    (first, *_rest) = queues.counted(clerk, queues.of(clerk, {}, DAY), at=timezone.now())
    assert first.count == "1+"


def test_the_counts_come_after_the_page_and_alone_without_scripts() -> None:
    crime_report("Mất xe")
    clerk = browser("clerk")
    assert 'hx-get="/matters/queues/?mine=1"' in html(clerk, "/matters/?mine=1")
    part = clerk.get("/matters/queues/?mine=1", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'aria-current="page">Chờ tôi <span>1</span>' in part
    assert "<h1>Hàng việc</h1>" in html(clerk, "/matters/queues/")


def test_unassigned_is_what_nobody_was_given() -> None:
    subject = crime_report("Mất xe")
    chief = person("chief")
    tell_database(chief)
    found = queries.filtered(chief, {"unassigned": "1"}, at=timezone.now())
    assert [it.pk for it in found] == [subject]


@pytest.mark.parametrize(
    "query",
    [
        "missed=third&due_since=2026-01-01&due_until=2026-12-31", "ended_since=2026-01-01", "authority=UBND",
        "task=late",
        "directive=12-KL", "clause=3", "again=1", "unassigned=1", "waiting=third", "guided=again", "clock=answer",
        "outcome=removed", "unit=11311", "raised_by=11311", "province=31", "due_on=2026-11-22", "branch=ordinary",
    ],
)  # fmt: skip
def test_every_parameter_has_a_chip_that_takes_it_out(query: str) -> None:
    context = browser("clerk").get(f"/matters/?{query}").context
    shown = {each["name"]: each for each in context["filters"]}
    for pair in query.split("&"):
        name = pair.split("=")[0]
        assert shown[name]["label"] != name


def test_who_has_no_reach_is_told_of_none() -> None:
    page = html(browser("operator"), "/matters/queues/")
    assert "Đang mở" in page
