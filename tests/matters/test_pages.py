"""The pages of matters, asked as a browser asks them."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from haicap.journal.entry import payload
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.journal.projection import projection_of, show
from haicap.matters.acts import ACTS
from haicap.matters.drafts import Draft
from haicap.matters.entries import HandedOver
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.matters.procedures import shipped
from haicap.matters.queries import told
from haicap.matters.state import Matter
from haicap.papers.sheets import read
from haicap.units.rights import tell_database
from matters.acting import raises, steps, who
from matters.browsing import browser, hidden, text_of

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
SECRET = "Mất xe máy Wave biển 15B1"
CRIME = {
    "source": "information", "what": SECRET, "severity": "serious", "group": "social-order",
    "place": "Chợ Sắt, phường Máy Chai, quận Ngô Quyền, Hải Phòng",
    "reporter.name": "Trần Thị Bê", "reporter.phone": "0912345678",
}  # fmt: skip
NEEDS = {"kind": "headquarters", "what": "Dột khi mưa"}
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    with translation.override("vi"):
        yield
    tell_database(None)


def ago(**length: int) -> datetime:
    return datetime.now(UTC) - timedelta(**length)


def difficulty(title: str = "Trụ sở dột", days: int = 0) -> Matter:
    return raises("clerk", "difficulty", title, NEEDS, at=ago(days=days, hours=1))


def crime(title: str = "Trộm cắp xe máy tại chợ Sắt") -> Matter:
    return raises("clerk", "crime-report", title, CRIME, at=ago(hours=1))


def page_of(matter: Matter, rest: str = "") -> str:
    return f"/matters/id/{matter.id}/{rest}"


def state(matter: Matter) -> Matter:
    row = MatterRow.objects.using("default")
    tell_database(who("director"))
    return matters.form.validate_python(row.get(pk=matter.id).state, strict=False)


# The list


def test_the_list_shows_what_one_may_see_and_the_next_step() -> None:
    matter = difficulty()
    html = text_of(browser("logistics").get("/matters/"))
    assert matter.number in html
    assert "Trụ sở dột" in html
    assert page_of(matter, "step/answer/") in html
    for account in ("neighbour", "outsider", "crime"):
        assert matter.number not in text_of(browser(account).get("/matters/"))
    assert "step/" not in text_of(browser("auditor").get("/matters/"))


def test_no_personal_fact_in_list_title_or_export() -> None:
    applied = raises(
        "clerk", "identity-card", "Cấp thẻ cho bà Bê", {"applicant.name": "Trần Thị Bê", "case": "first"}
    )
    client = browser("clerk")
    pages = [
        client.get(it)
        for it in ("/matters/", page_of(applied), "/matters/?format=csv", page_of(applied, "act/comment/"))
    ]
    for page in pages:
        assert "Trần Thị Bê" not in text_of(page)
        assert "bà Bê" not in text_of(page)


def test_filters_chips_tabs_and_an_empty_list() -> None:
    difficulty()
    client = browser("clerk")
    html = text_of(client.get("/matters/?procedure=difficulty&topic=headquarters&overdue=1"))
    assert "Không có việc nào" in html
    assert html.count('class="chip"') == 3
    assert "Trụ sở dột" in text_of(client.get("/matters/?q=TRU+SO"))
    assert 'aria-current="page"' in text_of(client.get("/matters/?mine=1"))


def test_taken_away_are_the_same_rows() -> None:
    made = {difficulty(f"Việc {n}").number for n in range(3)} | {crime().number}
    client = browser("clerk")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/matters/?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["Số"] for row in rows} == made
    assert "attachment" in answer["Content-Disposition"]
    assert len(asked) < 25
    book = read(client.get("/matters/?format=xlsx&procedure=difficulty").content)
    assert {row["Số"] for row in book} < made


def test_pages_of_a_long_list() -> None:
    for number in range(26):
        difficulty(f"Việc {number}")
    client = browser("clerk")
    first, second = (text_of(client.get(f"/matters/?page={page}")) for page in (1, 2))
    assert first.count('class="open"') == 25
    assert second.count('class="open"') == 1


def queries(client: Client, address: str) -> int:
    """The queries of a whole request once the documents are in memory, signing in included."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


