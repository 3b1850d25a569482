"""The pages of the duty desk: who sees them, what they do, how few queries they ask."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cast import WARD
from duty.desk import HOUR, MINUTE, now, opens, reports, writes
from haicap.clocks.wall import VIETNAM
from haicap.duty import bulletin, queries, ruling
from haicap.duty.models import LineRow
from haicap.duty.views_line import filled
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.units.rights import tell_database
from pages import asked, browser, crime_report, difficulty, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
LOG = "/duty/"


def sent(client: Client, **given: Any) -> Any:
    form = {"entry_id": str(uuid7()), "sort": "incident", "text": "Mất xe tại chợ Sắt", **given}
    return client.post(LOG, form)


def test_a_line_is_one_form_and_the_page_is_ready_for_the_next() -> None:
    client = browser("clerk")
    assert sent(client, sort="call", text="Hỏi thủ tục tạm trú", place="Chợ Sắt").status_code == 302
    page = html(client, LOG)
    assert "Hỏi thủ tục tạm trú" in page
    assert re.search(r"<select name=\"sort\"[^>]*autofocus", page)
    assert re.search(r"S · Sự việc", page)


def test_an_empty_line_is_told_so_and_what_was_typed_is_still_there() -> None:
    answer = sent(browser("clerk"), text=" ", place="Bến xe")
    assert answer.status_code == 422
    assert "Bến xe" in answer.content.decode()


def test_a_time_later_than_now_was_yesterday() -> None:
    late = (now() + 2 * HOUR).astimezone(VIETNAM)
    sent(browser("clerk"), clock=f"{late:%H:%M}")
    tell_database(person("clerk"))
    assert LineRow.objects.get().happened < now() - 21 * HOUR


def test_a_serious_case_leads_to_the_line_where_the_call_is_noted() -> None:
    client = browser("clerk")
    answer = sent(client, sort="incident:fire", text="Cháy kho")
    page = html(client, answer["Location"])
    assert "gọi báo cáo ngay" in page
    form = {"entry_id": str(uuid7()), "to": "Trực ban tỉnh", "when": _minute()}
    assert client.post(f"{answer['Location']}report/phone/", form).status_code == 302
    assert "Trực ban tỉnh" in html(client, answer["Location"])
    assert client.post(f"{answer['Location']}report/written/", {"entry_id": str(uuid7())}).status_code == 422


def _minute(away: timedelta = MINUTE / 4) -> str:
    return f"{now().astimezone(VIETNAM) + away:%Y-%m-%dT%H:%M}"


def test_a_correction_shows_both_wordings() -> None:
    line, client = writes("Mất xe đạp"), browser("clerk")
    happened = f"{line.now.happened.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    form = {"entry_id": str(uuid7()), "text": "Mất xe máy", "happened": happened, "reason": "Ghi nhầm"}
    assert client.post(f"/duty/id/{line.id}/correct/", form).status_code == 302
    page = html(client, LOG)
    assert "Mất xe đạp" in page
    assert "Mất xe máy" in page


def test_a_line_becomes_a_matter_and_both_know_it() -> None:
    line, client = writes("Mất xe máy tại chợ", place="Chợ Sắt"), browser("clerk")
    page = html(client, LOG)
    assert f'formaction="/duty/id/{line.id}/become/crime-report/"' in page
    assert 'aria-keyshortcuts="m"' in page
    answer = client.post(f"/duty/id/{line.id}/become/crime-report/")
    form = html(client, answer["Location"])
    assert "Mất xe máy tại chợ" in form
    assert "Chợ Sắt" in form
    assert "đang soạn" in html(client, LOG)
    assert client.post(f"/duty/id/{line.id}/become/crime-report/")["Location"] == answer["Location"]
    assert Entry.objects.filter(subject=line.id, kind="line.became").count() == 1
    number = _take_in(client, answer["Location"])
    assert number in html(client, LOG)
    matter = MatterRow.objects.get(number=number)
    assert matter_of(matter).source == {"line": str(line.id)}
    assert f"/duty/id/{line.id}/" in html(client, f"/matters/id/{matter.pk}/")


def _take_in(client: Client, address: str) -> str:
    """Fill in what the form still needs, as the clerk would."""
    form = client.get(address).context["form"]
    given = {bound.html_name: bound.value() or "" for bound in form if bound.value() not in (None, False)}
    given |= {"source": "information", "severity": "serious", "group": "property", "in_act": "no"}
    choices = dict(form.fields["group"].choices)
    given["group"] = "property" if "property" in choices else next(code for code in choices if code)
    entry_id = re.search(r"draft=([0-9a-f-]+)", address)
    assert entry_id
    answer = client.post(address, {**given, "entry_id": entry_id[1]})
    assert answer.status_code == 302, answer.context["form"].errors
    tell_database(person("clerk"))
    return MatterRow.objects.order_by("-received").values_list("number", flat=True)[0]


def test_a_form_is_filled_with_what_the_line_says_and_fits() -> None:
    line = writes("Mất xe " * 40, "call", place="Chợ")
    its = filled(line, {"what", "place"})
    assert (its["by"], its["place"], its["what"]) == ("phone", "Chợ", line.now.text)
    assert len(its["title"]) <= 120
    assert "place" not in filled(line, set())


def test_people_are_opened_for_a_purpose_that_is_written_down() -> None:
    line, client = writes(people="Nguyễn Văn Bí Mật"), browser("clerk")
    address = f"/duty/id/{line.id}/"
    for page in (html(client, LOG), html(client, address), html(client, f"{LOG}?format=csv")):
        assert "Bí Mật" not in page
    client.post(f"{address}unseal/", {"entry_id": str(uuid7()), "purpose": " "})
    assert not Entry.objects.filter(subject=line.id, kind="line.unsealed").exists()
    opened = client.post(f"{address}unseal/", {"entry_id": str(uuid7()), "purpose": "Gọi lại"})
    assert "Nguyễn Văn Bí Mật" in opened.content.decode()
    assert Entry.objects.filter(subject=line.id, kind="line.unsealed").count() == 1
    assert "Bí Mật" not in html(client, address)
    assert (
        browser("auditor").post(f"{address}unseal/", {"entry_id": str(uuid7()), "purpose": "x"}).status_code
        == 404
    )


PAGES = ("/duty/", "/duty/shifts/", "/duty/rules/", "/duty/bulletin/", "/duty/bulletin/list/?what=incidents")


@pytest.mark.parametrize("address", [*PAGES, "/duty/shift/", "/duty/bulletin/list/?what=taken&when=usual"])
def test_the_number_of_queries_does_not_grow(address: str) -> None:
    client = browser("clerk")
    many(1)
    few = asked(client, address)
    many(6)
    assert asked(client, address) == few <= 12


@pytest.mark.parametrize("address", PAGES)
def test_the_province_is_asked_for_in_few_queries(address: str) -> None:
    many(3)
    assert asked(browser("director"), address) <= 12


def many(count: int) -> None:
    for n in range(count):
        at = now() - 26 * HOUR
        line = writes(f"Sự việc {n}", case="fire", at=at, people="Ai đó")
        reports(line, "phone", at=at + MINUTE)
        writes("Mất cáp", "line-down", at=at)
        crime_report(f"Mất xe {n}", days_ago=1)
        difficulty(f"Dột {n}", days_ago=40)
    if queries.last_shift(WARD) is None:
        opens()


@pytest.mark.parametrize("account", ["neighbour", "outsider", "logistics"])
def test_others_see_nothing_of_the_desk(account: str) -> None:
    line = writes("Việc của phường khác")
    client = browser(account)
    assert "Việc của phường khác" not in html(client, LOG)
    for address in (f"/duty/id/{line.id}/", f"/duty/shift/?unit={WARD}", f"/duty/bulletin/?unit={WARD}"):
        html(client, address, 404)
    for act in ("close", "correct", "become/crime-report", "report/phone", "unseal"):
        assert client.post(f"/duty/id/{line.id}/{act}/").status_code == 404


def test_the_database_hides_lines_from_others() -> None:
    writes()
    tell_database(person("neighbour"))
    assert not LineRow.objects.exists()


def test_those_who_look_over_the_province_write_nothing() -> None:
    client = browser("director")
    assert "oneline" not in html(client, LOG)
    assert sent(client).status_code == 403
    html(browser("operator"), LOG, 404)
    assert browser("operator").get("/duty/rules/").status_code == 200


def test_filters_sort_and_files_hold_the_same_rows() -> None:
    client = browser("clerk")
    writes("Cháy rác", case="fire")
    writes("Hỏi đường", "call")
    for query, count in (
        ("?sort=call", 1),
        ("?q=chay", 1),
        ("?open=1", 1),
        ("?quick=owed", 1),
        ("?sort=visit", 0),
    ):
        assert client.get(LOG + query).context["page"].paginator.count == count, query
        rows = b"".join(client.get(f"{LOG}{query}&format=csv")).decode().strip().split("\r\n")
        assert len(rows) == count + 1
    assert client.get(f"{LOG}?format=xlsx").content[:2] == b"PK"


def test_a_shift_is_opened_handed_over_and_taken() -> None:
    client = browser("clerk")
    page = client.get("/duty/shift/")
    assert "Chưa có ca trực" in page.content.decode()
    people = {"commander": str(person("chief").id), "people": [str(person("clerk").id)]}
    until = f"{(now() + 20 * HOUR).astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    form = {"entry_id": str(uuid7()), "second": str(uuid7()), "until": until, **people}
    assert client.post("/duty/shift/", form).status_code == 302
    assert "Cán bộ chief" in html(client, LOG)
    assert client.post("/duty/shift/", form | {"second": str(uuid7())}).status_code == 403
    writes("Còn mở")
    assert client.post("/duty/shift/sign/", {"entry_id": str(uuid7()), "note": "Theo dõi"}).status_code == 302
    assert "chờ ca sau nhận" in html(client, "/duty/shift/")
    slip = client.get(f"/duty/shifts/{_last().id}.pdf")
    assert slip.content[:5] == b"%PDF-"
    form = {"entry_id": str(uuid7()), "second": str(uuid7()), "until": until, **people}
    assert browser("officer").post("/duty/shift/", form).status_code == 302
    assert len(_shifts()) == 2


def _last() -> Any:
    tell_database(person("clerk"))
    found = queries.last_shift(WARD)
    assert found is not None
    return found


def _shifts() -> list[Any]:
    return list(queries.shifts_seen(person("clerk")))


def test_the_owed_list_names_the_quick_report_and_leads_to_its_line() -> None:
    line, client = writes("Cháy kho", case="fire"), browser("clerk")
    page = html(client, "/clocks/")
    assert "Báo cáo nhanh" in page
    assert f'href="/duty/id/{line.id}/"' in page
    sheet = html(client, f"/duty/id/{line.id}/clock/1/")
    assert "Nơi vận hành tự đặt" in sheet
    assert ">quick-report<" not in page


def test_the_bulletin_is_printed_and_signed() -> None:
    writes("Cháy kho", case="fire", at=now() - 30 * HOUR)
    client = browser("chief")
    assert client.get("/duty/bulletin/bulletin.pdf").content[:5] == b"%PDF-"
    assert "Chưa ký" in html(client, "/duty/bulletin/")
    address = "/duty/bulletin/sign/"
    assert client.post(address, {"entry_id": str(uuid7())}).status_code == 302
    first = client.get("/duty/bulletin/bulletin.pdf").content
    difficulty("Nhập bù", days_ago=3)
    assert client.get("/duty/bulletin/bulletin.pdf").content == first
    assert "đã ký" in html(client, "/duty/bulletin/")
    assert client.post(address, {"entry_id": str(uuid7())}).status_code == 302
    assert Entry.objects.filter(kind="bulletin.issued").count() == 1


@pytest.mark.parametrize("account", ["clerk", "director"])
def test_every_figure_of_the_page_is_the_length_of_its_list(account: str) -> None:
    many(2)
    client = browser(account)
    page = client.get("/duty/bulletin/")
    for row in page.context["rows"]:
        for when in ("now", "before"):
            behind = client.get(row["links"][when])
            assert behind.context["page"].paginator.count == row[when], (row["code"], when)
        usual = client.get(row["links"]["usual"]).context["days"]
        assert sum(count for _window, count, _url in usual) == row["usual"] * 4
    assert client.get(f"{page.context['rows'][0]['links']['now']}&format=csv").status_code == 200


def test_the_director_sees_communes_in_trouble() -> None:
    writes("Cháy kho", case="fire", at=now() - 30 * HOUR)
    day = bulletin.Window(now() - 48 * HOUR, now() - 24 * HOUR)
    assert day.day
    page = browser("director").get(f"/duty/bulletin/?day={(now() - 6 * HOUR).date()}")
    assert page.context["said"].whole
    html(browser("clerk"), "/duty/bulletin/?unit=31", 404)
    html(browser("clerk"), "/duty/bulletin/?day=2099-01-01", 404)


def test_the_setting_of_a_province_holds_from_then_on() -> None:
    client = browser("director")
    form = {
        "entry_id": str(uuid7()), "since": _minute(-HOUR), "hour": "06:30",
        "phone": "30", "written": "240", "quick": ["fire"], "act": "Quy chế 12",
    }  # fmt: skip
    assert client.post("/duty/rules/", form).status_code == 302
    its = ruling.in_force(ruling.editions("31"), now())
    assert (its.hour, its.phone, its.written, its.quick) == ("06:30", "0.5 hours", "4 hours", ("fire",))
    answer = sent(browser("clerk"), sort="incident:crowd", text="Tụ tập")
    assert answer["Location"] == LOG
    assert client.post("/duty/rules/", form | {"entry_id": str(uuid7()), "written": "50"}).status_code == 422
    assert "Quy chế 12" in html(browser("clerk"), "/duty/rules/")
    assert browser("clerk").post("/duty/rules/", form).context["form"] is None


def test_today_says_who_is_on_duty() -> None:
    assert "Chưa có ca trực" in html(browser("clerk"), "/")
    opens()
    page = html(browser("clerk"), "/")
    assert "Cán bộ chief" in page
    assert reverse("duty:log") in page
    assert "Sổ trực" in html(browser("director"), "/")


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_there_in_english(address: str) -> None:
    client = browser("clerk")
    client.cookies["django_language"] = "en"
    page = html(client, address)
    assert "Sổ trực" not in page


def test_what_a_quick_report_still_owes_is_a_button_in_the_list_of_all_that_is_owed() -> None:
    client = browser("clerk")
    line = sent(client, sort="incident:fire", text="Cháy kho")["Location"]
    page = html(client, "/clocks/?room=duty")
    assert "Ghi đã báo điện thoại" in page
    assert line in page
    client.post(f"{line}report/phone/", {"entry_id": str(uuid7()), "to": "Trực ban tỉnh", "when": _minute()})
    assert "Ghi đã gửi báo cáo" in html(client, "/clocks/?room=duty")
