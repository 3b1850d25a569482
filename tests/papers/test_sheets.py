"""Tables out and in again, as a spreadsheet would see them."""

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from haicap.papers.sheets import Column, UnreadableSheet, csv_stream, read, xlsx

COLUMNS = [
    Column("number", "Số hồ sơ", 24),
    Column("who", "Cán bộ thụ lý"),
    Column("money", "Kinh phí", 12, "number"),
    Column("day", "Ngày nhận", 12, "date"),
    Column("due", "Hạn", 18, "moment"),
]
ROW: Mapping[str, object] = {
    "number": "11311-26-7K00482-P",
    "who": "Nguyễn Thị Hòa",
    "money": -4_800_000,
    "day": date(2026, 2, 16),
    "due": datetime(2026, 2, 16, 17, 30, tzinfo=UTC),
}
HOSTILE = ["=1+1", "+84900", "-2", "@SUM(A1)", "\tx", "＝1", "'=1", '=HYPERLINK("x")']


def text(rows: list[Mapping[str, object]]) -> str:
    return b"".join(csv_stream(COLUMNS, rows)).decode()


def test_csv_opens_in_excel_with_vietnamese_letters_and_time() -> None:
    assert text([ROW]) == (
        "\ufeffSố hồ sơ,Cán bộ thụ lý,Kinh phí,Ngày nhận,Hạn\r\n"
        "11311-26-7K00482-P,Nguyễn Thị Hòa,-4800000,16/02/2026,17/02/2026 00:30\r\n"
    )


@pytest.mark.parametrize("typed", HOSTILE)
def test_csv_turns_no_text_into_a_formula(typed: str) -> None:
    data = b"".join(csv_stream(COLUMNS[:1], [{"number": typed}]))
    assert data.decode().splitlines()[1].lstrip('"').startswith("'")
    assert read(data) == [{"Số hồ sơ": typed.strip()}]


def test_csv_comes_in_pieces() -> None:
    pulled: list[int] = []

    def rows() -> Iterator[Mapping[str, object]]:
        for serial in range(2_000):
            pulled.append(serial)
            yield {"number": str(serial)}

    stream = csv_stream(COLUMNS[:1], rows())
    start = next(stream) + next(stream)
    assert 0 < len(pulled) < 2_000
    assert (start + b"".join(stream)).splitlines()[1:] == [str(serial).encode() for serial in pulled]


def cells(data: bytes) -> list[list[object]]:
    return python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_xlsx_keeps_kinds() -> None:
    made = xlsx(COLUMNS, [ROW, {"money": Decimal("12.5")}], "Việc quá hạn")
    assert cells(made) == [
        [column.label for column in COLUMNS],
        [ROW["number"], ROW["who"], -4_800_000.0, date(2026, 2, 16), datetime(2026, 2, 17, 0, 30)],  # noqa: DTZ001
        ["", "", 12.5, "", ""],
    ]


def test_xlsx_writes_no_formula_and_no_link() -> None:
    made = xlsx(COLUMNS[:1], [{"number": it} for it in [*HOSTILE, "https://example.org"]], "Thử")
    assert [row[0] for row in cells(made)[1:]] == [*HOSTILE, "https://example.org"]


def test_xlsx_keeps_what_a_number_or_a_date_of_a_sheet_cannot_hold_as_text() -> None:
    rows = [{"money": 10**17}, {"day": date(1890, 5, 19)}, {"who": "x" * 40_000}]
    made = cells(xlsx(COLUMNS, rows, "Thử"))
    assert (made[1][2], made[2][3]) == ("100000000000000000", "1890-05-19")
    assert made[3][1] == "x" * 32_766 + "…"


@pytest.mark.parametrize(
    ("title", "name"),
    [("Việc: tháng 2/2026", "Việc  tháng 2 2026"), ("", "1"), ("x" * 40, "x" * 31), ("'Tổng'", "Tổng")],
)
def test_any_title_makes_a_sheet_name(title: str, name: str) -> None:
    assert python_calamine.load_workbook(io.BytesIO(xlsx(COLUMNS, [], title))).sheet_names == [name]


def test_the_same_rows_give_the_same_workbook() -> None:
    assert xlsx(COLUMNS, [ROW], "Thử") == xlsx(COLUMNS, [ROW], "Thử")


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = [{"due": datetime(2026, 2, 16)}]  # noqa: DTZ001  the point of the test
    with pytest.raises(ValueError, match="without a time zone"):
        xlsx(COLUMNS, naive, "Thử")
    with pytest.raises(ValueError, match="without a time zone"):
        text([*naive])


printable = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(st.fixed_dictionaries({"number": printable, "who": printable})))
def test_what_goes_out_comes_in_again(rows: list[Mapping[str, object]]) -> None:
    columns = COLUMNS[:2]
    expected = [{column.label: row[column.code] for column in columns} for row in rows]
    assert read(b"".join(csv_stream(columns, rows))) == expected


def test_a_workbook_is_read_by_its_heads(tmp_path: Path) -> None:
    path = tmp_path / "việc.xlsx"
    path.write_bytes(xlsx(COLUMNS, [ROW], "Thử"))
    assert read(path) == [
        {"Số hồ sơ": "11311-26-7K00482-P", "Cán bộ thụ lý": "Nguyễn Thị Hòa", "Kinh phí": "-4800000",
         "Ngày nhận": "2026-02-16", "Hạn": "2026-02-17T00:30:00"}
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_office_is_read(delimiter: str) -> None:
    data = f"\ufeffTên{delimiter}Số\r\n\r\n Hòa {delimiter}\r\nNgọc\r\n".encode()
    assert read(data) == [{"Tên": "Hòa", "Số": ""}, {"Tên": "Ngọc", "Số": ""}]


def book(cells: Mapping[str, object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet()
        for cell, value in cells.items():
            sheet.write(cell, value)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "fault", "cell"),
    [
        ("Ten\nCuong\nTên".encode("cp1258"), "encoding", "A3"),
        (b"PK\x03\x04 no book", "book", ""),
        (b"", "empty", ""),
        (b"\n;;\n", "empty", ""),
        (b"a,,c\n1,2,3\n", "unnamed", "B1"),
        (b"\na,b,a\n", "twice", "C2"),
        (b"a,b\n1,2\n1,2,3\n", "beyond", "C3"),
        (b'a,b\n"1,2\n', "quotes", "A2"),
        (book({"B2": "a", "C2": "b", "C3": 1}), "unnamed", "A2"),
        (book({"A1": "a", "A2": 1, "B5": "x"}), "beyond", "B5"),
    ],
)
def test_what_cannot_be_read_names_the_cell(data: bytes, fault: str, cell: str) -> None:
    with pytest.raises(UnreadableSheet) as refused:
        read(data)
    assert (refused.value.fault, refused.value.cell) == (fault, cell)
    assert str(refused.value).startswith(f"Ô {cell}: " if cell else "")
    assert str(refused.value).endswith(".")


def test_a_table_without_rows_is_empty() -> None:
    assert read(b"a,b\n") == []