@pytest.mark.parametrize("rows", [1, 50])
def test_queries_do_not_grow_with_rows(rows: int) -> None:
    matters_made = [difficulty(f"Việc {number}") for number in range(rows)]
    for matter in matters_made[::5]:
        steps("logistics", matter, "answer", at=ago(minutes=30), outcome="guidance", guidance="Theo mẫu")
    client = browser("clerk")
    assert queries(client, "/matters/") <= MOST_QUERIES
    assert queries(client, page_of(matters_made[0])) <= MOST_QUERIES


# One matter


def test_the_page_of_a_matter() -> None:
    matter = crime()
    steps("clerk", matter, "record-receipt", at=ago(minutes=50))
    html = text_of(browser("chief").get(f"/matters/{matter.number.lower()}/"))
    assert "<h1>Trộm cắp xe máy tại chợ Sắt</h1>" in html
    assert "Lập biên bản tiếp nhận" in html
    assert "Cán bộ clerk, Chức vụ clerk" in html
    assert "nay là Phường Ngô Quyền" in html
    assert page_of(matter, "clock/0/") in html
    assert "••••••" in html
    assert SECRET not in html
    assert "Trần Thị Bê" not in html


def test_in_english() -> None:
    html = text_of(browser("chief", "en").get(page_of(crime())))
    assert "Crime report" in html
    assert "Open, stating why" in html
    assert "Hồng Bàng ward police" in html


@pytest.mark.parametrize("account", ["neighbour", "outsider", "logistics", "operator"])
def test_forbidden_is_not_found(account: str) -> None:
    matter, client = crime(), browser(account)
    for rest in ("", "step/check/", "act/comment/", "clock/0/", "clock/0.pdf"):
        assert client.get(page_of(matter, rest)).status_code == 404
    assert (
        client.post(page_of(matter, "open/"), {"purpose": "x", "entry_id": str(uuid7())}).status_code == 404
    )
    assert client.post(page_of(matter, "paper/receipt-record.pdf")).status_code == 404
    assert client.get(f"/matters/{matter.number}/").status_code == 404


def test_nobody_is_sent_to_sign_in() -> None:
    assert Client().get("/matters/").status_code == 302


def test_two_matters_of_one_number_are_both_shown() -> None:
    one, other = difficulty("Một"), difficulty("Hai")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('haicap.pen', 'on', true)")
        cursor.execute("UPDATE matters_matterrow SET number = %s WHERE id = %s", [one.number, other.id])
        cursor.execute("SELECT set_config('haicap.pen', '', true)")
    html = text_of(browser("clerk").get(f"/matters/{one.number}/"))
    assert page_of(one) in html
    assert page_of(other) in html


def test_opening_takes_a_purpose_and_is_told() -> None:
    matter, client = crime(), browser("clerk")
    entry = {"entry_id": hidden(client.get(page_of(matter)), "entry_id")}
    refused = client.post(page_of(matter, "open/"), entry | {"purpose": "  "})
    assert refused.status_code == 422
    assert SECRET not in text_of(refused)
    opened = client.post(page_of(matter, "open/"), entry | {"purpose": "Gọi lại người báo tin"})
    assert opened.status_code == 200
    assert SECRET in text_of(opened)
    assert "Trần Thị Bê" in text_of(opened)
    assert "no-store" in opened["Cache-Control"]
    again = client.post(page_of(matter, "open/"), entry | {"purpose": "Gọi lại người báo tin"})
    assert again.status_code == 302
    after = text_of(client.get(page_of(matter)))
    assert SECRET not in after
    assert "Gọi lại người báo tin" in after
    assert state(matter).openings == 1


