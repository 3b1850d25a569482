"""Programmes with the real figures of the press, as worked examples: counts by stage and year, and money by source.

Sources: the news text of story 3; CAND and provincial papers for the sums (facts.md, section 5).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from cast import WARD
from haicap.journal.bulk import Bulk
from haicap.journal.node import own
from haicap.journal.pen import Pen
from haicap.means.works import actions, figures, queries
from haicap.means.works.actions import Saying
from haicap.means.works.entries import Purse, Sort, Stage
from haicap.means.works.gantt import chart
from haicap.means.works.printing import programme as printed
from haicap.means.works.state import Project
from haicap.units.fold import Unit, units
from haicap.units.loading import Founder, seeded
from haicap.units.models import UnitRow
from haicap.units.rights import tell_database
from matters.acting import who
from means.works_at_hand import DAYS, at_noon

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"], transaction=True)
BILLION = 10**9


class Office:
    """Where a programme's projects are planned in tests, many at once."""

    def __init__(self) -> None:
        self.bulk = Bulk(own("worker"), seeded("works"))
        self.ids: list[UUID] = []
        rows = UnitRow.objects.using("worker").filter(province="31", level="commune").order_by("code")
        self.units: list[Unit] = [units.form.validate_python(row.state) for row in rows]

    def pen(self, at: datetime) -> Pen:
        return Pen(Founder(self.bulk.own.id), at, self.bulk)

    def fresh(self) -> UUID:
        return UUID(bytes=self.bulk.entropy(16))

    def programme(self, name: str, at: datetime, **given: object) -> UUID:
        subject = self.fresh()
        actions.resolve(
            self.pen(at), entry_id=self.fresh(), subject=subject, province="31", name=name, first=at.year,
            last=at.year + 3, **given,  # type: ignore[arg-type]
        )  # fmt: skip
        return subject

    def plan(
        self, programme: UUID, at: datetime, *, budget: dict[Purse, int], sort: Sort = "new",
        stages: dict[Stage, date] | None = None,
    ) -> UUID:  # fmt: skip
        subject, unit = self.fresh(), self.units[len(self.ids) % len(self.units)]
        actions.plan(
            self.pen(at), entry_id=self.fresh(), subject=subject, unit=unit, budget=budget,
            saying=Saying(f"Trụ sở {unit.name.vi}", sort, programme=programme), stages=stages or moved(DAYS, at.year),
        )  # fmt: skip
        self.ids.append(subject)
        return subject

    def begin(self, subject: UUID, on: date, at: datetime) -> None:
        actions.reach(self.pen(at), entry_id=self.fresh(), subject=subject, stage="start", on=on)


def moved(days: dict[Stage, date], year: int) -> dict[Stage, date]:
    return {stage: day.replace(year=year) for stage, day in days.items()}


@contextmanager
def office() -> Iterator[Office]:
    its = Office()
    yield its
    its.bulk.load("worker")
    tell_database(who("director"))


def projects_of(programme: UUID) -> list[Project]:
    return queries.of_programme(who("director"), programme)


def test_story_3_nine_begun_sixteen_to_begin_by_the_end_of_the_year() -> None:
    """Hải Dương, 19 October 2021: 9 headquarters begun, to be in use by the end of December; the remaining 16 to begin
    by the end of the year by the approved schedule."""
    with office() as its:
        programme = its.programme("Trụ sở Công an xã", at_noon(2021, 3, 1), target=25)
        for n in range(25):
            days = moved(DAYS, 2021)
            days["start"] = date(2021, 8 + n % 2, 5 + n) if n < 9 else date(2021, 11, 1 + n)
            days |= {} if n < 9 else {"acceptance": date(2022, 7, 10), "handover": date(2022, 7, 31)}
            subject = its.plan(programme, at_noon(2021, 3, 2), budget={"province": 5 * BILLION}, stages=days)
            if n < 9:
                its.begin(subject, days["start"], at_noon(2021, 10, 1))
    found, day = projects_of(programme), date(2021, 10, 19)
    now = figures.figures((it.now for it in found), day)
    assert (now.states["begun"], now.states["planned"], now.all) == (9, 16, 25)
    assert [(it.year, it.began, it.to_begin, it.to_end) for it in figures.years(found)] == [
        (2021, 9, 16, 9),
        (2022, 0, 0, 16),
    ]

    def listed(**params: str) -> int:
        given = {"programme": str(programme), **params}
        return queries.filtered(who("director"), given, at=at_noon(2021, 10, 19)).count()

    assert listed(state="begun", year="2021") == 9
    assert listed(state="planned", start="2021") == 16
    earlier = figures.programme_figures(found, at=at_noon(2021, 6, 1))
    assert (earlier.states["planned"], earlier.states.get("begun", 0)) == (25, 0)
    drawn = chart(found, day, {})
    assert drawn is not None
    assert len([bar for bar in drawn.bars if bar.done]) == 9


