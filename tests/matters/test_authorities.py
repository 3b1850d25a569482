"""What other authorities were asked for: one authority under many spellings, sums, answers, whose lateness it is."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from haicap.clocks.models import Owed
from haicap.matters.authorities import queries
from haicap.matters.authorities.models import AskedRow
from haicap.matters.authorities.names import key
from haicap.matters.state import Matter
from haicap.units.rights import tell_database
from matters.acting import DAY, raises, steps, who
from matters.browsing import browser, text_of

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
HONG_BANG = "uy-ban-nhan-dan-phuong-hong-bang"
FUNDS = {"kind": "headquarters", "what": "Dột"}


@pytest.mark.parametrize(
    "name",
    [
        "UBND phường Hồng Bàng", "Ủy ban nhân dân phường Hồng Bàng", "ubnd P. Hồng Bàng", "UBND p.Hồng Bàng",
        "Uỷ ban nhân dân Phường Hồng Bàng, thành phố Hải Phòng", "UBND PHUONG HONG BANG",
    ],
)  # fmt: skip
def test_spellings_of_one_authority(name: str) -> None:
    assert key(name) == HONG_BANG


def test_different_authorities_stay_apart() -> None:
    names = [
        "UBND phường Hồng Bàng", "HĐND phường Hồng Bàng", "UBND xã Hồng Bàng", "Đảng ủy phường Hồng Bàng",
        "UBND TP Hải Phòng", "Sở Tài chính", "Bộ Công an", "Tỉnh ủy",
    ]  # fmt: skip
    assert len({key(name) for name in names}) == len(names)
    assert key("UBND TP Hải Phòng") == "uy-ban-nhan-dan-thanh-pho-hai-phong"
    assert key("BCA") == key("Bộ Công an")
    assert key(" , ") == "khong-ro"


def asked(
    title: str, *, sum_: str = "850000000", due: str = "2026-08-20", authority: str = "UBND P. Hồng Bàng"
) -> Matter:
    matter = raises("clerk", "difficulty", title, FUNDS)
    return steps(
        "logistics", matter, "answer", at=DAY + timedelta(days=1), outcome="asked-authority", authority=authority,
        paper="112/ĐN-PH10", sum=sum_, answer_due=due,
    )  # fmt: skip


def own(kind: str = "land", *, due: str = "2026-08-10", **answers: str) -> Matter:
    said = {
        "kind": kind,
        "authority": "Ủy ban nhân dân phường Hồng Bàng",
        "paper": "5/TTr",
        "what": "Giao đất",
        "answer_due": due,
    }
    return raises("chief", "authority-request", "Xin đất xây trụ sở", said | answers)


def rows() -> list[AskedRow]:
    tell_database(who("chief"))
    return list(AskedRow.objects.order_by("asked", "subject", "place"))


def test_a_difficulty_asks_twice_and_both_stay() -> None:
    matter = asked("Mái dột")
    steps(
        "logistics",
        matter,
        "authority-answered",
        at=DAY + timedelta(days=9),
        authority_said="Một nửa",
        sum_granted="400000000",
        answer_paper="9/UBND",
    )
    steps(
        "clerk",
        matter,
        "still-there",
        at=DAY + timedelta(days=10),
        outcome="answer-again",
        remains="Còn thiếu",
    )
    steps(
        "logistics", matter, "answer", at=DAY + timedelta(days=11), outcome="asked-authority", authority="Sở Tài chính",
        paper="113/ĐN", sum="450000000", answer_due="2026-09-01",
    )  # fmt: skip
    first, second = rows()
    assert (first.key, first.came, first.sum_granted, first.answer_paper) == (
        HONG_BANG,
        "partly",
        Decimal(400000000),
        "9/UBND",
    )
    assert (second.key, second.came, second.met) == ("so-tai-chinh", None, None)
    assert (first.kind, second.paper) == ("funds", "113/ĐN")


def test_a_request_of_its_own_and_its_outcomes() -> None:
    steps(
        "chief",
        own(land="1200"),
        "authority-answered",
        at=DAY + timedelta(days=2),
        outcome="partly",
        authority_said="Giao trước một phần",
        land_granted="800",
    )
    steps(
        "chief",
        own("funds", sum="1"),
        "authority-answered",
        at=DAY + timedelta(days=2),
        outcome="refused",
        authority_said="Hết dự toán",
    )
    steps("chief", own("advice"), "withdraw", at=DAY + timedelta(days=2), reason="Đã xong")
    own("other")
    found = rows()
    assert [(it.kind, it.came) for it in sorted(found, key=lambda it: it.kind)] == [
        ("advice", "dropped"), ("funds", "refused"), ("land", "partly"), ("other", None),
    ]  # fmt: skip
    (land,) = (it for it in found if it.kind == "land")
    assert (land.land, land.land_granted, land.said) == (Decimal(1200), Decimal(800), "Giao trước một phần")


def test_a_recommendation_that_was_passed_up() -> None:
    said = {"sector": "means", "what": "Thiếu", "proposal": "Cấp thêm"}
    matter = raises("chief", "recommendation", "Cấp thêm xe", said)
    steps(
        "logistics_head",
        matter,
        "pass-up",
        at=DAY + timedelta(days=1),
        authority="BCA",
        paper="7/BC",
        answer_due="2026-09-01",
    )
    steps(
        "logistics_head",
        matter,
        "answer",
        at=DAY + timedelta(days=5),
        outcome="declined",
        reason="Chưa có nguồn",
    )
    (row,) = rows()
    assert (row.key, row.came, row.said) == ("bo-cong-an", "refused", "Chưa có nguồn")


def test_what_is_no_longer_asked_for_is_no_answer() -> None:
    steps("clerk", asked("Mái dột"), "confirm-removed", at=DAY + timedelta(days=3))
    (row,) = rows()
    assert row.came == "dropped"
    its = queries.authorities(who("chief"), {}, at=DAY + timedelta(days=60))
    assert [(it.figures["answered"].n, it.figures["late"].n) for it in its] == [(0, 0)]


def test_lateness_is_the_authoritys_and_every_figure_is_its_list() -> None:
    asked("Mái dột"), asked("Tường nứt", due="2026-12-01"), own()
    steps(
        "chief",
        own(due="2026-08-05"),
        "authority-answered",
        at=DAY + timedelta(days=20),
        outcome="granted",
        authority_said="Đồng ý",
        land_granted="900",
    )
    person, at = who("chief"), DAY + timedelta(days=40)
    tell_database(person)
    (it,) = queries.authorities(person, {}, at=at)
    assert {name: figure.n for name, figure in it.figures.items()} == {
        "asked": 4,
        "answered": 1,
        "waiting": 3,
        "late": 2,
    }
    assert (it.sum, it.land_granted) == (Decimal(1_700_000_000), Decimal(900))
    for whole in (it, queries.whole([it], {})):
        for figure in whole.figures.values():
            params = dict(parse_qsl(urlsplit(figure.url).query))
            assert queries.filtered(person, params, at=at).count() == figure.n
    assert queries.filtered(person, {"how": "was-late"}, at=at).count() == 1
    assert set(Owed.objects.filter(clock="authority").values_list("level", flat=True)) == {"third"}
    assert queries.authorities(person, {"q": "hong bang", "kind": "land"}, at=at)[0].figures["asked"].n == 2
    assert queries.authorities(person, {"province": "01"}, at=at) == []


def test_who_has_nothing_to_do_with_it_sees_nothing() -> None:
    asked("Mái dột")
    for account, status in (
        ("chief", 200),
        ("logistics", 200),
        ("director", 200),
        ("neighbour", 404),
        ("outsider", 404),
    ):
        assert browser(account).get(f"/authorities/{HONG_BANG}/").status_code == status
        assert browser(account).get(f"/authorities/{HONG_BANG}/paper.pdf").status_code == status


def test_pages_paper_and_files() -> None:
    asked("Mái dột"), own(land="1200")
    for lang in ("vi", "en"):
        client = browser("chief", lang)
        for address in (
            "/authorities/",
            "/authorities/requests/",
            f"/authorities/{HONG_BANG}/",
            "/authorities/?sort=-sum&q=hong",
            "/authorities/requests/?how=late&sort=due",
        ):
            assert "Hồng Bàng" in text_of(client.get(address)), address
    client = browser("chief")
    assert client.get(f"/authorities/{HONG_BANG}/paper.pdf").content[:5] == b"%PDF-"
    for address in ("/authorities/?", "/authorities/requests/?"):
        assert "Hồng Bàng" in b"".join(client.get(f"{address}format=csv")).decode()
        assert client.get(f"{address}format=xlsx").content[:2] == b"PK"
    assert client.get("/authorities/khong-co/").status_code == 404


def test_queries_do_not_grow_with_rows(django_assert_max_num_queries: Any) -> None:
    client = browser("chief")
    for place in range(6):
        asked(f"Việc {place}", authority=f"UBND phường số {place}")
    for address in ("/authorities/", "/authorities/requests/", "/authorities/uy-ban-nhan-dan-phuong-so-1/"):
        client.get(address)
        with django_assert_max_num_queries(16):  # with session, person and the frame
            client.get(address)