def test_who_may_not_open_is_refused() -> None:
    matter, client = crime(), browser("auditor")
    assert "Mở, ghi lý do" not in text_of(client.get(page_of(matter)))
    answer = client.post(page_of(matter, "open/"), {"purpose": "Xem", "entry_id": str(uuid7())})
    assert answer.status_code == 403
    assert SECRET not in text_of(answer)


# Taking in


INTAKE = {"title": "Trụ sở dột", "by": "unit", "unit": "11311", **NEEDS}


def form(client: Client, address: str, **answers: str) -> dict[str, str]:
    page = client.get(address, follow=True)
    ids = {name: hidden(page, name) for name in ("entry_id", "subject", "procedure", "act")}
    return ids | {"received": "2026-08-03T08:00"} | answers


def test_the_choice_of_procedures_is_that_of_the_post() -> None:
    clerk, head = browser("clerk"), browser("logistics_head")
    assert "/matters/new/crime-report/" in text_of(clerk.get("/matters/new/"))
    assert "/matters/new/directive/" not in text_of(clerk.get("/matters/new/"))
    assert "/matters/new/crime-report/" not in text_of(head.get("/matters/new/"))
    assert "/matters/new/crime-report/" not in text_of(clerk.get("/matters/new/?q=vuong+mac"))
    assert clerk.get("/matters/new/directive/").status_code == 404
    assert clerk.get("/matters/new/no-such/").status_code == 404


@pytest.mark.parametrize("code", sorted({it.code for it in shipped()}))
def test_every_procedure_has_its_form(code: str) -> None:
    opens = next(it for it in shipped() if it.code == code).opens
    account = "clerk" if "clerk" in opens.by else "chief" if "leader" in opens.by else "logistics_head"
    html = text_of(browser(account).get(f"/matters/new/{code}/", follow=True))
    assert "Không ghi nội dung bí mật nhà nước" in html
    assert 'name="title"' in html


def test_sent_twice_is_taken_in_once_and_says_where_it_went() -> None:
    client = browser("clerk")
    sent = form(client, "/matters/new/difficulty/", **INTAKE)
    first, second = (client.post("/matters/new/difficulty/", sent) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] == f"/matters/id/{sent['subject']}/taken/"
    tell_database(who("clerk"))
    row = MatterRow.objects.get()
    shown = text_of(client.get(first["Location"]))
    assert row.number in shown
    assert "Phòng Hậu cần" in shown


def test_what_is_wrong_is_said_and_nothing_is_lost() -> None:
    client = browser("clerk")
    sent = form(client, "/matters/new/difficulty/", **INTAKE, since="31/02/2026", money="nhiều")
    del sent["kind"]
    answer = client.post("/matters/new/difficulty/", sent)
    html = text_of(answer)
    assert answer.status_code == 422
    for words in (
        "Nhóm vướng mắc: Chưa trả lời.",
        "Ghi ngày có thật",
        "Chỉ ghi số tiền",
        'value="nhiều"',
        "Dột khi mưa",
    ):
        assert words in html, words
    assert hidden(answer, "entry_id") == sent["entry_id"]
    assert not MatterRow.objects.using("worker").exists()


def test_nothing_comes_in_from_the_future() -> None:
    client = browser("clerk")
    sent = form(client, "/matters/new/difficulty/", **INTAKE) | {"received": "2199-01-01T08:00"}
    answer = client.post("/matters/new/difficulty/", sent)
    assert answer.status_code == 422
    assert "không thể ở tương lai" in text_of(answer)


