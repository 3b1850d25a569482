"""Conflicts of things, premises and lines: shown side by side, settled in full; numbers borne by several."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from cast import WARD
from conflicting import strays
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen, writing
from haicap.journal.projection import from_row, projection_of
from haicap.matters.conflicts.actions import settle
from haicap.matters.conflicts.numbers import clashes
from haicap.matters.conflicts.queries import one, waiting
from haicap.matters.conflicts.rooms import ROOMS, Room
from haicap.means.conflicts import LINES, SITES, THINGS
from haicap.means.lines import entries as line
from haicap.means.premises import entries as site
from haicap.means.things import entries as thing
from haicap.units.rights import Refused, tell_database
from matters.acting import who
from means.store import records
from pages import browser, html

pytestmark = pytest.mark.django_db(databases=["default", "worker"])
DAY = date(2026, 1, 5)
NOW = datetime.now(UTC)
TERMS = line.Terms(
    provider="VNPT", number="C1", sort="data-line", medium="fibre", down="100", up="50", since=DAY
)  # fmt: skip
FASTER = TERMS.model_copy(update={"down": "300", "paper": "12/HĐ"})
PLACE = site.Details(name="Trụ sở 1", address="Số 1", land=site.Land(title="none"))
THING = thing.ThingRecorded(
    code="11311-X-1", sort="computer", family="equipment", kept="single", unit=WARD, province="31", way="purchase",
    since=DAY, name="Máy bàn", serial="SN1", put=thing.Put(place="Kho"),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A subject, what stands, what was written without seeing it, and the parts that differ then."""

    room: Room
    opening: Body
    stands: Body
    stray: Body
    differs: dict[str, tuple[str, str]]
    free: Body | None = None


CASES = {
    "thing": Case(
        THINGS, THING, thing.ThingPlaced(put=thing.Put(place="Phòng 2"), when=DAY),
        thing.ThingJudged(condition="broken", unfit=1, when=DAY),
        {"put": ("Phòng 2", "Kho"), "condition": ("Tốt, 0 không dùng được", "Hỏng, 1 không dùng được")},
    ),
    "site": Case(
        SITES, site.SiteRecorded(unit=WARD, province="31", details=PLACE),
        site.SiteCorrected(details=PLACE.model_copy(update={"address": "Số 2"}), reason="Đổi số nhà"),
        site.BuildingRecorded(building=site.Frame(code="A", name="Nhà A", use="office", storeys=2, area="300")),
        {
            "details": ("Trụ sở 1 · Số 2 · Chưa có giấy tờ đất", "Trụ sở 1 · Số 1 · Chưa có giấy tờ đất"),
            "buildings": ("–", "A · Nhà A, 300 m², 0 phòng, chưa khảo sát"),
        },
    ),
    "line": Case(
        LINES, line.CircuitContracted(unit=WARD, province="31", terms=TERMS),
        line.CircuitEnded(since=date(2026, 3, 1), why="poor"), line.CircuitChanged(terms=FASTER),
        {
            "terms": (
                "VNPT C1; 100 / 50 Mbit/s; từ 05/01/2026",
                "VNPT C1; 100 / 50 Mbit/s; từ 05/01/2026\nVNPT C1; 300 / 50 Mbit/s; từ 05/01/2026; 12/HĐ",
            ),
            "ended": ("Chất lượng kém, 01/03/2026", "Không"),
        },
        line.CircuitMeasured(measures=(line.Measure(at=NOW, down="80", up="40"),), source="node"),
    ),
}  # fmt: skip


def written(subject: UUID, act: Callable[[Pen], Any], account: str = "director") -> Any:
    with writing(who(account), at=NOW, subjects=[subject], units=[WARD]) as pen:
        return act(pen)


