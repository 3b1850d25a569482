"""Who is competent: one row answers or nobody does, and a sentence says why."""

import datetime as dt

import pytest

from haicap.matters.competence import Flaw, Table, competent, gaps_and_overlaps, parse, shipped, why
from haicap.matters.procedures import Malformed
from haicap.matters.procedures import shipped as procedures
from haicap.matters.proving import flaws

TOY = """
code = "ladders"
[name]
vi = "Thang"
en = "Ladders"
[valid]
from = 2025-07-01
[dimension.height]
vi = "Chiều cao"
en = "Height"
[dimension.height.of]
low = { vi = "thấp", en = "low" }
high = { vi = "cao", en = "high" }
[unit]
PH10 = { vi = "PH10 – Phòng Hậu cần", en = "PH10 – Logistics" }
commune = { vi = "Công an cấp xã", en = "Commune-level police" }
[[row]]
when = { height = "low" }
unit = "commune"
valid = { from = 2025-07-01 }
law = { mark = "verified", rule = { vi = "Nội quy điều 1", en = "House rule 1" } }
[[row]]
when = { height = "high" }
unit = "commune"
valid = { from = 2025-07-01, until = 2026-01-01 }
law = { mark = "memory", rule = { vi = "Nội quy điều 2", en = "House rule 2" } }
[[row]]
when = { height = "high" }
unit = "PH10"
valid = { from = 2026-01-01 }
law = { mark = "setting", rule = { vi = "Phân công nội bộ", en = "Own allocation" } }
"""


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def toy() -> Table:
    return parse(TOY)


class TestCompetent:
    def test_the_day_of_vietnam_decides(self, toy: Table) -> None:
        before = competent(toy, {"height": "high"}, at("2025-12-31T23:59:00+07:00"))
        after = competent(toy, {"height": "high"}, at("2025-12-31T17:00:00+00:00"))
        assert before
        assert before.unit == "commune"
        assert after
        assert after.unit == "PH10"

    @pytest.mark.parametrize("facts", [{}, {"height": "steep"}, {"height": None}, {"height": True}])
    def test_what_is_not_known_is_nobody(self, toy: Table, facts: dict[str, object]) -> None:
        assert competent(toy, facts, at("2026-05-01T00:00:00+07:00")) is None

    def test_before_the_first_row_nobody(self, toy: Table) -> None:
        assert competent(toy, {"height": "low"}, at("2025-06-30T12:00:00+07:00")) is None

    def test_two_rows_that_answer_are_no_answer(self) -> None:
        table = parse(TOY.replace(", until = 2026-01-01", ""))
        assert competent(table, {"height": "high"}, at("2026-05-01T00:00:00+07:00")) is None

    @pytest.mark.parametrize(
        ("height", "day", "vi", "en"),
        [
            ("low", "2025-08-01", "Vì chiều cao là “thấp”: Công an cấp xã, theo Nội quy điều 1.",
             "Because height is “low”: Commune-level police, by House rule 1."),
            ("high", "2025-08-01", "Vì chiều cao là “cao”: Công an cấp xã, "
             "theo Nội quy điều 2 (chưa đối chiếu văn bản).",
             "Because height is “high”: Commune-level police, by House rule 2 (not yet checked against the text)."),
            ("high", "2026-08-01", "Vì chiều cao là “cao”: PH10 – Phòng Hậu cần, "
             "do nơi vận hành quy ước: Phân công nội bộ.",
             "Because height is “high”: PH10 – Logistics, as set by the operator: Own allocation."),
        ],
    )  # fmt: skip
    def test_why(self, toy: Table, height: str, day: str, vi: str, en: str) -> None:
        row = competent(toy, {"height": height}, at(f"{day}T08:00:00+07:00"))
        assert row
        assert why(row, "vi") == vi
        assert why(row, "en") == en


