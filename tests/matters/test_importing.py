"""Published difficulties become matters, whole and without inventions, and come out again as tables."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from haicap.matters import difficulties
from haicap.matters.exporting import export
from haicap.matters.fold import matters
from haicap.matters.importing import Report, import_difficulties, subject_of
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.papers.sheets import read

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
FILE = difficulties._HERE / "difficulties.csv"
ROW = {
    "number": "1", "province": "Hải Phòng", "date": "27/08/2025", "category": "data lines",
    "difficulty": "Đường truyền chập chờn", "answer": "", "publication": "Báo A",
}  # fmt: skip


def published() -> Report:
    return import_difficulties(read(FILE), at=NOW)


def matter(number: int) -> Matter:
    it = next(each for each in difficulties.published() if each.number == number)
    row = MatterRow.objects.using("worker").get(pk=subject_of(it))
    return matters.form.validate_python(row.state)


def test_every_published_difficulty_is_raised_where_it_was_raised_and_only_once() -> None:
    first, second = published(), published()
    assert (len(first.created), first.unchanged, first.refused) == (37, (), ())
    assert second == Report((), first.created, ())
    assert MatterRow.objects.using("worker").filter(synthetic=False, procedure="difficulty").count() == 37
    assert [matter(number).unit for number in (1, 7, 24, 32)] == ["31", "22", "10210", "BCA"]
    assert matter(1).received == datetime(2025, 8, 27, 2, 0, tzinfo=UTC)
    assert matter(19).received == datetime(2025, 1, 1, 2, 0, tzinfo=UTC)
    assert matter(36).title == "Khối lượng công việc lớn trong những ngày đầu"
    assert matter(1).source["publication"] == "Lao Động 27/08/2025"
    assert matter(20).source | {"number": "20", "place": "Gia Lai", "date": "03/2025"} == matter(20).source


def test_an_answer_says_no_more_than_the_publication() -> None:
    published()
    assert (matter(3).state, matter(3).holder, matter(3).outcome) == ("raised", "31-PV01", None)
    assert (matter(1).state, matter(1).outcome, matter(1).ended) == ("answered", "own-means", None)
    assert matter(1).facts["measure"] == matter_text(1)
    for number, read_as in (
        (31, "rule-changed"),
        (35, "asked-authority"),
    ):  # no paper, authority or date is stated
        it = matter(number)
        assert (it.outcome, it.source["outcome"]) == ("guidance", read_as)
        assert it.facts["guidance"] == matter_text(number)
        assert not {"authority", "paper", "answer_due", "rule_paper"} & it.facts.keys()
    assert (matter(12).state, matter(12).comments) == ("raised", 1)


def matter_text(number: int) -> str | None:
    return next(it.answer_vi for it in difficulties.published() if it.number == number)


def test_what_no_table_of_that_day_answers_is_held_by_nobody() -> None:
    published()
    assert matter(34).holder is None  # raised for the nation, days before the first table was in force
    assert matter(19).holder is None
    assert matter(7).holder == "22-PV01"


def test_what_cannot_be_read_is_told_by_cell_and_the_rest_is_taken() -> None:
    rows = [
        ROW,
        ROW | {"number": "2", "province": "Atlantis", "date": "when it rained"},
        ROW | {"number": "3", "date": "2031"},
        ROW | {"number": "4", "date": "01/12/2024"},
        ROW | {"number": "5", "outcome": "not-competent", "answer": "Thuộc đơn vị khác"},
    ]
    report = import_difficulties(rows, at=NOW)
    assert len(report.created) == 2
    told = [(it.row, problem.column, problem.value) for it in report.refused for problem in it.problems]
    assert told == [
        (2, "date", "when it rained"), (2, "province", "Atlantis"), (3, "date", "2031"), (4, "date", "01/12/2024"),
    ]  # fmt: skip
    states = (
        MatterRow.objects.using("worker").filter(number__in=report.created).values_list("status", "outcome")
    )
    assert set(states) == {("raised", None), ("raised", "not-competent")}


def test_tables_come_out_for_programs() -> None:
    report = published()
    table = b"".join(export("difficulties", "csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["number"] for row in rows} == set(report.created)
    assert sorted(int(row["source_number"]) for row in rows) == list(range(1, 38))
    here = read(b"".join(export("matters", "xlsx", unit="31", since=date(2025, 8, 27))))
    assert [row["unit"] for row in here] == ["31"] * 6
    assert list(export("matters", "csv", since=date(2026, 1, 1)))[1:] == []