def test_a_draft_survives_and_goes_when_sent() -> None:
    client = browser("clerk")
    sent = form(client, "/matters/new/difficulty/", **INTAKE)
    saved = client.post("/matters/drafts/", sent, headers={"HX-Request": "true"})
    assert "Bản nháp đã lưu" in text_of(saved)
    listed = text_of(client.get("/matters/new/"))
    assert "Trụ sở dột" in listed
    back = client.get(f"/matters/new/difficulty/?draft={sent['entry_id']}")
    assert hidden(back, "entry_id") == sent["entry_id"]
    assert "Dột khi mưa" in text_of(back)
    assert "Trụ sở dột" not in text_of(browser("officer").get("/matters/new/"))
    assert client.post("/matters/new/difficulty/", sent).status_code == 302
    assert not Draft.objects.exists()


def test_without_scripts_a_draft_is_a_button() -> None:
    client = browser("clerk")
    sent = form(client, "/matters/new/difficulty/", **INTAKE)
    assert client.post("/matters/drafts/", sent)["Location"] == "/matters/new/"
    assert client.post(f"/matters/drafts/{sent['entry_id']}/drop/").status_code == 302
    assert not Draft.objects.exists()
    assert client.post("/matters/drafts/", {"entry_id": "x"}).status_code == 404


def test_another_s_draft_is_not_overwritten() -> None:
    sent = form(browser("clerk"), "/matters/new/difficulty/", **INTAKE)
    browser("clerk").post("/matters/drafts/", sent)
    assert browser("officer").post("/matters/drafts/", sent).status_code == 404
    assert browser("clerk").post("/matters/drafts/", sent | {"what": "a" * 200_001}).status_code == 413


def test_an_old_address_is_called_by_its_new_name() -> None:
    client = browser("clerk")
    answer = client.post(
        "/matters/place/", {"place": "Phường Máy Chai, Hải Phòng"}, headers={"HX-Trigger-Name": "place"}
    )
    assert "Phường Ngô Quyền" in text_of(answer)
    assert text_of(client.post("/matters/place/", {})).strip() == ""


# Steps


def test_a_step_with_outcomes_works_without_scripts() -> None:
    matter, client = difficulty(), browser("logistics")
    address = page_of(matter, "step/answer/")
    first = text_of(client.get(address))
    assert 'value="asked-authority"' in first
    assert 'method="post" novalidate' not in first
    page = client.get(f"{address}?outcome=asked-authority")
    html = text_of(page)
    assert 'name="authority"' in html
    assert 'name="guidance"' not in html
    assert "Trạng thái: Chờ trả lời → Đã trả lời" in html
    assert "Xong “Trả lời đơn vị”: trong hạn" in html
    sent = {"entry_id": hidden(page, "entry_id"), "outcome": "asked-authority"}
    wrong = client.post(address, sent)
    assert wrong.status_code == 422
    assert "Cơ quan được đề nghị: Chưa trả lời." in text_of(wrong)
    soon = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    answers = {"authority": "UBND thành phố", "paper": "112/ĐN", "answer_due": soon}
    ahead = text_of(client.post(address, sent | answers | {"preview": "1"}))
    assert "Bắt đầu thời hạn “Cơ quan được đề nghị trả lời”" in ahead
    assert 'value="UBND thành phố"' in ahead
    assert state(matter).state == "raised"
    assert client.post(address, sent | answers)["Location"] == page_of(matter)
    assert client.post(address, sent | answers)["Location"] == page_of(matter)
    assert state(matter).state == "answered"
    assert sum(entry.kind == "matter.stepped" for entry in told(matter.id)) == 1
    assert "UBND thành phố" in text_of(browser("clerk").get(page_of(matter)))


def test_a_date_before_today_is_said_on_the_form() -> None:
    matter, client = difficulty(), browser("logistics")
    answers = {"outcome": "asked-authority", "authority": "UBND", "paper": "1", "answer_due": "2020-01-01"}
    answer = client.post(page_of(matter, "step/answer/"), answers | {"entry_id": str(uuid7())})
    assert answer.status_code == 422
    assert "trước lúc bắt đầu tính" in text_of(answer)