def torn(case: Case) -> UUID:
    subject, fold = uuid7(), case.room.fold
    for body in (case.opening, case.stands):
        written(
            subject, lambda pen, body=body: pen.write(fold, uuid7(), subject, body, unit=WARD, grant=None)
        )
    strays(fold, subject, case.stray, account="clerk", unit=WARD)
    if case.free is not None:
        written(subject, lambda pen: pen.write(fold, uuid7(), subject, case.free, unit=WARD, grant=None))
    tell_database(who("director"))
    return subject


def settled(case: Case, subject: UUID, whole: int, account: str = "director", **more: Any) -> Any:
    return written(
        subject,
        lambda pen: settle(
            pen, case.room, entry_id=uuid7(), subject=subject, whole=whole, reason="Đã kiểm tra", **more
        ),
        account,
    )


@pytest.mark.parametrize("code", CASES)
def test_both_sides_are_shown_in_words(code: str) -> None:
    case = CASES[code]
    subject = torn(case)
    assert waiting(who("director")) == [(code, subject)]
    found = one(who("director"), code, subject)
    assert found is not None
    assert {it.code: it.said for it in found.differences} == case.differs
    assert [[act.person for act in it.acts] for it in found.versions] == [
        ["Cán bộ director, Chức vụ director"], ["Cán bộ clerk, Chức vụ clerk"],
    ]  # fmt: skip
    page = html(browser("director"), "/conflicts/")
    assert all(said.partition("\n")[0] in page for sides in case.differs.values() for said in sides)


@pytest.mark.parametrize("whole", [0, 1])
@pytest.mark.parametrize("code", CASES)
def test_the_chosen_version_is_the_state_and_the_row_is_the_fold(code: str, whole: int) -> None:
    case = CASES[code]
    fold, subject = case.room.fold, torn(case)
    row = projection_of(fold).table._default_manager.get(pk=subject)
    before = from_row(fold, row)
    wanted = (before.state, *before.branches)[whole]
    state = settled(case, subject, whole)
    tell_database(who("director"))
    again = folded_again(fold, subject)
    live = from_row(fold, projection_of(fold).table._default_manager.get(pk=subject))
    assert again == live
    assert (again.state, again.aside) == (state, ())
    parts = case.room.parts(state, None)  # type: ignore[arg-type]
    assert [part.value(state) for part in parts] == [part.value(wanted) for part in parts]
    if case.free is not None:
        assert state.measures == before.state.measures  # type: ignore[union-attr]
    assert waiting(who("director")) == []


@pytest.mark.parametrize("code", CASES)
def test_a_part_can_be_taken_from_the_other_side(code: str) -> None:
    case = CASES[code]
    subject = torn(case)
    one_of_them = next(iter(case.differs))
    state = settled(case, subject, 0, picks={one_of_them: 1})
    said = {it.code: it.said(state) for it in case.room.parts(state, None) if it.code in case.differs}  # type: ignore[arg-type]
    assert said == {name: sides[name == one_of_them] for name, sides in case.differs.items()}


@pytest.mark.parametrize("code", CASES)
def test_who_only_keeps_things_does_not_settle(code: str) -> None:
    case = CASES[code]
    subject = torn(case)
    for account in ("clerk", "chief", "auditor", "outsider", "crime_head"):
        with pytest.raises(Refused):
            settled(case, subject, 0, account)
    assert settled(case, subject, 0, "logistics_head") is not None


def test_every_room_of_the_page_tells_its_own() -> None:
    assert set(ROOMS) == {"matter", "thing", "site", "line"}


def test_one_serial_in_two_registers_is_kept_and_listed() -> None:
    (first,) = records(serials=("SN-7",))
    (second,) = records(serials=("SN-7",), account="neighbour", at_unit="11329")
    records(serials=("SN-8",))
    tell_database(who("director"))
    (clash,) = clashes(who("director"))
    assert (clash.sort, clash.number) == ("serial", "SN-7")
    assert {it.subject for it in clash.bearers} == {first.id, second.id}
    assert "SN-7" in html(browser("director"), "/conflicts/")
