"""The daily bulletin: every figure is the length of its list, as of its hour, one page, and stays once it is signed."""

from datetime import date, timedelta
from typing import Any

import pytest

from cast import WARD
from duty.desk import HOUR, MINUTE, closes, opens, reports, this_morning, writes
from haicap.clocks.documents import NATION, document_id
from haicap.clocks.wall import day_of
from haicap.duty import bulletin, printing, ruling
from haicap.duty.counting import CODES, Scope, behind
from haicap.duty.entries import BulletinIssued
from haicap.duty.window import Window, newest, window_of
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.papers.editions import LETTERHEAD, Letterhead, code_of, publish
from haicap.units.rights import Refused, tell_database
from matters.acting import steps
from pages import crime_report, difficulty, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
DAY = timedelta(days=1)


def window() -> Window:
    """The day that ended this morning at seven, whatever time it is now."""
    return Window(this_morning() - DAY - DAY, this_morning() - DAY)


def ward(account: str = "clerk") -> Scope:
    return Scope(person(account), WARD, "31", whole=False)


def province() -> Scope:
    tell_database(person("director"))
    return Scope(person("director"), "31", "31", whole=True)


def figures(said: BulletinIssued) -> dict[str, int]:
    return {it.code: it.now for it in said.figures}


def a_day() -> None:
    """Work and lines in the window, before and after it."""
    end = window().until
    for hours in (-30, -20, -10, -1, 3):
        writes(f"Sự việc {hours}", at=end + hours * HOUR)
    fire = writes("Cháy kho", case="fire", at=end - 6 * HOUR)
    reports(fire, "phone", at=end - 6 * HOUR + 9 * MINUTE)
    reports(fire, "written", at=end - HOUR)
    missing = writes("Tai nạn", case="traffic", at=end - 5 * HOUR)
    reports(missing, "phone", at=end + HOUR)
    down = writes("Mất cáp", "line-down", at=end - 4 * HOUR)
    closes(down, at=end + 2 * HOUR)
    opens(at=end - 20 * HOUR, hours=48)
    for days in (20, 40):
        difficulty(f"Vướng mắc {days}", days_ago=days)
    crime_report("Mất xe", days_ago=3)


def test_every_figure_is_the_length_of_its_list() -> None:
    a_day()
    for scope in (ward(), province()):
        said = bulletin.made(scope, window())
        assert {code: behind(scope, code, window()).count() for code in CODES} == figures(said)
        before = {it.code: it.before for it in said.figures}
        assert {code: behind(scope, code, window().earlier(1)).count() for code in CODES} == before


def test_it_tells_the_day_as_it_was_at_its_hour() -> None:
    a_day()
    said = bulletin.made(ward(), window())
    its = figures(said)
    assert (its["incidents"], its["quick"], its["quick-late"], its["outages"]) == (5, 2, 2, 1)
    assert {it.text: it.quick for it in said.incidents if it.quick != "none"} == {
        "Cháy kho": "late", "Tai nạn": "missing",
    }  # fmt: skip
    assert [(it.minutes, it.until) for it in said.outages] == [(240, None)]
    assert [it.commands for it in said.on_duty] == [True, False]


def test_what_is_written_later_changes_nothing() -> None:
    a_day()
    end = window().until
    report = crime_report("Mất xe đạp", days_ago=4)
    before = bulletin.made(ward(), window()).model_dump()
    writes("Ghi muộn", at=end + HOUR, happened=end - HOUR)
    steps("chief", matter_of(MatterRow.objects.get(pk=report)), "record-receipt", at=end + 5 * HOUR)
    crime_report("Trộm", days_ago=0)
    assert bulletin.made(ward(), window()).model_dump() == before


def test_a_late_entry_is_told_by_the_bulletin_of_the_day_on_which_it_was_written() -> None:
    end = window().until
    writes("Ghi muộn", at=end + HOUR, happened=end - HOUR)
    assert figures(bulletin.made(ward(), window()))["lines"] == 0
    assert figures(bulletin.made(ward(), window().earlier(-1)))["lines"] == 1


def test_it_is_compared_with_the_day_before_and_the_same_weekday() -> None:
    end = window().until
    for days in (1, 7, 7, 14, 28, 35):
        writes(f"{days}", at=end - days * DAY - HOUR)
    it = next(each for each in bulletin.made(ward(), window()).figures if each.code == "incidents")
    assert (it.now, it.before, it.usual) == (0, 1, 4)


def signs(scope: Scope, account: str) -> BulletinIssued:
    said = bulletin.made(scope, window())
    with writing(person(account), at=window().until + HOUR, subjects=[], units=[said.unit]) as pen:
        return bulletin.issue(pen, entry_id=uuid7(), scope=scope, said=said).said


