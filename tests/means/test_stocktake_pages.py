"""The pages of stock-takes: counting in every way there is, the four lists, the signature, the record."""

import csv
import io
import re
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.means.stocktake.models import StocktakeRow
from haicap.means.things.fold import Thing
from haicap.units.rights import tell_database
from means.counting import counts, opens, sheet
from means.store import NEXT, again, records
from pages import asked, browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
LIST = "/means/stocktakes/"


@pytest.fixture(autouse=True)
def clerk(db: None) -> None:
    tell_database(person("clerk"))


def opened(client: Client, place: str = "") -> str:
    """The page of a stock-take opened by its form."""
    answer = client.post(f"{LIST}new/", {"entry_id": str(uuid7()), "name": "Kiểm kê quý I", "place": place})
    assert answer.status_code == 302
    return str(answer["Location"])


def tabs(page: str) -> dict[str, int]:
    """The counts of the lists, by their names."""
    found = re.findall(r'list=(\w+)[^"]*"[^>]*>[^<]+<span>(\d+)</span>', page)
    return {name: int(count) for name, count in found}


def photo(*pictures: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"anh{n}.jpg", one, "image/jpeg") for n, one in enumerate(pictures)]


def row() -> StocktakeRow:
    tell_database(person("director"))
    return StocktakeRow.objects.get()


def test_from_opening_to_the_signature() -> None:
    its = records("computer", 4, place="Kho")
    (chairs,) = records("chair", 40, place="Kho")
    client = browser("clerk")
    page = opened(client, "Kho")
    assert tabs(html(client, page)) == {"missing": 5, "found": 0, "elsewhere": 0, "unknown": 0}
    typed = {"entry_id": str(uuid7()), "code": its[0].code.lower()}
    assert client.post(f"{page}code/", typed).status_code == 302
    assert client.post(f"{page}code/", typed).status_code == 302  # the same form twice is one count
    files = {"entry_id": str(uuid7()), "photos": photo(sheet(list(its[1:3])), b"no picture")}
    answer = client.post(f"{page}photos/", files, follow=True)
    assert "Đọc được 2 nhãn" in answer.content.decode()
    assert "1 tệp không phải ảnh" in answer.content.decode()
    ticks = {"entry_id": str(uuid7()), "thing": [str(its[3].id)], f"n-{chairs.id}": "38", "place": ""}
    assert client.post(f"{page}ticks/", ticks).status_code == 302
    words = {"entry_id": str(uuid7()), "words": "Quạt đứng", "count": "2", "place": "Kho"}
    assert client.post(f"{page}unknown/", words).status_code == 302
    assert tabs(html(client, page)) == {"missing": 0, "found": 5, "elsewhere": 0, "unknown": 1}
    assert len(row().state["counts"]) == 6
    html(client, f"{page}close/", 404)
    chief = browser("chief")
    assert "Ký kiểm kê" in html(chief, f"{page}close/")
    signature = {"entry_id": str(uuid7()), "note": "Đủ"}
    assert chief.post(f"{page}close/", signature).status_code == 302
    assert chief.post(f"{page}close/", signature).status_code in (302, 404)
    assert again(chairs).count == 38
    text = "".join(
        it.get_textpage().get_text_range()
        for it in pypdfium2.PdfDocument(chief.get(f"{page}record.pdf").content)
    )
    for said in (its[0].code, chairs.code, "Quạt đứng", "Cán bộ chief", "thấy đúng nơi 5", "Đủ"):
        assert said in text
    assert client.post(f"{page}code/", {"entry_id": str(uuid7()), "code": its[0].code}).status_code == 404
    assert "Đã ký" in html(client, page)


def test_a_label_opened_by_a_phone_offers_one_tap() -> None:
    (thing,), (chairs,) = records("computer", place="Kho"), records("chair", 40, place="Kho")
    (foreign,) = records("radio", account="neighbour", at_unit=NEXT)
    client = browser("clerk")
    label = f"/means/things/c/{thing.code}/"
    assert "Thấy ở đây" not in client.get(label, follow=True).content.decode()
    html(client, f"/means/things/c/{foreign.code}/", 404)
    page = opened(client)
    shown = client.get(label, follow=True).content.decode()
    assert "Thấy ở đây" in shown
    action = re.search(r'action="([^"]+/here/[^"]+)"', shown)
    assert action
    tap = {"entry_id": str(uuid7()), "place": ""}
    assert client.post(action[1], tap)["Location"] == f"/means/things/id/{thing.id}/"
    assert "Đã đếm" in client.get(label, follow=True).content.decode()
    here = action[1].replace(str(thing.id), str(chairs.id))
    assert client.post(here, {"entry_id": str(uuid7()), "count": "39"}).status_code == 302
    answer = client.get(f"/means/things/c/{foreign.code}/")
    assert answer["Location"] == f"/means/stocktakes/label/{foreign.code}/"
    assert "Nhãn của đơn vị khác" in html(client, answer["Location"])
    tap = {"entry_id": str(uuid7()), "stocktake": str(row().pk)}
    assert client.post(answer["Location"], tap).status_code == 302
    assert tabs(html(client, page)) == {"missing": 0, "found": 2, "elsewhere": 1, "unknown": 0}
    assert foreign.code in html(client, f"{page}?list=elsewhere")
    assert f"/means/things/id/{foreign.id}/" not in html(client, f"{page}?list=elsewhere")
    html(browser("outsider"), f"/means/stocktakes/label/{thing.code}/", 404)