def test_quang_nam_184_offices_for_775_864_billion_and_7_repairs_for_8() -> None:
    """184 offices by the end of 2025: 541.099 bn of the province and 234.765 of localities; 7 repairs 8 bn."""
    province, local, count = 541_099 * 10**6, 234_765 * 10**6, 184
    with office() as its:
        programme = its.programme("Trụ sở Công an xã", at_noon(2024, 1, 1), target=184, sums={
            "province": province, "commune": local,
        })  # fmt: skip
        days = moved(DAYS, 2024) | {"acceptance": date(2025, 12, 1), "handover": date(2025, 12, 31)}
        for n in range(count):
            budget: dict[Purse, int] = {
                "province": part(province, n, count),
                "commune": part(local, n, count),
            }
            its.plan(programme, at_noon(2024, 1, 2), budget=budget, stages=days)
        repairs = its.programme("Sửa chữa", at_noon(2024, 1, 1), target=7)
        for n in range(7):
            sum_ = part(8 * BILLION, n, 7)
            its.plan(repairs, at_noon(2024, 1, 2), budget={"province": sum_}, sort="repair", stages=days)
    found = projects_of(programme)
    now = figures.figures((it.now for it in found), date(2024, 2, 1))
    assert now.all == 184
    assert now.budget == {"province": Decimal(province), "commune": Decimal(local)}
    assert now.planned_sum == 775_864 * 10**6
    assert sum(it.cost for it in figures.years(found)) == 775_864 * 10**6
    assert (
        figures.figures((it.now for it in projects_of(repairs)), date(2024, 2, 1)).planned_sum == 8 * BILLION
    )
    resolved = queries.programme(who("director"), programme)
    assert resolved is not None
    assert printed(resolved, found, at=at_noon(2024, 2, 1), against=None).startswith(b"%PDF")


def part(whole: int, n: int, count: int) -> int:
    """The n-th of so many parts that make the whole to the dong."""
    return whole * (n + 1) // count - whole * n // count


def test_hai_duong_56_and_139_offices_and_12_repairs_for_872_3_billion() -> None:
    """June 2022: 56 for wards, towns and larger communes, 139 for smaller ones, 12 repairs; 872.3 bn in all."""
    whole = 872_300 * 10**6
    with office() as its:
        programme = its.programme("Trụ sở Công an cấp xã", at_noon(2022, 6, 1), target=207)
        for n in range(207):
            sort: Sort = "repair" if n >= 195 else "new"
            its.plan(programme, at_noon(2022, 6, 2), budget={"province": part(whole, n, 207)}, sort=sort)
    found = projects_of(programme)
    assert sum((it.now.budget for it in found), Decimal(0)) == whole
    at = at_noon(2022, 6, 3)
    counts = {
        sort: queries.filtered(who("director"), {"programme": str(programme), "sort": sort}, at=at).count()
        for sort in ("new", "repair")
    }
    assert counts == {"new": 56 + 139, "repair": 12}


def test_ba_ria_vung_tau_36_offices_for_214_billion() -> None:
    """November 2024: 36 offices of 470-552 m2, about 5.9 bn each."""
    with office() as its:
        programme = its.programme("Trụ sở Công an xã", at_noon(2024, 11, 1), target=36)
        days = {stage: day.replace(year=2025) for stage, day in DAYS.items()}
        for n in range(36):
            its.plan(
                programme, at_noon(2024, 11, 2), budget={"province": part(214 * BILLION, n, 36)}, stages=days
            )
    weighed = queries.candidates(who("director"), "31")
    assert len(weighed) == 36
    assert round(sum(it.cost for it in weighed) / 36 / BILLION, 1) == Decimal("5.9")
    assert {year for it in weighed for year in it.cost_by_year} == {2025}


def test_a_unit_sees_its_own_part_of_a_programme() -> None:
    with office() as its:
        programme = its.programme("Trụ sở Công an xã", at_noon(2026, 3, 1))
        for _ in its.units:
            its.plan(programme, at_noon(2026, 3, 2), budget={"province": BILLION})
    assert len(projects_of(programme)) == len(its.units)
    tell_database(who("clerk"))
    assert [it.unit for it in queries.of_programme(who("clerk"), programme)] == [WARD]