def test_a_ground_is_asked_and_changes_what_will_come() -> None:
    matter, client = crime(), browser("chief")
    address = page_of(matter, "step/turn-urgent/")
    page = client.get(address)
    assert "Chọn căn cứ để xem." in text_of(page)
    entry = {"entry_id": hidden(page, "entry_id")}
    assert "thời hạn" in text_of(client.post(address, entry | {"ground": "in-act", "preview": "1"}))
    assert client.post(address, entry).status_code == 422
    assert client.post(address, entry | {"ground": "in-act"}).status_code == 302
    assert state(matter).branch == "urgent"


def test_a_step_that_no_longer_fits_says_so() -> None:
    matter, client = difficulty(), browser("logistics")
    steps("clerk", matter, "confirm-removed", at=ago(minutes=5))
    answer = client.get(page_of(matter, "step/answer/"), follow=True)
    assert "đã chuyển sang bước khác" in text_of(answer)


def test_a_step_of_another_post_is_refused() -> None:
    matter, client = crime(), browser("clerk")
    assert client.get(page_of(matter, "step/pass-on/")).status_code == 403
    assert client.get(page_of(matter, "step/no-such/")).status_code == 404


def test_the_unit_is_stated_where_the_procedure_says_so() -> None:
    matter, client = difficulty(), browser("logistics_head")
    address = page_of(matter, "step/reassign/")
    sent = {"entry_id": str(uuid7()), "reason": "Thuộc phòng khác"}
    assert client.post(address, sent | {"to_unit": "Phòng Không Có"}).status_code == 422
    assert client.post(address, sent | {"to_unit": "31-PV01 · Phòng Tham mưu"}).status_code == 302
    assert state(matter).holder == "31-PV01"


def test_a_step_s_draft_comes_back() -> None:
    matter, client = difficulty(), browser("logistics")
    sent = {"entry_id": str(uuid7()), "subject": str(matter.id), "procedure": "difficulty", "act": "answer"}
    client.post("/matters/drafts/", sent | {"outcome": "guidance", "guidance": "Sửa mái theo dự toán"})
    page = client.get(page_of(matter, "step/answer/"))
    assert "Sửa mái theo dự toán" in text_of(page)
    assert hidden(page, "entry_id") == sent["entry_id"]
    assert page_of(matter, "step/answer/") in text_of(client.get("/matters/new/"))


# Other acts


def does(account: str, matter: Matter, act: str, **answers: str) -> Any:
    return browser(account).post(page_of(matter, f"act/{act}/"), {"entry_id": str(uuid7()), **answers})


def test_every_act_that_is_offered_has_a_form() -> None:
    matter, client = difficulty(), browser("logistics_head")
    found = re.findall(rf'href="({page_of(matter)}act/[a-z-]+/)"', text_of(client.get(page_of(matter))))
    assert {address.split("/")[-2] for address in found} == set(ACTS) - {"reopen"}
    for address in found:
        assert client.get(address).status_code == 200, address
    assert client.get(page_of(matter, "act/reopen/"))["Location"] == page_of(matter)
    assert client.get(page_of(matter, "act/no-such/")).status_code == 404


def test_received_handed_over_refused() -> None:
    matter = difficulty()
    assert does("logistics", matter, "receive").status_code == 302
    assert state(matter).seen is not None
    assert does("logistics_head", matter, "hand-over", to_unit="31-PC02").status_code == 302
    assert state(matter).holder == "31-PC02"
    assert does("crime_head", matter, "refuse", reason=" ").status_code == 422
    assert does("crime_head", matter, "refuse", reason="Không đúng chức năng").status_code == 302
    assert state(matter).holder == "31-PH10"


def test_assigned_and_taken_back() -> None:
    matter, person = difficulty(), who("logistics")
    assert does("logistics_head", matter, "assign", assignee=str(person.id)).status_code == 302
    assert state(matter).assignee == person.id
    assert does("logistics_head", matter, "assign", assignee=str(who("clerk").id)).status_code == 422
    assert does("logistics_head", matter, "assign", assignee="").status_code == 302
    assert state(matter).assignee is None


