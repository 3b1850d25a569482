"""A sheet handed in: read as a person reads it, judged line by line, taken in once, taken back as one."""

import pytest
from django.db import connection

from cast import WARD
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.matters.sheets.room import MATTERS
from haicap.matters.state import Matter
from haicap.papers.sheets_in import taking
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.taking import undo
from haicap.units.rights import tell_database
from matters.acting import who
from matters.sheets_at_hand import NOW, csv_of, dry, handed_in, taken, workbook

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
UGLY = [
    ["CÔNG AN THÀNH PHỐ HẢI PHÒNG", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["CÔNG AN QUẬN HỒNG BÀNG"],
    [],
    ["DANH SÁCH KHÓ KHĂN, VƯỚNG MẮC BÀN GIAO"],
    ["STT", "Số", "Ngày nhận", "Nội dung khó khăn, vướng mắc", "Nhóm", "Đơn vị (cũ)", "Ghi chú"],
    ["I", "Công an phường Sở Dầu"],
    [1, "05/SD", "16/2/26", "Trụ sở dột", "Trụ sở", "P. Sở Dầu", ""],
    [2, "06/SD", 46069, "THIEU MAY TINH", "trang thiet bi", "", ""],
    [3, "", "ngày 03 tháng 3 năm 2026", "Đường truyền chậm", "Đường truyền dữ liệu", "Sở Dầu", ""],
    [4, "08/SD", "31/02/2026", "Thiếu quân số", "Ma thuật", "", ""],
    [3, "", "03-03-2026", "Đường truyền chậm", "Đường truyền dữ liệu", "Sở Dầu", ""],
    ["", "Tổng cộng", "", "4 vướng mắc"],
    ["", "", "", "Hải Phòng, ngày 20 tháng 3 năm 2026"],
    ["", "NGƯỜI LẬP BIỂU", "", "", "TRƯỞNG CÔNG AN QUẬN"],
]


@pytest.fixture(autouse=True)
def _reach() -> None:
    tell_database(who("clerk"), "default")


def matter(subject: object) -> Matter:
    return matters.form.validate_python(MatterRow.objects.get(pk=subject).state)


def counted(batch: Batch) -> tuple[int, int, int, int]:
    return (batch.count("taken"), batch.count("there"), batch.count("listed"), batch.count("passed"))


def test_an_ugly_sheet_is_read_as_a_person_reads_it() -> None:
    data = workbook(UGLY, [(0, 0, 0, 2), (0, 3, 0, 6), (3, 0, 3, 6), (5, 1, 5, 6), (6, 5, 7, 5)])
    its = dry(handed_in(data))

    assert [(it.line.sort, it.verdict) for it in its] == [
        ("title", "passed"), ("title", "passed"), ("empty", "passed"), ("title", "passed"), ("head", "passed"),
        ("section", "passed"), ("data", "taken"), ("data", "taken"), ("data", "taken"), ("data", "listed"),
        ("data", "there"), ("total", "passed"), ("note", "passed"), ("note", "passed"),
    ]  # fmt: skip
    first, second, third = (it.record for it in its[6:9])
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.title, first.unit, first.answers["kind"], first.source["number"]) == (
        "Trụ sở dột", WARD, "headquarters", "05/SD",
    )  # fmt: skip
    assert [f"{it.received:%d/%m/%Y %H:%M %Z}" for it in (first, second, third)] == [
        "16/02/2026 08:00 +07", "16/02/2026 08:00 +07", "03/03/2026 08:00 +07",
    ]  # fmt: skip
    assert second.answers["kind"] == "equipment"
    assert [(it.cell, it.reason) for it in its[9].faults] == [
        ("C10", "not-a-date:received"), ("E10", "not-a-choice:kind"),
    ]  # fmt: skip
    assert its[10].faults[0].reason == "twice:9"


def test_taken_in_once_however_often_it_is_handed_in() -> None:
    data = workbook(UGLY)
    first = taken(handed_in(data))
    assert counted(first) == (3, 1, 1, 9)
    assert first.lines == len(first.rows) == sum(counted(first))
    again = taken(handed_in(data))
    assert counted(again) == (0, 4, 1, 9)
    other_file = taken(handed_in(csv_of(UGLY)))
    assert counted(other_file) == (0, 4, 1, 9)
    assert MatterRow.objects.count() == 3
    its = matter(first.subjects[0])
    assert (its.unit, its.by, its.source["file"], its.source["row"]) == (
        WARD,
        "letter",
        "danh-sach.xlsx",
        "7",
    )
    assert its.source["batch"] == str(first.id)
    assert its.holder == "31-PH10"


def test_taken_back_as_one_what_nobody_went_on_with() -> None:
    from datetime import timedelta

    from matters.acting import steps

    batch = taken(handed_in(workbook(UGLY)))
    steps(
        "logistics",
        matter(batch.subjects[0]),
        "answer",
        at=NOW + timedelta(hours=1),
        outcome="guidance",
        guidance="Tự làm",
    )
    tell_database(who("clerk"), "default")
    back = undo(MATTERS, who("clerk"), batch, at=NOW + timedelta(hours=2), reason="Nhầm tệp")
    assert (back.withdrawn, back.kept) == (batch.subjects[1:], batch.subjects[:1])
    states = [matter(subject) for subject in batch.subjects]
    assert [it.state for it in states] == ["answered", "retracted", "retracted"]
    assert not [clock for clock in states[1].clocks if clock.runs]
    assert undo(MATTERS, who("clerk"), back, at=NOW + timedelta(hours=3), reason="Nhầm tệp") == back
    again = taken(handed_in(workbook(UGLY)))
    assert counted(again) == (2, 2, 1, 9)
    assert not set(again.subjects) & set(batch.subjects)


def test_cut_off_in_the_middle_it_goes_on() -> None:
    upload = handed_in(workbook(UGLY))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    class PowerCut(Exception):
        pass

    calls = []
    enter = taking.Taking.enter

    def cut(self: taking.Taking, *its: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise PowerCut
        enter(self, *its)  # type: ignore[arg-type]

    taking.Taking.enter = cut  # type: ignore[method-assign]
    try:
        with pytest.raises(PowerCut):
            taken(upload)
    finally:
        taking.Taking.enter = enter  # type: ignore[method-assign]
    assert MatterRow.objects.count() == 1
    batch = taken(upload)
    assert counted(batch) == (3, 1, 1, 9)
    assert MatterRow.objects.count() == 3