def test_signed_it_stays_as_it_was() -> None:
    a_day()
    signed = signs(ward("chief"), "chief")
    difficulty("Nhập bù", days_ago=50)
    known = bulletin.issued(ward(), window().day)
    assert known is not None
    assert known.said == signed == signs(ward("chief"), "chief")
    pdf = [printing.bulletin(known.said, signed=True) for _ in range(2)]
    assert pdf[0] == pdf[1]


def test_it_has_the_letterhead_of_the_day_on_which_its_window_began() -> None:
    said = bulletin.made(ward(), window())
    pdf = printing.bulletin(said, signed=False)
    letterhead("Trực ban Hồng Bàng", since=day_of(said.until))
    assert printing.bulletin(said, signed=False) == pdf
    letterhead("Trực ban phường", since=day_of(said.since))
    assert "TRỰC BAN PHƯỜNG" in words(printing.bulletin(said, signed=False)).upper()


def letterhead(agency: str, *, since: date) -> None:
    operator, text = person("operator"), Letterhead(agency=agency).toml()
    subject = document_id("paper", code_of(LETTERHEAD, WARD))
    at = window().until
    with writing(operator, at=at, subjects=[subject], units=[NATION], channel="reference") as pen:
        publish(pen, entry_id=uuid7(), person=operator, paper=LETTERHEAD, unit=WARD, text=text, since=since)


def test_a_day_that_is_not_over_is_not_signed() -> None:
    with (
        pytest.raises(bulletin.NotOver),
        writing(person("chief"), at=window().until - HOUR, units=[WARD]) as pen,
    ):
        bulletin.issue(
            pen, entry_id=uuid7(), scope=ward("chief"), said=bulletin.made(ward("chief"), window())
        )


def test_a_clerk_signs_no_bulletin_of_the_province() -> None:
    with pytest.raises(Refused):
        signs(province(), "clerk")


@pytest.mark.parametrize("many", [0, 3, 60])
@pytest.mark.parametrize("whole", [False, True])
def test_it_is_one_page_whatever_happened(many: int, whole: bool) -> None:
    said = crowded(many, whole)
    pdf = printing.bulletin(said, signed=False)
    assert printing.pages(pdf) == 1
    text = words(pdf)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "BẢN TIN TRỰC BAN" in text
    flowing = " ".join(text.split())
    assert many == 3 or ("sự việc khác" in flowing) is (many == 60)


def crowded(many: int, whole: bool) -> BulletinIssued:
    scope = province() if whole else ward()
    line = writes("Một sự việc có nội dung rất dài, " * 20, place="Ngã tư chính, phường Hồng Bàng, " * 4)
    said = bulletin.made(scope, window().earlier(-2))
    assert figures(said)["incidents"] in (0, 1)
    told = bulletin._told(line, window().earlier(-3)).model_copy(
        update={"case": "killing", "quick": "missing"}
    )
    span = {"since": said.since, "until": said.until}
    outage = {"line": line.id, "unit": WARD, "place": "Trụ sở " * 20, "minutes": 900} | span
    commune = {"unit": WARD, "overdue": 12345, "incidents": many, "late": 3, "outages": 2, "manned": False}
    figure = [it.model_copy(update={"now": many}) if it.code == "incidents" else it for it in said.figures]
    data: dict[str, Any] = said.model_dump() | {
        "incidents": [told] * min(many, 40), "outages": [outage] * min(many, 40), "figures": figure,
        "communes": [commune] * (min(many, 40) if whole else 0), "synthetic": True,
        "on_duty": [{"name": "Cán bộ 001, Trưởng Công an phường", "commands": True} | span] * many,
    }  # fmt: skip
    return BulletinIssued.model_validate(data)


def words(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_the_day_ends_at_the_hour_that_was_set_then() -> None:
    noon = this_morning() + 5 * HOUR
    early = ruling.Ruling(noon - 3 * DAY, "05:30", "0.25 hours", "2 hours", (), "")
    its = window_of(noon.date(), [early])
    assert its.until == this_morning() - 90 * MINUTE
    assert window_of(date(2026, 1, 5), [early]).until.isoformat() == "2026-01-05T07:00:00+07:00"
    assert newest(this_morning() - MINUTE, []).until == this_morning() - DAY
    assert newest(this_morning(), []).until == this_morning()


def test_counts_are_asked_for_in_few_queries(django_assert_max_num_queries: Any) -> None:
    a_day()
    scope = province()
    with django_assert_max_num_queries(8):
        bulletin.made(scope, window())