def test_a_remark_is_sealed_where_the_procedure_is_personal() -> None:
    matter = crime()
    assert does("clerk", matter, "comment", text="Bà Bê gọi lại").status_code == 302
    assert "Bà Bê gọi lại" not in text_of(browser("clerk").get(page_of(matter)))
    plain = difficulty()
    does("clerk", plain, "comment", text="Đã chụp ảnh")
    assert "Đã chụp ảnh" in text_of(browser("clerk").get(page_of(plain)))


def test_linked_and_joined_by_number() -> None:
    one, other = difficulty("Một"), difficulty("Hai")
    assert does("clerk", one, "link", number="11311-26-XX", how="about").status_code == 422
    assert does("clerk", one, "link", number=one.number, how="about").status_code == 422
    assert does("clerk", one, "link", number=other.number.lower(), how="about").status_code == 302
    assert other.number in text_of(browser("clerk").get(page_of(one)))
    assert does("chief", one, "join", number=other.number).status_code == 302
    assert state(one).joined == other.id
    assert one.number in text_of(browser("clerk").get(page_of(other)))
    assert does("clerk", one, "link", number="không phải số", how="about").status_code == 422


def test_corrected_only_where_it_differs() -> None:
    matter = difficulty()
    page = browser("chief").get(page_of(matter, "act/correct/"))
    assert "Dột khi mưa" in text_of(page)
    same = {"kind": "headquarters", "what": "Dột khi mưa", "reason": "Nhầm"}
    assert does("chief", matter, "correct", **same).status_code == 422
    assert does("chief", matter, "correct", **same | {"money": "nhiều"}).status_code == 422
    assert (
        does("chief", matter, "correct", **same | {"kind": "land", "money": "1.500.000"}).status_code == 302
    )
    assert state(matter).facts["kind"] == "land"
    assert state(matter).facts["money"] == "1500000"
    assert does("clerk", matter, "correct", **same | {"kind": "software"}).status_code == 302
    assert state(matter).facts["kind"] == "land"


def test_reopened() -> None:
    matter = difficulty()
    steps("clerk", matter, "confirm-removed", at=ago(minutes=5))
    assert does("chief", matter, "reopen", now="raised", reason="Lại dột").status_code == 302
    assert state(matter).state == "raised"


def clash(matter: Matter, to: str) -> UUID:
    """Somebody hands the matter over on another node, not knowing of what was done here since the opening."""
    first, director, entry_id = told(matter.id)[0], who("director"), uuid7()
    with writing(director, at=ago(minutes=1), subjects=[matter.id], units=[matter.unit]) as pen:
        body = HandedOver(to=to)
        stream = pen.desk.own.stream(matter.unit, "work")
        data = payload(
            entry_id=entry_id, salt=bytes(16), subject=matter.id, after=first.id, body=body, actor=director.id,
            grant=None, at=pen.at,
        )  # fmt: skip
        pen.desk.append(stream, entry_id, data, None, b"")
        show(projection_of(matters), matter.id, folded_again(matters, matter.id), "default")
    return entry_id