def test_what_cannot_be_read_is_told_so_and_kept() -> None:
    (thing,), (chairs,) = records("computer", place="Kho"), records("chair", 40, place="Kho")
    client = browser("clerk")
    page = opened(client)
    wrong = client.post(f"{page}code/", {"entry_id": str(uuid7()), "code": "xyz-123"})
    assert wrong.status_code == 422
    assert "xyz-123" in wrong.content.decode()
    assert client.post(f"{page}code/", {"entry_id": str(uuid7()), "code": chairs.code}).status_code == 422
    ending = thing.code.rsplit("-", 1)[0][-5:]
    assert client.post(f"{page}code/", {"entry_id": str(uuid7()), "code": ending}).status_code == 302
    assert client.post(f"{page}photos/", {"entry_id": str(uuid7())}).status_code == 422
    answer = client.post(f"{page}ticks/", {"entry_id": str(uuid7()), f"n-{chairs.id}": "vài"}, follow=True)
    assert "vài" in answer.content.decode()
    assert (
        client.post(f"{page}unknown/", {"entry_id": str(uuid7()), "words": "", "count": "1"}).status_code
        == 422
    )
    assert row().found == 1
    stranger = thing.code.replace("00001", "00009")
    assert client.post(f"{page}code/", {"entry_id": str(uuid7()), "code": stranger}).status_code == 422


def test_two_numbers_are_chosen_from_at_the_signature() -> None:
    (chairs,) = records("chair", 40, place="Kho")
    its = counts(counts(opens(), chairs, 38), chairs, 40, account="officer")
    page, chief = f"{LIST}id/{its.id}/", browser("chief")
    assert tabs(html(chief, page))["disputed"] == 1
    shown = html(chief, f"{page}?list=disputed")
    assert "Cán bộ clerk: 38" in shown
    assert "Cán bộ officer: 40" in shown
    form = {"entry_id": str(uuid7())}
    assert chief.post(f"{page}close/", form).status_code == 422
    assert chief.post(f"{page}close/", form | {f"n-{chairs.id}": "40"}).status_code == 302
    assert again(chairs).count == 40


def test_a_count_is_taken_back_and_a_stock_take_dropped() -> None:
    (thing,) = records("computer", place="Kho")
    its = counts(opens(), thing)
    page, client = f"{LIST}id/{its.id}/", browser("clerk")
    for _ in range(2):
        assert client.post(f"{page}withdraw/", {"counts": f"{its.counts[0].id} "}).status_code == 302
    assert tabs(html(client, page))["missing"] == 1
    assert Entry.objects.filter(kind="stocktake.withdrawn").count() == 1
    assert client.post(f"{page}drop/", {"entry_id": str(uuid7()), "reason": ""}).status_code == 302
    assert not row().dropped
    assert client.post(f"{page}drop/", {"entry_id": str(uuid7()), "reason": "Mở nhầm"}).status_code == 302
    assert row().dropped
    assert "Kiểm kê quý I" not in html(client, LIST)
    assert "Kiểm kê quý I" in html(client, f"{LIST}?state=dropped")


def test_files_have_every_list() -> None:
    one, other = records("computer", 2, place="Kho")
    (chairs,) = records("chair", 40, place="Kho")
    its = counts(counts(counts(opens(), one), chairs, 38), chairs, 40, account="officer")
    client = browser("clerk")
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"{LIST}id/{its.id}/?format=csv").content.decode("utf-8-sig")))
    )
    assert [(it["Danh sách"], it["Mã tài sản"]) for it in rows] == [
        ("Thấy đúng nơi", chairs.code), ("Thấy đúng nơi", one.code), ("Chưa thấy", other.code),
    ]  # fmt: skip
    assert "38" in rows[0]["Số của từng người đếm"]
    assert client.get(f"{LIST}id/{its.id}/?format=xlsx").content[:2] == b"PK"
    assert len(client.get(f"{LIST}?format=csv").content.decode("utf-8-sig").splitlines()) == 2


@pytest.mark.parametrize("account", ["neighbour", "outsider"])
def test_others_see_nothing(account: str) -> None:
    (thing,) = records("computer", place="Kho")
    its = opens()
    client = browser(account)
    assert "Kiểm kê quý I" not in html(client, LIST)
    html(client, f"{LIST}id/{its.id}/", 404)
    for act in ("code", "photos", "ticks", "unknown", "withdraw", "drop", "close", f"here/{thing.id}"):
        assert client.post(f"{LIST}id/{its.id}/{act}/", {"entry_id": str(uuid7())}).status_code == 404


def test_who_only_sees_is_offered_no_counting() -> None:
    records("computer", place="Kho")
    its = opens()
    page = html(browser("auditor"), f"{LIST}id/{its.id}/")
    assert "Thấy</button>" not in page
    html(browser("auditor"), f"{LIST}new/", 404)


@pytest.mark.parametrize("account", ["chief", "director"])
def test_pages_ask_few_queries_that_do_not_grow(account: str) -> None:
    client = browser(account)
    many(1)
    few = [asked(client, LIST), asked(client, f"{LIST}?state=open")]
    many(3)
    assert [asked(client, LIST), asked(client, f"{LIST}?state=open")] == few
    assert max(few) <= 12
    its = [str(pk) for pk in StocktakeRow.objects.values_list("pk", flat=True)]
    for which in ("missing", "found", "elsewhere", "unknown", "disputed"):
        assert asked(client, f"{LIST}id/{its[-1]}/?list={which}") <= 12


def many(count: int) -> list[Thing]:
    its: list[Any] = []
    for n in range(count):
        (thing,), (chairs,) = records("computer", place="Kho"), records("chair", 40, place="Kho")
        taken = counts(counts(opens(), thing, place="Phòng họp"), chairs, 38)
        counts(counts(taken, chairs, 40, account="officer"), None, how="words", words=f"Quạt {n}")
        its.append(thing)
    assert WARD
    return its
