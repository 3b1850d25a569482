"""Data lines: what is contracted, measured and imported; who may; and what the pages count."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from cast import WARD, unit
from haicap.clocks.wall import day_of
from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, writing
from haicap.means.holdings import SOURCES, Held
from haicap.means.lines import actions, importing, queries
from haicap.means.lines import entries as e
from haicap.means.lines.fold import Circuit, circuits
from haicap.means.lines.importing import number_in
from haicap.means.lines.models import CircuitRow
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.rights import Refused, tell_database
from means.premises_histories import TERMS
from pages import asked, browser, html, person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = day_of(NOW)
THEN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # when the sheets below are read
Does = Callable[[Pen], Circuit]


def does(account: str, subject: UUID, act: Does, at: datetime = NOW) -> Circuit:
    """One act of somebody of the cast on a line of the ward."""
    who = person(account)
    tell_database(who)
    with writing(who, at=at, subjects=[subject], units=[WARD]) as pen:
        return act(pen)


def contracted(account: str = "clerk", **more: Any) -> UUID:
    """A line of the ward: 100 down, 50 up."""
    subject, terms = uuid7(), TERMS.model_copy(update=more)
    does(account, subject, lambda pen: actions.contract(
        pen, entry_id=uuid7(), subject=subject, unit=unit(WARD), terms=terms
    ))  # fmt: skip
    return subject


def measured(subject: UUID, *pairs: tuple[str, str], first: datetime = NOW - timedelta(days=3)) -> Circuit:
    """Measurements an hour apart."""
    its = [e.Measure(at=first + timedelta(hours=n), down=down, up=up) for n, (down, up) in enumerate(pairs)]
    return does("clerk", subject, lambda pen: actions.measure(
        pen, entry_id=uuid7(), subject=subject, measures=its, source="import"
    ))  # fmt: skip


def holding() -> Held | None:
    tell_database(person("logistics"))
    return next(iter(SOURCES["line"].held(person("logistics"), [WARD])), None)


def test_the_median_of_the_worse_direction_is_what_a_line_does() -> None:
    subject = contracted()
    circuit = measured(subject, ("90", "50"), ("80", "10"), ("100", "35"))
    assert circuit.quality is not None
    assert (circuit.quality.share, circuit.quality.worst, circuit.quality.count) == (70, 20, 3)
    row = CircuitRow.objects.get(pk=subject)
    assert (row.share, row.worst, row.measures, row.measured) == (
        70,
        20,
        3,
        NOW - timedelta(days=3) + timedelta(hours=2),
    )


def test_a_line_below_half_of_its_contract_is_held_but_not_fit() -> None:
    subject = contracted()
    assert holding() == Held(WARD, "internal-line", Decimal(1), Decimal(1))  # not measured
    measured(subject, ("49", "50"))
    assert holding() == Held(WARD, "internal-line", Decimal(1), Decimal(0))


def test_only_the_thirty_days_up_to_the_newest_count() -> None:
    subject = contracted()
    measured(subject, ("10", "5"), first=NOW - timedelta(days=60))
    circuit = measured(subject, ("100", "50"))
    assert [it.down for it in circuit.measures] == ["100"]


@given(st.permutations(range(4)))
def test_measurements_come_to_the_same_in_any_order(order: list[int]) -> None:
    first = NOW - timedelta(days=40)
    groups = [
        (e.Measure(at=first, down="10", up="5"),),
        (e.Measure(at=first + timedelta(days=35), down="70", up="50"),),
        (e.Measure(at=first + timedelta(days=35), down="60", up="50"),),
        (
            e.Measure(at=first + timedelta(days=20), down="90", up="45"),
            e.Measure(at=first, down="11", up="5"),
        ),
    ]
    circuit = Circuit(UUID(int=1), WARD, "31", None, (TERMS,), False)
    handler = circuits.handlers[e.CircuitMeasured]
    for n in order:
        body = e.CircuitMeasured(measures=groups[n], source="import")
        circuit = handler(circuit, Entered(body))
    assert [it.down for it in circuit.measures] == ["90", "60"]


class Entered:
    """As much of an entry as the handler reads."""

    def __init__(self, body: e.CircuitMeasured) -> None:
        self.body, self.at = body, NOW


def test_faster_terms_judge_only_what_was_measured_since() -> None:
    subject = contracted(until=None)
    measured(subject, ("100", "50"), first=NOW - timedelta(days=10))
    faster = TERMS.model_copy(
        update={"down": "200", "up": "100", "since": TODAY - timedelta(days=5), "until": None}
    )
    circuit = does("clerk", subject, lambda pen: actions.change(
        pen, entry_id=uuid7(), subject=subject, terms=faster
    ))  # fmt: skip
    assert circuit.quality is not None
    assert circuit.quality.share == 100
    assert measured(subject, ("100", "50")).quality.worst == 50  # type: ignore[union-attr]
    with pytest.raises(NotSo):
        does(
            "clerk", subject, lambda pen: actions.change(pen, entry_id=uuid7(), subject=subject, terms=TERMS)
        )


def test_a_line_that_has_ended_is_held_no_more_and_changes_no_more() -> None:
    subject = contracted()
    does("clerk", subject, lambda pen: actions.end(
        pen, entry_id=uuid7(), subject=subject, since=TODAY, why="replaced"
    ))  # fmt: skip
    assert holding() is None
    with pytest.raises(NotSo):
        does("clerk", subject, lambda pen: actions.end(
            pen, entry_id=uuid7(), subject=subject, since=TODAY, why="replaced"
        ))  # fmt: skip


@pytest.mark.parametrize(
    ("more", "lacks"),
    [
        ({"provider": " "}, "provider"), ({"number": ""}, "number"), ({"sort": "computer"}, "sort"),
        ({"down": "0"}, "down"), ({"up": "-1"}, "up"), ({"cost": "3,5 triệu"}, "cost"),
        ({"until": date(2025, 1, 1)}, "until"),
    ],
)  # fmt: skip
def test_terms_say_all_that_is_needed(more: dict[str, Any], lacks: str) -> None:
    with pytest.raises(Unsaid, match=lacks):
        contracted(**more)


def test_nothing_is_measured_ahead_of_its_time() -> None:
    subject = contracted()
    with pytest.raises(NotYet):
        measured(subject, ("1", "1"), first=NOW + timedelta(hours=1))


@pytest.mark.parametrize("account", ["neighbour", "outsider", "director", "auditor", "operator"])
def test_who_records_elsewhere_records_no_line_here(account: str) -> None:
    subject = contracted()
    with pytest.raises(Refused):
        contracted(account)
    with pytest.raises(Refused):
        does(account, subject, lambda pen: actions.end(
            pen, entry_id=uuid7(), subject=subject, since=TODAY, why="over"
        ))  # fmt: skip


@pytest.mark.parametrize(
    ("account", "sees"), [("clerk", 1), ("logistics", 1), ("director", 1), ("neighbour", 0), ("outsider", 0)]
)
def test_a_line_is_seen_by_its_unit_and_those_above(account: str, sees: int) -> None:
    subject = contracted()
    tell_database(person(account))
    assert queries.seen(person(account)).count() == CircuitRow.objects.count() == sees
    html(browser(account), f"/means/lines/{subject}/", 200 if sees else 404)


# Sheets


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("94.125", "94.125"), ("94,1 Mbps", "94.1"), ("1.024,5", "1024.5"), ("1,024.5", "1024.5"), ("0,2 %", "0.2"),
        ("1.234.567", "1234567"), ("12ms", "12"), ("50", "50"),
    ],
)  # fmt: skip
def test_meters_write_numbers_in_many_ways(text: str, number: str) -> None:
    assert number_in(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "-", "lỗi", "Mbps 12", "-3", "12/5"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_in(text) is None


def book(*rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy hh:mm"}) as its:
        sheet = its.add_worksheet()
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(line, column, cell)
    return out.getvalue()


HEADS = (
    "STT",
    "Mã đường truyền",
    "Thời điểm đo",
    "Tải xuống (Mbps)",
    "Tải lên (Mbps)",
    "Độ trễ (ms)",
    "Mất gói (%)",
)
ROWS: tuple[tuple[object, ...], ...] = (
    ("BẢNG ĐO ĐƯỜNG TRUYỀN THÁNG 11",),
    HEADS,
    (1, "hpg 0311", datetime(2026, 11, 18, 8, 0), 92.5, 48, 12, 0.1),  # noqa: DTZ001 a sheet knows no zone
    (2, "HPG-0311", "18/11/2026 09:30", "80,25", "40,5 Mbps", "15 ms", "0"),
    (3, "HPG-9999", "18/11/2026 10:00", "80", "40", "", ""),
    (4, "HPG-0311", "không rõ", "80", "40", "", ""),
    (5, "HPG-0311", "18/11/2026 11:00", "lỗi", "40", "", ""),
    (6, "HPG-0311", "18/11/2026 09:30", "81", "41", "", ""),
    (7, "HPG-0311", "18/11/2030 09:30", "81", "41", "", ""),
    (8, "HPG-0311", "18/11/2026 12:00", "81", "41", "", "140"),
    ("", "Tổng cộng: 8", "", "", "", "", ""),
)  # fmt: skip


def read(data: bytes) -> importing.Reading:
    circuit = Circuit(UUID(int=1), WARD, "31", None, (TERMS,), False)
    return importing.read(data, [circuit], THEN)


def test_what_a_sheet_says_is_taken_and_the_rest_listed_by_cell() -> None:
    reading = read(book(*ROWS))
    its = reading.measures[UUID(int=1)]
    assert [(it.down, it.up, it.delay) for it in its] == [("92.5", "48", "12"), ("80.25", "40.5", "15")]
    assert its[0].at == datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
    assert [(it.cell, it.why) for it in reading.left] == [
        ("B5", "unknown"), ("C6", "moment"), ("D7", "down"), ("C8", "twice"), ("C9", "ahead"), ("G10", "loss"),
    ]  # fmt: skip
    assert reading.rows == reading.taken + len(reading.left) == 8


def test_a_file_of_a_meter_in_kilobits_is_read_too() -> None:
    text = "date,time,circuit,download kbps,upload kbps\n2026-11-18,08:00,HPG0311,92500,48000\n"
    its = read(text.encode()).measures[UUID(int=1)]
    assert [(it.down, it.up) for it in its] == [("92.5", "48")]
    assert its[0].at == datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


def test_a_sheet_without_its_columns_says_which() -> None:
    assert read(book(("Ngày", "Nội dung"), ("18/11/2026", "Đo"))).missing != ()


letters = st.characters(exclude_categories=("Cc", "Cn", "Co", "Cs"))  # a file of others is no text
cells = st.one_of(
    st.none(),
    st.text(letters, max_size=12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 50_000),
)


@given(st.lists(st.tuples(st.sampled_from(["HPG-0311", "", "khác"]), cells, cells, cells), max_size=12))
def test_no_sheet_breaks_it_and_no_line_is_lost(rows: list[tuple[Any, ...]]) -> None:
    text = io.StringIO()
    text.write("Mã đường truyền;Thời điểm;Tải xuống;Tải lên\n")
    for row in rows:
        text.write(";".join('"' + re.sub(r'["\x00-\x1f]', "", str(it or "")) + '"' for it in row) + "\n")
    reading = read(text.getvalue().encode())
    assert reading.rows == reading.taken + len(reading.left)


def handed_in(data: bytes, name: str = "do.xlsx") -> str:
    given = {"entry_id": str(uuid7()), "sheet": SimpleUploadedFile(name, data)}
    answer = browser("clerk").post("/means/lines/sheet/", given)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_sheet_is_shown_first_and_taken_once() -> None:
    subject, day = contracted(), f"{TODAY - timedelta(days=1):%d/%m/%Y}"
    data = book(HEADS, (1, "hpg 0311", f"{day} 08:00", 92.5, 48), (2, "HPG-0311", f"{day} 09:30", "80,25", "40,5"),
                (3, "HPG-9999", f"{day} 10:00", 1, 1))  # fmt: skip
    page = handed_in(data)
    assert "Không có đường truyền mang mã này" in page
    assert CircuitRow.objects.get(pk=subject).measures == 0
    sent = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("entry_id", "understood")
    }  # type: ignore[index]
    for _time in range(2):
        assert browser("clerk").post("/means/lines/sheet/", sent).status_code == 302
    row = CircuitRow.objects.get(pk=subject)
    assert (row.measures, row.share) == (2, Decimal("86.38"))
    assert "Đã có lần đo" in handed_in(data)
    tampered = sent | {"understood": sent["understood"][:-3] + "abc"}
    assert browser("clerk").post("/means/lines/sheet/", tampered)["Location"].endswith("/sheet/")
    assert browser("neighbour").post("/means/lines/sheet/", sent).status_code == 403


def test_what_is_no_sheet_is_said() -> None:
    given = {"entry_id": str(uuid7()), "sheet": SimpleUploadedFile("a.xlsx", b"PK\x03\x04nothing")}
    assert browser("clerk").post("/means/lines/sheet/", given).status_code == 422


# Pages


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2), ("q=viettel", 1), ("provider=VNPT", 1), ("kind=internal-line", 1), ("quality=half", 1),
        ("quality=below", 1), ("quality=well", 0), ("quality=unmeasured", 1), ("contract=open", 1),
        ("contract=soon", 1), ("contract=over", 0), ("state=ended", 1), ("state=all", 3), (f"unit={WARD}", 2),
        ("unit=11329", 0),
    ],
)  # fmt: skip
def test_the_list_is_what_its_address_says_and_its_files_hold_the_same(query: str, found: int) -> None:
    now = datetime.now(UTC)
    weak = contracted(until=now.date() + timedelta(days=30))
    contracted(provider="Viettel", number="V-1", sort="internet-line", until=None)
    gone = contracted(number="OLD")
    does("clerk", gone, lambda pen: actions.end(pen, entry_id=uuid7(), subject=gone, since=TODAY, why="over"))
    client = browser("clerk")
    does("clerk", weak, lambda pen: actions.measure(
        pen, entry_id=uuid7(), subject=weak, source="import",
        measures=[e.Measure(at=now - timedelta(hours=1), down="40", up="40")],
    ), at=now)  # fmt: skip
    assert html(client, f"/means/lines/?{query}").count('class="open"') == found
    answer = client.get(f"/means/lines/?{query}&format=csv")
    assert answer.content.decode().count("\r\n") == found + 1
    assert client.get(f"/means/lines/?{query}&format=xlsx").status_code == 200


def test_a_line_is_recorded_changed_mended_and_ended_on_pages() -> None:
    client = browser("clerk")
    terms = {
        "entry_id": str(uuid7()), "unit": WARD, "provider": "VNPT", "number": "HPG-1", "sort": "internal-line",
        "medium": "fibre", "down": "100", "up": "50,5", "since": "2026-01-05", "cost": "3 triệu",
    }  # fmt: skip
    answer = client.post("/means/lines/new/", terms)
    assert answer.status_code == 302
    assert client.post("/means/lines/new/", terms)["Location"] == answer["Location"]
    place = answer["Location"]
    for act, more in (
        ("change", {"since": "2026-06-01", "down": "200"}),
        ("correct", {"since": "2026-06-01", "down": "300", "reason": "Nhầm tốc độ"}),
        ("end", {"since": TODAY.isoformat(), "why": "poor"}),
    ):
        html(client, f"{place}{act}/")
        html(browser("auditor"), f"{place}{act}/", 404)
        sent = terms | {"entry_id": str(uuid7())} | more
        assert client.post(f"{place}{act}/", sent).status_code == 302, act
    page = html(client, place)
    assert "Chất lượng kém" in page
    assert "Nhầm tốc độ" in page
    html(client, f"{place}change/", 404)
    wrong = terms | {"entry_id": str(uuid7()), "down": "nhanh", "until": "2025-01-01"}
    assert client.post("/means/lines/new/", wrong).status_code == 422


def test_a_page_draws_what_was_measured() -> None:
    subject = contracted()
    measured(subject, ("90", "50"), ("80", "10"), ("100", "35"))
    page = html(browser("clerk"), f"/means/lines/{subject}/")
    assert page.count("<polyline") == 2
    assert "70 %" in page


def test_units_without_a_line_are_listed() -> None:
    client = browser("logistics")
    before = html(client, "/means/lines/without/?format=csv").count("\r\n")
    contracted()
    assert html(client, "/means/lines/without/?format=csv").count("\r\n") == before - 1
    assert html(client, "/means/lines/without/?kind=internet-line&format=csv").count("\r\n") == before
    html(client, "/means/lines/without/")


@pytest.mark.parametrize("part", ["", "{}/", "{}/correct/", "without/"])
def test_pages_ask_few_questions_and_no_more_for_more_lines(part: str) -> None:
    subject, client, address = contracted(), browser("logistics"), f"/means/lines/{part}"
    few = asked(client, address.format(subject))
    for n in range(3):
        contracted(number=f"N{n}")
    assert asked(client, address.format(subject)) == few <= 12
