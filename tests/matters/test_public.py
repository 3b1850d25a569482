"""Pages for people: nothing of anybody else's, nothing personal, and counts from which nobody can be known."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cast import WARD
from haicap.journal.models import Entry
from haicap.matters.lookup import code_of, digest_of, fits
from haicap.matters.models import MatterRow
from haicap.matters.public import queries
from haicap.matters.public.disclosure import THRESHOLD, told
from haicap.units.finding import communes
from haicap.units.rights import tell_database
from haicap.units.sign_in import today
from matters.acting import raises, steps, who
from pages import asked

RESIDENCE = {"applicant.name": "Nguyễn Văn A", "way": "desk", "case": "first"}
pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
CRIME = {
    "source": "information",
    "what": "Mất chiếc xe đỏ",
    "place": "Chợ Sắt",
    "severity": "serious",
    "group": "social-order",
}
ADDRESSES = [
    "/cong-dan/",
    "/thu-tuc/",
    "/thu-tuc/crime-report/",
    "/tra-cuu/",
    "/dung-hen/?q=hong+bang",
    f"/dung-hen/{WARD}/",
    "/gop-y/?q=hong",
    f"/gop-y/?unit={WARD}",
]


@pytest.fixture(autouse=True)
def nobody_has_asked_before() -> None:
    cache.clear()


def code_on_receipt(matter: Any) -> str:
    """The code as the clerk prints it; afterwards nobody is signed in."""
    tell_database(who("clerk"))
    try:
        return code_of(matter.id)
    finally:
        tell_database(None)


@pytest.fixture
def receipt() -> tuple[Any, str]:
    """A crime report and its look-up code; nobody is signed in."""
    matter = raises("clerk", "crime-report", "Mất xe", CRIME)
    return matter, code_on_receipt(matter)


def sent(number: str, code: str) -> Any:
    return Client().post("/tra-cuu/", {"number": number, "code": code})


class TestLookUp:
    def test_number_and_code_show_where_it_stands(self, receipt: tuple[Any, str]) -> None:
        matter, code = receipt
        page = sent(matter.number, code.lower()).content.decode()
        assert "Đã tiếp nhận" in page
        assert "điều 146" in page  # the rule of the promised date
        assert matter.number in page

    def test_nothing_personal_and_no_fact_is_told(self, receipt: tuple[Any, str]) -> None:
        page = sent(receipt[0].number, receipt[1]).content.decode()
        assert "xe đỏ" not in page
        assert "Chợ Sắt" not in page
        assert "Mất xe" not in page

    def test_a_wrong_code_and_no_such_number_answer_alike(self, receipt: tuple[Any, str]) -> None:
        wrong = sent(receipt[0].number, "0" * 8)
        other = raises("clerk", "difficulty", "Dột", {"kind": "headquarters", "what": "Dột"})
        swapped = sent(other.number, receipt[1])
        assert wrong.status_code == swapped.status_code == 422
        assert "Không có hồ sơ nào" in wrong.content.decode()
        assert "Không có hồ sơ nào" in swapped.content.decode()

    def test_the_reason_of_lateness_is_told(self) -> None:
        matter = raises("clerk", "crime-report", "Mất xe", CRIME, at=datetime.now(UTC) - timedelta(days=40))
        page = sent(matter.number, code_on_receipt(matter)).content.decode()
        assert "đã quá hạn" in page
        assert "Đơn vị chưa nêu lý do chậm." in page

    def test_guessing_is_stopped(self, receipt: tuple[Any, str]) -> None:
        answers = [sent(receipt[0].number, f"{n:08d}").status_code for n in range(22)]
        assert answers[:20] == [422] * 20
        assert answers[20:] == [429] * 2

    @given(code=st.text(max_size=12))
    def test_any_text_is_a_code_or_none(self, code: str) -> None:
        digest = digest_of(code)
        assert digest is None or len(digest) == 5

    def test_codes_are_compared_as_people_type_them(self, receipt: tuple[Any, str]) -> None:
        matter, code = receipt
        tell_database(None)
        with pytest.raises(LookupError):
            code_of(matter.id)  # this session may not read it
        assert queries.looked_up(matter.number, code.replace("0", "o").replace("1", "l")) is not None

    def test_a_code_fits_one_matter(self) -> None:
        one, other = (raises("clerk", "crime-report", "Mất xe", CRIME) for _ in range(2))
        tell_database(who("clerk"))
        assert fits(one.id, code_of(one.id))
        assert not fits(one.id, code_of(other.id))


class TestTimeliness:
    def test_small_counts_are_withheld(self) -> None:
        at = datetime.now(UTC) - timedelta(days=20)
        for _ in range(THRESHOLD - 1):
            steps(
                "clerk",
                raises("clerk", "residence-temporary", "Tạm trú", RESIDENCE, at=at),
                "accept-file",
                at=at,
            )
        its = queries.timeliness(WARD, today())
        assert its.whole.due is None
        page = Client().get(f"/dung-hen/{WARD}/").content.decode()
        assert "quá ít, không công bố" in page

    @given(
        rows=st.lists(
            st.integers(0, 40).flatmap(lambda due: st.tuples(st.just(due), st.integers(0, due))), max_size=8
        )
    )
    def test_nothing_withheld_can_be_worked_out(self, rows: list[tuple[int, int]]) -> None:
        shown, whole = told(rows)
        for row, (due, late) in zip(shown, rows, strict=True):
            assert row.due is None or row.due == due
            assert row.due is None or not 0 < row.due < THRESHOLD
            assert row.late is None or not (0 < late < THRESHOLD or 0 < due - late < THRESHOLD)
            assert row.at_least is None or row.at_least * due <= 100 * (due - late)
        for column in ("due", "late"):
            if getattr(whole, column) is not None:
                assert sum(getattr(row, column) is None for row in shown) != 1


class TestFeedback:
    def send(self, **given: str) -> Any:
        page = Client().get(f"/gop-y/?unit={WARD}").content.decode()
        found = re.search(r'name="entry_id" value="([^"]+)"', page)
        assert found
        answers = {"unit": WARD, "entry_id": found[1], "sector": "residence", "what": "Chờ lâu quá", **given}
        return Client().post("/gop-y/", answers)

    def test_it_becomes_a_matter_of_the_unit_that_can_be_looked_up(self) -> None:
        page = self.send(name="Nguyễn Văn A", phone="0912345678").content.decode()
        number, code = re.findall(r"<dd><strong>([^<]+)</strong></dd>", page)
        assert "Đang giải quyết" in sent(number, code).content.decode()
        tell_database(who("clerk"))
        row = MatterRow.objects.get(number=number)
        assert (row.procedure, row.unit, row.title) == ("feedback", WARD, "")

    def test_sent_twice_is_sent_once(self) -> None:
        entry_id = "0198b0a0-0000-7000-8000-00000000abcd"
        numbers = {
            re.findall(r"<dd><strong>([^<]+)</strong></dd>", self.send(entry_id=entry_id).content.decode())[0]
            for _ in range(2)
        }
        assert len(numbers) == 1

    def test_what_is_missing_is_said_and_nothing_is_lost(self) -> None:
        answer = self.send(sector="")
        assert answer.status_code == 422
        assert "Chờ lâu quá" in answer.content.decode()

    def test_a_flood_is_stopped(self) -> None:
        assert [self.send().status_code for _ in range(6)] == [200] * 5 + [429]

    def test_an_id_of_another_entry_is_refused(self, receipt: tuple[Any, str]) -> None:
        tell_database(who("clerk"))
        taken = Entry.objects.filter(subject=receipt[0].id).values_list("id", flat=True)[0]
        assert self.send(entry_id=str(taken)).status_code == 404


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_opens_without_signing_in(address: str, lang: str) -> None:
    client = Client()
    client.cookies["django_language"] = lang
    answer = client.get(address)
    assert answer.status_code == 200
    assert f'lang="{lang}"' in answer.content.decode()


def test_units_are_found_by_names_of_before() -> None:
    names = [row.name for row in communes("phường Minh Khai, Hồng Bàng, Hải Phòng", 20)]
    assert any("Hồng Bàng" in name for name in names)


def test_procedures_of_the_service_itself_are_not_shown() -> None:
    assert Client().get("/thu-tuc/difficulty/").status_code == 404


def test_pages_ask_few_questions() -> None:
    assert max(asked(Client(), address) for address in ADDRESSES) <= 12
