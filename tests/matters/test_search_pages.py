"""The search page: everything one may see, a number straight to its matter, numbers of people by their own form."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.matters import search
from haicap.matters.models import MatterRow
from haicap.matters.queries import told
from haicap.units.rights import tell_database
from haicap.web.views_search import marked
from matters.acting import raises, who
from pages import asked, browser, difficulty, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
REPORTER = {
    "reporter.name": "Trần Thị Bưởi", "reporter.id_number": "031085004321", "reporter.phone": "+84 912 345 678",
}  # fmt: skip
CRIME = {"source": "information", "what": "Mất xe", "place": "Chợ", "severity": "serious", "group": "drugs"}


def test_words_with_and_without_diacritics_are_found_and_marked() -> None:
    subject = difficulty("Đường truyền chập chờn")
    for text in ("duong truyen", "Đường truyền", "truyen duong", "chap cho"):
        page = html(browser("clerk"), f"/search/?q={text}")
        assert f"/matters/id/{subject}/" in page, text
        assert "<mark>" in page
    assert str(subject) not in html(browser("outsider"), "/search/?q=duong truyen")
    assert "Không thấy gì" in html(browser("clerk"), "/search/?q=khongcogica")


def test_a_whole_number_leads_to_its_matter() -> None:
    subject = difficulty("Trụ sở dột")
    tell_database(person("clerk"))
    number = MatterRow.objects.get(pk=subject).number
    client = browser("clerk")
    for text in (number, number.lower(), number.replace("-", ""), number.replace("-", " ")):
        answer = client.get("/search/", {"q": text})
        assert answer.status_code == 302, text
        assert answer["Location"] == f"/matters/id/{subject}/"
    answer = client.get("/search/", {"q": number}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert str(subject) in answer.content.decode()
    serial = number.split("-")[2]
    assert str(subject) in html(client, f"/search/?q={serial}")


def test_units_by_old_and_new_names_and_procedures() -> None:
    client = browser("clerk")
    assert f"/units/{WARD}/" in html(client, "/search/?q=hong bang")
    page = html(client, "/search/?q=Phường Hạ Lý, quận Hồng Bàng")
    assert "nay phụ trách" in page
    assert f"/units/{WARD}/" in page
    assert "/matters/procedures/difficulty/" in html(client, "/search/?q=kho khan")
    assert "/matters/procedures/difficulty/" in html(client, "/search/?q=difficulty")


def test_one_kind_is_paged_through() -> None:
    for n in range(27):
        difficulty(f"Máy phát điện hỏng {n}")
    client = browser("clerk")
    everything = html(client, "/search/?q=may phat dien")
    assert everything.count('class="num"><a class="open"') == 10
    assert "Xem hết các việc" in everything
    first, second = (html(client, f"/search/?q=may phat dien&kind=matters&page={n}") for n in (1, 2))
    assert first.count('class="num"><a class="open"') == 25
    assert second.count('class="num"><a class="open"') == 2


def test_a_count_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 2)
    monkeypatch.setattr(search.found, "__defaults__", (3,))
    for n in range(3):
        difficulty(f"Máy in hỏng {n}")
    assert "Việc: hơn 2" in html(browser("clerk"), "/search/?q=may in")


def test_the_queries_do_not_grow() -> None:
    difficulty("Máy phát điện hỏng")
    one = asked(browser("clerk"), "/search/?q=may phat")
    for n in range(9):
        difficulty(f"Máy phát điện hỏng {n}")
    client = browser("clerk")
    assert asked(client, "/search/?q=may phat") == one
    for address in ("/search/?q=may phat", "/matters/?q=may phat"):
        with CaptureQueriesContext(connection) as every:
            client.get(address)
        assert len(every) <= 12, address


def test_a_number_of_a_person_leaves_the_address() -> None:
    answer = browser("chief").get("/search/", {"q": "031 085 004 321"})
    assert answer.status_code == 302
    assert answer["Location"] == "/search/?identity=1"
    page = html(browser("chief"), "/search/?identity=1")
    assert 'action="/search/identity/"' in page
    assert "không nằm lại trong địa chỉ" in page
    assert 'action="/search/identity/"' not in html(browser("operator"), "/search/?identity=1")


def looked(account: str, number: str, purpose: str = "Trả lời công dân") -> tuple[int, str]:
    sent = {"number": number, "purpose": purpose, "entry_id": str(uuid7())}
    answer = browser(account).post("/search/identity/", sent)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    "number", ["031085004321", "031 085 004 321", "0912345678", "+84912345678", "0912.345.678"]
)
def test_a_person_s_number_finds_the_matter_and_is_recorded(number: str) -> None:
    matter = raises("clerk", "crime-report", "Mất xe", CRIME | REPORTER)
    status, page = looked("chief", number)
    assert status == 200
    assert f"/matters/id/{matter.id}/" in page
    assert number not in page
    who("chief")
    last = told(matter.id)[-1]
    assert last.kind == "matter.found_by_identity"
    assert last.body.model_dump() == {"purpose": "Trả lời công dân"}
    timeline = html(browser("chief"), f"/matters/id/{matter.id}/")
    assert "Tìm thấy theo số định danh hoặc điện thoại" in timeline


def test_without_a_purpose_nothing_is_looked_for() -> None:
    matter = raises("clerk", "crime-report", "Mất xe", CRIME | REPORTER)
    status, page = looked("chief", "031085004321", purpose="")
    assert status == 422
    assert str(matter.id) not in page
    assert "031085004321" in page  # what was typed is still there
    who("chief")
    assert [entry.kind for entry in told(matter.id)] == ["matter.raised"]


def test_sent_twice_is_recorded_once() -> None:
    matter = raises("clerk", "crime-report", "Mất xe", CRIME | REPORTER)
    sent = {"number": "031085004321", "purpose": "Đối chiếu", "entry_id": str(uuid4())}
    client = browser("chief")
    for _ in range(2):
        assert client.post("/search/identity/", sent).status_code == 200
    who("chief")
    assert [entry.kind for entry in told(matter.id)] == ["matter.raised", "matter.found_by_identity"]


@pytest.mark.parametrize("account", ["neighbour", "outsider", "crime", "logistics", "operator"])
def test_who_may_not_open_it_does_not_find_it(account: str) -> None:
    matter = raises("clerk", "crime-report", "Mất xe", CRIME | REPORTER)
    status, page = looked(account, "031085004321")
    assert str(matter.id) not in page
    assert status == (200 if person(account).may("matter.open-sealed") else 403)
    who("chief")
    assert [entry.kind for entry in told(matter.id)] == ["matter.raised"]


def test_marks_are_escaped_and_found_under_other_diacritics() -> None:
    its = search.asked("duong tru")
    assert marked("Đường <b>Trụ</b> sở", its) == "<mark>Đường</mark> &lt;b&gt;<mark>Trụ</mark>&lt;/b&gt; sở"
    assert marked("Dương", its) == "<mark>Dương</mark>"
    assert marked("x & y", None) == "x & y"
