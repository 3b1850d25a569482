"""The pages of equipment and vehicles: who sees them, what they do, how few queries they ask."""

import csv
import io
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.means.things import recording
from haicap.means.things.models import ThingRow
from haicap.units.rights import tell_database
from haicap.units.sign_in import today
from means.store import NEXT, again, does, gives, records, takes
from pages import asked, browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
LIST, NEW = "/means/things/", "/means/things/new/"


def sent(client: Client, **given: Any) -> Any:
    form = {
        "entry_id": str(uuid7()), "kind": "computer", "count": "1", "condition": "good", "way": "purchase",
        "since": today().isoformat(), **given,
    }  # fmt: skip
    return client.post(NEW, form)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_form_stays_for_the_next_one() -> None:
    client = browser("clerk")
    answer = sent(
        client, count="12", name="Dell 3000", place="Phòng trực", serials="A1\nA2", price="15.000.000đ"
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "12 mục" in page
    assert 'value="Dell 3000"' in page
    assert answer.context["form"].initial["kind"] == "computer"
    tell_database(person("clerk"))
    assert ThingRow.objects.filter(holder=WARD, kind="computer").count() == 12
    assert ThingRow.objects.filter(serial="A2").get().state["bought"]["price"] == "15000000"


def test_a_form_at_fault_says_so_and_keeps_what_was_typed() -> None:
    answer = sent(browser("clerk"), kind="", name="Dell 3000", price="một triệu")
    assert answer.status_code == 422
    assert "Dell 3000" in answer.content.decode()
    assert sent(browser("clerk"), count="500").status_code == 422
    assert sent(browser("clerk"), price="0").status_code == 200  # a gift


def test_the_page_offers_what_comes_next_and_does_it() -> None:
    (thing,) = records("printer")
    client, page = browser("clerk"), f"/means/things/id/{thing.id}/"
    shown = html(client, page)
    assert "Ghi chất lượng" in shown
    assert "Ghi giảm" not in shown  # that is the chief's
    assert "Ghi giảm" in html(browser("chief"), page)
    form = {"entry_id": str(uuid7()), "condition": "broken", "when": today().isoformat()}
    assert client.post(f"{page}judge/", form).status_code == 302
    assert client.post(f"{page}send/", {"entry_id": str(uuid7()), "to": "", "when": "x"}).status_code == 422
    form = {"entry_id": str(uuid7()), "to": "Cửa hàng Minh", "when": today().isoformat(), "note": "Kẹt giấy"}
    assert client.post(f"{page}send/", form).status_code == 302
    shown = html(client, page)
    assert "Đã sửa xong" in shown
    assert "Cửa hàng Minh" in shown
    form = {"entry_id": str(uuid7()), "when": today().isoformat(), "cost": "450.000", "condition": "good"}
    assert client.post(f"{page}repaired/", form).status_code == 302
    assert "450.000" in html(client, page).replace("\xa0", ".")
    form = {"entry_id": str(uuid7()), "place": "Phòng 2", "when": today().isoformat()}
    assert client.post(f"{page}place/", form).status_code == 302
    form = {"entry_id": str(uuid7()), "name": "LBP 2900", "reason": "Ghi thiếu"}
    assert client.post(f"{page}describe/", form).status_code == 302
    assert "LBP 2900" in html(client, page)
    form = {"entry_id": str(uuid7()), "ground": "sold", "when": today().isoformat(), "paper": "7/QĐ"}
    assert client.post(f"{page}dispose/", form).status_code == 403
    chief = browser("chief")
    assert chief.post(f"{page}dispose/", form).status_code == 302
    assert chief.post(f"{page}restore/", {"entry_id": str(uuid7()), "reason": "Nhầm"}).status_code == 302
    kinds = Entry.objects.filter(subject=thing.id).values_list("kind", flat=True)
    assert len(kinds) == 8


def test_a_transfer_is_given_taken_and_printed() -> None:
    one, other, third = *records("computer", 2), *records("chair", 40)
    chief = browser("chief")
    address = f"/means/things/give/?thing={one.id}&thing={other.id}&thing={third.id}"
    assert "3 mục" in html(chief, address)
    form = {"entry_id": str(uuid7()), "to": "Phòng nào đó", "paper": "12/QĐ-CATP", f"n-{third.id}": "15"}
    assert chief.post(address, form).status_code == 422
    answer = chief.post(address, form | {"to": "31-PH10"})
    assert answer.status_code == 302
    transfer = answer["Location"]
    assert (
        chief.post(address, form | {"to": "31-PH10"}).status_code == 302
    )  # the same form again: nothing to give
    head = browser("logistics_head")
    assert "Chờ đơn vị bạn ký nhận" in html(head, LIST)
    page = html(head, transfer)
    assert "Ký nhận mục đã đánh dấu" in page
    refused = {"entry_id": str(uuid7()), "thing": [str(other.id)], "reason": ""}
    assert head.post(f"{transfer}refuse/", refused).status_code == 422
    assert head.post(f"{transfer}refuse/", refused | {"reason": "Hỏng màn hình"}).status_code == 302
    taken = {"entry_id": str(uuid7()), "thing": [str(one.id), str(third.id)], "place": "Kho PH10"}
    assert head.post(f"{transfer}accept/", taken).status_code == 302
    tell_database(person("director"))
    assert again(one).holder == "31-PH10"
    assert (again(third).count, again(other).holder) == (25, WARD)
    for client in (chief, head):
        text = text_of(client.get(f"{transfer}record.pdf").content)
        for word in (
            one.code,
            "15",
            "không nhận",
            "đã nhận",
            "Cán bộ chief",
            "Cán bộ logistics_head",
            "12/QĐ-CATP",
        ):
            assert word in text
        assert "Chờ đơn vị bạn ký nhận" not in html(client, LIST)
        assert one.code in html(client, transfer)
    html(browser("neighbour"), transfer, 404)
    html(browser("outsider"), transfer, 404)


def test_many_are_put_in_one_place() -> None:
    one, other = records("computer", 2)
    (foreign,) = records("radio", account="neighbour", at_unit=NEXT)
    client = browser("clerk")
    address = f"/means/things/put/?thing={one.id}&thing={other.id}&thing={foreign.id}"
    assert "2 tài sản" in html(client, address)
    form = {"entry_id": str(uuid7()), "place": "Phòng họp", "when": today().isoformat()}
    assert client.post(address, form | {"place": ""}).status_code == 422
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    tell_database(person("director"))
    assert {again(it).put.place for it in (one, other)} == {"Phòng họp"}
    assert again(foreign).put.place == foreign.put.place
    assert Entry.objects.filter(kind="thing.placed").count() == 2
    assert browser("auditor").get(address).status_code == 302


def test_a_hand_over_is_recalled_with_a_reason() -> None:
    (thing,) = records("computer")
    transfer, chief = gives(thing), browser("chief")
    address = f"/means/things/transfers/{transfer}/"
    assert chief.post(f"{address}recall/", {"entry_id": str(uuid7())}).status_code == 302
    assert again(thing).waiting is not None
    assert chief.post(f"{address}recall/", {"entry_id": str(uuid7()), "reason": "Nhầm"}).status_code == 302
    assert again(thing).waiting is None
    assert "Bên giao rút lại" in html(chief, address)


def test_labels_lead_to_the_page_of_their_thing() -> None:
    its = records("computer", 25)
    client = browser("clerk")
    answer = client.get("/means/things/labels.pdf?kind=computer")
    assert answer["Content-Type"] == "application/pdf"
    assert len(pypdfium2.PdfDocument(answer.content)) == 2  # 24 on a sheet
    assert its[0].code in text_of(answer.content)
    chosen = client.get(f"/means/things/labels.pdf?thing={its[3].id}")
    assert its[3].code in text_of(chosen.content)
    assert its[4].code not in text_of(chosen.content)
    assert (
        client.get(f"/means/things/c/{its[0].code.lower()}/")["Location"] == f"/means/things/id/{its[0].id}/"
    )
    html(browser("outsider"), f"/means/things/c/{its[0].code}/", 404)
    assert client.get("/means/things/labels.pdf?kind=boat").status_code == 302


def test_the_list_is_taken_away_as_it_is_narrowed() -> None:
    records("computer", 3)
    records("chair", 40, unfit=5)
    body = browser("clerk").get(f"{LIST}?kind=chair&format=csv").content
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][7:9] == ["40", "35"]
    assert browser("clerk").get(f"{LIST}?format=xlsx").content[:2] == b"PK"
    transfer = gives(*records("printer"))
    away = browser("chief").get(f"{LIST}transfers/?format=csv").content.decode("utf-8-sig")
    assert len(away.splitlines()) == 2
    assert transfer


