"""Lists of former units' means: read as a person reads them, taken in once, into the units of today, taken back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cast import WARD
from haicap.means.handover.premises import today_of
from haicap.means.handover.room import MEANS
from haicap.means.holdings import held
from haicap.means.lines.models import CircuitRow
from haicap.means.premises.fold import Site
from haicap.means.premises.models import SiteRow
from haicap.means.premises.queries import site_of
from haicap.means.things import recording
from haicap.means.things.models import ThingRow
from haicap.means.things.queries import thing_of
from haicap.papers.sheets_in import taking
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.taking import undo
from haicap.units.rights import Refused, tell_database
from haicap.units.sign_in import today
from matters.sheets_at_hand import csv_of, workbook
from means.lists_at_hand import FILES, LINES, NOW, PREMISES, THINGS, handed_over, list_in, looked_at, took
from means.store import NEXT, does, records
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


QUAN_TOAN = "11602"  # whose territory is Hồng An's today


@pytest.fixture(autouse=True)
def _reach() -> None:
    tell_database(person("logistics"), "default")


def counted(batch: Batch) -> tuple[int, int, int, int]:
    return (batch.count("taken"), batch.count("there"), batch.count("listed"), batch.count("passed"))


def faults(rows: list[list[object]], sort: str) -> list[list[str]]:
    its = looked_at(list_in(workbook(rows), sort=sort))
    return [[f"{fault.cell} {fault.reason}" for fault in it.faults] for it in its if it.verdict == "listed"]


def test_a_list_of_things_is_read_as_a_person_reads_it() -> None:
    its = looked_at(list_in(workbook(THINGS, [(0, 0, 0, 3), (0, 4, 0, 8)])))
    assert [it.verdict for it in its] == [
        "passed", "passed", "passed", "passed", "passed", "taken", "taken", "taken", "passed", "taken", "listed",
        "listed", "listed", "passed", "passed", "passed",
    ]  # fmt: skip
    computer, printers, chairs, bike = (it.record for it in its if it.verdict == "taken")
    assert (computer.unit, printers.unit, chairs.unit) == (WARD, WARD, WARD)
    assert bike.unit == QUAN_TOAN
    assert [(it.its.kind.code, it.count, it.its.condition) for it in (computer, printers, chairs, bike)] == [
        ("computer", 1, "good"), ("printer", 3, "worn"), ("chair", 20, "good"), ("motorcycle", 1, "broken"),
    ]  # fmt: skip
    assert (computer.its.serials, computer.its.bought.year, computer.its.bought.price) == (
        ("SN-88120",),
        2021,
        "14500000",
    )
    assert printers.its.bought.price == "4000000"  # the list has one sum for three
    assert (bike.its.plate, bike.its.bought.on, bike.its.bought.price) == (
        "15B1-012.34",
        date(2019, 2, 16),
        "32500000",
    )
    assert chairs.its.bought.year == 2018
    assert its[12].faults[0].reason == "twice:6"  # one machine in two wards: somebody has to say where it is


def test_what_is_not_understood_is_listed_cell_by_cell() -> None:
    assert faults(THINGS, "things") == [
        ["B11 not-a-choice:kind"],
        [
            "E12 not-a-number:count",
            "F12 not-a-choice:condition",
            "G12 not-a-year:bought",
            "H12 not-an-amount:total",
        ],
        [" twice:6"],
    ]
    assert [sorted(its) for its in faults(PREMISES, "premises")] == [[
        " no-unit:unit", "D4 not-an-area:land", "F4 needed:certificate", "G4 needed:floor", "I4 not-a-year:year",
    ]]  # fmt: skip
    assert faults(LINES, "lines") == [[
        "D4 needed:number", "F4 not-a-choice:medium", "G4 not-a-rate:down", "H4 not-a-date:begun",
    ]]  # fmt: skip


def test_taken_in_once_however_often_it_is_handed_in() -> None:
    first = handed_over(THINGS)
    assert counted(first) == (4, 0, 3, 9)
    assert first.lines == len(first.rows) == sum(counted(first))
    assert ThingRow.objects.count() == 6  # three printers are three things
    assert counted(handed_over(THINGS)) == (0, 5, 2, 9)
    assert counted(took(list_in(csv_of(THINGS)))) == (0, 5, 2, 9)
    assert ThingRow.objects.count() == 6
    row = ThingRow.objects.get(serial="SN-88120")
    its = thing_of(row)
    assert (its.unit, its.way, its.batch, its.paper, its.put.place) == (
        WARD, "handed-over", first.id, "ban-giao.xlsx", "Phòng trực"
    )  # fmt: skip
    counts = held(person("logistics"), [WARD, QUAN_TOAN])
    assert {at: its.all for at, its in counts.items() if at[1] in ("computer", "printer", "chair", "motorcycle")} == {
        (WARD, "computer"): 1, (WARD, "printer"): 3, (WARD, "chair"): 20, (QUAN_TOAN, "motorcycle"): 1,
    }  # fmt: skip
    assert counts[QUAN_TOAN, "motorcycle"].fit == 0


def test_what_a_unit_recorded_itself_is_there() -> None:
    records("computer", serials=("SN-88120",))
    tell_database(person("logistics"), "default")
    assert counted(handed_over(THINGS)) == (3, 2, 2, 9)


def test_taken_back_but_what_somebody_went_on_with() -> None:
    batch = handed_over(THINGS)
    second = ThingRow.objects.filter(kind="printer").exclude(pk__in=batch.subjects).first()
    assert second is not None
    does(recording.judge, thing_of(second), condition="broken", when=today())
    tell_database(person("logistics"), "default")
    back = undo(MEANS, person("logistics"), batch, at=NOW, reason="Nhầm tệp")
    assert len(back.withdrawn) == 3
    assert len(back.kept) == 1  # the line of the three printers, of which one was looked at
    assert sorted(ThingRow.objects.filter(gone=None).values_list("kind", flat=True)) == ["printer"] * 3
    assert set(ThingRow.objects.exclude(gone=None).values_list("mistake", flat=True)) == {True}
    counts = held(person("logistics"), [WARD])
    assert {kind for _unit, kind in counts if counts[WARD, kind].all} >= {"printer"}
    assert (WARD, "chair") not in counts
    assert undo(MEANS, person("logistics"), back, at=NOW, reason="Nhầm tệp") == back
    again = handed_over(THINGS)
    assert counted(again) == (3, 1, 3, 9)
    assert not set(again.subjects) & set(batch.subjects)


def site(name: str) -> Site:
    return site_of(SiteRow.objects.get(name=name))


def test_premises_go_to_the_unit_in_whose_territory_they_lie() -> None:
    batch = handed_over(PREMISES, sort="premises", fixed={"former": "Công an quận Hồng Bàng"})
    assert counted(batch) == (2, 0, 1, 2)
    its = site("Trụ sở Công an quận Hồng Bàng")
    assert its.unit == WARD
    assert its.details.former is not None
    assert (its.details.former.level, its.details.land.area, its.details.land.certificate) == (
        "district", "1250.5", "BK 112233"
    )  # fmt: skip
    assert its.details.address == "17 Đinh Tiên Hoàng, Phường Hồng Bàng, Thành phố Hải Phòng"
    assert its.details.old_address == "17 Đinh Tiên Hoàng, phường Hoàng Văn Thụ, quận Hồng Bàng"
    assert its.floor == Decimal(2480)
    assert its.buildings[0].condition == "damaged"
    assert its.buildings[0].newest is not None
    assert its.buildings[0].newest.said.wrong == "Xuống cấp"
    assert counted(handed_over(PREMISES, sort="premises")) == (0, 2, 1, 2)
    undo(MEANS, person("logistics"), batch, at=NOW, reason="Nhầm tệp")
    assert [it.floor for it in map(site_of, SiteRow.objects.all())] == [0, 0]
    assert set(SiteRow.objects.values_list("mistake", flat=True)) == {True}
    assert counted(handed_over(PREMISES, sort="premises")) == (2, 0, 1, 2)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 Lê Lợi, phường Máy Chai, quận Ngô Quyền", "12 Lê Lợi, Phường Ngô Quyền, Thành phố Hải Phòng"),
        ("Phường Sở Dầu, quận Hồng Bàng, Hải Phòng", "Phường Hồng Bàng, Thành phố Hải Phòng"),
        ("2 Trần Phú, phường Máy Tơ, quận Ngô Quyền", "2 Trần Phú, phường Máy Tơ, quận Ngô Quyền"),  # divided
        ("một nơi nào đó", "một nơi nào đó"),
        ("5 Trần Phú, phường Hồng Bàng, Hải Phòng", "5 Trần Phú, phường Hồng Bàng, Hải Phòng"),
    ],
)
def test_old_addresses_are_said_in_the_names_of_today(old: str, new: str) -> None:
    assert today_of(old) == new


def test_lines_and_files() -> None:
    batch = handed_over(LINES, sort="lines")
    assert counted(batch) == (2, 0, 1, 1)
    rows = CircuitRow.objects.order_by("number").values_list("number", "unit", "kind", "down", "up", "cost")
    assert list(rows) == [
        ("FTTH-1", QUAN_TOAN, "internet-line", 1000, 1000, 1_100_000),
        ("HPG-0771", WARD, "internal-line", 100, 50, 2_200_000),
    ]
    assert counted(handed_over(LINES, sort="lines")) == (0, 2, 1, 1)
    undo(MEANS, person("logistics"), batch, at=NOW, reason="Nhầm tệp")
    assert set(CircuitRow.objects.values_list("mistake", flat=True)) == {True}
    boxes = handed_over(FILES, sort="files", fixed={"unit": f"{WARD} · Công an phường Hồng Bàng"})
    assert counted(boxes) == (2, 0, 1, 1)
    assert sorted(ThingRow.objects.values_list("kind", "count", "name")) == [
        ("file-box", 31, "Hồ sơ đăng ký xe"), ("file-box", 84, "Hồ sơ nhân khẩu; 2005–2020; 12400 hồ sơ"),
    ]  # fmt: skip


def test_whoever_writes_for_one_unit_takes_in_for_that_alone() -> None:
    tell_database(person("clerk"), "default")
    rows = [
        THINGS[3],
        [1, "Máy in", "", "", 1, "Tốt"],
        ["II", "Công an phường Hải An"],
        [2, "Máy in", "", "", 1, "Tốt"],
    ]
    batch = handed_over(rows, "clerk")
    assert [(row.verdict, [fault.reason for fault in row.faults]) for row in batch.rows] == [
        ("passed", []), ("taken", []), ("passed", []), ("listed", ["not-yours:unit"]),
    ]  # fmt: skip
    with pytest.raises(Refused):
        took(list_in(workbook(THINGS), "logistics"), "auditor")
    assert NEXT != WARD
    assert MEANS.sorts(person("auditor")) == []


def test_a_district_above_the_lines_is_asked_for() -> None:
    rows = [THINGS[3], ["I", "Công an quận Hồng Bàng"], [1, "Máy in", "", "", 1, "Tốt"]]
    upload = list_in(workbook(rows))
    assert [it.faults[0].reason for it in looked_at(upload) if it.verdict == "listed"] == [
        "unclear-unit:unit"
    ]
    batch = handed_over(rows, places={"cong an quan hong bang": WARD})
    assert counted(batch) == (1, 0, 0, 2)


class PowerCut(Exception):
    """The machine stands still."""


def test_cut_off_in_the_middle_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    upload, enter, calls = list_in(workbook(THINGS)), taking.Taking.enter, []

    def cut(self: taking.Taking, *its: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise PowerCut
        enter(self, *its)

    with monkeypatch.context() as patched:
        patched.setattr(taking.Taking, "enter", cut)
        with pytest.raises(PowerCut):
            took(upload)
    assert ThingRow.objects.count() == 4
    assert counted(took(upload)) == (4, 0, 3, 9)  # what it brought before is its own, by number, too
    assert ThingRow.objects.count() == 6


def test_what_is_held_elsewhere_by_its_number_is_there_for_who_sees_it() -> None:
    records("computer", serials=("SN-88120",), account="neighbour", at_unit=NEXT)
    tell_database(person("clerk"), "default")
    assert counted(handed_over(THINGS, "clerk"))[:2] == (3, 0)  # the clerk sees no other ward
    tell_database(person("logistics"), "default")
    assert counted(handed_over(THINGS))[:2] == (1, 4)
    assert sorted(ThingRow.objects.filter(serial="SN-88120").values_list("unit", flat=True)) == [WARD, NEXT]
