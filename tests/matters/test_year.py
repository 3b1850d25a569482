"""The demonstration's year: the same again for the same seed, of a believable shape, true to its own journal."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from random import Random

import pytest
from django.db import transaction

from cast import WARD
from haicap.clocks.models import Owed
from haicap.clocks.wall import VIETNAM
from haicap.journal.bulk import Bulk
from haicap.journal.entry import Entry, read
from haicap.journal.history import folded_again
from haicap.journal.models import columns
from haicap.journal.node import Own, own
from haicap.journal.projection import as_json, as_row, packed, projection_of
from haicap.matters import demo
from haicap.matters.fold import matters
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.matters.year.case import Case, Life, Scene, Telling
from haicap.matters.year.conflict import acts_apart
from haicap.matters.year.crime import crime
from haicap.matters.year.letters import complaint
from haicap.matters.year.loading import load_files, shared_out
from haicap.matters.year.people import Crew, crew
from haicap.matters.year.running import Year, files, fill
from haicap.matters.year.shape import BUSIEST, LIGHT, QUIETEST, TET, WEEK, arrivals, load
from haicap.matters.year.upward import difficulty
from haicap.units.loading import seeded
from haicap.units.rights import person_of

END = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
YEAR = Year("tests", END)
MORNING = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
ORDINARY = (WARD, "10660", "11407", LIGHT, QUIETEST)
COMMUNES = (BUSIEST, *ORDINARY)


@dataclass(frozen=True)
class Stage:
    """Who acts in the sample year, and by what law; plain data, whatever becomes of the database."""

    crew: Crew
    law: Law
    own: Own

    def fill(self, code: str, year: Year = YEAR) -> Bulk:
        return fill(year, self.crew.units[code], crew=self.crew, law=self.law, own=self.own)

    @cached_property
    def desks(self) -> dict[str, Bulk]:
        """The whole sample: some communes, and the two departments that write to them."""
        return {code: self.fill(code) for code in (*COMMUNES, "31-PV01", "31-PX05")}

    @property
    def states(self) -> Iterator[Matter]:
        for desk in self.desks.values():
            for folded in desk.kept.values():
                assert folded.state is not None
                yield folded.state

    @property
    def entries(self) -> Iterator[Entry[object]]:
        for desk in self.desks.values():
            for stream, lines in desk.lines.items():
                for seq, (_id, payload, *_sealed) in enumerate(lines, start=1):
                    yield read(stream.id(), seq, stream.unit, payload)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Stage:
    with django_db_blocker.unblock(), transaction.atomic(using="worker"):
        demo.fill_posts()
        its = crew("31", YEAR.last)
        for unit, role in ((WARD, "officer"), ("31", "director"), ("31-PH10", "department-head")):
            person = its.who(unit, role)
            assert person == person_of(person.account, YEAR.last, using="worker")
        made = Stage(_only(its), law(using="worker"), own("worker"))
        transaction.set_rollback(True, using="worker")
    return made


def _only(its: Crew) -> Crew:
    """The crew without the communes that are not in the sample."""
    return replace(
        its,
        holders={key: who for key, who in its.holders.items() if "31" in key[0][:2] or key[0] in COMMUNES},
    )


def digest(desk: Bulk) -> str:
    """Of all bytes that would be loaded: payloads and ciphertexts."""
    bytes_ = (payload + (sealed or b"") for lines in desk.lines.values() for _, payload, sealed, _ in lines)
    return sha256(b"".join(bytes_)).hexdigest()


@pytest.mark.parametrize("code", [LIGHT, pytest.param("31-PX05", marks=pytest.mark.slow)])
def test_the_same_seed_and_end_give_the_same_bytes(stage: Stage, code: str) -> None:
    assert digest(stage.fill(code)) == digest(stage.desks[code])


def test_another_seed_gives_others(stage: Stage) -> None:
    assert digest(stage.fill(LIGHT, Year("others", END))) != digest(stage.desks[LIGHT])


def test_it_is_told_in_the_order_of_time_by_people_with_a_right_and_marked_as_invented(stage: Stage) -> None:
    last: dict[object, datetime] = {}
    for entry in stage.entries:
        assert last.get(entry.stream, entry.at) <= entry.at <= END
        assert entry.grant is not None
        last[entry.stream] = entry.at
    assert all(matter.synthetic for matter in stage.states)
    assert min(matter.received for matter in stage.states).astimezone(VIETNAM).date() >= YEAR.begin


def test_between_six_and_twelve_in_a_hundred_are_late(stage: Stage) -> None:
    late = {
        busy: [_late(matter) for matter in stage.states if (matter.unit == BUSIEST) is busy]
        for busy in (True, False)
    }
    assert len(late[False]) > 1200
    assert 0.06 <= _share(late[False]) <= 0.12
    assert _share(late[True]) > 1.3 * _share(late[False])
    assert any(matter.ended is None and _late(matter) for matter in stage.states)


def _share(late: list[bool]) -> float:
    return sum(late) / len(late)


def _late(matter: Matter) -> bool:
    """Whether a clock that binds a unit of the service was met late, or is overdue at the end of the year."""
    ours = [clock for clock in matter.clocks if clock.binds != "third-party" and clock.due is not None]
    return any(clock.due < (clock.met or END) for clock in ours if clock.due)


def test_what_often_happens_to_a_matter_happens(stage: Stage) -> None:
    told = Counter(entry.kind for entry in stage.entries)
    assert told.keys() >= {
        f"matter.{word}"
        for word in (
            "raised", "stepped", "received", "handed_over", "accepted", "assigned", "extended", "corrected", "joined",
            "linked", "commented", "unsealed",
        )
    }  # fmt: skip
    procedures = {matter.procedure for matter in stage.states}
    beside = {
        "authority-request",
        "means-request",
        "plan-task",
    }  # told by the topics, and by the room of means
    assert procedures == {procedure.code for procedure in stage.law.current(END)} - beside


def test_a_directive_is_one_matter_for_each_unit_and_clause_below_one_parent(stage: Stage) -> None:
    its = [matter for matter in stage.states if matter.procedure == "directive"]
    parents = {matter.id: matter for matter in its if matter.holder == matter.unit}
    children = [matter for matter in its if matter.id not in parents]
    assert len(children) == len(parents) * 2 * len(COMMUNES)
    for child in children:
        (up,) = child.links
        assert up.how == "parent"
        assert parents[up.to].facts["directive"] == child.facts["directive"]


def test_some_units_have_much_more_to_do_than_others(stage: Stage) -> None:
    count = {code: len(stage.desks[code].kept) for code in COMMUNES}
    assert 7 < count[BUSIEST] / count[LIGHT] < 13
    assert 0 < count[QUIETEST] < 30
    assert load(BUSIEST) == 10 * load(LIGHT)


def test_what_comes_in_has_the_shape_of_a_week_a_day_and_a_year(stage: Stage) -> None:
    calendar, after = stage.law.calendar, YEAR.last + timedelta(days=1)
    walls = [
        it.at.astimezone(VIETNAM)
        for code in range(40)
        for it in arrivals(f"unit {code}", YEAR.begin, after, calendar, Random(code))
    ]
    weekday = Counter(wall.weekday() for wall in walls)
    assert 1.2 < weekday[0] / weekday[4] < 1.45
    hours = Counter(wall.hour for wall in walls if wall.weekday() < 5)
    morning, night = sum(hours[hour] for hour in range(7, 11)) / 4, sum(hours[hour] for hour in range(6)) / 6
    assert 2.7 < morning / night < 3.3
    tet = date(2026, *TET[2026])
    around = sum(tet - WEEK <= wall.date() < tet + WEEK for wall in walls)
    before = sum(tet - 4 * WEEK <= wall.date() < tet - 2 * WEEK for wall in walls)
    assert 0.28 < around / before < 0.4


def test_nobody_brings_papers_to_a_closed_desk(stage: Stage) -> None:
    for matter in stage.states:
        if matter.procedure in ("identity-card", "complaint", "lost-document") and not matter.joined:
            wall = matter.received.astimezone(VIETNAM)
            assert stage.law.calendar.is_working(wall.date())
            assert 7 <= wall.hour < 17


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_the_tables_are_what_the_journal_comes_to_also_after_a_loading_that_was_cut_off(stage: Stage) -> None:
    class Cut(Exception):
        pass

    def cut(_: int) -> None:
        raise Cut

    with pytest.raises(Cut):
        stage.fill(WARD).load("worker", cut)
    desk = stage.fill(WARD)
    (lines,) = desk.lines.values()
    assert desk.load("worker") == len(lines) - 1000
    assert stage.fill(WARD).load("worker") == 0
    rows = MatterRow.objects.using("worker").in_bulk(list(desk.kept))
    assert rows.keys() == desk.kept.keys()
    its = projection_of(matters)
    for subject, row in rows.items():
        refolded = as_row(its, subject, folded_again(matters, subject, "worker"))
        stored = as_json([getattr(row, name) for name in columns(MatterRow)])
        assert json.loads(stored) == json.loads(packed(MatterRow, refolded))
    assert Owed.objects.using("worker").filter(file=WARD).count() > len(rows)


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_files_are_loaded_one_by_one_and_told_of() -> None:
    demo.fill_posts()
    told: list[tuple[int, int]] = []
    written = load_files(YEAR, "31", [QUIETEST], lambda files, entries: told.append((files, entries)))
    assert told == [(1, written)]
    assert MatterRow.objects.using("worker").filter(unit=QUIETEST, synthetic=True).exists()


def test_work_is_shared_out_evenly_and_whole(stage: Stage) -> None:
    codes = [unit.code for unit in files(stage.crew)]
    assert set(codes) == {*COMMUNES, "31-PV01", "31-PX05"}
    parts = shared_out([*codes, *(f"unit {n}" for n in range(40))], 2)
    assert sorted(code for part in parts for code in part) == sorted(
        [*codes, *(f"unit {n}" for n in range(40))]
    )
    first, second = (sum(3 if "-" in code else load(code) for code in part) for part in parts)
    assert abs(first - second) < 2


@pytest.mark.parametrize(("season", "settled"), [(0.2, True), (0.95, False)])
def test_two_acts_on_one_state_are_a_conflict_that_is_settled_or_waits(
    stage: Stage, season: float, settled: bool
) -> None:
    scene = _scene(stage)
    desk, case = scene.desk, Case(scene, MORNING, season)
    _live(case, _granted_and_refused)
    folded = desk.kept[case.matter.id]
    assert (folded.aside == ()) is settled
    assert len(folded.branches) == (0 if settled else 1)
    assert case.matter.outcome is None
    assert case.matter.state == "granted"
    (lines,) = desk.lines.values()
    entries = [
        read(desk.own.stream(WARD, "work").id(), seq, WARD, line[1]) for seq, line in enumerate(lines, 1)
    ]
    afters = Counter(entry.after for entry in entries if entry.kind == "matter.stepped")
    assert afters.most_common(1)[0][1] == 2
    assert matters(entries) == folded


@pytest.mark.parametrize(
    ("telling", "rare"),
    [
        (complaint, {"matter.paused", "matter.resumed"}),
        (crime, {"matter.referred"}),
        (difficulty, {"matter.refused", "matter.handed_over"}),
    ],
)
def test_what_happens_now_and_then_happens(stage: Stage, telling: Telling, rare: set[str]) -> None:
    scene = _scene(stage)
    for _ in range(240):
        _live(Case(scene, MORNING, 0.5), telling)
    (lines,) = scene.desk.lines.values()
    told = Counter(read(scene.desk.own.stream(WARD, "work").id(), 1, WARD, line[1]).kind for line in lines)
    assert told.keys() >= rare
    assert told["matter.paused"] == told["matter.resumed"]


def _scene(stage: Stage) -> Scene:
    desk = Bulk(stage.own, seeded("scene"))
    return Scene(stage.crew.units[WARD], stage.crew, stage.law, desk, Random(1), lambda at, life: None)


def _live(case: Case, telling: Telling) -> None:
    for at in telling(case):
        case.at = at


def _granted_and_refused(case: Case) -> Life:
    case.open(
        "clerk", "residence-temporary", "Đăng ký tạm trú", way="desk", case="first", applicant__name="Ai đó"
    )
    case.do("clerk", "accept-file")
    yield case.office(1)
    yield from acts_apart(
        case,
        lambda: case.do("officer", "grant", result="1/XN"),
        lambda: case.do("leader", "refuse", reason="Thiếu"),
    )