@pytest.mark.parametrize("account", ["neighbour", "outsider"])
def test_others_see_nothing(account: str) -> None:
    (thing,) = records("computer")
    client = browser(account)
    assert thing.code not in html(client, LIST)
    html(client, f"/means/things/id/{thing.id}/", 404)
    html(client, f"/means/things/id/{thing.id}/describe/", 404)
    for act in ("place", "judge", "send", "dispose"):
        assert client.post(f"/means/things/id/{thing.id}/{act}/", {}).status_code == 404


def test_who_only_sees_is_offered_nothing_to_do() -> None:
    (thing,) = records("computer")
    page = html(browser("auditor"), f"/means/things/id/{thing.id}/")
    assert "Làm tiếp" not in page
    html(browser("auditor"), NEW, 404)
    assert browser("crime").get(LIST).status_code == 200


PAGES = (LIST, f"{LIST}?unit={WARD}", f"{LIST}?state=unfit", f"{LIST}transfers/", NEW)


@pytest.mark.parametrize("account", ["chief", "logistics_head"])
@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_queries_does_not_grow(account: str, address: str) -> None:
    client = browser(account)
    many(1)
    few = asked(client, address)
    many(4)
    assert asked(client, address) == few <= 12


def test_a_thing_is_asked_for_in_few_queries() -> None:
    (chairs,) = records("chair", 40)
    for _ in range(3):
        takes(gives(chairs, to="31-PH10", counts={chairs.id: 5}), chairs, receiver="31-PH10")
        does(recording.judge, chairs, condition="worn", when=today(), unfit=2)
    transfer = gives(again(chairs), to="31-PH10")
    assert asked(browser("chief"), f"/means/things/id/{chairs.id}/") <= 12
    assert asked(browser("logistics_head"), f"/means/things/transfers/{transfer}/") <= 12


def many(count: int) -> None:
    for _ in range(count):
        one, other, third = records("computer", 3)
        does(recording.judge, one, condition="broken", when=today())
        gives(other, to="31-PH10")
        records("printer", account="neighbour", at_unit=NEXT)
        assert third
