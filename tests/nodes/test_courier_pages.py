"""The page of courier files: who sees which, what it says of each, and that none of it is lost sight of."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings

from cast import WARD
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.handling import hand_over
from haicap.nodes.courier.book import Book, Outcome, Sent, Waits, Want, folder
from nodes.world import OTHER, joined, parent
from pages import asked, browser, crime_report, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
AT = datetime.now(UTC)
LIMIT = 13  # queries of a page, beyond the frame


@pytest.fixture
def book(tmp_path: Path, settings: Settings) -> Book:
    settings.HOME = tmp_path
    return Book(folder())


def sent(book: Book, to: UUID, number: int, **more: object) -> None:
    its = {
        "number": number, "to": to, "name": "", "at": AT - timedelta(days=9 - number), "size": 900, "heads": {},
        "file": f"tep-{number}.haicap", "digest": f"{to.int % 1000}-{number}", "entries": 14, "blobs": False,
    }  # fmt: skip
    book.note_sent(Sent.model_validate(its | more))


def waits(book: Book, sender: UUID, **more: object) -> None:
    coming = book.part("coming") / "x.haicap"
    coming.write_bytes(b"sealed")
    want = Want(stream=uuid4(), unit=WARD, channel="work", seq=40, have=12)
    its = Waits(
        sender=sender, number=3, at=AT - timedelta(days=4), since=AT - timedelta(days=3), wanted=(want,)
    )
    book.let_wait(coming, f"digest {sender}", its.model_copy(update=more))


def filled(book: Book) -> dict[str, UUID]:
    """A province with files to and from two of its wards."""
    its = {unit: joined(unit).node for unit in (WARD, OTHER)}
    ward, other = its[WARD], its[OTHER]
    assert ward is not None
    assert other is not None
    sent(book, ward, 1)
    gap = Outcome(stream=uuid4(), unit=WARD, channel="reference", seq=3, hash="00", why="gap")
    held = Outcome(
        stream=uuid4(),
        unit=WARD,
        channel="work",
        seq=3,
        hash="00",
        held={"a": "grant-unknown", "b": "grant-unknown"},
    )
    sent(book, ward, 2, confirmed=AT - timedelta(days=1), outcomes=(gap, held), blobs=True)
    sent(book, ward, 3)
    sent(book, other, 1)
    waits(book, ward, attempts=2, fault="full")
    return {"ward": ward, "other": other}


def test_the_page_tells_what_waits_and_what_was_not_confirmed(book: Book) -> None:
    filled(book)
    page = html(browser("operator"), "/nodes/courier/")
    for said in (
        "công việc của Công an phường Hồng Bàng: cần đến mục 40, mới có 12",
        "đĩa đã đầy",
        "đã gửi, chưa xác nhận",
        "tệp sau đã đến",
        "2 mục bị giữ",
        "danh mục chung của Công an phường Hồng Bàng: chờ các mục đến trước",
        "14 mục, kèm tệp",
        "tep-3.haicap",
        "3 ngày",
    ):
        assert said in page, said
    english = browser("operator")
    english.cookies["django_language"] = "en"
    page = html(english, "/nodes/courier/")
    for said in (
        "Courier files",
        "sent, not confirmed",
        "a later file has arrived",
        "2 entries held",
        "the disk is full",
    ):
        assert said in page, said


def test_everybody_sees_the_files_of_those_nodes_that_they_may_see(book: Book) -> None:
    filled(book)
    assert html(browser("clerk"), "/nodes/courier/", 404)
    page = html(browser("chief"), "/nodes/courier/")
    assert page.count("tep-1.haicap") == 1  # the other ward's has the same name
    assert "tep-" not in html(browser("outsider"), "/nodes/courier/")
    assert "tep-" not in html(browser("outsider"), "/nodes/courier/?format=csv")
    assert html(browser("director"), "/nodes/courier/").count("tep-1.haicap") == 2


def test_a_ward_sees_the_files_to_its_parent(book: Book) -> None:
    above = parent()
    sent(book, above.id, 1)
    page = html(browser("chief"), "/nodes/courier/")
    assert "Công an thành phố Hải Phòng" in page
    assert "tep-1.haicap" in page
    assert "tep-" not in html(browser("outsider"), "/nodes/courier/")


def test_where_nothing_was_ever_carried_the_page_says_so_and_makes_no_folder(book: Book) -> None:
    assert "Chưa đóng gói tệp nào" in html(browser("operator"), "/nodes/courier/")
    assert not book.place.exists()
    assert 'href="/nodes/courier/"' in html(browser("operator"), "/nodes/")


def test_the_list_is_taken_away(book: Book) -> None:
    filled(book)
    answer = browser("auditor").get("/nodes/courier/?format=csv")
    text = b"".join(answer).decode()
    assert len(text.splitlines()) == 5
    assert "chờ các mục đến trước" in text


def test_the_page_asks_the_database_little(book: Book) -> None:
    filled(book)
    assert asked(browser("operator"), "/nodes/courier/") <= LIMIT


def handed_to_another_province(to: str = "00004") -> str:
    subject = crime_report("Mất xe máy")
    with writing(person("chief"), at=AT, subjects=[subject], units=[WARD]) as pen:
        return hand_over(pen, entry_id=uuid7(), subject=subject, to=to).number


def test_matters_for_other_provinces_are_listed_until_they_have_arrived(book: Book) -> None:
    number = handed_to_another_province()
    assert number not in html(
        browser("director"), "/nodes/courier/"
    )  # within one node nothing need be carried
    above = parent("31")
    page = html(browser("director"), "/nodes/courier/")
    assert f"courier pack 01 TỆP --matter {number}" in page
    assert "Hồ sơ cần chuyển sang tỉnh khác" in page
    sent(book, above.id, 1, matter=number)
    assert "chưa xác nhận" in html(browser("director"), "/nodes/courier/")
    sent(book, above.id, 1, matter=number, confirmed=AT)
    assert "--matter" not in html(browser("director"), "/nodes/courier/")


def test_a_matter_says_how_it_goes_to_another_province(book: Book) -> None:
    number = handed_to_another_province()
    page = f"/matters/{number}/"
    assert "tệp chuyển tay" not in html(browser("director"), page)
    above = parent("31")
    assert "bằng tệp chuyển tay. Chưa đóng gói." in html(browser("director"), page)
    assert 'href="/nodes/courier/"' in html(browser("director"), page)
    sent(book, above.id, 1, matter=number)
    assert "chưa xác nhận đã đến" in html(browser("director"), page)
    sent(book, above.id, 1, matter=number, confirmed=AT)
    assert "Đã đến nơi lúc" in html(browser("director"), page)


def test_a_commune_says_that_the_province_carries_it(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    number, here = handed_to_another_province(), handed_to_another_province(to=OTHER)
    parent(WARD)
    monkeypatch.setattr("haicap.matters.transferring.due.decides_here", lambda: False)
    assert "Nút của tỉnh đóng gói và mang đi." in html(browser("chief"), f"/matters/{number}/")
    assert "tệp chuyển tay" not in html(browser("chief"), f"/matters/{here}/")