class TestGapsAndOverlaps:
    def test_none(self, toy: Table) -> None:
        assert gaps_and_overlaps(toy) == []

    def test_a_gap_has_its_values_and_its_dates(self) -> None:
        table = parse(TOY.replace("until = 2026-01-01", "until = 2025-12-01"))
        gap = Flaw("gap", (("height", "high"),), dt.date(2025, 12, 1), dt.date(2026, 1, 1))
        assert gaps_and_overlaps(table) == [gap]

    def test_an_overlap_names_the_units(self) -> None:
        table = parse(TOY.replace("until = 2026-01-01", "until = 2026-02-01"))
        overlap = Flaw(
            "overlap", (("height", "high"),), dt.date(2026, 1, 1), dt.date(2026, 2, 1), ("commune", "PH10")
        )
        assert gaps_and_overlaps(table) == [overlap]

    @pytest.mark.parametrize("table", shipped().values(), ids=lambda table: table.code)
    def test_shipped_tables_have_none(self, table: Table) -> None:
        assert gaps_and_overlaps(table) == []


class TestReading:
    @pytest.mark.parametrize(
        ("old", "new", "what"),
        [
            ('when = { height = "low" }', 'when = { height = "flat" }', "row 1: height is never flat"),
            ('when = { height = "low" }', 'when = { width = "low" }', "row 1: width is never low"),
            ('unit = "PH10"', 'unit = "PX01"', "row 3: PX01 has no label"),
            ('unit = "PH10"', 'unit = "somebody"', "row.2.unit"),
            ('mark = "memory"', 'mark = "rumour"', "row.1.law.mark"),
            ("[valid]", "[valid", "line"),
        ],
    )
    def test_a_fault_is_named(self, old: str, new: str, what: str) -> None:
        with pytest.raises(Malformed) as caught:
            parse(TOY.replace(old, new, 1))
        assert any(what in fault for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("table", "facts", "unit"),
    [
        ("crime", {"place": "commune", "severity": "serious", "group": "drugs"}, "PC01"),
        ("crime", {"place": "commune", "severity": "very-serious", "group": "drugs"}, "PC04"),
        ("crime", {"place": "commune", "severity": "particularly-serious", "group": "social-order"}, "PC02"),
        ("crime", {"place": "province", "severity": "less-serious", "group": "economy"}, "PC03"),
        ("crime", {"place": "province", "severity": "serious", "group": "other"}, "PC01"),
        ("difficulty", {"kind": "headquarters"}, "PH10"),
        ("difficulty", {"kind": "staffing"}, "PX01"),
        ("difficulty", {"kind": "foreigners"}, "PA08"),
        ("sector", {"sector": "fire"}, "PC07"),
        ("sector", {"sector": "vehicles"}, "PC08"),
        ("sector", {"sector": "judicial-records"}, "PV06"),
        ("procedure", {"procedure": "identity-card"}, "PC06"),
        ("complaint", {"instance": "first", "against": "commune-act"}, "commune"),
        ("complaint", {"instance": "first", "against": "enforcement-chief"}, "PX05"),
        ("denunciation", {"against": "commune-chief"}, "PX05"),
    ],
)
def test_shipped_answers(table: str, facts: dict[str, str], unit: str) -> None:
    row = competent(shipped()[table], facts, at("2026-08-01T08:00:00+07:00"))
    assert row
    assert row.unit == unit


def test_every_table_is_asked_by_a_procedure() -> None:
    assert set(shipped()) == {procedure.competence for procedure in procedures() if procedure.competence}


def test_check_lists_gaps_as_notes_and_overlaps_as_wrong() -> None:
    table = shipped()["crime"]
    assert list(flaws(table)) == []
    gaps = list(flaws(table.model_copy(update={"row": table.row[1:]})))
    assert gaps
    assert all(it.note and it.what.startswith("gap") for it in gaps)
    overlaps = list(flaws(table.model_copy(update={"row": (table.row[0], *table.row)})))
    assert overlaps
    assert all(not it.note and it.what.startswith("overlap") for it in overlaps)