def test_a_conflict_is_shown_and_settled() -> None:
    matter = difficulty()
    steps("logistics", matter, "answer", at=ago(minutes=10), outcome="guidance", guidance="Theo mẫu")
    tell_database(who("director"))
    clash(matter, "31-PV01")
    html = text_of(browser("clerk").get(page_of(matter)))
    assert "Hai bản ghi khác nhau" in html
    assert "Phòng Tham mưu" in html
    assert "Cán bộ director" in html
    assert "Cán bộ logistics" in html
    settling = f"/conflicts/matter/{matter.id}/"
    assert settling not in html
    assert "Hai bản ghi khác nhau" in text_of(browser("clerk").get("/matters/?conflict=1"))
    client = browser("director")
    assert settling in text_of(client.get(page_of(matter)))
    page = text_of(client.get(settling))
    assert "Bản ghi đang đứng" in page
    sent = {
        "entry_id": str(uuid7()),
        "mark": re.findall(r'name="mark" value="([^"]+)"', page)[0],
        "whole": "1",
    }
    assert client.post(settling, sent).status_code == 422
    assert client.post(settling, sent | {"reason": "Tham mưu đã nhận"}).status_code == 302
    assert state(matter).holder == "31-PV01"
    assert state(matter).state == "raised"
    assert "Hai bản ghi khác nhau" not in text_of(client.get(page_of(matter)))


# Sheets, papers, procedures


def test_the_derivation_sheet_and_a_trial() -> None:
    matter, client = difficulty(days=3), browser("clerk")
    html = text_of(client.get(page_of(matter, "clock/0/")))
    assert "10 ngày làm việc" in html
    assert "mức do nơi vận hành đặt" in html
    assert "Hết thời hạn lúc" in html
    tried = text_of(client.get(page_of(matter, "clock/0/?start=2026-02-10T08:00&pause=5")))
    assert "Hạn khi đó" in tried
    assert "Tạm dừng từ" in tried
    for wrong in ("start=x", "pause=999", "start=2050-01-01T08:00"):
        assert "errorlist" in text_of(client.get(page_of(matter, f"clock/0/?{wrong}")))
    assert client.get(page_of(matter, "clock/9/")).status_code == 404
    pdf = client.get(page_of(matter, "clock/0.pdf"))
    assert pdf.content.startswith(b"%PDF")


def test_a_paper_is_printed_and_listed() -> None:
    matter, client = crime(), browser("clerk")
    pdf = client.post(page_of(matter, "paper/receipt-record.pdf"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    html = text_of(client.get(page_of(matter)))
    assert "Đã in" in html
    assert "In giấy tờ: Biên bản tiếp nhận nguồn tin về tội phạm" in html
    assert client.get(page_of(matter, "paper/receipt-record.pdf")).status_code == 405
    assert client.post(page_of(matter, "paper/no-such.pdf")).status_code == 404
    assert browser("auditor").post(page_of(matter, "paper/receipt-record.pdf")).status_code == 403


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("code", sorted({it.code for it in shipped()}))
def test_every_procedure_has_its_page(code: str, lang: str) -> None:
    client = browser("clerk", lang)
    html = text_of(client.get(f"/matters/procedures/{code}/"))
    procedure = next(it for it in shipped() if it.code == code)
    for step in procedure.step.values():
        assert step.in_(lang).replace("'", "&#x27;") in html
    assert html.count('<rect width="148"') == len(procedure.states)


def test_editions_of_a_procedure() -> None:
    client = browser("clerk")
    both = [it for it in shipped() if it.code == "complaint"]
    old = client.get(f"/matters/procedures/complaint/?edition={both[0].edition}")
    assert both[0].edition[:16] in text_of(old)
    assert both[1].edition[:8] in text_of(old)
    text = client.get(f"/matters/procedures/complaint/?edition={both[0].edition}&format=toml")
    assert 'code = "complaint"' in text_of(text)
    assert client.get("/matters/procedures/complaint/?edition=abc").status_code == 404
    assert client.get("/matters/procedures/no-such/").status_code == 404


def test_procedures_and_competence() -> None:
    client = browser("clerk")
    listed = text_of(client.get("/matters/procedures/"))
    tables = re.findall(r'href="(/matters/competence/[a-z-]+/)"', listed)
    assert "chưa kiểm chứng" in listed
    assert len(tables) >= 6
    for address in tables:
        assert "Chỗ trống và chồng lấn" in text_of(client.get(address))
    assert client.get("/matters/competence/no-such/").status_code == 404
