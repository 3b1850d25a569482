"""A room that takes lists in says what is its own: here a toy room's list, read cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from haicap.journal.pen import Pen
from haicap.papers.books import Sheet
from haicap.papers.figures import amount, whole
from haicap.papers.sheets_in import plans, room
from haicap.papers.sheets_in.cells import written
from haicap.papers.sheets_in.choosing import YES_OR_NO, choose, options_of
from haicap.papers.sheets_in.judging import table_of
from haicap.papers.sheets_in.places import Places
from haicap.papers.sheets_in.reading import Ground, Reading, unclear, unmatched
from haicap.papers.sheets_in.targets import Target, unit_targets, words_of
from haicap.papers.sheets_in.words import all_said
from haicap.units.models import UnitRow
from haicap.units.rights import Person

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
STATES = {"good": "Tốt", "broken": "Hỏng"}
WARDS = [
    UnitRow(
        code="11311",
        name="Công an phường Hồng Bàng",
        name_en="Hồng Bàng ward police",
        level="commune",
        words="",
    ),
    UnitRow(code="31-PH10", name="Phòng Hậu cần", name_en="Logistics", level="department", words=""),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(room.Record):
    count: int | None
    bought: date | None
    price: str | None
    state: str
    mended: str


class Things(room.Sort[Thing]):
    """A list of things, as any room could have one."""

    code = "things"

    def __init__(self) -> None:
        self.targets = (
            Target("name", "Tên", "sentence", frozenset({"ten tai san"}), needed=True),
            Target("count", "Số lượng", "number", frozenset({"so luong"}), needed=True),
            Target("bought", "Ngày mua", "date", frozenset({"ngay mua"})),
            Target("price", "Đơn giá", "money", frozenset({"don gia"})),
            Target("state", "Tình trạng", "choice", frozenset({"tinh trang"}), choices=STATES,
                   options=options_of({code: (code, said) for code, said in STATES.items()})),
            Target("mended", "Đã sửa", "yes-no", frozenset({"da sua"}), options=YES_OR_NO),
            *unit_targets(),
        )  # fmt: skip

    @property
    def name(self) -> str:
        return "Tài sản"

    def require(self, person: Person, unit: str) -> None:
        pass

    def record(self, reading: Reading) -> Thing | None:
        unit, name = reading.unit(), reading.words("name")
        its: dict[str, Any] = {
            "count": reading.number("count"), "bought": reading.day("bought"), "price": reading.money("price"),
            "state": reading.choice("state"), "mended": reading.choice("mended"),
        }  # fmt: skip
        return Thing(unit=unit or "", title=name, key=f"{unit}|things|{name}", **its)

    def enter(
        self, pen: Pen, record: Thing, subject: UUID, *, source: Mapping[str, str], synthetic: bool
    ) -> None:
        pass


HEADS = ("TT", "Tên tài sản", "Số lượng", "Ngày mua", "Đơn giá", "Tình trạng", "Đã sửa", "Đơn vị")


def read(
    *rows: Sequence[str], fixed: Mapping[str, str] | None = None
) -> list[tuple[Thing | None, list[str]]]:
    """What each line of a list says, and what is wrong with it, cell by cell."""
    sort = Things()
    table = table_of((Sheet("", (HEADS, *(tuple(row) for row in rows))),), plans.Plan(), sort)
    plan = plans.Plan(columns=plans.guess(table, sort.targets), fixed=fixed or {})
    ground = Ground(sort.targets, plan, Places(WARDS, None), "", AT, lambda code: code == "11311")
    assert sorted(unmatched(table.data, ground)) in ([], ["state"])
    assert set(unclear(table.data, ground)) <= {"Phường Không Có"}
    found = [sort.read(line, ground) for line in table.data]
    return [(its, [f"{fault.cell} {fault.reason}" for fault in faults]) for its, faults in found]


def test_a_line_is_read_by_the_types_of_its_columns() -> None:
    ((its, faults),) = read(
        ("1", "Xe mô tô", "1.200", "ngày 05 tháng 3 năm 2024", "32,5 triệu", "hong", "x", "11311")
    )
    assert faults == []
    assert its == Thing(
        unit="11311", key="11311|things|Xe mô tô", title="Xe mô tô", count=1200, bought=date(2024, 3, 5),
        price="32500000", state="broken", mended="yes",
    )  # fmt: skip


def test_what_is_wrong_is_told_of_every_cell_at_once() -> None:
    ((its, faults),) = read(
        ("1", "Xe mô tô", "vài", "31/02/2024", "rẻ", "Ma thuật", "", "31-PH10"),
        fixed={"mended": "khong"},
    )
    assert its is None
    assert faults == [
        "H2 not-yours:unit", "C2 not-a-number:count", "D2 not-a-date:bought", "E2 not-an-amount:price",
        "F2 not-a-choice:state",
    ]  # fmt: skip


def test_what_is_needed_and_not_there_is_told() -> None:
    ((its, faults),) = read(("1", "Xe mô tô", "", "", "", "", "", "Phường Không Có"))
    assert its is None
    assert faults == ["H2 no-unit:unit", "C2 needed:count"]
    sort = Things()
    assert [target.code for target in plans.unsaid(plans.Plan(columns={1: "name"}), sort.targets)] == [
        "count"
    ]
    assert {"ten tai san", "don vi"} <= words_of(sort.targets)


def test_sentences_name_the_cell_the_column_and_what_was_expected() -> None:
    sort = Things()
    ground = Ground(sort.targets, plans.Plan(), Places(WARDS, None), "11311", AT, lambda code: True)
    line = table_of((Sheet("", (HEADS, ("1", "Xe", "1", "", "", "?", "", ""))),), plans.Plan(), sort).data[0]
    reading = Reading(line, Ground(
        sort.targets, plans.Plan(columns={5: "state", 2: "count"}), ground.places, "11311", AT, ground.may,
    ))  # fmt: skip
    reading.choice("state")
    assert all_said(reading.faults, sort.targets) == (
        "Ô F2: “Tình trạng” không phải một trong các mục: Tốt; Hỏng."
    )


@pytest.mark.parametrize(
    ("type", "text", "plain"),
    [
        ("money", "500 triệu", "500000000"), ("money", "1,5 tỷ", "1500000000"), ("money", "500,000", "500000"),
        ("money", "rẻ", "rẻ"), ("phone", "912345678", "0912345678"), ("id_number", "31095001234", "031095001234"),
        ("number", "12 chiếc", "12"), ("text", "12 chiếc", "12 chiếc"),
    ],
)  # fmt: skip
def test_cells_as_a_form_would_have_them(type: Any, text: str, plain: str) -> None:
    assert written(type, text) == plain


def test_whole_numbers_and_sums() -> None:
    assert [whole(text) for text in ("12", "1.500", "1.5", "-1", "", str(2**53))] == [
        12,
        1500,
        None,
        None,
        None,
        None,
    ]
    assert [amount(text) for text in ("1.500.000", "12,50", "1,2,3", "x")] == ["1500000", "12.5", None, None]


def test_the_longer_word_within_a_text_is_what_it_means() -> None:
    words = options_of(
        {"car": ("xe o to", "o to"), "pickup": ("ban tai", "xe o to ban tai"), "radio": ("may bo dam",)}
    )
    assert choose("Xe ô tô bán tải Ford", words) == "pickup"
    assert choose("Xe ô tô con", words) == "car"
    assert choose("Ô tô và máy bộ đàm", words) is None
